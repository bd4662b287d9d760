//~ the trait `StructSequence` requires an `unsafe impl` declaration
use hpy::__private::{SequenceDescription, SequencePlace};
use hpy::prelude::*;

static PLACE: SequencePlace = SequencePlace::new();

#[hpy_type]
struct Pair {
    data: [usize; 8],
}

// `as_tuple` would read the data as items.
impl hpy::StructSequence for Pair {
    const DESCRIPTION: SequenceDescription = SequenceDescription {
        name: "Pair",
        module: None,
        doc: "",
        fields: &[],
    };
    fn place() -> &'static SequencePlace {
        &PLACE
    }
    fn into_items(self, ctx: Context<'_>) -> Result<Handle<'_>> {
        Ok(ctx.tuple(())?.into_object())
    }
}

fn main() {}
