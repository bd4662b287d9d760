//! Types, generics and signatures of rustdoc's JSON, as Rust writes them. Paths are shown by their
//! last name.

use serde_json::Value;

/// `T`, `&'a [u8]`, `Result<Handle<'ctx>>` …
pub fn type_(value: &Value) -> String {
    let Some((kind, inner)) = value.as_object().and_then(|object| object.iter().next()) else {
        return String::from("_");
    };
    match kind.as_str() {
        "resolved_path" => path(inner),
        "generic" | "primitive" => text(inner),
        "borrowed_ref" => format!(
            "&{}{}{}",
            lifetime(&inner["lifetime"]),
            if is(&inner["is_mutable"]) { "mut " } else { "" },
            type_(&inner["type"])
        ),
        "raw_pointer" => {
            let kind = if is(&inner["is_mutable"]) {
                "mut"
            } else {
                "const"
            };
            format!("*{kind} {}", type_(&inner["type"]))
        }
        "tuple" => match list(inner).as_slice() {
            [one] => format!("({},)", type_(one)),
            several => format!("({})", joined(several, ", ", type_)),
        },
        "slice" => format!("[{}]", type_(inner)),
        "array" => format!("[{}; {}]", type_(&inner["type"]), text(&inner["len"])),
        "impl_trait" => format!("impl {}", joined(&list(inner), " + ", bound)),
        "dyn_trait" => {
            let mut traits = joined(&list(&inner["traits"]), " + ", |one| path(&one["trait"]));
            if let Some(lifetime) = inner["lifetime"].as_str() {
                traits += &format!(" + {lifetime}");
            }
            format!("dyn {traits}")
        }
        "function_pointer" => {
            let for_ = match list(&inner["generic_params"]).as_slice() {
                [] => String::new(),
                some => format!("for<{}> ", joined(some, ", ", parameter)),
            };
            let inputs = joined(&list(&inner["sig"]["inputs"]), ", ", |one| type_(&one[1]));
            format!(
                "{for_}{}fn({inputs}){}",
                header(&inner["header"]),
                output(&inner["sig"])
            )
        }
        "qualified_path" => {
            let of = type_(&inner["self_type"]);
            format!("{of}::{}", text(&inner["name"]))
        }
        other => format!("<{other}>"),
    }
}

/// The last name of a path, with its arguments.
pub fn path(value: &Value) -> String {
    let path = text(&value["path"]);
    let name = path.rsplit("::").next().unwrap_or_default();
    format!("{name}{}", arguments(&value["args"]))
}

fn arguments(value: &Value) -> String {
    if let Some(between) = value.get("angle_bracketed") {
        let mut all: Vec<String> = list(&between["args"])
            .iter()
            .map(
                |one| match one.as_object().and_then(|one| one.iter().next()) {
                    Some((kind, inner)) => match kind.as_str() {
                        "lifetime" => text(inner),
                        "type" => type_(inner),
                        _ => text(&inner["expr"]),
                    },
                    None => String::from("_"),
                },
            )
            .collect();
        for constraint in list(&between["constraints"]) {
            let name = text(&constraint["name"]);
            let binding = &constraint["binding"];
            all.push(match binding.get("equality") {
                Some(term) => format!("{name} = {}", type_(&term["type"])),
                None => format!(
                    "{name}: {}",
                    joined(&list(&binding["constraint"]), " + ", bound)
                ),
            });
        }
        if all.is_empty() {
            return String::new();
        }
        return format!("<{}>", all.join(", "));
    }
    match value.get("parenthesized") {
        Some(parentheses) => {
            let inputs = joined(&list(&parentheses["inputs"]), ", ", type_);
            format!("({inputs}){}", output(parentheses))
        }
        None => String::new(),
    }
}

fn bound(value: &Value) -> String {
    if let Some(outlives) = value.get("outlives") {
        return text(outlives);
    }
    if let Some(captured) = value.get("use") {
        let names = joined(&list(captured), ", ", |one| {
            one.as_object()
                .and_then(|one| one.values().next())
                .map(text)
                .unwrap_or_default()
        });
        return format!("use<{names}>");
    }
    let inner = &value["trait_bound"];
    let for_ = match list(&inner["generic_params"]).as_slice() {
        [] => String::new(),
        some => format!("for<{}> ", joined(some, ", ", parameter)),
    };
    let maybe = if inner["modifier"] == "maybe" {
        "?"
    } else {
        ""
    };
    format!("{maybe}{for_}{}", path(&inner["trait"]))
}

