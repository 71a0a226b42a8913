//! What can be set of an annotation or of the document: its fields, and the values that the schema offers for them.
//!
//! Knows the model and the schema; which field is shown where is the inspector's business.

use strum::IntoEnumIterator as _;

use super::App;
use super::action::{Action, Slot};
use super::dialog::Dialog;
use super::filling::{has_room, slots};
use crate::edit::Intent;
use crate::model::schema::{AttributeKind, AttributeType};
use crate::model::{AttributeValue, Attributes, Document, Id, Kind, Part, Schema, Status};
use crate::text::Spans;
use crate::text::quoted;
use crate::ui::dialogs::set_field::FieldSearch;

/// A field that text is typed into.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The name of an entity.
    Name(Id),
    /// The aliases of an entity, separated by `;`.
    Aliases(Id),
    /// The identifier of an entity in a knowledge base.
    Link(Id),
    /// The note on an annotation or entity.
    Note(Id),
    /// An attribute whose value is text.
    Attribute(Id, String),
    /// Title, source, date or language of the article, by the field's name on screen.
    Metadata(&'static str),
    /// Who annotates.
    Annotator,
    /// The note on the document.
    DocumentNote,
}

/// The fields of the article's metadata, in the order of the inspector.
pub const METADATA: [&str; 4] = ["Title", "Source", "Published", "Language"];

/// Something that can be set, in one line.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What it is: `polarity: negative`, `Note…`.
    pub name: String,
    /// What it means.
    pub explanation: String,
    /// Whether it is so already; choosing it again takes it away.
    pub is_set: bool,
    /// What choosing it asks for.
    pub action: Action,
}

impl Offer {
    fn edit(name: String, explanation: &str, is_set: bool, intent: Intent) -> Self {
        Self { name, explanation: explanation.to_owned(), is_set, action: Action::Edit(intent) }
    }

    fn type_in(name: impl Into<String>, explanation: &str, field: Field) -> Self {
        let action = Action::TypeIn(field);
        Self { name: name.into(), explanation: explanation.to_owned(), is_set: false, action }
    }
}

/// The names of the attributes that the schema gives to an annotation, and those that it has; `None` for entities and
/// what is not in the document.
pub fn attributes_of<'a>(
    document: &'a Document,
    schema: &'a Schema,
    id: &Id,
) -> Option<(&'a [String], &'a Attributes)> {
    let label = document.label_of(id);
    Some(match document.kind_of(id)? {
        Kind::Mention => {
            (schema.mention(label).map_or(&[], |m| &m.attributes), &document.mentions().get(id)?.attributes)
        }
        Kind::Event => (schema.event(label).map_or(&[], |e| &e.attributes), &document.events().get(id)?.attributes),
        Kind::Quote => (schema.quotes.as_ref().map_or(&[], |q| &q.attributes), &document.quotes().get(id)?.attributes),
        Kind::Relation => {
            (schema.relation(label).map_or(&[], |r| &r.attributes), &document.relations().get(id)?.attributes)
        }
        Kind::Entity => return None,
    })
}

/// The value of an attribute of several values after one of them was chosen, or chosen again: in the order of the
/// schema, so that files do not depend on the order of clicks. `None` when nothing is left.
pub fn toggled(attribute: &AttributeType, chosen: &[String], value: &str) -> Option<AttributeValue> {
    let is_on = chosen.iter().any(|known| known == value);
    let mut next: Vec<String> = chosen.iter().filter(|known| *known != value).cloned().collect();
    if !is_on {
        next.push(value.to_owned());
        next.sort_by_key(|v| attribute.values.iter().position(|known| known == v));
    }
    (!next.is_empty()).then_some(AttributeValue::List(next))
}

/// All that can be set of an annotation or entity: what the schema asks for first.
pub fn offers_of(document: &Document, schema: &Schema, id: &Id) -> Vec<Offer> {
    let Some(kind) = document.kind_of(id) else { return Vec::new() };
    let mut all = attribute_offers(document, schema, id);
    if matches!(kind, Kind::Event | Kind::Quote) {
        all.extend(role_offers(document, schema, id));
    }
    match kind {
        Kind::Mention => mention_offers(document, schema, id, &mut all),
        Kind::Entity => entity_offers(document, schema, id, &mut all),
        Kind::Event => claim_offers(document, id, &mut all),
        Kind::Quote => kind_offers(document, schema, id, &mut all),
        Kind::Relation => {}
    }
    all.push(Offer::type_in("Note…", "Remark for whoever comes next", Field::Note(id.clone())));
    all
}

