//! `chrono-tz`: time zones with names, and datetimes in them.

use crate::exceptions::{TypeError, ValueError};
use crate::storage::lookup::Lookup;
use crate::types::{DateTime, Str, TzInfo};
use crate::{Annotation, Context, FromHandle, Handle, IntoHandle, Result};
use chrono::Utc;
use chrono_tz::Tz;

static ZONE_INFO: Lookup = Lookup::new(c"zoneinfo:ZoneInfo");

/// From a `zoneinfo.ZoneInfo` with a key, or `timezone.utc`.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Tz {
    const ANNOTATION: Annotation = Annotation::name("datetime.tzinfo");
    const NESTS: bool = false;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let ctx = handle.ctx();
        if handle.is(&ctx.utc()?) {
            return Ok(Tz::UTC);
        }
        if !ZONE_INFO.is_type_of(handle) {
            return Err(handle.wrong_type("zoneinfo.ZoneInfo"));
        }
        let key = handle.getattr(c"key")?;
        // One that was read from a file has none.
        let Ok(key) = key.downcast::<Str>() else {
            return Err(ValueError::new("the time zone has no name"));
        };
        let key = key.to_str()?;
        key.parse()
            .map_err(|_| ValueError::new(format!("chrono-tz has no time zone {key:?}")))
    }
}

/// A `zoneinfo.ZoneInfo`.
impl<'ctx> IntoHandle<'ctx> for Tz {
    const ANNOTATION: Annotation = Annotation::name("datetime.tzinfo");
    const NESTS: bool = false;

    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        ZONE_INFO.get(ctx)?.call1((self.name(),))
    }
}

/// From a `datetime` whose `tzinfo` converts to a [`Tz`].
impl<'a, 'ctx> FromHandle<'a, 'ctx> for chrono::DateTime<Tz> {
    const ANNOTATION: Annotation = Annotation::name("datetime.datetime");
    const NESTS: bool = false;

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        let zone = handle.downcast::<DateTime>()?.tzinfo()?;
        let Some(zone) = zone else {
            return Err(TypeError::new(
                "must be a datetime with a time zone, not a naive one",
            ));
        };
        let zone = Tz::from_handle(zone.as_object())?;
        Ok(chrono::DateTime::<Utc>::from_handle(handle)?.with_timezone(&zone))
    }
}

/// The `tzinfo` for a time zone of any type, if it is one with a name.
pub(super) fn zone_of<'ctx>(
    ctx: Context<'ctx>,
    zone: &dyn core::any::Any,
) -> Option<Result<Handle<'ctx, TzInfo>>> {
    let zone = *zone.downcast_ref::<Tz>()?;
    Some(zone.into_handle(ctx).and_then(Handle::downcast_into))
}
