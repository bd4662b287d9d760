//! What is wrong with the arguments of a call, in the words that Python uses for its own functions.
//!
//! Arguments and names are passed apart: together they are too large for registers, and every call
//! would write them to the stack in case that it fails.

// What takes no context is `extern "C"`: callers need no landing pads then.
#![allow(improper_ctypes_definitions)]

use super::{Args, KeywordArgs, Parameter, ParameterKind, Signature};
use crate::exceptions::TypeError;
use crate::{Error, backend};
use hpy_sys::HPy;

/// More positional arguments than parameters.
#[cold]
#[inline(never)]
pub(crate) fn too_many(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    let by_keyword = |parameter: &Parameter| parameter.kind == ParameterKind::KeywordOnly;
    let (mut least, mut most) = (0, 0);
    for parameter in signature.parameters.iter().filter(|p| !by_keyword(p)) {
        most += 1;
        least += usize::from(parameter.required);
    }
    let receiver = usize::from(signature.counts_receiver);
    (least, most) = (least + receiver, most + receiver);
    let given = positional.len() + receiver;
    let mut keyword_only = 0;
    for position in 0..keyword_count(positional, names) {
        let name = keyword_name(positional, names, position);
        let is_named = |parameter: &Parameter| by_keyword(parameter) && parameter.name == name;
        keyword_only += usize::from(signature.parameters.iter().any(is_named));
    }
    let mut text = Text::of(signature);
    text.add("() takes ");
    if least != most {
        text.add("from ");
        text.number(least);
        text.add(" to ");
    }
    text.number(most);
    text.add(" positional argument");
    text.add(if least == most { plural(most) } else { "s" });
    text.add(" but ");
    text.number(given);
    if keyword_only > 0 {
        text.add(" positional argument");
        text.add(plural(given));
        text.add(" (and ");
        text.number(keyword_only);
        text.add(" keyword-only argument");
        text.add(plural(keyword_only));
        text.add(")");
    }
    let one = given == 1 && keyword_only == 0;
    text.add(if one { " was given" } else { " were given" });
    text.error()
}

/// A parameter without default has no argument: its slot is null, or there is none.
#[cold]
#[inline(never)]
pub(crate) extern "C" fn missing(signature: &Signature, slots: &[HPy]) -> Error {
    // Those that can be passed by position are told alone, if there are any.
    let mut counts = [0, 0];
    let group = |parameter: &Parameter| usize::from(parameter.kind == ParameterKind::KeywordOnly);
    let is_missing = |index: usize, parameter: &Parameter| {
        parameter.required && slots.get(index).is_none_or(|slot| slot.is_null())
    };
    for (index, parameter) in signature.parameters.iter().enumerate() {
        counts[group(parameter)] += usize::from(is_missing(index, parameter));
    }
    let told = usize::from(counts[0] == 0);
    let count = counts[told];
    let mut text = Text::of(signature);
    text.add("() missing ");
    text.number(count);
    text.add(match told {
        0 => " required positional argument",
        _ => " required keyword-only argument",
    });
    text.add(plural(count));
    // `'a'`, `'a' and 'b'`, `'a', 'b', and 'c'`.
    let mut before = ": '";
    let mut left = count;
    for (index, parameter) in signature.parameters.iter().enumerate() {
        if group(parameter) == told && is_missing(index, parameter) {
            text.add(before);
            text.add(parameter.name);
            text.add("'");
            left -= 1;
            before = match left {
                1 if count == 2 => " and '",
                1 => ", and '",
                _ => ", '",
            };
        }
    }
    text.error()
}

/// A keyword names a parameter that has an argument already.
#[cold]
#[inline(never)]
pub(crate) fn multiple_values(
    signature: &Signature,
    positional: Args<'_, '_>,
    names: HPy,
    position: usize,
) -> Error {
    let mut text = Text::of(signature);
    text.add("() got multiple values for argument '");
    text.add(&keyword_name(positional, names, position));
    text.add("'");
    text.error()
}

/// A keyword names no parameter, or one that takes no keyword.
#[cold]
#[inline(never)]
pub(crate) fn unexpected(signature: &Signature, positional: Args<'_, '_>, names: HPy) -> Error {
    const POSITIONAL_ONLY: &str =
        "() got some positional-only arguments passed as keyword arguments: '";
    let mut text = Text::of(signature);
    let mut unknown = None;
    let mut before = POSITIONAL_ONLY;
    let mut end = "'";
    let mut is_known = false;
    for position in 0..keyword_count(positional, names) {
        let name = keyword_name(positional, names, position);
        let is_named = |parameter: &Parameter| {
            parameter.kind == ParameterKind::PositionalOnly && parameter.name == name
        };
        if signature.parameters.iter().any(is_named) {
            text.add(before);
            text.add(&name);
            before = ", ";
            is_known = true;
        } else if unknown.is_none() && signature.keyword(&name).is_none() {
            unknown = Some(name);
        }
    }
    if !is_known {
        text.add("() got an unexpected keyword argument '");
        let unknown = unknown.as_deref().unwrap_or_default();
        text.add(unknown);
        if let Some(meant) = super::nearest::nearest(signature, unknown) {
            text.add("'. Did you mean '");
            text.add(meant);
            end = "'?";
        }
    }
    text.add(end);
    text.error()
}

/// A message under construction: made of calls alone, it takes a fraction of the code of `format!`.
struct Text(String);

impl Text {
    /// The function's name.
    #[inline(never)]
    extern "C" fn of(signature: &Signature) -> Self {
        Self(String::from(signature.function))
    }

    #[inline(never)]
    extern "C" fn add(&mut self, text: &str) {
        self.0.push_str(text);
    }

    #[inline(never)]
    extern "C" fn number(&mut self, number: usize) {
        if number > 9 {
            self.number(number / 10);
        }
        self.0.push(char::from(b'0' + (number % 10) as u8));
    }

    /// As a TypeError.
    #[inline(never)]
    extern "C" fn error(self) -> Error {
        TypeError::new(self.0)
    }
}

fn keyword_count(positional: Args<'_, '_>, names: HPy) -> usize {
    let positional = Args {
        ctx: positional.ctx.rarely(),
        ..positional
    };
    KeywordArgs { positional, names }.keyword_count()
}

/// The name of the keyword at `position`, lossily.
#[cold]
#[inline(never)]
fn keyword_name(positional: Args<'_, '_>, names: HPy, position: usize) -> String {
    let ctx = positional.ctx.rarely();
    backend::with_keyword_name(ctx, names, position, |name| {
        String::from(name.unwrap_or("?"))
    })
}

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
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
            counts_receiver: false,
            parameters: PARAMETERS,
            positional: 3,
            var_positional: None,
            var_keyword: None,
            keyword_names: &[],
        };
        let text = |from: usize| missing(&signature, &[HPy { _i: 8 }; 3][..from]).to_string();
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
