//! What a project says of itself: `project.ron`, as types.
//!
//! The file is written by the program and by hand, and merged by git. A field that this program does not know is told
//! and makes the file read-only, since writing it would lose the field.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::layout::Name;
use crate::model::{Problem, Status};

/// The value of [`ProjectFile::format`] that this program writes.
pub const FORMAT: &str = "manicule-project/1";

/// The number in it.
const VERSION: u32 = 1;

/// The contents of `project.ron`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectFile {
    /// [`FORMAT`], or that of another version.
    pub format: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// The file of the label set, in the project's folder.
    #[serde(default = "schema_file")]
    pub schema: String,
    /// The file of the guidelines in Markdown, in the project's folder.
    #[serde(default = "guidelines_file")]
    pub guidelines: String,
    /// Who annotates.
    #[serde(default)]
    pub annotators: Vec<Annotator>,
    /// Exports that can be run again by name.
    #[serde(default)]
    pub recipes: Vec<Recipe>,
}

/// Somebody who annotates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotator {
    /// As it stands in files.
    pub name: String,
    /// The folder of the layers, in `annotations`.
    pub folder: String,
}

/// An export: what, from whom, how far, in which split and format. The words are those of the command line, which checks
/// them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// Its name; unique in the project.
    pub name: String,
    /// The id of the format.
    pub format: String,
    /// Choices of the format, by name.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Whose layers, by name; none = everybody's.
    #[serde(default)]
    pub annotators: Vec<String>,
    /// How far the work on a layer must be; none = any.
    #[serde(default)]
    pub status: Vec<Status>,
    /// Only annotations with these labels; none = all.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Only annotations of these kinds; none = all.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Shares of train, dev and test (`80/10/10`); `None` = one part.
    #[serde(default)]
    pub split: Option<String>,
    /// What is spread evenly over the parts.
    #[serde(default = "stratify")]
    pub stratify: String,
    /// Number that the draw begins with.
    #[serde(default = "seed")]
    pub seed: u64,
    /// Whether nothing is written if the format cannot hold everything.
    #[serde(default)]
    pub strict: bool,
}

impl Recipe {
    /// Everything of everybody in a format.
    pub fn new(name: &str, format: &str) -> Self {
        Self {
            name: name.to_owned(),
            format: format.to_owned(),
            options: BTreeMap::new(),
            annotators: Vec::new(),
            status: Vec::new(),
            labels: Vec::new(),
            kinds: Vec::new(),
            split: None,
            stratify: stratify(),
            seed: seed(),
            strict: false,
        }
    }
}

fn stratify() -> String {
    "label".to_owned()
}

fn seed() -> u64 {
    1
}

fn schema_file() -> String {
    "schema.ron".to_owned()
}

fn guidelines_file() -> String {
    "guidelines.md".to_owned()
}

/// A project file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadSettings {
    /// What it says, as far as it is understood.
    pub file: ProjectFile,
    /// Whether it may be written again without losing anything.
    pub may_write: bool,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
}

impl ProjectFile {
    /// A new project.
    pub fn new(title: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            title: title.to_owned(),
            schema: schema_file(),
            guidelines: guidelines_file(),
            annotators: Vec::new(),
            recipes: Vec::new(),
        }
    }

    /// Reads the file. What cannot be understood at all gives a project without a title, which may not be written.
    pub fn read(ron: &str, path: &Path) -> ReadSettings {
        let mut unknown = Vec::new();
        let read: Result<Self, ron::error::SpannedError> =
            ron::Deserializer::from_str(ron).and_then(|mut deserializer| {
                serde_ignored::deserialize(&mut deserializer, |at| unknown.push(at.to_string()))
                    .map_err(|error| deserializer.span_error(error))
            });
        let file = match read {
            Ok(file) => file,
            Err(error) => {
                let problem = unreadable(ron, &error).in_file(path);
                return ReadSettings { file: Self::new(""), may_write: false, problems: vec![problem] };
            }
        };
        let mut problems = Vec::new();
        let (number, is_newer) = (file.version(), file.is_newer());
        match number {
            Some(_) if is_newer => {
                let message = format!("a newer version of the program wrote it ({})", file.format);
                let hint = "update the program; until then the project can be looked at, and not changed";
                problems.push(Problem::warning("newer-project", message, hint));
            }
            Some(_) => {}
            None => {
                let message = format!("the format is {:?} and not {FORMAT:?}", file.format);
                problems.push(Problem::error("not-a-project", message, "write the format as this program does"));
            }
        }
        for field in unknown.iter().filter(|_| !is_newer) {
            let message = format!("the field {field:?} is not known");
            let hint = "correct its name or remove it; until then the program does not write this file";
            problems.push(Problem::error("unknown-field", message, hint));
        }
        let may_write = problems.is_empty();
        problems.extend(file.check());
        let problems = problems.into_iter().map(|problem| problem.in_file(path)).collect();
        ReadSettings { file, may_write, problems }
    }

    fn version(&self) -> Option<u32> {
        self.format.strip_prefix("manicule-project/").and_then(|number| number.parse().ok())
    }

    /// Whether a newer program wrote it.
    pub fn is_newer(&self) -> bool {
        self.version().is_some_and(|number| number > VERSION)
    }

    /// As it is written: one thing a line, so that git can merge it.
    pub fn to_ron(&self) -> String {
        let pretty = ron::ser::PrettyConfig::new().struct_names(false).new_line("\n").indentor("    ");
        // Nothing in it can fail to be written.
        let mut ron = ron::ser::to_string_pretty(self, pretty).unwrap_or_default();
        ron.push('\n');
        ron
    }

    /// What contradicts itself.
    fn check(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (what, name) in [("schema", &self.schema), ("guidelines", &self.guidelines)] {
            let is_plain = Path::new(name)
                .file_stem()
                .and_then(|stem| stem.to_str())
                .is_some_and(|stem| Name::new(stem).is_some() && Path::new(name).components().count() == 1);
            if !is_plain {
                let message = format!("the {what} {name:?} is not the name of a file in this folder");
                problems.push(Problem::error("outside", message, "put the file into the folder of the project"));
            }
        }
        let (mut names, mut folders) = (BTreeSet::new(), BTreeSet::new());
        for annotator in &self.annotators {
            match Name::new(&annotator.folder) {
                None => {
                    let message =
                        format!("the folder {:?} of an annotator is not the name of a folder", annotator.folder);
                    problems.push(Problem::error("outside", message, "give it a plain name"));
                }
                Some(folder) if !folders.insert(folder.folded()) => {
                    let message = format!("two annotators have the folder {folder:?}", folder = folder.as_str());
                    let hint = "give each a folder of its own, or remove one of them";
                    problems.push(Problem::error("same-annotator", message, hint));
                }
                Some(_) => {}
            }
            if !names.insert(annotator.name.as_str()) {
                let message = format!("two annotators have the name {:?}", annotator.name);
                let hint = "rename one of them; their layers are apart because their folders are";
                problems.push(Problem::warning("same-annotator", message, hint));
            }
        }
        let mut recipes = BTreeSet::new();
        for recipe in self.recipes.iter().filter(|recipe| !recipes.insert(recipe.name.as_str())) {
            let message = format!("two recipes have the name {:?}", recipe.name);
            problems.push(Problem::warning("same-recipe", message, "rename one of them; only the first can be run"));
        }
        problems
    }
}

