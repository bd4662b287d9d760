//! What every entry point of the library does first.

/// Prepares the process. Every entry point calls this before any other code of the library runs.
pub(crate) fn on_import() {
    crate::forced_unwind::park_ended_threads();
    crate::fork::hold_locks_in_forks();
}
