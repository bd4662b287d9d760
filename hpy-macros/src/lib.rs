//! The macros of the `hpy` crate, which re-exports them all: depend on `hpy`, not on this crate.
//!
//! Each macro is a small compiler in three steps, with a file each. *Parse* reads tokens. *Check*
//! reports every mistake at the user's token and says how to fix it. *Expand* emits thin code that
//! calls hidden functions of `hpy`.
//!
//! The examples below are not run here, because this crate cannot depend on `hpy`. The tests and
//! examples of `hpy` use the same code.

#![forbid(unsafe_code)]

mod class;
mod crate_path;
mod derive;
mod docstring;
#[cfg(test)]
mod editor_tests;
mod expression;
mod function;
mod manifest;
mod module;
mod pyo3_habits;
mod python_name;
mod report;
mod stubs;
mod test_function;

use proc_macro::TokenStream;

/// Makes a Rust function callable from Python.
///
/// The function stays usable from Rust. `hpy_module!` lists it by its name.
///
/// ```ignore (needs the crate hpy)
/// use hpy::exceptions::OverflowError;
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
/// A parameter has any type that a Python object converts to (`FromHandle`): numbers, `&str`,
/// `Vec<T>`, `Option<T>` (where `None` is `None`), … and `&Handle<'ctx>` for the object itself,
/// which is borrowed from the caller. An argument that does not convert raises a TypeError like
/// CPython's, with the names of the function and the parameter.
///
/// `ctx: Context<'ctx>` may be any parameter. Python does not pass it.
///
/// Arguments are borrowed for the call, which is shorter than `'ctx`. Write `&Handle<'ctx>` and
/// `&str`, not `&'ctx Handle<'ctx>`. A returned reference needs its own lifetime:
/// `fn f<'a>(text: &'a str) -> &'a str`.
///
/// # Where `hpy` is
///
/// The emitted code finds the crate under its name in `Cargo.toml`, even when it is renamed with
/// `hp = { package = "hpy", … }`. If another crate re-exports it, write `crate = other::hpy` in
/// the parentheses of every attribute and in the `#[hpy(…)]` of every derive. In `hpy_module!`
/// write `crate: other::hpy`.
///
/// # Result
///
/// Anything that converts to an object (`IntoHandle`), or a `Result` of it with any error that
/// converts to `hpy::Error`. `?` works on every `std::error::Error`. `()` becomes `None`. A panic
/// raises RuntimeError.
///
/// # Signature
///
/// By default all parameters are required and positional-only, as in Rust. `signature` changes
/// that, in Python's notation. Defaults are Rust expressions:
///
/// ```ignore (needs the crate hpy)
/// #[hpy_method(signature = (a, /, b = 1.5, *args, scale = None, **options))]
/// fn mix<'ctx>(
///     a: i64,
///     b: f64,
///     args: Vec<f64>,
///     scale: Option<f64>,
///     options: &Handle<'ctx, Dict>,
/// ) -> Result<f64> {
/// #   let _ = options;
/// #   Ok((a as f64 * b + args.iter().sum::<f64>()) * scale.unwrap_or(1.0))
/// }
/// ```
///
/// The names must be those of the function's parameters, in the same order. `*args` may be
/// `Args<'_, 'ctx>`, which allocates nothing, a `Vec<T>` or a `&Handle<'ctx, Tuple>`; `**options` a
/// `&Handle<'ctx, Dict>`, an `Option<Handle<'ctx, Dict>>` or a map of `String`s.
///
/// The macro chooses the cheapest calling convention for the signature: `HPyFunc_NOARGS` without
/// parameters, `HPyFunc_O` for one required positional-only parameter, `HPyFunc_VARARGS` for
/// several positional-only ones, otherwise `HPyFunc_KEYWORDS`.
///
/// # Size and speed
///
/// The boundary between Python and Rust checks the stack and catches panics. A short function is
/// compiled together with the boundary and with the conversions of its values. In a universal
/// binary it is compiled twice. A function is short if its body is small and it takes at most three
/// numbers, strings, handles or `Ref`s.
///
/// All other functions share one boundary and are compiled once. This makes the file smaller, and a
/// call 1 to 7 ns longer. `#[inline]` above a function makes it count as short. `#[inline(never)]`
/// or `#[cold]` makes it count as long.
///
/// # Options
///
/// The options of a function stand in `#[hpy_method(…)]`. Those of a method in an `impl` with
/// `#[hpy_methods]` stand in `#[hpy(…)]` above it.
///
/// - `name = "abs"`: the name in Python, if it differs from the name in Rust.
/// - `signature = (…)`: see above.
/// - `pass_module`: the first parameter is the module, `&Handle<'ctx, Module>`.
/// - `text_signature = "(a, b=1)"`: what `inspect.signature` shows instead of the signature. `None`
///   shows nothing.
/// - `deprecated = "use g"`: each call emits a DeprecationWarning at the caller's line: "f() is
///   deprecated: use g".
/// - `traceback`: exceptions from the function get a traceback entry with its name, file and line.
///   A successful call costs nothing extra. A failing call costs a few microseconds, so do not use
///   it for the StopIteration at the end of each loop.
///
/// # Docstring
///
/// The doc comment becomes `__doc__` and the signature `__text_signature__`, so `help()` and
/// `inspect.signature` show both. Defaults that are plain literals are shown, others appear as
/// `...`.
///
/// # Async functions
///
/// An `async fn` returns a coroutine, which `asyncio` runs. It owns what it takes: `String` in
/// place of `&str`, `Persistent` in place of `&Handle`. It has no context, and uses Python within
/// `hpy::attach(|ctx| …)`. Python does not pass a parameter of the type
/// [`CancelHandle`](../hpy/asyncio/struct.CancelHandle.html). The book's page
/// [Async functions](https://github.com/hpy-rs/hpy-rs/blob/main/docs/async.md) has the rest.
///
/// # Errors
///
/// These do not compile: an `unsafe` or `extern` function, a function with type parameters
/// or `self`, a pattern as a parameter, a name that is a Python keyword, and a signature that is
/// invalid in Python or does not match the function.
#[proc_macro_attribute]
pub fn hpy_method(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(function::expand(arguments, item.into()), path).into()
}

