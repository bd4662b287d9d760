//! What has to be known of an interpreter before its objects can be read without a call.

/// How reference counts are kept.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Counting {
    /// In a way that is not known here: exported functions count.
    Unknown = 0,
    /// In the whole word.
    Word = 1,
    /// In the low half of the word (or the word, of 32 bits), where the upper part of the range is immortal.
    Immortal = 2,
}

/// How an int of one digit is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum IntLayout {
    /// In a way that is not known here: exported functions read it.
    Unknown = 0,
    /// Behind a signed number of digits.
    Signed = 1,
    /// Behind a number of digits and a sign.
    Tagged = 2,
}
