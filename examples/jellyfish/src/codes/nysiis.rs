//! NYSIIS, the code of the New York State Identification and Intelligence System, of 1970.

use unicode_segmentation::UnicodeSegmentation;

/// How a name begins, and what is taken instead.
const STARTS: [(&[&str], &[&str]); 6] = [
    (&["M", "A", "C"], &["M", "C", "C"]),
    (&["K", "N"], &["N", "N"]),
    (&["K"], &["C"]),
    (&["P", "H"], &["F", "F"]),
    (&["P", "F"], &["F", "F"]),
    (&["S", "C", "H"], &["S", "S", "S"]),
];

pub fn code(text: &str) -> String {
    let text = text.to_uppercase();
    let mut name: Vec<&str> = if text.is_ascii() {
        (0..text.len()).map(|place| &text[place..=place]).collect()
    } else {
        text.graphemes(true).collect()
    };
    if let Some((_, new)) = STARTS.iter().find(|(old, _)| name.starts_with(old)) {
        name[..new.len()].copy_from_slice(new);
    }
    let end = match name[..] {
        [.., "E" | "I", "E"] => Some("Y"),
        [.., "D" | "R" | "N", "T"] | [.., "R" | "N", "D"] => Some("D"),
        _ => None,
    };
    if let Some(end) = end {
        name.truncate(name.len() - 2);
        name.push(end);
    }
    let Some(first) = name.first() else {
        return String::new();
    };
    let mut code = vec![*first];
    let mut place = 1;
    while place < name.len() {
        let (sounds, letters) = translated(&name, place);
        // Of two equal sounds one is written.
        if code.last() != sounds.last() {
            code.extend_from_slice(sounds);
        }
        place += letters;
    }
    if code.len() > 1 && code.ends_with(&["S"]) {
        code.pop();
    }
    if code.ends_with(&["A", "Y"]) {
        code.remove(code.len() - 2);
    }
    if code.len() > 1 && code.ends_with(&["A"]) {
        code.pop();
    }
    code.concat()
}

fn is_vowel(letter: &str) -> bool {
    matches!(letter, "A" | "E" | "I" | "O" | "U")
}

/// How the letter at a place sounds, and how many letters that takes.
fn translated<'n, 'a>(name: &'n [&'a str], place: usize) -> (&'n [&'a str], usize) {
    let next = name.get(place + 1).copied();
    let before = &name[place - 1..place];
    match (name[place], next) {
        ("E", Some("V")) => (&["A", "F"], 2),
        (letter, _) if is_vowel(letter) => (&["A"], 1),
        ("Q", _) => (&["G"], 1),
        ("Z", _) => (&["S"], 1),
        ("M", _) => (&["N"], 1),
        ("K", Some("N")) => (&["N"], 1),
        ("K", _) => (&["C"], 1),
        // An S at the end is dropped later, and this one stays.
        ("S", Some("C")) if name.get(place + 2) == Some(&"H") => (&["S", "S"], 3),
        ("P", Some("H")) => (&["F"], 2),
        ("H", _) if !is_vowel(before[0]) => (before, 1),
        ("H", _) if !next.is_some_and(is_vowel) => (&["A"], 1),
        ("W", _) if is_vowel(before[0]) => (before, 1),
        _ => (&name[place..=place], 1),
    }
}
