//! `Mock`: what an interpreter consists of.

use super::handles::Handles;
use super::objects::{Data, Obj, Object};
use hpy_sys::*;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::Mutex;
use std::thread::ThreadId;

/// A result whose error is an exception.
pub(super) type R<T> = Result<T, Obj>;

/// An interpreter's state.
pub(super) struct Mock {
    pub(super) context: Cell<*mut HPyContext>,
    pub(super) thread: ThreadId,
    /// Whether it has the extension that this project's interpreters have.
    pub(super) own: bool,
    pub(super) handles: Handles,
    /// Lists and tuples under construction.
    pub(super) builders: RefCell<HashMap<isize, Vec<Option<Obj>>>>,
    pub(super) types: RefCell<BTreeMap<String, Obj>>,
    pub(super) constants: RefCell<BTreeMap<&'static str, Obj>>,
    pub(super) modules: RefCell<BTreeMap<String, Obj>>,
    pub(super) globals: RefCell<HashMap<isize, Obj>>,
    pub(super) objects: RefCell<Vec<Weak<Object>>>,
    pub(super) pending: RefCell<Option<Obj>>,
    pub(super) no_memory: RefCell<Option<Obj>>,
    pub(super) left: Cell<Option<isize>>,
    pub(super) warnings: RefCell<Vec<String>>,
    pub(super) warnings_raise: Cell<bool>,
    pub(super) unraisable: Cell<usize>,
    pub(super) allocations: Cell<usize>,
    pub(super) failing: Cell<Failing>,
    /// Behind a lock: also a call from the wrong thread is recorded.
    pub(super) violations: Mutex<Vec<String>>,
}

/// Which allocations fail, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Failing {
    Never,
    Only(usize),
    From(usize),
}

/// What the context's `_private` points to: the extension comes first.
#[repr(C)]
pub(super) struct Private {
    pub(super) extension: ContextExtension,
    pub(super) mock: Mock,
}

impl Mock {
    pub(super) fn new(own: bool) -> Self {
        let mock = Self {
            context: Cell::new(core::ptr::null_mut()),
            thread: std::thread::current().id(),
            own,
            handles: Handles::default(),
            builders: RefCell::default(),
            types: RefCell::default(),
            constants: RefCell::default(),
            modules: RefCell::default(),
            globals: RefCell::default(),
            objects: RefCell::default(),
            pending: RefCell::default(),
            no_memory: RefCell::default(),
            left: Cell::new(None),
            warnings: RefCell::default(),
            warnings_raise: Cell::new(false),
            unraisable: Cell::new(0),
            allocations: Cell::new(0),
            failing: Cell::new(Failing::Never),
            violations: Mutex::default(),
        };
        mock.make_types();
        for (name, type_) in [
            ("None", "NoneType"),
            ("NotImplemented", "NotImplementedType"),
            ("Ellipsis", "ellipsis"),
        ] {
            let object = mock.make_always(type_, Data::Singleton(name));
            mock.constants.borrow_mut().insert(name, object);
        }
        for (name, value) in [("True", true), ("False", false)] {
            let object = mock.make_always("bool", Data::Bool(value));
            mock.constants.borrow_mut().insert(name, object);
        }
        mock.make_builtins();
        mock.make_sys();
        *mock.no_memory.borrow_mut() = Some(mock.error("MemoryError", "out of memory"));
        mock
    }

    /// # Safety
    /// `ctx` is a mock's context, which lives for `'a`.
    pub(super) unsafe fn of<'a>(ctx: *mut HPyContext) -> &'a Self {
        // SAFETY: as promised by the caller.
        unsafe { &(*(*ctx)._private.cast::<Private>()).mock }
    }

    pub(super) fn context(&self) -> *mut HPyContext {
        self.context.get()
    }

    pub(super) fn violation(&self, what: String) {
        self.violations
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .push(what);
    }

    /// The violations so far.
    pub(super) fn recorded(&self) -> Vec<String> {
        let violations = self.violations.lock().unwrap_or_else(|e| e.into_inner());
        violations.clone()
    }

    pub(super) fn constant(&self, name: &str) -> Obj {
        match self.constants.borrow().get(name) {
            Some(object) => object.clone(),
            None => panic!("the mock has no constant {name}"),
        }
    }

    pub(super) fn remember(&self, object: &Obj) {
        self.objects.borrow_mut().push(Rc::downgrade(object));
    }

    /// Counts an allocation; fails if it is its turn.
    pub(super) fn allocate(&self) -> R<()> {
        let count = self.allocations.get() + 1;
        self.allocations.set(count);
        let fails = match self.failing.get() {
            Failing::Never => false,
            Failing::Only(which) => count == which,
            Failing::From(first) => count >= first,
        };
        if fails {
            Err(self.memory_error())
        } else {
            Ok(())
        }
    }

    pub(super) fn memory_error(&self) -> Obj {
        let ready = self.no_memory.borrow().clone();
        ready.unwrap_or_else(|| self.error("MemoryError", "out of memory"))
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.close_all();
        // Objects that refer to each other end too.
        let objects = core::mem::take(&mut *self.objects.borrow_mut());
        let alive: Vec<Obj> = objects.iter().filter_map(Weak::upgrade).collect();
        for object in &alive {
            object.clear();
        }
    }
}
