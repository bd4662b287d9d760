//! The bodies of methods, one for each calling convention.

use crate::entry::arguments::{Args, KeywordArgs};
use crate::entry::guard::{KeywordsMethod, NoArgsMethod, OMethod, VarArgsMethod};
use crate::entry::shared_boundary::body;
use crate::object::handle::Borrowed;
use hpy_sys::HPy;

body! {
    noargs<M: NoArgsMethod>(module: HPy) -> HPy,
    |ctx| Ok(M::call(ctx, &Borrowed::new(ctx, module))?.into_raw())
}

body! {
    o<M: OMethod>(module: HPy, arg: HPy) -> HPy,
    |ctx| {
        let (module, arg) = (Borrowed::new(ctx, module), Borrowed::new(ctx, arg));
        Ok(M::call(ctx, &module, &arg)?.into_raw())
    }
}

body! {
    varargs<M: VarArgsMethod>(module: HPy, args: *const HPy, nargs: usize) -> HPy,
    |ctx| {
        let module = Borrowed::new(ctx, module);
        Ok(M::call(ctx, &module, Args::new(ctx, args, nargs))?.into_raw())
    }
}

body! {
    keywords<M: KeywordsMethod>(this: HPy, args: *const HPy, nargs: usize, names: HPy) -> HPy,
    |ctx| {
        let this = Borrowed::new(ctx, this);
        Ok(M::call(ctx, &this, KeywordArgs::new(ctx, args, nargs, names))?.into_raw())
    }
}
