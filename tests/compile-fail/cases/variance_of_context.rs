//~ lifetime may not live long enough
//~ is invariant over the parameter `'ctx`

// One call's lifetime is neither longer nor shorter than another's: nothing with a `'ctx` passes
// for that of another call.

use hpy::buffer::Buffer;
use hpy::prelude::*;
use hpy::types::{DictIter, Kind, ListIter, TupleIter};
use hpy::{Iter, Keywords, StateRef};

macro_rules! neither_shorter_nor_longer {
    ($($name:ident: |$lent:lifetime, $ctx:lifetime| $type:ty;)*) => {$(mod $name {
        use super::*;
        type Of<$lent, $ctx> = ($type, &$lent ());

        fn longer<'a, 'short: 'a, 'long: 'short>(it: Of<'a, 'short>) -> Of<'a, 'long> {
            it
        }

        fn shorter<'a, 'short: 'a, 'long: 'short>(it: Of<'a, 'long>) -> Of<'a, 'short> {
            it
        }
    })*};
}

neither_shorter_nor_longer! {
    context: |'a, 'ctx| Context<'ctx>;
    handle: |'a, 'ctx| Handle<'ctx>;
    lent_handle: |'a, 'ctx| &'a Handle<'ctx, List>;
    iter: |'a, 'ctx| Iter<'ctx>;
    list_iter: |'a, 'ctx| ListIter<'a, 'ctx>;
    tuple_iter: |'a, 'ctx| TupleIter<'a, 'ctx>;
    dict_iter: |'a, 'ctx| DictIter<'ctx>;
    kind: |'a, 'ctx| Kind<'a, 'ctx>;
    args: |'a, 'ctx| Args<'a, 'ctx>;
    keywords: |'a, 'ctx| Keywords<'a, 'ctx>;
    buffer: |'a, 'ctx| Buffer<'ctx, u8>;
    state_ref: |'a, 'ctx| StateRef<'ctx, u8>;
}

fn main() {}
