//! Files of formats that are only read, made of the articles that are measured with: as small as the format allows, with
//! the quotes and mentions that it can hold. One line a format in [`MADE`].

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use manicule::model::{Document, Filler};
use manicule::text::{BytePos, Span, Text};
use serde_json::{Value, json};

/// Files with their names; the first is the one that is opened.
pub type Files = Vec<(PathBuf, Vec<u8>)>;

/// Makes the files of one article with this name.
type Make = fn(&str, &Document) -> Files;

/// The formats, by their ids.
const MADE: &[(&str, Make)] = &[
    ("markdown", |name, d| one(name, "md", text(d).to_owned())),
    ("html", |name, d| one(name, "html", page(d, "article"))),
    ("docx", |name, d| {
        zipped(name, "docx", &[("[Content_Types].xml", "<Types/>".into()), ("word/document.xml", docx(d))])
    }),
    ("odt", |name, d| {
        let kind = ("mimetype", "application/vnd.oasis.opendocument.text".to_owned());
        zipped(name, "odt", &[kind, ("content.xml", odt(d))])
    }),
    ("pdf", |name, d| vec![(format!("{name}.pdf").into(), pdf(text(d)))]),
    ("epub", |name, d| zipped(name, "epub", &epub(d))),
    ("feed", |name, d| one(name, "xml", feed(d))),
    ("newsml", |name, d| {
        let body = paragraphs(d, "<p>", "</p>");
        one(
            name,
            "xml",
            format!(
                "<newsItem><contentSet><inlineXML><html><body>{body}</body></html></inlineXML></contentSet></newsItem>"
            ),
        )
    }),
    ("nitf", |name, d| {
        let body = paragraphs(d, "<p>", "</p>");
        one(name, "xml", format!("<nitf><body><body.content>{body}</body.content></body></nitf>"))
    }),
    ("mail", |name, d| {
        let head =
            "From: a@b.example\r\nTo: c@d.example\r\nSubject: Talks\r\nContent-Type: text/plain; charset=utf-8\r\n";
        one(name, "eml", format!("{head}\r\n{}", text(d)))
    }),
    ("jsonl-text", |name, d| one(name, "jsonl", format!("{}\n", json!({"text": text(d)})))),
    ("csv-text", |name, d| {
        vec![(
            format!("{name}.csv").into(),
            table(&[vec!["id".into(), "text".into()], vec![name.into(), text(d).into()]]),
        )]
    }),
    ("zip", |name, d| zipped(name, "zip", &[("a.txt", text(d).to_owned())])),
    ("wikinews-quotes", |name, d| one(name, "json", wikinews(d).to_string())),
    ("guardian-quotes", |name, d| one(name, "json", guardian(d).to_string())),
    ("pdnc", pdnc),
    ("apf", apf),
    ("litbank-quotes", |name, d| beside(name, litbank_quotes(d), d)),
    ("litbank-coref", |name, d| beside(name, litbank_coref(d), d)),
];

/// The files of an article in a format; `None` if none are made of it.
pub fn files(format: &str, name: &str, document: &Document) -> Option<Files> {
    MADE.iter().find(|(id, _)| *id == format).map(|(_, make)| make(name, document))
}

fn text(document: &Document) -> &str {
    document.text().as_str()
}

fn one(name: &str, extension: &str, content: String) -> Files {
    vec![(format!("{name}.{extension}").into(), content.into_bytes())]
}

/// A file with its text beside it.
fn beside(name: &str, content: String, document: &Document) -> Files {
    let mut files = one(name, "ann", content);
    files.extend(one(name, "txt", text(document).to_owned()));
    files
}

// --- articles ---------------------------------------------------------------------------------------------------------

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn paragraphs(document: &Document, before: &str, after: &str) -> String {
    let all = text(document).lines().filter(|line| !line.trim().is_empty());
    all.map(|line| format!("{before}{}{after}\n", escaped(line))).collect::<Vec<_>>().concat()
}

fn page(document: &Document, around: &str) -> String {
    let menu = "<li><a href=\"/s\">Section</a></li>".repeat(12);
    let body = paragraphs(document, "<p>", "</p>");
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>Talks</title></head><body><nav><ul>{menu}</ul>\
         </nav><main><{around}><h1>Talks</h1>{body}</{around}></main><footer><p>All rights reserved</p></footer></body></html>"
    )
}

