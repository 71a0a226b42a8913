//! `manicule formats`: what the formats declare of themselves, for people at a terminal and for the README.

use std::io;

use super::{Console, Outcome, table};
use crate::formats::{FORMATS, Format, Holds, OptionInfo};

/// List the formats and what each cannot hold.
#[derive(Debug, clap::Args)]
pub struct List {
    /// As a table for documents in Markdown, with what each format holds
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(command: &List, console: &mut Console<'_>) -> io::Result<Outcome> {
    if command.markdown {
        write!(console.out, "{}", markdown())?;
    } else {
        list(console)?;
    }
    Ok(Outcome::Done)
}

fn list(console: &mut Console<'_>) -> io::Result<()> {
    let yes_or_no = |yes: bool| if yes { "yes" } else { "no" };
    let mut rows = vec![
        ["ID", "NAME", "FILES", "READS", "WRITES", "COUNTS IN", "OPTIONS", "CANNOT HOLD"].map(str::to_owned).to_vec(),
    ];
    for format in FORMATS {
        let info = format.info();
        let missing = info.holds.missing();
        let options = options_of(*format);
        rows.push(vec![
            info.id.to_owned(),
            info.name.to_owned(),
            endings(info.extensions, " "),
            yes_or_no(info.reads).to_owned(),
            yes_or_no(info.writes).to_owned(),
            info.unit.text().to_owned(),
            if options.is_empty() { "-".to_owned() } else { options.join(" ") },
            if missing.is_empty() { "-".to_owned() } else { missing.join("; ") },
        ]);
    }
    table(console.out, &rows)
}

/// What can be chosen when a format is written or read, as `name=value|value`.
fn options_of(format: &dyn Format) -> Vec<String> {
    let info = format.info();
    let values = |o: &OptionInfo| if o.values.is_empty() { "…".to_owned() } else { o.values.join("|") };
    let reading = format.reading_options().iter().filter(|option| !info.options.contains(option));
    info.options.iter().chain(reading).map(|o| format!("{}={}", o.name, values(o))).collect()
}

fn endings(extensions: &[&str], between: &str) -> String {
    let endings: Vec<String> = extensions.iter().map(|e| format!(".{e}")).collect();
    endings.join(between)
}

/// The table of the README. A test holds the README to it.
fn markdown() -> String {
    let mut out =
        String::from("| format | `--to`, `--from` | read | write | counts in | holds |\n|---|---|---|---|---|---|\n");
    for format in FORMATS {
        let info = format.info();
        let tick = |yes: bool| if yes { "✓" } else { "" };
        let cells = [
            info.name,
            &format!("`{}`", info.id),
            tick(info.reads),
            tick(info.writes),
            info.unit.text(),
            &held(&info.holds),
        ];
        for cell in cells {
            out.push_str("| ");
            out.push_str(cell);
            if !cell.is_empty() {
                out.push(' ');
            }
        }
        out.push_str("|\n");
    }
    out
}

/// The kinds of things that a format holds, in a few words.
fn held(holds: &Holds) -> String {
    if holds.missing().is_empty() {
        return "everything".to_owned();
    }
    let mentions = match (holds.mentions, holds.overlaps) {
        (false, _) if holds.quotes => "",
        (false, _) => "text",
        (true, false) => "flat mentions",
        (true, true) => "mentions",
    };
    let kinds = [
        (true, mentions),
        (holds.mentions && holds.discontinuity, "parts"),
        (holds.entities, "entities"),
        (holds.relations, "relations"),
        (holds.events, "events"),
        (holds.quotes, "quotes"),
        (holds.attributes, "attributes"),
        (holds.notes, "notes"),
        (holds.metadata, "metadata"),
    ];
    let words: Vec<&str> =
        kinds.into_iter().filter(|(is_held, word)| *is_held && !word.is_empty()).map(|k| k.1).collect();
    words.join(", ")
}
