//! The macros of the `hpy` crate, which re-exports them all: depend on `hpy`, not on this crate.
//!
//! Each macro is a small compiler in three steps, a file each: *parse* reads tokens, *check* reports every mistake at
//! the user's token and in words that say how to mend it, *expand* emits thin code that calls hidden functions of `hpy`.
//!
//! The examples below are not run here, since this crate cannot depend on `hpy`: `hpy`'s own tests and examples are made
//! of the same code.

mod docstring;
mod expression;
mod method;
mod module;
mod python_name;
mod report;

use proc_macro::TokenStream;

/// Makes a Rust function callable from Python.
///
/// The function stays what it is; `hpy_module!` lists it by its name.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// /// Adds two integers.
/// #[hpy_method]
/// fn add_ints(a: i64, b: i64) -> Result<i64> {
///     a.checked_add(b).ok_or_else(|| OverflowError::new("the sum does not fit 64 bits"))
/// }
///
/// hpy_module! {
///     name: sums,
///     methods: [add_ints],
/// }
/// ```
///
/// # Parameters
///
/// A parameter has any type that a Python object converts to (`FromHandle`): numbers, `&str`, `Vec<T>`, `Option<T>` (where
/// `None` is `None`), … and `&Handle<'ctx>` for the object itself, which is borrowed from the caller. An argument that does
/// not convert raises the TypeError that CPython's own functions raise, with the names of the function and the parameter.
///
/// `ctx: Context<'ctx>` may stand at any place: Python does not pass it.
///
/// Arguments are lent for the call, and for a little less than `'ctx`: write `&Handle<'ctx>` and `&str`, not
/// `&'ctx Handle<'ctx>`. A reference that is returned gets a lifetime of its own: `fn f<'a>(text: &'a str) -> &'a str`.
///
/// # Result
///
/// Anything that converts to an object (`IntoHandle`), or a `Result` of it with any error that converts to `hpy::Error`;
/// `?` works on `std::error::Error`s. Nothing, `()`, is `None`. A panic raises RuntimeError.
///
/// # Signature
///
/// Without more being said, all parameters are required and positional-only, as Rust's are. `signature` says otherwise,
/// as Python writes it; defaults are Rust expressions:
///
/// ```ignore (needs the crate hpy)
/// #[hpy_method]
/// #[hpy(signature = (a, /, b = 1.5, *args, scale = None, **options))]
/// fn mix<'ctx>(
///     a: i64,
///     b: f64,
///     args: Vec<f64>,
///     scale: Option<f64>,
///     options: &Handle<'ctx, Dict>,
/// ) -> Result<f64> {
/// #   unimplemented!()
/// }
/// ```
///
/// The names are those of the function's parameters, in the same order. `*args` may be a `Vec<T>` or a
/// `&Handle<'ctx, Tuple>`, `**options` a `&Handle<'ctx, Dict>`.
///
/// The calling convention is the cheapest that can carry the signature: without parameters `HPyFunc_NOARGS`, with one
/// required positional-only parameter `HPyFunc_O`, with positional-only ones `HPyFunc_VARARGS`, else `HPyFunc_KEYWORDS`.
///
/// # Options
///
/// They stand in `#[hpy_method(…)]` or in `#[hpy(…)]` beside it.
///
/// - `name = "abs"`: the name in Python, where Rust has another or cannot have this one.
/// - `signature = (…)`: see above.
/// - `pass_module`: the first parameter is the module, `&Handle<'ctx, Module>`.
///
/// # Docstring
///
/// The doc comment becomes `__doc__`, the signature `__text_signature__`: `help()` and `inspect.signature` show both.
/// Defaults that are plain literals are shown, others as `...`.
///
/// # Errors
///
/// These do not compile: an `async`, `unsafe` or `extern` function, one with type parameters or with `self`, a pattern as a
/// parameter, a name that is a keyword of Python, a signature that Python would refuse or that does not fit the function.
#[proc_macro_attribute]
pub fn hpy_method(arguments: TokenStream, item: TokenStream) -> TokenStream {
    method::expand(arguments.into(), item.into()).into()
}

/// Options of a `#[hpy_method]`, above or below it: see there.
///
/// ```ignore (needs the crate hpy)
/// #[hpy_method]
/// #[hpy(name = "type", signature = (value, *, strict = false))]
/// fn type_name(value: &Handle<'_>, strict: bool) -> Result<String> {
///     # unimplemented!()
/// }
/// ```
#[proc_macro_attribute]
pub fn hpy(arguments: TokenStream, item: TokenStream) -> TokenStream {
    method::expand_option(arguments.into(), item.into()).into()
}

/// Declares a Python module: what it contains, and the entry points by which interpreters load it.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// static CACHE: Global<Dict> = Global::new();
///
/// #[hpy_method]
/// fn double(x: i64) -> i64 {
///     2 * x
/// }
///
/// fn init(module: &Handle<'_, Module>) -> Result<()> {
///     CACHE.store(&module.ctx().dict()?)
/// }
///
/// hpy_module! {
///     /// The module's docstring.
///     name: quickstart,
///     methods: [double, shapes::area],
///     constants: { ANSWER: 42, VERSION: env!("CARGO_PKG_VERSION") },
///     globals: [CACHE],
///     exec: init,
/// }
/// ```
///
/// The parts come in any order, each at most once; only `name` must be there.
///
/// - `name`: what `import` takes, an ASCII identifier of at most 200 characters. In a package it is the last part of the
///   dotted name.
/// - `methods`: functions with `#[hpy_method]`, by their paths. (`use` brings both the function and what makes it a method.)
/// - `constants`: names, or strings where the name is no identifier, and expressions that convert to an object. They are
///   computed each time the module is imported.
/// - `globals`: the statics of type `Global` that the module uses. Using one that is not listed raises RuntimeError.
/// - `exec`: a `fn(&Handle<'_, Module>) -> Result<()>` that runs last in an import.
/// - `interpreters`: `many` where several interpreters of a process may import the module, each of which then has its own objects;
///   `one`, the default, where a second one gets an ImportError. On CPython 3.12 and later, the slot
///   `Py_mod_multiple_interpreters`.
/// - `gil`: `used` where the module needs that only one thread runs at a time, as code in C may that it calls: Python without the
///   GIL then turns it on, with a warning. `not_used` is the default: safe Rust does not need it. On CPython 3.13 and
///   later, the slot `Py_mod_gil`.
///
/// A doc comment becomes `__doc__`. A library may declare several modules of different names.
///
/// The declaration stands in a module of Rust, not in a function: a doc test needs a `fn main() {}`.
///
/// # Errors
///
/// An unknown or repeated part, a method or constant given twice, two methods of one Python name, a name that cannot be imported, a function without
/// `#[hpy_method]` and a value that does not convert do not compile.
#[proc_macro]
pub fn hpy_module(declaration: TokenStream) -> TokenStream {
    module::expand(declaration.into()).into()
}
