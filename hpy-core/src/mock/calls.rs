//! Calls: of functions, types, instances, and of extensions' definitions.

use super::entry::functions;
use super::handles::Owner;
use super::objects::{Data, Keywords, Obj};
use super::{Mock, R};
use core::ffi::CStr;
use hpy_sys::*;
use std::rc::Rc;

/// Keyword arguments, owned.
type Pairs = Vec<(Obj, Obj)>;

impl Mock {
    pub(super) fn call(&self, callable: &Obj, args: &[Obj], keywords: Keywords<'_>) -> R<Obj> {
        match &callable.data {
            Data::Function { call, .. } => {
                let call = Rc::clone(call);
                call(self, args, keywords)
            }
            Data::Type { .. } => self.construct(callable, args, keywords),
            _ => {
                if let Some(function) =
                    Self::bases(&callable.type_()).find_map(|type_| type_.attr("__call__"))
                {
                    let args: Vec<Obj> = core::iter::once(callable).chain(args).cloned().collect();
                    return self.call(&function, &args, keywords);
                }
                let message = format!("'{}' object is not callable", self.type_name(callable));
                Err(self.error("TypeError", &message))
            }
        }
    }

    /// The objects of an array of handles.
    pub(super) fn objects(&self, items: *const HPy, n: usize) -> R<Vec<Obj>> {
        let at = |index: usize| {
            // SAFETY: the callers' functions take a pointer to `n` handles.
            self.obj(unsafe { *items.add(index) })
        };
        (0..n).map(at).collect()
    }

    /// Arguments as `HPy_Call` takes them.
    fn arguments(&self, args: *const HPy, n: usize, names: HPy) -> R<(Vec<Obj>, Pairs)> {
        let names = match self.obj_or_null(names)? {
            Some(names) => names.items().unwrap_or_default(),
            None => Vec::new(),
        };
        let mut all = self.objects(args, n + names.len())?;
        let values = all.split_off(n);
        Ok((all, names.into_iter().zip(values).collect()))
    }

    /// A function of an extension, as an interpreter makes it from its definition.
    ///
    /// # Safety
    /// `def` is a method's definition and lives as long as the context.
    pub(super) unsafe fn method_of(&self, def: *mut HPyDef, receiver: &Obj) -> Obj {
        // SAFETY: as promised by the caller.
        let meth = unsafe { (*def).definition.meth };
        // SAFETY: a definition's name is a C string.
        let name = unsafe { CStr::from_ptr(meth.name) }
            .to_string_lossy()
            .into_owned();
        let (receiver, known_as) = (receiver.clone(), name.clone());
        self.function(&name, false, move |mock, args, keywords| {
            // SAFETY: as promised by the caller.
            unsafe { mock.call_method(&meth, &known_as, &receiver, args, keywords) }
        })
    }

