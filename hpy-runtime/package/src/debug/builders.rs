//! Builders of lists and tuples, which end with `Build` or `Cancel`.

use super::context::{Info, check};
use super::invalid;
use super::slots::with_table;
use super::wrappers::unwrap;
use hpy::sys::*;
use std::collections::VecDeque;

/// A builder of debug mode.
struct Builder {
    /// The wrapped builder, while the builder may be used.
    underlying: isize,
    is_closed: bool,
}

/// The builders that have ended, the oldest first. They are used again when there are as many as
/// the queue of closed handles may have. None is freed: a use of it reads valid memory. Guarded
/// like the table of slots.
static CLOSED: Static<VecDeque<*mut Builder>> = Static::new(VecDeque::new());

fn open(underlying: isize) -> isize {
    if underlying == 0 {
        // `Build` reports it.
        return 0;
    }
    let reused = with_table(|table| {
        // SAFETY: the table's lock is held.
        let closed = unsafe { &mut *CLOSED.as_ptr() };
        if closed.len() >= table.closed_max() {
            closed.pop_front()
        } else {
            None
        }
    });
    let builder = Builder {
        underlying,
        is_closed: false,
    };
    match reused {
        Some(place) => {
            // SAFETY: a builder that has ended, which is in no list any more.
            unsafe { *place = builder };
            place as isize
        }
        None => Box::into_raw(Box::new(builder)) as isize,
    }
}

/// The wrapped builder, or None, reported, if it has ended.
unsafe fn underlying(builder: isize, info: &Info) -> Option<isize> {
    // SAFETY: the caller's builder is one of debug mode.
    let builder = unsafe { &*(builder as *const Builder) };
    if builder.is_closed {
        invalid::builder_used_after_end(info);
        return None;
    }
    Some(builder.underlying)
}

/// Ends a builder, which is the caller's to finish. None, reported, if it has ended.
unsafe fn end(builder: isize, info: &Info) -> Option<isize> {
    // SAFETY: as promised by the caller. The builder is put into the list once.
    unsafe {
        let inner = underlying(builder, info)?;
        (*(builder as *mut Builder)).is_closed = true;
        with_table(|_| (*CLOSED.as_ptr()).push_back(builder as *mut Builder));
        Some(inner)
    }
}

macro_rules! builder {
    ($builder:ident:
        $ctx_new:ident $ctx_set:ident $ctx_build:ident $ctx_cancel:ident
        $new:ident $set:ident $build:ident $cancel:ident) => {
        pub(super) unsafe extern "C" fn $ctx_new(
            ctx: *mut HPyContext,
            size: HPy_ssize_t,
        ) -> $builder {
            // SAFETY: a debug context.
            unsafe {
                let info = check(ctx);
                let builder = info.outside(|ctx| $new(ctx, size));
                $builder {
                    _i: open(builder._i),
                }
            }
        }

        pub(super) unsafe extern "C" fn $ctx_set(
            ctx: *mut HPyContext,
            builder: $builder,
            index: HPy_ssize_t,
            item: HPy,
        ) {
            // SAFETY: a debug context, handle and builder.
            unsafe {
                let info = check(ctx);
                let item = unwrap(item, info);
                if builder.is_null() {
                    return;
                }
                if let Some(inner) = underlying(builder._i, info) {
                    $set(info.underlying(), $builder { _i: inner }, index, item);
                }
            }
        }

        pub(super) unsafe extern "C" fn $ctx_build(ctx: *mut HPyContext, builder: $builder) -> HPy {
            // SAFETY: a debug context and builder.
            unsafe {
                let info = check(ctx);
                let inner = if builder.is_null() {
                    None
                } else {
                    end(builder._i, info)
                };
                // Of null it makes a MemoryError.
                let inner = $builder {
                    _i: inner.unwrap_or(0),
                };
                let object = info.outside(|ctx| $build(ctx, inner));
                info.open(object)
            }
        }

        pub(super) unsafe extern "C" fn $ctx_cancel(ctx: *mut HPyContext, builder: $builder) {
            // SAFETY: a debug context and builder.
            unsafe {
                let info = check(ctx);
                if builder.is_null() {
                    return;
                }
                if let Some(inner) = end(builder._i, info) {
                    info.outside(|ctx| $cancel(ctx, $builder { _i: inner }));
                }
            }
        }
    };
}

builder! {
    HPyListBuilder:
    ctx_ListBuilder_New ctx_ListBuilder_Set ctx_ListBuilder_Build ctx_ListBuilder_Cancel
    HPyListBuilder_New HPyListBuilder_Set HPyListBuilder_Build HPyListBuilder_Cancel
}
builder! {
    HPyTupleBuilder:
    ctx_TupleBuilder_New ctx_TupleBuilder_Set ctx_TupleBuilder_Build ctx_TupleBuilder_Cancel
    HPyTupleBuilder_New HPyTupleBuilder_Set HPyTupleBuilder_Build HPyTupleBuilder_Cancel
}