fn attribute_offers(document: &Document, schema: &Schema, id: &Id) -> Vec<Offer> {
    let Some((names, values)) = attributes_of(document, schema, id) else { return Vec::new() };
    let mut all = Vec::new();
    for attribute in schema.attributes_of(names) {
        let current = values.get(&attribute.name);
        let shown = attribute.name.replace('_', " ");
        let set = |value| Intent::SetAttribute { id: id.clone(), name: attribute.name.clone(), value };
        match attribute.kind {
            AttributeKind::Choice => {
                let chosen: Vec<String> =
                    current.map(|v| v.texts().into_iter().map(str::to_owned).collect()).unwrap_or_default();
                for value in &attribute.values {
                    let is_set = chosen.contains(value);
                    let next = if attribute.multiple {
                        toggled(attribute, &chosen, value)
                    } else {
                        (!is_set).then(|| AttributeValue::Text(value.clone()))
                    };
                    let definition = attribute.value_definitions.get(value).unwrap_or(&attribute.definition);
                    all.push(Offer::edit(format!("{shown}: {value}"), definition, is_set, set(next)));
                }
            }
            AttributeKind::Flag => {
                let is_set = matches!(current, Some(AttributeValue::Flag(true)));
                let next = (!is_set).then_some(AttributeValue::Flag(true));
                all.push(Offer::edit(shown, &attribute.definition, is_set, set(next)));
            }
            AttributeKind::Text => {
                let field = Field::Attribute(id.clone(), attribute.name.clone());
                all.push(Offer::type_in(format!("{shown}…"), &attribute.definition, field));
            }
        }
    }
    all
}

/// The slots that have room, and the cue to be taken away.
fn role_offers(document: &Document, schema: &Schema, id: &Id) -> Vec<Offer> {
    let mut all = Vec::new();
    for slot in slots(document, schema, id) {
        if slot == Slot::Cue && document.quotes().get(id).is_some_and(|quote| quote.cue.is_some()) {
            let intent = Intent::SetSpans { id: id.clone(), part: Part::Cue, spans: Spans::new() };
            all.push(Offer::edit("Remove the cue".into(), "The quote has no cue", false, intent));
        } else if has_room(document, schema, id, &slot) {
            let role = crate::edit::roles_of(document, schema, id).iter().find(|role| role.role == slot.name());
            let explanation = role.map_or("The words that introduce the quote", |role| role.definition.as_str());
            all.push(Offer {
                name: format!("Fill {}", slot.name()),
                explanation: explanation.to_owned(),
                is_set: false,
                action: Action::Fill { owner: id.clone(), slot },
            });
        }
    }
    all
}

fn mention_offers(document: &Document, schema: &Schema, id: &Id, all: &mut Vec<Offer>) {
    let entity = document.mentions().get(id).and_then(|mention| mention.entity.clone());
    let Some(entity) = entity.filter(|entity| document.entities().contains_key(entity)) else {
        let intent = Intent::Join { mentions: vec![id.clone()], entity: None };
        all.push(Offer::edit("New entity".into(), "The mention refers to somebody or something new", false, intent));
        return;
    };
    entity_offers(document, schema, &entity, all);
    let intent = Intent::Split { mention: id.clone(), own_entity: false };
    all.push(Offer::edit("Refers to no entity".into(), "Take the mention out of its entity", false, intent));
    all.push(Offer {
        name: "Go to the entity".into(),
        explanation: "Show the entity in the inspector".into(),
        is_set: false,
        action: Action::Reveal(entity),
    });
}

fn entity_offers(document: &Document, schema: &Schema, id: &Id, all: &mut Vec<Offer>) {
    all.push(Offer::type_in("Name…", "How the entity is called", Field::Name(id.clone())));
    all.push(Offer::type_in("Aliases…", "Other names of the entity, separated by ;", Field::Aliases(id.clone())));
    all.push(Offer::type_in("Identifier…", "Its key in a knowledge base", Field::Link(id.clone())));
    let current = document.label_of(id);
    for label in schema.mentions.iter().filter(|m| m.label != current) {
        let intent = Intent::Relabel { id: id.clone(), label: label.label.clone() };
        all.push(Offer::edit(format!("Entity type: {}", label.label), &label.definition, false, intent));
    }
}

fn claim_offers(document: &Document, id: &Id, all: &mut Vec<Offer>) {
    let Some(event) = document.events().get(id) else { return };
    for quote in document.quotes().keys() {
        let is_set = event.claimed_in.as_ref() == Some(quote);
        let claim = (!is_set).then(|| quote.clone());
        let name = format!("Claimed in: {}", document.excerpt_of(quote));
        let intent = Intent::SetClaimedIn { id: id.clone(), quote: claim };
        all.push(Offer::edit(name, "The event is claimed in this quote", is_set, intent));
    }
}

fn kind_offers(document: &Document, schema: &Schema, id: &Id, all: &mut Vec<Offer>) {
    let current = document.label_of(id);
    for kind in schema.quotes.iter().flat_map(|q| &q.kinds).filter(|kind| kind.kind != current) {
        let intent = Intent::Relabel { id: id.clone(), label: kind.kind.clone() };
        all.push(Offer::edit(format!("Kind: {}", kind.kind), &kind.definition, false, intent));
    }
}

