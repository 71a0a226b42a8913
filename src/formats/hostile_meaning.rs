//! Files that mean harm, not only noise: entities that unfold, positions that are none, names that climb, words that are
//! markup. What [`super::hostile`] is for the parsers, this is for what is made of what they read.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::articles::archive_of;
use super::{Companions, FORMATS, Input, Named, Options, OutputFile, Unit};
use crate::limits;
use crate::model::test_support::{entity, event, mention, quote};
use crate::model::{AttributeValue, Document, Filler, Header, Metadata};
use crate::text::Text;

/// Entities that unfold to a gigabyte, and one that is a file of this machine.
const LAUGHS: &str = "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY a \"haha\">\
<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">\
<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;\">\
<!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;\"><!ENTITY g \"&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;\">\
<!ENTITY h \"&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;\"><!ENTITY % p SYSTEM \"file:///etc/passwd\"> %p;]>";

/// Every form of XML that is read, with those entities in its text and in an attribute.
fn laughing() -> Vec<Vec<u8>> {
    let page = |body: &str| format!("<?xml version=\"1.0\"?>{LAUGHS}{body}");
    let word = "<p title=\"&h;\">Anna &h; met &x; Bob.</p>";
    let bodies = [
        format!("<TEI xmlns=\"http://www.tei-c.org/ns/1.0\"><text><body>{word}</body></text></TEI>"),
        format!("<nitf><body><body.content>{word}</body.content></body></nitf>"),
        format!("<newsItem><contentSet><inlineXML><html><body>{word}</body></html></inlineXML></contentSet></newsItem>"),
        format!("<NewsML><NewsItem><NewsComponent><ContentItem><DataContent>{word}</DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"),
        "<rss version=\"2.0\"><channel><title>&h;</title><item><title>&x;</title><description>Anna &h; met</description></item></channel></rss>".to_owned(),
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>&h;</title><entry><title>&x;</title><content type=\"text\">Anna &h; met</content></entry></feed>".to_owned(),
        "<source_file URI=\"a.sgm\"><document DOCID=\"&x;\"><entity ID=\"&h;\" TYPE=\"PER\"/></document></source_file>".to_owned(),
        "<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\" xmlns:cas=\"http:///uima/cas.ecore\"><cas:Sofa xmi:id=\"1\" sofaNum=\"1\" sofaID=\"_InitialView\" sofaString=\"Anna &h; &x;\"/><cas:View sofa=\"1\" members=\"\"/></xmi:XMI>".to_owned(),
        format!("<html><head><title>&h; &x;</title></head><body><article>{word}</article></body></html>"),
    ];
    let mut files: Vec<Vec<u8>> = bodies.iter().map(|body| page(body).into_bytes()).collect();
    let word =
        page("<w:document xmlns:w=\"x\"><w:body><w:p><w:r><w:t>Anna &h; &x;</w:t></w:r></w:p></w:body></w:document>");
    let office = page(
        "<office:document-content xmlns:office=\"o\" xmlns:text=\"t\"><office:body><office:text><text:p>Anna &h; &x;</text:p></office:text></office:body></office:document-content>",
    );
    let package = page(
        "<package><manifest><item id=\"a\" href=\"a.xhtml\"/><item id=\"b\" href=\"../../../etc/passwd\"/></manifest><spine><itemref idref=\"a\"/><itemref idref=\"b\"/></spine></package>",
    );
    let chapter = page("<html><body><p>Anna &h; &x;</p></body></html>");
    files.push(archive_of(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", word.as_bytes())]));
    files.push(archive_of(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", office.as_bytes()),
    ]));
    files.push(archive_of(&[
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", b"<container><rootfiles><rootfile full-path=\"p.opf\"/></rootfiles></container>"),
        ("p.opf", package.as_bytes()),
        ("a.xhtml", chapter.as_bytes()),
    ]));
    files
}

