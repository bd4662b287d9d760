//! The types of Python's module `datetime`.
//!
//! HPy's API has nothing for them: each is looked up once per interpreter and used as Python code
//! would use it.

use super::builtin::cached_marker;
use super::markers::markers;
use crate::storage::lookup::Lookup;
use crate::{Context, Handle, Result};

markers! {
    /// A `datetime.date`; each [`DateTime`] is one too.
    Date;
    /// A `datetime.time`.
    Time;
    /// A `datetime.datetime`.
    DateTime;
    /// A `datetime.timedelta`.
    TimeDelta;
    /// A `datetime.tzinfo`: a `timezone`, a `zoneinfo.ZoneInfo` and the like.
    TzInfo;
}

cached_marker! {
    Date "date" c"datetime:date"
}
cached_marker! {
    Time "time" c"datetime:time"
}
cached_marker! {
    DateTime "datetime" c"datetime:datetime"
}
cached_marker! {
    TimeDelta "timedelta" c"datetime:timedelta"
}
cached_marker! {
    TzInfo "tzinfo" c"datetime:tzinfo"
}

use crate::types::TypeObject;

static TIMEZONE: Lookup = Lookup::new(c"datetime:timezone");
static UTC: Lookup = Lookup::new(c"datetime:timezone.utc");

/// Objects of the module `datetime`. Rust's own types, and those of `chrono` and `jiff`, convert by
/// [`Context::handle`].
impl<'ctx> Context<'ctx> {
    /// `datetime.date(year, month, day)`.
    ///
    /// # Errors
    /// ValueError for a day that there is not.
    #[inline]
    pub fn date(self, year: i32, month: u8, day: u8) -> Result<Handle<'ctx, Date>> {
        Date::type_object(self)?
            .call1((year, month, day))?
            .downcast_into()
    }

    /// `datetime.time(hour, minute, second, microsecond)`.
    ///
    /// # Errors
    /// ValueError for a time that there is not.
    #[inline]
    pub fn time(
        self,
        hour: u8,
        minute: u8,
        second: u8,
        microsecond: u32,
    ) -> Result<Handle<'ctx, Time>> {
        Time::type_object(self)?
            .call1((hour, minute, second, microsecond))?
            .downcast_into()
    }

    /// `datetime.datetime` of year, month and day, and of hour, minute, second and microsecond.
    ///
    /// # Errors
    /// ValueError for a day or time that there is not.
    #[inline]
    pub fn datetime(
        self,
        (year, month, day): (i32, u8, u8),
        (hour, minute, second, microsecond): (u8, u8, u8, u32),
        tzinfo: Option<&Handle<'ctx, TzInfo>>,
    ) -> Result<Handle<'ctx, DateTime>> {
        DateTime::type_object(self)?
            .call1((year, month, day, hour, minute, second, microsecond, tzinfo))?
            .downcast_into()
    }

    /// `datetime.timedelta(days, seconds, microseconds)`.
    ///
    /// # Errors
    /// OverflowError beyond a thousand million days.
    #[inline]
    pub fn timedelta(
        self,
        days: i64,
        seconds: i64,
        microseconds: i64,
    ) -> Result<Handle<'ctx, TimeDelta>> {
        TimeDelta::type_object(self)?
            .call1((days, seconds, microseconds))?
            .downcast_into()
    }

    /// `datetime.timezone.utc`.
    ///
    /// # Errors
    /// What importing `datetime` raises.
    #[inline]
    pub fn utc(self) -> Result<Handle<'ctx, TzInfo>> {
        UTC.get(self)?.downcast_into()
    }

    /// `datetime.timezone` of an offset to the east, in seconds.
    ///
    /// # Errors
    /// ValueError for a day or more.
    #[inline]
    pub fn timezone(self, offset_seconds: i32) -> Result<Handle<'ctx, TzInfo>> {
        if offset_seconds == 0 {
            return self.utc();
        }
        let offset = self.timedelta(0, i64::from(offset_seconds), 0)?;
        TIMEZONE.get(self)?.call1((offset,))?.downcast_into()
    }
}

macro_rules! attributes {
    ($marker:ident: $($(#[$doc:meta])* $name:ident: $type:ty = $attribute:literal;)*) => {
        impl<'ctx> Handle<'ctx, $marker> {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// What a subclass raises.
                #[inline]
                pub fn $name(&self) -> Result<$type> {
                    self.as_object().getattr($attribute)?.extract()
                }
            )*
        }
    };
}

attributes! { Date:
    /// The year, 1 to 9999.
    year: i32 = c"year";
    /// The month, 1 to 12.
    month: u8 = c"month";
    /// The day, 1 to 31.
    day: u8 = c"day";
}
attributes! { Time:
    /// The hour, 0 to 23.
    hour: u8 = c"hour";
    /// The minute, 0 to 59.
    minute: u8 = c"minute";
    /// The second, 0 to 59.
    second: u8 = c"second";
    /// The microsecond, 0 to 999999.
    microsecond: u32 = c"microsecond";
    /// 1 for the second of two equal times, as when clocks are turned back.
    fold: u8 = c"fold";
    /// The time zone, if it has one.
    tzinfo: Option<Handle<'ctx, TzInfo>> = c"tzinfo";
}
attributes! { DateTime:
    /// The year, 1 to 9999.
    year: i32 = c"year";
    /// The month, 1 to 12.
    month: u8 = c"month";
    /// The day, 1 to 31.
    day: u8 = c"day";
    /// The hour, 0 to 23.
    hour: u8 = c"hour";
    /// The minute, 0 to 59.
    minute: u8 = c"minute";
    /// The second, 0 to 59.
    second: u8 = c"second";
    /// The microsecond, 0 to 999999.
    microsecond: u32 = c"microsecond";
    /// 1 for the second of two equal times, as when clocks are turned back.
    fold: u8 = c"fold";
    /// The time zone, if it has one.
    tzinfo: Option<Handle<'ctx, TzInfo>> = c"tzinfo";
}
attributes! { TimeDelta:
    /// The days, which alone may be negative.
    days: i64 = c"days";
    /// The seconds beyond the days, 0 to 86399.
    seconds: i64 = c"seconds";
    /// The microseconds beyond the seconds, 0 to 999999.
    microseconds: u32 = c"microseconds";
}

impl<'ctx> Handle<'ctx, DateTime> {
    /// How far the time is ahead of UTC: None for a naive one.
    ///
    /// # Errors
    /// What the time zone raises.
    #[inline]
    pub fn utcoffset(&self) -> Result<Option<Handle<'ctx, TimeDelta>>> {
        self.as_object().call_method0("utcoffset")?.extract()
    }

    /// The same moment in another time zone.
    ///
    /// # Errors
    /// What the time zones raise; OverflowError outside the years 1 to 9999.
    #[inline]
    pub fn astimezone(&self, tz: &Handle<'ctx, TzInfo>) -> Result<Handle<'ctx, DateTime>> {
        self.as_object()
            .call_method1("astimezone", (tz,))?
            .downcast_into()
    }
}

impl Handle<'_, TimeDelta> {
    /// Whole seconds, rounded down, and the microseconds beyond them.
    ///
    /// # Errors
    /// What a subclass raises.
    #[inline]
    pub fn whole_seconds(&self) -> Result<(i64, u32)> {
        let seconds = self.days()?.saturating_mul(86_400);
        let seconds = seconds.saturating_add(self.seconds()?);
        // A subclass may say anything.
        let microseconds = self.microseconds()?;
        let more = i64::from(microseconds / 1_000_000);
        Ok((seconds.saturating_add(more), microseconds % 1_000_000))
    }
}
