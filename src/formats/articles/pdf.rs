//! PDF: the text of the pages in the order in which they draw it, lines put together to paragraphs.
//!
//! A PDF has no text, only letters at places. Columns, words divided at line ends, and lines that stand on every page
//! are guesses, and each is told.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Once, mpsc};
use std::time::{Duration, Instant};

use pdf_extract::{Document, MediaBox, OutputDev, OutputError, PlainTextOutput, Transform};

use super::compose::Composer;
use super::{Reader, limits, pdf_guard};
use crate::formats::{Input, Likeness, Options, Read};
use crate::model::{Problem, ZoneKind};

/// See the module.
pub struct Pdf;

impl Reader for Pdf {
    const ID: &'static str = "pdf";
    const NAME: &'static str = "PDF (its text)";
    const EXTENSIONS: &'static [&'static str] = &["pdf"];

    fn looks(&self, bytes: &[u8]) -> Likeness {
        let head = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        if head.starts_with(b"%PDF-") {
            Likeness::Yes
        } else if head.windows(5).any(|w| w == b"%PDF-") {
            Likeness::Maybe
        } else {
            Likeness::No
        }
    }

    fn articles(&self, input: &Input<'_>, _options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        if input.bytes.len() > limits::PDF {
            return Err(vec![limits::beyond("bytes", limits::PDF)]);
        }
        let pages = pages(input.bytes.to_vec()).map_err(|problem| vec![problem])?;
        if pages.texts.iter().map(String::len).sum::<usize>() > limits::PDF_TEXT {
            return Err(vec![limits::beyond("bytes of text", limits::PDF_TEXT)]);
        }
        if pages.texts.iter().all(|page| page.trim().is_empty()) {
            let (count, unread) = (pages.texts.len(), pages.unread.len());
            let message = format!("there is no text in it (pages: {count}, of which cannot be read: {unread})");
            let hint = "they may be pictures of text: recognise the text with another program first";
            return Err(vec![Problem::error("no-text", message, hint)]);
        }
        let mut composer = Composer::default();
        compose(&mut composer, &pages.texts);
        composer.title = pages.title;
        if !pages.unread.is_empty() {
            let numbers: Vec<String> = pages.unread.iter().map(u32::to_string).collect();
            let message = format!("pages that cannot be read, or not to their end: {}", numbers.join(", "));
            composer.warn("left-out", message, "look at them in the file");
        }
        composer.leave(("drawing that draws itself", "drawings that draw themselves"), pages.loops);
        Ok(vec![composer.finish()?])
    }
}

/// The text of each page, and what kept others from being read. In a thread of its own, because nothing else stops what
/// goes on without end or deeper than the stack of the caller.
fn pages(bytes: Vec<u8>) -> Result<Pages, Problem> {
    let (sender, receiver) = mpsc::channel();
    let work = move || {
        let read = catch_unwind(AssertUnwindSafe(|| extract(&bytes)));
        // Nobody listens any more if it took too long.
        let _ = sender.send(read.unwrap_or_else(|_| Err(broken("it is damaged, or of a kind that is not known"))));
    };
    hush();
    let thread = std::thread::Builder::new().name(THREAD.to_owned()).stack_size(64 << 20).spawn(work);
    let thread = thread.map_err(|error| broken(&error.to_string()))?;
    let waited = receiver.recv_timeout(Duration::from_secs(limits::PDF_SECONDS));
    if waited.is_ok() {
        // It is about to end. Letting go of a thread at that moment can end the program: glibc looks at the thread once more
        // after its stack, if it is as large as this one, was given back (its bug 19951). What caught its panic is told above.
        let _ = thread.join();
    }
    waited.unwrap_or_else(|_| Err(broken(&format!("it is not read after {} seconds", limits::PDF_SECONDS))))
}

fn broken(reason: &str) -> Problem {
    let message = format!("the PDF cannot be read: {reason}");
    Problem::error("broken-pdf", message, "print it to a new PDF, or save its text with another program")
}

const THREAD: &str = "pdf";

