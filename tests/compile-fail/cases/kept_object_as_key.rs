//~ doesn't satisfy `hpy::Persistent: Hash` or `hpy::Persistent: std::cmp::Eq`

use hpy::prelude::*;
use std::collections::HashMap;

fn count(kept: Persistent) {
    let mut counts: HashMap<Persistent, i64> = HashMap::new();
    counts.insert(kept, 1);
}

fn main() {}
