//! `jiff`: dates, times, moments and durations. Python's have microseconds: nanoseconds beyond them
//! are dropped.

use super::calendar::{self, DateParts, TimeParts, conversions};
use crate::convert::std::time::{from_epoch, since_epoch, timedelta};
use crate::exceptions::ValueError;
use crate::storage::lookup::Lookup;
use crate::types::{DateTime, Str, TimeDelta};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result};
use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

static ZONE_INFO: Lookup = Lookup::new(c"zoneinfo:ZoneInfo");

#[cold]
fn refused(error: jiff::Error) -> Error {
    ValueError::new(error.to_string())
}

#[cold]
fn out_of_range() -> Error {
    ValueError::new("out of range for jiff")
}

fn date_of((year, month, day): DateParts) -> Result<civil::Date> {
    let year = i16::try_from(year).map_err(|_| out_of_range())?;
    civil::Date::new(year, month as i8, day as i8).map_err(refused)
}

fn time_of((hour, minute, second, microsecond): TimeParts) -> Result<civil::Time> {
    // A subclass may say anything.
    let nanoseconds = i32::try_from(microsecond).ok();
    let nanoseconds = nanoseconds.and_then(|microseconds| microseconds.checked_mul(1000));
    let nanoseconds = nanoseconds.ok_or_else(out_of_range)?;
    civil::Time::new(hour as i8, minute as i8, second as i8, nanoseconds).map_err(refused)
}

fn datetime_of((date, time): (DateParts, TimeParts)) -> Result<civil::DateTime> {
    Ok(date_of(date)?.to_datetime(time_of(time)?))
}

fn offset_of(seconds: i32) -> Result<Offset> {
    Offset::from_seconds(seconds).map_err(refused)
}

fn parts_of_date(date: civil::Date) -> DateParts {
    (date.year().into(), date.month() as u8, date.day() as u8)
}

fn parts_of_time(time: civil::Time) -> TimeParts {
    let microsecond = time.subsec_nanosecond() as u32 / 1000;
    (
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
        microsecond,
    )
}

conversions! {
    civil::Date, "datetime.date";
    /// From a `date`.
    from |handle| date_of(calendar::date(handle.downcast()?)?);
    /// A `date`.
    into |ctx, date| {
        let (year, month, day) = parts_of_date(date);
        ctx.date(year, month, day)
    };

    civil::Time, "datetime.time";
    /// From a `time` without a time zone.
    from |handle| time_of(calendar::naive_time(handle.downcast()?)?);
    /// A `time`.
    into |ctx, time| {
        let (hour, minute, second, microsecond) = parts_of_time(time);
        ctx.time(hour, minute, second, microsecond)
    };

    civil::DateTime, "datetime.datetime";
    /// From a `datetime` without a time zone.
    from |handle| datetime_of(calendar::naive_datetime(handle.downcast()?)?);
    /// A `datetime` without a time zone.
    into |ctx, datetime| {
        ctx.datetime(parts_of_date(datetime.date()), parts_of_time(datetime.time()), None)
    };

    Offset, "datetime.tzinfo";
    /// From a `timezone`, or another `tzinfo` whose offset is always the same.
    from |handle| offset_of(calendar::fixed_offset(handle.downcast()?, out_of_range)?);
    /// A `timezone`.
    into |ctx, offset| ctx.timezone(offset.seconds());

    SignedDuration, "datetime.timedelta";
    /// From a `timedelta`.
    from |handle| {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        SignedDuration::from_secs(seconds)
            .checked_add(SignedDuration::from_micros(microseconds.into()))
            .ok_or_else(out_of_range)
    };
    /// A `timedelta`.
    into |ctx, duration| {
        let nanoseconds = duration.subsec_nanos();
        let (seconds, microseconds) = calendar::duration(duration.as_secs(), nanoseconds);
        timedelta(ctx, seconds, microseconds)
    };
}

/// From a `datetime` with a time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Timestamp {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = since_epoch(handle.downcast()?)?;
        Timestamp::new(seconds, microseconds as i32 * 1000).map_err(refused)
    }
}

/// From a `datetime` with a time zone: a `zoneinfo.ZoneInfo` by its key, of another the offset at
/// that time is kept.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Zoned {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let moment = Timestamp::from_handle(handle)?;
        let datetime = handle.downcast::<DateTime>()?;
        let zone = match datetime.tzinfo()? {
            Some(zone) if ZONE_INFO.is_type_of(&zone) => {
                let key = zone.getattr(c"key")?;
                match key.downcast::<Str>() {
                    Ok(key) => Some(TimeZone::get(key.to_str()?).map_err(refused)?),
                    Err(_) => None,
                }
            }
            _ => None,
        };
        let zone = match (zone, datetime.utcoffset()?) {
            (Some(zone), _) => zone,
            (None, Some(offset)) => {
                TimeZone::fixed(offset_of(calendar::offset(&offset, out_of_range)?)?)
            }
            (None, None) => TimeZone::UTC,
        };
        Ok(moment.to_zoned(zone))
    }
}

fn moment<'ctx>(timestamp: Timestamp, ctx: Context<'ctx>) -> Result<Handle<'ctx, DateTime>> {
    let microseconds = timestamp.as_microsecond();
    let (seconds, rest) = (
        microseconds.div_euclid(1_000_000),
        microseconds.rem_euclid(1_000_000),
    );
    from_epoch(ctx, seconds, rest as u32)
}

/// A `datetime` in UTC.
impl<'ctx> IntoHandle<'ctx> for Timestamp {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        moment(self, ctx).map(Handle::into_object)
    }
}

/// A `datetime` with a `zoneinfo.ZoneInfo` if the time zone has a name, else with the offset.
impl<'ctx> IntoHandle<'ctx> for Zoned {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let zone = match self.time_zone().iana_name() {
            Some("UTC") => ctx.utc()?,
            Some(name) => ZONE_INFO.get(ctx)?.call1((name,))?.downcast_into()?,
            None => ctx.timezone(self.offset().seconds())?,
        };
        let datetime = moment(self.timestamp(), ctx)?;
        datetime.astimezone(&zone).map(Handle::into_object)
    }
}
