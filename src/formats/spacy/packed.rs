//! The bytes of a `DocBin`: a `MessagePack` map under zlib. Knows the layout, not what it means.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;

use flate2::{Compression, Decompress, FlushDecompress, Status, write::ZlibEncoder};
use serde::de::{self, DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits;
use crate::model::Problem;

/// The keys of the file that are known.
const KEYS: [&str; 10] =
    ["version", "attrs", "tokens", "spaces", "lengths", "strings", "cats", "flags", "span_groups", "user_data"];

/// Bytes, which `MessagePack` keeps apart from lists of numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bin(pub Vec<u8>);

impl Serialize for Bin {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Bin;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Bin, E> {
                Ok(Bin(bytes.to_vec()))
            }
            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Bin, E> {
                Ok(Bin(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// What is known of a document.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Flags {
    /// Whether nobody knows where blanks stood.
    #[serde(default)]
    pub has_unknown_spaces: bool,
}

/// The file, in the order of its keys. Category values are numbers, in some files yes and no.
#[derive(Debug, Serialize, Deserialize)]
pub struct File {
    #[serde(default)]
    pub version: String,
    /// The columns of `tokens`.
    pub attrs: Vec<u64>,
    /// One 64-bit number a column and token, the lowest byte first.
    pub tokens: Bin,
    /// One byte a token: whether a blank follows.
    pub spaces: Bin,
    /// One 32-bit number a document: how many tokens it has.
    pub lengths: Bin,
    pub strings: Vec<String>,
    #[serde(default)]
    pub cats: Vec<BTreeMap<String, serde_json::Value>>,
    #[serde(default)]
    pub flags: Vec<Flags>,
    /// For each document its [`Groups`], packed.
    #[serde(default)]
    pub span_groups: Vec<Bin>,
    /// Python's own, which is not read.
    #[serde(default, skip_serializing)]
    pub user_data: Option<IgnoredAny>,
}

/// A span group.
#[derive(Debug, Serialize, Deserialize)]
pub struct Group {
    #[serde(default)]
    pub name: String,
    #[serde(default, serialize_with = "nothing")]
    pub attrs: BTreeMap<String, IgnoredAny>,
    /// See [`GroupSpan`].
    pub spans: Vec<Bin>,
}

fn nothing<S: Serializer>(_: &BTreeMap<String, IgnoredAny>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(std::iter::empty::<((), ())>())
}

/// The span groups of a document: packed groups with the names under which they are known.
#[derive(Debug, Default)]
pub struct Groups(pub Vec<(Bin, Vec<String>)>);

impl<'de> Deserialize<'de> for Groups {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Groups;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("span groups")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Groups, A::Error> {
                let mut groups = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    groups.push(entry);
                }
                Ok(Groups(groups))
            }
            // Older files list them, and they are known by their own names.
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Groups, A::Error> {
                let mut groups = Vec::new();
                while let Some(group) = seq.next_element()? {
                    groups.push((group, Vec::new()));
                }
                Ok(Groups(groups))
            }
        }
        deserializer.deserialize_any(Either)
    }
}

/// A span of a group: numbers of texts, half-open token numbers, half-open code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSpan {
    pub id: u64,
    pub kb_id: u64,
    pub label: u64,
    pub tokens: (i32, i32),
    pub characters: (i32, i32),
}

impl GroupSpan {
    /// Its bytes, the highest of each number first.
    pub fn to_bin(self) -> Bin {
        let mut bytes = Vec::with_capacity(40);
        for number in [self.id, self.kb_id, self.label] {
            bytes.extend(number.to_be_bytes());
        }
        for number in [self.tokens.0, self.tokens.1, self.characters.0, self.characters.1] {
            bytes.extend(number.to_be_bytes());
        }
        Bin(bytes)
    }

