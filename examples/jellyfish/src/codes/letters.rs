//! The letters that the phonetic codes are made of.

use unicode_normalization::UnicodeNormalization;

/// In capitals, without accents: what is left of an accented letter is the letter.
pub fn capitals(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    if text.is_ascii() {
        letters.extend(
            text.bytes()
                .map(|letter| char::from(letter.to_ascii_uppercase())),
        );
        return letters;
    }
    for letter in text.nfkd() {
        if letter.is_ascii() {
            letters.push(letter.to_ascii_uppercase());
        } else {
            letters.extend(letter.to_uppercase());
        }
    }
    letters
}

pub fn is_vowel(letter: char) -> bool {
    matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U')
}
