//! The functions of the crate that are not unsafe, each with the reason why none of its calls can
//! do harm.
//!
//! A new one fails here until it is argued for: a raw function is unsafe unless it looks at nothing
//! but its arguments and at memory that is constant, atomic or its own.

use std::fs;
use std::path::Path;

/// File, name, reason.
const SAFE: &[(&str, &str, &str)] = &[
    // A cursor holds what `Arguments::new`, which is unsafe, was promised for all of its lifetime.
    ("arguments.rs", "positional", "promised to `new`"),
    ("arguments.rs", "named", "promised to `new`"),
    ("arguments.rs", "keyword_only", "promised to `new`"),
    ("arguments.rs", "finish", "promised to `new`"),
    ("arguments.rs", "$name", "promised to `new`"),
    ("arguments.rs", "$or", "promised to `new`"),
    ("arguments.rs", "handle", "promised to `new`"),
    ("arguments.rs", "optional", "a word"),
    (
        "arguments.rs",
        "text",
        "promised to `new`, whose lifetime the text has",
    ),
    (
        "interpreters/attached.rs",
        "attached",
        "asks functions that any thread may call, once they are known",
    ),
    (
        "interpreters/interpreter.rs",
        "is_attached_to_known",
        "asks functions that any thread may call, and more on attached threads only",
    ),
    ("interpreters/interpreter.rs", "is_loaded", "an atomic flag"),
    (
        "interpreters/thread_state.rs",
        "is_first_at_rest",
        "reads the state of an attached thread at places that were measured",
    ),
    (
        "universal/host_threads.rs",
        "is_on_cpython",
        "looks a name up",
    ),
    (
        "universal/trampoline.rs",
        "host_context",
        "an address, which is not followed",
    ),
    (
        "capi/linked.rs",
        "attached",
        "asks functions that any thread may call",
    ),
    ("capi/graalpy/mod.rs", "has_memory", "a comparison"),
    ("capi/linked.rs", "free_threaded", "a constant"),
    ("capi/linked.rs", "has_lock", "a constant"),
    ("capi/linked.rs", "no_interpreter", "ends the process"),
    ("capi/resolved.rs", "free_threaded", "an atomic flag"),
    ("capi/resolved.rs", "has_lock", "an atomic flag"),
    ("definitions.rs", "method", "puts a struct together"),
    ("definitions.rs", "slot", "puts a struct together"),
    ("definitions.rs", "member", "puts a struct together"),
    ("definitions.rs", "getset", "puts a struct together"),
    ("definitions.rs", "new", "owns the value"),
    (
        "definitions.rs",
        "as_ptr",
        "an address, which is not followed",
    ),
    (
        "macros/module.rs",
        "as_ptr",
        "an address, which is not followed",
    ),
    ("fork.rs", "new", "owns the value"),
    ("fork.rs", "generation", "an atomic"),
    (
        "fork.rs",
        "lock",
        "a mutex: who holds it wrongly waits for ever",
    ),
    (
        "fork.rs",
        "lock_another",
        "a mutex: who holds it wrongly waits for ever",
    ),
    (
        "fork.rs",
        "during",
        "a lock without data: who holds it wrongly waits for ever",
    ),
    ("embed/mod.rs", "has_python", "looks a name up"),
    ("handles.rs", "is_null", "compares a word"),
    (
        "inline_functions/mod.rs",
        "HPySlice_AdjustIndices",
        "calculates",
    ),
    ("interpreters/state.rs", "releases_wait", "an atomic number"),
    ("interpreters/interpreter.rs", "several", "an atomic flag"),
    ("stack_pages.rs", "place_of", "calculates"),
    ("stack_pages.rs", "is_ready", "compares numbers"),
    ("stack_pages.rs", "is_usable", "compares numbers"),
    (
        "stack_pages.rs",
        "remember",
        "a wrong page: the end of a stack is not seen coming",
    ),
    ("stack_pages.rs", "remember_again", "as `remember`"),
    ("stack_pages.rs", "forget", "its pages are looked at anew"),
    (
        "stack_pages.rs",
        "forget_all",
        "all pages are looked at anew",
    ),
    ("stack_pages.rs", "known", "reads numbers"),
    ("forced_unwind/wait.rs", "wait_forever", "never returns"),
    (
        "bundled_context.rs",
        "is_bundled_context",
        "compares addresses",
    ),
    (
        "bundled_context.rs",
        "is_of_bundled_runtime",
        "compares addresses",
    ),
    (
        "bundled_context.rs",
        "lies_in_bundled_contexts",
        "compares addresses",
    ),
    (
        "bundled_context.rs",
        "without_inlining",
        "exchanges one address for another",
    ),
];

