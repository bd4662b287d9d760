//! Modules within a module, and what is called when the interpreter ends.

use crate::entry::definition::MethodDef;
use crate::error::joined;
use crate::types::Module;
use crate::{Context, Handle, Imported, Result};
use core::ffi::CStr;

static MODULE_TYPE: Imported = Imported::new("types", "ModuleType");
static MODULE_SPEC: Imported = Imported::new("_frozen_importlib", "ModuleSpec");
static SYS_MODULES: Imported = Imported::new("sys", "modules");

/// Makes one of `submodules`, with the methods, which the interpreter has put into the module of
/// the library itself.
///
/// It can be imported as `module.name`, since `sys.modules` has it and its parent looks like a
/// package.
#[cold]
#[inline]
pub fn add_submodule<'ctx>(
    library: &Handle<'ctx, Module>,
    parent: &Handle<'ctx, Module>,
    name: &CStr,
    doc: &str,
    methods: &[MethodDef],
) -> Result<Handle<'ctx, Module>> {
    let ctx = library.ctx().rarely();
    let parent_name = full_name(parent)?;
    let full_name = joined(&[&parent_name, ".", name.to_str().unwrap_or_default()]);
    let doc = (!doc.is_empty()).then_some(doc);
    let module = MODULE_TYPE.get(ctx)?.call1((&full_name, doc))?;
    // SAFETY: what the type of modules makes is one; `Module`'s methods use attributes only.
    let module = unsafe { module.downcast_into_unchecked::<Module>() };
    module.setattr(c"__package__", &parent_name)?;
    let spec = MODULE_SPEC.get(ctx)?.call1((&full_name, ()))?;
    module.setattr(c"__spec__", spec)?;
    if !parent.hasattr(c"__path__")? {
        parent.setattr(c"__path__", ctx.empty_list()?)?;
    }
    for method in methods {
        let function = library.getattr(method.name())?;
        library.delattr(method.name())?;
        // Not every interpreter lets it be changed.
        let renamed = function.setattr(c"__module__", &full_name);
        drop(renamed);
        module.setattr(method.name(), function)?;
    }
    SYS_MODULES.get(ctx)?.set_item(&full_name, &module)?;
    parent.setattr(name, &module)?;
    Ok(module)
}

/// A module's dotted name, also while it is imported.
///
/// PyPy's own HPy says the last part only until the import is done. The Python file that imports
/// the binary knows the whole name, and is what runs just now.
#[inline]
pub(crate) fn full_name(module: &Handle<'_, Module>) -> Result<String> {
    let module = &module.rarely();
    let spec = module.getattr(c"__spec__");
    if let Ok(name) = spec.and_then(|spec| spec.getattr(c"name")?.extract()) {
        return Ok(name);
    }
    let name = module.name()?;
    match name_of_caller(module) {
        Ok(caller)
            if caller
                .rsplit_once('.')
                .is_some_and(|(_, last)| last == name) =>
        {
            Ok(caller)
        }
        _ => Ok(name),
    }
}

static FRAME: Imported = Imported::new("sys", "_getframe");

#[inline]
fn name_of_caller(module: &Handle<'_, Module>) -> Result<String> {
    let frame = FRAME.get(module.ctx())?.call0()?;
    frame.getattr(c"f_globals")?.get_item("__name__")?.extract()
}

/// Has the method called when the interpreter ends, by `atexit`. One that is not listed among the
/// methods is taken out of the module.
#[cold]
#[inline]
pub fn at_exit<'ctx>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    method: MethodDef,
    is_listed: bool,
) -> Result<()> {
    let function = module.getattr(method.name())?;
    if !is_listed {
        module.delattr(method.name())?;
    }
    ctx.import("atexit")?
        .call_method1(c"register", (function,))
        .map(drop)
}
