//! The table of rows that several threads run at once.

use std::fmt::Write;

use cargo_hpy::Interpreter;

use super::machine::{key, machine};
use super::page::{self, Section};
use super::peers::Peer;
use super::rows::{Measured, Row};
use super::{Arguments, Group};

/// Each cell is the time of a call, of all threads together, and how many times the calls of one
/// thread that is.
pub fn section(
    interpreter: &Interpreter,
    group: Group,
    peers: &[Peer],
    measured: &Measured,
    arguments: &Arguments,
) -> Section {
    let told = format!(
        "Time by the clock for a call, of all threads together: half as long is twice as many \
         calls. In parentheses is how many times the calls of one thread that is. {} processes, {} \
         samples each, the quickest counts. {}",
        arguments.processes,
        arguments.repeats,
        machine()
    );
    Section {
        key: format!("{}-{}", key(interpreter), group.name()),
        text: format!(
            "### {interpreter}, {}\n\n{}\n\n{}",
            group.name(),
            table(peers.iter().map(|peer| peer.name), &measured.0),
            page::wrapped(&told)
        ),
    }
}

fn table<'a>(peers: impl Iterator<Item = &'a str> + Clone, rows: &[Row]) -> String {
    let mut text = String::from("| row, threads |");
    for peer in peers.clone() {
        let _ = write!(text, " {peer} |");
    }
    text += "\n|---|";
    text += &"---:|".repeat(peers.clone().count());
    for row in rows {
        let _ = write!(text, "\n| {} |", row.name);
        let alone = alone(row, rows);
        for peer in peers.clone() {
            let Some(time) = row.quickest(peer) else {
                text += " |";
                continue;
            };
            let _ = write!(text, " {}", super::report::nanoseconds(time));
            let alone = alone.filter(|alone| alone.name != row.name);
            if let Some(alone) = alone.and_then(|alone| alone.quickest(peer)) {
                let _ = write!(text, " ({:.2})", alone / time);
            }
            text += " |";
        }
    }
    text
}

/// The same row by one thread.
fn alone<'a>(row: &Row, rows: &'a [Row]) -> Option<&'a Row> {
    let (name, _) = row.name.rsplit_once(", ")?;
    let wanted = format!("{name}, 1");
    rows.iter().find(|row| row.name == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, times: &[f64]) -> Row {
        Row {
            name: name.into(),
            times: [("x".to_owned(), times.to_vec())].into(),
        }
    }

    #[test]
    fn calls_are_compared_with_those_of_one_thread() {
        let rows = [
            row("a, 1", &[30.0, 40.0, 20.0]),
            row("a, 2", &[15.0, 25.0, 16.0]),
        ];
        let text = table(["x", "y"].into_iter(), &rows);
        assert!(text.contains("\n| a, 1 | 20.0 ns | |"), "{text}");
        assert!(text.contains("\n| a, 2 | 15.0 ns (1.33) | |"), "{text}");
    }
}
