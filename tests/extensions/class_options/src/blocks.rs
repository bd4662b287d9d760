//! Several impls with `#[hpy_methods]`.

use hpy::prelude::*;

/// Methods in four blocks, one of them in another module, and a constructor from the fields.
#[hpy_type(new, get_all, generic, blocks = [operators, statistics, calls])]
pub struct Account {
    balance: i64,
}

#[hpy_methods]
impl Account {
    #[classattr]
    const CURRENCY: &'static str = "EUR";

    fn deposit(&mut self, amount: i64) {
        self.balance += amount;
    }
}

#[hpy_methods(block = operators)]
impl Account {
    fn __add__(&self, amount: i64) -> Account {
        Account {
            balance: self.balance + amount,
        }
    }

    fn __radd__(&self, amount: i64) -> Account {
        Account {
            balance: self.balance + amount,
        }
    }

    fn __eq__(&self, other: Ref<'_, Account>) -> bool {
        self.balance == other.balance
    }

    fn __iter__<'ctx>(this: &Handle<'ctx, Self>) -> Handle<'ctx, Self> {
        this.dup()
    }

    fn __next__(&mut self) -> Option<i64> {
        self.balance -= 1;
        (self.balance >= 0).then_some(self.balance)
    }
}

mod statistics {
    use super::Account;
    use hpy::prelude::*;

    #[hpy_methods(block = statistics)]
    impl Account {
        /// Twice the balance.
        #[getter]
        fn twice(&self) -> i64 {
            self.balance * 2
        }

        #[setter]
        fn set_twice(&mut self, value: i64) {
            self.balance = value / 2;
        }

        #[classmethod]
        fn empty(_class: &Handle<'_, Type>) -> Account {
            Account { balance: 0 }
        }

        #[staticmethod]
        fn limit() -> i64 {
            i64::MAX
        }

        #[classattr]
        fn zero() -> Account {
            Account { balance: 0 }
        }

        #[setter]
        fn set_balance(&mut self, value: i64) {
            self.balance = value;
        }
    }
}

#[hpy_methods(block = calls)]
impl Account {
    fn __call__(&self, factor: i64) -> i64 {
        self.balance * factor
    }

    #[call]
    fn negative(&self, factor: i64) -> i64 {
        -self.balance * factor
    }

    fn be_negative(this: &Handle<'_, Self>) -> Result<()> {
        this.set_call(Self::NEGATIVE)
    }
}

/// No block without a name; the constructor is in a block.
#[hpy_type(blocks = [only])]
pub struct Both {
    text: String,
}

#[hpy_methods(block = only)]
impl Both {
    #[new]
    fn new(text: String) -> Self {
        Both { text }
    }

    fn __len__(&self) -> usize {
        self.text.len()
    }
}
