//! The feature `tokio`: timers, sockets and tasks in an `async fn`.

use hpy::prelude::*;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Sleeps in tokio's time.
#[hpy_method]
async fn sleep(milliseconds: u64) -> u64 {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    milliseconds
}

/// A limit of tokio's for an awaitable of Python's. Whether it was ready in time.
#[hpy_method]
async fn in_time(awaitable: Persistent, milliseconds: u64) -> Result<bool> {
    let limit = Duration::from_millis(milliseconds);
    match tokio::time::timeout(limit, awaitable.into_future()).await {
        Ok(result) => result.map(|_| true),
        Err(_) => Ok(false),
    }
}

/// Sends text to a server in another task, which sends it back in capitals.
#[hpy_method]
async fn shout(texts: Vec<String>) -> Result<Vec<String>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = hpy::tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut bytes = [0; 1024];
        loop {
            match stream.read(&mut bytes).await? {
                0 => return std::io::Result::Ok(()),
                count => {
                    let text = String::from_utf8_lossy(&bytes[..count]).to_uppercase();
                    stream.write_all(text.as_bytes()).await?;
                }
            }
        }
    })?;
    let mut stream = TcpStream::connect(address).await?;
    let mut shouted = Vec::new();
    for text in texts {
        stream.write_all(text.as_bytes()).await?;
        let mut answer = vec![0; text.len()];
        stream.read_exact(&mut answer).await?;
        shouted.push(String::from_utf8(answer)?);
    }
    drop(stream);
    server.await??;
    Ok(shouted)
}

/// The sum of what so many tasks of the runtime return.
#[hpy_method]
async fn sum_of_tasks(count: u64) -> Result<u64> {
    let tasks = (0..count).map(|number| {
        hpy::tokio::spawn(async move {
            tokio::task::yield_now().await;
            number
        })
    });
    let tasks: Vec<_> = tasks.collect::<Result<_>>()?;
    let mut sum = 0;
    for task in tasks {
        sum += task.await?;
    }
    Ok(sum)
}

#[hpy_method]
async fn panics_in_task() -> Result<()> {
    hpy::tokio::spawn(async { panic!("in a task") })?.await
}

static ALIVE: AtomicUsize = AtomicUsize::new(0);

struct Alive;

impl Alive {
    fn new() -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Waits for a task that never ends.
#[hpy_method]
async fn waits_for_task() -> Result<()> {
    let alive = Alive::new();
    hpy::tokio::spawn(async move {
        let _alive = alive;
        pending().await
    })?
    .await
}

/// How many tasks are there that never end.
#[hpy_method]
fn alive() -> usize {
    ALIVE.load(Ordering::Relaxed)
}

/// Calls a function on a thread of the runtime, where the interpreter allows it.
#[hpy_method]
async fn call_in_task(function: Persistent) -> Result<Persistent> {
    hpy::tokio::spawn(
        async move { function.attach(|function| Persistent::new(&function.call0()?)) },
    )?
    .await?
}

/// Sends numbers from tasks through a channel.
#[hpy_method]
async fn through_channel(count: u32) -> Result<Vec<u32>> {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
    let _task = hpy::tokio::spawn(async move {
        for number in 0..count {
            if sender.send(number).await.is_err() {
                break;
            }
        }
    })?;
    let mut numbers = Vec::new();
    while let Some(number) = receiver.recv().await {
        numbers.push(number);
    }
    Ok(numbers)
}

/// Starts what uses the runtime when it is dropped.
#[hpy_method]
async fn spawns_when_dropped() {
    struct Spawns;
    impl Drop for Spawns {
        fn drop(&mut self) {
            let alive = Alive::new();
            drop(tokio::spawn(async move { drop(alive) }));
        }
    }
    let _spawns = Spawns;
    pending::<()>().await;
}

/// Tries to configure the runtime once more.
#[hpy_method]
fn configure() -> Result<()> {
    hpy::tokio::configure(|_| ())
}

#[hpy_method]
fn workers() -> Result<usize> {
    Ok(hpy::tokio::handle()?.metrics().num_workers())
}

fn init(_: &Handle<'_, Module>) -> Result<()> {
    // A second import in the process finds it configured.
    let _ = hpy::tokio::configure(|builder| {
        builder.worker_threads(3);
    });
    Ok(())
}

hpy_module! {
    name: async_tokio,
    methods: [
        sleep, in_time, shout, sum_of_tasks, panics_in_task, waits_for_task, alive, call_in_task,
        through_channel, spawns_when_dropped, configure, workers,
    ],
    exec: init,
}
