//! What a type's declaration means for its conversion, and what of it is a mistake.

use super::direction::Direction;
use super::options::{Above, ContainerOptions, FieldOptions};
use super::rename::Rule;
use crate::python_name;
use crate::report::Report;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Data, DeriveInput, Fields, GenericParam, Lifetime, Member, Path, Type};

/// A type that is in order.
pub struct CheckedType<'i> {
    pub body: Body<'i>,
    /// The lifetime of what is converted, if the type borrows from it.
    pub borrowed: Option<&'i Lifetime>,
    /// Whether the type has a lifetime `'ctx` of its own.
    pub has_ctx: bool,
    /// The type parameters that occur in what is converted.
    pub converted: Vec<&'i Ident>,
    /// Whether a value may contain others of its type.
    pub may_nest: bool,
}

pub enum Body<'i> {
    Struct(Box<Product<'i>>),
    Enum(Vec<(&'i Ident, Product<'i>)>),
}

/// A struct or a variant: what is built of fields.
pub struct Product<'i> {
    /// `Self`, `Self::Variant`
    pub path: TokenStream,
    /// What errors call it.
    pub label: String,
    pub shape: ProductShape<'i>,
}

pub enum ProductShape<'i> {
    /// The object is the field.
    Transparent(Field<'i>),
    /// A tuple has the fields.
    Tuple(Vec<Field<'i>>),
    /// Attributes or items are the fields.
    Named(Vec<Field<'i>>),
    /// The str of that text.
    Unit(String),
}

pub struct Field<'i> {
    pub member: Member,
    pub ty: &'i Type,
    pub key: Key,
    /// `default`: an expression.
    pub default: Option<TokenStream>,
    pub from_with: Option<Path>,
    pub into_with: Option<Path>,
}

pub enum Key {
    Attribute(String),
    Item(TokenStream),
}

/// Checks the declaration. None where nothing can be made of it.
pub fn check<'i>(
    direction: Direction,
    input: &'i DeriveInput,
    report: &mut Report,
) -> Option<CheckedType<'i>> {
    let options = ContainerOptions::read(&input.attrs, Above::Type, report);
    let name = python_name::of_ident(&input.ident);
    let checker = Checker { direction };
    let body = match &input.data {
        Data::Union(union) => {
            report.at(
                union.union_token,
                format!(
                    "{} can't be derived for a union: which of its fields holds is not known",
                    direction.name()
                ),
            );
            return None;
        }
        Data::Struct(data) => {
            let shape = match &data.fields {
                Fields::Unit => None,
                fields => checker.shape(
                    &input.ident,
                    fields,
                    &options,
                    &ContainerOptions::default(),
                    report,
                ),
            };
            let Some(shape) = shape else {
                if data.fields.is_empty() {
                    report.at(
                        &input.ident,
                        format!(
                            "{} can't be derived for a struct without fields: implement it by hand",
                            direction.name()
                        ),
                    );
                }
                return None;
            };
            Body::Struct(Box::new(Product {
                path: quote!(Self),
                label: name,
                shape,
            }))
        }
        Data::Enum(data) => {
            if let Some(transparent) = &options.transparent {
                report.at(
                    transparent,
                    "`transparent` is for structs and variants: put it above the variants that it is for",
                );
            }
            if data.variants.is_empty() {
                report.at(
                    &input.ident,
                    format!(
                        "{} can't be derived for an enum without variants: it has no values",
                        direction.name()
                    ),
                );
            }
            let variants = data.variants.iter().filter_map(|variant| {
                let own = ContainerOptions::read(&variant.attrs, Above::Variant, report);
                let ident = &variant.ident;
                let shape = checker.variant(ident, &variant.fields, &own, &options, report)?;
                let label = format!("{name}::{}", python_name::of_ident(ident));
                let product = Product {
                    path: quote!(Self::#ident),
                    label,
                    shape,
                };
                Some((ident, product))
            });
            Body::Enum(variants.collect())
        }
    };
    let fields = body.fields();
    let (borrowed, has_ctx) = lifetimes(direction, input, &fields, report);
    let converted = input.generics.type_params().map(|param| &param.ident);
    let converted = converted
        .filter(|param| {
            fields.iter().any(|(_, field)| {
                let by_function = match direction {
                    Direction::From => &field.from_with,
                    Direction::Into => &field.into_with,
                };
                by_function.is_none() && mentions(field.ty, param)
            })
        })
        .collect();
    let may_nest = fields.iter().any(|(_, field)| !is_plain(field.ty));
    Some(CheckedType {
        may_nest,
        borrowed,
        has_ctx,
        converted,
        body,
    })
}

struct Checker {
    direction: Direction,
}

