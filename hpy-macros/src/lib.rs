//! The macros of the `hpy` crate, which re-exports them all: depend on `hpy`, not on this crate.
//!
//! Each macro is a small compiler in three steps, a file each: *parse* reads tokens, *check* reports every mistake at
//! the user's token and in words that say how to mend it, *expand* emits thin code that calls hidden functions of `hpy`.
//!
//! The examples below are not run here, since this crate cannot depend on `hpy`: `hpy`'s own tests and examples are made
//! of the same code.

#![forbid(unsafe_code)]

mod class;
mod crate_path;
mod derive;
mod docstring;
mod expression;
mod function;
mod manifest;
mod module;
mod pyo3;
mod python_name;
mod report;
mod stubs;

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
/// # Where `hpy` is
///
/// The emitted code finds the crate under the name that `Cargo.toml` gives it, `hp = { package = "hpy", … }` too. Where it is to be had
/// from another crate, `crate = other::hpy` says so, in the parentheses of every attribute and in `#[hpy(…)]` of what is derived; in
/// `hpy_module!` it is `crate: other::hpy`.
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
/// The names are those of the function's parameters, in the same order. `*args` may be `Args<'_, 'ctx>`, which allocates nothing, a
/// `Vec<T>` or a `&Handle<'ctx, Tuple>`; `**options` a `&Handle<'ctx, Dict>`, an `Option<Handle<'ctx, Dict>>` or a map of `String`s.
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
/// - `text_signature = "(a, b=1)"`: what `inspect.signature` shows in place of the signature; `None` for nothing.
/// - `deprecated = "use g"`: a call warns with DeprecationWarning, at the line of the caller: "f() is deprecated: use g".
/// - `traceback`: an exception that leaves the function has an entry in its traceback with the function's name, file and line. A call
///   that succeeds costs no more, one that fails a few microseconds, so it is not for a StopIteration that ends each loop.
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
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(function::expand(arguments, item.into()), path).into()
}

/// Makes a Python type of a struct: its values are the data of Python objects. Of an enum it makes a class of Python's module `enum`.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// /// A point in the plane.
/// #[hpy_type]
/// struct Point {
///     /// To the right.
///     #[hpy(get, set)]
///     x: f64,
///     #[hpy(get, set)]
///     y: f64,
/// }
///
/// #[hpy_methods]
/// impl Point {
///     #[new]
///     fn new(x: f64, y: f64) -> Self {
///         Point { x, y }
///     }
///
///     fn norm(&self) -> f64 {
///         self.x.hypot(self.y)
///     }
/// }
///
/// hpy_module! {
///     name: plane,
///     types: [Point],
/// }
/// ```
///
/// `Handle<'ctx, Point>` is a handle to such an object. A method that returns a `Point` makes a new one, as does `ctx.instance(point)`;
/// a parameter of type `Ref<'_, Point>` gives the data of one, `RefMut<'_, Point>` for oneself.
///
/// The data is Send and Sync, as objects are used by, and end on, any thread. Whether it is shared or somebody's own is
/// checked when a method is called: a clash raises RuntimeError. Dropping the data runs no Python code.
///
/// # Options
///
/// - `name = "…"`: the name in Python.
/// - `module = "…"`: where Python says the type is from, if not from the module that lists it.
/// - `subclass`: Python classes may derive from it.
/// - `dict`, `weakref`: instances have a `__dict__`; there can be weak references to them. No type in Rust derives from such a type.
/// - `base = Animal`: what it derives from, another type in Rust or one of Python's own; `metaclass = Meta`: what its class is an instance of, a type with
///   `base = type`.
/// - `frozen`: nothing takes `&mut self`, so nothing is checked, and `&Point` may be a parameter.
/// - `eq`: `==` and `!=` by `PartialEq`; `ord`: the other comparisons by `PartialOrd`. What is no object of the type is `NotImplemented`. A type with
///   `eq` and without a hash is unhashable.
/// - `hash`: by `Hash`, for `frozen` types. `repr`: by `Debug`. `str`: by `Display`.
/// - `match_args`: what `case Point(x, y)` takes apart: the fields with `get`, or those in `match_args = (x, y)`.
/// - `legacy_slots = SLOTS`: slots in C that the type has beside those in Rust, a `hpy::legacy::LegacySlots`. In the CPython ABI and in HPy's hybrid form.
///
/// Above a field: `#[hpy(get)]` makes it an attribute, `#[hpy(get, set)]` one that Python may assign; `name = "…"` is its name in
/// Python. Getting clones the value.
///
/// The doc comments become the docstrings of the type and of its attributes.
///
/// # Enums
///
/// An enum whose variants hold nothing becomes an `enum.Enum`, with `#[hpy_type(int)]` an `enum.IntEnum`. The discriminants are the values; a variant converts to
/// its member and back. `rename_all = "SCREAMING_SNAKE_CASE"` says how members are named, `#[hpy(name = "…")]` above a variant how one is.
///
/// # Structure sequences
///
/// With `#[hpy_type(struct_sequence)]` a struct becomes a tuple whose items have names: a value converts to a new one, and back if all fields do. Doc comments
/// become those of the attributes; `#[hpy(name = "…")]` above a field is its name in Python.
///
/// # Errors
///
/// What is not Send and Sync, type parameters, enums whose variants hold something, unions, and names that Python cannot write do not compile.
#[proc_macro_attribute]
pub fn hpy_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(class::expand(arguments, item.into()), path).into()
}

