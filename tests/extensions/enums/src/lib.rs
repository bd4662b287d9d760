//! Rust enums as classes of Python's module `enum`.

use hpy::prelude::*;

/// What light does.
#[hpy_type]
#[derive(Clone, Copy, Debug, PartialEq)]
enum Color {
    /// Like fire.
    Red,
    Green = 10,
    #[hpy(name = "BLUE")]
    Blue,
}

#[hpy_type(int, name = "Level", rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(Clone, Copy, PartialEq, PartialOrd)]
#[repr(i64)]
enum LogLevel {
    NotSet = i64::MIN,
    Debug = -10,
    VeryBad = 50,
    Last = i64::MAX,
}

#[hpy_type(int)]
#[repr(u64)]
enum Large {
    One = 1,
    Most = u64::MAX,
}

/// Members that are called what every member has, or what is a word of Python in some places.
#[hpy_type(rename_all = "snake_case")]
#[derive(Clone, Copy)]
enum Key {
    /// Not what it is called.
    Name,
    Value = 7,
    Match,
    Type,
}

/// The same where members are ints.
#[hpy_type(int, rename_all = "snake_case")]
#[derive(Clone, Copy)]
enum Part {
    Name,
    Real = 4,
    BitLength,
}

#[hpy_type(module = "elsewhere")]
enum Single {
    Only,
}

#[hpy_method]
fn next(color: Color) -> Color {
    match color {
        Color::Red => Color::Green,
        Color::Green => Color::Blue,
        Color::Blue => Color::Red,
    }
}

#[hpy_method]
fn number(color: Option<Color>) -> Option<i32> {
    color.map(|color| color as i32)
}

#[hpy_method]
fn is_color(object: &Handle<'_>) -> bool {
    object.is_instance_of::<Color>()
}

#[hpy_method]
fn member<'ctx>(color: &Handle<'ctx, Color>) -> Result<String> {
    Ok(format!("{:?}", color.extract::<Color>()?))
}

#[hpy_method]
fn at_least(level: LogLevel, least: LogLevel) -> bool {
    level >= least
}

#[hpy_method]
fn levels() -> Vec<LogLevel> {
    use LogLevel::*;
    vec![NotSet, Debug, VeryBad, Last]
}

#[hpy_method]
fn large(large: Large) -> (u64, Large) {
    (large as u64, Large::Most)
}

#[hpy_method]
fn only(_single: Single) -> Single {
    Single::Only
}

#[hpy_method]
fn color_class(ctx: Context<'_>) -> Result<Handle<'_, Type>> {
    Color::type_object(ctx)
}

#[hpy_method]
fn keys() -> [Key; 4] {
    [Key::Name, Key::Value, Key::Match, Key::Type]
}

#[hpy_method]
fn parts(parts: Vec<Part>) -> Vec<(Part, i64)> {
    parts.into_iter().map(|part| (part, part as i64)).collect()
}

/// An answer, with all that a method can be.
#[hpy_type(str, repr, ord)]
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
enum Answer {
    Never,
    Perhaps,
    Always = 100,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}!")
    }
}

#[hpy_methods]
impl Answer {
    /// The first one.
    #[classattr]
    const FIRST: &str = "never";

    #[classattr]
    fn best() -> Self {
        Answer::Always
    }

    /// Whether it may be so.
    fn is_possible(&self) -> bool {
        *self != Answer::Never
    }

    #[hpy(signature = (by = 1, *, up = true))]
    fn moved(&self, by: i64, up: bool) -> Result<Self> {
        let all = [Answer::Never, Answer::Perhaps, Answer::Always];
        let place = all.iter().position(|one| one == self).unwrap_or(0) as i64;
        let place = if up { place + by } else { place - by };
        let found = usize::try_from(place).ok().and_then(|place| all.get(place));
        found
            .copied()
            .ok_or_else(|| hpy::exceptions::ValueError::new("no such answer"))
    }

    fn name_of(this: &Handle<'_, Self>) -> Result<String> {
        this.as_object().getattr("name")?.extract()
    }

    #[classmethod]
    fn count(class: &Handle<'_, Type>) -> Result<usize> {
        class.as_object().length()
    }

    #[staticmethod]
    fn of(possible: bool) -> Self {
        if possible {
            Answer::Perhaps
        } else {
            Answer::Never
        }
    }

    #[getter]
    fn percent(&self) -> u8 {
        match self {
            Answer::Never => 0,
            Answer::Perhaps => 50,
            Answer::Always => 100,
        }
    }

    fn __len__(&self) -> usize {
        usize::from(self.percent())
    }

    fn __bool__(&self) -> bool {
        self.is_possible()
    }

    fn __getitem__(&self, index: i64) -> i64 {
        index + i64::from(self.percent())
    }

    fn __add__(&self, by: i64) -> Result<Self> {
        self.moved(by, true)
    }

    fn __rsub__(&self, other: i64) -> i64 {
        other - i64::from(self.percent())
    }

    fn __format__(&self, spec: &str) -> String {
        format!("{self}{spec}")
    }
}

/// Members that are ints, some of whose methods Rust writes.
#[hpy_type(int)]
#[derive(Clone, Copy, PartialEq)]
enum Size {
    Small = 1,
    Large = 10,
}

#[hpy_methods]
impl Size {
    fn doubled(&self) -> i64 {
        *self as i64 * 2
    }

    fn __radd__(&self, other: i64) -> i64 {
        other + 1000 * *self as i64
    }

    fn __lt__(&self, other: Size) -> bool {
        self.doubled() > other.doubled()
    }

    fn __str__(&self) -> &'static str {
        match self {
            Size::Small => "S",
            Size::Large => "L",
        }
    }
}

/// An enum as a type's attribute.
#[hpy_type]
struct Lamp {
    #[hpy(get, set)]
    color: Color,
}

#[hpy_methods]
impl Lamp {
    #[new]
    #[hpy(signature = (color = Color::Green))]
    fn new(color: Color) -> Self {
        Lamp { color }
    }
}

/// Its module does not list it.
#[hpy_type]
enum Forgotten {
    A,
}

#[hpy_method]
fn forgotten() -> Forgotten {
    Forgotten::A
}

hpy_module! {
    name: enums,
    methods: [
        next, number, is_color, member, at_least, levels, large, only, color_class, forgotten, keys,
        parts,
    ],
    types: [Color, LogLevel, Large, Key, Part, Single, Lamp, Answer, Size],
}
