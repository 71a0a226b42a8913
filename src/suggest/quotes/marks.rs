//! Quotation marks: which open, which close, which are apostrophes and inches.
//!
//! Conventions: English “…” ‘…’ and their straight forms, German „…“ ‚…‘ »…« ›…‹, French « … » (with or without a
//! no-break space) and ‹ … ›, Russian «…» with „…“ inside, Polish „…” and »…«, Swedish ”…” and »…», corner brackets
//! 「…」 『…』, and doubled back ticks with doubled apostrophes. They are told apart by what is open and by the white space around a mark, never by the
//! language of the text: articles mix them.
//!
//! One pass with a stack of bounded depth; linear in the number of words.

use super::block::Word;
use super::language::Flags;
use crate::text::Text;

/// Deeper quotations are not told apart. Nobody nests them; broken texts do.
const DEEPEST: usize = 6;

/// Words in quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quotation {
    /// The word that is the opening mark.
    pub open: usize,
    /// One past the closing mark; for a quotation that is not closed, set by the block.
    pub end: usize,
    /// In how many others it stands.
    pub depth: usize,
    /// Whether there is a closing mark.
    pub closed: bool,
    /// The opening mark.
    pub mark: char,
}

impl Quotation {
    /// The words between the marks.
    pub fn inside(&self) -> std::ops::Range<usize> {
        let end = if self.closed { self.end.saturating_sub(1) } else { self.end };
        let open = self.open + 1;
        open..end.max(open)
    }
}

/// Marks that may close each other: a typesetter's “ is often closed with a typist's ".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Double,
    Single,
    Guillemet,
    SingleGuillemet,
    Corner,
    WhiteCorner,
    Prime,
}

fn family(mark: char) -> Option<Family> {
    Some(match mark {
        '"' | '“' | '”' | '„' | '‟' | '＂' | '`' => Family::Double,
        '\'' | '‘' | '’' | '‚' | '‛' => Family::Single,
        '«' | '»' => Family::Guillemet,
        '‹' | '›' => Family::SingleGuillemet,
        '「' | '」' | '﹁' | '﹂' => Family::Corner,
        '『' | '』' | '﹃' | '﹄' => Family::WhiteCorner,
        '〝' | '〞' | '〟' => Family::Prime,
        _ => return None,
    })
}

/// Whether a paragraph that begins with this mark may go on with a quotation that `opened` began. Another mark of the same
/// family begins something new: what was before it was forgotten to be closed.
pub fn reopens(opened: char, mark: char) -> bool {
    is_mark(opened) && opened == mark
}

/// Whether a mark begins a quotation at the start of a paragraph.
pub fn is_mark(mark: char) -> bool {
    family(mark).is_some()
}

/// What a mark does where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    Open,
    Close,
    Nothing,
}

/// What stands on both sides of a mark.
#[derive(Clone, Copy, Debug)]
struct Sides {
    /// The character before; a blank at the start.
    before: char,
    /// The character after; a blank at the end.
    after: char,
}

fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '(' | '[' | '{' | '¿' | '¡' | '–' | '—' | '―' | '/' | '\u{feff}' | '\u{200b}')
}

impl Sides {
    fn of(text: &Text, word: &Word) -> Self {
        let (start, end) = (word.span.start.to_usize(), word.span.end.to_usize());
        let before = text.as_str().get(..start).and_then(|s| s.chars().next_back()).unwrap_or(' ');
        let after = text.as_str().get(end..).and_then(|s| s.chars().next()).unwrap_or(' ');
        Self { before, after }
    }

    /// Room before and a letter after, as an opening mark has.
    fn opens(self) -> bool {
        (is_gap(self.before) || family(self.before).is_some() && !is_gap(self.after) && !is_pause(self.after))
            && !is_gap_after(self.after)
            && !is_pause(self.after)
    }

