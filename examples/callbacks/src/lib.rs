//! Calling back: functions from Python are kept in Rust data and called with whatever is passed on.

use hpy::ensure;
use hpy::exceptions::{RuntimeError, ValueError};
use hpy::prelude::*;

/// Who wants to hear of what.
#[hpy_type]
struct Events {
    listeners: Vec<Listener>,
    registered: u64,
}

#[derive(Traverse)]
struct Listener {
    number: u64,
    event: String,
    function: Field<Callable>,
}

exception! {
    /// Listeners failed. The cause is what the first of them raised; `args[1]` counts them.
    ListenerError: RuntimeError
}

#[hpy_methods]
impl Events {
    #[new]
    fn new() -> Self {
        Events {
            listeners: Vec::new(),
            registered: 0,
        }
    }

    /// Has a function called at each event of this name. The number that comes back is for `off`.
    fn on(&mut self, event: String, function: &Handle<'_, Callable>) -> Result<u64> {
        let function = Field::new(function)?;
        self.registered += 1;
        self.listeners.push(Listener {
            number: self.registered,
            event,
            function,
        });
        Ok(self.registered)
    }

    /// Has a function called no longer: whether it was.
    fn off<'ctx>(this: &Handle<'ctx, Self>, number: u64) -> Result<bool> {
        let mut events = this.borrow_mut()?;
        let found = events.listeners.iter().position(|one| one.number == number);
        let gone = found.map(|place| events.listeners.remove(place));
        // The function may end here, which may run any code: the data must not be borrowed.
        drop(events);
        Ok(gone.is_some())
    }

    /// Calls all listeners in the order in which they came, and returns how many there were. One
    /// that fails does not keep others from being called.
    #[hpy(signature = (event, /, *args, **options))]
    fn emit<'ctx>(
        this: &Handle<'ctx, Self>,
        event: &str,
        args: Handle<'ctx, Tuple>,
        options: Option<Handle<'ctx, Dict>>,
    ) -> Result<usize> {
        let functions = this.borrow()?.of(this.ctx(), event)?;
        // Nothing is borrowed now: those who are called may come and go.
        let mut failures = Vec::new();
        for function in &functions {
            if let Err(error) = function.call(&args, options.as_ref()) {
                failures.push(error);
            }
        }
        let (count, failed) = (functions.len(), failures.len());
        match failures.into_iter().next() {
            None => Ok(count),
            Some(first) => {
                let message = format!("{failed} of {count} listeners failed at {event:?}");
                Err(ListenerError::with_args(this.ctx(), (message, failed)).with_cause(first))
            }
        }
    }

    fn __len__(&self) -> usize {
        self.listeners.len()
    }

    fn __contains__(&self, event: &str) -> bool {
        self.listeners.iter().any(|one| one.event == event)
    }
}

impl Events {
    fn of<'ctx>(&self, ctx: Context<'ctx>, event: &str) -> Result<Vec<Handle<'ctx, Callable>>> {
        let wanted = self.listeners.iter().filter(|one| one.event == event);
        // Empty is a field only in an object that the garbage collector takes apart.
        wanted
            .filter_map(|one| one.function.load(ctx).transpose())
            .collect()
    }
}

/// Sorts a list by what a function says of each value, calling it once for each.
#[hpy_method]
fn sort_by<'ctx>(
    values: Vec<Handle<'ctx>>,
    key: &Handle<'ctx, Callable>,
) -> Result<Vec<Handle<'ctx>>> {
    let mut keyed = Vec::with_capacity(values.len());
    for value in values {
        keyed.push((key.call1((&value,))?.extract::<f64>()?, value));
    }
    ensure!(
        !keyed.iter().any(|pair| pair.0.is_nan()),
        ValueError,
        "NaN has no place in an order"
    );
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(keyed.into_iter().map(|pair| pair.1).collect())
}

hpy_module! {
    /// Calling back.
    name: callbacks,
    methods: [sort_by],
    types: [Events],
    exceptions: [ListenerError],
}
