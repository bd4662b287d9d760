//! An enum whose variants hold data: a class, and for each variant a class that derives from it.
//! PyO3's complex enums.

use super::base::Base;
use super::check::{self, Class, Kind, common};
use super::data_types;
use super::expand::{self, Variants};
use super::field_attributes::{FieldAttribute, check_attribute_type};
use super::from_traits::{self, Derived};
use super::options::{TypeOptions, VARIANT, VariantOptions};
use super::pickle::Pickle;
use super::stub_description::annotation;
use super::{blocks, generated_block, methods};
use crate::docstring::{self, c_literal};
use crate::function::expand::in_line_constant;
use crate::function::in_line::converts_quickly;
use crate::pyo3_habits::take_attributes;
use crate::python_name;
use crate::report::Report;
use crate::stubs::{self, Described};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Index, LitStr, Member, Variant};

/// An enum with data that is in order.
pub struct DataEnumeration {
    class: Class,
    variants: Vec<DataVariant>,
}

/// A variant, as Python sees it.
struct DataVariant {
    class: Class,
    name: Ident,
    fields: Vec<Field>,
    /// Whether it is a tuple.
    is_tuple: bool,
    /// The constructor's signature, if one was given.
    constructor: Option<TokenStream>,
}

/// The field of a variant.
struct Field {
    member: Member,
    /// The parameter of the constructor.
    parameter: Ident,
    ty: syn::Type,
}

/// Whether any variant holds data. PyO3 takes `Nothing {}` for such a variant too.
pub fn holds_data(data: &DataEnum) -> bool {
    let mut variants = data.variants.iter();
    variants.any(|variant| !matches!(variant.fields, Fields::Unit))
}

/// Reports all errors and removes the option attributes from variants and fields.
pub fn check(
    input: &mut DeriveInput,
    options: &TypeOptions,
    report: &mut Report,
) -> DataEnumeration {
    let name = common(input, options, report);
    data_types::check(input, report);
    for key in options.of_no_data_enum() {
        report.at(
            key,
            format!("an enum whose variants hold data has no `{key}`: remove it"),
        );
    }
    if let Some((_, Some(by))) = &options.pickle {
        report.at(
            by,
            "the fields of an enum's variants are pickled by their conversions: remove `= serde`",
        );
    }
    let conditions: Vec<Attribute> = (input.attrs.iter())
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .cloned()
        .collect();
    let module = options.module.as_ref().map(LitStr::value);
    let mut variants: Vec<DataVariant> = Vec::new();
    if let Data::Enum(data) = &mut input.data {
        for variant in &mut data.variants {
            let checked = check_variant(&input.ident, variant, options, module.clone(), report);
            if variants
                .iter()
                .any(|before| before.class.name == checked.class.name)
            {
                let name = &checked.class.name;
                report.at(
                    &variant.ident,
                    format!("there is a variant `{name}` already: give this one another name"),
                );
            }
            variants.push(checked);
        }
    }
    // The value never changes, so it may be hashed.
    let frozen = TypeOptions {
        frozen: Some(input.ident.clone()),
        eq: options.eq.clone(),
        ord: options.ord.clone(),
        hash: options.hash.clone(),
        repr: options.repr.clone(),
        str: options.str.clone(),
        ..TypeOptions::default()
    };
    let class = Class {
        doc: docstring::text(&input.attrs, report),
        subclass: false,
        frozen: true,
        base: None,
        derived: from_traits::check(&frozen, &Fields::Unit, &[], report),
        conditions,
        blocks: check::blocks(options, report),
        generic: options.generic.clone(),
        register: check::register(options, report),
        unsendable: options.unsendable.is_some(),
        ..blank(name, module, Kind::Enum)
    };
    DataEnumeration { class, variants }
}

