//! What the conversions of `chrono`, `jiff` and `time` have in common: all have types that are
//! numbers of the calendar.

use crate::exceptions::{TypeError, ValueError};
use crate::types::{Date, DateTime, Time, TimeDelta, TzInfo};
use crate::{Error, Handle, Result};

/// Year, month and day.
pub(super) type DateParts = (i32, u8, u8);

/// Hour, minute, second and microsecond.
pub(super) type TimeParts = (u8, u8, u8, u32);

/// Both directions for types, by what makes them of an object and the object of them.
macro_rules! conversions {
    ($(
        $type:ty, $annotation:literal;
        $(#[$from_doc:meta])*
        from |$handle:ident| $from:expr;
        $(#[$into_doc:meta])*
        into |$ctx:ident, $value:ident| $into:expr;
    )*) => {$(
        $(#[$from_doc])*
        impl<'a, 'ctx> $crate::FromHandle<'a, 'ctx> for $type {
            const ANNOTATION: $crate::Annotation = $crate::Annotation::name($annotation);

            fn from_handle($handle: &'a $crate::Handle<'ctx>) -> $crate::Result<Self> {
                $from
            }
        }

        $(#[$into_doc])*
        impl<'ctx> $crate::IntoHandle<'ctx> for $type {
            const ANNOTATION: $crate::Annotation = $crate::Annotation::name($annotation);

            fn into_handle(
                self,
                $ctx: $crate::Context<'ctx>,
            ) -> $crate::Result<$crate::Handle<'ctx>> {
                let $value = self;
                $into.map($crate::Handle::into_object)
            }
        }
    )*};
}
pub(super) use conversions;

/// The numbers of a `date`.
pub(super) fn date(date: &Handle<'_, Date>) -> Result<DateParts> {
    Ok((date.year()?, date.month()?, date.day()?))
}

/// The numbers of a `time`, which may have no time zone.
pub(super) fn naive_time(time: &Handle<'_, Time>) -> Result<TimeParts> {
    if time.tzinfo()?.is_some() {
        return Err(TypeError::new("must be a time without a time zone"));
    }
    let (hour, minute) = (time.hour()?, time.minute()?);
    Ok((hour, minute, time.second()?, time.microsecond()?))
}

/// The numbers of a `datetime`, which may have no time zone.
pub(super) fn naive_datetime(datetime: &Handle<'_, DateTime>) -> Result<(DateParts, TimeParts)> {
    if datetime.tzinfo()?.is_some() {
        return Err(TypeError::new("must be a datetime without a time zone"));
    }
    local_datetime(datetime)
}

/// The numbers of a `datetime`, whatever its time zone.
pub(super) fn local_datetime(datetime: &Handle<'_, DateTime>) -> Result<(DateParts, TimeParts)> {
    let date = (datetime.year()?, datetime.month()?, datetime.day()?);
    let (hour, minute) = (datetime.hour()?, datetime.minute()?);
    let time = (hour, minute, datetime.second()?, datetime.microsecond()?);
    Ok((date, time))
}

/// The seconds of an offset from UTC.
pub(super) fn offset(offset: &Handle<'_, TimeDelta>, out_of_range: fn() -> Error) -> Result<i32> {
    match offset.whole_seconds()? {
        (seconds, 0) => i32::try_from(seconds).map_err(|_| out_of_range()),
        _ => Err(ValueError::new("the offset must be of whole seconds")),
    }
}

/// The offset of a `tzinfo` whose offset is always the same, in seconds.
pub(super) fn fixed_offset(
    tzinfo: &Handle<'_, TzInfo>,
    out_of_range: fn() -> Error,
) -> Result<i32> {
    let found = tzinfo.call_method1("utcoffset", (tzinfo.ctx().none(),))?;
    if found.is_none() {
        return Err(ValueError::new("the time zone has no fixed offset"));
    }
    offset(found.downcast()?, out_of_range)
}

/// Whole seconds and microseconds, rounded down: a timedelta's microseconds are never negative.
pub(super) fn duration(seconds: i64, nanoseconds: i32) -> (i64, u32) {
    if nanoseconds < 0 {
        let nanoseconds = nanoseconds + 1_000_000_000;
        (seconds.saturating_sub(1), nanoseconds as u32 / 1000)
    } else {
        (seconds, nanoseconds as u32 / 1000)
    }
}
