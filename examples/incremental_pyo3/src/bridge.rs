//! The way between the two halves: objects, errors, and what PyO3's module has.

use hpy::prelude::*;
use pyo3::prelude::{Bound, Py, PyAny, PyAnyMethods, PyModule, PyModuleMethods, PyResult, Python};

/// Calls `function` with PyO3's form of the same object.
pub fn with_bound<R>(
    object: &Handle<'_>,
    function: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<R>,
) -> Result<R> {
    let result = object.with_py_object(|object| {
        // The thread is attached, which PyO3 has to find out.
        Python::attach(|py| {
            // SAFETY: the object is alive, and its reference lent.
            let object = unsafe { Bound::from_borrowed_ptr(py, object.cast()) };
            function(&object).map_err(|error| error.restore(py))
        })
    })?;
    result.map_err(|()| Error::fetch(object.ctx()))
}

/// Puts into a module what a `#[pymodule]` has. ImportError for a name that the module has already:
/// it has moved, and was left in the old half.
pub fn add_all(
    module: &Handle<'_, Module>,
    old: impl FnOnce(Python<'_>) -> Py<PyModule>,
) -> Result<()> {
    with_bound(module.as_object(), |module| {
        let py = module.py();
        let module = module.cast::<PyModule>()?;
        for (name, value) in old(py).bind(py).dict() {
            let name: String = name.extract()?;
            if name.starts_with("__") {
                continue;
            }
            if module.hasattr(&name)? {
                let text = format!("{} is in both halves", name);
                return Err(pyo3::exceptions::PyImportError::new_err(text));
            }
            module.add(name, value)?;
        }
        Ok(())
    })
}
