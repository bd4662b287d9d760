//! Every case of `tests/compile-fail/cases` and of `cases-universal`, in the universal ABI.

#[path = "../../runner.rs"]
mod runner;

#[test]
fn misuse_does_not_compile() {
    runner::run("universal");
}

/// Each of them was there twice. Only what a module's constant lacks still comes twice: its type is
/// known to the compiler alone.
#[test]
fn what_is_told_for_stubs_has_no_errors_of_its_own() {
    runner::run_described(
        "universal",
        &[
            "method_argument_type",
            "method_error_type",
            "method_return_type",
            "module_exception",
            "module_missing_method",
            "module_plain_function",
            "signature_args_type",
            "signature_keywords_type",
            "struct_sequence_conversion",
            "type_attribute_conversion",
            "type_base_no_type",
            "type_base_returned_alone",
            "type_methods_mistake_alone",
            "type_not_declared",
        ],
    );
}
