//! `exception!`: exception types of one's own.

use super::exceptions::ExceptionType;
use crate::backend::quirks::Quirk;
use crate::stubs::description::Piece;
use crate::types::{Module, Type};
use crate::{Cached, Context, Handle, Result};
use core::ffi::CStr;
use hpy_sys::*;
use std::ffi::CString;

/// Declares an exception type:
/// `exception!(pub ParseError: ValueError, "What is wrong with a text.")`.
///
/// It is used as the standard ones are: `ParseError::new("…")` makes an error,
/// `error.is_instance_of::<ParseError>(ctx)` recognises one. Its base is any exception type, or a
/// tuple of some; with a warning as base it is a category for `ctx.warn`. `hpy_module!` puts it
/// into the module under `exceptions`, which is where Python code imports it from, and pickle finds
/// it. Each interpreter has a type of its own.
///
/// ```
/// use hpy::exceptions::{KeyError, ValueError};
/// use hpy::prelude::*;
///
/// exception! {
///     /// What is wrong with a text.
///     pub ParseError: ValueError
/// }
///
/// exception!(MissingKey: (ParseError, KeyError), "A text lacks something.");
///
/// #[hpy_method]
/// fn parse(text: &str) -> Result<i64> {
///     text.trim().parse().map_err(|error| err!(ParseError, "{error}: {text:?}"))
/// }
///
/// hpy_module! {
///     name: texts,
///     methods: [parse],
///     exceptions: [ParseError, MissingKey],
/// }
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! exception {
    ($(#[doc = $doc:expr])* $visibility:vis $name:ident : $base:ty, $text:expr $(,)?) => {
        $crate::exception! {
            $(#[doc = $doc])*
            #[doc = $text]
            $visibility $name: $base
        }
    };
    ($(#[doc = $doc:expr])* $visibility:vis $name:ident : $base:ty $(,)?) => {
        $(#[doc = $doc])*
        #[derive(::core::fmt::Debug)]
        $visibility struct $name(());

        #[allow(dead_code)] // Not every exception needs all of them.
        impl $name {
            /// An exception of the type, with a message or other arguments.
            #[allow(clippy::new_ret_no_self)]
            #[cold]
            pub fn new(args: impl $crate::exceptions::ExceptionArguments) -> $crate::Error {
                $crate::Error::new::<Self>(args)
            }

            /// The type as an object.
            ///
            /// # Errors
            /// What making the type raises, at the first use.
            #[inline]
            pub fn type_object<'ctx>(
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx, $crate::types::Type>> {
                <Self as $crate::__private::CustomException>::CLASS
                    .get::<$base>(ctx, ::core::option::Option::None)
            }
        }

        const _: () = {
            use $crate::__private as __hpy;
            static CLASS: __hpy::ExceptionClass = __hpy::ExceptionClass::new(
                ::core::stringify!($name),
                ::core::concat!("" $(, $doc, "\n")*),
                ::core::module_path!(),
            );
            impl __hpy::Sealed for $name {}
            impl __hpy::ExceptionType for $name {
                const KIND: &'static __hpy::Kind =
                    &__hpy::Kind::custom(::core::stringify!($name), $name::type_object);
                const ANNOTATION: __hpy::Annotation =
                    __hpy::Annotation::declared(::core::concat!(
                        ::core::module_path!(), "::", ::core::stringify!($name)
                    ));
            }
            impl __hpy::CustomException for $name {
                type Bases = $base;
                const CLASS: &'static __hpy::ExceptionClass = &CLASS;
                const ID: &'static ::core::primitive::str =
                    ::core::concat!(::core::module_path!(), "::", ::core::stringify!($name));
                const DOC: &'static ::core::primitive::str = ::core::concat!("" $(, $doc, "\n")*);
            }
        };
    };
}

/// What `exception!` declares.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an exception that a module can have",
    label = "not declared by `exception!`",
    note = "declare it: `exception!(pub {Self}: ValueError, \"…\");`"
)]
pub trait CustomException: ExceptionType {
    /// The base, or a tuple of them.
    type Bases: ExceptionBases;
    /// Where the type is.
    const CLASS: &'static ExceptionClass;
    /// What it is called in descriptions.
    #[doc(hidden)]
    const ID: &'static str;
    /// Its docs, as written.
    #[doc(hidden)]
    const DOC: &'static str;
    /// What describes it.
    #[doc(hidden)]
    const PIECES: &'static [Piece] = &[
        Piece::Text("{\"id\":"),
        Piece::Quoted(Self::ID),
        Piece::Text(",\"doc\":"),
        Piece::Quoted(Self::DOC),
        Piece::Text(",\"bases\":["),
        Piece::Pieces(<Self::Bases as ExceptionBases>::PIECES),
        Piece::Text("]}"),
    ];
}

/// The bases of an exception type: one exception type, or a tuple of two to four.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the base of an exception",
    label = "not an exception type",
    note = "write a standard exception, one declared by `exception!`, or a tuple of them"
)]
pub trait ExceptionBases {
    /// What they are called in annotations.
    #[doc(hidden)]
    const PIECES: &'static [Piece];

