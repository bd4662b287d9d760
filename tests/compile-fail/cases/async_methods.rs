//~ take `&self`, and put what changes into a `Mutex` or an atomic
//~ take `this: Persistent<Self>`
//~ put #[staticmethod] in place of #[classmethod]
//~ Python does not await this function: remove `async`

use hpy::prelude::*;

#[hpy_type]
struct Counter {
    count: i64,
}

#[hpy_methods]
impl Counter {
    #[new]
    fn new() -> Self {
        Self { count: 0 }
    }

    async fn increment(&mut self) {
        self.count += 1;
    }

    async fn itself(this: &Handle<'_, Self>) {
        let _ = this;
    }

    #[classmethod]
    async fn of_class(class: &Handle<'_, Type>) {
        let _ = class;
    }

    async fn __len__(&self) -> usize {
        0
    }
}

fn main() {}
