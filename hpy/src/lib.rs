#![doc = include_str!("guide.md")]
#![warn(missing_docs)]

// The macros are built while the rest is, as neither of the two crates needs the other: a third of
// the time of a first build.
#[doc(inline)]
pub use hpy_core::*;
pub use hpy_macros::{
    FromHandle, IntoHandle, Traverse, hpy, hpy_method, hpy_methods, hpy_module, hpy_type, test,
};

/// What nearly every extension imports: `use hpy::prelude::*;`
///
/// Exceptions are imported by name: `use hpy::exceptions::ValueError;`. So are the rarer types,
/// `use hpy::types::MemoryView;`, and the macros [`bail!`](crate::bail) and
/// [`ensure!`](crate::ensure), `use hpy::{bail, ensure};`. None of the macros here has a name that
/// `anyhow` uses. Where `Context`, `Error` or `Result` is imported from elsewhere, that one is
/// meant, and the other is written `hpy::Context`:
///
/// ```
/// use anyhow::{Context, Result, bail, ensure};
/// use hpy::exceptions::ValueError;
/// use hpy::prelude::*;
///
/// fn port(address: &str) -> Result<u16> {
///     ensure!(!address.is_empty(), "there is no address");
///     let (_host, port) = address.split_once(':').context("there is no colon")?;
///     match port.parse().context("there is no port")? {
///         0 => bail!("0 is no port"),
///         port => Ok(port),
///     }
/// }
///
/// #[hpy_method]
/// fn port_of<'ctx>(ctx: hpy::Context<'ctx>, address: &str) -> hpy::Result<Handle<'ctx, Int>> {
///     let port = port(address).map_err(|error| ValueError::new(format!("{error:#}")))?;
///     ctx.int(port)
/// }
/// # hpy_mock::run(|ctx| {
/// #     let port_of = hpy_mock::method::<port_of>(ctx);
/// #     assert_eq!(port_of.call1(("localhost:80",))?.extract::<u16>()?, 80);
/// #     assert!(port_of.call1(("localhost:0",)).is_err());
/// #     Ok(())
/// # });
/// ```
///
/// Both may be imported whole. A name that both have is then imported once more by itself:
///
/// ```
/// use anyhow::*;
/// use hpy::prelude::*;
/// use hpy::{Context, Result};
///
/// fn checked(number: i64) -> anyhow::Result<i64> {
///     ensure!(number > 0, "{number} is too small");
///     if number > 100 {
///         bail!("{number} is too large");
///     }
///     Ok(number)
/// }
///
/// #[hpy_method]
/// fn is_fine<'ctx>(ctx: Context<'ctx>, number: i64) -> Result<Handle<'ctx, Bool>> {
///     Result::Ok(ctx.bool(checked(number).is_ok()))
/// }
/// # hpy_mock::run(|ctx| {
/// #     let is_fine = hpy_mock::method::<is_fine>(ctx);
/// #     assert!(is_fine.call1((1,))?.is_truthy()? && !is_fine.call1((0,))?.is_truthy()?);
/// #     Result::Ok(())
/// # });
/// ```
pub mod prelude {
    pub use hpy_core::prelude::*;
    pub use hpy_macros::{
        FromHandle, IntoHandle, Traverse, hpy, hpy_method, hpy_methods, hpy_module, hpy_type,
    };
}
