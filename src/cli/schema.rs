//! `manicule schema`: the schemas that ship, and the check of a user's own.

use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::{Console, Outcome, table};
use crate::edit::{Difference, SchemaChange, SchemaDiff};
use crate::formats::decode;
use crate::model::schema::{BUILTIN, builtin};
use crate::model::{Problem, Schema};

/// What to do with schemas.
#[derive(Debug, Subcommand)]
pub enum SchemaCommand {
    /// List the schemas that ship
    List,
    /// Print a schema that ships, as a start for one of your own
    Show {
        /// Its name
        name: String,
    },
    /// Check a schema file
    Check {
        /// The file
        file: PathBuf,
    },
    /// Tell what differs between two schemas, and what would follow for annotations
    Diff {
        /// The schema before: a file, or the name of one that ships
        before: PathBuf,
        /// The schema after
        after: PathBuf,
        /// Write differences, and the change of annotations that would follow, as JSON
        #[arg(long)]
        json: bool,
    },
}

impl SchemaCommand {
    /// Whether what it writes is for another program.
    pub fn writes_json(&self) -> bool {
        matches!(self, Self::Diff { json: true, .. })
    }
}

/// Runs the command.
pub fn run(command: &SchemaCommand, console: &mut Console<'_>) -> io::Result<Outcome> {
    match command {
        SchemaCommand::List => list(console),
        SchemaCommand::Show { name } => show(name, console),
        SchemaCommand::Check { file } => check(file, console),
        SchemaCommand::Diff { before, after, json } => diff(before, after, *json, console),
    }
}

fn list(console: &mut Console<'_>) -> io::Result<Outcome> {
    let head = ["NAME", "VERSION", "MENTIONS", "EVENTS", "RELATIONS", "QUOTES", "TITLE"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for schema in BUILTIN.iter().filter_map(|(name, _)| builtin(name)) {
        rows.push(vec![
            schema.name.clone(),
            schema.version.to_string(),
            schema.mentions.len().to_string(),
            schema.events.len().to_string(),
            schema.relations.len().to_string(),
            schema.quotes.as_ref().map_or("no", |_| "yes").to_owned(),
            schema.title.clone(),
        ]);
    }
    table(console.out, &rows)?;
    Ok(Outcome::Done)
}

fn show(name: &str, console: &mut Console<'_>) -> io::Result<Outcome> {
    if let Some((_, ron)) = BUILTIN.iter().find(|(known, _)| *known == name) {
        console.out.write_all(ron.as_bytes())?;
        return Ok(Outcome::Done);
    }
    writeln!(console.err, "manicule: there is no schema {name:?}; there are: {}", names())?;
    Ok(Outcome::UsageProblem)
}

fn names() -> String {
    BUILTIN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

fn check(file: &Path, console: &mut Console<'_>) -> io::Result<Outcome> {
    match load(file) {
        Ok(schema) => {
            let Schema { name, version, mentions, events, relations, .. } = &schema;
            let counts = format!(
                "{} mention types, {} event types, {} relations",
                mentions.len(),
                events.len(),
                relations.len()
            );
            writeln!(console.out, "{}: schema {name:?}, version {version}: {counts}", file.display())?;
            Ok(Outcome::Done)
        }
        Err(problems) => {
            for problem in problems {
                writeln!(console.err, "{problem}")?;
            }
            Ok(Outcome::DataProblem)
        }
    }
}

/// What differs, and the steps that would follow from it.
#[derive(serde::Serialize)]
struct Report<'a> {
    differences: &'a [Difference],
    proposal: &'a SchemaChange,
}

fn diff(before: &Path, after: &Path, is_json: bool, console: &mut Console<'_>) -> io::Result<Outcome> {
    let mut problems = Vec::new();
    let mut found = |file: &Path| find(file).map_err(|found| problems.extend(found)).ok();
    let (Some(before), Some(after)) = (found(before), found(after)) else {
        for problem in problems {
            writeln!(console.err, "{problem}")?;
        }
        return Ok(Outcome::DataProblem);
    };
    let diff = SchemaDiff::between(&before, &after);
    let proposal = diff.proposal();
    if is_json {
        let report = Report { differences: &diff.differences, proposal };
        serde_json::to_writer_pretty(&mut console.out, &report)?;
        writeln!(console.out)?;
    } else {
        for difference in &diff.differences {
            writeln!(console.out, "{difference}")?;
        }
        if diff.is_empty() {
            writeln!(console.out, "no difference")?;
        } else if !proposal.steps.is_empty() {
            writeln!(console.out, "\nannotations would be changed like this, if the guesses are right:")?;
            for step in &proposal.steps {
                writeln!(console.out, "  {step}")?;
            }
        }
    }
    Ok(Outcome::Done)
}

/// A schema file, or the schema of this name that ships.
///
/// # Errors
/// Every problem of the file.
pub fn find(file_or_name: &Path) -> Result<Schema, Vec<Problem>> {
    match file_or_name.to_str().and_then(builtin) {
        Some(schema) if !file_or_name.exists() => Ok(schema.clone()),
        _ => load(file_or_name),
    }
}

fn load(file: &Path) -> Result<Schema, Vec<Problem>> {
    let bytes = crate::store::confined::read(file).map_err(|error| {
        let message = format!("the schema cannot be read: {error}");
        let hint = format!("name a schema file, or one of: {}", names());
        vec![Problem::error("not-readable", message, hint).in_file(file)]
    })?;
    let source = decode::decode_strict(&bytes).map_err(|problem| vec![problem.in_file(file)])?;
    Schema::parse(&source, Some(file))
}
