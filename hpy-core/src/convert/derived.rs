//! What the derived conversions call.

use crate::exceptions::*;
use crate::types::{Dict, Str, Tuple};
use crate::{Context, Error, Handle, IntoHandle, Result};
use core::ffi::CStr;
use hpy_sys::*;

/// The field that is an attribute.
pub fn attribute_field<'ctx, T>(
    handle: &Handle<'ctx>,
    attribute: &CStr,
    label: &str,
    field: &str,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<T>,
) -> Result<T> {
    match handle.getattr(attribute) {
        Ok(object) => convert(&object).map_err(|error| in_field(error, handle, label, field)),
        Err(error) => Err(no_attribute(error, handle, attribute, label, field)),
    }
}

/// The field that is an attribute, if there is one.
pub fn optional_attribute_field<'ctx, T>(
    handle: &Handle<'ctx>,
    attribute: &CStr,
    label: &str,
    field: &str,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<T>,
) -> Result<Option<T>> {
    match handle.getattr(attribute) {
        Ok(object) => match convert(&object) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_field(error, handle, label, field)),
        },
        Err(error) if error.is_instance_of::<AttributeError>(handle.ctx()) => Ok(None),
        Err(error) => Err(in_field(error, handle, label, field)),
    }
}

/// The field that is an item.
pub fn item_field<'ctx, K: IntoHandle<'ctx>, T>(
    handle: &Handle<'ctx>,
    key: K,
    label: &str,
    field: &str,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<T>,
) -> Result<T> {
    let key = key.into_handle(handle.ctx())?;
    match handle.get_item(&key) {
        Ok(object) => convert(&object).map_err(|error| in_field(error, handle, label, field)),
        Err(error) => Err(no_item(error, handle, &key, label, field)),
    }
}

/// The field that is an item, if there is one.
pub fn optional_item_field<'ctx, K: IntoHandle<'ctx>, T>(
    handle: &Handle<'ctx>,
    key: K,
    label: &str,
    field: &str,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<T>,
) -> Result<Option<T>> {
    match handle.get_item(key) {
        Ok(object) => match convert(&object) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(in_field(error, handle, label, field)),
        },
        Err(error) if error.is_instance_of::<LookupError>(handle.ctx()) => Ok(None),
        Err(error) => Err(in_field(error, handle, label, field)),
    }
}

/// The object as a tuple of that many.
#[inline]
pub fn tuple_of<'a, 'ctx>(
    handle: &'a Handle<'ctx>,
    label: &str,
    count: usize,
) -> Result<&'a Handle<'ctx, Tuple>> {
    let tuple = handle.downcast::<Tuple>();
    let tuple = tuple.map_err(|error| error.behind(handle.ctx(), &[label]))?;
    match tuple.len() {
        found if found == count => Ok(tuple),
        found => Err(ValueError::new(format!(
            "{label} is a tuple of {count} items, not of {found}"
        ))),
    }
}

/// An item of what `tuple_of` returned.
pub fn tuple_field<'ctx, T>(
    tuple: &Handle<'ctx, Tuple>,
    index: usize,
    label: &str,
    field: &str,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<T>,
) -> Result<T> {
    match tuple.get(index) {
        Some(item) => convert(&item).map_err(|error| in_field(error, tuple, label, field)),
        None => Err(IndexError::new(format!("{label}.{field}: no such item"))),
    }
}

/// The result of converting the object to the only field, which has a name or none.
pub fn in_struct<T>(
    result: Result<T>,
    handle: &Handle<'_>,
    label: &str,
    field: Option<&str>,
) -> Result<T> {
    result.map_err(|error| match field {
        Some(field) => in_field(error, handle, label, field),
        None => error.behind(handle.ctx(), &[label]),
    })
}

#[cold]
#[inline]
fn in_field(error: Error, handle: &Handle<'_>, label: &str, field: &str) -> Error {
    error.behind(handle.ctx(), &[label, ".", field])
}

#[cold]
#[inline]
fn no_attribute(
    error: Error,
    handle: &Handle<'_>,
    attribute: &CStr,
    label: &str,
    field: &str,
) -> Error {
    let is_none = error.is_instance_of::<AttributeError>(handle.ctx());
    // What Python code raises it knows best.
    if !is_none || error.is_raised_by_object(handle.ctx()) {
        return in_field(error, handle, label, field);
    }
    let (of, name) = (handle.type_name(), attribute.to_string_lossy());
    let text = format!("{label}.{field}: '{of}' object has no attribute '{name}'");
    AttributeError::new(text).with_cause(error)
}

