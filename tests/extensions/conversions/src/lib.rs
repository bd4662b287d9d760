//! A function per type, which takes a value and gives it back: through Rust and out again.

use hpy::prelude::*;
use hpy::types::NoneType;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[hpy_method]
            fn $name(value: $type) -> $type {
                value
            }
        )*
    };
}

echoes! {
    echo_bool: bool;
    echo_i8: i8;
    echo_i16: i16;
    echo_i32: i32;
    echo_i64: i64;
    echo_i128: i128;
    echo_isize: isize;
    echo_u8: u8;
    echo_u16: u16;
    echo_u32: u32;
    echo_u64: u64;
    echo_u128: u128;
    echo_usize: usize;
    echo_f32: f32;
    echo_f64: f64;
    echo_char: char;
    echo_string: String;
    echo_box_str: Box<str>;
    echo_none: ();
    echo_option: Option<i64>;
    echo_vec: Vec<i64>;
    echo_strings: Vec<String>;
    echo_bytes: Vec<u8>;
    echo_matrix: Vec<Vec<i64>>;
    echo_options: Vec<Option<f64>>;
    echo_array: [i64; 3];
    echo_byte_array: [u8; 4];
    echo_single: (i64,);
    echo_pair: (i64, String);
    echo_nested: (i64, (f64, bool), Vec<(String, i8)>);
    echo_map: HashMap<String, i64>;
    echo_tree_map: BTreeMap<i64, Vec<String>>;
    echo_pair_map: HashMap<(i64, bool), Option<String>>;
    echo_set: HashSet<i64>;
    echo_tree_set: BTreeSet<String>;
}

#[hpy_method]
fn echo_str(value: &str) -> &str {
    value
}

#[hpy_method]
fn echo_cow<'a>(value: Cow<'a, str>) -> Cow<'a, str> {
    value
}

#[hpy_method]
fn echo_byte_slice(value: &[u8]) -> &[u8] {
    value
}

#[hpy_method]
fn echo_byte_cow(value: Cow<'_, [u8]>) -> Vec<u8> {
    value.into_owned()
}

#[hpy_method]
fn echo_slice(value: Vec<i64>) -> Result<usize> {
    Ok(value.as_slice().len())
}

/// The same objects in a new list.
#[hpy_method]
fn echo_handles<'ctx>(value: Vec<Handle<'ctx>>) -> Vec<Handle<'ctx>> {
    value
}

#[hpy_method]
fn echo_optional_str(value: Option<&str>) -> Option<&str> {
    value
}

/// How many characters Rust sees.
#[hpy_method]
fn count_chars(value: &str) -> usize {
    value.chars().count()
}

macro_rules! takes {
    ($($name:ident: $type:ident;)*) => {
        $(
            #[hpy_method]
            fn $name<'ctx>(value: &Handle<'ctx, $type>) -> Handle<'ctx, $type> {
                value.dup()
            }
        )*
    };
}

takes! {
    take_bool: Bool;
    take_int: Int;
    take_float: Float;
    take_str: Str;
    take_bytes: Bytes;
    take_list: List;
    take_tuple: Tuple;
    take_dict: Dict;
    take_type: Type;
    take_module: Module;
    take_none: NoneType;
}

/// What has a Python form without being taken as an argument, or by reference.
#[hpy_method]
fn made_in_rust<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, List>> {
    let numbers = vec![1, 2, 3];
    let names = BTreeMap::from([("a", 1.5), ("b", 2.5)]);
    ctx.list([
        ctx.handle(&numbers)?,
        ctx.handle(numbers.as_slice())?,
        ctx.handle(&[1u8, 2][..])?,
        ctx.handle([1u8, 2])?,
        ctx.handle(["x", "y"])?,
        ctx.handle(&names)?,
        ctx.handle(Some(&7))?,
        ctx.handle(Option::<i64>::None)?,
        ctx.handle(Box::<str>::from("boxed"))?,
        ctx.handle((1, "two", 3.0, true, (), 'c'))?,
    ])
}

/// A list is no key of a dict.
#[hpy_method]
fn unhashable_keys() -> BTreeMap<Vec<i64>, i64> {
    BTreeMap::from([(vec![1], 2)])
}

/// The float of these bits, several times over.
#[hpy_method]
fn float_of_bits(bits: u64) -> Vec<f64> {
    vec![f64::from_bits(bits); 3]
}

#[hpy_method(signature = (value = (), more = Some(())))]
fn none_by_default(value: (), more: Option<()>) -> [bool; 2] {
    let () = value;
    [true, more.is_some()]
}

hpy_module! {
    name: conversions,
    methods: [
        echo_bool, echo_i8, echo_i16, echo_i32, echo_i64, echo_i128, echo_isize, echo_u8, echo_u16,
        echo_u32, echo_u64, echo_u128, echo_usize, echo_f32, echo_f64, echo_char, echo_string,
        echo_box_str, echo_none, echo_option, echo_vec, echo_strings, echo_bytes, echo_matrix,
        echo_options, echo_array, echo_byte_array, echo_single, echo_pair, echo_nested, echo_map,
        echo_tree_map, echo_pair_map, echo_set, echo_tree_set, echo_str, echo_cow, echo_byte_slice,
        echo_byte_cow, echo_slice, echo_handles, echo_optional_str, count_chars, take_bool,
        take_int, take_float, take_str, take_bytes, take_list, take_tuple, take_dict, take_type,
        take_module, take_none, made_in_rust, unhashable_keys, float_of_bits, none_by_default,
    ],
}
