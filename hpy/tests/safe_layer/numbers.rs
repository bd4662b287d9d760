//! Arithmetic, and numbers between Rust and Python.

use crate::failure;
use hpy::exceptions::KeyError;

#[test]
fn unary_operators() {
    hpy_mock::run(|ctx| {
        let five = ctx.int(-5)?;
        assert_eq!(five.neg()?.extract::<i32>()?, 5);
        assert_eq!(five.pos()?.extract::<i32>()?, -5);
        assert_eq!(five.abs()?.extract::<i32>()?, 5);
        assert_eq!(five.invert()?.extract::<i32>()?, 4);
        assert_eq!(five.index()?.extract::<i32>()?, -5);
        assert_eq!(ctx.float(2.9)?.to_int()?.extract::<i32>()?, 2);
        assert_eq!(five.to_float()?.extract::<f64>()?, -5.0);
        assert!(five.is_number() && !ctx.str("")?.is_number());
        let text = ctx.str("x")?;
        assert_eq!(
            failure(ctx, text.neg()),
            "TypeError: bad operand type for unary -: 'str'"
        );
        assert_eq!(
            failure(ctx, text.abs()),
            "TypeError: bad operand type for abs(): 'str'"
        );
        assert_eq!(
            failure(ctx, ctx.float(1.0)?.index()),
            "TypeError: 'float' object cannot be interpreted as an integer"
        );
        assert_eq!(
            failure(ctx, text.to_float()),
            "TypeError: must be real number, not str"
        );
        Ok(())
    });
}

#[test]
fn binary_operators() {
    hpy_mock::run(|ctx| {
        let seven = ctx.int(7)?;
        let results = [
            (seven.add(2)?, 9),
            (seven.sub(2)?, 5),
            (seven.mul(2)?, 14),
            (seven.floor_div(-2)?, -4),
            (seven.rem(-4)?, -1),
            (seven.lshift(2)?, 28),
            (seven.rshift(1)?, 3),
            (seven.bitand(3)?, 3),
            (seven.bitor(8)?, 15),
            (seven.bitxor(2)?, 5),
            (seven.add_assign(2)?, 9),
            (seven.sub_assign(2)?, 5),
            (seven.mul_assign(2)?, 14),
            (seven.floor_div_assign(2)?, 3),
            (seven.rem_assign(4)?, 3),
            (seven.lshift_assign(1)?, 14),
            (seven.rshift_assign(1)?, 3),
            (seven.bitand_assign(5)?, 5),
            (seven.bitor_assign(8)?, 15),
            (seven.bitxor_assign(1)?, 6),
            (seven.pow(2, ())?, 49),
            (seven.pow(2, 10)?, 9),
        ];
        for (index, (result, expected)) in results.iter().enumerate() {
            assert_eq!(result.extract::<i32>()?, *expected, "row {index}");
        }
        assert_eq!(seven.div(2)?.extract::<f64>()?, 3.5);
        assert_eq!(seven.div_assign(2)?.extract::<f64>()?, 3.5);
        assert_eq!(seven.divmod(4)?.extract::<(i32, i32)>()?, (1, 3));
        let matrix = hpy_mock::Class::new(ctx, "Matrix", None)?
            .method("__matmul__", |_, args| args[1].mul(10))
            .build()
            .call0()?;
        assert_eq!(matrix.matmul(4)?.extract::<i32>()?, 40);
        assert_eq!(matrix.matmul_assign(4)?.extract::<i32>()?, 40);
        Ok(())
    });
}

#[test]
fn operators_that_fail() {
    hpy_mock::run(|ctx| {
        let one = ctx.int(1)?;
        assert_eq!(
            failure(ctx, one.add("x")),
            "TypeError: unsupported operand type(s) for +: 'int' and 'str'"
        );
        assert_eq!(
            failure(ctx, one.div(0)),
            "ZeroDivisionError: division by zero"
        );
        assert_eq!(
            failure(ctx, one.matmul(1)),
            "TypeError: unsupported operand type(s) for @: 'int' and 'int'"
        );
        assert_eq!(
            failure(ctx, one.lshift(-1)),
            "ValueError: negative shift count"
        );
        Ok(())
    });
}

#[test]
fn lists_are_extended_in_place() {
    hpy_mock::run(|ctx| {
        let list = ctx.list([1])?;
        let same = list.add_assign(ctx.list([2])?)?;
        assert!(same.is(&list));
        assert_eq!(list.len(), 2);
        let other = list.add(ctx.list([3])?)?;
        assert!(!other.is(&list) && list.len() == 2);
        Ok(())
    });
}

