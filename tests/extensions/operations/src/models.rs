//! Operations on plain values, whose results are compared with those of Rust's own collections.

use std::collections::{BTreeMap, BTreeSet};

use hpy::ensure;
use hpy::exceptions::AssertionError;
use hpy::prelude::*;

use super::machine::Input;

/// A short sequence on one object, checked after each operation.
pub fn check<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    match input.below(6) {
        0 => lists(ctx, input),
        1 => dicts(ctx, input),
        2 => sets(ctx, input),
        3 => texts(ctx, input),
        4 => ints(ctx, input),
        _ => slices(ctx, input),
    }
}

fn lists<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let mut model: Vec<i64> = (0..input.below(8)).map(|_| input.int()).collect();
    let list = ctx.list_from_slice(&model)?;
    for _ in 0..input.below(12) {
        let (value, at) = (input.int(), input.below(10));
        match input.below(11) {
            0 => {
                list.append(value)?;
                model.push(value);
            }
            1 => {
                list.insert(isize::try_from(at)?, value)?;
                model.insert(at.min(model.len()), value);
            }
            2 => {
                let popped = list.pop().and_then(|item| item.extract::<i64>()).ok();
                ensure!(popped == model.pop(), AssertionError, "pop");
            }
            3 => {
                let removed = list.remove(value).is_ok();
                let place = model.iter().position(|item| *item == value);
                ensure!(removed == place.is_some(), AssertionError, "remove");
                place.map(|place| model.remove(place));
            }
            4 => {
                list.sort()?;
                model.sort_unstable();
            }
            5 => {
                list.reverse()?;
                model.reverse();
            }
            6 => {
                let done = list.set_item(at, value).is_ok();
                ensure!(done == (at < model.len()), AssertionError, "set_item");
                if let Some(item) = model.get_mut(at) {
                    *item = value;
                }
            }
            7 => {
                list.del_slice(isize::try_from(at)?, isize::MAX)?;
                model.truncate(at);
            }
            8 => {
                let end = at + input.below(3);
                list.set_slice(isize::try_from(at)?, isize::try_from(end)?, [value, 5])?;
                let length = model.len();
                model.splice(at.min(length)..end.min(length), [value, 5]);
            }
            9 => {
                list.extend([value, -1])?;
                model.extend([value, -1]);
            }
            _ => {
                list.extend_from_slice(&[value, -1])?;
                model.extend([value, -1]);
            }
        }
        ensure!(
            list.to_vec::<i64>()? == model,
            AssertionError,
            "{list} is not {model:?}"
        );
        ensure!(
            list.as_object().extract::<Vec<i64>>()? == model,
            AssertionError,
            "{list} is not {model:?}"
        );
    }
    Ok(())
}

fn dicts<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let mut model = BTreeMap::new();
    let dict = ctx.dict()?;
    for _ in 0..input.below(12) {
        let (key, value) = (input.int() % 8, input.int());
        match input.below(5) {
            0 | 1 => {
                dict.set_item(key, value)?;
                model.insert(key, value);
            }
            2 => {
                let popped = dict
                    .pop(key)?
                    .map(|item| item.extract::<i64>())
                    .transpose()?;
                ensure!(popped == model.remove(&key), AssertionError, "pop");
            }
            3 => {
                let set = dict.setdefault(key, value)?.extract::<i64>()?;
                ensure!(
                    set == *model.entry(key).or_insert(value),
                    AssertionError,
                    "setdefault"
                );
            }
            _ => {
                let got = dict
                    .get(key)?
                    .map(|item| item.extract::<i64>())
                    .transpose()?;
                ensure!(got.as_ref() == model.get(&key), AssertionError, "get");
            }
        }
        ensure!(
            dict.as_object().extract::<BTreeMap<i64, i64>>()? == model,
            AssertionError,
            "{dict} is not {model:?}"
        );
        ensure!(
            dict.len() == model.len(),
            AssertionError,
            "{dict} is not {model:?}"
        );
    }
    Ok(())
}

