//! What is marked in one chunk, row by row: the step from annotations to shapes.
//!
//! Coordinates: rows of the chunk's layout; `x` in points from the left edge of the column. Made once per chunk
//! and revision of the document, from the annotations that touch the chunk; painting and picking only read it.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Context, FontId, Galley};

use super::chunks::Chunk;
use super::lanes::{MAX_LANES, TagRequest, assign_lanes, pack_tags};
use super::layout::ChunkLayout;
use super::page::Page;
use crate::model::{Anchor, Document, Filler, Id, Part, Quote};
use crate::text::{Span, Spans};
use crate::theme::{self, size};

/// White to the left and right of the words in a trigger's tag.
pub const PILL_PADDING: f32 = 4.0;
/// How far a trigger's tag may begin behind its word: several events may share a short one, and a chip without
/// its type says little.
const SHARED_TRIGGER: f32 = 60.0;

/// The part of an annotation's span that stands in one row.
#[derive(Clone, Debug)]
pub struct Fragment {
    /// Whose.
    pub id: Id,
    /// Its label, type or kind.
    pub label: String,
    /// Which part of the annotation.
    pub part: Part,
    /// The whole span that this is a piece of.
    pub span: Span,
    /// Which of the part's spans that is.
    pub index: usize,
    /// Row of the chunk.
    pub row: usize,
    /// Left edge of the words.
    pub left: f32,
    /// Right edge of the words.
    pub right: f32,
    /// Whether the span begins here.
    pub starts: bool,
    /// Whether the span ends here.
    pub ends: bool,
    /// Lane of its underline; `None` if it has none, or if there are too many.
    pub lane: Option<usize>,
    /// How many marks lie nested inside it.
    pub nested: usize,
}

/// A tag under a row.
#[derive(Clone, Debug)]
pub struct Tag {
    /// Which of [`ChunkMarks::fragments`].
    pub fragment: usize,
    /// Left edge of its words; `None` where there is no room.
    pub x: Option<f32>,
    /// The words, without colour.
    pub galley: Arc<Galley>,
}

/// What is marked in one row.
#[derive(Clone, Debug, Default)]
pub struct RowMarks {
    /// Its part of [`ChunkMarks::fragments`], outer before inner.
    pub fragments: Range<usize>,
    /// Its part of [`ChunkMarks::tags`], from left to right.
    pub tags: Range<usize>,
    /// The deepest lane in use.
    pub deepest: Option<usize>,
    /// How many marks have no lane because there are too many.
    pub hidden: usize,
}

/// The bar of a quote in the gutter.
#[derive(Clone, Debug)]
pub struct QuoteBar {
    /// Whose.
    pub id: Id,
    /// Distance from the text: 0 is nearest.
    pub lane: usize,
    /// First and last row.
    pub rows: (usize, usize),
    /// Whether a part of the quote begins here, and so the speaker is named.
    pub starts: bool,
    /// Whether the speaker is known.
    pub has_speaker: bool,
    /// The speaker's name, without colour.
    pub name: Arc<Galley>,
    /// The kind of quote, without colour.
    pub kind: Arc<Galley>,
}

/// Everything marked in one chunk.
#[derive(Clone, Debug, Default)]
pub struct ChunkMarks {
    /// By row, outer before inner.
    pub fragments: Vec<Fragment>,
    /// By row, from left to right.
    pub tags: Vec<Tag>,
    /// One per row of the layout.
    pub rows: Vec<RowMarks>,
    /// Bars of quotes.
    pub bars: Vec<QuoteBar>,
}

