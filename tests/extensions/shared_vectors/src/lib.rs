//! The extension that declares the shared types.

use hpy::prelude::*;
use vector_type::{Counter, Span, Ticket, Unlisted, Vector};

/// Not for others.
#[hpy_type]
struct Own {
    #[hpy(get)]
    value: u8,
}

#[hpy_method]
fn own() -> Own {
    Own { value: 1 }
}

#[hpy_method]
fn vector(x: f64) -> Vector {
    Vector::of(x, 0.0)
}

#[hpy_method]
fn ticket(number: u32) -> Ticket {
    Ticket { number }
}

#[hpy_method]
fn unlisted(number: u32) -> Unlisted {
    Unlisted { number }
}

hpy_module! {
    name: shared_vectors,
    methods: [own, vector, ticket, unlisted],
    types: [Vector, Counter, Own, Span, #[hidden] Ticket],
}
