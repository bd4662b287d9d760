//! What any object can do.

use crate::{failure, shown};
use hpy::CompareOp;
use hpy::exceptions::{OSError, ValueError};
use hpy::prelude::*;
use hpy::types::{Kind, NoneType};

#[test]
fn identity_and_duplicates() {
    hpy_mock::run(|ctx| {
        let (a, b) = (ctx.empty_list()?, ctx.empty_list()?);
        let again = a.dup();
        assert!(a.is(&again) && again.is(&a) && !a.is(&b));
        assert_ne!(a.as_raw()._i, again.as_raw()._i);
        drop(a);
        again.append(1)?;
        assert_eq!(again.len(), 1);
        assert_eq!(again.ctx().as_ptr(), ctx.as_ptr());
        Ok(())
    });
}

#[test]
fn casts_are_checked() {
    hpy_mock::run(|ctx| {
        let object = ctx.list([1, 2])?.into_object();
        assert!(
            object.is_instance_of::<List>()
                && object.is_instance_of::<Object>()
                && !object.is_instance_of::<Dict>()
        );
        assert_eq!(object.downcast::<List>()?.len(), 2);
        assert_eq!(
            failure(ctx, object.downcast::<Dict>().map(drop)),
            "TypeError: must be dict, not list"
        );
        let list = object.downcast_into::<List>()?;
        assert!(list.as_object().is(&list));
        assert_eq!(
            failure(ctx, list.downcast_into::<Str>()),
            "TypeError: must be str, not list"
        );
        Ok(())
    });
}

#[test]
fn every_marker_knows_its_own() {
    hpy_mock::run(|ctx| {
        let objects = [
            ctx.none().into_object(),
            ctx.bool(true).into_object(),
            ctx.int(7)?.into_object(),
            ctx.float(0.5)?.into_object(),
            ctx.str("s")?.into_object(),
            ctx.bytes(b"b")?.into_object(),
            ctx.empty_list()?.into_object(),
            ctx.tuple(())?.into_object(),
            ctx.dict()?.into_object(),
            ctx.dict()?.type_().into_object(),
            ctx.import("builtins")?.into_object(),
        ];
        let checks: [fn(&Handle<'_>) -> bool; 11] = [
            |object| object.is_instance_of::<NoneType>(),
            |object| object.is_instance_of::<Bool>(),
            |object| object.is_instance_of::<Int>() && !object.is_instance_of::<Bool>(),
            |object| object.is_instance_of::<Float>(),
            |object| object.is_instance_of::<Str>(),
            |object| object.is_instance_of::<Bytes>(),
            |object| object.is_instance_of::<List>(),
            |object| object.is_instance_of::<Tuple>(),
            |object| object.is_instance_of::<Dict>(),
            |object| object.is_instance_of::<Type>(),
            |object| object.is_instance_of::<Module>(),
        ];
        for (index, object) in objects.iter().enumerate() {
            for (other, check) in checks.iter().enumerate() {
                assert_eq!(check(object), index == other, "{object:?} by check {other}");
            }
        }
        assert!(objects[1].is_instance_of::<Int>(), "bool derives from int");
        assert!(objects[0].is_none() && !objects[1].is_none());
        Ok(())
    });
}

#[test]
fn attributes_by_every_kind_of_name() {
    hpy_mock::run(|ctx| {
        let object = hpy_mock::Class::new(ctx, "Thing", None)?.build().call0()?;
        assert!(hpy_mock::is_plain(&object));
        let (text, owned) = (ctx.str("by_handle")?, String::from("by_string"));
        object.setattr("by_str", 1)?;
        object.setattr(c"by_c_str", 2)?;
        object.setattr(&owned, 3)?;
        object.setattr(&text, 4)?;
        assert_eq!(object.getattr("by_str")?.extract::<i32>()?, 1);
        assert_eq!(object.getattr(c"by_c_str")?.extract::<i32>()?, 2);
        assert_eq!(object.getattr(&owned)?.extract::<i32>()?, 3);
        assert_eq!(object.getattr(&text)?.extract::<i32>()?, 4);
        assert!(object.hasattr("by_str")? && object.hasattr(&text)? && !object.hasattr(c"other")?);
        object.delattr("by_str")?;
        object.delattr(&text)?;
        assert!(!object.hasattr("by_str")? && !object.hasattr(&text)?);
        assert_eq!(
            failure(ctx, object.getattr("by_str")),
            "AttributeError: 'Thing' object has no attribute 'by_str'"
        );
        assert_eq!(
            failure(ctx, object.delattr("by_str")),
            "AttributeError: by_str"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.setattr("x", 1)),
            "AttributeError: 'int' object has no attribute 'x'"
        );
        for result in [object.getattr("a\0b").map(drop), object.setattr("a\0b", 1)] {
            assert_eq!(failure(ctx, result), "ValueError: embedded null character");
        }
        assert_eq!(
            failure(ctx, object.hasattr("a\0b")),
            "ValueError: embedded null character"
        );
        Ok(())
    });
}

