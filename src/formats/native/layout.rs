//! Puts the native file on lines: the fields of the file, of its parts and every annotation one line each.
//!
//! RON has its own writer here, because the one of the `ron` crate escapes apostrophes and accents. What is
//! written is plain RON without extensions: double-quoted strings with `\n`, `\r`, `\t`, `\"`, `\\` and `\u{…}` as
//! the only escapes, everything visible as it is. JSON has the same lines, by serde's conventions. Both end a struct
//! with the fields that no type has: no other writer can.

use std::fmt::Write as _;

use serde::ser::{self, Serialize};

use super::tree::{Language, json_string, ron_string};

/// Containers down to this depth have one element a line.
const BROKEN_DEPTH: usize = 2;

/// A value that these layouts have no form for. The native file holds none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LayoutError(String);

impl ser::Error for LayoutError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The name of the field of a type that holds the fields without a type: a map whose keys and values are already what is
/// to be written.
pub const UNKNOWN: &str = "$unknown";

/// RON with a line end after the last line.
pub fn ron<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    written(value, Language::Ron, BROKEN_DEPTH)
}

/// JSON with a line end after the last line.
pub fn json<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    written(value, Language::Json, BROKEN_DEPTH)
}

/// JSON on one line.
pub fn json_line<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    let mut line = written(value, Language::Json, 0)?;
    line.pop();
    Ok(line)
}

fn written<T: Serialize>(value: &T, language: Language, broken_depth: usize) -> Result<String, LayoutError> {
    let mut writer = Writer { out: String::new(), depth: 0, broken_depth, language, raw: Raw::No };
    value.serialize(&mut writer)?;
    writer.out.push('\n');
    Ok(writer.out)
}

/// How what comes next is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Raw {
    /// As usual.
    No,
    /// It is a map whose entries are fields of the struct around it, which has none yet (`is_empty`) or some.
    Fields { is_empty: bool, is_broken: bool },
    /// It is text that is already RON or JSON.
    Text,
}

struct Writer {
    out: String,
    depth: usize,
    broken_depth: usize,
    language: Language,
    raw: Raw,
}

/// A container that is being written.
struct Open<'a> {
    writer: &'a mut Writer,
    close: &'static str,
    is_empty: bool,
    /// Depth counts containers only, not tuples of variants.
    is_broken: bool,
    /// Whether its entries are fields of the struct around it.
    is_inline: bool,
}

impl Writer {
    fn is_ron(&self) -> bool {
        self.language == Language::Ron
    }

    fn open(&mut self, open: &str, close: &'static str) -> Open<'_> {
        self.out.push_str(open);
        self.depth += 1;
        let is_broken = self.depth <= self.broken_depth;
        Open { writer: self, close, is_empty: true, is_broken, is_inline: false }
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        let indent = if self.is_ron() { "    " } else { "  " };
        for _ in 0..self.depth {
            self.out.push_str(indent);
        }
    }

    fn string(&mut self, value: &str) {
        match (self.raw, self.language) {
            (Raw::Text, _) => self.out.push_str(value),
            (_, Language::Ron) => ron_string(&mut self.out, value),
            (_, Language::Json) => json_string(&mut self.out, value),
        }
    }

    fn number(&mut self, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }

    /// The name of a field or a variant.
    fn name(&mut self, name: &str) {
        match self.language {
            Language::Ron => self.out.push_str(name),
            Language::Json => json_string(&mut self.out, name),
        }
    }
}

impl Open<'_> {
    fn next(&mut self) {
        if !self.is_empty {
            self.writer.out.push(',');
        }
        if self.is_broken {
            self.writer.new_line();
        } else if !self.is_empty {
            self.writer.out.push(' ');
        }
        self.is_empty = false;
    }

    fn close(self) {
        if self.is_inline {
            return;
        }
        self.writer.depth -= 1;
        if self.is_broken && !self.is_empty {
            if self.writer.is_ron() {
                self.writer.out.push(',');
            }
            self.writer.new_line();
        }
        self.writer.out.push_str(self.close);
    }
}

fn no_form<T>(what: &str) -> Result<T, LayoutError> {
    Err(LayoutError(format!("{what} has no form in this layout")))
}

impl<'a> ser::Serializer for &'a mut Writer {
    type Ok = ();
    type Error = LayoutError;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Open<'a>;
    type SerializeTupleStruct = ser::Impossible<(), LayoutError>;
    type SerializeTupleVariant = ser::Impossible<(), LayoutError>;
    type SerializeMap = Open<'a>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = ser::Impossible<(), LayoutError>;

