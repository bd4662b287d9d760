//! The expression that the emitted call passes for one parameter.

use super::async_fn::is_kept;
use super::check::{Argument, Convention, Method};
use super::default;
use super::target::{CallShape, Names, Target};
use crate::expression::ends;
use crate::python_name;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Type;

/// The expression passed for one parameter. It has the span of the parameter's type, so that the
/// compiler points there if no conversion exists.
pub fn argument(
    argument: &Argument,
    method: &Method,
    target: &Target,
    names: &Names,
) -> TokenStream {
    let Names {
        ctx, module, data, ..
    } = names;
    let signature = &target.signature;
    match argument {
        Argument::Receiver { exclusive: false } => quote!(&*#data),
        Argument::Receiver { exclusive: true } => quote!(&mut *#data),
        Argument::Cancel => {
            let cancel = &names.cancel;
            quote!(#cancel)
        }
        Argument::This(ty) => {
            let (_, _, span) = names.at(ty);
            let function = match is_kept(ty) {
                true => "kept_receiver",
                false => "receiver_handle",
            };
            let (module, path) = (Ident::new(&module.to_string(), span), path_at(ty, function));
            let this = &target.this;
            quote_spanned!(span=> #path::<#this>(#module)?)
        }
        Argument::Class(ty) => {
            let (_, _, span) = names.at(ty);
            let module = Ident::new(&module.to_string(), span);
            if target.result == "construct" {
                let (path, this) = (path_at(ty, "class_of_new"), &target.this);
                return quote_spanned!(span=> #path::<#this>(#module)?);
            }
            let path = path_at(ty, "argument_class");
            quote_spanned!(span=> #path(#module)?)
        }
        Argument::Context => quote!(#ctx),
        Argument::Module(ty) => {
            let (_, _, span) = names.at(ty);
            let (module, path) = (
                Ident::new(&module.to_string(), span),
                path_at(ty, "as_module"),
            );
            quote_spanned!(span=> #path(#module)?)
        }
        Argument::Parameter(place, ty) => {
            let parameter = &method.signature.parameters[*place];
            let (given, slots, span) = names.at(ty);
            if target.shape == CallShape::Compare && *place == 1 {
                let op = Ident::new(&names.op.to_string(), span);
                return quote!(#op);
            }
            if let CallShape::Fixed(_) | CallShape::FixedInt(_) | CallShape::Compare = target.shape
            {
                let given = match target.shape {
                    CallShape::Compare => quote!(#given),
                    _ => quote!(#given[#place]),
                };
                if target.operands {
                    let value = Ident::new("value", span);
                    let path = way_at(names, ty, "operand");
                    let ctx = Ident::new(&names.ctx.to_string(), span);
                    return quote_spanned! {span=>
                        match #path(#given)? {
                            ::core::option::Option::Some(#value) => #value,
                            ::core::option::Option::None => {
                                return ::core::result::Result::Ok(#ctx.not_implemented());
                            }
                        }
                    };
                }
                let (function, name) =
                    (target.shown(method), python_name::of_ident(&parameter.name));
                if target.sets_attribute {
                    let path = way_at(names, ty, "attribute_value");
                    return quote_spanned!(span=> #path(#given, #function)?);
                }
                let path = way_at(names, ty, "argument_o");
                return quote_spanned!(span=> #path(#given, #function, #name)?);
            }
            if !target.parses(method) && method.convention == Convention::O {
                let (function, name) =
                    (target.shown(method), python_name::of_ident(&parameter.name));
                let path = way_at(names, ty, "argument_o");
                return quote_spanned!(span=> #path(#given, #function, #name)?);
            }
            let path = way_at(names, ty, "argument");
            match &parameter.default {
                None => {
                    quote_spanned!(span=> #path(&#slots.required(#place), &#signature, #place)?)
                }
                Some(default) => {
                    let value = Ident::new("value", span);
                    let default = default::of_type(ty, default, ctx);
                    quote_spanned! {span=>
                        match #slots.optional(#place) {
                            ::core::option::Option::Some(ref #value) =>
                                #path(#value, &#signature, #place)?,
                            ::core::option::Option::None => #default,
                        }
                    }
                }
            }
        }
        Argument::VarPositional(ty) => {
            let (given, _, span) = names.at(ty);
            let (and, path) = (reference(ty), path_at(ty, "var_positional"));
            quote_spanned!(span=> #and #path(#given.rest(&#signature), &#signature)?)
        }
        Argument::VarKeyword(ty) => {
            let (given, _, span) = names.at(ty);
            let (and, path) = (reference(ty), path_at(ty, "var_keyword"));
            quote_spanned!(span=> #and #path(#given.keywords(&#signature), &#signature)?)
        }
    }
}

/// `&` if the type is a reference. The collected value is a local that the function borrows.
fn reference(ty: &Type) -> Option<TokenStream> {
    match ty {
        Type::Reference(_) => Some(quote!(&)),
        Type::Group(group) => reference(&group.elem),
        _ => None,
    }
}

fn path_at(ty: &Type, name: &str) -> TokenStream {
    let (start, end) = ends(ty).unwrap_or((Span::mixed_site(), Span::mixed_site()));
    path(name, start, end)
}

fn way_at(names: &Names, ty: &Type, name: &str) -> TokenStream {
    let (start, end) = ends(ty).unwrap_or((Span::mixed_site(), Span::mixed_site()));
    way(names.in_line, name, start, end)
}

/// `__hpy::name_in_line`, or `__hpy::name` in all other methods.
pub fn way(in_line: bool, name: &str, start: Span, end: Span) -> TokenStream {
    if in_line {
        path(&format!("{name}_in_line"), start, end)
    } else {
        path(name, start, end)
    }
}

/// `__hpy::name`, which the compiler underlines from `start` to `end`.
pub fn path(name: &str, start: Span, end: Span) -> TokenStream {
    let name = Ident::new(name, end);
    quote_spanned!(start=> __hpy:: #name)
}
