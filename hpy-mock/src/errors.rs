//! Exceptions, the pending one, and warnings.

use super::entry::functions;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::{CStr, c_char, c_int};
use hpy_sys::*;
use std::cell::RefCell;

impl Mock {
    /// An exception of a standard type. It always succeeds: interpreters keep some in reserve.
    pub(super) fn error(&self, type_: &str, message: &str) -> Obj {
        let args = RefCell::new(vec![self.str_always(message)]);
        self.make_always(type_, Data::Exception { args })
    }

    pub(super) fn set_pending(&self, exception: Obj) {
        let before = self.pending.borrow_mut().replace(exception);
        drop(before);
    }

    pub(super) fn take_pending(&self) -> Option<Obj> {
        self.pending.borrow_mut().take()
    }

    /// An instance of an exception type, as calling it makes one.
    pub(super) fn exception(&self, type_: &Obj, args: Vec<Obj>) -> R<Obj> {
        self.allocate()?;
        let type_ = self.of_errno(type_, &args);
        let args = RefCell::new(args);
        Ok(self.make_of(&type_, Data::Exception { args }))
    }

    /// `OSError(errno, message)` is of the subclass for that number.
    fn of_errno(&self, type_: &Obj, args: &[Obj]) -> Obj {
        let is_os_error = std::rc::Rc::ptr_eq(type_, &self.type_named("OSError"));
        if let ([errno, _, ..], true) = (args, is_os_error)
            && let Data::Int(errno) = &errno.data
        {
            let name = match errno.to_i128() {
                Some(1 | 13) => "PermissionError",
                Some(2) => "FileNotFoundError",
                Some(17) => "FileExistsError",
                Some(32) => "BrokenPipeError",
                _ => "OSError",
            };
            return self.type_named(name);
        }
        type_.clone()
    }

    /// What makes `value` of `type_` pending: an instance stays what it is.
    fn raise(&self, type_: &Obj, value: Option<Obj>) -> R<()> {
        if !Self::is_subtype(type_, &self.type_named("BaseException")) {
            return Err(self.error("SystemError", "the type is no exception type"));
        }
        let exception = match value {
            Some(value) if self.is_instance(&value, "BaseException") => value,
            Some(value) if matches!(value.data, Data::Singleton("None")) => {
                self.exception(type_, Vec::new())?
            }
            Some(value) => self.exception(type_, vec![value])?,
            None => self.exception(type_, Vec::new())?,
        };
        self.set_pending(exception);
        Ok(())
    }

    /// Python's `str` of an exception.
    pub(super) fn exception_text(&self, exception: &Obj, args: &[Obj]) -> R<String> {
        if self.is_instance(exception, "UnicodeDecodeError")
            && let [encoding, _, start, _, reason] = args
        {
            let (encoding, reason) = (encoding.text(), reason.text());
            let start = self.repr(start)?;
            return Ok(format!(
                "'{encoding}' codec can't decode byte in position {start}: {reason}"
            ));
        }
        match args {
            [] => Ok(String::new()),
            [only] if self.is_instance(exception, "KeyError") => self.repr(only),
            [only] => self.text_of(only),
            [errno, message] if self.is_instance(exception, "OSError") => Ok(format!(
                "[Errno {}] {}",
                self.text_of(errno)?,
                self.text_of(message)?
            )),
            _ => self.sequence("(", args, ")"),
        }
    }

    /// `TypeError: message`, for messages about it.
    pub(super) fn show_exception(&self, exception: &Obj) -> String {
        let text = self.text_of(exception);
        let type_ = self.type_name(exception);
        format!("{type_}: {}", text.unwrap_or_else(|_| "?".to_owned()))
    }
}

/// The text that a C string holds.
pub(super) fn c_text(text: *const c_char) -> String {
    if text.is_null() {
        return String::new();
    }
    // SAFETY: the callers' functions take C strings.
    let text = unsafe { CStr::from_ptr(text) };
    text.to_string_lossy().into_owned()
}

/// What the interpreters of this project offer beyond HPy: the pending exception itself.
pub(super) unsafe extern "C" fn fetch(ctx: *mut HPyContext) -> HPy {
    let body = |mock: &Mock| Ok(mock.take_pending());
    // SAFETY: the function is offered by mocks only.
    unsafe { super::entry::entry(ctx, "ctx_Err_Fetch", body) }
}

functions! { install:
    ctx_Err_SetString(mock, type_: HPy, message: *const c_char) -> () {
        let type_ = mock.obj(type_)?;
        let message = mock.str(&c_text(message))?;
        mock.raise(&type_, Some(message))
    }
    ctx_Err_SetObject(mock, type_: HPy, value: HPy) -> () {
        let (type_, value) = (mock.obj(type_)?, mock.obj_or_null(value)?);
        mock.raise(&type_, value)
    }
    ctx_Err_Occurred(mock) -> bool {
        Ok(mock.pending.borrow().is_some())
    }
    ctx_Err_ExceptionMatches(mock, types: HPy) -> bool {
        let types = mock.obj(types)?;
        let pending = mock.pending.borrow().clone();
        pending.map_or(Ok(false), |pending| mock.matches(&pending, &types))
    }
    ctx_Err_NoMemory(mock) -> () {
        mock.set_pending(mock.memory_error());
        Ok(())
    }
    ctx_Err_Clear(mock) -> () {
        drop(mock.take_pending());
        Ok(())
    }
    ctx_Err_WarnEx(mock, category: HPy, message: *const c_char, _level: HPy_ssize_t) -> c_int {
        let (category, message) = (mock.obj(category)?, c_text(message));
        let Data::Type { name, .. } = &category.data else {
            return Err(mock.error("TypeError", "category must be a Warning subclass"));
        };
        if mock.warnings_raise.get() {
            let message = mock.str(&message)?;
            return Err(mock.exception(&category, vec![message])?);
        }
        mock.warnings.borrow_mut().push(format!("{name}: {message}"));
        Ok(0)
    }
    ctx_Err_WriteUnraisable(mock, object: HPy) -> () {
        let object = mock.obj_or_null(object)?;
        let Some(exception) = mock.take_pending() else {
            return Ok(());
        };
        let report = mock.make_always("object", Data::Plain);
        report.set_attr("exc_value", exception);
        report.set_attr("object", object.unwrap_or_else(|| mock.none()));
        let hook = mock.module_named("sys").attr("unraisablehook");
        match hook {
            // What the hook raises is lost, as in Python.
            Some(hook) => drop(mock.call(&hook, &[report], &[])),
            None => mock.unraisable.set(mock.unraisable.get() + 1),
        }
        Ok(())
    }
}
