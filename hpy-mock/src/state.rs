//! Handles, builders, globals, leaving Python: what is the context's own.

use super::entry::functions;
use super::errors::c_text;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::c_char;
use core::sync::atomic::{AtomicIsize, Ordering};
use hpy_sys::*;
use std::cell::RefCell;

/// Numbers of builders, thread states and globals: no two of the process are the same, so that a
/// global of another context is not mistaken for one of this.
fn number() -> isize {
    static NEXT: AtomicIsize = AtomicIsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed) * 16 + 5
}

impl Mock {
    /// A new builder, null where there is no memory: building then fails.
    fn builder(&self, size: HPy_ssize_t) -> isize {
        if self.allocate().is_err() {
            return 0;
        }
        let builder = number();
        let items = vec![None; size.max(0) as usize];
        self.builders.borrow_mut().insert(builder, items);
        builder
    }

    fn build_set(&self, builder: isize, index: HPy_ssize_t, item: HPy) -> R<()> {
        let item = self.obj(item)?;
        let before = {
            let mut open = self.builders.borrow_mut();
            let items = open.get_mut(&builder);
            items
                .and_then(|items| items.get_mut(index as usize))
                .map(|place| place.replace(item))
        };
        if before.is_none() {
            self.violation(format!(
                "item {index} of a builder is set, which it does not have"
            ));
        }
        Ok(())
    }

    fn build(&self, builder: isize) -> R<Vec<Obj>> {
        if builder == 0 {
            return Err(self.memory_error());
        }
        let items = self.builders.borrow_mut().remove(&builder);
        let Some(items) = items else {
            self.violation("a builder is used after its end".to_owned());
            return Err(self.error("SystemError", "no builder"));
        };
        if items.iter().any(Option::is_none) {
            self.violation("a builder is built before all items are set".to_owned());
        }
        Ok(items
            .into_iter()
            .map(|item| item.unwrap_or_else(|| self.none()))
            .collect())
    }

    /// Builders that were neither built nor cancelled.
    pub(super) fn open_builders(&self) -> usize {
        self.builders.borrow().len()
    }
}

functions! { install:
    ctx_Dup(mock, handle: HPy) -> Obj {
        mock.obj(handle)
    }
    ctx_Close(mock, handle: HPy) -> () {
        mock.close(handle);
        Ok(())
    }
    ctx_ListBuilder_New(mock, size: HPy_ssize_t) -> HPyListBuilder {
        Ok(HPyListBuilder { _i: mock.builder(size) })
    }
    ctx_ListBuilder_Set(mock, builder: HPyListBuilder, index: HPy_ssize_t, item: HPy) -> () {
        mock.build_set(builder._i, index, item)
    }
    ctx_ListBuilder_Build(mock, builder: HPyListBuilder) -> Obj {
        let items = mock.build(builder._i)?;
        Ok(mock.make_always("list", Data::List(RefCell::new(items))))
    }
    ctx_ListBuilder_Cancel(mock, builder: HPyListBuilder) -> () {
        let items = mock.builders.borrow_mut().remove(&builder._i);
        drop(items);
        Ok(())
    }
    ctx_TupleBuilder_New(mock, size: HPy_ssize_t) -> HPyTupleBuilder {
        Ok(HPyTupleBuilder { _i: mock.builder(size) })
    }
    ctx_TupleBuilder_Set(mock, builder: HPyTupleBuilder, index: HPy_ssize_t, item: HPy) -> () {
        mock.build_set(builder._i, index, item)
    }
    ctx_TupleBuilder_Build(mock, builder: HPyTupleBuilder) -> Obj {
        let items = mock.build(builder._i)?;
        Ok(mock.make_always("tuple", Data::Tuple(RefCell::new(items))))
    }
    ctx_TupleBuilder_Cancel(mock, builder: HPyTupleBuilder) -> () {
        let items = mock.builders.borrow_mut().remove(&builder._i);
        drop(items);
        Ok(())
    }
    ctx_LeavePythonExecution(mock) -> HPyThreadState {
        let state = number();
        mock.left.set(Some(state));
        Ok(HPyThreadState { _i: state })
    }
    ctx_ReenterPythonExecution(mock, state: HPyThreadState) -> () {
        if mock.left.take() != Some(state._i) {
            mock.violation("Python is entered again with a state that is not the last".to_owned());
        }
        Ok(())
    }
    ctx_Global_Store(mock, global: *mut HPyGlobal, value: HPy) -> () {
        let value = mock.obj_or_null(value)?;
        // SAFETY: the function takes a pointer to a global, and threads take turns.
        let key = unsafe {
            if (*global).is_null() {
                *global = HPyGlobal { _i: number() };
            }
            (*global)._i
        };
        let before = match value {
            Some(value) => mock.globals.borrow_mut().insert(key, value),
            None => mock.globals.borrow_mut().remove(&key),
        };
        drop(before);
        Ok(())
    }
    ctx_Global_Load(mock, global: HPyGlobal) -> Option<Obj> {
        if global.is_null() {
            mock.violation("a global is loaded that was never stored to".to_owned());
        }
        Ok(mock.globals.borrow().get(&global._i).cloned())
    }
    ctx_Import_ImportModule(mock, name: *const c_char) -> Obj {
        mock.import(&c_text(name))
    }
}