#[test]
fn safe_functions_are_those_that_are_argued_for() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    in_folder(&sources, &sources, &mut found);
    let listed = |file: &str, name: &str| {
        SAFE.iter()
            .any(|(of, listed, _)| (*of, *listed) == (file, name))
    };
    let new: Vec<_> = found.iter().filter(|(f, n)| !listed(f, n)).collect();
    assert!(new.is_empty(), "safe, and not argued for: {new:?}");
    let is_found = |file: &str, name: &str| found.iter().any(|(f, n)| f == file && n == name);
    let gone: Vec<_> = SAFE.iter().filter(|(f, n, _)| !is_found(f, n)).collect();
    assert!(gone.is_empty(), "not there any more: {gone:?}");
    assert!(SAFE.iter().all(|(_, _, reason)| !reason.is_empty()));
}

/// Of those that no module exports, too: only the words `pub`, `const`, `extern`, `async` and
/// `safe` are looked at.
#[test]
fn the_search_finds_functions_in_whatever_form() {
    let text = r#"
pub fn plain() {}
    pub const fn method(&self) {}
pub unsafe fn not_this() {}
pub(crate) fn nor_this() {}
fn nor_this_one() {}
pub extern "C" fn from_c() {}
pub(in crate::universal) fn inside() {}
unsafe extern "C" {
    pub fn declared_unsafe();
    pub safe fn declared_safe();
    #[allow(unused)]
    fn private();
}
            pub fn $in_macro() {}
of_python! {
    pub fn imported();
}
"#;
    let names = ["plain", "method", "from_c", "declared_safe", "$in_macro"];
    assert_eq!(safe_functions(text), names);
    let linked = include_str!("../src/capi/linked.rs");
    assert!(
        linked.contains("unsafe extern \"C\" $content"),
        "of_python! is unsafe"
    );
}

fn in_folder(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            in_folder(root, &path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source");
        let file = path.strip_prefix(root).expect("it is below");
        let file = file.to_string_lossy().replace('\\', "/");
        let names = safe_functions(&text).into_iter();
        found.extend(names.map(|name| (file.clone(), name.to_owned())));
    }
}

/// The names of functions and methods that are public and not unsafe.
fn safe_functions(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    // How far the block of declarations is indented that the line is in.
    let mut declared: Option<usize> = None;
    for line in text.lines() {
        let rest = line.trim_start();
        let indent = line.len() - rest.len();
        // The macro puts its content into a block `unsafe extern "C"`.
        let is_unsafe = rest.starts_with("unsafe extern") || rest.starts_with("of_python!");
        if is_unsafe && rest.ends_with('{') {
            declared = Some(indent);
        } else if rest == "}" && declared == Some(indent) {
            declared = None;
        }
        let Some(mut rest) = rest.strip_prefix("pub ") else {
            continue;
        };
        let mut says_safe = false;
        while let Some((word, more)) = rest.split_once(' ') {
            match word {
                "safe" => says_safe = true,
                "const" | "extern" | "async" | "\"C\"" | "\"C-unwind\"" | "\"system\"" => {}
                _ => break,
            }
            rest = more;
        }
        if let Some(name) = rest.strip_prefix("fn ")
            && (declared.is_none() || says_safe)
        {
            names.extend(name.split(['(', '<']).next());
        }
    }
    names
}
