//! Operations on what is held for longer: memory of bytes and texts, globals, errors.

use std::sync::Mutex;

use hpy::exceptions::{AssertionError, KeyError, LookupError, UserWarning, ValueError};
use hpy::prelude::*;
use hpy::types::{ByteArray, Capsule, ContextVar, MemoryView};

use super::machine::Machine;
use super::{LAST, SLOT, scenery};

/// Enters Python when the capsule that has it ends.
pub struct Last(pub Mutex<Option<Persistent>>);

impl Drop for Last {
    fn drop(&mut self) {
        let object = self.0.lock().ok().and_then(|mut object| object.take());
        // Where Python cannot be entered from outside, the object is released at the next entry.
        let _ = hpy::attach(|ctx| {
            object.map(|object| object.get(ctx).map(|object| object.is_truthy().is_ok()))
        });
    }
}

impl<'ctx> Machine<'_, 'ctx> {
    pub fn with_bytes_and_text(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        match what % 16 {
            0 | 1 => {
                let buffer = self.pick().buffer::<u8>()?;
                if self.buffers.len() < 6 {
                    self.buffers.push(buffer);
                }
                Ok(())
            }
            2 => {
                let at = self.input.below(self.buffers.len());
                if at < self.buffers.len() {
                    drop(self.buffers.swap_remove(at));
                }
                Ok(())
            }
            3 => {
                let (at, index, value) = (
                    self.input.below(self.buffers.len()),
                    self.input.below(40),
                    self.input.byte(),
                );
                let Some(buffer) = self.buffers.get(at) else {
                    return Ok(());
                };
                let _ = buffer.get(&[index]);
                for cell in buffer.as_slice()? {
                    cell.get();
                }
                buffer.set(&[index], value)?;
                buffer.copy_to_slice(&mut [0; 8])?;
                let copy = buffer.to_vec()?;
                buffer.copy_from_slice(&copy)
            }
            4 => {
                // The text is Python's own memory.
                let text = self.latest::<Str>()?;
                let borrowed = text.to_str()?;
                let before = borrowed.to_owned();
                self.meanwhile();
                self.same(borrowed.as_bytes(), before.as_bytes());
                Ok(())
            }
            5 => {
                let bytes = self.latest::<Bytes>()?;
                let borrowed = bytes.as_bytes();
                let before = borrowed.to_vec();
                self.meanwhile();
                self.same(borrowed, &before);
                let text = bytes.decode(c"utf-8", c"surrogateescape")?;
                self.push(text)
            }
            6 => {
                let text = self.latest::<Str>()?;
                let encoding = ["utf-8", "utf-16", "ascii", "none"][self.input.below(4)];
                let errors = ["strict", "surrogatepass", "replace", "none"][self.input.below(4)];
                let bytes = text.encode(encoding, errors)?;
                self.push(bytes)
            }
            7 => {
                let text = self.latest::<Str>()?;
                let part = text.substring(self.input.below(9), self.input.below(9))?;
                self.push(part)
            }
            8 => {
                let text = self.latest::<Str>()?;
                let joined = text.join([self.pick(), self.pick()])?;
                self.push(joined)
            }
            9 => {
                let array = self.latest::<ByteArray>()?;
                array.append(self.input.byte())?;
                array.extend(&[1, 2, 3])
            }
            10 => self.latest::<ByteArray>()?.clear(),
            11 => self.latest::<MemoryView>()?.release(),
            12 => {
                let view = self.latest::<MemoryView>()?;
                drop((view.nbytes(), view.format(), view.shape(), view.itemsize()));
                view.to_vec().map(drop)
            }
            13 => {
                let text = self.latest::<Str>()?;
                let _ = (text.to_string_lossy()?.len(), text.char_count());
                let _ = text.read_char(self.input.below(9));
                Ok(())
            }
            14 => {
                let data: Vec<u8> = (0..self.input.below(9))
                    .map(|_| self.input.byte())
                    .collect();
                self.push(ctx.str_from_fs(&data)?)
            }
            _ => {
                let size = ctx.detach_with(&self.input.0.len(), |size| *size);
                self.push(ctx.int(size)?)
            }
        }
    }

    fn same(&mut self, now: &[u8], before: &[u8]) {
        if now != before {
            self.find(AssertionError::new(
                "memory has changed while it was borrowed",
            ));
        }
    }

    pub fn keep(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        match what % 14 {
            0 => LAST.store(&self.pick()),
            1 => {
                let last = LAST.load(ctx)?;
                last.map_or(Ok(()), |last| self.push(last))
            }
            2 => LAST.clear(ctx),
            3 => SLOT.store(&self.latest::<List>()?),
            4 => {
                let slot = SLOT.load(ctx)?;
                slot.map_or(Ok(()), |slot| self.push(slot))
            }
            5 => {
                let kept = Persistent::new(&self.pick())?;
                if self.kept.len() < 8 {
                    self.kept.push(kept);
                }
                Ok(())
            }
            6 => {
                let at = self.input.below(self.kept.len());
                match self.kept.get(at) {
                    Some(kept) => {
                        let object = kept.get(ctx)?;
                        self.push(object)
                    }
                    None => Ok(()),
                }
            }
            7 => {
                // Dropped where Python is not: released at the next entry.
                let kept = std::mem::take(&mut self.kept);
                ctx.detach(move || drop(kept));
                Ok(())
            }
            8 => {
                let at = self.input.below(self.kept.len());
                if at < self.kept.len() {
                    drop(self.kept.swap_remove(at));
                }
                Ok(())
            }
            9 => {
                let capsule = self.latest::<Capsule<Last>>()?;
                let object = Persistent::new(&self.element())?;
                let old = capsule
                    .value()
                    .0
                    .lock()
                    .ok()
                    .and_then(|mut last| last.replace(object));
                drop(old);
                Ok(())
            }
            10 => {
                let variable = scenery::names(ctx)?.get_item("variable")?;
                let variable = variable.downcast_into::<ContextVar>()?;
                let token = variable.set(self.element())?;
                if self.input.byte().is_multiple_of(2) {
                    variable.reset(&token)?;
                }
                let value = variable.get_or(5)?;
                self.push(value)
            }
            11 => {
                let text = self.input.text();
                ctx.warn::<UserWarning>(text, 1)
            }
            12 => {
                let object = self.pick();
                object.downcast::<Callable>()?.name().map(drop)
            }
            _ => {
                let type_ = self.pick().type_();
                drop((type_.name(), type_.qualname(), type_.module()));
                let mro = type_.mro()?;
                self.push(mro)
            }
        }
    }

    pub fn with_errors(&mut self, what: u8) -> Result<()> {
        let ctx = self.ctx;
        let at = self.input.below(self.errors.len());
        if self.errors.is_empty() {
            let value = self.pick();
            self.errors.push(Error::from_value(&value));
            return Ok(());
        }
        match what % 14 {
            0 => Err(self.errors.swap_remove(at)),
            1 => {
                let value = self.errors.swap_remove(at).into_value(ctx)?;
                self.push(value)
            }
            2 => {
                let value = self.errors[at].value(ctx)?;
                self.push(value)
            }
            3 => {
                let error = self.errors.swap_remove(at);
                let cause = Error::from_value(&self.pick());
                Err(error.with_cause(cause))
            }
            4 => {
                let error = self.errors.swap_remove(at);
                let context = self.errors.pop().unwrap_or_else(|| ValueError::new("new"));
                Err(error.with_context(ctx, context))
            }
            5 => {
                let text = self.input.text();
                let error = self.errors.swap_remove(at);
                Err(error.with_note(text.to_owned()))
            }
            6 => {
                let object = self.pick();
                self.errors
                    .swap_remove(at)
                    .write_unraisable(ctx, Some(&object));
                Ok(())
            }
            7 => {
                let error = &self.errors[at];
                drop(format!("{error} {error:?} {error:#}"));
                error.format(ctx).map(drop)
            }
            8 => {
                let error = &self.errors[at];
                drop((error.cause(ctx), error.context(ctx), error.traceback(ctx)));
                let _ = error.is_instance_of::<KeyError>(ctx)
                    | error.is_instance_of::<LookupError>(ctx);
                Ok(())
            }
            9 => {
                let class = self.pick();
                let _ = self.errors[at].matches(ctx, &class);
                Ok(())
            }
            10 => {
                let class = self.pick().downcast_into::<Type>()?;
                let argument = self.pick();
                Err(Error::from_type(&class, (argument,)))
            }
            11 => {
                // Dropped on a thread that Python does not know.
                let error = self.errors.swap_remove(at);
                ctx.detach(move || drop(error));
                Ok(())
            }
            12 => {
                let error = self.errors.swap_remove(at);
                let boxed: Box<dyn std::error::Error + Send + Sync> = error.into();
                Err(Error::from_boxed(boxed))
            }
            _ => {
                let error = std::mem::replace(&mut self.errors[at], KeyError::new("replaced"));
                self.push(ctx.handle(error)?)
            }
        }
    }
}
