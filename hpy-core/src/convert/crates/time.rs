//! `time`: dates, times, moments and durations. Python's have microseconds: nanoseconds beyond them
//! are dropped.

use super::calendar::{self, DateParts, TimeParts, conversions};
use crate::convert::std::time::{from_epoch, since_epoch, timedelta};
use crate::exceptions::{TypeError, ValueError};
use crate::types::{DateTime, TimeDelta};
use crate::{Error, Result};
use time::{Date, Duration, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

#[cold]
fn out_of_range() -> Error {
    ValueError::new("out of range for time")
}

fn date_of((year, month, day): DateParts) -> Result<Date> {
    let month = Month::try_from(month).map_err(|_| out_of_range())?;
    Date::from_calendar_date(year, month, day).map_err(|_| out_of_range())
}

fn time_of((hour, minute, second, microsecond): TimeParts) -> Result<Time> {
    Time::from_hms_micro(hour, minute, second, microsecond).map_err(|_| out_of_range())
}

fn datetime_of((date, time): (DateParts, TimeParts)) -> Result<PrimitiveDateTime> {
    Ok(date_of(date)?.with_time(time_of(time)?))
}

fn offset_of(seconds: i32) -> Result<UtcOffset> {
    UtcOffset::from_whole_seconds(seconds).map_err(|_| out_of_range())
}

fn parts_of_date(date: Date) -> DateParts {
    (date.year(), date.month().into(), date.day())
}

fn parts_of_time(time: Time) -> TimeParts {
    time.as_hms_micro()
}

conversions! {
    Date, "datetime.date";
    /// From a `date`.
    from |handle| date_of(calendar::date(handle.downcast()?)?);
    /// A `date`.
    into |ctx, date| {
        let (year, month, day) = parts_of_date(date);
        ctx.date(year, month, day)
    };

    Time, "datetime.time";
    /// From a `time` without a time zone.
    from |handle| time_of(calendar::naive_time(handle.downcast()?)?);
    /// A `time`.
    into |ctx, time| {
        let (hour, minute, second, microsecond) = parts_of_time(time);
        ctx.time(hour, minute, second, microsecond)
    };

    PrimitiveDateTime, "datetime.datetime";
    /// From a `datetime` without a time zone.
    from |handle| datetime_of(calendar::naive_datetime(handle.downcast()?)?);
    /// A `datetime` without a time zone.
    into |ctx, datetime| {
        ctx.datetime(parts_of_date(datetime.date()), parts_of_time(datetime.time()), None)
    };

    UtcOffset, "datetime.tzinfo";
    /// From a `timezone`, or another `tzinfo` whose offset is always the same.
    from |handle| offset_of(calendar::fixed_offset(handle.downcast()?, out_of_range)?);
    /// A `timezone`.
    into |ctx, offset| ctx.timezone(offset.whole_seconds());

    Duration, "datetime.timedelta";
    /// From a `timedelta`.
    from |handle| {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        Duration::seconds(seconds)
            .checked_add(Duration::microseconds(microseconds.into()))
            .ok_or_else(out_of_range)
    };
    /// A `timedelta`.
    into |ctx, duration| {
        let nanoseconds = duration.subsec_nanoseconds();
        let (seconds, microseconds) = calendar::duration(duration.whole_seconds(), nanoseconds);
        timedelta(ctx, seconds, microseconds)
    };

    OffsetDateTime, "datetime.datetime";
    /// From a `datetime` with any time zone: its offset at that time is kept.
    from |handle| {
        let datetime = handle.downcast::<DateTime>()?;
        let Some(offset) = datetime.utcoffset()? else {
            return Err(TypeError::new("must be a datetime with a time zone, not a naive one"));
        };
        let offset = offset_of(calendar::offset(&offset, out_of_range)?)?;
        let (seconds, microseconds) = since_epoch(datetime)?;
        OffsetDateTime::from_unix_timestamp(seconds)
            .ok()
            .and_then(|utc| utc.checked_add(Duration::microseconds(microseconds.into())))
            .and_then(|utc| utc.checked_to_offset(offset))
            .ok_or_else(out_of_range)
    };
    /// A `datetime` with the offset that the time has.
    into |ctx, moment| {
        let microseconds = moment.nanosecond() / 1000;
        let offset = ctx.timezone(moment.offset().whole_seconds())?;
        from_epoch(ctx, moment.unix_timestamp(), microseconds)
            .and_then(|datetime| datetime.astimezone(&offset))
    };
}
