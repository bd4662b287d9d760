//! An extension that takes and gives objects of types that another one declares.

use hpy::prelude::*;
use vector_type::{Counter, Span, Ticket, Unlisted, Vector};

#[hpy_method]
fn norm(vector: Ref<'_, Vector>) -> f64 {
    vector.x.hypot(vector.y)
}

#[hpy_method]
fn swap(mut vector: RefMut<'_, Vector>) {
    let vector = &mut *vector;
    core::mem::swap(&mut vector.x, &mut vector.y);
    vector.scale(10.0);
}

#[hpy_method]
fn sum(vectors: Vec<Handle<'_, Vector>>) -> Result<Vector> {
    let mut sum = Vector::of(0.0, 0.0);
    sum.marks = [[1, 2], [3, 4], [5, 6]];
    for vector in vectors {
        let vector = vector.borrow()?;
        sum.x += vector.x;
        sum.y += vector.y;
    }
    Ok(sum)
}

#[hpy_method]
fn next(counter: &Counter) -> u64 {
    counter.next()
}

#[hpy_method]
fn is_vector(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Vector>()
}

#[hpy_method]
fn vector_class(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Vector::type_object(ctx)
}

#[hpy_method]
fn take(ctx: Context<'_>) -> Result<()> {
    ctx.shared_type::<Vector>()?;
    ctx.shared_type::<Counter>()?;
    ctx.shared_type::<Span>()?;
    ctx.shared_type::<Ticket>()?;
    Ok(())
}

#[hpy_method]
fn longest(spans: Vec<Span>) -> Option<Span> {
    spans.into_iter().max_by_key(|span| span.end - span.start)
}

#[hpy_method]
fn later(ticket: &Ticket) -> Ticket {
    Ticket {
        number: ticket.number + 1,
    }
}

#[hpy_method]
fn unlisted() -> Unlisted {
    Unlisted { number: 1 }
}

/// A type that is shared by the module `shared_vectors`, or is not.
macro_rules! wrong {
    ($(
        $name:ident $version:literal $shown:literal { $($field:ident: $ty:ty),* }
        $($frozen:ident)?;
    )*) => {
        $(
            #[hpy_type(shared = $version, module = "shared_vectors", name = $shown $(, $frozen)?)]
            #[repr(C)]
            #[allow(dead_code)]
            struct $name {
                $($field: $ty),*
            }
        )*

        /// Why it cannot be used.
        #[hpy_method]
        fn wrong(ctx: Context<'_>, name: &str) -> Result<()> {
            match name {
                $(stringify!($name) => ctx.shared_type::<$name>().map(|_| ()),)*
                _ => Ok(()),
            }
        }
    };
}

wrong! {
    Older "0.9" "Vector" { x: f64, y: f64, marks: [[u8; 2]; 3] };
    Narrow "1.0" "Vector" { x: f32, y: f64, marks: [[u8; 2]; 3] };
    Named "1.0" "Vector" { x: f64, z: f64, marks: [[u8; 2]; 3] };
    Swapped "1.0" "Vector" { y: f64, x: f64, marks: [[u8; 2]; 3] };
    Longer "1.0" "Vector" { x: f64, y: f64, marks: [u8; 7] };
    Fewer "1.0" "Vector" { x: f64 };
    NeverBorrowed "1.0" "Vector" { x: f64, y: f64, marks: [u8; 6] } frozen;
    Private "1.0" "Own" { value: u8 };
    Missing "1.0" "Nothing" { value: u8 };
}

hpy_module! {
    name: shared_types,
    methods: [
        norm, swap, sum, next, is_vector, vector_class, take, longest, later, unlisted, wrong
    ],
}
