//~ cannot borrow `*items` as mutable

use hpy::buffer::{Export, Memory};

fn exported_while_lent(items: &mut Memory<f64>) -> (f64, Export) {
    let lent = items.as_slice().unwrap_or_default();
    let export = items.export();
    (lent[0], export)
}

fn main() {}
