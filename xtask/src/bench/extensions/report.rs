//! The tables of an extension's builds and sizes.

use std::fmt::Write;

use cargo_hpy::Interpreter;
use serde_json::{Value, json};

use super::super::machine::machine;
use super::super::page::Section;
use super::super::series::Series;
use super::times::Times;
use super::{Builds, Extension, Library, Row};

/// The row that the others are compared with.
const REFERENCE: &str = Library::PyO3.name();

/// The part of the page about one extension.
pub fn section(
    extension: &Extension,
    interpreter: &Interpreter,
    rows: &[Row],
    rounds: usize,
) -> Section {
    let mut text = format!("### {}", extension.name);
    text += &times(extension, rows, "time by the clock", |times| &times.wall);
    if rows
        .iter()
        .all(|row| !row.debug.changed.processor.all().is_empty())
    {
        let heading = "time of all processors";
        text += &times(extension, rows, heading, |times| &times.processor);
    }
    text += &sizes(extension, rows);
    let rounds = match rounds {
        1 => "One round".to_owned(),
        _ => format!("Medians of {rounds} rounds"),
    };
    let _ = write!(
        text,
        "\n\n{rounds}. In parentheses is the ratio to {REFERENCE} in the same round: the median, \
         the smallest and the largest. For {interpreter}. {}",
        machine()
    );
    Section {
        key: format!("builds-{}", extension.name),
        text,
    }
}

/// The four kinds of builds.
const KINDS: [fn(&Row) -> &Times; 4] = [
    |row| &row.debug.from_nothing,
    |row| &row.debug.changed,
    |row| &row.release.from_nothing,
    |row| &row.release.changed,
];

fn times(
    extension: &Extension,
    rows: &[Row],
    heading: &str,
    series: fn(&Times) -> &Series,
) -> String {
    let mut text = format!(
        "\n\n\
         | {}, {heading} | `cargo build`, s | after a change, s | `cargo build --release`, s | \
         after a change, s |\n\
         |---|---:|---:|---:|---:|",
        extension.name
    );
    let reference = rows.iter().find(|row| row.name == REFERENCE);
    for row in rows {
        let _ = write!(text, "\n| {} |", row.name);
        for kind in KINDS {
            let of = |row| series(kind(row));
            let _ = write!(text, " {:.2}", of(row).median());
            if let Some(reference) = reference.filter(|reference| reference.name != row.name) {
                let (low, middle, high) = of(row).ratios(of(reference));
                let _ = write!(text, " ({middle:.2}, {low:.2} to {high:.2})");
            }
            text += " |";
        }
    }
    text
}

fn sizes(extension: &Extension, rows: &[Row]) -> String {
    let mut text = format!(
        "\n\n\
         | {}, size, stripped | cargo's own profile | recommended profile |\n\
         |---|---:|---:|",
        extension.name
    );
    for row in rows {
        let (default, recommended) = (row.sizes.default, row.sizes.recommended);
        let _ = write!(
            text,
            "\n| {} | {} | {} |",
            row.name,
            kilobytes(default),
            kilobytes(recommended)
        );
        if row.sizes.recommended_for_size != recommended {
            let size = kilobytes(row.sizes.recommended_for_size);
            let name = row.name;
            let _ = write!(
                text,
                "\n| {name}, its crates at `opt-level = \"z\"` too | | {size} |"
            );
        }
    }
    let find = |library: Library| rows.iter().find(|row| row.name == library.name());
    if let [Some(cpython), Some(universal), Some(pyo3)] = Library::ALL.map(find) {
        let [cpython, universal, pyo3] = [cpython, universal, pyo3].map(|row| row.sizes);
        let ratio = |a: u64, b: u64| a as f64 / b as f64;
        let _ = write!(
            text,
            "\n| universal ABI / CPython ABI | {:.2} | {:.2} |\
             \n| CPython ABI / PyO3 | {:.2} | {:.2}, to the last one {:.2} |",
            ratio(universal.default, cpython.default),
            ratio(universal.recommended, cpython.recommended),
            ratio(cpython.default, pyo3.default),
            ratio(cpython.recommended, pyo3.recommended),
            ratio(cpython.recommended, pyo3.recommended_for_size),
        );
    }
    text
}

fn kilobytes(size: u64) -> String {
    format!("{:.1} KB", size as f64 / 1000.0)
}

/// The results, with those of each round.
pub fn json(extension: &Extension, interpreter: &Interpreter, rows: &[Row]) -> Value {
    let times = |times: &Times| {
        let (wall, processor) = (times.wall.all(), times.processor.all());
        json!({ "seconds": wall, "processor seconds": processor })
    };
    let builds = |builds: &Builds| {
        let (from_nothing, changed) = (times(&builds.from_nothing), times(&builds.changed));
        json!({ "from nothing": from_nothing, "changed": changed })
    };
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "name": row.name,
                "debug": builds(&row.debug),
                "release": builds(&row.release),
                "size": row.sizes.default,
                "size recommended": row.sizes.recommended,
                "size recommended, all crates for size": row.sizes.recommended_for_size,
            })
        })
        .collect();
    json!({
        "interpreter": interpreter.to_string(),
        "machine": machine(),
        "extension": extension.name,
        "builds": rows,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn row(name: &'static str, seconds: u64, size: u64) -> Row {
        let times = || {
            let mut times = Times::default();
            times.wall.push(Duration::from_secs(seconds));
            times.wall.push(Duration::from_secs(2 * seconds));
            times.wall.push(Duration::from_secs(3));
            times
        };
        let builds = || Builds {
            from_nothing: times(),
            changed: times(),
        };
        Row {
            name,
            debug: builds(),
            release: builds(),
            sizes: super::super::Sizes {
                default: size,
                recommended: size / 2,
                recommended_for_size: size / 2,
            },
        }
    }

    #[test]
    fn ratios_are_to_pyo3() {
        let extension = super::super::EXTENSIONS
            .iter()
            .next()
            .expect("an extension");
        let mut rows = Library::ALL.map(|library| row(library.name(), 1, 1000));
        rows[1] = row(Library::Universal.name(), 2, 1500);
        rows[2].sizes.recommended_for_size = 400;
        let text = times(extension, &rows, "time", |times| &times.wall);
        assert!(
            text.contains("\n| hpy, universal ABI | 3.00 (2.00, 1.00 to 2.00) |"),
            "{text}"
        );
        assert!(text.contains("\n| PyO3 | 2.00 | 2.00 |"), "{text}");
        let text = sizes(extension, &rows);
        assert!(
            text.contains("\n| universal ABI / CPython ABI | 1.50 | 1.50 |"),
            "{text}"
        );
        assert!(
            text.contains("| 1.00 | 1.00, to the last one 1.25 |"),
            "{text}"
        );
    }
}
