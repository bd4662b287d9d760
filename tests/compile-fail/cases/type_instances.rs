//~ write an instance of the struct with all its parameters: `Stack<…>`
//~ cannot find macro `hpy_instances_of_Plain` in this scope

use hpy::prelude::*;

#[hpy_type(instances(IntStack = Vec<i64>, Two = Stack<i64, u8>))]
struct Stack<T> {
    items: Vec<T>,
}

#[hpy_type(instances(A = NotGeneric<i64>))]
struct NotGeneric {
    items: Vec<i64>,
}

struct Plain<T>(T);

#[hpy_methods]
impl<T> Plain<T> {
    fn f(&self) {}
}

fn main() {}
