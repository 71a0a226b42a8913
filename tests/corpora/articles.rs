//! Articles in: the words of each reader against the plain text. The corpus has plain texts, so the pages, office files,
//! feeds and mails are made of them here; pages, Markdown and tables that others made are read as they are.

use std::collections::HashMap;
use std::io::{Cursor, Write as _};
use std::path::Path;

use manicule::formats::{self, Input, Read};
use manicule::model::Severity;

fn read(id: &str, path: &Path, bytes: &[u8]) -> Vec<Read> {
    let format = formats::by_id(id).expect("a format");
    let input = Input { path: Some(path), ..Input::of_bytes(bytes) };
    format.read(&input).unwrap_or_else(|problems| panic!("{}: {problems:?}", path.display()))
}

/// Words that both have, of those of the first and of those of the second.
fn overlap(wanted: &str, found: &str) -> (usize, usize, usize) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for word in wanted.split_whitespace() {
        *counts.entry(word).or_default() += 1;
    }
    let mut both = 0;
    for word in found.split_whitespace() {
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            both += 1;
        }
    }
    (both, wanted.split_whitespace().count(), found.split_whitespace().count())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn paragraphs(text: &str) -> impl Iterator<Item = String> {
    text.split("\n\n").filter(|part| !part.trim().is_empty()).map(escaped)
}

fn wrapped(text: &str, before: &str, after: &str) -> String {
    paragraphs(text).flat_map(|part| [before, &part, after, "\n"].map(str::to_owned)).collect()
}

fn zipped(files: &[(&str, String)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = zip::write::SimpleFileOptions::default();
        let is_mark = *name == "mimetype";
        let method = if is_mark { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        zip.start_file(*name, options.compression_method(method)).expect("a name");
        zip.write_all(content.as_bytes()).expect("memory");
    }
    zip.finish().expect("memory").into_inner()
}

/// A page with an article element, and one of nothing but boxes; both with menus, lists of links, comments and a foot.
fn pages(title: &str, text: &str) -> [String; 2] {
    let menu: String = "<li><a href=\"/s\">Section</a></li>".repeat(12);
    let links: String = "<li><a href=\"/x\">Another story about something</a></li>".repeat(8);
    let head = format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title} - The Paper</title><style>p{{}}</style><script>var a = '<p>no</p>';</script></head>"
    );
    let body = wrapped(text, "<p>", "</p>");
    let foot = "<footer><p>Copyright The Paper, all rights reserved</p></footer></body></html>";
    [
        format!(
            "{head}<body><nav><ul>{menu}</ul></nav><main><article><h1>{title}</h1>{body}</article></main><aside><h2>Related</h2><ul>{links}</ul></aside>{foot}"
        ),
        format!(
            "{head}<body><div id=menu><ul>{menu}</ul></div><div class=content><h1>{title}</h1><div class=story>{body}</div></div><div class=sidebar><ul>{links}</ul></div><div id=comments><p>First!</p></div>{foot}"
        ),
    ]
}

