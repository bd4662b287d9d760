//! What a source file says of modules: its definitions, its `use`s and the paths in its code.
//!
//! A scanner over tokens and no parser: paths inside `macro_rules!` count as well.

use std::collections::HashSet;

/// A word or a sign, and the line that it is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token<'a> {
    text: &'a str,
    line: usize,
}

/// One path, such as `crate::object::Handle`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    pub segments: Vec<String>,
    pub line: usize,
    /// The name that a `use` gives to what the path leads to, `*` for a glob.
    pub alias: Option<String>,
}

/// One module of a file: the file's own, or one in braces.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Module {
    /// Empty for the file's own.
    pub inside: Vec<String>,
    pub definitions: HashSet<String>,
    /// What stands in the macros that are called among the items, which may define it.
    pub generated: HashSet<String>,
    /// Macros that the crate's root has.
    pub exported: Vec<String>,
    /// Modules in files of their own.
    pub files: Vec<String>,
    pub uses: Vec<Path>,
    pub paths: Vec<Path>,
}

/// Which features are on. What a `cfg` says of anything else may be so or not, and its code counts.
pub type IsOn<'a> = &'a dyn Fn(&str) -> bool;

/// The modules of a file's text. Items whose `cfg` cannot hold, such as `cfg(test)`, are left out.
pub fn modules(text: &str, is_on: IsOn<'_>) -> Vec<Module> {
    let tokens = tokens(text);
    let mut scan = Scan {
        tokens: &tokens,
        is_on,
        at: 0,
        done: Vec::new(),
    };
    scan.module(Vec::new());
    scan.done
}

struct Scan<'a> {
    tokens: &'a [Token<'a>],
    is_on: IsOn<'a>,
    at: usize,
    done: Vec<Module>,
}

