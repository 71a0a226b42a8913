//! Names that are marked in one place and stand unmarked in another.
//!
//! Whole words, exact case: a rule that is easy to foresee. A word that also occurs in lower case (“She”, “The”) is no
//! name and is not looked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Proposal, Suggester, Suggestion};
use crate::model::{Document, Id, Schema};
use crate::text::{Span, Spans, Text};

/// The suggester.
pub struct Names;

/// Longest name in tokens; longer ones are descriptions.
const MOST_TOKENS: usize = 8;

/// What a name stands for.
#[derive(Clone, Debug)]
struct Meaning {
    label: String,
    entity: Option<Id>,
    reason: String,
    /// Whether entities share the name; then it stands for none of them, whoever else has it.
    is_shared: bool,
}

impl Suggester for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn suggest(&self, document: &Document, schema: &Schema) -> Vec<Suggestion> {
        let text = document.text();
        let names = names(document, schema);
        if names.is_empty() {
            return Vec::new();
        }
        // By first token, the longest name first.
        let mut by_first: HashMap<&str, Vec<&str>> = HashMap::new();
        for name in names.keys() {
            let Some(first) = crate::text::Text::new(name.as_str()).ok().and_then(|t| t.tokens().first().copied())
            else {
                continue;
            };
            by_first.entry(&name[..first.end.to_usize()]).or_default().push(name);
        }
        for list in by_first.values_mut() {
            list.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
        let taken = taken(document);
        let mut found = Vec::new();
        let mut from = 0;
        for (at, token) in text.tokens().iter().enumerate() {
            if token.start.to_usize() < from {
                continue;
            }
            let Some(candidates) = by_first.get(text.slice(*token)) else { continue };
            let hit = candidates.iter().find_map(|name| {
                let span = Span { start: token.start, end: token.start.plus(name.len()) };
                let tokens = text.tokens().get(at..at.saturating_add(MOST_TOKENS)).or(text.tokens().get(at..));
                let is_whole = tokens.into_iter().flatten().any(|token| token.end == span.end);
                (is_whole && text.get(span) == Some(*name)).then_some((span, *name))
            });
            let Some((span, name)) = hit else { continue };
            from = span.end.to_usize();
            let before = taken.partition_point(|other| other.end <= span.start);
            let is_taken = taken.get(before).is_some_and(|other| other.overlaps(span));
            if let (false, Some(meaning)) = (is_taken, names.get(name)) {
                found.push(Suggestion {
                    suggester: self.name(),
                    proposal: Proposal::Mention {
                        label: meaning.label.clone(),
                        spans: Spans::from_slice(&[span]),
                        entity: meaning.entity.clone(),
                    },
                    reason: meaning.reason.clone(),
                });
            }
        }
        found
    }
}

/// What mentions cover, sorted, without overlaps.
fn taken(document: &Document) -> Spans {
    let mut all: Spans = document.mentions().values().flat_map(|m| m.spans.iter().copied()).collect();
    crate::text::normalise(&mut all);
    all
}

/// Every name that is known in the document, with what it stands for.
fn names(document: &Document, schema: &Schema) -> BTreeMap<String, Meaning> {
    let text = document.text();
    let lower_case = lower_case_words(text);
    let mut names: BTreeMap<String, Meaning> = BTreeMap::new();
    let mut add = |name: &str, meaning: Meaning| {
        let name = name.trim();
        if schema.mention(&meaning.label).is_none() || !is_name(name, &lower_case) {
            return;
        }
        match names.get_mut(name) {
            None => drop(names.insert(name.to_owned(), meaning)),
            // Two entities of one name: which one is meant here is for the annotator to say.
            Some(known) if known.entity != meaning.entity && !known.is_shared => {
                if known.entity.is_none() && known.label == meaning.label {
                    *known = meaning;
                } else if meaning.entity.is_some() {
                    known.entity = None;
                    known.is_shared = true;
                }
            }
            Some(_) => {}
        }
    };
    for entity in document.entities().values() {
        for name in std::iter::once(&entity.name).chain(&entity.aliases) {
            let meaning = Meaning {
                label: entity.r#type.to_string(),
                entity: Some(entity.id.clone()),
                reason: format!("A name of {}", entity.name),
                is_shared: false,
            };
            add(name, meaning);
        }
    }
    for mention in document.mentions().values() {
        if let [span] = mention.spans.as_slice() {
            let entity = mention.entity.clone();
            let name = entity.as_ref().and_then(|id| document.entities().get(id)).map(|n| n.name.as_str());
            let reason = match name {
                Some(name) => format!("Refers to {name} elsewhere"),
                None => format!("Marked as {} elsewhere", mention.label),
            };
            add(text.slice(*span), Meaning { label: mention.label.to_string(), entity, reason, is_shared: false });
        }
    }
    names
}

