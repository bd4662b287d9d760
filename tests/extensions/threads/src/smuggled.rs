//! What gets into `detach` though it holds a `'ctx`: a trait object in a scoped thread-local, as
//! the crate `scoped-tls-hkt` lends it to safe code.

use crate::{KEPT, LAST, put, taken};
use hpy::buffer::Buffer;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use std::cell::Cell;

/// Data that is borrowed.
#[hpy_type]
pub struct Counted(pub u64);

#[hpy_methods]
impl Counted {
    #[new]
    fn new() -> Self {
        Counted(0)
    }

    /// Fails while somebody has a borrow.
    fn count(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

thread_local! {
    static LENT: Cell<Option<&'static dyn Fn()>> = const { Cell::new(None) };
}

/// Runs `work`, which may hold handles, while the thread is detached. What `detach` gets is
/// `'static` and Send: it captures nothing.
fn run_detached(ctx: Context<'_>, work: &dyn Fn()) {
    struct Lent;

    impl Drop for Lent {
        fn drop(&mut self) {
            LENT.set(None);
        }
    }

    // SAFETY: the reference is gone from the thread-local before the borrow ends.
    let work = unsafe { core::mem::transmute::<&dyn Fn(), &'static dyn Fn()>(work) };
    LENT.set(Some(work));
    let _lent = Lent;
    ctx.detach(|| LENT.get().map(|work| work()));
}

/// Whether uses while detached are found: in debug builds.
#[hpy_method]
pub fn finds_use_while_detached() -> bool {
    cfg!(debug_assertions)
}

#[hpy_method]
pub fn use_while_detached<'ctx>(
    ctx: Context<'ctx>,
    list: &Handle<'ctx, List>,
    how: &str,
) -> Result<()> {
    let bytes = ctx.bytes(b"a")?.extract::<Buffer<'ctx, u8>>()?;
    let items = bytes.as_slice()?;
    let error = Cell::new(Some(ValueError::new("never raised")));
    let work: &dyn Fn() = match how {
        "append" => &|| drop(list.append(1)),
        "length" => &|| assert_ne!(list.len(), 0),
        "call" => &|| drop(list.call_method0("clear")),
        "type check" => &|| assert!(!list.as_object().is_instance_of::<Counted>()),
        "is none" => &|| assert!(!list.is_none()),
        "dup" => &|| drop(list.dup()),
        "int" => &|| drop(ctx.int(1)),
        "text" => &|| drop(ctx.str("text")),
        "numbers" => &|| drop(ctx.list_from_slice(&[1.0])),
        "constant" => &|| drop(ctx.none()),
        "import" => &|| drop(ctx.import("sys")),
        "detach" => &|| ctx.detach(|| ()),
        "global" => &|| drop(LAST.load(ctx)),
        "persistent" => &|| {
            let kept = taken(&KEPT);
            for kept in &kept {
                drop(kept.get(ctx));
            }
            kept.into_iter().for_each(|kept| put(&KEPT, kept));
        },
        "buffer item" => &|| assert!(items.iter().all(|item| item.get() != 0)),
        "raise" => &|| drop(error.take().map(|error| error.into_value(ctx))),
        _ => return Err(ValueError::new("no such use")),
    };
    run_detached(ctx, work);
    Ok(())
}

/// Drops what belongs to the call, on its own or since the work panics.
#[hpy_method]
pub fn drop_while_detached<'ctx>(
    ctx: Context<'ctx>,
    object: &Handle<'ctx>,
    what: &str,
    panicking: bool,
) -> Result<()> {
    fn run<T>(ctx: Context<'_>, what: T, panicking: bool) {
        let what = Cell::new(Some(what));
        run_detached(ctx, &|| {
            let what = what.take();
            assert!(!panicking, "on purpose");
            drop(what);
        });
    }
    match what {
        "handle" => run(ctx, object.dup(), panicking),
        "handles" => run(ctx, [object.dup(), object.dup()], panicking),
        "shared borrow" => run(ctx, object.downcast::<Counted>()?.borrow()?, panicking),
        "borrow" => run(ctx, object.downcast::<Counted>()?.borrow_mut()?, panicking),
        "buffer" => run(ctx, object.extract::<Buffer<'ctx, u8>>()?, panicking),
        _ => return Err(ValueError::new("no such thing")),
    }
    Ok(())
}

/// Uses a handle of the outer call where the thread is attached again: whoever is attached may.
#[hpy_method]
pub fn use_while_attached_again<'ctx>(ctx: Context<'ctx>, list: &Handle<'ctx, List>) -> usize {
    run_detached(ctx, &|| drop(hpy::attach(|_| list.append(1))));
    list.len()
}

/// After `attach` has ended, the thread is detached as before.
#[hpy_method]
pub fn use_after_attached_again<'ctx>(ctx: Context<'ctx>, list: &Handle<'ctx, List>) -> usize {
    run_detached(ctx, &|| {
        drop(hpy::attach(|_| ()));
        drop(list.append(1));
    });
    list.len()
}
