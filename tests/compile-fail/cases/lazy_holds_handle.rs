//~ cannot be shared between threads safely
//~ required because it appears within the type `hpy::Handle<'static>`

use hpy::prelude::*;
use hpy::sync::Lazy;

static LIST: Lazy<Handle<'static>> = Lazy::new(|ctx| ctx.handle(1));

fn main() {}
