//! PNG: the drawing as a picture, in the fonts of the program. Written only; other fonts are not asked for, so that the
//! picture is the same on every machine.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::{Arc, LazyLock};

use png::{BitDepth, ColorType, Encoder, PixelDimensions, Unit as PixelUnit};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{self, Tree};

use super::faces::{Font, has_glyph};
use super::other_fonts::OtherFont;
use super::svg::{SHOW, THEME, WIDTH, drawn, only_written};
use super::view::View;
use super::{HOLDS, losses_of};
use crate::formats::{
    Format, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Treatment, Unit,
    WriteError,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Png;

const NAME: &str = "Picture of the page (PNG)";

const OPTIONS: &[OptionInfo] =
    &[THEME, SHOW, OptionInfo { name: "scale", help: "pixels for each point", values: &["2", "1", "3"] }];

/// Higher pictures are not opened by other programs.
const HIGHEST: f32 = 65_500.0;
/// As many rows are in memory at a time.
const STRIP: u32 = 1024;
/// Points of the page to an inch, so that the picture has its size on paper whatever its scale.
const POINTS_PER_METRE: f32 = 96.0 / 0.0254;

static FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in Font::ALL {
        fonts.load_font_source(Source::Binary(Arc::new(font.bytes())));
    }
    fonts.set_serif_family("Charis SIL");
    fonts.set_sans_serif_family("Inter");
    Arc::new(fonts)
});

impl Format for Png {
    fn info(&self) -> Info {
        Info {
            id: "png",
            name: NAME,
            extensions: &["png"],
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
        Err(vec![only_written("PNG")])
    }

    fn write(&self, documents: &[Named<'_>], options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let scale: f32 = options.get(&self.info(), "scale").parse().unwrap_or(1.0);
        let file = |named: &Named<'_>| {
            let (svg, height) = drawn(named, &self.info(), options, true);
            let bytes = picture(&svg, (WIDTH, height), scale).map_err(|reason| WriteError::Unwritable {
                format: NAME,
                name: named.name.to_owned(),
                reason,
            })?;
            Ok(OutputFile { name: format!("{}.png", named.name).into(), bytes })
        };
        documents.iter().map(file).collect()
    }

    fn losses(&self, document: &Document, options: &Options) -> Vec<Loss> {
        let mut losses = losses_of(document, options);
        let named = Named { name: "", document, schema: None };
        let missing: BTreeSet<char> =
            words_of(&View::new(&named)).flat_map(str::chars).filter(|c| !has_glyph(*c)).collect();
        if let Some(first) = missing.first() {
            let (n, s) = (missing.len(), if missing.len() == 1 { "" } else { "s" });
            let what = format!(
                "{n} character{s} that the program's fonts do not have ({first}) are shown as boxes; svg and html have them"
            );
            losses.insert(0, Loss::whole(Treatment::Altered, what));
        }
        losses
    }
}

/// Everything that the page says.
fn words_of<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a str> {
    let facts = view.facts.iter().map(|(_, value)| value.as_str());
    let labels = view.legend.iter().flat_map(|group| &group.items).map(|item| item.label.as_str());
    let cards = view.sections.iter().flat_map(|section| &section.cards).flat_map(|card| {
        let rows = card.rows.iter().flat_map(|row| {
            let values = row.values.iter().flat_map(|value| [value.words.as_str(), value.more.as_str()]);
            values.chain([row.name.as_str()])
        });
        rows.chain([card.tag.as_str(), card.head.words.as_str()])
    });
    [view.document.text().as_str(), view.title.as_str()].into_iter().chain(facts).chain(labels).chain(cards)
}

/// Draws a drawing of this width and height in the fonts of the program; see [`picture_with`].
///
/// # Errors
/// As [`picture_with`].
pub fn picture(svg: &str, size: (f32, f32), scale: f32) -> Result<Vec<u8>, String> {
    picture_with(svg, size, scale, &[])
}

/// Draws a drawing of this width and height, strip by strip: the memory does not grow with the article. What is drawn
/// must cover everything. What the fonts of the program do not have is drawn in the others, the first one that has it.
///
/// # Errors
/// In words, if it would be higher than other programs open, or is no drawing.
pub fn picture_with(
    svg: &str,
    (width, height): (f32, f32),
    scale: f32,
    others: &[OtherFont],
) -> Result<Vec<u8>, String> {
    let (wide, high) = ((width * scale).ceil(), (height * scale).ceil());
    if high > HIGHEST {
        let hint = if height <= HIGHEST { "scale=1, show=text" } else { "show=text" };
        let most = format!("{HIGHEST} are the most that other programs open");
        return Err(format!("it would be {high} pixels high, and {most}; choose {hint}, or the formats svg or html"));
    }
    let (wide, high) = (wide as u32, high as u32);
    let mut fontdb = FONTS.clone();
    if !others.is_empty() {
        let fonts = Arc::make_mut(&mut fontdb);
        for font in others {
            font.load(fonts);
        }
    }
    let options = usvg::Options { fontdb, font_family: "Charis SIL".into(), ..usvg::Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, wide, high);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let per_metre = (POINTS_PER_METRE * scale).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: PixelUnit::Meter }));
    let mut writer = encoder.write_header().map_err(|error| error.to_string())?;
    let mut stream = writer.stream_writer().map_err(|error| error.to_string())?;
    let mut strip = Pixmap::new(wide, STRIP.min(high)).ok_or("it is empty")?;
    let mut rows = Vec::new();
    for top in (0..high).step_by(STRIP as usize) {
        strip.fill(Color::WHITE);
        let placed = Transform::from_scale(scale, scale).post_translate(0.0, -(top as f32));
        resvg::render(&tree, placed, &mut strip.as_mut());
        rows.clear();
        // The paper covers everything, so no pixel lets anything through.
        let seen = wide as usize * STRIP.min(high - top) as usize;
        rows.extend(strip.pixels().iter().take(seen).flat_map(|p| [p.red(), p.green(), p.blue()]));
        stream.write_all(&rows).map_err(|error| error.to_string())?;
    }
    stream.finish().map_err(|error| error.to_string())?;
    writer.finish().map_err(|error| error.to_string())?;
    Ok(bytes)
}
