//! What an `async fn` may take and return. It runs on after the call that made it, so whatever the
//! call lends is refused, at the user's token.

use super::attribute::MethodOptions;
use super::check::{Argument, Method};
use super::parse::Function;
use super::roles::{Role, Roles};
use super::target::{Names, Target};
use super::types::last_segment;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{GenericArgument, Lifetime, PathArguments, ReturnType, Type};

/// Reports what does not outlive the call.
pub fn check(function: &Function, options: &MethodOptions, roles: &Roles, report: &mut Report) {
    for role in &roles.order {
        match role {
            Role::Receiver { exclusive: false } | Role::Cancel => {}
            Role::Receiver { exclusive: true } => report.at(
                function.receiver_tokens(),
                "an `async fn` would keep the object for itself while others run: take `&self`, \
                 and put what changes into a `Mutex` or an atomic",
            ),
            Role::This(ty) if is_kept(ty) => {}
            Role::This(ty) => report.at(
                ty,
                "a handle ends with the call, and an `async fn` runs on: take `this: \
                 Persistent<Self>`",
            ),
            Role::Class(ty) => report.at(
                ty,
                "an `async fn` cannot keep the class: put #[staticmethod] in place of \
                 #[classmethod], or write a `fn` that returns `ctx.coroutine(…)`",
            ),
            Role::Context => {}
            Role::Module(_) => {}
            Role::Passed(_, ty) => owned(ty, &in_parameter, report),
        }
    }
    if let Some((_, ty)) = roles.context {
        report.at(
            ty,
            "an `async fn` runs in several calls from Python, and a context is that of one: remove \
             it, and write `hpy::attach(|ctx| …)` where the function uses Python",
        );
    }
    if let Some(option) = &options.pass_module {
        report.at(
            option,
            "an `async fn` does not get the module: use `ctx.import(…)` within `hpy::attach(|ctx| \
             …)`, or a `Global`",
        );
    }
    if let Some(option) = &options.traceback {
        report.at(
            option,
            "the errors of an `async fn` are raised where it is awaited: remove `traceback`",
        );
    }
    if let ReturnType::Type(_, ty) = &function.output {
        owned(ty, &in_result, report);
    }
}

fn in_parameter(instead: &str) -> String {
    format!(
        "an `async fn` runs on after its call, and what the caller lends does not: take {instead}"
    )
}

fn in_result(instead: &str) -> String {
    format!("the result of an `async fn` outlives each of its calls: return {instead}")
}

/// Whether it is a `Persistent<Self>`.
pub fn is_kept(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|name| name == "Persistent") && type_argument(ty).is_some()
}

/// Reports each part of a type that is lent.
fn owned(ty: &Type, message: &dyn Fn(&str) -> String, report: &mut Report) {
    match ty {
        Type::Reference(reference) if is_static(reference.lifetime.as_ref()) => {}
        Type::Reference(reference) => report.at(ty, message(&instead_of(&reference.elem))),
        Type::Group(group) => owned(&group.elem, message, report),
        Type::Paren(paren) => owned(&paren.elem, message, report),
        Type::Slice(slice) => owned(&slice.elem, message, report),
        Type::Array(array) => owned(&array.elem, message, report),
        Type::Tuple(tuple) => {
            for part in &tuple.elems {
                owned(part, message, report);
            }
        }
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return;
            };
            let name = last.ident.to_string();
            let arguments = match &last.arguments {
                PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
                _ => None,
            };
            let lends = arguments.into_iter().flatten().any(|argument| {
                matches!(argument, GenericArgument::Lifetime(one) if !is_static(Some(one)))
            });
            if lends || LENT.contains(&name.as_str()) {
                report.at(ty, message(&instead_of(ty)));
                return;
            }
            for argument in arguments.into_iter().flatten() {
                if let GenericArgument::Type(part) = argument {
                    owned(part, message, report);
                }
            }
        }
        _ => {}
    }
}

