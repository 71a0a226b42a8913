//! The pictures of the statistics: what is drawn, and the table beside it.
//!
//! A [`Figure`] knows nothing of how it is drawn. The window draws it with its own widgets, [`picture`] as PNG, and both
//! take colours from the same [`Ink`]. Everything in it leads to the documents behind it.

mod events;
mod ink;
mod labels;
mod load;
pub mod picture;
mod speech;
mod split;
mod table;
mod time;
mod together;

use ecow::EcoString;
use strum::{EnumIter, IntoStaticStr};

pub use ink::{Ink, Paint};
pub use table::{Cell, Column, Row, Table};

use super::behind::Within;
use super::{Behind, Figures, Period};

/// The figures that there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
pub enum Section {
    /// Marks by label, and by document.
    #[default]
    #[strum(serialize = "Labels")]
    Labels,
    /// Marks by when articles were published, and when marks were made.
    #[strum(serialize = "Over time")]
    Time,
    /// Events by type, and the roles that are filled.
    #[strum(serialize = "Events and roles")]
    Events,
    /// Quotes by speaker, and by who is mentioned.
    #[strum(serialize = "Who speaks about whom")]
    Speech,
    /// Pairs of entities.
    #[strum(serialize = "Entities together")]
    Together,
    /// Labels of the parts of a dataset.
    #[strum(serialize = "Split")]
    Split,
    /// Marks against length.
    #[strum(serialize = "Length and density")]
    Load,
}

impl Section {
    /// As the window calls it.
    pub fn title(self) -> &'static str {
        self.into()
    }
}

/// What is seen of a section. Each section looks at what concerns it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Show {
    /// Which section.
    pub section: Section,
    /// The second of two views: documents instead of labels, when marks were made instead of when articles were
    /// published, roles instead of types, who is mentioned instead of speakers, documents instead of sentences.
    pub is_second: bool,
    /// How much time makes a column; `None` = as it fits.
    pub period: Option<Period>,
}

impl Show {
    /// What the two views of its section are called; `None` if it has one.
    pub fn views(self) -> Option<[&'static str; 2]> {
        match self.section {
            Section::Labels => Some(["By label", "By document"]),
            Section::Time => Some(["Articles published", "Marks made"]),
            Section::Events => Some(["By type", "By role"]),
            Section::Speech => Some(["Speakers", "About whom"]),
            Section::Together => Some(["In a sentence", "In a document"]),
            Section::Split | Section::Load => None,
        }
    }

    /// A name for files: `labels-by-label`.
    pub fn file_name(self) -> String {
        let view = self.views().map(|[first, second]| if self.is_second { second } else { first });
        let words: Vec<&str> = std::iter::once(self.section.title()).chain(view).collect();
        words.join(" ").to_lowercase().replace(' ', "-")
    }

    fn within(self) -> Within {
        if self.is_second { Within::Document } else { Within::Sentence }
    }
}

/// A plot and its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// What it shows.
    pub title: String,
    /// What has to be known to read it, in a sentence or two.
    pub note: String,
    /// What is drawn.
    pub plot: Plot,
    /// The same in numbers; more than the plot where that would be crowded.
    pub table: Table,
}

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Plot {
    /// Nothing, for this reason.
    Empty(Empty),
    /// A bar from the left for each thing.
    Bars(Bars),
    /// Columns side by side along an axis.
    Columns(Columns),
    /// A cell for each of two things.
    Grid(Grid),
    /// Points on a plane.
    Points(Points),
}

/// Why there is nothing to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Empty {
    /// What is missing.
    pub what: &'static str,
    /// What would change that.
    pub hint: &'static str,
}

/// A part of bars or columns, as the legend calls it.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// What it is.
    pub name: String,
    /// How it is drawn, where its parts are all drawn in the same way.
    pub ink: Ink,
}

/// A piece of a bar or column; the next one begins where it ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// How much.
    pub value: f64,
    /// How it is drawn.
    pub ink: Ink,
    /// What it says when the pointer rests on it.
    pub says: String,
    /// The documents behind it.
    pub behind: Behind,
}

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub name: EcoString,
    /// Its value in words, at its end.
    pub told: String,
    /// From the left.
    pub pieces: Vec<Piece>,
}

