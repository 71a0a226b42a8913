//! What a user can want of a document, and why it may be refused.

use crate::model::schema::Illegal;
use crate::model::{AttributeValue, Filler, Id, Metadata, Part, Rejection, Search, Status};
use crate::text::{Span, Spans};

/// One intention: one transaction, one step of undo.
#[derive(Clone, Debug, PartialEq, strum::IntoStaticStr, strum::VariantNames)]
pub enum Intent {
    /// Marks words as a mention.
    AddMention {
        /// Mention type of the schema.
        label: String,
        /// The words.
        spans: Spans,
    },
    /// Marks words as the trigger of a new event. `claimed_in` is filled if they lie inside a quote.
    AddEvent {
        /// Event type of the schema.
        r#type: String,
        /// The words.
        trigger: Spans,
    },
    /// Marks words as the content of a new quote. Events inside it become claimed in it.
    AddQuote {
        /// Kind of the schema; `None` guesses direct, mixed or indirect from the quotation marks.
        kind: Option<String>,
        /// The words.
        content: Spans,
    },
    /// Links two annotations.
    AddRelation {
        /// Relation type of the schema.
        label: String,
        /// Where it starts.
        from: Id,
        /// Where it leads.
        to: Id,
    },
    /// Makes a proposed mention part of the document.
    AcceptMention {
        /// Mention type of the schema.
        label: String,
        /// The words.
        spans: Spans,
        /// The entity it refers to.
        entity: Option<Id>,
        /// Who proposed it; `None` if what was proposed is not what is accepted, which makes it work by hand.
        suggester: Option<String>,
    },
    /// Makes a proposed quote part of the document, with all that was proposed with it.
    AcceptQuote {
        /// Kind of the schema; `None` guesses it as [`Intent::AddQuote`] does.
        kind: Option<String>,
        /// The words.
        content: Spans,
        /// The words that introduce it.
        cue: Option<Spans>,
        /// Who said it. Words become a mention of the role's first legal type, unless one is there or the role takes
        /// plain words.
        speaker: Option<Filler>,
        /// Who proposed the words; `None` if they were selected by hand.
        suggester: Option<String>,
        /// Who proposed the speaker; `None` if its words were selected by hand.
        speaker_suggester: Option<String>,
    },
    /// Keeps a suggestion away from now on.
    Reject(Rejection),
    /// Lets a refused suggestion come again.
    Unreject(Rejection),
    /// Gives an annotation or an entity another label, type or kind.
    Relabel {
        /// Which.
        id: Id,
        /// The new one.
        label: String,
    },
    /// Gives one part of an annotation other words; identifier, links and history stay.
    SetSpans {
        /// Which annotation.
        id: Id,
        /// Its mention spans, trigger, content or cue.
        part: Part,
        /// The words; empty only for a cue, which is then removed.
        spans: Spans,
    },
    /// Moves the ends of one span of an annotation.
    Resize {
        /// Which annotation.
        id: Id,
        /// Which part.
        part: Part,
        /// Which span of it, in the order of the text.
        index: usize,
        /// Where it is to be.
        span: Span,
    },
    /// Deletes annotations, with relations at them and references to them.
    Delete {
        /// Which.
        ids: Vec<Id>,
    },
    /// Sets or removes an attribute.
    SetAttribute {
        /// Of which annotation.
        id: Id,
        /// The attribute's name.
        name: String,
        /// `None` removes it.
        value: Option<AttributeValue>,
    },
    /// Sets or removes the note of an annotation or entity.
    SetNote {
        /// Of which.
        id: Id,
        /// An empty text removes it.
        note: String,
    },
    /// Makes mentions refer to one entity: the given one, else that of the first mention, else a new one.
    Join {
        /// Which mentions.
        mentions: Vec<Id>,
        /// Which entity.
        entity: Option<Id>,
    },
    /// Marks further occurrences as a mention is marked, all of one entity, and records them as a batch with its rule.
    /// If the mention refers to no entity, one is made for it and all of them: whoever marks the same name everywhere
    /// means the same thing everywhere. Only mentions propagate, not triggers or quotes.
    Propagate {
        /// The mention whose label and entity the others get.
        source: Id,
        /// How they were found.
        search: Search,
        /// The occurrences that were chosen; those that are marked alike already are passed over.
        spans: Vec<Span>,
    },
    /// Marks places as mentions of one label and records them as a batch, so that they can be retracted together. What was
    /// found by a search need not be one thing: they refer to no entity.
    MarkAll {
        /// Mention type of the schema.
        label: String,
        /// How they were found.
        search: Search,
        /// The places; those that are marked alike already are passed over.
        spans: Vec<Span>,
    },
    /// Adds occurrences to a batch, and to its rule what they were found by.
    Extend {
        /// The batch.
        batch: Id,
        /// The rule from now on.
        search: Search,
        /// The occurrences that were chosen.
        spans: Vec<Span>,
    },
    /// Removes what a batch made and the batch itself, but not what was edited by hand since or is in use; what stays is
    /// the annotator's own from then on. The entity stays while a mention refers to it. See [`super::retraction`].
    Retract {
        /// The batch.
        batch: Id,
    },
    /// Lets a mention refer to nothing, or to a new entity of its own.
    Split {
        /// Which mention.
        mention: Id,
        /// Whether it gets an entity of its own.
        own_entity: bool,
    },
    /// Makes two entities one; the name of the second becomes an alias of the first.
    MergeEntities {
        /// The one that stays.
        into: Id,
        /// The one that goes.
        from: Id,
    },
    /// Changes what is known of an entity; `None` leaves a field as it is.
    UpdateEntity {
        /// Which.
        id: Id,
        /// Its name.
        name: Option<String>,
        /// Its other names.
        aliases: Option<Vec<String>>,
        /// Its identifier in a knowledge base; an empty text removes it.
        link: Option<String>,
    },
    /// Fills, replaces or empties a role of an event or a quote.
    SetArgument {
        /// The event or quote.
        id: Id,
        /// The role.
        role: String,
        /// Which filler of this role, from 0; the number of fillers adds one.
        nth: usize,
        /// `None` removes.
        filler: Option<Filler>,
    },
    /// Fills a role with words: with the mention that is there, else with the plain words if the role takes them, else
    /// with a new mention of the role's first legal type.
    AddArgumentFromText {
        /// The event or quote.
        id: Id,
        /// The role.
        role: String,
        /// The words.
        spans: Spans,
    },
    /// Says in which quote an event is claimed to have happened.
    SetClaimedIn {
        /// The event.
        id: Id,
        /// The quote.
        quote: Option<Id>,
    },
    /// Turns a relation around.
    Reverse {
        /// The relation.
        id: Id,
    },
    /// Says how far the work is.
    SetStatus(Status),
    /// Sets the labels of one group for the whole document.
    SetDocumentLabels {
        /// The group.
        group: String,
        /// Its labels; none removes the group.
        values: Vec<String>,
    },
    /// Sets or removes the remark about the document.
    SetDocumentNote(String),
    /// Changes title, source, date and language. Identifier, encoding and byte order mark stay.
    SetMetadata(Box<Metadata>),
    /// Says who annotates.
    SetAnnotator(Option<String>),
    /// Says which schema the labels come from.
    SetSchema {
        /// Its name.
        name: String,
        /// Its version.
        version: u32,
    },
}

