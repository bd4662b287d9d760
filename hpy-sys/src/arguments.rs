//! Argument parsing for the raw API: a cursor in place of C's format strings and variable
//! arguments.
//!
//! ```no_run
//! use hpy_sys::{arguments::{Arguments, Raised}, *};
//!
//! /// `repeat(count, /, word, *, loud=False)`: the word so often, or twice as often.
//! unsafe extern "C" fn repeat(
//!     ctx: *mut HPyContext,
//!     _module: HPy,
//!     args: *const HPy,
//!     nargs: usize,
//!     kwnames: HPy,
//! ) -> HPy {
//!     unsafe fn parse(arguments: &mut Arguments) -> Result<(i64, HPy, bool), Raised> {
//!         unsafe {
//!             let parsed = (
//!                 arguments.positional()?.int()?,
//!                 arguments.named("word")?.handle()?,
//!                 arguments.keyword_only("loud")?.truth_or(false)?,
//!             );
//!             arguments.finish()?;
//!             Ok(parsed)
//!         }
//!     }
//!     let mut arguments = unsafe { Arguments::new(ctx, "repeat", args, nargs, kwnames) };
//!     match unsafe { parse(&mut arguments) } {
//!         Ok((count, word, loud)) => unsafe {
//!             let count = if loud { count.saturating_mul(2) } else { count };
//!             let times = HPyLong_FromInt64_t(ctx, count);
//!             if times.is_null() {
//!                 return HPy_NULL;
//!             }
//!             let result = HPy_Multiply(ctx, word, times);
//!             HPy_Close(ctx, times);
//!             result
//!         },
//!         Err(Raised) => HPy_NULL,
//!     }
//! }
//! ```
//!
//! The resulting handles are the caller's arguments: they are open during the call and must not be
//! closed. Messages are those of HPy's `HPyArg_Parse…`. Unlike there, an unexpected keyword is an
//! error.

use crate::*;
use core::ffi::CStr;
use core::marker::PhantomData;

/// A Python exception is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised;

/// A cursor over the arguments of a call.
pub struct Arguments<'a> {
    ctx: *mut HPyContext,
    function: &'static str,
    args: *const HPy,
    nargs: usize,
    kwnames: HPy,
    /// Positional arguments taken so far.
    taken: usize,
    /// Keyword arguments taken so far.
    taken_keywords: usize,
    _call: PhantomData<&'a HPy>,
}

/// One argument, or its absence.
pub struct Argument<'a> {
    ctx: *mut HPyContext,
    function: &'static str,
    handle: HPy,
    positional: bool,
    _call: PhantomData<&'a HPy>,
}

impl<'a> Arguments<'a> {
    /// Takes the arguments that a function of HPy's calling conventions gets. `kwnames` is null for
    /// conventions without keywords. Messages name `function`.
    ///
    /// # Safety
    /// For all of `'a`, during which the cursor, its arguments and their texts are used: `ctx` is
    /// valid and the thread attached. `args` has `nargs` open handles, and one more for each name
    /// in `kwnames`, which is a tuple or null.
    pub unsafe fn new(
        ctx: *mut HPyContext,
        function: &'static str,
        args: *const HPy,
        nargs: usize,
        kwnames: HPy,
    ) -> Self {
        Self {
            ctx,
            function,
            args,
            nargs,
            kwnames,
            taken: 0,
            taken_keywords: 0,
            _call: PhantomData,
        }
    }

    /// The next positional argument, which has no name.
    pub fn positional(&mut self) -> Result<Argument<'a>, Raised> {
        Ok(self
            .next_positional()
            .unwrap_or(self.argument(HPy_NULL, true)))
    }

    /// The next argument, by position or by name.
    pub fn named(&mut self, name: &str) -> Result<Argument<'a>, Raised> {
        match self.next_positional() {
            Some(argument) => Ok(argument),
            None => self.keyword(name),
        }
    }

    /// The argument of this name, which must not be given by position.
    ///
    /// # Errors
    /// TypeError if positional arguments are left.
    pub fn keyword_only(&mut self, name: &str) -> Result<Argument<'a>, Raised> {
        if self.taken < self.nargs {
            return Err(self.error("keyword only argument passed as positional argument"));
        }
        self.keyword(name)
    }

    /// Ends the parsing.
    ///
    /// # Errors
    /// TypeError if an argument is left that no call has taken.
    pub fn finish(&mut self) -> Result<(), Raised> {
        if self.taken < self.nargs {
            return Err(self.error("mismatched args (too many arguments for fmt)"));
        }
        if self.taken_keywords < self.keywords()? {
            return Err(self.error("mismatched args (too many keywords for fmt)"));
        }
        Ok(())
    }

    fn next_positional(&mut self) -> Option<Argument<'a>> {
        if self.taken == self.nargs {
            return None;
        }
        // SAFETY: `new` was promised this many arguments.
        let handle = unsafe { *self.args.add(self.taken) };
        self.taken += 1;
        Some(self.argument(handle, true))
    }

    fn keyword(&mut self, name: &str) -> Result<Argument<'a>, Raised> {
        for index in 0..self.keywords()? {
            // SAFETY: `new` was promised a tuple of names, with a value for each. The name is
            // closed once.
            let (same, value) = unsafe {
                let key = HPy_GetItem_i(self.ctx, self.kwnames, index as HPy_ssize_t);
                if key.is_null() {
                    return Err(Raised);
                }
                let mut size = 0;
                let text = HPyUnicode_AsUTF8AndSize(self.ctx, key, &mut size);
                let same = !text.is_null() && {
                    let bytes = core::slice::from_raw_parts(text.cast::<u8>(), size as usize);
                    bytes == name.as_bytes()
                };
                HPy_Close(self.ctx, key);
                if text.is_null() {
                    return Err(Raised);
                }
                (same, *self.args.add(self.nargs + index))
            };
            if same {
                self.taken_keywords += 1;
                return Ok(self.argument(value, false));
            }
        }
        Ok(self.argument(HPy_NULL, false))
    }

    fn keywords(&self) -> Result<usize, Raised> {
        if self.kwnames.is_null() {
            return Ok(0);
        }
        // SAFETY: `new` was promised a tuple.
        let count = unsafe { HPy_Length(self.ctx, self.kwnames) };
        usize::try_from(count).map_err(|_| Raised)
    }

    fn argument(&self, handle: HPy, positional: bool) -> Argument<'a> {
        Argument {
            ctx: self.ctx,
            function: self.function,
            handle,
            positional,
            _call: PhantomData,
        }
    }

    #[cold]
    fn error(&self, message: &str) -> Raised {
        type_error(self.ctx, self.function, message)
    }
}

