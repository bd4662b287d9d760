//! A function with `#[hpy_method]` as an object, without the module that may list it.

use crate::class::create::functions;
use crate::entry::definition::Method;
use crate::types::{Callable, Dict, Module};
use crate::{Cached, Context, Handle, Result};

/// The functions that were made, by the addresses of their definitions.
static MADE: Cached<Dict> = Cached::new();

impl<'ctx> Context<'ctx> {
    /// A function with `#[hpy_method]` as an object: `ctx.function::<double>()`, PyO3's
    /// `wrap_pyfunction!(double, py)`.
    ///
    /// It is a built-in function like those of a module, with its name, docstring and signature. No
    /// module needs to list it. The same function is the same object each time.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn double(number: f64) -> f64 {
    ///     2.0 * number
    /// }
    ///
    /// /// `map(double, numbers)`
    /// #[hpy_method]
    /// fn doubled<'ctx>(ctx: Context<'ctx>, numbers: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    ///     let map = ctx.builtins().get_item("map")?;
    ///     map.call1((ctx.function::<double>()?, numbers))
    /// }
    /// ```
    ///
    /// A function with `pass_module` needs its module, and does not compile here:
    ///
    /// ```compile_fail,E0080
    /// # use hpy::prelude::*;
    /// #[hpy_method(pass_module)]
    /// fn name(module: &Handle<'_, Module>) -> Result<String> {
    ///     module.name()
    /// }
    ///
    /// #[hpy_method]
    /// fn found<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, hpy::types::Callable>> {
    ///     ctx.function::<name>()
    /// }
    /// # hpy_mock::run(|ctx| hpy_mock::method::<found>(ctx).call0().map(drop));
    /// ```
    ///
    /// # Errors
    /// MemoryError.
    pub fn function<F: Method>(self) -> Result<Handle<'ctx, Callable>> {
        const {
            assert!(
                !F::PASSES_MODULE,
                "a function with `pass_module` needs its module: list it in `methods: […]` of \
                 hpy_module!, and get it from the module"
            );
        }
        make(self, F::DEF)
    }
}

impl<'ctx> Handle<'ctx, Module> {
    /// Adds a function with `#[hpy_method]`, as `methods: […]` in `hpy_module!` does. For functions
    /// that only some interpreters or systems have.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method]
    /// fn parallel() -> bool {
    ///     true
    /// }
    ///
    /// fn fill(module: &Handle<'_, Module>) -> Result<()> {
    ///     if std::thread::available_parallelism().is_ok_and(|count| count.get() > 1) {
    ///         module.add_function::<parallel>()?;
    ///     }
    ///     Ok(())
    /// }
    ///
    /// hpy_module! {
    ///     name: sums,
    ///     exec: fill,
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// # Errors
    /// As for [`Context::function`], and what assigning the attribute raises.
    pub fn add_function<F: Method>(&self) -> Result<()> {
        let function = self.ctx().function::<F>()?;
        self.setattr(F::DEF.name(), function)
    }
}

#[cold]
#[inline(never)]
fn make<'ctx>(
    ctx: Context<'ctx>,
    definition: crate::entry::definition::MethodDef,
) -> Result<Handle<'ctx, Callable>> {
    let ctx = ctx.rarely();
    let made = MADE.get_or_init(ctx, || ctx.dict())?;
    let key = definition.as_raw() as usize;
    let function = match made.get(key)? {
        Some(function) => function,
        None => {
            let defines = vec![definition.for_type(ctx.raw.is_direct())];
            let holder = functions(ctx, "functions", defines)?;
            let function = holder.getattr(definition.name())?;
            // Another thread may have been first.
            made.call_method("setdefault", (key, function), ())?
        }
    };
    // SAFETY: a method of an object, which can be called.
    Ok(unsafe { function.downcast_into_unchecked() })
}
