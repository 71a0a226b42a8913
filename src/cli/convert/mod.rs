//! `manicule convert`: documents to another format. Nothing is written unless everything can be.
//!
//! Documents are read, checked and written one after the other on all cores, into files that get their places only when
//! all is done ([`Stage`]): memory holds the files under way, not all of them, and a run that fails or is stopped leaves
//! nothing behind. Formats whose file must be made of all documents at once ([`Joins::Whole`]) are the exception.

mod dataset;
mod report;
mod sink;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use strum::IntoEnumIterator as _;

use super::inputs::{Candidate, Found, Inputs, progress};
use super::{Console, Outcome, counted};
use crate::formats::choice::Choice;
use crate::formats::split::{Labels, Parts, Stratify, assign, labels_of};
use crate::formats::tally::Tally;
use crate::formats::{self, Format, Joins, Loss, Named, Options};
use crate::jobs::ordered::in_order;
use crate::limits::PROBLEMS as PROBLEMS_SHOWN;
use crate::model::schema::builtin;
use crate::model::{Kind, Problem, SchemaRef, Status};
use crate::store::stage::Stage;

use report::{ImportReport, LossReport, Report};
use sink::{Content, Sink};

/// Losses of one document that are shown, and of all; all of them are in the loss report.
const LOSSES_SHOWN: usize = 10;
const LOSSES_SHOWN_IN_ALL: usize = 100;

/// Arguments.
#[derive(Debug, Args)]
pub struct Convert {
    #[command(flatten)]
    inputs: Inputs,
    /// Format to write
    #[arg(long, short, value_name = "FMT", value_parser = super::writing_format)]
    to: String,
    /// File or folder to write; - for standard output
    #[arg(long, short, value_name = "OUT")]
    output: PathBuf,
    /// Choose how the format is written; manicule formats lists what there is
    #[arg(long = "option", short = 'O', value_name = "NAME=VALUE")]
    options: Vec<String>,
    /// Write nothing if the format cannot hold everything
    #[arg(long)]
    strict: bool,
    /// File for the list of everything that the format cannot hold, as JSON Lines
    #[arg(long, value_name = "FILE")]
    loss_report: Option<PathBuf>,
    /// File for the list of everything that was not understood while reading, as JSON Lines
    #[arg(long, value_name = "FILE")]
    import_report: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    chosen: Chosen,
    #[command(flatten)]
    split: Split,
}

/// What of the documents is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "What is taken")]
struct Chosen {
    /// Only annotations with this label; may be given several times
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Only annotations of this kind: mention, entity, event, quote, relation
    #[arg(long = "kind", value_name = "KIND", value_parser = kind_of)]
    kinds: Vec<Kind>,
    /// Only documents of this annotator
    #[arg(long = "annotator", value_name = "NAME")]
    annotators: Vec<String>,
    /// Only documents of this status: new, in-progress, done, flagged
    #[arg(long = "status", value_name = "STATUS", value_parser = status_of)]
    statuses: Vec<Status>,
}

/// Parts of a dataset.
#[derive(Debug, Args)]
#[command(next_help_heading = "Dataset")]
struct Split {
    /// Write a dataset: 80/10/10 for train, dev and test, or NAME=SHARE/NAME=SHARE; with manifest.json and README.md
    #[arg(id = "split", long = "split", value_name = "SHARES", value_parser = Parts::parse)]
    shares: Option<Parts>,
    /// Number that the draw begins with; the same seed and documents make the same split
    #[arg(long, value_name = "N", default_value_t = 1, requires = "split")]
    seed: u64,
    /// What is spread evenly over the parts: label, kind, status, none
    #[arg(long, value_name = "WHAT", default_value = "label", requires = "split", value_parser = stratify_of)]
    stratify: Stratify,
}

fn kind_of(word: &str) -> Result<Kind, String> {
    let all = [Kind::Mention, Kind::Entity, Kind::Event, Kind::Quote, Kind::Relation];
    let found = all.into_iter().find(|kind| kind.word() == word.to_lowercase());
    found.ok_or_else(|| format!("there are {}", all.map(Kind::word).join(", ")))
}

/// For clap: a status.
pub fn status_of(word: &str) -> Result<Status, String> {
    let plain = |text: &str| text.to_lowercase().replace([' ', '_'], "-");
    let names: Vec<String> = Status::iter().map(|status| plain(status.text())).collect();
    let found = Status::iter().find(|status| plain(status.text()) == plain(word));
    found.ok_or_else(|| format!("there are {}", names.join(", ")))
}

/// For clap: what is spread evenly.
pub fn stratify_of(word: &str) -> Result<Stratify, String> {
    let all = <Stratify as strum::VariantNames>::VARIANTS.join(", ");
    word.parse().map_err(|_| format!("there are {all}"))
}

