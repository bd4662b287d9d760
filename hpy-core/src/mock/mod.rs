//! A context in pure Rust, for this crate's tests and examples: no Python is needed to run them.
//!
//! It is behind the hidden feature `mock`, which is not for users: it changes without notice.
//!
//! The mock counts its handles and gives each a fresh, changing value. What an extension must not
//! do is recorded as a violation, and fails the test: use after close, double close, closing what
//! is borrowed, leaks, calls with an exception pending, while Python is left, or from another
//! thread.
//!
//! ```
//! use hpy::mock;
//!
//! mock::run(|ctx| {
//!     let list = ctx.list([20, 22])?;
//!     let sum = ctx.builtins().get_item("sum")?.call1((&list,))?;
//!     assert_eq!(sum.extract::<i64>()?, 42);
//!     Ok(())
//! });
//! ```

// The table's functions have C's names.
#![allow(non_snake_case, non_upper_case_globals)]

mod attributes;
mod builtins;
mod calls;
mod compare;
mod containers;
mod entry;
mod errors;
mod handles;
mod int;
mod objects;
mod operators;
mod runs;
mod state;
mod table;
mod text;
mod types;
mod values;
mod world;

pub use runs::{failures, foreign, report, run};
pub use world::*;

use core::ffi::CStr;
use hpy_sys::*;
use objects::{Data, Obj, Object};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::Mutex;
use std::thread::ThreadId;

/// A result whose error is an exception.
type R<T> = Result<T, Obj>;

/// An interpreter's state.
struct Mock {
    context: Cell<*mut HPyContext>,
    thread: ThreadId,
    /// Whether it has the extension that this project's interpreters have.
    own: bool,
    handles: handles::Handles,
    builders: state::Builders,
    types: RefCell<BTreeMap<String, Obj>>,
    constants: RefCell<BTreeMap<&'static str, Obj>>,
    modules: RefCell<BTreeMap<String, Obj>>,
    globals: RefCell<HashMap<isize, Obj>>,
    objects: RefCell<Vec<Weak<Object>>>,
    pending: RefCell<Option<Obj>>,
    no_memory: RefCell<Option<Obj>>,
    left: Cell<Option<isize>>,
    warnings: RefCell<Vec<String>>,
    warnings_raise: Cell<bool>,
    unraisable: Cell<usize>,
    allocations: Cell<usize>,
    failing: Cell<Failing>,
    /// Behind a lock: also a call from the wrong thread is recorded.
    violations: Mutex<Vec<String>>,
}

/// Which allocations fail, counted from 1.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Failing {
    Never,
    Only(usize),
    From(usize),
}

/// What the context's `_private` points to: the extension comes first.
#[repr(C)]
struct Private {
    extension: ContextExtension,
    mock: Mock,
}

impl Mock {
    fn new(own: bool) -> Self {
        let mock = Self {
            context: Cell::new(core::ptr::null_mut()),
            thread: std::thread::current().id(),
            own,
            handles: handles::Handles::default(),
            builders: state::Builders::default(),
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
    unsafe fn of<'a>(ctx: *mut HPyContext) -> &'a Self {
        // SAFETY: as promised by the caller.
        unsafe { &(*(*ctx)._private.cast::<Private>()).mock }
    }

    fn context(&self) -> *mut HPyContext {
        self.context.get()
    }

    fn violation(&self, what: String) {
        self.violations
            .lock()
            .unwrap_or_else(|e| e.into_inner())
            .push(what);
    }

    /// The violations so far.
    fn recorded(&self) -> Vec<String> {
        let violations = self.violations.lock().unwrap_or_else(|e| e.into_inner());
        violations.clone()
    }

    fn constant(&self, name: &str) -> Obj {
        match self.constants.borrow().get(name) {
            Some(object) => object.clone(),
            None => panic!("the mock has no constant {name}"),
        }
    }

    fn remember(&self, object: &Obj) {
        self.objects.borrow_mut().push(Rc::downgrade(object));
    }

    /// Counts an allocation; fails if it is its turn.
    fn allocate(&self) -> R<()> {
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

    fn memory_error(&self) -> Obj {
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

/// The names of the two kinds of contexts.
const OWN: &CStr = c"HPy for Rust mock";
const FOREIGN: &CStr = c"HPy for Rust mock, without extensions";

/// A mock with its context, at addresses that stay.
struct Interpreter {
    context: *mut HPyContext,
    private: *mut Private,
}

impl Interpreter {
    fn new(own: bool) -> Self {
        let extension = ContextExtension {
            size: if own {
                size_of::<ContextExtension>()
            } else {
                0
            },
            fetch: errors::fetch,
        };
        let mock = Mock::new(own);
        let private = Box::into_raw(Box::new(Private { extension, mock }));
        let name = if own { OWN } else { FOREIGN };
        // SAFETY: the box was just made.
        let mock = unsafe { &(*private).mock };
        let mut table = table::blank(mock, name.as_ptr(), private.cast());
        attributes::install(&mut table);
        calls::install(&mut table);
        compare::install(&mut table);
        containers::install(&mut table);
        errors::install(&mut table);
        operators::install(&mut table);
        state::install(&mut table);
        text::install(&mut table);
        values::install(&mut table);
        let context = Box::into_raw(Box::new(table));
        mock.context.set(context);
        Self { context, private }
    }

    fn mock(&self) -> &Mock {
        // SAFETY: the box lives as long as `self`.
        unsafe { &(*self.private).mock }
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        // SAFETY: both came from boxes, and nothing refers to them any more: calls have ended.
        unsafe {
            drop(Box::from_raw(self.private));
            drop(Box::from_raw(self.context));
        }
    }
}
