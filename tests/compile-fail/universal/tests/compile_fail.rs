//! Every case of `tests/compile-fail/cases` and of `cases-universal`, in the universal ABI.

#[path = "../../runner.rs"]
mod runner;

#[test]
fn misuse_does_not_compile() {
    runner::run("universal");
}
