//! Arguments of methods: every kind of parameter, and what is wrong with a call.

use crate::failure;
use hpy::exceptions::LookupError;
use hpy::prelude::*;
use std::collections::{BTreeMap, HashMap};

#[hpy_method]
fn none() -> &'static str {
    "none"
}

#[hpy_method]
fn one(number: i64) -> i64 {
    number + 1
}

#[hpy_method]
fn two(a: i64, b: &str) -> String {
    format!("{a} {b}")
}

#[hpy_method(signature = (a, /, b, c = 3, *, d, e = 5))]
fn all(a: i64, b: i64, c: i64, d: i64, e: i64) -> (i64, i64, i64, i64, i64) {
    (a, b, c, d, e)
}

#[hpy_method(signature = (a, b = None, /))]
fn optional(a: i64, b: Option<i64>) -> (i64, Option<i64>) {
    (a, b)
}

#[hpy_method(signature = (first, *rest, **options))]
fn variadic(
    first: i64,
    rest: Vec<i64>,
    options: BTreeMap<String, i64>,
) -> (i64, Vec<i64>, BTreeMap<String, i64>) {
    (first, rest, options)
}

#[hpy_method(signature = (*args, **kw))]
fn objects(args: &Handle<'_, Tuple>, kw: Option<Handle<'_, Dict>>) -> Result<String> {
    Ok(format!(
        "{args} {}",
        kw.map_or("none".to_owned(), |kw| kw.to_string())
    ))
}

#[hpy_method(signature = (*args, **kw))]
fn dict(args: Args<'_, '_>, kw: &Handle<'_, Dict>) -> (usize, usize) {
    (args.len(), kw.len())
}

#[hpy_method(signature = (**kw))]
fn map(kw: HashMap<String, String>) -> usize {
    kw.len()
}

#[hpy_method(pass_module)]
fn named<'ctx>(module: &Handle<'ctx, Module>, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ctx.handle(module.name()?)
}

fn repr(result: Result<Handle<'_>>) -> Result<String> {
    result?.repr().map(|text| text.to_string())
}

#[test]
fn every_convention() {
    hpy_mock::run(|ctx| {
        assert_eq!(repr(hpy_mock::method::<none>(ctx).call0())?, "'none'");
        assert_eq!(repr(hpy_mock::method::<one>(ctx).call1((1,)))?, "2");
        assert_eq!(repr(hpy_mock::method::<two>(ctx).call1((1, "x")))?, "'1 x'");
        assert_eq!(repr(hpy_mock::method::<named>(ctx).call0())?, "'tests'");
        let all = hpy_mock::method::<all>(ctx);
        assert_eq!(repr(all.call((1, 2), [("d", 4)]))?, "(1, 2, 3, 4, 5)");
        assert_eq!(
            repr(all.call((1, 2, 30), [("d", 40), ("e", 50)]))?,
            "(1, 2, 30, 40, 50)"
        );
        assert_eq!(
            repr(all.call((1,), [("e", 5), ("d", 4), ("b", 2)]))?,
            "(1, 2, 3, 4, 5)"
        );
        let optional = hpy_mock::method::<optional>(ctx);
        assert_eq!(repr(optional.call1((1,)))?, "(1, None)");
        assert_eq!(repr(optional.call1((1, 2)))?, "(1, 2)");
        assert_eq!(repr(optional.call1((1, ())))?, "(1, None)");
        Ok(())
    });
}

#[test]
fn variadic_parameters() {
    hpy_mock::run(|ctx| {
        let variadic = hpy_mock::method::<variadic>(ctx);
        assert_eq!(repr(variadic.call1((1,)))?, "(1, [], {})");
        assert_eq!(repr(variadic.call1((1, 2, 3)))?, "(1, [2, 3], {})");
        assert_eq!(
            repr(variadic.call((1, 2), [("x", 3), ("y", 4)]))?,
            "(1, [2], {'x': 3, 'y': 4})"
        );
        assert_eq!(
            repr(variadic.call((), [("x", 3), ("first", 4)]))?,
            "(4, [], {'x': 3})"
        );
        let objects = hpy_mock::method::<objects>(ctx);
        assert_eq!(objects.call1((1, 2))?.to_string(), "(1, 2) none");
        assert_eq!(objects.call((), [("k", 2)])?.to_string(), "() {'k': 2}");
        assert_eq!(
            repr(hpy_mock::method::<dict>(ctx).call((1,), [("k", 2)]))?,
            "(1, 1)"
        );
        assert_eq!(repr(hpy_mock::method::<dict>(ctx).call0())?, "(0, 0)");
        assert_eq!(
            repr(hpy_mock::method::<map>(ctx).call((), [("k", "v")]))?,
            "1"
        );
        Ok(())
    });
}

