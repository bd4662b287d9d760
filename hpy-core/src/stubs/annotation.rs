//! What types are called in Python: the annotations of stubs.

use super::text::Text;

/// What a Rust type is called where Python code is checked for types: `int`, `list[str]`,
/// `datetime.date | None`.
///
/// It is said by [`FromHandle::ANNOTATION`](crate::FromHandle::ANNOTATION) and
/// [`IntoHandle::ANNOTATION`](crate::IntoHandle::ANNOTATION), and read by `cargo hpy stubs`.
/// Nothing of it is in an extension.
///
/// ```
/// use hpy::prelude::*;
/// use hpy::Annotation;
///
/// struct Port(u16);
///
/// impl<'a, 'ctx> FromHandle<'a, 'ctx> for Port {
///     const ANNOTATION: Annotation =
///         Annotation::union(&[Annotation::name("int"), Annotation::name("str")]);
///
///     fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
///         match handle.extract::<&str>() {
///             Ok("http") => Ok(Port(80)),
///             _ => handle.extract().map(Port),
///         }
///     }
/// }
///
/// assert_eq!(<Vec<Port>>::ANNOTATION.to_string(), "collections.abc.Iterable[int | str]");
/// # hpy_mock::run(|ctx| {
/// #     assert_eq!(ctx.str("http")?.as_object().extract::<Port>()?.0, 80);
/// #     Ok(())
/// # });
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Annotation(Form);

