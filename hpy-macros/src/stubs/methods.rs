//! The functions and constants of a type's impl.

use super::function::{self, Returns};
use super::pieces::Pieces;
use crate::class::methods::check::CheckedMethod;
use crate::class::methods::parse::{Impl, ImplItem};
use crate::class::methods::role::Role;
use crate::class::methods::special::SpecialKind;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// A constant of the impl that the type's description refers to.
pub fn of_methods(
    parsed: &Impl,
    checked: &[CheckedMethod],
    this: &TokenStream,
    constant: &Ident,
) -> TokenStream {
    let mut out = Pieces::default();
    let mut first = true;
    for one in checked {
        if one.method.role == Role::Call {
            continue;
        }
        out.separate(&mut first).text("{");
        of_one(&mut out, one);
        out.text("}");
    }
    for item in &parsed.items {
        let ImplItem::Constant(constant) = item else {
            continue;
        };
        let name = &constant.name;
        out.separate(&mut first).text("{");
        out.entry("role", "class_attribute");
        out.entry("name", &constant.python_name)
            .entry("doc", &constant.doc);
        let value = quote!(__hpy::annotation_of(|| ::core::result::Result::Ok(#this::#name)));
        out.key("returns").annotation(value).text("}");
    }
    let pieces = out.finish();
    quote! {
        #[allow(deprecated, unused_imports)]
        const _: () = {
            use __hpy::SaysNothing as _;
            impl #this {
                #[doc(hidden)]
                #[allow(non_upper_case_globals)]
                pub const #constant: &'static [__hpy::Piece] = #pieces;
            }
        };
    }
}

fn of_one(out: &mut Pieces, one: &CheckedMethod) {
    let (role, attribute) = match &one.method.role {
        Role::New => ("new", None),
        Role::Method | Role::Call => ("method", None),
        Role::Special(_) => ("special", None),
        Role::ClassMethod => ("class_method", None),
        Role::StaticMethod => ("static_method", None),
        Role::ClassAttribute => ("class_attribute", None),
        Role::Getter(name) => ("getter", Some(name)),
        Role::Setter(name) => ("setter", Some(name)),
        Role::Deleter(name) => ("deleter", Some(name)),
    };
    out.entry("role", role);
    out.optional("attribute", attribute.map(String::as_str));
    let returns = match &one.method.role {
        Role::New => Returns::This,
        Role::Setter(_) | Role::Deleter(_) => Returns::Known("None"),
        Role::Special(special) => match special.kind {
            SpecialKind::Len | SpecialKind::Hash => Returns::Known("int"),
            SpecialKind::Bool | SpecialKind::Contains => Returns::Known("bool"),
            SpecialKind::SetItem | SpecialKind::DelItem | SpecialKind::Init | SpecialKind::Del => {
                Returns::Known("None")
            }
            SpecialKind::Buffer => Returns::Known("memoryview"),
            SpecialKind::Next => Returns::Next,
            _ if special.name == "__anext__" && one.method.function.is_async() => Returns::Next,
            _ if one.returns_this() => Returns::This,
            _ => Returns::Object,
        },
        _ => Returns::Object,
    };
    function::write(out, &one.method.function, &one.call, returns);
}
