//! Checksums of many blocks on many threads, which tell Python's `logging` how they get on.

use hpy::exceptions::ValueError;
use hpy::prelude::*;
use hpy::{PersistentBytes, ensure};
use log::{debug, info, warn};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Adler-32.
fn checksum(bytes: &[u8]) -> u32 {
    let (mut low, mut high) = (1u32, 0u32);
    for byte in bytes {
        low = (low + u32::from(*byte)) % 65521;
        high = (high + low) % 65521;
    }
    high << 16 | low
}

/// The checksums of the blocks, in order. Each of the threads logs at its start and end, and a
/// warning for an empty block; in detail, it logs each block.
#[hpy_method(signature = (blocks, threads = 8))]
fn checksums(ctx: Context<'_>, blocks: Vec<PersistentBytes>, threads: usize) -> Result<Vec<u32>> {
    ensure!(threads > 0, ValueError, "there must be a thread");
    Ok(ctx.detach(move || on_threads(&blocks, threads)))
}

fn on_threads(blocks: &[PersistentBytes], threads: usize) -> Vec<u32> {
    let next = AtomicUsize::new(0);
    let work = |worker: usize| {
        info!(target: "logload::worker", worker; "worker {worker} begins");
        let mut done = Vec::new();
        while let Some((index, block)) = take(&next, blocks) {
            if block.as_bytes().is_empty() {
                warn!(target: "logload::worker", worker, block = index; "block {index} is empty");
            }
            let sum = checksum(block.as_bytes());
            debug!(target: "logload::block", worker, sum; "block {index}: {sum:#010x}");
            done.push((index, sum));
        }
        info!(target: "logload::worker", worker; "worker {worker} did {} blocks", done.len());
        done
    };
    let mut sums = vec![0; blocks.len()];
    thread::scope(|scope| {
        let work = &work;
        let started: Vec<_> = (0..threads)
            .map(|worker| scope.spawn(move || work(worker)))
            .collect();
        for worker in started {
            // A worker has nothing to panic for.
            for (index, sum) in worker.join().unwrap_or_default() {
                sums[index] = sum;
            }
        }
    });
    sums
}

fn take<'a, T>(next: &AtomicUsize, all: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    all.get(index).map(|one| (index, one))
}

fn init(module: &Handle<'_, Module>) -> Result<()> {
    hpy::logging::init(module.ctx())
}

hpy_module! {
    /// Checksums on many threads, with their progress in Python's logging.
    name: logload,
    methods: [checksums],
    exec: init,
}
