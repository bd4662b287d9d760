//! What views have a share in, from their beginning to their end.

use super::Export;
use super::view_key::ViewKey;
use hpy_sys::HPy_buffer;
use hpy_sys::fork::Lock;

/// Views that cannot be told apart. Their shares are given up together, when all have ended.
struct Group {
    key: usize,
    #[allow(clippy::vec_box)] // Views have pointers into them.
    held: Vec<Box<Export>>,
    ended: usize,
}

static GROUPS: Lock<Vec<Group>> = Lock::new(Vec::new());

/// Keeps a view's share until [`release`].
///
/// # Safety
/// The view may be written; its memory is filled in here, as far as it is the key.
#[inline]
pub(super) unsafe fn keep(key: ViewKey, export: Export, view: *mut HPy_buffer) -> *mut Export {
    let mut held = Box::new(export);
    let place: *mut Export = &raw mut *held;
    if key == ViewKey::Internal {
        return Box::into_raw(held);
    }
    // SAFETY: as promised by the caller.
    let key = unsafe {
        (*view).buf = held.start();
        key.of(view)
    };
    let mut groups = GROUPS.lock();
    match groups.iter_mut().find(|group| group.key == key) {
        Some(group) => group.held.push(held),
        None => groups.push(Group {
            key,
            held: vec![held],
            ended: 0,
        }),
    }
    place
}

/// Gives up the share of a view.
///
/// # Safety
/// The view was filled, with this key, and is given up once.
#[inline]
pub(crate) unsafe fn release(key: ViewKey, view: *mut HPy_buffer) {
    if key == ViewKey::Internal {
        // SAFETY: as promised by the caller: a box that was turned into a pointer.
        unsafe {
            let held = core::mem::replace(&mut (*view).internal, core::ptr::null_mut());
            if !held.is_null() {
                drop(Box::from_raw(held.cast::<Export>()));
            }
        }
        return;
    }
    // SAFETY: as promised by the caller.
    let key = unsafe { key.of(view) };
    let mut groups = GROUPS.lock();
    let Some(place) = groups.iter().position(|group| group.key == key) else {
        return;
    };
    let group = &mut groups[place];
    group.ended += 1;
    if group.ended == group.held.len() {
        let gone = groups.swap_remove(place);
        drop(groups);
        drop(gone);
    }
}
