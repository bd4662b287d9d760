//! What a call asks for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use ammonia::Url;
use hpy::exceptions::{TypeError, ValueError};
use hpy::prelude::*;
use hpy::{Annotation, bail, ensure};

pub type Names = HashSet<String>;
pub type NamesByName = HashMap<String, Names>;

/// The arguments of `clean` and `Cleaner`. None is ammonia's default.
pub struct Settings {
    pub tags: Option<Names>,
    pub clean_content_tags: Option<Names>,
    pub attributes: Option<NamesByName>,
    pub attribute_filter: Option<Function>,
    pub strip_comments: bool,
    pub link_rel: Option<String>,
    pub generic_attribute_prefixes: Option<Names>,
    pub tag_attribute_values: Option<HashMap<String, NamesByName>>,
    pub set_tag_attribute_values: Option<HashMap<String, HashMap<String, String>>>,
    pub url_schemes: Option<Names>,
    pub allowed_classes: Option<NamesByName>,
    pub filter_style_properties: Option<Names>,
    pub url_relative: Option<UrlRelative>,
    pub id_prefix: Option<String>,
}

/// The key of `attributes` for those of all tags.
pub const ANY_TAG: &str = "*";

/// What `link_rel` is if it is not given.
pub const LINK_REL: &str = "noopener noreferrer";

impl Settings {
    /// So that tags have no attributes but those of all tags.
    pub fn of_tags(tags: Names) -> Self {
        Self {
            tags: Some(tags),
            clean_content_tags: None,
            attributes: Some(HashMap::new()),
            attribute_filter: None,
            strip_comments: true,
            link_rel: None,
            generic_attribute_prefixes: None,
            tag_attribute_values: None,
            set_tag_attribute_values: None,
            url_schemes: None,
            allowed_classes: None,
            filter_style_properties: None,
            url_relative: None,
            id_prefix: None,
        }
    }

    /// Whether nothing else is asked for than without arguments.
    pub fn are_defaults(&self) -> bool {
        let Self {
            tags: None,
            clean_content_tags: None,
            attributes: None,
            attribute_filter: None,
            strip_comments: true,
            link_rel: Some(link_rel),
            generic_attribute_prefixes: None,
            tag_attribute_values: None,
            set_tag_attribute_values: None,
            url_schemes: None,
            allowed_classes: None,
            filter_style_properties: None,
            url_relative: None,
            id_prefix: None,
        } = self
        else {
            return false;
        };
        link_rel == LINK_REL
    }

    /// Whether Python code runs while HTML is cleaned.
    pub fn has_callback(&self) -> bool {
        self.attribute_filter.is_some() || matches!(self.url_relative, Some(UrlRelative::Call(_)))
    }
}

/// Something that can be called, kept for later calls.
#[derive(Clone)]
pub struct Function(pub Arc<Persistent>);

impl<'a, 'ctx> FromHandle<'a, 'ctx> for Function {
    const ANNOTATION: Annotation = Annotation::name("collections.abc.Callable");

    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        ensure!(handle.is_callable(), TypeError, "it must be callable");
        Ok(Self(Arc::new(Persistent::new(handle)?)))
    }
}

/// What becomes of URLs without a scheme.
pub enum UrlRelative {
    Keep,
    Deny,
    Base(Url),
    Root { root: Url, path: String },
    Call(Function),
}

impl<'a, 'ctx> FromHandle<'a, 'ctx> for UrlRelative {
    fn from_handle(handle: &'a Handle<'ctx>) -> Result<Self> {
        if let Ok(name) = handle.downcast::<Str>() {
            return match name.to_str()? {
                "pass_through" => Ok(Self::Keep),
                "deny" => Ok(Self::Deny),
                other => bail!(
                    ValueError,
                    "{other:?} is neither \"pass_through\" nor \"deny\""
                ),
            };
        }
        if let Ok(tuple) = handle.downcast::<Tuple>() {
            let parts: Vec<String> = tuple.as_object().extract()?;
            return match &parts.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                ["rewrite_with_base", base] => Ok(Self::Base(url(base)?)),
                ["rewrite_with_root", root, path] => Ok(Self::Root {
                    root: url(root)?,
                    path: (*path).to_owned(),
                }),
                _ => bail!(
                    ValueError,
                    "it is neither (\"rewrite_with_base\", url) nor \
                     (\"rewrite_with_root\", url, path)"
                ),
            };
        }
        if handle.is_callable() {
            return handle.extract().map(Self::Call);
        }
        bail!(TypeError, "it must be a str, a tuple or callable")
    }
}

fn url(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| ValueError::new(format!("{text:?} is no URL: {error}")))
}
