//~ the trait `Hash` is not implemented for

use hpy::prelude::*;

fn hash_it<'ctx>(object: &Handle<'ctx>) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(object)
}

fn main() {}