impl Chosen {
    fn choice(&self) -> Choice {
        fn some<T, C: FromIterator<T>>(all: &[T]) -> Option<C>
        where
            T: Clone,
        {
            (!all.is_empty()).then(|| all.iter().cloned().collect())
        }
        Choice {
            labels: some(&self.labels),
            kinds: some(&self.kinds),
            annotators: some(&self.annotators),
            statuses: some(&self.statuses),
            ..Choice::default()
        }
    }
}

impl Convert {
    /// Whether the files themselves go to standard output.
    pub fn writes_to_output(&self) -> bool {
        self.output == Path::new("-")
    }
}

/// How far it came.
enum Stop {
    /// The user pressed Ctrl+C.
    Asked,
    /// More is wrong than anybody reads.
    TooMany,
    /// The console or a file of ours cannot be written.
    Io(io::Error),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// A document that was read, checked and written.
struct Converted {
    name: String,
    id: String,
    schema: SchemaRef,
    text_sha256: String,
    problems: Vec<Problem>,
    losses: Vec<Loss>,
    tally: Tally,
    labels: Labels,
    /// What is spread evenly over the parts.
    strata: Labels,
    left_out: usize,
    content: Result<Content, String>,
}

/// What came of one file; `None` for a document that was not chosen.
type OfFile = Result<Vec<Option<Converted>>, Vec<Problem>>;

/// What a run knows from the beginning.
struct Run<'a> {
    command: &'a Convert,
    format: &'static dyn Format,
    options: Options,
    choice: Choice,
    stop: Arc<AtomicBool>,
}

/// What was counted on the way.
#[derive(Default)]
struct Sums {
    refused: usize,
    documents: usize,
    documents_left_out: usize,
    annotations_left_out: usize,
    tally: Tally,
    shown: usize,
    failures: Vec<String>,
}

/// Runs the command.
pub fn run(command: &Convert, console: &mut Console<'_>) -> io::Result<Outcome> {
    let Some(format) = formats::by_id(&command.to) else { return Ok(Outcome::UsageProblem) };
    let options = match options_of(format, &command.options) {
        Ok(options) => options,
        Err(message) => {
            writeln!(console.err, "manicule: {message}")?;
            return Ok(Outcome::UsageProblem);
        }
    };
    if command.split.shares.is_some() && command.output == Path::new("-") {
        writeln!(console.err, "manicule: a dataset does not fit standard output; name a folder")?;
        return Ok(Outcome::UsageProblem);
    }
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    // Without the handler Ctrl+C ends the program at once; it leaves the hidden folder of the stage, nothing else.
    let _ = ctrlc::set_handler(move || flag.store(true, Ordering::Relaxed));
    let run = Run { command, format, options, choice: command.chosen.choice(), stop };
    match run.carry_out(console) {
        Ok(outcome) => Ok(outcome),
        Err(Stop::Asked) => {
            writeln!(console.err, "manicule: stopped; nothing was written")?;
            Ok(Outcome::Stopped)
        }
        Err(Stop::TooMany) => {
            writeln!(console.err, "manicule: there are more than {PROBLEMS_SHOWN} errors; nothing was written")?;
            Ok(Outcome::DataProblem)
        }
        Err(Stop::Io(error)) => Err(error),
    }
}

fn options_of(format: &dyn Format, given: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    for text in given {
        let (name, value) = text.split_once('=').ok_or_else(|| format!("--option {text}: write it as NAME=VALUE"))?;
        options.set(&format.info(), name.trim(), value.trim()).map_err(|error| error.to_string())?;
    }
    Ok(options)
}

