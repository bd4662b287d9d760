//! The options of a type, in `#[hpy_type(…)]`, and of a field, in `#[hpy(…)]`.

use super::base::Base;
use super::format_string::Text;
use super::instance::{self, Instance};
use super::match_args::MatchArgs;
use crate::derive::rename::{RULES, Rule};
use crate::expression::until_comma;
use crate::pyo3_habits::suggestion_for_type_option;
use crate::report::{Report, nearest, quoted_list};
use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Attribute, LitStr, Meta, Result, Token, bracketed};

/// What the user asked of the type.
#[derive(Default)]
pub struct TypeOptions {
    /// `name = "…"`: the name in Python.
    pub name: Option<LitStr>,
    /// `module = "…"`: the type's `__module__`.
    pub module: Option<LitStr>,
    /// `subclass`: Python classes may derive from it.
    pub subclass: Option<Ident>,
    /// `frozen`: nothing takes `&mut self`.
    pub frozen: Option<Ident>,
    /// `base = Shape`: the base type.
    pub base: Option<Base>,
    /// `legacy_slots = …`: a table of slots in C.
    pub legacy_slots: Option<(Ident, TokenStream)>,
    /// `metaclass = Meta`: the metaclass.
    pub metaclass: Option<(Ident, syn::Path)>,
    /// `dict`: instances have a `__dict__`.
    pub dict: Option<Ident>,
    /// `weakref`: instances can be weakly referenced.
    pub weakref: Option<Ident>,
    /// `unsendable`: only the thread that made an object may use it.
    pub unsendable: Option<Ident>,
    /// `shared = "1.0"`: other extensions may use the type.
    pub shared: Option<(Ident, LitStr)>,
    /// `pickle`, or `pickle = serde`: objects can be pickled and copied.
    pub pickle: Option<(Ident, Option<Ident>)>,
    /// `from_handle`: a parameter may be a copy of the data.
    pub from_handle: Option<Ident>,
    /// `eq`: `==` and `!=` by `PartialEq`.
    pub eq: Option<Ident>,
    /// `ord`: the other comparisons by `PartialOrd`.
    pub ord: Option<Ident>,
    /// `hash`: by `Hash`.
    pub hash: Option<Ident>,
    /// `repr`: by `Debug`, or by a format string.
    pub repr: Option<Text>,
    /// `str`: by `Display`, or by a format string.
    pub str: Option<Text>,
    /// `match_args`: what `case Point(x, y)` matches.
    pub match_args: Option<MatchArgs>,
    /// `struct_sequence`: a tuple with named items.
    pub struct_sequence: Option<Ident>,
    /// `int`: an `enum.IntEnum`.
    pub int: Option<Ident>,
    /// `rename_all = "…"`: the naming style of an enum's members, or of attributes that are fields.
    pub rename_all: Option<(Ident, Rule)>,
    /// `get_all`: every field is an attribute.
    pub get_all: Option<Ident>,
    /// `set_all`: every one that Python may assign.
    pub set_all: Option<Ident>,
    /// `new`: the constructor takes the fields.
    pub new: Option<Ident>,
    /// `generic`: `Point[int]`.
    pub generic: Option<Ident>,
    /// `sequence` and `mapping`: a virtual subclass of `collections.abc.Sequence` or `Mapping`.
    pub sequence: Option<Ident>,
    pub mapping: Option<Ident>,
    /// `blocks = [io, …]`: other impls with `#[hpy_methods]`.
    pub blocks: Option<(Ident, Vec<Ident>)>,
    /// `instances(IntStack = Stack<i64>, …)`: the classes that a generic struct makes.
    pub instances: Option<(Ident, Vec<Instance>)>,
}

/// The options of a variant, or of the field of a structure sequence.
#[derive(Default)]
pub struct VariantOptions {
    /// `name = "…"`: the name in Python.
    pub name: Option<LitStr>,
    /// `constructor = (a, b = 1)`: the signature of the constructor of a variant with data.
    pub constructor: Option<(Ident, TokenStream)>,
}