/// The methods of a type with `#[hpy_type]`: every function of the `impl` is one of Python's.
///
/// What Python need not see stands in another `impl`. There is one with `#[hpy_methods]` for a type.
///
/// - `#[new]` above a function that returns `Self`, or a `Result` of it: the constructor. Without one, Python code can't make
///   instances.
/// - Methods take `&self`, `&mut self` or `this: &Handle<'_, Self>` first; then all that a `#[hpy_method]` takes, with the same
///   options in `#[hpy(…)]`.
/// - `#[call]`: a function that objects may be called by in place of `__call__`; a constant with its name in capitals stands for it.
/// - `#[classmethod]`: takes `class: &Handle<'_, Type>` first. `#[staticmethod]`: takes neither.
/// - `#[getter]`, `#[setter]`, `#[deleter]`: an attribute, of the function's name without `get_`, `set_` or `delete_`, or of that
///   in parentheses.
/// - `#[classattr]` above a constant or a function without parameters: an attribute of the class.
/// - Special methods stand under their Python names: `__add__`, `__radd__`, `__getitem__`, `__len__`, `__eq__`, `__richcmp__`, `__hash__`,
///   `__call__`, `__iter__`, `__next__`, `__enter__`, … An operand that does not convert makes the result of an operator or comparison NotImplemented;
///   `__next__` returns an `Option`; an in-place operator that returns nothing returns the object itself.
///
/// # Errors
///
/// A special method with other parameters than Python passes does not compile: the error shows how it is written.
#[proc_macro_attribute]
pub fn hpy_methods(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(class::methods::expand(arguments, item.into()), path).into()
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
    function::expand_option(arguments.into(), item.into()).into()
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
/// - `types`: structs and enums with `#[hpy_type]`, by their paths.
/// - `constants`: names, or strings where the name is no identifier, and expressions that convert to an object. They are
///   computed each time the module is imported.
/// - `exceptions`: exception types that `exception!` declares.
/// - `globals`: the statics of type `Global` that the module uses. Using one that is not listed raises RuntimeError.
/// - `exec`: a `fn(&Handle<'_, Module>) -> Result<()>` that runs last in an import.
/// - `exit`: a function with `#[hpy_method]` and without parameters, which is called when the interpreter ends, by Python's `atexit`. It
///   need not be listed among the methods.
/// - `submodules`: modules within the module, `shapes: { methods: […], constants: { … } }`, with their docs above the name. They are
///   imported as `module.shapes` once the module is imported, which Python does first. They have `methods`, `constants`, `exceptions`,
///   `submodules` and an `exec` of their own. No two methods of the whole module may have one name.
/// - `interpreters`: `many` where several interpreters of a process may import the module, each of which then has its own objects;
///   `one`, the default, where a second one gets an ImportError. On CPython 3.12 and later, the slot
///   `Py_mod_multiple_interpreters`.
/// - `gil`: `used` where the module needs that only one thread runs at a time, as code in C may that it calls: Python without the
///   GIL then turns it on, with a warning. `not_used` is the default: safe Rust does not need it. With `legacy_methods` the default is `used`.
///   On CPython 3.13 and later, the slot `Py_mod_gil`.
/// - `legacy_methods`: functions in C that the module has too, a `hpy::legacy::LegacyMethods`. In the CPython ABI and in HPy's hybrid form.
///
/// A constant `__all__` says what `from module import *` takes; methods of the names `__getattr__` and `__dir__` compute attributes that the
/// module does not have.
///
/// That the GIL is not needed is no promise of yours: safe Rust shares nothing between threads that is not `Sync`. Methods are functions
/// without state, statics have to be `Sync`, `Global` locks, and handles and contexts stay on their thread. Only C code that a module calls
/// by `unsafe` may need `gil: used`.
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
    let (declaration, path) = crate_path::take(declaration.into());
    crate_path::put(module::expand(declaration), path).into()
}

