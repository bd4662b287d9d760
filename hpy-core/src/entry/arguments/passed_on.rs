//! Arguments that a function passes on: `function.call(args, keywords)`.

use super::{Args, Keywords};
use crate::object::calls::call_args::{CallArgs, sealed};
use crate::types::Str;
use crate::{CallKeywords, Context, Handle, Result};
use hpy_sys::HPy;

impl sealed::Sealed for Args<'_, '_> {}

impl<'ctx> CallArgs<'ctx> for Args<'_, 'ctx> {
    #[inline]
    fn with_handles<R>(
        self,
        _: Context<'ctx>,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        body(self.as_raw())
    }

    fn with_handles_after<R>(
        self,
        _: Context<'ctx>,
        first: HPy,
        body: impl FnOnce(&[HPy]) -> Result<R>,
    ) -> Result<R> {
        let mut handles = vec![first];
        handles.extend_from_slice(self.as_raw());
        body(&handles)
    }
}

impl<'ctx> CallKeywords<'ctx> for Keywords<'_, 'ctx> {
    fn into_pairs(self, _: Context<'ctx>) -> Result<Vec<(Handle<'ctx, Str>, Handle<'ctx>)>> {
        let pairs = self.iter();
        pairs
            .map(|pair| pair.map(|(name, value)| (name, value.dup())))
            .collect()
    }
}