/// What is made of a text, by the id of the format.
fn made_of(title: &str, text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let [article, boxes] = pages(title, text);
    let docx = format!(
        "<w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>",
        wrapped(text, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>")
    );
    let odt = format!(
        "<d xmlns:o=\"o\" xmlns:t=\"t\"><o:body><o:text>{}</o:text></o:body></d>",
        wrapped(text, "<t:p>", "</t:p>")
    );
    let chapter = format!("<html><body>{}</body></html>", wrapped(text, "<p>", "</p>"));
    let container = "<container><rootfiles><rootfile full-path=\"a.opf\"/></rootfiles></container>".to_owned();
    let package = "<package><manifest><item id=\"a\" href=\"a.xhtml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>".to_owned();
    let body = wrapped(text, "<p>", "</p>");
    vec![
        ("html", article.into_bytes()),
        ("html", boxes.into_bytes()),
        ("docx", zipped(&[("[Content_Types].xml", "<Types/>".to_owned()), ("word/document.xml", docx)])),
        ("odt", zipped(&[("mimetype", "application/vnd.oasis.opendocument.text".to_owned()), ("content.xml", odt)])),
        ("epub", zipped(&[("mimetype", "application/epub+zip".to_owned()), ("META-INF/container.xml", container), ("a.opf", package), ("a.xhtml", chapter)])),
        ("nitf", format!("<nitf><body><body.content>{body}</body.content></body></nitf>").into_bytes()),
        ("newsml", format!("<newsItem><contentSet><inlineXML><html><body>{body}</body></html></inlineXML></contentSet></newsItem>").into_bytes()),
        ("feed", format!("<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description><item><description>{}</description></item></channel></rss>", escaped(&body)).into_bytes()),
        ("mail", format!("From: a@b.example\r\nTo: c@d.example\r\nDate: Wed, 1 May 2024 10:00:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}").into_bytes()),
        ("markdown", text.as_bytes().to_vec()),
        ("jsonl-text", format!("{}\n", serde_json::json!({"text": text})).into_bytes()),
        ("csv-text", format!("id,text\n1,\"{}\"\n", text.replace('"', "\"\"")).into_bytes()),
        ("zip", zipped(&[("a.txt", text.to_owned())])),
    ]
}

#[test]
fn words_of_articles_are_those_of_their_plain_text() {
    let Some(folder) = crate::corpus("wikinews-plain") else { return };
    let mut sums: Vec<(String, usize, usize, usize)> = Vec::new();
    let texts = crate::files(&folder.join("example"), ".txt");
    for path in &texts {
        let text = std::fs::read_to_string(path).expect("UTF-8").replace("\r\n", "\n");
        for (nth, (id, bytes)) in made_of("A title of some words", &text).into_iter().enumerate() {
            let found = read(id, path, &bytes);
            let all: Vec<&str> = found.iter().map(|read| read.document.text().as_str()).collect();
            let (both, wanted, got) = overlap(&text, &all.join("\n"));
            let name = format!("{id} {nth}");
            match sums.iter_mut().find(|(known, ..)| *known == name) {
                Some(sum) => *sum = (name, sum.1 + both, sum.2 + wanted, sum.3 + got),
                None => sums.push((name, both, wanted, got)),
            }
            // The native file keeps what was read.
            let native = formats::by_id("json").expect("native");
            for read in &found {
                let named = formats::Named { name: "a", document: &read.document, schema: None };
                let files = native.write(&[named], &formats::Options::default()).expect("writable");
                let back = native.read(&Input::of_bytes(&files[0].bytes)).expect("opens");
                assert_eq!(back[0].document, read.document, "{id}");
            }
        }
    }
    for (name, both, wanted, got) in &sums {
        let (kept, own) = (100.0 * *both as f64 / *wanted as f64, 100.0 * *both as f64 / *got as f64);
        println!("wikinews-plain as {name:<13} {wanted:>5} words, {kept:6.2} % found, {own:6.2} % of what was read");
        assert!(kept > 99.0, "{name}: {kept}");
        assert!(own > 97.0, "{name}: {own}");
    }
    println!("wikinews-plain: {} texts", texts.len());
}

#[test]
fn pages_markdown_and_tables_of_others_are_read() {
    let names = ["plover", "causal-news-corpus", "litbank", "wikinews-plain", "german-news-quotes", "kaznerd"];
    let folders: Vec<_> = names.iter().filter_map(|name| crate::corpus(name)).collect();
    for folder in &folders {
        let (mut documents, mut words, mut told) = (0, 0, 0);
        for ending in [".html", ".md"] {
            for path in crate::files(folder, ending) {
                let bytes = std::fs::read(&path).expect("readable");
                for found in read(if ending == ".md" { "markdown" } else { "html" }, &path, &bytes) {
                    documents += 1;
                    words += found.document.text().tokens().len();
                    told += found.problems.len();
                    assert!(found.problems.iter().all(|p| p.severity == Severity::Warning), "{:?}", found.problems);
                }
            }
        }
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        println!("{name}: {documents} pages and Markdown files, {words} tokens, {told} things told");
    }
    let Some(folder) = crate::corpus("causal-news-corpus") else { return };
    let (mut rows, mut tables) = (0, 0);
    for path in crate::files(&folder, ".csv") {
        let bytes = std::fs::read(&path).expect("readable");
        let format = formats::by_id("csv-text").expect("a format");
        match format.read(&Input { path: Some(&path), ..Input::of_bytes(&bytes) }) {
            Ok(found) => {
                tables += 1;
                rows += found.len();
            }
            // Tables without a column of text are refused by its name.
            Err(problems) => assert_eq!(problems[0].code, "no-column", "{}: {problems:?}", path.display()),
        }
    }
    println!("causal-news-corpus: {tables} tables with a column of text, {rows} articles");
}
