//! Python's special methods: the slot of each, and how it is written in Rust.

use crate::report::{Report, nearest};
use proc_macro2::Ident;

/// A special method.
#[derive(Debug, PartialEq, Eq)]
pub struct Special {
    pub name: &'static str,
    pub kind: SpecialKind,
    /// How it is written.
    pub shown: &'static str,
}

/// How it is implemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecialKind {
    /// A slot of the object alone.
    Unary(&'static str),
    /// `__len__`, which has two slots.
    Len,
    Hash,
    Bool,
    Contains,
    GetItem,
    SetItem,
    DelItem,
    /// An operator, and the slot that it shares with its reflection.
    Operator(&'static str),
    /// `__radd__`, and the same slot.
    Reflected(&'static str),
    InPlace(&'static str),
    Power,
    ReflectedPower,
    InPlacePower,
    /// `__richcmp__`
    RichCompare,
    /// One comparison, by its number.
    Comparison(usize),
    Call,
    Init,
    Del,
    Buffer,
    /// A method that works when it is assigned to the class, with this number of arguments.
    Assigned(usize),
    /// `__next__` and `__anext__`.
    Next,
}

impl SpecialKind {
    /// The number of arguments that Python passes, or None for any.
    pub fn arguments(self) -> Option<usize> {
        use SpecialKind::*;
        match self {
            Unary(_) | Len | Hash | Bool | Del | Buffer | Next => Some(0),
            Contains | GetItem | DelItem | Operator(_) | Reflected(_) | InPlace(_)
            | Comparison(_) => Some(1),
            SetItem | Power | ReflectedPower | InPlacePower | RichCompare => Some(2),
            Assigned(count) => Some(count),
            Call | Init => None,
        }
    }
}

macro_rules! table {
    ($($name:literal $kind:expr, $shown:literal;)*) => {
        /// Every special method that needs more than a method of its name.
        const ALL: &[Special] = {
            use SpecialKind::*;
            &[$(Special { name: $name, kind: $kind, shown: $shown }),*]
        };
    };
}

table! {
    "__repr__" Unary("HPy_tp_repr"), "fn __repr__(&self) -> String";
    "__str__" Unary("HPy_tp_str"), "fn __str__(&self) -> String";
    "__neg__" Unary("HPy_nb_negative"), "fn __neg__(&self) -> Self";
    "__pos__" Unary("HPy_nb_positive"), "fn __pos__(&self) -> Self";
    "__abs__" Unary("HPy_nb_absolute"), "fn __abs__(&self) -> f64";
    "__invert__" Unary("HPy_nb_invert"), "fn __invert__(&self) -> Self";
    "__int__" Unary("HPy_nb_int"), "fn __int__(&self) -> i64";
    "__float__" Unary("HPy_nb_float"), "fn __float__(&self) -> f64";
    "__index__" Unary("HPy_nb_index"), "fn __index__(&self) -> i64";
    "__len__" Len, "fn __len__(&self) -> usize";
    "__hash__" Hash, "fn __hash__(&self) -> u64";
    "__bool__" Bool, "fn __bool__(&self) -> bool";
    "__contains__" Contains, "fn __contains__(&self, item: &Handle<'_>) -> Result<bool>";
    "__getitem__" GetItem, "fn __getitem__(&self, index: isize) -> Result<f64>";
    "__setitem__" SetItem, "fn __setitem__(&mut self, index: isize, value: f64) -> Result<()>";
    "__delitem__" DelItem, "fn __delitem__(&mut self, index: isize) -> Result<()>";
    "__add__" Operator("HPy_nb_add"), "fn __add__(&self, other: f64) -> Self";
    "__sub__" Operator("HPy_nb_subtract"), "fn __sub__(&self, other: f64) -> Self";
    "__mul__" Operator("HPy_nb_multiply"), "fn __mul__(&self, other: f64) -> Self";
    "__matmul__" Operator("HPy_nb_matrix_multiply"),
        "fn __matmul__(&self, other: Ref<'_, Self>) -> Self";
    "__truediv__" Operator("HPy_nb_true_divide"), "fn __truediv__(&self, other: f64) -> Self";
    "__floordiv__" Operator("HPy_nb_floor_divide"), "fn __floordiv__(&self, other: f64) -> Self";
    "__mod__" Operator("HPy_nb_remainder"), "fn __mod__(&self, other: f64) -> Self";
    "__divmod__" Operator("HPy_nb_divmod"), "fn __divmod__(&self, other: f64) -> (f64, f64)";
    "__lshift__" Operator("HPy_nb_lshift"), "fn __lshift__(&self, other: u32) -> Self";
    "__rshift__" Operator("HPy_nb_rshift"), "fn __rshift__(&self, other: u32) -> Self";
    "__and__" Operator("HPy_nb_and"), "fn __and__(&self, other: u64) -> Self";
    "__or__" Operator("HPy_nb_or"), "fn __or__(&self, other: u64) -> Self";
    "__xor__" Operator("HPy_nb_xor"), "fn __xor__(&self, other: u64) -> Self";
    "__radd__" Reflected("HPy_nb_add"), "fn __radd__(&self, other: f64) -> Self";
    "__rsub__" Reflected("HPy_nb_subtract"), "fn __rsub__(&self, other: f64) -> Self";
    "__rmul__" Reflected("HPy_nb_multiply"), "fn __rmul__(&self, other: f64) -> Self";
    "__rmatmul__" Reflected("HPy_nb_matrix_multiply"),
        "fn __rmatmul__(&self, other: Ref<'_, Self>) -> Self";
    "__rtruediv__" Reflected("HPy_nb_true_divide"), "fn __rtruediv__(&self, other: f64) -> Self";
    "__rfloordiv__" Reflected("HPy_nb_floor_divide"), "fn __rfloordiv__(&self, other: f64) -> Self";
    "__rmod__" Reflected("HPy_nb_remainder"), "fn __rmod__(&self, other: f64) -> Self";
    "__rdivmod__" Reflected("HPy_nb_divmod"), "fn __rdivmod__(&self, other: f64) -> (f64, f64)";
    "__rlshift__" Reflected("HPy_nb_lshift"), "fn __rlshift__(&self, other: u64) -> u64";
    "__rrshift__" Reflected("HPy_nb_rshift"), "fn __rrshift__(&self, other: u64) -> u64";
    "__rand__" Reflected("HPy_nb_and"), "fn __rand__(&self, other: u64) -> Self";
    "__ror__" Reflected("HPy_nb_or"), "fn __ror__(&self, other: u64) -> Self";
    "__rxor__" Reflected("HPy_nb_xor"), "fn __rxor__(&self, other: u64) -> Self";
    "__iadd__" InPlace("HPy_nb_inplace_add"), "fn __iadd__(&mut self, other: f64)";
    "__isub__" InPlace("HPy_nb_inplace_subtract"), "fn __isub__(&mut self, other: f64)";
    "__imul__" InPlace("HPy_nb_inplace_multiply"), "fn __imul__(&mut self, other: f64)";
    "__imatmul__" InPlace("HPy_nb_inplace_matrix_multiply"),
        "fn __imatmul__(&mut self, other: Ref<'_, Self>)";
    "__itruediv__" InPlace("HPy_nb_inplace_true_divide"), "fn __itruediv__(&mut self, other: f64)";
    "__ifloordiv__" InPlace("HPy_nb_inplace_floor_divide"),
        "fn __ifloordiv__(&mut self, other: f64)";
    "__imod__" InPlace("HPy_nb_inplace_remainder"), "fn __imod__(&mut self, other: f64)";
    "__ilshift__" InPlace("HPy_nb_inplace_lshift"), "fn __ilshift__(&mut self, other: u32)";
    "__irshift__" InPlace("HPy_nb_inplace_rshift"), "fn __irshift__(&mut self, other: u32)";
    "__iand__" InPlace("HPy_nb_inplace_and"), "fn __iand__(&mut self, other: u64)";
    "__ior__" InPlace("HPy_nb_inplace_or"), "fn __ior__(&mut self, other: u64)";
    "__ixor__" InPlace("HPy_nb_inplace_xor"), "fn __ixor__(&mut self, other: u64)";
    "__pow__" Power, "fn __pow__(&self, exponent: f64, modulus: Option<i64>) -> Result<f64>";
    "__rpow__" ReflectedPower, "fn __rpow__(&self, base: f64, modulus: Option<i64>) -> Result<f64>";
    "__ipow__" InPlacePower, "fn __ipow__(&mut self, exponent: f64, modulus: Option<i64>)";
    "__richcmp__" RichCompare, "fn __richcmp__(&self, other: Ref<'_, Self>, op: CompareOp) -> bool";
    "__lt__" Comparison(0), "fn __lt__(&self, other: Ref<'_, Self>) -> bool";
    "__le__" Comparison(1), "fn __le__(&self, other: Ref<'_, Self>) -> bool";
    "__eq__" Comparison(2), "fn __eq__(&self, other: Ref<'_, Self>) -> bool";
    "__ne__" Comparison(3), "fn __ne__(&self, other: Ref<'_, Self>) -> bool";
    "__gt__" Comparison(4), "fn __gt__(&self, other: Ref<'_, Self>) -> bool";
    "__ge__" Comparison(5), "fn __ge__(&self, other: Ref<'_, Self>) -> bool";
    "__call__" Call, "fn __call__(&self, argument: f64) -> f64";
    "__init__" Init, "fn __init__(&mut self, argument: f64)";
    "__del__" Del, "fn __del__(&mut self)";
    "__buffer__" Buffer, "fn __buffer__(&mut self) -> Export";
    "__iter__" Assigned(0), "fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self>";
    "__next__" Next, "fn __next__(&mut self) -> Option<f64>";
    "__aiter__" Assigned(0), "fn __aiter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self>";
    "__anext__" Assigned(0),
        "fn __anext__<'ctx>(&self, ctx: Context<'ctx>) -> Result<Handle<'ctx>>";
    "__await__" Assigned(0),
        "fn __await__<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx>>";
    "__getattr__" Assigned(1), "fn __getattr__(&self, name: &str) -> Result<f64>";
    "__getattribute__" Assigned(1),
        "fn __getattribute__<'ctx>(this: &Handle<'ctx, Self>, name: &str) -> Result<Handle<'ctx>>";
    "__setattr__" Assigned(2), "fn __setattr__(&mut self, name: &str, value: f64) -> Result<()>";
    "__delattr__" Assigned(1), "fn __delattr__(&mut self, name: &str) -> Result<()>";
    "__get__" Assigned(2), "fn __get__<'ctx>(&self, object: &Handle<'ctx>, class: &Handle<'ctx>) \
                            -> Result<Handle<'ctx>>";
    "__set__" Assigned(2), "fn __set__(&self, object: &Handle<'_>, value: f64) -> Result<()>";
    "__delete__" Assigned(1), "fn __delete__(&self, object: &Handle<'_>) -> Result<()>";
}

/// The special method of this name, if it needs more than a method of its name.
pub fn find(name: &str) -> Option<&'static Special> {
    ALL.iter().find(|special| special.name == name)
}

/// Names from Python 2, the C API and PyO3 that have no effect here, and what to write instead.
const SUGGESTIONS: &[(&str, &str)] = &[
    (
        "traverse",
        "the garbage collector finds a `Field` without it: remove it",
    ),
    (
        "clear",
        "the garbage collector clears a `Field` without it: remove it",
    ),
    (
        "getbuffer",
        "memory is exported by `fn __buffer__(&mut self) -> Export`",
    ),
    (
        "releasebuffer",
        "an `Export` is released without a call of `__releasebuffer__`: remove it",
    ),
    (
        "concat",
        "a sequence is concatenated by `fn __add__(&self, other: Ref<'_, Self>) -> Self`",
    ),
    (
        "repeat",
        "a sequence is repeated by `fn __mul__(&self, count: isize) -> Self`",
    ),
    (
        "inplace_concat",
        "a sequence is extended by `fn __iadd__(&mut self, other: Ref<'_, Self>)`",
    ),
    (
        "inplace_repeat",
        "a sequence is repeated in place by `fn __imul__(&mut self, count: isize)`",
    ),
    ("nonzero", "Python 3 calls `fn __bool__(&self) -> bool`"),
    (
        "div",
        "Python 3 calls `fn __truediv__(&self, other: f64) -> Self`",
    ),
    (
        "rdiv",
        "Python 3 calls `fn __rtruediv__(&self, other: f64) -> Self`",
    ),
    (
        "idiv",
        "Python 3 calls `fn __itruediv__(&mut self, other: f64)`",
    ),
    (
        "cmp",
        "Python 3 calls `__eq__`, `__lt__` and the like, or `fn __richcmp__(&self, other: Ref<'_, \
         Self>, op: CompareOp) -> bool`",
    ),
    ("long", "Python 3 calls `fn __int__(&self) -> i64`"),
    ("unicode", "Python 3 calls `fn __str__(&self) -> String`"),
    (
        "getslice",
        "Python 3 passes slices to `__getitem__`: take a `&Handle<'_, Slice>`, or any object and \
         ask what it is",
    ),
    (
        "setslice",
        "Python 3 passes slices to `__setitem__`: take a `&Handle<'_, Slice>`, or any object and \
         ask what it is",
    ),
    (
        "delslice",
        "Python 3 passes slices to `__delitem__`: take a `&Handle<'_, Slice>`, or any object and \
         ask what it is",
    ),
];

/// Reports names that Python does not look up, or not here. Returns whether it is the constructor's
/// name.
pub fn check_unknown(text: &str, name: &Ident, report: &mut Report) -> bool {
    let Some(inner) = text
        .strip_prefix("__")
        .and_then(|text| text.strip_suffix("__"))
    else {
        return false;
    };
    if inner == "new" {
        report.at(
            name,
            "the constructor is a function with #[new] above it: `#[new] fn new(x: f64) -> Self`",
        );
    } else if let Some((_, advice)) = SUGGESTIONS.iter().find(|(other, _)| *other == inner) {
        report.at(name, format!("Python does not look up `{text}`: {advice}"));
    } else if let Some(near) = nearest(text, ALL.iter().map(|special| special.name))
        .filter(|near| distance_is_one(text, near) && !PLAIN.contains(&text))
    {
        report.at(
            name,
            format!("Python has no `{text}`: did you mean `{near}`?"),
        );
    }
    inner == "new"
}

/// Special methods that Python finds by name and that resemble another one.
const PLAIN: [&str; 3] = ["__exit__", "__set_name__", "__dir__"];

/// Whether the words differ by one inserted, deleted or changed letter.
fn distance_is_one(a: &str, b: &str) -> bool {
    let common = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a.as_bytes()[common..], &b.as_bytes()[common..]);
    a.get(1..) == Some(b) || Some(a) == b.get(1..) || a.get(1..) == b.get(1..)
}
