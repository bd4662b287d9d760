//! What is refused, in which words.

use super::*;

fn errors(item: TokenStream) -> Vec<String> {
    let mut report = Report::default();
    match parse::parse(item, &mut report) {
        Ok(parsed) => drop(check::check(&parsed, false, &mut report)),
        Err(error) => report.take(error),
    }
    report.messages()
}

#[test]
fn an_impl_in_order_has_no_errors() {
    let none: [&str; 0] = [];
    assert_eq!(
        errors(quote! {
            impl Point {
                #[classattr]
                const DIMENSIONS: u8 = 2;
                const OWN: [u8; 1] = [0];
                #[new]
                #[hpy(signature = (x = 0.0, *, y = 0.0))]
                fn new(x: f64, y: f64) -> Self { Point { x, y } }
                fn norm(&self) -> f64 { 0.0 }
                fn shift(&mut self, ctx: Context<'_>, by: f64) {}
                fn itself<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> { this.dup() }
                #[classmethod]
                fn origin(class: &Handle<'_, Type>) -> Result<String> { class.name() }
                #[staticmethod]
                fn zero() -> f64 { 0.0 }
                #[getter]
                fn get_length(&self) -> f64 { 0.0 }
                #[setter]
                fn set_length(&mut self, value: f64) {}
                #[deleter(length)]
                fn forget(&mut self) {}
                fn __add__(&self, other: f64) -> Self { Self }
                fn __enter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> { this.dup() }
                fn __exit__(&self, a: &Handle<'_>, b: &Handle<'_>, c: &Handle<'_>) {}
            }
        }),
        none
    );
}

#[test]
fn wrong_signatures_are_told_the_right_one() {
    assert_eq!(
        errors(quote! {
            impl Point {
                fn __len__(&self, extra: u8) -> usize { 0 }
                fn __add__(&self) -> Self { Self }
                fn free() {}
                fn whole(self) {}
                #[staticmethod]
                fn bound(&self) {}
                #[getter]
                fn size(&self, extra: u8) -> u8 { 0 }
                #[deleter]
                fn delete_other(&mut self) {}
            }
        }),
        [
            "Python passes no argument to `__len__`: write `fn __len__(&self) -> usize`",
            "Python passes one argument to `__add__`: write `fn __add__(&self, other: f64) -> \
             Self`",
            "a method takes `&self`, `&mut self` or `this: &Handle<'_, Self>` first: if it needs \
             no object, put #[staticmethod] above it",
            "Python shares the object, so a method cannot take its data: take `&self`, `&mut \
             self` or `this: &Handle<'_, Self>`",
            "Python calls this without an object: remove `self` or the attribute above",
            "a getter takes no arguments: `fn size(&self) -> …`",
            "the attribute `other` has no getter: write one, `#[getter] fn other(&self) -> …`, \
             and take #[hpy(get)] from the field if it has one",
        ]
    );
}

#[test]
fn what_pyo3_writes_is_told_its_name_here() {
    assert_eq!(
        errors(quote! {
            impl Point {
                fn __new__(x: f64) -> Self { Self }
                fn read(slf: PyRef<'_, Self>) -> f64 { slf.x }
                fn write(slf: RefMut<'_, Self>, x: f64) { slf.x = x }
                fn itself(slf: Handle<'_, Self>) {}
                #[hpy_method]
                fn listed(&self) {}
                #[pyo3(signature = (x = 1.0))]
                fn given(&self, x: f64) {}
                fn odd(self: &Handle<'_, Self>, x: f64) {}
            }
        }),
        [
            "the constructor is a function with #[new] above it: `#[new] fn new(x: f64) -> Self`",
            "every function of this impl is visible to Python: remove #[hpy_method], and write \
             its options as #[hpy(…)]",
            "unknown attribute `#[pyo3(…)]`; use `#[hpy(…)]`",
            "`self` is written as `&self`; if you need the object too, write `slf: &Handle<'_, \
             Self>`, whose data is `slf.borrow()?`",
            "`self` is written as `&mut self`; if you need the object too, write `slf: \
             &Handle<'_, Self>`, whose data is `slf.borrow_mut()?`",
            "a method borrows its object: write `slf: &Handle<'_, Self>`",
            "Python shares the object, so a method cannot take its data: take `&self`, `&mut \
             self` or `this: &Handle<'_, Self>`",
        ]
    );
}

#[test]
fn what_cannot_be_is_said() {
    assert_eq!(
        errors(quote! {
            impl Point {
                #[new]
                fn new() -> Self { Point }
                #[new]
                fn other() -> Self { Point }
                fn __ad__(&self, other: f64) -> f64 { 0.0 }
                fn __new__() -> Self { Point }
                fn __richcmp__(&self, other: f64, op: CompareOp) -> bool { true }
                fn __eq__(&self, other: f64) -> bool { true }
            }
        }),
        [
            "Python has no `__ad__`: did you mean `__add__`?",
            "the constructor is a function with #[new] above it: `#[new] fn new(x: f64) -> Self`",
            "there is a #[new] already: keep one",
            "there is a #[new] already: keep one",
            "`__richcmp__` handles all comparisons: keep it or the methods for single ones",
        ]
    );
    assert_eq!(
        errors(quote!(
            impl Trait for Point {}
        )),
        ["#[hpy_methods] goes on the type's own `impl`, not on that of a trait"]
    );
    assert_eq!(
        errors(quote!(
            struct Point;
        )),
        ["#[hpy_methods] goes on the `impl` of a type with #[hpy_type]"]
    );
}

#[test]
fn a_block_has_a_name() {
    let item = quote!(
        impl Point {}
    );
    let named = expand(quote!(block = extra), item.clone()).to_string();
    for expected in [
        quote!(pub const __HPY_METHODS_extra: __hpy::TypeMethods),
        quote!(__hpy::check_listed(
            <Point as __hpy::PyClass>::DESCRIPTION.blocks,
            "extra"
        )),
    ] {
        let expected = expected.to_string();
        assert!(named.contains(&expected), "{expected}\n is not in\n{named}");
    }
    let wrong = expand(quote!(frozen), item).to_string();
    assert!(
        wrong.contains("#[hpy_methods] has the options `keywords` and `block = …`"),
        "{wrong}"
    );
}
