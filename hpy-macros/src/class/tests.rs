//! Error messages, and emitted code.

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
            "`frozn` is not an option of a type (did you mean `frozen`?): expected one of `name`, \
             `module`, `subclass`, `frozen`, `base`, `metaclass`, `dict`, `weakref`, \
             `unsendable`, `shared`, `pickle`, `from_handle`, `eq`, `ord`, `hash`, `repr`, `str`, \
             `match_args`, `struct_sequence`, `int`, `rename_all`, `get_all`, `set_all`, `new`, \
             `generic`, `sequence`, `mapping`, `blocks`, `instances` and `legacy_slots`",
            "a Python type cannot be generic: list a class for each instance, as in \
             `#[hpy_type(instances(IntStack = Stack<i64>))]`, or remove the parameter",
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
            "the data of a frozen type cannot change: remove `set` here or `frozen` above",
            "the data of a frozen type cannot change: remove `set` here or `frozen` above",
            "an attribute that can be set must be readable: write `get, set`",
            "`gte` is not an option of a field (did you mean `get`?): expected one of `get`, \
             `set`, `name`, `default` and `skip`",
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
            "`a b` is not an identifier of Python: choose a name that Python code can write, as \
             in #[hpy_type(name = \"…\")]",
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
                    A,
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
            "unknown naming style: expected one of `camelCase`, `kebab-case`, `lowercase`, \
             `PascalCase`, `SCREAMING-KEBAB-CASE`, `SCREAMING_SNAKE_CASE`, `snake_case` and \
             `UPPERCASE`",
            "an enum is a class of Python's module `enum`, which handles this itself: remove \
             `frozen`",
            "an enum is a class of Python's module `enum`, which handles this itself: remove `eq`",
            "there is a member `B` already: give this one another name",
            "`None` is a keyword of Python: give the member another name, as in #[hpy(name = \
             \"None_\")]",
            "Python's enums reserve names like `mro`: give the member another name, as in \
             #[hpy(name = \"mro_\")]",
            "`get` is not an option of a variant: expected one of `name`",
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

fn data_enum_errors(arguments: TokenStream, item: TokenStream) -> Vec<String> {
    let mut report = Report::default();
    let mut options = options::TypeOptions::default();
    options.read(arguments, &mut report);
    let mut input: DeriveInput = syn::parse2(item).unwrap();
    data_enum::check(&mut input, &options, &mut report);
    report.messages()
}

#[test]
fn what_no_enum_with_data_can_be_is_said() {
    let item = quote!(
        enum Shape {
            #[hpy(constructor = (radius = 1.0))]
            Circle {
                radius: f64,
            },
            #[hpy(name = "Two")]
            Pair(f64, #[hpy(name = "second")] f64),
            Nothing,
        }
    );
    let options = quote!(
        frozen,
        eq,
        hash,
        repr,
        pickle,
        unsendable,
        rename_all = "lowercase"
    );
    assert_eq!(data_enum_errors(options, item), [""; 0]);
    assert_eq!(
        data_enum_errors(
            quote!(subclass, int, pickle = serde),
            quote!(
                enum E {
                    A(u8),
                    #[hpy(name = "A")]
                    B {},
                    None {},
                    #[hpy(name = "mro")]
                    D {
                        lambda: u8,
                        #[hpy(name = "x")]
                        a: u8,
                        #[hpy(constructor = (x))]
                        x: u8,
                    },
                    #[hpy(get)]
                    F {},
                }
            )
        ),
        [
            "an enum whose variants hold data has no `subclass`: remove it",
            "an enum whose variants hold data has no `int`: remove it",
            "the fields of an enum's variants are pickled by their conversions: remove `= serde`",
            "there is a variant `A` already: give this one another name",
            "`None` is a keyword of Python: give the variant another name, as in #[hpy(name = \
             \"None_\")]",
            "classes have something of the name `mro`: give the variant another name, as in \
             #[hpy(name = \"mro_\")]",
            "`lambda` is a keyword of Python: give the field another name, as in #[hpy(name = \
             \"lambda_\")]",
            "a constructor is a variant's: write it above the variant",
            "there is a field `x` already: give this one another name",
            "`get` is not an option of a variant with data: expected one of `constructor` and \
             `name`",
        ]
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
            "`int` is for enums: remove it above a struct",
            "`ord` needs `eq`: write `eq, ord`",
            "the hash of an object must not change: write `frozen, hash`, or a `__hash__` that \
             uses only data that does not change",
            "`match_args` lists the fields with #[hpy(get)], but there are none: name attributes, \
             as in `match_args = (x, y)`",
        ]
    );
}

#[test]
fn what_fields_cannot_be_is_said() {
    assert_eq!(
        errors(
            quote!(
                set_all,
                new,
                base = Animal,
                str = "{z} {} {x}",
                sequence,
                mapping
            ),
            quote!(
                struct P<'a> {
                    #[hpy(skip, get)]
                    x: Mutex<Field>,
                    y: &'a Handle<'static>,
                    r#final: u8,
                }
            )
        ),
        [
            "an object lives as long as Python wants, so its data cannot borrow: remove the \
             lifetime, own the data, and hold objects by a `Field`",
            "the garbage collector does not see a `Field` in this `Mutex`: write `Option<Field>`, \
             which a method with `&mut self` can replace",
            "a `Handle` lives no longer than the call, and the object may: hold the object that \
             it stands for by a `Field`",
            "a field with `skip` is no attribute and no parameter: remove `skip` or the others",
            "a constructor from the fields has no data for the base: write `#[new] fn new(…) -> \
             (Self, Base)`",
            "there is no field `z`: expected one of `x`, `y` and `final`",
            "name a field in each pair of braces, as in `{x}`; `{{` is a brace",
            "a `match` statement takes an object for a sequence or for a mapping: keep one",
        ]
    );
    assert_eq!(
        errors(
            quote!(frozen, set_all),
            quote!(
                struct P {
                    #[hpy(default = 1)]
                    x: u8,
                }
            )
        ),
        [
            "`default` is for a constructor from the fields: write #[hpy_type(new)] above the \
             struct, or remove it",
            "the data of a frozen type cannot change: remove `set_all` or `frozen`",
        ]
    );
}

#[test]
fn each_instance_of_a_generic_struct_is_a_class() {
    let expansion = expand(
        quote!(instances(A = P<i64>, B = P<String>), get_all),
        quote!(
            pub struct P<T> {
                x: T,
            }
        ),
    )
    .to_string();
    for expected in [
        quote!(
            pub struct P<T> {
                x: T,
            }
        ),
        quote!(
            pub type A = P<i64>;
        ),
        quote!(
            type T = String;
        ),
        quote!(unsafe impl __hpy::PyClass for B),
        quote!(macro_rules! hpy_instances_of_P),
    ] {
        let expected = expected.to_string();
        assert!(
            expansion.contains(&expected),
            "{expected}\n is not in\n{expansion}"
        );
    }
}
