//! What is hashed: the bytes of any object that has some.

use hpy::buffer::{Buffer, Element};
use hpy::exceptions::BufferError;
use hpy::prelude::*;
use hpy::{Annotation, ensure};

/// So many bytes are copied at once, if Python code may change them. Two such pieces fit into a
/// processor's second cache.
pub const PIECE: usize = 32 << 10;

/// What Python gave.
pub enum Input<'a, 'ctx> {
    /// The memory of bytes, which nobody changes: other threads may run meanwhile.
    Bytes(&'a [u8]),
    /// More than a piece that Python code may change between two copies of it. Boxed, so that other
    /// inputs are short.
    Shared(Box<Buffer<'ctx, u8>>),
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
        // A question first: an error that is only dropped takes longer than a small hash.
        if handle.is_instance_of::<Bytes>() {
            return Ok(Self::Bytes(handle.downcast::<Bytes>()?.as_bytes()));
        }
        match handle.buffer::<u8>() {
            Ok(buffer) => {
                let buffer = without_gaps(buffer)?;
                match buffer.len() {
                    ..=PIECE => buffer.to_vec().map(Self::Copy),
                    _ => Ok(Self::Shared(Box::new(buffer))),
                }
            }
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
