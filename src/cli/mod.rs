//! The command line: convert, export, validate, stats, formats, schema.
//!
//! Results go to standard output, errors and remarks to standard error. The exit code is 0 if all is well, 1 if
//! there is a problem with the data, 2 if the command was not understood, 101 if the program made a mistake, 130 if it
//! was stopped with Ctrl+C. Inputs are never changed.

mod convert;
pub mod export;
mod formats_list;
mod inputs;
mod schema;
mod stats;
mod validate;
mod visible;

#[cfg(test)]
mod hostile_tests;

use std::io::{self, IsTerminal as _, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::formats::{self, FORMATS};
use crate::panics;
use crate::store;

/// The exit code if the program made a mistake.
pub const FAILED: u8 = 101;

use visible::Visible;

/// Marks up news articles: who, what happened, who said what.
#[derive(Debug, Parser)]
#[command(name = "manicule", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What to do without a window
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The document to open in the window; none for the welcome
    #[arg(value_name = "FILE|FOLDER")]
    pub file: Option<PathBuf>,
}

/// What the program does without a window.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Convert documents to another format, and say what it cannot hold
    Convert(Box<convert::Convert>),
    /// Export a project by one of its recipes; without one, list them
    Export(export::Export),
    /// List the problems of documents; exit code 1 if there are any
    Validate(validate::Validate),
    /// Count labels, types, roles, tokens
    Stats(stats::Stats),
    /// List the formats and what each cannot hold
    Formats(formats_list::List),
    /// List, show and check schemas
    #[command(subcommand)]
    Schema(schema::SchemaCommand),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    DataProblem,
    UsageProblem,
    /// The user pressed Ctrl+C.
    Stopped,
}

/// Where a command writes.
struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
}

/// Runs a command.
pub fn run(command: &Command) -> ExitCode {
    panics::trap(store::data_dir().as_deref(), "command");
    // What documents say is shown on a terminal, never obeyed by it. Files that go to another program are left alone.
    let is_data = match command {
        Command::Convert(command) => command.writes_to_output(),
        Command::Stats(command) => command.writes_json(),
        Command::Schema(command) => command.writes_json(),
        _ => false,
    };
    let is_shown = !is_data || io::stdout().is_terminal();
    let mut out = Visible::new(io::BufWriter::new(io::stdout().lock()), is_shown);
    let mut err = Visible::new(io::stderr(), true);
    let mut console = Console { out: &mut out, err: &mut err };
    let outcome = match command {
        Command::Convert(command) => convert::run(command, &mut console),
        Command::Export(command) => export::run(command, &mut console),
        Command::Validate(command) => validate::run(command, &mut console),
        Command::Stats(command) => stats::run(command, &mut console),
        Command::Formats(command) => formats_list::run(command, &mut console),
        Command::Schema(command) => schema::run(command, &mut console),
    };
    let outcome = outcome.and_then(|outcome| console.out.flush().and(console.err.flush()).map(|()| outcome));
    match outcome {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::DataProblem) => ExitCode::from(1),
        Ok(Outcome::UsageProblem) => ExitCode::from(2),
        Ok(Outcome::Stopped) => ExitCode::from(130),
        // Whoever read the output has seen enough (`manicule formats | head -1`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("manicule: the output cannot be written: {error}");
            ExitCode::from(1)
        }
    }
}

/// Columns padded to their widest cell; the last is not padded.
fn table(out: &mut dyn Write, rows: &[Vec<String>]) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(cell.chars().count()) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// `1 file`, `2 files`.
fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// For clap: the id of a format that reads.
fn reading_format(id: &str) -> Result<String, String> {
    format_with(id, "read", |info| info.reads)
}

/// For clap: the id of a format that writes.
fn writing_format(id: &str) -> Result<String, String> {
    format_with(id, "written", |info| info.writes)
}

fn format_with(id: &str, can: &str, is_able: fn(&formats::Info) -> bool) -> Result<String, String> {
    if formats::by_id(id).is_some_and(|f| is_able(&f.info())) {
        return Ok(id.to_lowercase());
    }
    let able: Vec<&str> = FORMATS.iter().map(|f| f.info()).filter(is_able).map(|info| info.id).collect();
    Err(format!("no format {id:?} can be {can}; there are: {}", able.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        use clap::CommandFactory as _;
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_file_opens_the_window_and_a_word_is_a_command() {
        let file = Arguments::try_parse_from(["manicule", "a.ron"]).expect("understood");
        assert!(file.command.is_none() && file.file == Some("a.ron".into()));
        assert!(Arguments::try_parse_from(["manicule"]).expect("understood").file.is_none());
        let formats = Arguments::try_parse_from(["manicule", "formats"]).expect("understood");
        assert!(matches!(formats.command, Some(Command::Formats(_))));
    }
}
