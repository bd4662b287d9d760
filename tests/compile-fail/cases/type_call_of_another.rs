//~ expected `One`, found `Other`
//~ expected `CallFunction<One>`, found `CallFunction<Other>`

use hpy::Called;
use hpy::prelude::*;

#[hpy_type]
struct One;

#[hpy_type]
struct Other;

#[hpy_methods]
impl Other {
    fn __call__(&self) -> u8 {
        1
    }

    #[call]
    fn fast(&self) -> u8 {
        2
    }
}

#[hpy_method]
fn set(one: &Handle<'_, One>) -> Result<()> {
    one.set_call(Other::FAST)
}

fn make() -> Called<One> {
    Called::new(Other, Other::FAST)
}

fn main() {}
