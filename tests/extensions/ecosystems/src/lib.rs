//! Types of Rust's and Python's standard libraries and of other crates. Each function takes a value
//! and gives it back.

mod crates;

use hpy::prelude::*;
use hpy::serde::Serde;
use hpy::types::{Date, DateTime, Decimal, EnumMember, Fraction, TimeDelta, TzInfo, Uuid};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{NonZero, Saturating, Wrapping};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[hpy_method]
            pub(crate) fn $name(value: $type) -> $type {
                value
            }
        )*
    };
}
use echoes;

echoes! {
    echo_nonzero: NonZero<u8>;
    echo_saturating: Saturating<u8>;
    echo_wrapping: Wrapping<i128>;
    echo_deque: VecDeque<i64>;
    echo_boxed: Box<[u8]>;
    echo_os: OsString;
    echo_path: PathBuf;
    echo_ip: IpAddr;
    echo_ipv4: Ipv4Addr;
    echo_ipv6: Ipv6Addr;
    echo_duration: Duration;
    echo_system_time: SystemTime;
    echo_bigint: num_bigint::BigInt;
    echo_biguint: num_bigint::BigUint;
    echo_complex: num_complex::Complex<f64>;
    echo_uuid: uuid::Uuid;
    chrono_date: chrono::NaiveDate;
    chrono_time: chrono::NaiveTime;
    chrono_naive: chrono::NaiveDateTime;
    chrono_utc: chrono::DateTime<chrono::Utc>;
    chrono_fixed: chrono::DateTime<chrono::FixedOffset>;
    chrono_offset: chrono::FixedOffset;
    chrono_delta: chrono::TimeDelta;
    jiff_date: jiff::civil::Date;
    jiff_time: jiff::civil::Time;
    jiff_naive: jiff::civil::DateTime;
    jiff_timestamp: jiff::Timestamp;
    jiff_zoned: jiff::Zoned;
    jiff_offset: jiff::tz::Offset;
    jiff_delta: jiff::SignedDuration;
}

/// What is only given: borrowed values.
#[hpy_method]
fn borrowed<'ctx>(ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let (sorted, hashed) = (BTreeSet::from([1, 2]), HashSet::from(["a"]));
    let path = PathBuf::from("a/b");
    Ok(vec![
        ctx.handle(&sorted)?,
        ctx.handle(&hashed)?,
        ctx.handle(path.as_path())?,
        ctx.handle(path.as_os_str())?,
        ctx.handle(chrono::Utc)?,
        ctx.handle(Duration::new(1, 999_999_999))?,
        ctx.handle(chrono::TimeDelta::nanoseconds(-1))?,
        ctx.handle(jiff::SignedDuration::from_nanos(-1))?,
    ])
}

#[hpy_method]
fn too_long(ctx: Context<'_>) -> Result<()> {
    ctx.handle(Duration::MAX).map(drop)
}

/// `[year, month, day, hour, minute, second, microsecond, fold, offset]`
#[hpy_method]
fn parts<'ctx>(value: &Handle<'ctx, DateTime>) -> Result<Vec<i64>> {
    let offset = match value.utcoffset()? {
        Some(offset) => offset.whole_seconds()?.0,
        None => -1,
    };
    Ok(vec![
        value.year()?.into(),
        value.month()?.into(),
        value.day()?.into(),
        value.hour()?.into(),
        value.minute()?.into(),
        value.second()?.into(),
        value.microsecond()?.into(),
        value.fold()?.into(),
        offset,
    ])
}

#[hpy_method]
fn in_zone<'ctx>(
    value: &Handle<'ctx, DateTime>,
    zone: &Handle<'ctx, TzInfo>,
) -> Result<Handle<'ctx, DateTime>> {
    value.astimezone(zone)
}

#[hpy_method]
fn days<'ctx>(start: &Handle<'ctx, Date>, end: &Handle<'ctx, Date>) -> Result<i64> {
    end.sub(start)?.downcast::<TimeDelta>()?.days()
}

#[hpy_method]
fn made<'ctx>(ctx: Context<'ctx>) -> Result<Vec<Handle<'ctx>>> {
    let east = ctx.timezone(3600)?;
    Ok(vec![
        ctx.date(2024, 2, 29)?.into_object(),
        ctx.time(1, 2, 3, 4)?.into_object(),
        ctx.datetime((2024, 2, 29), (1, 2, 3, 4), Some(&east))?
            .into_object(),
        ctx.timedelta(-1, 2, 3)?.into_object(),
        ctx.decimal("1.10")?.into_object(),
        ctx.fraction(6, -4)?.into_object(),
        ctx.uuid(u128::MAX)?.into_object(),
    ])
}

