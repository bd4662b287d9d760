//! What has been written.

/// Bytes to which others are appended: all its memory has values, so that many bytes are written
/// at once and fewer of them kept.
pub struct Output {
    bytes: Vec<u8>,
    used: usize,
}

/// Up to so much memory it grows fast.
const SMALL: usize = 1 << 20;

impl Output {
    pub fn new() -> Self {
        Self {
            bytes: vec![0; 1024],
            used: 0,
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.used]
    }

    /// What has been written from a place on.
    pub fn since(&self, place: usize) -> &[u8] {
        self.as_bytes().get(place..).unwrap_or_default()
    }

    /// How much has been written.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used
    }

    /// At least so many bytes behind what has been written.
    #[inline(always)]
    pub fn room(&mut self, count: usize) -> &mut [u8] {
        if self.bytes.len() - self.used < count {
            self.grow(count);
        }
        &mut self.bytes[self.used..]
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, count: usize) {
        let length = self.bytes.len();
        let more = length * if length < SMALL { 4 } else { 2 };
        self.bytes.resize((self.used + count).max(more), 0);
    }

    /// So many bytes of the room have been written.
    #[inline(always)]
    pub fn advance(&mut self, count: usize) {
        self.used += count;
    }

    #[inline(always)]
    pub fn push(&mut self, byte: u8) {
        self.room(1)[0] = byte;
        self.used += 1;
    }

    /// Appends the first bytes of a block.
    #[inline(always)]
    pub fn push_start<const COUNT: usize>(&mut self, block: &[u8; COUNT], count: usize) {
        self.room(COUNT)[..COUNT].copy_from_slice(block);
        self.used += count;
    }

    #[inline(always)]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        // Few bytes are copied as words that may overlap, without a call.
        if let (8..=16, Some(first), Some(last)) = (
            bytes.len(),
            bytes.first_chunk::<8>(),
            bytes.last_chunk::<8>(),
        ) {
            let room = self.room(16);
            room[..8].copy_from_slice(first);
            room[bytes.len() - 8..bytes.len()].copy_from_slice(last);
        } else if let (4..8, Some(first), Some(last)) = (
            bytes.len(),
            bytes.first_chunk::<4>(),
            bytes.last_chunk::<4>(),
        ) {
            let room = self.room(8);
            room[..4].copy_from_slice(first);
            room[bytes.len() - 4..bytes.len()].copy_from_slice(last);
        } else if bytes.len() < 4 {
            let room = &mut self.room(4)[..4];
            for (place, byte) in room.iter_mut().zip(bytes) {
                *place = *byte;
            }
        } else {
            self.room(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        }
        self.used += bytes.len();
    }

    pub fn spaces(&mut self, count: usize) {
        self.room(count)[..count].fill(b' ');
        self.used += count;
    }
}
