//! Lists, tuples, dicts, sets, and Rust's collections.

use crate::failure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

#[test]
fn lists() {
    hpy_mock::run(|ctx| {
        let list = ctx.list(["a", "b"])?;
        assert!(!list.is_empty() && ctx.empty_list()?.is_empty());
        list.append("c")?;
        list.insert(0, "z")?;
        list.insert(isize::MIN, "first")?;
        list.insert(isize::MAX, "last")?;
        assert_eq!(list.len(), 6);
        assert_eq!(
            list.get(1).map(|item| item.to_string()).as_deref(),
            Some("z")
        );
        assert!(list.get(6).is_none() && list.get(usize::MAX).is_none());
        let items: Vec<String> = list.iter().map(|item| item.to_string()).collect();
        assert_eq!(items, ["first", "z", "a", "b", "c", "last"]);
        Ok(())
    });
}

#[test]
fn a_list_may_change_while_it_is_walked() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([1, 2, 3])?;
        let mut seen = 0;
        for _ in list.iter() {
            seen += 1;
            list.del_item(0)?;
        }
        assert_eq!((seen, list.len()), (2, 1));
        Ok(())
    });
}

#[test]
fn tuples() {
    hpy_mock::run(|ctx| {
        let tuple = ctx.tuple((1, "two", ctx.none()))?;
        assert_eq!(tuple.len(), 3);
        assert!(!tuple.is_empty() && ctx.tuple(())?.is_empty());
        assert_eq!(
            tuple.get(1).map(|item| item.to_string()).as_deref(),
            Some("two")
        );
        assert!(tuple.get(3).is_none());
        assert_eq!(tuple.iter().count(), 3);
        assert_eq!(ctx.tuple(vec![1, 2])?.repr()?.to_str()?, "(1, 2)");
        assert_eq!(ctx.tuple(&[1, 2][..])?.repr()?.to_str()?, "(1, 2)");
        assert_eq!(ctx.tuple(&tuple)?.repr()?.to_str()?, "(1, 'two', None)");
        assert_eq!(
            tuple.extract::<(i32, String, Option<i32>)>()?,
            (1, "two".into(), None)
        );
        assert_eq!(ctx.handle((1, 2.5))?.repr()?.to_str()?, "(1, 2.5)");
        assert_eq!(
            failure(ctx, tuple.extract::<(i32, String)>()),
            "ValueError: expected 2 items, got 3"
        );
        assert_eq!(
            failure(ctx, tuple.extract::<(i32, i32, ())>()),
            "TypeError: 'str' object cannot be interpreted as an integer"
        );
        assert_eq!(
            failure(ctx, ctx.list([1])?.extract::<(i32,)>()),
            "TypeError: must be tuple, not list"
        );
        Ok(())
    });
}

#[test]
fn dicts() {
    hpy_mock::run(|ctx| {
        let dict = ctx.dict()?;
        assert!(dict.is_empty());
        dict.set_item("a", 1)?;
        dict.set_item(2, "b")?;
        dict.set_item("a", 3)?;
        assert_eq!(dict.len(), 2);
        assert_eq!(
            dict.get("a")?.map(|value| value.to_string()).as_deref(),
            Some("3")
        );
        assert!(dict.get("missing")?.is_none());
        assert_eq!(dict.keys()?.repr()?.to_str()?, "['a', 2]");
        let pairs: Vec<String> = dict
            .items()?
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        assert_eq!(pairs, ["a=3", "2=b"]);
        let mut both = dict.items()?;
        dict.items_into(&mut both)?;
        let values: Vec<String> = both.iter().map(|(_, value)| value.to_string()).collect();
        assert_eq!(values, ["3", "b", "3", "b"]);
        let copy = dict.copy()?;
        copy.del_item("a")?;
        assert_eq!((dict.len(), copy.len()), (2, 1));
        assert_eq!(
            failure(ctx, dict.get(ctx.empty_list()?)),
            "TypeError: unhashable type: 'list'"
        );
        Ok(())
    });
}

