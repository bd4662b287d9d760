//! Every method of `Handle`, callable from Python: see `test_handles.py`.

use hpy::CompareOp;
use hpy::exceptions::{AssertionError, BaseException, DeprecationWarning, KeyError, ValueError};
use hpy::prelude::*;
use hpy::types::NoneType;
use std::ffi::CString;

fn unknown<'ctx>(operation: &str) -> Result<Handle<'ctx>> {
    Err(ValueError::new(format!("no operation {operation}")))
}

#[hpy_method]
fn unary<'ctx>(operation: &str, a: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    /// Calls the method that `operation` names.
    macro_rules! by_name {
        ($($name:ident)*) => {
            match operation {
                $(stringify!($name) => a.$name(),)*
                _ => unknown(operation),
            }
        };
    }
    by_name!(neg pos abs invert index to_int to_float)
}

#[hpy_method]
fn binary<'ctx>(operation: &str, a: &Handle<'ctx>, b: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    /// As in `unary`.
    macro_rules! by_name {
        ($($name:ident)*) => {
            match operation {
                $(stringify!($name) => a.$name(b),)*
                _ => unknown(operation),
            }
        };
    }
    by_name!(
        add sub mul matmul floor_div div rem divmod lshift rshift bitand bitxor bitor
        add_assign sub_assign mul_assign matmul_assign floor_div_assign div_assign rem_assign
        lshift_assign rshift_assign bitand_assign bitxor_assign bitor_assign
    )
}

#[hpy_method]
fn pow<'ctx>(
    base: &Handle<'ctx>,
    exponent: &Handle<'ctx>,
    modulus: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    base.pow(exponent, modulus)
}

/// The other operand may be any convertible value.
#[hpy_method]
fn add_rust_values<'ctx>(a: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    Ok(vec![a.add(1)?, a.add(0.5)?, a.mul(true)?, a.pow(2, ())?])
}

#[hpy_method]
fn compare<'ctx>(operation: &str, a: &Handle<'ctx>, b: &Handle<'ctx>) -> Result<bool> {
    match operation {
        "lt" => a.lt(b),
        "le" => a.le(b),
        "eq" => a.eq(b),
        "ne" => a.ne(b),
        "gt" => a.gt(b),
        "ge" => a.ge(b),
        _ => unknown(operation).map(|_| false),
    }
}

#[hpy_method]
fn rich_compare<'ctx>(operation: &str, a: &Handle<'ctx>, b: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let op = match operation {
        "lt" => CompareOp::Lt,
        "le" => CompareOp::Le,
        "eq" => CompareOp::Eq,
        "ne" => CompareOp::Ne,
        "gt" => CompareOp::Gt,
        "ge" => CompareOp::Ge,
        _ => return unknown(operation),
    };
    a.rich_compare(b, op)
}

#[hpy_method]
fn hash(object: &Handle<'_>) -> Result<isize> {
    object.hash()
}

#[hpy_method]
fn is_true(object: &Handle<'_>) -> Result<bool> {
    object.is_truthy()
}

#[hpy_method]
fn repr<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Str>> {
    object.repr()
}

#[hpy_method(name = "str")]
fn str_<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Str>> {
    object.str()
}

#[hpy_method]
fn ascii<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Str>> {
    object.ascii()
}

/// Rust's formatting of a handle: Python's `str` and `repr`.
#[hpy_method]
fn format(object: &Handle<'_>) -> (String, String) {
    (format!("{object}"), format!("{object:?}"))
}

#[hpy_method]
fn dup<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let second = object.dup();
    let third = second.dup();
    drop(second);
    if third.is(object) {
        Ok(third)
    } else {
        Err(AssertionError::new("a duplicate is the same object"))
    }
}

#[hpy_method]
fn is_same<'ctx>(a: &Handle<'ctx>, b: &Handle<'ctx>) -> bool {
    a.is(b)
}

#[hpy_method]
fn is_none(object: &Handle<'_>) -> bool {
    object.is_none()
}

#[hpy_method]
fn is_number(object: &Handle<'_>) -> bool {
    object.is_number()
}

#[hpy_method]
fn is_callable(object: &Handle<'_>) -> bool {
    object.is_callable()
}

#[hpy_method]
fn type_check<'ctx>(object: &Handle<'ctx>, type_: &Handle<'ctx, Type>) -> bool {
    object.type_check(type_)
}

#[hpy_method]
fn is_instance<'ctx>(object: &Handle<'ctx>, types: &Handle<'ctx>) -> Result<bool> {
    object.is_instance(types)
}

