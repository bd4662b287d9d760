//! Classes: those with data in Rust, enums, structure sequences, exceptions.

use serde_json::Value;

use super::function::{Definition, is_async};
use super::json::{list, text};
use super::literal::{docstring, literal};
use super::module::Stub;

/// What each comparison is called.
const ORDER: [&str; 4] = ["__lt__", "__le__", "__gt__", "__ge__"];

fn derived(class: &Value) -> Vec<&str> {
    let derived = list(class, "derived").iter();
    derived.filter_map(Value::as_str).collect()
}

/// Whether the member has the name of an attribute of members. Python's enums distinguish the two,
/// type checkers do not.
fn hides_in_enum(name: &str, int: bool) -> bool {
    const OF_INT: [&str; 7] = [
        "as_integer_ratio",
        "bit_count",
        "bit_length",
        "conjugate",
        "from_bytes",
        "is_integer",
        "to_bytes",
    ];
    ["name", "value"].contains(&name) || (int && OF_INT.contains(&name))
}

impl Stub<'_> {
    pub(super) fn exception(&mut self, exception: &Value) {
        let class = &exception["class"];
        let bases = list(class, "bases").iter().filter_map(Value::as_str);
        let bases: Vec<String> = bases.map(|base| self.annotation(base)).collect();
        let doc = text(class, "doc").trim_end().lines();
        // The lines of a doc comment begin with a space.
        let doc: Vec<&str> = doc
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect();
        self.head(text(exception, "name"), &bases, &doc.join("\n"), true);
    }

    pub(super) fn enumeration(&mut self, class: &Value) {
        let base = match class["int"] == true {
            true => "enum.IntEnum",
            false => "enum.Enum",
        };
        let base = self.name(base);
        self.head(text(class, "name"), &[base], text(class, "doc"), false);
        for member in list(class, "members") {
            let (name, value) = (text(member, "name"), &member["value"]);
            let hides = match hides_in_enum(name, class["int"] == true) {
                true => "  # type: ignore[assignment, unused-ignore]",
                false => "",
            };
            self.body
                .push_str(&format!("    {name} = {value}{hides}\n"));
            if !text(member, "doc").is_empty() {
                self.body.push_str(&docstring(text(member, "doc"), 4));
            }
        }
        let methods = list(class, "methods");
        self.class_attributes(methods);
        for one in methods {
            self.method(one, methods);
        }
        self.derived(text(class, "name"), &derived(class), methods);
    }

    /// At run time this is a named tuple.
    pub(super) fn struct_sequence(&mut self, class: &Value) {
        let base = self.name("typing.NamedTuple");
        self.head(text(class, "name"), &[base], text(class, "doc"), false);
        for field in list(class, "fields") {
            let ty = self.annotation(text(field, "returns"));
            let name = text(field, "name");
            // Methods of tuples.
            let hides = match name {
                "count" | "index" => "  # type: ignore[assignment]",
                _ => "",
            };
            self.body.push_str(&format!("    {name}: {ty}{hides}\n"));
            if !text(field, "doc").is_empty() {
                self.body.push_str(&docstring(text(field, "doc"), 4));
            }
        }
    }

    pub(super) fn class(&mut self, class: &Value) {
        if class["final"] == true {
            self.final_();
        }
        let mut bases = Vec::new();
        if text(class, "base") != "object" {
            // Of `list[Any]` the class is meant.
            bases.push(self.annotation(text(class, "base")));
        }
        bases.extend(self.collection(class));
        if let Some(metaclass) = class["metaclass"].as_str() {
            bases.push(format!("metaclass={}", self.annotation(metaclass)));
        }
        let (methods, attributes) = (list(class, "methods"), list(class, "attributes"));
        let derived = derived(class);
        let is_empty = methods.is_empty()
            && attributes.is_empty()
            && derived.is_empty()
            && list(class, "variants").is_empty()
            && class["match_args"].is_null();
        self.head(text(class, "name"), &bases, text(class, "doc"), is_empty);
        if let Some(names) = class["match_args"].as_array() {
            let names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            self.match_args(&names);
        }
        self.class_attributes(methods);
        for one in attributes {
            let name = text(one, "name");
            let ty = self.annotation(text(one, "returns"));
            self.property(name, ty, text(one, "doc"));
            let is_setter = |other: &&Value| {
                text(other, "role") == "setter" && other["attribute"].as_str() == Some(name)
            };
            if let Some(ty) = one["type"].as_str() {
                let ty = self.annotation(ty);
                self.setter(name, &ty);
            } else if let Some(other) = methods.iter().find(is_setter) {
                self.setter_method(name, other);
            }
        }
        for one in methods {
            self.method(one, methods);
        }
        self.init_of_filled(text(class, "base"), methods);
        self.derived(text(class, "name"), &derived, methods);
        for variant in list(class, "variants") {
            self.variant(variant);
        }
    }

    /// The class of an enum's variant, which stands in the enum's.
    fn variant(&mut self, variant: &Value) {
        let before = std::mem::take(&mut self.body);
        self.class(variant);
        let written = std::mem::replace(&mut self.body, before);
        for line in written.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            self.body.push_str(&format!("{indent}{line}\n"));
        }
    }

    /// Type checkers also check the `__init__` of lists and dicts. At run time it takes the
    /// arguments of `#[new]` and does nothing.
    fn init_of_filled(&mut self, base: &str, methods: &[Value]) {
        let is_filled = ["list", "dict"].iter().any(|one| base.starts_with(one));
        let new = methods.iter().find(|one| text(one, "role") == "new");
        let has_init = methods.iter().any(|one| text(one, "name") == "__init__");
        if let (true, false, Some(new)) = (is_filled, has_init, new) {
            let parameters = self.parameters(new);
            self.define(Definition {
                is_async: false,
                name: "__init__",
                decorators: Vec::new(),
                bound: Some("self"),
                parameters,
                returns: "None".to_owned(),
                doc: "",
                indent: 4,
            });
        }
    }

    /// The line with the bases, and the docs.
    fn head(&mut self, name: &str, bases: &[String], doc: &str, is_empty: bool) {
        let bases = match bases {
            [] => String::new(),
            bases => format!("({})", bases.join(", ")),
        };
        let end = match is_empty && doc.is_empty() {
            true => " ...",
            false => "",
        };
        self.body.push_str(&format!("class {name}{bases}:{end}\n"));
        if !doc.is_empty() {
            self.body.push_str(&docstring(doc, 4));
        }
    }

    fn final_(&mut self) {
        let decorator = self.name("typing.final");
        self.body.push_str(&format!("@{decorator}\n"));
    }

    fn match_args(&mut self, names: &[&str]) {
        let names: Vec<String> = names.iter().map(|name| literal(name)).collect();
        let comma = if names.len() == 1 { "," } else { "" };
        self.body.push_str(&format!(
            "    __match_args__ = ({}{comma})\n",
            names.join(", ")
        ));
    }

    fn property(&mut self, name: &str, returns: String, doc: &str) {
        let decorator = self.name("property");
        self.define(Definition {
            is_async: false,
            name,
            decorators: vec![format!("@{decorator}")],
            bound: Some("self"),
            parameters: String::new(),
            returns,
            doc,
            indent: 4,
        });
    }

    fn setter(&mut self, name: &str, ty: &str) {
        self.define(Definition {
            is_async: false,
            name,
            decorators: vec![format!("@{name}.setter")],
            bound: Some("self"),
            parameters: format!("value: {ty}"),
            returns: "None".to_owned(),
            doc: "",
            indent: 4,
        });
    }

    /// The setter that a method is.
    fn setter_method(&mut self, attribute: &str, method: &Value) {
        let ty = list(method, "parameters").first();
        let ty = ty.map_or("typing.Any", |value| text(value, "type"));
        let ty = self.annotation(ty);
        self.setter(attribute, &ty);
    }

    /// The abstract base class that a collection is registered with: type checkers do not see a
    /// registration.
    fn collection(&mut self, class: &Value) -> Option<String> {
        let getitem = list(class, "methods")
            .iter()
            .find(|one| text(one, "name") == "__getitem__");
        let (key, item) = match getitem {
            Some(method) => {
                let key = list(method, "parameters").first();
                let key = key.map_or("typing.Any", |key| text(key, "type"));
                (key, text(method, "returns"))
            }
            None => ("typing.Any", "typing.Any"),
        };
        match text(class, "collection") {
            "sequence" => Some(format!(
                "{}[{}]",
                self.name("collections.abc.Sequence"),
                self.annotation(item)
            )),
            "mapping" => Some(format!(
                "{}[{}, {}]",
                self.name("collections.abc.Mapping"),
                self.annotation(key),
                self.annotation(item)
            )),
            _ => None,
        }
    }

    fn method(&mut self, one: &Value, all: &[Value]) {
        let name = text(one, "name");
        let returns = self.returned(text(one, "returns"));
        let mut decorators = self.deprecated(one);
        let attribute = one["attribute"].as_str().unwrap_or(name);
        let (name, bound) = match text(one, "role") {
            "class_attribute" => return,
            "new" => ("__new__", Some("cls")),
            "class_method" => {
                decorators.insert(0, format!("@{}", self.name("classmethod")));
                (name, Some("cls"))
            }
            "static_method" => {
                decorators.insert(0, format!("@{}", self.name("staticmethod")));
                (name, None)
            }
            "getter" => {
                self.property(attribute, returns, text(one, "doc"));
                // Together, as Python wants them.
                for other in all
                    .iter()
                    .filter(|other| other["attribute"].as_str() == Some(attribute))
                {
                    match text(other, "role") {
                        "setter" => self.setter_method(attribute, other),
                        "deleter" => self.define(Definition {
                            is_async: false,
                            name: attribute,
                            decorators: vec![format!("@{attribute}.deleter")],
                            bound: Some("self"),
                            parameters: String::new(),
                            returns: "None".to_owned(),
                            doc: "",
                            indent: 4,
                        }),
                        _ => {}
                    }
                }
                return;
            }
            "setter" | "deleter" => return,
            "special" => return self.special(one, returns),
            _ => (name, Some("self")),
        };
        let parameters = self.parameters(one);
        self.define(Definition {
            is_async: is_async(one),
            name,
            decorators,
            bound,
            parameters,
            returns,
            doc: text(one, "doc"),
            indent: 4,
        });
    }

    fn returned(&mut self, described: &str) -> String {
        match described {
            "typing.Self" => self.name("typing_extensions.Self"),
            other => self.annotation(other),
        }
    }

    /// Methods that Python calls in special ways.
    fn special(&mut self, one: &Value, returns: String) {
        let name = text(one, "name");
        let mut parameters = self.parameters(one);
        match name {
            "__richcmp__" => {
                let other = list(one, "parameters").first();
                let other = other.map_or("typing.Any", |other| text(other, "type"));
                let other = self.annotation(other);
                for name in ORDER {
                    self.comparison(name, &other, returns.clone(), "");
                }
                for name in ["__eq__", "__ne__"] {
                    self.comparison(name, "object", returns.clone(), "");
                }
                return;
            }
            // Anything may be compared.
            "__eq__" | "__ne__" => {
                return self.comparison(name, "object", returns, text(one, "doc"));
            }
            "__pow__" | "__rpow__" => parameters = parameters.replace(", /", " = None, /"),
            // Python never passes a modulus.
            "__ipow__" => {
                let exponent = parameters.split(", ").next().unwrap_or_default();
                parameters = format!("{exponent}, /");
            }
            "__buffer__" => parameters = format!("flags: {}, /", self.name("int")),
            _ => {}
        }
        self.define(Definition {
            is_async: is_async(one),
            name,
            decorators: Vec::new(),
            bound: Some("self"),
            parameters,
            returns,
            doc: text(one, "doc"),
            indent: 4,
        });
    }

    fn comparison(&mut self, name: &str, other: &str, returns: String, doc: &str) {
        let other = match other {
            "object" => self.name("object"),
            other => other.to_owned(),
        };
        self.define(Definition {
            is_async: false,
            name,
            decorators: Vec::new(),
            bound: Some("self"),
            parameters: format!("other: {other}, /"),
            returns,
            doc,
            indent: 4,
        });
    }

    fn class_attributes(&mut self, methods: &[Value]) {
        let attributes = methods.iter();
        for one in attributes.filter(|one| text(one, "role") == "class_attribute") {
            let ty = self.annotation(text(one, "returns"));
            let constant = self.name("typing.ClassVar");
            let name = text(one, "name");
            self.body
                .push_str(&format!("    {name}: {constant}[{ty}]\n"));
            if !text(one, "doc").is_empty() {
                self.body.push_str(&docstring(text(one, "doc"), 4));
            }
        }
    }

    /// Methods derived from Rust's traits. A type with comparisons has no hash unless it defines
    /// one.
    fn derived(&mut self, class: &str, derived: &[&str], methods: &[Value]) {
        let has = |name: &str| methods.iter().any(|one| text(one, "name") == name);
        if derived.contains(&"eq") {
            let bool = self.name("bool");
            self.comparison("__eq__", "object", bool, "");
        }
        if derived.contains(&"ord") {
            for name in ORDER {
                let bool = self.name("bool");
                self.comparison(name, class, bool, "");
            }
        }
        for (option, name, returns) in [
            ("repr", "__repr__", "str"),
            ("str", "__str__", "str"),
            ("hash", "__hash__", "int"),
        ] {
            if derived.contains(&option) {
                let returns = self.name(returns);
                self.define(Definition {
                    is_async: false,
                    name,
                    decorators: Vec::new(),
                    bound: Some("self"),
                    parameters: String::new(),
                    returns,
                    doc: "",
                    indent: 4,
                });
            }
        }
        let compared = derived.contains(&"eq") || has("__eq__") || has("__richcmp__");
        if compared && !derived.contains(&"hash") && !has("__hash__") {
            let constant = self.name("typing.ClassVar");
            self.body.push_str(&format!(
                "    __hash__: {constant}[None]  # type: ignore[assignment]\n"
            ));
        }
    }
}