#[test]
fn vecs_from_everything_that_iterates() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([1, 2, 3])?;
        let set = ctx.builtins().get_item("set")?.call1((&list,))?;
        for object in [
            list.dup().into_object(),
            ctx.tuple((1, 2, 3))?.into_object(),
            set,
        ] {
            assert_eq!(object.extract::<Vec<i64>>()?, [1, 2, 3]);
            assert_eq!(object.extract::<[i64; 3]>()?, [1, 2, 3]);
        }
        assert_eq!(list.extract::<Vec<u8>>()?, [1, 2, 3]);
        assert_eq!(
            failure(ctx, list.extract::<[i64; 2]>()),
            "ValueError: expected 2 items, got 3"
        );
        assert_eq!(
            failure(ctx, ctx.str("abc")?.extract::<Vec<char>>()),
            "TypeError: must be a sequence, not str"
        );
        assert_eq!(
            failure(ctx, ctx.none().extract::<Vec<i64>>()),
            "TypeError: 'NoneType' object is not iterable"
        );
        assert_eq!(
            failure(ctx, ctx.list(["x"])?.extract::<Vec<i64>>()),
            "TypeError: item 0: 'str' object cannot be interpreted as an integer"
        );
        let handles = list.extract::<Vec<Handle<'_, Int>>>()?;
        assert_eq!(handles.len(), 3);
        Ok(())
    });
}

#[test]
fn a_length_that_lies_reserves_no_memory() {
    hpy_mock::run(|ctx| {
        for length in [0, 3, isize::MAX] {
            let liar = hpy_mock::Class::new(ctx, "Liar", None)?
                .method("__len__", move |ctx, _| ctx.handle(length))
                .method("__iter__", |ctx, _| {
                    ctx.list([1, 2])?
                        .call_method0("__iter__")
                        .or_else(|_| ctx.builtins().get_item("iter")?.call1((ctx.list([1, 2])?,)))
                })
                .build()
                .call0()?;
            assert_eq!(liar.extract::<Vec<i64>>()?, [1, 2], "{length}");
        }
        let silent = hpy_mock::Class::new(ctx, "Silent", None)?
            .method("__len__", |_, _| Err(ValueError::new("no length")))
            .method("__iter__", |ctx, _| {
                ctx.builtins().get_item("iter")?.call1((ctx.list([1])?,))
            })
            .build()
            .call0()?;
        assert_eq!(silent.extract::<Vec<i64>>()?, [1]);
        Ok(())
    });
}

#[test]
fn the_length_of_a_list_subclass_may_lie() {
    hpy_mock::run(|ctx| {
        let list = ctx.empty_list()?.type_();
        let build = |length: isize| -> Result<Handle<'_>> {
            hpy_mock::Class::new(ctx, "Liar", Some(&list))?
                .method("__len__", move |ctx, _| {
                    if length < 0 {
                        Err(ValueError::new("no"))
                    } else {
                        ctx.handle(length)
                    }
                })
                .build()
                .call1(([1, 2],))
        };
        for length in [isize::MAX, 1, -1] {
            assert_eq!(build(length)?.extract::<Vec<i64>>()?, [1, 2], "{length}");
        }
        // By index, what the list says of itself is believed, and no further than it goes.
        let long = build(isize::MAX)?;
        assert_eq!(long.downcast::<List>()?.iter().count(), 2);
        let silent = build(-1)?;
        assert_eq!(silent.downcast::<List>()?.len(), 0);
        Ok(())
    });
}

