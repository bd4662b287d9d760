//! The methods and attributes of a coroutine.

use super::coroutine::Coroutine;
use super::native_slots::NATIVE;
use crate::class::Fixed;
use crate::class::{FixedInt, TypeMethods};
use crate::entry;
use crate::entry::arguments::Args;
use crate::entry::arguments_and_results::receiver;
use crate::entry::definition::MethodStatic;
use crate::entry::guard::{NoArgsMethod, OMethod, VarArgsMethod};
use crate::entry::slots;
use crate::entry::slots::definitions::slot_def;
use crate::error::joined;
use crate::exceptions::{AttributeError, BaseException, ExceptionType, RuntimeWarning, TypeError};
use crate::rust_objects::rust_type;
use crate::types::{Str, Tuple, Type};
use crate::{Context, Error, Handle, Result};
use std::borrow::Cow;

rust_type! {
    Coroutine, "coroutine", "A coroutine written in Rust.", TypeMethods {
        definitions: &[
            AWAIT.def(c"__await__"),
            ITER.def(c"__iter__"),
            NEXT.def(c"__next__"),
            SEND.def(c"send"),
            THROW.def(c"throw"),
            CLOSE.def(c"close"),
            GETATTR.def(c"__getattr__"),
            REPR.def(c""),
            FINALIZE.def(c""),
        ],
        assigned: &[c"__await__", c"__iter__", c"__next__", c"__getattr__"],
        special: &["__await__", "__iter__", "__next__", "__repr__", "__getattr__", "__del__"],
        names: &["send", "throw", "close"],
        ..TypeMethods::NONE
    },
    native: NATIVE
}

static AWAIT: MethodStatic = entry::noargs_def::<Itself>(c"__await__", c"");
static ITER: MethodStatic = entry::noargs_def::<Itself>(c"__iter__", c"");

struct Itself;

impl NoArgsMethod for Itself {
    #[inline(always)]
    fn call<'ctx>(_: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        Ok(this.dup())
    }
}

static NEXT: MethodStatic = entry::noargs_def::<Next>(c"__next__", c"");

struct Next;

impl NoArgsMethod for Next {
    #[inline(always)]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        receiver::<false, Coroutine>(this)?.resume(ctx)
    }
}

static SEND: MethodStatic = entry::o_def::<SendValue>(c"send", c"send($self, value, /)\n--\n\n");

struct SendValue;

impl OMethod for SendValue {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        value: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>> {
        let coroutine = receiver::<false, Coroutine>(this)?;
        check_sent(&coroutine, value)?;
        coroutine.resume(ctx)
    }
}

/// A new coroutine is sent None only.
#[inline]
pub(super) fn check_sent(coroutine: &Coroutine, value: &Handle<'_>) -> Result<()> {
    if !value.is_none() && coroutine.is_new() {
        return Err(TypeError::new(
            "can't send non-None value to a just-started coroutine",
        ));
    }
    Ok(())
}

static THROW: MethodStatic = entry::varargs_def::<Throw>(
    c"throw",
    c"throw($self, type, value=None, traceback=None, /)\n--\n\n",
);

struct Throw;

impl VarArgsMethod for Throw {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        args: Args<'_, 'ctx>,
    ) -> Result<Handle<'ctx>> {
        let error = thrown(args)?;
        receiver::<false, Coroutine>(this)?.throw(ctx, error)
    }
}

