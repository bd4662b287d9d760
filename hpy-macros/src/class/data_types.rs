//! Checks of the types of a struct's fields, where the compiler's errors would name internals.

use crate::function::types::{last_segment, walk};
use crate::report::Report;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, GenericParam, Type};

/// What shares its content between owners.
const SHARING: [&str; 3] = ["Arc", "Rc", "Weak"];
/// What gives its content to one user at a time, or once.
const LOCKING: [&str; 8] = [
    "Mutex", "RwLock", "RefCell", "Cell", "OnceCell", "OnceLock", "LazyCell", "LazyLock",
];
/// Collections whose items cannot hold objects.
const COLLECTIONS: [&str; 4] = ["HashSet", "BTreeSet", "BinaryHeap", "LinkedList"];
/// What lives no longer than a call.
const OF_A_CALL: [&str; 4] = ["Handle", "Context", "Ref", "RefMut"];

/// Reports fields that cannot be an object's data.
pub fn check(input: &DeriveInput, report: &mut Report) {
    for ty in types(&input.data) {
        walk(ty, &mut |part| {
            check_hidden_field(part, report);
            let name = last_segment(part).map(ToString::to_string);
            if let Some(name) = name.filter(|name| OF_A_CALL.contains(&name.as_str())) {
                report.at(
                    part,
                    format!(
                        "a `{name}` lives no longer than the call, and the object may: hold the \
                         object that it stands for by a `Field`"
                    ),
                );
            }
        });
    }
}

/// Reports lifetimes of a struct. Returns whether the parameter is one.
pub fn check_lifetime(parameter: &GenericParam, report: &mut Report) -> bool {
    let GenericParam::Lifetime(lifetime) = parameter else {
        return false;
    };
    report.at_span(
        lifetime.span(),
        "an object lives as long as Python wants, so its data cannot borrow: remove the lifetime, \
         own the data, and hold objects by a `Field`",
    );
    true
}

/// Reports a container that hides a `Field` from the garbage collector.
pub fn check_hidden_field(container: &Type, report: &mut Report) {
    let Some(name) = last_segment(container).map(ToString::to_string) else {
        return;
    };
    let advice = if SHARING.contains(&name.as_str()) {
        "a `Field` belongs to one object: to share it, put it into a class of its own, and hold \
         objects of that class by a `Field`"
    } else if LOCKING.contains(&name.as_str()) {
        "write `Option<Field>`, which a method with `&mut self` can replace"
    } else if COLLECTIONS.contains(&name.as_str()) {
        "write a `Vec<Field>`, or hold a `list`, `set` or `dict` by a `Field`"
    } else {
        return;
    };
    let mut has_field = false;
    walk(container, &mut |part| {
        has_field |= last_segment(part).is_some_and(|last| last == "Field");
    });
    if has_field {
        report.at(
            container,
            format!("the garbage collector does not see a `Field` in this `{name}`: {advice}"),
        );
    }
}

fn types(data: &Data) -> Vec<&Type> {
    match data {
        Data::Struct(data) => data.fields.iter().map(|field| &field.ty).collect(),
        Data::Enum(data) => {
            let variants = data.variants.iter();
            let fields = variants.flat_map(|variant| variant.fields.iter());
            fields.map(|field| &field.ty).collect()
        }
        Data::Union(_) => Vec::new(),
    }
}