/// Whether a text has the marks that git leaves where it could not merge; with the line of the first, from 1.
pub fn conflict_line(text: &str) -> Option<usize> {
    let is_mark = |line: &str| line.starts_with("<<<<<<< ") || line.starts_with(">>>>>>> ");
    text.lines().position(is_mark).map(|line| line + 1)
}

fn unreadable(ron: &str, error: &ron::error::SpannedError) -> Problem {
    if let Some(line) = conflict_line(ron) {
        let mut problem = Problem::error(
            "merge-conflict",
            "git could not merge this file, and left marks in it",
            "choose one of the two versions between the marks, and remove the marks",
        );
        problem.place.line = Some(line);
        return problem;
    }
    let mut problem = Problem::error(
        "not-ron",
        format!("it cannot be read: {}", error.code),
        "correct it, or take back the last version of it",
    );
    problem.place.line = Some(error.span.start.line);
    problem.place.column = Some(error.span.start.col);
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(ron: &str) -> ReadSettings {
        ProjectFile::read(ron, Path::new("project.ron"))
    }

    fn codes(read: &ReadSettings) -> Vec<&str> {
        read.problems.iter().map(|problem| problem.code).collect()
    }

    fn full() -> ProjectFile {
        ProjectFile {
            annotators: vec![Annotator { name: "Anna".into(), folder: "anna".into() }],
            recipes: vec![Recipe { split: Some("80/10/10".into()), ..Recipe::new("all", "jsonl") }],
            ..ProjectFile::new("Talks")
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        for file in [ProjectFile::new("A \"title\""), full()] {
            let again = read(&file.to_ron());
            assert_eq!(again, ReadSettings { file, may_write: true, problems: Vec::new() });
        }
    }

    #[test]
    fn a_field_that_is_not_known_keeps_the_file_from_being_written() {
        let again = read("(format: \"manicule-project/1\", title: \"T\", colour: 3)");
        assert_eq!((codes(&again), again.may_write), (vec!["unknown-field"], false));
        assert_eq!(again.file.title, "T");
    }

    #[test]
    fn a_project_of_a_newer_version_can_be_looked_at() {
        let again = read("(format: \"manicule-project/2\", title: \"T\", wonder: [1])");
        assert_eq!((codes(&again), again.may_write), (vec!["newer-project"], false));
        assert_eq!(again.file.title, "T");
    }

    #[test]
    fn marks_of_git_are_named() {
        let ron = full().to_ron().replace("    title", "<<<<<<< HEAD\n    title");
        let again = read(&ron);
        assert_eq!((codes(&again), again.may_write), (vec!["merge-conflict"], false));
        assert_eq!(again.problems[0].place.line, Some(3));
        assert_eq!(codes(&read("(format")), ["not-ron"]);
    }

    #[test]
    fn annotators_are_told_apart_and_stay_in_the_folder() {
        let mut file = full();
        file.annotators.push(Annotator { name: "Anna".into(), folder: "Anna".into() });
        file.annotators.push(Annotator { name: "Bob".into(), folder: "../bob".into() });
        file.schema = "../schema.ron".into();
        file.recipes.push(file.recipes[0].clone());
        let again = read(&file.to_ron());
        assert_eq!(codes(&again), ["outside", "same-annotator", "same-annotator", "outside", "same-recipe"]);
        assert!(again.may_write, "what is wrong with it can be mended in the window");
    }
}