    /// The types.
    #[doc(hidden)]
    fn bases<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>>;
}

#[diagnostic::do_not_recommend]
impl<X: ExceptionType> ExceptionBases for X {
    const PIECES: &'static [Piece] = &[Piece::Annotation(<X as ExceptionType>::ANNOTATION)];

    fn bases<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        X::KIND.type_(ctx).map(Handle::into_object)
    }
}

macro_rules! several_bases {
    ($($base:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<$($base: ExceptionType),*> ExceptionBases for ($($base,)*) {
            const PIECES: &'static [Piece] = &[
                $(Piece::Annotation(<$base as ExceptionType>::ANNOTATION), Piece::Text(","),)*
                // What ends the list: no base.
                Piece::Text("null"),
            ];

            #[inline]
            fn bases<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
                ctx.tuple(($($base::KIND.type_(ctx)?,)*)).map(Handle::into_object)
            }
        }
    };
}

several_bases!(A B);
several_bases!(A B C);
several_bases!(A B C D);

/// An exception type, made at its first use.
#[derive(Debug)]
pub struct ExceptionClass {
    name: &'static str,
    doc: &'static str,
    /// Of Rust: the first part is the library's name, mostly that of a Python module too.
    rust_module: &'static str,
    class: Cached<Type>,
}

impl ExceptionClass {
    /// For the static of an `exception!`.
    pub const fn new(name: &'static str, doc: &'static str, rust_module: &'static str) -> Self {
        Self {
            name,
            doc,
            rust_module,
            class: Cached::new(),
        }
    }

    /// The type; its `__module__` is what the first use says.
    #[cold]
    pub fn get<'ctx, B: ExceptionBases>(
        &'static self,
        ctx: Context<'ctx>,
        module: Option<&str>,
    ) -> Result<Handle<'ctx, Type>> {
        self.class.get_or_init(ctx, || {
            // Two may be each other's base.
            let _level = crate::stack::Level::enter()?;
            let library = self.rust_module.split("::").next();
            let module = module.or(library).unwrap_or_default();
            self.make(ctx, module, &B::bases(ctx)?)
        })
    }

    #[cold]
    #[inline]
    fn make<'ctx>(
        &self,
        ctx: Context<'ctx>,
        module: &str,
        bases: &Handle<'ctx>,
    ) -> Result<Handle<'ctx, Type>> {
        let name = CString::new(super::joined(&[module, ".", self.name]))?;
        // A doc comment's lines begin with a blank.
        let lines = self.doc.trim_end().lines();
        let lines: Vec<&str> = lines
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        let doc = CString::new(lines.join("\n"))?;
        // SAFETY: the texts are C strings, the bases an open handle; a new type or null with an
        // exception.
        let class: Handle<Type> = unsafe {
            let (ctx_, name, bases) = (ctx.as_ptr(), name.as_ptr(), bases.as_raw());
            ctx.made_handle(if doc.is_empty() {
                HPyErr_NewException(ctx_, name, bases, HPy_NULL)
            } else {
                HPyErr_NewExceptionWithDoc(ctx_, name, doc.as_ptr(), bases, HPy_NULL)
            })?
        };
        if ctx.has(Quirk::NAMES_SPLIT_AT_FIRST_DOT) {
            class.setattr(c"__module__", module)?;
            class.setattr(c"__name__", self.name)?;
            class.setattr(c"__qualname__", self.name)?;
        }
        Ok(class)
    }
}

