//! Checks a function and its options, and decides how Python calls it.

use super::async_fn;
use super::attribute::{MethodOptions, TextSignature, is_named};
use super::doc;
use super::parse::Function;
use super::roles::{Binding, Role, Roles, roles};
use super::signature::{self, ParameterKind, Signature};
use super::types::{entry_lifetime, walk};
use super::warnings::{self, Warning};
use crate::docstring;
use crate::python_name;
use crate::report::{Report, nearest};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericParam, ReturnType, Type};

/// A method that is in order.
pub struct Method<'a> {
    /// The name in Python.
    pub name: String,
    /// `name($module, a)\n--\n\n` and the docstring.
    pub doc: String,
    pub convention: Convention,
    pub signature: Signature,
    /// One per parameter of the function, in its order.
    pub arguments: Vec<Argument<'a>>,
    /// What a call warns of: "f() is deprecated: use g".
    pub warnings: Vec<Warning>,
    /// Whether its errors get a traceback entry.
    pub traceback: bool,
}

/// HPy's ways to pass arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    NoArgs,
    O,
    VarArgs,
    Keywords,
}

/// What is passed for a parameter of the function.
pub enum Argument<'a> {
    /// `&self`, or `&mut self` if true.
    Receiver {
        exclusive: bool,
    },
    /// `this: &Handle<'_, Self>`
    This(&'a Type),
    /// `class: &Handle<'_, Type>`
    Class(&'a Type),
    Context,
    /// `cancel: CancelHandle` of an `async fn`.
    Cancel,
    Module(&'a Type),
    /// The signature's parameter with this index.
    Parameter(usize, &'a Type),
    VarPositional(&'a Type),
    VarKeyword(&'a Type),
}

impl Argument<'_> {
    /// Whether the caller passes a value for it.
    pub fn is_value(&self) -> bool {
        matches!(
            self,
            Self::Parameter(..) | Self::VarPositional(_) | Self::VarKeyword(_)
        )
    }
}

/// Reports all errors of the function. The result is meaningful only if there are none.
pub fn check<'a>(
    function: &'a Function,
    options: &MethodOptions,
    binding: Binding,
    report: &mut Report,
) -> Method<'a> {
    check_item(function, binding, report);
    check_result(&function.output, report);
    let name = method_name(function, options, binding, report);
    let roles = roles(function, options, binding, report);
    if let (Some(_), Some(keywords)) = (&options.signature, &options.keywords) {
        report.at(
            keywords,
            "the signature says how arguments are passed: remove `keywords`",
        );
    }
    let signature = match &options.signature {
        Some(items) => {
            let errors_before = report.len();
            let signature = signature::check(items, report);
            if report.len() == errors_before {
                compare(&signature, &roles, report);
            }
            signature
        }
        None => {
            for (name, _) in &roles.passed {
                signature::check_name(name, report);
            }
            let by_name = options.keywords.is_some() || options.keywords_by_default;
            plain(&roles.passed, by_name)
        }
    };
    check_borrows(&roles, report);
    if function.is_async() {
        async_fn::check(function, options, &roles, report);
    }
    let arguments = roles
        .order
        .iter()
        .map(|role| argument(role, &signature))
        .collect();
    let text = docstring::text(&function.attributes, report);
    let doc = match &options.text_signature {
        None => doc::with_signature(&name, binding.sign(), &signature, &text),
        Some(TextSignature::Written(written)) => {
            doc::with_written(&name, binding.sign(), &written.value(), &text)
        }
        Some(TextSignature::Hidden) => text,
    };
    let warnings = warnings::check(&name, options, report);
    Method {
        warnings,
        traceback: options.traceback.is_some(),
        name,
        doc,
        convention: convention(&signature),
        signature,
        arguments,
    }
}

/// Reports a result whose handle would live for ever.
fn check_result(output: &ReturnType, report: &mut Report) {
    let ReturnType::Type(_, ty) = output else {
        return;
    };
    walk(ty, &mut |part| {
        if let Some(lifetime) = entry_lifetime(part)
            && lifetime.ident == "static"
        {
            report.at(
                lifetime,
                "a handle lives only as long as the call: write the lifetime of an argument or of \
                 the context, as in `fn f<'ctx>(ctx: Context<'ctx>) -> Handle<'ctx>`",
            );
        }
    });
}

fn check_item(function: &Function, binding: Binding, report: &mut Report) {
    for word in &function.qualifiers {
        match word.to_string().as_str() {
            "unsafe" => report.at(
                word,
                "Python code could violate the contract of this unsafe fn: write a safe fn that \
                 checks it",
            ),
            "extern" => report.at(
                word,
                "#[hpy_method] generates the C function: remove `extern`",
            ),
            _ => {}
        }
    }
    for parameter in &function.generics.params {
        match parameter {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(parameter) => report.at(
                parameter,
                format!(
                    "Python cannot choose `{}`: take a type that arguments convert to, such as \
                     i64, or `&Handle` for any object",
                    parameter.ident
                ),
            ),
            GenericParam::Const(parameter) => report.at(
                parameter,
                format!(
                    "Python cannot choose `{}`: write the number \
                     itself",
                    parameter.ident
                ),
            ),
        }
    }
    for attribute in function
        .attributes
        .iter()
        .filter(|attribute| is_named(attribute.path(), "hpy_method"))
    {
        report.at(attribute, "#[hpy_method] appears twice: keep one");
    }
    let name = python_name::of_ident(&function.name);
    if binding == Binding::Module && python_name::is_rust_primitive(&name) {
        report.at(
            &function.name,
            format!(
                "a method named `{name}` would hide Rust's own type: write `fn {name}_` and \
                 #[hpy_method(name = \"{name}\")]"
            ),
        );
    }
}

fn method_name(
    function: &Function,
    options: &MethodOptions,
    binding: Binding,
    report: &mut Report,
) -> String {
    match &options.name {
        Some(literal) => {
            if let Some(problem) = python_name::problem(&literal.value()) {
                report.at(
                    literal,
                    format!("{problem}: choose a name that Python code can write"),
                );
            }
            literal.value()
        }
        None => {
            let name = python_name::of_ident(&function.name);
            if let Some(problem) = python_name::problem(&name) {
                report.at(
                    &function.name,
                    format!(
                        "{problem}: give the method another name, as in #[{}(name = \"{name}_\")]",
                        binding.attribute()
                    ),
                );
            }
            name
        }
    }
}

/// Reports a `&'ctx T`, where `'ctx` is the lifetime of the handles. Arguments are borrowed for
/// less.
fn check_borrows(roles: &Roles, report: &mut Report) {
    let mut entries = Vec::new();
    for (_, ty) in &roles.passed {
        walk(ty, &mut |ty| entries.extend(entry_lifetime(ty).cloned()));
    }
    entries.extend(
        roles
            .context
            .and_then(|(_, ty)| entry_lifetime(ty))
            .cloned(),
    );
    for (_, ty) in &roles.passed {
        walk(ty, &mut |ty| {
            if let Type::Reference(reference) = ty
                && let Some(lifetime) = &reference.lifetime
                && entries.contains(lifetime)
            {
                report.at(
                    lifetime,
                    format!(
                        "an argument lives only for a part of `{lifetime}`: remove this lifetime, \
                         or give the reference its own"
                    ),
                );
            }
        });
    }
}

/// The signature where none is written. All parameters are required. They are positional-only,
/// because Rust has no keyword arguments, unless `keywords` asks for more.
fn plain(passed: &[(&Ident, &Type)], by_name: bool) -> Signature {
    let kind = match by_name {
        true => ParameterKind::PositionalOrKeyword,
        false => ParameterKind::PositionalOnly,
    };
    let parameter = |name: &Ident| signature::Parameter {
        name: name.clone(),
        kind,
        default: None,
    };
    Signature {
        parameters: passed.iter().map(|(name, _)| parameter(name)).collect(),
        ..Signature::default()
    }
}

/// Checks that the signature has the function's parameter names in the same order.
fn compare(signature: &Signature, roles: &Roles, report: &mut Report) {
    let written = signature.names();
    let passed: Vec<&Ident> = roles.passed.iter().map(|(name, _)| *name).collect();
    let errors_before = report.len();
    for name in &written {
        if passed.contains(name) {
            continue;
        }
        if roles.context.is_some_and(|(context, _)| context == *name) || roles.module == Some(name)
        {
            report.at(
                name,
                format!("Python does not pass `{name}`: remove it from the signature"),
            );
            continue;
        }
        let passed: Vec<String> = passed.iter().map(|name| name.to_string()).collect();
        let meant = match nearest(&name.to_string(), passed.iter().map(String::as_str)) {
            Some(near) => format!(": did you mean `{near}`?"),
            None => ": add it there, or remove it here".to_owned(),
        };
        report.at(
            name,
            format!("the function has no parameter `{name}`{meant}"),
        );
    }
    for name in &passed {
        if !written.contains(name) {
            report.at(
                name,
                format!("the signature does not say how to pass `{name}`: add it there"),
            );
        }
    }
    if report.len() != errors_before {
        return;
    }
    if let Some((name, parameter)) = written
        .iter()
        .zip(&passed)
        .find(|(name, parameter)| name != parameter)
    {
        report.at(
            name,
            format!(
                "the signature has `{name}` where the function has `{parameter}`: write both in \
                 the same order"
            ),
        );
    }
    for (name, ty) in &roles.passed {
        let collects = signature
            .var_positional
            .as_ref()
            .is_some_and(|(collected, _)| collected == *name);
        if collects
            && let Type::Reference(reference) = ty
            && matches!(&*reference.elem, Type::Slice(_))
        {
            report.at(
                ty.to_token_stream(),
                format!("`*{name}` is collected for this call: take a `Vec<…>`"),
            );
        }
    }
}

fn argument<'a>(role: &Role<'a>, signature: &Signature) -> Argument<'a> {
    let (name, ty) = match role {
        Role::Receiver { exclusive } => {
            return Argument::Receiver {
                exclusive: *exclusive,
            };
        }
        Role::This(ty) => return Argument::This(ty),
        Role::Class(ty) => return Argument::Class(ty),
        Role::Context => return Argument::Context,
        Role::Cancel => return Argument::Cancel,
        Role::Module(ty) => return Argument::Module(ty),
        Role::Passed(name, ty) => (*name, *ty),
    };
    if signature
        .var_positional
        .as_ref()
        .is_some_and(|(collected, _)| collected == name)
    {
        Argument::VarPositional(ty)
    } else if signature.var_keyword.as_ref() == Some(name) {
        Argument::VarKeyword(ty)
    } else {
        let place = signature
            .parameters
            .iter()
            .position(|parameter| parameter.name == *name);
        Argument::Parameter(place.unwrap_or(0), ty) // a name that is not there was reported
    }
}

fn convention(signature: &Signature) -> Convention {
    let parameters = &signature.parameters;
    if signature.var_keyword.is_some()
        || parameters
            .iter()
            .any(|parameter| parameter.kind != ParameterKind::PositionalOnly)
    {
        return Convention::Keywords;
    }
    match (parameters.as_slice(), &signature.var_positional) {
        ([], None) => Convention::NoArgs,
        ([only], None) if only.default.is_none() => Convention::O,
        _ => Convention::VarArgs,
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
