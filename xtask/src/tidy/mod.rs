//! `cargo xtask tidy`: what can be said of the sources without building them.
//!
//! It is quick enough to run before each commit. A finding is a file and a line.

mod backend;
mod circles;
mod lines;
mod markdown;
mod paths;
mod scan;
mod tracked;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use self::circles::Graph;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Show all circles, also those that are small enough.
    #[arg(long)]
    circles: bool,
    /// Write the copies of the build backend anew.
    #[arg(long)]
    copy: bool,
}

/// Files in a circle, at most.
const MOST: usize = 10;

/// What is promised of a crate's files.
struct Promise {
    root: &'static str,
    /// The only folders that one circle joins, and `docs/design/layout.md` says why. None if a
    /// circle may join any still.
    joins: Option<&'static [&'static str]>,
}

impl Promise {
    const fn new(root: &'static str) -> Self {
        Self { root, joins: None }
    }
}

const PROMISES: [Promise; 9] = [
    Promise::new("hpy/src/lib.rs"),
    Promise {
        root: "hpy-core/src/lib.rs",
        joins: Some(&["backend", "error", "object"]),
    },
    Promise::new("hpy-sys/src/lib.rs"),
    Promise::new("hpy-macros/src/lib.rs"),
    Promise::new("hpy-mock/src/lib.rs"),
    Promise::new("hpy-runtime/src/lib.rs"),
    Promise::new("hpy-runtime/package/src/lib.rs"),
    Promise::new("cargo-hpy/src/lib.rs"),
    Promise::new("xtask/src/main.rs"),
];

/// Features that choose between modules of which only one is compiled.
const ABIS: [&[&str]; 2] = [&["cpython"], &["universal"]];

/// Runs the task.
///
/// # Errors
/// If the checkout cannot be read.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let checkout = hpy_tests::checkout();
    let mut findings = lines::check(&checkout)?;
    findings.extend(paths::check(&checkout)?);
    findings.extend(backend::check(&checkout, arguments.copy)?);
    for promise in PROMISES {
        findings.extend(circles(&checkout, &promise, arguments.circles));
    }
    for finding in &findings {
        eprintln!("error: {finding}");
    }
    println!("tidy: {} findings", findings.len());
    Ok(ExitCode::from(u8::from(!findings.is_empty())))
}

/// The arrows of circles that have too many files, or join what they may not.
fn circles(checkout: &Path, promise: &Promise, shows_all: bool) -> Vec<String> {
    let root = promise.root;
    let mut findings = Vec::new();
    for abi in ABIS {
        let is_on = |feature: &str| match feature {
            "cpython" | "universal" => abi.contains(&feature),
            _ => true,
        };
        let graph = Graph::of(Path::new(root), &is_on, &|file| {
            std::fs::read_to_string(checkout.join(file)).ok()
        });
        for circle in graph.circles() {
            let what = named(&graph, &circle);
            if shows_all {
                println!("{root}: a circle of {what}");
            }
            if circle.len() > MOST {
                findings.push(format!(
                    "{root}: at most {MOST} files in one circle, not {what}"
                ));
            } else if joins_too_much(promise, &graph, &circle) {
                findings.push(format!(
                    "{root}: no circle joins folders, as does that of {what}"
                ));
            } else {
                continue;
            }
            for ((from, to), line) in &graph.arrows {
                if circle.contains(from) && circle.contains(to) {
                    let [from, to] = [from, to].map(|file| graph.files[*file].display());
                    findings.push(format!("{from}:{line}: leads to {to}"));
                }
            }
        }
    }
    findings.sort();
    findings.dedup();
    findings
}

fn named(graph: &Graph, circle: &[usize]) -> String {
    let names = circle
        .iter()
        .map(|file| graph.files[*file].display().to_string());
    let mut names: Vec<_> = names.collect();
    names.sort();
    format!("{} files: {}", names.len(), names.join(" "))
}

fn joins_too_much(promise: &Promise, graph: &Graph, circle: &[usize]) -> bool {
    let Some(joins) = promise.joins else {
        return false;
    };
    let src = Path::new(promise.root).parent().unwrap_or(Path::new(""));
    let folders = circle.iter().filter_map(|file| {
        let file = graph.files[*file].strip_prefix(src).ok()?;
        file.components().next()?.as_os_str().to_str()
    });
    let folders: BTreeSet<_> = folders.collect();
    folders.len() > 1 && !folders.iter().all(|folder| joins.contains(folder))
}