/// Adds one of `exceptions` to the module.
#[cold]
pub fn add_exception<'ctx, X: CustomException>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    name: &CStr,
) -> Result<()> {
    let class =
        X::CLASS.get::<X::Bases>(ctx, Some(&crate::module::submodule::full_name(module)?))?;
    module.setattr(name, class)
}

/// An error of an exception type, with a message as `format!` makes it:
/// `err!(KeyError, "no {name}")`.
///
/// Handles are shown as Python's `str` shows them, by `{:?}` as its `repr` does.
///
/// ```
/// # use hpy::exceptions::KeyError;
/// # use hpy::prelude::*;
/// # hpy_mock::run(|ctx| {
/// let key = ctx.str("k")?;
/// let error = err!(KeyError, "no {key:?} among {} keys", 3);
/// assert_eq!(error.to_string(), "KeyError: no 'k' among 3 keys");
/// #     Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! err {
    ($exception:ty, $($message:tt)+) => {
        $crate::Error::new::<$exception>(
            $crate::__private::message(::core::format_args!($($message)+)),
        )
    };
}

/// Returns an error: `bail!(ValueError, "{count} is too many")`, as [`err!`] makes it.
///
/// ```
/// # use hpy::exceptions::ValueError;
/// # use hpy::prelude::*;
/// # use hpy::bail;
/// #[hpy_method]
/// fn half(number: i64) -> Result<i64> {
///     if number % 2 != 0 {
///         bail!(ValueError, "{number} is odd");
///     }
///     Ok(number / 2)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let half = hpy_mock::method::<half>(ctx);
/// #     assert_eq!(half.call1((42,))?.extract::<i64>()?, 21);
/// #     assert!(half.call1((1,)).is_err_and(|error| error.is_instance_of::<ValueError>(ctx)));
/// #     Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! bail {
    ($exception:ty, $($message:tt)+) => {
        return ::core::result::Result::Err($crate::err!($exception, $($message)+))
    };
}

/// Returns an error unless the condition holds:
/// `ensure!(count > 0, ValueError, "count must be positive, not {count}")`.
///
/// ```
/// # use hpy::exceptions::ValueError;
/// # use hpy::prelude::*;
/// # use hpy::ensure;
/// #[hpy_method]
/// fn root(number: f64) -> Result<f64> {
///     ensure!(number >= 0.0, ValueError, "math domain error");
///     Ok(number.sqrt())
/// }
/// # hpy_mock::run(|ctx| {
/// #     let root = hpy_mock::method::<root>(ctx);
/// #     assert_eq!(root.call1((4.0,))?.extract::<f64>()?, 2.0);
/// #     assert!(root.call1((-1.0,)).is_err_and(|error| error.is_instance_of::<ValueError>(ctx)));
/// #     Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $exception:ty, $($message:tt)+) => {
        if !$condition {
            $crate::bail!($exception, $($message)+);
        }
    };
}

/// The message of an `err!`: a literal stays one.
#[cold]
#[inline]
pub fn message(message: core::fmt::Arguments<'_>) -> std::borrow::Cow<'static, str> {
    match message.as_str() {
        Some(literal) => literal.into(),
        None => message.to_string().into(),
    }
}
