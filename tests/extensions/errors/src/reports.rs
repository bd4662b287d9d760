//! Errors of `anyhow` and `eyre`: see `test_reports.py`.

use anyhow::Context as _;
use hpy::anyhow::Context as _;
use hpy::exceptions::LookupError;
use hpy::prelude::*;
use std::fmt;
use std::sync::{Mutex, PoisonError};

#[hpy_method]
pub fn anyhow_port(settings: &Handle<'_>) -> anyhow::Result<u16> {
    let port = settings.get_item("port").context("no port")?;
    let port: String = port.extract()?;
    port.parse::<u16>()
        .with_context(|| format!("{port:?} is no port"))
}

/// The same, when it is awaited.
#[hpy_method]
pub async fn later_port(port: String) -> anyhow::Result<u16> {
    port.parse::<u16>()
        .with_context(|| format!("{port:?} is no port"))
}

/// What a Rust library might return.
#[derive(Debug)]
pub struct Nested(usize, Option<Box<Nested>>);

impl fmt::Display for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "layer {}", self.0)
    }
}

impl std::error::Error for Nested {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.1.as_ref().map(|source| &**source as _)
    }
}

pub fn nested(layers: usize) -> Nested {
    let source = layers.checked_sub(1).map(|below| Box::new(nested(below)));
    Nested(layers, source)
}

/// The chain of a library's error, with texts before it.
#[hpy_method]
pub fn layers(texts: Vec<String>, layers: usize) -> Result<(), anyhow::Error> {
    let error = anyhow::Error::from(nested(layers));
    Err(texts.into_iter().rev().fold(error, anyhow::Error::context))
}

/// What `function` raises, with texts before it.
#[hpy_method]
pub fn raised_below<'ctx>(
    function: &Handle<'ctx>,
    texts: Vec<String>,
) -> anyhow::Result<Handle<'ctx>> {
    let mut result = function.call0().map_err(anyhow::Error::from);
    for text in texts.into_iter().rev() {
        result = result.context(text);
    }
    result
}

/// An exception as the context of a library's error.
#[hpy_method]
pub fn raised_above(layers: usize) -> anyhow::Result<()> {
    Err(anyhow::Error::from(nested(layers)).context(LookupError::new("above")))
}

#[hpy_method]
pub fn raised_alone(function: &Handle<'_>) -> anyhow::Result<()> {
    function.call0()?;
    Ok(())
}

/// Where a method returns `hpy::Result`.
#[hpy_method]
pub fn as_hpy_error(text: &str) -> Result<i64> {
    fn parse(text: &str) -> anyhow::Result<i64> {
        Ok(text.parse()?)
    }
    parse(text).map_err(Error::from_anyhow)
}

/// Rust's own errors in a function of `anyhow`.
#[hpy_method]
pub fn by_question_mark(kind: &str) -> anyhow::Result<()> {
    match kind {
        "parse" => drop("x".parse::<i64>()?),
        "file" => drop(std::fs::File::open("/no/such/file")?),
        "text" => drop(String::from_utf8(vec![b'a', 0xff])?),
        "narrow" => drop(u8::try_from(256)?),
        "message" => anyhow::bail!("a message"),
        _ => drop(Err(eyre::eyre!("of eyre")).map_err(Error::from_eyre)?),
    }
    Ok(())
}

/// Whether the exception is found in the chain, and what it is.
#[hpy_method]
pub fn finds_exception(function: &Handle<'_>) -> Option<String> {
    let error = function.call0().context("first").context("second").err()?;
    Some(error.downcast_ref::<Error>()?.to_string())
}

static KEPT: Mutex<Option<anyhow::Error>> = Mutex::new(None);

#[hpy_method]
pub fn keep_report(function: &Handle<'_>) {
    let error = function.call0().context("kept").err();
    *KEPT.lock().unwrap_or_else(PoisonError::into_inner) = error;
}

#[hpy_method]
pub fn raise_kept_report() -> anyhow::Result<()> {
    let kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner).take();
    kept.map_or(Ok(()), Err)
}

/// An iterator and special methods whose results are those of `anyhow` and `eyre`.
#[hpy_type]
pub struct Reporter {
    left: usize,
}

#[hpy_methods]
impl Reporter {
    #[new]
    fn new(left: i64) -> anyhow::Result<Self> {
        let left = usize::try_from(left).context("too few")?;
        Ok(Self { left })
    }

    fn __len__(&self) -> eyre::Result<usize> {
        eyre::ensure!(self.left != 13, "no such length");
        Ok(self.left)
    }

    fn __iter__<'ctx>(slf: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        slf.dup()
    }

    fn __next__(&mut self) -> anyhow::Result<Option<usize>> {
        self.left = self.left.checked_sub(1).context("at the end")?;
        Ok(Some(self.left))
    }

    #[getter]
    fn half(&self) -> anyhow::Result<usize> {
        anyhow::ensure!(self.left.is_multiple_of(2), "{} is odd", self.left);
        Ok(self.left / 2)
    }

    #[setter]
    fn set_half(&mut self, half: usize) -> anyhow::Result<()> {
        self.left = half.checked_mul(2).context("too large")?;
        Ok(())
    }
}

/// Nothing, in a result.
#[hpy_method]
pub fn none() -> anyhow::Result<()> {
    Ok(())
}
