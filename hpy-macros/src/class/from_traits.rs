//! Special methods that are derived from Rust's traits: `eq`, `ord`, `hash`, `repr`, `str`, and
//! `match_args`.

use super::field_attributes::FieldAttribute;
use super::format_string::{Format, Text};
use super::options::TypeOptions;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Fields;

/// What is derived, in order.
#[derive(Default)]
pub struct Derived {
    /// `eq`, and whether `ord` is there too.
    eq: Option<(Ident, bool)>,
    hash: Option<Ident>,
    repr: Option<(Ident, Option<Format>)>,
    str: Option<(Ident, Option<Format>)>,
    match_args: Option<Vec<String>>,
}

/// Reports what does not go together.
pub fn check(
    options: &TypeOptions,
    fields: &Fields,
    attributes: &[FieldAttribute],
    report: &mut Report,
) -> Derived {
    if let (Some(ord), None) = (&options.ord, &options.eq) {
        report.at(ord, "`ord` needs `eq`: write `eq, ord`");
    }
    if let (Some(hash), None) = (&options.hash, &options.frozen) {
        report.at(
            hash,
            "the hash of an object must not change: write `frozen, hash`, or a `__hash__` that \
             uses only data that does not change",
        );
    }
    let match_args = options.match_args.as_ref().map(|asked| match &asked.names {
        Some(names) => {
            for (name, place) in names {
                if let Some(problem) = python_name::problem(name) {
                    report.at(place, format!("{problem}: write the name of an attribute"));
                }
            }
            names.iter().map(|(name, _)| name.clone()).collect()
        }
        None => {
            if attributes.is_empty() {
                report.at(
                    &asked.key,
                    "`match_args` lists the fields with #[hpy(get)], but there are none: name \
                     attributes, as in `match_args = (x, y)`",
                );
            }
            attributes.iter().map(|one| one.name.clone()).collect()
        }
    });
    Derived {
        eq: options.eq.clone().map(|key| (key, options.ord.is_some())),
        hash: options.hash.clone(),
        repr: options
            .repr
            .as_ref()
            .map(|text| formatted(text, fields, report)),
        str: options
            .str
            .as_ref()
            .map(|text| formatted(text, fields, report)),
        match_args,
    }
}

/// Those of an enum without data, which has `==`, `hash` and `repr` from Python's `enum`.
pub fn of_enum(options: &TypeOptions, report: &mut Report) -> Derived {
    if let (Some(ord), Some(_)) = (&options.ord, &options.int) {
        report.at(
            ord,
            "with `int`, members have the order of their values: remove `ord`",
        );
    }
    let mut text = |text: &Text| {
        if let Some(format) = &text.format {
            let key = &text.key;
            report.at(
                format,
                format!("the variants have no fields to show: write `{key}` alone"),
            );
        }
        (text.key.clone(), None)
    };
    Derived {
        eq: options.ord.clone().map(|key| (key, true)),
        repr: options.repr.as_ref().map(&mut text),
        str: options.str.as_ref().map(&mut text),
        ..Derived::default()
    }
}

fn formatted(text: &Text, fields: &Fields, report: &mut Report) -> (Ident, Option<Format>) {
    let format = text.format.as_ref();
    let format = format.map(|format| Format::check(format, fields, report));
    (text.key.clone(), format)
}

impl Derived {
    /// What a variant has of its own: the names that `case` takes it apart by.
    pub fn of_variant(names: Vec<String>) -> Self {
        Self {
            match_args: Some(names),
            ..Self::default()
        }
    }