#[test]
fn names_are_passed_whole_at_the_limit_of_the_short_form() {
    hpy_mock::run(|ctx| {
        let module = hpy_mock::module(ctx, "names");
        for length in [0, 1, 62, 63, 64, 65, 200] {
            let name = "n".repeat(length);
            module.setattr(name.as_str(), length)?;
            assert_eq!(module.getattr(name.as_str())?.extract::<usize>()?, length);
            let nul = format!("{}\0", "n".repeat(length));
            assert_eq!(
                failure(ctx, module.getattr(nul.as_str())),
                "ValueError: embedded null character",
                "{length}"
            );
        }
        Ok(())
    });
}

#[test]
fn items() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([10, 20, 30])?;
        assert_eq!(list.get_item(-1)?.extract::<i32>()?, 30);
        list.set_item(0, 11)?;
        list.del_item(1)?;
        assert_eq!(list.repr()?.to_str()?, "[11, 30]");
        assert!(list.contains(30)? && !list.contains(20)?);
        assert_eq!(list.length()?, 2);
        assert_eq!(list.get_slice(1, 5)?.repr()?.to_str()?, "[30]");
        assert_eq!(
            failure(ctx, list.get_item(9)),
            "IndexError: list index out of range"
        );
        assert_eq!(
            failure(ctx, list.get_item("x")),
            "TypeError: list indices must be integers or slices, not str"
        );
        let dict = ctx.dict()?;
        assert_eq!(failure(ctx, dict.get_item("key")), "KeyError: 'key'");
        assert_eq!(failure(ctx, dict.del_item("key")), "KeyError: 'key'");
        assert_eq!(
            failure(ctx, dict.set_item(&list, 1)),
            "TypeError: unhashable type: 'list'"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.length()),
            "TypeError: object of type 'int' has no len()"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.get_slice(0, 1)),
            "TypeError: 'int' object is not subscriptable"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.contains(1)),
            "TypeError: 'int' object is not iterable"
        );
        Ok(())
    });
}

#[test]
fn iteration_ends_at_the_end_and_at_an_error() {
    hpy_mock::run(|ctx| {
        let numbers: Vec<i32> = ctx
            .tuple((1, 2, 3))?
            .as_object()
            .iter()?
            .map(|item| item?.extract())
            .collect::<Result<_>>()?;
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(
            failure(ctx, ctx.none().iter()),
            "TypeError: 'NoneType' object is not iterable"
        );
        let broken = hpy_mock::Class::new(ctx, "Broken", None)?
            .method("__iter__", |_, args| Ok(args[0].dup()))
            .method("__next__", |_, _| Err(OSError::new("unplugged")))
            .build()
            .call0()?;
        let mut items = broken.iter()?;
        let error = items
            .next()
            .and_then(Result::err)
            .map(|error| shown(ctx, error));
        assert_eq!(error.as_deref(), Some("OSError: unplugged"));
        assert!(items.next().is_none() && items.next().is_none());
        Ok(())
    });
}

