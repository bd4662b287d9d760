//! Errors: made, taken, converted, chained.

use crate::{failure, shown};
use hpy::exceptions::*;
use hpy::prelude::*;
use std::io;

#[test]
fn made_from_type_and_message() {
    hpy_mock::run(|ctx| {
        assert_eq!(shown(ctx, ValueError::new("a")), "ValueError: a");
        assert_eq!(
            shown(ctx, Error::new::<TypeError>(String::from("b"))),
            "TypeError: b"
        );
        assert_eq!(KeyError::new("c").to_string(), "KeyError: c");
        assert_eq!(
            format!("{:?}", KeyError::new("c")),
            "Error(KeyError: \"c\")"
        );
        assert_eq!(
            shown(ctx, ValueError::new("nul \0 inside")),
            "ValueError: nul \0 inside"
        );
        assert_eq!(shown(ctx, ValueError::new("é🦀")), "ValueError: é🦀");
        let value = ValueError::new("v").value(ctx)?;
        assert!(value.getattr("args")?.eq(("v",))?);
        Ok(())
    });
}

#[test]
fn made_from_any_type_and_from_values() {
    hpy_mock::run(|ctx| {
        let base = ValueError::new("").value(ctx)?.type_();
        let own = hpy_mock::Class::new(ctx, "OwnError", Some(&base))?.build();
        let error = Error::from_type(&own, ("text", 2));
        assert!(error.is_instance_of::<ValueError>(ctx) && !error.is_instance_of::<KeyError>(ctx));
        assert!(error.matches(ctx, own.as_object()));
        let several = ctx.tuple((&KeyError::new("").value(ctx)?.type_(), &own))?;
        assert!(error.matches(ctx, several.as_object()));
        assert!(error.value(ctx)?.type_check(&own));
        let refusing = hpy_mock::Class::new(ctx, "Refusing", Some(&base))?
            .method("__init__", |_, _| Err(IndexError::new("refused")))
            .build();
        assert_eq!(
            shown(ctx, Error::from_type(&refusing, ())),
            "IndexError: refused"
        );
        let value = own.call1(("again",))?;
        let error = Error::from_value(&value);
        assert!(error.value(ctx)?.is(&value), "the exception stays itself");
        assert_eq!(
            shown(ctx, Error::from_value(ctx.int(1)?.as_object())),
            "TypeError: exceptions must derive from BaseException"
        );
        Ok(())
    });
}

#[test]
fn taken_from_the_interpreter() {
    hpy_mock::run(|ctx| {
        let error = ctx.dict()?.get_item("k").expect_err("no such key");
        assert!(error.is_instance_of::<KeyError>(ctx) && error.is_instance_of::<LookupError>(ctx));
        assert_eq!(error.to_string(), "BaseException: a Python exception");
        // Nothing is pending while it is held: other calls go well.
        assert_eq!(ctx.list([1])?.len(), 1);
        let (first, second) = (error.value(ctx)?, error.value(ctx)?);
        assert!(first.is(&second));
        assert_eq!(shown(ctx, error), "KeyError: 'k'");
        Ok(())
    });
}

#[test]
fn the_object_of_an_error_is_made_once() {
    hpy_mock::run(|ctx| {
        let key = ctx.int(42)?;
        let error = KeyError::new((&key, "text"));
        let first = error.value(ctx)?;
        assert!(first.is(&error.value(ctx)?) && error.dup(ctx).into_value(ctx)?.is(&first));
        let error = error.with_cause(ValueError::new("cause"));
        assert!(error.value(ctx)?.is(&first));
        let cause = error.cause(ctx).expect("it has one").into_value(ctx)?;
        assert!(
            error
                .cause(ctx)
                .expect("it has one")
                .into_value(ctx)?
                .is(&cause)
        );
        Ok(())
    });
}

