//! hpy
