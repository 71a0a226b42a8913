//! What is looked at in a PDF before a reader of PDFs is let at it: streams that unpack to too much, and drawings that
//! draw themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use pdf_extract::{Document, Object, ObjectId, Stream};

use super::limits;
use crate::model::Problem;

/// Refuses a file whose streams unpack to more than the limits, or cannot be looked into because they are locked.
///
/// # Errors
/// What is refused, and why.
pub fn check(bytes: &[u8]) -> Result<(), Problem> {
    let mut total = 0;
    let mut at = 0;
    while let Some(found) = find(bytes.get(at..).unwrap_or_default(), b"stream") {
        let start = at + found;
        at = start + b"stream".len();
        if bytes.get(..start).is_some_and(|before| before.ends_with(b"end")) {
            continue;
        }
        let dictionary = bytes.get(start.saturating_sub(4096)..start).unwrap_or_default();
        let dictionary = dictionary.windows(4).rposition(|w| w == b" obj").map_or(dictionary, |o| &dictionary[o..]);
        let rest = bytes.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix(b"\r").unwrap_or(rest);
        let data = rest.strip_prefix(b"\n").unwrap_or(rest);
        total += unpacked(&filters(dictionary), data, limits::UNPACKED_FILE)?;
        if total > limits::UNPACKED {
            return Err(limits::beyond("bytes when it is unpacked", limits::UNPACKED));
        }
    }
    if find(bytes, b"/Encrypt").is_some() {
        let hint = "print it to a new PDF without a lock, if you may";
        return Err(Problem::error("locked", "the PDF is locked", hint));
    }
    Ok(())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    // The first letter is looked for alone, which is much faster.
    let first = *wanted.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|b| *b == first)?;
        if bytes.get(at..)?.starts_with(wanted) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Filter {
    Flate,
    Lzw,
    Base85,
}

/// The filters of a stream in the order in which they are taken off.
fn filters(dictionary: &[u8]) -> Vec<Filter> {
    let text = String::from_utf8_lossy(dictionary);
    // Names may have their letters written as numbers.
    let mut plain = String::new();
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once('#') {
        plain.push_str(before);
        match after.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(letter) => {
                plain.push(char::from(letter));
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                plain.push('#');
                rest = after;
            }
        }
    }
    plain.push_str(rest);
    let known = |name: &str| match name {
        _ if name.starts_with("FlateDecode") => Some(Filter::Flate),
        _ if name.starts_with("LZWDecode") => Some(Filter::Lzw),
        _ if name.starts_with("ASCII85Decode") => Some(Filter::Base85),
        _ => None,
    };
    plain.split('/').filter_map(known).collect()
}

/// How many bytes come out at last.
fn unpacked(filters: &[Filter], data: &[u8], limit: u64) -> Result<u64, Problem> {
    let Some((first, more)) = filters.split_first() else { return Ok(0) };
    let mut out = Vec::new();
    match first {
        Filter::Flate => {
            // What is broken ends early, also for the reader.
            let _ = flate2::read::ZlibDecoder::new(data).take(limit + 1).read_to_end(&mut out);
        }
        Filter::Lzw => {
            let longest = [false, true].map(|early| lzw(data, early, limit));
            out = longest.into_iter().max_by_key(Vec::len).unwrap_or_default();
        }
        // It does not grow; what the next filter makes of it is not known without it.
        Filter::Base85 => out = base85(data),
    }
    if out.len() as u64 > limit {
        return Err(limits::beyond("bytes when it is unpacked", limit));
    }
    let length = out.len() as u64;
    Ok(length + unpacked(more, &out, limit)?)
}

fn lzw(data: &[u8], early: bool, limit: u64) -> Vec<u8> {
    use weezl::{BitOrder, decode::Decoder};
    let mut decoder =
        if early { Decoder::with_tiff_size_switch(BitOrder::Msb, 8) } else { Decoder::new(BitOrder::Msb, 8) };
    let (mut out, mut rest, mut buffer) = (Vec::new(), data, vec![0; 1 << 16]);
    while out.len() as u64 <= limit {
        let step = decoder.decode_bytes(rest, &mut buffer);
        out.extend_from_slice(buffer.get(..step.consumed_out).unwrap_or_default());
        rest = rest.get(step.consumed_in..).unwrap_or_default();
        let is_done =
            !matches!(step.status, Ok(weezl::LzwStatus::Ok)) || (step.consumed_in == 0 && step.consumed_out == 0);
        if is_done {
            break;
        }
    }
    out
}

