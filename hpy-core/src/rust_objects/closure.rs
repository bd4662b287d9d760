//! A Rust closure as a Python callable.

use super::{new_object, rust_type};
use crate::class::{CallStatic, Fixed, TypeMethods};
use crate::entry;
use crate::entry::arguments::{Args, KeywordArgs, Keywords};
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{KeywordsMethod, NoArgsMethod, OMethod};
use crate::entry::slots;
use crate::entry::slots::definitions::{attribute_def, slot_def};
use crate::exceptions::AttributeError;
use crate::types::{Callable, Str};
use crate::{Context, Handle, Result};
use std::borrow::Cow;

/// What Python may keep, and call and drop on any thread: it is Send, Sync and `'static`.
///
/// Where it is a bound, so is `Sync`, which is no supertrait: the compiler then also says which
/// captured type is the reason.
#[diagnostic::on_unimplemented(
    message = "the closure captures what only this call or this thread may use",
    label = "Python keeps it, and any thread may call and drop it",
    note = "in place of a context, use the one that the closure gets: `|ctx, args, keywords| …`",
    note = "in place of an object, capture a `Persistent`; in place of a `Cell`, a `RefCell` or an \
            `Rc`, an atomic, a `Mutex` or an `Arc`"
)]
pub trait KeptByPython: Send + 'static {}

#[diagnostic::do_not_recommend] // the message would be about what a context is made of
impl<T: Send + Sync + 'static> KeptByPython for T {}

/// Any closure of the right form.
trait Function: Send + Sync {
    fn call<'ctx>(
        &self,
        ctx: Context<'ctx>,
        args: Args<'_, 'ctx>,
        keywords: Keywords<'_, 'ctx>,
    ) -> Result<Handle<'ctx>>;
}

impl<F> Function for F
where
    F: for<'a, 'c> Fn(Context<'c>, Args<'a, 'c>, Keywords<'a, 'c>) -> Result<Handle<'c>>
        + Sync
        + KeptByPython,
{
    #[inline]
    fn call<'ctx>(
        &self,
        ctx: Context<'ctx>,
        args: Args<'_, 'ctx>,
        keywords: Keywords<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        self(ctx, args, keywords)
    }
}

/// The data of such an object.
pub struct Closure {
    name: Box<str>,
    doc: Box<str>,
    function: Box<dyn Function>,
}

impl<'ctx> Context<'ctx> {
    /// A Python function that calls a closure: PyO3's `PyCFunction::new_closure`.
    ///
    /// The closure gets the context, the positional arguments and the keywords of each call. It
    /// answers with a handle, as `ctx.handle(value)` makes one of any value, and `dup()` of an
    /// argument. An empty `doc` is none. Write the closure as the argument itself: the compiler
    /// then knows the lifetimes of its parameters.
    ///
    /// What it captures lives as long as the function. Any thread may call the function, also while
    /// another call runs, and any thread may drop it: so the captured data is `Send`, `Sync` and
    /// `'static`. Objects are captured as [`Persistent`](crate::Persistent), numbers to count with
    /// as atomics. The garbage collector does not see captured objects: a closure that captures an
    /// object that refers to the closure is never freed.
    ///
    /// ```
    /// use hpy::exceptions::TypeError;
    /// use hpy::prelude::*;
    /// use hpy::types::Callable;
    ///
    /// /// A function that multiplies by `factor`.
    /// #[hpy_method]
    /// fn multiplier<'ctx>(ctx: Context<'ctx>, factor: f64) -> Result<Handle<'ctx, Callable>> {
    ///     ctx.closure("multiply", "Multiplies.", move |ctx, args, _keywords| {
    ///         let Some(number) = args.get(0) else {
    ///             return Err(TypeError::new("multiply() needs a number"));
    ///         };
    ///         ctx.handle(number.extract::<f64>()? * factor)
    ///     })
    /// }
    /// ```
    ///
    /// Errors and panics of the closure become exceptions, as those of any function.
    ///
    /// # Errors
    /// MemoryError.
    pub fn closure<F>(self, name: &str, doc: &str, closure: F) -> Result<Handle<'ctx, Callable>>
    where
        F: for<'a, 'c> Fn(Context<'c>, Args<'a, 'c>, Keywords<'a, 'c>) -> Result<Handle<'c>>
            + Sync
            + KeptByPython,
    {
        make(self, name, doc, Box::new(closure))
    }
}

#[inline]
fn make<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    doc: &str,
    function: Box<dyn Function>,
) -> Result<Handle<'ctx, Callable>> {
    let (name, doc) = (name.into(), doc.into());
    let closure = Closure {
        name,
        doc,
        function,
    };
    let object = new_object(ctx, closure)?.into_object();
    // SAFETY: the type has a `__call__`.
    Ok(unsafe { object.downcast_into_unchecked() })
}

rust_type! {
    Closure, "function", "", TypeMethods {
        call: Some(CALL.as_raw()),
        definitions: &[
            GETATTR.def(c"__getattr__"),
            DOC.def(c"__doc__"),
            REPR.def(c""),
        ],
        assigned: &[c"__getattr__"],
        special: &["__call__", "__repr__", "__getattr__"],
        names: &["__doc__"],
        ..TypeMethods::NONE
    }
}

struct Call;

static CALL: CallStatic<Call> = CallStatic::new();

impl KeywordsMethod for Call {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: KeywordArgs<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let closure = receiver::<false, Closure>(this)?;
        let (args, keywords) = args.split();
        closure.function.call(ctx, args, keywords)
    }
}

/// `__getattr__`, which finds name and docstring: as attributes of the type they would be its own
/// on PyPy 7.3, and it may have no others of these names.
struct GetAttribute;

static GETATTR: MethodStatic = entry::o_def::<GetAttribute>(c"__getattr__", c"");

impl OMethod for GetAttribute {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        name: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>> {
        let closure = receiver::<false, Closure>(this)?;
        // A name with lone surrogates is one that there is not.
        let name: Cow<'_, str> = match name.extract::<&str>() {
            Ok(name) => name.into(),
            Err(_) => name.downcast::<Str>()?.to_string_lossy()?,
        };
        match &*name {
            "__name__" | "__qualname__" => ctx.handle(&*closure.name),
            _ => Err(AttributeError::new(crate::error::joined(&[
                "'function' object has no attribute '",
                &name,
                "'",
            ]))),
        }
    }
}

struct Doc;

static DOC: MethodStatic = attribute_def::<Doc, crate::class::Absent>(c"__doc__", c"");

impl NoArgsMethod for Doc {
    #[inline(always)]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        let closure = receiver::<false, Closure>(this)?;
        ctx.handle((!closure.doc.is_empty()).then_some(&*closure.doc))
    }
}

struct Repr;

static REPR: MethodStatic = slot_def(hpy_sys::HPy_tp_repr, slots::unary::<Repr>());

impl Fixed<0> for Repr {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        []: [&Handle<'ctx>; 0],
    ) -> Result<Handle<'ctx>> {
        let closure = receiver::<false, Closure>(this)?;
        ctx.handle(crate::error::joined(&[
            "<Rust function ",
            &closure.name,
            ">",
        ]))
    }
}

impl core::fmt::Debug for Closure {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Closure({})", self.name)
    }
}
