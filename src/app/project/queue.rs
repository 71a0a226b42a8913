//! What the list of documents shows: filters and order, worked out on a job where there are many.

use std::collections::HashSet;
use std::sync::Arc;

use super::{OpenProject, ProjectMessage};
use crate::app::App;
use crate::app::action::Action;
use crate::app::messages::Message;
use crate::model::Status;
use crate::project::index::Index;
use crate::project::queue::{Chosen, Counts, Query, SortBy};
use crate::project::{Name, Recipe};

/// So many documents are put in order within a frame.
const AT_ONCE: usize = 1_000;

/// What the list of documents asks for.
#[derive(Clone, Debug)]
pub enum ProjectAction {
    /// Open a document.
    Open(Name),
    /// Show documents with these words only.
    Words(String),
    /// Show documents of this status, or not only these.
    ToggleStatus(Status),
    /// Show documents with this label only; `None` = with any.
    Label(Option<String>),
    /// Show documents with problems only, or all.
    ToggleProblems,
    /// Show only documents that are the same article as another one, or all.
    ToggleSame,
    /// Show all documents again.
    ShowAll,
    /// Show these documents only.
    Choose {
        /// What they have in common.
        title: String,
        /// Their names.
        names: Vec<Name>,
    },
    /// Sort by this; again: the other way round.
    Sort(SortBy),
    /// Look at the files again.
    Scan,
    /// Look whether the folder is there.
    LookForFolder,
    /// Stop looking at the files, or adding documents.
    Stop,
    /// Take a document out of the project.
    Remove(Name),
    /// Put back what was taken out last.
    PutBack,
    /// Export the project.
    ExportDataset {
        /// How.
        recipe: Box<Recipe>,
        /// Where to.
        output: std::path::PathBuf,
        /// Whether files that exist are replaced.
        overwrite: bool,
    },
    /// Choose the folder of a dataset.
    ChooseDatasetFolder,
    /// Show the layer of the annotator with this folder beneath, or none.
    Beneath(Option<Name>),
    /// Begin to edit the guidelines.
    EditGuidelines,
    /// Write the guidelines that were edited.
    KeepGuidelines,
    /// Show what is wrong with the project.
    ShowProblems,
    /// Work as this annotator.
    WorkAs(String),
    /// Work as nobody: show documents and change nothing.
    OnlyLook,
    /// Make a project in this folder.
    Make(Box<crate::ui::dialogs::project::NewProject>),
    /// Something in the search.
    Search(super::SearchAction),
    /// Choose the folder of a new project.
    ChooseFolder,
    /// Add these files and folders.
    Add(Vec<std::path::PathBuf>),
    /// Add these now that the user knows what of them is there already.
    AddChosen {
        /// Files and folders.
        sources: Vec<std::path::PathBuf>,
        /// Whether what is there already is added, too.
        adds_known: bool,
    },
}

impl App {
    /// Carries out what the list of documents asked for.
    pub(in crate::app) fn project_action(&mut self, ctx: &egui::Context, action: ProjectAction) {
        match action {
            ProjectAction::Open(name) => self.open_document(ctx, &name),
            ProjectAction::Scan => self.scan(),
            ProjectAction::LookForFolder => self.look_for_project(),
            ProjectAction::Search(action) => self.search_action(ctx, action),
            ProjectAction::Stop => self.stop_project_work(),
            ProjectAction::Remove(name) => self.remove_document(ctx, &name),
            ProjectAction::PutBack => self.put_back(),
            ProjectAction::ExportDataset { recipe, output, overwrite } => {
                self.export_dataset(*recipe, output, overwrite);
            }
            ProjectAction::ChooseDatasetFolder => self.choose_dataset_folder(),
            ProjectAction::Beneath(folder) => self.show_beneath(folder),
            ProjectAction::EditGuidelines => self.edit_guidelines(),
            ProjectAction::KeepGuidelines => self.keep_guidelines(),
            ProjectAction::ShowProblems => self.show_project_problems(),
            ProjectAction::WorkAs(name) => self.work_as(ctx, &name),
            ProjectAction::OnlyLook => self.only_look(ctx),
            ProjectAction::Make(new) => self.make_project(*new),
            ProjectAction::ChooseFolder => self.choose_file(crate::app::dialog::FilePurpose::NewProject),
            ProjectAction::Add(paths) => self.add_documents(paths),
            ProjectAction::AddChosen { sources, adds_known } => self.add_chosen(sources, adds_known, None),
            ProjectAction::Label(Some(label)) => self.look_for_label(label),
            _ => self.change_query(action),
        }
    }