#[test]
fn entities_of_a_file_are_not_unfolded_and_none_is_a_file_of_this_machine() {
    let files = laughing();
    for format in FORMATS.iter().filter(|format| format.info().reads) {
        for (n, bytes) in files.iter().enumerate() {
            let Ok(all) = format.read(&Input::of_bytes(bytes)) else { continue };
            let id = format.info().id;
            for read in all {
                let header = read.document.header();
                let said = [read.document.text().as_str(), &header.metadata.title, &header.metadata.id].concat();
                assert!(said.len() < 3 * LAUGHS.len(), "{id} unfolds file {n} to {} bytes", said.len());
                assert!(!said.contains("root:"), "{id} reads a file of this machine through file {n}");
            }
        }
    }
}

/// Files beside one that was written, as it names them.
struct Files(Vec<OutputFile>);

impl Companions for Files {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.0.iter().find(|file| file.name == path);
        found.map(|file| file.bytes.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// The text of the file with every number `from` as `to`, one after the other.
fn exchanged(file: &str, from: usize, to: &str) -> Vec<String> {
    let from = from.to_string();
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let places = file
        .match_indices(&from)
        .map(|(at, _)| at)
        .filter(|at| !is_digit(file[..*at].chars().next_back()) && !is_digit(file[at + from.len()..].chars().next()));
    places.map(|at| [&file[..at], to, &file[at + from.len()..]].concat()).collect()
}

#[test]
fn positions_that_are_none_are_refused_or_told_and_never_other_words() {
    // The mention is 31 to 33 in code points, so that its ends are numbers that stand for nothing else.
    let text = "Words before what is marked… – 😀é says “Yes”, and more words follow after that.";
    let text = Text::new(text).expect("short");
    let byte = |at: u32| text.byte_of_codepoint(crate::text::CodepointPos(at)).expect("in the text");
    let (start, end) = (byte(31), byte(33));
    let m = mention("m1", "Person", &[(start.0, end.0)]);
    let document = Document::with_annotations(text.clone(), Header::default(), [], [m], [], [], []);
    let mut tried = 0;
    for format in FORMATS.iter().filter(|f| f.info().reads && f.info().writes && f.info().holds.mentions) {
        let info = format.info();
        let (from, to, inside) = match info.unit {
            Unit::Codepoints => (31, 33, None),
            Unit::Utf16 => (text.utf16_of(start).0, text.utf16_of(end).0, Some(text.utf16_of(start).0 + 1)),
            Unit::Bytes => (start.0, end.0, Some(start.0 + 2)),
            Unit::None | Unit::Tokens => continue,
        };
        let named = Named { name: "doc", document: &document, schema: None };
        let files = format.write(&[named], &Options::default()).expect("written");
        let Ok(main) = String::from_utf8(files[0].bytes.clone()) else { continue };
        let path = files[0].name.clone();
        let files = Files(files);
        let read = |file: &str| {
            format.read(&Input { path: Some(&path), companions: &files, ..Input::of_bytes(file.as_bytes()) })
        };
        let whole = read(&main).unwrap_or_else(|problems| panic!("{}: {problems:?}", info.id));
        let whole = whole.first().map(|read| read.document.mentions().clone());
        let mut wrong: Vec<(usize, String)> = Vec::new();
        for number in ["4000000000", "18446744073709551616", "99999"] {
            wrong.extend([(from as usize, number.to_owned()), (to as usize, number.to_owned())]);
        }
        wrong.extend(inside.map(|inside| (from as usize, inside.to_string())));
        wrong.extend(inside.map(|inside| (to as usize, inside.to_string())));
        for (number, other) in wrong {
            for file in exchanged(&main, number, &other) {
                tried += 1;
                let Ok(all) = read(&file) else { continue };
                let is_told = all.is_empty() || all.iter().any(|read| !read.problems.is_empty());
                let is_same = all.first().map(|read| read.document.mentions()) == whole.as_ref();
                assert!(is_told || is_same, "{}: {number} as {other} is taken without a word:\n{file}", info.id);
                for mention in all.iter().flat_map(|read| read.document.mentions().values()) {
                    assert!(
                        mention.spans.iter().all(|span| text.get(*span).is_some()),
                        "{}: {number} as {other}",
                        info.id
                    );
                }
            }
        }
    }
    assert!(tried > 50, "only {tried} files were made");
}

/// Words that are markup in one form or another, in every place that takes words.
fn wicked(bad: &str) -> Document {
    let text = format!("{bad}\nAnna met Bob.");
    let end = bad.len() as u32;
    let metadata = Metadata {
        id: bad.into(),
        title: bad.into(),
        source: Some(bad.into()),
        language: Some("en".into()),
        ..Metadata::default()
    };
    let labels = [(bad.to_owned(), vec![bad.to_owned()])].into();
    let header = Header { metadata, annotator: Some(bad.into()), note: Some(bad.into()), labels, ..Header::default() };
    let mut m = mention("m1", bad, &[(0, end)]);
    *m.note = Some(bad.into());
    m.attributes.insert(bad.into(), AttributeValue::Text(bad.into()));
    m.entity = Some("n1".into());
    let mut n = entity("n1", bad, bad);
    n.aliases = vec![bad.into()];
    n.link = Some(bad.into());
    let mut e = event("e1", bad, &[(end + 6, end + 9)]);
    e.arguments = vec![
        crate::model::Argument { role: bad.into(), filler: Filler::Mention("m1".into()) },
        crate::model::Argument { role: bad.into(), filler: Filler::Implicit(bad.into()) },
    ];
    let mut q = quote("q1", bad, &[(end + 1, end + 5)]);
    q.speaker = Some(Filler::Implicit(bad.into()));
    Document::with_annotations(Text::new(text).expect("short"), header, [n], [m], [e], [q], [])
}

/// The names of elements and attributes, in their order.
fn skeleton(page: &str) -> Vec<String> {
    let mut reader = quick_xml::Reader::from_str(page);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {page}")) {
            quick_xml::events::Event::Eof => return found,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                found.push(text(tag.name().as_ref()));
                for attribute in tag.attributes() {
                    let attribute = attribute.expect("an attribute");
                    let key = text(attribute.key.as_ref());
                    let value = text(&attribute.value).to_lowercase();
                    let is_link = ["href", "src", "action", "xlink:href"].contains(&key.as_str());
                    assert!(!is_link || !value.contains("javascript:"), "a link to {value}");
                    found.push(key);
                }
            }
            _ => {}
        }
    }
}

