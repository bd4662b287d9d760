//! The list of crates in a wheel: CycloneDX, as PEP 770 puts it into a wheel.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::cargo_metadata::{Crate, Graph};

/// CycloneDX 1.6 in JSON. There is no time stamp and no serial number in it, so that it is the same
/// each time.
pub(crate) fn cyclonedx(graph: &Graph) -> String {
    let linked = graph.linked();
    let references: HashMap<&str, String> = linked
        .iter()
        .map(|one| (one.id.as_str(), reference(one)))
        .collect();
    let root = graph.root();
    let is_root = |one: &Crate| root.is_some_and(|root| root.id == one.id);
    let components: Vec<_> = linked
        .iter()
        .filter(|one| !is_root(one))
        .map(|one| component(one))
        .collect();
    let dependencies: Vec<_> = linked
        .iter()
        .map(|one| {
            let mut on: Vec<_> = one.linked().filter_map(|id| references.get(id)).collect();
            on.sort();
            on.dedup();
            json!({ "ref": reference(one), "dependsOn": on })
        })
        .collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": root.map(component),
            "tools": { "components": [{
                "type": "application",
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
            }]},
        },
        "components": components,
        "dependencies": dependencies,
    });
    format!("{document:#}\n")
}

/// The package URL, which also identifies a crate within the document.
fn reference(one: &Crate) -> String {
    format!("pkg:cargo/{}@{}", one.name, one.version)
}

fn component(one: &Crate) -> Value {
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(one),
        "name": one.name,
        "version": one.version,
        "purl": reference(one),
    });
    if let Some(license) = &one.license {
        let license = license.replace('/', " OR ");
        component["licenses"] = json!([{ "expression": license }]);
    }
    if let Some(description) = &one.description {
        component["description"] = description
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .into();
    }
    if let Some(repository) = &one.repository {
        component["externalReferences"] = json!([{ "type": "vcs", "url": repository }]);
    }
    component
}
