//! Streams: arrays of one type that come one after the other, read and written.

use super::check;
use super::import::{Unvalidated, field_of};
use super::raw::{ArrowArray, ArrowArrayStream, ArrowSchema, StreamFunctions};
use crate::exceptions::ValueError;
use crate::{Context, Result};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, FieldRef};
use core::ffi::{CStr, c_char, c_int};
use std::ffi::CString;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The arrays of a stream that is read.
#[derive(Debug)]
pub(super) struct Chunks {
    stream: ArrowArrayStream,
    field: FieldRef,
}

impl Chunks {
    pub(super) fn new(mut stream: ArrowArrayStream) -> Result<Self> {
        let mut schema = ArrowSchema::empty();
        let function = stream.get_schema;
        // SAFETY: the stream is not released, and has the functions that the specification demands.
        let code = function.map(|get_schema| unsafe { get_schema(&mut stream, &mut schema) });
        check_code(&mut stream, code)?;
        if !schema.is_filled() {
            return Err(check::malformed("the stream has no schema").into());
        }
        let field = field_of(&schema)?;
        Ok(Self { stream, field })
    }

    pub(super) fn field(&self) -> &FieldRef {
        &self.field
    }

    /// The next array, which nobody has looked into; None at the end.
    ///
    /// The producer may wait, for other threads too: so this is for threads that are not attached.
    pub(super) fn next_unvalidated(&mut self) -> check::Result<Option<Unvalidated>> {
        let mut array = ArrowArray::empty();
        let function = self.stream.get_next;
        // SAFETY: as above; the exclusive reference keeps other threads out.
        let code = function.map(|get_next| unsafe { get_next(&mut self.stream, &mut array) });
        check_code(&mut self.stream, code)?;
        if !array.is_filled() {
            return Ok(None);
        }
        // SAFETY: the producer keeps to the specification, as the capsule's name promises.
        unsafe { Unvalidated::new(array, self.field.clone()) }.map(Some)
    }

    /// What `each` makes of all arrays.
    pub(super) fn read_all<K, T>(
        mut self,
        ctx: Context<'_>,
        known: K,
        each: impl Fn(ArrayData, &K) -> check::Result<T> + Send + 'static,
    ) -> Result<(K, Vec<T>)>
    where
        K: Send + 'static,
        T: Send + 'static,
    {
        ctx.detach(move || {
            let mut made = Vec::new();
            while let Some(array) = self.next_unvalidated()? {
                made.push(each(array.into_parts()?.1, &known)?);
            }
            Ok((known, made))
        })
    }

    /// The only array; one without items if there is none.
    pub(super) fn single(mut self, ctx: Context<'_>) -> Result<Unvalidated> {
        ctx.detach(move || {
            let Some(first) = self.next_unvalidated()? else {
                return Ok(Unvalidated::without_items(&self.field));
            };
            match self.next_unvalidated()? {
                None => Ok(first),
                Some(_) => Err(ValueError::new(
                    "the data comes in several chunks: join them first (combine_chunks() of \
                     pyarrow, rechunk() of polars), or take a ChunkedArray or a Table",
                )),
            }
        })
    }
}

/// Success, or what the producer says of its failure. `code` is None where it has no function.
fn check_code(stream: &mut ArrowArrayStream, code: Option<c_int>) -> check::Result<()> {
    if code == Some(0) {
        return Ok(());
    }
    // SAFETY: the last call has failed, which is when it may be asked; the text is null, or a C
    // string until the next call.
    let message = unsafe {
        let text = stream
            .get_last_error
            .map(|get_last_error| get_last_error(stream));
        let text = text.filter(|text| code.is_some() && !text.is_null());
        text.map(|text| CStr::from_ptr(text).to_string_lossy().into_owned())
    };
    let code = code.unwrap_or_default();
    let message = message.unwrap_or_else(|| format!("the stream's producer failed (error {code})"));
    Err(ArrowError::CDataInterface(message))
}

/// What is asked for one array after the other by whoever reads the stream, on any thread.
pub(super) trait Source: Send {
    fn next(&mut self) -> Option<check::Result<ArrayData>>;
}