/// What the user asked of a field.
#[derive(Default)]
pub struct FieldOptions {
    /// `get`: an attribute.
    pub get: Option<Ident>,
    /// `set`: one that Python may assign.
    pub set: Option<Ident>,
    /// `name = "…"`: the attribute's name.
    pub name: Option<LitStr>,
    /// `default`, or `default = …`: the value if the constructor gets none.
    pub default: Option<(Ident, Option<TokenStream>)>,
    /// `skip`: Python does not know the field.
    pub skip: Option<Ident>,
}

const TYPE_KEYS: [&str; 30] = [
    "name",
    "module",
    "subclass",
    "frozen",
    "base",
    "metaclass",
    "dict",
    "weakref",
    "unsendable",
    "shared",
    "pickle",
    "from_handle",
    "eq",
    "ord",
    "hash",
    "repr",
    "str",
    "match_args",
    "struct_sequence",
    "int",
    "rename_all",
    "get_all",
    "set_all",
    "new",
    "generic",
    "sequence",
    "mapping",
    "blocks",
    "instances",
    "legacy_slots",
];
/// What [`VariantOptions`] of an enum with data are of, in messages.
pub const VARIANT: &str = "variant with data";
const FIELD_KEYS: [&str; 5] = ["get", "set", "name", "default", "skip"];

impl TypeOptions {
    /// Reads `name = "x", frozen`.
    pub fn read(&mut self, arguments: TokenStream, report: &mut Report) {
        read(arguments, report, |key, input| {
            Ok(match key.to_string().as_str() {
                "name" => value(&mut self.name, input)?,
                "module" => value(&mut self.module, input)?,
                "subclass" => self.subclass.replace(key.clone()).is_some(),
                "frozen" => self.frozen.replace(key.clone()).is_some(),
                "base" => {
                    let base = Base::parse(key, input)?;
                    self.base.replace(base).is_some()
                }
                "metaclass" => {
                    input.parse::<Token![=]>()?;
                    let path = syn::Path::parse_mod_style(input)?;
                    self.metaclass.replace((key.clone(), path)).is_some()
                }
                "dict" => self.dict.replace(key.clone()).is_some(),
                "weakref" => self.weakref.replace(key.clone()).is_some(),
                "unsendable" => self.unsendable.replace(key.clone()).is_some(),
                "pickle" => {
                    let by = pickled_by(input)?;
                    self.pickle.replace((key.clone(), by)).is_some()
                }
                "shared" => {
                    if !input.peek(Token![=]) {
                        return Err(syn::Error::new(
                            key.span(),
                            "say which version of the type it is, as in `shared = \"1.0\"`",
                        ));
                    }
                    input.parse::<Token![=]>()?;
                    let version = input.parse()?;
                    self.shared.replace((key.clone(), version)).is_some()
                }
                "from_handle" => self.from_handle.replace(key.clone()).is_some(),
                "eq" => self.eq.replace(key.clone()).is_some(),
                "ord" => self.ord.replace(key.clone()).is_some(),
                "hash" => self.hash.replace(key.clone()).is_some(),
                "repr" => self.repr.replace(Text::parse(key, input)?).is_some(),
                "str" => self.str.replace(Text::parse(key, input)?).is_some(),
                "get_all" => self.get_all.replace(key.clone()).is_some(),
                "set_all" => self.set_all.replace(key.clone()).is_some(),
                "new" => {
                    from_fields(input)?;
                    self.new.replace(key.clone()).is_some()
                }
                "generic" => self.generic.replace(key.clone()).is_some(),
                "sequence" => self.sequence.replace(key.clone()).is_some(),
                "mapping" => self.mapping.replace(key.clone()).is_some(),
                "blocks" => {
                    let names = blocks(input)?;
                    self.blocks.replace((key.clone(), names)).is_some()
                }
                "match_args" => {
                    let asked = MatchArgs::parse(key, input)?;
                    self.match_args.replace(asked).is_some()
                }
                "struct_sequence" => self.struct_sequence.replace(key.clone()).is_some(),
                "int" => self.int.replace(key.clone()).is_some(),
                "rename_all" => {
                    input.parse::<Token![=]>()?;
                    let rule = rule(&input.parse()?)?;
                    self.rename_all.replace((key.clone(), rule)).is_some()
                }
                "instances" => {
                    let list = instance::parse(input)?;
                    self.instances.replace((key.clone(), list)).is_some()
                }
                "legacy_slots" => {
                    input.parse::<Token![=]>()?;
                    let table = until_comma(input)?;
                    self.legacy_slots.replace((key.clone(), table)).is_some()
                }
                _ => return Err(unknown(key, "type", &TYPE_KEYS)),
            })
        });
    }
}

