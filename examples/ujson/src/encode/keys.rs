//! Keys that dicts repeat are quoted once.

use super::output::Output;
use hpy::prelude::*;

/// How many keys are remembered, and the longest one, as it is written.
const MOST: usize = 128;
const LONGEST: usize = 32;
/// For how many hashes there are places, and how many of them are tried for a key.
const HASHES: usize = 256;
const PROBES: usize = 4;
/// No key is expected.
const NONE: usize = MOST;
/// Few keys are not worth it: remembering begins after so many.
const FEW: usize = 64;
/// Where keys do not repeat, remembering them is given up after so many.
const TRIES: usize = 64;

/// Keys by a hash of what is written for them. Each knows which one came after it, so that dicts
/// that have the same keys in the same order need no hash: the objects are compared.
pub struct Keys<'ctx> {
    known: Vec<Known<'ctx>>,
    /// By the hash: one more than where the key is, or 0.
    places: [u8; HASHES],
    /// Where the last one is, and where the one is that is to be expected.
    last: usize,
    expected: usize,
    /// How many there have been of those that are not remembered.
    seen: usize,
    /// How many were not expected, and how many of them had been seen.
    asked: usize,
    found: usize,
}

/// A key of a dict, which is kept: so no other object is taken for it.
pub struct Known<'ctx> {
    key: Handle<'ctx>,
    next: usize,
    /// With a byte before it, the quotes, and the separator.
    written: [u8; LONGEST],
    length: usize,
}

impl Known<'_> {
    #[inline(always)]
    pub fn write(&self, out: &mut Output, lead: u8) {
        let mut room = out.room(LONGEST);
        room.push_start(&self.written, 0);
        room.push(lead);
        out.advance(self.length);
    }
}

impl<'ctx> Keys<'ctx> {
    pub fn new() -> Self {
        Self {
            known: Vec::new(),
            places: [0; HASHES],
            last: NONE,
            expected: NONE,
            seen: 0,
            asked: 0,
            found: 0,
        }
    }

    /// The key, if it follows the one before as it did the last time.
    #[inline(always)]
    pub fn next(&mut self, key: &Handle<'ctx>) -> Option<&Known<'ctx>> {
        match self.known.get(self.expected) {
            Some(known) if known.key.is(key) => {
                self.last = self.expected;
                self.expected = known.next;
                Some(known)
            }
            _ => None,
        }
    }

    /// Whether the next one is to be remembered.
    #[inline]
    pub fn begin(&mut self) -> bool {
        if self.seen < FEW {
            self.seen += 1;
            return false;
        }
        self.are_remembered()
    }

    fn are_remembered(&self) -> bool {
        self.asked < TRIES || self.found >= TRIES / 4
    }

    /// Remembers a str as what has been written for it, and that it came after the last one.
    pub fn remember(&mut self, key: &Handle<'ctx>, text: &[u8]) {
        self.asked = (self.asked + 1).min(TRIES);
        let place = self.place(key, text).unwrap_or(NONE);
        if let Some(last) = self.known.get_mut(self.last) {
            last.next = place;
        }
        self.last = place;
        self.expected = match self.known.get(place) {
            Some(known) if self.are_remembered() => known.next,
            _ => NONE,
        };
    }

    /// Where the key is, which may be new.
    fn place(&mut self, key: &Handle<'ctx>, text: &[u8]) -> Option<usize> {
        let mut written = [0; LONGEST];
        written.get_mut(..text.len())?.copy_from_slice(text);
        written[0] = 0;
        let start = hash(&written);
        for probe in 0..PROBES {
            let place = &mut self.places[(start + probe) % HASHES];
            let Some(at) = usize::from(*place).checked_sub(1) else {
                if self.known.len() == MOST {
                    return None;
                }
                self.known.push(Known {
                    key: key.dup(),
                    next: NONE,
                    written,
                    length: text.len(),
                });
                *place = self.known.len() as u8;
                return Some(self.known.len() - 1);
            };
            if let Some(known) = self.known.get_mut(at)
                && known.written == written
                && known.length == text.len()
            {
                self.found += 1;
                known.key = key.dup();
                return Some(at);
            }
        }
        None
    }
}

fn hash(written: &[u8; LONGEST]) -> usize {
    let words = written.chunks_exact(8).map(|word| {
        let word = word.first_chunk().copied().unwrap_or_default();
        u64::from_le_bytes(word)
    });
    let mixed = words.fold(0_u64, |all, word| {
        (all.rotate_left(29) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    (mixed >> 32) as usize % HASHES
}
