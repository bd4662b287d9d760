//! Text that constants put together.

/// Text that a constant makes: only its length, where there is no place for it.
pub(crate) struct Text<const N: usize> {
    pub(crate) bytes: [u8; N],
    pub(crate) len: usize,
}

impl<const N: usize> Text<N> {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [0; N],
            len: 0,
        }
    }

    pub(crate) const fn push(&mut self, more: &str) {
        self.push_bytes(more.as_bytes());
    }

    const fn push_bytes(&mut self, more: &[u8]) {
        let end = self.len + more.len();
        if end <= N {
            let (_, rest) = self.bytes.split_at_mut(self.len);
            let (place, _) = rest.split_at_mut(more.len());
            place.copy_from_slice(more);
        }
        self.len = end;
    }

    pub(crate) const fn push_quoted(&mut self, plain: &str) {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = plain.as_bytes();
        self.push("\"");
        let mut at = 0;
        while at < bytes.len() {
            match bytes[at] {
                b'"' => self.push("\\\""),
                b'\\' => self.push("\\\\"),
                b'\n' => self.push("\\n"),
                byte @ 0..0x20 => {
                    self.push("\\u00");
                    self.push_bytes(&[HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]]);
                }
                byte => self.push_bytes(&[byte]),
            }
            at += 1;
        }
        self.push("\"");
    }

    pub(crate) const fn push_number(&mut self, number: i128) {
        let mut digits = [0; 40];
        let mut first = digits.len();
        let mut rest = number.unsigned_abs();
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            first -= 1;
            digits[first] = b'-';
        }
        let (_, digits) = digits.split_at(first);
        self.push_bytes(digits);
    }
}
