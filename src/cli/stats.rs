//! `manicule stats`: how much of what there is.

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::Args;
use serde::Serialize;

use super::inputs::{Found, Inputs};
use super::{Console, Outcome, table};
use crate::formats::split::{Parts, Stratify};
use crate::limits::LABEL_SHOWN;
use crate::model::schema::{BUILTIN, builtin};
use crate::model::{Schema, SchemaRef, Status};
use crate::review::statistics::counts::ByName;
use crate::review::statistics::{Counts, Fed, Figures, SplitRule, Statistics, Wanted};

/// Arguments.
#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    inputs: Inputs,
    /// Print JSON, with the counts of each document and of all, and figures such as who said how much about whom
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    figures: Chosen,
}

/// What the figures of `--json` are of.
#[derive(Debug, Args)]
#[command(next_help_heading = "Figures (with --json)")]
struct Chosen {
    /// Only documents of this annotator
    #[arg(long, value_name = "NAME", requires = "json")]
    annotator: Option<String>,
    /// Only documents of this status: new, in-progress, done, flagged; may be given several times
    #[arg(long = "status", value_name = "STATUS", requires = "json", value_parser = super::convert::status_of)]
    statuses: Vec<Status>,
    /// How a dataset would be divided: 80/10/10 for train, dev and test, or NAME=SHARE/NAME=SHARE
    #[arg(long, value_name = "SHARES", default_value = "80/10/10", requires = "json", value_parser = Parts::parse)]
    split: Parts,
    /// Number that the draw begins with
    #[arg(long, value_name = "N", default_value_t = 1, requires = "json")]
    seed: u64,
    /// What is spread evenly over the parts: label, kind, status, none
    #[arg(long, value_name = "WHAT", default_value = "label", requires = "json", value_parser = super::convert::stratify_of)]
    stratify: Stratify,
    /// How many pairs of entities are listed by each measure
    #[arg(long, value_name = "N", default_value_t = 100, requires = "json")]
    pairs: usize,
}

impl Chosen {
    fn wanted(&self) -> Wanted {
        Wanted {
            annotator: self.annotator.as_deref().map(Into::into),
            statuses: self.statuses.clone(),
            split: SplitRule { parts: self.split.clone(), seed: self.seed, stratify: self.stratify },
            top: self.pairs,
        }
    }
}

impl Stats {
    /// Whether what is printed is for programs.
    pub fn writes_json(&self) -> bool {
        self.json
    }
}

/// The counts of one document.
#[derive(Debug, Serialize)]
struct OfFile {
    file: String,
    id: String,
    #[serde(flatten)]
    counts: Counts,
}

/// What is kept of a document.
struct Looked {
    of_file: OfFile,
    statistics: Option<Statistics>,
    schema: Option<(SchemaRef, Arc<Schema>)>,
}

/// Runs the command.
pub fn run(command: &Stats, console: &mut Console<'_>) -> io::Result<Outcome> {
    let mut statistics = Statistics::new();
    let mut schemas: BTreeMap<(String, u32), Arc<Schema>> = BTreeMap::new();
    let mut each: Vec<OfFile> = Vec::new();
    let mut total = Counts::default();
    let next = AtomicUsize::new(0);
    let look = |found: Found| {
        let document = &found.opened.document;
        let mut counts = Counts::default();
        counts.add(document);
        let id = document.header().metadata.id.clone();
        let file = found.path.display().to_string();
        let key = match (&found.schema, found.path.file_stem()) {
            // In a project, the layers of one document are of one article.
            (Some(_), Some(document)) => document.to_string_lossy().into_owned(),
            // Elsewhere each counts for itself, also one that is named twice.
            _ => format!("{file}\n{}", next.fetch_add(1, Ordering::Relaxed)),
        };
        let statistics = command.json.then(|| Statistics::of(&Fed::of(&key, document)));
        let named = document.header().schema.clone();
        Looked {
            statistics,
            of_file: OfFile { file, id, counts },
            schema: found.schema.or_else(|| found.opened.schema.map(Arc::new)).map(|schema| (named, schema)),
        }
    };
    let take = |looked: Looked| {
        total.add_counts(&looked.of_file.counts);
        if let Some(of_one) = looked.statistics {
            statistics.merge(of_one);
            each.push(looked.of_file);
        }
        if let Some((named, schema)) = looked.schema {
            schemas.entry((named.name, named.version)).or_insert(schema);
        }
    };
    let (problems, _) = command.inputs.gather_into(console, look, take)?;
    for problem in &problems {
        writeln!(console.err, "{problem}")?;
    }
    if command.json {
        let shipped = BUILTIN.iter().filter_map(|(name, _)| builtin(name));
        let schemas: Vec<&Schema> = schemas.values().map(Arc::as_ref).chain(shipped).collect();
        let statistics = Arc::new(statistics);
        // What the numbers of documents in the figures are numbers of.
        let articles: Vec<&str> =
            statistics.articles().iter().map(|a| a.key.split('\n').next().unwrap_or_default()).collect();
        let figures = Figures::count(statistics.clone(), command.figures.wanted(), &schemas);
        let value = serde_json::json!({ "documents": each, "total": total, "articles": articles, "figures": figures });
        writeln!(console.out, "{value:#}")?;
    } else {
        table(console.out, &rows(&total))?;
    }
    Ok(if problems.is_empty() { Outcome::Done } else { Outcome::DataProblem })
}

/// What, which, how many.
fn rows(counts: &Counts) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut row = |what: &str, which: &str, count: usize| {
        // A name of pages would push the counts off the screen.
        let which = match which.char_indices().nth(LABEL_SHOWN) {
            Some((end, _)) => format!("{}…", which.get(..end).unwrap_or_default()),
            None => which.to_owned(),
        };
        rows.push(vec![what.to_owned(), which, count.to_string()]);
    };
    row("documents", "", counts.documents);
    for (status, count) in &counts.status {
        row("", status, *count);
    }
    row("characters", "", counts.characters);
    row("tokens", "", counts.tokens);
    row("sentences", "", counts.sentences);
    let mut group = |what: &str, by_name: &ByName, parts: &[(&str, usize)]| {
        row(what, "", by_name.values().sum());
        for (name, count) in by_name {
            row("", name, *count);
        }
        for (part, count) in parts {
            row("", part, *count);
        }
    };
    let discontinuous = ("(discontinuous)", counts.mentions_discontinuous);
    group("mentions", &counts.mentions, &[discontinuous, ("(in an entity)", counts.mentions_in_entities)]);
    group("entities", &counts.entities, &[("(linked)", counts.entities_linked)]);
    group("events", &counts.events, &[("(claimed in a quote)", counts.events_claimed_in_quotes)]);
    group("arguments", &counts.arguments, &[("(implicit)", counts.arguments_implicit)]);
    let parts = [
        ("(with speaker)", counts.quotes_with_speaker),
        ("(with cue)", counts.quotes_with_cue),
        ("(with addressee)", counts.quotes_with_addressee),
    ];
    group("quotes", &counts.quotes, &parts);
    group("relations", &counts.relations, &[]);
    rows
}
