//! The stack of objects that operations work on, and the bytes that say which.

use hpy::buffer::Buffer;
use hpy::prelude::*;
use hpy::types::{ByteArray, Kind};

use super::scenery;

/// Bytes that are used up; zeros follow.
#[derive(Clone, Copy)]
pub struct Input<'a>(pub &'a [u8]);

impl Input<'_> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::from(self.byte()) % end.max(1)
    }

    /// Often small, sometimes at the ends of the types.
    pub fn int(&mut self) -> i64 {
        match self.byte() {
            250 => i64::MIN,
            251 => i64::MAX,
            252 => i64::from(i32::MIN),
            253 => 1 << 53,
            254 => 1 << 40,
            255 => i64::from_le_bytes(std::array::from_fn(|_| self.byte())),
            small => i64::from(small) - 100,
        }
    }

    pub fn index(&mut self) -> isize {
        isize::try_from(self.int()).unwrap_or(0)
    }

    pub fn text(&mut self) -> &'static str {
        const TEXTS: [&str; 8] = ["", "a", "n", "key", "\0", "é", "漢字\u{1F600}", "__class__"];
        TEXTS[self.below(TEXTS.len())]
    }
}

/// So many operations a run.
const OPERATIONS: usize = 300;
/// So many objects on the stack.
const OBJECTS: usize = 20;
/// Longer containers are not kept.
const LENGTH: usize = 32;

/// What the operations of a run work on.
pub struct Machine<'a, 'ctx> {
    pub ctx: Context<'ctx>,
    pub input: Input<'a>,
    stack: Vec<Handle<'ctx>>,
    pub kept: Vec<Persistent>,
    pub iterators: Vec<hpy::Iter<'ctx>>,
    pub buffers: Vec<Buffer<'ctx, u8>>,
    pub errors: Vec<Error>,
    /// How often a container may still be put into another: deep nesting is walked for ever.
    nestings: usize,
    /// Operations within operations.
    pub depth: usize,
    /// What was found within an operation, whose errors are only kept.
    found: Option<Error>,
    done: usize,
}

impl<'a, 'ctx> Machine<'a, 'ctx> {
    pub fn new(ctx: Context<'ctx>, input: Input<'a>) -> Self {
        Machine {
            ctx,
            input,
            stack: Vec::new(),
            kept: Vec::new(),
            iterators: Vec::new(),
            buffers: Vec::new(),
            errors: Vec::new(),
            nestings: 3,
            depth: 0,
            found: None,
            done: 0,
        }
    }

    /// Until the bytes are used up.
    pub fn run(&mut self) -> Result<usize> {
        while !self.input.is_empty() && self.done < OPERATIONS {
            self.next()?;
            if let Some(finding) = self.found.take() {
                return Err(finding);
            }
        }
        Ok(self.done)
    }

    /// One operation, whose error is kept; an error is a finding.
    pub fn next(&mut self) -> Result<()> {
        self.done += 1;
        let operation = self.input.byte();
        if operation >= 224 {
            super::models::check(self.ctx, &mut self.input)?;
        } else if let Err(error) = self.step(operation) {
            let at = self.input.below(8);
            if at < self.errors.len() {
                self.errors[at] = error;
            } else {
                self.errors.push(error);
            }
        }
        self.nothing_is_pending(operation)
    }

    #[cfg(not(feature = "universal"))]
    fn nothing_is_pending(&self, operation: u8) -> Result<()> {
        // SAFETY: the context is that of this call.
        if unsafe { hpy::sys::HPyErr_Occurred(self.ctx.as_ptr()) } != 0 {
            let error = Error::fetch(self.ctx);
            hpy::bail!(
                hpy::exceptions::AssertionError,
                "operation {operation} leaves an exception pending: {error}"
            );
        }
        Ok(())
    }

    /// An interpreter's own HPy has no function that takes an exception away, so it may stay there.
    #[cfg(feature = "universal")]
    fn nothing_is_pending(&self, _operation: u8) -> Result<()> {
        Ok(())
    }

    /// Any of the objects, by a handle of its own.
    pub fn pick(&mut self) -> Handle<'ctx> {
        if self.stack.is_empty() {
            return self.ctx.none().into_object();
        }
        let at = self.input.below(self.stack.len());
        self.stack[at].dup()
    }

    /// The object of a type that was pushed last, or any's error.
    pub fn latest<T: hpy::types::TypeCheck>(&mut self) -> Result<Handle<'ctx, T>> {
        let mut newest = self.stack.iter().rev();
        match newest.find(|object| object.is_instance_of::<T>()) {
            Some(object) => object.dup().downcast_into(),
            None => self.pick().downcast_into(),
        }
    }

    /// As an element of a container: containers only a few times.
    pub fn element(&mut self) -> Handle<'ctx> {
        let object = self.pick();
        if !holds_others(&object) {
            return object;
        }
        if self.nestings == 0 {
            return self.ctx.none().into_object();
        }
        self.nestings -= 1;
        object
    }

    pub fn push<T>(&mut self, object: Handle<'ctx, T>) -> Result<()> {
        let object = object.into_object();
        if is_long(&object) {
            return Ok(());
        }
        let old = if self.stack.len() < OBJECTS {
            self.stack.push(object);
            return Ok(());
        } else {
            let at = self.input.below(OBJECTS);
            std::mem::replace(&mut self.stack[at], object)
        };
        drop(old);
        Ok(())
    }

    pub fn remove(&mut self) {
        if !self.stack.is_empty() {
            let at = self.input.below(self.stack.len());
            drop(self.stack.swap_remove(at));
        }
    }

    /// Python code may change the container from now on.
    pub fn give_away<T>(&self, container: &Handle<'ctx, T>) -> Result<()> {
        let victims = scenery::victims(self.ctx)?;
        if victims.len() < 8 {
            victims.append(container.as_object())?;
        }
        Ok(())
    }

    /// Ends the run with this error, unless there is an earlier one.
    pub fn find(&mut self, finding: Error) {
        self.found.get_or_insert(finding);
    }

    /// A few operations while the caller holds something.
    pub fn meanwhile(&mut self) {
        if self.depth < 3 {
            self.depth += 1;
            for _ in 0..self.input.below(4) {
                if let Err(finding) = self.next() {
                    self.find(finding);
                }
            }
            self.depth -= 1;
        }
    }
}

fn holds_others(object: &Handle<'_>) -> bool {
    !(object.is_none()
        || object.is_instance_of::<Int>()
        || object.is_instance_of::<Str>()
        || object.is_instance_of::<Bytes>())
}

pub fn is_long(object: &Handle<'_>) -> bool {
    let length = match object.kind() {
        Kind::List(list) => list.len(),
        Kind::Tuple(tuple) => tuple.len(),
        Kind::Dict(dict) => dict.len(),
        Kind::Str(text) => text.len() / 8,
        Kind::Bytes(bytes) => bytes.len() / 8,
        Kind::Other => object
            .downcast::<ByteArray>()
            .and_then(|array| array.as_object().length())
            .map_or(0, |length| length / 8),
        Kind::Int(int) => int.to_f64().map_or(LENGTH + 1, |_| 0),
        _ => 0,
    };
    length > LENGTH
}
