//! Every test extension and example, in both ABIs, on this machine's Python, by topic and mode.
//!
//! `cargo test -p hpy-tests --test extensions -- globals` runs the tests of one topic,
//! `… -- universal_debug` those of one mode.
//!
//! The topics are the folders that are there when the tests run. The built-in test runner cannot
//! list tests then. So the runner is `libtest-mimic`, which takes the same options and prints the
//! same lines. No list needs a line when a topic is added.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use hpy_tests::environment::Environment;
use hpy_tests::headers::{self, CApi};
use hpy_tests::host::{Abi, Host};
use hpy_tests::outcome::{Cell, Verdict};
use hpy_tests::plan::Plan;
use hpy_tests::run::Runner;
use hpy_tests::topics::{self, Bound, Topic};
use hpy_tests::whole_api;
use libtest_mimic::{Arguments, Completion, Failed, Trial};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Cpython,
    /// On the binary's own runtime.
    Universal,
    /// Under the package `hpy`.
    UniversalPackage,
    UniversalDebug,
    /// Only to count calls.
    UniversalTrace,
}

impl Mode {
    const ALL: [Mode; 4] = [
        Mode::Cpython,
        Mode::Universal,
        Mode::UniversalPackage,
        Mode::UniversalDebug,
    ];

    fn name(self) -> &'static str {
        match self {
            Mode::Cpython => "cpython",
            Mode::Universal => "universal",
            Mode::UniversalPackage => "universal_package",
            Mode::UniversalDebug => "universal_debug",
            Mode::UniversalTrace => "universal_trace",
        }
    }

    fn abi(self) -> Abi {
        match self {
            Mode::Cpython => Abi::Cpython,
            Mode::Universal
            | Mode::UniversalPackage
            | Mode::UniversalDebug
            | Mode::UniversalTrace => Abi::Universal,
        }
    }

    /// What the package `hpy` is asked for, if it is.
    fn hpy(self) -> Option<&'static str> {
        match self {
            Mode::Cpython | Mode::Universal => None,
            Mode::UniversalPackage => Some("universal"),
            Mode::UniversalDebug => Some("debug"),
            Mode::UniversalTrace => Some("trace"),
        }
    }
}

/// What the tests have in common. Each part is made when the first test needs it. An error in it
/// fails them all.
struct Session {
    topics: Vec<Topic>,
    leak: Topic,
    environment: OnceLock<Result<Environment, String>>,
    /// The folder where tests run.
    prepared: OnceLock<Result<(), String>>,
    hpy: OnceLock<Result<Vec<PathBuf>, String>>,
    built: [OnceLock<Result<PathBuf, String>>; 2],
    /// HPy's hybrid form of what is bound to CPython.
    hybrid: OnceLock<Result<PathBuf, String>>,
    c_api: OnceLock<CApi>,
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let topics = match topics::find(&hpy_tests::checkout(), &[]) {
        Ok(topics) => topics,
        Err(error) => {
            eprintln!("error: {error:#}");
            return ExitCode::FAILURE;
        }
    };
    // Nobody has to build PyO3 to test this.
    let topics = topics
        .into_iter()
        .filter(|topic| topic.bound != Bound::PyO3);
    let session = Arc::new(Session::new(topics.collect()));
    let mut trials = vec![
        session.trial("no_hpy_beside_the_cpython_abi", Session::has_no_hpy),
        session.trial(
            "files_have_the_suffixes_of_their_abi",
            Session::suffixes_fit,
        ),
        session.trial("a_leaked_handle_is_caught", Session::leak_is_caught),
        session.trial(
            "every_function_is_called_by_a_test",
            Session::all_functions_are_called,
        ),
    ];
    for topic in &session.topics {
        for mode in Mode::ALL {
            let name = format!("{}::{}", topic.name, mode.name());
            let topic = topic.clone();
            trials.push(session.trial(&name, move |session| session.passes(&topic, mode)));
        }
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    session.warn_of_skips();
    conclusion.exit_code()
}

impl Session {
    fn new(topics: Vec<Topic>) -> Session {
        let leak = hpy_tests::checkout().join("tests/leak");
        Session {
            topics,
            leak: Topic {
                name: "leak".into(),
                bound: Bound::Free,
                tests: vec![leak.join("test_leak.py")],
                with: None,
                folder: leak,
            },
            environment: OnceLock::new(),
            prepared: OnceLock::new(),
            hpy: OnceLock::new(),
            built: [const { OnceLock::new() }; 2],
            hybrid: OnceLock::new(),
            c_api: OnceLock::new(),
        }
    }

    fn trial(
        self: &Arc<Session>,
        name: &str,
        test: impl FnOnce(&Session) -> Result<Completion, String> + Send + 'static,
    ) -> Trial {
        let session = self.clone();
        Trial::ignorable_test(name, move || test(&session).map_err(Failed::from))
    }

