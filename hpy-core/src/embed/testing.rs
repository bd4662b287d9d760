//! What `#[hpy::test]` makes of a function: a test that runs in an embedded interpreter.

use super::{Python, StartError};
use crate::{Context, Error, Handle, Result};
use core::fmt::{self, Debug, Display, Formatter};
use core::panic::Location;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Once, OnceLock, RwLock};

/// What a test may return to use `?`. A failure shows the line of the `?` and Python's traceback.
pub type TestResult = core::result::Result<(), TestError>;

/// An error in a test, and the line of the `?` that returned it.
///
/// It converts from everything that [`Error`] converts from.
pub struct TestError {
    error: Error,
    at: &'static Location<'static>,
}

impl<E: Into<Error>> From<E> for TestError {
    #[track_caller]
    fn from(error: E) -> Self {
        Self {
            error: error.into(),
            at: Location::caller(),
        }
    }
}

impl TestError {
    /// The place of the `?`. None where the test returned another error, which `Into` converts.
    fn place(&self) -> Option<&'static Location<'static>> {
        let file = self.at.file().replace('\\', "/");
        let is_into = file.contains("library/core/src/") || self.at.file() == file!();
        (!is_into).then_some(self.at)
    }
}

impl Display for TestError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(&self.error, f)
    }
}

impl Debug for TestError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at {}", self.error, self.at)
    }
}

/// What a test may return: nothing, or a `Result` with any error that converts to [`Error`].
#[diagnostic::on_unimplemented(
    message = "a test cannot return `{Self}`",
    label = "not the result of a test",
    note = "return nothing, or `hpy::embed::TestResult` to use `?`; any `Result<(), E>` will do \
            whose error converts into `hpy::Error`"
)]
pub trait TestOutcome {
    /// The error, if the test failed.
    #[doc(hidden)]
    fn failure(self) -> Option<TestError>;
}

impl TestOutcome for () {
    fn failure(self) -> Option<TestError> {
        None
    }
}

impl<E: Into<TestError>> TestOutcome for core::result::Result<(), E> {
    fn failure(self) -> Option<TestError> {
        self.err().map(|error| error.into())
    }
}

/// A test, for messages.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct Test {
    pub name: &'static str,
    pub file: &'static str,
    pub line: u32,
    /// Whether it may run at the same time as others that say so.
    pub parallel: bool,
}

/// Runs the body of a test.
///
/// # Panics
/// If the test fails.
#[doc(hidden)]
pub fn run_test<O: TestOutcome>(test: Test, body: impl for<'ctx> FnOnce(Context<'ctx>) -> O) {
    let python = match start() {
        Ok(python) => python,
        Err(error) => return skip_or_fail(error),
    };
    // Waited for before the thread is attached: nobody waits for it with the GIL.
    let (shared, alone) = match test.parallel {
        true => (Some(TURN.read()), None),
        false => (None, Some(TURN.write())),
    };
    let ended = python.attach(|ctx| run(ctx, test, body));
    drop((shared, alone));
    match ended {
        Ok(Ended::Passed) => {}
        Ok(Ended::Panicked(payload)) => resume_unwind(payload),
        Ok(Ended::Failed(text)) => fail(text),
        Err(error) => fail(format!("`{}` could not use Python: {error}", test.name)),
    }
}

/// Who may run: one test, or any number of those with `parallel`.
static TURN: RwLock<()> = RwLock::new(());

enum Ended {
    Passed,
    Failed(String),
    Panicked(Box<dyn core::any::Any + Send>),
}

fn run<O: TestOutcome>(
    ctx: Context<'_>,
    test: Test,
    body: impl for<'ctx> FnOnce(Context<'ctx>) -> O,
) -> Ended {
    let surroundings = match Surroundings::enter(ctx, test) {
        Ok(surroundings) => surroundings,
        Err(error) => {
            return Ended::Failed(format!("the test cannot begin: {}", shown(&error, ctx)));
        }
    };
    let handles = handles::watch();
    let ended = catch_unwind(AssertUnwindSafe(|| {
        let failure = body(ctx).failure()?;
        let text = shown(&failure.error, ctx);
        let at = match failure.place() {
            Some(place) => place.to_string(),
            None => format!("{}:{}", test.file, test.line),
        };
        Some(format!("test `{}` failed at {at}:\n{text}", test.name))
    }));
    let lost = handles.lost();
    if let Err(error) = surroundings.leave() {
        return Ended::Failed(format!("the test cannot end: {}", shown(&error, ctx)));
    }
    match ended {
        Err(payload) => Ended::Panicked(payload),
        Ok(Some(text)) => Ended::Failed(text),
        Ok(None) if lost.is_empty() => Ended::Passed,
        Ok(None) => Ended::Failed(format!(
            "test `{}` ({}:{}) has not closed all handles. They were made at\n  {}\n\
             help: look for `mem::forget`, `ManuallyDrop` and `into_raw` on the way from there",
            test.name,
            test.file,
            test.line,
            lost.join("\n  ")
        )),
    }
}

