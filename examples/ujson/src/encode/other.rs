//! Objects that JSON has no form for: those that name one themselves, and `default`.

use super::{Container, DEPTH_LIMIT, Encoder, float};
use hpy::exceptions::TypeError;
use hpy::prelude::*;
use hpy::types::Kind;

/// `decimal.Decimal`, whose numbers are written as floats.
pub static DECIMAL: Global<Type> = Global::new();

pub fn prepare(ctx: Context<'_>) -> Result<()> {
    let decimal = ctx.import("decimal")?.getattr(c"Decimal")?;
    DECIMAL.store(decimal.downcast::<Type>()?)
}

impl<'ctx> Encoder<'_, 'ctx> {
    #[cold]
    #[inline(never)]
    pub(super) fn other(&mut self, value: &Handle<'ctx>) -> Result<Option<Container<'ctx>>> {
        let mut value = value.dup();
        // What `default` returns may be for it again.
        for _ in 0..=DEPTH_LIMIT {
            if DECIMAL
                .load(self.ctx)?
                .is_some_and(|decimal| value.type_check(&decimal))
            {
                let number = Float::type_object(self.ctx)?.call1((&value,))?;
                float::write(&mut self.out, number.extract()?, self.options.allow_nan)?;
                return Ok(None);
            }
            if value.hasattr(c"toDict")? {
                return self.call_to_dict(&value);
            }
            if value.hasattr(c"__json__")? {
                self.own_json(&value)?;
                return Ok(None);
            }
            let Some(default) = self.options.default else {
                let repr = value.repr()?;
                return Err(TypeError::new(format!(
                    "{} is not JSON serializable",
                    repr.to_str()?
                )));
            };
            value = default.call1((&value,))?;
            match value.kind() {
                Kind::Other => {}
                Kind::Bytes(_) if self.options.reject_bytes => {}
                _ => return self.begin(&value),
            }
        }
        Err(TypeError::new("maximum recursion depth exceeded"))
    }

    fn call_to_dict(&mut self, value: &Handle<'ctx>) -> Result<Option<Container<'ctx>>> {
        let made = call(value, c"toDict")?;
        let Kind::Dict(dict) = made.kind() else {
            let name = made.type_name();
            return Err(TypeError::new(format!(
                "toDict() should return a dict, got {name}"
            )));
        };
        self.dict(dict)
    }

    /// What `__json__` returns stands in the output as it is.
    fn own_json(&mut self, value: &Handle<'ctx>) -> Result<()> {
        let made = call(value, c"__json__")?;
        match made.kind() {
            Kind::Str(text) => match text.to_str() {
                Ok(text) => self.literal(text.as_bytes()),
                Err(_) => self.literal(text.encode("utf-8", "surrogatepass")?.as_bytes()),
            },
            Kind::Bytes(bytes) => self.literal(bytes.as_bytes()),
            _ => {
                let name = made.type_name();
                return Err(TypeError::new(format!(
                    "__json__() should return str or bytes, got {name}"
                )));
            }
        }
        Ok(())
    }
}

fn call<'ctx>(value: &Handle<'ctx>, name: &core::ffi::CStr) -> Result<Handle<'ctx>> {
    let method = value.getattr(name)?;
    if !method.is_callable() {
        let name = method.type_name();
        return Err(TypeError::new(format!(
            "attribute of type '{name}' is not callable"
        )));
    }
    method.call0()
}
