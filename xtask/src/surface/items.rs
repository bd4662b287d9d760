//! The public items of `hpy`, one line each, from rustdoc's JSON of `hpy-core` and of `hpy`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::types::{function, generics, list, path, text, type_};

/// The lines, in order. Implementations of traits are left out, and so is what is hidden.
pub fn lines(core: &Value, face: &Value) -> Vec<String> {
    let mut walk = Walk {
        index: &core["index"],
        seen: BTreeSet::new(),
        lines: BTreeSet::new(),
    };
    walk.module(&core["root"], "hpy");
    // The modules come after what stands at the root, and the prelude last: they name again what
    // was shown before.
    let mut macros = Walk {
        index: &face["index"],
        seen: BTreeSet::new(),
        lines: walk.lines,
    };
    macros.module(&face["root"], "hpy");
    let mut lines: Vec<String> = macros.lines.into_iter().collect();
    lines.sort_by(|a, b| unqualified(a).cmp(unqualified(b)).then(a.cmp(b)));
    lines
}

/// The line from the item's path on.
fn unqualified(mut line: &str) -> &str {
    const WORDS: [&str; 14] = [
        "const",
        "enum",
        "field",
        "fn",
        "macro",
        "mod",
        "must_use",
        "struct",
        "trait",
        "type",
        "unsafe",
        "use",
        "variant",
        "type_alias",
    ];
    while let Some((word, rest)) = line.split_once(' ')
        && WORDS.contains(&word)
    {
        line = rest;
    }
    line
}

/// With `must_use` before it, if its result is not to be ignored.
fn signature(item: &Value, name: &str, inner: &Value) -> String {
    let attributes = list(&item["attrs"]);
    let is_kept = attributes.iter().any(|one| one.get("must_use").is_some());
    let must_use = if is_kept { "must_use " } else { "" };
    format!("{must_use}{}", function(name, inner))
}

