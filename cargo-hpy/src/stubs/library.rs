//! The descriptions in a library.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;

use object::read::{ExportTarget, NameOrOrdinal};
use object::{Object, ObjectSection};
use serde_json::Value;

use super::json::{list, text};
use crate::error::{Error, Result};
use crate::universal2;

/// The prefix of the symbol of a module's description.
const MODULE: &str = "hpy_description_";
/// The prefix of the symbol of a derived conversion's description.
const DECLARED: &str = "hpy_declared_";

/// The descriptions of a library's modules, sorted by name, in JSON.
///
/// The library is read as a file. None of its code runs, and it may be for another system.
///
/// # Errors
///
/// If the file is not a library, or if it was built without `hpy`'s feature `description`.
pub fn read_description(library: &Path) -> Result<Vec<Value>> {
    Ok(Library::read(library)?.modules)
}

/// The location of a class: the names from the module to the innermost submodule, its own name, and
/// its declared module.
#[derive(Clone, Debug)]
pub(super) struct ClassLocation {
    pub(super) module: Vec<String>,
    pub(super) name: String,
    pub(super) declared_module: Option<String>,
}

/// All descriptions in a library.
pub(super) struct Library {
    pub(super) modules: Vec<Value>,
    /// Derived conversions by their ids.
    pub(super) declared: HashMap<String, Value>,
    /// Classes and exceptions by their ids. One may be in several modules.
    pub(super) classes: HashMap<String, Vec<ClassLocation>>,
}

impl Library {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let data = fs::read(path).map_err(|error| Error::io("read", path, error))?;
        let unreadable =
            |error: object::Error| Error::new(format!("cannot read {}: {error}", path.display()));
        let file = object::File::parse(universal2::first(&data)).map_err(unreadable)?;
        // Sorted, so that the result is deterministic.
        let mut texts = BTreeMap::new();
        for export in file.exports().map_err(unreadable)? {
            let export = export.map_err(unreadable)?;
            let NameOrOrdinal::Name(name) = export.name() else {
                continue;
            };
            let name = String::from_utf8_lossy(name);
            // Mach-O puts an underscore before every C name.
            let name = name.strip_prefix('_').unwrap_or(&name);
            if name.starts_with(MODULE) || name.starts_with(DECLARED) {
                let text = match export.target() {
                    ExportTarget::Address { address } => text_at(&file, address),
                    _ => None,
                };
                let value = text.and_then(|text| serde_json::from_slice::<Value>(text).ok());
                let is_understood = |value: &Value| {
                    value["format"] == 1 && (name.starts_with(DECLARED) || has_file_names(value))
                };
                let value = value.filter(is_understood).ok_or_else(|| {
                    Error::new(format!(
                        "{} has a description in an unexpected format",
                        path.display()
                    ))
                    .advise("use the cargo hpy of the same version as its hpy")
                })?;
                texts.insert(name.to_owned(), value);
            }
        }
        let mut library = Library {
            modules: Vec::new(),
            declared: HashMap::new(),
            classes: HashMap::new(),
        };
        for (symbol, mut value) in texts {
            merge_blocks(&mut value);
            match symbol.strip_prefix(DECLARED) {
                Some(id) => {
                    library.declared.insert(id.to_owned(), value);
                }
                None => {
                    library.find_classes(&value, &mut Vec::new());
                    library.modules.push(value);
                }
            }
        }
        if library.modules.is_empty() {
            return Err(
                Error::new(format!("{} describes no module", path.display()))
                    .advise("only hpy_module! describes one, with hpy's feature \"description\""),
            );
        }
        Ok(library)
    }

    fn find_classes(&mut self, module: &Value, path: &mut Vec<String>) {
        path.push(text(module, "name").to_owned());
        for key in ["types", "hidden_types"] {
            for class in list(module, key) {
                self.class(class, text(class, "name"), path);
            }
        }
        for exception in list(module, "exceptions") {
            self.class(&exception["class"], text(exception, "name"), path);
        }
        for submodule in list(module, "submodules") {
            self.find_classes(submodule, path);
        }
        path.pop();
    }

    fn class(&mut self, class: &Value, name: &str, module: &[String]) {
        let locations = self.classes.entry(text(class, "id").to_owned());
        locations.or_default().push(ClassLocation {
            module: module.to_vec(),
            name: name.to_owned(),
            declared_module: class["module"].as_str().map(str::to_owned),
        });
    }
}

/// Makes one list of the methods of a class's several impls.
fn merge_blocks(module: &mut Value) {
    for key in ["types", "hidden_types"] {
        for class in module[key].as_array_mut().into_iter().flatten() {
            let others = class
                .as_object_mut()
                .and_then(|class| class.remove("other_methods"));
            let Some(Value::Array(others)) = others else {
                continue;
            };
            if let Some(methods) = class["methods"].as_array_mut() {
                let all = others.into_iter();
                methods.extend(all.filter_map(|block| block.as_array().cloned()).flatten());
            }
        }
    }
    let submodules = module["submodules"].as_array_mut();
    submodules.into_iter().flatten().for_each(merge_blocks);
}

/// Whether the names of a module and its submodules are valid file names.
fn has_file_names(module: &Value) -> bool {
    let submodules = list(module, "submodules");
    is_file_name(text(module, "name")) && submodules.iter().all(has_file_names)
}

/// Whether a module's name is a plain file name, without a path.
fn is_file_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '\0', ':'])
}

/// The bytes from the address to the next zero.
fn text_at<'data>(file: &object::File<'data>, address: u64) -> Option<&'data [u8]> {
    file.sections().find_map(|section| {
        let offset = address.checked_sub(section.address())?;
        let data = section.data().ok()?;
        let rest = data.get(usize::try_from(offset).ok()?..)?;
        let end = rest.iter().position(|byte| *byte == 0)?;
        (offset < section.size() && end > 0).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_of_modules_lead_nowhere_else() {
        assert!(has_file_names(
            &json!({"name": "größe", "submodules": [{"name": "io"}]})
        ));
        for name in ["", "..", "../x", "/x", "a/b", "C:x", "a\\b", "a\0b"] {
            assert!(!has_file_names(&json!({ "name": name })), "{name:?}");
            assert!(!has_file_names(
                &json!({"name": "a", "submodules": [{"name": name}]})
            ));
        }
        assert!(!has_file_names(&json!({"submodules": []})));
    }
}
