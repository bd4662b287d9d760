//! Python functions that ammonia calls. If one fails, what it was asked about is removed.

use std::borrow::Cow;

use hpy::CallArgs;
use hpy::exceptions::TypeError;
use hpy::prelude::*;

use crate::settings::Function;

/// What the function makes of an attribute's value.
pub fn filter_attribute(
    function: &Function,
) -> impl for<'a> Fn(&str, &str, &'a str) -> Option<Cow<'a, str>> + Send + Sync + 'static {
    let function = function.clone();
    move |tag, attribute, value| {
        let filtered = asked(&function, (tag, attribute, value), "attribute_filter")?;
        Some(if filtered == value {
            Cow::Borrowed(value)
        } else {
            Cow::Owned(filtered)
        })
    }
}

/// What the function makes of a URL without a scheme.
pub fn rewrite_url(
    function: &Function,
) -> impl Fn(&str) -> Option<Cow<'_, str>> + Send + Sync + 'static {
    let function = function.clone();
    move |url| asked(&function, (url,), "url_relative").map(Cow::Owned)
}

/// The str that the function returns. Errors go to `sys.unraisablehook`, together with the
/// arguments.
fn asked<A>(function: &Function, arguments: A, name: &str) -> Option<String>
where
    A: Copy + for<'ctx> CallArgs<'ctx>,
{
    let answer = hpy::attach(|ctx| {
        call(ctx, function, arguments, name).unwrap_or_else(|error| {
            let given = ctx.tuple(arguments).ok();
            error.write_unraisable(ctx, given.as_ref().map(Handle::as_object));
            None
        })
    });
    // Without Python, as at the interpreter's end, nobody allows it.
    answer.ok().flatten()
}

fn call<'ctx>(
    ctx: Context<'ctx>,
    function: &Function,
    arguments: impl CallArgs<'ctx>,
    name: &str,
) -> Result<Option<String>> {
    let answer = function.0.get(ctx)?.call1(arguments)?;
    let expected = |_| TypeError::new(format!("expected {name} to return str or None"));
    match answer.is_none() {
        true => Ok(None),
        false => answer
            .downcast::<Str>()
            .map_err(expected)?
            .to_str()
            .map(|text| Some(text.to_owned())),
    }
}
