//! Choosing files: the system's dialog, ours where there is none, and what a chosen file is used for.

use std::path::{Path, PathBuf};

use super::App;
use super::dialog::{AfterClosing, Dialog, FileDialog, FilePurpose};
use super::messages::Message;
use super::read_only::ReadOnly;
use super::schemas;
use super::system_dialog::{self, Filter, NoDialog};
use crate::formats::{FORMATS, Info};

impl App {
    pub(super) fn choose_file(&mut self, purpose: FilePurpose) {
        let folders = self.proposed_folders();
        let name = self.proposed_name(purpose);
        let filters = self.filters(purpose);
        // Where the system's dialog fails, ours takes its place.
        let first = |folders: Vec<PathBuf>| folders.into_iter().find(|folder| folder.is_dir());
        let known = folders.clone();
        self.is_choosing_file = true;
        let ours = move || Message::Chosen { purpose, folder: first(known), result: Err(NoDialog) };
        self.jobs.spawn_or("The file dialog", ours, move || {
            let folder = first(folders);
            let result = system_dialog::choose(purpose, &filters, folder.as_deref(), &name);
            Message::Chosen { purpose, folder, result }
        });
    }

    /// Where a dialog may begin, best first; they need not exist.
    fn proposed_folders(&self) -> Vec<PathBuf> {
        // The texts of a project are no place for copies.
        let of_session = self.session.as_ref().filter(|s| s.read_only != Some(ReadOnly::Looking));
        let of_session = of_session.and_then(|s| s.origin.shown()).and_then(Path::parent).map(Path::to_owned);
        let in_trouble = self.folder_in_trouble();
        let known = of_session.into_iter().chain(self.settings.last_folder.clone());
        // A disk that hangs would make the dialog hang too.
        let known = known.filter(|folder| in_trouble.is_none_or(|other| !folder.starts_with(other)));
        known.chain(std::env::home_dir()).chain(std::env::current_dir().ok()).collect()
    }

    /// What the system's dialog offers to show.
    fn filters(&self, purpose: FilePurpose) -> Vec<Filter> {
        let of = |info: &Info| Filter { name: info.name.to_owned(), extensions: info.extensions.to_vec() };
        let infos = || FORMATS.iter().map(|format| format.info());
        match purpose {
            FilePurpose::Open | FilePurpose::AddFiles => {
                let reading: Vec<Info> = infos().filter(|info| info.reads).collect();
                let mut all: Vec<&'static str> = reading.iter().flat_map(|info| info.extensions).copied().collect();
                all.sort_unstable();
                all.dedup();
                let everything = Filter { name: "Articles and annotations".to_owned(), extensions: all };
                std::iter::once(everything).chain(reading.iter().map(of)).collect()
            }
            FilePurpose::Export => self.export.iter().map(|export| of(&export.info())).collect(),
            FilePurpose::SaveAs
            | FilePurpose::Schema
            | FilePurpose::AddFolder
            | FilePurpose::OpenProject
            | FilePurpose::NewProject
            | FilePurpose::Dataset
            | FilePurpose::Figure
            | FilePurpose::ImportLabels
            | FilePurpose::CompareLabels
            | FilePurpose::ExportLabels => Vec::new(),
        }
    }

    pub(super) fn proposed_name(&self, purpose: FilePurpose) -> String {
        if purpose == FilePurpose::Figure {
            let ending = if self.pending_figure == Some(super::project::SavedFigure::Table) { "csv" } else { "png" };
            return format!("figure.{ending}");
        }
        if let (FilePurpose::ExportLabels, Some(project)) = (purpose, &self.project) {
            return format!("{}.ron", project.project.schema.name);
        }
        if let (FilePurpose::Export, Some(export)) = (purpose, &self.export) {
            return export.name.clone();
        }
        let Some(session) =
            self.session.as_ref().filter(|_| matches!(purpose, FilePurpose::SaveAs | FilePurpose::Export))
        else {
            return String::new();
        };
        if let Some(proposed) = session.origin.proposed() {
            if purpose == FilePurpose::SaveAs && session.read_only.is_some() {
                let stem = proposed.file_stem().unwrap_or_default().to_string_lossy();
                let extension = proposed.extension().unwrap_or_default().to_string_lossy();
                return format!("{stem}-copy.{extension}");
            }
            return proposed.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
        let title: String =
            session.title().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(60).collect();
        let words: Vec<&str> = title.split('-').filter(|word| !word.is_empty()).collect();
        format!("{}.ron", words.join("-").to_lowercase())
    }

    pub(super) fn chosen(
        &mut self,
        ctx: &egui::Context,
        purpose: FilePurpose,
        folder: Option<PathBuf>,
        result: Result<Vec<PathBuf>, NoDialog>,
    ) {
        match result {
            Ok(paths) if paths.is_empty() => {
                self.after_saving = None;
                self.show_export_again(purpose);
            }
            Ok(paths) if purpose == FilePurpose::AddFiles => self.add_documents(paths),
            Ok(paths) => {
                for path in paths {
                    match purpose {
                        // The system's dialog has asked whether a file may be replaced.
                        FilePurpose::Export => self.export_to(path, true),
                        _ => self.use_file(ctx, purpose, path),
                    }
                }
            }
            Err(NoDialog) => {
                let folder = folder.unwrap_or_default();
                let name = self.proposed_name(purpose);
                self.beneath_dialog =
                    self.dialog.take_if(|dialog| matches!(dialog, Dialog::NewProject(_) | Dialog::Dataset(_)));
                self.dialog = Some(Dialog::File(FileDialog { purpose, folder, name, error: None }));
            }
        }
    }

    /// Our own dialog chose a file.
    pub(super) fn file_chosen(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(Dialog::File(dialog)) = self.dialog.take() else { return };
        // It stood over the one for which the folder is chosen.
        self.dialog = self.beneath_dialog.take();
        self.use_file(ctx, dialog.purpose, path);
    }

    fn use_file(&mut self, ctx: &egui::Context, purpose: FilePurpose, path: PathBuf) {
        match purpose {
            FilePurpose::Open => self.leave_then(ctx, AfterClosing::Open(path)),
            FilePurpose::SaveAs => {
                let path = if path.extension().is_none() { path.with_extension("ron") } else { path };
                self.save_to(path, false);
            }
            FilePurpose::Export => self.export_to(path, false),
            FilePurpose::AddFiles | FilePurpose::AddFolder => self.add_documents(vec![path]),
            FilePurpose::OpenProject => self.leave_then(ctx, AfterClosing::Project(path)),
            FilePurpose::NewProject => {
                if let Some(Dialog::NewProject(new)) = &mut self.dialog {
                    new.choose(&path);
                }
            }
            FilePurpose::Figure => self.save_figure_to(path),
            FilePurpose::Dataset => {
                if let Some(Dialog::Dataset(dataset)) = &mut self.dialog {
                    dataset.choose(&path);
                }
            }
            FilePurpose::Schema if matches!(self.dialog, Some(Dialog::NewProject(_))) => {
                if let Some(Dialog::NewProject(new)) = &mut self.dialog {
                    new.choose_schema(&path);
                }
            }
            FilePurpose::ImportLabels | FilePurpose::CompareLabels | FilePurpose::ExportLabels => {
                self.schema_file_chosen(purpose, path);
            }
            FilePurpose::Schema => {
                let data = self.data.clone();
                self.jobs.spawn("Reading a schema", move || Message::SchemaRead(schemas::load(&path, &data)));
            }
        }
    }
}
