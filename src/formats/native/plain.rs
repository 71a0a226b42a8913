//! Reads RON as this program writes it, straight into types: six times as fast as the crate, which reads all of RON.
//!
//! Knows double-quoted strings with the escapes that are written, whole numbers, `Some(…)` and `None`, lists, maps,
//! structs without names, and variants with at most one value. Everything else, and every mistake, is [`NotPlain`], which
//! says nothing: the crate reads the file then, and finds the words. White space is spaces and line ends; no string goes
//! over a line end.

use std::fmt;

use serde::de::{self, DeserializeSeed, IntoDeserializer as _, Visitor};
use serde::forward_to_deserialize_any;

/// It is RON of another kind, or wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPlain;

impl fmt::Display for NotPlain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not plain")
    }
}

impl std::error::Error for NotPlain {}

impl de::Error for NotPlain {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// The elements of a list, each followed by a comma, without its brackets.
pub fn elements<'de, T: de::Deserialize<'de>>(text: &'de str) -> Result<Vec<T>, NotPlain> {
    let mut plain = Plain { text, at: 0 };
    let mut all = Vec::new();
    plain.space();
    while plain.at < text.len() {
        all.push(T::deserialize(&mut plain)?);
        plain.require(b',')?;
        plain.space();
    }
    Ok(all)
}

/// Text that is being read.
struct Plain<'de> {
    text: &'de str,
    /// The next byte.
    at: usize,
}

impl<'de> Plain<'de> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n')) {
            self.at += 1;
        }
    }

    /// The next byte after white space, which stays.
    fn next(&mut self) -> Option<u8> {
        self.space();
        self.peek()
    }

    fn require(&mut self, byte: u8) -> Result<(), NotPlain> {
        if self.next() != Some(byte) {
            return Err(NotPlain);
        }
        self.at += 1;
        Ok(())
    }

    /// Whether another element of a list, map or struct follows; takes the comma before it.
    fn has_next(&mut self, is_first: bool, close: u8) -> Result<bool, NotPlain> {
        if !is_first {
            match self.next() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => return Ok(false),
                _ => return Err(NotPlain),
            }
        }
        Ok(self.next() != Some(close))
    }

    /// A name of a field or a variant; not empty.
    fn name(&mut self) -> Result<&'de str, NotPlain> {
        self.space();
        let rest = self.text.get(self.at..).ok_or(NotPlain)?;
        let length = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        let name = rest.get(..length).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
        self.at += length;
        // What a raw string or identifier begins with is no name.
        if matches!(self.peek(), Some(b'#' | b'"' | b'\'')) { Err(NotPlain) } else { name.ok_or(NotPlain) }
    }

    fn number(&mut self) -> Result<u64, NotPlain> {
        self.space();
        let rest = self.text.get(self.at..).ok_or(NotPlain)?;
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let digits = rest.get(..length).ok_or(NotPlain)?;
        self.at += length;
        let is_odd = digits.len() > 1 && digits.starts_with('0');
        let is_followed_by_more =
            self.peek().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.'));
        if is_odd || is_followed_by_more { Err(NotPlain) } else { digits.parse().map_err(|_| NotPlain) }
    }

    /// A string, borrowed if nothing in it is escaped.
    fn string(&mut self) -> Result<std::borrow::Cow<'de, str>, NotPlain> {
        self.require(b'"')?;
        let plain = self.until_special()?;
        if self.take()? == b'"' {
            return Ok(plain.into());
        }
        let mut out = plain.to_owned();
        loop {
            out.push(self.escaped()?);
            out.push_str(self.until_special()?);
            if self.take()? == b'"' {
                return Ok(out.into());
            }
        }
    }

    /// Up to a quotation mark or a backslash; control characters are not plain.
    fn until_special(&mut self) -> Result<&'de str, NotPlain> {
        let rest = self.text.get(self.at..).ok_or(NotPlain)?;
        let length = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)).ok_or(NotPlain)?;
        self.at += length;
        rest.get(..length).ok_or(NotPlain)
    }

    fn take(&mut self) -> Result<u8, NotPlain> {
        let byte = self.peek().ok_or(NotPlain)?;
        self.at += 1;
        match byte {
            b'"' | b'\\' => Ok(byte),
            _ => Err(NotPlain),
        }
    }

    /// The character that the escape after a backslash stands for.
    fn escaped(&mut self) -> Result<char, NotPlain> {
        let byte = self.peek().ok_or(NotPlain)?;
        self.at += 1;
        match byte {
            b'n' => Ok('\n'),
            b'r' => Ok('\r'),
            b't' => Ok('\t'),
            b'"' => Ok('"'),
            b'\\' => Ok('\\'),
            b'u' => {
                let rest = self.text.get(self.at..).and_then(|rest| rest.strip_prefix('{')).ok_or(NotPlain)?;
                let (digits, _) = rest.split_once('}').ok_or(NotPlain)?;
                let is_plain = matches!(digits.len(), 1..=6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                if !is_plain {
                    return Err(NotPlain);
                }
                self.at += digits.len() + 2;
                u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).ok_or(NotPlain)
            }
            _ => Err(NotPlain),
        }
    }
}

