//! `*args` and `**kw`.

use super::{Args, KeywordArgs, Signature};
use crate::object::handle::Borrowed;
use crate::types::{Dict, Str, Tuple};
use crate::{Annotation, FromHandle, Handle, Result, backend};
use std::collections::{BTreeMap, HashMap};

/// The keywords that name no parameter: the type of `**kw`.
///
/// ```
/// use hpy::prelude::*;
///
/// #[hpy_method(signature = (**options))]
/// fn names(options: hpy::Keywords<'_, '_>) -> Result<Vec<String>> {
///     options.iter().map(|pair| pair?.0.extract()).collect()
/// }
/// # hpy_mock::run(|ctx| {
/// #     let names = hpy_mock::method::<names>(ctx).call((), [("a", 1), ("b", 2)])?;
/// #     assert_eq!(names.to_string(), "['a', 'b']");
/// #     Ok(())
/// # });
/// ```
#[derive(Clone, Copy)]
pub struct Keywords<'a, 'ctx> {
    args: KeywordArgs<'a, 'ctx>,
    signature: &'static Signature,
}

impl<'a, 'ctx> Keywords<'a, 'ctx> {
    #[inline(always)]
    pub(crate) fn new(args: KeywordArgs<'a, 'ctx>, signature: &'static Signature) -> Self {
        Self { args, signature }
    }

    /// Names and values, in the order of the call.
    pub fn iter(
        &self,
    ) -> impl Iterator<Item = Result<(Handle<'ctx, Str>, Borrowed<'a, 'ctx>)>> + use<'a, 'ctx> {
        let Self { args, signature } = *self;
        args.keyword_values()
            .enumerate()
            .filter_map(move |(position, value)| {
                let (ctx, names) = (args.positional.ctx, args.names);
                let taken = backend::with_keyword_name(ctx, names, position, |name| {
                    name.is_some_and(|name| signature.keyword(name).is_some())
                });
                if taken {
                    return None;
                }
                let name = args
                    .keyword_name(position)
                    .and_then(Handle::downcast_into::<Str>);
                Some(name.map(|name| (name, value)))
            })
    }

    /// The value of a keyword, if the call has it.
    ///
    /// ```
    /// use hpy::prelude::*;
    ///
    /// #[hpy_method(signature = (**options))]
    /// fn width(options: hpy::Keywords<'_, '_>) -> Result<u32> {
    ///     options.get("width")?.map_or(Ok(80), |width| width.extract())
    /// }
    /// # hpy_mock::run(|ctx| {
    /// #     let width = hpy_mock::method::<width>(ctx);
    /// #     assert_eq!(width.call((), [("width", 4)])?.extract::<u32>()?, 4);
    /// #     assert_eq!(width.call((), [("w", 4)])?.extract::<u32>()?, 80);
    /// #     Ok(())
    /// # });
    /// ```
    ///
    /// # Errors
    /// What the interpreter raises of a name.
    pub fn get(&self, name: &str) -> Result<Option<Borrowed<'a, 'ctx>>> {
        for pair in self.iter() {
            let (key, value) = pair?;
            if key.to_str()? == name {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl<'a, 'ctx> KeywordArgs<'a, 'ctx> {
    /// The positional arguments, and all keywords.
    pub(crate) fn split(self) -> (Args<'a, 'ctx>, Keywords<'a, 'ctx>) {
        static NAMES_NO_PARAMETER: Signature = Signature {
            function: "",
            counts_receiver: false,
            parameters: &[],
            positional: 0,
            var_positional: None,
            var_keyword: None,
            keyword_names: &[],
        };
        (self.positional, Keywords::new(self, &NAMES_NO_PARAMETER))
    }
}

impl core::fmt::Debug for Keywords<'_, '_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let pairs = self.iter().flatten();
        f.debug_map()
            .entries(pairs.map(|(name, value)| (name.to_string(), format!("{:?}", &*value))))
            .finish()
    }
}

/// What the parameter of `*args` may be: [`Args`], a tuple, a `Vec`.
#[diagnostic::on_unimplemented(
    message = "`*args` can't be taken as `{Self}`",
    label = "not a type for `*args`",
    note = "use `Args<'_, 'ctx>`, `&Handle<'ctx, Tuple>` or a `Vec` of something that implements \
            `FromHandle`"
)]
pub trait FromVarArgs<'a, 'ctx>: Sized {
    /// What Python calls each of them.
    #[doc(hidden)]
    const ANNOTATION: Annotation = Annotation::ANY;

    /// Converts the arguments.
    fn from_var_args(args: Args<'a, 'ctx>) -> Result<Self>;
}

