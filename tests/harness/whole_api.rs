//! The table of HPy's API, and what of it is reached in another way than by safe code.

/// Why a function is not to be had from safe code: at most eight.
pub const EXCUSED: &[(&str, &str)] = &[
    (
        "HPy_FatalError",
        "it ends the interpreter, which nothing reachable from safe code may do",
    ),
    (
        "HPyBytes_Size",
        "HPyBytes_GET_SIZE is used, whose check the type of the handle has made",
    ),
    (
        "HPyListBuilder_Cancel",
        "a list is built of items that are there, and nothing is left to fail halfway",
    ),
    ("HPyTracker_New", TRACKER),
    ("HPyTracker_Add", TRACKER),
    ("HPyTracker_ForgetAll", TRACKER),
    ("HPyTracker_Close", TRACKER),
];

const TRACKER: &str =
    "a handle closes itself when it is dropped, and is forgotten when it is returned";

/// What types written by hand ask for, through `hpy-sys`, and no safe code. Together with those
/// that are excused they are at most eight.
pub const BY_HAND: &[(&str, &str)] = &[(
    "_HPyType_GetBuiltinShape",
    "the shape of a type in Rust is known when it is compiled",
)];

/// Words that the safe layer uses through a function of `hpy-sys`.
pub const ELSEWHERE: &[(&str, &str)] = &[("HPy_ReenterPythonExecution", "reenter")];

/// Functions that HPy 0.9.0 lacks, whose trace mode counts the others' calls. Beside each stands
/// what the source of a test that calls it contains.
pub const NEWER: &[(&str, &str)] = &[
    ("h_DictType", "Dict::type_object("),
    ("_HPy_AsStruct_Dict", "_HPy_AsStruct_Dict("),
    ("HPyList_Insert", "list.insert("),
    ("HPy_GetSlice", ".get_slice("),
    ("HPy_SetSlice", ".set_slice("),
    ("HPy_DelSlice", ".del_slice("),
    ("HPy_GetIter", "object.iter()?"),
    ("HPyIter_Next", "iterator.next()?"),
    ("HPyIter_Check", "Handle<'ctx, PyIterator>"),
    ("HPySlice_New", "ctx.slice("),
];

/// Constants that safe code does not name as HPy does.
pub const CONSTANTS: &[(&str, &str)] = &[
    ("h_True", "ctx.bool(true)"),
    ("h_False", "ctx.bool(false)"),
    ("h_None", "ctx.none()"),
    ("h_NotImplemented", "ctx.not_implemented()"),
    ("h_Ellipsis", "ctx.ellipsis()"),
    ("h_Builtins", "ctx.builtins()"),
    ("h_BaseObjectType", "Object::type_object("),
    ("h_TypeType", "Type::type_object("),
    ("h_LongType", "Int::type_object("),
    ("h_UnicodeType", "Str::type_object("),
    ("h_MemoryViewType", "MemoryView::type_object("),
    ("h_CapsuleType", "AnyCapsule"),
];

/// Whether no call of the function need be counted. There are these reasons:
/// - It is excused.
/// - Trace mode passes it on without counting, as it does with what each trampoline calls.
/// - The HPy whose trace mode counts crashes there. Types made with a metaclass that has data do so
///   when they are used or die. `types_by_hand` has them everywhere else.
/// - What calls it needs a `Python.h`, which is not everywhere: the slots in C of `incremental_c`.
pub fn is_uncounted(name: &str) -> bool {
    let excused = EXCUSED.iter().any(|(known, _)| *known == name);
    let uncounted = [
        "_HPy_CallRealFunctionFromTrampoline",
        "_HPy_AsStruct_Type",
        "_HPy_AsStruct_Legacy",
    ];
    excused || uncounted.contains(&name)
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Its index in the context.
    pub index: usize,
    /// Whether HPy 0.9.0's contexts have it.
    pub old: bool,
    /// Whether it is a function, no constant.
    pub function: bool,
    /// The field's name: `ctx_Add`.
    pub field: String,
    /// What is called: `HPy_Add`.
    pub user: String,
}

/// All rows, read from the table's source.
///
/// # Panics
/// If that is no longer written as it was.
pub fn words() -> Vec<Word> {
    let rows = include_str!("../../hpy-sys/src/table.rs").lines();
    let words: Vec<Word> = rows.filter_map(|row| word(row.trim())).collect();
    assert_eq!(words.len(), 273, "the table is not read as it is written");
    assert!(
        words
            .iter()
            .zip(3..)
            .all(|(word, index)| word.index == index)
    );
    words
}

/// `103 v0_9_0 call ctx_Add HPy_Add(…) -> HPy = …;`
fn word(row: &str) -> Option<Word> {
    let mut parts = row.split_whitespace();
    let index = parts.next()?.parse().ok()?;
    let (since, kind, field) = (parts.next()?, parts.next()?, parts.next()?);
    let user = parts.next()?.split('(').next()?;
    Some(Word {
        index,
        old: since == "v0_9_0",
        function: kind.ends_with("call"),
        field: field.to_owned(),
        user: user.to_owned(),
    })
}
