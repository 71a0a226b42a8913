//! Characters that cannot be seen, made visible: controls, overrides of the direction of writing, joiners and selectors
//! where nothing is joined or selected, letters without a shape.
//!
//! The text stays as it is, character by character; only what is shown differs. On a terminal and in lines of a log a
//! hidden character is its abbreviation in angle brackets (`‹RLO›`, [`visible`]). On the screen each is *one* other
//! character ([`stand_ins`]), which the window's fonts draw as a small box with the abbreviation: as many characters are
//! shown as there are, so that no position has to be converted.
//!
//! Tabs and line ends are obeyed, not shown. Joiners (U+200C, U+200D), the blank without width (U+200B), variation
//! selectors, and the tags of flags are left alone where scripts and emoji need them: a joiner behind a letter of a script
//! whose letters join, between two pictures; a selector behind a picture, digit, or ideograph. Everywhere else they hide
//! something and are shown. Soft hyphens and marks of direction (U+200E, U+200F) are always shown.

use std::borrow::Cow;

/// The first character of the private plane in which stand-ins lie.
const STAND_INS: u32 = 0x10_0000;
/// Where the stand-ins of plane 14 (tags, selectors) lie in it.
const STAND_INS_OF_TAGS: u32 = 0x10_C000;

/// Whether a character is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Seen,
    /// Wherever it stands.
    Hidden,
    /// Unless what stands beside it needs it.
    Joiner,
    Selector,
    Tag,
    /// A place to break a line, in scripts without blanks.
    Break,
    Mongolian,
    Jamo,
}

fn class(c: char) -> Class {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => Class::Seen,
        '\0'..='\u{9f}'
        | '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e001f}'
        | '\u{e0080}'..='\u{e00ff}'
        | '\u{e01f0}'..='\u{e0fff}' => Class::Hidden,
        '\u{200b}' => Class::Break,
        '\u{200c}' | '\u{200d}' => Class::Joiner,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' => Class::Selector,
        '\u{e0020}'..='\u{e007f}' => Class::Tag,
        '\u{180b}'..='\u{180f}' => Class::Mongolian,
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => Class::Jamo,
        _ => Class::Seen,
    }
}

/// Pictures, and signs that may be drawn as one.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{2bff}'
        | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

/// Letters of scripts in which a joiner changes the shape of its neighbours.
fn joins(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{85f}' | '\u{870}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}'
        | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{10a00}'..='\u{11fff}' | '\u{1e900}'..='\u{1e95f}')
        && class(c) == Class::Seen
}

/// Scripts that do not put blanks between words.
fn has_no_blanks(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19ff}' | '\u{1a20}'..='\u{1aaf}'
        | '\u{1b00}'..='\u{1b7f}' | '\u{a980}'..='\u{a9ff}' | '\u{aa00}'..='\u{aaff}' | '\u{2e80}'..='\u{9fff}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

fn takes_selector(base: char, selector: char) -> bool {
    match selector {
        '\u{fe0e}' | '\u{fe0f}' => is_picture(base) || matches!(base, '0'..='9' | '#' | '*'),
        '\u{fe00}'..='\u{fe0d}' => {
            is_ideograph(base)
                || is_picture(base)
                || matches!(base, '0' | '\u{1000}'..='\u{109f}' | '\u{a840}'..='\u{a87f}')
        }
        _ => is_ideograph(base),
    }
}

/// The hidden characters of a text with their byte positions.
#[derive(Clone, Debug)]
pub struct Hidden<'a> {
    rest: std::str::CharIndices<'a>,
    /// The character before.
    before: char,
    /// How many tags stand before without a break, and whether a flag stands before them.
    tags: usize,
    is_flag: bool,
}

/// The characters of `text` that have to be shown by something else, and where they stand, in bytes.
pub fn hidden(text: &str) -> Hidden<'_> {
    Hidden { rest: text.char_indices(), before: '\0', tags: 0, is_flag: false }
}