/// Why an intention was refused; nothing was changed. The message says what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// There is nothing with this identifier, or not of this kind.
    #[error("there is no {what} {id}")]
    Missing {
        /// What was expected.
        what: &'static str,
        /// The identifier.
        id: Id,
    },
    /// Nothing is selected, or only white space.
    #[error("select the words first")]
    NoWords,
    /// Of the occurrences none is left that could be marked.
    #[error("no occurrence is chosen that is not marked already")]
    NoOccurrence,
    /// A span lies outside the text or cuts a character.
    #[error("the span {0:?} does not fit the text")]
    BadSpan(Span),
    /// The same label is on the same words already.
    #[error("these words are marked as {label} already")]
    Twice {
        /// The label.
        label: String,
        /// The annotation that is there.
        id: Id,
    },
    /// The schema does not know the label.
    #[error("the schema {schema:?} has no {what} {label:?}")]
    UnknownLabel {
        /// Mention type, event type, …
        what: &'static str,
        /// The label.
        label: String,
        /// The schema.
        schema: String,
    },
    /// A filler or an end of a relation is of the wrong type.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// A role has as many fillers as it may have.
    #[error("{role} can be filled only {max} times; remove one first")]
    RoleFull {
        /// The role.
        role: String,
        /// How many it may have.
        max: u32,
    },
    /// The filler fills this role already.
    #[error("this fills {role} already")]
    AlreadyFills {
        /// The role.
        role: String,
    },
    /// An event cannot fill a role of itself, nor a relation lead back to where it starts.
    #[error("an annotation cannot point to itself")]
    Itself,
    /// The history has no such state.
    #[error("the history has no such state")]
    NoState,
    /// The document is not what the plan expects. A mistake in the program.
    #[error(transparent)]
    Conflict(#[from] super::Conflict),
}
