//! What describes a dataset: `manifest.json` for programs and `README.md`, the dataset card, for people.
//!
//! Neither holds a time or a path of this machine: the same documents and the same seed make the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::sink::Sink;
use super::{Run, Sums};
use crate::formats::plain_markdown;
use crate::formats::split::{Labels, Parts, Stratify};
use crate::store::stage::Staged;

/// A file of the dataset.
#[derive(Clone, Debug, Serialize)]
pub struct FileEntry {
    path: String,
    bytes: u64,
    sha256: String,
}

impl FileEntry {
    /// The file of this name in the dataset's folder.
    pub fn new(name: &Path, staged: &Staged) -> Self {
        let parts: Vec<_> = name.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        Self { path: parts.join("/"), bytes: staged.bytes, sha256: staged.sha256.clone() }
    }
}

#[derive(Serialize)]
struct Manifest<'a> {
    tool: &'static str,
    tool_version: &'static str,
    format: &'static str,
    options: BTreeMap<&'static str, String>,
    schemas: Vec<SchemaEntry>,
    seed: u64,
    stratified_by: &'static str,
    chosen: Chosen,
    documents: usize,
    losses: Vec<LossCount>,
    splits: Vec<Part<'a>>,
}

#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct SchemaEntry {
    name: String,
    version: u32,
}

#[derive(Serialize)]
struct Chosen {
    labels: Option<Vec<String>>,
    kinds: Option<Vec<&'static str>>,
    annotators: Option<Vec<String>>,
    statuses: Option<Vec<&'static str>>,
    documents_left_out: usize,
    annotations_left_out: usize,
}

#[derive(Serialize)]
struct LossCount {
    treatment: &'static str,
    kind: Option<&'static str>,
    count: usize,
}

#[derive(Serialize)]
struct Part<'a> {
    name: &'a str,
    share: f64,
    documents: usize,
    labels: &'a Labels,
    files: &'a [FileEntry],
    members: Vec<Member<'a>>,
}

#[derive(Serialize)]
struct Member<'a> {
    id: &'a str,
    source: String,
    text_sha256: &'a str,
}

/// The names and contents of the two files.
pub fn descriptions(
    run: &Run<'_>,
    sinks: &[Sink],
    files: &[Vec<FileEntry>],
    sums: &Sums,
) -> [(&'static str, String); 2] {
    let manifest = manifest(run, sinks, files, sums);
    // Plain data; it cannot fail to be written.
    let mut json = serde_json::to_string_pretty(&manifest).unwrap_or_default();
    json.push('\n');
    let card = card(run, &manifest, sums);
    [("manifest.json", json), ("README.md", card)]
}

fn manifest<'a>(run: &Run<'_>, sinks: &'a [Sink], files: &'a [Vec<FileEntry>], sums: &Sums) -> Manifest<'a> {
    let info = run.format.info();
    let named = |schema: &crate::model::SchemaRef| SchemaEntry { name: schema.name.clone(), version: schema.version };
    let mut schemas: Vec<SchemaEntry> = sinks.iter().flat_map(|sink| &sink.schemas).map(named).collect();
    schemas.sort();
    schemas.dedup();
    let shares: Vec<f64> = run.command.split.shares.iter().flat_map(Parts::shares).collect();
    let part = |((sink, files), share): ((&'a Sink, &'a Vec<FileEntry>), f64)| Part {
        name: &sink.name,
        share,
        documents: sink.entries.len(),
        labels: &sink.labels,
        files,
        members: (sink.entries.iter())
            .map(|entry| Member {
                id: &entry.id,
                source: entry.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                text_sha256: &entry.text_sha256,
            })
            .collect(),
    };
    let choice = &run.choice;
    Manifest {
        tool: "manicule",
        tool_version: env!("CARGO_PKG_VERSION"),
        format: info.id,
        options: info.options.iter().map(|o| (o.name, run.options.get(&info, o.name).to_owned())).collect(),
        schemas,
        seed: run.command.split.seed,
        stratified_by: run.command.split.stratify.into(),
        chosen: Chosen {
            labels: choice.labels.as_ref().map(|all| all.iter().cloned().collect()),
            kinds: choice.kinds.as_ref().map(|all| all.iter().map(|kind| kind.word()).collect()),
            annotators: choice.annotators.as_ref().map(|all| all.iter().cloned().collect()),
            statuses: choice.statuses.as_ref().map(|all| all.iter().map(|status| status.text()).collect()),
            documents_left_out: sums.documents_left_out,
            annotations_left_out: sums.annotations_left_out,
        },
        documents: sums.documents,
        losses: (sums.tally.counts())
            .map(|(treatment, kind, count)| LossCount {
                treatment: treatment.into(),
                kind: kind.map(crate::model::Kind::word),
                count,
            })
            .collect(),
        splits: sinks.iter().zip(files).zip(shares).map(part).collect(),
    }
}

