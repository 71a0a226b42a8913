//! Keymaps, schemas, encodings, choices, and large files in pieces.

use std::path::Path;
use std::sync::LazyLock;

use manicule::app::keymap;
use manicule::formats::decode::{self, MENU, line_and_column};
use manicule::formats::split::{Labels, Parts, assign};
use manicule::formats::{self, FORMATS, Format, Input, Options, Read};
use manicule::model::colors::LabelShades;
use manicule::model::schema::{KeyTable, RESERVED_LETTERS};
use manicule::model::{Document, Kind, Problem, Schema, validate};

use super::generate::{Bytes, document};

/// A keymap file.
pub fn keymap(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    let (keymap, problems) = keymap::read(&source, Path::new("keymap.ron"));
    assert!(problems.iter().all(|problem| !problem.message.is_empty() && problem.place.file.is_some()));
    lines_are_inside(&problems, &source);
    let _ = keymap.reserved();
    // The file that is offered for editing is a good one, whatever the keys are.
    let template = keymap::template(&keymap);
    let opened: String = template.lines().map(|line| line.replacen("// (command", "(command", 1) + "\n").collect();
    let (_, problems) = keymap::read(&opened, Path::new("keymap.ron"));
    assert!(problems.is_empty(), "{problems:?}\n{opened}");
}

fn lines_are_inside(problems: &[Problem], source: &str) {
    let lines = source.split('\n').count();
    for problem in problems {
        assert!(problem.place.line.is_none_or(|line| (1..=lines + 1).contains(&line)), "{problem}");
    }
}

/// A document with every kind of annotation.
static ANNOTATED: LazyLock<Document> = LazyLock::new(|| {
    let hard = include_bytes!("../../data/hard.ron");
    let ron = formats::by_id("ron").expect("ships");
    ron.read(&Input::of_bytes(hard)).expect("it is whole").remove(0).document
});

/// A schema file.
pub fn schema(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    match Schema::parse(&source, None) {
        Err(problems) => {
            assert!(!problems.is_empty() && problems.iter().all(|problem| !problem.message.is_empty()));
            lines_are_inside(&problems, &source);
        }
        Ok(schema) => {
            let ron =
                ron::ser::to_string_pretty(&schema, ron::ser::PrettyConfig::default()).expect("it can be written");
            assert_eq!(Schema::parse(&ron, None).as_ref(), Ok(&schema));
            let mut edited = schema.clone();
            edited.version = edited.version.wrapping_add(1);
            edited.description.push('x');
            for written in [&schema, &edited].map(|schema| (schema, schema.to_ron_over(&source))) {
                assert_eq!(Schema::parse(&written.1, None).as_ref(), Ok(written.0));
            }
            let keys = KeyTable::new(&schema, RESERVED_LETTERS);
            for mention in &schema.mentions {
                let _ = keys.key_of(Kind::Mention, &mention.label);
            }
            for is_dark in [false, true] {
                let _ = LabelShades::new(&schema, is_dark);
            }
            for problem in validate(&ANNOTATED, &schema) {
                assert!(!problem.message.is_empty());
            }
        }
    }
}

/// Any bytes: which format they are, and in which encoding.
pub fn detect(bytes: &[u8]) {
    let _ = formats::detect(None, bytes);
    for extension in ["txt", "json", "jsonl", "csv", "xml", "html", "ann", "tsv", "zip"] {
        let _ = formats::detect(Some(Path::new(&format!("a.{extension}"))), bytes);
    }
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(decoded) = decode::decode(bytes) {
        assert!(!decoded.text.is_empty());
        let end = line_and_column(&decoded.text, decoded.text.len());
        assert_eq!(end.0, decoded.text.split('\n').count());
        if decoded.info.name == "UTF-8" && !decoded.info.had_errors {
            assert_eq!(decoded.text.as_bytes(), plain, "the text is not as it was");
        }
    }
    for (label, _) in MENU {
        if let Ok(decoded) = decode::decode_as(bytes, label) {
            assert!(!decoded.text.is_empty());
        }
    }
    if let Ok(text) = decode::decode_strict(bytes)
        && std::str::from_utf8(plain).is_ok()
        && !bytes.starts_with(b"\xff\xfe")
    {
        assert_eq!(text.as_bytes(), plain, "the text is not as it was");
    }
}

