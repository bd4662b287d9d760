//~ `std::result::Result<Counter, String>` is not the data of a new `Counter`
//~ for a `String` or a `Box<dyn Error>` say which exception it is
//~ `__next__` can't return `std::result::Result<Option<u64>, Box<dyn std::error::Error>>`

use hpy::prelude::*;
use std::error::Error;

#[hpy_type]
struct Counter {
    count: u64,
}

#[hpy_methods]
impl Counter {
    #[new]
    fn new(count: u64) -> Result<Self, String> {
        match count {
            0 => Err("nothing to count".to_owned()),
            count => Ok(Counter { count }),
        }
    }

    #[getter]
    fn count(&self) -> Result<u64, String> {
        Ok(self.count)
    }

    #[setter]
    fn set_count(&mut self, count: u64) -> Result<(), String> {
        self.count = count;
        Ok(())
    }

    fn __len__(&self) -> Result<usize, String> {
        usize::try_from(self.count).map_err(|error| error.to_string())
    }

    fn __next__(&mut self) -> Result<Option<u64>, Box<dyn Error>> {
        self.count = self.count.checked_sub(1).ok_or("done")?;
        Ok(Some(self.count))
    }
}

fn main() {}
