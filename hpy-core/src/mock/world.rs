//! What tests put into a context: functions, classes, modules, odd strings.

use super::handles::Owner;
use super::objects::{Data, Keywords, Obj};
use super::{Mock, R};
use crate::backend::RawContext;
use crate::entry::definition::Method;
use crate::entry::guard;
use crate::types::{Module, Object, Str, Type};
use crate::{Context, Error, Handle, Result};
use hpy_sys::*;

/// A Python function that a test writes in Rust: all positional arguments, the receiver first.
pub type Function = Box<dyn for<'c> Fn(Context<'c>, &[Handle<'c>]) -> Result<Handle<'c>>>;

fn mock<'ctx>(ctx: Context<'ctx>) -> &'ctx Mock {
    // SAFETY: within tests all contexts are mocks', and live for the call.
    unsafe { Mock::of(ctx.as_ptr()) }
}

fn handle<'ctx, T>(ctx: Context<'ctx>, object: &Obj) -> Handle<'ctx, T> {
    let raw = mock(ctx).open(object, Owner::Extension, "the test");
    // SAFETY: a new handle; callers know the type.
    unsafe { Handle::from_raw_unchecked(ctx, raw) }
}

fn result<'ctx, T>(ctx: Context<'ctx>, result: R<Obj>) -> Result<Handle<'ctx, T>> {
    match result {
        Ok(object) => Ok(handle(ctx, &object)),
        Err(exception) => {
            mock(ctx).set_pending(exception);
            Err(Error::fetch(ctx))
        }
    }
}

/// Calls `function` as an entry of its own, as Python would.
fn call(function: &Function, mock: &Mock, args: &[Obj]) -> R<Obj> {
    let enter = |ctx: Context<'_>| {
        let args: Vec<Handle<'_>> = args.iter().map(|object| handle(ctx, object)).collect();
        Ok(function(ctx, &args)?.into_raw())
    };
    // SAFETY: the mock's context is valid during the call.
    let result: HPy = unsafe { guard::enter(RawContext::new(mock.context()), enter) };
    match mock.take_pending() {
        Some(exception) => Err(exception),
        None => mock.take(result, "a test's function"),
    }
}

fn wrap(mock: &Mock, name: &str, binds: bool, function: Function) -> Obj {
    mock.function(
        name,
        binds,
        move |mock, args, keywords: Keywords<'_>| match keywords {
            [] => call(&function, mock, args),
            _ => Err(mock.error("TypeError", "the function takes no keyword arguments")),
        },
    )
}

/// A Python function of a Rust closure, which gets the positional arguments.
pub fn function<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    body: impl for<'c> Fn(Context<'c>, &[Handle<'c>]) -> Result<Handle<'c>> + 'static,
) -> Handle<'ctx> {
    handle(ctx, &wrap(mock(ctx), name, false, Box::new(body)))
}

/// The Python function that an interpreter makes of `#[hpy_method] fn M`.
pub fn method<'ctx, M: Method>(ctx: Context<'ctx>) -> Handle<'ctx> {
    let mock = mock(ctx);
    // SAFETY: `DEF` is a static with a method's definition.
    let function = unsafe { mock.method_of(M::DEF.as_raw(), &mock.new_module("tests")) };
    handle(ctx, &function)
}

/// An empty module, which can be imported by its name.
pub fn module<'ctx>(ctx: Context<'ctx>, name: &str) -> Handle<'ctx, Module> {
    let module = mock(ctx).new_module(name);
    mock(ctx)
        .modules
        .borrow_mut()
        .insert(name.to_owned(), module.clone());
    handle(ctx, &module)
}

/// Imports the module that `hpy_module!` made: `init` is its `HPyInit_NAME`.
///
/// # Errors
/// What its import raises.
pub fn import<'ctx>(
    ctx: Context<'ctx>,
    name: &str,
    init: extern "C" fn() -> *mut HPyModuleDef,
) -> Result<Handle<'ctx, Module>> {
    // SAFETY: `HPyInit_NAME` gives a static module definition.
    result(ctx, unsafe { mock(ctx).load(name, init()) })
}

/// A class, whose methods are Rust closures.
pub struct Class<'ctx> {
    type_: Obj,
    ctx: Context<'ctx>,
}

impl<'ctx> Class<'ctx> {
    /// A class that derives from `base`, or from `object`.
    ///
    /// # Errors
    /// MemoryError.
    pub fn new(ctx: Context<'ctx>, name: &str, base: Option<&Handle<'ctx, Type>>) -> Result<Self> {
        let mock = mock(ctx);
        let base = match base {
            Some(base) => mock.obj(base.as_raw()),
            None => Ok(mock.type_named("object")),
        };
        let made = base.and_then(|base| mock.class(name, &base));
        match made {
            Ok(type_) => Ok(Self { type_, ctx }),
            Err(exception) => {
                mock.set_pending(exception);
                Err(Error::fetch(ctx))
            }
        }
    }

    /// Adds a method; its first argument is the receiver.
    pub fn method(
        self,
        name: &str,
        body: impl for<'c> Fn(Context<'c>, &[Handle<'c>]) -> Result<Handle<'c>> + 'static,
    ) -> Self {
        let function = wrap(mock(self.ctx), name, true, Box::new(body));
        self.type_.set_attr(name, function);
        self
    }

    /// The class.
    pub fn build(self) -> Handle<'ctx, Type> {
        handle(self.ctx, &self.type_)
    }
}

/// A str of code points, which may be lone surrogates.
///
/// # Errors
/// MemoryError.
pub fn text<'ctx>(ctx: Context<'ctx>, points: &[u32]) -> Result<Handle<'ctx, Str>> {
    result(ctx, mock(ctx).str_of(points))
}

/// How many handles are open that the extension has to close.
pub fn open_handles(ctx: Context<'_>) -> usize {
    mock(ctx).leaks().len()
}

/// The warnings issued so far, as `Category: message`.
pub fn warnings(ctx: Context<'_>) -> Vec<String> {
    mock(ctx).warnings.borrow().clone()
}

/// Makes an exception of every warning from now on.
pub fn warnings_are_errors(ctx: Context<'_>) {
    mock(ctx).warnings_raise.set(true);
}

/// How many exceptions were reported as unraisable.
pub fn unraisable(ctx: Context<'_>) -> usize {
    mock(ctx).unraisable.get()
}

/// Whether the object is one of those with only attributes.
pub fn is_plain(object: &Handle<'_, Object>) -> bool {
    let found = mock(object.ctx()).obj(object.as_raw());
    found.is_ok_and(|object| matches!(object.data, Data::Plain))
}