/// Makes a struct a Python type, whose objects contain the struct as their data. Makes an enum a
/// class of Python's module `enum`.
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
/// `Handle<'ctx, Point>` is a handle to such an object. A method that returns a `Point` makes a new
/// object, as does `ctx.instance(point)`. A parameter of type `Ref<'_, Point>` borrows the data of
/// an object, `RefMut<'_, Point>` borrows it exclusively.
///
/// The data must be `Send` and `Sync`, because any thread may use or drop an object, unless the
/// type is `unsendable`. Each method call checks the borrow at run time. A conflict raises
/// RuntimeError. Dropping the data runs no Python code.
///
/// # Options
///
/// - `name = "…"`: the name in Python.
/// - `module = "…"`: the type's `__module__`, if it is not the module that lists it.
/// - `subclass`: Python classes may derive from it.
/// - `dict`: instances have a `__dict__`. `weakref`: instances can be weakly referenced. No type in
///   Rust can derive from such a type.
/// - `base = Animal`: the base type, which is another type in Rust or a built-in one.
///   `metaclass = Meta`: the metaclass, which is a type with `base = type`.
/// - `frozen`: no method takes `&mut self`. Borrows need no check, and `&Point` may be a parameter.
/// - `unsendable`: the data may be anything. Only the thread that made an object may use it: others
///   get a RuntimeError.
/// - `pickle`: `pickle` and `copy` take objects apart into their fields. `pickle = serde` does so
///   by serde.
/// - `shared = "1.0"`, with `module`: other extensions use the type by `ctx.shared_type`. The text
///   is the type's version.
/// - `eq`: `==` and `!=` by `PartialEq`. `ord`: the other comparisons by `PartialOrd`. Comparing
///   with an object of another type gives `NotImplemented`. A type with `eq` and without a hash is
///   unhashable.
/// - `hash`: by `Hash`, for `frozen` types. `repr`: by `Debug`. `str`: by `Display`. Both may have
///   a format string that names fields: `str = "({x}, {y})"`.
/// - `get_all`: every field is an attribute. `set_all`: Python may assign each of them.
///   `rename_all` is the style of their names, as of `#[derive(FromHandle)]`.
/// - `new`: the constructor takes the fields, by position or keyword.
/// - `from_handle`: a parameter of the type is a copy of the data, by `Clone`.
/// - `sequence`, `mapping`: a virtual subclass of `collections.abc.Sequence` or `Mapping`, with the
///   methods that such a class inherits. `match` statements know it as such.
/// - `generic`: `Point[int]` is a `types.GenericAlias`.
/// - `blocks = [io]`: further impls with methods, `#[hpy_methods(block = io)]`.
/// - `instances(IntStack = Stack<i64>, …)`: a class for each instance of a generic struct.
/// - `match_args`: what `case Point(x, y)` matches: the fields with `get`, or those in
///   `match_args = (x, y)`.
/// - `legacy_slots = SLOTS`: additional slots written in C, as an `hpy::legacy::LegacySlots`. Only
///   in the CPython ABI and in HPy's hybrid form.
///
/// Above a field, `#[hpy(get)]` makes it an attribute and `#[hpy(get, set)]` a writable one.
/// `name = "…"` is its name in Python. Getting clones the value. For `new`, `default` or
/// `default = …` makes the parameter optional. `skip` hides the field from Python.
///
/// The doc comments become the docstrings of the type and of its attributes.
///
/// # Enums
///
/// An enum without fields becomes an `enum.Enum`, or with `#[hpy_type(int)]` an `enum.IntEnum`. The
/// discriminants are the values. A variant converts to its member and back.
/// `rename_all = "SCREAMING_SNAKE_CASE"` renames all members. `#[hpy(name = "…")]` above a
/// variant renames one. `#[hpy_methods]` gives it methods; `str`, `repr` and `ord` derive special
/// methods from `Display`, `Debug` and `PartialOrd`.
///
/// An enum whose variants hold data becomes a class, and each variant a class that derives from it.
/// It may have `#[hpy_methods]` and most options of structs. `#[hpy(constructor = (radius = 1.0))]`
/// above a variant is the signature of its constructor.
///
/// # Structure sequences
///
/// With `#[hpy_type(struct_sequence)]` a struct becomes a tuple with named items. A value converts
/// to a new tuple, and back if all fields do. Doc comments of fields become docstrings.
/// `#[hpy(name = "…")]` above a field is its name in Python.
///
/// # Errors
///
/// These do not compile: data that is not `Send` and `Sync` in a type without `unsendable`,
/// lifetimes, type parameters without `instances`, unions, and names that are not valid in Python.
#[proc_macro_attribute]
pub fn hpy_type(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(class::expand(arguments, item.into()), path).into()
}

