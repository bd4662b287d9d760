//! What is hashed: the bytes of any object that has some.

use hpy::buffer::{Buffer, Element};
use hpy::exceptions::BufferError;
use hpy::prelude::*;
use hpy::{Annotation, ensure};

pub enum Input<'a, 'ctx> {
    /// The memory of bytes, which nobody changes: other threads may run meanwhile.
    Bytes(&'a [u8]),
    /// Memory that Python code may change between two copies of it.
    Shared(Buffer<'ctx, u8>),
    Copy(Vec<u8>),
}

impl Input<'_, '_> {
    /// Calls `hash` with all bytes.
    pub fn whole<R>(&self, hash: impl FnOnce(&[u8]) -> R) -> Result<R> {
        match self {
            Self::Bytes(bytes) => Ok(hash(bytes)),
            Self::Copy(bytes) => Ok(hash(bytes)),
            Self::Shared(buffer) => Ok(hash(&buffer.to_vec()?)),
        }
    }
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Input<'a, 'ctx> {
    const ANNOTATION: Annotation = Annotation::name("collections.abc.Buffer");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Ok(bytes) = handle.downcast::<Bytes>() {
            return Ok(Self::Bytes(bytes.as_bytes()));
        }
        match handle.buffer::<u8>() {
            Ok(buffer) => without_gaps(buffer).map(Self::Shared),
            // Signed bytes are bytes too.
            Err(error) => match handle.buffer::<i8>() {
                Ok(buffer) => {
                    let signed = without_gaps(buffer)?.to_vec()?;
                    let bytes = signed.into_iter().map(|byte| byte as u8);
                    Ok(Self::Copy(bytes.collect()))
                }
                Err(_) => Err(error),
            },
        }
    }
}

fn without_gaps<T: Element>(buffer: Buffer<'_, T>) -> Result<Buffer<'_, T>> {
    ensure!(
        buffer.is_object_c_contiguous(),
        BufferError,
        "the buffer has gaps"
    );
    Ok(buffer)
}