macro_rules! round_trips {
    ($($test:ident $int:ident $too_small:literal $too_large:literal;)*) => {
        $(#[test]
        fn $test() {
            hpy_mock::run(|ctx| {
                for value in [0, 1, 100, $int::MIN, $int::MIN + 1, $int::MAX, $int::MAX - 1] {
                    assert_eq!(ctx.int(value)?.extract::<$int>()?, value);
                    assert_eq!(ctx.handle(&value)?.extract::<$int>()?, value);
                    assert_eq!(ctx.int(value)?.to_string(), value.to_string());
                }
                let above = ctx.int($int::MAX)?.add(1)?;
                let below = ctx.int($int::MIN)?.sub(1)?;
                assert_eq!(failure(ctx, above.extract::<$int>()), $too_large);
                assert_eq!(failure(ctx, below.extract::<$int>()), $too_small);
                assert_eq!(
                    failure(ctx, ctx.float(1.5)?.extract::<$int>()),
                    "TypeError: 'float' object cannot be interpreted as an integer"
                );
                Ok(())
            });
        })*
    };
}

round_trips! {
    i8s i8
        "OverflowError: Python int too large to convert to i8"
        "OverflowError: Python int too large to convert to i8";
    i16s i16
        "OverflowError: Python int too large to convert to i16"
        "OverflowError: Python int too large to convert to i16";
    i32s i32
        "OverflowError: Python int too large to convert to i32"
        "OverflowError: Python int too large to convert to i32";
    i64s i64 "OverflowError: int too big to convert" "OverflowError: int too big to convert";
    isizes isize "OverflowError: int too big to convert" "OverflowError: int too big to convert";
    i128s i128
        "OverflowError: Python int too large to convert to i128"
        "OverflowError: Python int too large to convert to i128";
    u8s u8
        "OverflowError: can't convert negative int to u8"
        "OverflowError: Python int too large to convert to u8";
    u16s u16
        "OverflowError: can't convert negative int to u16"
        "OverflowError: Python int too large to convert to u16";
    u32s u32
        "OverflowError: can't convert negative int to u32"
        "OverflowError: Python int too large to convert to u32";
    u64s u64
        "OverflowError: can't convert negative int to unsigned"
        "OverflowError: int too big to convert";
    usizes usize
        "OverflowError: can't convert negative int to unsigned"
        "OverflowError: int too big to convert";
    u128s u128
        "OverflowError: can't convert negative int to u128"
        "OverflowError: Python int too large to convert to u128";
}

#[test]
fn the_value_that_stands_for_an_error_is_a_value_too() {
    hpy_mock::run(|ctx| {
        assert_eq!(ctx.int(-1)?.extract::<i64>()?, -1);
        assert_eq!(ctx.int(-1)?.extract::<i128>()?, -1);
        assert_eq!(ctx.int(u64::MAX)?.extract::<u64>()?, u64::MAX);
        assert_eq!(ctx.int(u64::MAX)?.extract::<i128>()?, i128::from(u64::MAX));
        assert_eq!(ctx.float(-1.0)?.extract::<f64>()?, -1.0);
        assert_eq!(ctx.int(-1)?.extract::<f64>()?, -1.0);
        assert_eq!(ctx.float(-1.0)?.value(), -1.0);
        Ok(())
    });
}

#[test]
fn index_is_asked_for_and_its_errors_come_through() {
    hpy_mock::run(|ctx| {
        let like_int = hpy_mock::Class::new(ctx, "LikeInt", None)?
            .method("__index__", |ctx, _| ctx.handle(41))
            .build()
            .call0()?;
        assert_eq!(like_int.extract::<u8>()?, 41);
        assert_eq!(like_int.extract::<u128>()?, 41);
        let broken = hpy_mock::Class::new(ctx, "Broken", None)?
            .method("__index__", |_, _| Err(KeyError::new("lost")))
            .build()
            .call0()?;
        assert_eq!(failure(ctx, broken.extract::<i64>()), "KeyError: 'lost'");
        assert_eq!(failure(ctx, broken.extract::<i128>()), "KeyError: 'lost'");
        Ok(())
    });
}

#[test]
fn floats_and_bools() {
    hpy_mock::run(|ctx| {
        for value in [0.0, -0.0, 1.5, f64::MAX, f64::MIN_POSITIVE, f64::INFINITY] {
            assert_eq!(
                ctx.float(value)?.extract::<f64>()?.to_bits(),
                value.to_bits()
            );
        }
        assert!(ctx.handle(f64::NAN)?.extract::<f64>()?.is_nan());
        assert_eq!(ctx.handle(1.5f32)?.extract::<f32>()?, 1.5);
        assert_eq!(ctx.int(3)?.extract::<f64>()?, 3.0);
        assert_eq!(
            failure(ctx, ctx.str("1")?.extract::<f64>()),
            "TypeError: must be real number, not str"
        );
        for value in [true, false] {
            assert_eq!(ctx.bool(value).value(), value);
            assert_eq!(ctx.handle(value)?.extract::<bool>()?, value);
            assert_eq!(ctx.handle(&value)?.extract::<i64>()?, i64::from(value));
        }
        assert_eq!(
            failure(ctx, ctx.int(1)?.extract::<bool>()),
            "TypeError: must be bool, not int"
        );
        Ok(())
    });
}
