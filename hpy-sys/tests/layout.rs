//! The layout of the context against the list of every word in `tests/layout/context.tsv`, and the
//! layouts of HPy's structs.

use core::mem::offset_of;
use hpy_sys::*;

const WORD: usize = size_of::<usize>();

/// A row of the list: the word's place in HPy's newest layout, in 0.9.0 and in PyPy, and its name.
struct Row {
    newest: usize,
    in_0_9_0: Option<usize>,
    in_pypy: usize,
    name: &'static str,
}

fn rows() -> Vec<Row> {
    include_str!("../../tests/layout/context.tsv")
        .lines()
        .skip(1)
        .map(|line| {
            let mut columns = line.split('\t');
            let mut column = || columns.next().expect("a row has four columns");
            Row {
                newest: column()
                    .parse()
                    .expect("every word is in the newest layout"),
                in_0_9_0: column().parse().ok(),
                in_pypy: column().parse().expect("every word is in PyPy's layout"),
                name: column(),
            }
        })
        .collect()
}

#[test]
fn counts() {
    let rows = rows();
    assert_eq!(rows.len(), 276);
    assert_eq!(
        rows.iter().filter(|row| row.in_0_9_0.is_some()).count(),
        266
    );
    assert_eq!(WORDS.len(), 273);
    assert_eq!(size_of::<HPyContext>(), 276 * WORD);
}

#[test]
fn the_three_words_before_the_table() {
    assert_eq!(offset_of!(HPyContext, name), 0);
    assert_eq!(offset_of!(HPyContext, _private), WORD);
    assert_eq!(offset_of!(HPyContext, abi_version), 2 * WORD);
}

#[test]
fn every_word_is_where_the_list_has_it() {
    let rows = rows();
    for (place, (row, word)) in rows[3..].iter().zip(WORDS).enumerate() {
        assert_eq!(word.name, row.name);
        assert_eq!(row.newest, place + 3, "{}", row.name);
        assert_eq!(word.index, row.newest, "{}", row.name);
        assert_eq!(word.offset, row.newest * WORD, "{}", row.name);
    }
}

#[test]
fn every_word_says_which_contexts_have_it() {
    for (row, word) in rows()[3..].iter().zip(WORDS) {
        let is_data = row.name.starts_with("h_");
        let expected = match row.in_0_9_0 {
            None if is_data => (Since::v0_9_1, WordKind::new_data),
            None => (Since::v0_9_1, WordKind::new_call),
            Some(place) => {
                assert_eq!(place, row.newest, "{}", row.name);
                match (is_data, row.in_pypy - row.newest) {
                    (true, 0) => (Since::v0_9_0, WordKind::data),
                    (false, 0) => (Since::v0_9_0, WordKind::call),
                    (false, 1) => (Since::v0_9_0, WordKind::late_call),
                    other => panic!("{}: {other:?}", row.name),
                }
            }
        };
        assert_eq!((word.since, word.kind), expected, "{}", row.name);
    }
}

#[test]
#[cfg(all(target_pointer_width = "64", not(windows)))]
fn structs_on_64_bit_unix() {
    macro_rules! layout {
        ($($ty:ident $size:literal { $($field:ident $offset:literal)* })*) => {$(
            assert_eq!(size_of::<$ty>(), $size, stringify!($ty));
            $(assert_eq!(offset_of!($ty, $field), $offset, stringify!($ty.$field));)*
        )*};
    }
    layout! {
        HPyDef 64 { kind 0 definition 8 }
        HPyMeth 40 { name 0 r#impl 8 cpy_trampoline 16 signature 24 doc 32 }
        HPySlot 24 { slot 0 r#impl 8 cpy_trampoline 16 }
        HPyMember 40 { name 0 r#type 8 offset 16 readonly 24 doc 32 }
        HPyGetSet 56 {
            name 0 getter_impl 8 setter_impl 16 getter_cpy_trampoline 24 setter_cpy_trampoline 32
            doc 40 closure 48
        }
        HPyModuleDef 40 { doc 0 size 8 legacy_methods 16 defines 24 globals 32 }
        HPyType_Spec 56 {
            name 0 basicsize 8 itemsize 12 flags 16 builtin_shape 24
            legacy_slots 32 defines 40 doc 48
        }
        HPyType_SpecParam 16 { kind 0 object 8 }
        HPyCallFunction 16 { cpy_trampoline 0 r#impl 8 }
        HPyCapsule_Destructor 16 { cpy_trampoline 0 r#impl 8 }
        HPy_buffer 80 {
            buf 0 obj 8 len 16 itemsize 24 readonly 32 ndim 36 format 40 shape 48 strides 56
            suboffsets 64 internal 72
        }
        _HPyFunc_args_RICHCMPFUNC 32 { arg0 0 arg1 8 arg2 16 result 24 }
        _HPyFunc_args_GETBUFFERPROC 24 { self_ 0 view 8 flags 16 result 20 }
    }
}

#[test]
fn one_word_types() {
    for size in [
        size_of::<HPy>(),
        size_of::<HPyField>(),
        size_of::<HPyGlobal>(),
        size_of::<HPyTracker>(),
        size_of::<HPyListBuilder>(),
        size_of::<HPyTupleBuilder>(),
        size_of::<HPyThreadState>(),
    ] {
        assert_eq!(size, WORD);
    }
}
