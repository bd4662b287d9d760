//! The same of `eyre`, whose `WrapErr` has the names of `anyhow::Context` too.

use super::reports::nested;
use eyre::WrapErr as _;
use hpy::eyre::WrapErr as _;
use hpy::prelude::*;

#[hpy_method]
pub fn eyre_port(settings: &Handle<'_>) -> eyre::Result<u16> {
    let port = settings.get_item("port").wrap_err("no port")?;
    let port: String = port.extract()?;
    port.parse::<u16>()
        .wrap_err_with(|| format!("{port:?} is no port"))
}

#[hpy_method]
pub fn eyre_layers(texts: Vec<String>, layers: usize) -> eyre::Result<()> {
    let error = eyre::Report::from(nested(layers));
    Err(texts.into_iter().rev().fold(error, eyre::Report::wrap_err))
}

#[hpy_method]
pub fn eyre_raised_below<'ctx>(
    function: &Handle<'ctx>,
    texts: Vec<String>,
) -> eyre::Result<Handle<'ctx>> {
    let mut result = function.call0().map_err(eyre::Report::from);
    for text in texts.into_iter().rev() {
        result = result.wrap_err(text);
    }
    result
}
