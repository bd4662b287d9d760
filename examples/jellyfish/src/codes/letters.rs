//! The letters that the phonetic codes are made of.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

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
    let mut push = |letter: char| {
        if letter.is_ascii() {
            letters.push(letter.to_ascii_uppercase());
        } else {
            letters.extend(letter.to_uppercase());
        }
    };
    // What an accent belongs to is not across a letter of ASCII, so that those need no table.
    for part in text.split_inclusive(|letter: char| letter.is_ascii()) {
        let ascii = part.chars().next_back().filter(char::is_ascii);
        let others = &part[..part.len() - ascii.iter().count()];
        let mut others_one_by_one = others.chars();
        match (others_one_by_one.next(), others_one_by_one.next()) {
            (None, _) => {}
            (Some(only), None) => decompose_compatible(only, &mut push),
            _ => others.nfkd().for_each(&mut push),
        }
        ascii.into_iter().for_each(&mut push);
    }
    letters
}

pub fn is_vowel(letter: char) -> bool {
    matches!(letter, 'A' | 'E' | 'I' | 'O' | 'U')
}
