//! Breaks words into lines of a width, and puts each line in the order in which it is seen.

use std::collections::BTreeMap;
use std::ops::Range;

use unicode_bidi::BidiInfo;
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};

use super::faces::{Face, Font, Piece, is_wide};

/// Words of one direction in a line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Half-open, in bytes of what is set.
    pub range: Range<usize>,
    /// Where it begins on paper, from the left edge.
    pub left: f32,
    /// How wide it is.
    pub width: f32,
    /// Whether its first word is at the right.
    pub is_rtl: bool,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Half-open, in bytes of what is set, with the white space at which it was broken.
    pub range: Range<usize>,
    /// From left to right.
    pub runs: Vec<Run>,
}

/// Words that are drawn at once: of one direction and one font, with no end of a mark inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// Half-open, in bytes of what is set.
    pub range: Range<usize>,
    /// Where it begins on paper, from the left edge.
    pub left: f32,
    /// How wide it is.
    pub width: f32,
    /// Whether its first word is at the right.
    pub is_rtl: bool,
    /// `None` if no font of the program has it.
    pub font: Option<Font>,
}

/// What is set, and how.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// The words.
    pub words: &'a str,
    /// In this face.
    pub face: Face,
    /// At this size.
    pub size: f32,
    pieces: Vec<Piece>,
    /// How far each byte, and the end, is from the beginning if all stands on one line. Double, since paragraphs can be long.
    edges: Vec<f64>,
    /// Free space at the beginnings and at the ends of what is boxed, inside the box.
    leading: BTreeMap<usize, f32>,
    trailing: BTreeMap<usize, f32>,
}

impl<'a> Setting<'a> {
    /// Words in a face, at a size.
    pub fn new(words: &'a str, face: Face, size: f32) -> Self {
        Self::with_boxes(words, face, size, &[], 0.0)
    }

    /// The same, with some free space inside the ends of what will stand in boxes.
    pub fn with_boxes(words: &'a str, face: Face, size: f32, boxes: &[Range<usize>], space: f32) -> Self {
        let (pieces, advances) = face.measure(size, words);
        let within = |at: &usize| *at <= words.len();
        let of = |places: Vec<usize>| places.into_iter().filter(within).map(|at| (at, space)).collect();
        let leading: BTreeMap<usize, f32> = of(boxes.iter().filter(|b| !b.is_empty()).map(|b| b.start).collect());
        let trailing: BTreeMap<usize, f32> = of(boxes.iter().filter(|b| !b.is_empty()).map(|b| b.end).collect());
        let mut edges = Vec::with_capacity(words.len() + 1);
        let mut x = 0.0;
        for (at, advance) in advances.iter().enumerate() {
            x += f64::from(trailing.get(&at).copied().unwrap_or_default());
            edges.push(x);
            x += f64::from(leading.get(&at).copied().unwrap_or_default() + advance);
        }
        edges.push(x + f64::from(trailing.get(&words.len()).copied().unwrap_or_default()));
        Self { words, face, size, pieces, edges, leading, trailing }
    }

    fn width(&self, range: Range<usize>) -> f32 {
        let edge = |at: usize| self.edges.get(at).or(self.edges.last()).copied().unwrap_or_default();
        (edge(range.end) - edge(range.start)) as f32
    }

    /// Lines of at most this width, at least one. A word that is wider than a line is broken.
    pub fn lines(&self, width: f32) -> Vec<Line> {
        let bidi = BidiInfo::new(self.words, None);
        self.breaks(width).into_iter().map(|range| self.line(&bidi, range, width)).collect()
    }

    /// All of it on one line, from left to right or from right to left, however wide that is.
    pub fn one_line(&self) -> Line {
        let bidi = BidiInfo::new(self.words, None);
        self.line(&bidi, 0..self.words.len(), 0.0)
    }

    fn breaks(&self, width: f32) -> Vec<Range<usize>> {
        let mut lines = Vec::new();
        let mut start = 0;
        // The last place at which the line may be broken, and the last inside a word that is two: `RoleName`.
        let (mut possible, mut inside): (Option<usize>, Option<usize>) = (None, None);
        let mut was_small = false;
        for (at, piece) in self.words.grapheme_indices(true) {
            let end = at + piece.len();
            let is_space = piece.chars().all(char::is_whitespace) && piece != "\u{a0}";
            let first = piece.chars().next().unwrap_or(' ');
            if is_wide(first) && !is_closing(first) && at > start {
                possible = Some(at);
            } else if was_small && first.is_uppercase() && at > start {
                inside = Some(at);
            }
            was_small = first.is_lowercase();
            // What stands behind a place to break may itself be too wide for a line.
            while !is_space && self.width(start..end) > width && at > start {
                let cut = possible.filter(|cut| *cut > start).or(inside.filter(|cut| *cut > start)).unwrap_or(at);
                lines.push(start..cut);
                start = cut;
                // What is left may hold no other place; it is broken anew from here on.
                possible = possible.filter(|cut| *cut > start);
            }
            if is_space || is_wide(first) || matches!(piece, "-" | "–" | "—" | "/") {
                possible = Some(end);
            }
            if matches!(
                piece,
                "\n" | "\r\n" | "\r" | "\u{85}" | "\u{2028}" | "\u{2029}" | "\u{1c}" | "\u{1d}" | "\u{1e}"
            ) {
                lines.push(start..end);
                start = end;
            }
        }
        if start < self.words.len() || lines.is_empty() {
            lines.push(start..self.words.len());
        }
        lines
    }

