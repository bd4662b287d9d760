//! Operations on lists, dicts and sets, which Python code may change meanwhile.

use hpy::prelude::*;
use hpy::types::{Mapping, Sequence};

use super::machine::{Machine, is_long};
use super::scenery;

impl<'ctx> Machine<'_, 'ctx> {
    pub fn with_list(&mut self, what: u8) -> Result<()> {
        let list = self.latest::<List>()?;
        if is_long(&list) {
            // What is extended by itself again and again would take all memory.
            list.clear()?;
        }
        let index = self.input.index();
        match what % 24 {
            0 => list.append(self.element()),
            1 => list.insert(index, self.element()),
            2 => {
                let item = list.pop()?;
                self.push(item)
            }
            3 => {
                let item = list.pop_at(index)?;
                self.push(item)
            }
            4 => list.remove(self.pick()),
            5 => list.clear(),
            6 => list.sort(),
            7 => list.sort_by_key(&self.pick(), index < 0),
            8 => list.reverse(),
            9 => {
                let copy = list.copy()?;
                self.push(copy)
            }
            10 => {
                let part = list.get_slice(index, self.input.index())?;
                self.push(part)
            }
            11 => list.set_slice(index, self.input.index(), self.element()),
            12 => list.del_slice(index, self.input.index()),
            13 => {
                // Changed while it is walked through.
                for (at, item) in list.iter().enumerate().take(40) {
                    if at % 4 == 0 {
                        self.meanwhile();
                    }
                    drop(item.hash());
                }
                Ok(())
            }
            14 => list.extend_from(&self.element()),
            15 => {
                let (one, two) = (self.element(), self.pick());
                list.extend([one, two])
            }
            16 => list.to_vec::<i64>().map(drop),
            17 => list.to_vec::<f64>().map(drop),
            18 => list.copy_to_slice(&mut [0u16; 3]),
            19 => list.copy_from_slice(&[1.5f64, f64::NAN]),
            20 => list.extend_from_slice(&[i64::MIN, 5]),
            21 => {
                let item = list.get(index.unsigned_abs());
                item.map_or(Ok(()), |item| self.push(item))
            }
            22 => {
                let found = list.downcast::<Sequence>()?.index(self.pick())?;
                let text = list.get(found).map(|item| item.is_truthy());
                text.unwrap_or(Ok(false)).map(drop)
            }
            _ => {
                let at = self.element();
                list.set_item(index, at)?;
                list.del_item(self.pick())
            }
        }
    }

    pub fn with_dict_or_set(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        if what >= 18 {
            return self.with_set(what);
        }
        let dict = self.latest::<Dict>()?;
        match what {
            0 => dict.set_item(self.pick(), self.element()),
            1 => {
                let item = dict.get(self.pick())?;
                item.map_or(Ok(()), |item| self.push(item))
            }
            2 => dict.setdefault(self.pick(), self.element()).map(drop),
            3 => dict.pop(self.pick()).map(drop),
            4 => dict.pop_item().map(drop),
            5 => dict.update(&self.pick()),
            6 => dict.clear(),
            7 => {
                let keys = dict.keys()?;
                self.push(keys)
            }
            8 => {
                let values = dict.values()?;
                self.push(values)
            }
            9 => {
                for (key, value) in dict.items()? {
                    key.eq(&value)?;
                }
                Ok(())
            }
            10 | 11 => {
                for (at, pair) in dict.iter().enumerate().take(40) {
                    if at % 2 == 0 {
                        self.meanwhile();
                    }
                    drop(pair?);
                }
                Ok(())
            }
            12 => {
                let copy = dict.copy()?;
                self.push(copy)
            }
            13 => dict.del_item(self.pick()),
            14 => dict.contains(self.pick()).map(drop),
            15 => {
                let function = self.pick();
                let result = function.call((self.pick(),), Some(&dict))?;
                self.push(result)
            }
            16 => {
                let names = scenery::names(ctx)?;
                let result = ctx.eval(
                    "[a for i in range(3)]",
                    Some(&names),
                    Some(dict.as_object()),
                )?;
                self.push(result)
            }
            _ => {
                let pairs = dict.downcast::<Mapping>()?.items()?;
                let first = pairs.into_iter().next();
                first.map_or(Ok(()), |(key, _)| self.push(key))
            }
        }
    }

    fn with_set(&mut self, what: u8) -> Result<()> {
        let set = self.latest::<Set>()?;
        match what {
            18 => set.add(self.pick()).map(drop),
            19 => set.discard(self.pick()).map(drop),
            20 => set.remove(self.pick()),
            21 => {
                let item = set.pop()?;
                item.map_or(Ok(()), |item| self.push(item))
            }
            22 => set.clear(),
            23 => set.update([self.pick(), self.pick()]),
            24 => {
                let both = set.union(&self.pick())?;
                self.push(both)
            }
            25 => {
                let both = set.symmetric_difference(&self.pick())?;
                self.push(both)
            }
            26 => set.is_subset(&self.pick()).map(drop),
            _ => {
                for item in set.as_object().iter()?.take(40) {
                    self.meanwhile();
                    drop(item?);
                }
                Ok(())
            }
        }
    }
}
