//! The prose of a file in Markdown: the lines that can be wrapped.

/// The lines but those of code blocks, rows of tables, and links that stand alone.
pub fn prose(text: &str) -> Vec<(usize, &str)> {
    let mut prose = Vec::new();
    let mut block = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim();
        if let Some(opened) = block {
            if closes(trimmed, opened) {
                block = None;
            }
        } else if let Some(opened) = fence(trimmed) {
            block = Some(opened);
        } else if !trimmed.starts_with('|') && !is_link(trimmed) {
            prose.push((index, line));
        }
    }
    prose
}

/// The marks that a block of code begins or ends with.
fn fence(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|mark| "`~".contains(*mark))?;
    let rest = line.trim_start_matches(mark);
    let fence = &line[..line.len() - rest.len()];
    (fence.len() >= 3 && !rest.contains('`')).then_some(fence)
}

/// Whether a line has nothing but marks, and at least as many as the block was opened with.
fn closes(line: &str, opened: &str) -> bool {
    line.starts_with(opened) && fence(line) == Some(line)
}

/// Whether a line is one link: a text with its address, a definition, or a bare address.
fn is_link(line: &str) -> bool {
    let line = line.trim_start_matches(['-', '*', '>', ' ']);
    let line = line.trim_end_matches(['.', ',', ';', ':']);
    let is_address = |text: &str| !text.contains(' ');
    if let Some((text, rest)) = line.strip_prefix('[').and_then(|line| line.split_once(']')) {
        let inline = rest
            .strip_prefix('(')
            .and_then(|rest| rest.strip_suffix(')'));
        let address = inline.or_else(|| rest.strip_prefix(": "));
        return !text.is_empty() && address.is_some_and(is_address);
    }
    line.contains("://") && is_address(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<usize> {
        prose(text).iter().map(|(index, _)| index + 1).collect()
    }

    #[test]
    fn code_is_no_prose() {
        let text = "prose\n```rust\ncode\n~~~\ncode\n```\nprose\n";
        assert_eq!(numbers(text), [1, 7]);
        let text = "- item\n  ````\n  ```\n  code\n  ```\n  `````\n`prose`\n";
        assert_eq!(numbers(text), [1, 7]);
        assert_eq!(numbers("```code``` in prose\nprose\n"), [1, 2]);
    }

    #[test]
    fn rows_of_tables_are_no_prose() {
        assert_eq!(numbers("a | b\n| a | b |\n  | a | b |\n"), [1]);
    }

    #[test]
    fn links_that_stand_alone_are_no_prose() {
        let links = "https://a.b/c\n- <https://a.b/c>\n[a b](c/d.md#e).\n[a b]: https://a.b/c\n";
        assert_eq!(numbers(links), [0; 0]);
        let prose = "see https://a.b/c\n[a](b) and [c](d)\nsee [a](b)\n[a](b) is c\n[a]: b c\n";
        assert_eq!(numbers(prose), [1, 2, 3, 4, 5]);
    }
}