impl Iterator for Hidden<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<(usize, char)> {
        /// Tags of the longest flag, with the one that ends it.
        const LONGEST_FLAG: usize = 8;
        loop {
            let (at, c) = self.rest.next()?;
            let before = std::mem::replace(&mut self.before, c);
            let class = class(c);
            if class == Class::Tag {
                self.tags += 1;
                self.is_flag &= self.tags <= LONGEST_FLAG;
                if self.is_flag {
                    continue;
                }
                self.before = '\0';
                return Some((at, c));
            }
            (self.tags, self.is_flag) = (0, c == '\u{1f3f4}');
            let after = || self.rest.clone().next().map_or('\0', |(_, c)| c);
            let is_needed = match class {
                Class::Seen => true,
                Class::Hidden | Class::Tag => false,
                Class::Joiner => {
                    let is_drawn = |c: char| is_picture(c) || c == '\u{fe0f}';
                    joins(before) || (c == '\u{200d}' && is_drawn(before) && is_picture(after()))
                }
                Class::Selector => takes_selector(before, c),
                Class::Break => has_no_blanks(before) && has_no_blanks(after()),
                Class::Mongolian => matches!(before, '\u{1800}'..='\u{180a}' | '\u{1810}'..='\u{18af}'),
                Class::Jamo => {
                    let is_jamo = |c: char| matches!(c, '\u{1100}'..='\u{115e}' | '\u{1161}'..='\u{11ff}' | '\u{a960}'..='\u{a97f}' | '\u{d7b0}'..='\u{d7ff}');
                    is_jamo(before) || is_jamo(after())
                }
            };
            if !is_needed {
                // Nothing is needed by what is shown by something else.
                self.before = '\0';
                return Some((at, c));
            }
        }
    }
}

/// What stands for a hidden character: its abbreviation in Unicode's charts, or its number. `None` for what can be seen.
pub fn abbreviation(c: char) -> Option<Cow<'static, str>> {
    const C0: [&str; 33] = [
        "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
        "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US", "SP",
    ];
    if class(c) == Class::Seen && !matches!(c, '\t' | '\n' | '\r') {
        return None;
    }
    Some(Cow::Borrowed(match c {
        '\0'..=' ' => C0.get(c as usize).copied().unwrap_or_default(),
        '\u{7f}' => "DEL",
        '\u{85}' => "NEL",
        '\u{9b}' => "CSI",
        '\u{9d}' => "OSC",
        '\u{ad}' => "SHY",
        '\u{34f}' => "CGJ",
        '\u{61c}' => "ALM",
        '\u{180e}' => "MVS",
        '\u{200b}' => "ZWSP",
        '\u{200c}' => "ZWNJ",
        '\u{200d}' => "ZWJ",
        '\u{200e}' => "LRM",
        '\u{200f}' => "RLM",
        '\u{2028}' => "LSEP",
        '\u{2029}' => "PSEP",
        '\u{202a}' => "LRE",
        '\u{202b}' => "RLE",
        '\u{202c}' => "PDF",
        '\u{202d}' => "LRO",
        '\u{202e}' => "RLO",
        '\u{2060}' => "WJ",
        '\u{2066}' => "LRI",
        '\u{2067}' => "RLI",
        '\u{2068}' => "FSI",
        '\u{2069}' => "PDI",
        '\u{feff}' => "BOM",
        '\u{fff9}' => "IAA",
        '\u{fffa}' => "IAS",
        '\u{fffb}' => "IAT",
        '\u{fe00}'..='\u{fe0f}' => return Some(format!("VS{}", c as u32 - 0xfe00 + 1).into()),
        '\u{e0100}'..='\u{e01ef}' => return Some(format!("VS{}", c as u32 - 0xe_0100 + 17).into()),
        // Tags are ASCII moved out of sight: what they say is worth more than their numbers.
        '\u{e0021}'..='\u{e007e}' => {
            return Some(char::from_u32(c as u32 - 0xe_0000).map_or(Cow::Borrowed("TAG"), |c| format!("T{c}").into()));
        }
        _ => return Some(format!("{:04X}", c as u32).into()),
    }))
}

