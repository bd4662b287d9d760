//! Strings and bytes.

use crate::failure;
use hpy::prelude::*;
use std::borrow::Cow;

#[test]
fn strings_round_trip() {
    hpy_mock::run(|ctx| {
        for text in ["", "ascii", "é", "日本", "🦀", "a\0b", &"x".repeat(1000)] {
            let object = ctx.str(text)?;
            assert_eq!(object.to_str()?, text);
            assert_eq!(object.to_string_lossy()?, text);
            assert_eq!(object.char_count(), text.chars().count());
            assert_eq!(object.extract::<String>()?, text);
            assert_eq!(object.extract::<&str>()?, text);
            assert_eq!(object.extract::<Cow<'_, str>>()?, text);
            assert_eq!(&*object.extract::<Box<str>>()?, text);
        }
        Ok(())
    });
}

#[test]
fn every_string_type_becomes_a_str() {
    hpy_mock::run(|ctx| {
        let owned = String::from("é");
        let mut mutable = String::from("é");
        let objects = [
            ctx.handle("é")?,
            ctx.handle(owned.clone())?,
            ctx.handle(&owned)?,
            ctx.handle(Cow::Borrowed("é"))?,
            ctx.handle(&Cow::Borrowed("é"))?,
            ctx.handle(Box::<str>::from("é"))?,
            ctx.handle(&"é")?,
            ctx.handle(mutable.as_mut_str())?,
            ctx.handle('é')?,
            ctx.handle(&'é')?,
        ];
        for object in objects {
            assert_eq!(object.downcast::<Str>()?.to_str()?, "é");
        }
        Ok(())
    });
}

#[test]
fn lone_surrogates_are_errors_or_replaced() {
    hpy_mock::run(|ctx| {
        let text = hpy_mock::text(ctx, &[0x61, 0xD800, 0x62])?;
        assert_eq!(
            failure(ctx, text.to_str()),
            "UnicodeEncodeError: surrogates not allowed"
        );
        assert_eq!(
            failure(ctx, text.extract::<String>()),
            "UnicodeEncodeError: surrogates not allowed"
        );
        assert_eq!(text.to_string_lossy()?, "a\u{FFFD}b");
        assert_eq!(text.to_string(), "a\u{FFFD}b");
        assert_eq!(text.char_count(), 3);
        Ok(())
    });
}

#[test]
fn chars() {
    hpy_mock::run(|ctx| {
        assert_eq!(ctx.str("🦀")?.extract::<char>()?, '🦀');
        for text in ["", "ab"] {
            let text = ctx.str(text)?;
            assert_eq!(
                failure(ctx, text.extract::<char>()),
                "ValueError: expected a string of length 1"
            );
        }
        assert_eq!(
            failure(ctx, ctx.int(1)?.extract::<char>()),
            "TypeError: must be str, not int"
        );
        assert_eq!(
            failure(ctx, ctx.int(1)?.extract::<&str>()),
            "TypeError: must be str, not int"
        );
        Ok(())
    });
}

#[test]
fn text_stays_while_its_handle_is_open() {
    hpy_mock::run(|ctx| {
        let text = ctx.str("long enough to be on the heap")?;
        let (borrowed, other) = (text.to_str()?, text.dup());
        drop(other);
        drop(ctx.list(["more", "objects"])?);
        assert_eq!(borrowed, "long enough to be on the heap");
        Ok(())
    });
}

#[test]
fn bytes() {
    hpy_mock::run(|ctx| {
        for data in [&b""[..], b"\0", b"\xff\0\xfe", &[7; 300]] {
            let object = ctx.bytes(data)?;
            assert_eq!(object.as_bytes(), data);
            assert_eq!(object.extract::<&[u8]>()?, data);
            assert_eq!(object.extract::<Vec<u8>>()?, data);
            assert_eq!(object.extract::<Cow<'_, [u8]>>()?, data);
            for made in [
                ctx.handle(data)?,
                ctx.handle(data.to_vec())?,
                ctx.handle(&data.to_vec())?,
            ] {
                assert_eq!(made.downcast::<Bytes>()?.as_bytes(), data);
            }
        }
        assert!(ctx.handle([1u8, 2])?.is_instance_of::<Bytes>());
        assert!(ctx.handle(&[1u8, 2])?.is_instance_of::<Bytes>());
        assert_eq!(
            failure(ctx, ctx.str("x")?.extract::<&[u8]>()),
            "TypeError: must be bytes, not str"
        );
        assert_eq!(
            failure(ctx, ctx.str("x")?.extract::<Cow<'_, [u8]>>()),
            "TypeError: must be bytes, not str"
        );
        Ok(())
    });
}

#[test]
fn bytes_of_bytearray_and_memoryview_are_copied() {
    hpy_mock::run(|ctx| {
        for name in ["bytearray", "memoryview"] {
            let object = ctx.builtins().get_item(name)?.call1((&b"abc"[..],))?;
            assert_eq!(object.extract::<Vec<u8>>()?, b"abc");
            assert_eq!(object.extract::<Cow<'_, [u8]>>()?, &b"abc"[..]);
        }
        Ok(())
    });
}

#[test]
fn bytes_are_decoded() {
    hpy_mock::run(|ctx| {
        let decoded = ctx
            .bytes("h\u{e9}".as_bytes())?
            .decode(c"utf-8", c"strict")?;
        assert_eq!(decoded.to_str()?, "h\u{e9}");
        let error = failure(ctx, ctx.bytes(b"\xff")?.decode(c"utf-8", c"strict"));
        assert!(error.starts_with("UnicodeDecodeError"), "{error}");
        Ok(())
    });
}