impl<'a> Scan<'a> {
    fn word(&self, ahead: usize) -> &'a str {
        self.tokens
            .get(self.at + ahead)
            .map_or("", |token| token.text)
    }

    fn line(&self) -> usize {
        self.tokens.get(self.at).map_or(0, |token| token.line)
    }

    /// Reads up to the brace that closes the module, or to the end of the file.
    fn module(&mut self, inside: Vec<String>) {
        let mut module = Module {
            inside,
            ..Module::default()
        };
        let mut depth = 0usize;
        let mut is_exported = false;
        while self.at < self.tokens.len() {
            match self.word(0) {
                "{" => depth += 1,
                "}" if depth == 0 => break,
                "}" => depth -= 1,
                "#" if self.word(1) == "[" => {
                    let attribute = self.attribute();
                    is_exported |= attribute == ["macro_export"];
                    if let [first, condition @ ..] = &*attribute
                        && condition.len() > 2
                        && *first == "cfg"
                        && holds(&mut &condition[1..], self.is_on) == Some(false)
                    {
                        self.skip_item();
                    }
                    continue;
                }
                "use" => {
                    self.use_(&mut module);
                    continue;
                }
                "mod" if depth == 0 && is_name(self.word(1)) => {
                    let name = self.word(1).to_owned();
                    if self.word(2) == "{" {
                        self.at += 3;
                        let mut inside = module.inside.clone();
                        inside.push(name);
                        self.module(inside);
                    } else {
                        module.files.push(name);
                    }
                }
                "macro_rules" if self.word(1) == "!" && is_name(self.word(2)) => {
                    let name = self.word(2).to_owned();
                    if core::mem::take(&mut is_exported) {
                        module.exported.push(name.clone());
                    }
                    module.definitions.insert(name);
                    self.at += 2;
                }
                "fn" | "struct" | "enum" | "trait" | "type" | "const" | "static" | "union"
                    if depth == 0 =>
                {
                    let ahead = if self.word(1) == "mut" { 2 } else { 1 };
                    if is_name(self.word(ahead)) && self.word(ahead) != "fn" {
                        module.definitions.insert(self.word(ahead).to_owned());
                    }
                }
                word if depth == 0 && is_name(word) && matches!(self.word(1), "!") => {
                    self.generated(&mut module.generated);
                }
                word if is_name(word) && self.starts_path() => {
                    module.paths.push(self.path());
                    continue;
                }
                _ => {}
            }
            self.at += 1;
        }
        self.done.push(module);
    }

    /// The names in the braces or brackets of a macro that is called here. Goes nowhere.
    fn generated(&self, names: &mut HashSet<String>) {
        let mut depth = 0usize;
        for token in &self.tokens[self.at + 2..] {
            match token.text {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" if depth <= 1 => return,
                "}" | ")" | "]" => depth -= 1,
                name if is_name(name) => drop(names.insert(name.to_owned())),
                _ => {}
            }
        }
    }

    /// Whether a path begins here, and not in its middle.
    fn starts_path(&self) -> bool {
        self.word(1) == "::" && (self.at == 0 || self.tokens[self.at - 1].text != "::")
    }

    fn path(&mut self) -> Path {
        let line = self.line();
        let mut segments = vec![self.word(0).to_owned()];
        while self.word(1) == "::" && is_name(self.word(2)) {
            segments.push(self.word(2).to_owned());
            self.at += 2;
        }
        self.at += 1;
        Path {
            segments,
            line,
            alias: None,
        }
    }

    /// The words within an attribute's brackets.
    fn attribute(&mut self) -> Vec<&'a str> {
        self.at += 2;
        let mut words = Vec::new();
        let mut depth = 1;
        while self.at < self.tokens.len() {
            match self.word(0) {
                "[" => depth += 1,
                "]" => depth -= 1,
                _ => {}
            }
            let word = self.word(0);
            self.at += 1;
            if depth == 0 {
                break;
            }
            words.push(word);
        }
        words
    }

    /// Skips what follows up to its semicolon or its closing brace.
    fn skip_item(&mut self) {
        let mut depth = 0usize;
        while self.at < self.tokens.len() {
            let word = self.word(0);
            self.at += 1;
            match word {
                "{" => depth += 1,
                "}" if depth <= 1 => return,
                "}" => depth -= 1,
                ";" if depth == 0 => return,
                _ => {}
            }
        }
    }

    fn use_(&mut self, module: &mut Module) {
        // `use<'a>` of precise capturing is none.
        self.at += 1;
        if self.word(0) == "<" {
            return;
        }
        self.tree(&mut Vec::new(), &mut module.uses);
    }

    /// One tree of a `use`: ends at the comma, brace or semicolon behind it.
    fn tree(&mut self, before: &mut Vec<String>, uses: &mut Vec<Path>) {
        let length = before.len();
        let line = self.line();
        loop {
            match self.word(0) {
                "{" => {
                    self.at += 1;
                    while !matches!(self.word(0), "}" | "") {
                        self.tree(before, uses);
                        if self.word(0) == "," {
                            self.at += 1;
                        }
                    }
                    self.at += 1;
                    break;
                }
                "*" => {
                    self.at += 1;
                    uses.push(Path {
                        segments: before.clone(),
                        line,
                        alias: Some("*".to_owned()),
                    });
                    break;
                }
                "::" => self.at += 1,
                word if is_name(word) => {
                    before.push(word.to_owned());
                    self.at += 1;
                    if self.word(0) == "::" {
                        continue;
                    }
                    let mut segments = before.clone();
                    if word == "self" && segments.len() > 1 {
                        segments.pop();
                    }
                    let alias = if self.word(0) == "as" {
                        self.at += 2;
                        self.tokens[self.at - 1].text.to_owned()
                    } else {
                        segments.last().cloned().unwrap_or_default()
                    };
                    uses.push(Path {
                        segments,
                        line,
                        alias: Some(alias),
                    });
                    break;
                }
                _ => break,
            }
        }
        before.truncate(length);
    }
}

/// Whether the condition at the front of `words` holds; none if nobody knows. Takes it from there.
fn holds(words: &mut &[&str], is_on: IsOn<'_>) -> Option<bool> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    match *first {
        "test" => Some(false),
        "feature" => {
            let name = words.get(1)?.trim_matches('"');
            *words = &words[2..];
            Some(is_on(name))
        }
        "all" | "any" | "not" => {
            *words = &words[1..];
            let mut each = Vec::new();
            while words.first().is_some_and(|word| *word != ")") {
                each.push(holds(words, is_on));
                if words.first() == Some(&",") {
                    *words = &words[1..];
                }
            }
            *words = words.get(1..).unwrap_or_default();
            let decides = *first == "any";
            match *first {
                "not" => each.first().copied().flatten().map(|it| !it),
                _ if each.contains(&Some(decides)) => Some(decides),
                _ if each.contains(&None) => None,
                _ => Some(!decides),
            }
        }
        _ => {
            if words.first() == Some(&"=") {
                *words = &words[2..];
            }
            None
        }
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|first: char| first.is_alphabetic() || first == '_')
}

