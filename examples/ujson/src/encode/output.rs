//! What has been written.

/// Bytes to which others are appended. All its memory has values, so that blocks of a fixed size
/// are written, of which the first bytes are kept.
pub struct Output {
    bytes: Vec<u8>,
    used: usize,
}

/// Up to so much memory it grows fast.
const SMALL: usize = 1 << 18;

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

    /// At least so many bytes behind what has been written. What is written there counts after
    /// [`advance`](Self::advance).
    #[inline(always)]
    pub fn room(&mut self, count: usize) -> Room<'_> {
        if self.bytes.len() - self.used < count {
            self.grow(count);
        }
        Room {
            bytes: &mut self.bytes[self.used..],
            used: 0,
        }
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
        self.push_start(&[byte], 1);
    }

    /// Appends the first bytes of a block.
    #[inline(always)]
    pub fn push_start<const COUNT: usize>(&mut self, block: &[u8; COUNT], count: usize) {
        self.room(COUNT).push_start(block, count);
        self.used += count;
    }

    #[inline(always)]
    pub fn extend_from_slice(&mut self, bytes: &[u8]) {
        let mut room = self.room(bytes.len());
        // Few bytes are copied as words that may overlap, without a call.
        match bytes.len() {
            16..=32 => room.push_overlapping::<16>(bytes),
            8..16 => room.push_overlapping::<8>(bytes),
            4..8 => room.push_overlapping::<4>(bytes),
            _ => room.bytes[..bytes.len()].copy_from_slice(bytes),
        }
        self.used += bytes.len();
    }

    pub fn spaces(&mut self, count: usize) {
        self.room(count).bytes[..count].fill(b' ');
        self.used += count;
    }
}

/// Where to write next, and how much has been written there. Unlike the output's, both can be in
/// registers.
pub struct Room<'a> {
    bytes: &'a mut [u8],
    pub used: usize,
}

impl Room<'_> {
    /// How many bytes are left.
    #[inline(always)]
    pub fn left(&self) -> usize {
        self.bytes.len() - self.used
    }

    #[inline(always)]
    pub fn push(&mut self, byte: u8) {
        self.push_start(&[byte], 1);
    }

    /// Appends the first bytes of a block.
    #[inline(always)]
    pub fn push_start<const COUNT: usize>(&mut self, block: &[u8; COUNT], count: usize) {
        self.bytes[self.used..][..COUNT].copy_from_slice(block);
        self.used += count;
    }

    /// Appends at least `HALF` bytes and at most twice as many.
    #[inline(always)]
    fn push_overlapping<const HALF: usize>(&mut self, bytes: &[u8]) {
        if let (Some(first), Some(last)) = (bytes.first_chunk::<HALF>(), bytes.last_chunk::<HALF>())
        {
            self.push_start(first, bytes.len() - HALF);
            self.push_start(last, HALF);
        }
    }
}