    fn change_query(&mut self, action: ProjectAction) {
        let Some(project) = &mut self.project else { return };
        let query = &mut project.query;
        match action {
            ProjectAction::Words(words) => query.words = words,
            ProjectAction::ToggleStatus(status) => {
                let had = query.statuses.len();
                query.statuses.retain(|shown| *shown != status);
                if query.statuses.len() == had {
                    query.statuses.push(status);
                }
            }
            ProjectAction::Label(None) => query.label = None,
            ProjectAction::ToggleProblems => query.problems = !query.problems,
            ProjectAction::ToggleSame => query.same = !query.same,
            ProjectAction::ShowAll => {
                *query = Query { sort: query.sort, descending: query.descending, ..Query::default() };
            }
            ProjectAction::Choose { title, names } => {
                let names = Arc::new(names.into_iter().collect::<HashSet<_>>());
                query.chosen = Some(Chosen { title, names });
            }
            ProjectAction::Sort(sort) if sort == query.sort => query.descending = !query.descending,
            ProjectAction::Sort(sort) => {
                query.sort = sort;
                // The most of them and the latest are what one looks for.
                query.descending = matches!(sort, SortBy::Length | SortBy::Marks | SortBy::Problems | SortBy::Changed);
            }
            _ => {}
        }
        self.order();
    }

    /// Puts the documents in order.
    pub(super) fn order(&mut self) {
        let Some(open) = &mut self.project else { return };
        open.asked += 1;
        let (asked, number) = (open.asked, open.number);
        let (catalogue, query) = (open.catalogue.clone(), open.query.clone());
        let folder = open.folder().map(str::to_owned);
        let work = move || {
            let shown = query.run(&catalogue, folder.as_deref());
            (shown, Counts::of(&catalogue, folder.as_deref()))
        };
        if open.catalogue.entries.len() <= AT_ONCE {
            let (shown, counts) = work();
            return self.ordered(asked, shown, counts);
        }
        self.jobs.spawn("Putting documents in order", move || {
            let (shown, counts) = work();
            Message::Project(ProjectMessage::Ordered { number, asked, shown, counts })
        });
    }

    pub(super) fn ordered(&mut self, asked: u64, shown: Vec<u32>, counts: Counts) {
        let Some(project) = &mut self.project else { return };
        // Those that were asked for before may come later.
        if asked <= project.answered {
            return;
        }
        project.answered = asked;
        project.shown = Arc::new(shown);
        project.counts = counts;
    }

    /// Finds the documents with a label.
    fn look_for_label(&mut self, label: String) {
        let Some(open) = &self.project else { return };
        let Some(folder) = open.folder().map(str::to_owned) else { return };
        let (place, number) = (open.place.clone(), open.number);
        self.jobs.spawn("Looking for a label", move || {
            let names = Index::open(&place).and_then(|index| index.with_label(&folder, &label));
            let names = names.inspect_err(|error| tracing::warn!("{error}")).unwrap_or_default();
            Message::Project(ProjectMessage::Labelled { number, label, names })
        });
    }

    pub(super) fn labelled(&mut self, label: String, names: Vec<Name>) {
        let Some(project) = &mut self.project else { return };
        project.query.label = Some((label.into(), Arc::new(names.into_iter().collect())));
        self.order();
    }

    fn stop_project_work(&mut self) {
        if self.shows_statistics() && self.stop_counting() {
            return;
        }
        let Some(project) = &self.project else { return };
        match (&project.adding, &project.scan) {
            (Some(adding), _) => adding.stop(),
            (None, Some(scan)) => scan.is_stopped.store(true, std::sync::atomic::Ordering::Relaxed),
            (None, None) => {}
        }
    }

    fn show_project_problems(&mut self) {
        let Some(project) = &self.project else { return };
        self.dialog = Some(crate::app::dialog::Dialog::Problems {
            title: "What is wrong with the project".to_owned(),
            message: project.project.layout.root().display().to_string(),
            problems: project.problems().cloned().collect(),
        });
    }
}

impl OpenProject {
    /// Whether the list is in the order that was asked for last.
    pub fn is_ordered(&self) -> bool {
        self.asked == self.answered
    }

    /// Where the open document stands in the list.
    pub fn current_row(&self) -> Option<usize> {
        let at = self.catalogue.position(self.current.as_ref()?)?;
        self.shown.iter().position(|shown| *shown as usize == at)
    }

    /// Labels that the annotator has used, with the number of documents of each.
    pub fn labels(&self) -> impl Iterator<Item = (&str, u32)> {
        let mine = self.folder().and_then(|folder| self.catalogue.labels.get(folder));
        mine.into_iter().flatten().map(|(label, count)| (label.as_str(), *count))
    }
}

/// An action of the list.
impl From<ProjectAction> for Action {
    fn from(action: ProjectAction) -> Self {
        Self::Project(action)
    }
}
