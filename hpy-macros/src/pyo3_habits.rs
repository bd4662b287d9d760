//! Attributes and options of PyO3 that have another name here, or no equivalent.

use crate::function::types::last_segment;
use crate::report::Report;
use proc_macro2::Ident;
use syn::{Attribute, Type};

/// Removes each `#[pyo3(…)]` and reports the attribute to use instead, `here`.
pub fn take_attributes(attributes: &mut Vec<Attribute>, here: &str, report: &mut Report) {
    attributes.retain(|attribute| {
        let is_foreign = attribute.path().is_ident("pyo3");
        if is_foreign {
            report.at(
                attribute,
                format!("unknown attribute `#[pyo3(…)]`; use `{here}`"),
            );
        }
        !is_foreign
    });
}

/// Options of PyO3's `#[pyclass]`, and what to write instead.
const TYPE_OPTIONS: &[(&str, &str)] = &[
    ("extends", "write `base = …`"),
    ("freelist", "the interpreter manages memory: remove it"),
    ("eq_int", "write `int` for an enum whose members are ints"),
    (
        "text_signature",
        "write it above the constructor: `#[new] #[hpy(text_signature = \"…\")]`",
    ),
    ("immutable_type", "HPy has no such types: remove it"),
    ("crate", "the crate is called `hpy`: remove it"),
    (
        "from_py_object",
        "the trait is called `FromHandle` here: write `from_handle`",
    ),
    (
        "skip_from_py_object",
        "a value is taken as `Ref<'_, T>`, or as `&T` if its type is frozen: remove it",
    ),
];

/// What to write in place of an option of `#[pyclass]`.
pub fn suggestion_for_type_option(key: &str) -> Option<&'static str> {
    let found = TYPE_OPTIONS.iter().find(|(option, _)| *option == key);
    found.map(|(_, advice)| *advice)
}

/// What to write in place of a first parameter such as `slf: PyRef<'_, Self>`.
pub fn suggestion_for_receiver(name: &Ident, ty: &Type) -> Option<String> {
    let is_self = ["slf", "self_", "this"].iter().any(|one| name == one);
    let container = last_segment(ty).filter(|_| is_self)?.to_string();
    let object = format!("`{name}: &Handle<'_, Self>`");
    let data = match container.as_str() {
        "Ref" | "PyRef" => "`&self`",
        "RefMut" | "PyRefMut" => "`&mut self`",
        "Handle" | "Bound" | "Py" | "Persistent" => {
            return Some(format!("a method borrows its object: write {object}"));
        }
        _ => return None,
    };
    let borrow = match data {
        "`&self`" => "borrow",
        _ => "borrow_mut",
    };
    Some(format!(
        "`self` is written as {data}; if you need the object too, write {object}, whose data is \
         `{name}.{borrow}()?`"
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
            ["unknown attribute `#[pyo3(…)]`; use `#[hpy(…)]`"]
        );
    }
}
