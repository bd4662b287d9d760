//! What each parameter of a function is for.

use super::async_fn::is_kept;
use super::attribute::{MethodOptions, is_named};
use super::parse::{Function, Parameter};
use super::types::{entry_lifetime, last_segment, lent_items, walk};
use crate::pyo3_habits::suggestion_for_receiver;
use crate::report::Report;
use proc_macro2::Ident;
use syn::Type;

/// What precedes the arguments that Python passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The module. Only `pass_module` passes it.
    Module,
    /// The object: `&self`, `&mut self` or `this: &Handle<'_, Self>`.
    Object,
    /// The class: `class: &Handle<'_, Type>`.
    Class,
    /// Nothing.
    Nothing,
}

impl Binding {
    /// The attribute that the function's options stand in.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Module => "hpy_method",
            Self::Object | Self::Class | Self::Nothing => "hpy",
        }
    }

    /// What the text signature calls it.
    pub fn sign(self) -> &'static str {
        match self {
            Binding::Module => "$module",
            Binding::Object => "$self",
            Binding::Class | Binding::Nothing => "$type",
        }
    }
}

/// The function's parameters by kind.
#[derive(Default)]
pub struct Roles<'a> {
    pub context: Option<(&'a Ident, &'a Type)>,
    pub module: Option<&'a Ident>,
    /// What Python passes.
    pub passed: Vec<(&'a Ident, &'a Type)>,
    pub order: Vec<Role<'a>>,
}

pub enum Role<'a> {
    Receiver {
        exclusive: bool,
    },
    This(&'a Type),
    Class(&'a Type),
    Context,
    /// `CancelHandle`, of an `async fn`.
    Cancel,
    Module(&'a Type),
    Passed(&'a Ident, &'a Type),
}

/// Sorts the parameters, and reports those that Python cannot pass.
pub fn roles<'a>(
    function: &'a Function,
    options: &MethodOptions,
    binding: Binding,
    report: &mut Report,
) -> Roles<'a> {
    let mut roles = Roles::default();
    let mut bound = false;
    for parameter in &function.parameters {
        let (attributes, name, ty) = match parameter {
            Parameter::Named {
                attributes,
                name,
                ty,
            } => (attributes, name, ty),
            Parameter::Receiver(tokens) if binding != Binding::Module => {
                bound = true;
                receiver(tokens, binding, &mut roles, report);
                continue;
            }
            Parameter::Receiver(tokens) => {
                report.at(
                    tokens,
                    "#[hpy_method] is for free functions: a method with `self` belongs in an \
                     `impl` with #[hpy_methods]",
                );
                continue;
            }
            Parameter::Pattern(tokens) => {
                report.at(
                    tokens,
                    "Python shows the names of parameters: write a plain name here, and \
                     destructure the value in the body",
                );
                continue;
            }
            Parameter::Variadic(span) => {
                report.at_span(
                    *span,
                    format!(
                        "write `args: Vec<…>` and #[{}(signature = (*args))] to take any number \
                         of arguments",
                        binding.attribute()
                    ),
                );
                continue;
            }
        };
        for attribute in attributes
            .iter()
            .filter(|attribute| is_named(attribute.path(), "cfg"))
        {
            report.at(
                attribute,
                "a parameter cannot depend on a cfg: write the function twice, each with its \
                 #[cfg(…)]",
            );
        }
        check_type(ty, report);
        if last_segment(ty).is_some_and(|segment| segment == "Context") {
            if let Some((first, _)) = roles.context.replace((name, ty)) {
                report.at(
                    name,
                    format!("the context already comes in `{first}`: remove this parameter"),
                );
            }
            roles.order.push(Role::Context);
        } else if last_segment(ty).is_some_and(|segment| segment == "CancelHandle") {
            cancel_handle(function, name, &mut roles, report);
        } else if !bound
            && binding == Binding::Object
            && (is_handle(ty) || function.is_async() && is_kept(ty))
        {
            bound = true;
            roles.order.push(Role::This(ty));
        } else if !bound && binding == Binding::Class {
            bound = true;
            roles.order.push(Role::Class(ty));
        } else if options.pass_module.is_some() && roles.module.is_none() {
            roles.module = Some(name);
            roles.order.push(Role::Module(ty));
        } else {
            roles.passed.push((name, ty));
            roles.order.push(Role::Passed(name, ty));
        }
    }
    if !bound
        && binding == Binding::Object
        && let Some((name, ty)) = roles.passed.first()
        && let Some(advice) = suggestion_for_receiver(name, ty)
    {
        report.at(ty, advice);
        bound = true;
    }
    if !bound && binding == Binding::Object {
        report.at(
            &function.name,
            "a method takes `&self`, `&mut self` or `this: &Handle<'_, Self>` first: if it needs \
             no object, put #[staticmethod] above it",
        );
    }
    if !bound && binding == Binding::Class {
        report.at(
            &function.name,
            "a class method takes the class first: `class: &Handle<'_, Type>`; if it needs no \
             class, put #[staticmethod] above it",
        );
    }
    if let (Some(option), None) = (&options.pass_module, roles.module) {
        report.at(
            option,
            "`pass_module` needs a first parameter that takes it: `module: &Handle<'ctx, Module>`",
        );
    }
    roles
}

