//! What macros call where the feature `embed` is off.

/// Modules register themselves with the feature `embed` only.
#[doc(hidden)]
#[macro_export]
macro_rules! __register_built_in {
    ($name:expr, $init:ident) => {};
}

/// `#[hpy::test]` needs the feature `embed`.
#[doc(hidden)]
#[macro_export]
macro_rules! __test {
    ([$($attributes:tt)*] $name:ident $parallel:literal { $($item:tt)* }) => {
        #[allow(dead_code)]
        $($item)*
        ::core::compile_error!(
            "#[hpy::test] runs in an interpreter, which needs the feature `embed`: under \
             [dev-dependencies] write hpy with `features = [\"embed\"]`"
        );
    };
}
