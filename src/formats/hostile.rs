//! Files that were made to hurt, given to every format that reads: each is refused or read, and nothing falls.

use super::{FORMATS, Input};

/// Bytes that are of no format, or of one that is nested, long, or in another encoding than it should be.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let deep = 100_000;
    let repeated = |text: &str, times: usize| text.repeat(times).into_bytes();
    let wrapped = |before: &str, inner: &str, times: usize| format!("{before}{}", inner.repeat(times)).into_bytes();
    let utf16: Vec<u8> = "\u{feff}{\"text\": \"Anna\"}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("nothing", Vec::new()),
        ("a mark alone", b"\xef\xbb\xbf".to_vec()),
        ("zeros", vec![0; 5000]),
        ("every byte", (0..=255).cycle().take(4096).collect()),
        ("blank lines", repeated("\n", 100_000)),
        ("carriage returns", repeated("\r", 10_000)),
        ("cells", repeated("a\tb\tc\n", 10_000)),
        ("a long line", repeated("Anna ", 200_000)),
        ("Latin-1", b"Stra\xdfe in M\xfcnchen \xab\n".to_vec()),
        ("UTF-16", utf16),
        ("lone surrogates", b"{\"text\": \"\\ud800\", \"spans\": []}".to_vec()),
        ("round brackets", repeated("(", deep)),
        ("square brackets", repeated("[", deep)),
        ("curly brackets", repeated("{\"a\":", deep)),
        ("a deep native file", wrapped("(format: \"manicule/1\", document: ", "(a: ", deep)),
        ("a deep native file of JSON", wrapped("{\"format\": \"manicule/1\", \"document\": ", "[", deep)),
        ("deep CAS JSON", wrapped("{\"%FEATURE_STRUCTURES\": ", "[", deep)),
        ("deep tasks", wrapped("[{\"data\": {\"text\": \"a\"}, \"annotations\": ", "[", deep)),
        ("a deep line of tasks", wrapped("{\"text\": \"a\", \"spans\": ", "[", deep)),
        ("deep sentences", wrapped("{\"doc_key\": \"a\", \"sentences\": ", "[", deep)),
        ("deep denotations", wrapped("{\"text\": \"a\", \"denotations\": ", "[", deep)),
        ("elements", repeated("<a>", deep)),
        ("a deep CAS", wrapped("<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\">", "<a>", deep)),
        ("deep TEI", wrapped("<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body>", "<p>", deep)),
        ("a deep page", wrapped("<!doctype html><html><body>", "<div>", deep)),
        ("quotations in Markdown", repeated("> ", deep)),
        ("lists in Markdown", repeated("- ", deep)),
        ("entities", b"<!DOCTYPE a [<!ENTITY b \"&c;&c;\"><!ENTITY c \"&b;&b;\">]><a>&b;</a>".to_vec()),
        (
            "a head of WebAnno TSV",
            b"#FORMAT=WebAnno TSV 3.3\n#T_SP=|||\n\n\n#Text=\n1-1\t0-99999999999999999999\ta\t\n".to_vec(),
        ),
        ("numbers that are too large", b"T1\tPER 18446744073709551616 99999999999999999999\ta\n".to_vec()),
        ("an archive of nothing", b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".to_vec()),
        ("the beginning of an archive", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("the beginning of a PDF", b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 1 0 R >>\nendobj\n".to_vec()),
    ]
}

#[test]
fn every_reader_survives_files_that_were_made_to_hurt() {
    let files = files();
    for format in FORMATS.iter().filter(|format| format.info().reads) {
        for (name, bytes) in &files {
            let _ = format.sniff(bytes);
            // Said in words or read; whoever falls takes the test along.
            if let Err(problems) = format.read(&Input::of_bytes(bytes)) {
                let said = problems.first().unwrap_or_else(|| panic!("{} says nothing of {name}", format.info().id));
                assert!(!said.message.is_empty(), "{} of {name}", format.info().id);
            }
        }
    }
}
