//! The methods of containers, callable from Python: see `test_containers.py`.

use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::types::{FrozenSet, Mapping, Sequence, Slice};

fn unknown<T>(operation: &str) -> Result<T> {
    Err(ValueError::new(format!("no operation {operation}")))
}

// Lists

/// Methods that change the list and answer nothing.
#[hpy_method]
fn list_change<'ctx>(
    operation: &str,
    list: &Handle<'ctx, List>,
    value: &Handle<'ctx>,
) -> Result<()> {
    match operation {
        "append" => list.append(value),
        "extend_from" => list.extend_from(value),
        "remove" => list.remove(value),
        "clear" => list.clear(),
        "sort" => list.sort(),
        "sort_by_key" => list.sort_by_key(value, true),
        "reverse" => list.reverse(),
        "twice" => list.extend(list),
        _ => unknown(operation),
    }
}

/// Appends what Rust has: nothing if one of them can't be converted.
#[hpy_method]
fn list_extend<'ctx>(list: &Handle<'ctx, List>, fail: bool) -> Result<()> {
    let values = [Ok("a"), if fail { Err(()) } else { Ok("b") }];
    list.extend(values.map(Fallible))
}

struct Fallible(Result<&'static str, ()>);

impl<'ctx> IntoHandle<'ctx> for Fallible {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self.0 {
            Ok(text) => text.into_handle(ctx),
            Err(()) => Err(ValueError::new("no form")),
        }
    }
}

#[hpy_method]
fn list_pop<'ctx>(list: &Handle<'ctx, List>, index: Option<isize>) -> Result<Handle<'ctx>> {
    match index {
        Some(index) => list.pop_at(index),
        None => list.pop(),
    }
}

#[hpy_method]
fn list_copies<'ctx>(
    list: &Handle<'ctx, List>,
    start: isize,
    end: isize,
) -> Result<(Handle<'ctx, List>, Handle<'ctx, List>)> {
    Ok((list.copy()?, list.get_slice(start, end)?))
}

/// `get_item`, `set_item`, `del_item` by numbers, which go without an object for them.
#[hpy_method]
fn by_index<'ctx>(object: &Handle<'ctx>, index: i64) -> Result<Handle<'ctx>> {
    object.get_item(index)
}

#[hpy_method]
fn set_by_index<'ctx>(object: &Handle<'ctx>, index: i32, value: &Handle<'ctx>) -> Result<()> {
    object.set_item(index, value)
}

#[hpy_method]
fn del_by_index<'ctx>(object: &Handle<'ctx>, index: isize) -> Result<()> {
    object.del_item(index)
}

#[hpy_method]
fn by_text<'ctx>(object: &Handle<'ctx>, value: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    object.set_item(c"key", value)?;
    let found = object.get_item(c"key")?;
    object.del_item(c"key")?;
    Ok(found)
}

#[hpy_method]
fn set_slice<'ctx>(
    object: &Handle<'ctx>,
    start: isize,
    end: isize,
    values: &Handle<'ctx>,
) -> Result<()> {
    object.set_slice(start, end, values)
}

#[hpy_method]
fn del_slice<'ctx>(object: &Handle<'ctx>, start: isize, end: isize) -> Result<()> {
    object.del_slice(start, end)
}

// Searching

#[hpy_method]
fn index_and_count<'ctx>(object: &Handle<'ctx>, value: &Handle<'ctx>) -> Result<(usize, usize)> {
    if let Ok(list) = object.downcast::<List>() {
        Ok((list.index(value)?, list.count(value)?))
    } else if let Ok(tuple) = object.downcast::<Tuple>() {
        Ok((tuple.index(value)?, tuple.count(value)?))
    } else {
        let sequence = object.downcast::<Sequence>()?;
        Ok((sequence.index(value)?, sequence.count(value)?))
    }
}

