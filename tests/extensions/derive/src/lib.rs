//! Structs and enums with derived conversions: each function takes one and gives it back.

use hpy::prelude::*;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::Debug;

#[derive(FromHandle, IntoHandle, Debug)]
struct Point {
    x: f64,
    y: f64,
}

/// Of points: errors name both structs.
#[derive(FromHandle, IntoHandle)]
#[hpy(from_item_all)]
struct Line {
    start: Items<f64>,
    end: Items<f64>,
}

#[derive(FromHandle, IntoHandle)]
struct Items<T> {
    #[hpy(item)]
    x: T,
    #[hpy(item("why"))]
    y: T,
}

#[derive(FromHandle, IntoHandle)]
#[hpy(from_item_all, rename_all = "camelCase")]
struct Settings {
    user_name: String,
    #[hpy(default)]
    port_number: Option<u16>,
    #[hpy(default = vec![1, 2], name = "the list")]
    list: Vec<i64>,
    #[hpy(item(7), default = "seven".to_owned())]
    seven: String,
    #[hpy(from_with = length, into_with = stars)]
    secret: usize,
    r#type: Option<String>,
}

fn length(object: &Handle<'_>) -> Result<usize> {
    object.length()
}

fn stars<'ctx>(length: usize, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    ctx.handle("*".repeat(length.min(100)))
}

/// Attributes that need not be there, under other names.
#[derive(FromHandle, IntoHandle)]
struct Optional {
    #[hpy(attribute("__name__"), default)]
    name: Option<String>,
    #[hpy(attribute, default = -1)]
    size: i64,
}

#[derive(FromHandle, IntoHandle)]
struct Pair(i64, #[hpy(from_with = length)] usize);

#[derive(FromHandle, IntoHandle)]
struct Name(String);

#[derive(FromHandle, IntoHandle)]
#[hpy(transparent)]
struct Wrapped<T> {
    inner: T,
}

#[derive(FromHandle)]
struct Lent<'a>(&'a str);

/// Keeps objects as they are.
#[derive(FromHandle, IntoHandle)]
struct Kept<'ctx> {
    #[hpy(item)]
    list: Handle<'ctx, List>,
    #[hpy(item(-1))]
    last: Handle<'ctx>,
}

#[derive(FromHandle, IntoHandle)]
enum Shape<'a> {
    Circle {
        radius: f64,
    },
    Side(f64),
    #[hpy(transparent)]
    Text {
        text: Cow<'a, str>,
    },
    Rectangle(f64, f64),
    #[hpy(from_item_all)]
    Triangle {
        a: f64,
        b: f64,
        c: f64,
    },
}

#[derive(FromHandle, IntoHandle)]
#[hpy(rename_all = "kebab-case")]
enum Color {
    Red,
    DeepBlue,
    #[hpy(name = "grün")]
    Green,
}

/// As deep as it likes.
#[derive(FromHandle, IntoHandle)]
enum Tree<T> {
    Leaf(T),
    Inner(Vec<Tree<T>>),
}

/// A chain, which may be a ring in Python.
#[derive(FromHandle, IntoHandle)]
struct Link {
    value: i64,
    next: Option<Box<Link>>,
}

#[derive(FromHandle, IntoHandle)]
struct Many<const N: usize, K: Eq + std::hash::Hash, V = i64>
where
    V: Debug,
{
    #[hpy(item)]
    array: [V; N],
    #[hpy(item)]
    map: HashMap<K, V>,
}

macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[hpy_method]
            fn $name(value: $type) -> $type {
                value
            }
        )*
    };
}

echoes! {
    echo_point: Point;
    echo_points: Vec<Point>;
    echo_line: Line;
    echo_settings: Settings;
    echo_optional: Optional;
    echo_pair: Pair;
    echo_name: Name;
    echo_wrapped: Wrapped<Option<i64>>;
    echo_color: Color;
    echo_tree: Tree<i64>;
    echo_link: Link;
    echo_many: Many<2, String>;
}

/// A chain of so many links.
#[hpy_method]
fn chain(length: i64) -> Option<Link> {
    (0..length).fold(None, |next, value| {
        let next = next.map(Box::new);
        Some(Link { value, next })
    })
}

/// Nested lists and dicts, converted by hand.
enum Nested {
    Number(i64),
    List(Vec<Nested>),
    Dict(HashMap<String, Nested>),
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Nested {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Ok(number) = handle.extract() {
            return Ok(Nested::Number(number));
        }
        match handle.hasattr("keys")? {
            true => handle.extract().map(Nested::Dict),
            false => handle.extract().map(Nested::List),
        }
    }
}

impl<'ctx> IntoHandle<'ctx> for Nested {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Nested::Number(number) => number.into_handle(ctx),
            Nested::List(items) => items.into_handle(ctx),
            Nested::Dict(items) => items.into_handle(ctx),
        }
    }
}

/// A ring in Python, followed by hand.
struct Follower(Option<Box<Follower>>);

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Follower {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.getattr("next")?.extract().map(Follower)
    }
}

impl Follower {
    fn length(&self) -> usize {
        core::iter::successors(self.0.as_ref(), |next| next.0.as_ref()).count()
    }
}

#[hpy_method]
fn echo_nested(value: Nested) -> Nested {
    value
}

#[hpy_method]
fn call<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

#[hpy_method]
fn follow(first: Follower) -> usize {
    first.length()
}

/// Lists of dicts in each other, so many.
#[hpy_method]
fn nested(depth: usize) -> Nested {
    (0..depth).fold(Nested::Number(0), |inner, depth| match depth % 2 {
        0 => Nested::List(vec![inner]),
        _ => Nested::Dict(HashMap::from([("in".to_owned(), inner)])),
    })
}

#[hpy_method]
fn echo_kept<'ctx>(value: Kept<'ctx>) -> Kept<'ctx> {
    value
}

#[hpy_method]
fn lent(value: Lent<'_>) -> usize {
    value.0.chars().count()
}

#[hpy_method]
fn echo_shape<'a>(value: Shape<'a>) -> Shape<'a> {
    value
}

/// Which variant it is.
#[hpy_method]
fn which(value: Shape<'_>) -> &'static str {
    match value {
        Shape::Circle { .. } => "Circle",
        Shape::Side(_) => "Side",
        Shape::Text { .. } => "Text",
        Shape::Rectangle(..) => "Rectangle",
        Shape::Triangle { .. } => "Triangle",
    }
}

/// Has an attribute that is called like a keyword of Python.
#[derive(FromHandle)]
struct Stretch {
    from: i64,
    to: i64,
}

/// How long it is. A row of `""""` is no end of it.
#[hpy_method]
fn extent(stretch: Stretch) -> i64 {
    stretch.to - stretch.from
}

hpy_module! {
    name: derive,
    methods: [
        echo_point, echo_points, echo_line, echo_settings, echo_optional, echo_pair, echo_name,
        echo_wrapped, echo_kept, echo_color, echo_tree, echo_link, echo_many, lent, echo_shape,
        which, call, chain, extent, echo_nested, follow, nested,
    ],
}
