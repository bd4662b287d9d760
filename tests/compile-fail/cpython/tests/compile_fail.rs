//! Every case of `tests/compile-fail/cases` and of `cases-cpython`, in the cpython ABI.

#[path = "../../runner.rs"]
mod runner;

#[test]
fn misuse_does_not_compile() {
    runner::run("cpython");
}