    /// Which there are, by their options.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let ord = self.eq.as_ref().is_some_and(|(_, ord)| *ord);
        [
            (self.eq.is_some(), "eq"),
            (ord, "ord"),
            (self.hash.is_some(), "hash"),
            (self.repr.is_some(), "repr"),
            (self.str.is_some(), "str"),
        ]
        .into_iter()
        .filter_map(|(is, name)| is.then_some(name))
    }

    /// `__match_args__`.
    pub fn match_args(&self) -> Option<&[String]> {
        self.match_args.as_deref()
    }

    /// A `Derived`.
    pub fn flags(&self) -> TokenStream {
        let (eq, hash) = (self.eq.is_some(), self.hash.is_some());
        let (repr, str) = (self.repr.is_some(), self.str.is_some());
        quote!(__hpy::Derived { eq: #eq, hash: #hash, repr: #repr, str: #str })
    }

    /// Two fields of the type's `Description`.
    pub fn description(&self) -> TokenStream {
        let flags = self.flags();
        let match_args = match &self.match_args {
            Some(names) => quote!(::core::option::Option::Some(&[#(#names),*])),
            None => quote!(::core::option::Option::None),
        };
        quote! {
            derived: #flags,
            match_args: #match_args
        }
    }

    /// The statics with the slots' definitions, their names, and the check against duplicates. The
    /// trait is `PyClass` or `PyEnum`.
    pub fn slots(&self, this: &Ident, of: &str) -> (TokenStream, Vec<TokenStream>) {
        let of = Ident::new(of, Span::call_site());
        let mut code = TokenStream::new();
        let repr = text_slot(&self.repr, this, ["__HpyRepr", "DerivedRepr"], &mut code);
        let str = text_slot(&self.str, this, ["__HpyStr", "DerivedStr"], &mut code);
        let slots = [
            self.eq.as_ref().map(|(key, ord)| {
                let by = if *ord { "DerivedOrd" } else { "DerivedEq" };
                (
                    key,
                    "HPy_tp_richcompare",
                    "compare",
                    by_trait(this, by, key.span()),
                )
            }),
            (self.hash.as_ref()).map(|key| {
                (
                    key,
                    "HPy_tp_hash",
                    "hash",
                    by_trait(this, "DerivedHash", key.span()),
                )
            }),
            repr.map(|(key, by)| (key, "HPy_tp_repr", "unary", by)),
            str.map(|(key, by)| (key, "HPy_tp_str", "unary", by)),
        ];
        let mut listed = Vec::new();
        for (key, slot, shape, by) in slots.into_iter().flatten() {
            let place = format_ident!("__HPY_DERIVED_{}", listed.len());
            let span = key.span();
            let name = |text: &str| Ident::new(text, span);
            let (slot, shape) = (name(slot), name(shape));
            code.extend(quote_spanned! {span=>
                static #place: __hpy::MethodStatic =
                    __hpy::slot_def(::hpy::sys::#slot, __hpy::slots::#shape::<#by>());
            });
            listed.push(quote!(#place.def(c"")));
        }
        if !listed.is_empty() {
            code.extend(quote! {
                const _: () = __hpy::check_derived(
                    <#this as __hpy::#of>::DESCRIPTION.derived,
                    <#this as __hpy::#of>::METHODS.special,
                );
            });
        }
        (code, listed)
    }
}

/// The type that a slot is implemented for by one of Rust's traits.
fn by_trait(this: &Ident, derived: &str, span: Span) -> TokenStream {
    let derived = Ident::new(derived, span);
    quote_spanned!(span=> __hpy::#derived<#this>)
}

/// The option of a text, and the type that its slot is implemented for: a new one with a format
/// string, or that of a trait.
fn text_slot<'a>(
    text: &'a Option<(Ident, Option<Format>)>,
    this: &Ident,
    [marker, derived]: [&str; 2],
    code: &mut TokenStream,
) -> Option<(&'a Ident, TokenStream)> {
    let (key, format) = text.as_ref()?;
    let by = match format {
        Some(format) => {
            let marker = Ident::new(marker, Span::call_site());
            code.extend(format.implementation(this, &marker));
            quote!(#marker)
        }
        None => by_trait(this, derived, key.span()),
    };
    Some((key, by))
}