/// The methods of a type with `#[hpy_type]`. Every function of the `impl` is visible to Python.
///
/// Other functions belong in another `impl`. A type has one `impl` with `#[hpy_methods]`, and
/// further ones with `#[hpy_methods(block = io)]`, whose names it lists in
/// `#[hpy_type(blocks = [io])]`.
///
/// - `#[new]` above a function that returns `Self` or a `Result` of it: the constructor. Without
///   one, Python code cannot make instances.
/// - Methods take `&self`, `&mut self` or `this: &Handle<'_, Self>` first. The other parameters and
///   the options in `#[hpy(…)]` are those of `#[hpy_method]`.
/// - `#[call]`: a function that may replace `__call__` for single objects. A constant with its name
///   in capitals refers to it.
/// - `#[classmethod]`: takes `class: &Handle<'_, Type>` first. `#[staticmethod]`: takes neither.
/// - `#[getter]`, `#[setter]`, `#[deleter]`: an attribute. Its name is in parentheses, or is the
///   function's name without `get_`, `set_` or `delete_`.
/// - `#[classattr]` above a constant or a function without parameters: an attribute of the class.
/// - Special methods have their Python names: `__add__`, `__radd__`, `__getitem__`, `__len__`,
///   `__eq__`, `__richcmp__`, `__hash__`, `__call__`, `__iter__`, `__next__`, `__enter__`, … An
///   operator or comparison returns NotImplemented if an operand does not convert. `__next__`
///   returns an `Option`. An in-place operator that returns `()` gives Python the object itself.
///
/// # Errors
///
/// A special method with wrong parameters does not compile. The error shows the right ones.
#[proc_macro_attribute]
pub fn hpy_methods(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(class::methods::expand(arguments, item.into()), path).into()
}

