//! `std::net`'s addresses and those of Python's `ipaddress`.

use crate::exceptions::ValueError;
use crate::storage::cached::Cached;
use crate::types::Str;
use crate::{Context, FromHandle, Handle, IntoHandle, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

static V4: Cached = Cached::new(c"ipaddress:IPv4Address");
static V6: Cached = Cached::new(c"ipaddress:IPv6Address");

/// From an `ipaddress.IPv4Address`, or text.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Ipv4Addr {
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::name("ipaddress.IPv4Address"),
        crate::Annotation::name("str"),
    ]);

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match IpAddr::from_handle(handle)? {
            IpAddr::V4(address) => Ok(address),
            IpAddr::V6(_) => Err(ValueError::new("must be an IPv4 address")),
        }
    }
}

/// From an `ipaddress.IPv6Address`, or text.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for Ipv6Addr {
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::name("ipaddress.IPv6Address"),
        crate::Annotation::name("str"),
    ]);

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        match IpAddr::from_handle(handle)? {
            IpAddr::V6(address) => Ok(address),
            IpAddr::V4(_) => Err(ValueError::new("must be an IPv6 address")),
        }
    }
}

/// From an address of Python's `ipaddress`, or text.
impl<'a, 'ctx> FromHandle<'a, 'ctx> for IpAddr {
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::name("ipaddress.IPv4Address"),
        crate::Annotation::name("ipaddress.IPv6Address"),
        crate::Annotation::name("str"),
    ]);

    #[inline]
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if handle.is_a::<Str>() {
            return Ok(<&str>::from_handle(handle)?.parse::<IpAddr>()?);
        }
        if V4.is_type_of(handle) {
            let packed: [u8; 4] = handle.getattr(c"packed")?.extract()?;
            return Ok(packed.into());
        }
        if V6.is_type_of(handle) {
            let packed: [u8; 16] = handle.getattr(c"packed")?.extract()?;
            return Ok(packed.into());
        }
        Err(handle.wrong_type("ipaddress.IPv4Address, ipaddress.IPv6Address or str"))
    }
}

/// An `ipaddress.IPv4Address`.
impl<'ctx> IntoHandle<'ctx> for Ipv4Addr {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("ipaddress.IPv4Address");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        V4.get(ctx)?.call1((u32::from(self),))
    }
}

/// An `ipaddress.IPv6Address`.
impl<'ctx> IntoHandle<'ctx> for Ipv6Addr {
    const ANNOTATION: crate::Annotation = crate::Annotation::name("ipaddress.IPv6Address");

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        // Of bytes: a small number would be taken for one of IPv4.
        V6.get(ctx)?.call1((self.octets().as_slice(),))
    }
}

impl<'ctx> IntoHandle<'ctx> for IpAddr {
    const ANNOTATION: crate::Annotation = crate::Annotation::union(&[
        crate::Annotation::name("ipaddress.IPv4Address"),
        crate::Annotation::name("ipaddress.IPv6Address"),
    ]);

    #[inline]
    fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
        match self {
            IpAddr::V4(address) => address.into_handle(ctx),
            IpAddr::V6(address) => address.into_handle(ctx),
        }
    }
}
