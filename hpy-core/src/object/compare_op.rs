//! `CompareOp`: which comparison.

use core::cmp::Ordering;

/// The operator of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `<`
    Lt = 0,
    /// `<=`
    Le = 1,
    /// `==`
    Eq = 2,
    /// `!=`
    Ne = 3,
    /// `>`
    Gt = 4,
    /// `>=`
    Ge = 5,
}

impl CompareOp {
    /// Whether values of that order compare as true. PyO3's `CompareOp::matches`.
    ///
    /// ```
    /// use hpy::CompareOp;
    ///
    /// assert!(CompareOp::Le.matches(1.cmp(&2)) && !CompareOp::Ne.matches(2.cmp(&2)));
    /// ```
    #[must_use]
    pub fn matches(self, order: Ordering) -> bool {
        match self {
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}
