//! The modules that the program itself contains: each `hpy_module!` registers its own.

use core::ffi::CStr;
use core::ptr::{from_ref, null_mut};
use core::sync::atomic::{AtomicPtr, Ordering};
use hpy_sys::embed::{BuiltInModule, ModuleInit};

/// A module of the program, in a list of all.
#[derive(Debug)]
pub struct BuiltIn {
    module: BuiltInModule,
    next: AtomicPtr<BuiltIn>,
}

static FIRST: AtomicPtr<BuiltIn> = AtomicPtr::new(null_mut());

impl BuiltIn {
    /// An entry that is in no list yet.
    ///
    /// # Safety
    /// `init` is the module's `PyInit_NAME`.
    pub const unsafe fn new(name: &'static CStr, init: ModuleInit) -> Self {
        Self {
            module: BuiltInModule { name, init },
            next: AtomicPtr::new(null_mut()),
        }
    }

    /// Puts the entry into the list, once. It runs before `main`: it neither allocates nor panics.
    pub fn register(&'static self) {
        let mut first = FIRST.load(Ordering::Acquire);
        loop {
            self.next.store(first, Ordering::Relaxed);
            let this = from_ref(self).cast_mut();
            match FIRST.compare_exchange(first, this, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(other) => first = other,
            }
        }
    }
}

/// All modules that have registered themselves.
pub(super) fn all() -> Vec<BuiltInModule> {
    let mut next = FIRST.load(Ordering::Acquire);
    core::iter::from_fn(|| {
        // SAFETY: the list has statics only, and each is in it once.
        let this = unsafe { next.as_ref() }?;
        next = this.next.load(Ordering::Acquire);
        Some(this.module)
    })
    .collect()
}

/// Registers a module when the program starts, before `main`.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_built_in {
    ($name:expr, $init:ident) => {
        // SAFETY: it is the module's function.
        static __HPY_BUILT_IN: $crate::__private::BuiltIn =
            unsafe { $crate::__private::BuiltIn::new($name, $init) };
        #[used]
        #[cfg_attr(
            target_vendor = "apple",
            unsafe(link_section = "__DATA,__mod_init_func")
        )]
        #[cfg_attr(windows, unsafe(link_section = ".CRT$XCU"))]
        #[cfg_attr(
            not(any(target_vendor = "apple", windows)),
            unsafe(link_section = ".init_array")
        )]
        static __HPY_REGISTER: extern "C" fn() = {
            extern "C" fn register() {
                __HPY_BUILT_IN.register();
            }
            register
        };
    };
}
