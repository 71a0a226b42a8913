//! The lines of a journal: `{"seq":3,"crc32":123,"entry":…}`, one JSON value a line.
//!
//! The checksum is over number and entry together, so a line that is torn, altered or out of its place is known
//! for what it is. Everything up to the first such line is good; nothing after it is trusted, unless a snapshot says
//! where to go on ([`read_on`]).

use serde::Serialize;
use serde::de::DeserializeOwned;

/// One line, with its line end.
pub fn line<E: Serialize>(seq: u64, entry: &E) -> Result<String, serde_json::Error> {
    Ok(numbered(seq, &serde_json::to_string(entry)?))
}

/// One line of an entry that is JSON already, with its line end.
pub fn numbered(seq: u64, entry: &str) -> String {
    let crc32 = checksum(seq, entry);
    format!("{{\"seq\":{seq},\"crc32\":{crc32},\"entry\":{entry}}}\n")
}

fn checksum(seq: u64, entry: &str) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&seq.to_le_bytes());
    hasher.update(entry.as_bytes());
    hasher.finalize()
}

/// Number and entry of a line, if the checksum is right. A line end may be missing.
fn split(line: &[u8]) -> Option<(u64, &str)> {
    let line = str::from_utf8(line.strip_suffix(b"\n").unwrap_or(line)).ok()?;
    let rest = line.strip_prefix("{\"seq\":")?;
    let (seq, rest) = rest.split_once(',')?;
    let (crc32, rest) = rest.strip_prefix("\"crc32\":")?.split_once(',')?;
    let entry = rest.strip_prefix("\"entry\":")?.strip_suffix('}')?;
    let seq = seq.parse().ok()?;
    (crc32.parse() == Ok(checksum(seq, entry))).then_some((seq, entry))
}

/// The entry of a line, if number and checksum are right and it is an `E`.
fn parse<E: DeserializeOwned>(line: &[u8], seq: u64) -> Option<E> {
    let (_, entry) = split(line).filter(|(found, _)| *found == seq)?;
    serde_json::from_str(entry).ok()
}

/// The only line of a file and its number, if it is whole and an `E`.
pub fn only<E: DeserializeOwned>(bytes: &[u8]) -> Option<(u64, E)> {
    let (seq, entry) = split(bytes)?;
    Some((seq, serde_json::from_str(entry).ok()?))
}

/// What a journal holds.
#[derive(Debug)]
pub struct Log<H, E> {
    /// The first line.
    pub header: Option<H>,
    /// The good lines after it; the first has number 1.
    pub entries: Vec<E>,
    /// How many bytes the header takes, the header and the first entry, and so on.
    pub ends: Vec<usize>,
    /// How many bytes they all take; what follows is damaged.
    pub good_bytes: usize,
    /// Whether the last good line lacks its line end.
    pub lacks_line_end: bool,
}

/// Reads lines up to the first that is torn or corrupt.
pub fn read<H: DeserializeOwned, E: DeserializeOwned>(bytes: &[u8]) -> Log<H, E> {
    let mut log = Log { header: None, entries: Vec::new(), ends: Vec::new(), good_bytes: 0, lacks_line_end: false };
    let Some(first) = bytes.split_inclusive(|b| *b == b'\n').next() else { return log };
    log.header = parse(first, 0);
    if log.header.is_some() {
        log.ends.push(first.len());
        let rest = read_on(bytes.get(first.len()..).unwrap_or_default(), 1);
        log.ends.extend(rest.ends.iter().map(|end| end + first.len()));
        log.good_bytes = first.len() + rest.good_bytes;
        log.lacks_line_end = bytes.get(log.good_bytes - 1) != Some(&b'\n');
        log.entries = rest.entries;
    }
    log
}

/// Some lines in the middle of a journal.
#[derive(Debug)]
pub struct Run<E> {
    /// The good ones.
    pub entries: Vec<E>,
    /// How many bytes the first takes, the first two, and so on.
    pub ends: Vec<usize>,
    /// How many bytes they all take.
    pub good_bytes: usize,
}

/// Reads the lines from number `seq` on, up to the first that is torn or corrupt.
pub fn read_on<E: DeserializeOwned>(bytes: &[u8], seq: u64) -> Run<E> {
    let mut run = Run { entries: Vec::new(), ends: Vec::new(), good_bytes: 0 };
    for (seq, line) in (seq..).zip(bytes.split_inclusive(|b| *b == b'\n')) {
        let Some(entry) = parse(line, seq) else { break };
        run.entries.push(entry);
        run.good_bytes += line.len();
        run.ends.push(run.good_bytes);
    }
    run
}

/// The same good lines with other numbers, from `seq` on.
pub fn renumbered(good: &[u8], seq: u64) -> String {
    let lines = (seq..).zip(good.split_inclusive(|b| *b == b'\n'));
    lines.filter_map(|(seq, line)| split(line).map(|(_, entry)| numbered(seq, entry))).collect()
}

/// How many lines are torn or corrupt, whatever number they should have.
pub fn damaged_lines(bytes: &[u8]) -> usize {
    bytes.split_inclusive(|b| *b == b'\n').filter(|line| split(line).is_none()).count()
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
