//! The files that the rows run: universal ones once for all, those of the CPython ABI once per version.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow};
use cargo_hpy::{GlibcLinker, GlibcVersion};
use hpy_tests::host::{Abi, Host};
use hpy_tests::plan::Plan;
use hpy_tests::topics::Topic;

/// What universal files are linked for. Older is not possible with Rust, and nobody has older.
const GLIBC: GlibcVersion = GlibcVersion(2, 17);

/// Hosts with the same key run the same files.
type Key = (Abi, Option<String>);

/// What builds them.
#[derive(Debug)]
pub struct Builder {
    plan: Plan,
    linker: Option<GlibcLinker>,
    target: PathBuf,
}

impl Builder {
    /// Without `zig`, universal files load with this machine's glibc and newer ones.
    ///
    /// # Errors
    /// If cargo does not know the topics, or Zig does not work.
    pub fn new(topics: &[Topic], zig: Option<&Path>) -> Result<Builder> {
        let linker = match zig {
            Some(zig) if cfg!(target_env = "gnu") => {
                Some(GlibcLinker::with_zig(GLIBC, zig).map_err(|error| anyhow!("{error}"))?)
            }
            _ => None,
        };
        Ok(Builder {
            plan: Plan::of(topics)?,
            linker,
            target: hpy_tests::target(),
        })
    }

    /// What was built before, and what else the hosts need. What does not compile is an error for its rows alone.
    pub fn build<'a>(
        &self,
        before: Binaries,
        hosts: impl IntoIterator<Item = &'a Host>,
    ) -> Binaries {
        let mut binaries = before;
        binaries.linked_for_all = self.linker.is_some();
        for host in hosts {
            binaries.folders.entry(key(host)).or_insert_with(|| {
                let what = match host.abi {
                    Abi::Universal => String::new(),
                    Abi::Cpython => format!(" of {}", host.interpreter),
                };
                let start = Instant::now();
                let built = build(&self.plan, host, self.linker.as_ref(), &self.target);
                let (abi, took) = (host.abi.name(), start.elapsed().as_secs());
                eprintln!("Built for the {abi} ABI{what}: {took} s.");
                built
                    .map(|(folder, needs)| {
                        if host.abi == Abi::Universal {
                            binaries.glibc = needs;
                        }
                        folder
                    })
                    .map_err(|error| format!("{error:#}"))
            });
        }
        binaries
    }
}

/// What was built, or why it was not.
#[derive(Debug, Default, Clone)]
pub struct Binaries {
    folders: BTreeMap<Key, Result<PathBuf, String>>,
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

    /// Which systems the universal files load on.
    pub fn systems(&self) -> String {
        match self.glibc {
            None => "No universal file of this run asks for a version of glibc.".to_string(),
            Some(version) if self.linked_for_all => {
                format!("The universal files load with glibc {version} and later.")
            }
            Some(version) => format!(
                "The universal files load with glibc {version} and later: they were linked for this machine."
            ),
        }
    }
}

fn key(host: &Host) -> Key {
    match host.abi {
        Abi::Universal => (Abi::Universal, None),
        Abi::Cpython => (Abi::Cpython, Some(host.interpreter.clone())),
    }
}

fn build(
    plan: &Plan,
    host: &Host,
    linker: Option<&GlibcLinker>,
    target: &Path,
) -> Result<(PathBuf, Option<GlibcVersion>)> {
    let (abi, linker) = match host.abi {
        Abi::Universal => (cargo_hpy::Abi::Universal, linker),
        Abi::Cpython => {
            let python = cargo_hpy::Interpreter::find(Some(host.python.as_os_str()));
            let python = python.map_err(|error| anyhow!("{error}"))?;
            (cargo_hpy::Abi::CPython(python), None)
        }
    };
    let out = target.join("hpy/matrix").join(abi.key());
    let needs = plan.build(&abi, linker, &out)?;
    Ok((out, needs))
}