    /// From its bytes; `None` if these are not 40.
    pub fn of_bin(bin: &Bin) -> Option<Self> {
        let (long, short) = bin.0.split_at_checked(24).filter(|(_, short)| short.len() == 16)?;
        let long = |n: usize| Some(u64::from_be_bytes(long.chunks_exact(8).nth(n)?.try_into().ok()?));
        let short = |n: usize| Some(i32::from_be_bytes(short.chunks_exact(4).nth(n)?.try_into().ok()?));
        Some(Self {
            id: long(0)?,
            kb_id: long(1)?,
            label: long(2)?,
            tokens: (short(0)?, short(1)?),
            characters: (short(2)?, short(3)?),
        })
    }
}

/// Packs the span groups of a document.
pub fn pack_groups(groups: &[Group]) -> Result<Bin, String> {
    if groups.is_empty() {
        return message_of(&Vec::<()>::new()).map(Bin);
    }
    let one = |group: &Group| Ok((Bin(message_of(group)?), vec![group.name.clone()]));
    let all: Result<BTreeMap<Bin, Vec<String>>, String> = groups.iter().map(one).collect();
    message_of(&all?).map(Bin)
}

/// From the bytes of a message.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Box<Problem>> {
    rmp_serde::from_slice(bytes).map_err(|error| {
        let message = format!("the file is no DocBin of spaCy: {error}");
        Box::new(Problem::error("syntax", message, "write it again with a current spaCy 3"))
    })
}

fn message_of<T: Serialize>(value: &T) -> Result<Vec<u8>, String> {
    rmp_serde::to_vec_named(value).map_err(|error| error.to_string())
}

/// The bytes of a file.
pub fn pack(file: &File) -> Result<Vec<u8>, String> {
    deflate(&message_of(file)?)
}

/// Packs any bytes.
pub fn deflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).map_err(|error| error.to_string())?;
    encoder.finish().map_err(|error| error.to_string())
}

/// The file, and the keys of it that nobody knows.
pub fn open(bytes: &[u8]) -> Result<(File, Vec<String>), Box<Problem>> {
    let message =
        inflate(bytes, bytes.len().saturating_mul(limits::PACKED_TIMES).clamp(limits::PACKED, limits::PACKED_AT_ALL))?;
    let keys: BTreeMap<String, IgnoredAny> = unpack(&message)?;
    let unknown = keys.into_keys().filter(|key| !KEYS.contains(&key.as_str())).collect();
    Ok((unpack(&message)?, unknown))
}

/// Unpacks a whole stream, at most to so many bytes.
pub fn inflate(bytes: &[u8], most: usize) -> Result<Vec<u8>, Box<Problem>> {
    let broken = |message: String| Box::new(Problem::error("broken-archive", message, "get the file again"));
    let mut stream = Decompress::new(true);
    let mut out = Vec::new();
    loop {
        let (consumed, produced) = (stream.total_in(), out.len());
        let rest = usize::try_from(consumed).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
        out.reserve(64 << 10);
        let status = stream
            .decompress_vec(rest, &mut out, FlushDecompress::None)
            .map_err(|error| broken(format!("the file is no DocBin of spaCy, or damaged: {error}")))?;
        if out.len() > most {
            let message = format!("the file unpacks to more than {} MiB", most >> 20);
            let hint = "it may be made to do harm; split it if it is not";
            return Err(Box::new(Problem::error("too-large", message, hint)));
        }
        if status == Status::StreamEnd {
            let left = bytes.len() as u64 - stream.total_in();
            return if left == 0 { Ok(out) } else { Err(broken(format!("{left} bytes follow the end of the DocBin"))) };
        }
        if stream.total_in() == consumed && out.len() == produced {
            return Err(broken("the file ends in the middle".to_owned()));
        }
    }
}

/// Whether bytes begin like a file that spaCy or this program wrote.
pub fn looks_like_one(bytes: &[u8]) -> bool {
    if bytes.first() != Some(&0x78) {
        return false;
    }
    let mut start = Vec::with_capacity(512);
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    let is_stream = Decompress::new(true).decompress_vec(head, &mut start, FlushDecompress::None).is_ok();
    let has = |key: &[u8]| start.windows(key.len()).any(|window| window == key);
    is_stream && has(b"\xa7version") && has(b"\xa5attrs")
}
