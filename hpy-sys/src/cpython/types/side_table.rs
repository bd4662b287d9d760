//! The side table: data outside the object, in blocks found by the object's address.
//!
//! It is for bases of varying size, such as int and tuple: their digits or items are where the data
//! of a subclass would be. A zeroed block is allocated on first use, because the base's own
//! `__new__` may make the object. It is freed when the object is deallocated.
//!
//! No Python runs while the table is locked.

use super::registry::hpy_bases;
use crate::capi::{self, PyMemberDef, PyObject};
use crate::fork::{Guard, Lock};
use core::alloc::Layout;
use core::ffi::{c_int, c_void};

/// The header of a block. The data after it is aligned for anything.
#[repr(C, align(16))]
struct Block {
    next: *mut Block,
    owner: *mut PyObject,
    size: usize,
}

/// Chains of blocks, by their owners' addresses.
struct Table {
    chains: Vec<*mut Block>,
    count: usize,
}

// SAFETY: the table owns a block until it is freed. The data belongs to the object.
unsafe impl Send for Table {}

/// Several tables, because threads use them in parallel without the GIL.
const TABLES: usize = 64;
static ALL: [Lock<Table>; TABLES] = [const {
    Lock::new(Table {
        chains: Vec::new(),
        count: 0,
    })
}; TABLES];

/// The table that has the object's data, if there is any.
fn table(o: *mut PyObject) -> Guard<Table> {
    ALL[hash(o) % TABLES].lock()
}

/// Objects' addresses differ in the middle.
fn hash(o: *mut PyObject) -> usize {
    (o as usize as u64)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .rotate_left(24) as usize
}

/// The data of an instance of this type.
///
/// # Safety
/// `o` is an instance of the type, whose data is in the side table.
#[inline(never)]
pub(super) unsafe fn data(o: *mut PyObject, type_: *mut PyObject) -> *mut c_void {
    if let Some(data) = existing(o) {
        return data;
    }
    // SAFETY: as promised by the caller. A type's data begins with that of its bases.
    let size = unsafe { hpy_bases(type_) }.map(|info| info.data_size).max();
    match size {
        // No `tp_dealloc` would free it.
        None | Some(0) => core::ptr::dangling_mut::<Block>().cast(),
        Some(size) => {
            let mut table = table(o);
            // Another thread may have been faster.
            data_of(table.find(o).unwrap_or_else(|| table.add(o, size)))
        }
    }
}

/// The data, if it was allocated.
pub(super) fn existing(o: *mut PyObject) -> Option<*mut c_void> {
    table(o).find(o).map(data_of)
}

/// Frees the data of an object that is deallocated.
pub(super) fn free(o: *mut PyObject) {
    let block = table(o).remove(o);
    if !block.is_null() {
        // SAFETY: no other code refers to the block, which was allocated with this layout.
        unsafe { std::alloc::dealloc(block.cast(), layout((*block).size)) }
    }
}

fn data_of(block: *mut Block) -> *mut c_void {
    block.wrapping_add(1).cast()
}

fn layout(size: usize) -> Layout {
    let size = size.saturating_add(size_of::<Block>());
    // A type's size is a C int, so this does not overflow.
    Layout::from_size_align(size, align_of::<Block>()).unwrap_or(Layout::new::<Block>())
}

impl Table {
    fn chain(&self, o: *mut PyObject) -> usize {
        (hash(o) / TABLES) % self.chains.len()
    }

    fn find(&self, o: *mut PyObject) -> Option<*mut Block> {
        if self.chains.is_empty() {
            return None;
        }
        let mut next = self.chains[self.chain(o)];
        // SAFETY: the table's blocks are valid.
        unsafe {
            while !next.is_null() && (*next).owner != o {
                next = (*next).next;
            }
        }
        (!next.is_null()).then_some(next)
    }

    fn add(&mut self, o: *mut PyObject, size: usize) -> *mut Block {
        if self.count >= self.chains.len() {
            self.grow();
        }
        let layout = layout(size);
        let chain = self.chain(o);
        // SAFETY: the layout's size is not 0. The block is written before it is in the table.
        unsafe {
            let block = std::alloc::alloc_zeroed(layout).cast::<Block>();
            if block.is_null() {
                std::alloc::handle_alloc_error(layout);
            }
            block.write(Block {
                next: self.chains[chain],
                owner: o,
                size,
            });
            self.chains[chain] = block;
            self.count += 1;
            block
        }
    }

    fn grow(&mut self) {
        let wider = vec![core::ptr::null_mut(); (2 * self.chains.len()).max(8)];
        for mut next in core::mem::replace(&mut self.chains, wider) {
            while !next.is_null() {
                // SAFETY: the table's blocks are valid.
                unsafe {
                    let block = next;
                    next = (*block).next;
                    let chain = self.chain((*block).owner);
                    (*block).next = core::mem::replace(&mut self.chains[chain], block);
                }
            }
        }
    }

    /// Removes the object's block. Null if it has none.
    fn remove(&mut self, o: *mut PyObject) -> *mut Block {
        if self.chains.is_empty() {
            return core::ptr::null_mut();
        }
        let chain = self.chain(o);
        let mut place: *mut *mut Block = &mut self.chains[chain];
        // SAFETY: the table's blocks are valid.
        unsafe {
            while !(*place).is_null() {
                let block = *place;
                if (*block).owner == o {
                    *place = (*block).next;
                    self.count -= 1;
                    return block;
                }
                place = &mut (*block).next;
            }
        }
        core::ptr::null_mut()
    }
}

/// The getter of a member in the side table. `closure` is the member, with its offset in the data.
pub(super) unsafe extern "C" fn get_member(
    o: *mut PyObject,
    closure: *mut c_void,
) -> *mut PyObject {
    // SAFETY: called with an instance, as a getter made with this closure.
    unsafe {
        let mut member = located_member(o, closure);
        #[cfg(feature = "universal")]
        if capi::on_graalpy() {
            return capi::graalpy::members::get_one(o.cast(), &mut member);
        }
        capi::PyMember_GetOne(o.cast(), &mut member)
    }
}

/// The setter.
pub(super) unsafe extern "C" fn set_member(
    o: *mut PyObject,
    value: *mut PyObject,
    closure: *mut c_void,
) -> c_int {
    // SAFETY: called with an instance, as a setter made with this closure.
    unsafe {
        let mut member = located_member(o, closure);
        #[cfg(feature = "universal")]
        if capi::on_graalpy() {
            return capi::graalpy::members::set_one(o.cast(), &mut member, value);
        }
        capi::PyMember_SetOne(o.cast(), &mut member, value)
    }
}

/// The member with its offset from the object, so that messages name the object's type.
unsafe fn located_member(o: *mut PyObject, closure: *mut c_void) -> PyMemberDef {
    // SAFETY: as for `get_member`.
    unsafe {
        let mut member = *closure.cast::<PyMemberDef>();
        let data = data(o, capi::type_of(o)) as isize;
        member.offset += data.wrapping_sub(o as isize);
        member
    }
}
