//! Generic aliases (`list[int]`), and `super` objects.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::types::{Tuple, Type, TypeObject};
use crate::{Context, Handle, IntoHandle, Result};

markers! {
    /// A `types.GenericAlias`: `list[int]`. PyO3's `PyGenericAlias`.
    GenericAlias;
    /// A `super` object. PyO3's `PySuper`.
    Super;
}

cached_marker! {
    GenericAlias "GenericAlias" c"types:GenericAlias"
}
cached_marker! {
    Super "super" c"builtins:super"
}

impl<'ctx> Context<'ctx> {
    /// `types.GenericAlias(origin, args)`: what `__class_getitem__` of a generic class returns.
    /// A tuple stands for several arguments. PyO3's `PyGenericAlias::new`.
    ///
    /// # Errors
    /// What a conversion raises, or MemoryError.
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::types::GenericAlias;
    ///
    /// #[hpy_type]
    /// struct Box_ {
    ///     held: Field,
    /// }
    ///
    /// #[hpy_methods]
    /// impl Box_ {
    ///     /// `Box_[int]`
    ///     #[classmethod]
    ///     fn __class_getitem__<'ctx>(
    ///         class: &Handle<'ctx, Type>,
    ///         arguments: &Handle<'ctx>,
    ///     ) -> Result<Handle<'ctx, GenericAlias>> {
    ///         class.ctx().generic_alias(class, arguments)
    ///     }
    /// }
    /// ```
    pub fn generic_alias<V: IntoHandle<'ctx>>(
        self,
        origin: &Handle<'ctx>,
        args: V,
    ) -> Result<Handle<'ctx, GenericAlias>> {
        GenericAlias::type_object(self)?
            .call1((origin, args))?
            .downcast_into()
    }

    /// `super(class, object)`: its attributes are those that the object has from the classes after
    /// `class`. PyO3's `PySuper::new`.
    ///
    /// A method in Rust has no `__class__` cell, so both are always given.
    ///
    /// # Errors
    /// TypeError if the object is neither an instance nor a subclass of the class.
    #[inline]
    pub fn super_of(
        self,
        class: &Handle<'ctx, Type>,
        object: &Handle<'ctx>,
    ) -> Result<Handle<'ctx, Super>> {
        Super::type_object(self)?
            .call1((class, object))?
            .downcast_into()
    }
}

impl<'ctx> Handle<'ctx, GenericAlias> {
    /// The class: `list` of `list[int]`. Python's `__origin__`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn origin(&self) -> Result<Handle<'ctx>> {
        self.getattr(c"__origin__")
    }

    /// The arguments: `(int,)` of `list[int]`. Python's `__args__`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn args(&self) -> Result<Handle<'ctx, Tuple>> {
        self.getattr(c"__args__")?.downcast_into()
    }

    /// The type variables among the arguments. Python's `__parameters__`.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn parameters(&self) -> Result<Handle<'ctx, Tuple>> {
        self.getattr(c"__parameters__")?.downcast_into()
    }
}
