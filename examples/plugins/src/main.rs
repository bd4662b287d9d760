//! A program that is extended in Python: it reads rules from a file and applies them on four
//! threads. `cargo run --features embed -- rules.py`

use hpy::embed::Python;
use hpy::prelude::*;
use plugins::Order;
use std::process::ExitCode;

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Failure> {
    let file = std::env::args().nth(1).unwrap_or("rules.py".to_owned());
    let source = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let python = Python::start()?;
    let rule = python.attach(|ctx| rule(ctx, &source, &file))??;

    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|first| {
                let rule = &rule;
                scope.spawn(move || orders(first).map(|order| priced(rule, order)).sum())
            })
            .collect();
        let mut total = 0;
        for thread in threads {
            let sum: Result<u64> = thread.join().map_err(|_| "a thread panicked")?;
            total += sum?;
        }
        println!("{total}");
        Ok(())
    })
}

/// The function `price` of the file. The traceback of an error names its lines.
fn rule(ctx: Context<'_>, source: &str, file: &str) -> Result<Persistent, String> {
    let load = || {
        let rules = ctx.module_from_code(source, file, "rules")?;
        Persistent::new(&rules.getattr("price")?)
    };
    load().map_err(|error: Error| format!("{error:#}"))
}

/// What the orders of one thread are.
fn orders(first: u32) -> impl Iterator<Item = Order> {
    (0..1000).map(move |number| Order {
        article: if number % 100 == 0 { "gift" } else { "book" }.to_owned(),
        count: 1 + (first + number) % 12,
        unit_price: 250,
    })
}

/// What an order costs by the rule. The thread is attached for each, so that others may run.
fn priced(rule: &Persistent, order: Order) -> Result<u64> {
    hpy::attach(|ctx| rule.get(ctx)?.call1((ctx.instance(order)?,))?.extract())?
}
