//! From a file to a module.

use crate::binary::Binary;
use crate::debug;
use crate::mode::Mode;
use crate::trace::TraceContext;
use core::ffi::{CStr, c_int};
use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;
use hpy::sys::fork::Lock;
use hpy::sys::interpreters::Interpreters;
use hpy::sys::{
    BUNDLED_CONTEXT, HPY_ABI_VERSION, HPY_ABI_VERSION_MINOR, HPy, HPyContext, HPyModuleDef,
    HPyUnicode_EncodeFSDefault, capi, cpython,
};
use std::ffi::CString;

/// CPython's `PYTHON_API_VERSION`, the same since 2.5.
const API_VERSION: c_int = 1013;

/// Loads the module `name` of the file `path`, in HPy's order. The binary is opened, asked for the
/// version that it needs, given its context, and asked for its definition. The module is made of
/// that and run. In reports it is called `full_name`, which has the package too.
///
/// # Errors
/// RuntimeError for a file that is no HPy binary or does not fit; what the module's own code
/// raises.
pub(crate) fn load_module<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    full_name: &str,
    path: &Handle<'ctx, Str>,
    spec: &Handle<'ctx>,
    mode: Mode,
) -> Result<Handle<'ctx>> {
    let plain: *mut HPyContext = BUNDLED_CONTEXT.as_ptr().cast();
    let extension = Extension::open(ctx, name, path)?;
    extension.check_version()?;
    let mut traced = None;
    let context = match mode {
        Mode::Universal => plain,
        // SAFETY: the thread is attached, and the bundled context was filled while this module was
        // imported.
        Mode::Debug => unsafe { debug::root() },
        Mode::Trace => {
            // SAFETY: the bundled context was filled while this module was imported, and is never
            // freed.
            let context = unsafe { TraceContext::of(full_name, &extension.path) };
            traced = Some(context);
            context.as_ptr()
        }
    };
    extension.set_context(context)?;
    let def = extension.definition()?;
    // SAFETY: the definition stands in a library that is never closed.
    unsafe {
        if let Some(traced) = traced {
            traced.name_functions(def);
        } else if mode == Mode::Debug {
            debug::add_module(def, &extension.name);
        }
    }
    module(ctx, def, kept(&extension.name)?, spec)
}

/// A binary, and the words to speak of it.
struct Extension {
    binary: Binary,
    /// The last part of the module's name, which the entry points end with.
    name: String,
    path: String,
}

type VersionGetter = extern "C" fn() -> u32;
type SetContext = unsafe extern "C" fn(*mut HPyContext);
type Init = unsafe extern "C" fn() -> *mut HPyModuleDef;

impl Extension {
    fn open<'ctx>(ctx: Context<'ctx>, name: &str, path: &Handle<'ctx, Str>) -> Result<Self> {
        let name = entry_name(ctx, name)?;
        // SAFETY: the handle is open and a string's. The result is a new handle to bytes, or null
        // with an exception.
        let encoded: Handle<'ctx, Bytes> = unsafe {
            let raw = HPyUnicode_EncodeFSDefault(ctx.as_ptr(), path.as_raw());
            ctx.handle_from_raw(raw)?
        };
        let file = CString::new(encoded.as_bytes())
            .map_err(|_| ValueError::new("embedded null byte in the path"))?;
        let path = file.to_string_lossy().into_owned();
        match Binary::open(&file) {
            Ok(binary) => Ok(Self { binary, name, path }),
            Err(why) => Err(RuntimeError::new(format!(
                "the HPy extension module '{name}' cannot be loaded from '{path}': {why}"
            ))),
        }
    }

    /// The module asks for a version that this runtime has. Its file's name says the same.
    fn check_version(&self) -> Result<()> {
        let Self { name, path, .. } = self;
        let version = |which| {
            let symbol = format!("get_required_hpy_{which}_version_{name}");
            match self.binary.symbol(&symbol) {
                // SAFETY: HPy gives a symbol of that name this type.
                Ok(address) => Ok(unsafe {
                    core::mem::transmute::<*mut core::ffi::c_void, VersionGetter>(address)()
                }),
                Err(why) => Err(RuntimeError::new(format!(
                    "the HPy extension module '{name}' at path '{path}' does not say which version \
                     of HPy it needs, as the symbol '{symbol}' would: {why}"
                ))),
            }
        };
        let (major, minor) = (version("major")?, version("minor")?);
        if major != HPY_ABI_VERSION || minor > HPY_ABI_VERSION_MINOR {
            return Err(RuntimeError::new(format!(
                "HPy extension module '{name}' requires unsupported version of the HPy runtime. \
                 Requested version: {major}.{minor}. Current HPy version: \
                 {HPY_ABI_VERSION}.{HPY_ABI_VERSION_MINOR}."
            )));
        }
        match tag(path) {
            Some(tag) if tag == major => Ok(()),
            Some(tag) => Err(RuntimeError::new(format!(
                "HPy extension module '{name}' at path '{path}': mismatch between the HPy ABI tag \
                 encoded in the filename and the major version requested by the HPy extension \
                 itself. Major version tag parsed from filename: {tag}. Requested version: \
                 {major}.{minor}."
            ))),
            None => Err(RuntimeError::new(format!(
                "HPy extension module '{name}' at path '{path}': could not find HPy ABI tag \
                 encoded in the filename. The extension claims to be compiled with HPy ABI \
                 version: {major}.{minor}."
            ))),
        }
    }

    /// Gives the binary the context that its trampolines use.
    fn set_context(&self, context: *mut HPyContext) -> Result<()> {
        let address = self.entry_point("HPyInitGlobalContext")?;
        // SAFETY: HPy gives a symbol of that name this type. The context is filled and never freed.
        unsafe {
            core::mem::transmute::<*mut core::ffi::c_void, SetContext>(address)(context);
        }
        Ok(())
    }

    fn definition(&self) -> Result<*mut HPyModuleDef> {
        let address = self.entry_point("HPyInit")?;
        // SAFETY: HPy gives a symbol of that name this type.
        let def = unsafe { core::mem::transmute::<*mut core::ffi::c_void, Init>(address)() };
        if def.is_null() {
            return Err(RuntimeError::new(format!(
                "the HPy extension module at path '{}' has no definition: the function \
                 'HPyInit_{}' returned NULL",
                self.path, self.name
            )));
        }
        Ok(def)
    }

    fn entry_point(&self, prefix: &str) -> Result<*mut core::ffi::c_void> {
        let symbol = format!("{prefix}_{}", self.name);
        self.binary.symbol(&symbol).map_err(|why| {
            RuntimeError::new(format!(
                "the HPy extension module at path '{}' lacks the symbol '{symbol}', which the \
                 macro HPy_MODINIT defines: {why}",
                self.path
            ))
        })
    }
}

