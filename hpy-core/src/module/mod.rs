//! What `hpy_module!` makes of a module.

mod interop;
pub mod legacy;
pub(crate) mod legacy_slots;
pub mod submodule;

use crate::backend::any_global::AnyGlobal;
use crate::entry::guard;
use crate::entry::guard::{Exec, IntoReturn};
use crate::module::legacy::LegacyMethods;
use crate::types::Module;
use crate::{Context, Error, Handle, IntoHandle, Result, backend};
use core::ffi::CStr;
use hpy_sys::*;

/// The module's definition, for the loader.
pub const fn module_def(
    doc: &'static CStr,
    legacy_methods: LegacyMethods,
    defines: *mut *mut HPyDef,
    globals: *mut *mut HPyGlobal,
) -> Static<HPyModuleDef> {
    Static::new(HPyModuleDef {
        doc: doc.as_ptr(),
        size: 0,
        legacy_methods: legacy_methods.as_ptr(),
        defines,
        globals,
    })
}

/// Runs when the module is imported.
#[inline(always)]
pub(crate) fn exec<'ctx, E: Exec>(ctx: Context<'ctx>, module: &Handle<'ctx>) -> Result<()> {
    // SAFETY: the interpreter passes the module that it made (or one that the module's own creator
    // made, whose attributes are all that is used).
    let module = unsafe { module.downcast_unchecked::<Module>() };
    fill(ctx, module, E::GLOBALS, E::exec)
}

/// The same for all modules.
#[cold]
#[inline(never)]
fn fill<'ctx>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    globals: &[&AnyGlobal],
    body: fn(Context<'ctx>, &Handle<'ctx, Module>) -> Result<()>,
) -> Result<()> {
    guard::remember_panic_locations();
    crate::backend::any_global::REGISTRY.declare(ctx);
    let _call = backend::begin_exec(ctx);
    backend::module_loads(ctx)?;
    for global in globals {
        global.declare(ctx);
    }
    let unfinished = Unfinished(module);
    body(ctx, module)?;
    core::mem::forget(unfinished);
    Ok(())
}

/// A module that is being filled. Dropped, it was not finished, by an error or a panic.
struct Unfinished<'a, 'ctx>(&'a Handle<'ctx, Module>);

impl Drop for Unfinished<'_, '_> {
    #[cold]
    fn drop(&mut self) {
        backend::module_failed(self.0);
    }
}

/// Adds one of `constants` to the module.
pub fn add_constant<'ctx, V: IntoHandle<'ctx>>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    name: &CStr,
    value: V,
) -> Result<()> {
    set_constant(ctx.rarely(), module.as_raw(), name, value.into_handle(ctx)?)
}

#[cold]
#[inline(never)]
fn set_constant<'ctx>(
    ctx: Context<'ctx>,
    module: HPy,
    name: &CStr,
    value: Handle<'ctx>,
) -> Result<()> {
    // SAFETY: the handles are open, the name is a C string.
    let result = unsafe { HPy_SetAttr_s(ctx.as_ptr(), module, name.as_ptr(), value.as_raw()) };
    ctx.check(result).map(drop)
}

/// What a deprecated method does first. The line that is told is the caller's: Rust's functions
/// have no frame of their own.
#[cold]
#[inline(never)]
pub fn warn_deprecated(ctx: Context<'_>, message: &'static str) -> Result<()> {
    ctx.warn::<crate::exceptions::DeprecationWarning>(message, 1)
}

/// What a method with `warn(…)` does first.
#[cold]
#[inline]
pub fn warn<W: crate::exceptions::ExceptionType>(
    ctx: Context<'_>,
    message: &'static str,
) -> Result<()> {
    ctx.warn::<W>(message, 1)
}

/// What `exec:` names.
#[diagnostic::on_unimplemented(
    message = "`exec` must be a function of the module",
    label = "not `fn(&Handle<'_, Module>) -> Result<()>`",
    note = "write `fn init(module: &Handle<'_, Module>) -> Result<()>`; the context is \
            `module.ctx()`"
)]
pub trait ExecFunction {
    /// Calls it.
    fn call<'ctx>(self, module: &Handle<'ctx, Module>) -> Result<()>;
}

impl<F, E> ExecFunction for F
where
    F: for<'a, 'ctx> Fn(&'a Handle<'ctx, Module>) -> core::result::Result<(), E>,
    E: Into<Error>,
{
    fn call<'ctx>(self, module: &Handle<'ctx, Module>) -> Result<()> {
        self(module).map_err(Into::into)
    }
}

/// Runs the module's own `exec` function.
pub fn run_exec<'ctx, F: ExecFunction>(
    function: F,
    _ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
) -> Result<()> {
    function.call(module)
}

/// The receiver of a module's method, as a module.
pub fn as_module<'a, 'ctx>(receiver: &'a Handle<'ctx>) -> Result<&'a Handle<'ctx, Module>> {
    // SAFETY: a method of a module is called with the module; `Module`'s methods use attributes
    // only.
    Ok(unsafe { receiver.downcast_unchecked() })
}

#[allow(unused)]
fn _is_used<'ctx, T: IntoReturn<'ctx>>() {}