impl Checker {
    fn variant<'i>(
        &self,
        ident: &'i Ident,
        fields: &'i Fields,
        own: &ContainerOptions,
        outer: &ContainerOptions,
        report: &mut Report,
    ) -> Option<ProductShape<'i>> {
        if fields.is_empty() {
            if !matches!(fields, Fields::Unit) {
                report.at(
                    fields,
                    "a variant without fields is written without brackets here: it is the str of its name",
                );
            }
            for option in [&own.transparent, &own.from_item_all].into_iter().flatten() {
                report.at(option, format!("`{option}` is for a variant with fields"));
            }
            let text = match (&own.name, rename(own, outer)) {
                (Some(name), _) => name.value(),
                (None, rule) => renamed(&python_name::of_ident(ident), rule),
            };
            return Some(ProductShape::Unit(text));
        }
        if let Some(name) = &own.name {
            report.at(
                name,
                "`name` is for a variant without fields, which is the str of its name",
            );
        }
        self.shape(ident, fields, own, outer, report)
    }

    /// What is built of fields. `outer` has the options that hold for all variants.
    fn shape<'i>(
        &self,
        ident: &'i Ident,
        fields: &'i Fields,
        own: &ContainerOptions,
        outer: &ContainerOptions,
        report: &mut Report,
    ) -> Option<ProductShape<'i>> {
        let read: Vec<(&syn::Field, FieldOptions)> = fields
            .iter()
            .map(|field| (field, FieldOptions::read(&field.attrs, report)))
            .collect();
        let by_items = own.from_item_all.is_some() || outer.from_item_all.is_some();
        if own.transparent.is_some() && fields.len() != 1 {
            report.at(
                ident,
                format!(
                    "`transparent` means that the object is the only field, but there are {}",
                    fields.len()
                ),
            );
        }
        let newtype = fields.len() == 1
            && (own.transparent.is_some() || matches!(fields, Fields::Unnamed(_)));
        if newtype || matches!(fields, Fields::Unnamed(_)) {
            if let Some(all) = &own.from_item_all {
                report.at(all, "`from_item_all` is for fields that have names");
            }
            if let Some((all, _)) = &own.rename_all {
                report.at(all, "`rename_all` is for fields that have names");
            }
            let why = if newtype {
                "the object itself is the field: it has no attribute, item or default"
            } else {
                "the fields of a tuple are its items in their order: they have no attribute, item or default"
            };
            for (_, options) in &read {
                for span in options.of_named_fields() {
                    report.at_span(span, why);
                }
            }
        }
        let rule = rename(own, outer);
        let mut built = Vec::new();
        for (index, (field, options)) in read.into_iter().enumerate() {
            let member = match &field.ident {
                Some(ident) => Member::Named(ident.clone()),
                None => Member::Unnamed(index.into()),
            };
            let key = key(field, &options, by_items, rule, report);
            if !newtype && self.direction == Direction::From && options.from_with.is_none() {
                outlives(&field.ty, report);
            }
            built.push(Field {
                member,
                ty: &field.ty,
                key,
                default: options.default.map(|(_, value)| {
                    value.unwrap_or_else(|| quote!(::core::default::Default::default()))
                }),
                from_with: options.from_with,
                into_with: options.into_with,
            });
        }
        if newtype {
            return built.pop().map(ProductShape::Transparent);
        }
        match fields {
            _ if built.is_empty() => None,
            Fields::Unnamed(_) => Some(ProductShape::Tuple(built)),
            _ => Some(ProductShape::Named(built)),
        }
    }
}

impl FieldOptions {
    /// The places of the options that only a field with a name has.
    fn of_named_fields(&self) -> Vec<Span> {
        let attribute = self.attribute.iter().map(|(key, _)| key.span());
        let item = self.item.iter().map(|(key, _)| key.span());
        let name = self.name.iter().map(|name| name.span());
        let default = self.default.iter().map(|(key, _)| key.span());
        attribute.chain(item).chain(name).chain(default).collect()
    }
}

/// `rename_all` above a variant is for its fields, above an enum for all that have none.
fn rename(own: &ContainerOptions, outer: &ContainerOptions) -> Option<Rule> {
    own.rename_all
        .as_ref()
        .or(outer.rename_all.as_ref())
        .map(|(_, rule)| *rule)
}

fn renamed(name: &str, rule: Option<Rule>) -> String {
    rule.map_or_else(|| name.to_owned(), |rule| rule.apply(name))
}

