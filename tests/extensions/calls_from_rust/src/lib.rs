//! Calls from Rust into Python: see `test_calls_from_rust.py`.

use hpy::CompareOp;
use hpy::prelude::*;
use std::ffi::CString;

#[hpy_method]
fn call0<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call0()
}

/// Arguments as a Python tuple.
#[hpy_method]
fn call1<'ctx>(function: &Handle<'ctx>, args: &Handle<'ctx, Tuple>) -> Result<Handle<'ctx>> {
    function.call1(args)
}

/// Arguments as Rust tuples of every length, as a slice, as a Vec.
#[hpy_method]
fn call_in_every_form<'ctx>(function: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    Ok(vec![
        function.call1(())?,
        function.call1((1,))?,
        function.call1((1, "two"))?,
        function.call1((1, "two", 3.0))?,
        function.call1((1, 2, 3, 4))?,
        function.call1((1, 2, 3, 4, 5))?,
        function.call1((1, 2, 3, 4, 5, 6))?,
        function.call1((1, 2, 3, 4, 5, 6, 7))?,
        function.call1((1, 2, 3, 4, 5, 6, 7, 8))?,
        function.call1((1, 2, 3, 4, 5, 6, 7, 8, 9))?,
        function.call1((1, 2, 3, 4, 5, 6, 7, 8, 9, 10))?,
        function.call1((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))?,
        function.call1((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))?,
        function.call1(&[1, 2, 3][..])?,
        function.call1(vec!["a", "b"])?,
    ])
}

#[hpy_method]
fn call_with_many<'ctx>(function: &Handle<'ctx>, count: usize) -> Result<Handle<'ctx>> {
    function.call1((0..count).collect::<Vec<_>>())
}

#[hpy_method]
fn call<'ctx>(
    function: &Handle<'ctx>,
    args: &Handle<'ctx, Tuple>,
    keywords: Option<&Handle<'ctx, Dict>>,
) -> Result<Handle<'ctx>> {
    function.call(args, keywords)
}

/// Keywords as an array, a Vec, a dict, an Option of a dict, none.
#[hpy_method]
fn call_with_keywords_in_every_form<'ctx>(
    function: &Handle<'ctx>,
    dict: &Handle<'ctx, Dict>,
) -> Result<Vec<Handle<'ctx>>> {
    let none: Option<&Handle<'ctx, Dict>> = None;
    Ok(vec![
        function.call((1,), [("a", 2), ("b", 3)])?,
        function.call((), [("a", "x")])?,
        function.call((1, 2), vec![("h\u{e9}", dict)])?,
        function.call((1,), dict)?,
        function.call((1,), Some(dict))?,
        function.call((1,), none)?,
        function.call((1,), ())?,
    ])
}

#[hpy_method]
fn call_with_doubled_keyword<'ctx>(function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    function.call((), [("a", 1), ("a", 2)])
}

/// A method by each form of name.
#[hpy_method]
fn call_method<'ctx>(
    form: &str,
    object: &Handle<'ctx>,
    name: &Handle<'ctx, Str>,
    args: &Handle<'ctx, Tuple>,
) -> Result<Handle<'ctx>> {
    match form {
        "str" => object.call_method1(name.to_str()?, args),
        "String" => object.call_method1(&name.to_str()?.to_owned(), args),
        "CStr" => object.call_method1(CString::new(name.to_str()?)?.as_c_str(), args),
        _ => object.call_method1(name, args),
    }
}

#[hpy_method]
fn call_method0<'ctx>(object: &Handle<'ctx>, name: &str) -> Result<Handle<'ctx>> {
    object.call_method0(name)
}

#[hpy_method]
fn call_method_with_keywords<'ctx>(
    object: &Handle<'ctx>,
    name: &str,
    keywords: &Handle<'ctx, Dict>,
) -> Result<Handle<'ctx>> {
    object.call_method(name, ("positional",), keywords)
}

/// The function's results for arguments in every form, by the macro.
#[hpy_method]
fn macro_in_every_form<'ctx>(function: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let (one, text) = (1, String::from("two"));
    Ok(vec![
        call!(function)?,
        call!(function,)?,
        call!(function, one)?,
        call!(function, one, &text,)?,
        call!(function, key = one)?,
        call!(function, one, text, a = 1.5, b = [1, 2], type = (), r#fn = one == 1,)?,
        call!(function, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, l = 12)?,
    ])
}

/// The same for a method called `method`.
#[hpy_method]
fn method_macro_in_every_form<'ctx>(object: &Handle<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    Ok(vec![
        call_method!(object, "method")?,
        call_method!(object, "method", 1)?,
        call_method!(object, "method", 1, "two",)?,
        call_method!(object, "method", key = 1)?,
        call_method!(object, "method", 1, key = 1, other = object)?,
    ])
}

/// A list sorted by the macros, from handles of known types.
#[hpy_method]
fn sorted_words<'ctx>(ctx: Context<'ctx>, text: &Handle<'ctx, Str>) -> Result<Handle<'ctx>> {
    let words = call_method!(text, "split", maxsplit = 3)?.downcast_into::<List>()?;
    call_method!(words, "sort", reverse = true, key = ctx.none())?;
    call!(ctx.import_from("builtins", "list")?, words)
}

/// Calls back with itself to go on with.
#[hpy_method]
fn recurse<'ctx>(function: &Handle<'ctx>, depth: i64) -> Result<Handle<'ctx>> {
    function.call1((depth,))
}

/// Recursion through a comparison, a conversion to text, an attribute.
#[hpy_method]
fn recurse_by<'ctx>(way: &str, object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    match way {
        "repr" => object.repr().map(Handle::into_object),
        "eq" => object.rich_compare(object, CompareOp::Eq),
        "getattr" => object.getattr("missing"),
        "iter" => object.iter()?.next().unwrap_or_else(|| Ok(object.dup())),
        _ => object.get_item(0),
    }
}

hpy_module! {
    /// Calls from Rust into Python.
    name: calls_from_rust,
    methods: [
        call0, call1, call_in_every_form, call_with_many, call, call_with_keywords_in_every_form,
        call_with_doubled_keyword, call_method, call_method0, call_method_with_keywords,
        macro_in_every_form, method_macro_in_every_form, sorted_words, recurse, recurse_by,
    ],
}
