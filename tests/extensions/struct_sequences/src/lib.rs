//! Rust structs as structure sequences: tuples whose items have names.

use hpy::StructSequence;
use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::{bail, ensure};

/// What is known of a file.
#[hpy_type(struct_sequence)]
#[derive(Clone, Debug, PartialEq)]
struct Stat {
    /// In bytes.
    size: i64,
    name: String,
    /// A file, a folder …
    #[hpy(name = "type_")]
    kind: Option<char>,
}

#[hpy_type(struct_sequence, name = "Pair", module = "elsewhere")]
struct TwoNumbers(
    #[hpy(name = "first")] f64,
    /// The other.
    #[hpy(name = "count")]
    f64,
);

/// One that holds others.
#[hpy_type(struct_sequence)]
struct Tree {
    value: i64,
    children: Vec<Tree>,
}

/// Nothing converts to such a text, so nothing does to this.
#[hpy_type(struct_sequence)]
struct Version {
    name: &'static str,
    stat: Stat,
    object: MayFail,
}

/// Converts to an object, or fails to.
struct MayFail(bool);

impl<'ctx> IntoHandle<'ctx> for MayFail {
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self.0 {
            true => Ok(ctx.none().into()),
            false => bail!(ValueError, "no object for this"),
        }
    }
}

#[hpy_method]
fn stat(size: i64, name: String) -> Stat {
    Stat {
        size,
        name,
        kind: Some('f'),
    }
}

#[hpy_method]
fn larger(mut stat: Stat) -> Stat {
    stat.size += 1;
    stat
}

#[hpy_method]
fn debug(stat: Stat) -> String {
    format!("{stat:?}")
}

#[hpy_method]
fn both(pair: TwoNumbers) -> (f64, TwoNumbers) {
    (pair.0 + pair.1, TwoNumbers(pair.1, pair.0))
}

#[hpy_method]
fn sum(tree: Tree) -> i64 {
    fn sum(tree: &Tree) -> i64 {
        tree.value + tree.children.iter().map(sum).sum::<i64>()
    }
    sum(&tree)
}

#[hpy_method]
fn tree(depth: u32) -> Tree {
    let children = match depth {
        0 => Vec::new(),
        _ => vec![tree(depth - 1), tree(depth - 1)],
    };
    Tree {
        value: depth.into(),
        children,
    }
}

#[hpy_method]
fn version(works: bool) -> Version {
    Version {
        name: "one",
        stat: stat(1, "inner".to_owned()),
        object: MayFail(works),
    }
}

#[hpy_method]
fn typed<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Stat>> {
    let made = stat(5, "typed".to_owned()).into_sequence(ctx)?;
    ensure!(made.as_tuple().len() == 3, ValueError, "a field is missing");
    ensure!(
        made.extract::<Stat>()?.size == 5,
        ValueError,
        "another size"
    );
    Ok(made)
}

#[hpy_method]
fn count(stat: &Handle<'_, Stat>) -> usize {
    stat.as_tuple().len()
}

#[hpy_method]
fn is_stat(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Stat>()
}

#[hpy_method]
fn class_of(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Stat::type_object(ctx)
}

/// Its module does not list it.
#[hpy_type(struct_sequence)]
struct Forgotten {
    field: u8,
}

#[hpy_method]
fn forgotten() -> Forgotten {
    Forgotten { field: 1 }
}

#[hpy_method]
fn takes_forgotten(forgotten: Forgotten) -> u8 {
    forgotten.field
}

hpy_module! {
    name: struct_sequences,
    methods: [
        stat, larger, debug, both, sum, tree, version, typed, count, is_stat, class_of, forgotten,
        takes_forgotten,
    ],
    types: [Stat, TwoNumbers, Tree, Version],
}
