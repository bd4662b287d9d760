//! Options of classes: attributes of all fields, constructors from the fields, texts by a format
//! string, several blocks of methods, hidden types, collections, copies of the data.

mod blocks;
mod collections;
mod fields;
mod generic;
mod hidden;

use hpy::prelude::*;

hpy_module! {
    name: class_options,
    methods: [
        collections::total, fields::farther, fields::name_of, fields::counted, hidden::countdown,
        hidden::level, hidden::span, hidden::of_unlisted
    ],
    types: [
        fields::Point, fields::Line, fields::Options, fields::Pair, fields::Thermometer,
        fields::Counter, fields::Empty, fields::Failing, blocks::Account, blocks::Both,
        collections::Row, collections::Table, collections::Stack,
        generic::IntPile, generic::TextPile, generic::Vector3,
        #[hidden] hidden::Countdown, #[hidden] hidden::Level, #[hidden] hidden::Span,
    ],
    submodules: { inner: { types: [#[hidden] hidden::Inner] } },
}
