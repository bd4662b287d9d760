//! The server: a listening socket, and a coroutine for each connection.

use crate::request::{Request, response};
use hpy::asyncio::Awaiting;
use hpy::exceptions::RuntimeError;
use hpy::prelude::*;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

/// A connection that sends nothing for so long is closed.
const IDLE: Duration = Duration::from_secs(30);

/// After a bad request so many bytes are read yet, for so long.
const REST: u64 = 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(2);

/// An HTTP server. `await Server.bind()` makes one.
#[hpy_type(frozen)]
pub struct Server {
    listener: TcpListener,
    port: u16,
    served: Arc<AtomicU64>,
    serves: AtomicBool,
}

#[hpy_methods]
impl Server {
    /// Listens on an address of this machine. Port 0 stands for any free one.
    #[staticmethod]
    #[hpy(signature = (host = "127.0.0.1", port = 0))]
    async fn bind(host: String, port: u16) -> Result<Self> {
        let listener = TcpListener::bind((host, port)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self {
            listener,
            port,
            served: Arc::default(),
            serves: AtomicBool::new(false),
        })
    }

    #[getter]
    fn port(&self) -> u16 {
        self.port
    }

    /// How many requests were answered.
    #[getter]
    fn served(&self) -> u64 {
        self.served.load(Ordering::Relaxed)
    }

    /// Answers requests until it is cancelled. `handler(method, path, body)` is an `async def` that
    /// returns bytes.
    async fn serve(&self, handler: Persistent) -> Result<()> {
        if self.serves.swap(true, Ordering::Relaxed) {
            return Err(RuntimeError::new("the server is serving already"));
        }
        let _until_the_end = OnDrop(&self.serves);
        // Dropped with this future, where it is cancelled, they cancel the connections.
        let mut connections: Vec<Connection> = Vec::new();
        loop {
            let (stream, _) = self.listener.accept().await?;
            connections.retain(|connection| !connection.ended.load(Ordering::Relaxed));
            connections.push(self.connect(stream, &handler)?);
        }
    }
}

/// Says that nobody serves any more.
struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Relaxed);
    }
}

/// A connection, which the event loop runs as a task of its own.
struct Connection {
    ended: Arc<AtomicBool>,
    _task: Awaiting,
}

impl Server {
    fn connect(&self, stream: TcpStream, handler: &Persistent) -> Result<Connection> {
        let (ended, served) = (Arc::<AtomicBool>::default(), Arc::clone(&self.served));
        let ends = Arc::clone(&ended);
        let task = hpy::attach(|ctx| {
            let handler = handler.dup(ctx)?;
            let talk = async move {
                let result = talk(stream, handler, &served).await;
                ends.store(true, Ordering::Relaxed);
                result
            };
            ctx.coroutine("connection", talk)?.into_future()
        })??;
        Ok(Connection { ended, _task: task })
    }
}

/// Answers the requests of a client, one after the other.
async fn talk(stream: TcpStream, handler: Persistent, served: &AtomicU64) -> Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let request = match timeout(IDLE, Request::read(&mut stream)).await {
            Ok(Ok(Some(request))) => request,
            Ok(Ok(None)) | Err(_) => return Ok(()),
            Ok(Err(error)) if error.kind() == ErrorKind::InvalidData => {
                let text = error.to_string();
                let answer = response("400 Bad Request", text.as_bytes(), false);
                stream.write_all(&answer).await?;
                return read_on(&mut stream).await;
            }
            Ok(Err(error)) => return Err(error.into()),
        };
        let keep_alive = request.keep_alive;
        let answer = match handle(&handler, request).await {
            Ok(body) => response("200 OK", &body, keep_alive),
            Err(error) => {
                hpy::attach(|ctx| error.write_unraisable(ctx, None))?;
                response(
                    "500 Internal Server Error",
                    b"the handler failed",
                    keep_alive,
                )
            }
        };
        served.fetch_add(1, Ordering::Relaxed);
        stream.write_all(&answer).await?;
        if !keep_alive {
            return Ok(());
        }
    }
}

/// Reads what the client still sends, for a while. Closing before that would reset the connection,
/// and the client might lose the answer.
async fn read_on(stream: &mut BufReader<TcpStream>) -> Result<()> {
    stream.shutdown().await?;
    let (mut rest, mut nowhere) = (stream.take(REST), tokio::io::sink());
    // Whether the client ended well or was cut off, it has had its answer.
    let _ = timeout(PATIENCE, tokio::io::copy(&mut rest, &mut nowhere)).await;
    Ok(())
}

/// What Python's handler answers.
async fn handle(handler: &Persistent, request: Request) -> Result<Vec<u8>> {
    let Request {
        method, path, body, ..
    } = request;
    let called = handler.attach(|handler| {
        let body = handler.ctx().bytes(&body)?;
        handler.call1((method, path, body))?.into_future()
    })?;
    called.await?.attach(|body| body.extract())
}
