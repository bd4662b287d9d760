//! Structure sequences: tuples whose items have names, made of Rust structs.

use super::type_cell::not_imported;
use crate::convert::derived::tuple_field;
use crate::exceptions::TypeError;
use crate::types::{Module, Tuple, Type, TypeCheck, TypeObject};
use crate::{Context, Handle, Result};
use hpy_sys::*;
use std::ffi::CString;

/// A Rust struct that is a structure sequence in Python, as `os.stat_result` is: what
/// `#[hpy_type(struct_sequence)]` makes of it.
///
/// A value converts to a new tuple of the class. Where all fields convert from objects too, an
/// instance converts back to a value. `Handle<'ctx, Stat>` is a handle to an instance, made by
/// [`into_sequence`](Self::into_sequence).
///
/// ```
/// use hpy::prelude::*;
///
/// /// What is known of a file.
/// #[hpy_type(struct_sequence)]
/// struct Stat {
///     /// In bytes.
///     size: u64,
///     name: String,
/// }
///
/// #[hpy_method]
/// fn stat(name: String) -> Stat {
///     Stat { size: 0, name }
/// }
///
/// hpy_module! {
///     name: files,
///     methods: [stat],
///     types: [Stat],
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a structure sequence",
    note = "put `#[hpy_type(struct_sequence)]` above its definition"
)]
///
/// # Safety
/// Instances of the type are tuples: `#[hpy_type(struct_sequence)]` alone implements it, for a type
/// without data.
pub unsafe trait StructSequence: TypeCheck + Sized + 'static {
    /// Name, docs and fields.
    #[doc(hidden)]
    const DESCRIPTION: SequenceDescription;
    /// Where the class is: the same static each time.
    #[doc(hidden)]
    fn place() -> &'static SequencePlace;
    /// The fields' values as a tuple.
    #[doc(hidden)]
    fn into_items(self, ctx: Context<'_>) -> Result<Handle<'_>>;

    /// The value as a new instance of the class.
    ///
    /// HPy's `HPyStructSequence_New`.
    ///
    /// ```
    /// use hpy::prelude::*;
    /// use hpy::StructSequence;
    ///
    /// #[hpy_type(struct_sequence)]
    /// struct Size {
    ///     width: u32,
    ///     height: u32,
    /// }
    ///
    /// #[hpy_method]
    /// fn square<'ctx>(ctx: Context<'ctx>, width: u32) -> Result<Handle<'ctx, Size>> {
    ///     let size = Size { width, height: width }.into_sequence(ctx)?;
    ///     assert_eq!(size.as_tuple().len(), 2);
    ///     Ok(size)
    /// }
    /// ```
    ///
    /// # Errors
    /// RuntimeError if the module with the type was never imported, what a field's conversion
    /// raises, MemoryError.
    #[inline]
    fn into_sequence<'ctx>(self, ctx: Context<'ctx>) -> Result<Handle<'ctx, Self>> {
        new_sequence(ctx, self)?.downcast_into()
    }
}

/// What the macro tells of a structure sequence.
#[derive(Debug)]
pub struct SequenceDescription {
    /// The name in Python.
    pub name: &'static str,
    /// The name of the module that the class says it is from, where it is not the one that declares
    /// it.
    pub module: Option<&'static str>,
    /// The docstring.
    pub doc: &'static str,
    /// The fields' names and docstrings.
    pub fields: &'static [(&'static str, &'static str)],
}

/// A static with the class and `tuple.__new__`: a tuple for each interpreter.
pub struct SequencePlace(crate::Cached<Tuple>);

impl SequencePlace {
    /// An empty one, for a static.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self(crate::Cached::new())
    }
}

impl core::fmt::Debug for SequencePlace {
    #[inline]
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("SequencePlace")
    }
}

/// The class, and what makes instances, if the module was imported.
fn both<'ctx, T: StructSequence>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Tuple>> {
    match T::place().0.get(ctx)? {
        Some(both) => Ok(both),
        None => Err(not_imported(T::DESCRIPTION.name)),
    }
}

/// Adds a structure sequence to the module, which is being imported. A module that is imported
/// again gets the same class.
pub fn add_sequence<'ctx, T: StructSequence>(
    ctx: Context<'ctx>,
    module: &Handle<'ctx, Module>,
    is_listed: bool,
) -> Result<()> {
    let ctx = ctx.rarely();
    let both = T::place()
        .0
        .get_or_init(ctx, || make(&T::DESCRIPTION, module))?;
    match is_listed {
        true => module.setattr(T::DESCRIPTION.name, both.get_item(0)?),
        false => Ok(()),
    }
}

