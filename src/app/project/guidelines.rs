//! The guidelines beside the work: read when they are asked for, edited in place, written as the file they are.

use std::path::PathBuf;
use std::sync::Arc;

use super::ProjectMessage;
use crate::app::App;
use crate::app::messages::Message;
use crate::store::{self, confined};

/// The guidelines of the project that is open.
#[derive(Default)]
pub struct Guidelines {
    /// Whether they are shown.
    pub is_shown: bool,
    /// What the file says; `None` until it is read.
    pub text: Option<Arc<str>>,
    /// What is being written instead, while it is edited.
    pub draft: Option<String>,
    /// SHA-256 of the file as it was read; empty if there is none.
    sha256: String,
}

/// What a job did with the file.
pub enum FromFile {
    /// It was read: its text and SHA-256.
    Read(String, String),
    /// It was written, with this text.
    Written(String),
    /// It was not, in words.
    Failed(String),
}

impl App {
    /// Shows the guidelines, or hides them.
    pub(in crate::app) fn toggle_guidelines(&mut self) {
        let Some(project) = &mut self.project else {
            return self.toasts.refused("That is for projects; open a folder first");
        };
        project.guidelines.is_shown = !project.guidelines.is_shown;
        if project.guidelines.is_shown {
            self.read_guidelines();
        } else {
            self.keep_guidelines();
        }
    }

    fn read_guidelines(&mut self) {
        let Some(project) = &self.project else { return };
        let (path, number) = (project.project.guidelines(), project.number);
        self.jobs.spawn("Reading the guidelines", move || {
            Message::Project(ProjectMessage::Guidelines { number, from: read(path) })
        });
    }

    /// Begins to edit the guidelines.
    pub(super) fn edit_guidelines(&mut self) {
        let Some(project) = &mut self.project else { return };
        let text = project.guidelines.text.as_deref().unwrap_or_default().to_owned();
        project.guidelines.draft.get_or_insert(text);
    }

    /// Writes what was edited, if the file is as it was read.
    pub(in crate::app) fn keep_guidelines(&mut self) {
        let Some(project) = &mut self.project else { return };
        let guidelines = &project.guidelines;
        let Some(draft) = guidelines.draft.clone() else { return };
        if guidelines.text.as_deref() == Some(draft.as_str()) {
            project.guidelines.draft = None;
            return;
        }
        let (path, number, sha256) = (project.project.guidelines(), project.number, guidelines.sha256.clone());
        self.jobs.spawn("Writing the guidelines", move || {
            Message::Project(ProjectMessage::Guidelines { number, from: write(path, &sha256, draft) })
        });
    }

    pub(super) fn guidelines_done(&mut self, from: FromFile) {
        let Some(project) = &mut self.project else { return };
        let guidelines = &mut project.guidelines;
        match from {
            FromFile::Read(text, sha256) => {
                guidelines.text = Some(text.into());
                guidelines.sha256 = sha256;
            }
            FromFile::Written(text) => {
                guidelines.sha256 = store::sha256_of(text.as_bytes());
                // What was typed meanwhile is still to be written.
                if guidelines.draft.as_deref() == Some(text.as_str()) {
                    guidelines.draft = None;
                }
                guidelines.text = Some(text.into());
            }
            FromFile::Failed(why) => {
                // What was typed stays in the field.
                self.toasts.refused(why);
            }
        }
    }
}

fn read(path: Option<PathBuf>) -> FromFile {
    let Some(path) = path else { return FromFile::Failed("The guidelines lie outside the project".to_owned()) };
    match confined::read(&path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => {
                let sha256 = store::sha256_of(text.as_bytes());
                FromFile::Read(text, sha256)
            }
            Err(_) => FromFile::Failed(format!("{}: the guidelines are not in UTF-8", path.display())),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => FromFile::Read(String::new(), String::new()),
        Err(error) => FromFile::Failed(format!("{}: {error}", path.display())),
    }
}

fn write(path: Option<PathBuf>, sha256: &str, text: String) -> FromFile {
    let Some(path) = path else { return FromFile::Failed("The guidelines lie outside the project".to_owned()) };
    let there = match confined::read(&path) {
        Ok(bytes) => store::sha256_of(&bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return FromFile::Failed(format!("{}: {error}", path.display())),
    };
    if there != sha256 {
        return FromFile::Failed(format!(
            "{}: it was changed by another program; copy what you wrote, and open the guidelines again",
            path.display()
        ));
    }
    match store::write_atomically(&path, text.as_bytes()) {
        Ok(()) => FromFile::Written(text),
        Err(error) => FromFile::Failed(format!("{}: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_program_wrote_is_not_written_over() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("guidelines.md");
        let FromFile::Read(text, sha256) = read(Some(path.clone())) else { panic!("there is none yet") };
        assert_eq!((text.as_str(), sha256.as_str()), ("", ""));
        assert!(matches!(write(Some(path.clone()), "", "mine".into()), FromFile::Written(_)));
        std::fs::write(&path, "theirs").expect("writable");
        let mine = store::sha256_of(b"mine");
        assert!(matches!(write(Some(path.clone()), &mine, "mine again".into()), FromFile::Failed(_)));
        assert_eq!(std::fs::read_to_string(&path).expect("there"), "theirs");
    }
}
