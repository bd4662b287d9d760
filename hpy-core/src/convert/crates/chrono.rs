//! `chrono`: dates, times and durations. Python's have microseconds: nanoseconds beyond them are
//! dropped, and a leap second is the end of the second before it.

use super::calendar::{self, DateParts, TimeParts, conversions};
use crate::convert::std::time::{from_epoch, since_epoch, timedelta};
use crate::exceptions::{TypeError, ValueError};
use crate::types::{DateTime, TimeDelta};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result};
use chrono::{
    Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc,
};

#[cold]
fn out_of_range() -> Error {
    ValueError::new("out of range for chrono")
}

fn date_of((year, month, day): DateParts) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or_else(out_of_range)
}

fn time_of((hour, minute, second, microsecond): TimeParts) -> Result<NaiveTime> {
    NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), microsecond)
        .ok_or_else(out_of_range)
}

fn datetime_of((date, time): (DateParts, TimeParts)) -> Result<NaiveDateTime> {
    Ok(date_of(date)?.and_time(time_of(time)?))
}

fn offset_of(seconds: i32) -> Result<FixedOffset> {
    FixedOffset::east_opt(seconds).ok_or_else(out_of_range)
}

fn parts_of_date(date: &impl Datelike) -> DateParts {
    (date.year(), date.month() as u8, date.day() as u8)
}

fn parts_of_time(time: &impl Timelike) -> TimeParts {
    let microsecond = (time.nanosecond() / 1000).min(999_999);
    (
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
        microsecond,
    )
}

conversions! {
    NaiveDate, "datetime.date";
    /// From a `date`.
    from |handle| date_of(calendar::date(handle.downcast()?)?);
    /// A `date`.
    into |ctx, date| {
        let (year, month, day) = parts_of_date(&date);
        ctx.date(year, month, day)
    };

    NaiveTime, "datetime.time";
    /// From a `time` without a time zone.
    from |handle| time_of(calendar::naive_time(handle.downcast()?)?);
    /// A `time`.
    into |ctx, time| {
        let (hour, minute, second, microsecond) = parts_of_time(&time);
        ctx.time(hour, minute, second, microsecond)
    };

    NaiveDateTime, "datetime.datetime";
    /// From a `datetime` without a time zone.
    from |handle| datetime_of(calendar::naive_datetime(handle.downcast()?)?);
    /// A `datetime` without a time zone.
    into |ctx, datetime| ctx.datetime(parts_of_date(&datetime), parts_of_time(&datetime), None);

    FixedOffset, "datetime.tzinfo";
    /// From a `timezone`, or another `tzinfo` whose offset is always the same.
    from |handle| offset_of(calendar::fixed_offset(handle.downcast()?, out_of_range)?);
    /// A `timezone`.
    into |ctx, offset| ctx.timezone(offset.local_minus_utc());

    chrono::TimeDelta, "datetime.timedelta";
    /// From a `timedelta`.
    from |handle| {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        Self::new(seconds, microseconds * 1000).ok_or_else(out_of_range)
    };
    /// A `timedelta`.
    into |ctx, duration| {
        let nanoseconds = duration.subsec_nanos();
        let (seconds, microseconds) = calendar::duration(duration.num_seconds(), nanoseconds);
        timedelta(ctx, seconds, microseconds)
    };
}

/// From a `datetime` with any time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for chrono::DateTime<Utc> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = since_epoch(handle.downcast()?)?;
        Self::from_timestamp(seconds, microseconds * 1000).ok_or_else(out_of_range)
    }
}

/// From a `datetime` with any time zone: its offset at that time is kept.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for chrono::DateTime<FixedOffset> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let datetime = handle.downcast::<DateTime>()?;
        let Some(offset) = datetime.utcoffset()? else {
            return Err(TypeError::new(
                "must be a datetime with a time zone, not a naive one",
            ));
        };
        let offset = offset_of(calendar::offset(&offset, out_of_range)?)?;
        let naive = datetime_of(calendar::local_datetime(datetime)?)?;
        let utc = naive.checked_sub_offset(offset);
        Ok(offset.from_utc_datetime(&utc.ok_or_else(out_of_range)?))
    }
}

/// A `datetime` with the offset that the time has; of `chrono-tz` with a `zoneinfo.ZoneInfo`.
impl<'ctx, Tz: TimeZone + 'static> IntoHandle<'ctx> for chrono::DateTime<Tz> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let utc = self.naive_utc();
        #[cfg(feature = "chrono-tz")]
        let named = super::chrono_tz::zone_of(ctx, &self.timezone());
        #[cfg(not(feature = "chrono-tz"))]
        let named: Option<Result<Handle<'ctx, crate::types::TzInfo>>> = None;
        let timezone = match named {
            Some(zone) => zone?,
            None => ctx.timezone(self.offset().fix().local_minus_utc())?,
        };
        let timestamp = utc.and_utc();
        let microseconds = (utc.nanosecond() / 1000).min(999_999);
        let datetime = from_epoch(ctx, timestamp.timestamp(), microseconds)?;
        datetime.astimezone(&timezone).map(Handle::into_object)
    }
}

/// `timezone.utc`.
impl<'ctx> IntoHandle<'ctx> for Utc {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.tzinfo");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.utc().map(Handle::into_object)
    }
}
