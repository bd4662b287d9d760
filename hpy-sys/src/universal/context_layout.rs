//! Where a context has its words. Found at run time, because all contexts report the same version.
//!
//! Words up to 246 are the same everywhere. Contexts of HPy 0.9.0 and GraalPy 24 have 266 words.
//! Those of HPy's development versions have 276. PyPy from 7.3.16 on has `h_DictType` at word 247,
//! which moves the 19 functions after it by one word.

use super::contexts::{
    ContextLayout, Runtime, is_of_graalpy, is_of_this_project, recall, remember,
};
use super::*;
use crate::bundled_context::is_out_of_line_context;
use core::ffi::CStr;

/// The layout of `ctx`. Detected once per kind of context.
///
/// # Safety
/// `ctx` is a valid context of the current thread. No exception is pending when the layout is
/// detected.
#[inline(always)]
pub unsafe fn context_layout(ctx: *mut HPyContext) -> ContextLayout {
    if is_out_of_line_context(ctx) {
        return ContextLayout::Full;
    }
    // SAFETY: the context is valid.
    match recall(unsafe { (*ctx).name }) {
        Some(Runtime::ThisProject) => ContextLayout::Full,
        Some(Runtime::Other(layout)) => layout,
        // SAFETY: as promised by the caller.
        None => unsafe { find(ctx) },
    }
}

/// Whether `ctx` belongs to this project's Python package `hpy`, not to this binary.
///
/// # Safety
/// `ctx` is a valid context.
#[inline]
pub unsafe fn is_of_package(ctx: *mut HPyContext) -> bool {
    // SAFETY: the context is valid, word 0 of every context a C string.
    unsafe {
        match recall((*ctx).name) {
            Some(runtime) => runtime == Runtime::ThisProject,
            None => is_of_package_by_name((*ctx).name),
        }
    }
}

#[cold]
#[inline(never)]
unsafe extern "C" fn is_of_package_by_name(name: *const c_char) -> bool {
    // SAFETY: the caller's name is a C string.
    is_of_this_project(unsafe { CStr::from_ptr(name) })
}

/// Word `word` (247 to 265 of the full layout) of `ctx`.
///
/// # Safety
/// As for [`context_layout`].
#[inline(always)]
pub(super) unsafe fn late_word(ctx: *mut HPyContext, word: usize) -> Pointer {
    // SAFETY: as promised by the caller.
    let displaced = unsafe { context_layout(ctx) } == ContextLayout::Displaced;
    // SAFETY: the shortest context has 266 words, the displaced one 276.
    unsafe { *ctx.cast::<Pointer>().add(word + displaced as usize) }
}

/// Word `word` (266 to 275 of the full layout) of `ctx`, or null where the context ends before it.
///
/// # Safety
/// As for [`context_layout`].
#[inline(always)]
pub(super) unsafe fn new_word(ctx: *mut HPyContext, word: usize) -> Pointer {
    // SAFETY: as promised by the caller.
    match unsafe { context_layout(ctx) } {
        ContextLayout::Short | ContextLayout::Graal => core::ptr::null_mut(),
        // SAFETY: these contexts have 276 words.
        ContextLayout::Full | ContextLayout::Displaced => unsafe {
            *ctx.cast::<Pointer>().add(word)
        },
    }
}

/// The word of `h_DictType`, or null where there is none.
///
/// # Safety
/// As for [`context_layout`].
#[inline]
pub(super) unsafe fn data_word(ctx: *mut HPyContext, word: usize) -> Pointer {
    // SAFETY: as promised by the caller.
    match unsafe { context_layout(ctx) } {
        ContextLayout::Short | ContextLayout::Graal => core::ptr::null_mut(),
        // SAFETY: this context has 276 words.
        ContextLayout::Full => unsafe { *ctx.cast::<Pointer>().add(word) },
        // SAFETY: the displaced word; the context has 276 of them.
        ContextLayout::Displaced => unsafe { *ctx.cast::<Pointer>().add(247) },
    }
}

#[cold]
#[inline(never)]
#[allow(improper_ctypes_definitions)] // so it is known not to unwind
unsafe extern "C" fn find(ctx: *mut HPyContext) -> ContextLayout {
    // SAFETY: word 0 of every context is a C string; `ask` needs what our caller promised.
    unsafe {
        let name = (*ctx).name;
        if is_of_this_project(CStr::from_ptr(name)) {
            remember(name, Runtime::ThisProject);
            return ContextLayout::Full;
        }
        // The name of GraalPy's debug mode does not say so.
        let wrapped = debug_contexts::wrapped(ctx);
        let found = if is_of_graalpy(CStr::from_ptr((*wrapped).name)) {
            ContextLayout::Graal
        } else {
            ask(ctx)
        };
        remember(name, Runtime::Other(found));
        found
    }
}

/// Detects the layout, using words up to 246 only. An unknown context counts as short, which is
/// slower but never wrong.
unsafe fn ask(ctx: *mut HPyContext) -> ContextLayout {
    let ctx = without_inlining(ctx);
    // SAFETY: the context is valid and of this thread; each handle is closed once.
    unsafe {
        let sys = import(ctx, c"sys");
        let found = if let Some(version) = pypy_version(ctx, sys) {
            if version >= (7, 3, 16) {
                ContextLayout::Displaced
            } else {
                ContextLayout::Short
            }
        } else {
            package_layout(ctx)
        };
        close(ctx, sys);
        found
    }
}