/// A bar for each thing, from above.
#[derive(Clone, Debug, PartialEq)]
pub struct Bars {
    /// What is measured.
    pub axis: &'static str,
    /// Whether values are shares between 0 and 1.
    pub is_share: bool,
    /// The pieces, if there are several.
    pub legend: Vec<Series>,
    /// The bars.
    pub bars: Vec<Bar>,
    /// Values where a line is drawn through all bars.
    pub lines: Vec<f64>,
    /// Things that the table has and the plot does not.
    pub left_out: usize,
}

/// What the axis of columns is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// Days, in columns of this much time.
    Time(Period),
    /// Numbers of this.
    Numbers(&'static str),
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Upright {
    /// Where it begins and ends on the axis: days, or numbers.
    pub from_to: (f64, f64),
    /// What it is of.
    pub name: String,
    /// From below.
    pub pieces: Vec<Piece>,
}

/// Columns side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// Along which axis.
    pub along: Along,
    /// What is measured.
    pub axis: &'static str,
    /// The pieces, if there are several.
    pub legend: Vec<Series>,
    /// In the order of the axis.
    pub columns: Vec<Upright>,
}

/// A cell of a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    /// Row and column.
    pub at: (usize, usize),
    /// How much.
    pub value: u64,
    /// What it says when the pointer rests on it.
    pub says: String,
    /// The documents behind it.
    pub behind: Behind,
}

/// A cell for each of two things; none where there is nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Grid {
    /// What the rows are, and the columns.
    pub axes: [&'static str; 2],
    /// Names of rows, from above.
    pub rows: Vec<EcoString>,
    /// Names of columns, from the left.
    pub columns: Vec<EcoString>,
    /// What is there.
    pub tiles: Vec<Tile>,
}

/// What a point stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// What is usual; a disc.
    Usual,
    /// Far above; a triangle up.
    Above,
    /// Far below; a triangle down.
    Below,
    /// What is not compared; a ring.
    Apart,
}

/// A point.
#[derive(Clone, Debug, PartialEq)]
pub struct Dot {
    /// Where.
    pub at: (f64, f64),
    /// How many documents it stands for.
    pub count: u32,
    /// What they are.
    pub shape: Shape,
    /// What it says when the pointer rests on it.
    pub says: String,
    /// A name that stands beside it; empty for most.
    pub name: String,
    /// The documents behind it.
    pub behind: Behind,
}

/// Points on a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// What is to the right, and upwards.
    pub axes: [&'static str; 2],
    /// The points.
    pub dots: Vec<Dot>,
    /// The middle of what is usual, and from – to, upwards.
    pub usual: Option<(f64, (f64, f64))>,
}

/// Nothing was fed, or nothing was chosen.
const NO_DOCUMENTS: Empty =
    Empty { what: "There is no document to count", hint: "Choose another annotator or status, or add documents" };
/// Nobody has marked anything.
const NO_MARKS: Empty = Empty { what: "Nothing is marked yet", hint: "Marks are counted as soon as they are saved" };

impl Figure {
    /// The figure of a section.
    pub fn of(figures: &Figures, show: Show) -> Self {
        let figure = match show.section {
            Section::Labels => labels::figure(figures, show),
            Section::Time => time::figure(figures, show),
            Section::Events => events::figure(figures, show),
            Section::Speech => speech::figure(figures, show),
            Section::Together => together::figure(figures, show),
            Section::Split => split::figure(figures),
            Section::Load => load::figure(figures),
        };
        let empty = match (figures.documents, figures.marks.total()) {
            (0, _) => NO_DOCUMENTS,
            (_, 0) => NO_MARKS,
            _ => return figure,
        };
        Self { plot: Plot::Empty(empty), table: Table { rows: Vec::new(), ..figure.table }, ..figure }
    }
}

/// `1 mark`, `2,000 marks`.
pub fn counted(count: u64, what: &str) -> String {
    format!("{} {what}{}", number(count), if count == 1 { "" } else { "s" })
}

/// `1,234,567`.
pub fn number(n: u64) -> String {
    let digits = n.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(",")
}

/// `12.3 %`.
pub fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

#[cfg(test)]
mod tests;
