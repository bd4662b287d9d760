//! The README's example is that of the guide, which is compiled as a doc test.

/// The code of the first block.
fn example(text: &str) -> Vec<&str> {
    text.lines()
        .skip_while(|line| *line != "```rust")
        .skip(1)
        .take_while(|line| *line != "```")
        .filter(|line| !line.starts_with("# "))
        .collect()
}

#[test]
fn the_readme_has_the_example_of_the_guide() {
    let shown = example(include_str!("../README.md"));
    assert!(shown.len() > 10);
    assert_eq!(shown, example(include_str!("../../docs/raw-api.md")));
}