/// Makes `FromHandle` for a struct or enum: a Rust value from a Python object.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// #[derive(FromHandle)]
/// struct Point {
///     x: f64,                     // object.x
///     #[hpy(item)]
///     y: f64,                     // object["y"]
///     #[hpy(item("label"), default)]
///     name: Option<String>,       // object["label"], or None if there is none
/// }
///
/// #[derive(FromHandle)]
/// struct Pair(i64, String);       // a tuple of two
///
/// #[derive(FromHandle)]
/// struct Name(String);            // the object itself
///
/// #[derive(FromHandle)]
/// enum Id {
///     Number(u64),                // the first that fits
///     Name(String),
///     Both { number: u64, name: String },
///     Nobody,                     // "Nobody"
/// }
/// ```
///
/// - A struct with named fields takes each from the attribute of its name.
/// - A tuple struct takes them from a tuple of the same length; with one field it is that field, made of the object itself.
/// - An enum is the first variant that the object fits, each made as a struct is; a variant without fields fits the str of its
///   name. If none fits, the TypeError lists for each why it does not. Only what says that an object does not
///   fit leads to the next one (TypeError, ValueError, OverflowError, AttributeError, LookupError): other exceptions,
///   such as MemoryError or KeyboardInterrupt, are passed on.
///
/// Errors name the struct and the field: `Point.x must be float, not str`.
///
/// # Options
///
/// In `#[hpy(…)]` above the type or a variant:
///
/// - `transparent`: the object itself is the only field, also if that has a name.
/// - `from_item_all`: fields are items (`object["x"]`), so that dicts and other mappings are taken.
/// - `rename_all = "camelCase"`: attributes and keys are the fields' names in another way: `camelCase`, `kebab-case`, `lowercase`,
///   `PascalCase`, `SCREAMING-KEBAB-CASE`, `SCREAMING_SNAKE_CASE`, `snake_case`, `UPPERCASE`. Above an enum it is for all names in it.
/// - `name = "…"`, above a variant without fields: the str that it is.
///
/// Above a field:
///
/// - `attribute`, `attribute("name")`: which attribute it is.
/// - `item`, `item(key)`: it is an item. The key is a literal or another expression that converts to an object.
/// - `name = "…"`: the attribute, or the key, of another name.
/// - `default`, `default = expression`: what it is where there is no such attribute or item.
/// - `from_with = function`: converts by a `fn(&Handle<'ctx>) -> Result<T>`.
///
/// # Generics and lifetimes
///
/// Type parameters may be anything that converts. A lifetime named `'ctx` is the context's: `struct Row<'ctx> { key: Handle<'ctx> }`.
/// Another lifetime is the object's: only where the object itself is the field can it be borrowed from,
/// `struct Name<'a>(&'a str)`. What stands in an attribute or item is closed when the field is made.
#[proc_macro_derive(FromHandle, attributes(hpy))]
pub fn derive_from_handle(item: TokenStream) -> TokenStream {
    let (item, path) = crate_path::take_of_item(item.into());
    crate_path::put(
        derive::expand(derive::direction::Direction::From, item),
        path,
    )
    .into()
}

/// Makes `IntoHandle` for a struct or enum: a Python object from a Rust value.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// #[derive(IntoHandle)]
/// struct Point {
///     x: f64,
///     #[hpy(name = "why")]
///     y: f64,                     // {"x": …, "why": …}
/// }
///
/// #[derive(IntoHandle)]
/// struct Pair(i64, String);       // a tuple
///
/// #[derive(IntoHandle)]
/// struct Name(String);            // the str
///
/// #[derive(IntoHandle)]
/// enum Id {
///     Number(u64),                // the int
///     Both { number: u64, name: String },
///     Nobody,                     // "Nobody"
/// }
/// ```
///
/// A struct with named fields is a dict, a tuple struct a tuple, one with a single field what that field is; an enum is what its
/// variant would be as a struct, and the str of its name for a variant without fields.
///
/// # Options
///
/// Those of `FromHandle`, so that a type can have both: `name`, `attribute("name")`, `item(key)` and `rename_all` say what the
/// keys are, `transparent` that the only field is the object. `into_with = function` converts a field by a
/// `fn(T, Context<'ctx>) -> Result<Handle<'ctx>>`. What is only for the other direction is ignored.
#[proc_macro_derive(IntoHandle, attributes(hpy))]
pub fn derive_into_handle(item: TokenStream) -> TokenStream {
    let (item, path) = crate_path::take_of_item(item.into());
    crate_path::put(
        derive::expand(derive::direction::Direction::Into, item),
        path,
    )
    .into()
}

/// Finds the fields that hold objects in a struct or an enum, so that it may stand in the data of a `#[hpy_type]`.
///
/// ```ignore (needs the crate hpy)
/// use hpy::prelude::*;
///
/// #[derive(Traverse)]
/// enum Next {
///     Nothing,
///     One(Field<Node>),
///     Many { nodes: Vec<Field<Node>>, name: String },
/// }
///
/// #[hpy_type]
/// struct Node {
///     next: Next,
/// }
/// ```
///
/// Every field of the type either implements `Traverse` too, or is Send and Sync, which nothing is that has a `Field` in it: none can be
/// forgotten. Generic types are refused, since that cannot be told of a parameter.
#[proc_macro_derive(Traverse, attributes(hpy))]
pub fn derive_traverse(item: TokenStream) -> TokenStream {
    let (item, path) = crate_path::take_of_item(item.into());
    crate_path::put(class::derive_traverse(item), path).into()
}
