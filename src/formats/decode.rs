//! From bytes to text: which encoding, and is it text at all.
//!
//! A byte order mark decides; then strict UTF-8; then UTF-16 by the pattern of its zero bytes; then a guess that
//! is shown as one. The text is kept as it is: only a byte order mark is taken off, and recorded.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::model::Problem;

/// The encodings to offer in a menu: the names that files use, and words for people.
pub const MENU: &[(&str, &str)] = &[
    ("UTF-8", "Unicode (UTF-8)"),
    ("UTF-16LE", "Unicode (UTF-16, little endian)"),
    ("UTF-16BE", "Unicode (UTF-16, big endian)"),
    ("windows-1252", "Western European"),
    ("ISO-8859-15", "Western European with euro sign"),
    ("macintosh", "Western European (Macintosh)"),
    ("windows-1250", "Central European"),
    ("ISO-8859-2", "Central European (ISO)"),
    ("windows-1251", "Cyrillic"),
    ("KOI8-R", "Cyrillic (Russian)"),
    ("KOI8-U", "Cyrillic (Ukrainian)"),
    ("windows-1253", "Greek"),
    ("windows-1254", "Turkish"),
    ("windows-1255", "Hebrew"),
    ("windows-1256", "Arabic"),
    ("windows-1257", "Baltic"),
    ("windows-1258", "Vietnamese"),
    ("windows-874", "Thai"),
    ("GB18030", "Chinese, simplified"),
    ("Big5", "Chinese, traditional"),
    ("Shift_JIS", "Japanese (Shift JIS)"),
    ("EUC-JP", "Japanese (EUC)"),
    ("EUC-KR", "Korean"),
];

/// How bytes became text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodingInfo {
    /// The WHATWG name.
    pub name: &'static str,
    /// Whether the file began with a byte order mark.
    pub bom: bool,
    /// Whether nothing in the file says so and nobody chose it.
    pub is_guess: bool,
    /// Whether some bytes mean nothing in this encoding and became U+FFFD.
    pub had_errors: bool,
}

/// Bytes as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// The text, verbatim, without a byte order mark.
    pub text: String,
    /// How it was found.
    pub info: EncodingInfo,
}

/// Why bytes are not a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It is something other than text.
    #[error("the file is not text: {0}")]
    Binary(String),
    /// Nobody knows this encoding.
    #[error("there is no encoding {0:?}")]
    UnknownEncoding(String),
}

impl DecodeError {
    /// As a problem, with what to do about it.
    pub fn problem(&self) -> Problem {
        let (code, hint) = match self {
            Self::Empty => ("empty-file", "choose a file with an article in it, or paste the article as new"),
            Self::Binary(_) => ("not-text", "save it as plain text first, or paste the article as new"),
            Self::UnknownEncoding(_) => ("unknown-encoding", "use a name such as utf-8 or windows-1252"),
        };
        Problem::error(code, self.to_string(), hint)
    }
}

impl EncodingInfo {
    /// What is worth saying about the decoding: a guess, or bytes that had no meaning.
    pub fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.had_errors {
            let message = format!("some bytes mean nothing in {} and are shown as \u{fffd}", self.name);
            found.push(Problem::warning("encoding-errors", message, "open it again with another encoding"));
        } else if self.is_guess {
            let message = format!("the file does not say its encoding; {} is a guess", self.name);
            found.push(Problem::warning("encoding-guess", message, "if letters look wrong, choose another encoding"));
        }
        found
    }
}

/// Finds the encoding and decodes.
///
/// # Errors
/// [`DecodeError`] if the bytes are empty or not a text.
pub fn decode(bytes: &[u8]) -> Result<Decoded, DecodeError> {
    let decoded = if let Some((encoding, bom_length)) = Encoding::for_bom(bytes) {
        with(encoding, bytes.get(bom_length..).unwrap_or_default(), true, false)
    } else {
        refuse_known_binary(bytes)?;
        if let Some(encoding) = utf16_without_bom(bytes) {
            with(encoding, bytes, false, true)
        } else {
            refuse_controls(bytes)?;
            match str::from_utf8(bytes) {
                Ok(text) => Decoded {
                    text: text.to_owned(),
                    info: EncodingInfo { name: UTF_8.name(), bom: false, is_guess: false, had_errors: false },
                },
                Err(_) => with(guess(bytes), bytes, false, true),
            }
        }
    };
    if decoded.text.is_empty() { Err(DecodeError::Empty) } else { Ok(decoded) }
}

