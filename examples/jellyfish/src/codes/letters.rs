//! The letters that the phonetic codes are made of.

use unicode_normalization::UnicodeNormalization;

/// In capitals, without accents: what is left of an accented letter is the letter.
pub fn capitals(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text
            .chars()
            .map(|letter| letter.to_ascii_uppercase())
            .collect();
    }
    text.nfkd().flat_map(char::to_uppercase).collect()
}

pub fn is_vowel(letter: char) -> bool {
    matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U')
}
