//! The operations. Their errors are part of the game; what counts is that nothing else happens.

use std::sync::Mutex;

use hpy::prelude::*;

use super::machine::Machine;
use super::memory::Last;
use super::scenery;

const SNIPPETS: [&str; 16] = [
    "victims",
    "[1, 'a', 2.5, None, b'x']",
    "{'a': 1, 'n': 'text', 3: [4]}",
    "{1, 2, 'a'}",
    "(i for i in range(5))",
    "lambda *a, **k: (a, k)",
    "bytearray(b'0123456789')",
    "memoryview(bytearray(b'01234567'))",
    "'\\ud800x'",
    "10**300",
    "-2**63",
    "float('nan')",
    "1/0",
    "type('Made', (Hostile,), {})(7)",
    "zip([1, 2], 'ab')",
    "[[1, 2], [3.5], ['a']]",
];

const STATEMENTS: [&str; 6] = [
    "victims.reverse()",
    "raise Failure(1)",
    "raise SystemExit(3)",
    "import gc; gc.collect(1)",
    "x = [Hostile(i) for i in range(5)]; x.append(x)",
    "def f(): yield from f()\nnext(f())",
];

impl<'ctx> Machine<'_, 'ctx> {
    /// One operation.
    pub fn step(&mut self, operation: u8) -> Result<()> {
        match operation % 8 {
            0 => self.make(operation / 8),
            1 => self.with_list(operation / 8),
            2 => self.with_dict_or_set(operation / 8),
            3 => self.with_any(operation / 8),
            4 => self.convert(operation / 8),
            5 => self.with_bytes_and_text(operation / 8),
            6 => self.keep(operation / 8),
            _ => self.with_errors(operation / 8),
        }
    }

    fn make(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        match what % 24 {
            0 => {
                let value = self.input.int();
                self.push(ctx.int(value)?)
            }
            1 => {
                let value = f64::from_bits(self.input.int() as u64);
                self.push(ctx.float(value)?)
            }
            2 => {
                let text = self.input.text();
                self.push(ctx.str(text)?)
            }
            3 => {
                let elements = [self.element(), self.element(), self.element()];
                let list = ctx.list(elements)?;
                self.give_away(&list)?;
                self.push(list)
            }
            4 => {
                let (one, two) = (self.element(), self.element());
                self.push(ctx.tuple((one, two, 5))?)
            }
            5 => {
                let (key, value) = (self.pick(), self.element());
                let dict = ctx.dict_of([(key, value)])?;
                self.give_away(&dict)?;
                self.push(dict)
            }
            6 => {
                let elements = [self.pick(), self.pick()];
                let set = ctx.set(elements)?;
                self.give_away(&set)?;
                self.push(set)
            }
            7 => {
                let (kind, n) = (self.input.byte(), self.input.byte());
                let made = scenery::names(ctx)?.get_item("make")?.call1((kind, n))?;
                self.push(made)
            }
            8 => {
                let at = self.input.below(SNIPPETS.len());
                let names = scenery::names(ctx)?;
                self.push(ctx.eval(SNIPPETS[at], Some(&names), None)?)
            }
            9 => {
                let at = self.input.below(STATEMENTS.len());
                // With names of their own, that see those of the scenery.
                let names = scenery::names(ctx)?.copy()?;
                ctx.run(STATEMENTS[at], Some(&names), None)
            }
            10 => {
                let data: Vec<u8> = (0..self.input.below(9))
                    .map(|_| self.input.byte())
                    .collect();
                self.push(ctx.bytearray(&data)?)
            }
            11 => {
                let data: Vec<u8> = (0..self.input.below(9))
                    .map(|_| self.input.byte())
                    .collect();
                self.push(ctx.bytes(&data)?)
            }
            12 => {
                let object = self.pick();
                self.push(ctx.memoryview(&object)?)
            }
            13 => {
                let (start, stop, step) = (self.pick(), self.input.index(), self.pick());
                self.push(ctx.slice(start, stop, step)?)
            }
            14 => {
                let numbers: Vec<i64> = (0..self.input.below(20))
                    .map(|_| self.input.int())
                    .collect();
                let list = ctx.list_from_slice(&numbers)?;
                self.give_away(&list)?;
                self.push(list)
            }
            15 => {
                let (one, two) = (self.element(), self.pick());
                let list = list![1, one, "x", list![two, 2.5]].build(ctx)?;
                self.push(list)
            }
            16 => {
                let (key, value) = (self.pick(), self.element());
                self.push(dict! { key => value, "a" => 1 }.build(ctx)?)
            }
            17 => {
                let object = self.pick();
                self.push(ctx.format(format_args!("<{object}>"))?)
            }
            18 => {
                let (one, two) = (self.input.int(), self.input.int());
                self.push(ctx.complex(one as f64, two as f64)?)
            }
            19 => {
                let elements = [self.pick(), self.pick()];
                self.push(ctx.frozenset(elements)?)
            }
            20 => {
                let kept = Persistent::new(&self.pick())?;
                self.push(ctx.capsule(c"last", Last(Mutex::new(Some(kept))))?)
            }
            21 => {
                let module =
                    ["collections", "math", "operations", "no_such.module"][self.input.below(4)];
                let name = ["deque", "pi", "run", "none"][self.input.below(4)];
                self.push(ctx.import_from(module, name)?)
            }
            22 => {
                let (start, stop) = (self.input.index() % 50, self.input.index() % 50);
                self.push(ctx.range(start, stop, 1)?)
            }
            _ => {
                self.remove();
                Ok(())
            }
        }
    }
}
