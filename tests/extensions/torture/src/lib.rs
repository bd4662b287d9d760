//! Every special method. Each does what the tests ask for before it answers: see `test_torture.py`.

use core::sync::atomic::{AtomicI64, AtomicU8, Ordering};
use hpy::exceptions::{AttributeError, ValueError};
use hpy::prelude::*;
use hpy::{bail, ensure};

/// What methods do before they answer.
static MODE: AtomicU8 = AtomicU8::new(NOTHING);
const NOTHING: u8 = 0;
const RAISE: u8 = 1;
const PANIC: u8 = 2;
const CALL: u8 = 3;

/// What is called with the method's name.
static HOOK: Global = Global::new();

/// Data that was made and not dropped yet.
static ALIVE: AtomicI64 = AtomicI64::new(0);

fn act(ctx: Context<'_>, name: &str) -> Result<()> {
    match MODE.load(Ordering::Relaxed) {
        RAISE => bail!(ValueError, "{name}"),
        PANIC => panic!("{name}"),
        CALL => match HOOK.load(ctx)? {
            Some(hook) => hook.call1((name,)).map(drop),
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Sets what methods do: 0 nothing, 1 raise a ValueError with their name, 2 panic with it, 3 call
/// `hook` with it.
#[hpy_method(signature = (mode, hook = None))]
fn set_mode(ctx: Context<'_>, mode: u8, hook: Option<&Handle<'_>>) -> Result<()> {
    ensure!(mode <= CALL, ValueError, "there is no mode {mode}");
    match hook {
        Some(hook) => HOOK.store(hook)?,
        None => HOOK.clear(ctx)?,
    }
    MODE.store(mode, Ordering::Relaxed);
    Ok(())
}

/// How many objects have data.
#[hpy_method]
fn alive() -> i64 {
    ALIVE.load(Ordering::Relaxed)
}

/// Makes objects, one after the other, and drops them.
#[hpy_method]
fn create_many(ctx: Context<'_>, count: usize) -> Result<()> {
    for value in 0..count {
        drop(ctx.instance(Every::new(value as i64))?);
    }
    Ok(())
}

/// Has every special method that Python looks up on a type.
#[hpy_type(subclass)]
struct Every {
    #[hpy(get)]
    value: i64,
}

impl Drop for Every {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

#[hpy_methods]
impl Every {
    #[new]
    #[hpy(signature = (value = 0))]
    fn new(value: i64) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Every { value }
    }

    fn method(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "method").map(|()| "method")
    }

    #[getter]
    fn attribute(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "attribute").map(|()| "attribute")
    }

    #[setter]
    fn set_attribute(&mut self, ctx: Context<'_>, _value: &Handle<'_>) -> Result<()> {
        act(ctx, "set_attribute")
    }

    fn __neg__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__neg__").map(|()| 1)
    }

    fn __pos__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__pos__").map(|()| 1)
    }

    fn __abs__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__abs__").map(|()| 1)
    }

    fn __invert__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__invert__").map(|()| 1)
    }

    fn __int__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__int__").map(|()| 7)
    }

    fn __float__(&self, ctx: Context<'_>) -> Result<f64> {
        act(ctx, "__float__").map(|()| 7.5)
    }

    fn __index__(&self, ctx: Context<'_>) -> Result<i64> {
        act(ctx, "__index__").map(|()| 3)
    }

    fn __add__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__add__").map(|()| "__add__")
    }

    fn __sub__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__sub__").map(|()| "__sub__")
    }

    fn __mul__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__mul__").map(|()| "__mul__")
    }

    fn __matmul__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__matmul__").map(|()| "__matmul__")
    }

    fn __truediv__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__truediv__").map(|()| "__truediv__")
    }

    fn __floordiv__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__floordiv__").map(|()| "__floordiv__")
    }

    fn __mod__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__mod__").map(|()| "__mod__")
    }

    fn __divmod__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__divmod__").map(|()| "__divmod__")
    }

    fn __lshift__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__lshift__").map(|()| "__lshift__")
    }

    fn __rshift__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rshift__").map(|()| "__rshift__")
    }

    fn __and__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__and__").map(|()| "__and__")
    }

    fn __or__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__or__").map(|()| "__or__")
    }

    fn __xor__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__xor__").map(|()| "__xor__")
    }

    fn __radd__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__radd__").map(|()| "__radd__")
    }

    fn __rsub__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rsub__").map(|()| "__rsub__")
    }

    fn __rmul__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rmul__").map(|()| "__rmul__")
    }

    fn __rmatmul__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rmatmul__").map(|()| "__rmatmul__")
    }

    fn __rtruediv__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rtruediv__").map(|()| "__rtruediv__")
    }

    fn __rfloordiv__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rfloordiv__").map(|()| "__rfloordiv__")
    }

    fn __rmod__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rmod__").map(|()| "__rmod__")
    }

    fn __rdivmod__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rdivmod__").map(|()| "__rdivmod__")
    }

    fn __rlshift__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rlshift__").map(|()| "__rlshift__")
    }

    fn __rrshift__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rrshift__").map(|()| "__rrshift__")
    }

    fn __rand__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rand__").map(|()| "__rand__")
    }

    fn __ror__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__ror__").map(|()| "__ror__")
    }

    fn __rxor__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__rxor__").map(|()| "__rxor__")
    }

    fn __iadd__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__iadd__")
    }

    fn __isub__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__isub__")
    }

    fn __imul__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__imul__")
    }

    fn __imatmul__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__imatmul__")
    }

    fn __itruediv__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__itruediv__")
    }

    fn __ifloordiv__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__ifloordiv__")
    }

    fn __imod__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__imod__")
    }

    fn __ilshift__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__ilshift__")
    }

    fn __irshift__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__irshift__")
    }

    fn __iand__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__iand__")
    }

    fn __ior__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__ior__")
    }

    fn __ixor__(&mut self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<()> {
        act(ctx, "__ixor__")
    }

    fn __pow__(
        &self,
        ctx: Context<'_>,
        _other: &Handle<'_>,
        _modulus: &Handle<'_>,
    ) -> Result<&'static str> {
        act(ctx, "__pow__").map(|()| "__pow__")
    }

    fn __rpow__(
        &self,
        ctx: Context<'_>,
        _other: &Handle<'_>,
        _modulus: &Handle<'_>,
    ) -> Result<&'static str> {
        act(ctx, "__rpow__").map(|()| "__rpow__")
    }

    fn __ipow__(
        &mut self,
        ctx: Context<'_>,
        _other: &Handle<'_>,
        _modulus: &Handle<'_>,
    ) -> Result<()> {
        act(ctx, "__ipow__")
    }

    fn __repr__(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "__repr__").map(|()| "__repr__")
    }

    fn __str__(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "__str__").map(|()| "__str__")
    }

    fn __bool__(&self, ctx: Context<'_>) -> Result<bool> {
        act(ctx, "__bool__").map(|()| true)
    }

    fn __hash__(&self, ctx: Context<'_>) -> Result<u64> {
        act(ctx, "__hash__").map(|()| 5)
    }

    fn __len__(&self, ctx: Context<'_>) -> Result<usize> {
        act(ctx, "__len__").map(|()| 2)
    }

    fn __contains__(&self, ctx: Context<'_>, _item: &Handle<'_>) -> Result<bool> {
        act(ctx, "__contains__").map(|()| true)
    }

    fn __getitem__(&self, ctx: Context<'_>, _index: &Handle<'_>) -> Result<&'static str> {
        act(ctx, "__getitem__").map(|()| "__getitem__")
    }

    fn __setitem__(
        &mut self,
        ctx: Context<'_>,
        _index: &Handle<'_>,
        _value: &Handle<'_>,
    ) -> Result<()> {
        act(ctx, "__setitem__")
    }

    fn __delitem__(&mut self, ctx: Context<'_>, _index: &Handle<'_>) -> Result<()> {
        act(ctx, "__delitem__")
    }

    fn __eq__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__eq__").map(|()| true)
    }

    fn __ne__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__ne__").map(|()| true)
    }

    fn __lt__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__lt__").map(|()| true)
    }

    fn __le__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__le__").map(|()| true)
    }

    fn __gt__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__gt__").map(|()| true)
    }

    fn __ge__(&self, ctx: Context<'_>, _other: &Handle<'_>) -> Result<bool> {
        act(ctx, "__ge__").map(|()| true)
    }

    fn __call__(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "__call__").map(|()| "__call__")
    }

    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Result<Handle<'ctx, Self>> {
        act(this.ctx(), "__iter__").map(|()| this.dup())
    }

    fn __next__(&mut self, ctx: Context<'_>) -> Result<Option<i64>> {
        act(ctx, "__next__")?;
        self.value = (self.value + 1) % 4;
        Ok(Some(self.value).filter(|value| *value != 0))
    }

    fn __enter__(&self, ctx: Context<'_>) -> Result<&'static str> {
        act(ctx, "__enter__").map(|()| "__enter__")
    }

    fn __exit__(
        &self,
        ctx: Context<'_>,
        _kind: &Handle<'_>,
        _value: &Handle<'_>,
        _trace: &Handle<'_>,
    ) -> Result<()> {
        act(ctx, "__exit__")
    }

    fn __reduce__<'ctx>(this: &Handle<'ctx, Self>) -> Result<(Handle<'ctx, Type>, (i64,))> {
        act(this.ctx(), "__reduce__")?;
        Ok((this.type_(), (this.borrow()?.value,)))
    }
}