/// The words and signs of a text, without comments, characters and numbers.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let (mut at, mut line) = (0, 1);
    while at < bytes.len() {
        let start = at;
        let rest = &text[at..];
        let is_token = match bytes[at] {
            b'/' if rest.starts_with("//") => {
                at += rest.find('\n').unwrap_or(rest.len());
                false
            }
            b'/' if rest.starts_with("/*") => {
                at += block_comment(rest);
                false
            }
            b'"' => {
                at += quoted(rest);
                true
            }
            b'r' | b'b' | b'c' if raw_prefix(rest).is_some() => {
                at += raw(rest);
                false
            }
            b'b' | b'c' if rest[1..].starts_with('"') => {
                at += 1 + quoted(&rest[1..]);
                false
            }
            b'\'' => {
                at += character(rest);
                false
            }
            byte if byte.is_ascii_digit() => {
                at += word_len(rest);
                false
            }
            byte if byte.is_ascii_alphabetic() || byte == b'_' => {
                at += word_len(rest);
                true
            }
            b':' if rest.starts_with("::") => {
                at += 2;
                true
            }
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                false
            }
            _ => {
                at += rest.chars().next().map_or(1, char::len_utf8);
                true
            }
        };
        if is_token {
            tokens.push(Token {
                text: &text[start..at],
                line,
            });
        }
        line += bytes[start..at]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count();
    }
    tokens
}

fn word_len(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && c != '_')
        .unwrap_or(text.len())
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

fn quoted(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of what opens a raw text, and its number of hashes.
fn raw_prefix(text: &str) -> Option<(usize, usize)> {
    let letters = ["r", "br", "cr"].into_iter().find(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.trim_start_matches('#').starts_with('"'))
    })?;
    let rest = &text[letters.len()..];
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    Some((letters.len() + hashes + 1, hashes))
}

fn raw(text: &str) -> usize {
    let Some((start, hashes)) = raw_prefix(text) else {
        return 1;
    };
    let end = format!("\"{}", "#".repeat(hashes));
    text[start..]
        .find(&end)
        .map_or(text.len(), |found| start + found + end.len())
}

/// A character, or a lifetime's quote alone.
fn character(text: &str) -> usize {
    let mut characters = text.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => {
            let body = &text[3..];
            3 + body.find('\'').map_or(body.len(), |end| end + 1)
        }
        Some((_, _)) => match characters.next() {
            Some((at, '\'')) => at + 1,
            _ => 1,
        },
        None => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(paths: &[Path]) -> Vec<String> {
        paths.iter().map(|path| path.segments.join("::")).collect()
    }

    #[test]
    fn finds_uses_and_paths() {
        let text = r#"
            use crate::{a::B, c::{self, d as e}, f::*};
            // crate::comment
            fn g() -> crate::h::I { let text = "crate::text"; 'x'; super::j::k::<'a, L>() }
            macro_rules! m { () => { $crate::n::O } }
        "#;
        let [module] = modules(text, &|_| true).try_into().unwrap();
        assert_eq!(
            joined(&module.uses),
            ["crate::a::B", "crate::c", "crate::c::d", "crate::f"]
        );
        assert_eq!(module.uses[2].alias.as_deref(), Some("e"));
        assert_eq!(
            joined(&module.paths),
            ["crate::h::I", "super::j::k", "crate::n::O"]
        );
        assert_eq!(module.paths[1].line, 4);
        assert_eq!(module.definitions, ["g", "m"].map(str::to_owned).into());
    }

    #[test]
    fn leaves_tests_out() {
        let modules = modules(
            "mod a { use b::C; }\n#[cfg(test)]\nmod tests { use d::E; }\nmod f;",
            &|_| true,
        );
        assert_eq!(modules.len(), 2);
        assert_eq!(modules[0].inside, ["a"]);
        assert_eq!(modules[1].files, ["f"]);
    }
}