fn card(run: &Run<'_>, manifest: &Manifest<'_>, sums: &Sums) -> String {
    let info = run.format.info();
    let mut out = String::from("---\n");
    if manifest.splits.iter().all(|part| part.files.len() == 1) {
        // Read by data loaders that look for parts under these names.
        out.push_str("configs:\n- config_name: default\n  data_files:\n");
        for part in &manifest.splits {
            let loader_name = if part.name == "dev" { "validation" } else { part.name };
            let path = part.files.first().map(|file| file.path.as_str()).unwrap_or_default();
            out.push_str(&format!("  - split: {loader_name}\n    path: {}\n", serde_json::Value::from(path)));
        }
    }
    out.push_str("---\n\n# Dataset\n\n");
    let schemas: Vec<String> =
        manifest.schemas.iter().map(|s| format!("{} version {}", plain_markdown(&s.name), s.version)).collect();
    let options: Vec<String> =
        manifest.options.iter().map(|(name, value)| format!("{name}={}", plain_markdown(value))).collect();
    let how = if options.is_empty() { String::new() } else { format!(" ({})", options.join(", ")) };
    out.push_str(&format!("- Format: {}{how}, positions in {}\n", info.name, info.unit.text()));
    out.push_str(&format!("- Schema: {}\n", schemas.join(", ")));
    out.push_str(&format!("- Documents: {}\n", manifest.documents));
    let spread = match run.command.split.stratify {
        Stratify::Label => ", spread evenly by label",
        Stratify::Kind => ", spread evenly by kind of annotation",
        Stratify::Status => ", spread evenly by status",
        Stratify::None => "",
    };
    out.push_str(&format!(
        "- Split: whole documents, seed {}{spread}; the same text is never in two parts\n",
        manifest.seed
    ));
    out.push_str(&format!("- Made by: Manicule {}\n", manifest.tool_version));
    if !run.choice.is_everything() {
        let (documents, annotations) = (sums.documents_left_out, sums.annotations_left_out);
        out.push_str(&format!("- Not chosen: {documents} documents, {annotations} annotations of the others\n"));
    }
    out.push_str("\n## What the format does not hold\n\n");
    if sums.tally.total() == 0 {
        out.push_str("Nothing was lost.\n");
    } else {
        let tally = sums.tally.to_string();
        out.push_str(&format!("{} losses: {tally}.\n", sums.tally.total()));
    }
    let names: Vec<&str> = manifest.splits.iter().map(|part| part.name).collect();
    out.push_str(&format!("\n## Counts\n\n| | {} |\n|---|{}\n", names.join(" | "), "---:|".repeat(names.len())));
    let mut row = |name: &str, count: &dyn Fn(&Part<'_>) -> usize| {
        let counts: Vec<String> = manifest.splits.iter().map(|part| count(part).to_string()).collect();
        out.push_str(&format!("| {} | {} |\n", plain_markdown(name), counts.join(" | ")));
    };
    row("documents", &|part| part.documents);
    let mut labels: Vec<&str> =
        manifest.splits.iter().flat_map(|part| part.labels.keys()).map(String::as_str).collect();
    labels.sort_unstable();
    labels.dedup();
    for label in labels {
        row(label, &|part| part.labels.get(label).copied().unwrap_or_default());
    }
    out.push_str("\n`manifest.json` lists every file with its SHA-256 and every document.\n");
    out
}
