//~ one type is more general than the other

// `for<'a> fn(&'a str)` is a subtype of `fn(&'static str)`. If a static of the one were one of the
// other too, a store would put there what a load takes for something else.

use hpy::prelude::*;
use hpy::types::Capsule;
use hpy::{Imported, State};

type Any = for<'a> fn(&'a str);
type OnlyStatic = fn(&'static str);

fn global(it: &'static Global<Capsule<Any>>) -> &'static Global<Capsule<OnlyStatic>> {
    it
}

fn global_back(it: &'static Global<Capsule<OnlyStatic>>) -> &'static Global<Capsule<Any>> {
    it
}

fn cached(it: &'static Cached<Capsule<Any>>) -> &'static Cached<Capsule<OnlyStatic>> {
    it
}

fn cached_back(it: &'static Cached<Capsule<OnlyStatic>>) -> &'static Cached<Capsule<Any>> {
    it
}

fn imported(it: &'static Imported<Capsule<Any>>) -> &'static Imported<Capsule<OnlyStatic>> {
    it
}

fn imported_back(it: &'static Imported<Capsule<OnlyStatic>>) -> &'static Imported<Capsule<Any>> {
    it
}

fn state(it: &'static State<Any>) -> &'static State<OnlyStatic> {
    it
}

fn state_back(it: &'static State<OnlyStatic>) -> &'static State<Any> {
    it
}

fn main() {}