#[test]
fn a_value_that_panics_when_dropped_stays_in_its_error() {
    #[derive(Clone)]
    struct Loud;

    impl Drop for Loud {
        fn drop(&mut self) {
            panic!("on purpose");
        }
    }

    impl<'ctx> IntoHandle<'ctx> for Loud {
        fn into_handle(self, ctx: Context<'ctx>) -> Result<Handle<'ctx>> {
            1.into_handle(ctx)
        }
    }

    drop(ValueError::new(hpy::exceptions::Argument::new(Loud)));
    drop(ValueError::new((
        hpy::exceptions::Argument::new(Loud),
        "text",
    )));
}

#[test]
fn without_an_exception_there_is_a_system_error() {
    hpy_mock::run(|ctx| {
        assert_eq!(
            shown(ctx, Error::fetch(ctx)),
            "SystemError: a call failed without an exception"
        );
        Ok(())
    });
}

#[test]
fn causes() {
    hpy_mock::run(|ctx| {
        let error = ValueError::new("outer")
            .with_cause(KeyError::new("middle").with_cause(io::Error::other("inner")));
        let cause = error.cause(ctx).expect("a cause");
        assert_eq!(
            shown(ctx, cause.cause(ctx).expect("its cause")),
            "OSError: inner"
        );
        assert_eq!(shown(ctx, cause), "KeyError: 'middle'");
        assert!(ValueError::new("alone").cause(ctx).is_none());
        let value = error.into_value(ctx)?;
        assert_eq!(value.getattr("__cause__")?.type_name(), "KeyError");
        Ok(())
    });
}

#[test]
fn errors_of_the_standard_library() {
    hpy_mock::run(|ctx| {
        let io = |kind| Error::from(io::Error::new(kind, "text"));
        use io::ErrorKind as K;
        let rows = [
            (io(K::NotFound), "FileNotFoundError: text"),
            (io(K::PermissionDenied), "PermissionError: text"),
            (io(K::AlreadyExists), "FileExistsError: text"),
            (io(K::IsADirectory), "IsADirectoryError: text"),
            (io(K::NotADirectory), "NotADirectoryError: text"),
            (io(K::ConnectionRefused), "ConnectionRefusedError: text"),
            (io(K::ConnectionReset), "ConnectionResetError: text"),
            (io(K::ConnectionAborted), "ConnectionAbortedError: text"),
            (io(K::BrokenPipe), "BrokenPipeError: text"),
            (io(K::WouldBlock), "BlockingIOError: text"),
            (io(K::TimedOut), "TimeoutError: text"),
            (io(K::Interrupted), "InterruptedError: text"),
            (io(K::UnexpectedEof), "EOFError: text"),
            (io(K::OutOfMemory), "MemoryError: text"),
            (io(K::InvalidInput), "ValueError: text"),
            (io(K::InvalidData), "ValueError: text"),
            (io(K::AddrInUse), "OSError: text"),
            (
                io::Error::from_raw_os_error(2).into(),
                "FileNotFoundError: [Errno 2] No such file or directory",
            ),
            (
                "x".parse::<i32>().expect_err("no number").into(),
                "ValueError: invalid digit found in string",
            ),
            (
                "x".parse::<f64>().expect_err("no number").into(),
                "ValueError: invalid float literal",
            ),
            (
                i8::try_from(300i32).expect_err("too large").into(),
                "OverflowError: out of range integral type conversion attempted",
            ),
            (
                "".parse::<char>().expect_err("empty").into(),
                "ValueError: cannot parse char from empty string",
            ),
            (
                "x".parse::<bool>().expect_err("no bool").into(),
                "ValueError: provided string was not `true` or `false`",
            ),
            (
                char::try_from(0xD800u32).expect_err("a surrogate").into(),
                "ValueError: converted integer out of range for `char`",
            ),
            (
                "1.2.3"
                    .parse::<std::net::IpAddr>()
                    .expect_err("no address")
                    .into(),
                "ValueError: invalid IP address syntax",
            ),
            (
                std::ffi::CString::new("a\0b").expect_err("a NUL").into(),
                "ValueError: nul byte found in provided data at position: 1",
            ),
            (
                <[u8; 2]>::try_from(&[1u8][..])
                    .expect_err("too short")
                    .into(),
                "ValueError: could not convert slice to array",
            ),
            (
                String::from_utf16(&[0xD800])
                    .expect_err("a surrogate")
                    .into(),
                "ValueError: invalid utf-16: lone surrogate found",
            ),
            (
                Vec::<u64>::new()
                    .try_reserve(usize::MAX)
                    .expect_err("too much")
                    .into(),
                "MemoryError: memory allocation failed because the computed capacity exceeded the \
                 collection's maximum",
            ),
            (
                String::from_utf8(vec![b'a', 0xff])
                    .expect_err("no UTF-8")
                    .into(),
                "UnicodeDecodeError: 'utf-8' codec can't decode byte in position 1: \
                 invalid continuation byte or start byte",
            ),
            (
                String::from_utf8(vec![b'a', 0xe2])
                    .expect_err("cut off")
                    .into(),
                "UnicodeDecodeError: 'utf-8' codec can't decode byte in position 1: \
                 unexpected end of data",
            ),
            (
                std::fmt::Error.into(),
                "RuntimeError: an error occurred when formatting an argument",
            ),
        ];
        for (error, expected) in rows {
            assert_eq!(shown(ctx, error), expected);
        }
        Ok(())
    });
}

#[derive(Debug)]
struct Outer(io::Error);

impl std::fmt::Display for Outer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("outer")
    }
}

impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn sources_become_causes() {
    hpy_mock::run(|ctx| {
        let fails =
            || -> Result<()> { Err(Outer(io::Error::new(io::ErrorKind::NotFound, "inner")))? };
        let error = fails().expect_err("it fails");
        assert_eq!(
            error.cause(ctx).map(|cause| shown(ctx, cause)).as_deref(),
            Some("FileNotFoundError: inner")
        );
        assert_eq!(shown(ctx, error), "RuntimeError: outer");
        Ok(())
    });
}

#[test]
fn boxed_errors_come_out_again() {
    hpy_mock::run(|ctx| {
        type Boxed = Box<dyn std::error::Error + Send + Sync>;
        let boxed: Boxed = KeyError::new("mine").into();
        assert_eq!(boxed.to_string(), "KeyError: mine");
        assert_eq!(format!("{boxed:?}"), "Error(KeyError: \"mine\")");
        assert_eq!(shown(ctx, Error::from_boxed(boxed)), "KeyError: 'mine'");
        let boxed: Boxed = "just text".into();
        assert_eq!(
            shown(ctx, Error::from_boxed(boxed)),
            "RuntimeError: just text"
        );
        let boxed: Boxed = io::Error::new(io::ErrorKind::TimedOut, "late").into();
        assert_eq!(shown(ctx, Error::from_boxed(boxed)), "TimeoutError: late");
        let plain: Box<dyn std::error::Error> = ValueError::new("plain").into();
        assert_eq!(plain.to_string(), "ValueError: plain");
        Ok(())
    });
}

#[hpy_method]
fn raises_taken(dict: &Handle<'_, Dict>) -> Result<()> {
    dict.get_item("k").map(drop)
}

#[hpy_method]
fn raises_chain() -> Result<()> {
    Err(ValueError::new("outer").with_cause(KeyError::new("inner")))
}

#[hpy_method]
fn returns_an_error() -> Error {
    ValueError::new("as a value")
}

#[test]
fn errors_go_through_methods_unchanged() {
    hpy_mock::run(|ctx| {
        let dict = ctx.dict()?;
        let error = hpy_mock::method::<raises_taken>(ctx)
            .call1((&dict,))
            .expect_err("no such key");
        assert_eq!(shown(ctx, error), "KeyError: 'k'");
        let error = hpy_mock::method::<raises_chain>(ctx)
            .call0()
            .expect_err("it raises");
        let cause = error.cause(ctx).map(|cause| shown(ctx, cause));
        assert_eq!(cause.as_deref(), Some("KeyError: 'inner'"));
        let value = hpy_mock::method::<returns_an_error>(ctx).call0()?;
        assert_eq!(value.repr()?.to_str()?, "ValueError('as a value')");
        Ok(())
    });
}

#[test]
fn every_standard_exception_has_its_name_and_base() {
    hpy_mock::run(|ctx| {
        let rows = [
            (StopIteration::new(""), "StopIteration"),
            (SystemExit::new(""), "SystemExit"),
            (TabError::new(""), "TabError"),
            (BytesWarning::new(""), "BytesWarning"),
            (ConnectionResetError::new(""), "ConnectionResetError"),
            (RecursionError::new(""), "RecursionError"),
        ];
        for (error, name) in rows {
            assert!(error.is_instance_of::<BaseException>(ctx));
            assert_eq!(error.into_value(ctx)?.type_name(), name);
        }
        assert!(!SystemExit::new("").is_instance_of::<Exception>(ctx));
        assert_eq!(failure(ctx, Ok(())), "no error");
        Ok(())
    });
}

#[test]
fn a_long_chain_of_causes_ends_without_recursion() {
    let mut error = hpy::exceptions::ValueError::new("0");
    for _ in 0..1_000_000 {
        error = hpy::exceptions::ValueError::new("more").with_cause(error);
    }
    assert_eq!(error.to_string(), "ValueError: more");
    drop(error);
}

#[derive(Debug)]
struct ItsOwnSource;

impl std::fmt::Display for ItsOwnSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("its own source")
    }
}

impl std::error::Error for ItsOwnSource {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&ItsOwnSource)
    }
}

#[test]
fn an_error_that_is_its_own_source_is_converted() {
    let error = hpy::Error::from(ItsOwnSource);
    assert_eq!(error.to_string(), "RuntimeError: its own source");
}