/// A class with nothing in it.
fn blank(name: String, module: Option<String>, kind: Kind) -> Class {
    Class {
        name,
        module,
        doc: String::new(),
        subclass: false,
        frozen: true,
        base: None,
        legacy_slots: None,
        metaclass: None,
        dict: false,
        weakref: false,
        attributes: Vec::new(),
        unsendable: false,
        pickle: None,
        shared: None,
        from_handle: None,
        kind,
        derived: Derived::default(),
        blocks: Vec::new(),
        new: None,
        generic: None,
        register: None,
        conditions: Vec::new(),
    }
}

fn check_variant(
    of: &Ident,
    variant: &mut Variant,
    options: &TypeOptions,
    module: Option<String>,
    report: &mut Report,
) -> DataVariant {
    let given = take_options(&mut variant.attrs, report);
    for condition in variant.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
        report.at(
            condition,
            "a variant cannot depend on a cfg: write the enum twice, each with its #[cfg(…)]",
        );
    }
    let (name, place) = match (&given.name, &options.rename_all) {
        (Some(literal), _) => (literal.value(), literal.to_token_stream()),
        (None, Some((_, rule))) => (
            rule.apply(&python_name::of_ident(&variant.ident)),
            variant.ident.to_token_stream(),
        ),
        (None, None) => (
            python_name::of_ident(&variant.ident),
            variant.ident.to_token_stream(),
        ),
    };
    let problem = python_name::problem(&name).or_else(|| {
        let refused = name == "mro" || name.starts_with("__");
        refused.then(|| format!("classes have something of the name `{name}`"))
    });
    if let Some(problem) = problem {
        let other = format!("{}_", name.trim_matches('_'));
        report.at(
            place,
            format!("{problem}: give the variant another name, as in #[hpy(name = \"{other}\")]"),
        );
    }
    let is_tuple = matches!(variant.fields, Fields::Unnamed(_));
    let name_of_variant = variant.ident.clone();
    let (mut attributes, mut fields) = (Vec::<FieldAttribute>::new(), Vec::new());
    for (place, field) in variant.fields.iter_mut().enumerate() {
        let given = take_options(&mut field.attrs, report);
        if let Some((key, _)) = &given.constructor {
            report.at(
                key,
                "a constructor is a variant's: write it above the variant",
            );
        }
        for condition in field.attrs.iter().filter(|a| a.path().is_ident("cfg")) {
            report.at(
                condition,
                "an attribute cannot depend on a cfg: write the enum twice, each with its \
                 #[cfg(…)]",
            );
        }
        check_attribute_type(&field.ty, true, report);
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::Unnamed(Index::from(place)),
        };
        let own = match &field.ident {
            Some(name) => name.clone(),
            None => format_ident!("_{place}"),
        };
        let (name, at) = match &given.name {
            Some(literal) => (literal.value(), literal.to_token_stream()),
            None => (python_name::of_ident(&own), own.to_token_stream()),
        };
        if let Some(problem) = python_name::problem(&name) {
            let other = format!("{}_", name.trim_matches('_'));
            report.at(
                at,
                format!("{problem}: give the field another name, as in #[hpy(name = \"{other}\")]"),
            );
        } else if attributes.iter().any(|before| before.name == name) {
            report.at(
                at,
                format!("there is a field `{name}` already: give this one another name"),
            );
        }
        let parameter = match syn::parse_str::<Ident>(&name) {
            Ok(mut parameter) => {
                parameter.set_span(own.span());
                parameter
            }
            Err(_) => own,
        };
        attributes.push(FieldAttribute {
            name,
            doc: docstring::text(&field.attrs, report),
            field: quote!(#of::#name_of_variant { #member: value, .. }),
            ty: field.ty.clone(),
            set: false,
            of_enum: Some(of.clone()),
        });
        fields.push(Field {
            member,
            parameter,
            ty: field.ty.clone(),
        });
    }
    let names = attributes.iter().map(|one| one.name.clone()).collect();
    let pickle = options.pickle.as_ref().map(|(key, _)| {
        let shown = attributes.iter().map(|one| one.name.clone());
        let fields = fields.iter().zip(shown);
        Pickle {
            key: key.clone(),
            by_serde: None,
            fields: fields
                .map(|(field, shown)| (field.member.clone(), field.ty.clone(), shown))
                .collect(),
            of: Some((of.clone(), variant.ident.clone())),
        }
    });
    DataVariant {
        class: Class {
            doc: docstring::text(&variant.attrs, report),
            base: Some(Base::of_variant(of)),
            derived: Derived::of_variant(names),
            pickle,
            attributes,
            ..blank(name, module, Kind::Variant)
        },
        name: variant.ident.clone(),
        fields,
        is_tuple,
        constructor: given.constructor.map(|(_, signature)| signature),
    }
}

