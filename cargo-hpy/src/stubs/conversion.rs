//! What derived conversions take and give: shapes that no class at run time has, under names that begin with an underscore.

use serde_json::Value;

use super::json::{list, text};
use super::literal::literal;
use super::module::{Stub, is_identifier};

impl Stub<'_> {
    /// The name of what a derived conversion is like; it is defined at its first use.
    pub(super) fn conversion(&mut self, id: &str) -> String {
        if let Some(name) = self.conversions.get(id) {
            return name.clone();
        }
        let Some(declared) = self.library.declared.get(id) else {
            return self.name("typing.Any");
        };
        let any_of = list(declared, "any_of");
        let name = self.new_name(text(declared, "name"));
        // Before it is defined: it may be part of itself.
        self.conversions.insert(id.to_owned(), name.clone());
        if let [only] = any_of
            && is_class(declared, only)
        {
            self.class_of_fields(&name, only);
            return name;
        }
        let members: Vec<String> = any_of.iter().map(|one| self.shape(declared, one)).collect();
        let alias = self.name("typing_extensions.TypeAlias");
        // In quotes, for what is part of itself.
        let text = literal(&members.join(" | ")).replace("\\'", "'");
        let text = format!("\"{}\"", &text[1..text.len() - 1]);
        self.shapes.push_str(&format!("{name}: {alias} = {text}\n"));
        name
    }

    fn new_name(&mut self, wanted: &str) -> String {
        let mut name = format!("_{wanted}");
        while !self.defined.insert(name.clone()) {
            name.push('_');
        }
        name
    }

    fn shape(&mut self, declared: &Value, one: &Value) -> String {
        match text(one, "shape") {
            "text" => {
                let literal_type = self.name("typing.Literal");
                format!("{literal_type}[{}]", literal(text(one, "text")))
            }
            "object" => self.annotation(text(one, "type")),
            "tuple" => {
                let items = list(one, "items").iter().filter_map(Value::as_str);
                let items: Vec<String> = items.map(|item| self.annotation(item)).collect();
                let tuple = self.name("tuple");
                format!("{tuple}[{}]", items.join(", "))
            }
            _ if is_class(declared, one) => {
                let outer = text(declared, "name");
                let name = self.new_name(&format!("{outer}_{}", text(one, "variant")));
                self.class_of_fields(&name, one);
                name
            }
            _ => {
                let (mapping, any) = (
                    self.name("collections.abc.Mapping"),
                    self.name("typing.Any"),
                );
                format!("{mapping}[{any}, {any}]")
            }
        }
    }

    /// Attributes are a protocol, items those of a dict.
    fn class_of_fields(&mut self, name: &str, one: &Value) {
        let fields = list(one, "fields");
        let types: Vec<String> = fields
            .iter()
            .map(|field| self.annotation(text(field, "type")))
            .collect();
        let mut written = String::new();
        if fields.iter().all(|field| field["item"] == true) {
            let base = self.name("typing.TypedDict");
            if fields
                .iter()
                .all(|field| is_identifier(text(field, "name")))
            {
                written.push_str(&format!("class {name}({base}):\n"));
                for (field, ty) in fields.iter().zip(types) {
                    written.push_str(&format!("    {}: {ty}\n", text(field, "name")));
                }
            } else {
                let pairs = fields.iter().zip(types);
                let pairs: Vec<String> = pairs
                    .map(|(field, ty)| format!("{}: {ty}", literal(text(field, "name"))))
                    .collect();
                written.push_str(&format!(
                    "{name} = {base}({}, {{{}}})\n",
                    literal(name),
                    pairs.join(", ")
                ));
            }
        } else {
            let (base, property) = (self.name("typing.Protocol"), self.name("property"));
            written.push_str(&format!("class {name}({base}):\n"));
            let mut is_empty = true;
            for (field, ty) in fields.iter().zip(types) {
                // What need not be there is no part of it, nor what only `getattr` finds, as it is called like a keyword.
                if field["required"] == true && is_identifier(text(field, "name")) {
                    is_empty = false;
                    let name = text(field, "name");
                    written.push_str(&format!(
                        "    @{property}\n    def {name}(self) -> {ty}: ...\n"
                    ));
                }
            }
            if is_empty {
                written.push_str("    ...\n");
            }
        }
        self.shapes.push_str(&written);
    }
}

/// Whether it takes a class to say it: a dict that is given has these items, an object that is taken these attributes. Of a mapping that is
/// taken no class says enough: a `TypedDict` would be no plain dict.
fn is_class(declared: &Value, one: &Value) -> bool {
    let fields = list(one, "fields");
    let all = |key: &str, is: bool| fields.iter().all(|field| field[key] == is);
    let named = fields.iter().all(|field| field["name"].is_string());
    text(one, "shape") == "fields" && named && all("item", declared["into"] == true)
}
