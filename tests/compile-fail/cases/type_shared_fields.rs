//~ cannot be a field of a shared type

use hpy::prelude::*;

#[hpy_type(shared = "1.0", module = "m")]
#[repr(C)]
struct Named {
    x: f64,
    name: String,
}

#[hpy_type]
struct Own {
    x: f64,
}

fn exec<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    ctx.shared_type::<Own>()
}

fn main() {}