    fn line(&self, bidi: &BidiInfo<'_>, range: Range<usize>, width: f32) -> Line {
        let seen = range.start..range.start + self.words.get(range.clone()).unwrap_or_default().trim_end().len();
        let of = bidi.paragraphs.partition_point(|p| p.range.end < seen.end.max(seen.start + 1));
        let of = bidi.paragraphs.get(of).filter(|p| p.range.start <= seen.start && seen.end <= p.range.end);
        let mut runs = Vec::new();
        let mut left = match of {
            Some(p) if p.level.is_rtl() => (width - self.width(seen.clone())).max(0.0),
            _ => 0.0,
        };
        let mut put = |range: Range<usize>, is_rtl: bool| {
            let width = self.width(range.clone());
            runs.push(Run { range, left, width, is_rtl });
            left += width;
        };
        match of {
            _ if seen.is_empty() => put(seen, of.is_some_and(|p| p.level.is_rtl())),
            None => put(seen, false),
            Some(paragraph) => {
                let (levels, found) = bidi.visual_runs(paragraph, seen);
                for run in found {
                    let is_rtl = levels.get(run.start).is_some_and(unicode_bidi::Level::is_rtl);
                    put(run, is_rtl);
                }
            }
        }
        Line { range, runs }
    }

    /// Where the words of `range` stand in a line: left and right edges. Only a place, as wide as nothing, if none of
    /// them is seen.
    pub fn places(&self, line: &Line, range: Range<usize>) -> Vec<(f32, f32)> {
        let mut places: Vec<(f32, f32)> = Vec::new();
        for run in &line.runs {
            let (start, end) = (range.start.max(run.range.start), range.end.min(run.range.end));
            if start < end {
                let (left, right) = self.edges_in(run, start..end);
                match places.last_mut() {
                    Some((_, last)) if (*last - left).abs() < 0.01 => *last = right,
                    _ => places.push((left, right)),
                }
            }
        }
        if places.is_empty() {
            let run = line.runs.iter().find(|run| run.range.contains(&range.start));
            let run = run.or_else(|| line.runs.iter().max_by_key(|run| run.range.end));
            let x = run.map_or(0.0, |run| {
                let at = range.start.clamp(run.range.start, run.range.end);
                self.edges_in(run, at..at).0
            });
            places.push((x, x));
        }
        places
    }

    fn edges_in(&self, run: &Run, range: Range<usize>) -> (f32, f32) {
        let (before, width) = (self.width(run.range.start..range.start), self.width(range));
        let left = if run.is_rtl { run.left + run.width - before - width } else { run.left + before };
        (left, left + width)
    }

    /// What is drawn of a line, in the order of reading within each direction. `cuts` are ends of marks, in order: a viewer
    /// with other fonts puts the words between them where the marks are.
    pub fn segments(&self, line: &Line, cuts: &[usize]) -> Vec<Segment> {
        let mut segments = Vec::new();
        for run in &line.runs {
            let first = self.pieces.partition_point(|piece| piece.range.end <= run.range.start);
            let pieces = self.pieces.iter().skip(first).take_while(|piece| piece.range.start < run.range.end);
            for piece in pieces {
                let (from, to) = (piece.range.start.max(run.range.start), piece.range.end.min(run.range.end));
                let first = cuts.partition_point(|cut| *cut <= from);
                let inner = cuts.iter().copied().skip(first).take_while(|cut| *cut < to);
                let ends = inner.filter(|cut| self.may_be_cut(*cut, piece)).chain([to]);
                let mut start = from;
                for end in ends {
                    if end <= start {
                        continue;
                    }
                    let (left, right) = self.edges_in(run, start..end);
                    let before = self.leading.get(&start).copied().unwrap_or_default();
                    let after = self.trailing.get(&end).copied().unwrap_or_default();
                    let width = (right - left - before - after).max(0.0);
                    let left = left + if run.is_rtl { after } else { before };
                    segments.push(Segment { range: start..end, left, width, is_rtl: run.is_rtl, font: piece.font });
                    start = end;
                }
            }
        }
        segments
    }

    /// Letters of one character belong together, and so do those that may be written together.
    fn may_be_cut(&self, at: usize, piece: &Piece) -> bool {
        let is_boundary = GraphemeCursor::new(at, self.words.len(), true).is_boundary(self.words, 0);
        let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphabetic() && !is_wide(c));
        let (before, after) = (self.words.get(..at).unwrap_or_default(), self.words.get(at..).unwrap_or_default());
        let is_joined =
            piece.font.is_none() && is_letter(before.chars().next_back()) && is_letter(after.chars().next());
        is_boundary == Ok(true) && !is_joined
    }
}

/// Signs that do not begin a line where words have no spaces.
fn is_closing(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '〉'
            | '》'
            | '」'
            | '』'
            | '】'
            | '〕'
            | '！'
            | '，'
            | '．'
            | '：'
            | '；'
            | '？'
            | '）'
            | '］'
            | '｝'
    )
}

/// Words on one line, cut with an ellipsis at `width`.
pub fn cut(words: &str, face: Face, size: f32, width: f32) -> String {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let setting = Setting::new(&words, face, size);
    if setting.width(0..words.len()) <= width {
        return words;
    }
    let room = width - face.width(size, "…");
    let ends = words.grapheme_indices(true).map(|(at, piece)| at + piece.len());
    let fits = ends.take_while(|end| setting.width(0..*end) <= room).last().unwrap_or_default();
    format!("{}…", words.get(..fits).unwrap_or_default().trim_end())
}
