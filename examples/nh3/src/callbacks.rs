//! Python functions that ammonia calls. If one fails, what it was asked about is removed.

use std::borrow::Cow;

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
    A: Copy + for<'ctx> IntoHandle<'ctx>,
{
    let answer = hpy::attach(|ctx| {
        let given = arguments
            .into_handle(ctx)
            .and_then(|given| given.downcast_into::<Tuple>());
        let given = match given {
            Ok(given) => given,
            Err(error) => {
                error.write_unraisable(ctx, None);
                return None;
            }
        };
        call(ctx, function, &given, name).unwrap_or_else(|error| {
            error.write_unraisable(ctx, Some(given.as_object()));
            None
        })
    });
    // Without Python nobody allows it.
    answer.ok().flatten()
}

fn call<'ctx>(
    ctx: Context<'ctx>,
    function: &Function,
    arguments: &Handle<'ctx, Tuple>,
    name: &str,
) -> Result<Option<String>> {
    let answer = function.0.get(ctx)?.call(arguments, ())?;
    if answer.is_none() {
        return Ok(None);
    }
    match answer.downcast::<Str>() {
        Ok(text) => text.to_str().map(|text| Some(text.to_owned())),
        Err(_) => Err(TypeError::new(format!(
            "expected {name} to return str or None"
        ))),
    }
}