impl<'a, 'ctx> FromVarArgs<'a, 'ctx> for Args<'a, 'ctx> {
    fn from_var_args(args: Args<'a, 'ctx>) -> Result<Self> {
        Ok(args)
    }
}

impl<'a, 'ctx> FromVarArgs<'a, 'ctx> for Handle<'ctx, Tuple> {
    fn from_var_args(args: Args<'a, 'ctx>) -> Result<Self> {
        // SAFETY: the array's handles are open; a new tuple or null with an exception.
        unsafe {
            let tuple =
                hpy_sys::HPyTuple_FromArray(args.ctx.as_ptr(), args.first, args.len as isize);
            args.ctx.handle_from_raw(tuple)
        }
    }
}

impl<'a, 'ctx, T> FromVarArgs<'a, 'ctx> for Vec<T>
where
    T: for<'b> FromHandle<'b, 'ctx>,
{
    const ANNOTATION: Annotation = <T as FromHandle<'ctx, 'ctx>>::ANNOTATION;

    fn from_var_args(args: Args<'a, 'ctx>) -> Result<Self> {
        args.iter().map(|handle| T::from_handle(&handle)).collect()
    }
}

/// What the parameter of `**kw` may be: [`Keywords`], a dict, an `Option` of one, a map with String
/// keys.
#[diagnostic::on_unimplemented(
    message = "`**kw` can't be taken as `{Self}`",
    label = "not a type for `**kw`",
    note = "use `Keywords<'_, 'ctx>`, `&Handle<'ctx, Dict>`, `Option<Handle<'ctx, Dict>>` or a \
            `HashMap<String, T>`"
)]
pub trait FromKeywords<'a, 'ctx>: Sized {
    /// What Python calls each value.
    #[doc(hidden)]
    const ANNOTATION: Annotation = Annotation::ANY;

    /// Converts the keywords.
    fn from_keywords(keywords: Keywords<'a, 'ctx>) -> Result<Self>;
}

impl<'a, 'ctx> FromKeywords<'a, 'ctx> for Keywords<'a, 'ctx> {
    fn from_keywords(keywords: Keywords<'a, 'ctx>) -> Result<Self> {
        Ok(keywords)
    }
}

impl<'a, 'ctx> FromKeywords<'a, 'ctx> for Handle<'ctx, Dict> {
    fn from_keywords(keywords: Keywords<'a, 'ctx>) -> Result<Self> {
        let dict = keywords.args.positional.ctx.dict()?;
        for pair in keywords.iter() {
            let (name, value) = pair?;
            dict.set_item(&name, &*value)?;
        }
        Ok(dict)
    }
}

/// None where there are no keywords.
impl<'a, 'ctx> FromKeywords<'a, 'ctx> for Option<Handle<'ctx, Dict>> {
    fn from_keywords(keywords: Keywords<'a, 'ctx>) -> Result<Self> {
        if keywords.is_empty() {
            Ok(None)
        } else {
            Handle::from_keywords(keywords).map(Some)
        }
    }
}

macro_rules! maps {
    ($($map:ident)*) => {
        $(impl<'a, 'ctx, T> FromKeywords<'a, 'ctx> for $map<String, T>
        where
            T: for<'b> FromHandle<'b, 'ctx>,
        {
            const ANNOTATION: Annotation = <T as FromHandle<'ctx, 'ctx>>::ANNOTATION;

            fn from_keywords(keywords: Keywords<'a, 'ctx>) -> Result<Self> {
                let pairs = keywords.iter();
                pairs
                    .map(|pair| {
                        let (name, value) = pair?;
                        Ok((name.extract()?, T::from_handle(&value)?))
                    })
                    .collect()
            }
        })*
    };
}

maps! { HashMap BTreeMap }

/// Converts what `*args` takes.
#[inline]
pub fn var_positional<'a, 'ctx, T: FromVarArgs<'a, 'ctx>>(
    args: Args<'a, 'ctx>,
    signature: &'static Signature,
) -> Result<T> {
    let name = signature.var_positional.unwrap_or("args");
    T::from_var_args(args).map_err(|error| error.in_argument(args.ctx, signature.function, name))
}

/// Converts what `**kw` takes.
#[inline]
pub fn var_keyword<'a, 'ctx, T: FromKeywords<'a, 'ctx>>(
    keywords: Keywords<'a, 'ctx>,
    signature: &'static Signature,
) -> Result<T> {
    let name = signature.var_keyword.unwrap_or("kw");
    let ctx = keywords.args.positional.ctx;
    T::from_keywords(keywords).map_err(|error| error.in_argument(ctx, signature.function, name))
}