    /// A topic's Python test passes.
    fn passes(&self, topic: &Topic, mode: Mode) -> Result<Completion, String> {
        if let Some(reason) = self.skip(mode)? {
            return Ok(Completion::ignored_with(reason));
        }
        let cell = self.run(topic, mode)?;
        match cell.verdict {
            Verdict::Pass => Ok(Completion::Completed),
            Verdict::Skip(reason) => Ok(Completion::ignored_with(reason)),
            Verdict::Fail(ref why) => Err(format!("{why}\n{}", cell.last_lines(60))),
        }
    }

    /// The tests of the CPython ABI prove nothing where a package `hpy` could help them.
    fn has_no_hpy(&self) -> Result<Completion, String> {
        let environment = self.environment()?;
        for (module, expected) in [("pytest", true), ("hpy", false)] {
            let found = environment
                .imports(module)
                .map_err(|error| format!("{error:#}"))?;
            if found != expected {
                return Err(format!(
                    "{} can{} import {module}",
                    environment.python.display(),
                    if found { "" } else { "not" }
                ));
            }
        }
        Ok(Completion::Completed)
    }

    /// A native extension has the interpreter's suffix, a universal one a Python file beside it.
    fn suffixes_fit(&self) -> Result<Completion, String> {
        let suffix = &self.environment()?.interpreter.ext_suffix;
        let free = self
            .topics
            .iter()
            .filter(|topic| topic.bound == Bound::Free);
        for topic in free {
            let module = module_of(topic);
            let native = self.built(Abi::Cpython)?.join(format!("{module}{suffix}"));
            let universal = self.built(Abi::Universal)?.join(format!("{module}.py"));
            for file in [native, universal] {
                if !file.is_file() {
                    return Err(format!("{} is missing", file.display()));
                }
            }
        }
        Ok(Completion::Completed)
    }

    /// Debug mode reports a handle that an extension forgets, and nothing else of it.
    fn leak_is_caught(&self) -> Result<Completion, String> {
        if let Some(reason) = self.skip(Mode::UniversalDebug)? {
            return Ok(Completion::ignored_with(reason));
        }
        let quiet = self.run(&self.leak, Mode::Universal)?;
        if quiet.verdict != Verdict::Pass {
            return Err(format!("it fails without debug mode\n{}", quiet.output));
        }
        let cell = self.run(&self.leak, Mode::UniversalDebug)?;
        let caught = matches!(cell.verdict, Verdict::Fail(_));
        let expected = ["HPyLeakError", "test_forgets_a_handle"];
        if !caught || !expected.iter().all(|text| cell.output.contains(text)) {
            return Err(format!("debug mode reports no leak\n{}", cell.output));
        }
        if cell.output.contains("ERROR at teardown of test_closes") {
            return Err(format!(
                "debug mode reports a leak where there is none\n{}",
                cell.output
            ));
        }
        Ok(Completion::Completed)
    }

    /// All topics together call each function that PyPI's hpy has, as its trace mode counts them.
    /// Newer functions and the constants are looked for in the topics' sources by `whole_api.rs`.
    fn all_functions_are_called(&self) -> Result<Completion, String> {
        if let Some(reason) = self.skip(Mode::UniversalTrace)? {
            return Ok(Completion::ignored_with(reason));
        }
        let mut missing: BTreeMap<String, String> = whole_api::words()
            .into_iter()
            .filter(|word| word.function && word.old && !whole_api::is_uncounted(&word.user))
            .map(|word| (word.field, word.user))
            .collect();
        let free = |topic: &&Topic| topic.bound == Bound::Free;
        let mut topics: Vec<_> = self.topics.iter().filter(free).collect();
        // These call most of them.
        const FIRST: [&str; 4] = ["objects", "rawapi", "raw_words", "types_by_hand"];
        topics.sort_by_key(|topic| !FIRST.contains(&topic.name.as_str()));
        let mut uncounted = Vec::new();
        for topic in topics {
            if missing.is_empty() {
                break;
            }
            let (cell, calls) = self.run_counted(topic, Mode::UniversalTrace)?;
            // Single tests may fail: this mode is upstream's, and only counts for us. A crash
            // leaves no counts.
            if calls.is_empty() {
                uncounted.push(format!("{}: {}", topic.name, cell.last_lines(30)));
            }
            for (function, _) in calls.into_iter().filter(|call| call.1 > 0) {
                missing.remove(&function);
            }
        }
        if missing.is_empty() && uncounted.is_empty() {
            return Ok(Completion::Completed);
        }
        let missing: Vec<String> = missing.into_values().collect();
        Err(format!(
            "no test calls: {}\nno calls are counted of: {}",
            missing.join(", "),
            uncounted.join("\n")
        ))
    }

