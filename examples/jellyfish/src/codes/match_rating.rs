//! The match rating approach of Western Airlines, 1977.

use super::letters::is_vowel;

/// Vowels are left out but the first letter, and second letters of pairs. Of long codes, the first
/// three letters and the last three are left. None if the text has more than letters and spaces.
pub fn codex(text: &str) -> Option<String> {
    Some(letters(text)?.into_iter().collect())
}

fn letters(text: &str) -> Option<Vec<char>> {
    let mut code: Vec<char> = Vec::with_capacity(text.len());
    let mut before = None;
    for (place, letter) in text.chars().flat_map(char::to_uppercase).enumerate() {
        if !(letter.is_alphabetic() || letter == ' ') {
            return None;
        }
        let is_kept = if is_vowel(letter) {
            place == 0
        } else {
            before != Some(letter)
        };
        if is_kept {
            code.push(letter);
        }
        before = Some(letter);
    }
    if code.len() > 6 {
        code.drain(3..code.len() - 3);
    }
    Some(code)
}

/// None if one code is longer by three letters or more, or one has none.
pub fn comparison(a: &str, b: &str) -> Option<bool> {
    let (a, b) = (letters(a)?, letters(b)?);
    if a.len().abs_diff(b.len()) >= 3 {
        return None;
    }
    let least = match a.len() + b.len() {
        ..=4 => 5,
        5..=7 => 4,
        8..=11 => 3,
        _ => 2,
    };
    let (a, b) = unmatched(&a, &b, false);
    let (a, b) = unmatched(&a, &b, true);
    Some(6 - a.len().max(b.len()).min(6) >= least)
}

/// What is left of both when equal letters at equal places, from either end, are removed.
fn unmatched(a: &[char], b: &[char], from_end: bool) -> (Vec<char>, Vec<char>) {
    let in_order = |letters: &[char]| -> Vec<char> {
        match from_end {
            true => letters.iter().rev().copied().collect(),
            false => letters.to_vec(),
        }
    };
    let (a, b) = (in_order(a), in_order(b));
    let left = |of: &[char], other: &[char]| -> Vec<char> {
        let mut left: Vec<char> = of
            .iter()
            .enumerate()
            .filter(|(place, letter)| other.get(*place) != Some(letter))
            .map(|(_, letter)| *letter)
            .collect();
        if from_end {
            left.reverse();
        }
        left
    };
    (left(&a, &b), left(&b, &a))
}
