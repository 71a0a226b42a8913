//! What a screen reader says by itself: the annotation that the caret has come to.
//!
//! Draws nothing. The node is there always; programs that listen speak when its text changes.

use egui::accesskit::{Live, Role};
use egui::{Id as WidgetId, Rect, Sense, Ui, UiBuilder};

use super::View;
use crate::app::filling::speaker_name;
use crate::canvas::{Reader, TextSelection};
use crate::model::{Document, Id, Kind, Part};
use crate::text::{BytePos, Span};

/// Adds the node.
pub fn status_ui(ui: &mut Ui, view: &View<'_>, selection: &TextSelection) {
    let id = WidgetId::unique("live status");
    let rect = Rect::from_min_size(ui.max_rect().min, egui::vec2(1.0, 1.0));
    let builder = UiBuilder::new().scope_id(id).accessibility_role(Role::Status);
    let node = ui.new_child(builder.max_rect(rect).sense(Sense::hover()));
    if !ui.ctx().has_accesskit_node(node.unique_id()) {
        return;
    }
    let text = said(view.document, view.selected, selection);
    ui.ctx().accesskit_node_builder(node.unique_id(), |node| {
        node.set_role(Role::Status);
        node.set_live(Live::Polite);
        node.set_value(text);
    });
}

/// Gives the article the same words as its description, for those who ask what has the keyboard instead of waiting to be
/// told.
pub fn describe_article(ctx: &egui::Context, view: &View<'_>, selection: &TextSelection) {
    if !ctx.has_accesskit_node(Reader::id()) {
        return;
    }
    let text = said(view.document, view.selected, selection);
    if !text.is_empty() {
        ctx.accesskit_node_builder(Reader::id(), |node| node.set_description(text));
    }
}

/// The selected annotation, else the innermost one at the caret; with what is around it.
fn said(document: &Document, selected: Option<&Id>, selection: &TextSelection) -> String {
    let at = selected.cloned().or_else(|| innermost(document, selection.head));
    let Some(id) = at else { return String::new() };
    let mut parts = vec![format!("{}: {}", document.label_of(&id), document.brief_of(&id))];
    let mention = document.mentions().get(&id);
    let entity = mention.and_then(|m| m.entity.as_ref()).and_then(|id| document.entities().get(id));
    if let Some(entity) = entity.filter(|entity| entity.name != document.brief_of(&id)) {
        parts.push(format!("refers to {}", entity.name));
    }
    if let Some(place) = document.spans_of(&id).first().map(|span| span.start)
        && let Some(quote) = around(document, place).filter(|quote| *quote != id)
    {
        let speaker = document.quotes().get(&quote).and_then(|quote| quote.speaker.as_ref());
        parts.push(match speaker {
            Some(speaker) => format!("in quote of {}", speaker_name(document, speaker)),
            None => "in quote".to_owned(),
        });
    }
    parts.join(", ")
}

/// Of so many annotations at a position one is chosen; where there are more, of the shortest.
const CROWD: usize = 1_000;

/// The shortest mention, trigger or quotation at a position.
pub fn innermost(document: &Document, at: BytePos) -> Option<Id> {
    // Of a crowd the shortest do.
    let touching = document.span_index().crowd(Span::empty(at), CROWD, None, &mut |_| ());
    let own = touching.into_iter().filter(|a| matches!(a.part, Part::Mention | Part::Trigger | Part::Content));
    own.min_by_key(|anchor| (anchor.span.len(), anchor.id.clone())).map(|anchor| anchor.id.clone())
}

/// The shortest quotation at a position.
fn around(document: &Document, at: BytePos) -> Option<Id> {
    let touching = document.span_index().crowd(Span::empty(at), CROWD, None, &mut |_| ());
    let quotes = touching
        .into_iter()
        .filter(|anchor| anchor.part == Part::Content && document.kind_of(&anchor.id) == Some(Kind::Quote));
    quotes.min_by_key(|anchor| anchor.span.len()).map(|anchor| anchor.id.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::test_support::{mention, quote};
    use crate::model::{Filler, Header};
    use crate::text::Text;

    #[test]
    fn the_annotation_at_the_caret_is_said_with_the_quote_around_it() {
        let text = "\u{201c}I trust Anna\u{201d}, Bob said.";
        let mut doc = Document::new(Text::new(text).expect("short"), Header::default());
        let at = |word: &str| text.find(word).expect("there") as u32;
        let span = |word: &str| (at(word), at(word) + word.len() as u32);
        doc.mentions.insert("m1".into(), mention("m1", "Person", &[span("Anna")]));
        doc.mentions.insert("m2".into(), mention("m2", "Person", &[span("Bob")]));
        let mut quoted = quote("q1", "direct", &[(0, at(", Bob"))]);
        quoted.speaker = Some(Filler::Mention("m2".into()));
        doc.quotes.insert("q1".into(), quoted);
        doc.reindex();
        let said_at = |word: &str| said(&doc, None, &TextSelection::caret(BytePos(at(word))));
        assert_eq!(said_at("Anna"), "Person: Anna, in quote of Bob");
        assert_eq!(said_at("Bob"), "Person: Bob");
        assert_eq!(said_at("trust"), format!("direct: {}", doc.excerpt_of(&"q1".into())));
        assert_eq!(said_at("said"), "");
        assert_eq!(said(&doc, Some(&"m1".into()), &TextSelection::caret(BytePos(at("said")))), said_at("Anna"));
    }
}
