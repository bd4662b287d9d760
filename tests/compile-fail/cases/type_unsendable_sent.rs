//~ `Rc<()>` cannot be shared between threads safely

// The data of an object stays on its thread, whatever `detach` does.

use hpy::prelude::*;
use std::rc::Rc;

#[hpy_type(unsendable, frozen)]
struct Local {
    value: Rc<()>,
}

#[hpy_method]
fn send(local: &Handle<'_, Local>) -> Result<()> {
    let data = local.get()?;
    std::thread::scope(|scope| {
        scope.spawn(|| Rc::strong_count(&data.value));
    });
    Ok(())
}

fn main() {}