#[test]
fn arity_errors_are_pythons() {
    hpy_mock::run(|ctx| {
        let all = hpy_mock::method::<all>(ctx);
        let rows = [
            (
                failure(ctx, hpy_mock::method::<none>(ctx).call1((1,))),
                "TypeError: none() takes no arguments (1 given)",
            ),
            (
                failure(ctx, hpy_mock::method::<one>(ctx).call0()),
                "TypeError: one() takes exactly one argument (0 given)",
            ),
            (
                failure(ctx, hpy_mock::method::<one>(ctx).call((1,), [("x", 1)])),
                "TypeError: one() takes no keyword arguments",
            ),
            (
                failure(ctx, hpy_mock::method::<two>(ctx).call1((1, "x", 3))),
                "TypeError: two() takes 2 positional arguments but 3 were given",
            ),
            (
                failure(ctx, hpy_mock::method::<two>(ctx).call1((1,))),
                "TypeError: two() missing 1 required positional argument: 'b'",
            ),
            (
                failure(ctx, all.call0()),
                "TypeError: all() missing 2 required positional arguments: 'a' and 'b'",
            ),
            (
                failure(ctx, all.call1((1, 2))),
                "TypeError: all() missing 1 required keyword-only argument: 'd'",
            ),
            (
                failure(ctx, all.call1((1, 2, 3, 4))),
                "TypeError: all() takes from 2 to 3 positional arguments but 4 were given",
            ),
            (
                failure(ctx, all.call((1, 2, 3, 4), [("d", 4)])),
                "TypeError: all() takes from 2 to 3 positional arguments but 4 positional \
                 arguments (and 1 keyword-only argument) were given",
            ),
            (
                failure(ctx, all.call((1, 2), [("b", 2), ("d", 4)])),
                "TypeError: all() got multiple values for argument 'b'",
            ),
            (
                failure(ctx, all.call((1, 2), [("d", 4), ("f", 6)])),
                "TypeError: all() got an unexpected keyword argument 'f'",
            ),
            (
                failure(ctx, all.call((), [("a", 1), ("b", 2), ("d", 4)])),
                "TypeError: all() got some positional-only arguments passed as keyword arguments: \
                 'a'",
            ),
        ];
        for (found, expected) in rows {
            assert_eq!(found, expected);
        }
        Ok(())
    });
}

#[test]
fn conversion_errors_name_function_and_parameter() {
    hpy_mock::run(|ctx| {
        let rows = [
            (
                failure(ctx, hpy_mock::method::<one>(ctx).call1(("x",))),
                "TypeError: one() argument 'number': 'str' object cannot be interpreted as an \
                 integer",
            ),
            (
                failure(ctx, hpy_mock::method::<two>(ctx).call1((1, 2))),
                "TypeError: two() argument 'b' must be str, not int",
            ),
            (
                failure(ctx, hpy_mock::method::<one>(ctx).call1((u64::MAX,))),
                "OverflowError: one() argument 'number': int too big to convert",
            ),
            (
                failure(ctx, hpy_mock::method::<variadic>(ctx).call1((1, "x"))),
                "TypeError: variadic() argument 'rest': 'str' object cannot be interpreted as an \
                 integer",
            ),
            (
                failure(
                    ctx,
                    hpy_mock::method::<variadic>(ctx).call((1,), [("k", "x")]),
                ),
                "TypeError: variadic() argument 'options': 'str' object cannot be interpreted as \
                 an integer",
            ),
        ];
        for (found, expected) in rows {
            assert_eq!(found, expected);
        }
        // What the object itself raises stays as it is.
        let broken = hpy_mock::Class::new(ctx, "Broken", None)?
            .method("__index__", |_, _| Err(LookupError::new("lost")))
            .build()
            .call0()?;
        assert_eq!(
            failure(ctx, hpy_mock::method::<one>(ctx).call1((broken,))),
            "LookupError: lost"
        );
        Ok(())
    });
}

#[test]
fn keywords_with_lone_surrogates_are_unexpected() {
    hpy_mock::run(|ctx| {
        let odd = ctx.dict()?;
        odd.set_item(hpy_mock::text(ctx, &[0xD800])?, 1)?;
        assert!(
            failure(ctx, hpy_mock::method::<all>(ctx).call((1, 2), &odd))
                .contains("unexpected keyword")
        );
        assert_eq!(
            repr(hpy_mock::method::<dict>(ctx).call((), &odd))?,
            "(0, 1)"
        );
        Ok(())
    });
}

#[hpy_method(signature = (*args))]
fn views<'ctx>(ctx: Context<'ctx>, args: Args<'_, 'ctx>) -> Result<Handle<'ctx>> {
    assert_eq!(args.is_empty(), args.get(0).is_none());
    assert_eq!(args.iter().len(), args.len());
    assert!(args.get(args.len()).is_none());
    match args.get(0) {
        Some(first) => Ok(first.dup()),
        None => Ok(ctx.none().into_object()),
    }
}

#[test]
fn arguments_are_views_of_the_callers_array() {
    hpy_mock::run(|ctx| {
        let list = ctx.empty_list()?;
        let views = hpy_mock::method::<views>(ctx);
        assert!(views.call1((&list, 2))?.is(&list));
        assert!(views.call0()?.is_none());
        Ok(())
    });
}
