//! The static in which a library exports its description.

/// A static with the text, which the library exports.
#[doc(hidden)]
#[macro_export]
macro_rules! __description {
    ($symbol:ident, $pieces:expr) => {
        const _: () = {
            #[allow(unused_imports)]
            use $crate::__private::SaysNothing as _;
            const PIECES: &[$crate::__private::Piece] = $pieces;
            #[unsafe(no_mangle)]
            #[allow(non_upper_case_globals, long_running_const_eval)]
            pub static $symbol: [::core::primitive::u8;
                $crate::__private::description_length(PIECES)] =
                $crate::__private::description_text(PIECES);
        };
    };
}
