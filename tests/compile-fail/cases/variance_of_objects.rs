//~ one type is more general than the other

// What an object is known to be is neither a subtype nor a supertype of it: a capsule compares the
// very type.

use hpy::buffer::Buffer;
use hpy::prelude::*;
use hpy::types::Capsule;
use hpy::{CallFunction, StateRef};

type Any = for<'a> fn(&'a str);
type OnlyStatic = fn(&'static str);

fn capsule(it: Capsule<Any>) -> Capsule<OnlyStatic> {
    it
}

fn handle<'ctx>(it: Handle<'ctx, Capsule<Any>>) -> Handle<'ctx, Capsule<OnlyStatic>> {
    it
}

fn handle_back<'ctx>(it: Handle<'ctx, Capsule<OnlyStatic>>) -> Handle<'ctx, Capsule<Any>> {
    it
}

fn persistent(it: Persistent<Capsule<Any>>) -> Persistent<Capsule<OnlyStatic>> {
    it
}

fn persistent_back(it: Persistent<Capsule<OnlyStatic>>) -> Persistent<Capsule<Any>> {
    it
}

fn field(it: Field<Capsule<Any>>) -> Field<Capsule<OnlyStatic>> {
    it
}

fn field_back(it: Field<Capsule<OnlyStatic>>) -> Field<Capsule<Any>> {
    it
}

fn state_ref<'ctx>(it: StateRef<'ctx, Any>) -> StateRef<'ctx, OnlyStatic> {
    it
}

fn call_function(it: CallFunction<Any>) -> CallFunction<OnlyStatic> {
    it
}

fn buffer<'ctx>(it: Buffer<'ctx, Any>) -> Buffer<'ctx, OnlyStatic> {
    it
}

fn main() {}
