//! Circles of imports: files of a crate of which each leads to every other, by whatever path.
//!
//! A path leads to the file that has the definition, through every `pub use` on its way. So it
//! makes no difference whether `crate::Handle` or `crate::object::Handle` is written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path as FilePath, PathBuf};

use super::scan::{self, IsOn, Module, Path};

/// The files of a crate, and which of them leads to which.
pub struct Graph {
    pub files: Vec<PathBuf>,
    /// From, to, and the line of the first path that leads there.
    pub arrows: BTreeMap<(usize, usize), usize>,
}

struct Place {
    file: usize,
    module: Module,
}

/// The modules of a crate by their paths from its root.
struct Crate {
    modules: HashMap<Vec<String>, Place>,
    exported: HashMap<String, usize>,
}

impl Graph {
    /// The graph of the crate whose root is `root`, with `read` for the text of a file.
    pub fn of(
        root: &FilePath,
        is_on: IsOn<'_>,
        read: &dyn Fn(&FilePath) -> Option<String>,
    ) -> Self {
        let mut files = Vec::new();
        let mut found = Crate {
            modules: HashMap::new(),
            exported: HashMap::new(),
        };
        let mut waiting = vec![(root.to_owned(), Vec::new())];
        while let Some((path, name)) = waiting.pop() {
            let Some(text) = read(&path) else { continue };
            let file = files.len();
            for module in scan::modules(&text, is_on) {
                let mut name: Vec<String> = name.clone();
                name.extend(module.inside.iter().cloned());
                for child in &module.files {
                    waiting.extend(children(root, &path, &module.inside, &name, child));
                }
                for exported in &module.exported {
                    found.exported.insert(exported.clone(), file);
                }
                found.modules.insert(name, Place { file, module });
            }
            files.push(path);
        }
        let mut arrows = BTreeMap::new();
        let mut known = Known::new();
        for (name, place) in &found.modules {
            for path in place.module.uses.iter().chain(&place.module.paths) {
                for end in found.ends(name, path, &mut known) {
                    if end != place.file {
                        let line = arrows.entry((place.file, end)).or_insert(path.line);
                        *line = path.line.min(*line);
                    }
                }
            }
        }
        Self { files, arrows }
    }

    /// The sets of files, of more than one, each of which leads to every other.
    pub fn circles(&self) -> Vec<Vec<usize>> {
        let mut next = vec![Vec::new(); self.files.len()];
        for (from, to) in self.arrows.keys() {
            next[*from].push(*to);
        }
        let mut search = Search {
            next: &next,
            order: vec![None; next.len()],
            low: vec![0; next.len()],
            stack: Vec::new(),
            is_on_stack: vec![false; next.len()],
            count: 0,
            found: Vec::new(),
        };
        for file in 0..next.len() {
            if search.order[file].is_none() {
                search.visit(file);
            }
        }
        search.found.retain(|circle| circle.len() > 1);
        search
            .found
            .sort_by_key(|circle| core::cmp::Reverse(circle.len()));
        search.found
    }
}

/// Where the file of a module may be.
fn children(
    root: &FilePath,
    parent: &FilePath,
    inside: &[String],
    name: &[String],
    child: &str,
) -> Vec<(PathBuf, Vec<String>)> {
    let mut folder = parent.with_file_name("");
    let stem = parent.file_stem().unwrap_or_default();
    if parent != root && stem != "mod" {
        folder.push(stem);
    }
    folder.extend(inside);
    let mut name = name.to_vec();
    name.push(child.to_owned());
    [
        folder.join(format!("{child}.rs")),
        folder.join(child).join("mod.rs"),
    ]
    .into_iter()
    .map(|path| (path, name.clone()))
    .collect()
}

/// What a name in a module leads to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    File(usize),
    Module(Name),
}

/// A module's path from the crate's root.
type Name = Vec<String>;

/// What names in modules lead to, as far as it is known. None while it is being found out.
type Known = HashMap<(Name, String), BTreeSet<Target>>;

impl Crate {
    /// The files that have what `segments` leads to, seen from the module `from`.
    fn ends(&self, from: &[String], path: &Path, known: &mut Known) -> BTreeSet<usize> {
        let is_glob = path.alias.as_deref() == Some("*");
        let targets = self.follow(from, &path.segments, path.alias.is_some(), known);
        let mut ends = BTreeSet::new();
        for target in targets {
            match target {
                Target::File(file) => drop(ends.insert(file)),
                Target::Module(at) if is_glob => ends.extend(self.defining(&at)),
                // A module is named, not used: the paths through it are found where they are.
                Target::Module(_) => {}
            }
        }
        ends
    }

    /// The file of a module that defines anything: what a glob leads to.
    fn defining(&self, at: &[String]) -> Option<usize> {
        let place = self.modules.get(at)?;
        let module = &place.module;
        let is_empty = module.definitions.is_empty() && module.generated.is_empty();
        (!is_empty).then_some(place.file)
    }

