//! The class, and the function that does the same once.

use std::collections::HashMap;

use ammonia::Builder;
use hpy::prelude::*;
use self_cell::self_cell;

use crate::settings::{Function, LINK_REL, Names, NamesByName, Settings, UrlRelative};

self_cell! {
    /// ammonia's builder, and the names that it borrows.
    struct Built {
        owner: Settings,
        #[not_covariant]
        dependent: Builder,
    }
}

/// Removes from HTML what may do harm, with the same settings each time.
///
/// If attribute_filter or url_relative raises or returns a value other than str or None, the
/// attribute is removed. The error goes to sys.unraisablehook.
#[hpy_type(frozen)]
pub struct Cleaner {
    built: Built,
}

/// From so many bytes on, other threads run Python meanwhile. Fewer take less time than that.
const WORTH_LEAVING: usize = 256;

fn clean_by(ctx: Context<'_>, built: &Built, html: &str) -> String {
    let clean =
        |built: &Built, html| built.with_dependent(|_, builder| builder.clean(html).to_string());
    if html.len() < WORTH_LEAVING || built.borrow_owner().has_callback() {
        return clean(built, html);
    }
    ctx.detach_with((built, html), move |(built, html)| clean(built, html))
}

/// # Errors
/// ValueError if settings contradict each other.
pub fn cleaned(ctx: Context<'_>, settings: Settings, html: &str) -> Result<String> {
    settings.check()?;
    Ok(clean_by(
        ctx,
        &Built::new(settings, Settings::builder),
        html,
    ))
}

macro_rules! settings {
    ($($name:ident),*) => {
        Settings { $($name),* }
    };
}

#[hpy_methods]
impl Cleaner {
    #[new]
    #[hpy(signature = (
        tags = None, clean_content_tags = None, attributes = None, attribute_filter = None,
        strip_comments = true, link_rel = Some(LINK_REL.to_owned()),
        generic_attribute_prefixes = None, tag_attribute_values = None,
        set_tag_attribute_values = None, url_schemes = None, allowed_classes = None,
        filter_style_properties = None, url_relative = None, id_prefix = None
    ))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        tags: Option<Names>,
        clean_content_tags: Option<Names>,
        attributes: Option<NamesByName>,
        attribute_filter: Option<Function>,
        strip_comments: bool,
        link_rel: Option<String>,
        generic_attribute_prefixes: Option<Names>,
        tag_attribute_values: Option<HashMap<String, NamesByName>>,
        set_tag_attribute_values: Option<HashMap<String, HashMap<String, String>>>,
        url_schemes: Option<Names>,
        allowed_classes: Option<NamesByName>,
        filter_style_properties: Option<Names>,
        url_relative: Option<UrlRelative>,
        id_prefix: Option<String>,
    ) -> Result<Self> {
        let settings = settings!(
            tags,
            clean_content_tags,
            attributes,
            attribute_filter,
            strip_comments,
            link_rel,
            generic_attribute_prefixes,
            tag_attribute_values,
            set_tag_attribute_values,
            url_schemes,
            allowed_classes,
            filter_style_properties,
            url_relative,
            id_prefix
        );
        settings.check()?;
        Ok(Self {
            built: Built::new(settings, Settings::builder),
        })
    }

    /// The HTML without what may do harm.
    #[hpy(signature = (html))]
    fn clean(&self, ctx: Context<'_>, html: &str) -> String {
        clean_by(ctx, &self.built, html)
    }
}

/// Removes from HTML what may do harm.
///
/// tags are those that stay, and clean_content_tags those that vanish with what is in them.
/// attributes has the attributes that stay for each tag, and for all under "*". attribute_filter is
/// called with tag, attribute and value, and returns the value or None. url_relative is
/// "pass_through", "deny", ("rewrite_with_base", url), ("rewrite_with_root", url, path) or a
/// function. If a function raises or returns another value, the attribute is removed. The error
/// goes to sys.unraisablehook.
///
/// >>> nh3.clean("<b onclick='run()'>XSS?</b><script>run()</script>")
/// '<b>XSS?</b>'
#[hpy_method(signature = (
    html, tags = None, clean_content_tags = None, attributes = None, attribute_filter = None,
    strip_comments = true, link_rel = Some(LINK_REL.to_owned()), generic_attribute_prefixes = None,
    tag_attribute_values = None, set_tag_attribute_values = None, url_schemes = None,
    allowed_classes = None, filter_style_properties = None, url_relative = None, id_prefix = None
))]
#[allow(clippy::too_many_arguments)]
pub fn clean(
    ctx: Context<'_>,
    html: &str,
    tags: Option<Names>,
    clean_content_tags: Option<Names>,
    attributes: Option<NamesByName>,
    attribute_filter: Option<Function>,
    strip_comments: bool,
    link_rel: Option<String>,
    generic_attribute_prefixes: Option<Names>,
    tag_attribute_values: Option<HashMap<String, NamesByName>>,
    set_tag_attribute_values: Option<HashMap<String, HashMap<String, String>>>,
    url_schemes: Option<Names>,
    allowed_classes: Option<NamesByName>,
    filter_style_properties: Option<Names>,
    url_relative: Option<UrlRelative>,
    id_prefix: Option<String>,
) -> Result<String> {
    let settings = settings!(
        tags,
        clean_content_tags,
        attributes,
        attribute_filter,
        strip_comments,
        link_rel,
        generic_attribute_prefixes,
        tag_attribute_values,
        set_tag_attribute_values,
        url_schemes,
        allowed_classes,
        filter_style_properties,
        url_relative,
        id_prefix
    );
    if settings.are_defaults() {
        return Ok(match html.len() {
            ..WORTH_LEAVING => ammonia::clean(html),
            _ => ctx.detach_with(html, ammonia::clean),
        });
    }
    cleaned(ctx, settings, html)
}