#[hpy_method]
fn tuple_slice<'ctx>(
    tuple: &Handle<'ctx, Tuple>,
    start: isize,
    end: isize,
) -> Result<Handle<'ctx, Tuple>> {
    tuple.get_slice(start, end)
}

// Dicts

#[hpy_method]
fn dict_get<'ctx>(dict: &Handle<'ctx, Dict>, key: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    dict.get(key)
}

#[hpy_method]
fn dict_setdefault<'ctx>(
    dict: &Handle<'ctx, Dict>,
    key: &Handle<'ctx>,
    default: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    dict.setdefault(key, default)
}

#[hpy_method]
fn dict_pop<'ctx>(dict: &Handle<'ctx, Dict>, key: &Handle<'ctx>) -> Result<Option<Handle<'ctx>>> {
    dict.pop(key)
}

#[hpy_method]
fn dict_pop_item<'ctx>(dict: &Handle<'ctx, Dict>) -> Result<Option<(Handle<'ctx>, Handle<'ctx>)>> {
    dict.pop_item()
}

#[hpy_method]
fn dict_update<'ctx>(dict: &Handle<'ctx, Dict>, other: &Handle<'ctx>) -> Result<()> {
    dict.update(other)
}

#[hpy_method]
fn dict_clear(dict: &Handle<'_, Dict>) -> Result<()> {
    dict.clear()
}

#[hpy_method]
fn dict_parts<'ctx>(dict: &Handle<'ctx, Dict>) -> Result<Handle<'ctx>> {
    let ctx = dict.ctx();
    let parts = tuple![
        dict.keys()?,
        dict.values()?,
        dict.items()?,
        dict.copy()?,
        dict.len()
    ]
    .build(ctx)?;
    Ok(parts.into_object())
}

// Sets

/// Methods that make a new set.
#[hpy_method]
fn set_new<'ctx>(operation: &str, a: &Handle<'ctx>, b: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    macro_rules! by_name {
        ($set:expr; $($name:ident)*) => {
            match operation {
                $(stringify!($name) => $set.$name(b)?.into_object(),)*
                "copy" => $set.copy()?.into_object(),
                _ => return unknown(operation),
            }
        };
    }
    Ok(match a.downcast::<Set>() {
        Ok(set) => by_name!(set; union intersection difference symmetric_difference),
        Err(_) => {
            let set = a.downcast::<FrozenSet>()?;
            by_name!(set; union intersection difference symmetric_difference)
        }
    })
}

#[hpy_method]
fn set_question<'ctx>(operation: &str, a: &Handle<'ctx, Set>, b: &Handle<'ctx>) -> Result<bool> {
    match operation {
        "is_subset" => a.is_subset(b),
        "is_superset" => a.is_superset(b),
        "is_disjoint" => a.is_disjoint(b),
        "is_empty" => Ok(a.is_empty()),
        "add" => a.add(b),
        "discard" => a.discard(b),
        _ => unknown(operation),
    }
}

#[hpy_method]
fn set_change<'ctx>(operation: &str, set: &Handle<'ctx, Set>, value: &Handle<'ctx>) -> Result<()> {
    match operation {
        "remove" => set.remove(value),
        "clear" => set.clear(),
        "update" => set.update([value, value]),
        _ => unknown(operation),
    }
}

#[hpy_method]
fn set_pop<'ctx>(set: &Handle<'ctx, Set>) -> Result<Option<Handle<'ctx>>> {
    set.pop()
}

#[hpy_method]
fn frozenset_len(set: &Handle<'_, FrozenSet>) -> (usize, bool) {
    (set.len(), set.is_empty())
}

// Views

#[hpy_method]
fn is_view(object: &Handle<'_>) -> (bool, bool) {
    (
        object.is_instance_of::<Sequence>(),
        object.is_instance_of::<Mapping>(),
    )
}

