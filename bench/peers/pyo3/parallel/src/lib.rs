//! Work without Python, with PyO3.

use pyo3::prelude::*;

#[pymodule]
mod parallel_pyo3 {
    use super::is_prime;
    use pyo3::prelude::*;
    use rayon::prelude::*;

    /// How many primes there are below a number, found by the calling thread.
    #[pyfunction]
    #[pyo3(signature = (below, /))]
    fn detached(py: Python<'_>, below: u64) -> usize {
        py.detach(move || (2..below).filter(|number| is_prime(*number)).count())
    }

    /// The same, found by rayon's threads.
    #[pyfunction]
    #[pyo3(signature = (below, /))]
    fn on_all_cores(py: Python<'_>, below: u64) -> usize {
        py.detach(move || {
            (2..below)
                .into_par_iter()
                .filter(|number| is_prime(*number))
                .count()
        })
    }

    /// Nothing: what it takes to detach and to attach again.
    #[pyfunction]
    fn away(py: Python<'_>) {
        py.detach(|| ());
    }
}

fn is_prime(number: u64) -> bool {
    number >= 2
        && (2..)
            .take_while(|divisor| divisor * divisor <= number)
            .all(|divisor| !number.is_multiple_of(divisor))
}
