//! Finding in the document: what the bar looks for, the hits, and the way from hit to hit.
//!
//! The hit after the caret is looked for first, within the frame where that is bounded, else on a thread; then all hits
//! are counted on another. One thread each: what is looked for in vain is told to stop, and the latest query runs as
//! soon as it has.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::App;
use super::command::Command;
use super::messages::Message;
use crate::canvas::{Found, Reader, TextSelection};
use crate::limits;
use crate::text::find::{AT_ONCE, Finder, Hits, Query, Step};
use crate::text::{BytePos, Span, Text};
use crate::ui::find_bar;
use crate::ui::widgets::number;

/// How often the count is shown anew while it grows.
const SHOWN_EVERY: Duration = Duration::from_millis(100);

/// What the bar asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FindAction {
    /// Look for this.
    Set(Query),
    /// Go to the next hit.
    Next,
    /// Go to the previous hit.
    Previous,
    /// Close the bar.
    Close,
}

/// The bar and what was found.
#[derive(Default)]
pub struct Find {
    /// What is looked for.
    pub query: Query,
    /// Why that cannot be looked for, if it cannot.
    pub error: Option<String>,
    /// All hits, once they are counted.
    pub hits: Hits,
    /// The hit that was gone to last.
    pub current: Option<Span>,
    /// Whether the way to it went over the end or the start of the article.
    pub note: Option<&'static str>,
    /// Another one for every query, so that no result reaches another.
    number: u64,
    /// The query, ready to search.
    finder: Option<Finder>,
    /// Where the search of what is being typed begins.
    origin: BytePos,
    /// What was selected when the bar opened, or by the bar.
    shown: Option<Span>,
    /// What the next thread looks for.
    seek: Option<Seek>,
    /// Where the search on a thread is, while one runs for this query.
    is_seeking: bool,
    /// How many hits there are so far, while they are counted.
    count: Count,
}

/// How far counting is.
#[derive(Clone, Debug, Default)]
enum Count {
    /// There is nothing to count.
    #[default]
    Nothing,
    /// It is to be done.
    Wanted,
    /// A thread is at it.
    Running(Arc<Progress>),
    /// It ended.
    Done,
}

/// A way to look for one hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seek {
    from: BytePos,
    is_forward: bool,
}

/// What a thread says while it runs, and is told.
#[derive(Debug, Default)]
struct Progress {
    is_vain: AtomicBool,
    count: AtomicUsize,
}

/// The threads that run, also for queries that nobody waits for any more.
#[derive(Default)]
pub struct Searches {
    number: u64,
    seeking: Option<Arc<Progress>>,
    counting: Option<Arc<Progress>>,
}

/// A search was given up.
pub struct TookTooLong;

/// What a thread found that looked for one hit.
pub struct Sought {
    number: u64,
    /// The query, made ready by it; or why it cannot be.
    finder: Result<Finder, String>,
    seek: Seek,
    /// The hit, if there is one; an error if it took too long.
    step: Result<Option<Step>, TookTooLong>,
}

/// What a thread found that counted all hits.
pub struct Counted {
    number: u64,
    hits: Hits,
}

impl Searches {
    /// Lets all threads end.
    fn stop(&self) {
        for progress in self.seeking.iter().chain(&self.counting) {
            progress.is_vain.store(true, Ordering::Relaxed);
        }
    }
}

impl Progress {
    /// Whether to go on: somebody waits, and it is not too long.
    fn goes_on(&self, begun: Instant) -> bool {
        !self.is_vain.load(Ordering::Relaxed) && begun.elapsed().as_secs() < limits::FIND_SECONDS
    }
}

impl Find {
    /// Whether nothing is being looked for.
    pub fn is_settled(&self) -> bool {
        self.seek.is_none() && !self.is_seeking && !matches!(self.count, Count::Wanted | Count::Running(_))
    }

