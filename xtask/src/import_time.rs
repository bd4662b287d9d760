//! `cargo xtask import-time`: how long `import hello` takes, in both ABIs.
//!
//! Each import has a process of its own, which takes the time around the statement; the kinds of
//! import take turns, so that what else the machine does meets all of them. The medians are
//! compared.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, anyhow};
use cargo_hpy::{Abi, BuildRequest, Implementation, Interpreter, Out};
use serde_json::{Value, json};

use crate::bench::{Section, docs, output, write_section};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The interpreter, as a path or a command; may be given several times. By default as for
    /// `cargo hpy`.
    #[arg(long, value_name = "PATH")]
    python: Vec<PathBuf>,
    /// Processes for each kind of import.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 40,
        value_parser = clap::value_parser!(u32).range(1..)
    )]
    processes: u32,
    /// Write the results to a file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Leave docs/benchmarks.md as it is.
    #[arg(long)]
    no_docs: bool,
}

/// What the universal module's import may take more than the CPython ABI's, in milliseconds.
const AIM: f64 = 1.0;

/// Sets the search path, then prints the milliseconds that the import takes.
const CODE: &str = "\
import sys, time
sys.path.insert(0, sys.argv[1])
start = time.perf_counter()
import hello
print((time.perf_counter() - start) * 1e3)
";

/// The kinds of import, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A Python file with one line, which has been compiled before: what the import system itself
    /// takes.
    Python,
    CPython,
    /// The universal module, whose small Python file has been compiled before.
    Universal,
    /// The same, where that file is compiled first.
    FirstTime,
}

const KINDS: [Kind; 4] = [
    Kind::Python,
    Kind::CPython,
    Kind::Universal,
    Kind::FirstTime,
];

/// One interpreter's row: a median for each of `KINDS`, in milliseconds.
struct Row {
    interpreter: Interpreter,
    /// None where the interpreter is no CPython.
    medians: [Option<f64>; 4],
}

/// Runs the task. Fails if the aim is missed.
///
/// # Errors
/// If hello cannot be built or imported, or a file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let wanted: Vec<Option<&Path>> = match arguments.python.as_slice() {
        [] => vec![None],
        paths => paths.iter().map(|path| Some(path.as_path())).collect(),
    };
    let mut rows = Vec::new();
    for wanted in wanted {
        let interpreter =
            Interpreter::find(wanted.map(Path::as_os_str)).map_err(|error| anyhow!("{error}"))?;
        rows.push(measure(interpreter, arguments.processes)?);
    }
    let section = Section {
        key: "import-time".into(),
        text: table(&rows, arguments.processes),
    };
    println!("{}", section.text);
    if !arguments.no_docs {
        write_section(&docs(), &section)?;
    }
    if let Some(file) = &arguments.json {
        let results: Vec<Value> = rows.iter().map(Row::json).collect();
        std::fs::write(file, format!("{:#}\n", Value::from(results)))
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    let missed = rows.iter().any(|row| row.more() > AIM);
    if missed {
        eprintln!("error: the universal module takes over {AIM} ms more than the CPython ABI's");
    }
    Ok(ExitCode::from(u8::from(missed)))
}

fn measure(interpreter: Interpreter, processes: u32) -> Result<Row> {
    let mut folders = Vec::new();
    for kind in KINDS {
        folders.push(kind.prepare(&interpreter)?);
    }
    let mut times: [Vec<f64>; 4] = Default::default();
    for round in 0..=processes {
        for ((kind, folder), times) in KINDS.iter().zip(&folders).zip(&mut times) {
            let Some(folder) = folder else {
                continue;
            };
            let cache = folder.join("__pycache__");
            if *kind == Kind::FirstTime && cache.exists() {
                std::fs::remove_dir_all(&cache)
                    .with_context(|| format!("cannot remove {}", cache.display()))?;
            }
            let mut command = Command::new(&interpreter.path);
            command.args(["-I", "-c", CODE]).arg(folder);
            let said = output(&mut command)?;
            let time: f64 = said
                .trim()
                .parse()
                .with_context(|| format!("not a time: {said:?}"))?;
            // The first round fills the caches: those of Python, and of the system.
            if round > 0 {
                times.push(time);
            }
        }
    }
    Ok(Row {
        interpreter,
        medians: times.map(median),
    })
}

impl Kind {
    /// The folder that has the module; None if the interpreter has no such thing.
    fn prepare(self, interpreter: &Interpreter) -> Result<Option<PathBuf>> {
        let key = interpreter.key();
        let scratch = hpy_tests::target().join("import-time");
        let folder = scratch.join(match self {
            Kind::Python => format!("python-{key}"),
            Kind::CPython => key,
            Kind::Universal => format!("universal-{key}"),
            Kind::FirstTime => format!("first-time-{key}"),
        });
        let abi = match self {
            Kind::Python => {
                std::fs::create_dir_all(&folder)
                    .and_then(|()| std::fs::write(folder.join("hello.py"), "ANSWER = 42\n"))
                    .with_context(|| format!("cannot write into {}", folder.display()))?;
                return Ok(Some(folder));
            }
            Kind::CPython if interpreter.implementation != Implementation::CPython => {
                return Ok(None);
            }
            Kind::CPython => Abi::CPython(interpreter.clone()),
            Kind::Universal | Kind::FirstTime => Abi::Universal,
        };
        let manifest = hpy_tests::checkout().join("examples/hello/Cargo.toml");
        let mut request = BuildRequest::new(manifest, abi);
        request.release = true;
        request.quiet = true;
        request.out = Out::Folder(folder.clone());
        cargo_hpy::build(&request).map_err(|error| anyhow!("{error}"))?;
        Ok(Some(folder))
    }
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    let middle = times.len() / 2;
    match times.len() {
        0 => None,
        len if len % 2 == 1 => Some(times[middle]),
        _ => Some((times[middle - 1] + times[middle]) / 2.0),
    }
}

impl Row {
    /// What the universal module takes more, 0 where there is nothing to compare it with.
    fn more(&self) -> f64 {
        match self.medians {
            [_, Some(cpython), Some(universal), _] => universal - cpython,
            _ => 0.0,
        }
    }

    fn json(&self) -> Value {
        let [python, cpython, universal, first_time] = self.medians;
        json!({
            "interpreter": self.interpreter.to_string(),
            "unit": "ms",
            "python": python,
            "cpython": cpython,
            "universal": universal,
            "first_time": first_time,
        })
    }
}

fn table(rows: &[Row], processes: u32) -> String {
    let mut text = String::from(
        "| `import hello`, ms | a Python file | CPython ABI | universal ABI | universal, more | \
         its first import |\n\
         |---|---:|---:|---:|---:|---:|",
    );
    for row in rows {
        let [python, cpython, universal, first_time] = row
            .medians
            .map(|time| time.map_or_else(String::new, |time| format!("{time:.2}")));
        let more = match row.medians[1] {
            Some(_) => format!("{:+.2}", row.more()),
            None => String::new(),
        };
        let _ = write!(
            text,
            "\n| {} | {python} | {cpython} | {universal} | {more} | {first_time} |",
            row.interpreter
        );
    }
    let _ = write!(text, "\n\nMedians of {processes} processes.");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
    }
}