/// A panic that is caught and told as a problem needs no report of its own.
fn hush() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().name() != Some(THREAD) {
                before(panic);
            }
        }));
    });
}

struct Pages {
    texts: Vec<String>,
    /// Numbers of the pages that cannot be read, from 1.
    unread: Vec<u32>,
    /// Drawings that were not read because they draw themselves.
    loops: usize,
    title: Option<String>,
}

fn extract(bytes: &[u8]) -> Result<Pages, Problem> {
    pdf_guard::check(bytes)?;
    let mut document = Document::load_mem(bytes).map_err(|error| broken(&error.to_string()))?;
    let loops = pdf_guard::cut_loops(&mut document);
    let mut pages = Pages { texts: Vec::new(), unread: Vec::new(), loops, title: title(&document) };
    let until = Instant::now() + Duration::from_secs(limits::PDF_SECONDS);
    for (number, id) in document.get_pages() {
        pdf_guard::check_page(&document, id)?;
        let mut text = String::new();
        let mut output = Limited { inner: PlainTextOutput::new(&mut text), letters: 0, until };
        let read = catch_unwind(AssertUnwindSafe(|| pdf_extract::output_doc_page(&document, &mut output, number)));
        let is_read = matches!(read, Ok(Ok(())));
        if output.is_over() {
            return Err(limits::beyond("letters on a page", limits::PDF_TEXT));
        }
        if !is_read {
            pages.unread.push(number);
        }
        pages.texts.push(text);
    }
    Ok(pages)
}

/// The title that the file gives itself, if it is text.
fn title(document: &Document) -> Option<String> {
    let info = document.trailer.get(b"Info").ok()?.as_reference().ok()?;
    let title = document.get_object(info).ok()?.as_dict().ok()?.get(b"Title").ok()?.as_str().ok()?;
    let words = match title.strip_prefix(b"\xfe\xff") {
        Some(utf16) => encoding_rs::UTF_16BE.decode_without_bom_handling(utf16).0.into_owned(),
        None => str::from_utf8(title).ok()?.to_owned(),
    };
    (!words.trim().is_empty()).then_some(words)
}

/// Text that ends when it is too much or takes too long.
struct Limited<'a> {
    inner: PlainTextOutput<&'a mut String>,
    letters: usize,
    until: Instant,
}

impl Limited<'_> {
    fn is_over(&self) -> bool {
        self.letters > limits::PDF_TEXT || Instant::now() > self.until
    }
}

impl OutputDev for Limited<'_> {
    fn begin_page(
        &mut self,
        page: u32,
        media: &MediaBox,
        art: Option<(f64, f64, f64, f64)>,
    ) -> Result<(), OutputError> {
        self.inner.begin_page(page, media, art)
    }
    fn end_page(&mut self) -> Result<(), OutputError> {
        self.inner.end_page()
    }
    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        spacing: f64,
        size: f64,
        letters: &str,
    ) -> Result<(), OutputError> {
        self.letters += letters.len();
        if self.is_over() {
            return Err(OutputError::FormatError(std::fmt::Error));
        }
        self.inner.output_character(place, width, spacing, size, letters)
    }
    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.inner.begin_word()
    }
    fn end_word(&mut self) -> Result<(), OutputError> {
        self.inner.end_word()
    }
    fn end_line(&mut self) -> Result<(), OutputError> {
        self.inner.end_line()
    }
}

