//! The GIL of free-threaded CPython, for extensions that need it.
//!
//! CPython turns it on for a module that does not say that it can do without, after the module's
//! import. An extension that this package loads is not imported by CPython itself. So a module of
//! this package that needs the GIL is imported in its stead.

use core::cell::Cell;
use hpy::prelude::*;
use hpy::sys::capi;

thread_local! {
    /// Whether the module that this thread loads has said that it leaves the GIL off.
    static LEAVES_OFF: Cell<bool> = const { Cell::new(false) };
}

/// See [`ContextExtension`](hpy::sys::universal::ContextExtension).
pub(crate) extern "C" fn leave_gil_off() {
    LEAVES_OFF.set(true);
}

/// Calls `give`, which gives a module its context. Turns the GIL on for a module that does not
/// promise meanwhile to leave it off.
///
/// # Errors
/// What the import raises, such as the warning about the GIL where warnings are errors.
pub(crate) fn during_start(
    ctx: Context<'_>,
    module: &str,
    give: impl FnOnce() -> Result<()>,
) -> Result<()> {
    LEAVES_OFF.set(false);
    give()?;
    if !capi::free_threaded() || LEAVES_OFF.get() {
        return Ok(());
    }
    turn_on(ctx, module)
}

/// CPython's warning names the module that it turns the GIL on for.
fn turn_on(ctx: Context<'_>, module: &str) -> Result<()> {
    let is_on = ctx.import("sys")?.getattr("_is_gil_enabled")?.call0()?;
    if is_on.is_truthy()? {
        return Ok(());
    }
    let file = ctx.import("hpy.universal")?.getattr("__file__")?;
    let machinery = ctx.import("importlib.machinery")?;
    let name = ctx.str(&format!("{module}.needs_gil"))?;
    let loader = machinery.call_method1("ExtensionFileLoader", (&name, &file))?;
    let spec = machinery.call_method1("ModuleSpec", (&name, &loader))?;
    spec.setattr("origin", &file)?;
    let _ = ctx
        .import("_imp")?
        .call_method1("create_dynamic", (&spec,))?;
    Ok(())
}

hpy_module! {
    /// Has CPython turn the GIL on.
    name: needs_gil,
    gil: used,
}
