//! Wakers that are used and dropped by other threads.

use hpy::exceptions::RuntimeError;
use hpy::prelude::*;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Task, Poll, Wake, Waker};
use std::time::Duration;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a thread will tell.
struct Told<T>(Mutex<(Option<T>, Option<Waker>)>);

impl<T> Told<T> {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new((None, None))))
    }

    fn tell(&self, value: T) {
        let waker = {
            let mut told = lock(&self.0);
            told.0 = Some(value);
            told.1.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn poll(&self, task: &Task<'_>) -> Poll<T> {
        let mut told = lock(&self.0);
        match told.0.take() {
            Some(value) => Poll::Ready(value),
            None => {
                told.1 = Some(task.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// The output of a future that another thread runs.
pub async fn on_thread<F>(future: F) -> F::Output
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let told = Told::new();
    let teller = Arc::clone(&told);
    std::thread::spawn(move || teller.tell(block_on(future)));
    poll_fn(|task| told.poll(task)).await
}

struct Unpark(Mutex<bool>, Condvar);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        *lock(&self.0) = true;
        self.1.notify_one();
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    let unpark = Arc::new(Unpark(Mutex::new(false), Condvar::new()));
    let waker = Waker::from(Arc::clone(&unpark));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Task::from_waker(&waker)) {
            return output;
        }
        let woken = unpark.1.wait_while(lock(&unpark.0), |woken| !*woken);
        *woken.unwrap_or_else(PoisonError::into_inner) = false;
    }
}

/// Sleeps on a thread of Rust's own, which wakes the coroutine.
#[hpy_method]
pub async fn sleep(milliseconds: u64) -> u64 {
    on_thread(async move {
        std::thread::sleep(Duration::from_millis(milliseconds));
        milliseconds
    })
    .await
}

/// Is woken by several threads at once, again and again.
#[hpy_method]
pub async fn wake_often(threads: u32, count: u32) -> u32 {
    let mut polls = 0;
    for _ in 0..count {
        let told = Told::new();
        let waiting = poll_fn(|task| {
            polls += 1;
            let ready = told.poll(task);
            if ready.is_pending() {
                for _ in 0..threads {
                    let (waker, told) = (task.waker().clone(), Arc::clone(&told));
                    std::thread::spawn(move || {
                        waker.wake_by_ref();
                        told.tell(());
                        waker.wake();
                    });
                }
            }
            ready
        });
        waiting.await;
    }
    polls
}

/// The wakers of coroutines that wait for ever.
static LATE: Mutex<Vec<Waker>> = Mutex::new(Vec::new());

/// Waits for ever, and leaves its waker behind.
#[hpy_method]
pub async fn wake_late() {
    poll_fn::<(), _>(|task| {
        lock(&LATE).push(task.waker().clone());
        Poll::Pending
    })
    .await;
}

/// Wakes those that were left behind, on another thread. How many there were.
#[hpy_method]
pub fn wakes(ctx: Context<'_>) -> Result<usize> {
    let wakers = std::mem::take(&mut *lock(&LATE));
    let count = wakers.len();
    let thread = std::thread::spawn(move || wakers.into_iter().for_each(Waker::wake));
    ctx.detach(move || thread.join())
        .map_err(|_| RuntimeError::new("a waker panicked"))?;
    Ok(count)
}

/// Drops those that were left behind, on another thread.
#[hpy_method]
pub fn wakers_dropped(ctx: Context<'_>) -> Result<usize> {
    let wakers = std::mem::take(&mut *lock(&LATE));
    let count = wakers.len();
    let thread = std::thread::spawn(move || drop(wakers));
    ctx.detach(move || thread.join())
        .map_err(|_| RuntimeError::new("a waker panicked"))?;
    Ok(count)
}

/// An awaitable that was started, and is dropped by another thread: it is cancelled.
#[hpy_method]
pub async fn drop_on_thread(awaitable: Persistent) -> Result<()> {
    let started = awaitable.attach(|awaitable| awaitable.into_future())?;
    on_thread(async move { drop(started) }).await;
    Ok(())
}

/// Goes on only when it is told: a thread wakes it for ever, until the process ends.
#[hpy_method]
pub async fn hangs_on() {
    struct Forever(bool);
    impl Future for Forever {
        type Output = ();
        fn poll(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<()> {
            if !self.0 {
                self.0 = true;
                let waker = task.waker().clone();
                std::thread::spawn(move || {
                    loop {
                        std::thread::sleep(Duration::from_millis(1));
                        waker.wake_by_ref();
                    }
                });
            }
            Poll::Pending
        }
    }
    Forever(false).await;
}
