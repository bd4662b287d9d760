//! What a type says of itself by one of the traits, or nothing where it has no such trait.
//!
//! A type that lacks a trait is an error of the code that needs it. Were it one of the
//! description's too, every such error would come twice where stubs are made.

use crate::class::ReadAttribute;
use crate::error::custom::CustomException;
use crate::stubs::description::{Described, Piece};
use crate::types::TypeCheck;
use crate::{Annotation, IntoHandle};
use core::marker::PhantomData;

/// What `T` says by the trait that the marker `By` is called after: an associated constant, which
/// hides that of [`SaysNothing`].
///
/// As in `Says::<by::FromHandle, u8>::ANNOTATION`.
#[allow(missing_debug_implementations)]
pub struct Says<By, T: ?Sized>(PhantomData<By>, PhantomData<T>);

/// What all others say.
pub trait SaysNothing {
    /// Nothing.
    const ANNOTATION: Annotation = Annotation::ANY;
    /// Nothing.
    const PIECES: &'static [Piece] = &[Piece::Text("null")];
}

impl<By, T: ?Sized> SaysNothing for Says<By, T> {}

macro_rules! annotations {
    ($($name:ident<$($lifetime:lifetime),*> $trait:path;)*) => {
        /// The traits.
        #[allow(missing_debug_implementations)]
        pub mod by {
            $(
                /// By the trait of this name.
                pub enum $name {}
            )*
            /// By the trait of this name.
            pub enum ReadAttribute {}
            /// By the trait of this name.
            pub enum Described {}
            /// By the trait of this name.
            pub enum CustomException {}
        }

        $(impl<$($lifetime,)* T: $trait> Says<by::$name, T> {
            /// What Python calls it.
            pub const ANNOTATION: Annotation = <T as $trait>::ANNOTATION;
        })*
    };
}

annotations! {
    FromHandle<'a, 'ctx> crate::FromHandle<'a, 'ctx>;
    IntoHandle<'ctx> crate::IntoHandle<'ctx>;
    IntoReturn<'ctx> crate::entry::guard::IntoReturn<'ctx>;
    IntoNext<'ctx> crate::class::IntoNext<'ctx>;
    FromVarArgs<'a, 'ctx> crate::FromVarArgs<'a, 'ctx>;
    FromKeywords<'a, 'ctx> crate::FromKeywords<'a, 'ctx>;
    TypeCheck<> TypeCheck;
}

impl<'ctx, T: ReadAttribute<'ctx>> Says<by::ReadAttribute, T> {
    /// What Python calls what is read.
    pub const ANNOTATION: Annotation = <T::Value as IntoHandle<'ctx>>::ANNOTATION;
}

impl<T: Described> Says<by::Described, T> {
    /// What it is.
    pub const PIECES: &'static [Piece] = T::PIECES;
}

impl<T: CustomException> Says<by::CustomException, T> {
    /// What it is.
    pub const PIECES: &'static [Piece] = T::PIECES;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_trait_says_nothing() {
        struct Opaque;
        const TAKEN: Annotation = Says::<by::FromHandle, Vec<char>>::ANNOTATION;
        const READ: Annotation = Says::<by::ReadAttribute, Option<String>>::ANNOTATION;
        const NOTHING: [Annotation; 3] = [
            Says::<by::FromHandle, Opaque>::ANNOTATION,
            Says::<by::IntoReturn, crate::Result<Opaque>>::ANNOTATION,
            Says::<by::ReadAttribute, [Opaque]>::ANNOTATION,
        ];
        assert_eq!(TAKEN.to_string(), "collections.abc.Iterable[str]");
        assert_eq!(READ.to_string(), "str | None");
        assert_eq!(NOTHING.map(|one| one.to_string()), ["typing.Any"; 3]);
        assert!(matches!(
            Says::<by::Described, Opaque>::PIECES,
            [Piece::Text("null")]
        ));
    }
}