#[hpy_method]
fn no_date(ctx: Context<'_>) -> Result<()> {
    ctx.date(2023, 2, 29).map(drop)
}

#[hpy_method]
fn decimal_text<'ctx>(value: &Handle<'ctx, Decimal>) -> Result<Handle<'ctx, Str>> {
    value.to_text()
}

#[hpy_method]
fn fraction_parts<'ctx>(value: &Handle<'ctx, Fraction>) -> Result<(Handle<'ctx>, Handle<'ctx>)> {
    Ok((value.numerator()?, value.denominator()?))
}

#[hpy_method]
fn uuid_int(value: &Handle<'_, Uuid>) -> Result<u128> {
    value.as_u128()
}

#[hpy_method]
fn enum_parts<'ctx>(value: &Handle<'ctx, EnumMember>) -> Result<(Handle<'ctx>, Handle<'ctx>)> {
    Ok((value.name()?, value.value()?))
}

#[derive(Serialize, Deserialize)]
struct Unit;

#[derive(Serialize, Deserialize)]
struct New(u8);

#[derive(Serialize, Deserialize)]
enum Tagged {
    Unit,
    New(i64),
    Tuple(i64, String),
    Struct { a: i64, b: Option<Box<Tagged>> },
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Any {
    Int(i64),
    Text(String),
    List(Vec<Any>),
}

#[derive(Serialize, Deserialize)]
struct Record {
    name: String,
    #[serde(default)]
    age: Option<u8>,
    tags: BTreeSet<String>,
    scores: BTreeMap<i64, f32>,
    pair: (i128, char),
    unit: Unit,
    new: New,
    kinds: Vec<Tagged>,
}

macro_rules! by_serde {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[hpy_method]
            fn $name(value: Serde<$type>) -> Serde<$type> {
                value
            }
        )*
    };
}

by_serde! {
    serde_record: Record;
    serde_records: BTreeMap<String, Vec<Record>>;
    serde_tagged: Tagged;
    serde_any: Any;
    serde_ints: Vec<i64>;
    serde_bytes: Vec<u8>;
    serde_big: u128;
    serde_float: f64;
    serde_option: Option<Option<bool>>;
    serde_pair: (i64, i64);
    serde_maps: BTreeMap<(i64, bool), String>;
    serde_unhashable: BTreeMap<Vec<i64>, String>;
}

#[derive(Serialize)]
struct Nested(Option<Box<Nested>>);

/// None within so many `Some`.
#[hpy_method]
fn serde_nested(depth: usize) -> Serde<Nested> {
    let within = |inner, _| Nested(Some(Box::new(inner)));
    Serde((0..depth).fold(Nested(None), within))
}

hpy_module! {
    name: ecosystems,
    methods: [
        echo_nonzero, echo_saturating, echo_wrapping, echo_deque, echo_boxed, echo_os, echo_path,
        echo_ip, echo_ipv4, echo_ipv6, echo_duration, echo_system_time, echo_bigint, echo_biguint,
        echo_complex, echo_uuid, chrono_date, chrono_time, chrono_naive, chrono_utc, chrono_fixed,
        chrono_offset, chrono_delta, jiff_date, jiff_time, jiff_naive, jiff_timestamp, jiff_zoned,
        jiff_offset, jiff_delta, borrowed, too_long, parts, in_zone, days, made, no_date,
        decimal_text, fraction_parts, uuid_int, enum_parts, serde_record, serde_records,
        serde_tagged, serde_any, serde_ints, serde_bytes, serde_big, serde_float, serde_option,
        serde_pair, serde_maps, serde_unhashable, serde_nested, crates::echo_shared_bytes,
        crates::echo_bytes_mut, crates::echo_either, crates::echo_nested_either, crates::echo_brown,
        crates::echo_brown_set, crates::echo_index_map, crates::echo_small,
        crates::echo_small_bytes, crates::echo_decimal, crates::echo_big_decimal,
        crates::echo_ratio, crates::echo_small_ratio, crates::echo_unsigned_ratio,
        crates::echo_big_ratio, crates::echo_ordered, crates::echo_not_nan, crates::time_date,
        crates::time_time, crates::time_naive, crates::time_moment, crates::time_offset,
        crates::time_delta, crates::echo_zone, crates::echo_zoned, crates::lent, crates::is_shared,
        crates::first_key,
    ],
}
