//! What differs from one operating system to another.

pub(crate) use os::*;

#[cfg(not(any(target_os = "macos", windows)))]
mod os {
    /// The end of a universal binary's file name.
    pub(crate) const UNIVERSAL_SUFFIX: &str = ".hpy0.so";
    /// The end of a hybrid binary's, after the version of CPython.
    pub(crate) const HYBRID_SUFFIX: &str = ".so";
    /// The interpreter inside a virtual environment.
    pub(crate) const VENV_PYTHON: &str = "bin/python";
    /// The interpreter's usual command.
    pub(crate) const PYTHON: &str = "python3";

    /// The flags for cargo to link a native extension, whose C API symbols come from the
    /// interpreter.
    pub(crate) fn cpython_build_options() -> &'static [&'static str] {
        &[]
    }
}

/// Not tested.
#[cfg(target_os = "macos")]
mod os {
    pub(crate) const UNIVERSAL_SUFFIX: &str = ".hpy0.so";
    pub(crate) const HYBRID_SUFFIX: &str = ".so";
    pub(crate) const VENV_PYTHON: &str = "bin/python";
    pub(crate) const PYTHON: &str = "python3";

    pub(crate) fn cpython_build_options() -> &'static [&'static str] {
        // Apple's linker rejects unresolved symbols unless it is told that they are resolved at
        // load time.
        &[
            "--config",
            "target.'cfg(target_os = \"macos\")'.rustflags = \
             [\"-Clink-arg=-undefined\", \"-Clink-arg=dynamic_lookup\"]",
        ]
    }
}

/// Not tested.
#[cfg(windows)]
mod os {
    pub(crate) const UNIVERSAL_SUFFIX: &str = ".hpy0.pyd";
    pub(crate) const HYBRID_SUFFIX: &str = ".pyd";
    pub(crate) const VENV_PYTHON: &str = "Scripts/python.exe";
    pub(crate) const PYTHON: &str = "python";

    pub(crate) fn cpython_build_options() -> &'static [&'static str] {
        &[]
    }
}