/// The exception that the arguments of `throw` stand for.
#[inline]
fn thrown(args: Args<'_, '_>) -> Result<Error> {
    let Some(first) = args.get(0) else {
        return Err(TypeError::new("throw expected at least 1 argument, got 0"));
    };
    if args.len() > 3 {
        return Err(TypeError::new("throw expected at most 3 arguments"));
    }
    let ctx = first.ctx();
    let value = args.get(1).filter(|value| !value.is_none());
    let base = BaseException::KIND.type_(ctx)?;
    let is_exception = match first.downcast::<Type>() {
        Ok(type_) => type_.is_subtype(&base),
        Err(_) => first.type_().is_subtype(&base),
    };
    // It does not reach the coroutine.
    if !is_exception {
        return Err(TypeError::new(joined(&[
            "exceptions must be classes or instances deriving from BaseException, not ",
            &first.type_name(),
        ])));
    }
    let error = match (first.downcast::<Type>(), value) {
        (Ok(type_), Some(value)) if value.is_instance(type_)? => Error::from_value(&value),
        (Ok(type_), Some(value)) => match value.downcast::<Tuple>() {
            Ok(args) => Error::from_type(type_, args),
            Err(_) => Error::from_type(type_, (&*value,)),
        },
        (Ok(type_), None) => Error::from_type(type_, ()),
        (Err(_), Some(_)) => {
            return Err(TypeError::new(
                "instance exception may not have a separate value",
            ));
        }
        (Err(_), None) => Error::from_value(&first),
    };
    if let Some(traceback) = args.get(2).filter(|traceback| !traceback.is_none()) {
        let value = error.value(ctx)?;
        value.call_method1("with_traceback", (&*traceback,))?;
    }
    Ok(error)
}

static CLOSE: MethodStatic = entry::noargs_def::<Close>(c"close", c"close($self, /)\n--\n\n");

struct Close;

impl NoArgsMethod for Close {
    #[inline(always)]
    fn call<'ctx>(ctx: Context<'ctx>, this: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        receiver::<false, Coroutine>(this)?.close()?;
        Ok(ctx.none().into_object())
    }
}

/// `__getattr__`, which finds names and state: as attributes of the type, `__name__` and
/// `__qualname__` would be its own on PyPy 7.3.
struct GetAttribute;

static GETATTR: MethodStatic = entry::o_def::<GetAttribute>(c"__getattr__", c"");

impl OMethod for GetAttribute {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        name: &Handle<'ctx>,
    ) -> Result<Handle<'ctx>> {
        let coroutine = receiver::<false, Coroutine>(this)?;
        // A name with lone surrogates is one that there is not.
        let name: Cow<'_, str> = match name.extract::<&str>() {
            Ok(name) => name.into(),
            Err(_) => name.downcast::<Str>()?.to_string_lossy()?,
        };
        let qualified = coroutine.qualified_name();
        match &*name {
            "__qualname__" => ctx.handle(qualified),
            "__name__" => ctx.handle(qualified.rsplit('.').next().unwrap_or(qualified)),
            "cr_running" => ctx.handle(coroutine.is_running()),
            "cr_suspended" => ctx.handle(coroutine.is_suspended()),
            // There is no frame, no code in Python, and what is awaited is Rust's.
            "cr_await" | "cr_frame" | "cr_code" | "cr_origin" => Ok(ctx.none().into_object()),
            _ => Err(AttributeError::new(joined(&[
                "'coroutine' object has no attribute '",
                &name,
                "'",
            ]))),
        }
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
        let coroutine = receiver::<false, Coroutine>(this)?;
        let parts = ["<Rust coroutine ", coroutine.qualified_name(), ">"];
        ctx.handle(joined(&parts))
    }
}

struct Finalize;

static FINALIZE: MethodStatic = slot_def(hpy_sys::HPy_tp_finalize, slots::finalize::<Finalize>());

/// The future is dropped here, where its data can use Python, and not with the object's memory.
impl FixedInt<0> for Finalize {
    #[inline(always)]
    fn call<'ctx>(
        ctx: Context<'ctx>,
        this: &Handle<'ctx>,
        []: [&Handle<'ctx>; 0],
    ) -> Result<isize> {
        let coroutine = receiver::<false, Coroutine>(this)?;
        if coroutine.close()? {
            was_never_awaited(ctx, coroutine.qualified_name())?;
        }
        Ok(0)
    }
}

#[cold]
#[inline(never)]
fn was_never_awaited(ctx: Context<'_>, name: &str) -> Result<()> {
    let message = joined(&["coroutine '", name, "' was never awaited"]);
    ctx.warn::<RuntimeWarning>(&message, 1)
}

impl core::fmt::Debug for Coroutine {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Coroutine({})", self.qualified_name())
    }
}
