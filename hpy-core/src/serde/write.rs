//! Rust values as Python objects.

use super::failure::Failure;
use crate::stack::Level;
use crate::types::Dict;
use crate::{Context, Handle, IntoHandle, Result};
use ::serde::ser::{self, Serialize};

/// Makes one object.
#[derive(Clone, Copy)]
pub struct Writer<'ctx> {
    pub ctx: Context<'ctx>,
}

type Made<'ctx> = core::result::Result<Handle<'ctx>, Failure>;

impl<'ctx> Writer<'ctx> {
    fn make<V: IntoHandle<'ctx>>(self, value: V) -> Made<'ctx> {
        Ok(value.into_handle(self.ctx)?)
    }

    /// The variant's name and its data, or the data alone.
    fn tagged(self, variant: Option<&'static str>, data: Handle<'ctx>) -> Made<'ctx> {
        let Some(variant) = variant else {
            return Ok(data);
        };
        let dict = self.ctx.dict()?;
        dict.set_item(variant, data)?;
        Ok(dict.into_object())
    }

    fn items(
        self,
        tuple: bool,
        variant: Option<&'static str>,
    ) -> core::result::Result<Items<'ctx>, Failure> {
        Ok(Items {
            writer: self,
            items: Vec::new(),
            tuple,
            variant,
            _level: Level::enter()?,
        })
    }

    fn pairs(self, variant: Option<&'static str>) -> core::result::Result<Pairs<'ctx>, Failure> {
        Ok(Pairs {
            writer: self,
            dict: self.ctx.dict()?,
            key: None,
            variant,
            _level: Level::enter()?,
        })
    }
}

macro_rules! plain {
    ($($method:ident: $type:ty;)*) => {
        $(fn $method(self, value: $type) -> Made<'ctx> {
            self.make(value)
        })*
    };
}

impl<'ctx> ser::Serializer for Writer<'ctx> {
    type Ok = Handle<'ctx>;
    type Error = Failure;
    type SerializeSeq = Items<'ctx>;
    type SerializeTuple = Items<'ctx>;
    type SerializeTupleStruct = Items<'ctx>;
    type SerializeTupleVariant = Items<'ctx>;
    type SerializeMap = Pairs<'ctx>;
    type SerializeStruct = Pairs<'ctx>;
    type SerializeStructVariant = Pairs<'ctx>;

    plain! {
        serialize_bool: bool;
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
        serialize_f32: f32;
        serialize_f64: f64;
        serialize_char: char;
        serialize_str: &str;
        serialize_bytes: &[u8];
    }

    fn serialize_none(self) -> Made<'ctx> {
        self.make(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made<'ctx> {
        let _level = Level::enter()?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Made<'ctx> {
        self.make(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Made<'ctx> {
        self.make(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Made<'ctx> {
        self.make(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Made<'ctx> {
        let _level = Level::enter()?;
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Made<'ctx> {
        let _level = Level::enter()?;
        let data = value
            .serialize(self)
            .map_err(|failure| failure.in_key(variant))?;
        self.tagged(Some(variant), data)
    }

    fn serialize_seq(self, _: Option<usize>) -> core::result::Result<Items<'ctx>, Failure> {
        self.items(false, None)
    }

    fn serialize_tuple(self, _: usize) -> core::result::Result<Items<'ctx>, Failure> {
        self.items(true, None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> core::result::Result<Items<'ctx>, Failure> {
        self.items(true, None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> core::result::Result<Items<'ctx>, Failure> {
        self.items(true, Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> core::result::Result<Pairs<'ctx>, Failure> {
        self.pairs(None)
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> core::result::Result<Pairs<'ctx>, Failure> {
        self.pairs(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> core::result::Result<Pairs<'ctx>, Failure> {
        self.pairs(Some(variant))
    }
}

/// A list or tuple being made.
pub struct Items<'ctx> {
    writer: Writer<'ctx>,
    items: Vec<Handle<'ctx>>,
    tuple: bool,
    variant: Option<&'static str>,
    _level: Level,
}

impl<'ctx> Items<'ctx> {
    fn add<T: Serialize + ?Sized>(&mut self, value: &T) -> core::result::Result<(), Failure> {
        let item = value.serialize(self.writer).map_err(|failure| {
            let failure = failure.in_item(self.items.len());
            match self.variant {
                Some(variant) => failure.in_key(variant),
                None => failure,
            }
        })?;
        self.items.push(item);
        Ok(())
    }

    fn finish(self) -> Made<'ctx> {
        let ctx = self.writer.ctx;
        let made: Result<Handle<'ctx>> = if self.tuple {
            ctx.tuple(self.items).map(Handle::into_object)
        } else {
            self.items.into_handle(ctx)
        };
        self.writer.tagged(self.variant, made?)
    }
}

macro_rules! items {
    ($($trait:ident $method:ident;)*) => {
        $(impl<'ctx> ser::$trait for Items<'ctx> {
            type Ok = Handle<'ctx>;
            type Error = Failure;

            fn $method<T: Serialize + ?Sized>(
                &mut self,
                value: &T,
            ) -> core::result::Result<(), Failure> {
                self.add(value)
            }

            fn end(self) -> Made<'ctx> {
                self.finish()
            }
        })*
    };
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

/// A dict being made.
pub struct Pairs<'ctx> {
    writer: Writer<'ctx>,
    dict: Handle<'ctx, Dict>,
    key: Option<Handle<'ctx>>,
    variant: Option<&'static str>,
    _level: Level,
}

impl<'ctx> Pairs<'ctx> {
    fn add<T: Serialize + ?Sized>(
        &mut self,
        key: Handle<'ctx>,
        value: &T,
    ) -> core::result::Result<(), Failure> {
        let value = value.serialize(self.writer).map_err(|failure| {
            let failure = failure.in_key(&key.to_string());
            match self.variant {
                Some(variant) => failure.in_key(variant),
                None => failure,
            }
        })?;
        Ok(self.dict.set_item(key, value)?)
    }

    fn finish(self) -> Made<'ctx> {
        self.writer.tagged(self.variant, self.dict.into_object())
    }
}

impl<'ctx> ser::SerializeMap for Pairs<'ctx> {
    type Ok = Handle<'ctx>;
    type Error = Failure;

    fn serialize_key<T: Serialize + ?Sized>(
        &mut self,
        key: &T,
    ) -> core::result::Result<(), Failure> {
        self.key = Some(key.serialize(self.writer)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(
        &mut self,
        value: &T,
    ) -> core::result::Result<(), Failure> {
        match self.key.take() {
            Some(key) => self.add(key, value),
            None => Err(ser::Error::custom("a map's value comes before its key")),
        }
    }

    fn end(self) -> Made<'ctx> {
        self.finish()
    }
}

macro_rules! structs {
    ($($trait:ident)*) => {
        $(impl<'ctx> ser::$trait for Pairs<'ctx> {
            type Ok = Handle<'ctx>;
            type Error = Failure;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> core::result::Result<(), Failure> {
                let name = self.writer.make(name)?;
                self.add(name, value)
            }

            fn end(self) -> Made<'ctx> {
                self.finish()
            }
        })*
    };
}

structs! { SerializeStruct SerializeStructVariant }
