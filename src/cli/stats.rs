//! `manicule stats`: how much of what there is.

use std::collections::BTreeMap;
use std::io;

use clap::Args;
use serde::Serialize;

use super::inputs::Inputs;
use super::{Console, Outcome, table};
use crate::limits::LABEL_SHOWN;
use crate::model::{Document, Filler};

/// Arguments.
#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    inputs: Inputs,
    /// Print JSON, with the counts of each document and of all
    #[arg(long)]
    json: bool,
}

impl Stats {
    /// Whether what is printed is for programs.
    pub fn writes_json(&self) -> bool {
        self.json
    }
}

/// Counts by name, in the order of names.
type ByName = BTreeMap<String, usize>;

/// What is counted.
#[derive(Debug, Default, PartialEq, Serialize)]
struct Counts {
    documents: usize,
    characters: usize,
    tokens: usize,
    sentences: usize,
    status: ByName,
    mentions: ByName,
    mentions_discontinuous: usize,
    mentions_in_entities: usize,
    entities: ByName,
    entities_linked: usize,
    events: ByName,
    events_claimed_in_quotes: usize,
    arguments: ByName,
    arguments_implicit: usize,
    quotes: ByName,
    quotes_with_speaker: usize,
    quotes_with_cue: usize,
    quotes_with_addressee: usize,
    relations: ByName,
}

/// The counts of one document.
#[derive(Debug, Serialize)]
struct OfFile {
    file: String,
    id: String,
    #[serde(flatten)]
    counts: Counts,
}

/// Runs the command.
pub fn run(command: &Stats, console: &mut Console<'_>) -> io::Result<Outcome> {
    let documents = command.inputs.gather(console, |found| {
        let document = &found.opened.document;
        let mut counts = Counts::default();
        counts.add(document);
        let id = document.header().metadata.id.clone();
        OfFile { file: found.path.display().to_string(), id, counts }
    })?;
    for problem in &documents.problems {
        writeln!(console.err, "{problem}")?;
    }
    let each = documents.found;
    let mut total = Counts::default();
    for of_file in &each {
        total.add_counts(&of_file.counts);
    }
    if command.json {
        let value = serde_json::json!({ "documents": each, "total": total });
        writeln!(console.out, "{value:#}")?;
    } else {
        table(console.out, &total.rows())?;
    }
    Ok(if documents.problems.is_empty() { Outcome::Done } else { Outcome::DataProblem })
}

impl Counts {
    fn add_counts(&mut self, other: &Self) {
        fn add(into: &mut ByName, other: &ByName) {
            for (name, count) in other {
                *into.entry(name.clone()).or_default() += count;
            }
        }
        // None of them is forgotten.
        let Self {
            documents,
            characters,
            tokens,
            sentences,
            status,
            mentions,
            mentions_discontinuous,
            mentions_in_entities,
            entities,
            entities_linked,
            events,
            events_claimed_in_quotes,
            arguments,
            arguments_implicit,
            quotes,
            quotes_with_speaker,
            quotes_with_cue,
            quotes_with_addressee,
            relations,
        } = other;
        self.documents += documents;
        self.characters += characters;
        self.tokens += tokens;
        self.sentences += sentences;
        self.mentions_discontinuous += mentions_discontinuous;
        self.mentions_in_entities += mentions_in_entities;
        self.entities_linked += entities_linked;
        self.events_claimed_in_quotes += events_claimed_in_quotes;
        self.arguments_implicit += arguments_implicit;
        self.quotes_with_speaker += quotes_with_speaker;
        self.quotes_with_cue += quotes_with_cue;
        self.quotes_with_addressee += quotes_with_addressee;
        add(&mut self.status, status);
        add(&mut self.mentions, mentions);
        add(&mut self.entities, entities);
        add(&mut self.events, events);
        add(&mut self.arguments, arguments);
        add(&mut self.quotes, quotes);
        add(&mut self.relations, relations);
    }

    fn add(&mut self, document: &Document) {
        fn count<'a>(into: &mut ByName, names: impl Iterator<Item = &'a str>) {
            for name in names {
                *into.entry(name.to_owned()).or_default() += 1;
            }
        }
        let text = document.text();
        self.documents += 1;
        self.characters += text.codepoints() as usize;
        self.tokens += text.tokens().len();
        self.sentences += text.sentences().len();
        count(&mut self.status, std::iter::once(document.header().status.text()));
        let mentions = || document.mentions().values();
        count(&mut self.mentions, mentions().map(|m| m.label.as_str()));
        self.mentions_discontinuous += mentions().filter(|m| m.spans.len() > 1).count();
        self.mentions_in_entities += mentions().filter(|m| m.entity.is_some()).count();
        let entities = || document.entities().values();
        count(&mut self.entities, entities().map(|n| n.r#type.as_str()));
        self.entities_linked += entities().filter(|n| n.link.is_some()).count();
        let events = || document.events().values();
        count(&mut self.events, events().map(|e| e.r#type.as_str()));
        self.events_claimed_in_quotes += events().filter(|e| e.claimed_in.is_some()).count();
        let arguments = || events().flat_map(|e| &e.arguments);
        count(&mut self.arguments, arguments().map(|a| a.role.as_str()));
        self.arguments_implicit += arguments().filter(|a| matches!(a.filler, Filler::Implicit(_))).count();
        let quotes = || document.quotes().values();
        count(&mut self.quotes, quotes().map(|q| q.kind.as_str()));
        self.quotes_with_speaker += quotes().filter(|q| q.speaker.is_some()).count();
        self.quotes_with_cue += quotes().filter(|q| q.cue.is_some()).count();
        self.quotes_with_addressee += quotes().filter(|q| q.addressee.is_some()).count();
        count(&mut self.relations, document.relations().values().map(|r| r.label.as_str()));
    }

    /// What, which, how many.
    fn rows(&self) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        let mut row = |what: &str, which: &str, count: usize| {
            // A name of pages would push the counts off the screen.
            let which = match which.char_indices().nth(LABEL_SHOWN) {
                Some((end, _)) => format!("{}…", which.get(..end).unwrap_or_default()),
                None => which.to_owned(),
            };
            rows.push(vec![what.to_owned(), which, count.to_string()]);
        };
        row("documents", "", self.documents);
        for (status, count) in &self.status {
            row("", status, *count);
        }
        row("characters", "", self.characters);
        row("tokens", "", self.tokens);
        row("sentences", "", self.sentences);
        let mut group = |what: &str, by_name: &ByName, parts: &[(&str, usize)]| {
            row(what, "", by_name.values().sum());
            for (name, count) in by_name {
                row("", name, *count);
            }
            for (part, count) in parts {
                row("", part, *count);
            }
        };
        let discontinuous = ("(discontinuous)", self.mentions_discontinuous);
        group("mentions", &self.mentions, &[discontinuous, ("(in an entity)", self.mentions_in_entities)]);
        group("entities", &self.entities, &[("(linked)", self.entities_linked)]);
        group("events", &self.events, &[("(claimed in a quote)", self.events_claimed_in_quotes)]);
        group("arguments", &self.arguments, &[("(implicit)", self.arguments_implicit)]);
        let parts = [
            ("(with speaker)", self.quotes_with_speaker),
            ("(with cue)", self.quotes_with_cue),
            ("(with addressee)", self.quotes_with_addressee),
        ];
        group("quotes", &self.quotes, &parts);
        group("relations", &self.relations, &[]);
        rows
    }
}
