//~ a type can't derive from `Vec<u8>`
//~ HPy has no types that derive from `bytes`: of Python's own ones there are
//~ a type can't derive from itself
//~ an exception is made with `exception! { … }`, which names its base

use hpy::prelude::*;

type Bytes = Vec<u8>;

#[hpy_type(base = Bytes)]
struct OfVec;

#[hpy_type(base = bytes)]
struct OfBytes;

#[hpy_type(base = OfItself)]
struct OfItself;

#[hpy_type(base = Exception)]
struct OfException;

fn main() {}
