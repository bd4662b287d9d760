//! `chrono`: dates, times and durations. Python's have microseconds: nanoseconds beyond them are
//! dropped, and a leap second is the end of the second before it.

use crate::convert::std::time::{from_epoch, since_epoch, timedelta};
use crate::exceptions::{TypeError, ValueError};
use crate::types::{Date, DateTime, Time, TimeDelta, TzInfo};
use crate::{Context, Error, FromHandle, Handle, IntoHandle, Result};
use chrono::{
    Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Timelike, Utc,
};

#[cold]
fn out_of_range() -> Error {
    ValueError::new("out of range for chrono")
}

fn date_of(year: i32, month: u8, day: u8) -> Result<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month.into(), day.into()).ok_or_else(out_of_range)
}

fn time_of(hour: u8, minute: u8, second: u8, microsecond: u32) -> Result<NaiveTime> {
    NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), microsecond)
        .ok_or_else(out_of_range)
}

fn parts_of_date(date: &impl Datelike) -> (i32, u8, u8) {
    (date.year(), date.month() as u8, date.day() as u8)
}

fn parts_of_time(time: &impl Timelike) -> (u8, u8, u8, u32) {
    let microsecond = (time.nanosecond() / 1000).min(999_999);
    (
        time.hour() as u8,
        time.minute() as u8,
        time.second() as u8,
        microsecond,
    )
}

/// The numbers of a datetime, whatever its time zone.
fn naive(datetime: &Handle<'_, DateTime>) -> Result<NaiveDateTime> {
    let date = date_of(datetime.year()?, datetime.month()?, datetime.day()?)?;
    let time = time_of(
        datetime.hour()?,
        datetime.minute()?,
        datetime.second()?,
        datetime.microsecond()?,
    )?;
    Ok(date.and_time(time))
}

/// From a `date`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for NaiveDate {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.date");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let date = handle.downcast::<Date>()?;
        date_of(date.year()?, date.month()?, date.day()?)
    }
}

/// From a `time` without a time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for NaiveTime {
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
impl<'a, 'ctx> FromHandle<'a, 'ctx> for NaiveDateTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let datetime = handle.downcast::<DateTime>()?;
        if datetime.tzinfo()?.is_some() {
            return Err(TypeError::new("must be a datetime without a time zone"));
        }
        naive(datetime)
    }
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
        let offset = fixed(&offset)?;
        let utc = naive(datetime)?.checked_sub_offset(offset);
        Ok(offset.from_utc_datetime(&utc.ok_or_else(out_of_range)?))
    }
}

fn fixed(offset: &Handle<'_, TimeDelta>) -> Result<FixedOffset> {
    match offset.whole_seconds()? {
        (seconds, 0) => i32::try_from(seconds)
            .ok()
            .and_then(FixedOffset::east_opt)
            .ok_or_else(out_of_range),
        _ => Err(ValueError::new("the offset must be of whole seconds")),
    }
}

/// From a `timezone`, or another `tzinfo` whose offset is always the same.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for FixedOffset {
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
impl<'a, 'ctx> FromHandle<'a, 'ctx> for chrono::TimeDelta {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        Self::new(seconds, microseconds * 1000).ok_or_else(out_of_range)
    }
}

/// A `date`.
impl<'ctx> IntoHandle<'ctx> for NaiveDate {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.date");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let (year, month, day) = parts_of_date(&self);
        ctx.date(year, month, day).map(Handle::into_object)
    }
}

/// A `time`.
impl<'ctx> IntoHandle<'ctx> for NaiveTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.time");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let (hour, minute, second, microsecond) = parts_of_time(&self);
        ctx.time(hour, minute, second, microsecond)
            .map(Handle::into_object)
    }
}

/// A `datetime` without a time zone.
impl<'ctx> IntoHandle<'ctx> for NaiveDateTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.datetime(parts_of_date(&self), parts_of_time(&self), None)
            .map(Handle::into_object)
    }
}

/// A `datetime` with the offset that the time has.
impl<'ctx, Tz: TimeZone> IntoHandle<'ctx> for chrono::DateTime<Tz> {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let utc = self.naive_utc();
        let timezone = ctx.timezone(self.offset().fix().local_minus_utc())?;
        let timestamp = utc.and_utc();
        let microseconds = (utc.nanosecond() / 1000).min(999_999);
        let datetime = from_epoch(ctx, timestamp.timestamp(), microseconds)?;
        datetime.astimezone(&timezone).map(Handle::into_object)
    }
}

/// A `timezone`.
impl<'ctx> IntoHandle<'ctx> for FixedOffset {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.tzinfo");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.timezone(self.local_minus_utc())
            .map(Handle::into_object)
    }
}

/// `timezone.utc`.
impl<'ctx> IntoHandle<'ctx> for Utc {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.tzinfo");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ctx.utc().map(Handle::into_object)
    }
}

/// A `timedelta`.
impl<'ctx> IntoHandle<'ctx> for chrono::TimeDelta {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        // Rounded down, as a timedelta's microseconds are never negative.
        let (mut seconds, mut nanoseconds) = (self.num_seconds(), self.subsec_nanos());
        if nanoseconds < 0 {
            (seconds, nanoseconds) = (seconds - 1, nanoseconds + 1_000_000_000);
        }
        timedelta(ctx, seconds, nanoseconds as u32 / 1000).map(Handle::into_object)
    }
}