/// Whether it is one that `impl Trait` as a parameter stands for.
fn is_synthetic(value: &Value) -> bool {
    is(&value["kind"]["type"]["is_synthetic"])
}

fn parameter(value: &Value) -> String {
    let mut shown = text(&value["name"]);
    let kind = &value["kind"];
    if let Some(type_parameter) = kind.get("type") {
        let bounds = list(&type_parameter["bounds"]);
        if !bounds.is_empty() {
            shown += &format!(": {}", joined(&bounds, " + ", bound));
        }
        if !type_parameter["default"].is_null() {
            shown += &format!(" = {}", type_(&type_parameter["default"]));
        }
    } else if let Some(constant) = kind.get("const") {
        shown = format!("const {shown}: {}", type_(&constant["type"]));
    }
    shown
}

/// `<'a, T: Trait>`, and the `where` that goes to the end.
pub fn generics(value: &Value) -> (String, String) {
    let parameters: Vec<Value> = list(&value["params"])
        .into_iter()
        .filter(|one| !is_synthetic(one))
        .collect();
    let shown = match parameters.as_slice() {
        [] => String::new(),
        some => format!("<{}>", joined(some, ", ", parameter)),
    };
    let predicates: Vec<String> = list(&value["where_predicates"])
        .iter()
        .filter_map(|one| {
            let inner = one.get("bound_predicate")?;
            let bounds = joined(&list(&inner["bounds"]), " + ", bound);
            Some(format!("{}: {bounds}", type_(&inner["type"])))
        })
        .collect();
    let where_ = if predicates.is_empty() {
        String::new()
    } else {
        format!(" where {}", predicates.join(", "))
    };
    (shown, where_)
}

/// `const unsafe fn name<T>(&self, other: T) -> bool`
pub fn function(name: &str, value: &Value) -> String {
    let (parameters, where_) = generics(&value["generics"]);
    let inputs = joined(&list(&value["sig"]["inputs"]), ", ", |one| {
        let (name, given) = (text(&one[0]), type_(&one[1]));
        match (name.as_str(), given.as_str()) {
            ("self", "Self") => String::from("self"),
            ("self", "&Self") => String::from("&self"),
            ("self", "&mut Self") => String::from("&mut self"),
            _ => format!("{name}: {given}"),
        }
    });
    format!(
        "{}fn {name}{parameters}({inputs}){}{where_}",
        header(&value["header"]),
        output(&value["sig"])
    )
}

fn header(value: &Value) -> String {
    let mut shown = String::new();
    for (key, word) in [
        ("is_const", "const "),
        ("is_async", "async "),
        ("is_unsafe", "unsafe "),
    ] {
        if is(&value[key]) {
            shown += word;
        }
    }
    if value["abi"] != "Rust" {
        shown += "extern ";
    }
    shown
}

fn output(value: &Value) -> String {
    if value["output"].is_null() {
        String::new()
    } else {
        format!(" -> {}", type_(&value["output"]))
    }
}

fn lifetime(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(String::new, |name| format!("{name} "))
}

pub fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}

fn joined(values: &[Value], between: &str, show: impl Fn(&Value) -> String) -> String {
    values.iter().map(show).collect::<Vec<_>>().join(between)
}

fn is(value: &Value) -> bool {
    value.as_bool().unwrap_or_default()
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_signature_is_written_as_in_rust() {
        let handle = json!({"resolved_path": {"path": "crate::Handle", "args": {"angle_bracketed": {
            "args": [{"lifetime": "'ctx"}], "constraints": []}}}});
        let value = json!({
            "header": {"is_const": false, "is_unsafe": true, "is_async": false, "abi": "Rust"},
            "generics": {
                "params": [{"name": "V", "kind": {"type": {"bounds": [
                    {"trait_bound": {
                        "trait": {"path": "Copy", "args": null}, "generic_params": []}}],
                    "default": null, "is_synthetic": false}}}],
                "where_predicates": []},
            "sig": {
                "inputs": [
                    ["self", {"borrowed_ref": {"lifetime": null, "is_mutable": false,
                        "type": {"generic": "Self"}}}],
                    ["values", {"slice": {"generic": "V"}}]],
                "output": handle},
        });
        assert_eq!(
            function("take", &value),
            "unsafe fn take<V: Copy>(&self, values: [V]) -> Handle<'ctx>"
        );
    }
}