    /// A letter or a stop before and room after, as a closing mark has.
    fn closes(self) -> bool {
        !is_gap(self.before) && (is_gap_after(self.after) || is_pause(self.after) || family(self.after).is_some())
    }
}

fn is_gap_after(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, ')' | ']' | '}' | '–' | '—' | '―' | '-' | '/' | '\u{200b}')
}

fn is_pause(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '…' | '。' | '，' | '！' | '？')
}

struct Open {
    index: usize,
    mark: char,
    family: Family,
}

/// What is still to come of straight marks and of single ones that surely close, counted from the end.
struct Ahead {
    /// Straight double marks from here on, this one included.
    straight: Vec<u32>,
    /// Whether a single mark that surely closes stands before the next that surely opens.
    single_close: Vec<bool>,
}

impl Ahead {
    fn of(text: &Text, words: &[Word]) -> Self {
        let mut straight = vec![0; words.len() + 1];
        let mut single_close = vec![false; words.len() + 1];
        for (i, word) in words.iter().enumerate().rev() {
            let mark = word.single.then_some(word.first).filter(|c| family(*c).is_some());
            let was = (straight.get(i + 1).copied().unwrap_or(0), single_close.get(i + 1).copied().unwrap_or(false));
            let sides = || Sides::of(text, word);
            let now = match mark {
                Some('"' | '＂') => (was.0 + u32::from(!is_inch(sides())), was.1),
                Some('\'' | '’') => {
                    let sides = sides();
                    let sure = sides.closes() && (is_pause(sides.before) || !sides.after.is_whitespace());
                    (was.0, sure || was.1 && !(mark == Some('\'') && sides.opens()))
                }
                Some('‘' | '‚') => (was.0, false),
                _ => was,
            };
            if let Some(slot) = straight.get_mut(i) {
                *slot = now.0;
            }
            if let Some(slot) = single_close.get_mut(i) {
                *slot = now.1;
            }
        }
        Self { straight, single_close }
    }
}

/// A figure before and no blank, as in 6" and 5'10".
fn is_inch(sides: Sides) -> bool {
    sides.before.is_ascii_digit() && !is_pause(sides.after) && sides.after != ' ' || is_measure(sides)
}

fn is_measure(sides: Sides) -> bool {
    sides.before.is_ascii_digit() && matches!(sides.after, 'x' | '×' | ')')
}

/// The quotations of a block, by where they begin. Marks without a partner are quotations that are not closed, if they
/// look like opening ones; apostrophes and inches are none.
pub fn quotations(text: &Text, words: &[Word]) -> Vec<Quotation> {
    if !words.iter().any(|word| family(word.first).is_some()) {
        return Vec::new();
    }
    let ahead = Ahead::of(text, words);
    let mut finder = Finder { text, words, ahead, open: Vec::new(), found: Vec::new() };
    let mut i = 0;
    while let Some(word) = words.get(i) {
        i += finder.step(i, word);
    }
    finder.finish()
}

struct Finder<'a> {
    text: &'a Text,
    words: &'a [Word],
    ahead: Ahead,
    open: Vec<Open>,
    found: Vec<Quotation>,
}