impl TypeOptions {
    /// Those given that no enum has.
    pub fn of_structs(&self) -> Vec<&Ident> {
        let sequence = self.struct_sequence.iter();
        self.of_types().into_iter().chain(sequence).collect()
    }

    /// The given options that only types with data may have.
    pub fn of_types(&self) -> Vec<&Ident> {
        let simple = [
            &self.subclass,
            &self.frozen,
            &self.dict,
            &self.weakref,
            &self.unsendable,
            &self.from_handle,
            &self.eq,
            &self.ord,
            &self.hash,
            &self.get_all,
            &self.set_all,
            &self.new,
            &self.generic,
            &self.sequence,
            &self.mapping,
        ];
        let texts = [&self.repr, &self.str].into_iter().flatten();
        let blocks = self.blocks.as_ref().map(|(key, _)| key);
        let instances = self.instances.as_ref().map(|(key, _)| key);
        let match_args = self.match_args.as_ref().map(|asked| &asked.key);
        let base = self.base.as_ref().map(|base| &base.key);
        let metaclass = self.metaclass.as_ref().map(|(key, _)| key);
        let simple = simple.into_iter().flatten();
        let legacy_slots = self.legacy_slots.as_ref().map(|(key, _)| key);
        let pickle = self.pickle.as_ref().map(|(key, _)| key);
        let shared = self.shared.as_ref().map(|(key, _)| key);
        simple
            .chain(texts.map(|text| &text.key))
            .chain(match_args)
            .chain(blocks)
            .chain(instances)
            .chain(base)
            .chain(metaclass)
            .chain(legacy_slots)
            .chain(pickle)
            .chain(shared)
            .collect()
    }

    /// Those given that no enum with data has.
    pub fn of_no_data_enum(&self) -> Vec<&Ident> {
        let simple = [
            &self.subclass,
            &self.dict,
            &self.weakref,
            &self.int,
            &self.struct_sequence,
            &self.from_handle,
            &self.get_all,
            &self.set_all,
            &self.new,
        ];
        let match_args = self.match_args.as_ref().map(|asked| &asked.key);
        let base = self.base.as_ref().map(|base| &base.key);
        let metaclass = self.metaclass.as_ref().map(|(key, _)| key);
        let legacy_slots = self.legacy_slots.as_ref().map(|(key, _)| key);
        let simple = simple.into_iter().flatten();
        simple
            .chain(match_args)
            .chain(base)
            .chain(metaclass)
            .chain(legacy_slots)
            .chain(self.shared.as_ref().map(|(key, _)| key))
            .chain(self.instances.as_ref().map(|(key, _)| key))
            .collect()
    }

    /// Those given that only enums have.
    pub fn of_enums(&self) -> Vec<&Ident> {
        self.int.iter().collect()
    }
}

impl VariantOptions {
    /// Reads `#[hpy(name = "…")]` above a `what`.
    pub fn read_attribute(&mut self, attribute: &Attribute, what: &str, report: &mut Report) {
        let Meta::List(list) = &attribute.meta else {
            report.at(
                attribute,
                format!("the options of a {what} go in parentheses: #[hpy(name = \"…\")]"),
            );
            return;
        };
        read(list.tokens.clone(), report, |key, input| {
            Ok(match key.to_string().as_str() {
                "name" => value(&mut self.name, input)?,
                "constructor" if what == VARIANT => {
                    input.parse::<Token![=]>()?;
                    let signature = until_comma(input)?;
                    self.constructor.replace((key.clone(), signature)).is_some()
                }
                _ if what == VARIANT => {
                    return Err(unknown(key, what, &["constructor", "name"]));
                }
                _ => return Err(unknown(key, what, &["name"])),
            })
        });
    }
}