/// All that can be set of the document itself.
pub fn document_offers(document: &Document, schema: &Schema) -> Vec<Offer> {
    let header = document.header();
    let mut all = Vec::new();
    for group in &schema.document_labels {
        let chosen = header.labels.get(&group.group).cloned().unwrap_or_default();
        for value in &group.values {
            let is_set = chosen.contains(value);
            let mut values: Vec<String> =
                chosen.iter().filter(|known| group.multiple && *known != value).cloned().collect();
            if !is_set {
                values.push(value.clone());
                values.sort_by_key(|v| group.values.iter().position(|known| known == v));
            }
            let intent = Intent::SetDocumentLabels { group: group.group.clone(), values };
            all.push(Offer::edit(format!("{}: {value}", group.group), "A label of the document", is_set, intent));
        }
    }
    for status in Status::iter() {
        let name = format!("Status: {}", status.text());
        all.push(Offer::edit(name, "How far the document is", status == header.status, Intent::SetStatus(status)));
    }
    for name in METADATA {
        all.push(Offer::type_in(format!("{name}…"), "About the article", Field::Metadata(name)));
    }
    all.push(Offer::type_in("Annotator…", "Who annotates", Field::Annotator));
    all.push(Offer::type_in("Note…", "Remark about the document", Field::DocumentNote));
    all
}

impl App {
    /// Shows what can be set of the selected annotation, or of the document if nothing is selected.
    pub(super) fn open_fields(&mut self) {
        if self.dialog.is_some() {
            return;
        }
        let Some(session) = &self.session else { return };
        let (document, schema) = (session.document(), session.editor.schema());
        let search = match session.selected.as_ref().filter(|id| document.kind_of(id).is_some()) {
            Some(id) => {
                let title = format!("{} {}", document.label_of(id), quoted(&document.excerpt_of(id)));
                FieldSearch::new(title, offers_of(document, schema, id))
            }
            None => FieldSearch::new("The document".into(), document_offers(document, schema)),
        };
        self.dialog = Some(Dialog::SetField(search));
    }

    /// Gives the keyboard to a field of the inspector.
    pub(super) fn type_in(&mut self, field: Field) {
        self.settings.show_panel = true;
        self.inspector.drafts.ask_for(field);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::Editor;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::text::{BytePos, Span, Text};

    fn editor() -> (Editor, Id) {
        let schema = builtin("news").expect("ships").clone();
        let document = Document::new(Text::new("Anna met Bob.").expect("short"), Header::default());
        let mut editor = Editor::new(document, std::sync::Arc::new(schema));
        let spans = [Span::new(BytePos(0), BytePos(4))].into_iter().collect();
        let made = editor.execute(&Intent::AddMention { label: "Person".into(), spans }).expect("legal");
        (editor, made.created.expect("made"))
    }

    fn named<'a>(offers: &'a [Offer], name: &str) -> &'a Offer {
        offers.iter().find(|offer| offer.name == name).unwrap_or_else(|| panic!("no {name} in {offers:?}"))
    }

    #[test]
    fn every_edit_that_is_offered_is_legal_and_choosing_it_again_takes_it_away() {
        let (mut editor, mention) = editor();
        let (document, schema) = (editor.document().clone(), editor.schema().clone());
        let mut seen = 0;
        for offer in offers_of(&document, &schema, &mention).iter().chain(&document_offers(&document, &schema)) {
            let Action::Edit(intent) = &offer.action else { continue };
            editor.execute(intent).unwrap_or_else(|why| panic!("{}: {why}", offer.name));
            if let Intent::SetAttribute { .. } = intent {
                let offers = offers_of(editor.document(), &schema, &mention);
                let again = named(&offers, &offer.name);
                assert!(again.is_set, "{}", offer.name);
                let Action::Edit(intent) = &again.action else { panic!("{again:?}") };
                editor.execute(intent).expect("legal");
                seen += 1;
            }
            while editor.undo().is_some() {}
            editor.redo();
        }
        assert!(seen > 2, "Person has attributes");
    }

    #[test]
    fn a_mention_with_an_entity_offers_its_name_and_one_without_a_new_entity() {
        let (mut editor, mention) = editor();
        let schema = editor.schema().clone();
        let offers = offers_of(editor.document(), &schema, &mention);
        let Action::Edit(intent) = named(&offers, "New entity").action.clone() else { panic!("an edit") };
        let entity = editor.execute(&intent).expect("legal").created;
        let offers = offers_of(editor.document(), &schema, &mention);
        let entity = entity.or_else(|| editor.document().mentions()[&mention].entity.clone()).expect("made");
        assert!(matches!(&named(&offers, "Name…").action, Action::TypeIn(Field::Name(id)) if *id == entity));
        assert!(!offers.iter().any(|offer| offer.name == "New entity"));
    }
}
