//! The bodies of slots, one for each shape.

use crate::class::slot_bodies;
use crate::class::{Assign, Compare, Fixed, FixedInt};
use crate::entry::guard::NoArgsMethod;
use crate::entry::shared_boundary::body;
use crate::entry::slots::table::{hpy_type, slot_table};

macro_rules! bodies {
    ($(
        $name:ident [$bound:path] $signature:ident $args:ident
        ($($field:ident: $kind:ident),*) -> $ret:ident;
    )*) => {$(
        body! {
            $name<S: $bound>($($field: hpy_type!($kind)),*) -> hpy_type!($ret),
            |ctx| slot_bodies::$name::<S>(ctx, $($field),*)
        }
    )*};
}

slot_table!(bodies);