#[cold]
#[inline]
fn make<'ctx>(
    description: &SequenceDescription,
    module: &Handle<'ctx, Module>,
) -> Result<Handle<'ctx, Tuple>> {
    let ctx = module.ctx().rarely();
    let module_name = match description.module {
        Some(name) => name.to_owned(),
        None => crate::module::submodule::full_name(module)?,
    };
    // The macro refuses NUL in names and docs, and modules' names have none.
    let text = |text: &str| CString::new(text).unwrap_or_default();
    let name = text(&crate::error::joined(&[
        &module_name,
        ".",
        description.name,
    ]));
    let doc = text(description.doc);
    let texts: Vec<(CString, CString)> = (description.fields.iter())
        .map(|(name, doc)| (text(name), text(doc)))
        .collect();
    let or_null = |text: &CString| match text.is_empty() {
        true => core::ptr::null(),
        false => text.as_ptr(),
    };
    let mut fields: Vec<HPyStructSequence_Field> = (texts.iter())
        .map(|(name, doc)| HPyStructSequence_Field {
            name: name.as_ptr(),
            doc: or_null(doc),
        })
        .collect();
    fields.push(HPyStructSequence_Field {
        name: core::ptr::null(),
        doc: core::ptr::null(),
    });
    let desc = HPyStructSequence_Desc {
        name: name.as_ptr(),
        doc: or_null(&doc),
        fields: fields.as_mut_ptr(),
    };
    // SAFETY: the description and its texts live until the call is over; a new handle or null with
    // an exception.
    let class: Handle<'ctx> =
        unsafe { ctx.made_handle(HPyStructSequence_NewType(ctx.as_ptr(), &desc))? };
    // `collections` made it, where Python code may have put anything.
    let class: Handle<'ctx, Type> = class.downcast_into()?;
    let tuple = Tuple::type_object(ctx)?;
    if !class.is_subtype(&tuple) {
        return Err(TypeError::new("a named tuple is no tuple"));
    }
    ctx.tuple_of([class.into_object(), tuple.getattr(c"__new__")?])
}

/// The class of a structure sequence.
pub fn sequence_class<'ctx, T: StructSequence>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Type>> {
    both::<T>(ctx)?.get_item(0)?.downcast_into()
}

/// Whether an object is an instance of the class.
pub fn is_sequence<T: StructSequence>(object: &Handle<'_>) -> bool {
    let ctx = object.ctx();
    let class = both::<T>(ctx).ok().and_then(|both| both.get(0));
    // SAFETY: the handles are open, and one is a type.
    class.is_some_and(|class| unsafe {
        HPy_TypeCheck(ctx.as_ptr(), object.as_raw(), class.as_raw()) != 0
    })
}

/// A value as a new instance.
pub fn new_sequence<'ctx, T: StructSequence>(ctx: Context<'ctx>, value: T) -> Result<Handle<'ctx>> {
    let both = both::<T>(ctx)?;
    let items = value.into_items(ctx)?;
    match (both.get(0), both.get(1)) {
        // The class's own `__new__` is Python code, which would take the items one by one.
        (Some(class), Some(new)) => new.call1((class, items)),
        _ => Err(not_imported(T::DESCRIPTION.name)),
    }
}

/// An instance's items: whoever calls `tuple.__new__` makes instances of any length.
pub fn items_of<'a, 'ctx, T: StructSequence>(
    object: &'a Handle<'ctx>,
) -> Result<&'a Handle<'ctx, Tuple>> {
    let items = object.downcast::<T>()?.as_tuple();
    let (found, count) = (items.len(), T::DESCRIPTION.fields.len());
    if found == count {
        return Ok(items);
    }
    Err(other_length(T::DESCRIPTION.name, count, found))
}

#[cold]
#[inline]
fn other_length(name: &str, count: usize, found: usize) -> crate::Error {
    TypeError::new(format!("a {name} has {count} items, not {found}"))
}

/// An item as the value of its field.
pub fn item_of<'ctx, T: StructSequence, V>(
    items: &Handle<'ctx, Tuple>,
    index: usize,
    convert: impl FnOnce(&Handle<'ctx>) -> Result<V>,
) -> Result<V> {
    let (field, _) = T::DESCRIPTION.fields[index];
    tuple_field(items, index, T::DESCRIPTION.name, field, convert)
}

impl<'ctx, T: StructSequence> Handle<'ctx, T> {
    /// The same object as a tuple: [`into_sequence`](StructSequence::into_sequence) has an example.
    ///
    /// Of an instance that Python code made of `tuple.__new__` it has any number of items.
    #[inline(always)]
    pub fn as_tuple(&self) -> &Handle<'ctx, Tuple> {
        // SAFETY: the class derives from tuple, as was checked when it was made.
        unsafe { self.as_object().downcast_unchecked() }
    }
}

/// What a struct with `#[hpy_type(struct_sequence)]` ends with.
#[doc(hidden)]
#[macro_export]
macro_rules! __sequence_check {
    ($type:ty, $name:literal $(, $id:literal)?) => {
        $crate::__made_by_python! {
            $type, $name $(, $id)?;
            is_sequence sequence_class add_sequence new_sequence
        }
    };
}
