//! `import_exception!`: exception types of Python modules.

use super::{Error, Result};
use crate::exceptions::{BaseException, ExceptionType, TypeError};
use crate::types::Type;
use crate::{Context, Handle, Imported};

/// Names an exception type of a Python module: `import_exception!(pub socket, gaierror)`.
///
/// It is used as the standard ones are: `gaierror::new((8, "no such host"))` makes an error,
/// `error.is_instance_of::<gaierror>(ctx)` recognises one, and it can be the base of an
/// [`exception!`](crate::exception!). The module is imported at the first use; an import that
/// fails is the error then. PyO3's `import_exception!`.
///
/// ```
/// use hpy::prelude::*;
///
/// hpy::import_exception! {
///     /// What `json.loads` raises.
///     pub json.decoder, JSONDecodeError
/// }
/// hpy::import_exception!(concurrent.futures, BrokenExecutor);
///
/// #[hpy_method]
/// fn is_json(ctx: Context<'_>, load: &Handle<'_>, text: &str) -> Result<bool> {
///     match load.call1((text,)) {
///         Ok(_) => Ok(true),
///         Err(error) if error.is_instance_of::<JSONDecodeError>(ctx) => Ok(false),
///         Err(error) => Err(error),
///     }
/// }
/// ```
#[macro_export]
macro_rules! import_exception {
    (
        $(#[doc = $doc:expr])* $visibility:vis $first:ident $(. $rest:ident)*, $name:ident $(,)?
    ) => {
        $(#[doc = $doc])*
        #[allow(non_camel_case_types)] // Python's name.
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
            /// At the first use what the import raises; TypeError if it is no exception type.
            pub fn type_object<'ctx>(
                ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx, $crate::types::Type>> {
                static TYPE: $crate::__private::ImportedException =
                    $crate::__private::ImportedException::new(
                        ::core::concat!(
                            ::core::stringify!($first) $(, ".", ::core::stringify!($rest))*
                        ),
                        ::core::stringify!($name),
                    );
                TYPE.get(ctx)
            }
        }

        const _: () = {
            use $crate::__private as __hpy;
            impl __hpy::Sealed for $name {}
            impl __hpy::ExceptionType for $name {
                const KIND: &'static __hpy::Kind =
                    &__hpy::Kind::custom(::core::stringify!($name), $name::type_object);
                const ANNOTATION: __hpy::Annotation = __hpy::Annotation::name(::core::concat!(
                    ::core::stringify!($first), $(".", ::core::stringify!($rest),)*
                    ".", ::core::stringify!($name)
                ));
            }
        };
    };
}

/// An exception type of a module, imported at the first use.
#[derive(Debug)]
pub struct ImportedException(Imported<Type>);

impl ImportedException {
    /// For the static of an `import_exception!`.
    #[must_use]
    pub const fn new(module: &'static str, name: &'static str) -> Self {
        Self(Imported::new(module, name))
    }

    /// The type.
    #[cold]
    pub fn get<'ctx>(&'static self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
        let type_ = self.0.get(ctx)?;
        let base = BaseException::KIND.type_(ctx)?;
        if type_.is_subtype(&base) {
            Ok(type_)
        } else {
            Err(no_exception(&type_))
        }
    }
}

#[cold]
fn no_exception(type_: &Handle<'_, Type>) -> Error {
    let name = type_.name().unwrap_or_else(|_| "?".to_owned());
    TypeError::new(super::joined(&["'", &name, "' is no type of exceptions"]))
}
