//! What must be known about an interpreter to read its objects without calling it.

/// How reference counts are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Counting {
    /// Unknown. Exported functions count.
    Unknown = 0,
    /// In the whole word.
    Word = 1,
    /// In the low half of the word, or in a 32-bit word. The upper part of the range means
    /// immortal.
    Immortal = 2,
    /// In two numbers, without the GIL: see `split_counts`.
    Split = 3,
}

/// How an int of one digit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum IntLayout {
    /// Unknown. Exported functions read it.
    Unknown = 0,
    /// Behind a signed number of digits.
    Signed = 1,
    /// Behind a number of digits and a sign.
    Tagged = 2,
    /// As `Signed`. Zero has a digit too, so the value is the product of both.
    Product = 3,
}
