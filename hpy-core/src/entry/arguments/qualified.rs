//! `Class.method`, put together by the compiler: only the type knows what it is called in Python.

/// How many bytes [`qualified`] has.
pub const fn qualified_len(class: &str, function: &str) -> usize {
    class.len() + 1 + function.len()
}

/// The UTF-8 of `class.function`.
pub const fn qualified<const N: usize>(class: &str, function: &str) -> [u8; N] {
    let mut name = [b'.'; N];
    let (before, after) = name.split_at_mut(class.len());
    before.copy_from_slice(class.as_bytes());
    after.split_at_mut(1).1.copy_from_slice(function.as_bytes());
    name
}

/// The same as text.
pub const fn text(name: &'static [u8]) -> &'static str {
    match core::str::from_utf8(name) {
        Ok(name) => name,
        // It is made of two texts and a dot.
        Err(_) => "?",
    }
}
