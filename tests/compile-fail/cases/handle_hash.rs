//~ the trait bound `Handle<'_>: Hash` is not satisfied

use hpy::prelude::*;

fn hash_it<'ctx>(object: &Handle<'ctx>) -> u64 {
    use std::hash::{BuildHasher, RandomState};
    RandomState::new().hash_one(object)
}

fn main() {}
