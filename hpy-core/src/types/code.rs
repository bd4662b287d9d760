//! Code objects.

use super::{Subtype, Type, TypeCheck};
use crate::{Handle, Imported};

/// A code object: what [`Context::compile`](crate::Context::compile) makes of source, and functions
/// have as `__code__`.
#[derive(Debug)]
pub struct Code(());

static CODE_TYPE: Imported<Type> = Imported::new("types", "CodeType");

// SAFETY: the check is the interpreter's own, for a type that has no subclasses.
unsafe impl TypeCheck for Code {
    const NAME: &'static str = "code";

    #[inline]
    fn check(object: &Handle<'_>) -> bool {
        CODE_TYPE
            .get(object.ctx())
            .is_ok_and(|type_| object.type_().is(&type_))
    }
}

impl Subtype for Code {}
