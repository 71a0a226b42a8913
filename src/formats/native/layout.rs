//! Puts the native file on lines: the fields of the file, of its parts and every annotation one line each.
//!
//! RON has its own writer here, because the one of the `ron` crate escapes apostrophes and accents. What is
//! written is plain RON without extensions: double-quoted strings with `\n`, `\r`, `\t`, `\"`, `\\` and `\u{…}` as
//! the only escapes, everything visible as it is.

use std::fmt::Write as _;
use std::io;

use serde::ser::{self, Serialize};

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

/// RON with a line end after the last line.
pub fn ron<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    let mut writer = Ron { out: String::new(), depth: 0 };
    value.serialize(&mut writer)?;
    writer.out.push('\n');
    Ok(writer.out)
}

/// JSON with a line end after the last line.
pub fn json<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    let mut out = json_with(value, Json { depth: 0, broken_depth: BROKEN_DEPTH, has_value: false })?;
    out.push('\n');
    Ok(out)
}

/// JSON on one line.
pub fn json_line<T: Serialize>(value: &T) -> Result<String, LayoutError> {
    json_with(value, Json { depth: 0, broken_depth: 0, has_value: false })
}

fn json_with<T: Serialize>(value: &T, layout: Json) -> Result<String, LayoutError> {
    let mut out = Vec::new();
    value
        .serialize(&mut serde_json::Serializer::with_formatter(&mut out, layout))
        .map_err(|error| LayoutError(error.to_string()))?;
    String::from_utf8(out).map_err(|error| LayoutError(error.to_string()))
}

fn new_line(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("    ");
    }
}

struct Ron {
    out: String,
    depth: usize,
}

/// A container that is being written.
struct Open<'a> {
    ron: &'a mut Ron,
    close: &'static str,
    is_empty: bool,
    /// Depth counts containers only, not tuples of variants.
    is_broken: bool,
}

impl Ron {
    fn open(&mut self, open: &str, close: &'static str) -> Open<'_> {
        self.out.push_str(open);
        self.depth += 1;
        let is_broken = self.depth <= BROKEN_DEPTH;
        Open { ron: self, close, is_empty: true, is_broken }
    }

    fn string(&mut self, value: &str) {
        self.out.push('"');
        for c in value.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if is_hidden(c) => {
                    // Writing to a string cannot fail.
                    let _ = write!(self.out, "\\u{{{:x}}}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    fn number(&mut self, value: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{value}");
    }
}

/// Characters that an editor would hide, move or take for a line end.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

impl Open<'_> {
    fn next(&mut self) {
        if !self.is_empty {
            self.ron.out.push(',');
        }
        if self.is_broken {
            new_line(&mut self.ron.out, self.ron.depth);
        } else if !self.is_empty {
            self.ron.out.push(' ');
        }
        self.is_empty = false;
    }

    fn close(self) {
        self.ron.depth -= 1;
        if self.is_broken && !self.is_empty {
            self.ron.out.push(',');
            new_line(&mut self.ron.out, self.ron.depth);
        }
        self.ron.out.push_str(self.close);
    }
}

fn no_form<T>(what: &str) -> Result<T, LayoutError> {
    Err(LayoutError(format!("{what} has no form in this layout")))
}

impl<'a> ser::Serializer for &'a mut Ron {
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
        self.out.push_str("None");
        Ok(())
    }
    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<(), LayoutError> {
        self.out.push_str("Some(");
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }
    fn serialize_unit(self) -> Result<(), LayoutError> {
        self.out.push_str("()");
        Ok(())
    }
    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), LayoutError> {
        self.serialize_unit()
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), LayoutError> {
        self.out.push_str(variant);
        Ok(())
    }
    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Result<(), LayoutError> {
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
        self.out.push_str(variant);
        self.out.push('(');
        value.serialize(&mut *self)?;
        self.out.push(')');
        Ok(())
    }
    fn serialize_seq(self, _len: Option<usize>) -> Result<Open<'a>, LayoutError> {
        Ok(self.open("[", "]"))
    }
    fn serialize_tuple(self, _len: usize) -> Result<Open<'a>, LayoutError> {
        Ok(self.open("(", ")"))
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
        Ok(self.open("{", "}"))
    }
    fn serialize_struct(self, _name: &'static str, _len: usize) -> Result<Open<'a>, LayoutError> {
        Ok(self.open("(", ")"))
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
        value.serialize(&mut *self.ron)
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

impl ser::SerializeMap for Open<'_> {
    type Ok = ();
    type Error = LayoutError;
    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), LayoutError> {
        self.next();
        key.serialize(&mut *self.ron)
    }
    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), LayoutError> {
        self.ron.out.push_str(": ");
        value.serialize(&mut *self.ron)
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
        self.next();
        self.ron.out.push_str(name);
        self.ron.out.push_str(": ");
        value.serialize(&mut *self.ron)
    }
    fn end(self) -> Result<(), LayoutError> {
        self.close();
        Ok(())
    }
}

/// The same lines in JSON; inside a line a blank after commas and colons, as Python writes it.
struct Json {
    depth: usize,
    broken_depth: usize,
    /// Whether the innermost container has an element, for its closing line.
    has_value: bool,
}

impl Json {
    fn open<W: ?Sized + io::Write>(&mut self, out: &mut W, open: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_value = false;
        out.write_all(open)
    }

    fn close<W: ?Sized + io::Write>(&mut self, out: &mut W, close: &[u8]) -> io::Result<()> {
        let is_broken = self.depth <= self.broken_depth && self.has_value;
        self.depth -= 1;
        if is_broken {
            self.line(out)?;
        }
        self.has_value = true;
        out.write_all(close)
    }

    fn next<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        if self.depth <= self.broken_depth {
            self.line(out)
        } else if first {
            Ok(())
        } else {
            out.write_all(b" ")
        }
    }

    fn line<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl serde_json::ser::Formatter for Json {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }
    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }
    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }
    fn end_array_value<W: ?Sized + io::Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }
    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }
    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.next(out, first)
    }
    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }
    fn end_object_value<W: ?Sized + io::Write>(&mut self, _out: &mut W) -> io::Result<()> {
        self.has_value = true;
        Ok(())
    }
}
