//! Several blocks of `#[hpy_methods]` for one type: what they have together, and what they must not
//! have twice.

use super::description::{SetAttributes, TypeMethods, are_missing, are_unknown};
use super::names::has;
use crate::entry::definition::MethodDef;
use core::ffi::CStr;

macro_rules! lists {
    ($($field:ident: $item:ty = $none:expr;)*) => {
        $(
            /// The list of this name.
            pub mod $field {
                use super::*;

                /// How many items there are in all blocks.
                pub const fn count(blocks: &[TypeMethods]) -> usize {
                    let (mut count, mut block) = (0, 0);
                    while block < blocks.len() {
                        count += blocks[block].$field.len();
                        block += 1;
                    }
                    count
                }

                /// The items of all blocks.
                pub const fn all<const N: usize>(blocks: &[TypeMethods]) -> [$item; N] {
                    let none: $item = $none;
                    let mut all = [none; N];
                    let (mut count, mut block) = (0, 0);
                    while block < blocks.len() {
                        let mut index = 0;
                        while index < blocks[block].$field.len() {
                            all[count] = blocks[block].$field[index];
                            (count, index) = (count + 1, index + 1);
                        }
                        block += 1;
                    }
                    all
                }
            }
        )*
    };
}

/// The lists of a [`TypeMethods`], by their names.
pub mod lists {
    use super::*;

    lists! {
        definitions: MethodDef = MethodDef::NONE;
        setters: MethodDef = MethodDef::NONE;
        class_methods: MethodDef = MethodDef::NONE;
        reflected: MethodDef = MethodDef::NONE;
        assigned: &'static CStr = c"";
        special: &'static str = "";
        names: &'static str = "";
        set_attributes: SetAttributes = |_| Ok(());
    }
}

/// Everything but the lists: of the first block that has it.
pub const fn of_blocks(blocks: &[TypeMethods]) -> TypeMethods {
    let mut all = TypeMethods::NONE;
    let mut index = 0;
    while index < blocks.len() {
        let block = &blocks[index];
        if all.new.is_none() {
            all.new = block.new;
            all.new_signature = block.new_signature;
        }
        if all.call.is_none() {
            all.call = block.call;
            all.chooses_call = block.chooses_call;
        }
        index += 1;
    }
    all
}

/// The methods of several blocks as those of one.
#[doc(hidden)]
#[macro_export]
macro_rules! __methods_of_blocks {
    ($($block:expr),* $(,)?) => {{
        const BLOCKS: &[$crate::__private::TypeMethods] = &[$($block),*];
        $crate::__methods_of_blocks! {
            @lists BLOCKS definitions setters class_methods reflected assigned special names
            set_attributes
        }
    }};
    (@lists $blocks:ident $($list:ident)*) => {
        $crate::__private::TypeMethods {
            $(
                $list: &$crate::__private::lists::$list::all::<
                    { $crate::__private::lists::$list::count($blocks) }
                >($blocks),
            )*
            ..$crate::__private::of_blocks($blocks)
        }
    };
}

/// Special methods that share a slot: only one block can fill it.
const SHARED: &[&[&str]] = &[
    &["__add__", "__radd__"],
    &["__sub__", "__rsub__"],
    &["__mul__", "__rmul__"],
    &["__matmul__", "__rmatmul__"],
    &["__truediv__", "__rtruediv__"],
    &["__floordiv__", "__rfloordiv__"],
    &["__mod__", "__rmod__"],
    &["__divmod__", "__rdivmod__"],
    &["__lshift__", "__rlshift__"],
    &["__rshift__", "__rrshift__"],
    &["__and__", "__rand__"],
    &["__or__", "__ror__"],
    &["__xor__", "__rxor__"],
    &["__pow__", "__rpow__"],
    &["__setitem__", "__delitem__"],
    &[
        "__richcmp__",
        "__lt__",
        "__le__",
        "__eq__",
        "__ne__",
        "__gt__",
        "__ge__",
    ],
];

/// Refuses, when the extension is compiled, what the last block has and one before it has too.
#[track_caller]
pub const fn check_block(blocks: &[TypeMethods]) {
    let [before @ .., last] = blocks else { return };
    assert!(
        !are_missing(last.special),
        "the type has no block of this name: write it, `#[hpy_methods(block = …)] impl …`, or \
         remove the name"
    );
    if are_unknown(last.special) {
        return;
    }
    let mut index = 0;
    while index < before.len() {
        let other = &before[index];
        assert!(
            last.new.is_none() || other.new.is_none(),
            "the type has two constructors: keep one #[new], or the option `new`"
        );
        assert!(
            !have_common(last.names, other.names),
            "this block has a method or attribute that another block of the type has too: keep \
             one"
        );
        assert!(
            !have_common(last.special, other.special),
            "this block has a special method that another block of the type has too: keep one"
        );
        assert!(
            !share_slot(last.special, other.special),
            "special methods that share a slot belong in one block: an operator and its \
             reflection, all comparisons, `__setitem__` and `__delitem__`"
        );
        index += 1;
    }
}

const fn have_common(a: &[&str], b: &[&str]) -> bool {
    let mut index = 0;
    while index < a.len() {
        if has(b, a[index]) {
            return true;
        }
        index += 1;
    }
    false
}

const fn share_slot(a: &[&str], b: &[&str]) -> bool {
    let mut index = 0;
    while index < SHARED.len() {
        if have_common(SHARED[index], a) && have_common(SHARED[index], b) {
            return true;
        }
        index += 1;
    }
    false
}

/// Refuses, when the extension is compiled, a block that its type does not list.
#[track_caller]
pub const fn check_listed(blocks: &[&str], block: &str) {
    assert!(
        has(blocks, block),
        "the type does not list this block: write its name in #[hpy_type(blocks = […])]"
    );
}

/// Refuses, when the extension is compiled, an `__init__` without a constructor.
#[track_caller]
pub const fn check_init(methods: &TypeMethods) {
    assert!(
        methods.new.is_some() || are_unknown(methods.special),
        "`__init__` runs after the constructor, but there is none: write `#[new] fn new(…) -> \
         Self`, which often makes `__init__` unnecessary"
    );
}

/// Refuses, when the extension is compiled, a setter of an attribute that has no getter.
#[track_caller]
pub const fn check_setter(attributes: &[&str], writable: &[&str], name: &str) {
    assert!(
        has(attributes, name),
        "the attribute has no getter: write one, `#[getter] fn …(&self) -> …`, in the same block, \
         or write #[hpy(get)] above the field"
    );
    assert!(
        !has(writable, name),
        "the field has #[hpy(set)], which is a setter already: remove `set`, or this function"
    );
}
