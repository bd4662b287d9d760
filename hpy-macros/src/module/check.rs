//! Checks a module declaration.

use super::parse::{Constant, Declaration, ListedType, Name};
use crate::docstring;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Path};

/// A module that is in order.
pub struct Module {
    pub name: Name,
    pub doc: String,
    /// `#[cfg(…)]` above the declaration.
    pub conditions: Vec<Attribute>,
    pub methods: Vec<Path>,
    pub types: Vec<ListedType>,
    pub exceptions: Vec<Path>,
    pub constants: Vec<Constant>,
    pub globals: Vec<Path>,
    pub exec: Option<Path>,
    /// The function called when the interpreter ends.
    pub exit: Option<Path>,
    pub submodules: Vec<Submodule>,
    /// Whether several interpreters of a process may import it.
    pub many_interpreters: bool,
    /// Whether it needs the GIL.
    pub gil_used: bool,
    /// A table of functions in C.
    pub legacy_methods: Option<TokenStream>,
}

/// A module within it.
pub struct Submodule {
    pub name: Name,
    pub doc: String,
    pub methods: Vec<Path>,
    pub types: Vec<ListedType>,
    pub exceptions: Vec<Path>,
    pub constants: Vec<Constant>,
    pub exec: Option<Path>,
    pub submodules: Vec<Submodule>,
}

impl Module {
    /// The methods of the module and all its submodules in one list. The module's come first,
    /// `exit` last.
    pub fn all_methods(&self) -> Vec<&Path> {
        let mut all: Vec<&Path> = self.methods.iter().collect();
        for submodule in &self.submodules {
            submodule.add_methods(&mut all);
        }
        all.extend(self.exit.as_ref().filter(|exit| !self.lists(exit)));
        all
    }

    /// Whether `methods` has it.
    pub fn lists(&self, method: &Path) -> bool {
        let text = method.to_token_stream().to_string();
        self.methods
            .iter()
            .any(|listed| listed.to_token_stream().to_string() == text)
    }
}

impl Submodule {
    fn add_methods<'a>(&'a self, all: &mut Vec<&'a Path>) {
        all.extend(&self.methods);
        for submodule in &self.submodules {
            submodule.add_methods(all);
        }
    }
}

/// The maximum length of a module's name. CPython builds the entry points' names in a fixed buffer.
const LONGEST_NAME: usize = 200;

/// Reports all errors of the declaration.
pub fn check(declaration: Declaration, report: &mut Report) -> Option<Module> {
    let doc = docstring::text(&declaration.attributes, report);
    let mut conditions = Vec::new();
    for attribute in declaration.attributes {
        if attribute.path().is_ident("cfg") {
            conditions.push(attribute);
        } else if !attribute.path().is_ident("doc") {
            report.at(
                attribute,
                "a module takes a doc comment and #[cfg(…)]: remove this attribute",
            );
        }
    }
    let submodules = check_submodules(declaration.submodules, report);
    let mut methods: Vec<&Path> = declaration.methods.iter().collect();
    for submodule in &submodules {
        submodule.add_methods(&mut methods);
    }
    check_distinct(methods, "method", report);
    check_distinct(&declaration.exceptions, "exception", report);
    check_distinct(&declaration.globals, "global", report);
    check_distinct(
        declaration.types.iter().map(|one| &one.path),
        "type",
        report,
    );
    check_constants(&declaration.constants, report);
    let many_interpreters = choice(
        declaration.interpreters.as_ref(),
        ["one", "many"],
        "write `many` if several interpreters of a process may import the module, or `one`, which \
         is the default",
        report,
    );
    // Functions in C that were not written for free-threaded Python rely on the GIL.
    let gil_used = declaration.gil.is_none() && declaration.legacy_methods.is_some();
    let gil_used = gil_used
        || choice(
            declaration.gil.as_ref(),
            ["not_used", "used"],
            "write `used` if the module needs the GIL, or `not_used`, which is the default \
             without `legacy_methods`",
            report,
        );

    let Some(name) = declaration.name else {
        report.at_span(
            Span::call_site(),
            "a module needs a name: write `name: …,`, the name that Python imports",
        );
        return None;
    };
    check_name(&name, report);
    Some(Module {
        name,
        doc,
        conditions,
        methods: declaration.methods,
        types: declaration.types,
        exceptions: declaration.exceptions,
        constants: declaration.constants,
        globals: declaration.globals,
        exec: declaration.exec,
        exit: declaration.exit,
        submodules,
        many_interpreters,
        gil_used,
        legacy_methods: declaration.legacy_methods,
    })
}