#[hpy_method]
fn is_exact_instance<'ctx>(object: &Handle<'ctx>, type_: &Handle<'ctx, Type>) -> bool {
    object.type_().is(type_)
}

#[hpy_method]
fn type_of<'ctx>(object: &Handle<'ctx>) -> Handle<'ctx, Type> {
    object.type_()
}

#[hpy_method]
fn type_name(object: &Handle<'_>) -> String {
    object.type_name()
}

// Attributes, by each form of name.

#[hpy_method]
fn getattr<'ctx>(
    form: &str,
    object: &Handle<'ctx>,
    name: &Handle<'ctx, Str>,
) -> Result<Handle<'ctx>> {
    match form {
        "str" => object.getattr(name.to_str()?),
        "String" => object.getattr(&name.to_str()?.to_owned()),
        "CStr" => object.getattr(CString::new(name.to_str()?)?.as_c_str()),
        _ => object.getattr(name),
    }
}

#[hpy_method]
fn hasattr<'ctx>(form: &str, object: &Handle<'ctx>, name: &Handle<'ctx, Str>) -> Result<bool> {
    match form {
        "str" => object.hasattr(name.to_str()?),
        "String" => object.hasattr(&name.to_str()?.to_owned()),
        "CStr" => object.hasattr(CString::new(name.to_str()?)?.as_c_str()),
        _ => object.hasattr(name),
    }
}

#[hpy_method]
fn setattr<'ctx>(
    form: &str,
    object: &Handle<'ctx>,
    name: &Handle<'ctx, Str>,
    value: &Handle<'ctx>,
) -> Result<()> {
    match form {
        "str" => object.setattr(name.to_str()?, value),
        "String" => object.setattr(&name.to_str()?.to_owned(), value),
        "CStr" => object.setattr(CString::new(name.to_str()?)?.as_c_str(), value),
        _ => object.setattr(name, value),
    }
}

#[hpy_method]
fn delattr<'ctx>(form: &str, object: &Handle<'ctx>, name: &Handle<'ctx, Str>) -> Result<()> {
    match form {
        "str" => object.delattr(name.to_str()?),
        "String" => object.delattr(&name.to_str()?.to_owned()),
        "CStr" => object.delattr(CString::new(name.to_str()?)?.as_c_str()),
        _ => object.delattr(name),
    }
}

// Items.

#[hpy_method]
fn get_item<'ctx>(object: &Handle<'ctx>, key: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    object.get_item(key)
}

#[hpy_method]
fn get_item_by_index<'ctx>(object: &Handle<'ctx>, index: isize) -> Result<Handle<'ctx>> {
    object.get_item(index)
}

#[hpy_method]
fn get_item_by_text<'ctx>(object: &Handle<'ctx>, key: &str) -> Result<Handle<'ctx>> {
    object.get_item(key)
}

#[hpy_method]
fn set_item<'ctx>(object: &Handle<'ctx>, key: &Handle<'ctx>, value: &Handle<'ctx>) -> Result<()> {
    object.set_item(key, value)
}

#[hpy_method]
fn del_item<'ctx>(object: &Handle<'ctx>, key: &Handle<'ctx>) -> Result<()> {
    object.del_item(key)
}

#[hpy_method]
fn contains<'ctx>(object: &Handle<'ctx>, key: &Handle<'ctx>) -> Result<bool> {
    object.contains(key)
}

#[hpy_method]
fn length(object: &Handle<'_>) -> Result<usize> {
    object.length()
}

#[hpy_method]
fn get_slice<'ctx>(object: &Handle<'ctx>, start: isize, end: isize) -> Result<Handle<'ctx>> {
    object.get_slice(start, end)
}

// Iteration.

#[hpy_method]
fn collect<'ctx>(object: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    object.iter()?.collect()
}

/// The first `count` items; the iterator is dropped before its end.
#[hpy_method]
fn take<'ctx>(object: &Handle<'ctx>, count: usize) -> Result<Vec<Handle<'ctx>>> {
    object.iter()?.take(count).collect()
}

/// Counts the items up to an error, and what comes after it.
#[hpy_method]
fn until_error<'ctx>(object: &Handle<'ctx>) -> Result<(usize, Option<Handle<'ctx>>, usize)> {
    let mut iterator = object.iter()?;
    let mut count = 0;
    let mut failure = None;
    for item in iterator.by_ref() {
        match item {
            Ok(_) => count += 1,
            Err(error) => failure = Some(error.into_value(object.ctx())?),
        }
    }
    Ok((count, failure, iterator.count()))
}