/// The last part of a module's name, as entry points have it: in ASCII, with `_` for `-`.
fn entry_name(ctx: Context<'_>, name: &str) -> Result<String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    if !last.is_ascii() {
        // Raises UnicodeEncodeError.
        let _ = ctx.str(last)?.call_method1("encode", ("ascii",))?;
    }
    Ok(last.replace('-', "_"))
}

/// The number after `.hpy` in the file's name.
fn tag(path: &str) -> Option<u32> {
    let separator = |c| c == '/' || (cfg!(windows) && c == '\\');
    let file = path.rsplit(separator).next()?;
    file.split(".hpy").skip(1).find_map(|rest| {
        let end = rest.find(|c: char| !c.is_ascii_digit());
        rest[..end.unwrap_or(rest.len())].parse().ok()
    })
}

/// The name as a C string for ever, the same for the same name.
fn kept(name: &str) -> Result<&'static CStr> {
    static KEPT: Lock<Vec<&CStr>> = Lock::new(Vec::new());
    let mut kept = KEPT.lock();
    if let Some(known) = kept
        .iter()
        .find(|known| known.to_bytes() == name.as_bytes())
    {
        return Ok(known);
    }
    let new = CString::new(name).map_err(|_| ValueError::new("embedded null byte in the name"))?;
    let new: &'static CStr = Box::leak(new.into_boxed_c_str());
    kept.push(new);
    Ok(new)
}

/// Makes the module that `def` describes, and runs its code. What a `HPy_mod_create` made need not
/// be a module, and has no code to run.
fn module<'ctx>(
    ctx: Context<'ctx>,
    def: *mut HPyModuleDef,
    name: &'static CStr,
    spec: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    // SAFETY: the thread is attached. The definition stands in a library that is never closed, and
    // only runtimes change it. The context's handles are the objects' addresses.
    unsafe {
        let promises = cpython::Promises {
            interpreters: Interpreters::One,
            gil: cpython::Gil::Used,
        };
        let def = cpython::HPyModule_InitFor(def, name, promises);
        if def.is_null() {
            return Err(Error::fetch(ctx));
        }
        let spec = spec.as_raw()._i as *mut capi::PyObject;
        let object = capi::PyModule_FromDefAndSpec2(def, spec, API_VERSION);
        let module: Handle<'ctx> = ctx.handle_from_raw(HPy {
            _i: object as isize,
        })?;
        if capi::type_check(object, capi::running::PyModule_Type())
            && capi::PyModule_ExecDef(object, def) != 0
        {
            return Err(Error::fetch(ctx));
        }
        Ok(module)
    }
}

#[cfg(test)]
mod tests {
    use super::tag;

    #[test]
    fn the_tag_is_that_of_the_file() {
        for (path, expected) in [
            ("m.hpy0.so", Some(0)),
            ("/a.hpy7/m.hpy0.so", Some(0)),
            ("m.hpy999.so", Some(999)),
            ("m.hpy0-cp311.so", Some(0)),
            ("m.hpyx.hpy1.so", Some(1)),
            ("m.so", None),
            ("m.hpy.so", None),
            ("/a.hpy0/m.so", None),
            ("m.hpy99999999999.so", None),
        ] {
            assert_eq!(tag(path), expected, "{path}");
        }
    }
}
