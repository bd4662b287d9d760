//~ borrowed data escapes outside of function

use hpy::prelude::*;

/// As the crate send_wrapper has it: sound by itself, since it asks for the thread at each use.
struct SendWrapper<T>(T, std::thread::ThreadId);

// SAFETY: the value is reached on the thread that made the wrapper only.
unsafe impl<T> Send for SendWrapper<T> {}

impl<T> SendWrapper<T> {
    fn new(value: T) -> Self {
        SendWrapper(value, std::thread::current().id())
    }

    fn get(&self) -> &T {
        assert_eq!(self.1, std::thread::current().id());
        &self.0
    }
}

#[hpy_method]
fn work<'ctx>(ctx: Context<'ctx>, object: &Handle<'ctx>) {
    let object = SendWrapper::new(object.dup());
    ctx.detach(move || drop(object.get().dup()));
}

fn main() {}
