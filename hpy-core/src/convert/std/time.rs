//! `std::time`: `Duration` and `timedelta`, `SystemTime` and aware `datetime`s.

use crate::exceptions::{OverflowError, TypeError, ValueError};
use crate::types::{DateTime, TimeDelta};
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

static EPOCH: crate::Cached = crate::Cached::new();

/// 1970 in UTC.
#[inline]
fn epoch<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    EPOCH.get_or_init(ctx, || {
        let utc = ctx.utc()?;
        let epoch = ctx.datetime((1970, 1, 1), (0, 0, 0, 0), Some(&utc))?;
        Ok(epoch.into_object())
    })
}

/// Seconds since 1970, rounded down, and the microseconds beyond them, of an aware datetime.
#[inline]
pub(crate) fn since_epoch(datetime: &Handle<'_, DateTime>) -> Result<(i64, u32)> {
    if datetime.utcoffset()?.is_none() {
        return Err(TypeError::new(
            "must be a datetime with a time zone, not a naive one",
        ));
    }
    let since = datetime.as_object().sub(epoch(datetime.ctx())?)?;
    since.downcast::<TimeDelta>()?.whole_seconds()
}

/// The datetime in UTC that many seconds and microseconds after 1970.
#[inline]
pub(crate) fn from_epoch<'ctx>(
    ctx: Context<'ctx>,
    seconds: i64,
    microseconds: u32,
) -> Result<Handle<'ctx, DateTime>> {
    let since = timedelta(ctx, seconds, microseconds)?;
    epoch(ctx)?.add(since)?.downcast_into()
}

/// Seconds and microseconds as a timedelta.
#[inline]
pub(crate) fn timedelta<'ctx>(
    ctx: Context<'ctx>,
    seconds: i64,
    microseconds: u32,
) -> Result<Handle<'ctx, TimeDelta>> {
    let (days, seconds) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    ctx.timedelta(days, seconds, i64::from(microseconds))
}

/// From a `timedelta` that is not negative.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Duration {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = handle.downcast::<TimeDelta>()?.whole_seconds()?;
        let seconds = u64::try_from(seconds)
            .map_err(|_| ValueError::new("can't convert a negative timedelta to a duration"))?;
        Ok(Duration::new(seconds, microseconds * 1000))
    }
}

/// A `timedelta`, which has no nanoseconds.
impl<'ctx> IntoHandle<'ctx> for Duration {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.timedelta");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let seconds = i64::try_from(self.as_secs())
            .map_err(|_| OverflowError::new("the duration is too large for a timedelta"))?;
        timedelta(ctx, seconds, self.subsec_micros()).map(Handle::into_object)
    }
}

/// From a `datetime` with a time zone.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for SystemTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let (seconds, microseconds) = since_epoch(handle.downcast()?)?;
        let whole = Duration::from_secs(seconds.unsigned_abs());
        let time = match seconds {
            0.. => UNIX_EPOCH.checked_add(whole),
            _ => UNIX_EPOCH.checked_sub(whole),
        };
        time.and_then(|time| time.checked_add(Duration::from_micros(microseconds.into())))
            .ok_or_else(|| OverflowError::new("the system's clock does not reach that far"))
    }
}

/// A `datetime` in UTC, which has no nanoseconds.
impl<'ctx> IntoHandle<'ctx> for SystemTime {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("datetime.datetime");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        let too_far = || OverflowError::new("the time is too far away for a datetime");
        let (seconds, nanoseconds) = match self.duration_since(UNIX_EPOCH) {
            Ok(since) => (i64::try_from(since.as_secs()), since.subsec_nanos()),
            Err(before) => {
                let before = before.duration();
                let seconds = i64::try_from(before.as_secs()).map(|seconds| -seconds);
                match before.subsec_nanos() {
                    0 => (seconds, 0),
                    nanos => (seconds.map(|seconds| seconds - 1), 1_000_000_000 - nanos),
                }
            }
        };
        let seconds = seconds.map_err(|_| too_far())?;
        from_epoch(ctx, seconds, nanoseconds / 1000).map(Handle::into_object)
    }
}
