//! Attributes, types of objects, identity.

use super::entry::functions;
use super::errors::c_text;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::{c_char, c_int};
use hpy_sys::*;
use std::rc::Rc;

impl Mock {
    /// `object.name`, None if there is no such attribute.
    pub(super) fn getattr_opt(&self, object: &Obj, name: &str) -> R<Option<Obj>> {
        if let Some(value) = object.attr(name) {
            return Ok(Some(value));
        }
        if let Data::Type { .. } = object.data {
            let inherited = Self::bases(object).find_map(|type_| type_.attr(name));
            if inherited.is_some() {
                return Ok(inherited);
            }
        }
        let class_attr = Self::bases(&object.type_()).find_map(|type_| type_.attr(name));
        if let Some(value) = class_attr {
            return Ok(Some(self.bind(object, value)));
        }
        match (&object.data, name) {
            (Data::Module(dict), "__dict__") => Ok(Some(dict.clone())),
            (_, "__class__") => Ok(Some(object.type_())),
            (Data::Type { name, .. }, "__name__") | (Data::Function { name, .. }, "__name__") => {
                self.str(name).map(Some)
            }
            (Data::Exception { args }, "args") => {
                let args = args.borrow().clone();
                self.tuple(args).map(Some)
            }
            (Data::Exception { args }, "errno" | "code") => Ok(args.borrow().first().cloned()),
            (Data::Exception { .. }, "__cause__" | "__context__") => Ok(Some(self.none())),
            _ => Ok(self.method(object, name)),
        }
    }

    pub(super) fn getattr(&self, object: &Obj, name: &str) -> R<Obj> {
        self.getattr_opt(object, name)?.ok_or_else(|| {
            let message = match &object.data {
                Data::Module(_) => {
                    let module = object
                        .attr("__name__")
                        .map_or(String::new(), |name| name.text());
                    format!("module '{module}' has no attribute '{name}'")
                }
                _ => format!(
                    "'{}' object has no attribute '{name}'",
                    self.type_name(object)
                ),
            };
            self.error("AttributeError", &message)
        })
    }

    /// A function of a class, as an instance sees it.
    fn bind(&self, object: &Obj, value: Obj) -> Obj {
        let Data::Function {
            name,
            call,
            binds: true,
        } = &value.data
        else {
            return value;
        };
        let (receiver, call) = (object.clone(), call.clone());
        self.function(name, false, move |mock, args, keywords| {
            let args: Vec<Obj> = core::iter::once(&receiver).chain(args).cloned().collect();
            call(mock, &args, keywords)
        })
    }

    /// Calls a method that the object's class defines, if it does.
    pub(super) fn special(&self, object: &Obj, method: &str, args: &[Obj]) -> R<Option<Obj>> {
        let found = Self::bases(&object.type_()).find_map(|type_| type_.attr(method));
        match found {
            Some(function) => {
                let args: Vec<Obj> = core::iter::once(object).chain(args).cloned().collect();
                self.call(&function, &args, &[]).map(Some)
            }
            None => Ok(None),
        }
    }

    /// None deletes.
    pub(super) fn setattr(&self, object: &Obj, name: &str, value: Option<Obj>) -> R<()> {
        let writable = match &object.data {
            Data::Plain | Data::Module(_) | Data::Exception { .. } | Data::Function { .. } => true,
            Data::Type { name, .. } => !self.types.borrow().contains_key(name),
            _ => false,
        };
        if !writable {
            let message = format!(
                "'{}' object has no attribute '{name}'",
                self.type_name(object)
            );
            return Err(self.error("AttributeError", &message));
        }
        let is_there = match &object.data {
            Data::Module(dict) => {
                let set = value.is_some();
                self.dict_set(dict, &self.str_always(name), value)? || set
            }
            _ => match value {
                Some(value) => {
                    object.set_attr(name, value);
                    true
                }
                None => object.del_attr(name),
            },
        };
        match is_there {
            true => {}
            false => {
                return Err(self.error("AttributeError", name));
            }
        }
        Ok(())
    }

    fn name(&self, name: HPy) -> R<String> {
        let name = self.obj(name)?;
        match &name.data {
            Data::Str(_) => Ok(name.text()),
            _ => {
                let message = format!(
                    "attribute name must be string, not '{}'",
                    self.type_name(&name)
                );
                Err(self.error("TypeError", &message))
            }
        }
    }

    /// Whether there is such an attribute; errors count as no.
    fn has(&self, object: &Obj, name: &str) -> R<bool> {
        Ok(matches!(self.getattr_opt(object, name), Ok(Some(_))))
    }
}

functions! { install:
    ctx_GetAttr(mock, object: HPy, name: HPy) -> Obj {
        mock.getattr(&mock.obj(object)?, &mock.name(name)?)
    }
    ctx_GetAttr_s(mock, object: HPy, name: *const c_char) -> Obj {
        mock.getattr(&mock.obj(object)?, &c_text(name))
    }
    ctx_HasAttr(mock, object: HPy, name: HPy) -> bool {
        mock.has(&mock.obj(object)?, &mock.name(name)?)
    }
    ctx_HasAttr_s(mock, object: HPy, name: *const c_char) -> bool {
        mock.has(&mock.obj(object)?, &c_text(name))
    }
    ctx_SetAttr(mock, object: HPy, name: HPy, value: HPy) -> c_int {
        mock.setattr(&mock.obj(object)?, &mock.name(name)?, mock.obj_or_null(value)?)?;
        Ok(0)
    }
    ctx_SetAttr_s(mock, object: HPy, name: *const c_char, value: HPy) -> c_int {
        mock.setattr(&mock.obj(object)?, &c_text(name), mock.obj_or_null(value)?)?;
        Ok(0)
    }
    ctx_Type(mock, object: HPy) -> Obj {
        Ok(mock.obj(object)?.type_())
    }
    ctx_TypeCheck(mock, object: HPy, type_: HPy) -> bool {
        Ok(Mock::is_subtype(&mock.obj(object)?.type_(), &mock.obj(type_)?))
    }
    ctx_Type_IsSubtype(mock, sub: HPy, type_: HPy) -> bool {
        Ok(Mock::is_subtype(&mock.obj(sub)?, &mock.obj(type_)?))
    }
    ctx_Is(mock, a: HPy, b: HPy) -> bool {
        Ok(Rc::ptr_eq(&mock.obj(a)?, &mock.obj(b)?))
    }
    ctx_Unicode_Check(mock, object: HPy) -> bool {
        Ok(mock.is_instance(&mock.obj(object)?, "str"))
    }
    ctx_Bytes_Check(mock, object: HPy) -> bool {
        Ok(mock.is_instance(&mock.obj(object)?, "bytes"))
    }
    ctx_List_Check(mock, object: HPy) -> bool {
        Ok(mock.is_instance(&mock.obj(object)?, "list"))
    }
    ctx_Tuple_Check(mock, object: HPy) -> bool {
        Ok(mock.is_instance(&mock.obj(object)?, "tuple"))
    }
    ctx_Dict_Check(mock, object: HPy) -> bool {
        Ok(mock.is_instance(&mock.obj(object)?, "dict"))
    }
}
