//! Searching the project from the window: what was asked for, what was found so far, and going from hit to hit.
//!
//! Everything that asks the index runs on jobs; the newest question wins and stops the one before. Hits come as sorted
//! lists that grow: the first as soon as there is one, then at intervals, the last with the count.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{OpenProject, ProjectAction, ProjectMessage};
use crate::app::App;
use crate::app::messages::Message;
use crate::canvas::TextSelection;
use crate::limits;
use crate::model::Id;
use crate::project::Name;
use crate::project::index::IndexPlace;
use crate::project::search::{self, BadLine, Completion, Hit, HitChange, Known, Kwic, Order, Query, Summary};
use crate::text::Span;

/// Hits whose context is read at a time.
pub const PAGE: usize = 100;
/// Pages whose context is kept.
const PAGES: usize = 64;
/// How long hits wait before they are shown once more while others are sought; doubled each time.
const FIRST_WAIT: Duration = Duration::from_millis(60);
/// How many lines that were searched for are remembered.
const REMEMBERED: usize = 20;
/// Names of entities that are offered.
const NAMES: usize = 8;

/// What the list of hits asks for.
#[derive(Clone, Debug)]
pub enum SearchAction {
    /// The line was changed, with the byte that the caret is at.
    Typed(String, usize),
    /// Search for the line.
    Run,
    /// Stop searching.
    Stop,
    /// Sort by this; again: the other way round.
    Sort(Order),
    /// Open the document at a hit, by its number in the list.
    Open(usize),
    /// Choose a hit or not; with those between it and the last one that was, if it is a range.
    Choose {
        /// The number of the hit.
        row: usize,
        /// Whether a range is meant.
        is_range: bool,
    },
    /// Choose all hits that are listed, or none.
    ChooseAll(bool),
    /// Show what this would do at the hits that are chosen, or at all of them.
    Change(HitChange),
    /// Do what was shown.
    Carry,
    /// Show the documents of the hits only.
    ShowDocuments,
    /// These rows are looked at.
    Look(std::ops::Range<usize>),
    /// Close the list.
    Close,
}

impl From<SearchAction> for crate::app::action::Action {
    fn from(action: SearchAction) -> Self {
        ProjectAction::Search(action).into()
    }
}

/// The search of an open project.
#[derive(Default)]
pub struct Search {
    /// Whether it is shown.
    pub is_shown: bool,
    /// What is typed.
    pub line: String,
    /// Why that cannot be searched for, once somebody tried.
    pub error: Option<BadLine>,
    /// What the list answers; none before the first search.
    pub asked_for: Option<String>,
    /// Its hits as far as they are known, in the order of the list.
    pub hits: Arc<Vec<Hit>>,
    /// What the search came to; none while it goes on.
    pub summary: Option<Summary>,
    /// Why it has no answer.
    pub failed: Option<String>,
    /// What hits are sorted by.
    pub order: Order,
    /// Whether the other way round.
    pub descending: bool,
    /// The hit that was opened last.
    pub current: Option<usize>,
    /// Hits that were chosen.
    pub chosen: HashSet<Hit>,
    /// What the line could go on with at the caret.
    pub completions: Vec<Completion>,
    /// Lines that were searched for, the latest first.
    pub remembered: Vec<String>,
    /// Whether the index did not know everything when the search began, or what it knew is another by now.
    is_outdated: bool,
    /// Whether what is listed stays until all new hits are known, and with it what was chosen of it.
    is_kept: bool,
    /// Whether nothing of what was chosen is there any more: then not all are meant.
    pub(super) has_lost_choice: bool,
    last_chosen: Option<usize>,
    pages: HashMap<usize, Option<Arc<Vec<Kwic>>>>,
    asked: u64,
    /// Which list of hits it is: what was read for another one is of other rows.
    list: u64,
    stop: Arc<AtomicBool>,
    growing: Arc<Growing>,
    known: Known,
    /// The beginning of names that was asked for last.
    names_of: Option<String>,
    cursor: usize,
}

/// Hits that were found meanwhile, until the window takes them.
#[derive(Default)]
struct Growing {
    hits: Mutex<Option<Vec<Hit>>>,
}

