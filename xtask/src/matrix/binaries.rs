//! The files that the rows run: universal ones once for all, those of the CPython ABI once per
//! version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow};
use cargo_hpy::{GlibcLinker, GlibcVersion, Interpreter};
use hpy_tests::host::{Abi, Host};
use hpy_tests::plan::Plan;
use hpy_tests::systems;
use hpy_tests::topics::{Bound, Topic};

use super::runs_hybrids;
use crate::platforms;

/// Hosts with the same key run the same files.
type Key = (Abi, Option<String>);

/// What builds them.
#[derive(Debug)]
pub struct Builder {
    plan: Plan,
    linker: Option<GlibcLinker>,
    target: PathBuf,
    /// The one that `cargo test` has built for: the target folder of the CPython ABI holds what was
    /// built last.
    pub before: Option<Interpreter>,
}

impl Builder {
    /// Without `zig`, universal files load with this machine's glibc and newer ones.
    ///
    /// # Errors
    /// If cargo does not know the topics, or Zig does not work.
    pub fn new(topics: &[Topic], zig: Option<&Path>) -> Result<Builder> {
        let linker = match zig {
            Some(zig) => systems::linker(zig)?,
            None => None,
        };
        Ok(Builder {
            plan: Plan::of(topics)?,
            linker,
            target: hpy_tests::target(),
            before: Interpreter::find(None).ok(),
        })
    }

    /// What was built before, and what else the hosts need that run any topics. What does not
    /// compile is an error for its rows alone.
    pub fn build<'a>(
        &self,
        before: Binaries,
        hosts: impl IntoIterator<Item = (&'a Host, &'a Vec<&'a Topic>)>,
    ) -> Binaries {
        let mut binaries = before;
        binaries.linked_for_all = self.linker.is_some();
        let name = self.before.as_ref().map(|python| {
            let (major, minor, _) = python.version;
            format!("cpython{major}.{minor}{}", python.abi_flags)
        });
        let hosts = hosts.into_iter();
        let mut hosts: Vec<_> = hosts.filter(|(_, topics)| !topics.is_empty()).collect();
        hosts.sort_by_key(|(host, _)| Some(&host.interpreter) != name.as_ref());
        let all = hosts.clone();
        for (host, topics) in hosts {
            binaries.folders.entry(key(host)).or_insert_with(|| {
                let what = match host.abi {
                    Abi::Universal => match host.triple {
                        Some(triple) => format!(" of {triple}"),
                        None => String::new(),
                    },
                    Abi::Cpython => format!(" of {}", host.interpreter),
                };
                let start = Instant::now();
                let built = match host.triple {
                    Some(triple) => self.build_foreign(host, triple, &all),
                    None => self.build_for(host),
                };
                let (abi, took) = (host.abi.name(), start.elapsed().as_secs());
                eprintln!("Built for the {abi} ABI{what}: {took} s.");
                built
                    .map(|(folder, needs)| {
                        if host.abi == Abi::Universal && host.triple.is_none() {
                            binaries.glibc = needs;
                        }
                        folder
                    })
                    .map_err(|error| format!("{error:#}"))
            });
            if host.abi == Abi::Universal && host.c_api.cpython && runs_hybrids(topics, host) {
                let build = || {
                    self.build_hybrid(host)
                        .map_err(|error| format!("{error:#}"))
                };
                let name = host.interpreter.clone();
                binaries.hybrid.entry(name).or_insert_with(build);
            }
        }
        binaries
    }

    /// What all hosts with the same files run.
    fn build_foreign(
        &self,
        host: &Host,
        triple: &str,
        all: &[(&Host, &Vec<&Topic>)],
    ) -> Result<(PathBuf, Option<GlibcVersion>)> {
        let same = all.iter().filter(|(other, _)| key(other) == key(host));
        let topics = same.flat_map(|(_, topics)| topics.iter());
        let free = topics.filter(|topic| topic.bound == Bound::Free);
        let mut names: Vec<&str> = free.map(|topic| topic.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let folder = platforms::build(host, triple, &names, &self.target)?;
        Ok((folder, None))
    }

    fn build_hybrid(&self, host: &Host) -> Result<PathBuf> {
        // Of those with PyPI's hpy the interpreter is that of a virtual environment of it.
        let python = Interpreter::find(Some(host.python.as_os_str()));
        let abi = cargo_hpy::Abi::Hybrid(python.map_err(|error| anyhow!("{error}"))?);
        let out = self.target.join("hpy/matrix").join(abi.key());
        self.plan.build(&abi, None, &out)?;
        Ok(out)
    }

    fn build_for(&self, host: &Host) -> Result<(PathBuf, Option<GlibcVersion>)> {
        let (abi, linker) = match host.abi {
            Abi::Universal => (cargo_hpy::Abi::Universal, self.linker.as_ref()),
            Abi::Cpython => {
                let python = Interpreter::find(Some(host.python.as_os_str()));
                let python = python.map_err(|error| anyhow!("{error}"))?;
                (cargo_hpy::Abi::CPython(self.as_before(python)), None)
            }
        };
        let out = self.target.join("hpy/matrix").join(abi.key());
        let needs = self.plan.build(&abi, linker, &out)?;
        Ok((out, needs))
    }

    /// The same interpreter by the path that was given before, as another path has everything built
    /// again.
    fn as_before(&self, python: Interpreter) -> Interpreter {
        let is_same = |before: &&Interpreter| {
            let of = |one: &Interpreter| (one.base_prefix.clone(), one.ext_suffix.clone());
            of(before) == of(&python)
        };
        self.before
            .as_ref()
            .filter(is_same)
            .cloned()
            .unwrap_or(python)
    }
}

/// What was built, or why it was not.
#[derive(Debug, Default, Clone)]
pub struct Binaries {
    folders: BTreeMap<Key, Result<PathBuf, String>>,
    /// HPy's hybrid forms of what is bound to CPython, by interpreter.
    hybrid: BTreeMap<String, Result<PathBuf, String>>,
    /// The oldest glibc that the universal files load with.
    glibc: Option<GlibcVersion>,
    /// Whether they were linked for an older one than this machine's.
    linked_for_all: bool,
}

impl Binaries {
    /// The folder that the host imports from, or why there is none.
    pub fn of(&self, host: &Host) -> Result<&Path, &str> {
        match self.folders.get(&key(host)) {
            Some(Ok(folder)) => Ok(folder),
            Some(Err(error)) => Err(error),
            None => Err("nothing was built for it"),
        }
    }

    /// Where the hybrid forms are that the host imports, or why there are none.
    pub fn hybrid(&self, host: &Host) -> Result<&Path, &str> {
        match self.hybrid.get(&host.interpreter) {
            Some(Ok(folder)) => Ok(folder),
            Some(Err(error)) => Err(error),
            None => Err("no hybrid form was built for it"),
        }
    }

    /// Which systems the universal files load on.
    pub fn systems(&self) -> String {
        match self.glibc {
            None => "No universal file of this run asks for a version of glibc.".to_string(),
            Some(version) if self.linked_for_all => {
                format!("The universal files load with glibc {version} and later.")
            }
            Some(version) => format!(
                "The universal files load with glibc {version} and later: they were linked for \
                 this machine."
            ),
        }
    }
}

fn key(host: &Host) -> Key {
    match host.abi {
        Abi::Universal => (Abi::Universal, host.triple.map(str::to_owned)),
        Abi::Cpython => (Abi::Cpython, Some(host.interpreter.clone())),
    }
}
