//! What the compiler knows of the public types: which of them threads may share, and which
//! lifetimes may be shortened.
//!
//! A type that becomes Send or Sync, or ceases to be, fails here: then see "Variance and auto
//! traits" in `docs/design/soundness.md`. What must not be coerced is in the cases
//! `variance_of_….rs`.

use hpy::asyncio::Cancelled;
use hpy::buffer::{Buffer, Export, ItemCell, Memory, ReadOnlyCell};
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::sync::Lazy;
use hpy::types::{Capsule, DictIter, Kind, ListIter, SliceIndices, TupleIter};
use hpy::{
    Annotation, ArgsIter, Borrowed, ByIdentity, CallFunction, Called, CompareOp, CompileMode,
};
use hpy::{Identity, Imported, Iter, Keywords, PersistentBytes, PersistentStr, RustIterator};
use hpy::{State, StateRef, Visitor};
use std::cell::Cell;
use std::fs;
use std::marker::PhantomData;
use std::path::Path;

/// Whether `T` is Send and Sync: the constants of its own hide those of the trait, where `T` has
/// what they ask for.
struct Of<T: ?Sized>(PhantomData<T>);

trait Not {
    const SEND: bool = false;
    const SYNC: bool = false;
}

impl<T: ?Sized> Not for Of<T> {}

impl<T: ?Sized + Send> Of<T> {
    const SEND: bool = true;
}

impl<T: ?Sized + Sync> Of<T> {
    const SYNC: bool = true;
}

/// Neither Send nor Sync.
type Local = PhantomData<*const ()>;

/// As `#[hpy_type]` makes them.
#[hpy_type]
#[derive(Debug)]
struct Data(u8);

macro_rules! table {
    ($($send:literal $sync:literal $type:ty;)*) => {
        &[$((stringify!($type), ($send, $sync), (Of::<$type>::SEND, Of::<$type>::SYNC)),)*]
    };
}

type Row = (&'static str, (bool, bool), (bool, bool));

/// Send, Sync.
const TABLE: &[Row] = table! {
    // The right to be in Python, and what stands on it: of one thread.
    false false Context<'static>;
    false false Handle<'static>;
    false false Handle<'static, List>;
    false false Handle<'static, Capsule<u8>>;
    false false Borrowed<'static, 'static>;
    false false Args<'static, 'static>;
    false false Keywords<'static, 'static>;
    false false ArgsIter<'static, 'static>;
    false false Iter<'static>;
    false false DictIter<'static>;
    false false ListIter<'static, 'static>;
    false false TupleIter<'static, 'static>;
    false false Kind<'static, 'static>;
    false false Buffer<'static, u8>;
    false false StateRef<'static, u8>;
    // Guards: who gave the data, has it back on the same thread.
    false false Ref<'static, Data>;
    false false RefMut<'static, Data>;
    // Found by the collector, if it is where the collector looks.
    false false Field;
    false false Field<Data>;
    false false Visitor<'static>;
    // What outlives a call: an object is not in Rust's hands, so its type does not matter.
    true true Global;
    true true Global<Local>;
    true true Cached;
    true true Cached<Local>;
    true true Imported;
    true true Imported<Local>;
    true true Persistent;
    true true Persistent<Local>;
    true true ByIdentity;
    true true ByIdentity<Local>;
    true true Identity;
    true true PersistentStr;
    true true PersistentBytes;
    true true Lazy<u8>;
    false false Lazy<Local>;
    true true Capsule<u8>;
    true true Capsule<Local>;
    true true State<u8>;
    true true State<Local>;
    true true Error;
    true true Cancelled<'static>;
    // Any thread may go on with it, one at a time.
    true false RustIterator<u8>;
    true false RustIterator<Local>;
    // Plain data.
    true true Annotation;
    true true CompareOp;
    true true CompileMode;
    true true SliceIndices;
    true true CallFunction<Data>;
    true true CallFunction<Local>;
    true true Called<Data>;
    false false Called<Data, Local>;
    // Memory that both sides write: a cell is of one thread.
    true false ItemCell<u8>;
    true false ReadOnlyCell<u8>;
    true true Memory<u8>;
    true true Export;
    // A marker of a type.
    true true Object;
    true true List;
    true true ValueError;
};

#[test]
fn auto_traits_are_those_of_the_table() {
    for (name, expected, found) in TABLE {
        assert_eq!(found, expected, "(Send, Sync) of {name}");
    }
}

/// Types with parameters that only the macros' code names, and what conversions are made of:
/// markers without a value, parts of one call, plain wrappers of a value. Their traits are those of
/// their fields.
const HIDDEN: &[&str] = &[
    "And",
    "Argument",
    "AsMethod",
    "AsPowerMethod",
    "Attribute",
    "ByObject",
    "CallStatic",
    "Comparisons",
    "DerivedEq",
    "DerivedHash",
    "DerivedOrd",
    "DerivedRepr",
    "DerivedStr",
    "DictOf",
    "DropOf",
    "Exactly",
    "Held",
    "In",
    "ItemSlot",
    "Items",
    "Key",
    "KeywordArgs",
    "ListOf",
    "Operator",
    "Outcome",
    "OwnedVariant",
    "Pairs",
    "Parsed",
    "PickledFields",
    "Power",
    "PyArrow",
    "Reader",
    "RestoredFields",
    "Says",
    "Serde",
    "SetOf",
    "SetOnly",
    "Spawned",
    "TupleOf",
    "TypeCell",
    "Writer",
];

/// Types behind features of `hpy`. Doc tests in their files check them.
const BEHIND_FEATURES: &[&str] = &["ArrayView", "Dimensional", "TensorView"];

/// Every public type with a parameter is in the table or among the others.
#[test]
fn no_type_is_forgotten() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../hpy-core/src");
    let mut found = Vec::new();
    declared_in(&sources, &mut found);
    assert!(found.len() >= HIDDEN.len() + 20, "{found:?}");
    let in_table = |name: &str| {
        let named = |row: &&Row| row.0.split('<').next() == Some(name);
        TABLE.iter().any(|row| named(&row))
    };
    let others = [HIDDEN, BEHIND_FEATURES].concat();
    found.retain(|name| !in_table(name) && !others.contains(&name.as_str()));
    assert!(found.is_empty(), "not in the table: {found:?}");
}