/// Options of a field, of a variant, or of a method in an `impl` with `#[hpy_methods]`. Also those
/// of a type with `#[derive(FromHandle)]` or `#[derive(IntoHandle)]`.
///
/// A function has its options in the parentheses of `#[hpy_method]`, a type in those of
/// `#[hpy_type]`. Above such a function or type this attribute is an error that says so.
#[proc_macro_attribute]
pub fn hpy(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    function::expand_option(item.into()).into()
}

/// Makes a function a test that runs in a Python interpreter, by the feature `embed` of `hpy`.
///
/// ```ignore (needs the crate hpy)
/// use hpy::embed::TestResult;
/// use hpy::prelude::*;
///
/// #[hpy_method]
/// fn add(a: i64, b: i64) -> i64 {
///     a + b
/// }
///
/// hpy_module! {
///     name: demo,
///     methods: [add],
/// }
///
/// #[hpy::test]
/// fn adds(ctx: Context<'_>) -> TestResult {
///     let sum: i64 = ctx.import("demo")?.call_method1("add", (40, 2))?.extract()?;
///     assert_eq!(sum, 42);
///     Ok(())
/// }
/// ```
///
/// The interpreter is a CPython that is found when the test runs: `hpy::embed` says which. The
/// module that the crate declares can be imported. Nothing is linked, so one test program tests
/// with every version.
///
/// The function may return nothing, an `hpy::embed::TestResult`, or any `Result<(), E>` whose error
/// converts into `hpy::Error`. A failure shows Python's traceback, and with a `TestResult` also the
/// line of the `?`. `#[ignore]` and `#[should_panic]` work as in any test.
///
/// Tests run one at a time, each with a new module `__main__`. Modules that a test has imported
/// stay imported. What Python prints is captured as what Rust prints is.
///
/// With the feature `debug-handles`, a test that does not close all its handles fails, and names
/// the lines that made them.
///
/// # Options
///
/// - `parallel`: the test may run at the same time as other tests with this option. It shares their
///   `__main__`.
///
/// # Errors
///
/// These do not compile: a function that does not take exactly one parameter, the context; an
/// `async`, `const`, `unsafe` or `extern` function; type parameters; a second `#[test]`.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let (arguments, path) = crate_path::take(arguments.into());
    crate_path::put(test_function::expand(arguments, item.into()), path).into()
}