fn check_submodules(submodules: Vec<(Name, Declaration)>, report: &mut Report) -> Vec<Submodule> {
    let mut checked: Vec<Submodule> = Vec::new();
    for (name, declaration) in submodules {
        check_name(&name, report);
        if checked.iter().any(|before| before.name.text == name.text) {
            report.at_span(
                name.span,
                format!("the submodule `{}` is given twice: keep one", name.text),
            );
        }
        let doc = docstring::text(&declaration.attributes, report);
        for attribute in &declaration.attributes {
            if !attribute.path().is_ident("doc") {
                report.at(
                    attribute,
                    "a submodule takes a doc comment: remove this attribute",
                );
            }
        }
        let outer = [
            declaration.exit.is_some().then_some("exit"),
            declaration.interpreters.is_some().then_some("interpreters"),
            declaration.gil.is_some().then_some("gil"),
            declaration
                .legacy_methods
                .is_some()
                .then_some("legacy_methods"),
            declaration.name.is_some().then_some("name"),
            (!declaration.globals.is_empty()).then_some("globals"),
        ];
        for key in outer.into_iter().flatten() {
            report.at_span(
                name.span,
                format!("`{key}` applies to the whole module: write it beside `submodules`"),
            );
        }
        check_distinct(
            declaration.types.iter().map(|one| &one.path),
            "type",
            report,
        );
        check_distinct(&declaration.exceptions, "exception", report);
        check_constants(&declaration.constants, report);
        checked.push(Submodule {
            name,
            doc,
            methods: declaration.methods,
            types: declaration.types,
            exceptions: declaration.exceptions,
            constants: declaration.constants,
            exec: declaration.exec,
            submodules: check_submodules(declaration.submodules, report),
        });
    }
    checked
}

/// Whether the second of the two words is given. The first is the default.
fn choice(
    given: Option<&TokenTree>,
    words: [&str; 2],
    otherwise: &str,
    report: &mut Report,
) -> bool {
    let Some(given) = given else {
        return false;
    };
    let word = given.to_string();
    if !words.contains(&word.as_str()) {
        report.at(given, otherwise);
    }
    word == words[1]
}

fn check_name(name: &Name, report: &mut Report) {
    let Name { text, span } = name;
    if text.contains('.') {
        report.at_span(
            *span,
            "a module is declared under its own name: write the last part, and place the file in \
             its package",
        );
    } else if let Some(problem) = python_name::problem(text) {
        report.at_span(
            *span,
            format!("{problem}: choose a name that `import` can take"),
        );
    } else if !text.is_ascii() {
        report.at_span(
            *span,
            "the name of a compiled module must be ASCII, because it is part of \
             the names of its entry points",
        );
    } else if text.len() > LONGEST_NAME {
        report.at_span(
            *span,
            format!(
                "the name has {} characters: at most {LONGEST_NAME} are allowed",
                text.len()
            ),
        );
    }
}

fn check_distinct<'a>(paths: impl IntoIterator<Item = &'a Path>, what: &str, report: &mut Report) {
    let mut seen = Vec::new();
    for path in paths {
        let text = path.to_token_stream().to_string();
        if seen.contains(&text) {
            report.at(path, format!("this {what} is listed twice: keep one"));
        }
        seen.push(text);
    }
}

fn check_constants(constants: &[Constant], report: &mut Report) {
    let mut seen: Vec<&str> = Vec::new();
    for Constant { name, .. } in constants {
        if name.text.contains('\0') {
            report.at_span(
                name.span,
                "a constant's name cannot hold a NUL character: remove it",
            );
        }
        if seen.contains(&name.text.as_str()) {
            report.at_span(
                name.span,
                format!(
                    "the constant `{}` is given twice: keep one",
                    name.text.escape_debug()
                ),
            );
        }
        seen.push(&name.text);
    }
}

