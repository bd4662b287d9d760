//! Objects that are called: by `__call__`, or by a function that was chosen for each.

use hpy::bail;
use hpy::exceptions::{LookupError, NotImplementedError, RuntimeError, ValueError};
use hpy::prelude::*;
use hpy::{CallFunction, Called, Keywords};

/// Multiplies.
#[hpy_type(subclass)]
struct Scale {
    #[hpy(get, set)]
    by: f64,
}

#[hpy_methods]
impl Scale {
    /// `how` says which function is called.
    #[new]
    #[hpy(signature = (by = 2.0, how = "call"))]
    fn new(by: f64, how: &str) -> Result<Called<Self>> {
        Ok(Called::new(Scale { by }, function(how)?))
    }

    #[hpy(signature = (x))]
    fn __call__(&self, x: f64) -> f64 {
        x * self.by
    }

    /// Takes nothing.
    #[call]
    fn nothing(&self) -> f64 {
        -self.by
    }

    /// Takes all there is.
    #[call]
    #[hpy(signature = (first, /, *rest, second = 0.0, **others))]
    fn everything<'ctx>(
        this: &Handle<'ctx, Self>,
        first: f64,
        rest: Args<'_, 'ctx>,
        second: f64,
        others: Keywords<'_, 'ctx>,
    ) -> Result<(f64, usize, f64, usize)> {
        let by = this.borrow()?.by;
        Ok((first * by, rest.len(), second * by, others.iter().count()))
    }

    #[call]
    fn grow(&mut self) {
        self.by += 1.0;
    }

    #[call]
    fn panic(&self) -> Result<()> {
        panic!("called by {}", self.by)
    }

    #[call]
    fn fail(&self) -> Result<()> {
        bail!(ValueError, "called by {}", self.by)
    }

    /// Calls what it is given, which may be itself.
    #[call]
    fn call_exclusively<'ctx>(&mut self, function: &Handle<'ctx>) -> Result<Handle<'ctx>> {
        function.call0()
    }

    /// Another function for the next call, while this one runs.
    #[call]
    fn change<'ctx>(this: &Handle<'ctx, Self>, how: &str) -> Result<Handle<'ctx>> {
        this.set_call(function(how)?)?;
        match how {
            "nothing" => this.call0(),
            _ => this.call1((1.0,)),
        }
    }

    fn set(this: &Handle<'_, Self>, how: &str) -> Result<()> {
        this.set_call(function(how)?)
    }

    /// One more, which no constructor has made.
    fn again(&self, how: &str) -> Result<Called<Self>> {
        Ok(Called::new(Scale { by: self.by }, function(how)?))
    }
}

fn function(how: &str) -> Result<CallFunction<Scale>> {
    Ok(match how {
        "call" => Scale::CALL,
        "nothing" => Scale::NOTHING,
        "everything" => Scale::EVERYTHING,
        "grow" => Scale::GROW,
        "panic" => Scale::PANIC,
        "fail" => Scale::FAIL,
        "call_exclusively" => Scale::CALL_EXCLUSIVELY,
        "change" => Scale::CHANGE,
        _ => bail!(LookupError, "no function {how}"),
    })
}

/// Sets the function of any object.
#[hpy_method]
fn set(scale: &Handle<'_, Scale>, how: &str) -> Result<()> {
    scale.set_call(function(how)?)
}

/// Calls from Rust.
#[hpy_method]
fn call<'ctx>(object: &Handle<'ctx>, x: f64) -> Result<Handle<'ctx>> {
    object.call1((x,))
}

/// Has no function but `__call__`.
#[hpy_type(subclass)]
struct Plain;

#[hpy_methods]
impl Plain {
    #[new]
    fn new() -> Self {
        Plain
    }

    #[hpy(signature = (*args, **keywords))]
    fn __call__<'ctx>(
        this: &Handle<'ctx, Self>,
        args: Args<'_, 'ctx>,
        keywords: Handle<'ctx, Dict>,
    ) -> Result<(Handle<'ctx, Self>, usize, Handle<'ctx, Dict>)> {
        Ok((this.dup(), args.len(), keywords))
    }
}