impl<I> Source for I
where
    I: Iterator<Item = check::Result<ArrayData>> + Send,
{
    fn next(&mut self) -> Option<check::Result<ArrayData>> {
        Iterator::next(self)
    }
}

/// A stream that is given to others.
struct Given {
    field: FieldRef,
    /// None after a panic.
    source: Option<Box<dyn Source>>,
    last_error: CString,
}

/// The stream of such arrays.
pub(super) fn give(field: FieldRef, source: Box<dyn Source>) -> ArrowArrayStream {
    let given = Box::new(Given {
        field,
        source: Some(source),
        last_error: CString::default(),
    });
    let functions = StreamFunctions {
        get_schema,
        get_next,
        get_last_error,
    };
    // SAFETY: the functions take a box of this type, and `release` drops it.
    unsafe { ArrowArrayStream::new(functions, release, Box::into_raw(given).cast()) }
}

impl Given {
    /// # Safety
    /// The stream is one of `give`, and not released. One thread uses it at a time.
    unsafe fn of<'a>(stream: *mut ArrowArrayStream) -> &'a mut Self {
        // SAFETY: as promised by the caller.
        unsafe { &mut *(*stream).private_data().cast() }
    }

    /// Runs what may fail or panic: the error's number.
    fn run(&mut self, body: impl FnOnce(&mut Self) -> check::Result<()>) -> c_int {
        let error = match catch_unwind(AssertUnwindSafe(|| body(self))) {
            Ok(Ok(())) => return 0,
            Ok(Err(error)) => error,
            Err(payload) => {
                // What is left of it is not asked again.
                let source = self.source.take();
                crate::entry::guard::quietly(|| drop((payload, source)));
                ArrowError::ComputeError("the stream's producer in Rust panicked".to_owned())
            }
        };
        let mut text = error.to_string().into_bytes();
        text.retain(|byte| *byte != 0);
        self.last_error = CString::new(text).unwrap_or_default();
        match error {
            ArrowError::NotYetImplemented(_) => ENOSYS,
            ArrowError::MemoryError(_) => ENOMEM,
            ArrowError::IoError(..) => EIO,
            _ => EINVAL,
        }
    }
}

// The numbers that Linux, macOS and Windows share, but for `ENOSYS`.
const EIO: c_int = 5;
const ENOMEM: c_int = 12;
const EINVAL: c_int = 22;
const ENOSYS: c_int = match () {
    () if cfg!(target_os = "linux") => 38,
    () if cfg!(windows) => 40,
    () => 78,
};

unsafe extern "C" fn get_schema(stream: *mut ArrowArrayStream, out: *mut ArrowSchema) -> c_int {
    // SAFETY: whoever reads the stream calls it with the stream, and with a place that is written
    // and not read.
    unsafe {
        Given::of(stream).run(|given| {
            let schema = FFI_ArrowSchema::try_from(&*given.field)?;
            out.write(schema.into());
            Ok(())
        })
    }
}

unsafe extern "C" fn get_next(stream: *mut ArrowArrayStream, out: *mut ArrowArray) -> c_int {
    // SAFETY: as above.
    unsafe {
        Given::of(stream).run(|given| {
            let next = given.source.as_mut().and_then(|source| source.next());
            out.write(match next.transpose()? {
                Some(data) => FFI_ArrowArray::new(&data).into(),
                None => ArrowArray::empty(),
            });
            Ok(())
        })
    }
}

unsafe extern "C" fn get_last_error(stream: *mut ArrowArrayStream) -> *const c_char {
    // SAFETY: as above; the text stays until the next call.
    unsafe { Given::of(stream).last_error.as_ptr() }
}

unsafe extern "C" fn release(stream: *mut ArrowArrayStream) {
    // SAFETY: a stream of `give` that is not released yet.
    let given = unsafe {
        let given = (*stream).private_data().cast::<Given>();
        (*stream).released();
        Box::from_raw(given)
    };
    crate::entry::guard::quietly(|| drop(given));
}
