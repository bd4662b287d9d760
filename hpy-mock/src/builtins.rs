//! The module `builtins`, calling a type, and the methods of builtin types.

use super::objects::{Data, Keywords, Obj, points};
use super::operators::as_int;
use super::values::count;
use super::{Mock, R};
use std::cell::RefCell;

impl Mock {
    pub(super) fn make_builtins(&self) {
        let builtins = self.new_module("builtins");
        for (name, type_) in self.types.borrow().iter() {
            self.add_to(&builtins, name, type_.clone());
        }
        let add = |name: &str, function: fn(&Mock, &[Obj]) -> R<Obj>| {
            let function = self.function(name, false, move |mock, args, _| function(mock, args));
            self.add_to(&builtins, name, function);
        };
        add("isinstance", |mock, args| match args {
            [object, types] => Ok(mock.bool(mock.matches(object, types)?)),
            _ => Err(mock.wrong_count("isinstance")),
        });
        add("len", |mock, args| {
            let length = mock.length(mock.only("len", args)?)?;
            mock.int(length as i128)
        });
        add("iter", |mock, args| mock.iter(mock.only("iter", args)?));
        add("next", |mock, args| {
            let item = mock.next(mock.only("next", args)?)?;
            item.ok_or_else(|| mock.error("StopIteration", ""))
        });
        add("abs", |mock, args| mock.absolute(mock.only("abs", args)?));
        add("repr", |mock, args| {
            let text = mock.repr(mock.only("repr", args)?)?;
            mock.str(&text)
        });
        add("hash", |mock, args| {
            let hash = mock.hash(mock.only("hash", args)?)?;
            mock.int(hash as i128)
        });
        add("id", |mock, args| {
            let object = mock.only("id", args)?;
            mock.int(std::rc::Rc::as_ptr(object).addr() as i128)
        });
        add("sum", |mock, args| {
            let mut total = mock.int(0)?;
            for item in mock.collect(mock.only("sum", args)?)? {
                total = mock.add(&total, &item)?;
            }
            Ok(total)
        });
        let sorted = self.function("sorted", false, |mock, args, keywords| {
            mock.sorted(mock.only("sorted", args)?, keywords)
        });
        self.add_to(&builtins, "sorted", sorted);
        // What the context has is the module's dict.
        if let Data::Module(dict) = &builtins.data {
            self.constants.borrow_mut().insert("Builtins", dict.clone());
        }
        self.modules
            .borrow_mut()
            .insert("builtins".to_owned(), builtins);
    }

