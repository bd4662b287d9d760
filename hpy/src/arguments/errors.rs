//! What is wrong with the arguments of a call, in the words that Python uses for its own functions.
//!
//! Arguments and names are passed apart: together they are too large for registers, and every call would write them
//! to the stack in case that it fails.

use super::{Args, KeywordArgs, Parameter, ParameterKind, Signature};
use crate::Error;
use crate::exceptions::TypeError;
use hpy_sys::HPy;

/// More positional arguments than parameters.
#[cold]
#[inline(never)]
pub(super) fn too_many(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let args = KeywordArgs { positional, names };
    let most = signature.positional();
    let least = signature
        .parameters
        .iter()
        .filter(|parameter| parameter.required && parameter.kind != ParameterKind::KeywordOnly)
        .count();
    let takes = if least == most {
        most.to_string()
    } else {
        format!("from {least} to {most}")
    };
    let given = args.positional().len();
    let keyword_only = args
        .keyword_names()
        .filter(|name| {
            let by_keyword = |p: &Parameter| p.kind == ParameterKind::KeywordOnly && p.name == name;
            signature.parameters.iter().any(by_keyword)
        })
        .count();
    let given_text = if keyword_only > 0 {
        format!(
            "{given} positional argument{} (and {keyword_only} keyword-only argument{}) were",
            plural(given),
            plural(keyword_only)
        )
    } else {
        format!("{given} {}", if given == 1 { "was" } else { "were" })
    };
    TypeError::new(format!(
        "{}() takes {takes} positional argument{} but {given_text} given",
        signature.function,
        if least == most { plural(most) } else { "s" },
    ))
}

/// A parameter without default has no argument. `is_missing` tells by a parameter's index.
#[cold]
#[inline(never)]
pub(super) fn missing(signature: &Signature, is_missing: impl Fn(usize) -> bool) -> Error {
    let names = |keyword_only: bool| -> Vec<&str> {
        signature
            .parameters
            .iter()
            .enumerate()
            .filter(|(index, parameter)| {
                parameter.required
                    && (parameter.kind == ParameterKind::KeywordOnly) == keyword_only
                    && is_missing(*index)
            })
            .map(|(_, parameter)| parameter.name)
            .collect()
    };
    let (positional, keyword_only) = (names(false), names(true));
    let (kind, names) = if positional.is_empty() {
        ("keyword-only", keyword_only)
    } else {
        ("positional", positional)
    };
    TypeError::new(format!(
        "{}() missing {} required {kind} argument{}: {}",
        signature.function,
        names.len(),
        plural(names.len()),
        list(&names),
    ))
}

/// A keyword names a parameter that has an argument already.
#[cold]
#[inline(never)]
pub(super) fn multiple_values(
    signature: &Signature,
    positional: Args<'_, '_>,
    names: HPy,
    position: usize,
) -> Error {
    let args = KeywordArgs { positional, names };
    let name = args.keyword_names().nth(position).unwrap_or_default();
    TypeError::new(format!(
        "{}() got multiple values for argument '{name}'",
        signature.function
    ))
}

/// A keyword names no parameter, or one that takes no keyword.
#[cold]
#[inline(never)]
pub(super) fn unexpected(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let args = KeywordArgs { positional, names };
    let is_positional_only = |name: &String| {
        let matches = |p: &Parameter| p.kind == ParameterKind::PositionalOnly && p.name == name;
        signature.parameters.iter().any(matches)
    };
    let positional_only: Vec<String> = args.keyword_names().filter(is_positional_only).collect();
    if !positional_only.is_empty() {
        return TypeError::new(format!(
            "{}() got some positional-only arguments passed as keyword arguments: '{}'",
            signature.function,
            positional_only.join(", "),
        ));
    }
    let name = args
        .keyword_names()
        .find(|name| signature.keyword(name).is_none())
        .unwrap_or_default();
    TypeError::new(format!(
        "{}() got an unexpected keyword argument '{name}'",
        signature.function
    ))
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
fn list(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("'{only}'"),
        [first, second] => format!("'{first}' and '{second}'"),
        [init @ .., last] => {
            let init: Vec<String> = init.iter().map(|name| format!("'{name}'")).collect();
            format!("{}, and '{last}'", init.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn parameter(name: &'static str, kind: ParameterKind) -> Parameter {
        Parameter {
            name,
            kind,
            required: true,
        }
    }

    #[test]
    fn missing_arguments_are_listed_as_python_lists_them() {
        const PARAMETERS: &[Parameter] = &[
            parameter("a", ParameterKind::PositionalOrKeyword),
            parameter("b", ParameterKind::PositionalOrKeyword),
            parameter("c", ParameterKind::PositionalOrKeyword),
            parameter("d", ParameterKind::KeywordOnly),
        ];
        let signature = Signature {
            function: "f",
            parameters: PARAMETERS,
            var_positional: None,
            var_keyword: None,
            keyword_names: &[],
        };
        let text = |from: usize| missing(&signature, |index| index >= from).to_string();
        assert_eq!(
            text(0),
            "TypeError: f() missing 3 required positional arguments: 'a', 'b', and 'c'"
        );
        assert_eq!(
            text(1),
            "TypeError: f() missing 2 required positional arguments: 'b' and 'c'"
        );
        assert_eq!(
            text(2),
            "TypeError: f() missing 1 required positional argument: 'c'"
        );
        assert_eq!(
            text(3),
            "TypeError: f() missing 1 required keyword-only argument: 'd'"
        );
    }
}
