//! On how many threads a hasher works.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hpy::ensure;
use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// What stands for as many threads as there are processors.
pub const AUTO: isize = -1;

#[derive(Clone)]
pub enum Threads {
    /// The one that calls.
    Caller,
    /// Those of a pool.
    Pool(Arc<ThreadPool>),
}

/// By the process, since a fork has none of its parent's threads, and by the number of threads.
static POOLS: Mutex<BTreeMap<(u32, usize), Arc<ThreadPool>>> = Mutex::new(BTreeMap::new());

impl Threads {
    pub fn new(max: isize) -> Result<Self> {
        let count = match max {
            1 => return Ok(Self::Caller),
            // What rayon takes for the number of processors.
            AUTO => 0,
            _ => {
                ensure!(max > 0, ValueError, "not a valid number of threads");
                max.unsigned_abs()
            }
        };
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (std::process::id(), count);
        if let Some(pool) = pools.get(&place) {
            return Ok(Self::Pool(pool.clone()));
        }
        let pool = ThreadPoolBuilder::new().num_threads(count).build();
        let pool = pool.map_err(|error| RuntimeError::new(error.to_string()))?;
        let pool = Arc::new(pool);
        pools.insert(place, pool.clone());
        Ok(Self::Pool(pool))
    }
    pub fn update(&self, state: &mut blake3::Hasher, data: &[u8]) {
        match self {
            Self::Caller => {
                state.update(data);
            }
            Self::Pool(pool) => pool.install(|| {
                state.update_rayon(data);
            }),
        }
    }
}
