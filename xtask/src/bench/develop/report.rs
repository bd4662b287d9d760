//! The table of what is waited for after a change.

use std::fmt::Write;

use anyhow::Result;
use cargo_hpy::Interpreter;
use serde_json::{Value, json};

use super::super::machine::machine;
use super::super::page::{Section, wrapped};
use super::super::series::Series;
use super::tool::{Tool, versions};
use super::{Module, Row};

/// The row that the others are compared with.
const REFERENCE: Tool = Tool::Maturin;

type Column = (&'static str, fn(&Row) -> &Series);

const COLUMNS: [Column; 5] = [
    ("after a change, s", |row| &row.debug.prompt),
    ("until it is seen, s", |row| &row.debug.seen),
    ("`--release`, s", |row| &row.release.prompt),
    ("until it is seen, s", |row| &row.release.seen),
    ("nothing changed, s", |row| &row.again),
];

/// The part of the page about one module.
///
/// # Errors
/// If the versions cannot be told.
pub fn section(
    module: &Module,
    interpreter: &Interpreter,
    rows: &[Row],
    rounds: usize,
) -> Result<Section> {
    let name = module.extension.name;
    let mut text = format!("### {name}, after a change\n\n{}", table(name, rows));
    let rounds = match rounds {
        1 => "One round".to_owned(),
        _ => format!("Medians of {rounds} rounds"),
    };
    let note = format!(
        "{rounds}. In parentheses is the ratio to {} in the same round: the median, the smallest \
         and the largest. For {interpreter}; {}. {}",
        REFERENCE.name(),
        versions(interpreter)?,
        machine()
    );
    text += "\n\n";
    text += &wrapped(&note);
    Ok(Section {
        key: format!("develop-{name}"),
        text,
    })
}

fn table(name: &str, rows: &[Row]) -> String {
    let mut text = format!("| {name} |");
    for (heading, _) in COLUMNS {
        let _ = write!(text, " {heading} |");
    }
    let _ = write!(text, "\n|---|{}", "---:|".repeat(COLUMNS.len()));
    let reference = rows.iter().find(|row| row.tool == REFERENCE);
    for row in rows {
        let _ = write!(text, "\n| {} |", row.tool.name());
        for (_, of) in COLUMNS {
            let _ = write!(text, " {:.2}", of(row).median());
            if let Some(reference) = reference.filter(|reference| reference.tool != row.tool) {
                let (low, middle, high) = of(row).ratios(of(reference));
                let _ = write!(text, " ({middle:.2}, {low:.2} to {high:.2})");
            }
            text += " |";
        }
    }
    text
}

/// The results, with those of each round.
pub fn json(module: &Module, interpreter: &Interpreter, rows: &[Row]) -> Value {
    let rows: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "name": row.tool.name(),
                "debug": { "prompt": row.debug.prompt.all(), "seen": row.debug.seen.all() },
                "release": { "prompt": row.release.prompt.all(), "seen": row.release.seen.all() },
                "nothing changed": row.again.all(),
            })
        })
        .collect();
    json!({
        "interpreter": interpreter.to_string(),
        "machine": machine(),
        "develop": module.extension.name,
        "rows": rows,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Times;
    use super::*;

    fn row(tool: Tool, seconds: u64) -> Row {
        let series = |seconds| {
            let mut series = Series::default();
            series.push(Duration::from_secs(seconds));
            series.push(Duration::from_secs(4));
            series
        };
        let times = || Times {
            prompt: series(seconds),
            seen: series(seconds + 1),
        };
        Row {
            tool,
            debug: times(),
            release: times(),
            again: series(seconds),
        }
    }

    #[test]
    fn ratios_are_to_maturin_with_pip() {
        let rows = [row(Tool::CPython, 1), row(Tool::Maturin, 4)];
        let text = table("hello", &rows);
        let ours = "| `cargo hpy develop --abi cpython` | 2.50 (0.62, 0.25 to 1.00) | 3.00 (0.70,";
        assert!(text.contains(ours), "{text}");
        assert!(
            text.contains("\n| `maturin develop` | 4.00 | 4.50 |"),
            "{text}"
        );
    }
}
