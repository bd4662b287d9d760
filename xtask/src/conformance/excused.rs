//! The tests that may fail, each with a reason.
//!
//! A reason is a defect of upstream's that `docs/design/conformance.md` describes, a test of build
//! plumbing that newer Pythons broke, or what a newer Python does with its own classes too; never
//! that the runtime does something else. One that no
//! interpreter needs any more fails the run.

/// How many there may be.
const MOST: usize = 12;

/// A test function that may fail.
#[derive(Debug, Clone, Copy)]
pub struct Excused {
    /// As in the suite: `test/test_x.py::TestX::test_y`.
    pub function: &'static str,
    /// The interpreters that need it; none means all.
    pub on: &'static [&'static str],
    pub reason: &'static str,
}

/// Whoever runs the test, it does not compile.
const READS_OB_REFCNT: &str =
    "its C reads ob_refcnt, a field that objects of free-threaded Pythons do not have";

const COUNTED_BY_THREAD: &str = "from 3.14 on, without the GIL, each thread counts a class's \
     instances for itself, also of classes written in Python: sys.getrefcount lags behind";

const FREE_THREADED: &[&str] = &["cpython3.13t", "cpython3.14t", "cpython3.15t"];

pub const EXCUSED: &[Excused] = &[
    Excused {
        function: "test/test_cpy_compat.py::TestCPythonCompatibility::test_frompyobject",
        on: FREE_THREADED,
        reason: READS_OB_REFCNT,
    },
    Excused {
        function: "test/test_cpy_compat.py::TestCPythonCompatibility::test_hpy_close",
        on: FREE_THREADED,
        reason: READS_OB_REFCNT,
    },
    Excused {
        function: "test/test_cpy_compat.py::TestCPythonCompatibility::test_hpy_dup",
        on: FREE_THREADED,
        reason: READS_OB_REFCNT,
    },
    Excused {
        function: "test/test_cpy_compat.py::TestCPythonCompatibility::test_many_handles",
        on: FREE_THREADED,
        reason: READS_OB_REFCNT,
    },
    Excused {
        function: "test/test_hpytype.py::TestType::test_refcount",
        on: &["cpython3.14t", "cpython3.15t"],
        reason: COUNTED_BY_THREAD,
    },
];

const _: () = assert!(EXCUSED.len() <= MOST);

/// The reason, if the function may fail there.
pub fn reason(function: &str, interpreter: &str) -> Option<&'static str> {
    EXCUSED
        .iter()
        .find(|one| {
            one.function == function && (one.on.is_empty() || one.on.contains(&interpreter))
        })
        .map(|one| one.reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excuses_have_reasons_and_leave_the_types_alone() {
        for one in EXCUSED {
            assert!(one.reason.len() > 20, "{}", one.function);
            if one.reason == COUNTED_BY_THREAD {
                // CPython's own classes do the same there, and no other function needs it.
                assert!(one.function.ends_with("test_refcount") && !one.on.is_empty());
                continue;
            }
            for file in ["test_hpytype.py", "test_hpyfield.py", "test_slots.py"] {
                assert!(!one.function.contains(file), "{}", one.function);
            }
        }
        assert_eq!(reason("no such test", "cpython3.9"), None);
    }
}