impl FieldOptions {
    /// Reads `#[hpy(get, set)]`.
    pub fn read_attribute(&mut self, attribute: &Attribute, report: &mut Report) {
        let Meta::List(list) = &attribute.meta else {
            report.at(
                attribute,
                "the options of a field go in parentheses: #[hpy(get, set)]",
            );
            return;
        };
        read(list.tokens.clone(), report, |key, input| {
            Ok(match key.to_string().as_str() {
                "get" => self.get.replace(key.clone()).is_some(),
                "set" => self.set.replace(key.clone()).is_some(),
                "name" => value(&mut self.name, input)?,
                "skip" => self.skip.replace(key.clone()).is_some(),
                "default" => {
                    let default = match input.parse::<Option<Token![=]>>()? {
                        Some(_) => Some(until_comma(input)?),
                        None => None,
                    };
                    self.default.replace((key.clone(), default)).is_some()
                }
                _ => return Err(unknown(key, "field", &FIELD_KEYS)),
            })
        });
    }
}

/// Reads the options one by one. `one` returns whether the option was given before.
fn read(
    tokens: TokenStream,
    report: &mut Report,
    mut one: impl FnMut(&Ident, ParseStream) -> Result<bool>,
) {
    let parser = |input: ParseStream| {
        while !input.is_empty() {
            let key = input.call(Ident::parse_any)?;
            match one(&key, input) {
                Ok(true) => report.at(&key, format!("`{key}` is given twice: keep one")),
                Ok(false) => {}
                Err(error) => {
                    report.take(error);
                    // To the next one.
                    while !input.is_empty() && !input.peek(Token![,]) {
                        input.parse::<TokenTree>()?;
                    }
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        report.take(error);
    }
}

fn value(place: &mut Option<LitStr>, input: ParseStream) -> Result<bool> {
    input.parse::<Token![=]>()?;
    Ok(place.replace(input.parse()?).is_some())
}

/// `= serde`, if it is there.
fn pickled_by(input: ParseStream) -> Result<Option<Ident>> {
    if !input.peek(Token![=]) {
        return Ok(None);
    }
    input.parse::<Token![=]>()?;
    let by = input.call(Ident::parse_any)?;
    if by != "serde" {
        return Err(syn::Error::new(
            by.span(),
            "write `pickle`, which pickles fields by their conversions, or `pickle = serde`",
        ));
    }
    Ok(Some(by))
}

/// `new` alone, or PyO3's `new = "from_fields"`.
fn from_fields(input: ParseStream) -> Result<()> {
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok(());
    }
    let how: LitStr = input.parse()?;
    match how.value().as_str() {
        "from_fields" => Ok(()),
        _ => Err(syn::Error::new(
            how.span(),
            "a constructor is made from the fields: write `new` alone",
        )),
    }
}

/// `= [io, sorting]`
fn blocks(input: ParseStream) -> Result<Vec<Ident>> {
    input.parse::<Token![=]>()?;
    let content;
    bracketed!(content in input);
    let names = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
    Ok(names.into_iter().collect())
}

fn rule(name: &LitStr) -> Result<Rule> {
    Rule::of_name(&name.value()).ok_or_else(|| {
        let known = RULES.map(|(name, _)| name);
        syn::Error::new(
            name.span(),
            format!(
                "unknown naming style: expected one of {}",
                quoted_list(known)
            ),
        )
    })
}

fn unknown(key: &Ident, what: &str, keys: &[&'static str]) -> syn::Error {
    if let Some(advice) = suggestion_for_type_option(&key.to_string()).filter(|_| what == "type") {
        return syn::Error::new(
            key.span(),
            format!("`{key}` is not an option of a type: {advice}"),
        );
    }
    let meant = match nearest(&key.to_string(), keys.iter().copied()) {
        Some(near) => format!(" (did you mean `{near}`?)"),
        None => String::new(),
    };
    syn::Error::new(
        key.span(),
        format!(
            "`{key}` is not an option of a {what}{meant}: expected one of {}",
            quoted_list(keys.iter().copied())
        ),
    )
}
