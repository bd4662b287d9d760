//! Types of crates that are seldom used: see `test_crates.py`.

use super::echoes;
use either::Either;
use hpy::prelude::*;
use indexmap::IndexMap;
use smallvec::SmallVec;

type NestedEither = Either<Vec<Either<i64, String>>, Either<f64, Option<bool>>>;

echoes! {
    echo_shared_bytes: bytes::Bytes;
    echo_bytes_mut: bytes::BytesMut;
    echo_either: Either<i64, String>;
    echo_nested_either: NestedEither;
    echo_brown: hashbrown::HashMap<String, Vec<i64>>;
    echo_brown_set: hashbrown::HashSet<i64>;
    echo_index_map: IndexMap<i64, String>;
    echo_small: SmallVec<[String; 2]>;
    echo_small_bytes: SmallVec<[u8; 4]>;
    echo_decimal: rust_decimal::Decimal;
    echo_big_decimal: bigdecimal::BigDecimal;
    echo_ratio: num_rational::Ratio<i64>;
    echo_small_ratio: num_rational::Ratio<i8>;
    echo_unsigned_ratio: num_rational::Ratio<u128>;
    echo_big_ratio: num_rational::Ratio<num_bigint::BigInt>;
    echo_ordered: ordered_float::OrderedFloat<f64>;
    echo_not_nan: ordered_float::NotNan<f32>;
    time_date: time::Date;
    time_time: time::Time;
    time_naive: time::PrimitiveDateTime;
    time_moment: time::OffsetDateTime;
    time_offset: time::UtcOffset;
    time_delta: time::Duration;
    echo_zone: chrono_tz::Tz;
    echo_zoned: chrono::DateTime<chrono_tz::Tz>;
}

/// What is only given: borrowed values, and those that Python cannot hold.
#[hpy_method]
#[allow(clippy::needless_borrows_for_generic_args)] // Borrowed values are what is tested.
pub fn lent<'ctx>(ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let brown: hashbrown::HashMap<_, _> = [("a", 1)].into_iter().collect();
    let brown_set: hashbrown::HashSet<_> = [1].into_iter().collect();
    let map = IndexMap::from([(2, 'b'), (1, 'a')]);
    let small: SmallVec<[i64; 2]> = SmallVec::from_slice(&[1, 2, 3]);
    let either: Either<i64, String> = Either::Right("r".to_owned());
    Ok(vec![
        ctx.handle(&bytes::Bytes::from_static(b"ab"))?,
        ctx.handle(&bytes::BytesMut::from(&b"cd"[..]))?,
        ctx.handle(&brown)?,
        ctx.handle(&brown_set)?,
        ctx.handle(&map)?,
        ctx.handle(&small)?,
        ctx.handle(&either)?,
        ctx.handle(&bigdecimal::BigDecimal::new((-5).into(), 2))?,
        ctx.handle(time::Duration::nanoseconds(-1))?,
        ctx.handle(rust_decimal::Decimal::MAX)?,
    ])
}

/// Whether `Bytes` of the object are the object's own memory.
#[hpy_method]
pub fn is_shared(object: &Handle<'_>) -> Result<(bool, bool)> {
    let kept: hpy::PersistentBytes = object.extract()?;
    let bytes: bytes::Bytes = object.extract()?;
    Ok((
        kept.is_borrowed(),
        core::ptr::addr_eq(kept.as_bytes(), &*bytes),
    ))
}

/// The key that came first.
#[hpy_method]
pub fn first_key(map: IndexMap<String, i64>) -> Option<String> {
    map.into_keys().next()
}