/// Calls back for each item.
#[hpy_method]
fn for_each<'ctx>(object: &Handle<'ctx>, function: &Handle<'ctx>) -> Result<usize> {
    let mut count = 0;
    for item in object.iter()? {
        function.call1((item?,))?;
        count += 1;
    }
    Ok(count)
}

// What each marker stands for.

/// Whether the object is of the marker's type, by every way of asking; they must agree.
#[hpy_method]
fn is_a(marker: &str, object: &Handle<'_>) -> Result<bool> {
    fn ask<T: hpy::types::TypeCheck>(object: &Handle<'_>) -> Result<bool> {
        let borrowed = object.downcast::<T>().is_ok();
        let owned = object.dup().downcast_into::<T>().is_ok();
        let is_a = object.is_instance_of::<T>();
        if borrowed == owned && owned == is_a {
            Ok(is_a)
        } else {
            Err(AssertionError::new("the ways of asking disagree"))
        }
    }
    match marker {
        "object" => ask::<Object>(object),
        "None" => ask::<NoneType>(object),
        "bool" => ask::<Bool>(object),
        "int" => ask::<Int>(object),
        "float" => ask::<Float>(object),
        "str" => ask::<Str>(object),
        "bytes" => ask::<Bytes>(object),
        "list" => ask::<List>(object),
        "tuple" => ask::<Tuple>(object),
        "dict" => ask::<Dict>(object),
        "type" => ask::<Type>(object),
        "module" => ask::<Module>(object),
        _ => unknown(marker).map(|_| false),
    }
}

#[hpy_method]
fn downcast_to_list<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, List>> {
    object.downcast::<List>().map(Handle::dup)
}

#[hpy_method]
fn downcast_into_dict<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Dict>> {
    object.dup().downcast_into()
}

#[hpy_method]
fn downcast_exact_to_int<'ctx>(object: &Handle<'ctx>) -> Result<Handle<'ctx, Int>> {
    Ok(object.downcast_exact::<Int>()?.dup())
}

#[hpy_method]
fn type_objects(ctx: Context<'_>) -> Result<Vec<Handle<'_, Type>>> {
    use hpy::types::{self, TypeObject};
    Ok(vec![
        Object::type_object(ctx)?,
        Bool::type_object(ctx)?,
        Int::type_object(ctx)?,
        Float::type_object(ctx)?,
        Str::type_object(ctx)?,
        Bytes::type_object(ctx)?,
        List::type_object(ctx)?,
        Tuple::type_object(ctx)?,
        Type::type_object(ctx)?,
        Dict::type_object(ctx)?,
        types::Set::type_object(ctx)?,
        types::FrozenSet::type_object(ctx)?,
        types::Range::type_object(ctx)?,
        types::ByteArray::type_object(ctx)?,
        types::MemoryView::type_object(ctx)?,
        types::Slice::type_object(ctx)?,
        types::Complex::type_object(ctx)?,
        Module::type_object(ctx)?,
        KeyError::type_object(ctx)?,
        BaseException::type_object(ctx)?,
    ])
}

#[hpy_method]
fn constants(ctx: Context<'_>) -> Vec<Handle<'_>> {
    vec![
        ctx.none().into_object(),
        ctx.bool(true).into_object(),
        ctx.bool(false).into_object(),
        ctx.not_implemented(),
        ctx.ellipsis(),
        ctx.builtins().into_object(),
    ]
}

#[hpy_method]
fn new_objects(ctx: Context<'_>) -> Result<Vec<Handle<'_>>> {
    Ok(vec![
        ctx.int(-5i8)?.into(),
        ctx.int(u128::MAX)?.into(),
        ctx.float(0.25)?.into(),
        ctx.str("h\u{e9}l\u{1f40d}\0o")?.into(),
        ctx.bytes(b"\0\xff")?.into(),
        ctx.list(["a", "b"])?.into(),
        ctx.empty_list()?.into(),
        ctx.tuple((1, "two", ()))?.into(),
        ctx.tuple(())?.into(),
        ctx.dict()?.into(),
    ])
}

// list

#[hpy_method]
fn list_summary<'ctx>(list: &Handle<'ctx, List>) -> (usize, bool, Vec<Handle<'ctx>>) {
    (list.len(), list.is_empty(), list.iter().collect())
}

#[hpy_method]
fn list_get<'ctx>(list: &Handle<'ctx, List>, index: usize) -> Option<Handle<'ctx>> {
    list.get(index)
}

#[hpy_method]
fn list_append<'ctx>(list: &Handle<'ctx, List>, value: &Handle<'ctx>) -> Result<()> {
    list.append(value)
}