#[hpy_method]
fn sequence_parts<'ctx>(sequence: &Handle<'ctx, Sequence>) -> Result<Handle<'ctx>> {
    let ctx = sequence.ctx();
    let parts = list![
        sequence.len()?,
        sequence.to_list()?,
        sequence.to_tuple()?,
        sequence.to_set()?,
        sequence.concat(sequence)?,
        sequence.repeat(2)?,
        sequence.get_slice(1, 2)?,
    ]
    .build(ctx)?;
    Ok(parts.into_object())
}

#[hpy_method]
fn mapping_parts<'ctx>(
    mapping: &Handle<'ctx, Mapping>,
    key: &Handle<'ctx>,
) -> Result<Handle<'ctx>> {
    let ctx = mapping.ctx();
    let parts = list![
        mapping.len()?,
        mapping.keys()?,
        mapping.values()?,
        mapping.items()?,
        mapping.get(key)?,
        mapping.contains(key)?,
    ]
    .build(ctx)?;
    Ok(parts.into_object())
}

// Slices

#[hpy_method]
fn slice_new<'ctx>(
    ctx: Context<'ctx>,
    start: &Handle<'ctx>,
    stop: &Handle<'ctx>,
    step: &Handle<'ctx>,
) -> Result<Handle<'ctx, Slice>> {
    ctx.slice(start, stop, step)
}

#[hpy_method]
fn slice_of_rust(ctx: Context<'_>) -> Result<Handle<'_, Slice>> {
    ctx.slice(1, None::<isize>, ())
}

#[hpy_method]
fn slice_parts<'ctx>(
    slice: &Handle<'ctx, Slice>,
) -> Result<(Handle<'ctx>, Handle<'ctx>, Handle<'ctx>)> {
    Ok((slice.start()?, slice.stop()?, slice.step()?))
}

/// Start, stop and step.
type Bounds = (isize, isize, isize);

#[hpy_method]
fn slice_indices(slice: &Handle<'_, Slice>, len: usize) -> Result<(Bounds, usize, Vec<usize>)> {
    let found = slice.indices(len)?;
    let indices = found.iter().take(1000).collect();
    Ok(((found.start, found.stop, found.step), found.len, indices))
}

// Iterating

/// Calls the function with each item, or pair of a dict.
#[hpy_method]
fn for_each<'ctx>(object: &Handle<'ctx>, function: &Handle<'ctx, Callable>) -> Result<usize> {
    let mut count = 0;
    if let Ok(list) = object.downcast::<List>() {
        for item in list {
            function.call1((item,))?;
            count += 1;
        }
    } else if let Ok(tuple) = object.downcast::<Tuple>() {
        for item in tuple {
            function.call1((item,))?;
            count += 1;
        }
    } else if let Ok(dict) = object.downcast::<Dict>() {
        for pair in dict {
            let (key, value) = pair?;
            function.call1((key, value))?;
            count += 1;
        }
    } else {
        for item in object.iter()? {
            function.call1((item?,))?;
            count += 1;
        }
    }
    Ok(count)
}

/// Two loops over one list, of which the inner one is left early.
#[hpy_method]
fn list_in_list(list: &Handle<'_, List>) -> Result<Vec<(i64, i64)>> {
    let mut found = Vec::new();
    for item in list {
        let outer: i64 = item.extract()?;
        for item in list {
            let inner = item.extract()?;
            if inner > outer {
                break;
            }
            found.push((outer, inner));
        }
    }
    Ok(found)
}

/// The items of a list and a tuple behind the first ones, with a few that were looked at before.
#[hpy_method]
fn behind<'ctx>(
    list: &Handle<'ctx, List>,
    tuple: &Handle<'ctx, Tuple>,
    before: usize,
    count: usize,
) -> Result<Handle<'ctx>> {
    let ctx = list.ctx();
    let (mut items, mut others) = (list.iter(), tuple.iter());
    for _ in 0..before {
        items.next();
        others.next();
    }
    let behind = list![
        ctx.list(items.skip(count))?,
        ctx.list(others.skip(count))?,
        ctx.list(list.iter().step_by(count + 1))?,
    ];
    Ok(behind.build(ctx)?.into_object())
}

