//! What people write who come from PyO3: attributes and options that have another name here, or none.

use crate::function::types::last_segment;
use crate::report::Report;
use proc_macro2::Ident;
use syn::{Attribute, Type};

/// Takes each `#[pyo3(…)]` out, and says what is written instead: `here`.
pub fn take_attributes(attributes: &mut Vec<Attribute>, here: &str, report: &mut Report) {
    attributes.retain(|attribute| {
        let is_foreign = attribute.path().is_ident("pyo3");
        if is_foreign {
            report.at(
                attribute,
                format!("what PyO3 writes as #[pyo3(…)] is {here} here"),
            );
        }
        !is_foreign
    });
}

/// Options of PyO3's `#[pyclass]`, and what is written instead.
const TYPE_OPTIONS: &[(&str, &str)] = &[
    ("extends", "the base of a type is `base = …`"),
    ("get_all", "#[hpy(get)] stands above each field"),
    ("set_all", "#[hpy(get, set)] stands above each field"),
    (
        "unsendable",
        "objects are used by, and end on, any thread, so their data is Send and Sync",
    ),
    (
        "sequence",
        "a type is what its special methods make it: leave it out",
    ),
    (
        "mapping",
        "a type is what its special methods make it: leave it out",
    ),
    (
        "freelist",
        "memory is the interpreter's affair: leave it out",
    ),
    ("eq_int", "an enum whose members are ints is `int`"),
    (
        "new",
        "the constructor is a function with #[new] in #[hpy_methods]",
    ),
    (
        "text_signature",
        "the constructor's stands above it: `#[new] #[hpy(text_signature = \"…\")]`",
    ),
    ("generic", "write a `__class_getitem__` with #[classmethod]"),
    ("immutable_type", "HPy has no such types: leave it out"),
    ("crate", "the crate is called `hpy`: leave it out"),
    (
        "from_py_object",
        "a value is taken as `Ref<'_, T>`, of a frozen type as `&T`: leave it out",
    ),
    (
        "skip_from_py_object",
        "a value is taken as `Ref<'_, T>`, of a frozen type as `&T`: leave it out",
    ),
];

/// What is written in place of an option of `#[pyclass]`.
pub fn suggestion_for_type_option(key: &str) -> Option<&'static str> {
    let found = TYPE_OPTIONS.iter().find(|(option, _)| *option == key);
    found.map(|(_, advice)| *advice)
}

/// What is written in place of a first parameter such as `slf: PyRef<'_, Self>`.
pub fn suggestion_for_receiver(name: &Ident, ty: &Type) -> Option<String> {
    let is_self = ["slf", "self_", "this"].iter().any(|one| name == one);
    let container = last_segment(ty).filter(|_| is_self)?.to_string();
    let object = format!("`{name}: &Handle<'_, Self>`");
    let data = match container.as_str() {
        "Ref" | "PyRef" => "`&self`",
        "RefMut" | "PyRefMut" => "`&mut self`",
        "Handle" | "Bound" | "Py" | "Persistent" => {
            return Some(format!("the object of a method is lent: write {object}"));
        }
        _ => return None,
    };
    let borrow = match data {
        "`&self`" => "borrow",
        _ => "borrow_mut",
    };
    Some(format!(
        "the data of a method's object is {data}; where the object is needed too, write {object}, whose data is `{name}.{borrow}()?`"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn attributes_of_pyo3_are_taken_out_and_reported() {
        let mut attributes: Vec<Attribute> =
            vec![parse_quote!(#[pyo3(get)]), parse_quote!(#[inline])];
        let mut report = Report::default();
        take_attributes(&mut attributes, "#[hpy(…)]", &mut report);
        assert!(attributes.len() == 1 && attributes[0].path().is_ident("inline"));
        assert_eq!(
            report.messages(),
            ["what PyO3 writes as #[pyo3(…)] is #[hpy(…)] here"]
        );
    }
}