/// The identifier by which a path of one segment names a method.
pub fn plain_name(path: &Path) -> Option<&Ident> {
    path.get_ident()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::module::parse;
    use quote::quote;

    fn errors(tokens: TokenStream) -> Vec<String> {
        let mut report = Report::default();
        let declaration = parse::declaration(tokens, &mut report);
        check(declaration, &mut report);
        report.messages()
    }

    #[test]
    fn a_module_in_order_has_no_errors() {
        let mut report = Report::default();
        let tokens = quote! {
            #[doc = " Text."]
            #[cfg(unix)]
            name: quick, methods: [f, sub::f], constants: { A: 1, B: 1 }, globals: [C, D],
            exec: init
        };
        let module = check(parse::declaration(tokens, &mut report), &mut report).unwrap();
        assert!(report.is_empty());
        assert_eq!((module.doc.as_str(), module.conditions.len()), ("Text.", 1));
        assert_eq!(module.methods.iter().filter_map(plain_name).count(), 1);
    }

    #[test]
    fn names_must_be_importable() {
        assert_eq!(
            errors(quote!()),
            ["a module needs a name: write `name: …,`, the name that Python imports"]
        );
        assert_eq!(
            errors(quote!(name: lambda)),
            ["`lambda` is a keyword of Python: choose a name that `import` can take"]
        );
        assert_eq!(
            errors(quote!(name: "a-b")),
            ["`a-b` is not an identifier of Python: choose a name that `import` can take"]
        );
        assert_eq!(
            errors(quote!(name: "a.b")),
            [
                "a module is declared under its own name: write the last part, and place the file \
                 in its package"
            ]
        );
        assert_eq!(
            errors(quote!(name: "größe")),
            [
                "the name of a compiled module must be ASCII, because it is part of the names of \
                 its entry points"
            ]
        );
        let long = "a".repeat(201);
        assert_eq!(
            errors(quote!(name: #long)),
            ["the name has 201 characters: at most 200 are allowed"]
        );
    }

    #[test]
    fn doubles_are_refused() {
        assert_eq!(
            errors(
                quote!(name: m, methods: [f, a::f, f], globals: [C, C], constants: { A: 1, "A": 2 })
            ),
            [
                "this method is listed twice: keep one",
                "this global is listed twice: keep one",
                "the constant `A` is given twice: keep one",
            ]
        );
    }

    #[test]
    fn interpreters_are_one_or_many() {
        assert_eq!(errors(quote!(name: m, interpreters: one)), [""; 0]);
        assert_eq!(errors(quote!(name: m, interpreters: many)), [""; 0]);
        assert_eq!(
            errors(quote!(name: m, interpreters: two)),
            [
                "write `many` if several interpreters of a process may import the module, or \
                 `one`, which is the default"
            ]
        );
    }

    #[test]
    fn the_gil_is_used_or_not() {
        assert_eq!(errors(quote!(name: m, gil: used)), [""; 0]);
        assert_eq!(errors(quote!(name: m, gil: not_used)), [""; 0]);
        assert_eq!(
            errors(quote!(name: m, gil: false)),
            [
                "write `used` if the module needs the GIL, or `not_used`, which is the default \
                 without `legacy_methods`"
            ]
        );
    }

    #[test]
    fn what_cannot_be_is_said() {
        assert_eq!(
            errors(quote!(name: m, types: [Point, a::Point, Point])),
            ["this type is listed twice: keep one"]
        );
        assert_eq!(
            errors(quote!(#[inline] name: m)),
            ["a module takes a doc comment and #[cfg(…)]: remove this attribute"]
        );
        assert_eq!(
            errors(quote!(#[doc = "a\0"] name: m)),
            ["a docstring cannot hold a NUL character: remove it"]
        );
        assert_eq!(
            errors(quote!(name: m, constants: { "a\0": 1 })),
            ["a constant's name cannot hold a NUL character: remove it"]
        );
    }
}