struct Walk<'a> {
    index: &'a Value,
    seen: BTreeSet<String>,
    lines: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    fn item(&self, id: &Value) -> Option<&'a Value> {
        self.index.get(id.to_string())
    }

    fn module(&mut self, id: &Value, at: &str) {
        let Some(module) = self.item(id) else { return };
        let mut items = list(&module["inner"]["module"]["items"]);
        items.sort_by_key(|id| self.order(id));
        for id in items {
            self.show(&id, at);
        }
    }

    /// Items, then modules, then the prelude.
    fn order(&self, id: &Value) -> u8 {
        let Some(item) = self.item(id) else { return 0 };
        let target = item["inner"]
            .get("use")
            .and_then(|use_| self.item(&use_["id"]));
        let item = target.unwrap_or(item);
        match item["inner"].get("module") {
            Some(_) => 1 + u8::from(item["name"] == "prelude"),
            None => 0,
        }
    }

    fn show(&mut self, id: &Value, at: &str) {
        let Some(item) = self.item(id) else { return };
        let name = text(&item["name"]);
        if let Some(use_) = item["inner"].get("use") {
            self.exported(use_, at);
        } else if item["inner"].get("module").is_some() {
            self.lines.insert(format!("mod {at}::{name}"));
            self.module(id, &format!("{at}::{name}"));
        } else {
            self.named(id, &format!("{at}::{name}"));
        }
    }

    fn exported(&mut self, use_: &Value, at: &str) {
        let name = format!("{at}::{}", text(&use_["name"]));
        let target = self.item(&use_["id"]);
        let is_module = target.is_some_and(|item| item["inner"].get("module").is_some());
        match (target, use_["is_glob"] == true) {
            (Some(_), true) => self.module(&use_["id"], at),
            // The whole of `hpy-core` in `hpy`: shown already.
            (None, true) => {}
            // A private module of the name of a macro, which alone is exported.
            (Some(item), false) if is_module && item["visibility"] != "public" => {}
            (Some(_), false) if is_module => {
                self.lines.insert(format!("mod {name}"));
                self.module(&use_["id"], &name);
            }
            (Some(_), false) => self.named(&use_["id"], &name),
            (None, false) => {
                self.lines
                    .insert(format!("use {name} = {}", text(&use_["source"])));
            }
        }
    }

    /// An item that is no module: with all that belongs to it, or only named if it was shown
    /// before.
    fn named(&mut self, id: &Value, name: &str) {
        let Some(item) = self.item(id) else { return };
        if !self.seen.insert(id.to_string()) {
            self.lines.insert(format!("use {name}"));
            return;
        }
        let Some((kind, inner)) = item["inner"]
            .as_object()
            .and_then(|inner| inner.iter().next())
        else {
            return;
        };
        let (parameters, where_) = generics(&inner["generics"]);
        let line = match kind.as_str() {
            "function" => signature(item, name, inner),
            "type_alias" => format!("type {name}{parameters} = {}", type_(&inner["type"])),
            "constant" => format!("const {name}: {}", type_(&inner["type"])),
            "macro" => format!("macro {name}!"),
            "trait" if inner["is_unsafe"] == true => {
                format!("unsafe trait {name}{parameters}{where_}")
            }
            kind => format!("{kind} {name}{parameters}{where_}"),
        };
        self.lines.insert(line);
        for variant in list(&inner["variants"]) {
            self.member(&variant, name);
        }
        for member in list(&inner["items"]) {
            self.member(&member, name);
        }
        for field in list(&inner["kind"]["plain"]["fields"]) {
            self.member(&field, name);
        }
        for block in list(&inner["impls"]) {
            self.block(&block);
        }
    }

    /// An `impl` without a trait.
    fn block(&mut self, id: &Value) {
        let Some(item) = self.item(id) else { return };
        let block = &item["inner"]["impl"];
        if !block["trait"].is_null() {
            return;
        }
        let of = match block["for"].get("resolved_path") {
            Some(resolved) => path(resolved),
            None => type_(&block["for"]),
        };
        for member in list(&block["items"]) {
            self.member(&member, &of);
        }
    }

    fn member(&mut self, id: &Value, of: &str) {
        let Some(item) = self.item(id) else { return };
        let Some((kind, inner)) = item["inner"]
            .as_object()
            .and_then(|inner| inner.iter().next())
        else {
            return;
        };
        let name = format!("{of}::{}", text(&item["name"]));
        self.lines.insert(match kind.as_str() {
            "function" => signature(item, &name, inner),
            "assoc_const" => format!("const {name}: {}", type_(&inner["type"])),
            "assoc_type" => format!("type {name}"),
            "struct_field" => format!("field {name}: {}", type_(inner)),
            "variant" => format!("variant {name}"),
            kind => format!("{kind} {name}"),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_is_shown_once_and_named_after_that() {
        let function = json!({"generics": {"params": [], "where_predicates": []},
            "header": {"is_unsafe": false, "abi": "Rust"}, "sig": {"inputs": [], "output": null}});
        let core = json!({"root": 0, "index": {
            "0": {"name": "core", "attrs": [], "inner": {"module": {"items": [3, 1]}}},
            "1": {"name": "attach", "attrs": [{"must_use": {}}], "inner": {"function": function}},
            "2": {"name": null, "attrs": [], "inner": {"use": {"name": "attach", "id": 1}}},
            "3": {"name": "prelude", "attrs": [], "inner": {"module": {"items": [2]}}},
        }});
        let face = json!({"root": 0, "index": {
            "0": {"name": "hpy", "attrs": [], "inner": {"module": {"items": [1]}}},
            "1": {"name": null, "attrs": [], "inner": {"use": {
                "name": "hpy_type", "source": "hpy_macros::hpy_type", "id": 9}}},
        }});
        assert_eq!(
            lines(&core, &face),
            [
                "must_use fn hpy::attach()",
                "use hpy::hpy_type = hpy_macros::hpy_type",
                "mod hpy::prelude",
                "use hpy::prelude::attach",
            ]
        );
    }
}
