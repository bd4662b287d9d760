//! Metaphone, by the rules that Lawrence Philips published in 1990.

use super::letters::{capitals, is_vowel};

/// Beginnings whose first letter is silent.
const SILENT_STARTS: [[char; 2]; 5] = [['A', 'E'], ['G', 'N'], ['K', 'N'], ['P', 'N'], ['W', 'R']];

pub fn code(text: &str) -> String {
    let letters = capitals(text);
    // An accent makes the second letter another one.
    let is_plain = text.chars().take(2).all(|letter| letter.is_ascii());
    let is_silent = is_plain && SILENT_STARTS.iter().any(|start| letters.starts_with(start));
    let mut word = Word {
        letters: &letters[usize::from(is_silent)..],
        place: 0,
        code: String::with_capacity(letters.len()),
    };
    while let Some(letter) = word.at(0) {
        // The first of two equal letters is silent. Two C may differ in sound.
        if letter != word.ahead(1) || letter == 'C' {
            word.letter(letter);
        }
        word.place += 1;
    }
    word.code
}

struct Word<'a> {
    letters: &'a [char],
    place: usize,
    code: String,
}

/// What stands where there is no letter.
const NOTHING: char = '\0';

fn is_front(letter: char) -> bool {
    matches!(letter, 'E' | 'I' | 'Y')
}

impl Word<'_> {
    fn at(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.place + ahead).copied()
    }

    fn ahead(&self, by: usize) -> char {
        self.at(by).unwrap_or(NOTHING)
    }

    fn before(&self) -> char {
        let before = self.place.checked_sub(1);
        before.map_or(NOTHING, |place| self.letters[place])
    }

    /// Whether an IA or IO follows.
    fn is_before_ia_or_io(&self) -> bool {
        self.ahead(1) == 'I' && matches!(self.ahead(2), 'A' | 'O')
    }

    fn letter(&mut self, letter: char) {
        let next = self.ahead(1);
        let sound = match letter {
            'A' | 'E' | 'I' | 'O' | 'U' => {
                let is_first = matches!(self.before(), NOTHING | ' ');
                if !is_first {
                    return;
                }
                letter
            }
            'B' if self.before() == 'M' && next == NOTHING => return,
            'C' if next == 'H' || (next == 'I' && self.ahead(2) == 'A') => {
                self.place += 1;
                'X'
            }
            'C' if is_front(next) => {
                self.place += 1;
                'S'
            }
            'C' => 'K',
            'D' if next == 'G' && is_front(self.ahead(2)) => {
                self.place += 2;
                'J'
            }
            'D' => 'T',
            'G' => match self.g(next) {
                Some(sound) => sound,
                None => return,
            },
            'H' => {
                let is_silent = is_vowel(self.before()) && !is_vowel(next);
                if is_silent {
                    return;
                }
                'H'
            }
            'K' if self.before() == 'C' => return,
            'P' if next == 'H' => {
                self.place += 1;
                'F'
            }
            'Q' => 'K',
            'S' if next == 'H' => {
                self.place += 1;
                'X'
            }
            'S' if self.is_before_ia_or_io() => {
                self.place += 2;
                'X'
            }
            'T' if self.is_before_ia_or_io() => 'X',
            'T' if next == 'H' => {
                self.place += 1;
                '0'
            }
            'T' if next == 'C' && self.ahead(2) == 'H' => return,
            'V' => 'F',
            'W' if self.place == 0 && next == 'H' => {
                self.place += 1;
                'W'
            }
            'W' | 'Y' if !is_vowel(next) => return,
            'X' if self.place == 0 => {
                if next == 'H' || self.is_before_ia_or_io() {
                    'X'
                } else {
                    'S'
                }
            }
            'X' => {
                self.code.push('K');
                'S'
            }
            'Z' => 'S',
            ' ' if self.code.is_empty() || self.code.ends_with(' ') => return,
            'F' | 'J' | 'K' | 'L' | 'M' | 'N' | 'P' | 'R' | 'S' | 'T' | 'W' | 'Y' | 'B' | ' ' => {
                letter
            }
            _ => return,
        };
        self.code.push(sound);
    }

    fn g(&mut self, next: char) -> Option<char> {
        match next {
            'H' if !is_vowel(self.ahead(2)) => {
                self.place += 1;
                None
            }
            'N' if self.ahead(2) == NOTHING => None,
            next if is_front(next) => Some('J'),
            _ => Some('K'),
        }
    }
}
