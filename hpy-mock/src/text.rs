//! Python's repr, str and ascii.

use super::entry::functions;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::fmt::Write;
use hpy_sys::*;

impl Mock {
    pub(super) fn repr(&self, object: &Obj) -> R<String> {
        if let Some(text) = self.special(object, "__repr__", &[])? {
            return self.must_be_str("__repr__", &text);
        }
        Ok(match &object.data {
            Data::Singleton(name) => (*name).to_owned(),
            Data::Bool(true) => "True".to_owned(),
            Data::Bool(false) => "False".to_owned(),
            Data::Int(value) => value.to_string(),
            Data::Float(value) => format!("{value:?}").replace("NaN", "nan"),
            Data::Str(points) => quote(points),
            Data::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
            Data::List(items) => {
                let items = items.borrow().clone();
                self.sequence("[", &items, "]")?
            }
            Data::Tuple(items) => {
                let items = items.borrow().clone();
                self.sequence("(", &items, if items.len() == 1 { ",)" } else { ")" })?
            }
            Data::Set(items) if items.borrow().is_empty() => "set()".to_owned(),
            Data::Set(items) => {
                let items = items.borrow().clone();
                self.sequence("{", &items, "}")?
            }
            Data::Dict(pairs) => {
                let mut shown = Vec::new();
                for (key, value) in pairs.borrow().clone() {
                    shown.push(format!("{}: {}", self.repr(&key)?, self.repr(&value)?));
                }
                format!("{{{}}}", shown.join(", "))
            }
            Data::Type { name, .. } => format!("<class '{name}'>"),
            Data::Exception { args } => {
                let args = args.borrow().clone();
                self.sequence(&format!("{}(", self.type_name(object)), &args, ")")?
            }
            Data::Function { name, .. } => format!("<function {name}>"),
            Data::Module(_) => format!(
                "<module {}>",
                self.repr(&self.getattr(object, "__name__")?)?
            ),
            Data::Slice(_) | Data::Iterator { .. } | Data::Plain => {
                format!("<{} object>", self.type_name(object))
            }
        })
    }

    pub(super) fn sequence(&self, open: &str, items: &[Obj], close: &str) -> R<String> {
        let mut shown = Vec::new();
        for item in items {
            shown.push(self.repr(item)?);
        }
        Ok(format!("{open}{}{close}", shown.join(", ")))
    }

    /// Python's `str(object)`, lossily.
    pub(super) fn text_of(&self, object: &Obj) -> R<String> {
        if let Some(text) = self.special(object, "__str__", &[])? {
            return self.must_be_str("__str__", &text);
        }
        match &object.data {
            Data::Str(_) => Ok(object.text()),
            Data::Exception { args } => {
                let args = args.borrow().clone();
                self.exception_text(object, &args)
            }
            _ => self.repr(object),
        }
    }

    fn must_be_str(&self, method: &str, text: &Obj) -> R<String> {
        match text.data {
            Data::Str(_) => Ok(text.text()),
            _ => {
                let type_ = self.type_name(text);
                let message = format!("{method} returned non-string (type {type_})");
                Err(self.error("TypeError", &message))
            }
        }
    }
}

fn quote(points: &[u32]) -> String {
    let is_in = |wanted: char| points.contains(&u32::from(wanted));
    let quote = if is_in('\'') && !is_in('"') {
        '"'
    } else {
        '\''
    };
    let mut text = String::from(quote);
    for &point in points {
        match char::from_u32(point) {
            Some('\n') => text.push_str("\\n"),
            Some('\\') => text.push_str("\\\\"),
            Some(char) if char == quote => text.extend(['\\', char]),
            Some('\0') => text.push_str("\\x00"),
            Some(char) => text.push(char),
            // Writing to a String can't fail.
            None => {
                let _ = write!(text, "\\u{point:04x}");
            }
        }
    }
    text.push(quote);
    text
}

functions! { install:
    ctx_Repr(mock, object: HPy) -> Obj {
        let text = mock.repr(&mock.obj(object)?)?;
        mock.str(&text)
    }
    ctx_Str(mock, object: HPy) -> Obj {
        let object = mock.obj(object)?;
        if let Data::Str(_) = object.data {
            return Ok(object);
        }
        let text = mock.text_of(&object)?;
        mock.str(&text)
    }
    ctx_ASCII(mock, object: HPy) -> Obj {
        let text = mock.repr(&mock.obj(object)?)?;
        let mut ascii = String::new();
        for char in text.chars() {
            let written = match u32::from(char) {
                0..0x80 => write!(ascii, "{char}"),
                point @ 0x80..0x100 => write!(ascii, "\\x{point:02x}"),
                point @ 0x100..0x10000 => write!(ascii, "\\u{point:04x}"),
                point => write!(ascii, "\\U{point:08x}"),
            };
            // Writing to a String can't fail.
            let _ = written;
        }
        mock.str(&ascii)
    }
}
