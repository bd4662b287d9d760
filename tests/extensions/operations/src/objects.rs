//! Operations on any object, and conversions.

use std::collections::{BTreeMap, HashMap, HashSet};

use hpy::CompareOp;
use hpy::prelude::*;
use hpy::types::Slice;

use super::machine::{Machine, is_long};

/// What converts itself within itself.
#[derive(FromHandle, IntoHandle)]
enum Tree {
    Leaf(i64),
    Text(String),
    Branch(Vec<Tree>),
    Names(HashMap<String, Tree>),
}

#[derive(FromHandle, IntoHandle)]
#[hpy(from_item_all)]
struct Record {
    a: i64,
    #[hpy(default)]
    n: Option<String>,
}

impl<'ctx> Machine<'_, 'ctx> {
    pub fn with_any(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        let object = self.pick();
        let text = self.input.text();
        let result = match what % 28 {
            0 => object.repr()?.into_object(),
            1 => object.str()?.into_object(),
            2 => object.ascii()?.into_object(),
            3 => object.to_bytes()?.into_object(),
            4 => object.format(text)?.into_object(),
            5 => ctx.int(object.hash()?)?.into_object(),
            6 => ctx.bool(object.is_truthy()?).into_object(),
            7 => ctx.int(object.length()?)?.into_object(),
            8 => object.getattr(text)?,
            9 => {
                object.setattr(text, 5)?;
                return object.delattr(text);
            }
            10 => object.get_item(self.pick())?,
            11 => return object.contains(self.pick()).map(drop),
            12 => {
                let items = object.iter()?;
                if self.iterators.len() < 6 {
                    self.iterators.push(items);
                }
                return Ok(());
            }
            13 => {
                let at = self.input.below(self.iterators.len());
                match self.iterators.get_mut(at).map(Iterator::next) {
                    Some(Some(item)) => item?,
                    Some(None) => {
                        self.iterators.swap_remove(at);
                        return Ok(());
                    }
                    None => return Ok(()),
                }
            }
            14 => {
                let taken: Result<Vec<_>> = object.iter()?.take(20).collect();
                ctx.list(taken?)?.into_object()
            }
            15 => {
                let operator = [CompareOp::Lt, CompareOp::Eq, CompareOp::Ne, CompareOp::Gt]
                    [self.input.below(4)];
                object.rich_compare(self.pick(), operator)?
            }
            16 => object.add(self.pick())?,
            17 => object.sub(self.pick())?,
            18 => object.mul(3)?,
            19 => object.bitor(self.pick())?,
            20 => object.floor_div(self.input.int())?,
            21 => object.pow(self.input.below(4), Some(self.input.int()))?,
            22 => object.index()?,
            23 => object.to_float()?,
            24 => {
                let (one, two) = (self.pick(), self.pick());
                match self.input.below(5) {
                    0 => object.call0()?,
                    1 => object.call1((one, two))?,
                    2 => object.call((one,), [("a", two)])?,
                    3 => call!(object, one, 5, key = two)?,
                    _ => call_method!(object, "append", one)?,
                }
            }
            25 if is_long(&object) => return Ok(()),
            25 => object.add_assign(self.pick())?,
            26 => {
                let class = self.pick();
                return object.is_instance(&class).map(drop);
            }
            _ => object.dir()?.into_object(),
        };
        self.push(result)
    }

    pub fn convert(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        let object = self.pick();
        macro_rules! through {
            ($type_:ty) => {
                ctx.handle(object.extract::<$type_>()?)?
            };
        }
        let result = match what % 26 {
            0 => through!(i64),
            1 => through!(u8),
            2 => through!(i128),
            3 => through!(f64),
            4 => through!(String),
            5 => through!(bool),
            6 => through!(Vec<i64>),
            7 => through!(Vec<f64>),
            8 => through!(Vec<String>),
            9 => through!(HashMap<String, i64>),
            10 => through!(BTreeMap<i64, Vec<u8>>),
            11 => through!(HashSet<i64>),
            12 => through!((i64, String)),
            13 => through!([i64; 3]),
            14 => through!(Option<Vec<Option<char>>>),
            15 => through!(Tree),
            16 => through!(Record),
            17 => {
                let items: Vec<Handle<'ctx>> = object.extract()?;
                ctx.list(items.into_iter().take(20))?.into_object()
            }
            18 => {
                let value: BTreeMap<String, Vec<i64>> = hpy::serde::from_handle(&object)?;
                hpy::serde::to_handle(ctx, &value)?
            }
            19 => {
                let value: Vec<(String, Option<f64>)> = hpy::serde::from_handle(&object)?;
                hpy::serde::to_handle(ctx, &value)?
            }
            20 => object.to_list()?.into_object(),
            21 => object.to_tuple()?.into_object(),
            22 => object.to_set()?.into_object(),
            23 => {
                let slice = object.downcast::<Slice>()?;
                let indices = slice.indices(self.input.below(50))?;
                ctx.list(indices.iter().take(30))?.into_object()
            }
            24 => through!(std::time::Duration),
            _ => through!(std::path::PathBuf),
        };
        self.push(result)
    }
}
