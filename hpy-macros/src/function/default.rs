//! The default that a signature gives a parameter, as an expression of the parameter's type.
//!
//! `a = 1` and `a = "x"` are also the defaults of an `Option`, which PyO3 wraps in `Some` as well.

use super::types::last_segment;
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::{Lit, Type};

/// The default for a parameter of that type. A text becomes what the type owns it by; what an
/// `Option` holds is put into `Some`.
pub fn of_type(ty: &Type, default: &TokenStream, ctx: &Ident) -> TokenStream {
    let is_option = last_segment(ty).is_some_and(|name| name == "Option");
    match form(default) {
        Form::Text(span) if is_option || takes_text(ty) => {
            quote_spanned!(span=> __hpy::default_text(#ctx, #default)?)
        }
        Form::Text(_) | Form::Literal if is_option => {
            quote!(::core::option::Option::Some(#default))
        }
        Form::Path(span) if is_option => quote_spanned!(span=> __hpy::default_option(#default)),
        _ => default.clone(),
    }
}

/// Types that own a text. Others are compared by the compiler, which says more about them.
fn takes_text(ty: &Type) -> bool {
    const NAMES: [&str; 6] = ["String", "Box", "Cow", "PathBuf", "OsString", "Handle"];
    last_segment(ty).is_some_and(|name| NAMES.iter().any(|one| name == one))
}

enum Form {
    /// `"x"`
    Text(Span),
    /// `1`, `-1.0`, `true`
    Literal,
    /// `MAX`, `Color::Red`
    Path(Span),
    Other,
}

fn form(default: &TokenStream) -> Form {
    let tokens: Vec<TokenTree> = default.clone().into_iter().collect();
    match tokens.as_slice() {
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => form(&group.stream()),
        [TokenTree::Literal(literal)] => match Lit::new(literal.clone()) {
            Lit::Str(_) => Form::Text(literal.span()),
            _ => Form::Literal,
        },
        [TokenTree::Punct(minus), TokenTree::Literal(_)] if minus.as_char() == '-' => Form::Literal,
        [TokenTree::Ident(word)] if word == "true" || word == "false" => Form::Literal,
        [TokenTree::Ident(word)] if word == "None" => Form::Other,
        [first, ..] => match syn::parse2::<syn::Path>(default.clone()) {
            Ok(_) => Form::Path(first.span()),
            Err(_) => Form::Other,
        },
        [] => Form::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn emitted(ty: Type, default: TokenStream) -> String {
        let ctx = Ident::new("ctx", Span::call_site());
        of_type(&ty, &default, &ctx).to_string()
    }

    #[test]
    fn options_take_what_they_hold() {
        let emitted = |default| emitted(parse_quote!(Option<f64>), default);
        for literal in ["1.5", "- 1.5", "true", "b\"x\"", "'x'"] {
            let tokens = literal.parse().expect("tokens");
            assert_eq!(
                emitted(tokens),
                format!(":: core :: option :: Option :: Some ({literal})")
            );
        }
        assert_eq!(
            emitted(quote!("x")),
            "__hpy :: default_text (ctx , \"x\") ?"
        );
        assert_eq!(emitted(quote!(MAX)), "__hpy :: default_option (MAX)");
        assert_eq!(
            emitted(quote!(Color::Red)),
            "__hpy :: default_option (Color :: Red)"
        );
    }

    #[test]
    fn all_else_is_emitted_as_written() {
        for default in ["None", "Some (1.5)", "f (1)", "1 + 1", "()"] {
            let tokens: TokenStream = default.parse().expect("tokens");
            assert_eq!(emitted(parse_quote!(Option<f64>), tokens), default);
        }
        for default in ["1", "MAX", "\"x\""] {
            let tokens: TokenStream = default.parse().expect("tokens");
            assert_eq!(emitted(parse_quote!(f64), tokens), default);
        }
        assert_eq!(emitted(parse_quote!(&str), quote!("x")), "\"x\"");
    }

    #[test]
    fn texts_become_what_owns_them() {
        for ty in ["String", "std::borrow::Cow<'_, str>", "Handle<'ctx, Str>"] {
            let ty = syn::parse_str(ty).expect("a type");
            assert_eq!(
                emitted(ty, quote!("x")),
                "__hpy :: default_text (ctx , \"x\") ?"
            );
        }
    }
}
