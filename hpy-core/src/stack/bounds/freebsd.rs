//! FreeBSD and DragonFly, by `pthread_attr_get_np`.

use super::Bounds;
use core::ffi::{c_int, c_void};

/// `pthread_attr_t`, a pointer there.
type Attributes = *mut c_void;

unsafe extern "C" {
    fn pthread_self() -> *mut c_void;
    fn pthread_attr_init(attributes: *mut Attributes) -> c_int;
    fn pthread_attr_get_np(thread: *mut c_void, attributes: *mut Attributes) -> c_int;
    fn pthread_attr_getstack(
        attributes: *const Attributes,
        start: *mut *mut c_void,
        size: *mut usize,
    ) -> c_int;
    fn pthread_attr_destroy(attributes: *mut Attributes) -> c_int;
}

pub(super) fn bounds() -> Option<Bounds> {
    let mut attributes = core::ptr::null_mut();
    let (mut start, mut size) = (core::ptr::null_mut(), 0);
    // SAFETY: the thread is the running one; the attributes are made before they are used, and
    // destroyed.
    unsafe {
        if pthread_attr_init(&mut attributes) != 0 {
            return None;
        }
        let found = pthread_attr_get_np(pthread_self(), &mut attributes) == 0
            && pthread_attr_getstack(&attributes, &mut start, &mut size) == 0;
        pthread_attr_destroy(&mut attributes);
        if !found {
            return None;
        }
    }
    let lowest = start.addr();
    let end = lowest.checked_add(size)?;
    Some(Bounds { lowest, end })
}