/// `cancel: CancelHandle`
fn cancel_handle(function: &Function, name: &Ident, roles: &mut Roles, report: &mut Report) {
    if !function.is_async() {
        report.at(
            name,
            "a `CancelHandle` tells an `async fn` that it is cancelled, and this is none: \
             remove it",
        );
    }
    if roles.order.iter().any(|role| matches!(role, Role::Cancel)) {
        report.at(name, "there is one `CancelHandle` already: remove this one");
    }
    roles.order.push(Role::Cancel);
}

/// `&self` or `&mut self`.
fn receiver<'a>(
    tokens: &proc_macro2::TokenStream,
    binding: Binding,
    roles: &mut Roles<'a>,
    report: &mut Report,
) {
    let words: Vec<String> = tokens
        .clone()
        .into_iter()
        .map(|token| token.to_string())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let plain = |words: &[&str]| matches!(words, ["self"] | ["'", _, "self"]);
    let exclusive = match words.as_slice() {
        ["&", "mut", "self"] | ["&", "'", _, "mut", "self"] => true,
        ["&", rest @ ..] if plain(rest) => false,
        _ => {
            report.at(
                tokens,
                "Python shares the object, so a method cannot take its data: take `&self`, `&mut \
                 self` or `this: &Handle<'_, Self>`",
            );
            return;
        }
    };
    if binding != Binding::Object {
        report.at(
            tokens,
            "Python calls this without an object: remove `self` or the attribute above",
        );
        return;
    }
    roles.order.push(Role::Receiver { exclusive });
}

/// `&Handle<…>`
fn is_handle(ty: &Type) -> bool {
    match ty {
        Type::Reference(reference) => {
            last_segment(&reference.elem).is_some_and(|segment| segment == "Handle")
        }
        Type::Group(group) => is_handle(&group.elem),
        _ => false,
    }
}

/// Reports types for which the compiler's own error would not help.
fn check_type(ty: &Type, report: &mut Report) {
    lent_items(ty, &mut |item, instead| {
        report.at(
            item,
            format!(
                "an item of a container is converted separately and cannot be borrowed: take \
                 {instead}"
            ),
        );
    });
    walk(ty, &mut |ty| match ty {
        Type::ImplTrait(_) => report.at(
            ty,
            "Python cannot choose this type: take one that arguments convert to, such as i64, or \
             `&Handle` for any object",
        ),
        Type::Reference(reference)
            if last_segment(&reference.elem).is_some_and(|segment| segment == "Context") =>
        {
            report.at(
                ty,
                "a Context is Copy: take it by value, `ctx: Context<'ctx>`",
            );
        }
        _ => {
            if let Some(lifetime) = entry_lifetime(ty)
                && lifetime.ident == "static"
            {
                report.at(
                    lifetime,
                    "an argument lives only as long as the call: write `'_` or a lifetime of the \
                     function",
                );
            }
        }
    });
}
