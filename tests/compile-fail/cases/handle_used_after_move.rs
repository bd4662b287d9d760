//~ borrow of moved value: `object`

use hpy::prelude::*;

fn give<'ctx>(object: Handle<'ctx>) -> (Handle<'ctx>, bool) {
    let given = object;
    let same = given.is(&object);
    (given, same)
}

fn main() {}