    fn follow(
        &self,
        from: &[String],
        segments: &[String],
        is_use: bool,
        known: &mut Known,
    ) -> BTreeSet<Target> {
        let mut at = from.to_vec();
        let mut rest = segments;
        let mut is_anchored = false;
        while let Some((first, after)) = rest.split_first() {
            match first.as_str() {
                "crate" => at.clear(),
                "self" => {}
                "super" => drop(at.pop()),
                _ => break,
            }
            is_anchored = true;
            rest = after;
        }
        // A name alone may be a local variable's type, or another crate.
        if !is_anchored && rest.len() < 2 && !is_use {
            return BTreeSet::new();
        }
        let mut targets = BTreeSet::from([Target::Module(at)]);
        for name in rest {
            let mut next = BTreeSet::new();
            for target in targets {
                match target {
                    Target::Module(at) => next.extend(self.look_up(&at, name, known)),
                    // A variant, or what a type has.
                    file => drop(next.insert(file)),
                }
            }
            targets = next;
        }
        targets
    }

    fn look_up(&self, at: &[String], name: &str, known: &mut Known) -> BTreeSet<Target> {
        let key = (at.to_vec(), name.to_owned());
        if let Some(found) = known.get(&key) {
            return found.clone();
        }
        known.insert(key.clone(), BTreeSet::new());
        let found = self.find(at, name, known);
        known.insert(key, found.clone());
        found
    }

    fn find(&self, at: &[String], name: &str, known: &mut Known) -> BTreeSet<Target> {
        let mut child = at.to_vec();
        child.push(name.to_owned());
        if self.modules.contains_key(&child) {
            return BTreeSet::from([Target::Module(child)]);
        }
        let Some(place) = self.modules.get(at) else {
            return BTreeSet::new();
        };
        if place.module.definitions.contains(name) {
            return BTreeSet::from([Target::File(place.file)]);
        }
        if at.is_empty()
            && let Some(file) = self.exported.get(name)
        {
            return BTreeSet::from([Target::File(*file)]);
        }
        let mut found = BTreeSet::new();
        let mut is_named = false;
        for path in named(&place.module, name) {
            // `use name;` of a macro or a crate leads to itself.
            if path.segments != [name] {
                is_named = true;
                found.extend(self.follow(at, &path.segments, true, known));
            }
        }
        if !is_named {
            for path in named(&place.module, "*") {
                let mut segments = path.segments.clone();
                segments.push(name.to_owned());
                found.extend(self.follow(at, &segments, true, known));
            }
            if found.is_empty() && place.module.generated.contains(name) {
                found.insert(Target::File(place.file));
            }
        }
        found
    }
}

/// The paths of a module's `use`s that give this name.
fn named<'a>(module: &'a Module, name: &'a str) -> impl Iterator<Item = &'a Path> {
    let paths = module.uses.iter();
    paths.filter(move |path| path.alias.as_deref() == Some(name))
}

/// Tarjan's search for strongly connected components.
struct Search<'a> {
    next: &'a [Vec<usize>],
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    stack: Vec<usize>,
    is_on_stack: Vec<bool>,
    count: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, file: usize) {
        self.order[file] = Some(self.count);
        self.low[file] = self.count;
        self.count += 1;
        self.stack.push(file);
        self.is_on_stack[file] = true;
        for &next in &self.next[file] {
            match self.order[next] {
                None => {
                    self.visit(next);
                    self.low[file] = self.low[file].min(self.low[next]);
                }
                Some(order) if self.is_on_stack[next] => {
                    self.low[file] = self.low[file].min(order);
                }
                Some(_) => {}
            }
        }
        if self.order[file] == Some(self.low[file]) {
            let mut circle = Vec::new();
            while let Some(last) = self.stack.pop() {
                self.is_on_stack[last] = false;
                circle.push(last);
                if last == file {
                    break;
                }
            }
            self.found.push(circle);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let graph = Graph::of(FilePath::new("lib.rs"), &|_| true, &|path| {
            let found = files.iter().find(|(name, _)| FilePath::new(name) == path);
            found.map(|(_, text)| (*text).to_owned())
        });
        let circles = graph.circles().into_iter().map(|circle| {
            let mut names: Vec<_> = circle
                .iter()
                .map(|file| graph.files[*file].display().to_string())
                .collect();
            names.sort();
            names
        });
        circles.collect()
    }

    #[test]
    fn paths_lead_to_definitions_through_uses() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b; mod c; pub use a::A; pub use b::*;"),
            ("a.rs", "pub struct A; fn f() -> crate::B {}"),
            ("b/mod.rs", "mod inner; pub use inner::B;"),
            ("b/inner.rs", "use crate::A; pub struct B(A);"),
            ("c.rs", "use crate::{A, B};"),
        ]);
        assert_eq!(found, [["a.rs", "b/inner.rs"]]);
    }

    #[test]
    fn what_macros_define_is_found() {
        let found = circles(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "make! { /// Docs.\n A; } fn f(_: super::b::B) {}"),
            (
                "b.rs",
                "use crate::a; pub struct B; impl B { fn f(_: a::A) {} }",
            ),
        ]);
        assert_eq!(found, [["a.rs", "b.rs"]]);
    }
}
