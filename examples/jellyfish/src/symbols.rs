//! Strings as sequences of what a reader takes for one letter: grapheme clusters.

use unicode_segmentation::UnicodeSegmentation;

/// What a string consists of.
pub trait Symbol: Copy + Eq + Ord + Into<u32> {}

impl Symbol for u8 {}
impl Symbol for u32 {}

/// A function of two strings, for symbols of any size.
pub trait Measure {
    type Result;

    fn of<S: Symbol>(a: &[S], b: &[S]) -> Self::Result;
}

/// Measures two strings: byte by byte if they are ASCII.
pub fn compare<M: Measure>(a: &str, b: &str) -> M::Result {
    if is_simple(a) && is_simple(b) {
        return M::of(a.as_bytes(), b.as_bytes());
    }
    let mut clusters = Vec::new();
    let a = symbols(a, &mut clusters);
    let b = symbols(b, &mut clusters);
    M::of(&a, &b)
}

/// Whether each byte is a cluster. A line feed after a carriage return is none.
fn is_simple(text: &str) -> bool {
    text.is_ascii() && !text.as_bytes().contains(&b'\r')
}

/// Below it, each character but a line feed is a cluster of its own.
const FIRST_COMBINING: char = '\u{300}';

/// A cluster of one character is its number. Others are numbered beyond those.
fn symbols<'a>(text: &'a str, clusters: &mut Vec<&'a str>) -> Vec<u32> {
    if text
        .chars()
        .all(|letter| letter < FIRST_COMBINING && letter != '\r')
    {
        return text.chars().map(u32::from).collect();
    }
    let mut number = |cluster: &'a str| {
        let mut letters = cluster.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return u32::from(letter);
        }
        let known = clusters.iter().position(|known| *known == cluster);
        let place = known.unwrap_or_else(|| {
            clusters.push(cluster);
            clusters.len() - 1
        });
        // A string has fewer clusters than the numbers that are left.
        (u32::from(char::MAX) + 1).saturating_add(u32::try_from(place).unwrap_or(u32::MAX))
    };
    text.graphemes(true).map(&mut number).collect()
}
