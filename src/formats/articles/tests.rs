//! What all readers of articles have in common: no bytes make them panic.

use std::io::{Cursor, Write as _};

use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;

/// An archive of these files.
pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let method =
            if *name == "mimetype" { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        zip.start_file(*name, SimpleFileOptions::default().compression_method(method)).expect("a name");
        zip.write_all(bytes).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

const READERS: &[&dyn Format] =
    &[&Html, &Markdown, &Docx, &Odt, &Epub, &Feed, &NewsMl, &Nitf, &Mail, &JsonlText, &CsvText, &Zip];

/// Pieces that these formats are made of.
const PIECES: &[&str] = &[
    "<",
    ">",
    "</",
    "/>",
    "<p>",
    "</p>",
    "<html>",
    "<body>",
    "<rss>",
    "<channel>",
    "<item>",
    "<title>",
    "<newsItem>",
    "<contentSet>",
    "<inlineXML>",
    "<nitf>",
    "<![CDATA[",
    "]]>",
    "<!--",
    "<!DOCTYPE a [<!ENTITY b \"c\">]>",
    "&b;",
    "&amp;",
    "&#x110000;",
    "&#0;",
    "\"",
    "'",
    "=",
    "a",
    "😀",
    "\u{301}",
    "\r\n",
    "\n",
    ",",
    ";",
    "\t",
    "{",
    "}",
    "[",
    "]",
    "\"text\":",
    ":",
    "Subject: ",
    "From: ",
    "Content-Type: multipart/mixed; boundary=a\r\n\r\n",
    "--a\r\n",
    "=?utf-8?q?=C3?=",
    "%",
    "# ",
    "---\n",
    "[^1]",
    "| a |",
    "```",
    "\0",
    "%PDF-1.4",
    "PK\u{3}\u{4}",
    "<table><tr><td>",
    "<svg>",
    "<math>",
    "<template>",
    "<select>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_a_reader_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        for format in READERS {
            let _ = format.sniff(text.as_bytes());
            let _ = format.read(&Input::of_bytes(text.as_bytes()));
        }
    }

    #[test]
    fn no_content_makes_a_reader_of_archives_panic(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        let xml = format!("<a><body><text><p>{text}</p></text></body></a>");
        for content in [&text, &xml] {
            let bytes = zipped(&[
                ("word/document.xml", content.as_bytes()),
                ("content.xml", content.as_bytes()),
                ("META-INF/container.xml", content.as_bytes()),
                ("a.html", content.as_bytes()),
                ("b.md", content.as_bytes()),
            ]);
            for format in READERS {
                let _ = format.read(&Input::of_bytes(&bytes));
            }
        }
    }
}

#[test]
fn every_zone_lies_in_the_text_and_begins_and_ends_with_a_word() {
    let page = "<html><body><h1> A </h1><p class=byline> By B </p><p><b class=dateline> C </b> d</p><figure><figcaption> e </figcaption></figure></body></html>";
    let read = Html.read(&Input::of_bytes(page.as_bytes())).expect("a page").remove(0);
    for zone in &read.document.header().zones {
        let words = read.document.text().slice(zone.span);
        assert!(!words.is_empty() && words.trim() == words, "{zone:?} {words:?}");
    }
}

#[test]
fn articles_are_told_apart_by_name_and_content() {
    let detected = |name: &str, bytes: &[u8]| {
        crate::formats::detect((!name.is_empty()).then(|| std::path::Path::new(name)), bytes)
            .map_or("none", |f| f.info().id)
    };
    assert_eq!(detected("a.md", b"Text"), "markdown");
    assert_eq!(detected("a.xml", b"<rss version='2.0'/>"), "feed");
    assert_eq!(detected("a.xml", b"<?xml version='1.0'?>\n<!-- x --><nitf/>"), "nitf");
    assert_eq!(detected("a.xml", b"<newsItem xmlns='http://iptc.org/std/nar/2006-10-01/'/>"), "newsml");
    assert_eq!(detected("", b"<!DOCTYPE html><p>x"), "html");
    assert_eq!(detected("a.jsonl", b"{\"content\": \"x\"}\n"), "jsonl-text");
    assert_eq!(detected("a.csv", b"title,text\nA,B\n"), "csv-text");
    assert_eq!(detected("", b"%PDF-1.4"), "pdf");
    assert_eq!(detected("", &zipped(&[("word/document.xml", b"x"), ("[Content_Types].xml", b"x")])), "docx");
    assert_eq!(detected("", &zipped(&[("mimetype", b"application/epub+zip")])), "epub");
    assert_eq!(detected("", &zipped(&[("a.txt", b"x")])), "zip");
    assert_eq!(detected("", b"Some text, as it is"), "text");
}
