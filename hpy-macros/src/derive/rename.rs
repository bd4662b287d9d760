//! `rename_all`: names in other styles.

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rule {
    Camel,
    Kebab,
    Lower,
    Pascal,
    ScreamingKebab,
    ScreamingSnake,
    Snake,
    Upper,
}

/// The styles by their names, which are written in the style.
pub const RULES: [(&str, Rule); 8] = [
    ("camelCase", Rule::Camel),
    ("kebab-case", Rule::Kebab),
    ("lowercase", Rule::Lower),
    ("PascalCase", Rule::Pascal),
    ("SCREAMING-KEBAB-CASE", Rule::ScreamingKebab),
    ("SCREAMING_SNAKE_CASE", Rule::ScreamingSnake),
    ("snake_case", Rule::Snake),
    ("UPPERCASE", Rule::Upper),
];

impl Rule {
    /// The rule of that name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (_, rule) = RULES.into_iter().find(|(known, _)| *known == name)?;
        Some(rule)
    }

    /// The Rust name in the other way.
    pub fn apply(self, name: &str) -> String {
        let words = words(name);
        let joined = |separator: &str, form: fn(&str) -> String| {
            words
                .iter()
                .map(|word| form(word))
                .collect::<Vec<_>>()
                .join(separator)
        };
        match self {
            Rule::Camel => {
                let pascal = joined("", capitalized);
                let mut chars = pascal.chars();
                let first: String = chars
                    .by_ref()
                    .take(1)
                    .flat_map(char::to_lowercase)
                    .collect();
                first + chars.as_str()
            }
            Rule::Pascal => joined("", capitalized),
            Rule::Kebab => joined("-", str::to_lowercase),
            Rule::ScreamingKebab => joined("-", str::to_uppercase),
            Rule::Snake => joined("_", str::to_lowercase),
            Rule::ScreamingSnake => joined("_", str::to_uppercase),
            Rule::Lower => joined("", str::to_lowercase),
            Rule::Upper => joined("", str::to_uppercase),
        }
    }
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first: String = chars
        .by_ref()
        .take(1)
        .flat_map(char::to_uppercase)
        .collect();
    first + &chars.as_str().to_lowercase()
}

/// The words of `two_words` and of `TwoWords`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        if c == '_' || c.is_uppercase() && after_lower {
            words.push(String::new());
        }
        after_lower = c.is_lowercase() || c.is_numeric();
        if c != '_'
            && let Some(word) = words.last_mut()
        {
            word.push(c);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_is_an_example_of_itself() {
        for (name, rule) in RULES {
            let (fields, variants) = (["case"], ["Case"]);
            let example: Vec<&str> = match rule {
                Rule::Lower | Rule::Upper => fields.into_iter().chain(variants).collect(),
                Rule::Camel => vec!["camel_case", "CamelCase"],
                Rule::Pascal => vec!["pascal_case", "PascalCase"],
                Rule::Kebab => vec!["kebab_case", "KebabCase"],
                Rule::Snake => vec!["snake_case", "SnakeCase"],
                Rule::ScreamingKebab => vec!["screaming_kebab_case", "ScreamingKebabCase"],
                Rule::ScreamingSnake => vec!["screaming_snake_case", "ScreamingSnakeCase"],
            };
            let expected = match rule {
                Rule::Lower => "case",
                Rule::Upper => "CASE",
                _ => name,
            };
            for written in example {
                assert_eq!(rule.apply(written), expected, "{written}");
            }
        }
    }

    #[test]
    fn digits_and_underscores_stay_with_their_words() {
        assert_eq!(Rule::Camel.apply("x2_y"), "x2Y");
        assert_eq!(Rule::Camel.apply("_hidden"), "hidden");
        assert_eq!(Rule::Snake.apply("Utf8Text"), "utf8_text");
    }
}
