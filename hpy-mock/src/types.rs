//! The types that a context begins with, and which derives from which.

use super::objects::{Data, Obj, Object};
use super::{Mock, R};
use std::cell::RefCell;
use std::rc::Rc;

/// Types with their bases, bases first.
const TYPES: &[(&str, &str)] = &[
    ("type", "object"),
    ("NoneType", "object"),
    ("NotImplementedType", "object"),
    ("ellipsis", "object"),
    ("int", "object"),
    ("bool", "int"),
    ("float", "object"),
    ("complex", "object"),
    ("str", "object"),
    ("bytes", "object"),
    ("bytearray", "object"),
    ("memoryview", "object"),
    ("capsule", "object"),
    ("list", "object"),
    ("tuple", "object"),
    ("dict", "object"),
    ("set", "object"),
    ("frozenset", "object"),
    ("slice", "object"),
    ("function", "object"),
    ("module", "object"),
    ("iterator", "object"),
    ("BaseException", "object"),
    ("Exception", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("SystemExit", "BaseException"),
    ("StopAsyncIteration", "Exception"),
    ("StopIteration", "Exception"),
    ("ArithmeticError", "Exception"),
    ("LookupError", "Exception"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("OSError", "Exception"),
    ("ImportError", "Exception"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("RuntimeError", "Exception"),
    ("SyntaxError", "Exception"),
    ("ReferenceError", "Exception"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("Warning", "Exception"),
    ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("ModuleNotFoundError", "ImportError"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("RecursionError", "RuntimeError"),
    ("NotImplementedError", "RuntimeError"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("UnboundLocalError", "NameError"),
    ("UnicodeError", "ValueError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("TimeoutError", "OSError"),
    ("UserWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"),
    ("SyntaxWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("UnicodeWarning", "Warning"),
    ("BytesWarning", "Warning"),
    ("ResourceWarning", "Warning"),
];

impl Mock {
    pub(super) fn make_types(&self) {
        let add = |name: &str, base: Option<Obj>| {
            let object = Rc::new(Object {
                type_: RefCell::new(None),
                data: Data::Type {
                    name: name.to_owned(),
                    base: RefCell::new(base),
                },
                attrs: RefCell::default(),
            });
            self.remember(&object);
            self.types.borrow_mut().insert(name.to_owned(), object);
        };
        add("object", None);
        for (name, base) in TYPES {
            add(name, Some(self.type_named(base)));
        }
        let metaclass = self.type_named("type");
        for type_ in self.types.borrow().values() {
            *type_.type_.borrow_mut() = Some(metaclass.clone());
        }
    }

    /// A type that every context has.
    pub(super) fn type_named(&self, name: &str) -> Obj {
        match self.types.borrow().get(name) {
            Some(type_) => type_.clone(),
            None => panic!("the mock has no type {name}"),
        }
    }

    /// A new class.
    pub(super) fn class(&self, name: &str, base: &Obj) -> R<Obj> {
        let data = Data::Type {
            name: name.to_owned(),
            base: RefCell::new(Some(base.clone())),
        };
        self.make("type", data)
    }

    pub(super) fn base(type_: &Obj) -> Option<Obj> {
        match &type_.data {
            Data::Type { base, .. } => base.borrow().clone(),
            _ => None,
        }
    }

    /// The type and its bases.
    pub(super) fn bases(type_: &Obj) -> impl Iterator<Item = Obj> {
        core::iter::successors(Some(type_.clone()), Self::base)
    }

    pub(super) fn is_subtype(type_: &Obj, of: &Obj) -> bool {
        Self::bases(type_).any(|type_| Rc::ptr_eq(&type_, of))
    }

    pub(super) fn is_instance(&self, object: &Obj, name: &str) -> bool {
        Self::is_subtype(&object.type_(), &self.type_named(name))
    }

    /// Python's isinstance: a type or a tuple of them.
    pub(super) fn matches(&self, object: &Obj, types: &Obj) -> R<bool> {
        match &types.data {
            Data::Type { .. } => Ok(Self::is_subtype(&object.type_(), types)),
            Data::Tuple(items) => {
                for type_ in items.borrow().clone() {
                    if self.matches(object, &type_)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            _ => Err(self.error(
                "TypeError",
                "isinstance() arg 2 must be a type, a tuple of types, or a union",
            )),
        }
    }
}
