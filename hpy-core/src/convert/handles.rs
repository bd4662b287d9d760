//! Handles, and what stands for None.

use super::Argument;
use crate::stack::Level;
use crate::types::{Subtype, TypeCheck};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};

impl<'a, 'ctx, T: TypeCheck> FromHandle<'a, 'ctx> for &'a Handle<'ctx, T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.downcast()
    }

    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Always;
}

impl<'a, 'ctx, T: TypeCheck> FromHandle<'a, 'ctx> for Handle<'ctx, T> {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = T::ANNOTATION;
    const NESTS: bool = false;

    #[inline(always)]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.downcast().map(Handle::dup)
    }
}

impl<'ctx, T: TypeCheck> IntoHandle<'ctx> for Handle<'ctx, T> {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Always;
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();
    const NESTS: bool = false;

    #[inline(always)]
    fn into_handle(self, _: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(self.into_object())
    }
}

impl<'ctx, T: TypeCheck> IntoHandle<'ctx> for &Handle<'ctx, T> {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Always;
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();
    const NESTS: bool = false;

    #[inline(always)]
    fn into_handle(self, _: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(self.as_object().dup())
    }

    #[inline(always)]
    fn into_argument(self, ctx: Context<'ctx>) -> Result<Argument<'ctx>> {
        // SAFETY: arguments last no longer than the call that takes `self`, whose reference is
        // valid until it returns.
        Ok(unsafe { Argument::borrowed(ctx, self.as_raw()) })
    }
}

impl<'a, 'ctx, T: TypeCheck> IntoHandle<'ctx> for &crate::object::handle::Borrowed<'a, 'ctx, T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    #[inline(always)]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        (&**self).into_handle(ctx)
    }
}

impl<'a, 'ctx, T: TypeCheck> IntoHandle<'ctx> for crate::object::handle::Borrowed<'a, 'ctx, T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    #[inline(always)]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        (&*self).into_handle(ctx)
    }
}

/// None for None.
impl<'a, 'ctx, T: FromHandle<'a, 'ctx>> FromHandle<'a, 'ctx> for Option<T> {
    const IN_LINE: crate::convert::InLine = match T::IN_LINE {
        crate::convert::InLine::Never => crate::convert::InLine::Never,
        _ => crate::convert::InLine::Short,
    };
    const ANNOTATION: crate::Annotation =
        crate::Annotation::union(&[T::ANNOTATION, crate::Annotation::NONE]);

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_none() {
            Ok(None)
        } else {
            T::from_handle(handle).map(Some)
        }
    }
}

impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for Option<T> {
    const ANNOTATION: crate::Annotation =
        crate::Annotation::union(&[T::ANNOTATION, crate::Annotation::NONE]);

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            Some(value) => value.into_handle(ctx),
            None => Ok(ctx.none().into_object()),
        }
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for () {
    const ANNOTATION: crate::Annotation = crate::Annotation::NONE;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        handle.downcast::<crate::types::NoneType>().map(drop)
    }
}

impl<'ctx> IntoHandle<'ctx> for () {
    const IN_LINE: crate::convert::InLine = crate::convert::InLine::Short;
    const ANNOTATION: crate::Annotation = crate::Annotation::NONE;

    #[inline(always)]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        Ok(ctx.none().into_object())
    }
}

impl<'a, 'ctx, T: FromHandle<'a, 'ctx>> FromHandle<'a, 'ctx> for Box<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION;

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        // A type that contains itself has a box or a collection somewhere.
        let _level = Level::if_nested(T::NESTS)?;
        T::from_handle(handle).map(Box::new)
    }
}

impl<'ctx, T: IntoHandle<'ctx>> IntoHandle<'ctx> for Box<T> {
    const ANNOTATION: crate::Annotation = T::ANNOTATION.of_result();

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let _level = Level::if_nested(T::NESTS)?;
        (*self).into_handle(ctx)
    }
}

/// A handle to a known type, as one to any object.
impl<'ctx, T: Subtype> From<Handle<'ctx, T>> for Handle<'ctx> {
    #[inline(always)]
    fn from(handle: Handle<'ctx, T>) -> Self {
        handle.into_object()
    }
}

impl<'ctx> IntoHandle<'ctx> for crate::Error {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("BaseException");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        self.into_value(ctx)
    }
}
