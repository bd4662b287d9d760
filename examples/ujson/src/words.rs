//! Bytes looked at eight at a time, as one word.

const LOW: u64 = 0x0101_0101_0101_0101;
/// The bit of each byte that marks it; in a text it is set where a byte is not ASCII.
pub const HIGH: u64 = LOW << 7;
pub const SIZE: usize = 8;

/// A word of this byte alone.
#[inline(always)]
pub const fn all(byte: u8) -> u64 {
    LOW * byte as u64
}

/// Marks the bytes that are this one. Only the first mark is exact.
#[inline(always)]
pub fn equal(word: u64, byte: u8) -> u64 {
    let zeros = word ^ all(byte);
    zeros.wrapping_sub(LOW) & !zeros & HIGH
}

/// The place of the first marked byte, of at least one.
#[inline(always)]
pub fn first(marks: u64) -> usize {
    marks.trailing_zeros() as usize / 8
}

/// The eight bytes from a place on, if there are so many.
#[inline(always)]
pub fn word(bytes: &[u8], at: usize) -> Option<u64> {
    let chunk = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*chunk))
}

/// The place of the first byte, from `at` on, that `marks` marks.
#[inline(always)]
pub fn find(bytes: &[u8], mut at: usize, marks: impl Fn(u64) -> u64) -> Option<usize> {
    while let Some(word) = word(bytes, at) {
        let found = marks(word);
        if found != 0 {
            return Some(at + first(found));
        }
        at += SIZE;
    }
    let rest = bytes.get(at..)?;
    let found = marks(last(bytes, at)) & !(u64::MAX << (8 * rest.len()));
    (found != 0).then(|| at + first(found))
}

/// The bytes from a place on as a word, where there are fewer than eight.
#[inline(always)]
pub fn last(bytes: &[u8], at: usize) -> u64 {
    let count = bytes.len() - at;
    if count == 0 {
        return 0;
    }
    if let Some(chunk) = bytes.last_chunk() {
        return u64::from_le_bytes(*chunk) >> (8 * (SIZE - count));
    }
    // A short text, in halves that may overlap.
    let rest = &bytes[at..];
    if let (Some(first), Some(last)) = (rest.first_chunk(), rest.last_chunk()) {
        let half = |chunk: &[u8; 4]| u64::from(u32::from_le_bytes(*chunk));
        return half(first) | half(last) << (8 * (count - 4));
    }
    let rest = rest.iter().rev();
    rest.fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The bytes from a place on as a block, where there are no more than it has.
#[inline(always)]
pub fn last_block(bytes: &[u8], at: usize) -> [u8; 2 * SIZE] {
    let (low, high) = match word(bytes, at) {
        Some(low) if bytes.len() - at == 2 * SIZE => (low, word(bytes, at + SIZE).unwrap_or(0)),
        Some(low) => (low, last(bytes, at + SIZE)),
        None => (last(bytes, at), 0),
    };
    (u128::from(low) | u128::from(high) << 64).to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_bytes_is_found_wherever_it_is() {
        let marks = |word| equal(word, b'"') | equal(word, 0);
        for length in 0..40 {
            let plain = vec![b'!'; length];
            assert_eq!(find(&plain, 0, marks), None);
            for at in 0..length {
                for byte in [b'"', 0] {
                    let mut bytes = plain.clone();
                    bytes[at] = byte;
                    // Another one behind it.
                    bytes[length - 1] = byte;
                    assert_eq!(
                        find(&bytes, 0, marks),
                        Some(at),
                        "{byte} at {at} of {length}"
                    );
                    assert_eq!(find(&bytes, at, marks), Some(at));
                }
            }
        }
        assert_eq!(find("\u{7f}\u{80}äöü ~".as_bytes(), 0, marks), None);
        assert_eq!(find(b"", 0, marks), None);
    }

    #[test]
    fn the_end_of_a_text_is_a_block() {
        let bytes: Vec<u8> = (1..=40).collect();
        for length in 0..=bytes.len() {
            for count in 0..=length.min(2 * SIZE) {
                let block = last_block(&bytes[..length], length - count);
                let (rest, zeros) = block.split_at(count);
                assert_eq!(rest, &bytes[length - count..length]);
                assert!(zeros.iter().all(|&byte| byte == 0));
            }
        }
    }
}