/// The names in `pub struct Name<…` and `pub enum Name<…`.
fn declared_in(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            declared_in(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let declared = |line: &str| {
            let rest = line.strip_prefix("pub struct ");
            let (name, _) = rest.or(line.strip_prefix("pub enum "))?.split_once('<')?;
            let is_name = name.chars().all(char::is_alphanumeric);
            is_name.then(|| name.to_owned())
        };
        found.extend(text.lines().filter_map(declared));
    }
}

/// A probe that always says the same would pass.
#[test]
fn the_probe_tells_types_apart() {
    const { assert!(Of::<u8>::SEND && Of::<u8>::SYNC) };
    const { assert!(Of::<Cell<u8>>::SEND && !Of::<Cell<u8>>::SYNC) };
    const { assert!(!Of::<Local>::SEND && !Of::<Local>::SYNC) };
}

/// What is lent may be lent for less long. (Never called: it is there to compile.)
#[allow(dead_code)]
mod shortened {
    use super::*;

    macro_rules! shortened {
        ($($name:ident: |$lent:lifetime, $ctx:lifetime| $type:ty;)*) => {$(mod $name {
            use super::*;
            type Lent<$lent, $ctx> = ($type, PhantomData<fn(&$ctx ()) -> &$ctx ()>);

            fn shortened<'short, 'long: 'short, 'ctx: 'long>(
                it: Lent<'long, 'ctx>,
            ) -> Lent<'short, 'ctx> {
                it
            }
        })*};
    }

    shortened! {
        handle: |'a, 'ctx| &'a Handle<'ctx, List>;
        args: |'a, 'ctx| Args<'a, 'ctx>;
        keywords: |'a, 'ctx| Keywords<'a, 'ctx>;
        args_iter: |'a, 'ctx| ArgsIter<'a, 'ctx>;
        list_iter: |'a, 'ctx| ListIter<'a, 'ctx>;
        tuple_iter: |'a, 'ctx| TupleIter<'a, 'ctx>;
        kind: |'a, 'ctx| Kind<'a, 'ctx>;
        data: |'a, 'ctx| Ref<'a, Data>;
        data_mut: |'a, 'ctx| RefMut<'a, Data>;
    }
}
