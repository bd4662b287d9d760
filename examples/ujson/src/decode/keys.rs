//! Keys that a document repeats are made once.

use hpy::prelude::*;

/// The longest key that is remembered, and for how many of them there may be room.
const LONGEST: usize = 64;
const MOST: usize = 1024;
/// Where keys do not repeat, remembering them is given up after so many.
const TRIES: usize = 64;

/// Keys by a hash of their bytes: a later one takes an earlier one's place.
pub struct Keys<'a, 'ctx> {
    slots: Vec<Option<(&'a [u8], Handle<'ctx>)>>,
    wanted: usize,
    /// How often a key was asked for, and how often it was there.
    asked: usize,
    found: usize,
}

impl<'a, 'ctx> Keys<'a, 'ctx> {
    /// As many as an input of so many bytes may need; it takes memory with the first key.
    pub fn for_input_of(bytes: usize) -> Self {
        Self {
            slots: Vec::new(),
            wanted: (bytes / 64).clamp(8, MOST).next_power_of_two(),
            asked: 0,
            found: 0,
        }
    }

    /// The key of these bytes, from before or from `make`.
    #[inline]
    pub fn get(
        &mut self,
        bytes: &'a [u8],
        make: impl FnOnce() -> Result<Handle<'ctx>>,
    ) -> Result<Handle<'ctx>> {
        if bytes.len() > LONGEST || self.asked == TRIES && self.found < TRIES / 4 {
            return make();
        }
        if self.slots.is_empty() {
            self.slots.resize_with(self.wanted, || None);
        }
        self.asked = (self.asked + 1).min(TRIES);
        let place = hash(bytes) & (self.slots.len() - 1);
        let slot = &mut self.slots[place];
        match slot {
            Some((known, key)) if *known == bytes => {
                self.found += 1;
                Ok(key.dup())
            }
            _ => {
                let key = make()?;
                *slot = Some((bytes, key.dup()));
                Ok(key)
            }
        }
    }
}

/// Of the length and up to 16 bytes: the first eight and the last.
#[inline]
fn hash(bytes: &[u8]) -> usize {
    let word = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let (first, last) = match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => (word(first), word(last)),
        _ => {
            let few = bytes
                .iter()
                .fold(0, |all, &byte| all << 8 | u64::from(byte));
            (few, 0)
        }
    };
    let mixed =
        (first ^ last.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 40) as usize
}
