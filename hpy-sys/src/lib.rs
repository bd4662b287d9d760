//! hpy-sys
