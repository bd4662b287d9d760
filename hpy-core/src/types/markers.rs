//! The markers that stand in a handle's type: `Handle<'ctx, List>`.

macro_rules! markers {
    ($($(#[$doc:meta])* $marker:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $marker(());
        )*
    };
}

pub(crate) use markers;

markers! {
    /// `None`.
    NoneType;
    /// `...`, Python's `Ellipsis`. PyO3's `PyEllipsis`.
    EllipsisType;
    /// `NotImplemented`. PyO3's `PyNotImplemented`.
    NotImplementedType;
    /// A `bool`: `True` or `False`.
    Bool;
    /// An `int`, of any size.
    Int;
    /// A `float`.
    Float;
    /// A `str`.
    Str;
    /// A `bytes`.
    Bytes;
    /// A `list`.
    List;
    /// A `tuple`.
    Tuple;
    /// A `dict`.
    Dict;
    /// A class.
    Type;
    /// A `complex`.
    Complex;
    /// A `slice`.
    Slice;
    /// A `memoryview`.
    MemoryView;
    /// A capsule of any kind: a pointer that Python code carries around. One that holds a Rust
    /// value is a [`Capsule`](crate::types::Capsule).
    AnyCapsule;
    /// Anything that can be called: functions, methods, classes, and objects with a `__call__`.
    Callable;
    /// An iterator: any object whose type has a `__next__`. (The name `Iterator` is Rust's.)
    PyIterator;
    /// A module.
    Module;
    /// Any object.
    Object;
    /// Any object that has items by index: its type has `__getitem__` and `__len__`, and no `keys`.
    ///
    /// Lists, tuples, strs, bytes, ranges, arrays and the like; no registration with
    /// `collections.abc` is needed.
    Sequence;
    /// Any object that has values by key: its type has `__getitem__`, `__len__` and `keys`.
    ///
    /// Dicts, mapping proxies, `os.environ` and the like; no registration with `collections.abc` is
    /// needed.
    Mapping;
    /// A `set`.
    Set;
    /// A `frozenset`.
    FrozenSet;
    /// A `bytearray`.
    ByteArray;
    /// A `range`.
    Range;
    /// A `contextvars.ContextVar`.
    ContextVar;
}
