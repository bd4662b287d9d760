//! The code emitted for a type: the struct, its attributes, and the traits that `hpy` requires.

use super::check::{Class, Kind};
use super::field_attributes::FieldAttribute;
use super::stub_description::{annotation, item_and_id};
use crate::docstring::c_literal;
use crate::expression::ends;
use crate::function::expand::in_line_constant;
use crate::function::in_line::{converts_quickly, is_field};
use crate::stubs::Described;
use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

/// What an enum, or a variant, has beside a struct.
pub struct Variants {
    /// Members of `PyClass`.
    pub members: TokenStream,
    /// Items in the same block.
    pub items: TokenStream,
}

/// The expansion of a valid type.
pub fn class(
    input: &DeriveInput,
    class: &Class,
    described: Option<Described>,
    variants: Option<Variants>,
) -> TokenStream {
    let traits = traits(input, class, described, variants, &TokenStream::new());
    quote!(#input #traits)
}

/// What stands beside the struct. `aliases` are those of its type parameters.
pub fn traits(
    input: &DeriveInput,
    class: &Class,
    described: Option<Described>,
    variants: Option<Variants>,
    aliases: &TokenStream,
) -> TokenStream {
    let this = &input.ident;
    let conditions = &class.conditions;
    let attributes = class
        .attributes
        .iter()
        .enumerate()
        .map(|(place, one)| match &one.of_enum {
            Some(of) => super::data_enum::attribute(of, place, one),
            None => attribute(this.to_token_stream(), place, one),
        });
    let listed = class.attributes.iter().enumerate().map(|(place, one)| {
        let (place, name) = (
            format_ident!("__HPY_FIELD_{place}"),
            c_literal(&one.name, Span::call_site()),
        );
        quote!(#place.def(#name))
    });
    let names = class.attributes.iter().map(|one| &one.name);
    let names_check = (!class.attributes.is_empty()).then(|| {
        quote! {
            const _: () = __hpy::check_attributes(
                &[#(#names),*],
                <#this as __hpy::PyClass>::METHODS.names,
            );
        }
    });
    let name = &class.name;
    let description = description(class);
    let (methods, blocks) = super::blocks::methods(this, class);
    let fields = super::fields::of_type(input, class.unsendable);
    let access = if class.frozen {
        quote!(Frozen)
    } else {
        quote!(Checked)
    };
    let threads = if class.unsendable {
        quote!(OneThread)
    } else {
        quote!(AnyThread)
    };
    let kind = match class.kind {
        Kind::Struct => None,
        Kind::Enum => Some(quote!(
            const KIND: __hpy::ClassKind = __hpy::ClassKind::Enum;
        )),
        Kind::Variant => Some(quote!(
            const KIND: __hpy::ClassKind = __hpy::ClassKind::Variant;
        )),
    };
    let (described, id) = item_and_id(described);
    let annotation = id.as_ref().map(|_| annotation(this));
    let pickle = class
        .pickle
        .as_ref()
        .map(|pickle| pickle.expand(this, class));
    let pickle_listed = pickle
        .as_ref()
        .map(|_| quote!(__HPY_REDUCE.def(c"__reduce__"),));
    let pickle_members = pickle.as_ref().map(|_| super::pickle::members());
    let sharing = class.shared.as_ref().map(|shared| shared.expand(this));
    let sharing_members = class.shared.as_ref().map(|_| super::sharing::members());
    let unsendable_check = class.unsendable.then(|| {
        quote! {
            const _: () =
                __hpy::check_unsendable(<#this as __hpy::PyClass>::METHODS.special);
        }
    });
    let by_value = class.from_handle.as_ref().map(|key| {
        let copy = quote_spanned!(key.span()=> __hpy::cloned::<#this>(handle));
        quote! {
            impl<'a, 'ctx> __hpy::FromHandle<'a, 'ctx> for #this {
                #annotation
                #[inline(always)]
                fn from_handle(handle: &'a __hpy::Handle<'ctx>) -> __hpy::Result<Self> {
                    #copy
                }
            }
        }
    });
    let (members, items) = match variants {
        Some(Variants { members, items }) => (Some(members), Some(items)),
        None => (None, None),
    };
    let base = base(class);
    let by_reference = (class.frozen && class.kind != Kind::Variant).then(|| {
        quote! {
            impl<'a, 'ctx> __hpy::FromHandle<'a, 'ctx> for &'a #this {
                #annotation
                #[inline(always)]
                fn from_handle(handle: &'a __hpy::Handle<'ctx>) -> __hpy::Result<Self> {
                    handle.downcast::<#this>()?.get()
                }
            }
        }
    });
    let (derived, derived_slots) = class.derived.slots(this, "PyClass");
    let base_check = (class.base.as_ref())
        .filter(|_| class.kind != Kind::Variant)
        .map(|base| match class.pickle {
            Some(_) => base.assert_by("check_base", this),
            None => base.assert_by("check_unpickled_base", this),
        });
    let legacy = class.legacy_slots.as_ref().map(|table| {
        let span = ends(table).map_or(Span::call_site(), |(start, _)| start);
        let value = quote_spanned!(span=> #table);
        quote! {
            const LEGACY: ::core::option::Option<__hpy::LegacySlots> = {
                const TABLE: __hpy::LegacySlots = #value;
                ::core::option::Option::Some(TABLE)
            };
        }
    });
    let legacy_check = class.legacy_slots.as_ref().map(|table| {
        let span = ends(table).map_or(Span::call_site(), |(start, _)| start);
        quote_spanned! {span=>
            ::hpy::__legacy_only! { "legacy_slots" }
            impl ::hpy::legacy::LegacyType for #this {}
            const _: () = __hpy::check_legacy_base::<<#this as __hpy::PyClass>::Base>();
        }
    });
    // The compiler checks generic code only where it is used.
    let metaclass_check = class.metaclass.as_ref().map(|path| {
        let span = path.span();
        quote_spanned!(span=> const _: __hpy::Metaclass = __hpy::metaclass::<#path>();)
    });
    // An object of a type with a base in Rust also has the base's data.
    let is_made_alone = class.base.is_none() && class.kind == Kind::Struct;
    let into_handle = is_made_alone.then(|| {
        quote! {
            impl<'ctx> __hpy::IntoHandle<'ctx> for #this {
                #annotation
                // It is one call.
                const IN_LINE: __hpy::InLine = __hpy::InLine::Always;
                #[inline(always)]
                fn into_handle(
                    self,
                    ctx: __hpy::Context<'ctx>
                ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                    __hpy::into_instance(ctx, self)
                }
                #[inline(always)]
                fn into_handle_in_line(
                    self,
                    ctx: __hpy::Context<'ctx>
                ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                    __hpy::into_instance_in_line(ctx, self)
                }
            }
        }
    });
    quote! {
        #(#conditions)*
        const _: () = {
            use ::hpy::__private as __hpy;
            #aliases
            #[allow(unused_imports)]
            use __hpy::{InOpaque as _, NoMethods as _};
            #[allow(dead_code)]
            struct __HpyField<const N: ::core::primitive::usize>;
            #(#attributes)*
            #derived
            #names_check
            #blocks
            static __HPY_PLACE: __hpy::TypeCell<#this> = __hpy::TypeCell::new();
            unsafe impl __hpy::PyClass for #this {
                type Access = __hpy::#access;
                type Threads = __hpy::#threads;
                type Base = #base;
                const DESCRIPTION: __hpy::Description = #description;
                const FIELDS: &'static [__hpy::MethodDef] =
                    &[#(#listed,)* #pickle_listed #(#derived_slots),*];
                const METHODS: __hpy::TypeMethods = #methods;
                #kind
                #pickle_members
                #sharing_members
                #legacy
                #fields
                #members
                #[inline(always)]
                fn place() -> &'static __hpy::TypeCell<Self> {
                    &__HPY_PLACE
                }
            }
            #into_handle
            #items
            #pickle
            #unsendable_check
            #sharing
            #base_check
            #legacy_check
            #metaclass_check
            #by_reference
            #by_value
            ::hpy::__type_check! { #this, #name #id }
            #described
        };
    }
}

/// What the type derives from.
pub fn base(class: &Class) -> TokenStream {
    match &class.base {
        Some(base) => base.ty(),
        None => super::base::object(),
    }
}

/// What is emitted beside a type with errors, to avoid follow-up errors.
pub fn placeholder(input: &DeriveInput) -> TokenStream {
    if !input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let this = &input.ident;
    quote! {
        const _: () = {
            use ::hpy::__private as __hpy;
            static __HPY_PLACE: __hpy::TypeCell<#this> = __hpy::TypeCell::new();
            unsafe impl __hpy::PyClass for #this {
                type Access = __hpy::Checked;
                type Threads = __hpy::AnyThread;
                type Base = ::hpy::types::Object;
                const DESCRIPTION: __hpy::Description = __hpy::Description::NONE;
                const FIELDS: &'static [__hpy::MethodDef] = &[];
                const METHODS: __hpy::TypeMethods = __hpy::TypeMethods::NONE;
                const HAS_FIELDS: ::core::primitive::bool = false;
                fn fields(&self, _: &mut __hpy::Visitor<'_>) {}
                fn place() -> &'static __hpy::TypeCell<Self> {
                    &__HPY_PLACE
                }
            }
            ::hpy::__type_check! { #this, "" }
        };
    }
}

fn description(class: &Class) -> TokenStream {
    let (name, doc, subclass) = (&class.name, &class.doc, class.subclass);
    let module = match &class.module {
        Some(module) => quote!(::core::option::Option::Some(#module)),
        None => quote!(::core::option::Option::None),
    };
    let metaclass = match &class.metaclass {
        Some(path) => {
            let span = path.span();
            let found = quote_spanned!(span=> __hpy::metaclass::<#path>());
            quote!(::core::option::Option::Some(#found))
        }
        None => quote!(::core::option::Option::None),
    };
    let derived = class.derived.description();
    let attributes = class.attributes.iter().map(|one| &one.name);
    let writable = class.attributes.iter().filter(|one| one.set);
    let writable = writable.map(|one| &one.name);
    let blocks = class.blocks.iter().map(ToString::to_string);
    let register = match &class.register {
        Some(function) => quote!(::core::option::Option::Some(__hpy::#function)),
        None => quote!(::core::option::Option::None),
    };
    let (dict, weakref) = (class.dict, class.weakref);
    quote! {
        __hpy::Description {
            name: #name, module: #module, path: ::core::module_path!(), doc: #doc,
            subclass: #subclass, metaclass: #metaclass,
            dict: #dict, weakref: #weakref, #derived, attributes: &[#(#attributes),*],
            writable: &[#(#writable),*], blocks: &[#(#blocks),*], register: #register
        }
    }
}

fn attribute(this: TokenStream, place: usize, one: &FieldAttribute) -> TokenStream {
    let (number, place) = (
        Literal::usize_unsuffixed(place),
        format_ident!("__HPY_FIELD_{place}"),
    );
    let (field, ty, text) = (&one.field, &one.ty, &one.name);
    let (name, doc) = (
        c_literal(&one.name, Span::call_site()),
        c_literal(&one.doc, Span::call_site()),
    );
    let quick = converts_quickly(ty);
    let in_line = quick.then(in_line_constant);
    let quickly_read = quick || is_field(ty);
    let read_in_line = quickly_read.then(in_line_constant);
    let set = one.set.then(|| {
        quote! {
            impl __hpy::FixedInt<1> for __HpyField<#number> {
                #in_line
                #[inline(always)]
                fn call<'ctx>(
                    _: __hpy::Context<'ctx>,
                    this: &__hpy::Handle<'ctx>,
                    [value]: [&__hpy::Handle<'ctx>; 1],
                ) -> __hpy::Result<::core::primitive::isize> {
                    __hpy::set_attribute::<#this, #ty, #quick>(
                        this, value, #text, |data| &mut data.#field
                    )
                }
            }
        }
    });
    let setter = if one.set {
        quote!(__hpy::Attribute<__HpyField<#number>, __hpy::Absent>)
    } else {
        quote!(__hpy::Absent)
    };
    quote! {
        impl __hpy::NoArgsMethod for __HpyField<#number> {
            #read_in_line
            #[inline(always)]
            fn call<'ctx>(
                ctx: __hpy::Context<'ctx>,
                this: &__hpy::Handle<'ctx>,
            ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                __hpy::get_attribute::<#this, #ty, #quickly_read>(ctx, this, |data| &data.#field)
            }
        }
        #set
        static #place: __hpy::MethodStatic =
            __hpy::attribute_def::<__HpyField<#number>, #setter>(#name, #doc);
    }
}
