//! Comparison, hashes, truth.

use super::entry::functions;
use super::int::Int;
use super::objects::{Data, Obj};
use super::operators::as_int;
use super::{Mock, R};
use core::cmp::Ordering;
use core::ffi::c_int;
use hpy_sys::*;
use std::rc::Rc;

const METHODS: [&str; 6] = ["__lt__", "__le__", "__eq__", "__ne__", "__gt__", "__ge__"];
const SYMBOLS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];
const EQ: usize = 2;
const NE: usize = 3;

fn holds(order: Ordering, op: usize) -> bool {
    match op {
        0 => order.is_lt(),
        1 => order.is_le(),
        2 => order.is_eq(),
        3 => order.is_ne(),
        4 => order.is_gt(),
        _ => order.is_ge(),
    }
}

impl Mock {
    /// `a <op> b`, whatever object that gives.
    fn compare(&self, a: &Obj, b: &Obj, op: usize) -> R<Obj> {
        let swapped = [4, 5, 2, 3, 0, 1][op];
        for (left, right, method) in [(a, b, METHODS[op]), (b, a, METHODS[swapped])] {
            if let Some(answer) = self.special(left, method, core::slice::from_ref(right))?
                && !matches!(answer.data, Data::Singleton("NotImplemented"))
            {
                return Ok(answer);
            }
        }
        self.compare_known(a, b, op).map(|answer| self.bool(answer))
    }

    fn compare_known(&self, a: &Obj, b: &Obj, op: usize) -> R<bool> {
        if let (Some(x), Some(y)) = (as_int(a), as_int(b)) {
            return Ok(holds(x.cmp(&y), op));
        }
        let float = |object: &Obj| match object.data {
            Data::Float(value) => Some(value),
            _ => as_int(object).map(Int::to_f64),
        };
        if let (Some(x), Some(y)) = (float(a), float(b)) {
            return Ok(match x.partial_cmp(&y) {
                Some(order) => holds(order, op),
                None => op == NE,
            });
        }
        match (&a.data, &b.data) {
            (Data::Str(x), Data::Str(y)) => return Ok(holds(x.cmp(y), op)),
            (Data::Bytes(x), Data::Bytes(y)) => return Ok(holds(x.cmp(y), op)),
            (Data::List(x), Data::List(y)) | (Data::Tuple(x), Data::Tuple(y)) => {
                let (x, y) = (x.borrow().clone(), y.borrow().clone());
                for (x, y) in x.iter().zip(&y) {
                    if !self.equal(x, y)? {
                        return match op {
                            EQ => Ok(false),
                            NE => Ok(true),
                            _ => self.truth(&self.compare(x, y, op)?),
                        };
                    }
                }
                return Ok(holds(x.len().cmp(&y.len()), op));
            }
            (Data::Dict(x), Data::Dict(y)) if op == EQ || op == NE => {
                let x = x.borrow().clone();
                let mut same = x.len() == y.borrow().len();
                for (key, value) in x {
                    same = same
                        && match self.dict_get(b, &key)? {
                            Some(other) => self.equal(&value, &other)?,
                            None => false,
                        };
                }
                return Ok(same == (op == EQ));
            }
            (Data::Set(x), Data::Set(y)) if op == EQ || op == NE => {
                let x = x.borrow().clone();
                let mut same = x.len() == y.borrow().len();
                for item in x {
                    same = same && self.contains(b, &item)?;
                }
                return Ok(same == (op == EQ));
            }
            _ => {}
        }
        match op {
            EQ => Ok(Rc::ptr_eq(a, b)),
            NE => Ok(!Rc::ptr_eq(a, b)),
            _ => {
                let (symbol, a, b) = (SYMBOLS[op], self.type_name(a), self.type_name(b));
                let message =
                    format!("'{symbol}' not supported between instances of '{a}' and '{b}'");
                Err(self.error("TypeError", &message))
            }
        }
    }

    /// Python's `a is b or a == b`.
    pub(super) fn equal(&self, a: &Obj, b: &Obj) -> R<bool> {
        if Rc::ptr_eq(a, b) {
            return Ok(true);
        }
        let answer = self.compare(a, b, EQ)?;
        self.truth(&answer)
    }

    pub(super) fn less(&self, a: &Obj, b: &Obj) -> R<bool> {
        let answer = self.compare(a, b, 0)?;
        self.truth(&answer)
    }

    pub(super) fn truth(&self, object: &Obj) -> R<bool> {
        Ok(match &object.data {
            Data::Singleton(name) => *name != "None",
            Data::Bool(value) => *value,
            Data::Int(value) => *value != Int::ZERO,
            Data::Float(value) => *value != 0.0,
            _ => {
                if let Some(answer) = self.special(object, "__bool__", &[])? {
                    return match answer.data {
                        Data::Bool(value) => Ok(value),
                        _ => Err(self.error("TypeError", "__bool__ should return bool")),
                    };
                }
                match self.length_opt(object)? {
                    Some(length) => length != 0,
                    None => true,
                }
            }
        })
    }

    pub(super) fn hash(&self, object: &Obj) -> R<isize> {
        let mix = |seed: i128, bytes: &mut dyn Iterator<Item = i128>| {
            bytes.fold(seed, |hash, byte| (hash * 31 + byte) % ((1 << 61) - 1))
        };
        let hash = match &object.data {
            Data::Bool(_) | Data::Int(_) => hash_int(as_int(object).unwrap_or(Int::ZERO)),
            Data::Float(value) if value.fract() == 0.0 => hash_int(Int::from(*value as i128)),
            Data::Float(value) => i128::from(value.to_bits() >> 3),
            Data::Str(points) => mix(7, &mut points.iter().map(|&point| point.into())),
            Data::Bytes(bytes) => mix(11, &mut bytes.iter().map(|&byte| byte.into())),
            Data::Tuple(items) => {
                let mut hash = 13;
                for item in items.borrow().clone() {
                    let next = self.hash(&item)? as i128;
                    hash = mix(hash, &mut core::iter::once(next));
                }
                hash
            }
            Data::List(_) | Data::Dict(_) | Data::Set(_) | Data::Slice(_) => {
                let message = format!("unhashable type: '{}'", self.type_name(object));
                return Err(self.error("TypeError", &message));
            }
            _ => match self.special(object, "__hash__", &[])? {
                Some(answer) => hash_int(self.index(&answer)?),
                None => (Rc::as_ptr(object).addr() >> 4) as i128,
            },
        };
        // -1 says that hashing failed.
        Ok(if hash == -1 { -2 } else { hash as isize })
    }
}

fn hash_int(value: Int) -> i128 {
    value.to_i128().unwrap_or(i128::from(value.low_bits() >> 4)) % ((1 << 61) - 1)
}

functions! { install:
    ctx_RichCompare(mock, a: HPy, b: HPy, op: c_int) -> Obj {
        mock.compare(&mock.obj(a)?, &mock.obj(b)?, op as usize)
    }
    ctx_RichCompareBool(mock, a: HPy, b: HPy, op: c_int) -> bool {
        let (a, b) = (mock.obj(a)?, mock.obj(b)?);
        match op as usize {
            EQ if Rc::ptr_eq(&a, &b) => Ok(true),
            NE if Rc::ptr_eq(&a, &b) => Ok(false),
            op => mock.truth(&mock.compare(&a, &b, op)?),
        }
    }
    ctx_IsTrue(mock, object: HPy) -> bool {
        mock.truth(&mock.obj(object)?)
    }
    ctx_Hash(mock, object: HPy) -> isize {
        mock.hash(&mock.obj(object)?)
    }
}