#[test]
fn nothing_that_a_document_says_becomes_markup() {
    // As many letters, so that rows and cards are the same.
    for bad in
        ["\"><script>alert(1)</script>", "javascript:alert(1)//", "]]><img src=x onerror=x>", "--><svg onload='x'>&x;"]
    {
        let good: String = bad.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { 'x' }).collect();
        for format in FORMATS.iter().filter(|format| format.info().writes) {
            let write = |document: &Document| {
                let named = Named { name: "doc", document, schema: None };
                format.write(&[named], &Options::default()).unwrap_or_default()
            };
            for (file, plain) in write(&wicked(bad)).iter().zip(write(&wicked(&good))) {
                let extension = file.name.extension().unwrap_or_default().to_string_lossy().into_owned();
                if !["html", "svg", "xml", "xmi"].contains(&extension.as_str()) {
                    continue;
                }
                let (page, plain) = (String::from_utf8_lossy(&file.bytes), String::from_utf8_lossy(&plain.bytes));
                let (found, expected) = (skeleton(&page), skeleton(&plain));
                // XMI names attributes by what they are, letter by letter where XML has no such name.
                let is_own = |name: &&String| !name.contains("_x0");
                let names = |all: &[String]| -> BTreeSet<String> { all.iter().filter(is_own).cloned().collect() };
                let id = format.info().id;
                assert!(names(&found).is_subset(&names(&expected)), "{id} of {bad}: {found:?}");
            }
        }
    }
}