    /// What the reader draws of it.
    pub fn found(&self) -> Found<'_> {
        Found { spans: &self.hits.spans, number: self.number, current: self.current }
    }

    /// Whether the whole article was searched and holds nothing of it.
    pub fn is_in_vain(&self) -> bool {
        matches!(self.count, Count::Done) && self.hits.count == 0 && self.hits.is_whole
    }

    /// How many hits there are and which is the current one: `3 of 128`.
    pub fn status(&self) -> String {
        let of = |count: String| match self.current.and_then(|hit| self.hits.number_of(hit)) {
            Some(nth) => format!("{} of {count}", number(nth + 1)),
            None => format!("{count} found"),
        };
        match &self.count {
            Count::Nothing if self.is_seeking || self.seek.is_some() => "Searching…".to_owned(),
            Count::Nothing => String::new(),
            Count::Wanted => "Searching…".to_owned(),
            Count::Running(progress) => match progress.count.load(Ordering::Relaxed) {
                0 => "Searching…".to_owned(),
                count => of(format!("{}+", number(count))),
            },
            Count::Done if self.is_in_vain() => "Nothing found".to_owned(),
            Count::Done if self.hits.count == 0 => String::new(),
            Count::Done if self.hits.is_whole => of(number(self.hits.count)),
            Count::Done => of(format!("{}+", number(self.hits.count))),
        }
    }

    /// What else is to be said of the hits.
    pub fn aside(&self) -> Option<String> {
        let is_done = matches!(self.count, Count::Done);
        if is_done && !self.hits.is_whole {
            return Some(format!("too slow: searching ended after {} seconds", limits::FIND_SECONDS));
        }
        if let Some(note) = self.note {
            return Some(note.to_owned());
        }
        (is_done && !self.hits.is_complete())
            .then(|| format!("the first {} are outlined", number(self.hits.spans.len())))
    }

    /// The hit from here that is known without a search; `Err` if there must be one.
    fn known(&self, seek: Seek) -> Result<Option<Step>, ()> {
        if !matches!(self.count, Count::Done) {
            return Err(());
        }
        let (next, other) = if seek.is_forward {
            (self.hits.at_or_after(seek.from), self.hits.spans.first())
        } else {
            (self.hits.before(seek.from), self.hits.spans.last())
        };
        match next {
            Some(span) => Ok(Some(Step { span, has_wrapped: false })),
            None if self.hits.is_complete() => Ok(other.map(|span| Step { span: *span, has_wrapped: true })),
            None => Err(()),
        }
    }

    /// The hit from here, looked for within the frame; `Err` if that may take too long.
    fn at_once(&self, text: &Text, seek: Seek) -> Result<Option<Step>, ()> {
        let finder = self.finder.as_ref().filter(|finder| finder.is_quick()).ok_or(())?;
        if text.len() <= AT_ONCE {
            let go = || true;
            let step =
                if seek.is_forward { finder.next(text, seek.from, go) } else { finder.previous(text, seek.from, go) };
            return step.map_err(drop);
        }
        let near = finder.near(text, seek.from).filter(|_| seek.is_forward).ok_or(())?;
        Ok(Some(Step { span: near, has_wrapped: false }))
    }
}

impl App {
    /// Opens the bar with the selected words, else with what was looked for last, and gives it the keyboard.
    pub(super) fn open_find(&mut self, ctx: &egui::Context) {
        let Some(session) = &mut self.session else { return };
        let words = session.current_part().span();
        // A hit is what was looked for already.
        let hit = session.find.as_ref().map_or(session.last_hit, |find| find.shown);
        let words = if hit == Some(words) { Span::empty(words.start) } else { words };
        let text = session.editor.document().text();
        // More than can be looked for is no name that somebody looks for.
        let words = text.get(words).filter(|words| words.len() <= limits::FIND_TEXT).unwrap_or_default();
        let words = words.split_whitespace().collect::<Vec<&str>>().join(" ");
        let mut query = session.find.as_ref().map_or_else(|| self.find_query.clone(), |find| find.query.clone());
        if !words.is_empty() {
            // An expression that finds these words, as they are.
            query.text = words;
            query.is_regex = false;
        }
        find_bar::focus(ctx, query.text.chars().count());
        self.find_anew(query, None);
    }