/// What is chosen on the command line: `FORMAT NAME=VALUE` on each line, or the parts of a data set.
pub fn options(bytes: &[u8]) {
    let source = String::from_utf8_lossy(bytes);
    for line in source.lines() {
        if let Some((format, choice)) = line.split_once(' ')
            && let Some(format) = formats::by_id(format)
        {
            let (name, value) = choice.split_once('=').unwrap_or((choice, ""));
            let mut options = Options::default();
            if options.set(&format.info(), name, value).is_ok() {
                let document = document(&mut Bytes::new(bytes));
                let _ = format.losses(&document, &options);
                let named = formats::Named { name: "doc", document: &document, schema: None };
                let _ = format.write(&[named], &options);
            }
        } else if let Ok(parts) = Parts::parse(line) {
            let documents: Vec<(String, Labels)> =
                (0..7).map(|i| (format!("d{i}"), Labels::from([("a".to_owned(), i)]))).collect();
            let names = parts.names().count();
            assert!(assign(&documents, &parts, 1).iter().all(|part| *part < names));
        }
    }
}

/// Formats that can be read in pieces.
static CUT: LazyLock<Vec<&'static dyn Format>> = LazyLock::new(|| {
    let is_cut = |format: &&&dyn Format| matches!(format.cut(&mut b"{}\n".as_slice(), 1), Ok(Some(_)));
    FORMATS.iter().filter(is_cut).copied().collect()
});

/// A file of many documents, read in pieces: the first byte says in which format, the second how large the pieces are.
pub fn pieces(bytes: &[u8]) {
    let [which, size, bytes @ ..] = bytes else { return };
    let format = CUT[usize::from(*which) % CUT.len()];
    let name = format!("doc.{}", format.info().extensions.first().expect("has one"));
    let read = |bytes: &[u8]| {
        let input = Input { path: Some(Path::new(&name)), ..Input::of_bytes(bytes) };
        format.read(&input)
    };
    let Ok(Some(cut)) = format.cut(&mut &*bytes, u64::from(*size) + 1) else { return };
    let part = |range: &std::ops::Range<u64>| bytes.get(range.start as usize..range.end as usize).expect("in the file");
    let told = |read: &Read, lines: &dyn Fn(usize) -> usize| (read.document.text().clone(), read.line.map(lines));
    let mut in_pieces = Vec::new();
    let mut is_refused = false;
    let mut end = cut.head.end;
    for piece in &cut.pieces {
        assert_eq!(piece.bytes.start, end, "a piece does not begin where the last one ends");
        end = piece.bytes.end;
        let bytes = [part(&cut.head), part(&piece.bytes)].concat();
        match read(&bytes) {
            Ok(read) => {
                in_pieces.extend(read.iter().map(|read| told(read, &|line| cut.line_in_file(piece, line))));
                assert!(piece.documents_before + read.len() <= cut.documents);
            }
            Err(_) => is_refused = true,
        }
    }
    if cut.pieces.is_empty() {
        return;
    }
    let rest = bytes.get(end as usize..).expect("in the file");
    assert!(rest.trim_ascii().is_empty(), "the pieces are not the whole file");
    match read(bytes) {
        Ok(whole) if !is_refused => {
            let whole: Vec<_> = whole.iter().map(|read| told(read, &|line| line)).collect();
            assert_eq!(in_pieces, whole, "{}", format.info().id);
        }
        // What is told of a line is all that there is to a piece of nothing but such lines.
        Ok(whole) => assert!(whole.iter().any(|read| !read.problems.is_empty()), "only a piece is refused"),
        Err(problems) => assert!(is_refused, "only the whole is refused ({}): {problems:?}", format.info().id),
    }
}