/// By what a field with a name is found.
fn key(
    field: &syn::Field,
    options: &FieldOptions,
    by_items: bool,
    rule: Option<Rule>,
    report: &mut Report,
) -> Key {
    let own = field.ident.as_ref().map(python_name::of_ident);
    let mut name = renamed(&own.unwrap_or_default(), rule);
    if let Some(given) = &options.name {
        name = given.value();
    }
    if let (Some((attribute, _)), Some(_)) = (&options.attribute, &options.item) {
        report.at(
            attribute,
            "a field is an attribute or an item: `attribute` and `item` don't go together",
        );
    }
    let twice = match (&options.attribute, &options.item) {
        (Some((key, Some(_))), _) | (_, Some((key, Some(_)))) => options.name.as_ref().map(|_| key),
        _ => None,
    };
    if let Some(key) = twice {
        report.at(key, "the name is given twice: drop `name`");
    }
    match (&options.attribute, &options.item) {
        (_, Some((_, Some(item)))) => Key::Item(item.clone()),
        (_, Some((_, None))) => Key::Item(quote!(#name)),
        (Some((_, given)), None) => {
            if let Some(given) = given {
                name = given.value();
                if name.contains('\0') {
                    report.at(given, "an attribute's name has no NUL");
                }
            }
            Key::Attribute(name)
        }
        (None, None) if by_items => Key::Item(quote!(#name)),
        (None, None) => {
            if let Some(given) = &options.name
                && name.contains('\0')
            {
                report.at(given, "an attribute's name has no NUL");
            }
            Key::Attribute(name)
        }
    }
}

/// The object of a field is closed when the field is converted: nothing may borrow from it.
fn outlives(ty: &Type, report: &mut Report) {
    let mut tokens = Vec::new();
    flatten(ty.to_token_stream(), &mut tokens);
    let borrows = tokens.windows(2).any(|pair| match pair {
        [TokenTree::Punct(quote), TokenTree::Ident(name)] => {
            quote.as_char() == '\'' && name != "ctx"
        }
        _ => false,
    });
    if borrows || matches!(ty, Type::Reference(_)) {
        report.at(
            ty,
            "a field can't borrow from its object, which is closed when the field is made: \
             write an owned type (`String`, `Vec<u8>`, `Handle<'ctx>`)",
        );
    }
}

fn flatten(tokens: TokenStream, into: &mut Vec<TokenTree>) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => flatten(group.stream(), into),
            other => into.push(other),
        }
    }
}

fn mentions(ty: &Type, name: &Ident) -> bool {
    let mut tokens = Vec::new();
    flatten(ty.to_token_stream(), &mut tokens);
    tokens
        .iter()
        .any(|token| matches!(token, TokenTree::Ident(ident) if ident == name))
}

/// Types that contain nothing.
const PLAIN: &[&str] = &[
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "String",
];

pub fn is_plain(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if PLAIN.iter().any(|name| path.path.is_ident(name)))
}

/// The lifetime that is borrowed for, and whether there is one of the context.
fn lifetimes<'i>(
    direction: Direction,
    input: &'i DeriveInput,
    fields: &[(bool, &Field<'i>)],
    report: &mut Report,
) -> (Option<&'i Lifetime>, bool) {
    let mut borrowed = None;
    let mut has_ctx = false;
    for param in &input.generics.params {
        let GenericParam::Lifetime(param) = param else {
            continue;
        };
        if param.lifetime.ident == "ctx" {
            has_ctx = true;
        } else if direction == Direction::From {
            if borrowed.is_some() {
                report.at(
                    &param.lifetime,
                    "one lifetime is that of the object that is converted; call the context's `'ctx`",
                );
            } else if !fields.iter().any(|(transparent, _)| *transparent) {
                report.at(
                    &param.lifetime,
                    "only what is the object itself can borrow from it; call the context's lifetime `'ctx`",
                );
            }
            borrowed = Some(&param.lifetime);
        }
    }
    (borrowed, has_ctx)
}

impl<'i> Body<'i> {
    /// All fields, and whether each is the object itself.
    fn fields(&self) -> Vec<(bool, &Field<'i>)> {
        let of = |product| match product {
            &Product {
                shape: ProductShape::Transparent(ref field),
                ..
            } => vec![(true, field)],
            Product {
                shape: ProductShape::Tuple(fields) | ProductShape::Named(fields),
                ..
            } => fields.iter().map(|field| (false, field)).collect(),
            _ => Vec::new(),
        };
        match self {
            Body::Struct(product) => of(product),
            Body::Enum(variants) => variants
                .iter()
                .flat_map(|(_, product)| of(product))
                .collect(),
        }
    }
}

impl Field<'_> {
    /// What errors call it.
    pub fn label(&self) -> String {
        match &self.member {
            Member::Named(name) => python_name::of_ident(name),
            Member::Unnamed(index) => index.index.to_string(),
        }
    }

    /// A variable for its value.
    pub fn variable(&self) -> Ident {
        let name = match &self.member {
            Member::Named(name) => format_ident!("field_{}", python_name::of_ident(name)),
            Member::Unnamed(index) => format_ident!("field_{}", index.index),
        };
        Ident::new(&name.to_string(), Span::mixed_site())
    }
}
