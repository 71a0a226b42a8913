//! Where a large file of many documents can be cut, so that its pieces are read one by one, on all cores, and memory does
//! not grow with the number of documents.
//!
//! Knows lines, rows and bytes; the formats say which of them they are made of ([`super::Format::cut`]). Only UTF-8 is cut: what a
//! file of another encoding is can only be told from all of it.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

/// A file that can be read in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Bytes that stand before every piece when it is read: the names of columns. Empty if there are none.
    pub head: Range<u64>,
    /// Lines of the head.
    pub head_lines: usize,
    /// The pieces, in their order.
    pub pieces: Vec<Piece>,
    /// Lines or rows that may hold a document, in all pieces.
    pub documents: usize,
}

/// A part of a file, made of whole documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where it is in the file; half-open.
    pub bytes: Range<u64>,
    /// Lines of the file before it.
    pub lines_before: usize,
    /// Lines or rows before it that may hold a document; those of the head are none.
    pub documents_before: usize,
}

impl Cut {
    /// The line of the file (from 1) that is the line `line` (from 1) of a piece with the head before it.
    pub fn line_in_file(&self, piece: &Piece, line: usize) -> usize {
        if line <= self.head_lines { line } else { line - self.head_lines + piece.lines_before }
    }
}

/// Cuts a file of lines into pieces of at least `size` bytes; `None` if it is not UTF-8. Empty lines hold no document.
///
/// # Errors
/// Those of reading.
pub fn of_lines(source: &mut dyn Read, size: u64) -> io::Result<Option<Cut>> {
    let mut source = BufReader::with_capacity(1 << 16, source);
    let mut pieces = Gatherer::new(size);
    let mut line = Vec::new();
    loop {
        line.clear();
        if source.read_until(b'\n', &mut line)? == 0 {
            return Ok(Some(pieces.finish()));
        }
        if !is_text(&line) {
            return Ok(None);
        }
        pieces.take(line.len() as u64, 1, !line.trim_ascii().is_empty());
    }
}

/// Cuts a table into pieces of at least `size` bytes; `None` if it is not UTF-8. The first row is the head.
///
/// # Errors
/// Those of reading, and rows that cannot be told apart.
pub fn of_rows(source: &mut dyn Read, size: u64, divider: u8) -> io::Result<Option<Cut>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(divider).from_reader(source);
    let mut record = csv::ByteRecord::new();
    let mut pieces = Gatherer::new(size);
    let (mut head, mut head_lines) = (0..0, 0);
    let (mut at, mut line) = (0, 1);
    let mut is_head = true;
    while reader.read_byte_record(&mut record)? {
        if !record.iter().all(is_text) {
            return Ok(None);
        }
        let (end, next_line) = (reader.position().byte(), reader.position().line());
        let lines = usize::try_from(next_line.saturating_sub(line)).unwrap_or(usize::MAX);
        if is_head {
            (head, head_lines, is_head) = (at..end, lines, false);
            pieces.at = end;
            pieces.start = end;
            pieces.lines = lines;
            pieces.lines_before = lines;
        } else {
            pieces.take(end - at, lines, true);
        }
        (at, line) = (end, next_line);
    }
    Ok(Some(Cut { head, head_lines, ..pieces.finish() }))
}

/// UTF-8 without the zeros that UTF-16 is full of.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0)
}

/// Puts lines or rows together to pieces.
struct Gatherer {
    size: u64,
    /// Where the next line or row begins.
    at: u64,
    /// Where the piece began.
    start: u64,
    lines: usize,
    lines_before: usize,
    documents: usize,
    documents_before: usize,
    pieces: Vec<Piece>,
}

impl Gatherer {
    fn new(size: u64) -> Self {
        Self {
            size: size.max(1),
            at: 0,
            start: 0,
            lines: 0,
            lines_before: 0,
            documents: 0,
            documents_before: 0,
            pieces: Vec::new(),
        }
    }

    fn take(&mut self, length: u64, lines: usize, is_document: bool) {
        self.at += length;
        self.lines += lines;
        self.documents += usize::from(is_document);
        if self.at - self.start >= self.size {
            self.end_piece();
        }
    }

    /// A piece without documents goes to the next one.
    fn end_piece(&mut self) {
        if self.documents == self.documents_before {
            return;
        }
        self.pieces.push(Piece {
            bytes: self.start..self.at,
            lines_before: self.lines_before,
            documents_before: self.documents_before,
        });
        (self.start, self.lines_before, self.documents_before) = (self.at, self.lines, self.documents);
    }

    fn finish(mut self) -> Cut {
        self.end_piece();
        Cut { pieces: self.pieces, documents: self.documents, ..Cut::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_whole_and_are_counted() {
        let file = "one\n\ntwo\nthree 😀\n\n\nfour";
        for size in 1..30 {
            let cut = of_lines(&mut file.as_bytes(), size).expect("readable").expect("UTF-8");
            assert_eq!(cut.documents, 4);
            let mut seen = 0;
            for piece in &cut.pieces {
                let (start, end) = (piece.bytes.start as usize, piece.bytes.end as usize);
                assert_eq!(file[..start].matches('\n').count(), piece.lines_before, "{size}");
                let documents = |text: &str| text.lines().filter(|line| !line.is_empty()).count();
                assert_eq!(documents(&file[..start]), piece.documents_before, "{size}");
                assert!(start == 0 || file[..start].ends_with('\n'));
                seen += documents(&file[start..end]);
            }
            assert_eq!(seen, 4, "{size}");
        }
        assert_eq!(of_lines(&mut &b"a\xff\n"[..], 1).expect("readable"), None);
        assert_eq!(of_lines(&mut &b"a\0b\0\n\0"[..], 1).expect("readable"), None);
    }

    #[test]
    fn rows_stay_whole_whatever_stands_in_quotation_marks() {
        let table = "id,text\n1,\"two\nlines\"\n2,5\" pipe\n\n3,\"a \"\"b\"\"\n,\"\n4,end";
        for size in 1..40 {
            let cut = of_rows(&mut table.as_bytes(), size, b',').expect("readable").expect("UTF-8");
            assert_eq!((cut.head.clone(), cut.head_lines, cut.documents), (0..8, 1, 4), "{size}");
            for piece in &cut.pieces {
                let rest = &table[piece.bytes.start as usize..];
                let first = rest.trim_start_matches('\n').chars().next();
                assert_eq!(
                    first.and_then(|c| c.to_digit(10)),
                    Some(piece.documents_before as u32 + 1),
                    "{size} {rest:?}"
                );
                let lines = table[..piece.bytes.start as usize].matches('\n').count();
                assert_eq!(lines, piece.lines_before, "{size} {rest:?}");
            }
        }
    }
}
