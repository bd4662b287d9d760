//! hpy-runtime