impl Run<'_> {
    fn carry_out(&self, console: &mut Console<'_>) -> Result<Outcome, Stop> {
        let (candidates, problems) = self.command.inputs.candidates(console)?;
        let reports = Report::<LossReport>::open(self.command.loss_report.as_deref())
            .and_then(|losses| Ok((losses, Report::<ImportReport>::open(self.command.import_report.as_deref())?)));
        let (mut losses, mut import) = match reports {
            Ok(reports) => reports,
            Err(message) => return refuse(console, &message),
        };
        let is_piped = self.command.output == Path::new("-");
        let stage = if is_piped { Stage::temporary() } else { Stage::beside(&self.command.output) };
        let stage = match stage {
            Ok(stage) => stage,
            Err(error) => {
                let output = self.command.output.display();
                return refuse(console, &format!("{output}: nothing can be written there: {error}"));
            }
        };
        let mut sums = Sums::default();
        for problem in &problems {
            writeln!(console.err, "{problem}")?;
            import.put(problem)?;
        }
        sums.refused += problems.len();
        let folders_refused = problems.len();

        let assigned = match &self.command.split.shares {
            Some(parts) => Some(self.assign(&candidates, parts)?),
            None => None,
        };
        let names: Vec<String> = match &self.command.split.shares {
            Some(parts) => parts.names().map(str::to_owned).collect(),
            None => vec![String::new()],
        };
        let mut sinks: Vec<Sink> = names.into_iter().map(Sink::new).collect();
        let mut next_document = 0;
        let (mut refused_last, mut told) = (None, 0);
        let mut told_of_file = BTreeSet::new();
        let bar = progress(candidates.len());
        let work = |_: usize, candidate: &Candidate| self.convert(candidate, &stage);
        let take = |index: usize, of_file: OfFile| -> Result<(), Stop> {
            if self.stop.load(Ordering::Relaxed) {
                return Err(Stop::Asked);
            }
            let Some(candidate) = candidates.get(index) else { return Ok(()) };
            bar.suspend(|| match of_file {
                Ok(documents) => {
                    if candidate.begins_file() {
                        told_of_file.clear();
                    }
                    for converted in documents {
                        let Some(mut converted) = converted else {
                            sums.documents_left_out += 1;
                            continue;
                        };
                        let part = assigned.as_ref().and_then(|all| all.get(next_document)).copied().unwrap_or(0);
                        next_document += 1;
                        // What is told of the whole file is told once, not for each of its pieces.
                        if candidate.is_piece() {
                            let problems = &mut converted.problems;
                            problems.retain(|p| p.place.line.is_some() || told_of_file.insert(p.to_string()));
                        }
                        self.tell(&candidate.path, &converted, &mut sums, console)?;
                        for problem in &converted.problems {
                            import.put(problem)?;
                        }
                        losses.put_all(&candidate.path, &converted.losses)?;
                        if let Some(sink) = sinks.get_mut(part)
                            && sums.refused + sums.failures.len() == 0
                        {
                            let taken = sink.take(&candidate.path, converted, &stage);
                            sums.failures.extend(taken.err());
                        }
                    }
                    Ok::<(), Stop>(())
                }
                Err(problems) => {
                    // The pieces of a file are one file.
                    if refused_last.replace(candidate.path.clone()).as_ref() != Some(&candidate.path) {
                        sums.refused += 1;
                    }
                    for problem in &problems {
                        if told == PROBLEMS_SHOWN {
                            return Err(Stop::TooMany);
                        }
                        told += 1;
                        writeln!(console.err, "{problem}")?;
                        import.put(problem)?;
                    }
                    Ok(())
                }
            })?;
            bar.inc(1);
            Ok(())
        };
        in_order(&candidates, work, take)?;
        bar.finish_and_clear();
        for report in [import.finish(), losses.finish()] {
            if let Err(message) = report {
                return refuse(console, &message);
            }
        }
        let all_files = candidates.iter().filter(|candidate| candidate.begins_file()).count();
        self.end(console, &sums, all_files + folders_refused, sinks, stage)
    }

    /// Reads, checks and writes the documents of one file.
    fn convert(&self, candidate: &Candidate, stage: &Stage) -> OfFile {
        if self.stop.load(Ordering::Relaxed) {
            return Ok(Vec::new());
        }
        let found = self.command.inputs.open(candidate)?;
        Ok(found.into_iter().map(|found| self.convert_one(found, stage)).collect())
    }

    fn convert_one(&self, found: Found, stage: &Stage) -> Option<Converted> {
        let Found { name, opened, .. } = found;
        if !self.choice.takes(&opened.document) {
            return None;
        }
        let (document, left_out) = self.choice.of(&opened.document);
        let document = document.into_owned();
        let losses = self.format.losses(&document, &self.options);
        let mut tally = Tally::default();
        tally.add(&document, &losses);
        let schema = opened.schema.or_else(|| {
            let named = &document.header().schema;
            builtin(&named.name).filter(|schema| schema.version == named.version).cloned()
        });
        let strata = self.command.split.stratify.labels(&document);
        let (labels, header) = (labels_of(&document), document.header().clone());
        let text_sha256 = document.text().sha256().to_owned();
        let info = self.format.info();
        let content = if info.joins == Joins::Whole {
            Ok(Content::Document(Box::new((document, schema))))
        } else if losses.is_empty() || !self.command.strict {
            let named = Named { name: &name, document: &document, schema: schema.as_ref() };
            let written = self.format.write(&[named], &self.options).map_err(|error| error.to_string());
            written.and_then(|files| Content::of_files(files, info.joins, stage))
        } else {
            Ok(Content::Nothing)
        };
        Some(Converted {
            name,
            id: header.metadata.id,
            schema: header.schema,
            text_sha256,
            problems: opened.problems,
            losses,
            tally,
            labels,
            strata,
            left_out,
            content,
        })
    }

    /// The part of each document that is chosen, in their order.
    fn assign(&self, candidates: &[Candidate], parts: &Parts) -> Result<Vec<usize>, Stop> {
        let bar = progress(candidates.len());
        let count = |_: usize, candidate: &Candidate| -> Vec<(String, Labels)> {
            // What cannot be read is told when it is converted.
            let found = self.command.inputs.open(candidate).unwrap_or_default();
            let chosen = found.iter().map(|f| &f.opened.document).filter(|document| self.choice.takes(document));
            let counted = |document| {
                let (document, _) = self.choice.of(document);
                (document.text().sha256().to_owned(), self.command.split.stratify.labels(&document))
            };
            chosen.map(counted).collect()
        };
        let mut all = Vec::new();
        in_order(candidates, count, |_, of_file| {
            all.extend(of_file);
            bar.inc(1);
            if self.stop.load(Ordering::Relaxed) { Err(Stop::Asked) } else { Ok(()) }
        })?;
        bar.finish_and_clear();
        Ok(assign(&all, parts, self.command.split.seed))
    }

    /// Says what is worth saying of a document.
    fn tell(&self, file: &Path, of: &Converted, sums: &mut Sums, console: &mut Console<'_>) -> io::Result<()> {
        for problem in &of.problems {
            writeln!(console.err, "{problem}")?;
        }
        sums.documents += 1;
        sums.annotations_left_out += of.left_out;
        if of.losses.is_empty() {
            return Ok(());
        }
        if sums.tally.total() == 0 {
            writeln!(console.err, "{} cannot hold everything:", self.format.info().name)?;
        }
        sums.tally.merge(&of.tally);
        let room = LOSSES_SHOWN_IN_ALL.saturating_sub(sums.shown);
        let shown = of.losses.len().min(LOSSES_SHOWN).min(room);
        for loss in of.losses.iter().take(shown) {
            let id = loss.id.as_ref().map(|id| format!("{id}: ")).unwrap_or_default();
            writeln!(console.err, "{}: {id}{}", file.display(), loss.what)?;
        }
        sums.shown += shown;
        if shown > 0 && of.losses.len() > shown {
            let more = of.losses.len() - shown;
            writeln!(console.err, "{}: and {more} more (--loss-report FILE lists all)", file.display())?;
        }
        Ok(())
    }

    /// Decides whether the files get their places, and gives them.
    fn end(
        &self,
        console: &mut Console<'_>,
        sums: &Sums,
        all_files: usize,
        sinks: Vec<Sink>,
        stage: Stage,
    ) -> Result<Outcome, Stop> {
        let losses = sums.tally.total();
        if losses > 0 {
            writeln!(console.err, "{}: {}", counted(losses, "loss").replace("losss", "losses"), sums.tally)?;
        }
        if sums.documents_left_out + sums.annotations_left_out > 0 {
            let (documents, annotations) = (sums.documents_left_out, sums.annotations_left_out);
            let (documents, annotations) = (counted(documents, "document"), counted(annotations, "annotation"));
            writeln!(console.err, "not chosen: {documents}, {annotations} of the others")?;
        }
        if sums.refused > 0 {
            let all = counted(all_files, "file");
            return refuse(console, &format!("{} of {all} cannot be read; nothing was written", sums.refused));
        }
        if let Some(message) = sums.failures.first() {
            return refuse(console, message);
        }
        if losses > 0 && self.command.strict {
            return refuse(console, &format!("{losses} things would be lost; nothing was written (--strict)"));
        }
        if sums.documents == 0 {
            return refuse(console, "no document was chosen; nothing was written");
        }
        let files = match self.placed(sinks, sums, &stage) {
            Ok(files) => files,
            Err(message) => return refuse(console, &message),
        };
        if self.stop.load(Ordering::Relaxed) {
            return Err(Stop::Asked);
        }
        if self.command.output == Path::new("-") {
            let [(_, file)] = files.as_slice() else {
                writeln!(console.err, "manicule: {} files do not fit standard output; name a folder", files.len())?;
                return Ok(Outcome::UsageProblem);
            };
            file.copy_to(console.out)?;
            return Ok(Outcome::Done);
        }
        match stage.commit(&files) {
            Ok(done) => {
                for backup in &done.backups {
                    writeln!(console.err, "manicule: the file as it was is kept in {}", backup.display())?;
                }
                let (documents, files) = (counted(sums.documents, "document"), counted(done.written, "file"));
                writeln!(console.err, "{documents} converted to {}, {files} written", self.format.info().name)?;
                Ok(Outcome::Done)
            }
            Err(error) => refuse(console, &error.to_string()),
        }
    }
}

fn refuse(console: &mut Console<'_>, message: &str) -> Result<Outcome, Stop> {
    writeln!(console.err, "manicule: {message}")?;
    Ok(Outcome::DataProblem)
}