/// The pairs of several dicts, as one list.
#[hpy_method]
fn pairs_of_all<'ctx>(dicts: &Handle<'ctx, List>) -> Result<Handle<'ctx, List>> {
    let mut pairs = Vec::new();
    for dict in dicts {
        dict.downcast::<Dict>()?.items_into(&mut pairs)?;
    }
    dicts.ctx().list(pairs)
}

/// After an error, iterating a dict is over.
#[hpy_method]
fn dict_until_error(dict: &Handle<'_, Dict>) -> Result<(usize, usize, bool)> {
    let (mut good, mut bad) = (0, 0);
    let mut pairs = dict.iter();
    for pair in pairs.by_ref() {
        match pair {
            Ok(_) => {
                good += 1;
                dict.set_item(format!("new{good}"), good)?;
            }
            Err(_) => bad += 1,
        }
    }
    Ok((good, bad, pairs.next().is_none()))
}

// Building

#[hpy_method]
fn built<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) -> Result<Handle<'ctx>> {
    let owned = ctx.str("owned")?;
    let built = list![
        list![1, "two", 3.5, object, owned, None::<i32>],
        tuple![object, true, tuple![]],
        set![1, 1, "x"],
        dict! { "key" => object, 2 => list![dict! {}], object => 1 },
        list![],
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
    ]
    .build(ctx)?;
    Ok(built.into_object())
}

/// As they are returned: without a context.
#[hpy_method]
fn built_late<'ctx>(object: &Handle<'ctx>) -> impl IntoHandle<'ctx> {
    dict! { "list" => list![object, list![object]], "set" => set![], "tuple" => tuple![object] }
}

#[hpy_method]
fn built_with_failure<'ctx>(ctx: Context<'ctx>, what: &str) -> Result<Handle<'ctx>> {
    let bad = || Fallible(Err(()));
    match what {
        "list" => list![1, bad(), 2].into_handle(ctx),
        "tuple" => tuple![ctx.str("x")?, bad()].into_handle(ctx),
        "set" => set![bad()].into_handle(ctx),
        "unhashable" => set![list![]].into_handle(ctx),
        "dict" => dict! { 1 => bad() }.into_handle(ctx),
        "key" => dict! { list![] => 1 }.into_handle(ctx),
        _ => unknown(what),
    }
}

#[hpy_method]
fn from_iterators(ctx: Context<'_>) -> Result<Handle<'_>> {
    let built = list![
        ctx.list((0..3).map(|n| n * n))?,
        ctx.tuple_of(["a", "b"].iter().map(|text| text.len()))?,
        ctx.tuple_of(Vec::<i32>::new())?,
        ctx.set([1, 2, 1])?,
        ctx.empty_set()?,
        ctx.frozenset(["x", "y"])?,
        ctx.dict_of([("a", 1), ("b", 2), ("a", 3)])?,
    ]
    .build(ctx)?;
    Ok(built.into_object())
}

/// Whether there is an iterator, which takes no step.
#[hpy_method]
fn can_be_iterated(object: &Handle<'_>) -> bool {
    object.iter().is_ok()
}

hpy_module! {
    /// Lists, tuples, dicts, sets, slices, views.
    name: containers,
    methods: [
        list_change, list_extend, list_pop, list_copies, by_index, set_by_index, del_by_index,
        by_text, set_slice, del_slice, index_and_count, tuple_slice, dict_get, dict_setdefault,
        dict_pop, dict_pop_item, dict_update, dict_clear, dict_parts, set_new, set_question,
        set_change, set_pop, frozenset_len, is_view, sequence_parts, mapping_parts, slice_new,
        slice_of_rust, slice_parts, slice_indices, for_each, list_in_list, dict_until_error, built,
        built_late,
        built_with_failure, from_iterators, can_be_iterated, behind, pairs_of_all,
    ],
}
