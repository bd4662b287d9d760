//! A function per type, which gives back what it takes.

use hpy::prelude::*;
use hpy::serde::Serde;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::net::IpAddr;
use std::num::{Saturating, Wrapping};
use std::time::{Duration, SystemTime};

macro_rules! echoes {
    ($($name:ident: $type:ty;)*) => {
        $(
            #[hpy_method]
            fn $name(value: $type) -> $type {
                value
            }
        )*

        hpy_module! {
            name: round_trips,
            methods: [$($name),*],
        }
    };
}

#[derive(FromHandle, IntoHandle)]
#[hpy(from_item_all)]
struct Record {
    number: Option<i64>,
    text: String,
    inner: Vec<Record>,
}

#[derive(FromHandle, IntoHandle)]
enum Either {
    Number(i64),
    Text(String),
    Float(f64),
    None(()),
    // Before the list: a dict can be iterated too.
    Record(#[hpy(from_with = boxed)] Box<Record>),
    List(Vec<Either>),
}

fn boxed(object: &Handle<'_>) -> Result<Box<Record>> {
    object.extract()
}

/// What JSON has, and more.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Value {
    None(()),
    Bool(bool),
    Int(i64),
    Big(u64),
    Float(f64),
    Text(String),
    List(Vec<Value>),
    Dict(BTreeMap<String, Value>),
}

#[derive(Serialize, Deserialize)]
enum Tagged {
    Unit,
    New(i128),
    Tuple(u8, String),
    Struct { a: f64, b: Option<Box<Tagged>> },
}

echoes! {
    echo_bool: bool;
    echo_i8: i8;
    echo_i16: i16;
    echo_i32: i32;
    echo_i64: i64;
    echo_i128: i128;
    echo_isize: isize;
    echo_u8: u8;
    echo_u16: u16;
    echo_u32: u32;
    echo_u64: u64;
    echo_u128: u128;
    echo_usize: usize;
    echo_saturating: Saturating<i32>;
    echo_wrapping: Wrapping<u64>;
    echo_f32: f32;
    echo_f64: f64;
    echo_bigint: num_bigint::BigInt;
    echo_complex: num_complex::Complex<f64>;
    echo_text: String;
    echo_char: char;
    echo_bytes: Vec<u8>;
    echo_os_text: OsString;
    echo_option: Option<i64>;
    echo_list: Vec<i64>;
    echo_deque: VecDeque<f64>;
    echo_matrix: Vec<Vec<i64>>;
    echo_tuple: (i64, String, f64);
    echo_map: HashMap<String, i64>;
    echo_sorted_map: BTreeMap<i64, Vec<String>>;
    echo_set: HashSet<i64>;
    echo_sorted_set: BTreeSet<String>;
    echo_duration: Duration;
    echo_moment: SystemTime;
    echo_chrono_date: chrono::NaiveDate;
    echo_chrono_time: chrono::NaiveTime;
    echo_chrono_naive: chrono::NaiveDateTime;
    echo_chrono_fixed: chrono::DateTime<chrono::FixedOffset>;
    echo_chrono_delta: chrono::TimeDelta;
    echo_jiff_date: jiff::civil::Date;
    echo_jiff_time: jiff::civil::Time;
    echo_jiff_naive: jiff::civil::DateTime;
    echo_jiff_timestamp: jiff::Timestamp;
    echo_jiff_delta: jiff::SignedDuration;
    echo_address: IpAddr;
    echo_uuid: uuid::Uuid;
    echo_record: Record;
    echo_either: Either;
    echo_serde_value: Serde<Value>;
    echo_serde_tagged: Serde<Tagged>;
}