    /// # Safety
    /// `meth` is a method's definition.
    unsafe fn call_method(
        &self,
        meth: &HPyMeth,
        name: &str,
        receiver: &Obj,
        args: &[Obj],
        keywords: Keywords<'_>,
    ) -> R<Obj> {
        let refuse = |message: String| Err(self.error("TypeError", &format!("{name}() {message}")));
        if !keywords.is_empty() && meth.signature != HPyFunc_KEYWORDS {
            return refuse("takes no keyword arguments".to_owned());
        }
        let count = args.len();
        if meth.signature == HPyFunc_NOARGS && count != 0 {
            return refuse(format!("takes no arguments ({count} given)"));
        }
        if meth.signature == HPyFunc_O && count != 1 {
            return refuse(format!("takes exactly one argument ({count} given)"));
        }
        let lend = |object: &Obj| self.open(object, Owner::Caller, "an argument");
        let receiver = lend(receiver);
        let values = keywords.iter().map(|(_, value)| value);
        let args: Vec<HPy> = args.iter().chain(values).map(lend).collect();
        let names = match keywords {
            [] => HPy_NULL,
            _ => {
                let names = keywords.iter().map(|(name, _)| name.clone());
                lend(&self.tuple(names.collect())?)
            }
        };
        let Some(function) = meth.r#impl else {
            return Err(self.error("SystemError", "a method without an implementation"));
        };
        let ctx = self.context();
        // SAFETY: the implementation has the type that belongs to the signature; the handles are
        // open.
        let result = unsafe {
            use core::mem::transmute as cast;
            type F = unsafe extern "C" fn();
            let first = args.as_ptr();
            match meth.signature {
                HPyFunc_NOARGS => cast::<F, HPyFunc_noargs>(function)(ctx, receiver),
                HPyFunc_O => cast::<F, HPyFunc_o>(function)(ctx, receiver, args[0]),
                HPyFunc_VARARGS => {
                    cast::<F, HPyFunc_varargs>(function)(ctx, receiver, first, count)
                }
                _ => cast::<F, HPyFunc_keywords>(function)(ctx, receiver, first, count, names),
            }
        };
        let answer = self.returned(result, name);
        for handle in args.into_iter().chain([receiver, names]) {
            self.forget(handle);
        }
        answer
    }

    /// What an extension's function returned.
    fn returned(&self, result: HPy, name: &str) -> R<Obj> {
        match (result.is_null(), self.take_pending()) {
            (true, Some(exception)) => Err(exception),
            (true, None) => {
                self.violation(format!("{name} returns null without an exception"));
                Err(self.error("SystemError", "null without an exception"))
            }
            (false, None) => self.take(result, name),
            (false, Some(_)) => {
                self.violation(format!("{name} returns a result with an exception pending"));
                self.take(result, name)
            }
        }
    }

    /// Imports a module of an extension.
    ///
    /// # Safety
    /// `def` is a module's definition, with null-terminated lists, and lives as long as the
    /// context.
    pub(super) unsafe fn load(&self, name: &str, def: *mut HPyModuleDef) -> R<Obj> {
        let module = self.new_module(name);
        let mut exec = Vec::new();
        // SAFETY: as promised by the caller.
        unsafe {
            let mut next = (*def).defines;
            while !next.is_null() && !(*next).is_null() {
                let define = *next;
                if (*define).kind == HPyDef_Kind_Meth {
                    let method = self.method_of(define, &module);
                    let name = CStr::from_ptr((*define).definition.meth.name);
                    self.add_to(&module, &name.to_string_lossy(), method);
                } else if (*define).kind == HPyDef_Kind_Slot {
                    exec.extend((*define).definition.slot.r#impl);
                }
                next = next.add(1);
            }
        }
        for function in exec {
            type Exec = unsafe extern "C" fn(*mut HPyContext, HPy) -> isize;
            let lent = self.open(&module, Owner::Caller, "a module");
            // SAFETY: a slot of a module is its exec function, which has this type.
            let result = unsafe {
                core::mem::transmute::<unsafe extern "C" fn(), Exec>(function)(self.context(), lent)
            };
            self.forget(lent);
            match (result, self.take_pending()) {
                (0, None) => {}
                (_, Some(exception)) => return Err(exception),
                (_, None) => {
                    self.violation(format!("the exec of {name} fails without an exception"));
                }
            }
        }
        self.modules
            .borrow_mut()
            .insert(name.to_owned(), module.clone());
        Ok(module)
    }
}

functions! { install:
    ctx_Callable_Check(mock, object: HPy) -> bool {
        let object = mock.obj(object)?;
        Ok(match object.data {
            Data::Function { .. } | Data::Type { .. } => true,
            _ => Mock::bases(&object.type_()).any(|type_| type_.attr("__call__").is_some()),
        })
    }
    ctx_Call(mock, callable: HPy, args: *const HPy, n: usize, names: HPy) -> Obj {
        let callable = mock.obj(callable)?;
        let (args, keywords) = mock.arguments(args, n, names)?;
        mock.call(&callable, &args, &keywords)
    }
    ctx_CallMethod(mock, name: HPy, args: *const HPy, n: usize, names: HPy) -> Obj {
        let name = mock.obj(name)?;
        let (args, keywords) = mock.arguments(args, n, names)?;
        let Some((receiver, args)) = args.split_first() else {
            return Err(mock.error("SystemError", "a method is called without a receiver"));
        };
        let method = mock.getattr(receiver, &name.text())?;
        mock.call(&method, args, &keywords)
    }
    ctx_CallTupleDict(mock, callable: HPy, args: HPy, keywords: HPy) -> Obj {
        let callable = mock.obj(callable)?;
        let args = mock.obj_or_null(args)?.and_then(|args| args.items()).unwrap_or_default();
        let keywords = match mock.obj_or_null(keywords)? {
            Some(dict) => match &dict.data {
                Data::Dict(pairs) => pairs.borrow().clone(),
                _ => Vec::new(),
            },
            None => Vec::new(),
        };
        mock.call(&callable, &args, &keywords)
    }
}
