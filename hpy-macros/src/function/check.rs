//! Checks a function and its options, and decides how Python calls it.

use super::attribute::{MethodOptions, TextSignature, is_named};
use super::doc;
use super::parse::{Function, Parameter};
use super::signature::{self, ParameterKind, Signature};
use super::types::{entry_lifetime, last_segment, lent_items, walk};
use crate::docstring;
use crate::pyo3::suggestion_for_receiver;
use crate::python_name;
use crate::report::{Report, nearest};
use proc_macro2::Ident;
use quote::ToTokens;
use syn::{GenericParam, Type};

/// What stands before the arguments that Python passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// The module, which only `pass_module` asks for.
    Module,
    /// The object: `&self`, `&mut self` or `this: &Handle<'_, Self>`.
    Object,
    /// The class: `class: &Handle<'_, Type>`.
    Class,
    /// Nothing.
    Nothing,
}

impl Binding {
    /// What the text signature calls it.
    pub fn sign(self) -> &'static str {
        match self {
            Binding::Module => "$module",
            Binding::Object => "$self",
            Binding::Class | Binding::Nothing => "$type",
        }
    }
}

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
    pub deprecated: Option<String>,
    /// Whether its errors get an entry in their traceback.
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

/// What the function's parameter is given.
pub enum Argument<'a> {
    /// `&self`, or `&mut self` if it says so.
    Receiver {
        exclusive: bool,
    },
    /// `this: &Handle<'_, Self>`
    This(&'a Type),
    /// `class: &Handle<'_, Type>`
    Class(&'a Type),
    Context,
    Module(&'a Type),
    /// The signature's parameter of this number.
    Parameter(usize, &'a Type),
    VarPositional(&'a Type),
    VarKeyword(&'a Type),
}

impl Argument<'_> {
    /// Whether it is a value that the caller passes.
    pub fn is_value(&self) -> bool {
        matches!(
            self,
            Self::Parameter(..) | Self::VarPositional(_) | Self::VarKeyword(_)
        )
    }
}

/// The function's parameters, told apart.
#[derive(Default)]
struct Roles<'a> {
    context: Option<(&'a Ident, &'a Type)>,
    module: Option<&'a Ident>,
    /// What Python passes.
    passed: Vec<(&'a Ident, &'a Type)>,
    order: Vec<Role<'a>>,
}

enum Role<'a> {
    Receiver { exclusive: bool },
    This(&'a Type),
    Class(&'a Type),
    Context,
    Module(&'a Type),
    Passed(&'a Ident, &'a Type),
}

/// Reports everything that is wrong with the function; what it returns is meant only for a report without errors.
pub fn check<'a>(
    function: &'a Function,
    options: &MethodOptions,
    binding: Binding,
    report: &mut Report,
) -> Method<'a> {
    check_item(function, binding, report);
    let name = method_name(function, options, report);
    let roles = roles(function, options, binding, report);
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
            positional(&roles.passed)
        }
    };
    check_borrows(&roles, report);
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
    let deprecated = deprecated(&name, options, report);
    Method {
        deprecated,
        traceback: options.traceback.is_some(),
        name,
        doc,
        convention: convention(&signature),
        signature,
        arguments,
    }
}

fn deprecated(name: &str, options: &MethodOptions, report: &mut Report) -> Option<String> {
    let instead = options.deprecated.as_ref()?;
    let text = instead.value();
    if text.contains('\0') {
        report.at(instead, "a warning cannot hold a NUL character: remove it");
    }
    Some(if text.is_empty() {
        format!("{name}() is deprecated")
    } else {
        format!("{name}() is deprecated: {text}")
    })
}

fn check_item(function: &Function, binding: Binding, report: &mut Report) {
    for word in &function.qualifiers {
        match word.to_string().as_str() {
            "async" => report.at(
                word,
                "Python calls a method and waits for it: an async fn cannot be one; remove `async` and block, or return at once",
            ),
            "unsafe" => report.at(
                word,
                "Python code could break the rules that make this fn unsafe: write a safe fn that checks them",
            ),
            "extern" => report.at(word, "#[hpy_method] makes the C function itself: remove `extern`"),
            _ => {}
        }
    }
    for parameter in &function.generics.params {
        match parameter {
            GenericParam::Lifetime(_) => {}
            GenericParam::Type(parameter) => report.at(
                parameter,
                format!(
                    "Python does not choose `{}`: take a type that arguments convert to, such as i64, or `&Handle` for any object",
                    parameter.ident
                ),
            ),
            GenericParam::Const(parameter) => {
                report.at(parameter, format!("Python does not choose `{}`: write the number itself", parameter.ident))
            }
        }
    }
    for attribute in function
        .attributes
        .iter()
        .filter(|attribute| is_named(attribute.path(), "hpy_method"))
    {
        report.at(attribute, "#[hpy_method] stands here twice: keep one");
    }
    let name = python_name::of_ident(&function.name);
    if binding == Binding::Module && python_name::is_rust_primitive(&name) {
        report.at(
            &function.name,
            format!(
                "a method named `{name}` would hide Rust's own type: write `fn {name}_` and #[hpy(name = \"{name}\")]"
            ),
        );
    }
}

fn method_name(function: &Function, options: &MethodOptions, report: &mut Report) -> String {
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
                        "{problem}: give the method another name, as in #[hpy(name = \"{name}_\")]"
                    ),
                );
            }
            name
        }
    }
}

