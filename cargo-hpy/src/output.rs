//! Lines on standard output and standard error.
//!
//! std's own macros panic if nobody reads them, as in `cargo hpy new demo | head -1`.

/// Prints a line on standard output.
macro_rules! say {
    ($($line:tt)*) => {
        $crate::output::print(std::io::stdout(), format_args!($($line)*))
    };
}

/// Prints a line on standard error.
macro_rules! remark {
    ($($line:tt)*) => {
        $crate::output::print(std::io::stderr(), format_args!($($line)*))
    };
}

pub(crate) use {remark, say};

/// Prints a line. The work goes on if nobody reads it.
pub(crate) fn print(mut stream: impl std::io::Write, line: std::fmt::Arguments<'_>) {
    let _ = writeln!(stream, "{line}");
}

#[cfg(test)]
mod tests {
    use std::io;

    struct Gone;

    impl io::Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error() {
        super::print(Gone, format_args!("{}", 1));
        let mut text = Vec::new();
        super::print(&mut text, format_args!("{}", 1));
        assert_eq!(text, b"1\n");
    }
}
