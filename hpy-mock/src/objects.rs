//! What objects of the mock are made of.

use super::int::Int;
use super::{Mock, R};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// An object: identity is the allocation's.
pub(super) type Obj = Rc<Object>;

pub(super) struct Object {
    /// None only while the first types are made, and after the context's end.
    pub(super) type_: RefCell<Option<Obj>>,
    pub(super) data: Data,
    pub(super) attrs: RefCell<Vec<(String, Obj)>>,
}

/// Keyword arguments: names and values.
pub(super) type Keywords<'a> = &'a [(Obj, Obj)];

/// What a function does.
pub(super) type Function = Rc<dyn Fn(&Mock, &[Obj], Keywords<'_>) -> R<Obj>>;

pub(super) enum Data {
    /// None, NotImplemented, Ellipsis: all there is to say is the name.
    Singleton(&'static str),
    Bool(bool),
    Int(Int),
    Float(f64),
    /// Code points, lone surrogates among them.
    Str(Vec<u32>),
    /// Bytes, bytearray and memoryview.
    Bytes(Vec<u8>),
    List(RefCell<Vec<Obj>>),
    Tuple(RefCell<Vec<Obj>>),
    /// In the order of insertion.
    Dict(RefCell<Vec<(Obj, Obj)>>),
    /// Set and frozenset.
    Set(RefCell<Vec<Obj>>),
    Slice([Option<isize>; 3]),
    Type {
        name: String,
        base: RefCell<Option<Obj>>,
    },
    Exception {
        args: RefCell<Vec<Obj>>,
    },
    Function {
        name: String,
        call: Function,
        /// Whether an instance's attribute look-up binds it.
        binds: bool,
    },
    /// Its dict: the attributes are there.
    Module(Obj),
    Iterator {
        source: RefCell<Option<Obj>>,
        next: Cell<usize>,
    },
    /// An instance of a class that has nothing but attributes.
    Plain,
}

impl Object {
    pub(super) fn attr(&self, name: &str) -> Option<Obj> {
        if let Data::Module(dict) = &self.data
            && let Data::Dict(pairs) = &dict.data
        {
            let pairs = pairs.borrow();
            let found = pairs.iter().find(|(key, _)| key.text() == name);
            return found.map(|(_, value)| value.clone());
        }
        let attrs = self.attrs.borrow();
        let found = attrs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    pub(super) fn set_attr(&self, name: &str, value: Obj) {
        let before = {
            let mut attrs = self.attrs.borrow_mut();
            match attrs.iter_mut().find(|(known, _)| known == name) {
                Some((_, place)) => Some(core::mem::replace(place, value)),
                None => {
                    attrs.push((name.to_owned(), value));
                    None
                }
            }
        };
        drop(before);
    }

    /// Whether there was one.
    pub(super) fn del_attr(&self, name: &str) -> bool {
        let mut attrs = self.attrs.borrow_mut();
        let before = attrs.len();
        attrs.retain(|(known, _)| known != name);
        attrs.len() < before
    }

    pub(super) fn type_(&self) -> Obj {
        match &*self.type_.borrow() {
            Some(type_) => type_.clone(),
            None => unreachable!("an object is used after its context's end"),
        }
    }

    /// The text of a str, with U+FFFD for surrogates.
    pub(super) fn text(&self) -> String {
        match &self.data {
            Data::Str(points) => to_string(points),
            _ => String::new(),
        }
    }

    /// The items of a list, tuple or set, as they are now.
    pub(super) fn items(&self) -> Option<Vec<Obj>> {
        match &self.data {
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                Some(items.borrow().clone())
            }
            _ => None,
        }
    }

    /// Lets go of all other objects, so that cycles end.
    pub(super) fn clear(&self) {
        let attrs = core::mem::take(&mut *self.attrs.borrow_mut());
        let type_ = self.type_.borrow_mut().take();
        drop((attrs, type_));
        match &self.data {
            Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
                let items = core::mem::take(&mut *items.borrow_mut());
                drop(items);
            }
            Data::Dict(items) => {
                let items = core::mem::take(&mut *items.borrow_mut());
                drop(items);
            }
            Data::Exception { args } => {
                let args = core::mem::take(&mut *args.borrow_mut());
                drop(args);
            }
            Data::Type { base: object, .. } | Data::Iterator { source: object, .. } => {
                let object = object.borrow_mut().take();
                drop(object);
            }
            _ => {}
        }
    }
}

pub(super) fn to_string(points: &[u32]) -> String {
    let point = |&point: &u32| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
    points.iter().map(point).collect()
}

pub(super) fn points(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

/// Making objects. Those that take memory in an interpreter count as allocations, which can fail.
impl Mock {
    pub(super) fn make(&self, type_: &str, data: Data) -> R<Obj> {
        self.allocate()?;
        Ok(self.make_always(type_, data))
    }

    pub(super) fn make_always(&self, type_: &str, data: Data) -> Obj {
        self.make_of(&self.type_named(type_), data)
    }

    pub(super) fn make_of(&self, type_: &Obj, data: Data) -> Obj {
        let object = Rc::new(Object {
            type_: RefCell::new(Some(type_.clone())),
            data,
            attrs: RefCell::default(),
        });
        self.remember(&object);
        object
    }

    pub(super) fn none(&self) -> Obj {
        self.constant("None")
    }

    pub(super) fn bool(&self, value: bool) -> Obj {
        self.constant(if value { "True" } else { "False" })
    }

    pub(super) fn int(&self, value: impl Into<Int>) -> R<Obj> {
        self.make("int", Data::Int(value.into()))
    }

    pub(super) fn float(&self, value: f64) -> R<Obj> {
        self.make("float", Data::Float(value))
    }

    pub(super) fn str(&self, text: &str) -> R<Obj> {
        self.make("str", Data::Str(points(text)))
    }

    pub(super) fn str_always(&self, text: &str) -> Obj {
        self.make_always("str", Data::Str(points(text)))
    }

    pub(super) fn bytes(&self, bytes: &[u8]) -> R<Obj> {
        self.make("bytes", Data::Bytes(bytes.to_vec()))
    }

    pub(super) fn list(&self, items: Vec<Obj>) -> R<Obj> {
        self.make("list", Data::List(RefCell::new(items)))
    }

    pub(super) fn tuple(&self, items: Vec<Obj>) -> R<Obj> {
        self.make("tuple", Data::Tuple(RefCell::new(items)))
    }

    pub(super) fn function(
        &self,
        name: &str,
        binds: bool,
        call: impl Fn(&Mock, &[Obj], Keywords<'_>) -> R<Obj> + 'static,
    ) -> Obj {
        let (name, call) = (name.to_owned(), Rc::new(call));
        self.make_always("function", Data::Function { name, call, binds })
    }
}