    fn environment(&self) -> Result<&Environment, String> {
        let prepare =
            || Environment::prepare(&hpy_tests::target()).map_err(|error| format!("{error:#}"));
        self.environment
            .get_or_init(prepare)
            .as_ref()
            .map_err(String::clone)
    }

    fn skip(&self, mode: Mode) -> Result<Option<String>, String> {
        match mode.hpy() {
            None => Ok(None),
            Some(_) => Ok(Environment::lacks_hpy(&self.environment()?.interpreter)),
        }
    }

    fn run(&self, topic: &Topic, mode: Mode) -> Result<Cell, String> {
        Ok(self.run_counted(topic, mode)?.0)
    }

    fn run_counted(
        &self,
        topic: &Topic,
        mode: Mode,
    ) -> Result<(Cell, BTreeMap<String, u64>), String> {
        let environment = self.environment()?;
        let abi = mode.abi();
        let mut packages = match mode.hpy() {
            None => Vec::new(),
            Some(_) => self.hpy()?,
        };
        let excused = topic.bound.excused(self.c_api()?).is_some();
        if topic.bound != Bound::Free && abi == Abi::Universal && !excused {
            packages.push(self.hybrid()?);
        }
        let host = Host {
            name: mode.name().into(),
            interpreter: environment.interpreter.key(),
            abi,
            python: environment.python.clone(),
            packages,
            mode: mode.hpy(),
            without_hpy: mode.hpy().is_none(),
            slow_start: false,
            c_api: self.c_api()?,
            triple: None,
        };
        let checkout = hpy_tests::checkout();
        let modules = self.built(abi)?;
        let scratch = hpy_tests::target().join("hpy/tests/runs");
        let runner = Runner {
            checkout: &checkout,
            scratch: &scratch,
            environment: &[],
            left_out: &[],
        };
        // Tests run side by side, and one would read what the other is writing.
        let prepare = || runner.prepare().map_err(|error| format!("{error:#}"));
        self.prepared.get_or_init(prepare).clone()?;
        runner
            .run_counted(&host, topic, &modules)
            .map_err(|error| format!("{error:#}"))
    }

    fn hpy(&self) -> Result<Vec<PathBuf>, String> {
        let environment = self.environment()?;
        self.hpy
            .get_or_init(|| {
                environment
                    .hpy(&hpy_tests::target())
                    .map_err(|error| format!("{error:#}"))
            })
            .clone()
    }

    /// The folder of everything built for an ABI, by one call of cargo. It writes to stderr.
    fn built(&self, abi: Abi) -> Result<PathBuf, String> {
        let environment = self.environment()?;
        let build = || {
            let abi = match abi {
                Abi::Cpython => cargo_hpy::Abi::CPython(environment.interpreter.clone()),
                Abi::Universal => cargo_hpy::Abi::Universal,
            };
            let out = hpy_tests::target()
                .join("hpy/tests/modules")
                .join(abi.key());
            let mut all = self.topics.clone();
            all.push(self.leak.clone());
            Plan::of(&all)
                // As users link. The matrix links by Zig, whose library unwinds stacks too.
                .and_then(|plan| plan.build(&abi, None, &out))
                .map(|_| out)
                .map_err(|error| format!("the build failed: {error:#}"))
        };
        self.built[abi as usize].get_or_init(build).clone()
    }

    fn c_api(&self) -> Result<CApi, String> {
        let python = &self.environment()?.interpreter.path;
        Ok(*self.c_api.get_or_init(|| headers::of(python)))
    }

    /// The folder of HPy's hybrid forms.
    fn hybrid(&self) -> Result<PathBuf, String> {
        let interpreter = &self.environment()?.interpreter;
        let build = || {
            let abi = cargo_hpy::Abi::Hybrid(interpreter.clone());
            let out = hpy_tests::target()
                .join("hpy/tests/modules")
                .join(abi.key());
            Plan::of(&self.topics)
                .and_then(|plan| plan.build(&abi, None, &out))
                .map(|_| out)
                .map_err(|error| format!("the build failed: {error:#}"))
        };
        self.hybrid.get_or_init(build).clone()
    }

    /// A smaller test must not pass for the whole one.
    fn warn_of_skips(&self) {
        let Some(Ok(environment)) = self.environment.get() else {
            return;
        };
        if let Some(reason) = Environment::lacks_hpy(&environment.interpreter) {
            eprintln!("SKIPPED: the universal ABI was not tested: {reason}");
        }
    }
}

/// The first module of a topic: it has the topic's name, unless its `hpy_module!` says otherwise.
fn module_of(topic: &Topic) -> String {
    let source = std::fs::read_to_string(topic.folder.join("src/lib.rs")).unwrap_or_default();
    let declared = source
        .split_once("\nhpy_module! {")
        .and_then(|(_, rest)| rest.split_once("name: "))
        .and_then(|(_, rest)| rest.split_once(','));
    declared.map_or_else(|| topic.name.clone(), |(name, _)| name.to_owned())
}