/// What jobs of a search bring back; each with the number of the project.
pub(in crate::app) enum SearchMessage {
    /// All hits that are kept, sorted; or why there are none, in words.
    Found { asked: u64, result: Result<(Vec<Hit>, Summary), String> },
    /// The same hits in another order.
    Sorted { asked: u64, hits: Vec<Hit> },
    /// What stands around the hits of a page.
    Looked { list: u64, page: usize, contexts: Vec<Kwic> },
    /// Names of entities that begin so.
    Names { typed: String, names: Vec<String> },
}

impl Search {
    /// What stands around a hit, if that was read already.
    pub fn kwic(&self, row: usize) -> Option<&Kwic> {
        self.pages.get(&(row / PAGE))?.as_ref()?.get(row % PAGE)
    }

    /// Whether nobody has asked yet what stands around a hit.
    pub fn is_unread(&self, row: usize) -> bool {
        !self.pages.contains_key(&(row / PAGE))
    }

    /// What the list answers.
    pub fn asked_query(&self) -> Option<Query> {
        search::parse(self.asked_for.as_deref()?).ok()
    }

    /// Ends what goes on.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether hits are being sought.
    pub fn is_searching(&self) -> bool {
        self.asked_for.is_some() && self.summary.is_none() && self.failed.is_none()
    }

    /// What is listed may be another by now; it is searched for again once the index knows.
    pub(in crate::app) fn outdate(&mut self) {
        self.is_outdated = self.asked_for.is_some();
    }

    /// Forgets what was read of hits, and keeps the current one by what it is, or else by its place.
    fn put(&mut self, hits: Vec<Hit>) {
        let current = self.current.and_then(|row| self.hits.get(row)).cloned();
        self.hits = Arc::new(hits);
        self.current = current.and_then(|current| {
            let is_same = self.hits.iter().position(|hit| *hit == current);
            is_same.or_else(|| self.hits.iter().position(|hit| place(hit) == place(&current)))
        });
        if std::mem::take(&mut self.is_kept) && !self.chosen.is_empty() {
            let chosen = std::mem::take(&mut self.chosen);
            let places: HashSet<Place<'_>> = chosen.iter().map(place).collect();
            self.chosen = self.hits.iter().filter(|hit| places.contains(&place(hit))).cloned().collect();
            self.has_lost_choice |= self.chosen.is_empty();
        }
        self.last_chosen = None;
        self.pages.clear();
        self.list += 1;
    }

    fn remember(&mut self, line: &str) {
        self.remembered.retain(|known| known != line);
        self.remembered.insert(0, line.to_owned());
        self.remembered.truncate(REMEMBERED);
    }
}

/// Where a hit is and which mark it is, whatever its label.
type Place<'a> = (&'a Name, Span, Option<&'a str>, Option<&'a Id>);

fn place(hit: &Hit) -> Place<'_> {
    (&hit.document, hit.span, hit.folder.as_deref(), hit.mark.as_ref())
}

/// Searches and sorts; puts what is there so far into `growing` now and then.
fn work(
    place: &IndexPlace,
    query: &Query,
    me: Option<&str>,
    (order, descending): (Order, bool),
    stop: &AtomicBool,
    mut show: impl FnMut(Vec<Hit>),
) -> Result<(Vec<Hit>, Summary), String> {
    let mut hits: Vec<Hit> = Vec::new();
    let (began, mut wait) = (Instant::now(), FIRST_WAIT);
    let summary = search::run(place, query, me, limits::SEARCH_HITS, stop, &mut |found| {
        hits.extend(found);
        if began.elapsed() > wait {
            wait *= 2;
            let mut so_far = hits.clone();
            if search::sort(place, &mut so_far, order, descending).is_ok() {
                show(so_far);
            }
        }
    });
    let summary = summary.map_err(|error| error.to_string())?;
    search::sort(place, &mut hits, order, descending).map_err(|error| error.to_string())?;
    Ok((hits, summary))
}

