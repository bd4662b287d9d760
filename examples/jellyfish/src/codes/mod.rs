//! Codes that tell how a name sounds.

mod letters;
pub mod match_rating;
pub mod metaphone;
pub mod nysiis;
pub mod soundex;
