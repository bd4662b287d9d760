//! A drop-in for PyPI's nh3: it removes from HTML what may do harm.

#![forbid(unsafe_code)]

mod builder;
mod callbacks;
mod check;
mod cleaner;
mod settings;

use std::collections::HashSet;

use ammonia::Builder;
use cleaner::{Cleaner, clean};
use hpy::prelude::*;
use settings::Settings;

/// Turns a text into one that has no meaning in HTML.
///
/// With tags, these stay tags, without attributes of their own. Others are removed.
///
/// >>> nh3.clean_text("1 < 2")
/// '1&#32;&lt;&#32;2'
#[hpy_method(signature = (html, tags = None))]
fn clean_text(ctx: Context<'_>, html: &str, tags: Option<HashSet<String>>) -> Result<String> {
    match tags {
        None => Ok(ammonia::clean_text(html)),
        Some(tags) => cleaner::cleaned(ctx, Settings::of_tags(tags), html),
    }
}

/// The same as `clean_text`.
///
/// >>> nh3.escape("<b>bold</b> <i>text</i>", tags={"b"})
/// '<b>bold</b> text'
#[hpy_method(signature = (html, tags = None))]
fn escape(ctx: Context<'_>, html: &str, tags: Option<HashSet<String>>) -> Result<String> {
    clean_text(ctx, html, tags)
}

/// Whether a text has syntax of HTML.
///
/// >>> nh3.is_html("<p>html!</p>")
/// True
#[hpy_method(keywords)]
fn is_html(html: &str) -> bool {
    ammonia::is_html(html)
}

hpy_module! {
    /// Removes from HTML what may do harm.
    name: nh3,
    methods: [clean, clean_text, escape, is_html],
    types: [Cleaner],
    constants: {
        __version__: env!("CARGO_PKG_VERSION"),
        ALLOWED_TAGS: Builder::default().clone_tags(),
        ALLOWED_ATTRIBUTES: Builder::default().clone_tag_attributes(),
        ALLOWED_URL_SCHEMES: Builder::default().clone_url_schemes(),
        CLEAN_CONTENT_TAGS: Builder::default().clone_clean_content_tags(),
    },
}
