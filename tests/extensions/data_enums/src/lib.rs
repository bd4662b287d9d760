//! Enums whose variants hold data.

mod options;

use hpy::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A shape in the plane.
#[hpy_type(eq, hash, repr)]
#[derive(Clone, Debug, PartialEq)]
enum Shape {
    /// All points at a distance.
    #[hpy(constructor = (radius = 1.0))]
    Circle {
        /// The distance.
        radius: f64,
    },
    Rect {
        w: f64,
        h: f64,
    },
    Pair(f64, f64),
    Nothing {},
    Point,
}

impl core::hash::Hash for Shape {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        core::mem::discriminant(self).hash(state);
    }
}

#[hpy_methods]
impl Shape {
    fn area(&self) -> f64 {
        match self {
            Shape::Circle { radius } => 3.0 * radius * radius,
            Shape::Rect { w, h } | Shape::Pair(w, h) => w * h,
            Shape::Nothing {} | Shape::Point => 0.0,
        }
    }

    #[getter]
    fn is_empty(&self) -> bool {
        self.area() == 0.0
    }

    /// One variant from another.
    fn doubled(&self) -> Shape {
        match self {
            Shape::Circle { radius } => Shape::Circle {
                radius: 2.0 * radius,
            },
            Shape::Rect { w, h } => Shape::Pair(2.0 * w, 2.0 * h),
            other => other.clone(),
        }
    }

    #[staticmethod]
    fn unit() -> Shape {
        Shape::Rect { w: 1.0, h: 1.0 }
    }

    #[classattr]
    const SIDES: u8 = 4;
}

#[hpy_method]
fn same(shape: &Shape) -> Shape {
    shape.clone()
}

#[hpy_method]
fn by_value(shapes: Vec<Shape>) -> f64 {
    shapes.iter().map(Shape::area).sum()
}

#[hpy_method]
fn instance<'ctx>(ctx: Context<'ctx>, radius: f64) -> Result<Handle<'ctx, Shape>> {
    ctx.instance(Shape::Circle { radius })
}

#[hpy_method]
fn is_shape(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Shape>()
}

static DROPPED: AtomicUsize = AtomicUsize::new(0);

struct Counted;

impl Drop for Counted {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

/// Objects, data with an end, other names, and a constructor of its own.
#[hpy_type(name = "Tree", rename_all = "snake_case")]
enum Node {
    /// A leaf.
    #[hpy(name = "Leaf", constructor = (value, *, label = "none".to_owned()))]
    End {
        #[hpy(name = "value")]
        inner: Field,
        label: String,
    },
    TwoNodes(Field<Node>, Option<Field<Node>>),
}

#[hpy_methods]
impl Node {
    #[new]
    fn new(object: &Handle<'_>) -> Result<Self> {
        Ok(Node::End {
            inner: Field::new(object)?,
            label: "new".to_owned(),
        })
    }

    fn __call__(this: &Handle<'_, Self>, plus: i64) -> Result<i64> {
        Ok(plus + this.get()?.depth(this.ctx())?)
    }

    fn __contains__(&self, label: &str) -> bool {
        matches!(self, Node::End { label: own, .. } if own == label)
    }
}

impl Node {
    fn depth(&self, ctx: Context<'_>) -> Result<i64> {
        Ok(match self {
            Node::End { .. } => 1,
            Node::TwoNodes(left, right) => {
                let mut most = 0;
                for field in core::iter::once(left).chain(right) {
                    if let Some(node) = field.load(ctx)? {
                        most = most.max(node.get()?.depth(ctx)?);
                    }
                }
                most + 1
            }
        })
    }
}

#[hpy_type]
enum Ends {
    With(Token),
    Without {},
}

/// A value that is not to be had twice.
#[derive(Clone)]
struct Token(#[allow(dead_code)] std::sync::Arc<Counted>);

impl<'ctx> IntoHandle<'ctx> for Token {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        "token".into_handle(ctx)
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Token {
    fn from_handle(_: &'a Handle<'ctx>) -> Result<Self> {
        Ok(Token(std::sync::Arc::new(Counted)))
    }
}

#[hpy_method]
fn dropped() -> usize {
    DROPPED.load(Ordering::Relaxed)
}

hpy_module! {
    name: data_enums,
    methods: [
        same, by_value, instance, is_shape, dropped, options::unlisted, options::number_of,
        options::hidden
    ],
    types: [Shape, Node, Ends, options::Run, #[hidden] options::Hidden],
}
