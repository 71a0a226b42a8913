//! `manicule validate`: every problem of every document, one a line.

use std::io;
use std::path::PathBuf;

use clap::Args;

use super::inputs::{Found, Inputs};
use super::{Console, Outcome, counted, schema};
use crate::model::schema::builtin;
use crate::model::{Document, Problem, Schema, validate};

/// Arguments.
#[derive(Debug, Args)]
pub struct Validate {
    #[command(flatten)]
    inputs: Inputs,
    /// Schema file to check against, or the name of one that ships; otherwise the one that each document names
    #[arg(long, value_name = "FILE|NAME")]
    schema: Option<PathBuf>,
}

/// Runs the command.
pub fn run(command: &Validate, console: &mut Console<'_>) -> io::Result<Outcome> {
    let schema = match command.schema.as_deref().map(schema::find).transpose() {
        Ok(schema) => schema,
        Err(problems) => {
            for problem in problems {
                writeln!(console.err, "{problem}")?;
            }
            return Ok(Outcome::DataProblem);
        }
    };
    let documents = command.inputs.gather(console, |found| check(found, schema.as_ref()))?;
    let mut problems = documents.problems;
    problems.extend(documents.found.into_iter().flatten());
    for problem in &problems {
        writeln!(console.out, "{problem}")?;
    }
    let files = counted(documents.file_count, "file");
    if problems.is_empty() {
        writeln!(console.err, "no problems in {files}")?;
        return Ok(Outcome::Done);
    }
    writeln!(console.err, "{} in {files}", counted(problems.len(), "problem"))?;
    Ok(Outcome::DataProblem)
}

/// What was found while a document was read, and what is wrong with it.
fn check(found: Found, schema: Option<&Schema>) -> Vec<Problem> {
    let document = &found.opened.document;
    // That of the project, where none is named.
    let checked = match schema.or(found.schema.as_deref()) {
        Some(schema) => validate(document, schema),
        None => validate_by_name(document),
    };
    let mut problems = found.opened.problems;
    problems.extend(checked.into_iter().map(|mut problem| {
        problem.place.line = found.opened.line;
        problem.in_file(&found.path)
    }));
    problems
}

/// Checks a document against the schema that it names, if that one ships.
fn validate_by_name(document: &Document) -> Vec<Problem> {
    let named = &document.header().schema;
    let Some(schema) = builtin(&named.name) else {
        let message = format!("the schema {:?} does not ship with the program; labels are not checked", named.name);
        let problem = Problem::warning("unknown-schema", message, "name its file: --schema FILE");
        let mut problems = vec![problem];
        problems.extend(validate(document, &Schema::empty(&named.name, named.version)));
        return problems;
    };
    let mut problems = validate(document, schema);
    if schema.version != named.version {
        let message = format!(
            "the document is marked with version {} of the schema {:?}, this is version {}",
            named.version, named.name, schema.version
        );
        problems.push(Problem::warning("schema-version", message, "name the file of the old one: --schema FILE"));
    }
    problems
}
