//! Output on which nothing that a document says is obeyed: hidden characters are written as their abbreviations.

use std::io::{self, Write};

use crate::text::visible::visible;

/// Writes text with every hidden character shown, or, if that is turned off, bytes as they are.
pub struct Visible<W> {
    out: W,
    is_on: bool,
    /// The beginning of a character whose rest was not written yet, or a carriage return.
    held: Vec<u8>,
}

impl<W: Write> Visible<W> {
    /// Writes to `out`.
    pub fn new(out: W, is_on: bool) -> Self {
        Self { out, is_on, held: Vec::new() }
    }

    fn shown(&mut self, bytes: &[u8]) -> io::Result<()> {
        for chunk in bytes.utf8_chunks() {
            self.out.write_all(visible(chunk.valid()).as_bytes())?;
            if !chunk.invalid().is_empty() {
                self.out.write_all("\u{fffd}".as_bytes())?;
            }
        }
        Ok(())
    }
}

impl<W: Write> Write for Visible<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.is_on {
            return self.out.write(bytes);
        }
        let mut all = std::mem::take(&mut self.held);
        all.extend_from_slice(bytes);
        // Whether a carriage return ends a line, and what a character is, may be known only later.
        let cut = match std::str::from_utf8(&all) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ if all.ends_with(b"\r") => all.len() - 1,
            _ => all.len(),
        };
        self.held = all.split_off(cut);
        self.shown(&all)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        self.shown(&held)?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(parts: &[&[u8]], is_on: bool) -> Vec<u8> {
        let mut out = Vec::new();
        let mut shown = Visible::new(&mut out, is_on);
        for part in parts {
            shown.write_all(part).expect("memory");
        }
        shown.flush().expect("memory");
        out
    }

    #[test]
    fn nothing_is_obeyed_however_it_is_cut() {
        let text = "a\u{1b}[31mé\u{202e}\r\nb\rc\t\u{9b}\n".as_bytes();
        let expected = "a‹ESC›[31mé‹RLO›\r\nb‹CR›c\t‹CSI›\n";
        for cut in 0..=text.len() {
            let (first, second) = text.split_at(cut);
            assert_eq!(String::from_utf8_lossy(&written(&[first, second], true)), expected, "{cut}");
        }
        assert_eq!(written(&[text], false), text);
        assert_eq!(written(&[b"\xff\x1b"], true), "\u{fffd}‹ESC›".as_bytes());
    }
}
