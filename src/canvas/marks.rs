//! What is marked in one chunk, row by row: the step from annotations to shapes.
//!
//! Coordinates: rows of the chunk's layout; `x` in points from the left edge of the column. Made once per chunk
//! and revision of the document, from the annotations that touch the chunk; painting and picking only read it.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Context, FontId, Galley};

use super::chunks::Chunk;
use super::lanes::{MAX_LANES, TagRequest, assign_lanes, pack_tags};
use super::layout::ChunkLayout;
use super::page::Page;
use crate::limits;
use crate::model::lanes::thinned;
use crate::model::{Anchor, Document, Filler, Id, Part, Quote};
use crate::text::{Span, Spans, visible};
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
    /// Left edge of the next part of a discontinuous mention in the same row.
    pub next_left: Option<f32>,
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
    /// Whether some marks are only counted, because too many lie over one place.
    pub is_crowded: bool,
}

impl ChunkMarks {
    /// Collects the marks of a chunk. Costs what the chunk holds; where more lie over one place than anybody can tell
    /// apart, the longest are only counted, but for those of `kept`.
    pub fn new(
        ctx: &Context,
        page: &Page,
        document: &Document,
        chunk: &Chunk,
        layout: &ChunkLayout,
        kept: Option<&Id>,
    ) -> Self {
        let mut counted = vec![0_usize; layout.rows().len()];
        let mut count = |span: Span| {
            let row = layout.row_of(span.start.max(chunk.span.start).0 - chunk.span.start.0);
            if let Some(count) = counted.get_mut(row) {
                *count += 1;
            }
        };
        let mut anchors = document.span_index().crowd(chunk.span, limits::MARKS_OF_CHUNK, kept, &mut count);
        anchors.retain(|a| !a.span.is_empty());
        thin_out(&mut anchors, kept, &mut count);
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
                    next_left: None,
                });
            }
        }
        fragments.sort_by(|a, b| {
            let key = |f: &Fragment| (f.row, !matches!(f.part, Part::Content), usize::MAX - f.nested);
            key(a).cmp(&key(b)).then(a.left.total_cmp(&b.left))
        });
        connect(document, &mut fragments);
        let mut marks = Self {
            fragments,
            tags: Vec::new(),
            rows: Vec::with_capacity(layout.rows().len()),
            bars: Vec::new(),
            is_crowded: counted.iter().any(|count| *count > 0),
        };
        for row in 0..layout.rows().len() {
            marks.add_row(ctx, page, row);
        }
        for (row, count) in marks.rows.iter_mut().zip(counted) {
            row.hidden += count;
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
                tagged.iter().map(|i| tag_words(ctx, &self.fragments[*i].label, font.clone())).collect();
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

/// Takes out the longest marks where too many lie over one place, and counts them. Quotes, cues and roles are thinned out
/// apart from what is drawn as a box, so that none of them makes another go.
fn thin_out(anchors: &mut Vec<Anchor>, kept: Option<&Id>, count: &mut dyn FnMut(Span)) {
    if anchors.len() <= limits::MARKS_OF_PLACE {
        return;
    }
    let group = |part: Part| if is_box(part) { Part::Mention } else { part };
    for of in [Part::Mention, Part::Content, Part::Cue, Part::Argument] {
        let spans: Vec<Span> = anchors.iter().filter(|a| group(a.part) == of).map(|a| a.span).collect();
        let mut stays = thinned(&spans, limits::MARKS_OF_PLACE).into_iter();
        anchors.retain(|a| {
            let stays = group(a.part) != of || stays.next().unwrap_or(true) || kept == Some(&a.id);
            if !stays && of != Part::Argument {
                count(a.span);
            }
            stays
        });
    }
}

/// Finds the next part of each discontinuous mention in its row.
fn connect(document: &Document, fragments: &mut [Fragment]) {
    /// Which fragment, its left and its right edge.
    type Piece = (usize, f32, f32);
    let mut parts: HashMap<(usize, Id), Vec<Piece>> = HashMap::new();
    for (i, f) in fragments.iter().enumerate().filter(|(_, f)| f.part == Part::Mention) {
        if document.mentions().get(&f.id).is_some_and(|mention| mention.spans.len() > 1) {
            parts.entry((f.row, f.id.clone())).or_default().push((i, f.left, f.right));
        }
    }
    for mut parts in parts.into_values() {
        parts.sort_by(|a, b| a.1.total_cmp(&b.1));
        for (n, (i, _, right)) in parts.iter().enumerate() {
            let next = parts.iter().skip(n + 1).map(|(_, left, _)| *left).find(|left| left > right);
            if let Some(fragment) = fragments.get_mut(*i) {
                fragment.next_left = next;
            }
        }
    }
}

/// A label as a tag shows it.
pub fn tag_words(ctx: &Context, label: &str, font: FontId) -> Arc<Galley> {
    plain(ctx, &visible::line(label, limits::TAG_SHOWN), font, f32::INFINITY)
}

/// Words on one line in no colour, cut with an ellipsis at `width`.
pub fn plain(ctx: &Context, words: &str, font: FontId, width: f32) -> Arc<Galley> {
    let words = visible::line(words, limits::LINE_SHOWN).into_owned();
    let mut job = LayoutJob::single_section(words, TextFormat::simple(font, Color32::PLACEHOLDER));
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
    // The last of each annotation: parts come in the order of the text.
    let mut last: HashMap<(&Id, Part), usize> = HashMap::new();
    let mut group_of: Vec<Option<usize>> = Vec::with_capacity(anchors.len());
    for (i, anchor) in anchors.iter().enumerate() {
        if !matches!(anchor.part, Part::Mention | Part::Cue) {
            group_of.push(None);
            continue;
        }
        let sibling = last
            .get(&(&anchor.id, anchor.part))
            .copied()
            .filter(|s| owners.get(*s).is_some_and(|(_, hull)| anchor.span.end.0.saturating_sub(hull.start.0) < 400));
        match sibling.and_then(|s| owners.get_mut(s).map(|owner| (s, owner))) {
            Some((s, (_, hull))) => {
                hull.end = hull.end.max(anchor.span.end);
                group_of.push(Some(s));
            }
            None => {
                group_of.push(Some(owners.len()));
                last.insert((&anchor.id, anchor.part), owners.len());
                owners.push((i, anchor.span));
            }
        }
    }
    let lanes = assign_lanes(&owners.iter().map(|(_, hull)| *hull).collect::<Vec<_>>());
    group_of.into_iter().map(|group| group.and_then(|g| lanes.get(g).copied())).collect()
}

/// Which of the spans of its part an anchor is.
fn index_of(document: &Document, anchor: &Anchor) -> usize {
    let position = |spans: Option<&Spans>| match spans {
        // In the order of the text.
        Some(many) if many.len() > 32 => Some(many.partition_point(|span| *span < anchor.span)),
        spans => spans.and_then(|s| s.iter().position(|span| *span == anchor.span)),
    };
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
            name.or_else(|| Some(document.brief_of(id)))
        }
        Filler::Event(id) => Some(document.brief_of(id)),
        Filler::Span(spans) => Some(document.text().brief(spans, crate::limits::LINE_SHOWN)),
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
