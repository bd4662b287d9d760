//! What an `async fn` expands to, and which types it may not take.

use proc_macro2::TokenStream;
use quote::quote;

fn expansion(item: TokenStream) -> String {
    crate::function::expand(TokenStream::new(), item).to_string()
}

fn count_errors(item: TokenStream) -> usize {
    expansion(item).matches("compile_error").count()
}

#[test]
fn an_async_function_makes_a_coroutine() {
    let made = expansion(quote!(
        async fn f(a: i64, cancel: CancelHandle) -> i64 {}
    ));
    let expected = quote! {
        let cancel = __hpy::CancelHandle::new();
        let canceller = cancel.canceller();
        __hpy::coroutine(ctx, "f", ::core::option::Option::Some(canceller), f(argument_0, cancel))
    };
    assert!(made.contains(&expected.to_string()), "{made}");
    assert!(made.contains("let argument_0 ="), "{made}");
}

#[test]
fn results_of_other_crates_are_settled() {
    for (item, expected) in [
        (
            quote!(
                async fn f() -> anyhow::Result<i64> {}
            ),
            quote!(__hpy::settled_later!(f())),
        ),
        (
            quote!(
                async fn f() -> i64 {}
            ),
            quote!(f()),
        ),
    ] {
        let expected = quote!(::core::option::Option::None, #expected).to_string();
        let made = expansion(item);
        assert!(made.contains(&expected), "{made}");
    }
}

#[test]
fn what_is_owned_is_allowed() {
    for item in [
        quote!(
            async fn f(a: String, b: Vec<(u8, Persistent)>, c: Option<Persistent<List>>) {}
        ),
        quote!(
            async fn f(a: &'static str) -> &'static str {}
        ),
    ] {
        assert_eq!(count_errors(item), 0);
    }
}

#[test]
fn what_is_lent_is_refused() {
    for ty in [
        quote!(Option<&[u8]>),
        quote!(Vec<Handle>),
        quote!(Cow<'_, str>),
        quote!(Ref<'_, Point>),
        quote!(Args<'_, '_>),
    ] {
        assert_eq!(count_errors(quote!(async fn f(a: #ty) {})), 1, "{ty}");
        assert_eq!(count_errors(quote!(async fn f() -> #ty {})), 1, "{ty}");
    }
}
