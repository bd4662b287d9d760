//! Annotations: what they name is imported, and called by another name where the module has one of its own.

use super::library::ClassLocation;
use super::module::Stub;

/// What is no name of a module's or of a class'.
const NOT_NAMES: [&str; 3] = ["None", "True", "False"];

impl Stub<'_> {
    /// An annotation as this module writes it.
    pub(super) fn annotation(&mut self, described: &str) -> String {
        let mut written = String::new();
        let mut rest = described;
        while let Some(first) = rest.chars().next() {
            let end = match first {
                '@' => {
                    let end = rest[1..].find('@').map_or(rest.len(), |end| end + 2);
                    let id = rest[..end].trim_matches('@').to_owned();
                    written.push_str(&self.declared(&id));
                    end
                }
                '\'' => {
                    let end = end_of_text(rest);
                    written.push_str(&rest[..end]);
                    end
                }
                _ if first.is_alphabetic() || first == '_' => {
                    let is_name = |one: char| one.is_alphanumeric() || one == '_' || one == '.';
                    let end = rest.find(|one| !is_name(one)).unwrap_or(rest.len());
                    // `...` after a name is none of its.
                    written.push_str(&self.name(&rest[..end]));
                    end
                }
                _ => {
                    written.push(first);
                    first.len_utf8()
                }
            };
            rest = &rest[end..];
        }
        simplified(&written)
    }

    /// A builtin or a dotted name, as it can be written here.
    pub(super) fn name(&mut self, name: &str) -> String {
        let Some((module, last)) = name.rsplit_once('.') else {
            if !self.defined.contains(name) || NOT_NAMES.contains(&name) {
                return name.to_owned();
            }
            return self.name(&format!("builtins.{name}"));
        };
        let root = module.split('.').next().unwrap_or(module);
        if self.defined.contains(root) {
            let alias = format!("_{}", module.replace('.', "_"));
            self.imports.insert(format!("import {module} as {alias}"));
            return format!("{alias}.{last}");
        }
        self.imports.insert(format!("import {module}"));
        name.to_owned()
    }

    fn declared(&mut self, id: &str) -> String {
        let locations = self.library.classes.get(id).map_or(&[][..], Vec::as_slice);
        if let Some(own) = locations
            .iter()
            .find(|location| location.module == self.path)
        {
            return own.name.clone();
        }
        match locations.first() {
            Some(location) => self.imported_class(location),
            None if self.library.declared.contains_key(id) => self.conversion(id),
            None => self.name("typing.Any"),
        }
    }

    /// A class of another module of the library.
    fn imported_class(&mut self, location: &ClassLocation) -> String {
        let alias = format!("_{}", location.name);
        let module = self.module_from_here(location);
        self.imports
            .insert(format!("from {module} import {} as {alias}", location.name));
        alias
    }

    fn module_from_here(&self, location: &ClassLocation) -> String {
        if location.module[0] == self.path[0] {
            // Up to the module that both are in, and down again. A module that has others in it is a folder.
            let common = self
                .path
                .iter()
                .zip(&location.module)
                .take_while(|(one, other)| one == other)
                .count();
            let folder = self.path.len() - usize::from(!self.is_folder);
            let up = (folder + 1).saturating_sub(common);
            return format!("{}{}", ".".repeat(up), location.module[common..].join("."));
        }
        match &location.declared_module {
            Some(declared_module) => declared_module.clone(),
            None if self.in_package => {
                format!(
                    "{}{}",
                    ".".repeat(self.path.len()),
                    location.module.join(".")
                )
            }
            None => location.module.join("."),
        }
    }
}

/// Where the text in quotes ends, with them.
fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    for (at, one) in text.char_indices().skip(1) {
        match one {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// `int | None | None` says None once, and what may be anything is `Any`.
fn simplified(written: &str) -> String {
    let mut members: Vec<&str> = Vec::new();
    let (mut depth, mut start, mut in_text) = (0i32, 0, false);
    for (at, one) in written.char_indices() {
        match one {
            '\'' => in_text = !in_text,
            _ if in_text => {}
            '[' => depth += 1,
            ']' => depth -= 1,
            '|' if depth == 0 => {
                members.push(written[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    members.push(written[start..].trim());
    if members.len() == 1 {
        return written.to_owned();
    }
    if let Some(any) = members.iter().find(|member| member.ends_with("typing.Any")) {
        return (*any).to_owned();
    }
    let mut seen: Vec<&str> = Vec::new();
    for member in members {
        if !seen.contains(&member) {
            seen.push(member);
        }
    }
    seen.join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unions_say_everything_once() {
        assert_eq!(simplified("int | None | None"), "int | None");
        assert_eq!(simplified("list[int | int]"), "list[int | int]");
        assert_eq!(simplified("int | typing.Any"), "typing.Any");
        assert_eq!(
            simplified("typing.Literal['a | b'] | int"),
            "typing.Literal['a | b'] | int"
        );
    }

    #[test]
    fn text_ends_at_its_quote() {
        assert_eq!(end_of_text(r"'a\'b' c"), 6);
    }
}