impl ChunkMarks {
    /// Collects the marks of a chunk. Costs what the chunk holds.
    pub fn new(ctx: &Context, page: &Page, document: &Document, chunk: &Chunk, layout: &ChunkLayout) -> Self {
        let mut anchors = document.span_index().touching(chunk.span);
        anchors.retain(|a| !a.span.is_empty());
        // Triggers first, so that of two equal spans the trigger's chip lies inside.
        anchors.sort_by_key(|a| (a.part != Part::Trigger, a.span.start, a.span.end));
        let lanes = lanes_of(&anchors);
        let nested = assign_lanes(
            &anchors
                .iter()
                .map(|a| if is_box(a.part) { a.span } else { Span::empty(a.span.start) })
                .collect::<Vec<_>>(),
        );
        let mut fragments = Vec::new();
        for ((anchor, lane), nested) in anchors.iter().zip(lanes).zip(nested) {
            let Some(shown) = anchor.span.intersect(chunk.span) else {
                continue;
            };
            let bytes = shown.start.0 - chunk.span.start.0..shown.end.0 - chunk.span.start.0;
            let parts = layout.byte_range_rects(bytes);
            let last = parts.len().saturating_sub(1);
            for (i, part) in parts.iter().enumerate() {
                fragments.push(Fragment {
                    id: anchor.id.clone(),
                    label: document.label_of(&anchor.id).to_owned(),
                    part: anchor.part,
                    span: anchor.span,
                    index: index_of(document, anchor),
                    row: part.row,
                    left: part.left,
                    right: part.right,
                    starts: i == 0 && shown.start == anchor.span.start,
                    ends: i == last && shown.end == anchor.span.end,
                    lane,
                    nested,
                });
            }
        }
        fragments.sort_by(|a, b| {
            let key = |f: &Fragment| (f.row, !matches!(f.part, Part::Content), usize::MAX - f.nested);
            key(a).cmp(&key(b)).then(a.left.total_cmp(&b.left))
        });
        let mut marks =
            Self { fragments, tags: Vec::new(), rows: Vec::with_capacity(layout.rows().len()), bars: Vec::new() };
        for row in 0..layout.rows().len() {
            marks.add_row(ctx, page, row);
        }
        marks.bars = bars(ctx, page, document, &marks.fragments);
        marks
    }

    /// The fragments of a row, outer before inner.
    pub fn row(&self, row: usize) -> &[Fragment] {
        self.rows.get(row).and_then(|r| self.fragments.get(r.fragments.clone())).unwrap_or_default()
    }

    /// The tags of a row, from left to right, each with its fragment.
    pub fn tags_of(&self, row: usize) -> impl Iterator<Item = (&Tag, &Fragment)> {
        let tags = self.rows.get(row).and_then(|r| self.tags.get(r.tags.clone())).unwrap_or_default();
        tags.iter().filter_map(|tag| Some((tag, self.fragments.get(tag.fragment)?)))
    }

    fn add_row(&mut self, ctx: &Context, page: &Page, row: usize) {
        let first = self.fragments.partition_point(|f| f.row < row);
        let last = self.fragments.partition_point(|f| f.row <= row);
        let here = self.fragments.get(first..last).unwrap_or_default();
        let deepest = here.iter().filter_map(|f| f.lane).filter(|lane| *lane < MAX_LANES).max();
        let hidden = here.iter().filter(|f| f.lane.is_some_and(|lane| lane >= MAX_LANES)).count();
        let from = self.tags.len();
        if page.key.show_tags {
            let mut tagged: Vec<usize> =
                (first..last).filter(|i| self.fragments.get(*i).is_some_and(has_tag)).collect();
            // Outer before inner where two begin together (the order they already have).
            tagged.sort_by(|a, b| self.fragments[*a].left.total_cmp(&self.fragments[*b].left));
            let font = page.tag_font();
            let galleys: Vec<Arc<Galley>> =
                tagged.iter().map(|i| plain(ctx, &self.fragments[*i].label, font.clone(), f32::INFINITY)).collect();
            let requests: Vec<TagRequest> = tagged
                .iter()
                .zip(&galleys)
                .map(|(i, galley)| {
                    let fragment = &self.fragments[*i];
                    let is_trigger = fragment.part == Part::Trigger;
                    let (padding, slack) = if is_trigger { (2.0 * PILL_PADDING, SHARED_TRIGGER) } else { (0.0, 0.0) };
                    let (left, right) = (fragment.left, fragment.right + slack);
                    TagRequest { left, right, width: galley.size().x + padding }
                })
                .collect();
            let limit = page.column.span() + (page.view.max.x - page.column.max - 4.0).clamp(0.0, 40.0);
            let places = pack_tags(&requests, 6.0, limit);
            let tags = tagged.into_iter().zip(places).zip(galleys);
            self.tags.extend(tags.map(|((fragment, x), galley)| Tag { fragment, x, galley }));
        }
        self.rows.push(RowMarks { fragments: first..last, tags: from..self.tags.len(), deepest, hidden });
    }
}

/// Words on one line in no colour, cut with an ellipsis at `width`.
pub fn plain(ctx: &Context, words: &str, font: FontId, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::single_section(words.to_owned(), TextFormat::simple(font, Color32::PLACEHOLDER));
    job.break_on_newline = false;
    if width.is_finite() {
        job.wrap = TextWrapping { max_width: width.max(1.0), max_rows: 1, break_anywhere: true, ..Default::default() };
    }
    ctx.fonts_mut(|fonts| fonts.layout_job(job))
}

