//! What is hashed: the bytes of any object that has some.

use std::borrow::Cow;

use hpy::buffer::Buffer;
use hpy::exceptions::BufferError;
use hpy::prelude::*;
use hpy::{Annotation, ensure};

/// Memory that nobody changes, so that other threads may run meanwhile: the object's own if it is
/// bytes, otherwise a copy.
pub struct Input<'a>(Cow<'a, [u8]>);

impl Input<'_> {
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Input<'a> {
    const ANNOTATION: Annotation = Annotation::name("collections.abc.Buffer");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Ok(bytes) = handle.downcast::<Bytes>() {
            return Ok(Self(Cow::Borrowed(bytes.as_bytes())));
        }
        let copied = match handle.buffer::<u8>() {
            Ok(buffer) => copied(&buffer)?,
            // Signed bytes are bytes too.
            Err(error) => match handle.buffer::<i8>() {
                Ok(buffer) => copied(&buffer)?
                    .into_iter()
                    .map(|byte| byte as u8)
                    .collect(),
                Err(_) => return Err(error),
            },
        };
        Ok(Self(Cow::Owned(copied)))
    }
}

fn copied<T: hpy::buffer::Element>(buffer: &Buffer<'_, T>) -> Result<Vec<T>> {
    ensure!(
        buffer.is_object_c_contiguous(),
        BufferError,
        "the buffer has gaps"
    );
    buffer.to_vec()
}