/// Takes `#[hpy(…)]` from a variant or field.
fn take_options(attributes: &mut Vec<Attribute>, report: &mut Report) -> VariantOptions {
    let (own, others): (Vec<Attribute>, Vec<Attribute>) = std::mem::take(attributes)
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("hpy"));
    *attributes = others;
    take_attributes(attributes, "#[hpy(…)]", report);
    let mut given = VariantOptions::default();
    for attribute in &own {
        given.read_attribute(attribute, VARIANT, report);
    }
    given
}

/// The expansion of a valid enum.
pub fn expand(input: &DeriveInput, checked: &DataEnumeration, report: &mut Report) -> TokenStream {
    let this = &input.ident;
    let DataEnumeration { class, variants } = checked;
    let markers: Vec<Ident> = (0..variants.len())
        .map(|number| format_ident!("__Hpy{this}{number}"))
        .collect();
    let names = variants.iter().map(|variant| &variant.name);
    let shown = variants.iter().map(|variant| &variant.class.name);
    let object = super::expand::base(class);
    let all = blocks::descriptions(class);
    let described =
        Described::new(|id| stubs::of_class(this, class, &object, [&all, &markers], id));
    let annotation = described.as_ref().map(|_| annotation(this));
    let classes = variants
        .iter()
        .zip(&markers)
        .map(|(variant, marker)| class_of_variant(this, variant, marker));
    let members = quote! {
        fn add_variants<'ctx>(
            class: &__hpy::Handle<'ctx, ::hpy::types::Type>,
            module: ::core::option::Option<&__hpy::Handle<'ctx, ::hpy::types::Module>>,
        ) -> __hpy::Result<()> {
            #(__hpy::add_variant::<#markers>(class, module)?;)*
            __hpy::close_enum::<#this>(class)
        }
        #[inline]
        fn into_variant(
            self,
            ctx: __hpy::Context<'_>,
        ) -> __hpy::Result<__hpy::Handle<'_>> {
            match &self {
                #(#this::#names { .. } => {
                    ::core::result::Result::Ok(ctx.instance((#markers, self))?.into_object())
                })*
            }
        }
    };
    // Its variants' classes would hide a method of the enum.
    let pickle_check = variants
        .iter()
        .find_map(|variant| variant.class.pickle.as_ref())
        .map(|pickle| pickle.check(this));
    let items = quote! {
        #pickle_check
        const _: () = __hpy::check_variants(
            &[#(#shown),*],
            <#this as __hpy::PyClass>::METHODS.names,
            <#this as __hpy::PyClass>::METHODS.special,
        );
        impl<'ctx> __hpy::IntoHandle<'ctx> for #this {
            #annotation
            #[inline]
            fn into_handle(
                self,
                ctx: __hpy::Context<'ctx>
            ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                __hpy::PyClass::into_variant(self, ctx)
            }
        }
        impl<'from, 'ctx> __hpy::FromHandle<'from, 'ctx> for #this
        where
            #this: __hpy::CloneIn<'ctx>,
        {
            #annotation
            #[inline]
            fn from_handle(handle: &'from __hpy::Handle<'ctx>) -> __hpy::Result<Self> {
                __hpy::variant_value::<Self>(handle)
            }
        }
        #(#classes)*
    };
    let class_code = expand::class(input, class, described, Some(Variants { members, items }));
    let generated = generated_block::expand(this, class, report);
    quote!(#class_code #generated)
}

