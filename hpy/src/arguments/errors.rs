//! What is wrong with the arguments of a call, in the words that Python uses for its own functions.
//!
//! Arguments and names are passed apart: together they are too large for registers, and every call would write them
//! to the stack in case that it fails.

use super::{Args, KeywordArgs, Parameter, ParameterKind, Signature};
use crate::error::joined;
use crate::exceptions::TypeError;
use crate::{Error, abi};
use hpy_sys::HPy;

/// More positional arguments than parameters.
#[cold]
#[inline(never)]
pub(super) fn too_many(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let by_keyword = |parameter: &Parameter| parameter.kind == ParameterKind::KeywordOnly;
    let (mut least, mut most) = (0, 0);
    for parameter in signature.parameters.iter().filter(|p| !by_keyword(p)) {
        most += 1;
        least += usize::from(parameter.required);
    }
    let given = positional.len();
    let mut keyword_only = 0;
    for name in keyword_names(positional, names) {
        let is_named = |parameter: &Parameter| by_keyword(parameter) && parameter.name == name;
        keyword_only += usize::from(signature.parameters.iter().any(is_named));
    }
    let (least_text, given_text) = (from_to(least, most), decimal(given));
    let were = if keyword_only > 0 {
        joined(&[
            " positional argument",
            plural(given),
            " (and ",
            &decimal(keyword_only),
            " keyword-only argument",
            plural(keyword_only),
            ") were",
        ])
    } else {
        String::from(if given == 1 { " was" } else { " were" })
    };
    error(
        signature,
        &[
            "() takes ",
            &least_text,
            " positional argument",
            if least == most { plural(most) } else { "s" },
            " but ",
            &given_text,
            &were,
            " given",
        ],
    )
}

fn from_to(least: usize, most: usize) -> String {
    if least == most {
        decimal(most)
    } else {
        joined(&["from ", &decimal(least), " to ", &decimal(most)])
    }
}

/// A parameter without default has no argument. `is_missing` tells by a parameter's index.
#[cold]
#[inline(never)]
pub(super) fn missing(signature: &Signature, is_missing: &dyn Fn(usize) -> bool) -> Error {
    let (mut positional, mut keyword_only) = (Vec::new(), Vec::new());
    for (index, parameter) in signature.parameters.iter().enumerate() {
        if parameter.required && is_missing(index) {
            match parameter.kind {
                ParameterKind::KeywordOnly => keyword_only.push(parameter.name),
                _ => positional.push(parameter.name),
            }
        }
    }
    let (kind, names) = if positional.is_empty() {
        (" required keyword-only argument", keyword_only)
    } else {
        (" required positional argument", positional)
    };
    error(
        signature,
        &[
            "() missing ",
            &decimal(names.len()),
            kind,
            plural(names.len()),
            ": ",
            &list(&names),
        ],
    )
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
    let names = keyword_names(positional, names);
    let name = names.get(position).map_or("", String::as_str);
    error(
        signature,
        &["() got multiple values for argument '", name, "'"],
    )
}

/// A keyword names no parameter, or one that takes no keyword.
#[cold]
#[inline(never)]
pub(super) fn unexpected(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let names = keyword_names(positional, names);
    let mut positional_only = String::new();
    for name in &names {
        let is_named = |parameter: &Parameter| {
            parameter.kind == ParameterKind::PositionalOnly && parameter.name == name
        };
        if signature.parameters.iter().any(is_named) {
            if !positional_only.is_empty() {
                positional_only.push_str(", ");
            }
            positional_only.push_str(name);
        }
    }
    if !positional_only.is_empty() {
        let text = "() got some positional-only arguments passed as keyword arguments: '";
        return error(signature, &[text, &positional_only, "'"]);
    }
    let is_unknown = |name: &&String| signature.keyword(name).is_none();
    let name = names.iter().find(is_unknown).map_or("", String::as_str);
    let text = "() got an unexpected keyword argument '";
    error(signature, &[text, name, "'"])
}

/// A TypeError: the function's name and the parts.
#[cold]
#[inline(never)]
fn error(signature: &Signature, parts: &[&str]) -> Error {
    TypeError::new(joined(&[signature.function, &joined(parts)]))
}

/// The keywords' names in order, lossily.
#[cold]
#[inline(never)]
fn keyword_names(positional: Args<'_, '_>, names: HPy) -> Vec<String> {
    let args = KeywordArgs { positional, names };
    let mut texts = Vec::new();
    for position in 0..args.keyword_count() {
        abi::with_keyword_name(positional.ctx.rarely(), names, position, |name| {
            texts.push(String::from(name.unwrap_or("?")));
        });
    }
    texts
}

#[inline(never)]
fn decimal(number: usize) -> String {
    number.to_string()
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
#[inline(never)]
fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        let last = index + 1 == names.len();
        let before = match index {
            0 => "'",
            _ if !last => ", '",
            1 => " and '",
            _ => ", and '",
        };
        text = joined(&[&text, before, name, "'"]);
    }
    text
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
        let text = |from: usize| missing(&signature, &|index| index >= from).to_string();
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
