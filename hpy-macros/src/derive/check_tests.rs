//! What is said of mistakes.

use super::check;
use super::direction::Direction;
use crate::report::Report;
use proc_macro2::TokenStream;
use quote::quote;

fn messages(direction: Direction, item: TokenStream) -> Vec<String> {
    let input = syn::parse2(item).expect("a declaration");
    let mut report = Report::default();
    check::check(direction, &input, &mut report);
    report.messages()
}

fn from(item: TokenStream) -> Vec<String> {
    messages(Direction::From, item)
}

#[test]
fn what_is_in_order_is_said_nothing_of() {
    let good = [
        quote!(
            struct Point {
                x: f64,
                #[hpy(attribute("why"))]
                y: f64,
            }
        ),
        quote!(
            #[hpy(from_item_all, rename_all = "camelCase")]
            struct Row<'ctx, T> {
                key: Handle<'ctx>,
                #[hpy(item((1, 2)), default = T::default())]
                value: T,
                #[hpy(from_with = read, into_with = write)]
                other: Cow<'static, str>,
            }
        ),
        quote!(
            struct Name<'a>(&'a str);
        ),
        quote!(
            enum Id<'a> {
                Number(u64),
                #[hpy(transparent)]
                Text {
                    text: &'a str,
                },
                Both(u64, String),
                #[hpy(name = "nobody")]
                Nobody,
            }
        ),
    ];
    for item in good {
        for direction in [Direction::From, Direction::Into] {
            assert_eq!(messages(direction, item.clone()), [""; 0], "{item}");
        }
    }
}

#[test]
fn options_that_do_not_go_together() {
    assert_eq!(
        from(quote!(
            #[hpy(transparent)]
            struct Two {
                #[hpy(attribute, item)]
                a: i64,
                #[hpy(item("b"), name = "c")]
                b: i64,
            }
        )),
        [
            "`transparent` means that the object is the only field, but there are 2",
            "a field is an attribute or an item: `attribute` and `item` don't go together",
            "the name is given twice: drop `name`",
        ]
    );
    assert_eq!(
        from(quote!(
            #[hpy(from_item_all, rename_all = "camelCase")]
            struct Pair(#[hpy(default)] i64, i64);
        )),
        [
            "`from_item_all` is for fields that have names",
            "`rename_all` is for fields that have names",
            "the fields of a tuple are its items in their order: they have no attribute, item or default",
        ]
    );
    assert_eq!(
        from(quote!(
            struct New(#[hpy(item, name = "x")] i64);
        )),
        ["the object itself is the field: it has no attribute, item or default"; 2]
    );
    assert_eq!(
        from(quote!(
            enum E {
                #[hpy(transparent)]
                A,
                #[hpy(name = "b")]
                B(i64),
                C(),
            }
        )),
        [
            "`transparent` is for a variant with fields",
            "`name` is for a variant without fields, which is the str of its name",
            "a variant without fields is written without brackets here: it is the str of its name",
        ]
    );
}

#[test]
fn options_that_there_are_not() {
    assert_eq!(
        from(quote!(
            #[hpy(transparant)]
            struct S {
                #[hpy(defualt)]
                a: i64,
                #[hpy]
                b: i64,
                #[hpy(default, default)]
                c: i64,
                #[hpy(attribute("a\0b"))]
                d: i64,
            }
        )),
        [
            "`transparant` is no option of a type (did you mean `transparent`?): there are `transparent`, `from_item_all` and `rename_all`",
            "`defualt` is no option of a field (did you mean `default`?): there are `attribute`, `item`, `name`, `default`, `from_with` and `into_with`",
            "the options of a field go in parentheses: #[hpy(…)]",
            "`default` is given twice: keep one",
            "an attribute's name has no NUL",
        ]
    );
    assert!(
        from(quote!(
            #[hpy(rename_all = "Camel")]
            struct S {
                a: i64,
            }
        ))[0]
            .starts_with("no way to write names: there are `camelCase`, ")
    );
}

#[test]
fn what_has_no_conversion() {
    assert_eq!(
        from(quote!(
            union U {
                a: i64,
            }
        )),
        ["FromHandle can't be derived for a union: which of its fields holds is not known"]
    );
    assert_eq!(
        messages(
            Direction::Into,
            quote!(
                struct Unit;
            )
        ),
        ["IntoHandle can't be derived for a struct without fields: implement it by hand"]
    );
    assert_eq!(
        from(quote!(
            struct Empty {}
        )),
        ["FromHandle can't be derived for a struct without fields: implement it by hand"]
    );
    assert_eq!(
        from(quote!(
            enum Never {}
        )),
        ["FromHandle can't be derived for an enum without variants: it has no values"]
    );
}

#[test]
fn fields_borrow_nothing() {
    let field = "a field can't borrow from its object, which is closed when the field is made: \
                 write an owned type (`String`, `Vec<u8>`, `Handle<'ctx>`)";
    assert_eq!(
        from(quote!(
            struct S<'a> {
                a: &'a str,
                b: Cow<'a, str>,
            }
        )),
        [
            field,
            field,
            "only what is the object itself can borrow from it; call the context's lifetime `'ctx`",
        ]
    );
    assert_eq!(
        from(quote!(
            struct S<'a, 'b>(Two<'a, 'b>);
        )),
        ["one lifetime is that of the object that is converted; call the context's `'ctx`"]
    );
}
