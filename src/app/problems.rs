//! Going from problem to problem, and mending them.

use super::App;
use super::command::Command;
use super::filling::Mode;
use super::session::Session;
use crate::canvas::TextSelection;
use crate::edit::{Offer, mend};
use crate::model::Problem;
use crate::text::BytePos;
use crate::ui::lists::Tab;

impl App {
    /// Selects the next problem in the order of the text, or the one before; after the last comes the first.
    pub(super) fn walk_problems(&mut self, forward: bool) {
        let Some(session) = &mut self.session else { return };
        let list = &session.cache.problems;
        if list.is_empty() {
            self.toasts.done("No problems");
            return;
        }
        let current = session.problem.as_ref().and_then(|problem| list.iter().position(|other| other == problem));
        let next = match (current, forward) {
            (Some(at), true) => at + 1,
            (Some(at), false) => at.checked_sub(1).unwrap_or(list.len() - 1),
            (None, _) => {
                let at = start_of(session);
                let start = |problem: &Problem| problem.place.span.map_or(BytePos(u32::MAX), |span| span.start);
                let after = list.partition_point(|problem| start(problem) < at);
                if forward { after } else { after.checked_sub(1).unwrap_or(list.len() - 1) }
            }
        };
        if let Some(problem) = list.get(next).or(list.first()).cloned() {
            self.lists.tab = Tab::Problems;
            self.lists.problems.show = true;
            self.go_to_problem(problem);
        }
    }

    /// Selects a problem and brings it into view.
    pub(super) fn go_to_problem(&mut self, problem: Problem) {
        self.end_filling();
        let Some(session) = &mut self.session else { return };
        match (&problem.place.id, problem.place.span) {
            (Some(id), _) if session.document().kind_of(id).is_some() => {
                let id = id.clone();
                self.reveal(&id);
            }
            (_, Some(span)) => {
                session.reader.scroll_to(span);
                session.selection = TextSelection::caret(span.start);
                session.selected = None;
            }
            _ => {}
        }
        if let Some(session) = &mut self.session {
            session.problem = Some(problem);
        }
    }

    /// Mends the selected problem, else the first of the selected annotation that can be mended.
    pub(super) fn fix_selected_problem(&mut self) {
        let Some(session) = &self.session else { return };
        let offer = |problem: &Problem| mend(session.document(), session.editor.schema(), problem);
        let of_selected = || {
            let id = session.selected.as_ref()?;
            session.cache.problems.iter().filter(|p| p.place.id.as_ref() == Some(id)).find_map(offer)
        };
        let found = match &session.problem {
            Some(problem) => offer(problem),
            None => of_selected(),
        };
        match (found, &session.problem) {
            (Some(offer), _) => self.fix(&offer),
            (None, Some(problem)) => {
                let message = format!("There is more than one way to mend this: {}", problem.hint);
                self.toasts.refused(message);
            }
            (None, None) => {
                let how = self.how(Command::NextProblem);
                self.toasts.refused(format!("Select a problem first: to go to the next one, {how}"));
            }
        }
    }

    /// Mends a problem; says whether there was one obvious way.
    pub(super) fn fix_problem(&mut self, problem: &Problem) -> bool {
        let Some(session) = &self.session else { return false };
        let offer = mend(session.document(), session.editor.schema(), problem);
        offer.as_ref().into_iter().for_each(|offer| self.fix(offer));
        offer.is_some()
    }

    fn fix(&mut self, offer: &Offer) {
        if self.edit(&offer.intent).is_some() {
            self.toasts.done(format!("Fixed: {}", offer.text));
        }
    }
}

/// Where the hands are: at the selected annotation, else at the caret.
fn start_of(session: &Session) -> BytePos {
    let selected = session.selected.as_ref().and_then(|id| session.document().spans_of(id).first().copied());
    selected.map_or(session.selection.head, |span| span.start)
}

impl Session {
    /// Lets go of the selected problem when it is mended, or when something else is selected.
    pub fn tidy_problem(&mut self) {
        let Some(problem) = &self.problem else { return };
        let is_there = self.cache.problems.contains(problem);
        let is_at = problem.place.id.is_none() || self.selected == problem.place.id;
        if !is_there || !is_at || !matches!(self.mode, Mode::Mark | Mode::Mend(_)) {
            self.problem = None;
        }
    }
}