#[cold]
#[inline]
fn no_item(error: Error, handle: &Handle<'_>, key: &Handle<'_>, label: &str, field: &str) -> Error {
    let text = || format!("{label}.{field}: there is no item {key:?}");
    if error.is_raised_by_object(handle.ctx()) {
        in_field(error, handle, label, field)
    } else if error.is_instance_of::<IndexError>(handle.ctx()) {
        IndexError::new(text()).with_cause(error)
    } else if error.is_instance_of::<KeyError>(handle.ctx()) {
        KeyError::new(text()).with_cause(error)
    } else {
        in_field(error, handle, label, field)
    }
}

/// A variant without fields: the str of its name.
#[inline]
pub fn unit_variant(handle: &Handle<'_>, name: &str) -> Result<()> {
    match handle.downcast::<Str>()?.to_str() {
        Ok(text) if text == name => Ok(()),
        _ => Err(ValueError::new(format!("must be '{name}', not {handle:?}"))),
    }
}

/// Why the variants before did not fit.
#[derive(Debug)]
pub struct FailedVariants {
    enum_name: &'static str,
    failed: Vec<(&'static str, Error)>,
}

impl FailedVariants {
    /// None yet.
    pub const fn new(enum_name: &'static str) -> Self {
        Self {
            enum_name,
            failed: Vec::new(),
        }
    }

    /// One more; an error that says nothing of whether the object fits is passed on. That there is
    /// no attribute or item Python code may say too; its other errors are its own.
    #[cold]
    #[inline]
    pub fn add(&mut self, handle: &Handle<'_>, variant: &'static str, error: Error) -> Result<()> {
        let ctx = handle.ctx();
        // Near the stack's end nothing can be asked about it, and that is what is passed on.
        let value = error.value(ctx)?;
        let is_one_of = |kinds: &[&Kind]| -> Result<bool> {
            let mut kinds = kinds.iter();
            kinds.try_fold(false, |is, kind| {
                Ok(is || value.type_check(&kind.type_(ctx)?))
            })
        };
        let says_no_value = is_one_of(&[TypeError::KIND, ValueError::KIND, OverflowError::KIND])?;
        let does_not_fit = says_no_value && !error.is_raised_by_object(ctx)
            || is_one_of(&[AttributeError::KIND, LookupError::KIND])?;
        if does_not_fit {
            self.failed.push((variant, error));
            Ok(())
        } else {
            Err(error)
        }
    }

    /// TypeError that lists them all. Its cause is the last that Python code raised, if any was.
    #[cold]
    #[inline]
    pub fn into_error(self, handle: &Handle<'_>) -> Error {
        let (name, found) = (self.enum_name, handle.type_name());
        let mut text = format!("no variant of {name} fits '{found}' object");
        for (variant, error) in &self.failed {
            // What a variant says in several lines is further in.
            let why = error.text(handle.ctx()).replace('\n', "\n  ");
            text.push_str(&format!("\n- {variant}: {why}"));
        }
        let error = TypeError::new(text);
        let is_raised = |failed: &(_, Error)| failed.1.is_raised_by_object(handle.ctx());
        match self.failed.into_iter().rfind(is_raised) {
            Some((_, cause)) => error.with_cause(cause),
            None => error,
        }
    }
}

/// A tuple of the handles.
pub fn tuple_from<'ctx, const N: usize>(
    items: [Handle<'ctx>; N],
    ctx: Context<'ctx>,
) -> Result<Handle<'ctx>> {
    let raw = items.each_ref().map(|item| item.as_raw());
    // SAFETY: the handles are open; a new tuple or null with an exception.
    unsafe {
        ctx.made_handle(HPyTuple_FromArray(
            ctx.as_ptr(),
            raw.as_ptr(),
            N as HPy_ssize_t,
        ))
    }
}

/// `dict[key] = value`
pub fn set_field<'ctx, K: IntoHandle<'ctx>>(
    dict: &Handle<'ctx, Dict>,
    key: K,
    value: Handle<'ctx>,
) -> Result<()> {
    dict.set_item(key, value)
}