macro_rules! conversions {
    ($($name:ident $or:ident $convert:ident -> $ty:ty, $what:literal;)*) => {$(
        #[doc = concat!("The argument as ", $what, ".")]
        ///
        /// # Errors
        /// Any exception of the conversion; TypeError if the argument is missing.
        pub fn $name(self) -> Result<$ty, Raised> {
            // SAFETY: the handle is one of the caller's open ones.
            unsafe { $convert(self.ctx, self.handle()?) }
        }

        #[doc = concat!("The argument as ", $what, ", or this value if it is missing.")]
        ///
        /// # Errors
        /// Any exception of the conversion.
        pub fn $or(self, missing: $ty) -> Result<$ty, Raised> {
            if self.handle.is_null() { Ok(missing) } else { self.$name() }
        }
    )*};
}

impl<'a> Argument<'a> {
    /// The argument's handle.
    ///
    /// # Errors
    /// TypeError if it is missing.
    pub fn handle(&self) -> Result<HPy, Raised> {
        if !self.handle.is_null() {
            return Ok(self.handle);
        }
        let message = if self.positional {
            "required positional argument missing"
        } else {
            "no value for required argument"
        };
        Err(type_error(self.ctx, self.function, message))
    }

    /// The argument, or None if it is missing.
    pub fn optional(&self) -> Option<HPy> {
        (!self.handle.is_null()).then_some(self.handle)
    }

    conversions! {
        int int_or int -> i64, "an integer of 64 bits";
        float float_or float -> f64, "a float";
        truth truth_or truth -> bool, "a truth value";
    }

    /// The argument as text, which lives as long as the argument's object.
    ///
    /// # Errors
    /// TypeError if it is missing or not a `str`. ValueError if the text contains a NUL.
    pub fn text(self) -> Result<&'a CStr, Raised> {
        let handle = self.handle()?;
        let mut size = 0;
        // SAFETY: the handle is one of the caller's open ones. The text has `size` bytes and a NUL.
        unsafe {
            let text = HPyUnicode_AsUTF8AndSize(self.ctx, handle, &mut size);
            if text.is_null() {
                return Err(Raised);
            }
            let text = CStr::from_ptr(text);
            if text.count_bytes() != size as usize {
                let message = c"embedded null character";
                HPyErr_SetString(self.ctx, h_ValueError(self.ctx), message.as_ptr());
                return Err(Raised);
            }
            Ok(text)
        }
    }
}

unsafe fn int(ctx: *mut HPyContext, handle: HPy) -> Result<i64, Raised> {
    // SAFETY: as promised by the caller.
    match unsafe { HPyLong_AsInt64_t(ctx, handle) } {
        // SAFETY: as above.
        -1 if unsafe { HPyErr_Occurred(ctx) } != 0 => Err(Raised),
        value => Ok(value),
    }
}

unsafe fn float(ctx: *mut HPyContext, handle: HPy) -> Result<f64, Raised> {
    // SAFETY: as promised by the caller.
    let value = unsafe { HPyFloat_AsDouble(ctx, handle) };
    // SAFETY: as above.
    if value == -1.0 && unsafe { HPyErr_Occurred(ctx) } != 0 {
        return Err(Raised);
    }
    Ok(value)
}

unsafe fn truth(ctx: *mut HPyContext, handle: HPy) -> Result<bool, Raised> {
    // SAFETY: as promised by the caller.
    match unsafe { HPy_IsTrue(ctx, handle) } {
        -1 => Err(Raised),
        value => Ok(value != 0),
    }
}

#[cold]
fn type_error(ctx: *mut HPyContext, function: &str, message: &str) -> Raised {
    let text = format!("{function}() {message}");
    let text = std::ffi::CString::new(text).unwrap_or_default();
    // SAFETY: the cursor's context is valid.
    unsafe { HPyErr_SetString(ctx, h_TypeError(ctx), text.as_ptr()) };
    Raised
}
