//! `jiff`: dates, times, moments and durations. Python's have microseconds: nanoseconds beyond them
//! are dropped.

use crate::convert::std::time::{from_epoch, since_epoch, timedelta};
use crate::exceptions::{TypeError, ValueError};
use crate::storage::cached::Cached;
use crate::types::{Date, DateTime, Str, Time, TimeDelta, TzInfo};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result};
use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

static ZONE_INFO: Cached = Cached::new(c"zoneinfo:ZoneInfo");

#[cold]
fn refused(error: jiff::Error) -> Error {
    ValueError::new(error.to_string())
}

fn date_of(year: i32, month: u8, day: u8) -> Result<civil::Date> {
    let year = i16::try_from(year).map_err(|_| ValueError::new("out of range for jiff"))?;
    civil::Date::new(year, month as i8, day as i8).map_err(refused)
}

fn time_of(hour: u8, minute: u8, second: u8, microsecond: u32) -> Result<civil::Time> {
    let nanoseconds = microsecond as i32 * 1000;
    civil::Time::new(hour as i8, minute as i8, second as i8, nanoseconds).map_err(refused)
}

fn parts_of_date(date: civil::Date) -> (i32, u8, u8) {
    (date.year().into(), date.month() as u8, date.day() as u8)
}

fn parts_of_time(time: civil::Time) -> (u8, u8, u8, u32) {
    let microsecond = time.subsec_nanosecond() as u32 / 1000;
    (
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
        microsecond,
    )
}

/// From a `date`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for civil::Date {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.date");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let date = handle.downcast::<Date>()?;
        date_of(date.year()?, date.month()?, date.day()?)
    }
}

/// From a `time` without a time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for civil::Time {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.time");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let time = handle.downcast::<Time>()?;
        if time.tzinfo()?.is_some() {
            return Err(TypeError::new("must be a time without a time zone"));
        }
        time_of(
            time.hour()?,
            time.minute()?,
            time.second()?,
            time.microsecond()?,
        )
    }
}

/// From a `datetime` without a time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for civil::DateTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let datetime = handle.downcast::<DateTime>()?;
        if datetime.tzinfo()?.is_some() {
            return Err(TypeError::new("must be a datetime without a time zone"));
        }
        let date = date_of(datetime.year()?, datetime.month()?, datetime.day()?)?;
        let time = time_of(
            datetime.hour()?,
            datetime.minute()?,
            datetime.second()?,
            datetime.microsecond()?,
        )?;
        Ok(date.to_datetime(time))
    }
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
            (None, Some(offset)) => TimeZone::fixed(fixed(&offset)?),
            (None, None) => TimeZone::UTC,
        };
        Ok(moment.to_zoned(zone))
    }
}

fn fixed(offset: &Handle<'_, TimeDelta>) -> Result<Offset> {
    match offset.whole_seconds()? {
        (seconds, 0) => {
            let seconds =
                i32::try_from(seconds).map_err(|_| ValueError::new("out of range for jiff"))?;
            Offset::from_seconds(seconds).map_err(refused)
        }
        _ => Err(ValueError::new("the offset must be of whole seconds")),
    }
}

/// From a `timezone`, or another `tzinfo` whose offset is always the same.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Offset {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.tzinfo");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let tzinfo = handle.downcast::<TzInfo>()?;
        let offset = tzinfo.call_method1("utcoffset", (handle.ctx().none(),))?;
        if offset.is_none() {
            return Err(ValueError::new("the time zone has no fixed offset"));
        }
        fixed(offset.downcast()?)
    }
}

/// From a `timedelta`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for SignedDuration {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        let whole = SignedDuration::from_secs(seconds);
        whole
            .checked_add(SignedDuration::from_micros(microseconds.into()))
            .ok_or_else(|| ValueError::new("out of range for jiff"))
    }
}

/// A `date`.
impl<'ctx> IntoHandle<'ctx> for civil::Date {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.date");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let (year, month, day) = parts_of_date(self);
        ctx.date(year, month, day).map(Handle::into_object)
    }
}

/// A `time`.
impl<'ctx> IntoHandle<'ctx> for civil::Time {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.time");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let (hour, minute, second, microsecond) = parts_of_time(self);
        ctx.time(hour, minute, second, microsecond)
            .map(Handle::into_object)
    }
}

/// A `datetime` without a time zone.
impl<'ctx> IntoHandle<'ctx> for civil::DateTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.datetime(parts_of_date(self.date()), parts_of_time(self.time()), None)
            .map(Handle::into_object)
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

/// A `timezone`.
impl<'ctx> IntoHandle<'ctx> for Offset {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.tzinfo");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.timezone(self.seconds()).map(Handle::into_object)
    }
}

/// A `timedelta`.
impl<'ctx> IntoHandle<'ctx> for SignedDuration {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        // Rounded down, as a timedelta's microseconds are never negative.
        let (mut seconds, mut nanoseconds) = (self.as_secs(), self.subsec_nanos());
        if nanoseconds < 0 {
            (seconds, nanoseconds) = (seconds.saturating_sub(1), nanoseconds + 1_000_000_000);
        }
        timedelta(ctx, seconds, nanoseconds as u32 / 1000).map(Handle::into_object)
    }
}
