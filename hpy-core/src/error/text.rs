//! Texts about errors.

/// The parts as one text: in a fraction of the code that `format!` makes.
#[cold]
#[inline(never)]
pub(crate) extern "C" fn joined(parts: &[&str]) -> String {
    let mut text = String::new();
    add(&mut text, parts);
    text
}

#[cold]
#[inline(never)]
pub(super) extern "C" fn add(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}
