//! Paragraphs: the lines of the text.

use super::{BytePos, Span};

/// Splits at `\n`, `\r\n` and lone `\r`; the line end belongs to no paragraph. Never empty.
pub fn paragraphs(text: &str) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut out = Vec::new();
    let (mut start, mut at) = (0, 0);
    while at < bytes.len() {
        let line_end = match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => 2,
            b'\r' | b'\n' => 1,
            _ => 0,
        };
        if line_end == 0 {
            at += 1;
            continue;
        }
        out.push(Span { start: BytePos::from_usize(start), end: BytePos::from_usize(at) });
        at += line_end;
        start = at;
    }
    out.push(Span { start: BytePos::from_usize(start), end: BytePos::from_usize(bytes.len()) });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        paragraphs(text).into_iter().map(|p| &text[p.start.to_usize()..p.end.to_usize()]).collect()
    }

    #[test]
    fn every_line_end_counts_once() {
        assert_eq!(split("a\r\nb\rc\n\nd"), ["a", "b", "c", "", "d"]);
        assert_eq!(split(""), [""]);
        assert_eq!(split("a\n"), ["a", ""]);
    }
}
