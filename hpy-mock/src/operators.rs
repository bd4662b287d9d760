//! Arithmetic.

use super::entry::functions;
use super::int::Int;
use super::objects::{Data, Obj};
use super::{Mock, R};
use core::ffi::c_int;
use hpy_sys::*;

/// Symbol, method of the left operand, method of the right one.
type Operator = (&'static str, &'static str, &'static str);

const ADD: Operator = ("+", "__add__", "__radd__");
const SUB: Operator = ("-", "__sub__", "__rsub__");
const MUL: Operator = ("*", "__mul__", "__rmul__");
const MATMUL: Operator = ("@", "__matmul__", "__rmatmul__");
const FLOOR_DIV: Operator = ("//", "__floordiv__", "__rfloordiv__");
const DIV: Operator = ("/", "__truediv__", "__rtruediv__");
const REM: Operator = ("%", "__mod__", "__rmod__");
const LSHIFT: Operator = ("<<", "__lshift__", "__rlshift__");
const RSHIFT: Operator = (">>", "__rshift__", "__rrshift__");
const AND: Operator = ("&", "__and__", "__rand__");
const XOR: Operator = ("^", "__xor__", "__rxor__");
const OR: Operator = ("|", "__or__", "__ror__");

/// The value of an int or bool.
pub(super) fn as_int(object: &Obj) -> Option<Int> {
    match object.data {
        Data::Int(value) => Some(value),
        Data::Bool(value) => Some(Int::from(i128::from(value))),
        _ => None,
    }
}

fn as_float(object: &Obj) -> Option<f64> {
    match object.data {
        Data::Float(value) => Some(value),
        _ => as_int(object).map(Int::to_f64),
    }
}

impl Mock {
    pub(super) fn binary(&self, a: &Obj, b: &Obj, operator: Operator) -> R<Obj> {
        for (left, right, method) in [(a, b, operator.1), (b, a, operator.2)] {
            if let Some(answer) = self.special(left, method, core::slice::from_ref(right))?
                && !matches!(answer.data, Data::Singleton("NotImplemented"))
            {
                return Ok(answer);
            }
        }
        let known = if let (Some(x), Some(y)) = (as_int(a), as_int(b)) {
            self.ints(x, y, operator.0)?
        } else if let (Some(x), Some(y)) = (as_float(a), as_float(b)) {
            self.floats(x, y, operator.0)?
        } else {
            self.sequences(a, b, operator.0)?
        };
        known.ok_or_else(|| {
            let (symbol, a, b) = (operator.0, self.type_name(a), self.type_name(b));
            let message = format!("unsupported operand type(s) for {symbol}: '{a}' and '{b}'");
            self.error("TypeError", &message)
        })
    }

    fn ints(&self, x: Int, y: Int, symbol: &str) -> R<Option<Obj>> {
        let narrow = || match (x.to_i128(), y.to_i128()) {
            (Some(x), Some(y)) => Ok((x, y)),
            _ => Err(self.error("OverflowError", "too large for the mock")),
        };
        let shift = || match y.to_i128() {
            Some(bits @ 0..) => Ok(bits.min(1000) as u32),
            Some(_) => Err(self.error("ValueError", "negative shift count")),
            None => Err(self.error("OverflowError", "too large for the mock")),
        };
        let zero = |message: &str| self.error("ZeroDivisionError", message);
        let value = match symbol {
            "+" => x + y,
            "-" => x - y,
            "&" => x & y,
            "^" => x ^ y,
            "|" => x | y,
            "<<" => x.shl(shift()?),
            ">>" => x.shr(shift()?),
            "*" => {
                let (x, y) = narrow()?;
                let product = x.checked_mul(y).map(Int::from);
                product.ok_or_else(|| self.error("OverflowError", "too large for the mock"))?
            }
            "//" | "%" if y == Int::ZERO => {
                return Err(zero("integer division or modulo by zero"));
            }
            "//" => {
                let (x, y) = narrow()?;
                let rounded = i128::from(x % y != 0 && (x < 0) != (y < 0));
                Int::from(x / y - rounded)
            }
            "%" => {
                let (x, y) = narrow()?;
                Int::from(((x % y) + y) % y)
            }
            "/" if y == Int::ZERO => return Err(zero("division by zero")),
            "/" => return self.float(x.to_f64() / y.to_f64()).map(Some),
            _ => return Ok(None),
        };
        self.int(value).map(Some)
    }

    fn floats(&self, x: f64, y: f64, symbol: &str) -> R<Option<Obj>> {
        let value = match symbol {
            "+" => x + y,
            "-" => x - y,
            "*" => x * y,
            "/" | "//" | "%" if y == 0.0 => {
                return Err(self.error("ZeroDivisionError", "float division by zero"));
            }
            "/" => x / y,
            "//" => (x / y).floor(),
            "%" => x - y * (x / y).floor(),
            _ => return Ok(None),
        };
        self.float(value).map(Some)
    }

    fn sequences(&self, a: &Obj, b: &Obj, symbol: &str) -> R<Option<Obj>> {
        let times = |count: &Obj| {
            let count = as_int(count).and_then(Int::to_i128);
            count.map(|count| count.clamp(0, 10_000) as usize)
        };
        Ok(match (&a.data, &b.data, symbol) {
            (Data::Str(x), Data::Str(y), "+") => {
                Some(self.make("str", Data::Str([&x[..], y].concat()))?)
            }
            (Data::Str(x), _, "*") => match times(b) {
                Some(count) => Some(self.make("str", Data::Str(x.repeat(count)))?),
                None => None,
            },
            (Data::Bytes(x), Data::Bytes(y), "+") => Some(self.bytes(&[&x[..], y].concat())?),
            (Data::List(x), Data::List(y), "+") => {
                let all = [x.borrow().clone(), y.borrow().clone()].concat();
                Some(self.list(all)?)
            }
            (Data::Tuple(x), Data::Tuple(y), "+") => {
                let all = [x.borrow().clone(), y.borrow().clone()].concat();
                Some(self.tuple(all)?)
            }
            (Data::List(x), _, "*") => match times(b) {
                Some(count) => {
                    let items = x.borrow().clone();
                    let all = core::iter::repeat_n(items, count).flatten().collect();
                    Some(self.list(all)?)
                }
                None => None,
            },
            _ => None,
        })
    }

    /// `a <op>= b`: only lists change in place.
    fn in_place(&self, a: &Obj, b: &Obj, operator: Operator) -> R<Obj> {
        if let (Data::List(items), Data::List(more), "+") = (&a.data, &b.data, operator.0) {
            let more = more.borrow().clone();
            items.borrow_mut().extend(more);
            return Ok(a.clone());
        }
        self.binary(a, b, operator)
    }

    fn unary(&self, object: &Obj, symbol: &str, method: &str) -> R<Obj> {
        if let Some(answer) = self.special(object, method, &[])? {
            return Ok(answer);
        }
        match (as_int(object), symbol) {
            (Some(value), "-") => return self.int(-value),
            (Some(value), "+") => return self.int(value),
            (Some(value), "~") => return self.int(!value),
            (Some(value), "abs") if value.is_negative() => return self.int(-value),
            (Some(value), "abs") => return self.int(value),
            _ => {}
        }
        match (&object.data, symbol) {
            (Data::Float(value), "-") => self.float(-value),
            (Data::Float(value), "+") => self.float(*value),
            (Data::Float(value), "abs") => self.float(value.abs()),
            _ => {
                let type_ = self.type_name(object);
                let message = match symbol {
                    "abs" => format!("bad operand type for abs(): '{type_}'"),
                    _ => format!("bad operand type for unary {symbol}: '{type_}'"),
                };
                Err(self.error("TypeError", &message))
            }
        }
    }

    /// `operator.index(object)`.
    pub(super) fn index(&self, object: &Obj) -> R<Int> {
        if let Some(value) = as_int(object) {
            return Ok(value);
        }
        match self.special(object, "__index__", &[])? {
            Some(answer) => {
                as_int(&answer).ok_or_else(|| self.error("TypeError", "__index__ returned non-int"))
            }
            None => {
                let type_ = self.type_name(object);
                let message = format!("'{type_}' object cannot be interpreted as an integer");
                Err(self.error("TypeError", &message))
            }
        }
    }

    pub(super) fn to_float(&self, object: &Obj) -> R<f64> {
        if let Some(value) = as_float(object) {
            return Ok(value);
        }
        if let Some(answer) = self.special(object, "__float__", &[])? {
            return as_float(&answer)
                .ok_or_else(|| self.error("TypeError", "__float__ returned non-float"));
        }
        let message = format!("must be real number, not {}", self.type_name(object));
        Err(self.error("TypeError", &message))
    }

    pub(super) fn to_int(&self, object: &Obj) -> R<Obj> {
        match &object.data {
            Data::Float(value) if value.is_finite() => self.int(value.trunc() as i128),
            Data::Float(_) => {
                Err(self.error("OverflowError", "cannot convert float infinity to integer"))
            }
            Data::Str(_) => {
                let text = object.text();
                match text.trim().parse::<i128>() {
                    Ok(value) => self.int(value),
                    Err(_) => {
                        let text = self.repr(object)?;
                        let message = format!("invalid literal for int() with base 10: {text}");
                        Err(self.error("ValueError", &message))
                    }
                }
            }
            _ => {
                let value = self.index(object)?;
                self.int(value)
            }
        }
    }

    fn power(&self, base: &Obj, exponent: &Obj, modulus: &Obj) -> R<Obj> {
        let values = (as_int(base), as_int(exponent), as_int(modulus));
        let narrow = |value: Int| value.to_i128();
        if let (Some(base), Some(exponent), modulus) = values
            && let (Some(base), Some(exponent @ 0..)) = (narrow(base), narrow(exponent))
        {
            let modulus = modulus.and_then(narrow);
            let mut result = 1i128;
            for _ in 0..exponent.min(10_000) {
                let product = result.checked_mul(base);
                result =
                    product.ok_or_else(|| self.error("OverflowError", "too large for the mock"))?;
                if let Some(modulus) = modulus {
                    result = result.rem_euclid(modulus);
                }
            }
            return self.int(result);
        }
        let (base, exponent) = (self.to_float(base)?, self.to_float(exponent)?);
        self.float(base.powf(exponent))
    }

    fn divmod(&self, a: &Obj, b: &Obj) -> R<Obj> {
        let quotient = self.binary(a, b, FLOOR_DIV)?;
        let rest = self.binary(a, b, REM)?;
        self.tuple(vec![quotient, rest])
    }

    /// `a + b`, for `sum`.
    pub(super) fn add(&self, a: &Obj, b: &Obj) -> R<Obj> {
        self.binary(a, b, ADD)
    }

    pub(super) fn absolute(&self, object: &Obj) -> R<Obj> {
        self.unary(object, "abs", "__abs__")
    }
}

macro_rules! operators {
    (
        unary { $($unary:ident $symbol:literal $method:literal;)* }
        binary { $($binary:ident $in_place:ident $operator:ident;)* }
        $($more:tt)*
    ) => {
        functions! { install:
            $($unary(mock, a: HPy) -> Obj { mock.unary(&mock.obj(a)?, $symbol, $method) })*
            $(
                $binary(mock, a: HPy, b: HPy) -> Obj {
                    mock.binary(&mock.obj(a)?, &mock.obj(b)?, $operator)
                }
                $in_place(mock, a: HPy, b: HPy) -> Obj {
                    mock.in_place(&mock.obj(a)?, &mock.obj(b)?, $operator)
                }
            )*
            $($more)*
        }
    };
}

operators! {
    unary {
        ctx_Negative "-" "__neg__";
        ctx_Positive "+" "__pos__";
        ctx_Invert "~" "__invert__";
        ctx_Absolute "abs" "__abs__";
    }
    binary {
        ctx_Add ctx_InPlaceAdd ADD;
        ctx_Subtract ctx_InPlaceSubtract SUB;
        ctx_Multiply ctx_InPlaceMultiply MUL;
        ctx_MatrixMultiply ctx_InPlaceMatrixMultiply MATMUL;
        ctx_FloorDivide ctx_InPlaceFloorDivide FLOOR_DIV;
        ctx_TrueDivide ctx_InPlaceTrueDivide DIV;
        ctx_Remainder ctx_InPlaceRemainder REM;
        ctx_Lshift ctx_InPlaceLshift LSHIFT;
        ctx_Rshift ctx_InPlaceRshift RSHIFT;
        ctx_And ctx_InPlaceAnd AND;
        ctx_Xor ctx_InPlaceXor XOR;
        ctx_Or ctx_InPlaceOr OR;
    }
    ctx_Divmod(mock, a: HPy, b: HPy) -> Obj {
        mock.divmod(&mock.obj(a)?, &mock.obj(b)?)
    }
    ctx_Power(mock, a: HPy, b: HPy, c: HPy) -> Obj {
        mock.power(&mock.obj(a)?, &mock.obj(b)?, &mock.obj(c)?)
    }
    ctx_Index(mock, a: HPy) -> Obj {
        let value = mock.index(&mock.obj(a)?)?;
        mock.int(value)
    }
    ctx_Long(mock, a: HPy) -> Obj {
        mock.to_int(&mock.obj(a)?)
    }
    ctx_Float(mock, a: HPy) -> Obj {
        let value = mock.to_float(&mock.obj(a)?)?;
        mock.float(value)
    }
    ctx_Number_Check(mock, a: HPy) -> c_int {
        Ok(as_float(&mock.obj(a)?).is_some().into())
    }
}
