//! American Soundex, by the rules of the National Archives.

use super::letters::capitals;

pub fn code(text: &str) -> String {
    let letters = capitals(text);
    let Some((first, rest)) = letters.split_first() else {
        return String::new();
    };
    let mut code = String::from(*first);
    let mut last = digit(*first);
    let mut digits = 0;
    for letter in rest {
        let next = digit(*letter);
        match next {
            Some(found) if next != last => {
                code.push(found);
                digits += 1;
            }
            _ => {}
        }
        // Equal codes on both sides of an H or W are one, on both sides of a vowel two.
        if !matches!(letter, 'H' | 'W') {
            last = next;
        }
        if digits == 3 {
            break;
        }
    }
    code.extend(std::iter::repeat_n('0', 3 - digits));
    code
}

fn digit(letter: char) -> Option<char> {
    Some(match letter {
        'B' | 'F' | 'P' | 'V' => '1',
        'C' | 'G' | 'J' | 'K' | 'Q' | 'S' | 'X' | 'Z' => '2',
        'D' | 'T' => '3',
        'L' => '4',
        'M' | 'N' => '5',
        'R' => '6',
        _ => return None,
    })
}
