//! Shapes and words as SVG. Everything that comes from a document goes through `escape`.

use super::escape;
use super::faces::{Face, is_direction, is_sign, shown};
use super::lines::{Line, Segment, Setting};
use unicode_segmentation::UnicodeSegmentation as _;

/// The colours of the paper.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// Whether it is dark.
    pub is_dark: bool,
    /// Behind everything.
    pub paper: &'static str,
    /// Behind cards.
    pub panel: &'static str,
    /// The text.
    pub text: &'static str,
    /// What is less important.
    pub soft: &'static str,
    /// Lines between parts.
    pub rule: &'static str,
}

/// Dark on light.
pub const LIGHT: Ink =
    Ink { is_dark: false, paper: "#fdfcf9", panel: "#f6f3ec", text: "#211f1b", soft: "#67625a", rule: "#d9d4c9" };
/// Light on dark.
pub const DARK: Ink =
    Ink { is_dark: true, paper: "#17181b", panel: "#202226", text: "#e6e3dc", soft: "#a3a099", rule: "#3a3e46" };

/// A box on paper.
#[derive(Clone, Copy, Debug)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// What has been drawn so far.
#[derive(Debug)]
pub struct Drawing {
    /// The elements.
    pub out: String,
    /// Whether nothing but the fonts of the program will draw it. Then widths need not be told, and what those fonts do
    /// not have becomes boxes.
    pub is_for_own_fonts: bool,
}

