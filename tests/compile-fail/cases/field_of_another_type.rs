//~ mismatched types

use hpy::prelude::*;

#[hpy_type]
struct Holder {
    list: Field<List>,
}

#[hpy_methods]
impl Holder {
    fn set(&mut self, text: &Handle<'_, Str>) -> Result<()> {
        self.list.store(text)
    }
}

fn main() {}