    /// Looks for this from where the last search began, or from the caret if it was moved since; or as `seek` says.
    fn find_anew(&mut self, query: Query, seek: Option<Seek>) {
        let Some(session) = &mut self.session else { return };
        let selected = session.current_part().span();
        let old = session.find.take();
        if let Some(find) = &old
            && find.query == query
            && seek.is_none()
        {
            session.find = old;
            return;
        }
        let origin = old.filter(|find| find.shown == Some(selected)).map_or(selected.start, |find| find.origin);
        self.searches.stop();
        self.searches.number += 1;
        let mut find = Find { origin, shown: Some(selected), number: self.searches.number, ..Find::default() };
        find.query = query;
        self.find_query = find.query.clone();
        if !find.query.is_empty() {
            // A regular expression takes longer to get ready than a frame has.
            match (!find.query.is_regex).then(|| find.query.finder()).transpose() {
                Ok(finder) => find.finder = finder,
                Err(error) => find.error = Some(error.to_string()),
            }
        }
        let is_searched = !find.query.is_empty() && find.error.is_none();
        session.find = Some(find);
        if is_searched {
            self.go_to_hit(seek.unwrap_or(Seek { from: origin, is_forward: true }));
        }
    }

    /// Goes to the next or the previous hit, from the current one or from the caret if it was moved since.
    pub(super) fn step_find(&mut self, ctx: &egui::Context, is_forward: bool) {
        let Some(session) = &self.session else { return };
        let selected = session.current_part().span();
        let Some(find) = &session.find else {
            if self.find_query.is_empty() {
                self.open_find(ctx);
            } else {
                let from = if is_forward { selected.end } else { selected.start };
                self.find_anew(self.find_query.clone(), Some(Seek { from, is_forward }));
            }
            return;
        };
        if find.query.is_empty() {
            find_bar::focus(ctx, 0);
            return;
        }
        if find.error.is_some() || find.is_in_vain() {
            return;
        }
        let current = find.current.filter(|hit| *hit == selected);
        let from = match current {
            Some(hit) if is_forward => hit.end,
            Some(hit) => hit.start,
            None => session.selection.head,
        };
        self.go_to_hit(Seek { from, is_forward });
    }

    /// Goes to a hit if it is known or near, else lets a thread look for it.
    fn go_to_hit(&mut self, seek: Seek) {
        let Some(session) = &mut self.session else { return };
        let Some(find) = &mut session.find else { return };
        let text = session.editor.document().text();
        find.seek = None;
        match find.known(seek).or_else(|()| find.at_once(text, seek)) {
            Ok(step) => self.hit_found(step, seek),
            Err(()) => find.seek = Some(seek),
        }
    }

    /// Takes what one search found; the rest is counted then.
    fn hit_found(&mut self, step: Option<Step>, seek: Seek) {
        let Some(find) = self.session.as_mut().and_then(|session| session.find.as_mut()) else { return };
        if step.is_none() {
            // It went through all of the text.
            find.hits = Hits { is_whole: true, ..Hits::default() };
            find.count = Count::Done;
        } else if matches!(find.count, Count::Nothing) {
            find.count = Count::Wanted;
        }
        let note = if seek.is_forward { "from the start again" } else { "from the end again" };
        find.note = step.filter(|step| step.has_wrapped).map(|_| note);
        find.current = step.map(|step| step.span);
        let Some(span) = find.current else { return };
        find.shown = Some(span);
        self.show_hit(span);
    }

    /// Selects a hit and brings it into view.
    fn show_hit(&mut self, span: Span) {
        self.move_to(TextSelection::of(span), false);
        if let Some(session) = &mut self.session {
            session.reader.scroll_to(span);
        }
    }

