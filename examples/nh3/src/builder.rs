//! Settings as ammonia takes them.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasher;

use ammonia::Builder;

use crate::callbacks::{filter_attribute, rewrite_url};
use crate::settings::{ANY_TAG, Names, Settings, UrlRelative};

fn names(names: &Names) -> HashSet<&str> {
    names.iter().map(String::as_str).collect()
}

/// The same map, with what `of` makes of its values.
fn by_name<'a, V, W, S: BuildHasher>(
    map: &'a HashMap<String, V, S>,
    of: impl Fn(&'a V) -> W,
) -> HashMap<&'a str, W> {
    map.iter()
        .map(|(name, value)| (&**name, of(value)))
        .collect()
}

impl Settings {
    pub fn builder(&self) -> Builder<'_> {
        let mut builder = Builder::default();
        if let Some(tags) = &self.tags {
            builder.tags(names(tags));
        }
        if let Some(tags) = &self.clean_content_tags {
            builder.clean_content_tags(names(tags));
        }
        if let Some(attributes) = &self.attributes {
            let mut attributes = by_name(attributes, names);
            if let Some(attributes) = attributes.remove(ANY_TAG) {
                builder.generic_attributes(attributes);
            }
            builder.tag_attributes(attributes);
        }
        if let Some(filter) = &self.attribute_filter {
            builder.attribute_filter(filter_attribute(filter));
        }
        builder.strip_comments(self.strip_comments);
        builder.link_rel(self.link_rel.as_deref());
        builder.id_prefix(self.id_prefix.as_deref());
        if let Some(prefixes) = &self.generic_attribute_prefixes {
            builder.generic_attribute_prefixes(names(prefixes));
        }
        if let Some(values) = &self.tag_attribute_values {
            builder.tag_attribute_values(by_name(values, |of_tag| by_name(of_tag, names)));
        }
        if let Some(values) = &self.set_tag_attribute_values {
            let of_tag = |values| by_name(values, String::as_str);
            builder.set_tag_attribute_values(by_name(values, of_tag));
        }
        if let Some(schemes) = &self.url_schemes {
            builder.url_schemes(names(schemes));
        }
        if let Some(classes) = &self.allowed_classes {
            builder.allowed_classes(by_name(classes, names));
        }
        if let Some(properties) = &self.filter_style_properties {
            builder.filter_style_properties(names(properties));
        }
        if let Some(relative) = &self.url_relative {
            builder.url_relative(match relative {
                UrlRelative::Keep => ammonia::UrlRelative::PassThrough,
                UrlRelative::Deny => ammonia::UrlRelative::Deny,
                UrlRelative::Base(base) => ammonia::UrlRelative::RewriteWithBase(base.clone()),
                UrlRelative::Root { root, path } => ammonia::UrlRelative::RewriteWithRoot {
                    root: root.clone(),
                    path: path.clone(),
                },
                UrlRelative::Call(function) => {
                    ammonia::UrlRelative::Custom(Box::new(rewrite_url(function)))
                }
            });
        }
        builder
    }
}