/// Inherits all of it, and has data of its own behind.
#[hpy_type(base = Scale, subclass)]
struct Named {
    #[hpy(get)]
    name: String,
    #[hpy(get)]
    canary: u64,
}

#[hpy_methods]
impl Named {
    #[new]
    #[hpy(signature = (name, how = "call"))]
    fn new(name: String, how: &str) -> Result<(Self, Called<Scale>)> {
        let canary = 0x1122_3344_5566_7788;
        Ok((Named { name, canary }, Scale::new(3.0, how)?))
    }
}

/// Has a `__call__` of its own.
#[hpy_type(base = Scale, subclass)]
struct Own {
    text: String,
}

#[hpy_methods]
impl Own {
    #[new]
    fn new(text: String) -> (Self, Scale) {
        (Own { text }, Scale { by: 4.0 })
    }

    fn __call__(&self) -> String {
        self.text.clone()
    }
}

/// Has functions to choose from, and its base a `__call__` only.
#[hpy_type(base = Plain)]
struct Later {
    #[hpy(get)]
    canary: u64,
}

#[hpy_methods]
impl Later {
    #[new]
    #[hpy(signature = (fast = false))]
    fn new(fast: bool) -> Called<Self, (Self, Plain)> {
        let function = if fast { Self::FAST } else { Self::CALL };
        Called::new((Later { canary: 77 }, Plain), function)
    }

    fn __call__(&self) -> &'static str {
        "call"
    }

    #[call]
    fn fast(&self) -> &'static str {
        "fast"
    }
}

/// Holds what it calls.
#[hpy_type]
struct Partial {
    function: Field,
    arguments: Vec<Field>,
}

#[hpy_methods]
impl Partial {
    #[new]
    #[hpy(signature = (function, *arguments))]
    fn new<'ctx>(function: &Handle<'ctx>, arguments: Args<'_, 'ctx>) -> Result<Called<Self>> {
        let fields: Result<Vec<Field>> = arguments.iter().map(|one| Field::new(&one)).collect();
        let how = match arguments.len() {
            0 => Self::ALONE,
            _ => Self::CALL,
        };
        let function = Field::new(function)?;
        let arguments = fields?;
        Ok(Called::new(
            Partial {
                function,
                arguments,
            },
            how,
        ))
    }

    fn __call__<'ctx>(this: &Handle<'ctx, Self>, last: Handle<'ctx>) -> Result<Handle<'ctx>> {
        let ctx = this.ctx();
        let (function, mut arguments) = {
            let this = this.borrow()?;
            let mut arguments = Vec::new();
            for field in &this.arguments {
                arguments.extend(field.load(ctx)?);
            }
            (this.function.load(ctx)?, arguments)
        };
        arguments.push(last);
        let function = function.ok_or_else(|| RuntimeError::new("collected"))?;
        function.call(&ctx.tuple_of(arguments)?, ())
    }

    #[call]
    fn alone<'ctx>(this: &Handle<'ctx, Self>, last: Handle<'ctx>) -> Result<Handle<'ctx>> {
        let function = this.borrow()?.function.load(this.ctx())?;
        let function = function.ok_or_else(|| RuntimeError::new("collected"))?;
        function.call1((last,))
    }
}

/// Of a built-in type, where there can be such types.
#[hpy_type(base = float, subclass)]
struct Line {
    at_zero: f64,
}

#[hpy_methods]
impl Line {
    #[new]
    fn new(slope: f64, at_zero: f64) -> (Self, f64) {
        (Line { at_zero }, slope)
    }

    #[hpy(signature = (x))]
    fn __call__(this: &Handle<'_, Self>, x: f64) -> Result<f64> {
        Ok(this.as_super().extract::<f64>()? * x + this.borrow()?.at_zero)
    }
}

fn fill(module: &Handle<'_, Module>) -> Result<()> {
    match module.add_type::<Line>() {
        Err(error) if error.is_instance_of::<NotImplementedError>(module.ctx()) => Ok(()),
        result => result,
    }
}

hpy_module! {
    name: callable_objects,
    methods: [set, call],
    types: [Scale, Plain, Named, Own, Later, Partial],
    exec: fill,
}
