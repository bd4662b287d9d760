//! What contexts of this project offer beyond HPy's API.

use super::*;
use core::ffi::CStr;

/// The name of the own context. HPy's own come first in it, for those who look for them.
pub(super) const OWN_NAME: &CStr = c"HPy Universal ABI (HPy for Rust)";

/// What is in the name of every context of this project.
const MARK: &[u8] = b"HPy for Rust";

/// Whether contexts of this name are this project's: they have all words, in their places, and a [`ContextExtension`] or
/// null behind `_private`.
pub(super) fn is_ours(name: &CStr) -> bool {
    says(name, MARK)
}

/// Whether contexts of this name are GraalPy's: `HPy Universal ABI (GraalVM backend, JNI)`.
pub(super) fn is_graalpys(name: &CStr) -> bool {
    says(name, b"GraalVM")
}

#[inline(never)]
fn says(name: &CStr, what: &[u8]) -> bool {
    name.to_bytes().windows(what.len()).any(|part| part == what)
}

/// Functions beside those of HPy's API, behind a context's `_private`. It only ever grows, at its end.
#[derive(Debug)]
#[repr(C)]
pub struct ContextExtension {
    /// How many bytes of it there are: an older runtime has fewer fields than a newer extension knows.
    pub size: usize,
    /// Takes the pending exception: a new handle, or null.
    pub fetch: unsafe extern "C" fn(*mut HPyContext) -> HPy,
}

/// What `ctx` offers beyond HPy's API, if it is one of this project's.
///
/// # Safety
/// `ctx` is a valid context.
pub unsafe fn context_extension(ctx: *mut HPyContext) -> Option<&'static ContextExtension> {
    // SAFETY: a context's name is a C string, and one of that name has the extension, in a static, or null.
    unsafe {
        if !is_of_package(ctx) {
            return None;
        }
        let extension = (*ctx)._private.cast::<ContextExtension>().as_ref();
        extension.filter(|extension| extension.size >= size_of::<ContextExtension>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_of_this_project_are_known_by_their_names() {
        assert!(is_ours(OWN_NAME) && is_ours(c"HPy for Rust mock"));
        for other in [
            c"HPy Universal ABI (CPython backend)",
            c"HPy Debug Mode ABI",
            c"",
        ] {
            assert!(!is_ours(other), "{other:?}");
            assert!(!is_graalpys(other), "{other:?}");
        }
        assert!(is_graalpys(c"HPy Universal ABI (GraalVM backend, JNI)"));
        assert!(!is_graalpys(OWN_NAME));
    }
}
