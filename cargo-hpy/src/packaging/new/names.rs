//! Names that a new project can have.

use crate::error::{Error, Result};
use crate::packaging::version;

/// Keywords of Rust and of Python. One list of words is shorter than an array.
const KEYWORDS: &str = "\
    abstract and as assert async await become box break case class const continue crate def \
    del do dyn elif else except extern false final finally fn for from gen global if impl \
    import in is lambda let loop macro match mod move mut none nonlocal not or override pass \
    priv pub raise ref return self static super trait true try type typeof unsafe unsized use \
    virtual where while with yield";

/// Python's own modules: the project's would hide them, or be hidden.
const MODULES: &str = "\
    abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit \
    audioop base64 bdb binascii bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath \
    cmd code codecs codeop collections colorsys compileall compression concurrent configparser \
    contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm \
    decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler \
    fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass \
    gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp \
    importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging \
    lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt \
    multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse os \
    ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix \
    posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue \
    quopri random re readline reprlib resource rlcompleter runpy sched secrets select \
    selectors shelve shlex shutil signal site smtpd smtplib sndhdr socket socketserver spwd \
    sqlite3 sre_compile sre_constants sre_parse ssl stat statistics string stringprep struct \
    subprocess sunau symtable sys sysconfig syslog tabnanny tarfile telnetlib tempfile termios \
    test textwrap this threading time timeit tkinter token tokenize tomllib trace traceback \
    tracemalloc tty turtle turtledemo types typing unicodedata unittest urllib uu uuid venv \
    warnings wave weakref webbrowser winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile \
    zipimport zlib zoneinfo";

/// Crates, folders and packages that a project builds or tests with.
const OTHERS: &str = "\
    alloc build core deps examples hpy hpy_core hpy_macros hpy_runtime hpy_sys incremental pip \
    proc_macro pytest setuptools std tests";

/// Names that no file has on Windows.
const DEVICES: &str = "\
    aux com1 com2 com3 com4 com5 com6 com7 com8 com9 con lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 \
    lpt9 nul prn";

/// The name to import.
pub(super) fn package_name(name: &str) -> Result<String> {
    let package = version::file_name(name);
    let starts = package.starts_with(|c: char| c.is_ascii_alphabetic());
    if !version::is_name(name) || !starts {
        return Err(
            Error::new(format!("{name:?} cannot be the name of a project")).advise(
                "begin with a letter, and use letters, digits, `-`, `_` and `.` only; --name sets \
                 it",
            ),
        );
    }
    let is_in = |words: &str| words.split(' ').any(|word| word == package);
    let meaning = if is_in(KEYWORDS) {
        "is a word of Rust or Python"
    } else if is_in(MODULES) {
        "is a module of Python's own"
    } else if is_in(OTHERS) {
        "is needed for building or testing a project"
    } else if is_in(DEVICES) {
        "is the name of a device on Windows"
    } else {
        return Ok(package);
    };
    Err(Error::new(format!("{name:?} {meaning}")).advise("choose another name; --name sets it"))
}

/// The name of the crate. Cargo allows no dots.
pub(super) fn crate_name(name: &str) -> String {
    name.replace('.', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cannot_be_imported_are_refused() {
        assert_eq!(package_name("fast-words").unwrap(), "fast_words");
        assert_eq!(package_name("Fast.Words").unwrap(), "fast_words");
        assert_eq!(crate_name("Fast.Words"), "Fast-Words");
        for name in [
            "",
            "1st",
            "a b",
            "-x",
            "Gr\u{f6}\u{df}e",
            "class",
            "lambda",
            "True",
            "struct",
            "json",
            "proc-macro",
            "hpy",
            "PyTest",
            "test",
            "std",
            "hpy-core",
            "Con",
        ] {
            assert!(package_name(name).is_err(), "{name:?}");
        }
    }
}
