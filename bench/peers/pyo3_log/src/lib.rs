//! Records of the crate `log`, with pyo3-log.

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod logging_pyo3 {
    use pyo3::exceptions::PyRuntimeError;
    use pyo3::prelude::*;

    #[pyfunction]
    fn debug(count: usize) -> usize {
        for number in 0..count {
            log::debug!(target: "bench::part", "record {number}");
        }
        count
    }

    #[pyfunction]
    fn info(count: usize) -> usize {
        for number in 0..count {
            log::info!(target: "bench::part", "record {number}");
        }
        count
    }

    #[pymodule_init]
    fn init(_: &Bound<'_, PyModule>) -> PyResult<()> {
        pyo3_log::try_init()
            .map(drop)
            .map_err(|error| PyRuntimeError::new_err(error.to_string()))
    }
}