/// The text with every hidden character as its abbreviation: `a‹RLO›b`. For terminals: nothing in it moves the cursor but
/// tabs and line ends. Carriage returns before a line end stay; others overwrite the line and are shown.
pub fn visible(text: &str) -> Cow<'_, str> {
    let returns = text.match_indices('\r').filter(|(at, _)| text.as_bytes().get(at + 1) != Some(&b'\n'));
    let mut places: Vec<(usize, char)> = hidden(text).collect();
    let before = places.len();
    places.extend(returns.map(|(at, _)| (at, '\r')));
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    if before < places.len() {
        places.sort_unstable();
    }
    let mut out = String::with_capacity(text.len() + places.len() * 8);
    let mut from = 0;
    for (at, c) in places {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push('‹');
        out.push_str(&abbreviation(c).unwrap_or_default());
        out.push('›');
        from = at + c.len_utf8();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

/// The text with one character for each hidden one, as many as before: what the window lays out.
pub fn stand_ins(text: &str) -> Cow<'_, str> {
    let mut places = hidden(text).peekable();
    if places.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut from = 0;
    for (at, c) in places {
        out.push_str(text.get(from..at).unwrap_or_default());
        out.push(stand_in(c));
        from = at + c.len_utf8();
    }
    out.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(out)
}

fn stand_in(c: char) -> char {
    let number = match c as u32 {
        tag @ 0xe_0000..=0xe_0fff => STAND_INS_OF_TAGS + (tag - 0xe_0000),
        // Below U+FFFE, and none between U+C000 and U+CFFF.
        number @ ..=0xffff => STAND_INS + number,
        number => number,
    };
    char::from_u32(number).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// What a single character on the screen is to be drawn as, in letters: the abbreviation of the character that it stands
/// for, or its own if it is hidden wherever it stands. `None` for everything that fonts draw.
pub fn drawn_as(c: char) -> Option<Cow<'static, str>> {
    let hidden = match c as u32 {
        number @ STAND_INS_OF_TAGS..0x10_D000 => char::from_u32(number - STAND_INS_OF_TAGS + 0xe_0000),
        number @ STAND_INS..=0x10_FFFD => char::from_u32(number - STAND_INS),
        _ => Some(c).filter(|c| class(*c) == Class::Hidden),
    };
    hidden.filter(|c| class(*c) != Class::Seen).and_then(abbreviation)
}

/// The beginning of a message or a note, in no more than `most` characters, of which the last is `…` if something is left
/// out: hidden characters by their stand-ins, line ends as they are.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => stand_ins(text),
        Some((end, _)) => {
            let mut out = stand_ins(text.get(..end).unwrap_or(text)).into_owned();
            out.pop();
            out.push('…');
            Cow::Owned(out)
        }
    }
}

