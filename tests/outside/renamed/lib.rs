//! A crate that has renamed `hpy`, forbids what lints can forbid, and has types of its own with the
//! names of Rust's.
#![deny(
    warnings,
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations,
    unreachable_pub,
    unnameable_types,
    unused_qualifications,
    unused_lifetimes,
    unused_results,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    non_ascii_idents,
    non_camel_case_types,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop,
    meta_variable_misuse,
    redundant_lifetimes,
    unit_bindings,
    unsafe_op_in_unsafe_fn,
    variant_size_differences,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    future_incompatible,
    nonstandard_style,
    unused,
    clippy::all,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::undocumented_unsafe_blocks,
    clippy::missing_safety_doc
)]

use hp::prelude::{
    FromHandle, IntoHandle, Result, Traverse, hpy_method, hpy_methods, hpy_module, hpy_type,
};
use hp::{Field, Handle};

/// Names that the emitted code may not mean.
#[allow(
    dead_code,
    non_camel_case_types,
    missing_debug_implementations,
    missing_copy_implementations,
    clippy::pedantic
)]
mod shadows {
    pub(crate) struct str;
    pub(crate) struct bool;
    pub(crate) struct usize;
    pub(crate) struct isize;
    pub(crate) struct u8;
    pub(crate) struct u32;
    pub(crate) struct Option;
    pub(crate) struct Vec;
    pub(crate) struct String;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct Default;
    pub(crate) struct Box;
    pub(crate) struct Send;
    pub(crate) struct Clone;
    pub(crate) mod core {}
    pub(crate) mod std {}
}
#[allow(unused_imports)]
use shadows::*;

macro_rules! methods {
    ($($name:ident)*) => {
        $(
            /// From a macro.
            #[hpy_method(signature = (a, b=1, *args, c=2, **kw))]
            pub fn $name(
                a: i64,
                b: i64,
                args: hp::Args<'_, '_>,
                c: i64,
                kw: hp::Keywords<'_, '_>,
            ) -> i64 {
                let _ = kw;
                if args.is_empty() { a + b + c } else { 0 }
            }
        )*
    };
}

methods! { first second }

/// One argument.
#[hpy_method]
fn one(value: i64) -> Result<i64> {
    value
        .checked_add(1)
        .ok_or_else(|| hp::exceptions::OverflowError::new("too large"))
}

/// None.
#[hpy_method]
fn none() {}

/// A type with a bit of everything.
#[hpy_type(name = "Thing", subclass, eq, repr)]
#[derive(Debug, PartialEq)]
pub struct ThingPy {
    #[hpy(get, set)]
    x: f64,
    steps: ::std::vec::Vec<f64>,
}

#[hpy_methods]
impl ThingPy {
    #[new]
    #[hpy(signature = (x=1.0))]
    fn new(x: f64) -> Self {
        ThingPy {
            x,
            steps: ::std::vec![],
        }
    }

    /// A constant.
    #[classattr]
    const DIMENSIONS: i64 = 1;

    fn shift(&mut self, dx: f64, dy: f64) {
        self.x += dx + dy;
        self.steps = ::std::vec![dx, dy];
    }

    #[getter]
    fn doubled(&self) -> f64 {
        self.x * 2.0
    }

    #[setter]
    fn set_doubled(&mut self, value: f64) {
        self.x = value / 2.0;
    }

    #[classmethod]
    fn made(_class: &Handle<'_, hp::types::Type>, x: f64) -> Self {
        ThingPy {
            x,
            steps: ::std::vec![],
        }
    }

    #[staticmethod]
    fn sum(a: i64, b: i64) -> i64 {
        a + b
    }

    fn __add__(&self, other: f64) -> f64 {
        self.x + other
    }

    fn __contains__(&self, other: f64) -> ::core::primitive::bool {
        self.x > other
    }

    fn __getitem__(&self, index: i32) -> f64 {
        self.x + f64::from(index)
    }

    fn __call__(&self, x: f64) -> f64 {
        self.x * x
    }
}

/// One that the collector looks into.
#[hpy_type]
#[derive(Debug, Traverse)]
pub struct Node {
    next: Field,
}

#[hpy_methods]
impl Node {
    #[new]
    fn new(next: &Handle<'_>) -> Result<Self> {
        ::core::result::Result::Ok(Node {
            next: Field::new(next)?,
        })
    }
}

/// An enum of Python's.
#[hpy_type]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Color {
    /// Red.
    Red,
    /// Green.
    Green,
}

/// By items.
#[derive(Debug, Clone, Copy, FromHandle, IntoHandle)]
#[hpy(from_item_all)]
pub struct Pair {
    a: i64,
    #[hpy(default = 2)]
    b: i64,
}

/// Either.
#[derive(Debug, Clone, Copy, FromHandle, IntoHandle)]
pub enum Either {
    /// A pair.
    Pair(Pair),
    /// A number.
    Number(i64),
}

/// Both.
#[hpy_method]
fn either(value: Either, color: Color) -> Either {
    match color {
        Color::Red => value,
        Color::Green => Either::Number(1),
    }
}

hp::exception! {
    /// An error of the module's own.
    pub OwnError: hp::exceptions::ValueError
}

/// The same under a path that is said.
pub mod said {
    /// Where another crate might have it from.
    pub use hp as elsewhere;

    /// A method.
    #[elsewhere::hpy_method(crate = crate::said::elsewhere)]
    #[must_use]
    pub fn said(value: i64) -> i64 {
        value
    }

    /// A type.
    #[elsewhere::hpy_type(crate = "crate::said::elsewhere")]
    #[derive(Debug)]
    pub struct Said(Vec<i64>);

    #[elsewhere::hpy_methods(crate = crate::said::elsewhere)]
    impl Said {
        #[new]
        fn new(value: i64) -> Self {
            Said(vec![value])
        }

        fn value(&self) -> usize {
            self.0.len()
        }
    }

    /// Derived.
    #[derive(Debug, Clone, Copy, elsewhere::FromHandle)]
    #[hpy(crate = crate::said::elsewhere)]
    pub struct Derived {
        /// A field.
        pub a: i64,
    }
}

hpy_module! {
    /// Its docs.
    name: renamed,
    methods: [first, second, one, none, either, said::said],
    types: [ThingPy, Node, Color, said::Said],
    exceptions: [OwnError],
    constants: { ANSWER: 42 },
}