fn sets<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let mut model = BTreeSet::new();
    let set = ctx.empty_set()?;
    for _ in 0..input.below(12) {
        let value = input.int() % 8;
        match input.below(4) {
            0 | 1 => ensure!(
                set.add(value)? == model.insert(value),
                AssertionError,
                "add"
            ),
            2 => ensure!(
                set.discard(value)? == model.remove(&value),
                AssertionError,
                "discard"
            ),
            _ => ensure!(
                set.contains(value)? == model.contains(&value),
                AssertionError,
                "contains"
            ),
        }
        ensure!(
            set.as_object().extract::<BTreeSet<i64>>()? == model,
            AssertionError,
            "{set} is not {model:?}"
        );
    }
    Ok(())
}

fn texts<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let mut model = String::new();
    let mut text = ctx.str("")?;
    for _ in 0..input.below(8) {
        let more = input.text();
        model += more;
        text = text.add(more)?.downcast_into()?;
        let (start, end) = (input.below(12), input.below(12));
        let part: String = model.chars().take(end).skip(start).collect();
        ensure!(
            text.substring(start, end)?.to_str()? == part,
            AssertionError,
            "substring of {model:?}"
        );
        ensure!(
            text.to_str()? == model,
            AssertionError,
            "{text} is not {model:?}"
        );
        ensure!(
            text.char_count() == model.chars().count(),
            AssertionError,
            "length of {model:?}"
        );
        let char = model.chars().nth(start).map(u32::from);
        ensure!(
            text.read_char(start) == char,
            AssertionError,
            "char of {model:?}"
        );
        ensure!(
            text.encode("utf-8", "strict")?.as_bytes() == model.as_bytes(),
            AssertionError,
            "encoding of {model:?}"
        );
    }
    Ok(())
}

fn ints<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let mut model = i128::from(input.int());
    let mut object = ctx.int(model)?.into_object();
    for _ in 0..input.below(8) {
        let value = i128::from(input.int());
        let result = match input.below(5) {
            0 => model.checked_add(value).map(|sum| (sum, object.add(value))),
            1 => model
                .checked_mul(value)
                .map(|product| (product, object.mul(value))),
            2 => model.checked_neg().map(|negative| (negative, object.neg())),
            3 => Some((model ^ value, object.bitxor(value))),
            _ => Some((model >> 3, object.rshift(3))),
        };
        let Some((number, made)) = result else {
            continue;
        };
        (model, object) = (number, made?);
        ensure!(
            object.extract::<i128>()? == model,
            AssertionError,
            "{object} is not {model}"
        );
        ensure!(
            object.extract::<i64>().ok() == i64::try_from(model).ok(),
            AssertionError,
            "{model} as i64"
        );
        ensure!(
            object.extract::<u32>().ok() == u32::try_from(model).ok(),
            AssertionError,
            "{model} as u32"
        );
        ensure!(
            object.to_string() == model.to_string(),
            AssertionError,
            "{object} is not {model}"
        );
        ensure!(object.eq(model)?, AssertionError, "{object} is not {model}");
    }
    Ok(())
}

fn slices<'ctx>(ctx: Context<'ctx>, input: &mut Input<'_>) -> Result<()> {
    let (start, stop, length) = (input.index(), input.index(), input.below(30));
    let step = match input.index() {
        0 => 1,
        step => step,
    };
    let slice = ctx.slice(start, stop, step)?;
    let ours: Vec<usize> = slice.indices(length)?.iter().collect();
    let theirs = ctx
        .range(0, length, 1)?
        .get_item(&slice)?
        .extract::<Vec<usize>>()?;
    ensure!(
        ours == theirs,
        AssertionError,
        "{slice} of {length}: {ours:?}, not {theirs:?}"
    );
    Ok(())
}
