//! One module's stub.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::json::{list, text};
use super::library::Library;
use super::literal::{docstring, literal};

/// The first line of every stub. A file without it was written by hand.
pub(super) const FIRST_LINE: &str = "# Written by cargo hpy stubs.\n";

/// A stub that is being written.
pub(super) struct Stub<'a> {
    pub(super) library: &'a Library,
    /// The module's names, outermost first.
    pub(super) path: Vec<String>,
    pub(super) in_package: bool,
    /// Whether others are in it.
    pub(super) is_folder: bool,
    /// The names that the module and its classes define.
    pub(super) defined: HashSet<String>,
    pub(super) imports: BTreeSet<String>,
    /// The names of derived conversions by their ids.
    pub(super) conversions: HashMap<String, String>,
    /// Their definitions, which come first.
    pub(super) shapes: String,
    pub(super) body: String,
}

impl<'a> Stub<'a> {
    pub(super) fn new(library: &'a Library, path: &[String], in_package: bool) -> Self {
        Stub {
            library,
            path: path.to_vec(),
            in_package,
            is_folder: false,
            defined: HashSet::new(),
            imports: BTreeSet::new(),
            conversions: HashMap::new(),
            shapes: String::new(),
            body: String::new(),
        }
    }

    /// The text.
    pub(super) fn write(mut self, module: &Value) -> String {
        let submodules = list(module, "submodules");
        self.is_folder = !submodules.is_empty();
        let names = names(module);
        self.defined.extend(names.iter().cloned());
        let hidden = list(module, "hidden_types");
        self.defined
            .extend(hidden.iter().map(|one| text(one, "name").to_owned()));
        for class in list(module, "types").iter().chain(hidden) {
            for key in ["methods", "attributes", "members", "fields", "variants"] {
                let members = list(class, key).iter();
                self.defined
                    .extend(members.map(|one| text(one, "name").to_owned()));
            }
        }
        for submodule in submodules {
            let name = text(submodule, "name");
            self.imports
                .insert(format!("from . import {name} as {name}"));
        }
        for constant in list(module, "constants") {
            let name = text(constant, "name");
            // The stub says `__all__` itself.
            if !is_identifier(name) || name == "__all__" {
                continue;
            }
            let ty = self.annotation(text(constant, "returns"));
            let constant = self.name("typing.Final");
            self.body.push_str(&format!("{name}: {constant}[{ty}]\n"));
        }
        for exception in list(module, "exceptions") {
            self.space();
            self.exception(exception);
        }
        for class in list(module, "types") {
            self.space();
            self.any_class(class);
        }
        for class in hidden {
            self.space();
            let decorator = self.name("typing.type_check_only");
            self.body.push_str(&format!("@{decorator}\n"));
            self.any_class(class);
        }
        for function in list(module, "functions") {
            self.space();
            self.function(function);
        }
        let has_getattr = names.iter().any(|name| name == "__getattr__");
        if module["open"] == true && !has_getattr {
            self.space();
            self.body.push_str(
                "# Functions in C, or one that runs at the import, may define further names.\n",
            );
            let (any, str) = (self.name("typing.Any"), self.name("str"));
            self.body
                .push_str(&format!("def __getattr__(name: {str}, /) -> {any}: ...\n"));
        }
        let has_classes = !list(module, "types").is_empty() || !hidden.is_empty();
        self.finish(text(module, "doc"), &names, has_classes)
    }

    fn any_class(&mut self, class: &Value) {
        match text(class, "kind") {
            "enum" => self.enumeration(class),
            "struct_sequence" => self.struct_sequence(class),
            _ => self.class(class),
        }
    }

    /// A blank line, but at the beginning.
    pub(super) fn space(&mut self) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
    }

    fn finish(self, doc: &str, names: &[String], has_classes: bool) -> String {
        let mut written = FIRST_LINE.to_owned();
        if has_classes {
            // For example, a comparison may return something other than a bool.
            written.push_str(
                "# Classes may break the rules for overriding here, because they do so at run \
                 time.\n",
            );
            written.push_str("# mypy: disable-error-code=\"override, misc\"\n");
        }
        written.push('\n');
        if !doc.is_empty() {
            written.push_str(&docstring(doc, 0));
            written.push('\n');
        }
        for import in &self.imports {
            written.push_str(import);
            written.push('\n');
        }
        if !self.imports.is_empty() {
            written.push('\n');
        }
        // As `from module import *` has it.
        let public = names
            .iter()
            .filter(|name| !name.starts_with('_') && is_identifier(name));
        let public: Vec<String> = public.map(|name| literal(name)).collect();
        written.push_str(&format!("__all__ = [{}]\n", public.join(", ")));
        for part in [self.shapes, self.body] {
            if !part.is_empty() {
                written.push('\n');
                written.push_str(&part);
            }
        }
        written
    }
}

/// All names that the module defines, in the order of the stub.
fn names(module: &Value) -> Vec<String> {
    let keys = [
        "constants",
        "exceptions",
        "types",
        "functions",
        "submodules",
    ];
    let all = keys.iter().flat_map(|key| list(module, key));
    all.map(|one| text(one, "name").to_owned()).collect()
}

/// Whether it is a valid name.
pub(super) fn is_identifier(name: &str) -> bool {
    const KEYWORDS: [&str; 35] = [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class",
        "continue", "def", "del", "elif", "else", "except", "finally", "for", "from", "global",
        "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return",
        "try", "while", "with", "yield",
    ];
    let mut letters = name.chars();
    letters
        .next()
        .is_some_and(|first| first.is_alphabetic() || first == '_')
        && letters.all(|one| one.is_alphanumeric() || one == '_')
        && !KEYWORDS.contains(&name)
}