/// `sys.pypy_version_info[:3]`, if it exists.
unsafe fn pypy_version(ctx: *mut HPyContext, sys: HPy) -> Option<(i64, i64, i64)> {
    let ctx = without_inlining(ctx);
    // SAFETY: the context is valid, handles are open until closed below.
    unsafe {
        if sys.is_null() || HPy_HasAttr_s(ctx, sys, c"pypy_version_info".as_ptr()) != 1 {
            return None;
        }
        let info = HPy_GetAttr_s(ctx, sys, c"pypy_version_info".as_ptr());
        let part = |index| {
            if info.is_null() {
                return 0;
            }
            let item = HPy_GetItem_i(ctx, info, index);
            let value = if item.is_null() {
                0
            } else {
                HPyLong_AsInt64_t(ctx, item)
            };
            close(ctx, item);
            value
        };
        let version = (part(0), part(1), part(2));
        close(ctx, info);
        HPyErr_Clear(ctx);
        Some(version)
    }
}

/// The layout that the version of the package `hpy` implies.
unsafe fn package_layout(ctx: *mut HPyContext) -> ContextLayout {
    let ctx = without_inlining(ctx);
    // SAFETY: the context is valid, handles are open until closed below.
    unsafe {
        let package = import(ctx, c"hpy.universal");
        if package.is_null() {
            return ContextLayout::Short;
        }
        let get_version = HPy_GetAttr_s(ctx, package, c"get_version".as_ptr());
        let versions = if get_version.is_null() {
            HPy_NULL
        } else {
            HPy_CallTupleDict(ctx, get_version, HPy_NULL, HPy_NULL)
        };
        let version = if versions.is_null() {
            HPy_NULL
        } else {
            HPy_GetItem_i(ctx, versions, 0)
        };
        let mut found = ContextLayout::Short;
        if !version.is_null() {
            let mut size = 0;
            let text = HPyUnicode_AsUTF8AndSize(ctx, version, &mut size);
            if !text.is_null() && has_all_words(CStr::from_ptr(text).to_bytes()) {
                found = ContextLayout::Full;
            }
        }
        for handle in [version, versions, get_version, package] {
            close(ctx, handle);
        }
        HPyErr_Clear(ctx);
        found
    }
}

/// Whether contexts of this version of upstream's package have 276 words: `0.9.1.dev61` and later.
/// The version of this project's package is inconclusive, as such contexts are recognized by name.
fn has_all_words(version: &[u8]) -> bool {
    if version
        .windows(OUR_VERSION.len())
        .any(|part| part == OUR_VERSION)
    {
        return false;
    }
    // Three numbers, and a fourth after "dev". Development versions carry a suffix such as
    // `+g1a2b3c4`.
    let (mut numbers, mut count, mut development) = ([0u32; 4], 0, false);
    for byte in version.iter().take_while(|byte| **byte != b'+') {
        match byte {
            b'0'..=b'9' => {
                let Some(number) = numbers.get_mut(count) else {
                    break;
                };
                *number = number.wrapping_mul(10) + u32::from(byte - b'0');
            }
            b'.' => count += 1,
            _ => development |= count == 3,
        }
    }
    let [major, minor, patch, number] = numbers;
    match (major, minor, patch).cmp(&(0, 9, 1)) {
        core::cmp::Ordering::Less => false,
        core::cmp::Ordering::Greater => true,
        core::cmp::Ordering::Equal => !development || number >= 61,
    }
}

/// The part of a version that marks this project's package.
const OUR_VERSION: &[u8] = b"+hpy.rs.";

unsafe fn import(ctx: *mut HPyContext, name: &CStr) -> HPy {
    let ctx = without_inlining(ctx);
    // SAFETY: the context is valid, the name a C string.
    unsafe {
        let module = HPyImport_ImportModule(ctx, name.as_ptr());
        if module.is_null() {
            HPyErr_Clear(ctx);
        }
        module
    }
}

#[inline(never)]
unsafe fn close(ctx: *mut HPyContext, handle: HPy) {
    let ctx = without_inlining(ctx);
    if !handle.is_null() {
        // SAFETY: the handle is open and not used again.
        unsafe { HPy_Close(ctx, handle) }
    }
}

#[cfg(test)]
mod tests {
    use super::has_all_words;

    #[test]
    fn versions_of_the_package() {
        for (version, all) in [
            ("0.9.0", false),
            ("0.9.0+g1a2b3c4", false),
            ("0.9.1.dev60+gabc", false),
            ("0.9.1.dev61+gabc", true),
            ("0.9.1.dev66", true),
            ("0.9.1", true),
            // This project's package, whose contexts are known by their name.
            ("0.9.1+hpy.rs.0.1.0", false),
            ("0.10.0", true),
            ("1.0.0", true),
            ("nonsense", false),
        ] {
            assert_eq!(has_all_words(version.as_bytes()), all, "{version}");
        }
    }
}
