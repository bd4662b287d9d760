//! What a context makes.

use crate::failure;
use hpy::exceptions;
use hpy::exceptions::KeyError;
use hpy::prelude::*;
use hpy::types::TypeObject;

#[test]
fn constants_and_imports() {
    hpy_mock::run(|ctx| {
        assert!(ctx.none().is(&ctx.none()));
        assert_eq!(ctx.not_implemented().to_string(), "NotImplemented");
        assert_eq!(ctx.ellipsis().to_string(), "Ellipsis");
        let builtins = ctx.import("builtins")?;
        assert_eq!(builtins.name()?, "builtins");
        assert!(
            builtins
                .getattr("len")?
                .is(&ctx.builtins().get_item("len")?)
        );
        assert_eq!(
            failure(ctx, ctx.import("no_such_module")),
            "ModuleNotFoundError: No module named 'no_such_module'"
        );
        assert_eq!(
            failure(ctx, ctx.import("a\0b")),
            "ValueError: embedded null character"
        );
        assert_eq!(format!("{ctx:?}"), "Context");
        assert!(!ctx.as_ptr().is_null());
        Ok(())
    });
}

#[test]
fn modules() {
    hpy_mock::run(|ctx| {
        let module = hpy_mock::module(ctx, "made");
        module.add("ANSWER", 42)?;
        assert_eq!(ctx.import("made")?.getattr("ANSWER")?.extract::<i32>()?, 42);
        module.delattr("__name__")?;
        assert!(failure(ctx, module.name()).starts_with("AttributeError: "));
        module.setattr("__name__", 1)?;
        assert_eq!(
            failure(ctx, module.name()),
            "TypeError: must be str, not int"
        );
        Ok(())
    });
}

#[test]
fn warnings_are_issued_or_raised() {
    hpy_mock::run(|ctx| {
        ctx.warn::<exceptions::DeprecationWarning>("use g", 1)?;
        assert_eq!(hpy_mock::warnings(ctx), ["DeprecationWarning: use g"]);
        assert_eq!(
            failure(ctx, ctx.warn::<exceptions::UserWarning>("a\0b", 1)),
            "ValueError: embedded null character"
        );
        hpy_mock::warnings_are_errors(ctx);
        assert_eq!(
            failure(ctx, ctx.warn::<exceptions::UserWarning>("careful", 1)),
            "UserWarning: careful"
        );
        Ok(())
    });
}

#[test]
fn raw_handles_are_taken_or_their_exceptions() {
    hpy_mock::run(|ctx| {
        // SAFETY: a new int; null with an exception; null without one.
        unsafe {
            let number =
                ctx.handle_from_raw::<Int>(hpy::sys::HPyLong_FromInt64_t(ctx.as_ptr(), 5))?;
            assert_eq!(number.extract::<i32>()?, 5);
            let missing = hpy::sys::HPyImport_ImportModule(ctx.as_ptr(), c"none".as_ptr());
            assert!(
                failure(ctx, ctx.handle_from_raw::<Object>(missing))
                    .starts_with("ModuleNotFoundError")
            );
            assert_eq!(
                failure(ctx, ctx.handle_from_raw::<Object>(hpy::sys::HPy_NULL)),
                "SystemError: a call failed without an exception"
            );
        }
        let list = ctx.empty_list()?;
        // SAFETY: the raw handle is ours again; the object is a list.
        let again = unsafe { ctx.handle_from_raw::<List>(list.into_raw()) }?;
        // SAFETY: the object is a list.
        let again = unsafe { again.into_object().downcast_into_unchecked::<List>() };
        // SAFETY: as above.
        let cast = unsafe { again.as_object().downcast_unchecked::<List>() };
        assert_eq!(cast.len(), 0);
        Ok(())
    });
}

#[test]
fn types_as_objects() {
    hpy_mock::run(|ctx| {
        let named = [
            hpy::types::Object::type_object(ctx)?,
            Bool::type_object(ctx)?,
            Int::type_object(ctx)?,
            Float::type_object(ctx)?,
            Str::type_object(ctx)?,
            Bytes::type_object(ctx)?,
            List::type_object(ctx)?,
            Tuple::type_object(ctx)?,
            Type::type_object(ctx)?,
            Dict::type_object(ctx)?,
            hpy::types::Set::type_object(ctx)?,
            hpy::types::Complex::type_object(ctx)?,
            KeyError::type_object(ctx)?,
        ];
        let names = named
            .iter()
            .map(|type_| type_.name())
            .collect::<Result<Vec<_>>>()?;
        assert_eq!(
            names,
            [
                "object", "bool", "int", "float", "str", "bytes", "list", "tuple", "type", "dict",
                "set", "complex", "KeyError"
            ]
        );
        Ok(())
    });
}

#[test]
fn handles_convert_to_handles() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([1])?;
        assert!(ctx.handle(&list)?.is(&list));
        assert!(ctx.handle(list.dup())?.is(&list));
        assert!(list.extract::<Handle<'_, List>>()?.is(&list));
        assert!(list.extract::<&Handle<'_, List>>()?.is(&list));
        let object: Handle<'_> = list.dup().into();
        assert!(object.is(&list));
        assert_eq!(
            failure(ctx, list.extract::<Handle<'_, Dict>>()),
            "TypeError: must be dict, not list"
        );
        Ok(())
    });
}
