//! What the solver raises: `kiwisolver.exceptions`, and the same names in the module itself.

use hpy::exceptions::Exception;
use hpy::prelude::*;

exception! {
    /// An edit variable cannot be required.
    pub BadRequiredStrength: Exception
}
exception! {
    /// The solver has the constraint already.
    pub DuplicateConstraint: Exception
}
exception! {
    /// The solver has the edit variable already.
    pub DuplicateEditVariable: Exception
}
exception! {
    /// The solver does not have the constraint.
    pub UnknownConstraint: Exception
}
exception! {
    /// The solver does not have the edit variable.
    pub UnknownEditVariable: Exception
}
exception! {
    /// The constraint is required and contradicts others that are.
    pub UnsatisfiableConstraint: Exception
}

/// Puts the exceptions into the module too, and gives them an attribute for what they are about.
pub fn finish<'ctx>(module: &Handle<'ctx, Module>) -> Result<()> {
    let ctx = module.ctx();
    let first = ctx.eval("property(lambda self: self.args[0])", None, None)?;
    let classes = [
        (
            "BadRequiredStrength",
            None,
            BadRequiredStrength::type_object(ctx)?,
        ),
        (
            "DuplicateConstraint",
            Some("constraint"),
            DuplicateConstraint::type_object(ctx)?,
        ),
        (
            "DuplicateEditVariable",
            Some("edit_variable"),
            DuplicateEditVariable::type_object(ctx)?,
        ),
        (
            "UnknownConstraint",
            Some("constraint"),
            UnknownConstraint::type_object(ctx)?,
        ),
        (
            "UnknownEditVariable",
            Some("edit_variable"),
            UnknownEditVariable::type_object(ctx)?,
        ),
        (
            "UnsatisfiableConstraint",
            Some("constraint"),
            UnsatisfiableConstraint::type_object(ctx)?,
        ),
    ];
    for (name, about, class) in classes {
        if let Some(about) = about {
            class.setattr(about, &first)?;
        }
        module.add(name, class)?;
    }
    Ok(())
}
