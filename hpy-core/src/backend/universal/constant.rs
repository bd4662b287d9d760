//! Constants of the context.

use hpy_sys::*;

/// Which constant of the context: the word that it is in. A number needs no relocation, and most
/// constants are never used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Constant(u16);

macro_rules! constant {
    ($name:ident) => {
        $crate::backend::Constant::at(core::mem::offset_of!(hpy_sys::HPyContext, $name))
    };
}
pub(crate) use constant;

impl Constant {
    /// The one at so many bytes into the context: one of the words that every context has at the
    /// same place.
    pub(crate) const fn at(offset: usize) -> Self {
        assert!(offset <= core::mem::offset_of!(HPyContext, h_Builtins));
        Self((offset / size_of::<HPy>()) as u16)
    }

    /// Its handle, borrowed.
    #[inline]
    pub(crate) fn raw(self, ctx: crate::Context<'_>) -> HPy {
        // SAFETY: the context is valid, the word within it, and a constant.
        unsafe { *ctx.as_ptr().cast::<HPy>().add(self.0.into()) }
    }
}
