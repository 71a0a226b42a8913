//! The lines of a journal: `{"seq":3,"crc32":123,"entry":…}`, one JSON value a line.
//!
//! The checksum is over number and entry together, so a line that is torn, altered or out of its place is known
//! for what it is. Everything up to the first such line is good; nothing after it is trusted.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// One line, with its line end.
pub fn line<E: Serialize>(seq: u64, entry: &E) -> Result<String, serde_json::Error> {
    let entry = serde_json::to_string(entry)?;
    let crc32 = checksum(seq, &entry);
    Ok(format!("{{\"seq\":{seq},\"crc32\":{crc32},\"entry\":{entry}}}\n"))
}

fn checksum(seq: u64, entry: &str) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&seq.to_le_bytes());
    hasher.update(entry.as_bytes());
    hasher.finalize()
}

/// The entry of a line without its line end, if number and checksum are right and it is an `E`.
fn parse<E: DeserializeOwned>(line: &str, seq: u64) -> Option<E> {
    let rest = line.strip_prefix("{\"seq\":")?;
    let (found_seq, rest) = rest.split_once(',')?;
    let (crc32, rest) = rest.strip_prefix("\"crc32\":")?.split_once(',')?;
    let entry = rest.strip_prefix("\"entry\":")?.strip_suffix('}')?;
    let is_right = found_seq.parse() == Ok(seq) && crc32.parse() == Ok(checksum(seq, entry));
    if is_right { serde_json::from_str(entry).ok() } else { None }
}

/// What a journal holds.
#[derive(Debug)]
pub struct Log<H, E> {
    /// The first line.
    pub header: Option<H>,
    /// The good lines after it; the first has number 1.
    pub entries: Vec<E>,
    /// How many bytes they all take; what follows is damaged.
    pub good_bytes: usize,
    /// Whether the last good line lacks its line end.
    pub lacks_line_end: bool,
}

/// Reads lines up to the first that is torn or corrupt.
pub fn read<H: DeserializeOwned, E: DeserializeOwned>(bytes: &[u8]) -> Log<H, E> {
    let mut log = Log { header: None, entries: Vec::new(), good_bytes: 0, lacks_line_end: false };
    let mut seq = 0;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let content = line.strip_suffix(b"\n").unwrap_or(line);
        let Ok(content) = str::from_utf8(content) else { break };
        if seq == 0 {
            log.header = parse(content, seq);
            if log.header.is_none() {
                break;
            }
        } else if let Some(entry) = parse(content, seq) {
            log.entries.push(entry);
        } else {
            break;
        }
        seq += 1;
        log.good_bytes += line.len();
        log.lacks_line_end = !line.ends_with(b"\n");
    }
    log
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<u8> {
        let lines = [line(0, &"head"), line(1, &"eins"), line(2, &"zwei 😀\n"), line(3, &"drei")];
        lines.map(|l| l.expect("serialises")).concat().into_bytes()
    }

    fn entries(bytes: &[u8]) -> Vec<String> {
        read::<String, String>(bytes).entries
    }

    #[test]
    fn cut_anywhere_the_whole_lines_before_the_cut_are_read() {
        let bytes = written();
        let ends: Vec<usize> = bytes.iter().enumerate().filter(|(_, b)| **b == b'\n').map(|(at, _)| at).collect();
        for cut in 0..=bytes.len() {
            let log = read::<String, String>(&bytes[..cut]);
            // The line end itself may be missing.
            let whole = ends.iter().filter(|end| **end <= cut).count();
            assert_eq!(log.entries.len(), whole.saturating_sub(1), "cut at {cut}");
            assert_eq!(log.header.is_some(), whole > 0, "cut at {cut}");
            assert_eq!(log.lacks_line_end, whole > 0 && log.good_bytes == ends[whole - 1], "cut at {cut}");
        }
    }

    #[test]
    fn an_altered_byte_never_makes_another_entry() {
        let bytes = written();
        let all = entries(&bytes);
        for at in 0..bytes.len() {
            for mask in [1u8, 4, 0x80, 0xff] {
                let mut damaged = bytes.clone();
                damaged[at] ^= mask;
                let log = read::<String, String>(&damaged);
                assert!(all.starts_with(&log.entries), "byte {at}: {:?}", log.entries);
                assert!(log.entries.len() < all.len(), "byte {at}");
                assert!(log.good_bytes <= at, "byte {at}: nothing good lies behind the damage");
            }
        }
    }

    #[test]
    fn lines_out_of_their_place_are_not_trusted() {
        let double = [line(0, &"head"), line(1, &"a"), line(1, &"a")].map(|l| l.expect("serialises")).concat();
        assert_eq!(entries(double.as_bytes()), ["a"]);
    }
}