/// Attributes that are computed.
#[hpy_type(subclass)]
struct Computed;

#[hpy_methods]
impl Computed {
    #[new]
    fn new() -> Self {
        Computed
    }

    fn __getattr__(&self, ctx: Context<'_>, name: &str) -> Result<String> {
        ensure!(name.starts_with('a'), AttributeError, "{name}");
        act(ctx, "__getattr__").map(|()| name.to_owned())
    }

    fn __setattr__(&mut self, ctx: Context<'_>, _name: &str, _value: &Handle<'_>) -> Result<()> {
        act(ctx, "__setattr__")
    }

    fn __delattr__(&mut self, ctx: Context<'_>, _name: &str) -> Result<()> {
        act(ctx, "__delattr__")
    }
}

/// A descriptor.
#[hpy_type]
struct Descriptor;

#[hpy_methods]
impl Descriptor {
    #[new]
    fn new() -> Self {
        Descriptor
    }

    fn __get__(
        &self,
        ctx: Context<'_>,
        _object: &Handle<'_>,
        _class: &Handle<'_>,
    ) -> Result<&'static str> {
        act(ctx, "__get__").map(|()| "__get__")
    }

    fn __set__(&self, ctx: Context<'_>, _object: &Handle<'_>, _value: &Handle<'_>) -> Result<()> {
        act(ctx, "__set__")
    }

    fn __delete__(&self, ctx: Context<'_>, _object: &Handle<'_>) -> Result<()> {
        act(ctx, "__delete__")
    }
}

/// Ends with code of the tests'.
#[hpy_type]
struct Ending;

#[hpy_methods]
impl Ending {
    #[new]
    fn new(ctx: Context<'_>) -> Result<Self> {
        act(ctx, "new").map(|()| Ending)
    }

    fn __del__(&mut self, ctx: Context<'_>) -> Result<()> {
        act(ctx, "__del__")
    }
}

/// What is deleted from it is gone for the other tests too.
#[hpy_type]
struct Deleted;

#[hpy_methods]
impl Deleted {
    #[new]
    fn new() -> Self {
        Deleted
    }

    fn method(&self) -> i64 {
        1
    }

    #[getter]
    fn attribute(&self) -> i64 {
        2
    }

    fn __len__(&self) -> usize {
        3
    }

    fn __neg__(&self) -> i64 {
        4
    }
}

hpy_module! {
    name: torture,
    methods: [set_mode, alive, create_many],
    types: [Every, Computed, Descriptor, Ending, Deleted],
    globals: [HOOK],
}