    fn only<'a>(&self, function: &str, args: &'a [Obj]) -> R<&'a Obj> {
        match args {
            [only] => Ok(only),
            _ => Err(self.wrong_count(function)),
        }
    }

    fn wrong_count(&self, function: &str) -> Obj {
        let message = format!("{function}() takes another number of arguments");
        self.error("TypeError", &message)
    }

    /// `sorted(items, reverse=…)`, by insertion.
    fn sorted(&self, items: &Obj, keywords: Keywords<'_>) -> R<Obj> {
        let mut sorted: Vec<Obj> = Vec::new();
        for item in self.collect(items)? {
            let mut place = sorted.len();
            while place > 0 && self.less(&item, &sorted[place - 1])? {
                place -= 1;
            }
            sorted.insert(place, item);
        }
        for (name, value) in keywords {
            match name.text().as_str() {
                "reverse" if self.truth(value)? => sorted.reverse(),
                "reverse" => {}
                other => {
                    let message = format!("sort() got an unexpected keyword argument '{other}'");
                    return Err(self.error("TypeError", &message));
                }
            }
        }
        self.list(sorted)
    }

    /// An instance: `type_(*args, **keywords)`.
    pub(super) fn construct(&self, type_: &Obj, args: &[Obj], keywords: Keywords<'_>) -> R<Obj> {
        let own = |type_: &Obj| match &type_.data {
            Data::Type { name, .. } if self.types.borrow().contains_key(name) => Some(name.clone()),
            _ => None,
        };
        let is_builtin = own(type_).is_some();
        let Some(builtin) = Self::bases(type_).find_map(|type_| own(&type_)) else {
            return Err(self.error("SystemError", "a type that derives from nothing"));
        };
        let object = if Self::is_subtype(type_, &self.type_named("BaseException")) {
            self.exception(type_, args.to_vec())?
        } else if builtin == "object" && !is_builtin {
            self.allocate()?;
            self.make_of(type_, Data::Plain)
        } else {
            self.of_builtin(&builtin, args, keywords)?
        };
        if !is_builtin {
            *object.type_.borrow_mut() = Some(type_.clone());
            if let Some(init) = Self::bases(type_).find_map(|type_| type_.attr("__init__")) {
                let args: Vec<Obj> = core::iter::once(&object).chain(args).cloned().collect();
                self.call(&init, &args, keywords)?;
            }
        }
        Ok(object)
    }

    fn of_builtin(&self, type_: &str, args: &[Obj], keywords: Keywords<'_>) -> R<Obj> {
        let items = || args.first().map_or(Ok(Vec::new()), |arg| self.collect(arg));
        match (type_, args) {
            ("bool", []) => Ok(self.bool(false)),
            ("bool", [value]) => Ok(self.bool(self.truth(value)?)),
            ("int", []) => self.int(0),
            ("int", [value]) => self.to_int(value),
            ("float", []) => self.float(0.0),
            ("float", [value]) => {
                let value = self.to_float(value)?;
                self.float(value)
            }
            ("str", []) => self.str(""),
            ("str", [value]) => {
                if let Data::Str(_) = value.data {
                    return Ok(value.clone());
                }
                let text = self.text_of(value)?;
                self.str(&text)
            }
            ("bytes" | "bytearray" | "memoryview", [value]) => match &value.data {
                Data::Bytes(bytes) => self.make(type_, Data::Bytes(bytes.clone())),
                _ => {
                    let message = format!(
                        "cannot convert '{}' object to {type_}",
                        self.type_name(value)
                    );
                    Err(self.error("TypeError", &message))
                }
            },
            ("list", [] | [_]) => self.list(items()?),
            ("tuple", [] | [_]) => self.tuple(items()?),
            ("set" | "frozenset", [] | [_]) => self.set(type_, items()?),
            ("dict", []) => {
                let dict = self.dict()?;
                for (name, value) in keywords {
                    self.dict_set(&dict, name, Some(value.clone()))?;
                }
                Ok(dict)
            }
            ("object", []) => self.make("object", Data::Plain),
            ("type", [object]) => Ok(object.type_()),
            ("slice", [start, stop, ..]) => {
                let bound = |object: &Obj| {
                    let value = as_int(object).and_then(|value| value.to_i128());
                    value.map(|value| value.clamp(isize::MIN as i128, isize::MAX as i128) as isize)
                };
                let step = args.get(2).and_then(bound);
                self.make("slice", Data::Slice([bound(start), bound(stop), step]))
            }
            _ => Err(self.error(
                "TypeError",
                &format!("cannot create '{type_}' instances like this"),
            )),
        }
    }

    /// A method that a builtin type has.
    pub(super) fn method(&self, object: &Obj, name: &str) -> Option<Obj> {
        type Body = fn(&Mock, &Obj, &[Obj]) -> R<Obj>;
        let body: Body = match (&object.data, name) {
            (Data::Iterator { .. }, "__next__") => |mock, receiver, _| {
                let item = mock.next(receiver)?;
                item.ok_or_else(|| mock.error("StopIteration", ""))
            },
            (Data::List(_), "append") => |mock, list, args| {
                mock.insert(list, isize::MAX, mock.only("append", args)?.clone())?;
                Ok(mock.none())
            },
            (Data::List(_), "pop") => |mock, list, _| {
                let last = match &list.data {
                    Data::List(items) => items.borrow_mut().pop(),
                    _ => None,
                };
                last.ok_or_else(|| mock.error("IndexError", "pop from empty list"))
            },
            (Data::List(_) | Data::Tuple(_), "count") => |mock, list, args| {
                let wanted = mock.only("count", args)?;
                let mut found = 0;
                for item in mock.collect(list)? {
                    found += usize::from(mock.equal(&item, wanted)?);
                }
                mock.int(count(found))
            },
            (Data::Dict(_), "get") => |mock, dict, args| match args {
                [key] => Ok(mock.dict_get(dict, key)?.unwrap_or_else(|| mock.none())),
                [key, default] => Ok(mock.dict_get(dict, key)?.unwrap_or_else(|| default.clone())),
                _ => Err(mock.wrong_count("get")),
            },
            (Data::Dict(_), "keys") => |mock, dict, _| {
                let keys = mock.collect(dict)?;
                mock.list(keys)
            },
            (Data::Dict(_), "items") => |mock, dict, _| {
                let mut items = Vec::new();
                for key in mock.collect(dict)? {
                    let value = mock.get_item(dict, &key)?;
                    items.push(mock.tuple(vec![key, value])?);
                }
                mock.list(items)
            },
            (Data::Str(_), "upper") => |mock, text, _| mock.str(&text.text().to_uppercase()),
            (Data::Str(_), "lower") => |mock, text, _| mock.str(&text.text().to_lowercase()),
            (Data::Str(_), "strip") => |mock, text, _| mock.str(text.text().trim()),
            (Data::Str(_), "split") => |mock, text, args| match args {
                [] => mock.split(&text.text(), None),
                [separator] => mock.split(&text.text(), Some(&separator.text())),
                _ => Err(mock.wrong_count("split")),
            },
            (Data::Str(_), "join") => |mock, text, args| {
                let mut joined = Vec::new();
                for (index, item) in mock.collect(mock.only("join", args)?)?.iter().enumerate() {
                    if index > 0 {
                        joined.extend(points(&text.text()));
                    }
                    joined.extend(points(&item.text()));
                }
                mock.make("str", Data::Str(joined))
            },
            (Data::Bytes(_), "decode") => |mock, bytes, _| match &bytes.data {
                Data::Bytes(data) => mock.decode(data),
                _ => Err(mock.wrong_count("decode")),
            },
            _ => return None,
        };
        let receiver = object.clone();
        Some(self.function(name, false, move |mock, args, _| {
            body(mock, &receiver, args)
        }))
    }

    /// A module without anything but its name.
    pub(super) fn new_module(&self, name: &str) -> Obj {
        let dict = self.make_always("dict", Data::Dict(RefCell::default()));
        let module = self.make_always("module", Data::Module(dict));
        self.add_to(&module, "__name__", self.str_always(name));
        module
    }

    /// Adds something to a module.
    pub(super) fn add_to(&self, module: &Obj, name: &str, value: Obj) {
        if let Data::Module(dict) = &module.data
            && let Data::Dict(pairs) = &dict.data
        {
            pairs.borrow_mut().push((self.str_always(name), value));
        }
    }

    pub(super) fn module_named(&self, name: &str) -> Obj {
        match self.modules.borrow().get(name) {
            Some(module) => module.clone(),
            None => panic!("the mock has no module {name}"),
        }
    }

    /// Imports by name: a module that was made before.
    pub(super) fn import(&self, name: &str) -> R<Obj> {
        let found = self.modules.borrow().get(name).cloned();
        found.ok_or_else(|| {
            let message = format!("No module named '{name}'");
            self.error("ModuleNotFoundError", &message)
        })
    }

    /// A hook that collects: what `sys.unraisablehook` is at first.
    pub(super) fn make_sys(&self) {
        let sys = self.new_module("sys");
        let hook = self.function("unraisablehook", false, |mock, _, _| {
            mock.unraisable.set(mock.unraisable.get() + 1);
            Ok(mock.none())
        });
        self.add_to(&sys, "unraisablehook", hook);
        let path = self.make_always("list", Data::List(RefCell::default()));
        self.add_to(&sys, "path", path);
        self.modules.borrow_mut().insert("sys".to_owned(), sys);
    }
}