/// Lines become paragraphs.
fn compose(composer: &mut Composer, pages: &[String]) {
    let repeated = repeated_lines(pages);
    let (mut left, mut joined, mut kept, mut wide) = (0, 0, 0, 0);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut is_open = false;
    for page in pages {
        wide += usize::from(has_columns(page));
        for line in page.lines() {
            let line = line.trim_matches(|c: char| c.is_whitespace() || c == '\0' || c == '\u{c}');
            if repeated.contains_key(&shape_of(line)) {
                left += 1;
                continue;
            }
            if line.is_empty() {
                is_open = false;
                continue;
            }
            match paragraphs.last_mut().filter(|_| is_open) {
                None => paragraphs.push(line.to_owned()),
                Some(paragraph) => match division(paragraph, line) {
                    Division::Word => {
                        paragraph.pop();
                        paragraph.push_str(line);
                        joined += 1;
                    }
                    Division::Hyphen => {
                        paragraph.push_str(line);
                        kept += 1;
                    }
                    Division::None => {
                        paragraph.push(' ');
                        paragraph.push_str(line);
                    }
                },
            }
            is_open = true;
        }
        // A sentence goes on over the page.
        is_open = paragraphs.last().is_some_and(|p| p.ends_with(|c: char| c.is_alphanumeric() || c == '-' || c == ','));
    }
    for paragraph in &paragraphs {
        composer.block(ZoneKind::Body, paragraph);
    }
    composer.leave(("line that stands on most pages", "lines that stand on most pages"), left);
    if joined > 0 {
        let message = format!("words divided at the ends of lines are put together: {joined}");
        composer.warn("hyphenation", message, "look at them: some may be written with a hyphen");
    }
    if kept > 0 {
        let message = format!("hyphens at the ends of lines are kept: {kept}");
        composer.warn("hyphenation", message, "look at them: some may only divide a word");
    }
    if wide > 0 {
        let message = format!("pages that seem to have several columns: {wide}");
        composer.warn("columns", message, "check the order of the text; paste the article as new if it is wrong");
    }
    let message = "the paragraphs are guessed from the lines of the pages";
    composer.warn("pdf-layout", message, "check the text before you mark it");
}

enum Division {
    None,
    Word,
    Hyphen,
}

/// How a line goes on: a hyphen between two small letters divides a word, any other hyphen belongs to one.
fn division(before: &str, after: &str) -> Division {
    let mut last = before.chars().rev();
    let (hyphen, letter) = (last.next(), last.next());
    let next = after.chars().next();
    match (hyphen, letter, next) {
        (Some('\u{ad}'), _, _) => Division::Word,
        (Some('-' | '\u{2010}'), Some(a), Some(b)) if a.is_lowercase() && b.is_lowercase() => Division::Word,
        (Some('-' | '\u{2010}'), Some(a), Some(b)) if a.is_alphanumeric() && b.is_alphanumeric() => Division::Hyphen,
        _ => Division::None,
    }
}