/// The class of a variant: a struct without data, whose objects have the enum's.
fn class_of_variant(this: &Ident, variant: &DataVariant, marker: &Ident) -> TokenStream {
    let input: DeriveInput = syn::parse_quote! {
        struct #marker;
    };
    let class = &variant.class;
    let base = class.base.as_ref().map(Base::ty).unwrap_or_default();
    let all = blocks::descriptions(class);
    let described = Described::new(|id| stubs::of_class(marker, class, &base, [&all, &[]], id));
    let variants = Variants {
        members: quote! {
            #[inline]
            fn of_enum(
                ctx: __hpy::Context<'_>,
            ) -> __hpy::Result<__hpy::Handle<'_, ::hpy::types::Type>> {
                __hpy::variant_of::<Self, #this>(ctx)
            }
        },
        items: TokenStream::new(),
    };
    let emitted = expand::class(&input, class, described, Some(variants));
    let methods = methods::expand(
        TokenStream::new(),
        methods_of_variant(this, variant, marker),
    );
    quote!(#emitted #methods)
}

/// The `impl` that `#[hpy_methods]` would stand above.
fn methods_of_variant(this: &Ident, variant: &DataVariant, marker: &Ident) -> TokenStream {
    let name = &variant.name;
    let parameters: Vec<&Ident> = variant.fields.iter().map(|one| &one.parameter).collect();
    let types = variant.fields.iter().map(|one| &one.ty);
    let members = variant.fields.iter().map(|one| &one.member);
    let signature = match &variant.constructor {
        Some(signature) => quote!(#[hpy(signature = #signature)]),
        None => quote!(#[hpy(signature = (#(#parameters),*))]),
    };
    let items = (variant.is_tuple && !variant.fields.is_empty()).then(|| {
        let names = variant.class.attributes.iter().map(|one| &one.name);
        let count = Literal::usize_unsuffixed(variant.fields.len());
        quote! {
            fn __len__(_this: &::hpy::Handle<'_, Self>) -> ::core::primitive::usize {
                #count
            }
            fn __getitem__<'ctx>(
                this: &::hpy::Handle<'ctx, Self>,
                index: ::hpy::__private::VariantIndex,
            ) -> ::hpy::Result<::hpy::Handle<'ctx>> {
                ::hpy::__private::variant_item(this.as_object(), index, &[#(#names),*])
            }
        }
    });
    quote! {
        impl #marker {
            #[new]
            #signature
            #[allow(clippy::used_underscore_binding, clippy::too_many_arguments)]
            fn new(#(#parameters: #types),*) -> (Self, #this) {
                (#marker, #this::#name { #(#members: #parameters),* })
            }
            #items
        }
    }
}

/// The attribute of a variant that is one of its fields.
pub fn attribute(of: &Ident, place: usize, one: &FieldAttribute) -> TokenStream {
    let (number, place) = (
        Literal::usize_unsuffixed(place),
        format_ident!("__HPY_FIELD_{place}"),
    );
    let (pattern, ty) = (&one.field, &one.ty);
    let here = Span::call_site();
    let (name, doc) = (c_literal(&one.name, here), c_literal(&one.doc, here));
    let quick = converts_quickly(ty);
    let in_line = quick.then(in_line_constant);
    quote! {
        impl __hpy::NoArgsMethod for __HpyField<#number> {
            #in_line
            #[inline(always)]
            fn call<'ctx>(
                ctx: __hpy::Context<'ctx>,
                this: &__hpy::Handle<'ctx>,
            ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                __hpy::get_variant_field::<#of, #ty, #quick>(ctx, this, |data| match data {
                    #pattern => ::core::option::Option::Some(value),
                    #[allow(unreachable_patterns)]
                    _ => ::core::option::Option::None,
                })
            }
        }
        static #place: __hpy::MethodStatic =
            __hpy::attribute_def::<__HpyField<#number>, __hpy::Absent>(#name, #doc);
    }
}