fn roles<'a>(
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
                    "#[hpy_method] is for free functions: a method with `self` belongs into an `impl` with #[hpy_methods]",
                );
                continue;
            }
            Parameter::Pattern(tokens) => {
                report.at(
                    tokens,
                    "Python shows a parameter's name: write a plain name here, and take the value apart in the body",
                );
                continue;
            }
            Parameter::Variadic(span) => {
                report.at_span(
                    *span,
                    "write `args: Vec<…>` and #[hpy(signature = (*args))] to take any number of arguments",
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
                "a parameter cannot depend on a cfg: write the function twice, each with its #[cfg(…)]",
            );
        }
        check_type(ty, report);
        if last_segment(ty).is_some_and(|segment| segment == "Context") {
            if let Some((first, _)) = roles.context.replace((name, ty)) {
                report.at(
                    name,
                    format!("the context comes in `{first}` already: remove this parameter"),
                );
            }
            roles.order.push(Role::Context);
        } else if !bound && binding == Binding::Object && is_handle(ty) {
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
            "a method takes `&self`, `&mut self` or `this: &Handle<'_, Self>` first: where it needs no object, put #[staticmethod] above it",
        );
    }
    if !bound && binding == Binding::Class {
        report.at(
            &function.name,
            "a class method takes the class first: `class: &Handle<'_, Type>`; where it needs none, put #[staticmethod] above it",
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
                "the data stays in the object, which Python shares: take `&self`, `&mut self` or `this: &Handle<'_, Self>`",
            );
            return;
        }
    };
    if binding != Binding::Object {
        report.at(
            tokens,
            "Python calls this without an object: remove `self`, or the attribute above that says so",
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

/// Types whose trouble the compiler would explain at a place or in words that do not help.
fn check_type(ty: &Type, report: &mut Report) {
    lent_items(ty, &mut |item, instead| {
        report.at(
            item,
            format!(
                "an item of a container is converted by itself, and lends nothing: take {instead}"
            ),
        );
    });
    walk(ty, &mut |ty| {
        match ty {
        Type::ImplTrait(_) => report.at(
            ty,
            "Python does not choose this type: take one that arguments convert to, such as i64, or `&Handle` for any object",
        ),
        Type::Reference(reference) if last_segment(&reference.elem).is_some_and(|segment| segment == "Context") => {
            report.at(ty, "a Context is Copy: take it by value, `ctx: Context<'ctx>`");
        }
        _ => {
            if let Some(lifetime) = entry_lifetime(ty)
                && lifetime.ident == "static"
            {
                report.at(
                    lifetime,
                    "it lives as long as the call, never `'static`: write `'_`, or a lifetime of the function's own",
                );
            }
        }
    }
    });
}

/// A `&'ctx T` where `'ctx` is the lifetime of the handles: arguments are lent for less than that.
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
                        "an argument is lent for a part of `{lifetime}` only: leave this lifetime out, or give the reference one of its own"
                    ),
                );
            }
        });
    }
}

/// The signature of a function that gives none: Rust has no keyword arguments, so all are positional-only.
fn positional(passed: &[(&Ident, &Type)]) -> Signature {
    let parameter = |name: &Ident| signature::Parameter {
        name: name.clone(),
        kind: ParameterKind::PositionalOnly,
        default: None,
    };
    Signature {
        parameters: passed.iter().map(|(name, _)| parameter(name)).collect(),
        ..Signature::default()
    }
}

/// The names of the signature must be the function's, in its order.
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
                format!("Python does not pass `{name}`: leave it out of the signature"),
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
                "the signature has `{name}` where the function has `{parameter}`: write both in the same order"
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
