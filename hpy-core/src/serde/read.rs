//! Python objects as Rust values.

use super::failure::Failure;
use crate::convert::std::collections::pairs;
use crate::exceptions::OverflowError;
use crate::stack::Level;
use crate::types::{Bool, ByteArray, Bytes, Dict, Float, FrozenSet, Int, List, Set, Str, Tuple};
use crate::{FromHandle, Handle};
use ::serde::de::{self, DeserializeSeed, Deserializer, Unexpected, Visitor};
use ::serde::forward_to_deserialize_any;

type Read<T> = core::result::Result<T, Failure>;

/// Reads one object.
#[derive(Clone, Copy)]
pub struct Reader<'h, 'ctx> {
    pub handle: &'h Handle<'ctx>,
}

impl<'ctx> Reader<'_, 'ctx> {
    fn int<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let overflow =
            |error: &crate::Error| error.is_instance_of::<OverflowError>(self.handle.ctx());
        match self.handle.extract::<i64>() {
            Ok(value) if value >= 0 => return visitor.visit_u64(value as u64),
            Ok(value) => return visitor.visit_i64(value),
            Err(error) if overflow(&error) => {}
            Err(error) => return Err(error.into()),
        }
        if let Ok(value) = self.handle.extract::<u64>() {
            return visitor.visit_u64(value);
        }
        if let Ok(value) = self.handle.extract::<i128>() {
            return visitor.visit_i128(value);
        }
        visitor.visit_u128(self.handle.extract::<u128>()?)
    }

    fn items<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let _level = Level::enter()?;
        let items = Vec::<Handle<'ctx>>::from_handle(self.handle)?;
        let len = items.len();
        let mut items = Items {
            items: items.into_iter(),
            index: 0,
        };
        let value = visitor.visit_seq(&mut items)?;
        match items.items.len() {
            0 => Ok(value),
            left => Err(de::Error::invalid_length(
                len,
                &format!("{} items", len - left).as_str(),
            )),
        }
    }

    fn pairs<'de, V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let _level = Level::enter()?;
        let mut found: Vec<(Handle<'ctx>, Handle<'ctx>)> = Vec::new();
        pairs(self.handle, |key, value| found.push((key, value)))?;
        visitor.visit_map(Pairs {
            pairs: found.into_iter(),
            current: None,
        })
    }

    fn is_any_of_sequences(self) -> bool {
        let handle = self.handle;
        handle.is_a::<List>()
            || handle.is_a::<Tuple>()
            || handle.is_a::<Set>()
            || handle.is_a::<FrozenSet>()
    }

    #[cold]
    fn wrong_type(self, expected: &'static str) -> Failure {
        self.handle.wrong_type(expected).into()
    }
}

