//! Five modules in one library: with everything that a module can declare, with nothing, with a
//! need of the GIL, and with imports that fail.

use hpy::exceptions::{AttributeError, PendingDeprecationWarning, ValueError};
use hpy::prelude::*;
use std::sync::atomic::{AtomicI64, Ordering};

/// How often `fill` has run.
static IMPORTS: AtomicI64 = AtomicI64::new(0);

/// A function of the first module.
#[hpy_method]
fn double(x: i64) -> i64 {
    2 * x
}

mod inner {
    use hpy::prelude::*;

    /// A function from a module of Rust.
    #[hpy_method]
    pub fn triple(x: i64) -> i64 {
        3 * x
    }
}

#[hpy_method]
fn imports() -> i64 {
    IMPORTS.load(Ordering::Relaxed)
}

/// Imports a module from Rust.
#[hpy_method]
fn import_module<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx, Module>> {
    ctx.import(name)
}

#[hpy_method]
fn name_of(module: &Handle<'_, Module>) -> Result<String> {
    module.name()
}

/// An attribute that the module does not have: PEP 562.
#[hpy_method]
fn __getattr__(name: &str) -> Result<usize> {
    match name.strip_prefix("length_of_") {
        Some(rest) => Ok(rest.len()),
        None => Err(err!(
            AttributeError,
            "module 'modules' has no attribute '{name}'"
        )),
    }
}

#[hpy_method]
fn __dir__() -> Vec<&'static str> {
    vec!["double", "length_of_x"]
}

/// The area of a circle.
#[hpy_method]
fn area(radius: f64) -> f64 {
    core::f64::consts::PI * radius * radius
}

/// The volume of a cube.
#[hpy_method]
fn volume(side: f64) -> f64 {
    side * side * side
}

exception!(ShapeError: ValueError, "What is wrong with a shape.");

fn fill_solids(module: &Handle<'_, Module>) -> Result<()> {
    module.add("name_in_exec", module.name()?)
}

/// What is called at the end.
#[hpy_method]
fn finish() {
    println!("finished");
}

#[hpy_method(deprecated = "use double")]
fn twice(x: i64) -> i64 {
    2 * x
}

#[hpy_method(deprecated = "", signature = (x = 1, *, y = 2))]
fn old(x: i64, y: i64) -> i64 {
    x + y
}

#[hpy_method(deprecated = "use nothing")]
fn older() {}

exception!(OldWarning: hpy::exceptions::FutureWarning, "What is old.");

#[hpy_method(deprecated(message = "use double", category = PendingDeprecationWarning))]
fn soon_old(x: i64) -> i64 {
    2 * x
}

/// Two warnings, of a category of the module's own and of the default one.
#[hpy_method(warn(message = "old indeed", category = OldWarning), warn(message = "careful"))]
fn warns(x: i64) -> i64 {
    3 * x
}

#[hpy_method(warn(message = "no category", category = ValueError))]
fn warns_of_nothing() {}

/// A type that warns.
#[hpy_type]
struct Warner;

#[hpy_methods]
impl Warner {
    #[new]
    #[hpy(warn(message = "made", category = hpy::exceptions::ResourceWarning))]
    fn new() -> Self {
        Warner
    }

    #[hpy(keywords, warn(message = "called"))]
    fn method(&self, x: i64) -> i64 {
        x
    }

    #[hpy(warn(message = "added"))]
    fn __add__(&self, x: i64) -> i64 {
        x
    }

    #[getter]
    #[hpy(deprecated = "")]
    fn attribute(&self) -> i64 {
        1
    }
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    IMPORTS.fetch_add(1, Ordering::Relaxed);
    module.add("added", vec![1, 2, 3])?;
    // The constants stand before `exec` runs.
    module.add("next", module.getattr("ANSWER")?.extract::<i64>()? + 1)
}

hpy_module! {
    /// The module's docstring.
    ///
    /// Of two paragraphs.
    name: modules,
    methods: [
        double, inner::triple, imports, import_module, name_of, __getattr__, __dir__, twice, old,
        older, soon_old, warns, warns_of_nothing,
    ],
    types: [Warner],
    exceptions: [OldWarning],
    constants: {
        __all__: ["double", "ANSWER"],
        ANSWER: 6 * 7,
        NAME: env!("CARGO_PKG_NAME"),
        NONE: (),
        NESTED: (1, vec!["a", "b"], Some(2.5)),
        "weird name": true,
    },
    exec: fill,
    exit: finish,
    submodules: {
        /// Shapes in the plane.
        shapes: {
            methods: [area],
            constants: { SIDES: 3, __all__: ["area"] },
            exceptions: [ShapeError],
            submodules: {
                solids: { methods: [volume], exec: fill_solids },
            },
        },
        nothing: {},
    },
}

hpy_module! { name: modules_empty }

hpy_module! {
    name: modules_with_gil,
    methods: [double],
    gil: used,
}

fn refuse(_: &Handle<'_, Module>) -> Result<()> {
    Err(ValueError::new("not today"))
}

hpy_module! {
    name: modules_refusing,
    methods: [double],
    exec: refuse,
}

fn panic(_: &Handle<'_, Module>) -> Result<()> {
    panic!("no module comes of this");
}

hpy_module! {
    name: modules_panicking,
    exec: panic,
}