/// Whether the part is drawn as a fill behind the words.
fn is_box(part: Part) -> bool {
    matches!(part, Part::Mention | Part::Trigger)
}

fn has_tag(fragment: &Fragment) -> bool {
    fragment.starts && fragment.index == 0 && is_box(fragment.part)
}

/// Lanes of mentions and cues. The parts of a discontinuous mention share a lane, and nothing else lies on the
/// line that connects them.
fn lanes_of(anchors: &[Anchor]) -> Vec<Option<usize>> {
    let mut owners: Vec<(usize, Span)> = Vec::new();
    let mut group_of: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    for (i, anchor) in anchors.iter().enumerate() {
        if !matches!(anchor.part, Part::Mention | Part::Cue) {
            group_of.push(None);
            continue;
        }
        let sibling = owners.iter().rposition(|(first, hull)| {
            let same = anchors.get(*first).is_some_and(|a| a.id == anchor.id && a.part == anchor.part);
            same && anchor.span.end.0.saturating_sub(hull.start.0) < 400
        });
        match sibling.and_then(|s| owners.get_mut(s).map(|owner| (s, owner))) {
            Some((s, (_, hull))) => {
                hull.end = hull.end.max(anchor.span.end);
                group_of.push(Some(s));
            }
            None => {
                group_of.push(Some(owners.len()));
                owners.push((i, anchor.span));
            }
        }
    }
    let lanes = assign_lanes(&owners.iter().map(|(_, hull)| *hull).collect::<Vec<_>>());
    group_of.into_iter().map(|group| group.and_then(|g| lanes.get(g).copied())).collect()
}

/// Which of the spans of its part an anchor is.
fn index_of(document: &Document, anchor: &Anchor) -> usize {
    let position = |spans: Option<&Spans>| spans.and_then(|s| s.iter().position(|span| *span == anchor.span));
    let found = match anchor.part {
        Part::Mention => position(document.mentions().get(&anchor.id).map(|m| &m.spans)),
        Part::Trigger => position(document.events().get(&anchor.id).map(|e| &e.trigger)),
        Part::Content => position(document.quotes().get(&anchor.id).map(|q| &q.content)),
        Part::Cue => position(document.quotes().get(&anchor.id).and_then(|q| q.cue.as_ref())),
        Part::Argument => None,
    };
    found.unwrap_or(0)
}

/// The name by which a quote's speaker is shown.
pub fn speaker_name(document: &Document, quote: &Quote) -> Option<String> {
    match quote.speaker.as_ref()? {
        Filler::Mention(id) => {
            let entity = document.mentions().get(id)?.entity.as_ref();
            let name = entity.and_then(|e| document.entities().get(e)).map(|e| e.name.clone());
            name.or_else(|| Some(document.excerpt_of(id)))
        }
        Filler::Event(id) => Some(document.excerpt_of(id)),
        Filler::Span(spans) => Some(document.text().excerpt(spans)),
        Filler::Implicit(words) => Some(words.clone()),
    }
}

fn bars(ctx: &Context, page: &Page, document: &Document, fragments: &[Fragment]) -> Vec<QuoteBar> {
    let mut found: Vec<(Id, usize, usize, bool)> = Vec::new();
    for fragment in fragments.iter().filter(|f| f.part == Part::Content) {
        match found.iter_mut().rev().find(|(id, _, last, _)| *id == fragment.id && fragment.row <= *last + 1) {
            Some((_, _, last, starts)) => {
                *last = (*last).max(fragment.row);
                *starts |= fragment.starts;
            }
            None => found.push((fragment.id.clone(), fragment.row, fragment.row, fragment.starts)),
        }
    }
    let rows: Vec<Span> = found.iter().map(|(_, first, last, _)| Span::of(*first as u32, *last as u32 + 1)).collect();
    let width = page.gutter().span() - 14.0;
    let bar = |((id, first, last, starts), lane): ((Id, usize, usize, bool), usize)| {
        let quote = document.quotes().get(&id)?;
        let speaker = speaker_name(document, quote);
        let name = speaker.as_deref().unwrap_or("no speaker");
        Some(QuoteBar {
            lane,
            rows: (first, last),
            starts,
            has_speaker: speaker.is_some(),
            name: plain(
                ctx,
                name,
                if speaker.is_some() { theme::semibold(size::SMALL) } else { theme::medium(size::SMALL) },
                width,
            ),
            kind: plain(ctx, &quote.kind, FontId::proportional(size::TAG), width),
            id,
        })
    };
    found.into_iter().zip(assign_lanes(&rows)).filter_map(bar).collect()
}
