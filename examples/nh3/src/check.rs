//! Settings that contradict each other. ammonia panics, or follows one of them.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

use crate::settings::{ANY_TAG, Settings};

/// What ammonia allows by itself. Making it takes longer than to clean a short text.
struct Defaults {
    tags: HashSet<&'static str>,
    tag_attributes: HashMap<&'static str, HashSet<&'static str>>,
    clean_content_tags: HashSet<&'static str>,
}

static DEFAULTS: LazyLock<Defaults> = LazyLock::new(|| {
    let builder = ammonia::Builder::default();
    Defaults {
        tags: builder.clone_tags(),
        tag_attributes: builder.clone_tag_attributes(),
        clean_content_tags: builder.clone_clean_content_tags(),
    }
});

impl Settings {
    /// # Errors
    /// ValueError.
    pub fn check(&self) -> Result<()> {
        let vanishing = match &self.clean_content_tags {
            Some(tags) => tags.iter().map(String::as_str).collect(),
            None => DEFAULTS.clean_content_tags.clone(),
        };
        for tag in vanishing {
            let is_allowed = match &self.tags {
                Some(tags) => tags.contains(tag),
                None => DEFAULTS.tags.contains(tag),
            };
            let has_attributes = match &self.attributes {
                Some(attributes) => attributes.contains_key(tag),
                None => DEFAULTS.tag_attributes.contains_key(tag),
            };
            ensure!(
                !is_allowed && !has_attributes,
                ValueError,
                "{tag:?} is in clean_content_tags, and in tags or attributes too"
            );
        }
        ensure!(
            self.link_rel.is_none() || !self.allows("a", "rel"),
            ValueError,
            "link_rel is set, so attributes must not allow \"rel\" for \"a\""
        );
        for (tag, values) in self.tag_attribute_values.iter().flatten() {
            for attribute in values.keys() {
                ensure!(
                    !self.allows(tag, attribute),
                    ValueError,
                    "{attribute:?} of {tag:?} is in tag_attribute_values, and attributes allows \
                     all values"
                );
            }
        }
        for tag in self.allowed_classes.iter().flatten().map(|(tag, _)| tag) {
            ensure!(
                !self.allows(tag, "class"),
                ValueError,
                "{tag:?} is in allowed_classes, and attributes allows all classes"
            );
        }
        let filters_style = self.filter_style_properties.is_some();
        ensure!(
            !filters_style || !self.tags.iter().flatten().any(|tag| tag == "style"),
            ValueError,
            "filter_style_properties filters attributes, and not the tag \"style\""
        );
        Ok(())
    }

    /// Whether `attributes` says so.
    fn allows(&self, tag: &str, attribute: &str) -> bool {
        let of = |tag: &str| {
            let attributes = self.attributes.as_ref()?;
            Some(attributes.get(tag)?.contains(attribute))
        };
        of(tag) == Some(true) || of(ANY_TAG) == Some(true)
    }
}
