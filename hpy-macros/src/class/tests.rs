//! What is refused, in which words, and what is emitted.

use super::*;
use proc_macro2::TokenStream;

fn errors(arguments: TokenStream, item: TokenStream) -> Vec<String> {
    let mut report = Report::default();
    let mut options = options::TypeOptions::default();
    options.read(arguments, &mut report);
    let mut input: DeriveInput = syn::parse2(item).unwrap();
    check::check(&mut input, &options, &mut report);
    report.messages()
}

#[test]
fn a_struct_in_order_has_no_errors() {
    let item = quote! {
        /// A point.
        #[derive(Clone)]
        pub struct Point {
            /// To the right.
            #[hpy(get, set)]
            x: f64,
            #[hpy(get, name = "why")]
            y: f64,
            hidden: u8,
        }
    };
    let arguments = quote!(name = "Point2", module = "a.b", subclass);
    assert_eq!(errors(arguments, item), [""; 0]);
    assert_eq!(
        errors(
            quote!(),
            quote!(
                struct Unit;
            )
        ),
        [""; 0]
    );
}

#[test]
fn slots_in_c_are_passed_on() {
    let struct_ = quote!(
        struct P {}
    );
    let expansion = expand(quote!(legacy_slots = table(1, 2)), struct_).to_string();
    for expected in [
        quote!(
            const TABLE: __hpy::LegacySlots = table(1, 2);
        ),
        quote!(::hpy::__legacy_only! { "legacy_slots" }),
        quote!(impl ::hpy::legacy::LegacyType for P {}),
        quote!(__hpy::check_legacy_base::<<P as __hpy::PyClass>::Base>()),
    ] {
        let expected = expected.to_string();
        assert!(
            expansion.contains(&expected),
            "{expected}\n is not in\n{expansion}"
        );
    }
    let plain = expand(
        quote!(),
        quote!(
            struct P {}
        ),
    )
    .to_string();
    assert!(!plain.contains("legacy") && !plain.contains("LEGACY"));
}

#[test]
fn the_options_leave_the_fields() {
    let expansion = expand(
        quote!(frozen),
        quote!(
            struct P {
                #[hpy(get)]
                x: f64,
            }
        ),
    )
    .to_string();
    assert!(
        expansion.contains(
            &quote!(
                struct P {
                    x: f64,
                }
            )
            .to_string()
        ),
        "{expansion}"
    );
    assert!(expansion.contains("Frozen"), "{expansion}");
}

#[test]
fn what_cannot_be_is_said() {
    assert_eq!(
        errors(
            quote!(frozn),
            quote!(
                struct P<T> {
                    x: T,
                }
            )
        ),
        [
            "`frozn` is no option of a type (did you mean `frozen`?): there are `name`, `module`, `subclass`, `frozen`, `base`, `metaclass`, `dict`, `weakref`, `eq`, `ord`, `hash`, `repr`, `str`, `match_args`, `struct_sequence`, `int`, `rename_all` and `legacy_slots`",
            "a Python type is one type: leave the parameter out, and write a struct for each type that Python shall see",
        ]
    );
    assert_eq!(
        errors(
            quote!(frozen),
            quote!(
                struct P {
                    #[hpy(get, set)]
                    x: f64,
                    #[hpy(set)]
                    y: f64,
                    #[hpy(gte)]
                    z: f64,
                }
            )
        ),
        [
            "nobody changes the data of a frozen type: remove `set` here, or `frozen` above",
            "nobody changes the data of a frozen type: remove `set` here, or `frozen` above",
            "an attribute that can be set can be read: write `get, set`",
            "`gte` is no option of a field (did you mean `get`?): there are `get`, `set` and `name`",
        ]
    );
    assert_eq!(
        errors(
            quote!(name = "a b"),
            quote!(
                struct P(#[hpy(get)] f64);
            )
        ),
        [
            "`a b` is not an identifier of Python: choose a name that Python code can write, as in #[hpy_type(name = \"…\")]",
            "the field has no name: write one for Python, #[hpy(get, name = \"…\")]",
        ]
    );
}

fn enum_errors(arguments: TokenStream, item: TokenStream) -> Vec<String> {
    let mut report = Report::default();
    let mut options = options::TypeOptions::default();
    options.read(arguments, &mut report);
    let mut input: DeriveInput = syn::parse2(item).unwrap();
    check::check_enum(&mut input, &options, &mut report);
    report.messages()
}

#[test]
fn what_no_enum_can_be_is_said() {
    let item = quote!(
        enum Color {
            #[hpy(name = "red")]
            Red = 1,
            Green,
        }
    );
    assert_eq!(enum_errors(quote!(int), item), [""; 0]);
    assert_eq!(
        enum_errors(
            quote!(frozen, eq, rename_all = "UPPER"),
            quote!(
                enum E {
                    A(u8),
                    B,
                    #[hpy(name = "B")]
                    C,
                    None,
                    #[hpy(name = "mro")]
                    D,
                    #[hpy(get)]
                    F,
                }
            )
        ),
        [
            "there is no such way to write names: there are `camelCase`, `kebab-case`, `lowercase`, `PascalCase`, `SCREAMING-KEBAB-CASE`, `SCREAMING_SNAKE_CASE`, `snake_case` and `UPPERCASE`",
            "an enum is a class of Python's module `enum`, which sees to this itself: leave `frozen` out",
            "an enum is a class of Python's module `enum`, which sees to this itself: leave `eq` out",
            "a member of Python's enums holds nothing: leave the fields out, or derive FromHandle and IntoHandle in place of #[hpy_type]",
            "there is a member `B` already: give this one another name",
            "`None` is a keyword of Python: give the member another name, as in #[hpy(name = \"None_\")]",
            "Python's enums have no members with names like `mro`: give the member another name, as in #[hpy(name = \"mro_\")]",
            "`get` is no option of a variant: there are `name`",
        ]
    );
    assert_eq!(
        enum_errors(
            quote!(),
            quote!(
                enum Never {}
            )
        ),
        ["an enum without variants has no members: write one"]
    );
}

#[test]
fn what_is_not_derived_is_said() {
    assert_eq!(
        errors(
            quote!(ord, hash, match_args, int),
            quote!(
                struct P {
                    x: f64,
                }
            )
        ),
        [
            "`int` is for enums: leave it out above a struct",
            "what is ordered is compared for equality too: write `eq, ord`",
            "the hash of an object in a dict must not change: write `frozen, hash`, or a `__hash__` of what does not change",
            "`match_args` are the fields with #[hpy(get)], of which there are none: name attributes, as in `match_args = (x, y)`",
        ]
    );
}