/// A name, label or title for one line of the screen: hidden characters by their stand-ins, line ends and tabs as
/// blanks, no more than `most` characters, of which the last is `…` if something is left out.
pub fn line(text: &str, most: usize) -> Cow<'_, str> {
    // Hidden characters are found in what is shown, so that a name of megabytes costs no more than its beginning.
    let shown = shortened(text, most);
    if shown.contains(['\n', '\r', '\t']) {
        return Cow::Owned(shown.replace("\r\n", " ").replace(['\n', '\r', '\t'], " "));
    }
    shown
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_is_shown() {
        for (text, shown) in [
            ("plain é 北京 😀\ttab\r\nline", "plain é 北京 😀\ttab\r\nline"),
            ("a\u{1b}[31mred", "a‹ESC›[31mred"),
            ("over\rwritten", "over‹CR›written"),
            ("\u{9b}31m \u{85}", "‹CSI›31m ‹NEL›"),
            ("user\u{202e}txt.exe\u{202c}", "user‹RLO›txt.exe‹PDF›"),
            ("a\u{2066}b\u{2069}", "a‹LRI›b‹PDI›"),
            ("co\u{ad}op \u{feff}x\u{200b}y", "co‹SHY›op ‹BOM›x‹ZWSP›y"),
            ("a\u{2028}b\u{fff9}c", "a‹LSEP›b‹IAA›c"),
            // A hidden message behind a letter, as ASCII out of sight.
            ("a\u{e0048}\u{e0069}", "a‹TH›‹Ti›"),
            ("pay\u{200d}pal a\u{200c}b", "pay‹ZWJ›pal a‹ZWNJ›b"),
            ("x\u{fe01}\u{e0101}", "x‹VS2›‹VS18›"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn scripts_and_emoji_keep_what_they_need() {
        for text in [
            "می\u{200c}خواهم",
            "क्\u{200d}ष र्\u{200c}",
            "👩\u{200d}🚀 👨\u{200d}👩\u{200d}👧 🏳\u{fe0f}\u{200d}🌈 ❤\u{fe0f} 1\u{fe0f}\u{20e3} ✔\u{fe0e}",
            "👩🏽\u{200d}💻",
            "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
            "葛\u{e0100}城",
            "ภาษา\u{200b}ไทย",
            "ᠮᠣᠩᠭᠣᠯ\u{180e}ᠠ\u{180b}",
        ] {
            assert_eq!(visible(text), text, "{text:?}");
            assert_eq!(stand_ins(text), text, "{text:?}");
        }
        // Two of them, or one too many, hide something.
        assert_eq!(visible("می\u{200c}\u{200c}خواهم"), "می\u{200c}‹ZWNJ›خواهم");
        assert_eq!(visible("🏴\u{e0067}🙂\u{e0067}"), "🏴\u{e0067}🙂‹Tg›");
    }

    #[test]
    fn a_name_is_one_line_and_not_too_long() {
        assert_eq!(line("Anna", 10), "Anna");
        assert_eq!(line("a\r\nb\tc\nd", 10), "a b c d");
        assert_eq!(line(&"x".repeat(10_000), 5), "xxxx…");
        assert_eq!(line("12345", 5), "12345");
        assert_eq!(shortened("a\nbcd", 4), "a\nb…");
    }

    #[test]
    fn every_stand_in_is_drawn_with_the_letters_of_its_character() {
        let all = (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| class(*c) != Class::Seen);
        let mut seen = std::collections::HashSet::new();
        for c in all {
            let letters = abbreviation(c).unwrap_or_else(|| panic!("{c:?}"));
            assert!(!letters.is_empty() && letters.is_ascii());
            let stand_in = stand_in(c);
            assert!(c as u32 > 0x1_0000 && (c as u32) < 0xe_0000 || seen.insert(stand_in), "{c:?}");
            assert_eq!(drawn_as(stand_in), Some(letters), "{c:?}");
        }
        for c in ['a', ' ', '\t', '\n', 'é', '北', '😀', '\u{10_ABCD}'] {
            assert_eq!(drawn_as(c), None, "{c:?}");
        }
    }

    proptest! {
        /// As many characters are shown as there are, so positions in one are positions in the other; and everything that
        /// can be seen stays at its place.
        #[test]
        fn positions_are_the_same_both_ways(text in "[a-zא-תا-ی\u{200b}-\u{200f}\u{202a}-\u{202e}\u{fe0f}\u{e0061}😀👩\t\n\u{0}-\u{1f}]{0,40}|\\PC*") {
            let shown = stand_ins(&text);
            prop_assert_eq!(shown.chars().count(), text.chars().count());
            let places: std::collections::HashSet<usize> = hidden(&text).map(|(at, _)| at).collect();
            for ((at, before), after) in text.char_indices().zip(shown.chars()) {
                if places.contains(&at) {
                    prop_assert!(drawn_as(after).is_some() && before != after || before == after && drawn_as(before).is_some());
                } else {
                    prop_assert_eq!(before, after);
                }
            }
        }

        /// Nothing that a terminal obeys is left but tabs and line ends.
        #[test]
        fn nothing_is_obeyed_on_a_terminal(text in "[\u{0}-\u{ff}\u{200b}-\u{206f}]{0,40}|.*") {
            let shown = visible(&text);
            prop_assert!(shown.chars().all(|c| !c.is_control() || matches!(c, '\t' | '\n' | '\r')));
            prop_assert!(!shown.replace("\r\n", "").contains('\r'));
            prop_assert_eq!(hidden(&shown).next(), None);
        }
    }
}