    fn serialize_bool(self, v: bool) -> Result<(), LayoutError> {
        self.number(v);
        Ok(())
    }
    fn serialize_i8(self, v: i8) -> Result<(), LayoutError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<(), LayoutError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<(), LayoutError> {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<(), LayoutError> {
        self.number(v);
        Ok(())
    }
    fn serialize_u8(self, v: u8) -> Result<(), LayoutError> {
        self.serialize_u64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<(), LayoutError> {
        self.serialize_u64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<(), LayoutError> {
        self.serialize_u64(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<(), LayoutError> {
        self.number(v);
        Ok(())
    }
    fn serialize_f32(self, _v: f32) -> Result<(), LayoutError> {
        no_form("a fraction")
    }
    fn serialize_f64(self, _v: f64) -> Result<(), LayoutError> {
        no_form("a fraction")
    }
    fn serialize_char(self, _v: char) -> Result<(), LayoutError> {
        no_form("a single character")
    }
    fn serialize_str(self, v: &str) -> Result<(), LayoutError> {
        self.string(v);
        Ok(())
    }
    fn serialize_bytes(self, _v: &[u8]) -> Result<(), LayoutError> {
        no_form("a byte string")
    }
    fn serialize_none(self) -> Result<(), LayoutError> {
        self.out.push_str(if self.is_ron() { "None" } else { "null" });
        Ok(())
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), LayoutError> {
        if !self.is_ron() {
            return value.serialize(self);
        }
        self.out.push_str("Some(");
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }
    fn serialize_unit(self) -> Result<(), LayoutError> {
        self.out.push_str(if self.is_ron() { "()" } else { "null" });
        Ok(())
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), LayoutError> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), LayoutError> {
        self.name(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), LayoutError> {
        if !self.is_ron() {
            return value.serialize(self);
        }
        self.out.push('(');
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }
    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), LayoutError> {
        let (open, close) = if self.is_ron() { ("(", ')') } else { (": ", '}') };
        // The object around a variant of JSON counts as a container.
        if !self.is_ron() {
            self.out.push('{');
            self.depth += 1;
        }
        self.name(variant);
        self.out.push_str(open);
        value.serialize(&mut *self)?;
        if !self.is_ron() {
            self.depth -= 1;
        }
        self.out.push(close);
        Ok(())
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<Open<'a>, LayoutError> {
        Ok(self.open("[", "]"))
    }
    fn serialize_tuple(self, _len: usize) -> Result<Open<'a>, LayoutError> {
        Ok(if self.is_ron() { self.open("(", ")") } else { self.open("[", "]") })
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, LayoutError> {
        no_form("a tuple struct")
    }
    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant, LayoutError> {
        no_form("a tuple variant")
    }
    fn serialize_map(self, _len: Option<usize>) -> Result<Open<'a>, LayoutError> {
        match self.raw {
            Raw::Fields { is_empty, is_broken } => {
                Ok(Open { writer: self, close: "", is_empty, is_broken, is_inline: true })
            }
            _ => Ok(self.open("{", "}")),
        }
    }
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Open<'a>, LayoutError> {
        Ok(if self.is_ron() { self.open("(", ")") } else { self.open("{", "}") })
    }
    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant, LayoutError> {
        no_form("a struct variant")
    }
}

impl ser::SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = LayoutError;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), LayoutError> {
        self.next();
        value.serialize(&mut *self.writer)
    }
    fn end(self) -> Result<(), LayoutError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeTuple for Open<'_> {
    type Ok = ();
    type Error = LayoutError;
    fn serialize_element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), LayoutError> {
        ser::SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Result<(), LayoutError> {
        ser::SerializeSeq::end(self)
    }
}

impl Open<'_> {
    /// A key or a value of a map: as it is if it is already written.
    fn part<T: ?Sized + Serialize>(&mut self, part: &T) -> Result<(), LayoutError> {
        let raw = std::mem::replace(&mut self.writer.raw, if self.is_inline { Raw::Text } else { Raw::No });
        let result = part.serialize(&mut *self.writer);
        self.writer.raw = raw;
        result
    }
}

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = LayoutError;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), LayoutError> {
        self.next();
        self.part(key)
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), LayoutError> {
        self.writer.out.push_str(": ");
        self.part(value)
    }
    fn end(self) -> Result<(), LayoutError> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = LayoutError;
    fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), LayoutError> {
        if name == UNKNOWN {
            self.writer.raw = Raw::Fields { is_empty: self.is_empty, is_broken: self.is_broken };
            let result = value.serialize(&mut *self.writer);
            self.writer.raw = Raw::No;
            self.is_empty = false;
            return result;
        }
        self.next();
        self.writer.name(name);
        self.writer.out.push_str(": ");
        value.serialize(&mut *self.writer)
    }
    fn end(self) -> Result<(), LayoutError> {
        self.close();
        Ok(())
    }
}
