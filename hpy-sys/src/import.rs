//! What each way into the library begins with.

/// Prepares the process. Called by every entry point before anything else of the library runs.
pub(crate) fn on_import() {
    crate::forced_unwind::park_ended_threads();
    crate::fork::hold_locks_in_forks();
}