#[test]
fn nesting_is_refused_by_name_also_on_a_small_stack() {
    let inside = |open: &str, times: usize| open.repeat(times);
    let files = [
        ("ron", format!("(format: \"manicule/1\", document: (title: {}", inside("[", 200_000)), limits::RON_DEPTH),
        ("ron", format!("(format: \"manicule/1\", x: {}", inside("Some(", 200_000)), limits::RON_DEPTH),
        (
            "json",
            format!("{{\"format\": \"manicule/1\", \"document\": {}", inside("{\"a\":", 200_000)),
            limits::JSON_DEPTH,
        ),
    ];
    // The threads of jobs have no more.
    let small = std::thread::Builder::new().stack_size(1 << 20).spawn(move || {
        for (id, file, limit) in files {
            let format = super::by_id(id).expect("a format");
            let problems = format.read(&Input::of_bytes(file.as_bytes())).expect_err("refused");
            let problem = problems.first().expect("said");
            let is_named = problem.code == "too-large" && problem.message.contains(&limit.to_string());
            // What comes first may be that a field is unknown or of another kind.
            assert!(is_named || problem.code.ends_with("-syntax"), "{problem}");
            assert!(problem.place.line.is_some() && !problem.hint.is_empty(), "{problem}");
        }
        let deep = format!("(name: \"x\", version: 1, mentions: {}", "[".repeat(200_000));
        assert!(crate::model::Schema::parse(&deep, None).is_err());
    });
    small.expect("a thread").join().expect("no overflow");
}

#[test]
fn elements_inside_one_another_and_files_of_an_archive_have_their_limits() {
    let refused = |id: &str, bytes: &[u8]| {
        let format = super::by_id(id).expect("a format");
        format.read(&Input::of_bytes(bytes)).expect_err("refused").first().expect("said").clone()
    };
    let times = limits::DEPTH + 10;
    let deep = |open: &str, close: &str| format!("{}Anna{}", open.repeat(times), close.repeat(times));
    for (id, file) in [
        ("nitf", format!("<nitf><body>{}</body></nitf>", deep("<p>", "</p>"))),
        ("html", format!("<html><body>{}</body></html>", deep("<div>", "</div>"))),
    ] {
        let problem = refused(id, file.as_bytes());
        assert!(problem.code == "too-large" && problem.message.contains(&limits::DEPTH.to_string()), "{problem}");
        assert!(!problem.hint.is_empty());
    }
    let names: Vec<String> = (0..=limits::ARCHIVED_FILES).map(|n| n.to_string()).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), b"".as_slice())).collect();
    let problem = refused("zip", &archive_of(&files));
    assert!(problem.code == "too-large" && problem.message.contains("20000 files"), "{problem}");
}

#[test]
fn tables_wider_than_any_are_refused() {
    let head = |first: &str| {
        let more: Vec<String> = (0..limits::COLUMNS).map(|n| format!("c{n}")).collect();
        format!("{first},{}\n", more.join(","))
    };
    for (id, first) in [("csv-text", "text,title"), ("quotes-csv", "text,offsets"), ("pdnc", "quoteByteSpans")] {
        let Some(format) = super::by_id(id) else { panic!("there is no format {id}") };
        let problems = format.read(&Input::of_bytes(head(first).as_bytes())).expect_err("refused");
        assert!(problems.iter().any(|p| p.code == "too-large" && p.message.contains("columns")), "{id}: {problems:?}");
    }
}

#[test]
fn the_readme_has_the_limits_as_they_are() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&limits::markdown()), "{}", limits::markdown());
    for line in limits::table() {
        assert!(!line.what.is_empty() && line.most.contains(|c: char| c.is_ascii_digit()) && !line.beyond.is_empty());
    }
}
