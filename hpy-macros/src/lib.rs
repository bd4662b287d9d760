//! hpy-macros