/// Declares a Python module: its contents and the entry points by which interpreters load it.
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
/// The parts come in any order, each at most once. Only `name` is required.
///
/// - `name`: what `import` takes, an ASCII identifier of at most 200 characters. In a package it is
///   the last part of the dotted name.
/// - `methods`: functions with `#[hpy_method]`, by their paths. (`use` imports both the function
///   and its definition.)
/// - `types`: structs and enums with `#[hpy_type]`, by their paths. `#[hidden] Point` makes the
///   type without an attribute of its name.
/// - `constants`: names, or strings for names that are not identifiers, and expressions that
///   convert to an object. They are evaluated at each import of the module.
/// - `exceptions`: exception types that `exception!` declares.
/// - `globals`: the statics of type `Global` that the module uses. Using one that is not listed
///   raises RuntimeError.
/// - `exec`: a `fn(&Handle<'_, Module>) -> Result<()>` that runs at the end of an import.
/// - `exit`: a function with `#[hpy_method]` and without parameters, which Python's `atexit` calls
///   when the interpreter ends. It need not be listed in `methods`.
/// - `submodules`: modules within the module, `shapes: { methods: […], constants: { … } }`. Doc
///   comments stand above their names. They can be imported as `module.shapes`, since Python
///   imports the outer module first. They have their own `methods`, `constants`, `exceptions`,
///   `submodules` and `exec`. No two methods of the whole module may have the same name.
/// - `interpreters`: `many` if several interpreters of a process may import the module, each with
///   its own objects. With `one`, the default, a second interpreter gets an ImportError. Sets the
///   slot `Py_mod_multiple_interpreters` on CPython 3.12 and later.
/// - `gil`: `used` if the module needs the GIL, for example because it calls C code that does.
///   Free-threaded Python then turns the GIL on, with a warning. `not_used` is the default, because
///   safe Rust does not need the GIL. With `legacy_methods` the default is `used`. Sets the slot
///   `Py_mod_gil` on CPython 3.13 and later.
/// - `legacy_methods`: additional functions written in C, as an `hpy::legacy::LegacyMethods`. Only
///   in the CPython ABI and in HPy's hybrid form.
///
/// A constant `__all__` lists what `from module import *` imports. Methods named `__getattr__` and
/// `__dir__` compute missing attributes.
///
/// The compiler checks that safe Rust does not need the GIL: threads share only what is `Sync`.
/// Methods are functions without state, statics must be `Sync`, `Global` locks, and handles and
/// contexts stay on their thread. Only C code that a module calls by `unsafe` may need `gil: used`.
///
/// A doc comment becomes `__doc__`. A library may declare several modules of different names.
///
/// The declaration must be in a Rust module, not in a function. So a doc test needs a
/// `fn main() {}`.
///
/// # Errors
///
/// These do not compile: an unknown or repeated part, a repeated method or constant, two methods
/// with the same Python name, a name that cannot be imported, a function without `#[hpy_method]`,
/// and a value that does not convert.
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
/// - A struct with named fields takes each field from the attribute of the same name.
/// - A tuple struct takes its fields from a tuple of the same length. With one field, that field is
///   converted from the object itself.
/// - An enum becomes the first variant that the object matches. A variant is converted like a
///   struct, and a variant without fields matches the str of its name. If none matches, the
///   TypeError lists the reason for each variant. Only TypeError, ValueError, OverflowError,
///   AttributeError and LookupError lead to the next variant. Other exceptions, such as MemoryError
///   or KeyboardInterrupt, are passed on.
///
/// Errors name the struct and the field: `Point.x must be float, not str`.
///
/// # Options
///
/// In `#[hpy(…)]` above the type or a variant:
///
/// - `transparent`: the only field is converted from the object itself, even if the field has a
///   name.
/// - `from_item_all`: fields are items (`object["x"]`), as in dicts and other mappings.
/// - `rename_all = "camelCase"`: attributes and keys are the fields' names in another style:
///   `camelCase`, `kebab-case`, `lowercase`, `PascalCase`, `SCREAMING-KEBAB-CASE`,
///   `SCREAMING_SNAKE_CASE`, `snake_case`, `UPPERCASE`. Above an enum it applies to all names in
///   it.
/// - `name = "…"`, above a variant without fields: the str that it matches.
///
/// Above a field:
///
/// - `attribute`, `attribute("name")`: the attribute.
/// - `item`, `item(key)`: an item. The key is a literal or another expression that converts to an
///   object.
/// - `name = "…"`: another name for the attribute or key.
/// - `default`, `default = expression`: the value if there is no such attribute or item.
/// - `from_with = function`: converts by a `fn(&Handle<'ctx>) -> Result<T>`.
///
/// # Generics and lifetimes
///
/// Type parameters may be anything that converts. A lifetime named `'ctx` is the context's:
/// `struct Row<'ctx> { key: Handle<'ctx> }`. Another lifetime is the object's. Only a field that is
/// the object itself can borrow from it: `struct Name<'a>(&'a str)`. The object of an attribute or
/// item is closed after the conversion.
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
/// A struct with named fields becomes a dict, a tuple struct a tuple. A tuple struct with a single
/// field becomes what that field becomes. An enum becomes what its variant would become as a
/// struct. A variant without fields becomes the str of its name.
///
/// # Options
///
/// Those of `FromHandle`, so that a type can have both. `name`, `attribute("name")`, `item(key)`
/// and `rename_all` determine the keys. With `transparent` the only field is the object.
/// `into_with = function` converts a field by a `fn(T, Context<'ctx>) -> Result<Handle<'ctx>>`.
/// Options for the other direction are ignored.
#[proc_macro_derive(IntoHandle, attributes(hpy))]
pub fn derive_into_handle(item: TokenStream) -> TokenStream {
    let (item, path) = crate_path::take_of_item(item.into());
    crate_path::put(
        derive::expand(derive::direction::Direction::Into, item),
        path,
    )
    .into()
}

/// Finds the `Field`s in a struct or an enum, so that it may be part of the data of a
/// `#[hpy_type]`.
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
/// Every field must implement `Traverse` or be `Send + Sync`. `Field` is neither, so a forgotten
/// `Field` does not compile. Generic types are rejected, because a type parameter could be either.
#[proc_macro_derive(Traverse, attributes(hpy))]
pub fn derive_traverse(item: TokenStream) -> TokenStream {
    let (item, path) = crate_path::take_of_item(item.into());
    crate_path::put(class::derive_traverse(item), path).into()
}
