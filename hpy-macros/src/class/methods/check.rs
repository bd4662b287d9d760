//! Checks the functions of the impl.

use super::parse::{Impl, ImplItem, ImplMethod};
use super::role::Role;
use super::special::SpecialKind;
use crate::function::attribute::{MethodOptions, is_named};
use crate::function::check::{Argument, Method as Call, check as check_function};
use crate::function::roles::Binding;
use crate::report::Report;
use quote::ToTokens;
use syn::ReturnType;

/// A function that is in order.
pub struct CheckedMethod<'a> {
    pub method: &'a ImplMethod,
    pub call: Call<'a>,
    pub options: MethodOptions,
}

impl CheckedMethod<'_> {
    /// Whether it is an in-place operator or an `__iter__` that returns `()`. Python gets the
    /// object itself then: `None` would have no meaning.
    pub fn returns_this(&self) -> bool {
        let may_be_itself = matches!(&self.method.role, Role::Special(special)
            if matches!(special.kind, SpecialKind::InPlace(_) | SpecialKind::InPlacePower)
                || matches!(special.name, "__iter__" | "__aiter__"));
        may_be_itself && returns_nothing(&self.method.function.output)
    }
}

/// `()` or `Result<()>`
fn returns_nothing(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else {
        return true;
    };
    let text = ty.to_token_stream().to_string().replace(' ', "");
    text == "()" || text.contains("Result<()")
}

/// Reports all errors. The result is meaningful only if there are none. `keywords` says whether
/// arguments may be passed by name where a method does not say so itself.
pub fn check<'a>(parsed: &'a Impl, keywords: bool, report: &mut Report) -> Vec<CheckedMethod<'a>> {
    let mut checked: Vec<CheckedMethod<'a>> = Vec::new();
    for item in &parsed.items {
        let ImplItem::Method(method) = item else {
            continue;
        };
        let mut options = MethodOptions {
            keywords_by_default: keywords && decides(&method.role),
            ..MethodOptions::default()
        };
        for attribute in &method.function.options {
            options.read_attribute(attribute, report);
        }
        if let Some(option) = &options.pass_module {
            report.at(
                option,
                "a method of a type does not get the module: use `ctx.import(…)` or a `Global`",
            );
        }
        for attribute in method
            .function
            .attributes
            .iter()
            .filter(|a| is_named(a.path(), "cfg"))
        {
            report.at(
                attribute,
                "a method cannot depend on a cfg: put the cfg in its body",
            );
        }
        let before = report.len();
        let call = check_function(&method.function, &options, binding(method), report);
        if report.len() == before {
            check_role(method, &call, &options, report);
            check_async(method, report);
        }
        check_new(&checked, method, report);
        checked.push(CheckedMethod {
            method,
            call,
            options,
        });
    }
    let calls = |one: &CheckedMethod| match &one.method.role {
        Role::Special(special) => special.kind == SpecialKind::Call,
        _ => false,
    };
    for one in &checked {
        if one.method.role == Role::Call && !checked.iter().any(calls) {
            report.at(
                &one.method.function.name,
                "an object is called by `__call__` until another function is chosen: write `fn \
                 __call__(&self, …)` too",
            );
        }
    }
    for one in &checked {
        // A setter may belong to a field with #[hpy(get)].
        let has = |role: Role| checked.iter().any(|other| other.method.role == role);
        if let Role::Deleter(name) = &one.method.role
            && !has(Role::Getter(name.clone()))
        {
            report.at(
                &one.method.function.name,
                format!(
                    "the attribute `{name}` has no getter: write one, `#[getter] fn \
                     {name}(&self) -> …`, and take #[hpy(get)] from the field if it has one"
                ),
            );
        }
    }
    checked
}

fn binding(method: &ImplMethod) -> Binding {
    match &method.role {
        Role::New if method.is_new_of_class => Binding::Class,
        Role::New | Role::StaticMethod | Role::ClassAttribute => Binding::Nothing,
        Role::ClassMethod => Binding::Class,
        _ => Binding::Object,
    }
}

/// The number of arguments that Python passes.
fn passed(call: &Call) -> usize {
    let is_passed = |argument: &&Argument| {
        matches!(
            argument,
            Argument::Parameter(..) | Argument::VarPositional(_) | Argument::VarKeyword(_)
        )
    };
    call.arguments.iter().filter(is_passed).count()
}

