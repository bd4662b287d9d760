//! What a class is made of in Rust.

/// What a class is made of in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassKind {
    /// A struct.
    Struct,
    /// An enum whose variants hold data.
    Enum,
    /// A variant of such an enum. Its objects have the enum's data.
    Variant,
}
