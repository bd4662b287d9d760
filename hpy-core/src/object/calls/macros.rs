//! `call!` and `call_method!`: calls as Python writes them.

use crate::exceptions::SystemError;
use crate::storage::interned::{Interned, interned};
use crate::types::Tuple;
use crate::{Cached, CallArgs, Context, Handle, Result, backend};
use hpy_sys::*;

/// Calls an object, with positional and keyword arguments: `call!(f, a, b, key = c)?`.
///
/// The arguments are anything that converts to an object. They are passed in an array on the stack,
/// by the vectorcall protocol where the interpreter has it, and the tuple of the keywords' names is
/// made once: the quickest call there is.
///
/// ```
/// use hpy::prelude::*;
///
/// fn backwards<'ctx>(ctx: Context<'ctx>, words: &Handle<'ctx, List>) -> Result<Handle<'ctx>> {
///     call!(ctx.import_from("builtins", "sorted")?, words, key = ctx.none(), reverse = true)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let sum = ctx.builtins().get_item("sum")?;
/// #     assert_eq!(call!(sum, [20, 22])?.extract::<i64>()?, 42);
/// #     Ok(())
/// # });
/// ```
///
/// Names of keywords may be keywords of Rust: `call!(open, path, r#type = 1)` and `type = 1` both
/// pass `type`. For arguments that are only known at run time, see [`Handle::call`].
#[macro_export]
macro_rules! call {
    ($function:expr $(,)?) => {
        $crate::__call!((function $function) [] [] [])
    };
    ($function:expr, $($arguments:tt)+) => {
        $crate::__call!((function $function) [] [] [] $($arguments)+)
    };
}

/// Calls a method, with positional and keyword arguments:
/// `call_method!(text, "split", ",", maxsplit = 1)?`.
///
/// As [`call!`]; the method's name is made a str once.
///
/// ```
/// use hpy::prelude::*;
///
/// fn fields<'ctx>(line: &Handle<'ctx, Str>) -> Result<Handle<'ctx>> {
///     call_method!(line, "split", ",", maxsplit = 1)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let list = ctx.list([1])?;
/// #     call_method!(list, "append", 2)?;
/// #     assert_eq!(list.len(), 2);
/// #     Ok(())
/// # });
/// ```
#[macro_export]
macro_rules! call_method {
    ($object:expr, $name:literal $(,)?) => {
        $crate::__call!((method $object, $name) [] [] [])
    };
    ($object:expr, $name:literal, $($arguments:tt)+) => {
        $crate::__call!((method $object, $name) [] [] [] $($arguments)+)
    };
}

