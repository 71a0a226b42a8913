//! `manicule export`: a project, by a recipe that it remembers. A recipe is a command line of `convert` by name, so both
//! write the same bytes.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Parser as _};

use super::{Arguments, Command, Console, Outcome, convert, table};
use crate::project::{Project, Recipe};

/// Arguments.
#[derive(Debug, Args)]
pub struct Export {
    /// The project
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// The recipe; none to list them
    #[arg(long, value_name = "NAME", requires = "output")]
    recipe: Option<String>,
    /// File or folder to write
    #[arg(long, short, value_name = "OUT")]
    output: Option<PathBuf>,
    /// Replace files that exist
    #[arg(long)]
    overwrite: bool,
}

/// Runs the command.
pub(super) fn run(command: &Export, console: &mut Console<'_>) -> io::Result<Outcome> {
    let project = match Project::open(&command.folder) {
        Ok(project) => project,
        Err(error) => {
            writeln!(console.err, "manicule: {error}")?;
            return Ok(Outcome::DataProblem);
        }
    };
    let (Some(name), Some(output)) = (&command.recipe, &command.output) else {
        return list(&project, console);
    };
    match project.file.recipes.iter().find(|recipe| &recipe.name == name) {
        Some(recipe) => carry_out(recipe, &command.folder, output, command.overwrite, console),
        None => {
            writeln!(console.err, "manicule: the project has no recipe {name:?}; these are there:")?;
            list(&project, console)?;
            Ok(Outcome::UsageProblem)
        }
    }
}

fn list(project: &Project, console: &mut Console<'_>) -> io::Result<Outcome> {
    if project.file.recipes.is_empty() {
        writeln!(console.err, "The project has no recipe yet; Project, Export dataset in the window makes one")?;
        return Ok(Outcome::Done);
    }
    let row =
        |recipe: &Recipe| vec![recipe.name.clone(), words(recipe, Path::new("FOLDER"), Path::new("OUT")).join(" ")];
    table(console.out, &project.file.recipes.iter().map(row).collect::<Vec<_>>())?;
    Ok(Outcome::Done)
}

/// The recipe as words of the command line.
fn words(recipe: &Recipe, folder: &Path, output: &Path) -> Vec<String> {
    let shown = |path: &Path| path.display().to_string();
    let mut words = vec!["convert".to_owned(), shown(folder), "--to".into(), recipe.format.clone()];
    let mut flag = |name: &str, value: String| words.extend([format!("--{name}={value}")]);
    for (name, value) in &recipe.options {
        flag("option", format!("{name}={value}"));
    }
    for annotator in &recipe.annotators {
        flag("annotator", annotator.clone());
    }
    for status in &recipe.status {
        flag("status", status.text().to_lowercase().replace(' ', "-"));
    }
    for label in &recipe.labels {
        flag("label", label.clone());
    }
    for kind in &recipe.kinds {
        flag("kind", kind.clone());
    }
    if let Some(split) = &recipe.split {
        flag("split", split.clone());
        flag("stratify", recipe.stratify.clone());
        flag("seed", recipe.seed.to_string());
    }
    flag("output", shown(output));
    if recipe.strict {
        words.push("--strict".into());
    }
    words
}

fn carry_out(
    recipe: &Recipe,
    folder: &Path,
    output: &Path,
    overwrite: bool,
    console: &mut Console<'_>,
) -> io::Result<Outcome> {
    let mut words = words(recipe, folder, output);
    if overwrite {
        words.push("--overwrite".into());
    }
    match Arguments::try_parse_from(std::iter::once("manicule".to_owned()).chain(words)) {
        Ok(Arguments { command: Some(Command::Convert(command)), .. }) => convert::run(&command, console),
        Ok(_) => Ok(Outcome::UsageProblem),
        Err(error) => {
            // What clap says of a command line is true of the recipe, too.
            writeln!(console.err, "manicule: the recipe {:?} cannot be run: {error}", recipe.name)?;
            Ok(Outcome::UsageProblem)
        }
    }
}

/// What came of an export from the window.
#[derive(Debug)]
pub struct Exported {
    /// Whether files were written.
    pub is_written: bool,
    /// What was said about it, line by line.
    pub told: String,
}

/// Exports a project; `overwrite`: files that exist are replaced.
pub fn export(recipe: &Recipe, folder: &Path, output: &Path, overwrite: bool) -> Exported {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut console = Console { out: &mut out, err: &mut err };
    let outcome = carry_out(recipe, folder, output, overwrite, &mut console);
    let is_written = matches!(outcome, Ok(Outcome::Done));
    let mut told = String::from_utf8_lossy(&err).into_owned();
    told.push_str(&String::from_utf8_lossy(&out));
    if let Err(error) = outcome {
        told.push_str(&error.to_string());
    }
    Exported { is_written, told }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::model::Status;
    use crate::project::adding::{self, Adding, Known};
    use crate::project::default_schema;
    use crate::store::disk::Disk;

    const SAMPLE: &[u8] = include_bytes!("../../seeds/000_1a5c9ff20c0ee09c.ron");

    fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut all = Vec::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(next) = folders.pop() {
            for entry in fs::read_dir(next).expect("readable").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.push((
                        path.strip_prefix(folder).expect("in it").to_owned(),
                        fs::read(&path).expect("readable"),
                    ));
                }
            }
        }
        all.sort();
        all
    }

    #[test]
    fn a_recipe_writes_the_same_bytes_every_time() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let at = |name: &str| folder.path().join(name);
        fs::write(at("sample.ron"), SAMPLE).expect("writable");
        let project = Project::create(&at("p"), "P", &default_schema()).expect("writable");
        let adding = Adding { sources: vec![at("sample.ron")], annotator: Some("Anna".into()), ..Adding::default() };
        let (project, _) =
            adding::add(&Disk::default(), &project, Known::default(), &adding, |_| true).expect("writable");
        let mut recipe = Recipe { split: Some("80/10/10".into()), ..Recipe::new("all", "jsonl") };
        let project = project.with_file(|file| file.recipes.push(recipe.clone())).expect("writable");
        let recipe_there = &Project::open(project.layout.root()).expect("opens").file.recipes[0];
        assert_eq!(*recipe_there, recipe);
        for name in ["one", "two"] {
            let exported = export(recipe_there, project.layout.root(), &at(name), false);
            assert!(exported.is_written, "{}", exported.told);
        }
        let (one, two) = (bytes(&at("one")), bytes(&at("two")));
        assert!(one.len() > 1, "{one:?}");
        assert_eq!(one, two);
        // Files of other bytes are not replaced unasked.
        assert!(export(recipe_there, project.layout.root(), &at("one"), false).is_written);
        recipe.seed = 2;
        assert!(!export(&recipe, project.layout.root(), &at("one"), false).is_written);
        assert!(export(&recipe, project.layout.root(), &at("one"), true).is_written);
        // Nobody has flagged anything; and what is wrong with a recipe is told.
        recipe.status = vec![Status::Flagged];
        let exported = export(&recipe, project.layout.root(), &at("three"), false);
        assert!(exported.told.contains("not chosen: 1 document"), "{}", exported.told);
        recipe.format = "wonder".into();
        let exported = export(&recipe, project.layout.root(), &at("four"), false);
        assert!(!exported.is_written && exported.told.contains("no format \"wonder\""), "{}", exported.told);
    }
}