/// A line with its numbers taken for one another: pages are counted in it.
fn shape_of(line: &str) -> String {
    line.trim().chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// First and last lines that stand on most pages.
fn repeated_lines(pages: &[String]) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    if pages.len() < 3 {
        return counts;
    }
    for page in pages {
        let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let mut ends: Vec<String> =
            lines.iter().take(2).chain(lines.iter().rev().take(2)).map(|l| shape_of(l)).collect();
        ends.sort();
        ends.dedup();
        for line in ends {
            *counts.entry(line).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count * 2 > pages.len());
    counts
}

/// Whether many lines of a page are so short that several may stand beside one another.
fn has_columns(page: &str) -> bool {
    let lengths: Vec<usize> = page.lines().map(|line| line.trim().chars().count()).filter(|n| *n > 0).collect();
    let short = lengths.iter().filter(|n| (15..=50).contains(*n)).count();
    lengths.len() >= 40 && short * 10 >= lengths.len() * 7
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;
    use crate::formats::Format as _;

    /// A PDF of pages with lines, made by hand.
    fn pdf(pages: &[&[&str]]) -> Vec<u8> {
        let mut objects: Vec<String> = vec![String::new(); 3];
        let mut kids = Vec::new();
        for lines in pages {
            let mut stream = "BT /F1 12 Tf 72 720 Td".to_owned();
            for line in *lines {
                let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
                stream.push_str(&format!(" ({line}) Tj 0 -14 Td"));
            }
            stream.push_str(" ET");
            objects.push(format!("<</Length {}>>\nstream\n{stream}\nendstream", stream.len()));
            let content = objects.len();
            objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {content} 0 R/Resources<</Font<</F1 3 0 R>>>>>>"));
            kids.push(format!("{} 0 R", objects.len()));
        }
        objects[0] = "<</Type/Catalog/Pages 2 0 R>>".to_owned();
        objects[1] = format!("<</Type/Pages/Kids[{}]/Count {}>>", kids.join(" "), kids.len());
        objects[2] = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>".to_owned();
        let mut out = "%PDF-1.4\n".to_owned();
        let mut places = Vec::new();
        for (index, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
        }
        let start = out.len();
        out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
        for place in places {
            out.push_str(&format!("{place:010} 00000 n \n"));
        }
        out.push_str(&format!("trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1));
        out.into_bytes()
    }

    #[test]
    fn lines_become_paragraphs_and_guesses_are_told() {
        let bytes = pdf(&[&["Anna met Bob in the gov-", "ernment building (Rye).", "She left."]]);
        assert_eq!(Pdf.sniff(&bytes), Likeness::Yes);
        let read = Pdf.read(&Input::of_bytes(&bytes)).expect("opens").remove(0);
        let text = read.document.text().as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text, "Anna met Bob in the government building (Rye). She left.");
        let codes: Vec<_> = read.problems.iter().map(|p| p.code).collect();
        assert_eq!(codes, ["hyphenation", "pdf-layout"]);
    }

    #[test]
    fn broken_files_are_refused() {
        let bytes = pdf(&[&["Anna"]]);
        for length in (0..bytes.len()).step_by(7) {
            let _ = Pdf.read(&Input::of_bytes(&bytes[..length]));
        }
        assert!(Pdf.read(&Input::of_bytes(b"%PDF-1.7 and no more")).is_err());
        for at in (0..bytes.len()).step_by(5) {
            let mut bytes = bytes.clone();
            bytes[at] ^= 0x15;
            let _ = Pdf.read(&Input::of_bytes(&bytes));
        }
        assert_eq!(Pdf.read(&Input::of_bytes(&pdf(&[&[]]))).expect_err("refused")[0].code, "no-text");
    }

    #[test]
    fn drawings_that_draw_themselves_are_left_out() {
        // The resources of the page name its own content as a drawing.
        let bytes = pdf(&[&["Anna met Bob."]]);
        let text = String::from_utf8(bytes).expect("ASCII");
        let text = text.replace(" ET\n", " ET /X Do\n").replace("/F1 3 0 R>>", "/F1 3 0 R>>/XObject<</X 4 0 R>>");
        let length =
            text.find("/Length ").map(|at| text[at + 8..].split('>').next().unwrap_or("").to_owned()).expect("one");
        let longer = length.parse::<usize>().expect("a number") + 6;
        let text = text.replace(&format!("/Length {length}"), &format!("/Length {longer}"));
        if let Err(problems) = Pdf.read(&Input::of_bytes(text.as_bytes())) {
            assert!(["no-text", "broken-pdf"].contains(&problems[0].code), "{problems:?}");
        }
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        let mut packed = Vec::new();
        let zeros = std::io::repeat(b' ').take(limits::UNPACKED_FILE + 1);
        flate2::read::ZlibEncoder::new(zeros, flate2::Compression::fast()).read_to_end(&mut packed).expect("memory");
        let bytes =
            [b"%PDF-1.4\n1 0 obj\n<</Filter/Fl#61teDecode>>\nstream\r\n".as_slice(), &packed, b"\nendstream"].concat();
        assert_eq!(Pdf.read(&Input::of_bytes(&bytes)).expect_err("refused")[0].code, "too-large");
        let locked = b"%PDF-1.4\ntrailer <</Encrypt 5 0 R>>";
        assert_eq!(Pdf.read(&Input::of_bytes(locked)).expect_err("refused")[0].code, "locked");
    }

    #[test]
    fn lines_of_every_page_are_left_out() {
        let pages: Vec<String> =
            (1..=4).map(|n| format!("The Paper, page {n}\nText {} goes on.\n", "abcd".repeat(n))).collect();
        let mut composer = Composer::default();
        compose(&mut composer, &pages);
        let read = composer.finish().expect("text");
        assert!(!read.document.text().as_str().contains("The Paper"));
        assert!(
            read.problems.iter().any(|p| p.message == "4 lines that stand on most pages are left out"),
            "{:?}",
            read.problems
        );
    }
}