/// Decodes in the encoding that somebody chose. A byte order mark of that encoding is taken off.
///
/// # Errors
/// [`DecodeError`] if there is no such encoding, or nothing to decode.
pub fn decode_as(bytes: &[u8], label: &str) -> Result<Decoded, DecodeError> {
    let unknown = || DecodeError::UnknownEncoding(label.to_owned());
    let encoding = Encoding::for_label_no_replacement(label.trim().as_bytes()).ok_or_else(unknown)?;
    let bom_length = Encoding::for_bom(bytes).filter(|(of, _)| *of == encoding).map_or(0, |(_, length)| length);
    let decoded = with(encoding, bytes.get(bom_length..).unwrap_or_default(), bom_length > 0, false);
    if decoded.text.is_empty() { Err(DecodeError::Empty) } else { Ok(decoded) }
}

/// Text of a format that is UTF-8 by definition. A byte order mark is passed over; UTF-16 with one is accepted.
///
/// # Errors
/// A problem with the line of the first byte that is not UTF-8.
pub fn decode_strict(bytes: &[u8]) -> Result<String, Box<Problem>> {
    if bytes.is_empty() {
        return Err(DecodeError::Empty.problem().into());
    }
    if let Some((encoding, bom_length)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        let decoded = with(encoding, bytes.get(bom_length..).unwrap_or_default(), true, false);
        if !decoded.info.had_errors {
            return Ok(decoded.text);
        }
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Err(binary) = refuse_known_binary(bytes) {
        return Err(binary.problem().into());
    }
    match str::from_utf8(bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let before = String::from_utf8_lossy(bytes.get(..error.valid_up_to()).unwrap_or_default());
            let (line, column) = line_and_column(&before, before.len());
            let message = format!("byte {} is not UTF-8", error.valid_up_to());
            Err(Problem::error("not-utf8", message, "save the file as UTF-8").at_line(line, column).into())
        }
    }
}

/// Line and column in characters, both from 1, of a byte offset (rounded down to a character boundary).
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let at = text.floor_char_boundary(byte.min(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    (line, before.get(line_start..).map_or(0, |l| l.chars().count()) + 1)
}

fn with(encoding: &'static Encoding, bytes: &[u8], bom: bool, is_guess: bool) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let info = EncodingInfo { name: encoding.name(), bom, is_guess, had_errors };
    Decoded { text: text.into_owned(), info }
}

/// Files that have a well-known beginning and are no text.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "it is a PDF document"),
    (b"PK\x03\x04", "it is a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "it is an old office document"),
    (b"\x89PNG", "it is a PNG picture"),
    (b"\xff\xd8\xff", "it is a JPEG picture"),
    (b"GIF8", "it is a GIF picture"),
    (b"\x1f\x8b", "it is compressed with gzip"),
    (b"BZh", "it is compressed with bzip2"),
    (b"\xfd7zXZ", "it is compressed with xz"),
    (b"(\xb5\x2f\xfd", "it is compressed with Zstandard"),
    (b"\x7fELF", "it is a program"),
    (b"MZ\x90", "it is a program"),
    (b"SQLite format 3\0", "it is an SQLite database"),
];

fn refuse_known_binary(bytes: &[u8]) -> Result<(), DecodeError> {
    match SIGNATURES.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, what)) => Err(DecodeError::Binary((*what).to_owned())),
        None => Ok(()),
    }
}

/// Zero bytes mean that it is no text in any encoding but UTF-16, which was tried before. A few other control
/// characters are tolerated: old news-wire files have them.
fn refuse_controls(bytes: &[u8]) -> Result<(), DecodeError> {
    if let Some(at) = bytes.iter().position(|b| *b == 0) {
        return Err(DecodeError::Binary(format!("byte {at} is zero")));
    }
    let is_odd = |b: &&u8| matches!(b, 0x01..=0x08 | 0x0e..=0x1a | 0x1c..=0x1f | 0x7f);
    let controls = bytes.iter().filter(is_odd).count();
    if controls > 2 && controls * 20 > bytes.len() {
        return Err(DecodeError::Binary("it is full of control characters".to_owned()));
    }
    Ok(())
}

