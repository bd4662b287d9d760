//~ the trait `Sync` is not implemented for `(dyn Touch
use hpy::prelude::*;

trait Touch {
    fn touch(&self);
}

struct Holds<'ctx>(Handle<'ctx>);

impl Touch for Holds<'_> {
    fn touch(&self) {
        drop(self.0.repr());
    }
}

// A reference to a local trait object counts as a local type.
impl<'a, 'b> hpy::DetachData<'a> for &'b (dyn Touch + 'b) {}

#[hpy_method]
fn race<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) {
    let held = Holds(object.dup());
    let lent: &dyn Touch = &held;
    ctx.detach_with(lent, |lent| lent.touch());
}

fn main() {}
