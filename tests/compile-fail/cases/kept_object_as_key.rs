//~ the method `insert` exists for struct `HashMap<Persistent, i64>`, but its trait bounds were not satisfied

use hpy::prelude::*;
use std::collections::HashMap;

fn count(kept: Persistent) {
    let mut counts: HashMap<Persistent, i64> = HashMap::new();
    counts.insert(kept, 1);
}

fn main() {}
