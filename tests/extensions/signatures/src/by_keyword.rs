//! Functions that take all arguments by keyword, without a signature: see `test_by_keyword.py`.

use hpy::prelude::*;

#[hpy_methods(keywords)]
pub mod functions {
    use hpy::prelude::*;

    /// By the attribute of the module.
    #[hpy_method]
    pub fn pair(first: i64, second: i64) -> (i64, i64) {
        (first, second)
    }

    /// One argument is passed by keyword too.
    #[hpy_method]
    pub fn single<'ctx>(value: &Handle<'ctx>) -> Handle<'ctx> {
        value.dup()
    }

    /// An `Option` is required, as in PyO3.
    #[hpy_method(name = "optional_pair")]
    pub fn options(r#type: Option<i64>, ctx: Context<'_>, second: Option<&str>) -> String {
        let _ = ctx;
        format!("{type:?} {second:?}")
    }

    /// Its own signature decides.
    #[hpy_method(signature = (first, /, second = 2))]
    pub fn written(first: i64, second: i64) -> (i64, i64) {
        (first, second)
    }

    #[hpy_method]
    pub fn nothing() {}

    #[hpy_method(pass_module)]
    pub fn of_module(module: &Handle<'_, Module>, end: &str) -> Result<String> {
        Ok(module.name()? + end)
    }

    /// A type in the module.
    #[hpy_type]
    pub struct Inner {
        #[hpy(get)]
        number: i64,
    }

    #[hpy_methods]
    impl Inner {
        #[new]
        fn new(number: i64) -> Self {
            Inner { number }
        }

        fn plus(&self, other: i64) -> i64 {
            self.number + other
        }
    }
}

/// By its own attribute.
#[hpy_method(keywords)]
pub fn alone(first: i64, second: i64) -> (i64, i64) {
    (first, second)
}

/// As it was.
#[hpy_method]
pub fn positional(first: i64, second: i64) -> (i64, i64) {
    (first, second)
}

/// A type whose methods take keywords.
#[hpy_type]
pub struct Vector {
    #[hpy(get)]
    x: f64,
    y: f64,
}

#[hpy_methods(keywords)]
impl Vector {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Vector { x, y }
    }

    fn scaled(&self, by: f64) -> (f64, f64) {
        (self.x * by, self.y * by)
    }

    #[classmethod]
    fn of_class(_class: &Handle<'_, Type>, x: f64, y: f64) -> Self {
        Vector { x, y }
    }

    #[staticmethod]
    fn length(x: f64, y: f64) -> f64 {
        x.hypot(y)
    }

    fn __call__(&self, add: f64, times: f64) -> f64 {
        (self.x + add) * times
    }

    /// Python decides how it is called.
    fn __add__(&self, other: f64) -> f64 {
        self.x + other
    }

    #[getter]
    fn y(&self) -> f64 {
        self.y
    }

    #[setter]
    fn set_y(&mut self, value: f64) {
        self.y = value;
    }

    #[hpy(signature = (by, /))]
    fn written(&self, by: f64) -> f64 {
        self.x * by
    }
}

/// One method of a type.
#[hpy_type]
pub struct Partly;

#[hpy_methods]
impl Partly {
    #[new]
    fn new() -> Self {
        Partly
    }

    #[hpy(keywords)]
    fn by_name(&self, a: i64, b: i64) -> i64 {
        a - b
    }

    fn by_position(&self, a: i64, b: i64) -> i64 {
        a - b
    }
}

/// What `Args` is as a sequence.
#[hpy_method(signature = (*args))]
pub fn sequence(args: Args<'_, '_>) -> Result<Vec<Vec<String>>> {
    let text = |arg: &Handle<'_>| Ok(arg.str()?.to_string());
    let mut both = args.iter();
    let ends = [both.next_back(), both.next(), both.nth_back(0), both.nth(1)];
    let ends: Result<Vec<String>> = ends.iter().flatten().map(|arg| text(arg)).collect();
    let rest = both.len();
    let mut looped = Vec::new();
    for arg in args {
        looped.push(text(&arg)?);
    }
    for arg in &args {
        looped.push(text(&arg)?);
    }
    let all = |args: Args<'_, '_>| args.iter().map(|arg| text(&arg)).collect::<Result<_>>();
    let (first, last) = (9, 3);
    let backwards = first..last;
    let split = |part: Option<(_, Args<'_, '_>)>| part.map_or(0, |(_, others)| others.len());
    Ok(vec![
        ends?,
        looped,
        args.iter()
            .rev()
            .map(|arg| text(&arg))
            .collect::<Result<_>>()?,
        all(args.slice(1..))?,
        all(args.slice(..2))?,
        all(args.slice(1..=1))?,
        all(args.slice(backwards))?,
        all(args.slice(..=usize::MAX))?,
        vec![
            rest.to_string(),
            split(
                args.split_first()
                    .map(|(first, others)| (first.is_none(), others)),
            )
            .to_string(),
            split(
                args.split_last()
                    .map(|(last, others)| (last.is_none(), others)),
            )
            .to_string(),
            format!("{:?}", args.iter().size_hint()),
            args.iter().count().to_string(),
            args.iter()
                .last()
                .map_or(Ok("-".to_owned()), |arg| text(&arg))?,
        ],
    ])
}
