//! Numbers and text from C to objects and back.

use super::entry::functions;
use super::errors::c_text;
use super::int::Int;
use super::objects::{Data, Obj, points};
use super::{Mock, R};
use core::ffi::c_char;
use hpy_sys::*;

impl Mock {
    fn narrow<T: TryFrom<i128>>(&self, object: HPy) -> R<T> {
        let value = self.index(&self.obj(object)?)?;
        let fits = value.to_i128().and_then(|value| T::try_from(value).ok());
        fits.ok_or_else(|| self.error("OverflowError", "int too big to convert"))
    }

    fn unsigned<T: TryFrom<i128>>(&self, object: HPy) -> R<T> {
        if self.index(&self.obj(object)?)?.is_negative() {
            return Err(self.error("OverflowError", "can't convert negative int to unsigned"));
        }
        self.narrow(object)
    }

    /// The bytes at a pointer that C passed.
    fn given(&self, data: *const c_char, size: HPy_ssize_t) -> Vec<u8> {
        if data.is_null() || size <= 0 {
            return Vec::new();
        }
        // SAFETY: the callers' functions take a pointer to that many bytes.
        unsafe { core::slice::from_raw_parts(data.cast::<u8>(), size as usize) }.to_vec()
    }

    /// The UTF-8 of a str. Lone surrogates have none.
    fn utf8(&self, object: &Obj) -> R<Vec<u8>> {
        let Data::Str(points) = &object.data else {
            return Err(self.error("TypeError", "bad argument type for built-in operation"));
        };
        let chars = points.iter().map(|&point| char::from_u32(point));
        match chars.collect::<Option<String>>() {
            Some(text) => Ok(text.into_bytes()),
            None => Err(self.error("UnicodeEncodeError", "surrogates not allowed")),
        }
    }

    /// Decodes strict UTF-8.
    pub(super) fn decode(&self, bytes: &[u8]) -> R<Obj> {
        match core::str::from_utf8(bytes) {
            Ok(text) => self.str(text),
            Err(error) => {
                let start = error.valid_up_to();
                let message = format!("invalid UTF-8 at {start}");
                Err(self.error("UnicodeDecodeError", &message))
            }
        }
    }
}

functions! { install:
    ctx_Long_FromInt64_t(mock, value: i64) -> Obj { mock.int(i128::from(value)) }
    ctx_Long_FromUInt64_t(mock, value: u64) -> Obj { mock.int(i128::from(value)) }
    ctx_Long_FromSsize_t(mock, value: isize) -> Obj { mock.int(value as i128) }
    ctx_Long_FromSize_t(mock, value: usize) -> Obj { mock.int(value as i128) }
    ctx_Long_FromInt32_t(mock, value: i32) -> Obj { mock.int(i128::from(value)) }
    ctx_Long_FromUInt32_t(mock, value: u32) -> Obj { mock.int(i128::from(value)) }
    ctx_Long_AsInt64_t(mock, object: HPy) -> i64 { mock.narrow(object) }
    ctx_Long_AsUInt64_t(mock, object: HPy) -> u64 { mock.unsigned(object) }
    ctx_Long_AsSsize_t(mock, object: HPy) -> isize { mock.narrow(object) }
    ctx_Long_AsSize_t(mock, object: HPy) -> usize { mock.unsigned(object) }
    ctx_Long_AsUInt64_tMask(mock, object: HPy) -> u64 {
        Ok(mock.index(&mock.obj(object)?)?.low_bits())
    }
    ctx_Long_AsDouble(mock, object: HPy) -> f64 {
        Ok(mock.index(&mock.obj(object)?)?.to_f64())
    }
    ctx_Float_FromDouble(mock, value: f64) -> Obj { mock.float(value) }
    ctx_Float_AsDouble(mock, object: HPy) -> f64 { mock.to_float(&mock.obj(object)?) }
    ctx_Bool_FromBool(mock, value: bool) -> Obj { Ok(mock.bool(value)) }

    ctx_Unicode_FromString(mock, text: *const c_char) -> Obj { mock.str(&c_text(text)) }
    ctx_Unicode_DecodeASCII(
        mock, text: *const c_char, size: HPy_ssize_t, _errors: *const c_char
    ) -> Obj {
        let bytes = mock.given(text, size);
        if !bytes.is_ascii() {
            return Err(mock.error("UnicodeDecodeError", "ordinal not in range(128)"));
        }
        mock.decode(&bytes)
    }
    ctx_Unicode_FromEncodedObject(
        mock, object: HPy, encoding: *const c_char, _errors: *const c_char
    ) -> Obj {
        let (object, encoding) = (mock.obj(object)?, c_text(encoding));
        match (&object.data, encoding.as_str()) {
            (Data::Bytes(bytes), "utf-8") => mock.decode(bytes),
            _ => Err(mock.error("TypeError", "the mock decodes bytes as utf-8 only")),
        }
    }
    ctx_Unicode_AsUTF8AndSize(mock, object: HPy, size: *mut HPy_ssize_t) -> *const c_char {
        let text = mock.utf8(&mock.obj(object)?)?;
        if !size.is_null() {
            // SAFETY: the function takes a pointer to a size, or null.
            unsafe { *size = text.len() as HPy_ssize_t }
        }
        Ok(mock.contents(object, || text))
    }
    ctx_Unicode_ReadChar(mock, object: HPy, index: HPy_ssize_t) -> u32 {
        let object = mock.obj(object)?;
        match &object.data {
            Data::Str(points) => {
                match usize::try_from(index).ok().and_then(|index| points.get(index)) {
                    Some(&point) => Ok(point),
                    None => Err(mock.error("IndexError", "string index out of range")),
                }
            }
            _ => Err(mock.error("TypeError", "bad argument type for built-in operation")),
        }
    }

    ctx_Bytes_FromStringAndSize(mock, data: *const c_char, size: HPy_ssize_t) -> Obj {
        if size < 0 {
            return Err(mock.error("SystemError", "Negative size passed"));
        }
        mock.bytes(&mock.given(data, size))
    }
    ctx_Bytes_GET_SIZE(mock, object: HPy) -> isize {
        mock.length(&mock.obj(object)?)
    }
    ctx_Bytes_AS_STRING(mock, object: HPy) -> *const c_char {
        let bytes = mock.obj(object)?;
        match &bytes.data {
            Data::Bytes(data) => Ok(mock.contents(object, || data.clone())),
            _ => Err(mock.error("TypeError", "expected bytes")),
        }
    }
    ctx_Type_GetName(mock, type_: HPy) -> *const c_char {
        let object = mock.obj(type_)?;
        match &object.data {
            Data::Type { name, .. } => Ok(mock.contents(type_, || name.clone().into_bytes())),
            _ => Err(mock.error("TypeError", "expected a type")),
        }
    }
}

impl Mock {
    /// A str of code points.
    pub(super) fn str_of(&self, text: &[u32]) -> R<Obj> {
        self.make("str", Data::Str(text.to_vec()))
    }

    /// The pieces between separators.
    pub(super) fn split(&self, text: &str, separator: Option<&str>) -> R<Obj> {
        let pieces: Vec<&str> = match separator {
            Some(separator) => text.split(separator).collect(),
            None => text.split_whitespace().collect(),
        };
        let pieces = pieces
            .into_iter()
            .map(|piece| self.make("str", Data::Str(points(piece))));
        let pieces = pieces.collect::<R<Vec<Obj>>>()?;
        self.list(pieces)
    }
}

/// `Int` of anything that has a narrower Rust type.
pub(super) fn count(value: usize) -> Int {
    Int::from(value as i128)
}
