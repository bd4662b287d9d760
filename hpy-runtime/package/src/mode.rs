//! The modes, and the variable `HPY` that chooses among them.

/// What kind of context an extension gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub(crate) enum Mode {
    /// The plain one.
    Universal = 0,
    /// One that checks how handles are used.
    Debug = 1,
    /// One that counts and times the calls.
    Trace = 2,
}

impl Mode {
    const ALL: [(Mode, &'static str); 3] = [
        (Mode::Universal, "universal"),
        (Mode::Debug, "debug"),
        (Mode::Trace, "trace"),
    ];

    /// The mode of a constant `MODE_…`.
    pub(crate) fn from_number(number: i32) -> Option<Self> {
        let mut modes = Self::ALL.iter().map(|(mode, _)| *mode);
        modes.find(|mode| *mode as i32 == number)
    }

    fn from_name(name: &str) -> Option<Self> {
        let mut modes = Self::ALL.iter();
        modes
            .find(|(_, known)| known.eq_ignore_ascii_case(name.trim()))
            .map(|(mode, _)| *mode)
    }

    /// What `HPY` says of the module with one of these names. The value is `MODE`, or `NAME:MODE`
    /// for each of several modules with commas between them. One comma at the end is allowed. The
    /// first entry that names the module counts, and the rest is not looked at. An empty value
    /// means universal mode, and so does one without an entry for the module.
    ///
    /// # Errors
    /// The value, or its part about the module, if it names no mode.
    pub(crate) fn from_variable<'v>(value: &'v str, names: [&str; 2]) -> Result<Self, &'v str> {
        if !value.contains(':') {
            let value = value.trim().trim_end_matches(',');
            return match value.trim() {
                "" => Ok(Self::Universal),
                mode => Self::from_name(mode).ok_or(value),
            };
        }
        for entry in value.split(',').map(str::trim) {
            match entry.split_once(':') {
                Some((name, mode)) if names.contains(&name.trim()) => {
                    return Self::from_name(mode).ok_or(entry);
                }
                Some(_) => {}
                None if entry.is_empty() => {}
                // In a list each mode has its module's name.
                None => return Err(value),
            }
        }
        Ok(Self::Universal)
    }

    /// What the line that `HPY_LOG` asks for ends with.
    pub(crate) fn log_words(self) -> &'static str {
        match self {
            Mode::Universal => "",
            Mode::Debug => " with a debug context",
            Mode::Trace => " with a trace context",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(value: &str) -> Result<Mode, &str> {
        Mode::from_variable(value, ["one", "pkg.one"])
    }

    #[test]
    fn a_plain_mode_is_that_of_every_module() {
        assert_eq!(of("debug"), Ok(Mode::Debug));
        assert_eq!(of("TRACE"), Ok(Mode::Trace));
        assert_eq!(of("Universal"), Ok(Mode::Universal));
        assert_eq!(of(""), Ok(Mode::Universal));
    }

    #[test]
    fn a_list_is_searched_for_the_module() {
        assert_eq!(of("one:debug"), Ok(Mode::Debug));
        assert_eq!(of("two:trace,one:Debug"), Ok(Mode::Debug));
        assert_eq!(of("pkg.one:trace"), Ok(Mode::Trace));
        assert_eq!(of("two:debug, one:trace"), Ok(Mode::Trace));
        assert_eq!(of("two:debug"), Ok(Mode::Universal));
        // A beginning of the name is another name.
        assert_eq!(of("on:debug"), Ok(Mode::Universal));
    }

    #[test]
    fn commas_and_spaces_may_be_too_many() {
        for debug in [
            "one:debug,",
            ",one:debug",
            " one : debug , ",
            "two:trace,,one:debug",
            "one:debug,one:trace",
            "one:debug,trace",
            " debug ",
            "debug,",
        ] {
            assert_eq!(of(debug), Ok(Mode::Debug), "{debug:?}");
        }
        for universal in ["one:universal,", ",", " ", "two:debug,", "two:debug, ,"] {
            assert_eq!(of(universal), Ok(Mode::Universal), "{universal:?}");
        }
    }

    #[test]
    fn what_is_no_mode_is_given_back() {
        for wrong in [
            "d",
            "nonsense",
            "one:",
            "one:d",
            "two:debug,trace",
            "debug,trace",
        ] {
            assert_eq!(of(wrong), Err(wrong));
        }
        assert_eq!(of("two:debug,one:d,three:trace"), Err("one:d"));
    }

    #[test]
    fn numbers_and_names_belong_together() {
        for (mode, name) in Mode::ALL {
            assert_eq!(Mode::from_name(name), Some(mode));
            assert_eq!(Mode::from_number(mode as i32), Some(mode));
        }
        assert_eq!(Mode::from_number(3), None);
    }
}