impl<'de> de::Deserializer<'de> for &mut Plain<'de> {
    type Error = NotPlain;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.next() {
            Some(b'"') => self.deserialize_str(visitor),
            Some(b'0'..=b'9') => self.deserialize_u64(visitor),
            Some(b't' | b'f') => self.deserialize_bool(visitor),
            Some(b'[') => self.deserialize_seq(visitor),
            Some(b'{') => self.deserialize_map(visitor),
            _ => Err(NotPlain),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.name()? {
            "true" => visitor.visit_bool(true),
            "false" => visitor.visit_bool(false),
            _ => Err(NotPlain),
        }
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        let number = self.number()?;
        visitor.visit_u64(number)
    }

    fn deserialize_u32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.deserialize_u64(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.string()? {
            std::borrow::Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            std::borrow::Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        let name = self.name()?;
        visitor.visit_borrowed_str(name)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        match self.name()? {
            "None" => visitor.visit_none(),
            "Some" => {
                self.require(b'(')?;
                let value = visitor.visit_some(&mut *self)?;
                self.require(b')')?;
                Ok(value)
            }
            _ => Err(NotPlain),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.require(b'[')?;
        let value = visitor.visit_seq(Elements { plain: &mut *self, is_first: true, close: b']' })?;
        self.require(b']')?;
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotPlain> {
        self.require(b'{')?;
        let value = visitor.visit_map(Entries { elements: self.elements(b'}'), is_struct: false })?;
        self.require(b'}')?;
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotPlain> {
        self.require(b'(')?;
        let value = visitor.visit_map(Entries { elements: self.elements(b')'), is_struct: true })?;
        self.require(b')')?;
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NotPlain> {
        visitor.visit_enum(Variant(self))
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct newtype_struct tuple tuple_struct
        ignored_any
    }
}

impl<'de> Plain<'de> {
    fn elements(&mut self, close: u8) -> Elements<'_, 'de> {
        Elements { plain: self, is_first: true, close }
    }
}

/// What stands between brackets.
struct Elements<'a, 'de> {
    plain: &'a mut Plain<'de>,
    is_first: bool,
    close: u8,
}

impl Elements<'_, '_> {
    fn has_next(&mut self) -> Result<bool, NotPlain> {
        let has_next = self.plain.has_next(self.is_first, self.close)?;
        self.is_first = false;
        Ok(has_next)
    }
}

impl<'de> de::SeqAccess<'de> for Elements<'_, 'de> {
    type Error = NotPlain;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NotPlain> {
        if self.has_next()? { seed.deserialize(&mut *self.plain).map(Some) } else { Ok(None) }
    }
}

/// A map, whose keys are strings, or a struct, whose keys are names.
struct Entries<'a, 'de> {
    elements: Elements<'a, 'de>,
    is_struct: bool,
}

impl<'de> de::MapAccess<'de> for Entries<'_, 'de> {
    type Error = NotPlain;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NotPlain> {
        if !self.elements.has_next()? {
            return Ok(None);
        }
        if self.is_struct {
            let name = self.elements.plain.name()?;
            return seed.deserialize(de::value::BorrowedStrDeserializer::new(name)).map(Some);
        }
        seed.deserialize(&mut *self.elements.plain).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NotPlain> {
        self.elements.plain.require(b':')?;
        seed.deserialize(&mut *self.elements.plain)
    }
}

/// A variant without a value, or with one in parentheses.
struct Variant<'a, 'de>(&'a mut Plain<'de>);

impl<'de> de::EnumAccess<'de> for Variant<'_, 'de> {
    type Error = NotPlain;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), NotPlain> {
        let name = self.0.name()?;
        let value = seed.deserialize(name.into_deserializer())?;
        Ok((value, self))
    }
}

impl<'de> de::VariantAccess<'de> for Variant<'_, 'de> {
    type Error = NotPlain;

    fn unit_variant(self) -> Result<(), NotPlain> {
        // What follows must not be a value.
        if self.0.next() == Some(b'(') { Err(NotPlain) } else { Ok(()) }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, NotPlain> {
        self.0.require(b'(')?;
        let value = seed.deserialize(&mut *self.0)?;
        self.0.require(b')')?;
        Ok(value)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, NotPlain> {
        Err(NotPlain)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, NotPlain> {
        Err(NotPlain)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::formats::native::shape;
    use crate::formats::native::tree::ron_string;

    fn one<'de, T: Deserialize<'de>>(text: &'de str) -> Result<Vec<T>, NotPlain> {
        elements(text)
    }

    #[test]
    fn what_is_written_is_plain() {
        let read: Vec<shape::Argument> =
            one("        (role: \"Place\", filler: Mention(\"m1\")),\n        (role: \"A\", filler: Span([])),\n")
                .expect("plain");
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].filler, shape::Filler::Mention("m1".into()));
        assert_eq!(one::<Option<bool>>("Some(true), None,"), Ok(vec![Some(true), None]));
        assert_eq!(one::<BTreeMap<String, u64>>("{}, {\"a\": 1, \"b\": 0},").map(|maps| maps[1].len()), Ok(2));
        assert_eq!(one::<String>(r#""", "a\n\"\\\u{2028}é","#), Ok(vec![String::new(), "a\n\"\\\u{2028}é".into()]));
    }

    #[test]
    fn everything_else_is_left_to_the_crate() {
        for text in
            ["7", "07,", "1_000,", "1.5,", "-1,", "+1,", "0x10,", "1u8,", "/**/1,", "1,,", "18446744073709551616,"]
        {
            assert_eq!(one::<u64>(text), Err(NotPlain), "{text}");
        }
        for text in [
            "\"a\nb\",",
            "r\"a\",",
            "r#\"a\"#,",
            "\"\\x41\",",
            "\"\\u{d800}\",",
            "\"\\u{}\",",
            "\"a",
            "'a',",
            "\"\\'\",",
        ] {
            assert_eq!(one::<String>(text), Err(NotPlain), "{text}");
        }
        assert_eq!(one::<Option<u64>>("1,"), Err(NotPlain));
        assert!(one::<shape::Span>("Span(start: 0, end: 1, text: \"\"),").is_err());
        assert!(one::<shape::Span>("(start: 0, end: 1, text: \"\", text: \"\"),").is_err());
        assert!(one::<shape::Span>("(start: 0, end: 1, text: \"\", more: 1),").is_err());
        assert!(one::<shape::Filler>("Mention(\"a\", \"b\"),").is_err());
    }

    proptest! {
        /// Every string comes back as it was.
        #[test]
        fn strings_come_back(words in prop::collection::vec(any::<String>(), 0..6)) {
            let mut text = String::new();
            for word in &words {
                ron_string(&mut text, word);
                text.push_str(",\n");
            }
            prop_assert_eq!(one::<String>(&text), Ok(words));
        }

        /// What it reads, the crate reads in the same way.
        #[test]
        fn it_reads_what_the_crate_reads(text in "[\\[\\](){}:,\"\\\\ 0-9a-cnu\\.trSome]{0,24}") {
            fn is_same<T: for<'de> Deserialize<'de> + PartialEq + fmt::Debug>(text: &str) {
                let list = format!("{text},");
                if let Ok(read) = elements::<T>(&list) {
                    let options = ron::Options::default()
                        .with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
                    assert_eq!(options.from_str::<Vec<T>>(&format!("[{list}]")), Ok(read));
                }
            }
            is_same::<Option<String>>(&text);
            is_same::<Vec<u64>>(&text);
            is_same::<BTreeMap<String, Vec<String>>>(&text);
            is_same::<crate::model::AttributeValue>(&text);
            is_same::<shape::Filler>(&text);
            is_same::<bool>(&text);
        }
    }
}