/// Whether the function decides how its arguments are passed. Python does for others.
fn decides(role: &Role) -> bool {
    match role {
        Role::Special(special) => special.kind.arguments().is_none(),
        Role::New | Role::Call | Role::Method | Role::ClassMethod | Role::StaticMethod => true,
        Role::Getter(_) | Role::Setter(_) | Role::Deleter(_) | Role::ClassAttribute => false,
    }
}

fn check_role(method: &ImplMethod, call: &Call, options: &MethodOptions, report: &mut Report) {
    let name = &method.function.name;
    let (wanted, shown) = match &method.role {
        Role::Special(special) => (
            special.kind.arguments(),
            format!("write `{}`", special.shown),
        ),
        Role::Getter(attribute) => (
            Some(0),
            format!("a getter takes no arguments: `fn {attribute}(&self) -> …`"),
        ),
        Role::Setter(attribute) => (
            Some(1),
            format!("a setter takes the new value: `fn set_{attribute}(&mut self, value: …)`"),
        ),
        Role::Deleter(attribute) => (
            Some(0),
            format!("a deleter takes no arguments: `fn delete_{attribute}(&mut self)`"),
        ),
        Role::ClassAttribute => (
            Some(0),
            "a class attribute takes no parameters except `ctx: Context<'ctx>`: remove the others"
                .to_owned(),
        ),
        Role::New | Role::Call | Role::Method | Role::ClassMethod | Role::StaticMethod => {
            (None, String::new())
        }
    };
    let Some(wanted) = wanted else { return };
    if passed(call) != wanted {
        let message = match &method.role {
            Role::Special(special) => format!(
                "Python passes {} to `{}`: {shown}",
                match wanted {
                    0 => "no argument".to_owned(),
                    1 => "one argument".to_owned(),
                    count => format!("{count} arguments"),
                },
                special.name
            ),
            _ => shown,
        };
        report.at(name, message);
    }
    let chosen = [
        (options.signature.is_some(), "the signature"),
        (options.keywords.is_some(), "`keywords`"),
    ];
    for (_, what) in chosen.iter().filter(|(is_chosen, _)| *is_chosen) {
        report.at(
            name,
            format!("Python decides how to pass arguments to `{name}`: remove {what}"),
        );
    }
}

/// Reports an `async fn` whose result Python does not await.
fn check_async(method: &ImplMethod, report: &mut Report) {
    let Some(word) = (method.function.qualifiers.iter()).find(|word| *word == "async") else {
        return;
    };
    let awaited = match &method.role {
        Role::Method | Role::StaticMethod | Role::ClassMethod => true,
        Role::Special(special) => special.kind == SpecialKind::Call || special.name == "__anext__",
        _ => false,
    };
    if !awaited {
        report.at(
            word,
            "Python does not await this function: remove `async`. Methods, `__call__`, \
             `__anext__`, `__aenter__` and `__aexit__` may be async",
        );
    }
}

fn check_new(before: &[CheckedMethod], method: &ImplMethod, report: &mut Report) {
    let name = &method.function.name;
    let same = before.iter().any(|other| {
        other.method.role == method.role
            && matches!(
                method.role,
                Role::New | Role::Getter(_) | Role::Setter(_) | Role::Deleter(_)
            )
    });
    if same {
        let what = match &method.role {
            Role::Getter(name) => format!("a getter of `{name}`"),
            Role::Setter(name) => format!("a setter of `{name}`"),
            Role::Deleter(name) => format!("a deleter of `{name}`"),
            _ => "a #[new]".to_owned(),
        };
        report.at(name, format!("there is {what} already: keep one"));
    }
    let kind = |method: &ImplMethod| match &method.role {
        Role::Special(special) => Some(special.kind),
        _ => None,
    };
    let is = |method: &ImplMethod, compares: bool| match kind(method) {
        Some(SpecialKind::RichCompare) => !compares,
        Some(SpecialKind::Comparison(_)) => compares,
        _ => false,
    };
    for compares in [false, true] {
        if is(method, compares) && before.iter().any(|other| is(other.method, !compares)) {
            report.at(
                name,
                "`__richcmp__` handles all comparisons: keep it or the methods for single ones",
            );
        }
    }
}
