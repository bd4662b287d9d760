//! Arrow's and numpy's arrays, with pyo3-arrow and rust-numpy.

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod arrays_pyo3 {
    use arrow_array::{Array, Int64Array};
    use numpy::{PyReadonlyArray2, PyUntypedArrayMethods};
    use pyo3::prelude::*;
    use pyo3_arrow::{PyArray, PyRecordBatch, PyTable};
    use std::sync::Arc;

    #[pyfunction]
    fn array(array: PyArray) -> usize {
        array.array().len()
    }

    #[pyfunction]
    fn unvalidated(array: PyArray) -> usize {
        array.array().len()
    }

    #[pyfunction]
    fn batch(batch: PyRecordBatch) -> usize {
        batch.as_ref().num_rows()
    }

    #[pyfunction]
    fn table(table: PyTable) -> usize {
        table.batches().iter().map(|batch| batch.num_rows()).sum()
    }

    #[pyfunction]
    fn make() -> PyArray {
        let numbers: Int64Array = (0..3).collect();
        PyArray::from_array_ref(Arc::new(numbers))
    }

    #[pyfunction]
    fn view(array: PyReadonlyArray2<'_, f64>) -> usize {
        array.len()
    }
}
