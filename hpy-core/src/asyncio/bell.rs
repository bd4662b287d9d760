//! How any thread asks an event loop for something, without Python: it leaves a request, and rings.
//!
//! `loop.call_soon_threadsafe` needs Python, and so a thread would wait for the GIL, or could not
//! call it at all: by the own HPy of PyPy 7.3 and GraalPy 24, after the interpreter's end. Here a
//! byte through a pair of sockets has the loop call `answer`. Loops without `add_reader` (that of
//! Windows) are asked by `call_soon_threadsafe`.

use super::requests::{Request, Requests};
use crate::storage::lookup::Lookup;
use crate::types::{Callable, Capsule, WeakRef};
use crate::{Cached, Context, Handle, Persistent, Result};
use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

static RUNNING_LOOP: Lookup = Lookup::new(c"asyncio:get_running_loop");
static WEAK_DICT: Lookup = Lookup::new(c"weakref:WeakKeyDictionary");

/// The bell of each event loop.
static BELLS: Cached = Cached::new();

/// Asks an event loop.
pub(super) struct Bell {
    requests: Requests,
    cord: Cord,
    /// The loop was closed, and answers no more.
    is_closed: AtomicBool,
}

/// How the loop hears the bell.
enum Cord {
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixStream),
    Loop(Persistent<WeakRef>),
}

/// The running event loop. RuntimeError if there is none.
#[inline]
pub(super) fn running_loop<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
    RUNNING_LOOP.get(ctx)?.call0()
}

impl Bell {
    /// That of an event loop, which this thread runs.
    #[inline]
    pub(super) fn of(event_loop: &Handle<'_>) -> Result<Arc<Self>> {
        let ctx = event_loop.ctx();
        let bells = BELLS.get_or_init(ctx, || WEAK_DICT.get(ctx)?.call0())?;
        let known = bells.call_method1("get", (event_loop,))?;
        if !known.is_none() {
            let bell = known.downcast::<Capsule<Arc<Self>>>()?.value();
            return Ok(Arc::clone(bell));
        }
        let bell = Self::hang(event_loop)?;
        let capsule = ctx.capsule(c"hpy.Bell", Arc::clone(&bell))?;
        bells.call_method1("__setitem__", (event_loop, capsule))?;
        Ok(bell)
    }

    /// One that the loop answers when it rings.
    #[inline]
    fn hang(event_loop: &Handle<'_>) -> Result<Arc<Self>> {
        #[cfg(unix)]
        {
            use crate::exceptions::Exception;
            use std::os::fd::AsRawFd;
            use std::os::unix::net::UnixStream;

            let (rings, hears) = UnixStream::pair()?;
            rings.set_nonblocking(true)?;
            hears.set_nonblocking(true)?;
            let number = hears.as_raw_fd();
            let bell = Self::with(Cord::Socket(rings));
            let heard = Heard {
                socket: hears,
                bell: Arc::clone(&bell),
            };
            // The loop has the function, and so what the number stands for, as long as it looks.
            let answer = bell.function(event_loop.ctx(), move || heard.drain())?;
            match event_loop.call_method1("add_reader", (number, answer)) {
                Ok(_) => return Ok(bell),
                Err(error) if error.is_instance_of::<Exception>(event_loop.ctx()) => {}
                Err(error) => return Err(error),
            }
        }
        let event_loop = event_loop.ctx().weakref(event_loop)?;
        Ok(Self::with(Cord::Loop(Persistent::new(&event_loop)?)))
    }

    fn with(cord: Cord) -> Arc<Self> {
        Arc::new(Self {
            requests: Requests::default(),
            cord,
            is_closed: AtomicBool::new(false),
        })
    }

    /// The function that the loop calls.
    #[inline]
    fn function<'ctx>(
        self: &Arc<Self>,
        ctx: Context<'ctx>,
        hears: impl Fn() + Send + Sync + 'static,
    ) -> Result<Handle<'ctx, Callable>> {
        let bell = Arc::clone(self);
        ctx.closure("wake", "", move |ctx, _, _| {
            hears();
            bell.answer(ctx);
            Ok(ctx.none().into_object())
        })
    }

    /// Does what was asked for.
    #[inline]
    fn answer(&self, ctx: Context<'_>) {
        for request in self.requests.take() {
            if let Err(error) = request.carry_out(ctx) {
                error.write_unraisable(ctx, None);
            }
        }
    }

    /// Completes a future of `asyncio`, if nobody else has. On any thread.
    #[inline]
    pub(super) fn complete(self: &Arc<Self>, future: Persistent) {
        self.ask(Request::Complete(future));
    }

    /// Cancels a task, if it is not done. On any thread.
    #[inline]
    pub(super) fn cancel(self: &Arc<Self>, task: Persistent) {
        self.ask(Request::Cancel(task));
    }

    #[inline]
    fn ask(self: &Arc<Self>, request: Request) {
        // Whoever asked before has rung, and the loop has not answered yet.
        let rings = self.requests.push(request);
        if self.is_closed.load(Ordering::SeqCst) {
            drop(self.requests.take());
        } else if rings {
            self.ring();
        }
    }

    /// The loop answers no more. Requests refer to futures, and these to the loop: kept, they would
    /// keep the loop, and the loop the bell.
    #[inline]
    fn close(&self) {
        // Who asks looks at this after the request is in the list.
        self.is_closed.store(true, Ordering::SeqCst);
        drop(self.requests.take());
    }

    #[inline]
    fn ring(self: &Arc<Self>) {
        match &self.cord {
            #[cfg(unix)]
            Cord::Socket(rings) => {
                let _ = std::io::Write::write(&mut &*rings, &[0]);
            }
            Cord::Loop(event_loop) => {
                let asked = event_loop.attach(|event_loop| {
                    let Some(event_loop) = event_loop.upgrade()? else {
                        return Ok(false);
                    };
                    let answer = self.function(event_loop.ctx(), || ())?;
                    event_loop.call_method1("call_soon_threadsafe", (answer,))?;
                    Ok(true)
                });
                if !matches!(asked, Ok(true)) {
                    self.close();
                }
            }
        }
    }
}

/// The end of the cord that the loop watches. It goes where the loop is closed.
#[cfg(unix)]
struct Heard {
    socket: std::os::unix::net::UnixStream,
    bell: Arc<Bell>,
}

#[cfg(unix)]
impl Heard {
    /// Reads what was rung.
    #[inline]
    fn drain(&self) {
        let mut bytes = [0; 16];
        while std::io::Read::read(&mut &self.socket, &mut bytes)
            .is_ok_and(|count| count == bytes.len())
        {}
    }
}

#[cfg(unix)]
impl Drop for Heard {
    #[inline]
    fn drop(&mut self) {
        self.bell.close();
    }
}
