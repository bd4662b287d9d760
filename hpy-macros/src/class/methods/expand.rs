//! The code emitted for an impl: its items, an implementation for each function that Python calls,
//! and a constant that lists them all.

use super::Block;
use super::call_target::{is_shown, marker, shown, target};
use super::check::CheckedMethod;
use super::parse::{Impl, ImplItem};
use super::role::Role;
use super::special::SpecialKind;
use crate::class::block_names;
use crate::docstring::c_literal;
use crate::function::attribute::TextSignature;
use crate::function::check::Convention;
use crate::function::doc;
use crate::function::expand::{call, signature_static};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// The impl with only the user's items.
pub fn items(parsed: &Impl) -> TokenStream {
    let (attributes, this) = (&parsed.attributes, &parsed.this);
    let items = parsed.items.iter().map(|item| match item {
        ImplItem::Method(method) => &method.function.item,
        ImplItem::Constant(constant) => &constant.item,
        ImplItem::Other(tokens) => tokens,
    });
    let (generics, _, conditions) = parsed.generics.split_for_impl();
    quote!(#(#attributes)* impl #generics #this #conditions { #(#items)* })
}

/// What an impl with errors becomes: the user's items, and enough to avoid follow-up errors.
pub fn placeholder(parsed: &Impl, block: &Block) -> TokenStream {
    let (constant, _) = block_names::constants(block.name());
    let (items, this) = (items(parsed), &parsed.this);
    if parsed.lister().is_some() {
        // Each instance would have the follow-up errors.
        return items;
    }
    let called = parsed.items.iter().filter_map(|item| match item {
        ImplItem::Method(method) if method.role == Role::Call || is_call(&method.role) => {
            Some(call_constant(&method.function.name))
        }
        _ => None,
    });
    quote! {
        #items
        #[allow(deprecated)]
        const _: () = {
            use ::hpy::__private as __hpy;
            struct __HpyCalled;
            impl __hpy::KeywordsMethod for __HpyCalled {
                fn call<'ctx>(
                    _: __hpy::Context<'ctx>,
                    _: &__hpy::Handle<'ctx>,
                    _: __hpy::KeywordArgs<'_, 'ctx>,
                ) -> __hpy::Result<__hpy::Handle<'ctx>> {
                    ::core::panic!()
                }
            }
            static __HPY_CALLED: __hpy::CallStatic<__HpyCalled> = __hpy::CallStatic::new();
            impl #this {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                pub const #constant: __hpy::TypeMethods = __hpy::TypeMethods::UNKNOWN;
                #(
                    #[allow(dead_code)]
                    pub const #called: __hpy::CallFunction<#this> = __HPY_CALLED.function();
                )*
            }
        };
    }
}

fn is_call(role: &Role) -> bool {
    matches!(role, Role::Special(special) if special.kind == SpecialKind::Call)
}

/// The constant that refers to a call function.
fn call_constant(function: &Ident) -> Ident {
    let text = crate::python_name::of_ident(function).to_uppercase();
    Ident::new(text.trim_matches('_'), function.span())
}