#[test]
fn vecs_and_slices_become_lists() {
    hpy_mock::run(|ctx| {
        let strings = vec![String::from("a"), String::from("b")];
        for object in [
            ctx.handle(&strings)?,
            ctx.handle(strings.as_slice())?,
            ctx.handle(strings.clone())?,
            ctx.handle(["a", "b"])?,
            ctx.handle(&["a", "b"])?,
        ] {
            assert_eq!(object.downcast::<List>()?.repr()?.to_str()?, "['a', 'b']");
        }
        assert_eq!(ctx.handle(Vec::<i32>::new())?.repr()?.to_str()?, "[]");
        assert_eq!(
            ctx.handle(vec![Some(1), None])?.repr()?.to_str()?,
            "[1, None]"
        );
        assert_eq!(
            ctx.handle(vec![vec![1], vec![]])?.repr()?.to_str()?,
            "[[1], []]"
        );
        Ok(())
    });
}

#[test]
fn maps() {
    hpy_mock::run(|ctx| {
        let map = BTreeMap::from([("a", 1), ("b", 2)]);
        let dict = ctx.handle(&map)?;
        assert_eq!(dict.repr()?.to_str()?, "{'a': 1, 'b': 2}");
        let back: HashMap<String, i64> = dict.extract()?;
        assert_eq!(
            back,
            HashMap::from([("a".to_owned(), 1), ("b".to_owned(), 2)])
        );
        let back: BTreeMap<&str, i64> = BTreeMap::from([("a", 1)]);
        assert_eq!(ctx.handle(back)?.repr()?.to_str()?, "{'a': 1}");
        assert_eq!(
            ctx.handle(HashMap::from([(1, 2)]))?.repr()?.to_str()?,
            "{1: 2}"
        );
        assert_eq!(
            ctx.handle(&HashMap::from([(1, 2)]))?.repr()?.to_str()?,
            "{1: 2}"
        );
        assert_eq!(
            failure(ctx, ctx.list([1])?.extract::<HashMap<i32, i32>>()),
            "TypeError: must be dict, not list"
        );
        let mapping = hpy_mock::Class::new(ctx, "Mapping", None)?
            .method("keys", |ctx, _| ctx.handle(["x", "y"]))
            .method("__getitem__", |_, args| args[1].mul(2))
            .build()
            .call0()?;
        let pairs: BTreeMap<String, String> = mapping.extract()?;
        assert_eq!(pairs["y"], "yy");
        Ok(())
    });
}

#[test]
fn sets() {
    hpy_mock::run(|ctx| {
        let set = ctx.handle(BTreeSet::from([1, 2]))?;
        assert_eq!(set.repr()?.to_str()?, "{1, 2}");
        assert_eq!(set.extract::<HashSet<i64>>()?, HashSet::from([1, 2]));
        assert_eq!(set.extract::<BTreeSet<i64>>()?, BTreeSet::from([1, 2]));
        assert_eq!(ctx.handle(HashSet::from(["x"]))?.repr()?.to_str()?, "{'x'}");
        let frozen = ctx.builtins().get_item("frozenset")?.call1((set,))?;
        assert_eq!(frozen.extract::<HashSet<i64>>()?.len(), 2);
        assert_eq!(
            failure(ctx, ctx.list([1])?.extract::<HashSet<i64>>()),
            "TypeError: must be set, not list"
        );
        assert_eq!(
            failure(
                ctx,
                ctx.handle(vec![ctx.empty_list()?])
                    .and_then(|list| { ctx.builtins().get_item("set")?.call1((list,)) })
            ),
            "TypeError: unhashable type: 'list'"
        );
        Ok(())
    });
}

#[test]
fn what_stands_for_none() {
    hpy_mock::run(|ctx| {
        assert!(ctx.handle(())?.is_none() && ctx.handle(None::<i32>)?.is_none());
        assert_eq!(ctx.handle(Some(1))?.extract::<Option<i32>>()?, Some(1));
        assert_eq!(ctx.none().extract::<Option<&str>>()?, None);
        ctx.none().extract::<()>()?;
        assert_eq!(
            failure(ctx, ctx.int(0)?.extract::<()>()),
            "TypeError: must be None, not int"
        );
        assert_eq!(
            failure(ctx, ctx.int(0)?.extract::<Option<&str>>()),
            "TypeError: must be str, not int"
        );
        Ok(())
    });
}