    /// Starts the threads that are wanted, one of each kind at a time; ends those that nobody waits for.
    pub(super) fn search(&mut self, ctx: &egui::Context) {
        let Some(session) = self.session.as_mut().filter(|session| session.find.is_some()) else {
            self.searches.stop();
            return;
        };
        let text = session.editor.document().text();
        let Some(find) = &mut session.find else { return };
        let number = find.number;
        if self.searches.seeking.is_none()
            && let Some(seek) = find.seek.take()
        {
            find.is_seeking = true;
            let progress = Arc::new(Progress::default());
            self.searches.seeking = Some(progress.clone());
            let (text, query, finder) = (text.clone(), find.query.clone(), find.finder.clone());
            let failed = move || {
                let finder = Err("searching for this failed".to_owned());
                Message::Sought(Box::new(Sought { number, finder, seek, step: Err(TookTooLong) }))
            };
            self.jobs.spawn_or("Searching", failed, move || {
                let begun = Instant::now();
                let finder = finder.map_or_else(|| query.finder(), Ok).map_err(|error| error.to_string());
                let go_on = || progress.goes_on(begun);
                let step = finder.as_ref().ok().and_then(|finder| {
                    let Seek { from, is_forward } = seek;
                    if is_forward { finder.next(&text, from, go_on) } else { finder.previous(&text, from, go_on) }.ok()
                });
                let step = step.ok_or(TookTooLong);
                Message::Sought(Box::new(Sought { number, finder, seek, step }))
            });
        }
        if let (None, Count::Wanted, Some(finder)) = (&self.searches.counting, &find.count, find.finder.clone()) {
            let progress = Arc::new(Progress::default());
            self.searches.counting = Some(progress.clone());
            find.count = Count::Running(progress.clone());
            let text = text.clone();
            let failed = move || Message::Counted(Box::new(Counted { number, hits: Hits::default() }));
            self.jobs.spawn_or("Counting what was found", failed, move || {
                let begun = Instant::now();
                let hits = finder.all(&text, limits::FIND_HITS, |count| {
                    progress.count.store(count, Ordering::Relaxed);
                    progress.goes_on(begun)
                });
                Message::Counted(Box::new(Counted { number, hits }))
            });
        }
        if matches!(find.count, Count::Running(_)) {
            ctx.request_repaint_after(SHOWN_EVERY);
        }
    }

    /// Takes the hit that a thread looked for.
    pub(super) fn sought(&mut self, sought: Sought) {
        self.searches.seeking = None;
        let Some(find) = self.session.as_mut().and_then(|session| session.find.as_mut()) else { return };
        if find.number != sought.number {
            return;
        }
        find.is_seeking = false;
        match sought.finder {
            Ok(finder) => find.finder = Some(finder),
            Err(why) => {
                find.error = Some(why);
                find.seek = None;
                return;
            }
        }
        // Another way was asked for meanwhile.
        if find.seek.is_some() {
            return;
        }
        match sought.step {
            Ok(step) => self.hit_found(step, sought.seek),
            Err(TookTooLong) => find.count = Count::Done,
        }
    }

    /// Takes all hits.
    pub(super) fn counted(&mut self, counted: Counted) {
        self.searches.counting = None;
        let Some(find) = self.session.as_mut().and_then(|session| session.find.as_mut()) else { return };
        if find.number != counted.number {
            return;
        }
        find.hits = counted.hits;
        find.count = Count::Done;
        // A search from the middle of overlapping hits may have come to one that is none from the start.
        let Some(current) = find.current.filter(|hit| find.hits.is_complete() && find.hits.number_of(*hit).is_none())
        else {
            return;
        };
        let near = find.hits.spans.partition_point(|hit| hit.end <= current.start);
        let near = find.hits.spans.get(near).or(find.hits.spans.last()).copied();
        find.current = near;
        let was_shown = find.shown == Some(current);
        if let Some(near) = near.filter(|_| was_shown) {
            find.shown = Some(near);
            self.show_hit(near);
        }
    }

    /// Closes the bar; the caret stays at the hit, which stays selected.
    pub(super) fn close_find(&mut self, ctx: &egui::Context) {
        let Some(session) = &mut self.session else { return };
        if let Some(find) = session.find.take() {
            session.last_hit = find.current;
            self.searches.stop();
            ctx.memory_mut(|memory| memory.request_focus(Reader::id()));
        }
    }