fn base85(data: &[u8]) -> Vec<u8> {
    let (mut out, mut group, mut count) = (Vec::new(), 0_u32, 0);
    for byte in data {
        match byte {
            b'~' => break,
            b'z' if count == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group = group.wrapping_mul(85).wrapping_add(u32::from(byte - b'!'));
                count += 1;
                if count == 5 {
                    out.extend_from_slice(&group.to_be_bytes());
                    (group, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    out
}

/// Empties pictures, which are no text, and drawings that draw themselves or others too often; gives the number of the
/// latter.
pub fn cut_loops(document: &mut Document) -> usize {
    /// Drawings inside drawings.
    const LEVELS: usize = 20;
    /// Drawings that one drawing may draw in the end.
    const DRAWN: u64 = 10_000;
    let mut drawings = BTreeSet::new();
    for object in document.objects.values() {
        named(document, object, 0, &mut drawings);
    }
    let mut pictures = Vec::new();
    let mut children: BTreeMap<ObjectId, (u64, Option<Vec<ObjectId>>)> = BTreeMap::new();
    for id in drawings {
        let Some(Object::Stream(stream)) = document.objects.get(&id) else { continue };
        if stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Image") {
            pictures.push(id);
        } else {
            let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
            let draws = content.windows(2).filter(|w| w == b"Do").count() as u64;
            children.insert(id, (draws, drawn_by(document, stream, draws)));
        }
    }
    // From those that draw nothing upwards: what is never reached draws itself.
    let mut costs: BTreeMap<ObjectId, u64> = BTreeMap::new();
    for _ in 0..LEVELS {
        for (id, (draws, drawn)) in &children {
            let known =
                |child: &ObjectId| if children.contains_key(child) { costs.get(child).copied() } else { Some(1) };
            let dearest = drawn
                .as_ref()
                .and_then(|drawn| drawn.iter().map(known).try_fold(1, |most, cost| Some(cost?.max(most))));
            if let Some(cost) = dearest.map(|dearest: u64| draws.saturating_mul(dearest).saturating_add(1))
                && cost <= DRAWN
            {
                costs.insert(*id, cost);
            }
        }
    }
    let without_end: Vec<ObjectId> = children.keys().filter(|id| !costs.contains_key(*id)).copied().collect();
    for id in pictures.iter().chain(&without_end) {
        if let Some(Object::Stream(stream)) = document.objects.get_mut(id) {
            stream.dict.remove(b"Filter");
            stream.content.clear();
        }
    }
    without_end.len()
}

/// What an object refers to, if it is a reference.
fn follow<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Object> {
    match object {
        Object::Reference(id) => document.get_object(*id).ok(),
        other => Some(other),
    }
}

/// Everything that an object names as a drawing.
fn named(document: &Document, object: &Object, depth: usize, found: &mut BTreeSet<ObjectId>) {
    if depth > limits::DEPTH {
        return;
    }
    let dictionary = match object {
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dict,
        Object::Array(list) => {
            for object in list {
                named(document, object, depth + 1, found);
            }
            return;
        }
        _ => return,
    };
    if let Some(Object::Dictionary(drawings)) = dictionary.get(b"XObject").ok().and_then(|d| follow(document, d)) {
        found.extend(drawings.iter().filter_map(|(_, drawing)| drawing.as_reference().ok()));
    }
    for (_, object) in dictionary {
        named(document, object, depth + 1, found);
    }
}

/// What a drawing may draw; `None` if that depends on who draws it.
fn drawn_by(document: &Document, drawing: &Stream, draws: u64) -> Option<Vec<ObjectId>> {
    let resources = drawing.dict.get(b"Resources").ok().and_then(|resources| follow(document, resources));
    let Some(Object::Dictionary(resources)) = resources else {
        // Without resources of its own it has those of the page, and may name itself.
        return (draws == 0).then(Vec::new);
    };
    match resources.get(b"XObject").ok().and_then(|drawn| follow(document, drawn)) {
        Some(Object::Dictionary(drawn)) => {
            Some(drawn.iter().filter_map(|(_, object)| object.as_reference().ok()).collect())
        }
        _ => Some(Vec::new()),
    }
}

/// Refuses a page that is put together of more than the limits, since one stream may stand in it many times.
///
/// # Errors
/// If it is.
pub fn check_page(document: &Document, page: ObjectId) -> Result<(), Problem> {
    let mut lengths: BTreeMap<ObjectId, u64> = BTreeMap::new();
    let mut total = 0;
    for id in document.get_page_contents(page) {
        let length = *lengths.entry(id).or_insert_with(|| {
            let stream = document.get_object(id).and_then(Object::as_stream);
            stream.map_or(0, |s| s.decompressed_content().map_or(s.content.len(), |content| content.len()) as u64)
        });
        total += length;
        if total > limits::UNPACKED_FILE {
            return Err(limits::beyond("bytes on a page", limits::UNPACKED_FILE));
        }
    }
    Ok(())
}
