//! A small HTTP server. Tokio has the sockets, and `asyncio` runs the handler, which is an ordinary
//! `async def` of Python's.

mod request;
mod server;

use hpy::prelude::*;
use server::Server;

fn init(_: &Handle<'_, Module>) -> Result<()> {
    // The event loop's thread does the work, and the runtime waits for sockets.
    hpy::tokio::configure(|builder| {
        builder.worker_threads(1);
    })
}

hpy_module! {
    /// A small HTTP server.
    name: http_server,
    types: [Server],
    exec: init,
}