impl Finder<'_> {
    /// Looks at one word; returns how many it used.
    fn step(&mut self, i: usize, word: &Word) -> usize {
        let Some(kin) = family(word.first) else {
            return 1;
        };
        if word.first == '`' {
            // ``…'': the opening mark is one token, the closing one two.
            if !word.single {
                self.push(i, '`', kin);
            }
            return 1;
        }
        if !word.single {
            return 1;
        }
        let sides = Sides::of(self.text, word);
        if word.first == '\''
            && self.open.last().is_some_and(|open| open.mark == '`')
            && self.words.get(i + 1).is_some_and(|next| next.is_char('\'') && next.span.start == word.span.end)
        {
            self.close(i + 1, Family::Double);
            return 2;
        }
        match self.does(i, word.first, sides) {
            Does::Open => self.push(i, word.first, kin),
            Does::Close => self.close(i, kin),
            Does::Nothing => {}
        }
        1
    }

    fn opened(&self, kin: Family) -> Option<&Open> {
        self.open.iter().rev().find(|open| open.family == kin)
    }

    fn does(&self, i: usize, mark: char, sides: Sides) -> Does {
        match mark {
            '„' | '‟' | '‚' | '‛' | '「' | '﹁' | '『' | '﹃' | '〝' => Does::Open,
            '」' | '﹂' | '』' | '﹄' | '〞' | '〟' => Does::Close,
            // Opens in English, closes in German.
            '“' => match self.opened(Family::Double) {
                Some(open) if matches!(open.mark, '„' | '‟') && (!sides.opens() || sides.closes()) => Does::Close,
                _ => Does::Open,
            },
            // Closes in English and Polish, opens and closes in Swedish.
            '”' => match self.opened(Family::Double) {
                Some(open) if open.mark == '”' && sides.opens() && !sides.closes() => Does::Open,
                Some(_) => Does::Close,
                None if sides.opens() => Does::Open,
                None => Does::Nothing,
            },
            '‘' => match self.opened(Family::Single) {
                Some(open) if open.mark == '‚' && !sides.opens() => Does::Close,
                _ => self.opening_single(i),
            },
            '’' => self.closing_single(i, sides),
            '\'' => {
                if sides.opens() && self.opened(Family::Single).is_none() {
                    self.opening_single(i)
                } else {
                    self.closing_single(i, sides)
                }
            }
            '«' | '‹' => self.guillemet(mark, sides, '»', '›'),
            '»' | '›' => self.guillemet(mark, sides, '«', '‹'),
            _ => self.straight(i, sides),
        }
    }

    /// A straight double mark.
    fn straight(&self, i: usize, sides: Sides) -> Does {
        let rest = self.ahead.straight.get(i + 1).copied().unwrap_or(0);
        let open = self.opened(Family::Double);
        if is_measure(sides) || is_inch(sides) && (open.is_none() || rest % 2 == 1) {
            return Does::Nothing;
        }
        match open {
            None if sides.before.is_ascii_digit() && !sides.opens() => Does::Nothing,
            // A closing mark without an opening one.
            None if sides.closes() && !sides.opens() && rest % 2 == 0 => Does::Nothing,
            None => Does::Open,
            Some(_) if sides.closes() => {
                // 6" in the middle of a quotation.
                let inch = sides.before.is_ascii_digit() && sides.after == ' ' && rest % 2 == 1;
                if inch { Does::Nothing } else { Does::Close }
            }
            // Another quotation inside typographic marks, or a new one where the last was never closed: the rest of the
            // marks tells whether this one is needed to close.
            Some(_) if sides.opens() && rest % 2 == 1 => Does::Open,
            Some(_) => Does::Close,
        }
    }

    /// A guillemet: `mark` opens or closes, `partner` and `single` are those that it may answer.
    fn guillemet(&self, mark: char, sides: Sides, partner: char, single: char) -> Does {
        let kin = family(mark).unwrap_or(Family::Guillemet);
        match self.opened(kin) {
            Some(open) if open.mark == partner || open.mark == single => {
                // Both marks may be nested: „«…«…»…»“. A mark with room before and a letter after opens.
                if mark == '«' && sides.opens() && !sides.closes() { Does::Open } else { Does::Close }
            }
            // The same mark on both sides, as in Swedish; French sets «  with a blank after it.
            Some(_) if sides.closes() && !matches!(mark, '«' | '‹') => Does::Close,
            Some(_) => Does::Open,
            None if matches!(mark, '«' | '‹') => Does::Open,
            None if sides.opens() => Does::Open,
            None => Does::Nothing,
        }
    }

    /// A single mark that looks like an opening one: not an elision, and somewhere it must close.
    fn opening_single(&self, i: usize) -> Does {
        let Some(next) = self.words.get(i + 1) else {
            return Does::Nothing;
        };
        let touches = self.words.get(i).is_some_and(|word| word.span.end == next.span.start);
        let letters = self.text.slice(next.span);
        // ’90s, ’tis
        let decade = next.first.is_ascii_digit() && letters.len() <= 3;
        let elision = (next.flags.is(Flags::ELISION) || decade) && touches;
        let closes = self.ahead.single_close.get(i + 1).copied().unwrap_or(false) || self.closes_later(i);
        if elision && !self.ahead.single_close.get(i + 1).copied().unwrap_or(false) || !closes {
            return Does::Nothing;
        }
        Does::Open
    }

    /// Whether a mark that may close stands within the next words.
    fn closes_later(&self, i: usize) -> bool {
        let ahead = self.words.get(i + 1..).unwrap_or_default().iter().take(40);
        let mut marks = ahead.filter(|word| word.single && matches!(word.first, '\'' | '’' | '‘'));
        marks.any(|word| Sides::of(self.text, word).closes())
    }

    /// A single mark that may close, or be the apostrophe of a plural (the ministers' plan).
    fn closing_single(&self, i: usize, sides: Sides) -> Does {
        let Some(open) = self.opened(Family::Single) else {
            return Does::Nothing;
        };
        if !sides.closes() {
            return Does::Nothing;
        }
        let plural = matches!(sides.before, 's' | 'x' | 'z') && sides.after.is_whitespace();
        let sure_later = self.ahead.single_close.get(i + 1).copied().unwrap_or(false);
        let long = i.saturating_sub(open.index) > 4;
        if plural && long && sure_later { Does::Nothing } else { Does::Close }
    }

    fn push(&mut self, index: usize, mark: char, family: Family) {
        // The same straight mark again: the last one was never closed.
        let again = self.open.last().is_some_and(|open| open.mark == mark && matches!(mark, '"' | '＂'));
        if again || self.open.len() >= DEEPEST {
            self.drop_last();
        }
        self.open.push(Open { index, mark, family });
    }

    /// The last opening mark has no partner.
    fn drop_last(&mut self) {
        if let Some(open) = self.open.pop() {
            self.unclosed(&open);
        }
    }

    fn unclosed(&mut self, open: &Open) {
        // A lone single mark is more likely an apostrophe.
        let kept =
            !matches!(open.family, Family::Single | Family::SingleGuillemet) || open.mark == '‘' && open.index == 0;
        if kept {
            let depth = self.open.len();
            self.found.push(Quotation { open: open.index, end: open.index + 1, depth, closed: false, mark: open.mark });
        }
    }

    fn close(&mut self, i: usize, kin: Family) {
        let Some(at) = self.open.iter().rposition(|open| open.family == kin) else {
            return;
        };
        // What was opened after it and not closed stays without a partner and says nothing inside a quotation.
        self.open.truncate(at + 1);
        let Some(open) = self.open.pop() else {
            return;
        };
        let depth = self.open.len();
        self.found.push(Quotation { open: open.index, end: i + 1, depth, closed: true, mark: open.mark });
    }

    fn finish(mut self) -> Vec<Quotation> {
        while !self.open.is_empty() {
            self.drop_last();
        }
        self.found.sort_unstable_by_key(|q| (q.open, std::cmp::Reverse(q.end)));
        depths(&mut self.found);
        self.found
    }
}

/// Counts depths again: what stood in a quotation that was never closed stands by itself.
fn depths(found: &mut [Quotation]) {
    let mut around: Vec<usize> = Vec::new();
    for quotation in found {
        around.retain(|end| *end > quotation.open);
        quotation.depth = around.len();
        if quotation.closed {
            around.push(quotation.end);
        }
    }
}

#[cfg(test)]
#[path = "marks_tests.rs"]
mod tests;