#[test]
fn comparison_and_truth() {
    hpy_mock::run(|ctx| {
        let two = ctx.int(2)?;
        assert!(two.lt(3)? && two.le(2)? && two.eq(2.0)? && two.ne(3)? && two.gt(1)? && two.ge(2)?);
        assert!(!two.lt(2)? && !two.eq("2")?);
        assert!(two.compare_bool(3, CompareOp::Lt)?);
        assert!(two.rich_compare(2, CompareOp::Eq)?.is(&ctx.bool(true)));
        assert_eq!(
            failure(ctx, two.lt("x")),
            "TypeError: '<' not supported between instances of 'int' and 'str'"
        );
        assert_eq!(
            failure(ctx, two.rich_compare("x", CompareOp::Ge)),
            "TypeError: '>=' not supported between instances of 'int' and 'str'"
        );
        assert!(two.is_truthy()? && !ctx.str("")?.is_truthy()? && !ctx.none().is_truthy()?);
        let undecided = hpy_mock::Class::new(ctx, "Undecided", None)?
            .method("__bool__", |_, _| Err(ValueError::new("who knows")))
            .build()
            .call0()?;
        assert_eq!(failure(ctx, undecided.is_truthy()), "ValueError: who knows");
        // NaN differs from itself, but identical objects are equal for containers.
        let nan = ctx.float(f64::NAN)?;
        assert!(nan.eq(&nan)? && !nan.rich_compare(&nan, CompareOp::Eq)?.is_truthy()?);
        Ok(())
    });
}

#[test]
fn hashes() {
    hpy_mock::run(|ctx| {
        assert_eq!(ctx.int(2)?.hash()?, ctx.float(2.0)?.hash()?);
        assert_eq!(ctx.int(-1)?.hash()?, -2);
        assert_eq!(
            failure(ctx, ctx.empty_list()?.hash()),
            "TypeError: unhashable type: 'list'"
        );
        Ok(())
    });
}

#[test]
fn descriptions() {
    hpy_mock::run(|ctx| {
        let text = ctx.str("it's é")?;
        assert_eq!(text.repr()?.to_str()?, "\"it's é\"");
        assert_eq!(text.str()?.to_str()?, "it's é");
        assert_eq!(text.ascii()?.to_str()?, "\"it's \\xe9\"");
        assert_eq!(format!("{text} {text:?}"), "it's é \"it's é\"");
        assert_eq!(text.type_name(), "str");
        assert_eq!(text.type_().name()?, "str");
        let int = ctx.int(1)?.type_();
        assert!(text.type_check(&text.type_()) && !text.type_check(&int));
        assert!(text.is_instance(&text.type_())? && !text.is_instance(&int)?);
        assert!(text.is_instance(ctx.tuple((&int, text.type_()))?.as_object())?);
        assert!(text.is_instance(&text).is_err() && text.type_().is(&text.type_()));
        assert!(ctx.bool(true).type_check(&int) && !ctx.bool(true).type_().is(&int));
        assert!(
            ctx.int(1)?.is_exact_instance_of::<Int>()
                && !ctx.bool(true).is_exact_instance_of::<Int>()
        );
        assert!(ctx.bool(true).type_().is_subtype(&int) && !int.is_subtype(&text.type_()));
        let shy = hpy_mock::Class::new(ctx, "Shy", None)?
            .method("__repr__", |_, _| Err(ValueError::new("no")))
            .build()
            .call0()?;
        assert_eq!(
            format!("{shy} {shy:?}"),
            "<unprintable object> <unprintable object>"
        );
        assert_eq!(failure(ctx, shy.repr()), "ValueError: no");
        assert_eq!(failure(ctx, shy.str()), "ValueError: no");
        assert_eq!(failure(ctx, shy.ascii()), "ValueError: no");
        Ok(())
    });
}

#[test]
fn kinds_are_told_apart() {
    hpy_mock::run(|ctx| {
        let name = |object: &Handle<'_>| match object.kind() {
            Kind::None => "None",
            Kind::Bool(true) => "True",
            Kind::Bool(false) => "False",
            Kind::Int(_) => "int",
            Kind::Float(_) => "float",
            Kind::Str(_) => "str",
            Kind::Bytes(_) => "bytes",
            Kind::List(_) => "list",
            Kind::Tuple(_) => "tuple",
            Kind::Dict(_) => "dict",
            _ => "other",
        };
        let objects = [
            ctx.none().into_object(),
            ctx.bool(true).into_object(),
            ctx.bool(false).into_object(),
            ctx.handle(1)?,
            ctx.handle(1.5)?,
            ctx.handle("a")?,
            ctx.handle(&b"a"[..])?,
            ctx.handle(vec![1])?,
            ctx.handle((1,))?,
            ctx.dict()?.into_object(),
            ctx.ellipsis(),
        ];
        let names: Vec<_> = objects.iter().map(name).collect();
        assert_eq!(
            names,
            [
                "None", "True", "False", "int", "float", "str", "bytes", "list", "tuple", "dict",
                "other"
            ]
        );
        Ok(())
    });
}