fn is_static(lifetime: Option<&Lifetime>) -> bool {
    lifetime.is_some_and(|lifetime| lifetime.ident == "static")
}

/// Types of a call's, whose lifetime need not be written.
const LENT: [&str; 6] = ["Handle", "Borrowed", "Ref", "RefMut", "Args", "Keywords"];

/// What is to be taken in place of what is lent.
fn instead_of(ty: &Type) -> String {
    match ty {
        Type::Slice(slice) => format!("`Vec<{}>`", shown(&slice.elem)),
        _ => match last_segment(ty).map(ToString::to_string).as_deref() {
            Some("str") => "`String`".to_owned(),
            Some("Path") => "`PathBuf`".to_owned(),
            Some("Handle" | "Borrowed" | "Ref" | "RefMut") => match type_argument(ty) {
                Some(class) => format!("`Persistent<{}>`", shown(class)),
                None => "`Persistent`".to_owned(),
            },
            Some("Args") => "`Vec<Persistent>`".to_owned(),
            Some("Keywords") => "`HashMap<String, Persistent>`".to_owned(),
            Some("Cow") => match type_argument(ty) {
                Some(inner) => instead_of(inner),
                None => "an owned value".to_owned(),
            },
            Some(class) if class.starts_with(char::is_uppercase) => {
                format!("an owned value, or `Persistent<{class}>`")
            }
            _ => "an owned value".to_owned(),
        },
    }
}

fn type_argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    match &path.path.segments.last()?.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
        }
        _ => None,
    }
}

fn shown(ty: &Type) -> TokenStream {
    ty.to_token_stream()
}

/// Converts the arguments first. Of a coroutine Python sees their errors in the call then. The
/// statements, and the names of the results.
pub fn convert_first(
    method: &Method,
    arguments: impl Iterator<Item = TokenStream>,
) -> (Option<TokenStream>, TokenStream) {
    let mut statements = TokenStream::new();
    let passed = arguments.zip(&method.arguments).enumerate();
    let names = passed.map(|(place, (value, argument))| match argument {
        Argument::Receiver { .. } | Argument::Cancel => value,
        _ => {
            let name = format_ident!("argument_{place}", span = Span::mixed_site());
            statements.extend(quote!(let #name = #value;));
            name.to_token_stream()
        }
    });
    let names: Vec<TokenStream> = names.collect();
    (Some(statements), quote!(#(#names),*))
}

/// The coroutine that runs the function. `settled` is where a result is written whose error may be
/// one that only this macro converts.
pub fn coroutine(
    method: &Method,
    target: &Target,
    names: &Names,
    path: &TokenStream,
    user_call: &TokenStream,
    settled: Option<Span>,
) -> TokenStream {
    let Names { ctx, cancel, .. } = names;
    let canceller = Ident::new("canceller", Span::mixed_site());
    let has = |wanted: fn(&Argument) -> bool| method.arguments.iter().any(wanted);
    let (made, canceller) = match has(|argument| matches!(argument, Argument::Cancel)) {
        true => (
            Some(quote! {
                let #cancel = __hpy::CancelHandle::new();
                let #canceller = #cancel.canceller();
            }),
            quote!(::core::option::Option::Some(#canceller)),
        ),
        false => (None, quote!(::core::option::Option::None)),
    };
    // The object is kept by the future that borrows from it.
    let keeps = has(|argument| matches!(argument, Argument::Receiver { .. }));
    let future = match (keeps, settled) {
        (true, Some(at)) => {
            quote_spanned!(at=> async move { __hpy::settled!(#user_call.await) })
        }
        (true, None) => quote!(async move { #user_call.await }),
        (false, Some(at)) => quote_spanned!(at=> __hpy::settled_later!(#user_call)),
        (false, None) => user_call.clone(),
    };
    let shown = target.shown(method);
    quote! {
        #made
        #path(#ctx, #shown, #canceller, #future)
    }
}

#[cfg(test)]
#[path = "async_fn_tests.rs"]
mod tests;
