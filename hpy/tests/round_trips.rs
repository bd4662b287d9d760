//! Values drawn by proptest go through the mock context and come back as they were, with no handle
//! left open. (`tests/extensions/round_trips` does the same from Python's side, on every
//! interpreter.)

use hpy::{FromHandle, IntoHandle};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::num::NonZero;

fn there_and_back<T>(value: T)
where
    T: for<'ctx> IntoHandle<'ctx> + for<'a, 'ctx> FromHandle<'a, 'ctx> + Clone + PartialEq + Debug,
{
    hpy_mock::run(|ctx| {
        let back: T = ctx.handle(value.clone())?.extract()?;
        assert_eq!(back, value);
        Ok(())
    });
}

#[derive(FromHandle, IntoHandle, Clone, PartialEq, Debug)]
#[hpy(from_item_all, rename_all = "camelCase")]
struct Record {
    first_number: i64,
    text: Option<String>,
    #[hpy(name = "the list")]
    list: Vec<(u8, bool)>,
}

#[derive(FromHandle, IntoHandle, Clone, PartialEq, Debug)]
enum Tree {
    Leaf(i64),
    Text(String),
    Inner(Vec<Tree>),
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Tree::Leaf),
        any::<String>().prop_map(Tree::Text)
    ];
    leaf.prop_recursive(4, 30, 5, |inner| vec(inner, 0..5).prop_map(Tree::Inner))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn ints(value in any::<(i8, i16, i32, i64, u8, u16, u32, u64)>()) {
        there_and_back(value);
    }

    #[test]
    fn wide_ints(value in any::<(i128, u128, isize, usize, NonZero<i64>)>()) {
        there_and_back(value);
    }

    #[test]
    fn floats(bits in any::<u64>()) {
        hpy_mock::run(|ctx| {
            let value = f64::from_bits(bits);
            let back: f64 = ctx.handle(value)?.extract()?;
            assert!(back.to_bits() == bits || back.is_nan() && value.is_nan());
            Ok(())
        });
    }

    #[test]
    fn texts(value in any::<(String, char, bool, Option<String>)>()) {
        there_and_back(value);
    }

    #[test]
    fn sequences(value in (
        vec(any::<u8>(), 0..50),
        vec(vec(any::<i64>(), 0..5), 0..5),
        any::<[i32; 3]>(),
    )) {
        let (bytes, lists, array) = value;
        there_and_back(VecDeque::from(bytes.clone()));
        there_and_back(bytes);
        there_and_back(lists);
        there_and_back(array);
    }

    #[test]
    fn maps(value in btree_map(any::<String>(), any::<Option<i64>>(), 0..6)) {
        there_and_back::<BTreeMap<_, _>>(value);
    }

    #[test]
    fn structs(first_number: i64, text: Option<String>, list in vec(any::<(u8, bool)>(), 0..4)) {
        there_and_back(Record { first_number, text, list });
    }

    #[test]
    fn enums(tree in trees()) {
        there_and_back(tree);
    }
}