fn docx(document: &Document) -> String {
    let body = paragraphs(document, "<w:p><w:r><w:t>", "</w:t></w:r></w:p>");
    format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

fn odt(document: &Document) -> String {
    let body = paragraphs(document, "<t:p>", "</t:p>");
    format!("<d xmlns:o=\"o\" xmlns:t=\"t\"><o:body><o:text>{body}</o:text></o:body></d>")
}

fn epub(document: &Document) -> Vec<(&'static str, String)> {
    let container = "<container><rootfiles><rootfile full-path=\"a.opf\"/></rootfiles></container>";
    let package = "<package><manifest><item id=\"a\" href=\"a.xhtml\"/></manifest><spine><itemref idref=\"a\"/></spine></package>";
    let chapter = format!("<html><body>{}</body></html>", paragraphs(document, "<p>", "</p>"));
    vec![
        ("mimetype", "application/epub+zip".to_owned()),
        ("META-INF/container.xml", container.to_owned()),
        ("a.opf", package.to_owned()),
        ("a.xhtml", chapter),
    ]
}

fn feed(document: &Document) -> String {
    let body = escaped(&paragraphs(document, "<p>", "</p>"));
    format!(
        "<rss version=\"2.0\"><channel><title>t</title><link>l</link><description>d</description><item><description>{body}</description></item></channel></rss>"
    )
}

fn zipped(name: &str, extension: &str, files: &[(&str, String)]) -> Files {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let is_mark = *name == "mimetype";
        let method = if is_mark { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        zip.start_file(*name, options).expect("a name");
        zip.write_all(content.as_bytes()).expect("memory");
    }
    vec![(format!("{name}.{extension}").into(), zip.finish().expect("memory").into_inner())]
}

/// Pages of lines in a font that every reader has; what is not ASCII becomes a question mark.
fn pdf(text: &str) -> Vec<u8> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let mut row = String::new();
        for word in line.split_whitespace() {
            if row.len() + word.len() > 90 {
                lines.push(std::mem::take(&mut row));
            }
            let plain = word.chars().map(|c| if c.is_ascii_graphic() && !"()\\".contains(c) { c } else { '?' });
            row.extend(plain.chain([' ']));
        }
        lines.extend([row, String::new()]);
    }
    let pages: Vec<String> = lines
        .chunks(50)
        .map(|page| {
            let rows = page.iter().map(|row| format!("({}) Tj T*\n", row.trim_end())).collect::<Vec<_>>().concat();
            format!("BT /F1 10 Tf 14 TL 40 800 Td\n{rows}ET\n")
        })
        .collect();
    let kids = (0..pages.len()).map(|n| format!("{} 0 R ", 4 + 2 * n)).collect::<Vec<_>>().concat();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned(),
    ];
    for (n, page) in pages.iter().enumerate() {
        let resources = "/Resources<</Font<</F1 3 0 R>>>>";
        let content = 5 + 2 * n;
        objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]{resources}/Contents {content} 0 R>>"));
        objects.push(format!("<</Length {}>>\nstream\n{page}endstream", page.len()));
    }
    let mut out = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", n + 1));
    }
    let start = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    out.extend(places.iter().map(|place| format!("{place:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
    out.into_bytes()
}

// --- quotes and mentions ----------------------------------------------------------------------------------------------

fn codepoint(text: &Text, at: BytePos) -> u32 {
    text.codepoint_of(at).0
}

/// The words of a quote's speaker.
fn speaker(document: &Document, filler: &Filler) -> Option<Span> {
    match filler {
        Filler::Mention(id) => document.spans_of(id).first().copied(),
        Filler::Span(spans) => spans.first().copied(),
        Filler::Event(_) | Filler::Implicit(_) => None,
    }
}

fn wikinews(document: &Document) -> Value {
    let text = document.text();
    let place = |span: &Span| json!({"charBegin": codepoint(text, span.start), "charEnd": codepoint(text, span.end)});
    let part = |spans: &[Span]| {
        let words: Vec<&str> = spans.iter().map(|span| text.slice(*span)).collect();
        json!({"spans": spans.iter().map(place).collect::<Vec<_>>(), "text": words.join(" ")})
    };
    let quotes = document.quotes().values().enumerate().map(|(n, quote)| {
        let mut value = json!({"id": n, "type": "Direct", "medium": "Speech", "quote": part(&quote.content)});
        if let Some(cue) = &quote.cue {
            value["cue"] = part(cue);
        }
        if let Some(span) = quote.speaker.as_ref().and_then(|filler| speaker(document, filler)) {
            value["speaker"] = part(&[span]);
        }
        value
    });
    json!({"documentName": "a", "originalText": text.as_str(), "annotations": quotes.collect::<Vec<_>>()})
}

fn guardian(document: &Document) -> Value {
    let text = document.text();
    let paragraphs: Vec<&str> = text.as_str().split_inclusive('\n').collect();
    let mut starts = Vec::new();
    let mut at = 0;
    for paragraph in &paragraphs {
        starts.push(at);
        at += paragraph.chars().count();
    }
    let mut entities: Vec<Value> = Vec::new();
    let mut entity = |label: &str, span: Span| {
        let (first, last) = (codepoint(text, span.start) as usize, codepoint(text, span.end) as usize - 1);
        let of = |at: usize| starts.partition_point(|start| *start <= at) - 1;
        let start = starts[of(first)];
        entities.push(json!({
            "index": entities.len(), "span_text": text.slice(span), "span_label": label, "span_start": first - start,
            "span_end": last - start, "paragraph_start": of(first), "paragraph_end": of(last),
        }));
    };
    for quote in document.quotes().values() {
        quote.content.iter().for_each(|span| entity("Content", *span));
        quote.cue.iter().flatten().for_each(|span| entity("Cue", *span));
        if let Some(span) = quote.speaker.as_ref().and_then(|filler| speaker(document, filler)) {
            entity("Source", span);
        }
    }
    json!({"metadata": {"title": "Talks"}, "paragraphs": paragraphs, "entities": entities})
}

fn table(rows: &[Vec<String>]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).expect("memory");
    }
    writer.into_inner().expect("memory")
}