/// The expansion of a valid impl.
pub fn methods(parsed: &Impl, checked: &[CheckedMethod], block: &Block) -> TokenStream {
    let items = items(parsed);
    let Some(lister) = &parsed.lister() else {
        let methods = of_instance(parsed, checked, block, &parsed.this.to_token_stream());
        return quote!(#items #methods);
    };
    // The struct's macro calls this one for each instance, with aliases of the parameters.
    let methods = of_instance(parsed, checked, block, &quote!($this));
    quote! {
        #items
        macro_rules! hpy_methods_of_instance {
            ($this:ident { $($aliases:tt)* }) => {
                #[allow(unused, clippy::all)]
                const _: () = {
                    $($aliases)*
                    #methods
                };
            };
        }
        #lister! { hpy_methods_of_instance }
    }
}

/// What stands beside the items, for a class that is called `this`.
fn of_instance(
    parsed: &Impl,
    checked: &[CheckedMethod],
    block: &Block,
    this: &TokenStream,
) -> TokenStream {
    let mut lists = Lists::default();
    for (place, one) in checked.iter().enumerate() {
        lists.function(this.clone(), place, one);
    }
    lists.attributes(checked);
    lists.setters_of_fields(this.clone(), checked);
    lists.check_init(this.clone(), checked);
    let (call, functions) = lists.call_functions(this.clone(), checked);
    let chooses_call = functions.is_some();
    lists.shared_slots(this.clone(), checked);
    let constants = parsed.items.iter().filter_map(|item| match item {
        ImplItem::Constant(constant) => {
            let name = &constant.name;
            let text = c_literal(&constant.python_name, name.span());
            Some(quote!(class.setattr(#text, #this::#name)?;))
        }
        _ => None,
    });
    let computed = checked
        .iter()
        .filter(|one| one.method.role == Role::ClassAttribute)
        .map(|one| {
            let (name, text) = (
                &one.method.function.name,
                c_literal(&one.call.name, Span::call_site()),
            );
            let ctx = (!one.call.arguments.is_empty()).then(|| quote!(ctx));
            quote!(class.setattr(#text, __hpy::into_return(ctx, #this::#name(#ctx))?)?;)
        });
    let new = checked.iter().find(|one| one.method.role == Role::New);
    let new_signature = match new.and_then(new_signature) {
        Some(signature) => quote!(::core::option::Option::Some(#signature)),
        None => quote!(::core::option::Option::None),
    };
    let special = checked.iter().filter_map(|one| match &one.method.role {
        Role::Special(special) => Some(special.name),
        _ => None,
    });
    let of_functions = checked.iter().filter_map(|one| match &one.method.role {
        Role::Getter(name) => Some(name.clone()),
        Role::Method | Role::ClassMethod | Role::StaticMethod | Role::ClassAttribute => {
            Some(one.call.name.clone())
        }
        Role::New | Role::Call | Role::Special(_) | Role::Setter(_) | Role::Deleter(_) => None,
    });
    let of_constants = parsed.items.iter().filter_map(|item| match item {
        ImplItem::Constant(constant) => Some(constant.python_name.clone()),
        _ => None,
    });
    let names = of_functions.chain(of_constants);
    let (constant, described) = block_names::constants(block.name());
    let described =
        crate::stubs::ENABLED.then(|| crate::stubs::of_methods(parsed, checked, this, &described));
    let listed = match block {
        Block::Named(name) => {
            let text = name.to_string();
            let span = name.span();
            Some(quote_spanned! {span=>
                const _: () = __hpy::check_listed(
                    <#this as __hpy::PyClass>::DESCRIPTION.blocks, #text
                );
            })
        }
        Block::Unnamed | Block::Generated(_) => None,
    };
    let sets_attributes = parsed
        .items
        .iter()
        .any(|item| matches!(item, ImplItem::Constant(_)))
        || checked
            .iter()
            .any(|one| one.method.role == Role::ClassAttribute);
    let set_attributes = sets_attributes.then(|| {
        quote! {
            fn __hpy_set_attributes<'ctx>(
                class: &__hpy::Handle<'ctx, ::hpy::types::Type>,
            ) -> __hpy::Result<()> {
                #[allow(unused_variables)]
                let ctx = class.ctx();
                #(#constants)*
                #(#computed)*
                ::core::result::Result::Ok(())
            }
        }
    });
    let set_attributes_listed = sets_attributes.then(|| quote!(__hpy_set_attributes));
    let Lists {
        code,
        definitions,
        setters,
        class_methods,
        reflected,
        assigned,
        new,
        ..
    } = lists;
    // Only if needed, because it causes one more error if the type is not a Python type.
    let class_name = checked.iter().any(is_shown).then(|| {
        quote! {
            #[allow(dead_code)]
            const __HPY_CLASS: &::core::primitive::str = __hpy::class_name::<#this>();
        }
    });
    let new = match new {
        Some(new) => quote!(::core::option::Option::Some(#new)),
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #[allow(deprecated)]
        const _: () = {
            use ::hpy::__private as __hpy;
            struct __HpyMethod<const N: ::core::primitive::usize>;
            #class_name
            #(#code)*
            #set_attributes
            #functions
            #described
            #listed
            impl #this {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                pub const #constant: __hpy::TypeMethods = __hpy::TypeMethods {
                    definitions: &[#(#definitions),*],
                    setters: &[#(#setters),*],
                    class_methods: &[#(#class_methods),*],
                    reflected: &[#(#reflected),*],
                    new_signature: #new_signature,
                    new: #new,
                    assigned: &[#(#assigned),*],
                    call: #call,
                    chooses_call: #chooses_call,
                    special: &[#(#special),*],
                    names: &[#(#names),*],
                    set_attributes: &[#set_attributes_listed],
                };
            }
        };
    }
}

/// `(x, y=1)`
fn new_signature(new: &CheckedMethod) -> Option<String> {
    match &new.options.text_signature {
        None => Some(format!("({})", doc::parameters("", &new.call.signature))),
        Some(TextSignature::Written(written)) => Some(written.value()),
        Some(TextSignature::Hidden) => None,
    }
}

/// What is emitted, by where it is listed.
#[derive(Default)]
struct Lists {
    code: Vec<TokenStream>,
    definitions: Vec<TokenStream>,
    setters: Vec<TokenStream>,
    class_methods: Vec<TokenStream>,
    reflected: Vec<TokenStream>,
    assigned: Vec<TokenStream>,
    /// `#[new]`
    new: Option<TokenStream>,
    statics: usize,
}

impl Lists {
    /// A static with a definition, and its entry in the list.
    fn definition(&mut self, value: TokenStream, name: &Literal) -> TokenStream {
        let place = format_ident!("__HPY_DEF_{}", self.statics);
        self.statics += 1;
        self.code
            .push(quote!(static #place: __hpy::MethodStatic = #value;));
        quote!(#place.def(#name))
    }

    fn slot(&mut self, slot: &str, functions: TokenStream) {
        let slot = Ident::new(slot, Span::call_site());
        let name = c_literal("", Span::call_site());
        let listed = self.definition(
            quote!(__hpy::slot_def(::hpy::sys::#slot, __hpy::slots::#functions)),
            &name,
        );
        self.definitions.push(listed);
    }

    /// Emits one function: its call, and what is specific to it.
    fn function(&mut self, this: TokenStream, place: usize, one: &CheckedMethod) {
        let role = &one.method.role;
        if *role == Role::ClassAttribute {
            return;
        }
        let target = target(this, place, one);
        if is_shown(one) && *role != Role::New {
            self.code.push(shown(target.shown.as_ref(), one));
        }
        if target.parses(&one.call) {
            self.code.push(signature_static(&one.call, &target));
        }
        self.code
            .push(call(&one.method.function, &one.call, &target));
        let marker = &target.marker;
        let here = Span::call_site();
        let (name, doc) = (
            c_literal(&one.call.name, here),
            c_literal(&one.call.doc, here),
        );
        match role {
            Role::New => {
                let this = &target.this;
                let name = c_literal("new", here);
                self.new = Some(self.definition(quote!(__hpy::new_def::<#this, #marker>()), &name));
            }
            Role::ClassMethod | Role::StaticMethod => {
                let listed = self.definition(
                    quote!(__hpy::slots::class_def::<#marker>(#name, #doc)),
                    &name,
                );
                self.class_methods.push(listed);
            }
            Role::Method => self.method(one, marker, &name, &doc),
            Role::Special(special) => match special.kind {
                SpecialKind::Unary(slot) => self.slot(slot, quote!(unary::<#marker>())),
                SpecialKind::Len => {
                    self.slot("HPy_sq_length", quote!(length::<#marker>()));
                    self.slot("HPy_mp_length", quote!(length::<#marker>()));
                }
                SpecialKind::Hash => self.slot("HPy_tp_hash", quote!(hash::<#marker>())),
                SpecialKind::Bool => self.slot("HPy_nb_bool", quote!(inquiry::<#marker>())),
                SpecialKind::Contains => {
                    self.slot("HPy_sq_contains", quote!(contains::<#marker>()))
                }
                SpecialKind::GetItem => self.slot("HPy_mp_subscript", quote!(binary::<#marker>())),
                SpecialKind::InPlace(slot) => self.slot(slot, quote!(binary::<#marker>())),
                SpecialKind::InPlacePower => {
                    self.slot("HPy_nb_inplace_power", quote!(ternary::<#marker>()))
                }
                SpecialKind::RichCompare => {
                    self.slot("HPy_tp_richcompare", quote!(compare::<#marker>()))
                }
                // From the constant, so that derived types have it too.
                SpecialKind::Call => {}
                SpecialKind::Init => self.slot("HPy_tp_init", quote!(init::<#marker>())),
                SpecialKind::Del => self.slot("HPy_tp_finalize", quote!(finalize::<#marker>())),
                SpecialKind::Buffer => {
                    self.slot("HPy_bf_getbuffer", quote!(get_buffer::<#marker>()));
                    self.slot("HPy_bf_releasebuffer", quote!(release_buffer()));
                }
                SpecialKind::Assigned(_) | SpecialKind::Next => {
                    self.method(one, marker, &name, &doc);
                    self.assigned.push(name.to_token_stream());
                }
                SpecialKind::Reflected(_) => {
                    let listed = self.definition(
                        quote!(__hpy::o_def::<__hpy::AsMethod<#marker>>(#name, #doc)),
                        &name,
                    );
                    self.reflected.push(listed);
                }
                SpecialKind::ReflectedPower => {
                    let listed = self.definition(
                        quote!(__hpy::varargs_def::<__hpy::AsPowerMethod<#marker>>(#name, #doc)),
                        &name,
                    );
                    self.reflected.push(listed);
                }
                // With others in one slot.
                SpecialKind::SetItem
                | SpecialKind::DelItem
                | SpecialKind::Operator(_)
                | SpecialKind::Power
                | SpecialKind::Comparison(_) => {}
            },
            Role::Call
            | Role::Getter(_)
            | Role::Setter(_)
            | Role::Deleter(_)
            | Role::ClassAttribute => {}
        }
    }

    fn method(&mut self, one: &CheckedMethod, marker: &TokenStream, name: &Literal, doc: &Literal) {
        let constructor = match one.call.convention {
            Convention::NoArgs => quote!(noargs_def),
            Convention::O => quote!(o_def),
            Convention::VarArgs => quote!(varargs_def),
            Convention::Keywords => quote!(keywords_def),
        };
        let listed = self.definition(quote!(__hpy::#constructor::<#marker>(#name, #doc)), name);
        self.definitions.push(listed);
    }

    /// Emits getters, each with the setter and deleter of the same name.
    fn attributes(&mut self, checked: &[CheckedMethod]) {
        for (place, one) in checked.iter().enumerate() {
            let Role::Getter(attribute) = &one.method.role else {
                continue;
            };
            let other = |wanted: &Role| {
                let place = checked.iter().position(|one| one.method.role == *wanted);
                place.map(marker)
            };
            let (set, delete) = (
                other(&Role::Setter(attribute.clone())),
                other(&Role::Deleter(attribute.clone())),
            );
            let absent = quote!(__hpy::Absent);
            let setter = if set.is_none() && delete.is_none() {
                absent
            } else {
                let (set, delete) = (set.unwrap_or(absent.clone()), delete.unwrap_or(absent));
                quote!(__hpy::Attribute<#set, #delete>)
            };
            let getter = marker(place);
            let here = Span::call_site();
            let text = one
                .call
                .doc
                .split_once("\n--\n\n")
                .map_or("", |(_, text)| text);
            let (name, doc) = (c_literal(attribute, here), c_literal(text, here));
            let listed = self.definition(
                quote!(__hpy::attribute_def::<#getter, #setter>(#name, #doc)),
                &name,
            );
            self.definitions.push(listed);
        }
    }

    /// Emits setters without a getter, for attributes that are fields.
    fn setters_of_fields(&mut self, this: TokenStream, checked: &[CheckedMethod]) {
        for (place, one) in checked.iter().enumerate() {
            let Role::Setter(attribute) = &one.method.role else {
                continue;
            };
            let getter = Role::Getter(attribute.clone());
            if checked.iter().any(|one| one.method.role == getter) {
                continue;
            }
            let (marker, span) = (marker(place), one.method.function.name.span());
            self.code.push(quote_spanned! {span=>
                const _: () = {
                    const ALL: __hpy::Description = <#this as __hpy::PyClass>::DESCRIPTION;
                    __hpy::check_setter(ALL.attributes, ALL.writable, #attribute)
                };
            });
            let name = c_literal(attribute, Span::call_site());
            let listed = self.definition(quote!(__hpy::setter_def::<#marker>(#name)), &name);
            self.setters.push(listed);
        }
    }

    /// Emits the check of an `__init__` whose constructor is not in the same block.
    fn check_init(&mut self, this: TokenStream, checked: &[CheckedMethod]) {
        let is_init = |one: &&CheckedMethod| match &one.method.role {
            Role::Special(special) => special.kind == SpecialKind::Init,
            _ => false,
        };
        if let Some(init) = checked.iter().find(is_init)
            && !checked.iter().any(|one| one.method.role == Role::New)
        {
            let span = init.method.function.name.span();
            self.code.push(quote_spanned! {span=>
                const _: () = __hpy::check_init(&<#this as __hpy::PyClass>::METHODS);
            });
        }
    }

    /// `__call__` as a call function, and the constants for other call functions if there are any.
    fn call_functions(
        &mut self,
        this: TokenStream,
        checked: &[CheckedMethod],
    ) -> (TokenStream, Option<TokenStream>) {
        let Some(call) = checked.iter().position(|one| is_call(&one.method.role)) else {
            return (quote!(::core::option::Option::None), None);
        };
        let own = marker(call);
        self.code.push(quote! {
            static __HPY_CALL: __hpy::CallStatic<__hpy::ByObject<#this, #own>> =
                __hpy::CallStatic::new();
        });
        let listed = quote!(::core::option::Option::Some(__HPY_CALL.as_raw()));
        if !checked.iter().any(|one| one.method.role == Role::Call) {
            return (listed, None);
        }
        let mut constants = Vec::new();
        for (place, one) in checked.iter().enumerate() {
            if place != call && one.method.role != Role::Call {
                continue;
            }
            let (marker, number) = (marker(place), format_ident!("__HPY_CALL_{place}"));
            self.code.push(quote! {
                static #number: __hpy::CallStatic<#marker> = __hpy::CallStatic::new();
            });
            let name = &one.method.function.name;
            let constant = call_constant(name);
            let doc = format!("Calls an object by `{name}`.");
            constants.push(quote! {
                #[doc = #doc]
                #[allow(dead_code)]
                pub const #constant: __hpy::CallFunction<#this> = #number.function();
            });
        }
        (listed, Some(quote!(impl #this { #(#constants)* })))
    }

    /// Slots that several special methods share.
    fn shared_slots(&mut self, this: TokenStream, checked: &[CheckedMethod]) {
        let find = |wanted: &dyn Fn(SpecialKind) -> bool| {
            let is_it = |one: &CheckedMethod| match &one.method.role {
                Role::Special(special) => wanted(special.kind),
                _ => false,
            };
            checked.iter().position(is_it).map(marker)
        };
        let or_absent = |marker: Option<TokenStream>| marker.unwrap_or(quote!(__hpy::Absent));
        let (set, delete) = (
            find(&|kind| kind == SpecialKind::SetItem),
            find(&|kind| kind == SpecialKind::DelItem),
        );
        if set.is_some() || delete.is_some() {
            let (set, delete) = (or_absent(set), or_absent(delete));
            self.slot(
                "HPy_mp_ass_subscript",
                quote!(assign_item::<__hpy::ItemSlot<#this, #set, #delete>>()),
            );
        }
        let mut operators: Vec<&str> = Vec::new();
        for one in checked {
            if let Role::Special(special) = &one.method.role
                && let SpecialKind::Operator(slot) | SpecialKind::Reflected(slot) = special.kind
                && !operators.contains(&slot)
            {
                operators.push(slot);
            }
        }
        for slot in operators {
            let (forward, reflected) = (
                or_absent(find(&|kind| kind == SpecialKind::Operator(slot))),
                or_absent(find(&|kind| kind == SpecialKind::Reflected(slot))),
            );
            let number = Ident::new(slot, Span::call_site());
            let number = quote!({ ::hpy::sys::#number.0 });
            self.slot(
                slot,
                quote!(binary::<__hpy::Operator<#this, #forward, #reflected, #number>>()),
            );
        }
        let (forward, reflected) = (
            find(&|kind| kind == SpecialKind::Power),
            find(&|kind| kind == SpecialKind::ReflectedPower),
        );
        if forward.is_some() || reflected.is_some() {
            let (forward, reflected) = (or_absent(forward), or_absent(reflected));
            self.slot(
                "HPy_nb_power",
                quote!(ternary::<__hpy::Power<#this, #forward, #reflected>>()),
            );
        }
        let comparisons: Vec<Option<TokenStream>> = (0..6)
            .map(|number| find(&|kind| kind == SpecialKind::Comparison(number)))
            .collect();
        if comparisons.iter().any(Option::is_some) {
            let comparisons = comparisons.into_iter().map(or_absent);
            self.slot(
                "HPy_tp_richcompare",
                quote!(compare::<__hpy::Comparisons<#this, #(#comparisons),*>>()),
            );
        }
    }
}