/// A number with at most two digits after the point.
fn n(value: f32) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Drawing {
    /// Text of others.
    pub fn escaped(&mut self, text: &str) {
        escape(text, &mut self.out);
    }

    /// A group with a name; `id` may be empty.
    pub fn open(&mut self, id: &str, name: &str) {
        self.out.push_str("<g");
        if !id.is_empty() {
            self.out.push_str(&format!(" id=\"{id}\""));
        }
        self.out.push_str("><title>");
        self.escaped(name);
        self.out.push_str("</title>");
    }

    /// Ends a group.
    pub fn close(&mut self) {
        self.out.push_str("</g>\n");
    }

    /// A filled box; `stroke` may be empty.
    pub fn area(&mut self, area: Area, radius: f32, fill: &str, stroke: &str) {
        let Area { x, y, width, height } = area;
        let (x, y, width, height) = (n(x), n(y), n(width.max(0.0)), n(height.max(0.0)));
        self.out.push_str(&format!("<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{fill}\""));
        if radius > 0.0 {
            self.out.push_str(&format!(" rx=\"{}\"", n(radius)));
        }
        if !stroke.is_empty() {
            self.out.push_str(&format!(" stroke=\"{stroke}\" stroke-width=\"1.25\""));
        }
        self.out.push_str("/>");
    }

    /// A line; `dashes` may be empty.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, color: &str, dashes: &str) {
        let (x1, y1, x2, y2) = (n(from.0), n(from.1), n(to.0), n(to.1));
        let width = n(width);
        self.out.push_str(&format!("<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{color}\" stroke-width=\"{width}\""));
        if !dashes.is_empty() {
            self.out.push_str(&format!(" stroke-dasharray=\"{dashes}\""));
        }
        self.out.push_str("/>");
    }

    /// A line of words, from `x` on. `cuts` are the ends of marks.
    pub fn set(&mut self, setting: &Setting<'_>, line: &Line, at: (f32, f32), color: &str, cuts: &[usize]) {
        let segments = setting.segments(line, cuts);
        let is_drawn = |s: &&Segment| s.font.is_some() || !self.is_for_own_fonts;
        let drawn: Vec<&Segment> = segments.iter().filter(is_drawn).collect();
        let boxed: Vec<&Segment> = segments.iter().filter(|s| !is_drawn(s)).collect();
        if drawn.iter().any(|segment| segment.is_rtl) {
            // Each for itself, since viewers would put them in an order of their own.
            for segment in drawn {
                self.element(setting, &[segment], at, color);
            }
        } else {
            self.element(setting, &drawn, at, color);
        }
        for segment in boxed {
            self.boxes(setting, segment, at, color);
        }
    }

    /// Words on one line, from `x` on.
    pub fn words(&mut self, x: f32, baseline: f32, (face, size): (Face, f32), words: &str, color: &str) {
        let setting = Setting::new(words, face, size);
        self.set(&setting, &setting.one_line(), (x, baseline), color, &[]);
    }

    /// Words on one line that are put in order and measured by whoever draws them, since fonts of others are needed for it.
    /// `anchor` is the part of them that stands at `x`: `start`, `middle` or `end`.
    pub fn whole(
        &mut self,
        (x, baseline): (f32, f32),
        anchor: &str,
        (face, size): (Face, f32),
        words: &str,
        color: &str,
    ) {
        let (class, x, baseline, size) = (face.font().class(), n(x), n(baseline), n(size));
        self.out.push_str(&format!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{baseline}\" font-size=\"{size}\" fill=\"{color}\" \
             text-anchor=\"{anchor}\">"
        ));
        let plain: String = words.chars().map(shown).collect();
        self.escaped(&plain);
        self.out.push_str("</text>");
    }

    fn element(&mut self, setting: &Setting<'_>, segments: &[&Segment], (x, baseline): (f32, f32), color: &str) {
        let words = |s: &Segment| setting.words.get(s.range.clone()).unwrap_or_default();
        if segments.iter().all(|segment| words(segment).trim().is_empty()) {
            return;
        }
        let class = setting.face.font().class();
        let (baseline, size) = (n(baseline), n(setting.size));
        self.out.push_str(&format!("<text class=\"{class}\" y=\"{baseline}\" font-size=\"{size}\" fill=\"{color}\">"));
        for segment in segments {
            let of_font = segment.font.map_or(class, super::faces::Font::class);
            self.out.push_str(&format!("<tspan x=\"{}\"", n(x + segment.left)));
            if of_font != class {
                self.out.push_str(&format!(" class=\"{of_font}\""));
            }
            let words = words(segment);
            // Pictures may be one glyph where ours are several, and would be stretched.
            let is_told = !self.is_for_own_fonts && of_font != "e" && words.chars().nth(1).is_some();
            if is_told && segment.width > 0.0 {
                self.out.push_str(&format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", n(segment.width)));
            }
            self.out.push('>');
            self.escaped(&in_order(words, segment.is_rtl, self.is_for_own_fonts));
            self.out.push_str("</tspan>");
        }
        self.out.push_str("</text>");
    }

    /// Empty boxes for characters that cannot be drawn.
    fn boxes(&mut self, setting: &Setting<'_>, segment: &Segment, (x, baseline): (f32, f32), color: &str) {
        let words = setting.words.get(segment.range.clone()).unwrap_or_default();
        let graphemes: Vec<&str> = words.graphemes(true).filter(|g| !g.chars().all(is_sign)).collect();
        let width = segment.width / graphemes.len().max(1) as f32;
        let size = setting.size;
        for (i, grapheme) in graphemes.iter().enumerate() {
            let place = if segment.is_rtl { graphemes.len() - 1 - i } else { i };
            if grapheme.trim().is_empty() {
                continue;
            }
            let (left, top) = (n(x + segment.left + width * place as f32 + size * 0.06), n(baseline - size * 0.66));
            let (wide, high) = (n((width - size * 0.12).max(0.5)), n(size * 0.66));
            self.out.push_str(&format!(
                "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{high}\" fill=\"none\" stroke=\"{color}\" \
                 stroke-opacity=\"0.5\" stroke-width=\"{}\"/>",
                n(size * 0.045)
            ));
        }
    }
}

/// Words as they are written into the drawing. The order on paper is already known; signs of direction have done their
/// work.
fn in_order(words: &str, is_rtl: bool, is_for_own_fonts: bool) -> String {
    let plain = words.chars().filter(|c| !is_direction(*c)).map(shown);
    if !is_rtl {
        return plain.collect();
    }
    if is_for_own_fonts {
        // Our fonts have nothing of what is written from the right but signs and spaces.
        let plain: String = plain.collect();
        return plain.graphemes(true).rev().flat_map(str::chars).map(mirrored).collect();
    }
    // A viewer finds the place of spaces, brackets and full stops only if it knows the direction.
    let words: String = plain.collect();
    format!("\u{202b}{words}\u{202c}")
}

fn mirrored(c: char) -> char {
    const PAIRS: [(char, char); 6] = [('(', ')'), ('[', ']'), ('{', '}'), ('<', '>'), ('«', '»'), ('‹', '›')];
    PAIRS.iter().find_map(|(a, b)| if c == *a { Some(*b) } else { (c == *b).then_some(*a) }).unwrap_or(c)
}