#[hpy_method]
fn list_insert<'ctx>(list: &Handle<'ctx, List>, index: isize, value: &Handle<'ctx>) -> Result<()> {
    list.insert(index, value)
}

/// Calls back for each item, with the list and the item.
#[hpy_method]
fn list_for_each<'ctx>(list: &Handle<'ctx, List>, function: &Handle<'ctx>) -> Result<usize> {
    let mut count = 0;
    for item in list.iter() {
        function.call1((list, item))?;
        count += 1;
    }
    Ok(count)
}

// tuple

#[hpy_method]
fn tuple_summary<'ctx>(tuple: &Handle<'ctx, Tuple>) -> (usize, bool, Vec<Handle<'ctx>>) {
    (tuple.len(), tuple.is_empty(), tuple.iter().collect())
}

#[hpy_method]
fn tuple_get<'ctx>(tuple: &Handle<'ctx, Tuple>, index: usize) -> Option<Handle<'ctx>> {
    tuple.get(index)
}

// dict

#[hpy_method]
fn dict_len(dict: &Handle<'_, Dict>) -> (usize, bool) {
    (dict.len(), dict.is_empty())
}

#[hpy_method]
fn dict_get<'ctx>(dict: &Handle<'ctx, Dict>, key: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    dict.get(key)
}

#[hpy_method]
fn dict_keys<'ctx>(dict: &Handle<'ctx, Dict>) -> Result<Handle<'ctx, List>> {
    dict.keys()
}

#[hpy_method]
fn dict_items<'ctx>(dict: &Handle<'ctx, Dict>) -> Result<Vec<(Handle<'ctx>, Handle<'ctx>)>> {
    dict.items()
}

#[hpy_method]
fn dict_copy<'ctx>(dict: &Handle<'ctx, Dict>) -> Result<Handle<'ctx, Dict>> {
    dict.copy()
}

// str, bytes, float, bool, type, module

#[hpy_method]
fn str_summary(text: &Handle<'_, Str>) -> Result<(usize, String)> {
    Ok((text.char_count(), text.to_string_lossy()?.into_owned()))
}

#[hpy_method]
fn str_strictly(text: &Handle<'_, Str>) -> Result<String> {
    text.to_str().map(str::to_owned)
}

#[hpy_method]
fn bytes_contents(bytes: &Handle<'_, Bytes>) -> Vec<u8> {
    bytes.as_bytes().to_vec()
}

#[hpy_method]
fn float_value(float: &Handle<'_, Float>) -> f64 {
    float.value()
}

#[hpy_method]
fn bool_value(value: &Handle<'_, Bool>) -> bool {
    value.value()
}

#[hpy_method]
fn type_is_subtype<'ctx>(derived: &Handle<'ctx, Type>, base: &Handle<'ctx, Type>) -> bool {
    derived.is_subtype(base)
}

#[hpy_method]
fn name_of_type(type_: &Handle<'_, Type>) -> Result<String> {
    type_.name()
}

#[hpy_method]
fn name_of_module(module: &Handle<'_, Module>) -> Result<String> {
    module.name()
}

#[hpy_method]
fn add_to_module<'ctx>(
    module: &Handle<'ctx, Module>,
    name: &str,
    value: &Handle<'ctx>,
) -> Result<()> {
    module.add(name, value)
}

#[hpy_method]
fn import_module<'ctx>(ctx: Context<'ctx>, name: &str) -> Result<Handle<'ctx, Module>> {
    ctx.import(name)
}

#[hpy_method]
fn warn(ctx: Context<'_>, message: &str) -> Result<()> {
    ctx.warn::<DeprecationWarning>(message, 1)
}

hpy_module! {
    /// Every method of `Handle`.
    name: handles,
    methods: [
        unary, binary, pow, add_rust_values, compare, rich_compare, hash, is_true, repr, str_,
        ascii, format, dup, is_same, is_none, is_number, is_callable, type_check, is_instance,
        is_exact_instance, type_of, type_name, getattr, hasattr, setattr, delattr, get_item,
        get_item_by_index, get_item_by_text, set_item, del_item, contains, length, get_slice,
        collect, take, until_error, for_each, is_a, downcast_to_list, downcast_into_dict,
        downcast_exact_to_int, type_objects, constants, new_objects, list_summary, list_get,
        list_append, list_insert,
        list_for_each, tuple_summary, tuple_get, dict_len, dict_get, dict_keys, dict_items,
        dict_copy, str_summary, str_strictly, bytes_contents, float_value, bool_value,
        type_is_subtype, name_of_type, name_of_module, add_to_module, import_module, warn,
    ],
}
