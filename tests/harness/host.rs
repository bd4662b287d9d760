//! Where a topic is run: an interpreter together with what stands for HPy on it.

use std::path::PathBuf;

use crate::headers::CApi;

/// What an extension is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Abi {
    /// One version of CPython.
    Cpython,
    /// Every interpreter with HPy.
    Universal,
}

impl Abi {
    /// As in HPY_TEST_ABI and in the matrix' JSON file.
    pub fn name(self) -> &'static str {
        match self {
            Abi::Cpython => "cpython",
            Abi::Universal => "universal",
        }
    }
}

/// An interpreter, what is installed beside it, and the mode to run in.
#[derive(Debug, Clone)]
pub struct Host {
    /// Names the host in tables and files: no two of one ABI that are used together share it.
    pub name: String,
    /// The name of the interpreter it runs on.
    pub interpreter: String,
    /// What it imports.
    pub abi: Abi,
    /// The interpreter's executable.
    pub python: PathBuf,
    /// The folders of pytest and of hpy, where they are not installed beside the interpreter.
    pub packages: Vec<PathBuf>,
    /// The value of `HPY`, which asks the package `hpy` for one of its modes. In `debug` a leaked
    /// handle fails a test.
    pub mode: Option<&'static str>,
    /// That no package `hpy` is there is part of what is tested.
    pub without_hpy: bool,
    /// That starting it takes longer than most topics do, so that they share a process.
    pub slow_start: bool,
    /// What code in C and with PyO3 can be compiled with.
    pub c_api: CApi,
    /// What rustc builds for, if that is not this machine: an emulator runs the interpreter.
    pub triple: Option<&'static str>,
}

/// What the names of hosts end with whose CPython is taken for one that does not exist yet.
pub const UNKNOWN: &str = "-unknown";

impl Host {
    /// Whether extensions take the interpreter for one that is newer than they are.
    pub fn is_unknown(&self) -> bool {
        self.name.ends_with(UNKNOWN)
    }

    /// Whether it is a Python for Windows, which an emulator runs on another system.
    pub fn is_foreign_windows(&self) -> bool {
        self.triple.is_some_and(|triple| triple.contains("windows"))
    }

    /// The name as part of a file's.
    pub fn file_name(&self) -> String {
        self.name.replace('/', "-")
    }
}