/// The traceback as Python prints it.
fn shown(error: &Error, ctx: Context<'_>) -> String {
    match error.format(ctx) {
        Ok(text) => text.trim_end().to_owned(),
        Err(_) => error.to_string(),
    }
}

/// A failure of a test, told like a panic, but without a place in this file.
fn fail(text: String) -> ! {
    eprintln!("{text}");
    resume_unwind(Box::new(text))
}

const REQUIRED: &str = "HPY_TEST_REQUIRED";

/// A machine without an interpreter that can be embedded passes, and is told so once.
fn skip_or_fail(error: StartError) {
    static TOLD: Once = Once::new();
    // One that is named and not there is a mistake, on every machine.
    let is_named = std::env::var_os("HPY_PYTHON").is_some_and(|name| !name.is_empty());
    let may_skip = error.is_without_library() || error.is_without_interpreter() && !is_named;
    if !may_skip || std::env::var_os(REQUIRED).is_some_and(|value| value == "1") {
        fail(error.to_string());
    }
    TOLD.call_once(|| {
        // The harness shows nothing that a passing test prints by `eprintln!`.
        let _ = writeln!(
            std::io::stderr(),
            "\nSKIPPED: the tests with #[hpy::test] pass without being run. {error}\n\
             With {REQUIRED}=1 they fail instead.\n"
        );
    });
}

/// The interpreter for tests, whose output the harness captures. It is started once, and stays.
fn start() -> Result<&'static Python, StartError> {
    static STARTED: OnceLock<Result<Python, StartError>> = OnceLock::new();
    let started = STARTED.get_or_init(|| {
        let python = Python::start()?;
        let prepared = python.attach(prepare).and_then(|prepared| prepared);
        prepared.map_err(|error| StartError::failed(format!("tests cannot be run: {error:#}")))?;
        Ok(python)
    });
    started.as_ref().map_err(Clone::clone)
}

const HELPER: &str = "_hpy_testing";

fn prepare(ctx: Context<'_>) -> Result<()> {
    let helper = ctx.module_from_code(include_str!("testing.py"), "<hpy::test>", HELPER)?;
    // Outside Python: a thread that waits for it may have the lock of standard output.
    let print = ctx.closure("write", "", |ctx, args, _| {
        let text = text(args.get(0).as_deref())?;
        ctx.detach_with(text.as_str(), |text| print!("{text}"));
        ctx.handle(())
    })?;
    let eprint = ctx.closure("write", "", |ctx, args, _| {
        let text = text(args.get(0).as_deref())?;
        ctx.detach_with(text.as_str(), |text| eprint!("{text}"));
        ctx.handle(())
    })?;
    let sys = ctx.import("sys")?;
    sys.setattr(
        "stdout",
        helper.call_method1("Output", (print, "<stdout>"))?,
    )?;
    sys.setattr(
        "stderr",
        helper.call_method1("Output", (eprint, "<stderr>"))?,
    )
}

fn text(argument: Option<&Handle<'_>>) -> Result<String> {
    argument.map_or(Ok(String::new()), Handle::extract)
}

/// A test's own `__main__`, until it ends.
struct Surroundings<'ctx>(Option<(Handle<'ctx>, Handle<'ctx>)>);

impl<'ctx> Surroundings<'ctx> {
    fn enter(ctx: Context<'ctx>, test: Test) -> Result<Self> {
        if test.parallel {
            return Ok(Self(None));
        }
        let helper = ctx.import(HELPER)?.into_object();
        let kept = helper.call_method0("enter")?;
        Ok(Self(Some((helper, kept))))
    }

    fn leave(self) -> Result<()> {
        match self.0 {
            None => Ok(()),
            Some((helper, kept)) => helper.call_method1("leave", (kept,)).map(drop),
        }
    }
}

/// The handles that a test leaves open.
#[cfg(feature = "debug-handles")]
mod handles {
    use crate::object::open_handles;

    pub(super) struct Watched(());

    pub(super) fn watch() -> Watched {
        open_handles::collect();
        open_handles::begin_call();
        Watched(())
    }

    impl Watched {
        /// The lines that made them.
        pub(super) fn lost(self) -> Vec<String> {
            open_handles::end_call();
            open_handles::collected()
        }
    }
}

/// Without the feature `debug-handles` nobody notes them.
#[cfg(not(feature = "debug-handles"))]
mod handles {
    pub(super) struct Watched(());

    pub(super) fn watch() -> Watched {
        Watched(())
    }

    impl Watched {
        pub(super) fn lost(self) -> Vec<String> {
            Vec::new()
        }
    }
}

/// What `#[hpy::test]` emits.
#[doc(hidden)]
#[macro_export]
macro_rules! __test {
    ([$($attributes:tt)*] $name:ident $parallel:literal { $($item:tt)* }) => {
        #[::core::prelude::v1::test]
        $($attributes)*
        fn $name() {
            $($item)*
            $crate::__private::run_test(
                $crate::__private::Test {
                    name: ::core::stringify!($name),
                    file: ::core::file!(),
                    line: ::core::line!(),
                    parallel: $parallel,
                },
                |ctx| $name(ctx),
            )
        }
    };
}
