//! Calls that Rust makes.

use crate::failure;
use hpy::exceptions::{LookupError, ValueError};
use hpy::prelude::*;

/// Shows how it was called.
#[hpy_method(signature = (*args, **options))]
fn show<'ctx>(args: Args<'_, 'ctx>, options: hpy::Keywords<'_, 'ctx>) -> Result<String> {
    Ok(format!("{args:?} {options:?}"))
}

#[test]
fn positional_arguments_of_every_kind() {
    hpy_mock::run(|ctx| {
        let show = hpy_mock::method::<show>(ctx);
        let text = |result: Result<Handle<'_>>| result.map(|text| text.to_string());
        assert_eq!(text(show.call0())?, "[] {}");
        assert_eq!(text(show.call1(()))?, "[] {}");
        assert_eq!(text(show.call1((1, "two")))?, r#"["1", "'two'"] {}"#);
        assert_eq!(text(show.call1(vec![1, 2]))?, r#"["1", "2"] {}"#);
        assert_eq!(text(show.call1(&[1, 2][..]))?, r#"["1", "2"] {}"#);
        assert_eq!(text(show.call1(&ctx.tuple((3,))?))?, r#"["3"] {}"#);
        let twelve = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assert!(text(show.call1(twelve))?.ends_with(r#""12"] {}"#));
        Ok(())
    });
}

#[test]
fn keywords_of_every_kind() {
    hpy_mock::run(|ctx| {
        let show = hpy_mock::method::<show>(ctx);
        let dict = ctx.dict()?;
        dict.set_item("x", 1)?;
        let expected = r#"["0"] {"x": "1"}"#;
        assert_eq!(show.call((0,), [("x", 1)])?.to_string(), expected);
        assert_eq!(show.call((0,), vec![("x", 1)])?.to_string(), expected);
        assert_eq!(show.call((0,), &dict)?.to_string(), expected);
        assert_eq!(show.call((0,), Some(&dict))?.to_string(), expected);
        assert_eq!(show.call((0,), None)?.to_string(), r#"["0"] {}"#);
        assert_eq!(show.call((0,), ())?.to_string(), r#"["0"] {}"#);
        dict.set_item(2, 3)?;
        assert_eq!(
            failure(ctx, show.call((), &dict)),
            "TypeError: must be str, not int"
        );
        Ok(())
    });
}

#[test]
fn methods() {
    hpy_mock::run(|ctx| {
        let text = ctx.str("a,b")?;
        assert_eq!(
            text.call_method1("split", (",",))?.repr()?.to_str()?,
            "['a', 'b']"
        );
        assert_eq!(text.call_method1(&ctx.str("split")?, (",",))?.length()?, 2);
        assert_eq!(text.call_method0(c"upper")?.to_string(), "A,B");
        assert_eq!(
            failure(ctx, text.call_method0("nothing")),
            "AttributeError: 'str' object has no attribute 'nothing'"
        );
        assert_eq!(
            failure(ctx, text.call_method0("a\0")),
            "ValueError: embedded null character"
        );
        let module = hpy_mock::module(ctx, "shows");
        module.add("show", hpy_mock::method::<show>(ctx))?;
        assert_eq!(
            module.call_method("show", (1,), [("k", 2)])?.to_string(),
            r#"["1"] {"k": "2"}"#
        );
        Ok(())
    });
}

#[test]
fn what_can_be_called() {
    hpy_mock::run(|ctx| {
        assert!(hpy_mock::method::<show>(ctx).is_callable());
        assert!(ctx.dict()?.type_().is_callable());
        assert!(!ctx.int(1)?.is_callable());
        assert_eq!(
            failure(ctx, ctx.int(1)?.call0()),
            "TypeError: 'int' object is not callable"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.call((), [("x", 1)])),
            "TypeError: 'int' object is not callable"
        );
        let adder = hpy_mock::Class::new(ctx, "Adder", None)?
            .method("__call__", |_, args| args[1].add(&args[2]))
            .build()
            .call0()?;
        assert!(adder.is_callable());
        assert_eq!(adder.call1((40, 2))?.extract::<i32>()?, 42);
        Ok(())
    });
}

#[test]
fn errors_of_arguments_close_those_before() {
    hpy_mock::run(|ctx| {
        struct Fails;
        impl<'ctx> IntoHandle<'ctx> for Fails {
            fn into_handle(self, _: Context<'ctx>) -> Result<Handle<'ctx>> {
                Err(ValueError::new("no form"))
            }
        }
        let show = hpy_mock::method::<show>(ctx);
        assert_eq!(
            failure(ctx, show.call1(("made", Fails))),
            "ValueError: no form"
        );
        assert_eq!(
            failure(ctx, show.call(("made",), [("k", Fails)])),
            "ValueError: no form"
        );
        assert_eq!(failure(ctx, ctx.list([Fails])), "ValueError: no form");
        assert_eq!(failure(ctx, ctx.tuple((1, Fails))), "ValueError: no form");
        Ok(())
    });
}

#[test]
fn functions_call_back() {
    hpy_mock::run(|ctx| {
        let double = hpy_mock::function(ctx, "double", |_, args| args[0].mul(2));
        assert_eq!(double.call1((21,))?.extract::<i32>()?, 42);
        let fails = hpy_mock::function(ctx, "fails", |_, _| Err(LookupError::new("nothing")));
        assert_eq!(failure(ctx, fails.call0()), "LookupError: nothing");
        let panics = hpy_mock::function(ctx, "panics", |_, _| panic!("inside"));
        assert!(failure(ctx, panics.call0()).starts_with("BaseException: inside ("));
        Ok(())
    });
}
