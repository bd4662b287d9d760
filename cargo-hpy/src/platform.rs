//! What differs from one operating system of this machine to another. What is built follows its
//! target instead: see `target`.

/// The interpreter inside a virtual environment.
pub(crate) const VENV_PYTHON: &str = if cfg!(windows) {
    "Scripts/python.exe"
} else {
    "bin/python"
};

/// The interpreter's usual command.
pub(crate) const PYTHON: &str = if cfg!(windows) { "python" } else { "python3" };
