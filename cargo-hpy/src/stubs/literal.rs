//! Text as Python source has it.

/// A docstring on lines of its own.
pub(super) fn docstring(doc: &str, indent: usize) -> String {
    let space = " ".repeat(indent);
    // Of each three quotes in a row the last is escaped, however long the row is.
    let escaped = doc.replace('\\', "\\\\").replace("\"\"\"", "\"\"\\\"");
    let first = doc.lines().next().unwrap_or_default();
    let last_quotes = first.len() - first.trim_end_matches('"').len();
    let mut lines = escaped.lines();
    let mut written = format!("{space}\"\"\"{}", lines.next().unwrap_or_default());
    let mut is_long = false;
    for line in lines {
        is_long = true;
        written.push('\n');
        if !line.is_empty() {
            written.push_str(&space);
            written.push_str(line);
        }
    }
    if is_long {
        written.push('\n');
        written.push_str(&space);
    } else if !last_quotes.is_multiple_of(3) {
        // The quote would be one of the closing three.
        written.pop();
        written.push_str("\\\"");
    }
    written.push_str("\"\"\"\n");
    written
}

/// Text as Python writes it.
pub(super) fn literal(text: &str) -> String {
    let mut written = String::from("'");
    for one in text.chars() {
        match one {
            '\'' | '\\' => written.extend(['\\', one]),
            '\n' => written.push_str("\\n"),
            one if one.is_control() => written.push_str(&format!("\\x{:02x}", u32::from(one))),
            one => written.push(one),
        }
    }
    written.push('\'');
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docstrings_are_on_lines_of_their_own() {
        assert_eq!(docstring("One.", 2), "  \"\"\"One.\"\"\"\n");
        assert_eq!(docstring("Say \"it\"", 0), "\"\"\"Say \"it\\\"\"\"\"\n");
        assert_eq!(
            docstring("One\n\ntwo \\ \"\"\"", 2),
            "  \"\"\"One\n\n  two \\\\ \"\"\\\"\n  \"\"\"\n"
        );
        assert_eq!(docstring("\"it\"\n", 0), "\"\"\"\"it\\\"\"\"\"\n");
        // Rows of quotes of any length, where none of three ends it.
        for (count, expected) in [
            (2, r#""\""#),
            (3, r#"""\""#),
            (4, r#"""\"\""#),
            (5, r#"""\""\""#),
            (6, r#"""\"""\""#),
        ] {
            let quotes = "\"".repeat(count);
            assert_eq!(docstring(&quotes, 0), format!("\"\"\"{expected}\"\"\"\n"));
        }
    }

    #[test]
    fn text_is_quoted_as_python_quotes_it() {
        assert_eq!(literal("it's\n\u{1}"), r"'it\'s\n\x01'");
    }
}
