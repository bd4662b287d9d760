//! Makes a module of each Rust snippet in `docs/porting`, so that all of them are compiled and run.

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

const PAGES: [&str; 2] = ["pyo3", "hpy"];

/// What a snippet begins with: the pages say so, and leave it out.
const BEGIN: &str = "#[allow(unused_imports)]
use hpy::{bail, ensure, exceptions::*, prelude::*};
";

fn main() {
    let folder = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../../docs/porting");
    let mut modules = String::new();
    let mut methods = Vec::new();
    let mut globals = Vec::new();
    let mut exceptions = Vec::new();
    for page in PAGES {
        let path = folder.join(page).with_extension("md");
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path).unwrap();
        for (number, code) in snippets(&text).into_iter().enumerate() {
            let name = format!("{page}_{number}");
            write!(
                modules,
                "\n/// `docs/porting/{page}.md`\npub mod {name} {{\n"
            )
            .unwrap();
            if !code.contains("use hpy::prelude::*;") {
                modules += BEGIN;
            }
            // A snippet that declares a module is one. Methods of others go into `porting`.
            if code.contains("hpy_module!") {
                write!(modules, "{code}\n}}\n").unwrap();
            } else {
                let seen = format!("\n{code}")
                    .replace("\nfn ", "\npub(super) fn ")
                    .replace("\nasync fn ", "\npub(super) async fn ")
                    .replace("\nstatic ", "\npub(super) static ");
                write!(modules, "{seen}\n}}\n").unwrap();
                let path = |item| format!("{name}::{item}");
                methods.extend(after_attribute(code, "#[hpy_method", "fn ").map(path));
                globals.extend(after_line_start(code, "static ", ": Global").map(path));
                exceptions.extend(after_line_start(code, "exception!(", ": ").map(path));
            }
        }
    }
    write!(modules, "\nhpy::hpy_module! {{\n    name: porting,\n").unwrap();
    for (key, items) in [
        ("methods", methods),
        ("globals", globals),
        ("exceptions", exceptions),
    ] {
        if !items.is_empty() {
            writeln!(modules, "    {key}: [{}],", items.join(", ")).unwrap();
        }
    }
    modules += "}\n";
    let made = Path::new(&env::var("OUT_DIR").unwrap()).join("snippets.rs");
    fs::write(made, modules).unwrap();
}

/// What stands between "```rust" and "```".
fn snippets(text: &str) -> Vec<&str> {
    let blocks = text.split("```rust\n").skip(1);
    blocks
        .filter_map(|rest| rest.split("\n```").next())
        .collect()
}

/// The names that follow `keyword`, after each line that begins with `attribute`.
fn after_attribute<'a>(
    code: &'a str,
    attribute: &'a str,
    keyword: &'a str,
) -> impl Iterator<Item = &'a str> {
    code.split(attribute).skip(1).filter_map(move |rest| {
        let rest = rest.split_once(keyword)?.1;
        rest.split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()
    })
}

/// The names between `start`, which a line begins with, and `end`.
fn after_line_start<'a>(
    code: &'a str,
    start: &'a str,
    end: &'a str,
) -> impl Iterator<Item = &'a str> {
    code.lines().filter_map(move |line| {
        let line = line.strip_prefix("pub ").unwrap_or(line);
        Some(line.strip_prefix(start)?.split_once(end)?.0)
    })
}