/// Sorts arguments into positional ones, keywords' names and their values.
#[doc(hidden)]
#[macro_export]
macro_rules! __call {
    (
        $target:tt [$($positional:expr,)*] [$($name:ident)*] [$($value:expr,)*]
        $key:ident = $next:expr $(, $($rest:tt)*)?
    ) => {
        $crate::__call!(
            $target [$($positional,)*] [$($name)* $key] [$($value,)* $next,] $($($rest)*)?
        )
    };
    ($target:tt [$($positional:expr,)*] [] [] $next:expr $(, $($rest:tt)*)?) => {
        $crate::__call!($target [$($positional,)* $next,] [] [] $($($rest)*)?)
    };
    ($target:tt $positional:tt $names:tt $values:tt $next:expr $(, $($rest:tt)*)?) => {
        ::core::compile_error!(
            "a positional argument stands after a keyword argument: move it to the front"
        )
    };
    ((function $function:expr) [$($positional:expr,)*] [] []) => {
        $crate::__private::call_positional(&$function, ($($positional,)*))
    };
    ((function $function:expr) [$($positional:expr,)*] [$($name:ident)+] [$($value:expr,)+]) => {
        $crate::__private::call_keywords(
            &$function,
            ($($positional,)* $($value,)+),
            $crate::__keyword_names!($($name)+),
        )
    };
    (
        (method $object:expr, $method:literal)
        [$($positional:expr,)*] [$($name:ident)*] [$($value:expr,)*]
    ) => {{
        static __METHOD: $crate::Interned = $crate::Interned::new($method);
        $crate::__private::call_method(
            &$object,
            &__METHOD,
            ($($positional,)* $($value,)*),
            $crate::__keyword_names!($($name)*),
        )
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __keyword_names {
    ($($name:ident)*) => {{
        static __NAMES: $crate::__private::KeywordNames =
            $crate::__private::KeywordNames::new(&[$(::core::stringify!($name)),*]);
        &__NAMES
    }};
}

/// The names of a call's keywords, which become a tuple once.
#[derive(Debug)]
pub struct KeywordNames {
    names: &'static [&'static str],
    cached: Cached<Tuple>,
}

impl KeywordNames {
    /// For a static.
    ///
    /// # Panics
    /// At compile time, where a name is there twice.
    pub const fn new(names: &'static [&'static str]) -> Self {
        let mut index = 0;
        while index < names.len() {
            let mut before = 0;
            while before < index {
                assert!(
                    !is_same(names[before].as_bytes(), names[index].as_bytes()),
                    "a keyword argument is given twice"
                );
                before += 1;
            }
            index += 1;
        }
        Self {
            names,
            cached: Cached::new(),
        }
    }

    /// Calls `body` with the tuple, or with null where there are no names.
    #[inline]
    fn with<'ctx, R>(
        &'static self,
        ctx: Context<'ctx>,
        body: impl FnOnce(HPy) -> Result<R>,
    ) -> Result<R> {
        if self.names.is_empty() {
            return body(HPy_NULL);
        }
        let tuple = self.cached.get_or_init(ctx, || {
            let names = self.names.iter().map(|name| interned(ctx, name));
            ctx.tuple(names.collect::<Result<Vec<_>>>()?)
        })?;
        body(tuple.as_raw())
    }

    /// How many of the arguments are positional.
    #[inline]
    fn positional(&self, arguments: usize) -> Result<usize> {
        arguments
            .checked_sub(self.names.len())
            .ok_or_else(|| SystemError::new("a call has more keywords than arguments"))
    }
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// `function(*args)`
#[inline]
pub fn call_positional<'ctx>(
    function: &Handle<'ctx>,
    args: impl CallArgs<'ctx>,
) -> Result<Handle<'ctx>> {
    function.call1(args)
}

/// `function(*args)`, the last of which are keywords' values.
#[inline]
pub fn call_keywords<'ctx>(
    function: &Handle<'ctx>,
    args: impl CallArgs<'ctx>,
    names: &'static KeywordNames,
) -> Result<Handle<'ctx>> {
    let ctx = function.ctx();
    names.with(ctx, |tuple| {
        args.with_handles(ctx, |args| {
            let positional = names.positional(args.len())?;
            // SAFETY: the handles are open, and the array goes on with as many values as there are
            // names.
            unsafe {
                let function = function.as_raw();
                ctx.handle_from_raw(backend::call_with_names(
                    ctx, function, args, positional, tuple,
                ))
            }
        })
    })
}

/// `object.name(*args)`, the last of which are keywords' values.
#[inline]
pub fn call_method<'ctx>(
    object: &Handle<'ctx>,
    name: &'static Interned,
    args: impl CallArgs<'ctx>,
    names: &'static KeywordNames,
) -> Result<Handle<'ctx>> {
    let ctx = object.ctx();
    name.with_str(ctx, |name| {
        names.with(ctx, |tuple| {
            args.with_handles_after(ctx, object.as_raw(), |args| {
                let positional = names.positional(args.len())?;
                // SAFETY: the handles are open, the first is the receiver, and the array goes on
                // with as many values as there are names.
                unsafe {
                    let name = name.as_raw();
                    ctx.handle_from_raw(backend::call_method_with_names(
                        ctx, name, args, positional, tuple,
                    ))
                }
            })
        })
    })
}