impl<'de> Deserializer<'de> for Reader<'_, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let handle = self.handle;
        if handle.is_none() {
            visitor.visit_unit()
        } else if handle.is_a::<Bool>() {
            visitor.visit_bool(handle.extract()?)
        } else if handle.is_a::<Int>() {
            self.int(visitor)
        } else if handle.is_a::<Float>() {
            visitor.visit_f64(handle.extract()?)
        } else if handle.is_a::<Str>() {
            visitor.visit_str(handle.extract()?)
        } else if handle.is_a::<Dict>() {
            self.pairs(visitor)
        } else if self.is_any_of_sequences() {
            self.items(visitor)
        } else if handle.is_a::<Bytes>() {
            visitor.visit_bytes(handle.extract()?)
        } else if handle.is_a::<ByteArray>() {
            visitor.visit_byte_buf(handle.extract()?)
        } else if handle.type_().hasattr(c"keys")? {
            self.pairs(visitor)
        } else if handle.type_().hasattr(c"__index__")? {
            self.int(visitor)
        } else if handle.type_().hasattr(c"__float__")? {
            visitor.visit_f64(handle.extract()?)
        } else if handle.type_().hasattr(c"__iter__")? {
            self.items(visitor)
        } else {
            Err(self.wrong_type("None, bool, int, float, str, bytes, a mapping or an iterable"))
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.handle.is_none() {
            visitor.visit_none()
        } else {
            let _level = Level::enter()?;
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Read<V::Value> {
        let _level = Level::enter()?;
        visitor.visit_newtype_struct(self)
    }

    /// Bytes are a sequence of numbers too, where one is asked for.
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        if self.handle.is_a::<Bytes>() || self.handle.is_a::<ByteArray>() {
            self.items(visitor)
        } else {
            self.deserialize_any(visitor)
        }
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let _level = Level::enter()?;
        if self.handle.is_a::<Str>() {
            return visitor.visit_enum(Variant {
                name: self.handle.dup(),
                data: None,
            });
        }
        let is_mapping = self.handle.is_a::<Dict>() || self.handle.type_().hasattr(c"keys")?;
        if !is_mapping {
            return Err(self.wrong_type("str or dict"));
        }
        let mut found: Vec<(Handle<'_>, Handle<'_>)> = Vec::new();
        pairs(self.handle, |key, value| found.push((key, value)))?;
        match (found.pop(), found.len()) {
            (Some((name, data)), 0) => visitor.visit_enum(Variant {
                name,
                data: Some(data),
            }),
            _ => Err(de::Error::invalid_value(
                Unexpected::Map,
                &"a dict with one key, which is the variant",
            )),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct map struct identifier
    }
}

/// The items of a sequence as they were.
struct Items<'ctx> {
    items: std::vec::IntoIter<Handle<'ctx>>,
    index: usize,
}

impl<'de> de::SeqAccess<'de> for &mut Items<'_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Read<Option<T::Value>> {
        let Some(item) = self.items.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Reader { handle: &item })
            .map(Some)
            .map_err(|failure| failure.in_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The pairs of a mapping as they were.
struct Pairs<'ctx> {
    pairs: std::vec::IntoIter<(Handle<'ctx>, Handle<'ctx>)>,
    current: Option<(Handle<'ctx>, Handle<'ctx>)>,
}

impl<'de> de::MapAccess<'de> for Pairs<'_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Read<Option<K::Value>> {
        let Some((key, value)) = self.pairs.next() else {
            return Ok(None);
        };
        let read = seed.deserialize(Reader { handle: &key }).map(Some);
        let read = read.map_err(|failure| failure.in_key(&key.to_string()));
        self.current = Some((key, value));
        read
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Read<V::Value> {
        let Some((key, value)) = self.current.take() else {
            return Err(de::Error::custom("a map's value is read before its key"));
        };
        seed.deserialize(Reader { handle: &value })
            .map_err(|failure| failure.in_key(&key.to_string()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.pairs.len())
    }
}

/// An enum's variant: its name, and its data if it has any.
struct Variant<'ctx> {
    name: Handle<'ctx>,
    data: Option<Handle<'ctx>>,
}

impl<'de> de::EnumAccess<'de> for Variant<'_> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Read<(V::Value, Self)> {
        let variant = seed.deserialize(Reader { handle: &self.name })?;
        Ok((variant, self))
    }
}

impl Variant<'_> {
    fn read<T>(self, read: impl FnOnce(Reader<'_, '_>) -> Read<T>, expected: &str) -> Read<T> {
        match &self.data {
            Some(data) => read(Reader { handle: data })
                .map_err(|failure| failure.in_key(&self.name.to_string())),
            None => Err(de::Error::invalid_type(Unexpected::UnitVariant, &expected)),
        }
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_> {
    type Error = Failure;

    fn unit_variant(self) -> Read<()> {
        match &self.data {
            None => Ok(()),
            Some(data) if data.is_none() => Ok(()),
            Some(_) => Err(de::Error::custom(format!(
                "the variant {} has no data",
                self.name
            ))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Read<T::Value> {
        self.read(|reader| seed.deserialize(reader), "a variant with data")
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Read<V::Value> {
        self.read(
            |reader| reader.deserialize_seq(visitor),
            "a variant with a tuple",
        )
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.read(
            |reader| reader.deserialize_any(visitor),
            "a variant with fields",
        )
    }
}