/// Words that occur in lower case; those of a script without case do not.
fn lower_case_words(text: &Text) -> HashSet<&str> {
    let is_lower = |word: &&str| word.chars().any(char::is_lowercase) && !word.chars().any(char::is_uppercase);
    text.tokens().iter().map(|token| text.slice(*token)).filter(is_lower).collect()
}

/// Whether to look for it elsewhere: it has a capital or a script without case, and is not just a word that stands
/// at the beginning of a sentence.
fn is_name(name: &str, lower_case: &HashSet<&str>) -> bool {
    let has_letter = name.chars().any(char::is_alphabetic);
    let is_lower = name.chars().any(char::is_lowercase) && !name.chars().any(char::is_uppercase);
    let is_short = name.chars().count() < 2;
    has_letter && !is_lower && !is_short && !lower_case.contains(name.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Header;
    use crate::model::schema::builtin;
    use crate::model::test_support::{entity, mention};

    /// `Label words entity` of everything proposed.
    fn proposed(text: &str, entities: &[(&str, &str, &str)], mentions: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        let source = Text::new(text).expect("short");
        let made = mentions.iter().enumerate().map(|(i, (label, words, entity))| {
            let start = text.find(words).expect("in the text") as u32;
            let mut made = mention(&format!("m{i}"), label, &[(start, start + words.len() as u32)]);
            made.entity = entity.map(Id::from);
            made
        });
        let entities = entities.iter().map(|(id, r#type, name)| entity(id, r#type, name));
        let document = Document::with_annotations(source, Header::default(), entities, made, [], [], []);
        let found = Names.suggest(&document, builtin("news").expect("ships"));
        let show = |s: &Suggestion| {
            let Proposal::Mention { label, spans, entity } = &s.proposal else { panic!("a mention") };
            let entity = entity.as_ref().map(|id| format!(" {id}")).unwrap_or_default();
            format!("{label} {}@{}{entity}", document.text().excerpt(spans), spans[0].start.0)
        };
        found.iter().map(show).collect()
    }

    #[test]
    fn other_places_of_a_marked_name_are_proposed_with_its_entity() {
        let text = "Anna met Bob. Anna left Annas and ANNA; Anna stayed.";
        assert_eq!(
            proposed(text, &[("n1", "Person", "Anna")], &[("Person", "Anna", Some("n1"))]),
            ["Person Anna@14 n1", "Person Anna@40 n1"]
        );
        assert_eq!(proposed(text, &[], &[("Person", "Anna", None)]), ["Person Anna@14", "Person Anna@40"]);
    }

    #[test]
    fn the_longest_name_wins_and_what_is_marked_is_left_alone() {
        let text = "Anna Berg spoke. Berg left. Later Anna Berg came, and Berg.";
        let found = proposed(text, &[("n1", "Person", "Berg")], &[("Person", "Anna Berg", Some("n1"))]);
        assert_eq!(found, ["Person Berg@17 n1", "Person Anna Berg@34 n1", "Person Berg@54 n1"]);
    }

    #[test]
    fn words_that_are_no_names_are_not_looked_for() {
        let text = "She came, as she said. The mayor met the mayor. I did, I said. 42 and 42.";
        let marked = [("Person", "She", None), ("Person", "The mayor", None), ("Person", "the mayor", None)];
        assert_eq!(proposed(text, &[], &marked), Vec::<String>::new());
        assert_eq!(proposed(text, &[], &[("Person", "I", None), ("Quantity", "42", None)]), Vec::<String>::new());
    }

    #[test]
    fn one_name_of_two_entities_is_proposed_without_saying_which() {
        let entities = [("n1", "Person", "Berg"), ("n2", "Person", "Berg")];
        assert_eq!(proposed("Anna met Berg.", &entities, &[]), ["Person Berg@9"]);
        // However many mentions of them there are.
        let text = "Anna Berg and Bob Berg: Berg, Berg.";
        for marked in [&["n1"][..], &["n1", "n2"], &["n1", "n2", "n1"]] {
            let mentions: Vec<_> = marked.iter().map(|id| ("Person", "Berg", Some(*id))).collect();
            let found = proposed(text, &entities, &mentions);
            assert!(!found.is_empty() && found.iter().all(|line| !line.contains(" n")), "{marked:?}: {found:?}");
        }
    }

    #[test]
    fn names_in_a_script_without_case_are_proposed() {
        for (text, name) in
            [("שרה הלכה. אחר כך שרה באה.", "שרה"), ("وصلت سارة. غادرت سارة.", "سارة"), ("北京と北京。", "北京")]
        {
            assert_eq!(proposed(text, &[], &[("Person", name, None)]).len(), 1, "{text}");
        }
    }

    #[test]
    fn labels_that_the_schema_does_not_know_are_not_spread() {
        assert_eq!(proposed("Anna and Anna", &[], &[("Nonsense", "Anna", None)]), Vec::<String>::new());
    }
}
