//! The direction of dependencies, read off the `use` lines and paths of the source.

use std::fs;
use std::path::{Path, PathBuf};

/// Which modules of the crate each module may name. What is not listed here may name everything.
const MAY_USE: &[(&str, &[&str])] = &[
    ("text", &["text"]),
    ("model", &["text", "model"]),
    ("edit", &["text", "model", "edit"]),
    ("formats", &["text", "model", "edit", "formats"]),
    ("store", &["text", "model", "edit", "formats", "store"]),
    ("project", &["text", "model", "edit", "formats", "store", "jobs", "project"]),
    ("suggest", &["text", "model", "edit", "suggest"]),
    ("review", &["text", "model", "edit", "formats", "review"]),
    ("jobs", &["jobs"]),
    ("cli", &["text", "model", "edit", "formats", "store", "project", "suggest", "review", "jobs", "cli"]),
    ("theme", &["text", "model", "theme"]),
    ("canvas", &["text", "model", "edit", "theme", "canvas"]),
];

/// Modules that work and are tested without a window.
const WITHOUT_WINDOW: &[&str] =
    &["text", "model", "edit", "formats", "store", "project", "suggest", "review", "jobs", "cli"];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the source is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// The code of a file without comments.
fn code(path: &Path) -> String {
    let source = fs::read_to_string(path).expect("readable");
    source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn dependencies_point_downwards() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut wrong = Vec::new();
    for (module, allowed) in MAY_USE {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        assert!(!files.is_empty(), "{module} is gone");
        for file in files {
            let code = code(&file);
            for named in code.split("crate::").skip(1) {
                let named: String = named.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                if !allowed.contains(&named.as_str()) && root.join(&named).is_dir() {
                    wrong.push(format!("{} names crate::{named}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_does_not_know_the_window() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in WITHOUT_WINDOW {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for file in files {
            let code = code(&file);
            assert!(!code.contains("egui") && !code.contains("eframe"), "{} names egui", file.display());
        }
    }
}

/// Views read documents; only the app, through the editor, changes them.
#[test]
fn views_do_not_change_documents() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for module in ["ui", "canvas"] {
        let mut files = Vec::new();
        sources(&root.join(module), &mut files);
        for file in files {
            let code = code(&file);
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            for forbidden in ["&mut Document", "&mut Editor", ".execute("] {
                let is_test = file.file_name().is_some_and(|name| name == "tests.rs");
                // The name of a type may go on: a `DocumentLabel` is none.
                let goes_on = |rest: &str| forbidden.starts_with('&') && rest.starts_with(char::is_alphanumeric);
                let is_there = code.split(forbidden).skip(1).any(|rest| !goes_on(rest));
                assert!(is_test || !is_there, "{} has {forbidden}", file.display());
            }
        }
    }
}
