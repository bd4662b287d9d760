//! Settings that contradict each other. ammonia panics, or follows one of them.

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

use crate::settings::{ANY_TAG, Settings};

impl Settings {
    /// # Errors
    /// ValueError.
    pub fn check(&self) -> Result<()> {
        let defaults = ammonia::Builder::default();
        let vanishing = match &self.clean_content_tags {
            Some(tags) => tags.iter().map(String::as_str).collect(),
            None => defaults.clone_clean_content_tags(),
        };
        for tag in vanishing {
            let is_allowed = match &self.tags {
                Some(tags) => tags.contains(tag),
                None => defaults.clone_tags().contains(tag),
            };
            let has_attributes = match &self.attributes {
                Some(attributes) => attributes.contains_key(tag),
                None => defaults.clone_tag_attributes().contains_key(tag),
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