impl App {
    /// Shows the search of the project, with the keyboard in its line.
    pub(in crate::app) fn open_search(&mut self, ctx: &egui::Context) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        search.is_shown = true;
        // Words that are selected are looked for.
        let selected = self.session.as_ref().map(|session| {
            let spans = session.selection.spans();
            let words: Vec<&str> = spans.iter().map(|span| session.document().text().slice(*span)).collect();
            words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
        });
        if let Some(words) = selected.filter(|words| !words.is_empty() && words.chars().count() <= 100)
            && search.line.is_empty()
        {
            let words = search::Words { text: words, is_regex: false };
            search.line = Query { words: vec![words], ..Query::default() }.to_string();
        }
        crate::ui::project::search::focus(ctx, search.line.chars().count());
    }

    /// Carries out what the list of hits asked for.
    pub(in crate::app) fn search_action(&mut self, ctx: &egui::Context, action: SearchAction) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        match action {
            SearchAction::Typed(line, cursor) => {
                search.line = line;
                search.error = None;
                search.cursor = cursor;
                self.complete_line();
            }
            SearchAction::Run => self.run_search(ctx, false),
            SearchAction::Stop => search.stop.store(true, Ordering::Relaxed),
            SearchAction::Sort(order) => {
                search.descending = order == search.order && !search.descending;
                search.order = order;
                self.sort_hits();
            }
            SearchAction::Open(row) => self.open_hit(ctx, row),
            SearchAction::Choose { row, is_range } => {
                search.has_lost_choice = false;
                let Some(hit) = search.hits.get(row).cloned() else { return };
                let is_chosen = !search.chosen.contains(&hit);
                let from = search.last_chosen.filter(|_| is_range).unwrap_or(row);
                for hit in search.hits.get(from.min(row)..=from.max(row)).unwrap_or_default() {
                    if is_chosen {
                        search.chosen.insert(hit.clone());
                    } else {
                        search.chosen.remove(hit);
                    }
                }
                search.last_chosen = Some(row);
            }
            SearchAction::ChooseAll(is_chosen) => {
                search.has_lost_choice = false;
                search.chosen.clear();
                if is_chosen {
                    search.chosen.extend(search.hits.iter().cloned());
                }
            }
            SearchAction::Change(change) => self.preview_hits(change),
            SearchAction::Carry => self.begin_hits(ctx),
            SearchAction::ShowDocuments => {
                let title = search.asked_for.clone().unwrap_or_default();
                let mut names: Vec<Name> = search.hits.iter().map(|hit| hit.document.clone()).collect();
                names.dedup();
                self.project_action(ctx, ProjectAction::Choose { title: format!("Found by {title}"), names });
            }
            SearchAction::Look(rows) => self.look_at_hits(rows),
            SearchAction::Close => {
                search.is_shown = false;
                search.completions.clear();
            }
        }
    }

    /// Searches for the line that is typed.
    /// `is_again`: the hits of before are shown until the new ones are there.
    pub(super) fn run_search(&mut self, ctx: &egui::Context, is_again: bool) {
        if self.refuse_if_away() {
            return;
        }
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        search.completions.clear();
        let query = match search::parse(&search.line) {
            Ok(query) => query,
            Err(error) => {
                search.error = Some(error);
                return;
            }
        };
        search.error = None;
        search.stop.store(true, Ordering::Relaxed);
        search.asked += 1;
        if !is_again {
            search.has_lost_choice = false;
            search.chosen.clear();
            search.put(Vec::new());
        }
        if query.is_empty() {
            search.asked_for = None;
            return;
        }
        let line = search.line.trim().to_owned();
        search.remember(&line);
        search.asked_for = Some(line);
        search.summary = None;
        search.failed = None;
        search.stop = Arc::default();
        search.growing = Arc::default();
        search.is_outdated = project.scan.is_some();
        search.is_kept = false;
        let (asked, number) = (search.asked, project.number);
        let (stop, growing) = (Arc::clone(&search.stop), Arc::clone(&search.growing));
        let sorting = (search.order, search.descending);
        let (place, me) = (project.place.clone(), project.me.as_ref().map(ToString::to_string));
        let ctx = ctx.clone();
        let found = move |result| {
            let message = SearchMessage::Found { asked, result };
            Message::Project(ProjectMessage::Search { number, message })
        };
        let failed = move || found(Err("the program made a mistake while it searched".to_owned()));
        self.jobs.spawn_or("Searching the project", failed, move || {
            let result = work(&place, &query, me.as_deref(), sorting, &stop, |hits| {
                *growing.hits.lock().unwrap_or_else(PoisonError::into_inner) = Some(hits);
                ctx.request_repaint();
            });
            let message = SearchMessage::Found { asked, result };
            Message::Project(ProjectMessage::Search { number, message })
        });
    }

    /// Shows hits that were found meanwhile.
    pub(in crate::app) fn watch_search(&mut self) {
        let Some(project) = &mut self.project else { return };
        let found = project.search.growing.hits.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(hits) = found.filter(|_| project.search.is_searching() && !project.search.is_kept) {
            project.search.put(hits);
        }
    }

    /// Searches again if the index has learned of something since.
    pub(in crate::app) fn documents_known(&mut self, ctx: &egui::Context) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        if std::mem::take(&mut search.is_outdated)
            && let Some(asked_for) = search.asked_for.clone()
        {
            // What is typed meanwhile stays.
            let typed = std::mem::replace(&mut search.line, asked_for);
            self.run_search(ctx, true);
            if let Some(project) = &mut self.project {
                project.search.line = typed;
                project.search.is_kept = !project.search.hits.is_empty();
            }
        }
    }

    /// Takes what a job of the search brings.
    pub(super) fn take_search_message(&mut self, ctx: &egui::Context, message: SearchMessage) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        match message {
            SearchMessage::Found { asked, result } if asked == search.asked => match result {
                Ok((hits, summary)) => {
                    search.put(hits);
                    search.summary = Some(summary);
                    if search.is_outdated && project.scan.is_none() {
                        self.documents_known(ctx);
                    }
                }
                Err(why) => {
                    search.put(Vec::new());
                    search.failed = Some(why);
                }
            },
            SearchMessage::Sorted { asked, hits } if asked == search.asked => search.put(hits),
            SearchMessage::Looked { list, page, contexts } if list == search.list => {
                search.pages.insert(page, Some(Arc::new(contexts)));
            }
            SearchMessage::Names { typed, names } if search.names_of.as_ref() == Some(&typed) => {
                search.known.entities = names;
                self.complete_line();
            }
            // Something else was asked for since.
            _ => {}
        }
    }

    fn sort_hits(&mut self) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        // While it goes on, the next ones come in the new order only if it begins anew.
        if search.is_searching() {
            let ctx = self.ctx.clone();
            return self.run_search(&ctx, true);
        }
        search.asked += 1;
        let (asked, number, place) = (search.asked, project.number, project.place.clone());
        let (mut hits, order, descending) = (search.hits.as_ref().clone(), search.order, search.descending);
        self.jobs.spawn("Sorting hits", move || {
            if let Err(error) = search::sort(&place, &mut hits, order, descending) {
                tracing::warn!("{error}");
            }
            Message::Project(ProjectMessage::Search { number, message: SearchMessage::Sorted { asked, hits } })
        });
    }

    /// Reads what stands around hits that come into view.
    fn look_at_hits(&mut self, rows: std::ops::Range<usize>) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        if rows.is_empty() {
            return;
        }
        for page in rows.start / PAGE..=(rows.end - 1) / PAGE {
            if search.pages.contains_key(&page) {
                continue;
            }
            if search.pages.len() >= PAGES {
                search.pages.clear();
            }
            search.pages.insert(page, None);
            let from = page * PAGE;
            let hits: Vec<Hit> = search.hits.iter().skip(from).take(PAGE).cloned().collect();
            let (list, number, place) = (search.list, project.number, project.place.clone());
            let me = project.me.as_ref().map(ToString::to_string);
            self.jobs.spawn("Reading hits", move || {
                let contexts = search::contexts(&place, &hits, me.as_deref()).unwrap_or_else(|error| {
                    tracing::warn!("{error}");
                    vec![Kwic { missing: "the index cannot be read", ..Kwic::default() }; hits.len()]
                });
                let message = SearchMessage::Looked { list, page, contexts };
                Message::Project(ProjectMessage::Search { number, message })
            });
        }
    }

    /// Works out what the line could go on with; names of entities come from a job.
    fn complete_line(&mut self) {
        let Some(project) = &mut self.project else { return };
        let search = &mut project.search;
        if search.line.trim().is_empty() {
            let whole = 0..search.line.len();
            let lines = search.remembered.iter().map(|line| Completion {
                replaces: whole.clone(),
                with: line.clone(),
                about: "searched for before".to_owned(),
            });
            search.completions = lines.collect();
            return;
        }
        search.known.annotators =
            project.project.file.annotators.iter().map(|annotator| annotator.folder.clone()).collect();
        search.known.labels = project.catalogue.labels.values().flatten().map(|(label, _)| label.to_string()).collect();
        search.completions = search::complete(&search.line, search.cursor, &project.project.schema, &search.known);
        let typed = search::name_typed(&search.line, search.cursor);
        if search.names_of == typed {
            return;
        }
        search.names_of.clone_from(&typed);
        search.known.entities.clear();
        let Some(typed) = typed else { return };
        let (number, place) = (project.number, project.place.clone());
        self.jobs.spawn("Looking for names", move || {
            let names = search::entities_like(&place, &typed, NAMES);
            let names = names.inspect_err(|error| tracing::warn!("{error}")).unwrap_or_default();
            Message::Project(ProjectMessage::Search { number, message: SearchMessage::Names { typed, names } })
        });
    }

    /// Opens the next hit, or the one before.
    pub(in crate::app) fn step_hit(&mut self, ctx: &egui::Context, forwards: bool) {
        let Some(project) = &self.project else { return };
        let search = &project.search;
        let count = search.hits.len();
        if count == 0 {
            let how = self.how(crate::app::command::Command::SearchProject);
            return self.toasts.refused(format!("There are no hits to go to; {how} to search the project"));
        }
        let next = match (search.current, forwards) {
            (None, true) => 0,
            (None, false) => count - 1,
            (Some(at), true) if at + 1 < count => at + 1,
            (Some(at), false) if at > 0 => at - 1,
            (Some(_), true) => return self.toasts.done("This is the last hit"),
            (Some(_), false) => return self.toasts.done("This is the first hit"),
        };
        self.open_hit(ctx, next);
    }

    /// Opens the document at a hit.
    fn open_hit(&mut self, ctx: &egui::Context, row: usize) {
        let Some(project) = &mut self.project else { return };
        let Some(hit) = project.search.hits.get(row).cloned() else { return };
        project.search.current = Some(row);
        project.counting.is_shown = false;
        let is_open = self.session.as_ref().is_some_and(|session| session.document_name() == Some(&hit.document));
        let name = hit.document.clone();
        if !is_open {
            self.open_document(ctx, &name);
        }
        self.pending_hit = Some(hit);
        self.reveal_hit();
    }

    /// Brings the hit that was asked for into view, once its document is there.
    pub(in crate::app) fn reveal_hit(&mut self) {
        let Some(hit) = &self.pending_hit else { return };
        let Some(session) = &mut self.session else { return };
        if session.document_name() != Some(&hit.document) || session.is_being_opened() {
            return;
        }
        let Some(hit) = self.pending_hit.take() else { return };
        let document = session.document();
        // Another one's mark is not here, and mine may have gone since it was found.
        let mine = self.project.as_ref().and_then(OpenProject::folder);
        let mark = hit.mark.filter(|id| hit.folder.as_deref() == mine && document.kind_of(id).is_some());
        let text = document.text().as_str();
        let (start, end) = (hit.span.start.to_usize(), hit.span.end.to_usize());
        let span = if text.get(start..end).is_some() { hit.span } else { Span::empty(document.text().end()) };
        match mark {
            Some(id) => self.reveal(&id),
            None => {
                session.selected = None;
                session.selection =
                    if span.is_empty() { TextSelection::caret(span.start) } else { TextSelection::of(span) };
                session.reader.scroll_to(span);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(mark: &str, label: &str) -> Hit {
        let document = Name::new("talks").expect("a name");
        let (folder, label) = (Some("anna".into()), label.into());
        Hit { document, span: Span::of(3, 7), folder, mark: Some(Id::new(mark)), kind: None, label }
    }

    #[test]
    fn what_was_chosen_stays_chosen_and_nothing_else() {
        let mut search = Search { is_kept: true, ..Search::default() };
        search.chosen.insert(hit("m1", "Person"));
        // It was relabelled, and an event begins at the same words.
        search.put(vec![hit("m1", "Human"), hit("e1", "Meet")]);
        assert_eq!(search.chosen.iter().collect::<Vec<_>>(), [&hit("m1", "Human")]);
        assert!(!search.has_lost_choice);
        // It is gone: that does not mean all the others.
        search.is_kept = true;
        search.put(vec![hit("e1", "Meet")]);
        assert!(search.chosen.is_empty() && search.has_lost_choice);
    }
}
