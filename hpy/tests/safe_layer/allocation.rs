//! Every allocation that fails is an error, leaks nothing and leaves nothing pending.

use hpy::exceptions::{MemoryError, TypeError, ValueError};
use hpy::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What may fail because of memory, and nothing else.
fn only_memory(ctx: Context<'_>, result: Result<()>) -> Result<()> {
    if let Err(error) = &result {
        assert!(
            error.is_instance_of::<MemoryError>(ctx),
            "{}",
            error.value(ctx)?
        );
    }
    result
}

#[test]
fn conversions() {
    let allocations = hpy_mock::failures(|ctx| {
        let values = ctx.handle((
            vec!["é", "b"],
            BTreeMap::from([("k", vec![1u8, 2])]),
            BTreeSet::from([i128::MIN, i128::MAX]),
            (u128::MAX, 1.5, 'x', true, None::<i32>),
        ))?;
        let (strings, map, set, _): (
            Vec<String>,
            BTreeMap<String, Vec<u8>>,
            BTreeSet<i128>,
            Handle<'_>,
        ) = values.extract()?;
        assert_eq!((strings.len(), map.len(), set.len()), (2, 1, 2));
        Ok(())
    });
    assert!(allocations > 20, "{allocations}");
}

#[test]
fn objects() {
    hpy_mock::failures(|ctx| {
        let list = ctx.list([1, 2, 3])?;
        list.append("x")?;
        list.insert(0, 2.5)?;
        list.set_item(1, "y")?;
        list.del_item(-1)?;
        let sliced = list.get_slice(0, 2)?.add(&list)?;
        let dict = ctx.dict()?;
        dict.set_item("list", &sliced)?;
        dict.copy()?.set_item(sliced.length()?, sliced.repr()?)?;
        for (key, value) in dict.items()? {
            let _ = (key.str()?, value.ascii()?);
        }
        for item in list.as_object().iter()? {
            let _ = item?.hash()?;
        }
        assert!(dict.setattr("none", 1).is_err());
        Ok(())
    });
}

#[test]
fn calls() {
    #[hpy_method(signature = (a, *args, b = 2, **kw))]
    fn method<'ctx>(
        ctx: Context<'ctx>,
        a: i64,
        args: Vec<String>,
        b: i64,
        kw: BTreeMap<String, f64>,
    ) -> Result<Handle<'ctx>> {
        ctx.handle((a, args, b, kw))
    }
    hpy_mock::failures(|ctx| {
        let function = hpy_mock::method::<method>(ctx);
        let result = function.call((1, "x", "y"), [("b", 3.0), ("c", 4.0)]);
        drop(result.map(drop));
        let result = function.call((1, "x"), [("c", 4)])?;
        result.call_method1("count", (1,))?;
        let _ = ctx
            .builtins()
            .get_item("sorted")?
            .call((vec![3, 1],), [("reverse", true)])?;
        Ok(())
    });
}

#[test]
fn errors_and_what_is_kept() {
    hpy_mock::failures(|ctx| {
        let error = ctx
            .dict()?
            .get_item("k")
            .map(drop)
            .expect_err("it fails in some way");
        let error = ValueError::new("outer").with_cause(error);
        drop(error.value(ctx)?);
        let kept = Persistent::new(&ctx.list(["x"])?)?;
        drop(kept.get(ctx)?);
        drop(Error::from(std::io::Error::from_raw_os_error(2)).into_value(ctx)?);
        drop(Error::from(String::from_utf8(vec![0xff]).expect_err("no UTF-8")).into_value(ctx)?);
        Ok(())
    });
}

#[test]
fn errors_that_get_out_of_methods() {
    #[hpy_method]
    fn chain(object: &Handle<'_>) -> Result<()> {
        let error = object
            .get_item("k")
            .map(drop)
            .expect_err("it fails in some way");
        Err(TypeError::new("nul \0 inside").with_cause(error))
    }
    #[hpy_method]
    fn panics(_object: &Handle<'_>) {
        panic!("in a method");
    }
    hpy_mock::failures(|ctx| {
        let dict = ctx.dict()?;
        assert!(hpy_mock::method::<chain>(ctx).call1((&dict,)).is_err());
        assert!(hpy_mock::method::<panics>(ctx).call1((&dict,)).is_err());
        assert!(hpy_mock::method::<chain>(ctx).call0().is_err());
        Ok(())
    });
}

#[test]
fn without_memory_the_error_says_so() {
    hpy_mock::failures(|ctx| {
        let make = || -> Result<()> {
            drop(ctx.list(["a", "b"])?);
            drop(ctx.handle(vec![1.5, 2.5])?);
            drop(ctx.str("é")?);
            drop(ctx.tuple((1, 2))?);
            Ok(())
        };
        only_memory(ctx, make())
    });
}