    /// Carries out what the bar asks for.
    pub(super) fn find_action(&mut self, ctx: &egui::Context, action: FindAction) {
        match action {
            FindAction::Set(query) => self.find_anew(query, None),
            FindAction::Next => self.step_find(ctx, true),
            FindAction::Previous => self.step_find(ctx, false),
            FindAction::Close => self.close_find(ctx),
        }
    }

    /// Carries out a command of finding.
    pub(super) fn find_command(&mut self, ctx: &egui::Context, command: Command) {
        if self.is_covered(ctx) {
            return;
        }
        match command {
            Command::Find => self.open_find(ctx),
            Command::FindNext | Command::FindPrevious => self.step_find(ctx, command == Command::FindNext),
            _ => {
                let find = self.session.as_ref().and_then(|session| session.find.as_ref());
                if find.is_none() {
                    self.open_find(ctx);
                }
                let find = self.session.as_ref().and_then(|session| session.find.as_ref());
                if let Some(query) = find.and_then(|find| find_bar::toggled(&find.query, command)) {
                    self.find_anew(query, None);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(spans: &[(u32, u32)], count: usize, is_whole: bool) -> Find {
        let spans = spans.iter().map(|(start, end)| Span::of(*start, *end)).collect();
        Find { hits: Hits { spans, count, is_whole }, count: Count::Done, ..Find::default() }
    }

    #[test]
    fn the_bar_says_how_many_there_are_and_what_it_does_not_know() {
        let mut find = counted(&[(0, 1), (4, 5)], 2, true);
        assert_eq!((find.status().as_str(), find.aside()), ("2 found", None));
        find.current = Some(Span::of(4, 5));
        assert_eq!(find.status(), "2 of 2");
        find.hits.count = 1_234_567;
        assert_eq!(find.status(), "2 of 1,234,567");
        assert_eq!(find.aside().as_deref(), Some("the first 2 are outlined"));
        find.hits.is_whole = false;
        assert_eq!(find.status(), "2 of 1,234,567+");
        assert_eq!(find.aside().as_deref(), Some("too slow: searching ended after 20 seconds"));
        assert_eq!(counted(&[], 0, true).status(), "Nothing found");
        let ended = counted(&[], 0, false);
        assert_eq!((ended.status().as_str(), ended.is_in_vain()), ("", false), "it may be there all the same");
        let progress = Arc::new(Progress::default());
        let find = Find { count: Count::Running(progress.clone()), ..Find::default() };
        assert_eq!((find.status().as_str(), find.is_settled()), ("Searching…", false));
        progress.count.store(5000, Ordering::Relaxed);
        assert_eq!(find.status(), "5,000+ found");
    }

    #[test]
    fn the_way_is_known_without_a_search_where_all_hits_were_kept() {
        let find = counted(&[(0, 1), (4, 5)], 2, true);
        let step = |find: &Find, from, is_forward| {
            find.known(Seek { from: BytePos(from), is_forward }).map(|s| s.map(|s| (s.span.start.0, s.has_wrapped)))
        };
        assert_eq!(step(&find, 1, true), Ok(Some((4, false))));
        assert_eq!(step(&find, 5, true), Ok(Some((0, true))));
        assert_eq!(step(&find, 4, false), Ok(Some((0, false))));
        assert_eq!(step(&find, 0, false), Ok(Some((4, true))));
        let more = counted(&[(0, 1), (4, 5)], 3, true);
        assert_eq!([step(&more, 1, true), step(&more, 5, true)], [Ok(Some((4, false))), Err(())]);
        assert_eq!([step(&more, 9, false), step(&more, 0, false)], [Err(()), Err(())]);
        assert_eq!(step(&Find::default(), 0, true), Err(()), "nothing is counted yet");
    }

    /// What nobody waits for any more is told to stop, and stops.
    #[test]
    fn the_latest_search_wins() {
        let progress = Arc::new(Progress::default());
        let searches = Searches { counting: Some(progress.clone()), ..Searches::default() };
        assert!(progress.goes_on(Instant::now()));
        searches.stop();
        assert!(!progress.goes_on(Instant::now()));
    }
}
