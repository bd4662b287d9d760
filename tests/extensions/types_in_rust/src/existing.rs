//! Constructors that return an object that exists.

use hpy::ensure;
use hpy::exceptions::ValueError;
use hpy::prelude::*;

/// There is one of it.
#[hpy_type]
pub struct Settings {
    #[hpy(get, set)]
    level: i64,
}

static SETTINGS: Cached<Settings> = Cached::new();

#[hpy_methods]
impl Settings {
    #[new]
    fn new<'ctx>(ctx: Context<'ctx>) -> Result<Handle<'ctx, Self>> {
        SETTINGS.get_or_init(ctx, || ctx.instance(Settings { level: 0 }))
    }
}

/// There is one of it for each text.
#[hpy_type(frozen, subclass)]
pub struct Word {
    #[hpy(get)]
    text: String,
}

static WORDS: Cached<Dict> = Cached::new();

#[hpy_methods]
impl Word {
    #[new]
    fn new<'ctx>(ctx: Context<'ctx>, text: &str) -> Result<Handle<'ctx, Self>> {
        ensure!(!text.is_empty(), ValueError, "no word");
        let words = WORDS.get_or_init(ctx, || ctx.dict())?;
        if let Some(word) = words.get(text)? {
            return word.downcast_into();
        }
        let text = text.to_owned();
        let word = ctx.instance(Word { text: text.clone() })?;
        words.set_item(text, &word)?;
        Ok(word)
    }

    fn len(&self) -> usize {
        self.text.len()
    }
}

/// One that derives from it, and is made as usual.
#[hpy_type(base = Word, frozen)]
pub struct LoudWord;

#[hpy_methods]
impl LoudWord {
    #[new]
    fn new(text: &str) -> (Self, Word) {
        let text = text.to_uppercase();
        (LoudWord, Word { text })
    }
}