#[derive(Clone, Copy, Debug)]
enum Form {
    Name(&'static str),
    /// A class or a derived conversion of this library, by what its macro calls it.
    Declared(&'static str),
    Generic(&'static str, &'static [Annotation]),
    Union(&'static [Annotation]),
}

impl Annotation {
    /// `typing.Any`: what is not known.
    pub const ANY: Self = Self(Form::Name("typing.Any"));
    /// `None`
    pub const NONE: Self = Self(Form::Name("None"));

    /// A class by its name: a builtin such as `int`, or the dotted one to import it by, such as
    /// `datetime.date`.
    ///
    /// # Panics
    /// If it is no such name; in a constant that is an error of the compiler.
    pub const fn name(name: &'static str) -> Self {
        let bytes = name.as_bytes();
        assert!(!bytes.is_empty(), "an annotation has a name");
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            assert!(
                byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.',
                "an annotation's name is an identifier, or several with dots between them"
            );
            at += 1;
        }
        Self(Form::Name(name))
    }

    /// `name[arguments]`: `Annotation::generic("list", &[Annotation::name("int")])`.
    ///
    /// # Panics
    /// As [`name`](Self::name).
    pub const fn generic(name: &'static str, arguments: &'static [Self]) -> Self {
        Self::name(name);
        Self(Form::Generic(name, arguments))
    }

    /// One of several: `int | None`.
    pub const fn union(members: &'static [Self]) -> Self {
        Self(Form::Union(members))
    }

    /// What a macro has declared under that name.
    #[doc(hidden)]
    pub const fn declared(id: &'static str) -> Self {
        Self(Form::Declared(id))
    }

    /// That of a result: of an object about which nothing is known, anything may be asked.
    pub(crate) const fn of_result(self) -> Self {
        match self.0 {
            Form::Name(name) if matches!(name.as_bytes(), b"object") => Self::ANY,
            _ => self,
        }
    }

    /// That of a marker in `hpy::types`, by its name.
    pub(crate) const fn of_marker(name: &'static str) -> Self {
        const ANY: &[Annotation] = &[Annotation::ANY];
        match name.as_bytes() {
            b"tuple" => Self(Form::Generic(name, &[Annotation::ANY, ELLIPSIS])),
            b"list" | b"set" | b"frozenset" | b"type" => Self(Form::Generic(name, ANY)),
            b"dict" => Self(Form::Generic(name, &[Annotation::ANY, Annotation::ANY])),
            b"capsule" => Self(Form::Name("object")),
            b"callable" => Self(Form::Generic(
                "collections.abc.Callable",
                &[ELLIPSIS, Annotation::ANY],
            )),
            b"iterator" => Self(Form::Generic("collections.abc.Iterator", ANY)),
            // Without registration, so `collections.abc` does not know all of them.
            b"sequence" | b"mapping" => Self::ANY,
            b"module" => Self(Form::Name("types.ModuleType")),
            b"code" => Self(Form::Name("types.CodeType")),
            b"function" => Self(Form::Name("types.FunctionType")),
            b"builtin_function_or_method" => Self(Form::Name("types.BuiltinFunctionType")),
            b"method" => Self(Form::Name("types.MethodType")),
            b"frame" => Self(Form::Name("types.FrameType")),
            b"traceback" => Self(Form::Name("types.TracebackType")),
            b"GenericAlias" => Self(Form::Name("types.GenericAlias")),
            b"mappingproxy" => Self(Form::Generic(
                "types.MappingProxyType",
                &[Annotation::ANY, Annotation::ANY],
            )),
            // Their classes have no names that can be imported everywhere, or no parameters.
            b"dict_keys" => Self(Form::Generic("collections.abc.KeysView", ANY)),
            b"dict_values" => Self(Form::Generic("collections.abc.ValuesView", ANY)),
            b"dict_items" => Self(Form::Generic(
                "collections.abc.ItemsView",
                &[Annotation::ANY, Annotation::ANY],
            )),
            b"weakref.ref" => Self(Form::Generic(name, ANY)),
            // A proxy has the attributes of its object.
            b"weakproxy" => Self::ANY,
            b"PurePath" => Self(Form::Name("pathlib.PurePath")),
            b"os.PathLike" => Self(Form::Generic(name, ANY)),
            b"ellipsis" => Self(Form::Name("types.EllipsisType")),
            b"NotImplementedType" => Self(Form::Name("types.NotImplementedType")),
            b"ContextVar" => Self(Form::Generic("contextvars.ContextVar", ANY)),
            b"date" => Self(Form::Name("datetime.date")),
            b"datetime" => Self(Form::Name("datetime.datetime")),
            b"time" => Self(Form::Name("datetime.time")),
            b"timedelta" => Self(Form::Name("datetime.timedelta")),
            b"tzinfo" => Self(Form::Name("datetime.tzinfo")),
            b"Decimal" => Self(Form::Name("decimal.Decimal")),
            b"Fraction" => Self(Form::Name("fractions.Fraction")),
            b"UUID" => Self(Form::Name("uuid.UUID")),
            b"Enum" => Self(Form::Name("enum.Enum")),
            // `object`, `int`, `str` and so on, and standard exceptions.
            _ => Self(Form::Name(name)),
        }
    }

    /// Adds it to a text that a constant makes.
    pub(crate) const fn write<const N: usize>(&self, text: &mut Text<N>) {
        match self.0 {
            Form::Name(name) => text.push(name),
            Form::Declared(id) => {
                text.push("@");
                text.push(id);
                text.push("@");
            }
            Form::Generic(name, arguments) => {
                text.push(name);
                text.push("[");
                let mut at = 0;
                while at < arguments.len() {
                    if at > 0 {
                        text.push(", ");
                    }
                    arguments[at].write(text);
                    at += 1;
                }
                text.push("]");
            }
            Form::Union(members) => {
                let mut at = 0;
                while at < members.len() {
                    if at > 0 {
                        text.push(" | ");
                    }
                    members[at].write(text);
                    at += 1;
                }
            }
        }
    }
}

const ELLIPSIS: Annotation = Annotation(Form::Name("..."));

impl core::fmt::Display for Annotation {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let separated = |f: &mut core::fmt::Formatter<'_>, all: &[Self], by: &str| {
            for (place, one) in all.iter().enumerate() {
                if place > 0 {
                    f.write_str(by)?;
                }
                write!(f, "{one}")?;
            }
            Ok(())
        };
        match self.0 {
            Form::Name(name) => f.write_str(name),
            // What Python calls it, only the module says that lists it.
            Form::Declared(_) => f.write_str("typing.Any"),
            Form::Generic(name, arguments) => {
                write!(f, "{name}[")?;
                separated(f, arguments, ", ")?;
                f.write_str("]")
            }
            Form::Union(members) => separated(f, members, " | "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FromHandle, Handle, IntoHandle, types};
    use std::collections::HashMap;

    fn taken<T: for<'a, 'ctx> FromHandle<'a, 'ctx>>() -> String {
        T::ANNOTATION.to_string()
    }

    fn given<T: for<'ctx> IntoHandle<'ctx>>() -> String {
        T::ANNOTATION.to_string()
    }

    #[test]
    fn what_is_composed_is_written_as_python_writes_it() {
        assert_eq!(taken::<Option<i32>>(), "int | None");
        assert_eq!(
            taken::<HashMap<String, (f64, bool)>>(),
            "collections.abc.Mapping[str, tuple[float, bool]]"
        );
        assert_eq!(taken::<Vec<char>>(), "collections.abc.Iterable[str]");
        assert_eq!(given::<Vec<Option<char>>>(), "list[str | None]");
        assert_eq!(given::<HashMap<u8, Vec<u8>>>(), "dict[int, bytes]");
        assert_eq!(given::<[u8; 2]>(), "bytes");
        assert_eq!(given::<()>(), "None");
    }

    #[test]
    fn handles_are_what_they_refer_to() {
        fn handle<T: types::TypeCheck>() -> String {
            <&Handle<'_, T> as FromHandle<'_, '_>>::ANNOTATION.to_string()
        }
        assert_eq!(handle::<types::Object>(), "object");
        assert_eq!(
            <Handle<'_> as IntoHandle<'_>>::ANNOTATION.to_string(),
            "typing.Any"
        );
        assert_eq!(handle::<types::List>(), "list[typing.Any]");
        assert_eq!(handle::<types::Tuple>(), "tuple[typing.Any, ...]");
        assert_eq!(handle::<types::DateTime>(), "datetime.datetime");
        assert_eq!(
            handle::<types::Callable>(),
            "collections.abc.Callable[..., typing.Any]"
        );
        assert_eq!(handle::<crate::exceptions::ValueError>(), "ValueError");
        assert_eq!(handle::<types::WeakRef>(), "weakref.ref[typing.Any]");
        assert_eq!(handle::<types::Traceback>(), "types.TracebackType");
        assert_eq!(handle::<types::Path>(), "pathlib.PurePath");
        assert_eq!(
            handle::<types::DictItems>(),
            "collections.abc.ItemsView[typing.Any, typing.Any]"
        );
    }

    #[test]
    fn constants_have_the_same_text() {
        const ANNOTATION: Annotation = <Vec<Option<(u8, String)>> as IntoHandle<'_>>::ANNOTATION;
        let mut text = Text::<64>::new();
        ANNOTATION.write(&mut text);
        assert_eq!(
            core::str::from_utf8(&text.bytes[..text.len]).unwrap(),
            ANNOTATION.to_string()
        );
    }
}
