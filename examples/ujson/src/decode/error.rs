//! `JSONDecodeError`.

use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// The class, made when the module is imported.
pub static JSON_DECODE_ERROR: Global<Type> = Global::new();

/// A subclass of ValueError.
pub fn make(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    let namespace = ctx.dict()?;
    namespace.set_item("__module__", "ujson")?;
    let bases = ctx.tuple((ctx.builtins().get_item("ValueError")?,))?;
    let class = Type::type_object(ctx)?
        .call1(("JSONDecodeError", bases, namespace))?
        .downcast_into::<Type>()?;
    JSON_DECODE_ERROR.store(&class)?;
    Ok(class)
}

/// The error with this message.
#[cold]
pub fn decode_error(ctx: Context<'_>, message: &'static str) -> Error {
    match JSON_DECODE_ERROR.load(ctx) {
        Ok(Some(class)) => Error::from_type(&class, (message,)),
        Ok(None) => ValueError::new(message),
        Err(error) => error,
    }
}