/// UTF-16 of mostly Latin text has a zero byte in every other place.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() || pairs.is_empty() {
        return None;
    }
    let high_first = pairs.iter().filter(|[a, b]| *a == 0 && *b != 0).count();
    let low_first = pairs.iter().filter(|[a, b]| *a != 0 && *b == 0).count();
    let (encoding, matching, other) =
        if low_first >= high_first { (UTF_16LE, low_first, high_first) } else { (UTF_16BE, high_first, low_first) };
    if matching * 3 < pairs.len() || other * 5 > matching {
        return None;
    }
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let is_text = |c: char| !c.is_control() || c.is_whitespace();
    (!had_errors && text.chars().all(is_text)).then_some(encoding)
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    // Broken UTF-8 is better shown with a few U+FFFD than as two wrong letters for each right one.
    let broken = bytes.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let multibyte = bytes.utf8_chunks().flat_map(|chunk| chunk.valid().chars()).filter(|c| !c.is_ascii()).count();
    if multibyte >= broken * 10 {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect()
    }

    #[test]
    fn utf8_is_kept_verbatim_and_a_mark_is_recorded() {
        let text = "A\r\nB\u{a0}e\u{301} 😀\n";
        let plain = decode(text.as_bytes()).expect("text");
        assert_eq!(
            (plain.text.as_str(), plain.info.name, plain.info.bom, plain.info.is_guess),
            (text, "UTF-8", false, false)
        );
        let marked = decode(&[b"\xef\xbb\xbf", text.as_bytes()].concat()).expect("text");
        assert_eq!((marked.text.as_str(), marked.info.bom), (text, true));
    }

    #[test]
    fn utf16_is_known_by_its_mark_and_without_one() {
        for (little, mark, name) in [(true, b"\xff\xfe", "UTF-16LE"), (false, b"\xfe\xff", "UTF-16BE")] {
            let bytes = utf16("Zoë said 😀\r\n", little);
            let marked = decode(&[mark.as_slice(), &bytes].concat()).expect("text");
            assert_eq!((marked.text.as_str(), marked.info.name, marked.info.bom), ("Zoë said 😀\r\n", name, true));
            let bare = decode(&bytes).expect("text");
            assert_eq!((bare.text.as_str(), bare.info.name, bare.info.is_guess), ("Zoë said 😀\r\n", name, true));
        }
    }

    #[test]
    fn other_encodings_are_guessed_and_said_to_be() {
        let russian = "Министр иностранных дел прибыл в Москву, сообщает агентство.";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(russian);
        let decoded = decode(&bytes).expect("text");
        assert_eq!((decoded.text.as_str(), decoded.info.name, decoded.info.is_guess), (russian, "windows-1251", true));
        assert_eq!(decoded.info.problems().first().map(|p| p.code), Some("encoding-guess"));
    }

    #[test]
    fn one_broken_byte_does_not_spoil_a_utf8_text() {
        let mut bytes = "é".repeat(40).into_bytes();
        bytes.extend(b" \xff end");
        let decoded = decode(&bytes).expect("text");
        assert_eq!((decoded.info.name, decoded.info.had_errors), ("UTF-8", true));
        assert_eq!(decoded.info.problems().first().map(|p| p.code), Some("encoding-errors"));
    }

    #[test]
    fn the_user_may_choose() {
        assert_eq!(decode_as(b"caf\xe9", "latin1").expect("known").text, "café");
        assert!(decode_as(b"caf\xe9", "utf-8").expect("known").info.had_errors);
        assert_eq!(decode_as(b"x", "klingon"), Err(DecodeError::UnknownEncoding("klingon".into())));
        for (name, _) in MENU {
            assert_eq!(
                Encoding::for_label(name.as_bytes()).map(encoding_rs::Encoding::name),
                Some(*name).map(|n| if n == "GB18030" { "gb18030" } else { n })
            );
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert_eq!(decode(b""), Err(DecodeError::Empty));
        assert_eq!(decode(b"\xef\xbb\xbf"), Err(DecodeError::Empty));
        assert!(matches!(decode(b"%PDF-1.7 ..."), Err(DecodeError::Binary(_))));
        assert!(matches!(decode(b"text\0text and more\x01"), Err(DecodeError::Binary(_))));
        assert!(matches!(decode(&[1, 2, 3, 4, 5, 65]), Err(DecodeError::Binary(_))));
    }

    #[test]
    fn strict_text_names_the_line_of_the_first_bad_byte() {
        let problem = decode_strict(b"ok\nbad \xff").expect_err("not UTF-8");
        assert_eq!((problem.place.line, problem.place.column), (Some(2), Some(5)));
        assert_eq!(decode_strict(&[b"\xff\xfe".as_slice(), &utf16("ok", true)].concat()), Ok("ok".into()));
    }
}