/// A text as Python prints it.
fn printed(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace('\n', "\\n"))
}

fn pdnc(name: &str, document: &Document) -> Files {
    let text = document.text();
    let head = ["quoteID", "subQuotationList", "quoteByteSpans", "speaker", "addressees", "quoteType"];
    let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec()];
    for (n, quote) in document.quotes().values().enumerate() {
        let words: Vec<String> = quote.content.iter().map(|span| printed(text.slice(*span))).collect();
        let place = |span: &Span| format!("[{}, {}]", codepoint(text, span.start), codepoint(text, span.end));
        let places: Vec<String> = quote.content.iter().map(place).collect();
        let by = quote.speaker.as_ref().and_then(|filler| speaker(document, filler));
        let by = by.map(|span| text.slice(span).to_owned()).unwrap_or_default();
        let lists = [words, places].map(|all| format!("[{}]", all.join(", ")));
        rows.push([vec![format!("Q{n}")], lists.to_vec(), vec![by, "[]".into(), "Explicit".into()]].concat());
    }
    let file = |file: &str, bytes: Vec<u8>| (PathBuf::from(format!("{name}/{file}")), bytes);
    vec![
        file("quotation_info.csv", table(&rows)),
        file("novel_text.txt", text.as_str().as_bytes().to_vec()),
        file("character_info.csv", b"Character ID,Main Name,Aliases\n".to_vec()),
    ]
}

/// The mentions, each an entity of its own, beside the text in a tag.
fn apf(name: &str, document: &Document) -> Files {
    let all = document.text();
    let place = |span: &Span| {
        let (start, end) = (codepoint(all, span.start), codepoint(all, span.end) - 1);
        format!("<charseq START=\"{start}\" END=\"{end}\">{}</charseq>", escaped(all.slice(*span)))
    };
    let entities = document.mentions().values().filter_map(|mention| {
        let (id, label, words) = (&mention.id, &mention.label, place(mention.spans.first()?));
        Some(format!(
            "<entity ID=\"{id}\" TYPE=\"{label}\" SUBTYPE=\"\" CLASS=\"SPC\"><entity_mention ID=\"{id}-1\" TYPE=\"NAM\">\
             <extent>{words}</extent><head>{words}</head></entity_mention></entity>\n"
        ))
    });
    let entities = entities.collect::<Vec<_>>().concat();
    let content = format!("<source_file><document DOCID=\"{name}\">\n{entities}</document></source_file>");
    vec![
        (format!("{name}.apf.xml").into(), content.into_bytes()),
        (format!("{name}.sgm").into(), format!("<DOC>{}</DOC>", escaped(all.as_str())).into_bytes()),
    ]
}

/// Sentence and token of the first word and the last that a span touches, and the words.
fn words_of(document: &Document, span: Span) -> Option<String> {
    let all = text(document);
    let mut found: Vec<(usize, usize, usize, usize)> = Vec::new();
    let mut start = 0;
    for (sentence, line) in all.split('\n').enumerate() {
        for (token, word) in line.split_whitespace().enumerate() {
            // Words are slices of the line, so their places follow from where they are in memory.
            let at = start + (word.as_ptr() as usize - line.as_ptr() as usize);
            if at < span.end.to_usize() && at + word.len() > span.start.to_usize() {
                found.push((sentence, token, at, at + word.len()));
            }
        }
        start += line.len() + 1;
    }
    let (first, last) = (found.first()?, found.last()?);
    let words = all.get(first.2..last.3)?.replace(['\n', '\t'], " ");
    Some(format!("{}\t{}\t{}\t{}\t{words}", first.0, first.1, last.0, last.1))
}

fn litbank_quotes(document: &Document) -> String {
    let mut out = String::new();
    for (n, quote) in document.quotes().values().enumerate() {
        let Some(words) = quote.content.first().and_then(|span| words_of(document, *span)) else { continue };
        out.push_str(&format!("QUOTE\tQ{n}\t{words}\nATTRIB\tQ{n}\tSomebody-{}\n", n % 5));
    }
    out
}

fn litbank_coref(document: &Document) -> String {
    let mut out = String::new();
    for (id, mention) in document.mentions() {
        let Some(words) = mention.spans.first().and_then(|span| words_of(document, *span)) else { continue };
        out.push_str(&format!("MENTION\t{id}\t{words}\t{}\tPROP\n", mention.label));
        if let Some(entity) = &mention.entity {
            out.push_str(&format!("COREF\t{id}\t{entity}\n"));
        }
    }
    out
}
