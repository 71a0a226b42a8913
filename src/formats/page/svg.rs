//! SVG: the page as a drawing, for papers and slides. Written only.
//!
//! Words stay words, which can be found and read aloud. Each run of them is told how wide it is to be, so that marks stand
//! under their words even where the viewer has other fonts.

use super::drawing::{DARK, Drawing, Ink, LIGHT};
use super::view::View;
use super::{HOLDS, article, losses_of, panels};
use crate::formats::{
    Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Svg;

/// Width of the page, in points.
pub const WIDTH: f32 = 900.0;
/// White around it.
pub const MARGIN: f32 = 44.0;
/// Room for bars and speakers of quotes beside the article.
pub const GUTTER: f32 = 128.0;
/// Where the article begins.
pub const LEFT: f32 = MARGIN + GUTTER;
/// Width of a line of the article.
pub const MEASURE: f32 = WIDTH - 2.0 * MARGIN - GUTTER;

/// Which colours.
pub const THEME: OptionInfo = OptionInfo { name: "theme", help: "light or dark", values: &["light", "dark"] };
/// How much.
pub const SHOW: OptionInfo =
    OptionInfo { name: "show", help: "everything, or the marked text with its legend alone", values: &["all", "text"] };

const OPTIONS: &[OptionInfo] = &[THEME, SHOW];

const STYLE: &str = "text { white-space: pre }\n\
    .t, .h { font-family: 'Charis SIL', 'Noto Serif', Georgia, serif }\n\
    .h { font-weight: 700 }\n\
    .l, .s { font-family: Inter, 'Noto Sans', Helvetica, Arial, sans-serif }\n\
    .s { font-weight: 600 }\n\
    .e { font-family: 'Noto Color Emoji', 'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Emoji', sans-serif; font-weight: 400 }\n";

impl Format for Svg {
    fn info(&self) -> Info {
        Info {
            id: "svg",
            name: "Drawing of the page (SVG)",
            extensions: &["svg"],
            reads: false,
            writes: true,
            joins: Joins::Apart,
            holds: HOLDS,
            unit: Unit::None,
            options: OPTIONS,
        }
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        Err(vec![only_written("SVG")])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let file = |named: &Named<'_>| OutputFile {
            name: format!("{}.svg", named.name).into(),
            bytes: drawn(named, &self.info(), options, false).0.into_bytes(),
        };
        Ok(documents.iter().map(file).collect())
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        losses_of(document, options)
    }
}

/// What is said to somebody who wants to read a picture.
pub fn only_written(name: &str) -> Problem {
    Problem::error("write-only", format!("{name} is only written"), "open the file that the picture was made of")
}

/// A document as a drawing, and how high that is. `is_for_own_fonts`: see [`Drawing`].
pub fn drawn(named: &Named<'_>, info: &Info, options: &Options, is_for_own_fonts: bool) -> (String, f32) {
    let ink = if options.get(info, THEME.name) == "dark" { &DARK } else { &LIGHT };
    draw(&View::new(named), ink, options.get(info, SHOW.name) == "all", is_for_own_fonts)
}

fn draw(view: &View<'_>, ink: &Ink, shows_all: bool, is_for_own_fonts: bool) -> (String, f32) {
    let mut drawing = Drawing { out: String::new(), is_for_own_fonts };
    let mut y = panels::head(&mut drawing, view, ink, MARGIN);
    drawing.out.push('\n');
    y = article::draw(&mut drawing, view, ink, y) + 10.0;
    if shows_all {
        for section in &view.sections {
            y = panels::section(&mut drawing, view, ink, section, y);
        }
    }
    let height = (y + MARGIN - 20.0).ceil();
    (framed(&view.title, (WIDTH, height), ink.paper, &drawing), height)
}

/// A drawing with its title, on paper of this width, height and colour.
pub fn framed(title: &str, (width, height): (f32, f32), paper: &str, drawing: &Drawing) -> String {
    let mut page = Drawing { out: String::new(), is_for_own_fonts: drawing.is_for_own_fonts };
    page.out.push_str(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"document\" aria-labelledby=\"title\" xml:space=\"preserve\">\n<title id=\"title\">"
    ));
    page.escaped(title);
    page.out.push_str("</title>\n<style>\n");
    page.out.push_str(STYLE);
    page.out.push_str(&format!("</style>\n<rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n"));
    page.out.push_str(&drawing.out);
    page.out.push_str("</svg>\n");
    page.out
}
