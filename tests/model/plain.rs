//! The reference model: plain maps, kept as whole snapshots.
//!
//! Knows nothing of operations, drafts or histories. A state is everything that a document holds; undo and redo choose
//! one that was kept.

use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;

use manicule::edit::Group;
use manicule::model::{
    Annotation as _, Batch, Document, Entity, Event, Header, Id, Mention, Quote, Rejection, Relation,
};

/// Anything with an identifier.
#[derive(Clone, Debug, PartialEq)]
pub enum Thing {
    Entity(Rc<Entity>),
    Mention(Rc<Mention>),
    Event(Rc<Event>),
    Quote(Rc<Quote>),
    Relation(Rc<Relation>),
    Batch(Rc<Batch>),
}

impl Thing {
    /// What it refers to.
    pub fn references(&self) -> Vec<Id> {
        match self {
            Self::Entity(_) => Vec::new(),
            Self::Mention(m) => m.references().into_iter().cloned().collect(),
            Self::Event(e) => e.references().into_iter().cloned().collect(),
            Self::Quote(q) => q.references().into_iter().cloned().collect(),
            Self::Relation(r) => r.references().into_iter().cloned().collect(),
            Self::Batch(b) => b.entity.iter().cloned().collect(),
        }
    }
}

/// All that a document holds, but the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Plain {
    pub things: HashMap<Id, Thing>,
    pub rejected: Rc<BTreeSet<Rejection>>,
    pub header: Rc<Header>,
}

impl Plain {
    /// What a document holds; what is as in `before` is shared with it. Two things of one identifier are an error.
    pub fn of(document: &Document, before: Option<&Plain>) -> Result<Self, String> {
        let mut things: HashMap<Id, Thing> = HashMap::with_capacity(64);
        let mut double = None;
        let mut put = |id: &Id, thing: Thing| {
            if things.insert(id.clone(), thing).is_some() {
                double = Some(id.clone());
            }
        };
        macro_rules! all {
            ($map:ident, $kind:ident) => {
                for (id, thing) in document.$map() {
                    let known = match before.and_then(|before| before.things.get(id)) {
                        Some(Thing::$kind(known)) if **known == *thing => known.clone(),
                        _ => Rc::new(thing.clone()),
                    };
                    put(id, Thing::$kind(known));
                }
            };
        }
        all!(entities, Entity);
        all!(mentions, Mention);
        all!(events, Event);
        all!(quotes, Quote);
        all!(relations, Relation);
        all!(batches, Batch);
        if let Some(id) = double {
            return Err(format!("{id} stands for two things"));
        }
        let rejected = before.map(|before| &before.rejected).filter(|known| ***known == *document.rejected());
        let header = before.map(|before| &before.header).filter(|known| ***known == *document.header());
        Ok(Self {
            things,
            rejected: rejected.cloned().unwrap_or_else(|| Rc::new(document.rejected().clone())),
            header: header.cloned().unwrap_or_else(|| Rc::new(document.header().clone())),
        })
    }

    pub fn mention(&self, id: &Id) -> Option<&Mention> {
        match self.things.get(id) {
            Some(Thing::Mention(mention)) => Some(mention),
            _ => None,
        }
    }

    pub fn entity(&self, id: &Id) -> Option<&Entity> {
        match self.things.get(id) {
            Some(Thing::Entity(entity)) => Some(entity),
            _ => None,
        }
    }

    pub fn event(&self, id: &Id) -> Option<&Event> {
        match self.things.get(id) {
            Some(Thing::Event(event)) => Some(event),
            _ => None,
        }
    }

    pub fn quote(&self, id: &Id) -> Option<&Quote> {
        match self.things.get(id) {
            Some(Thing::Quote(quote)) => Some(quote),
            _ => None,
        }
    }

    pub fn relation(&self, id: &Id) -> Option<&Relation> {
        match self.things.get(id) {
            Some(Thing::Relation(relation)) => Some(relation),
            _ => None,
        }
    }

    pub fn batch(&self, id: &Id) -> Option<&Batch> {
        match self.things.get(id) {
            Some(Thing::Batch(batch)) => Some(batch),
            _ => None,
        }
    }

    pub fn mentions(&self) -> impl Iterator<Item = &Mention> {
        self.things.values().filter_map(|thing| match thing {
            Thing::Mention(mention) => Some(&**mention),
            _ => None,
        })
    }

    pub fn relations(&self) -> impl Iterator<Item = &Relation> {
        self.things.values().filter_map(|thing| match thing {
            Thing::Relation(relation) => Some(&**relation),
            _ => None,
        })
    }

    /// How this differs from another, in words; empty if it does not.
    pub fn differences(&self, other: &Plain) -> Vec<String> {
        let mut out = Vec::new();
        let ids: BTreeSet<&Id> = self.things.keys().chain(other.things.keys()).collect();
        for id in ids {
            let (mine, its) = (self.things.get(id), other.things.get(id));
            if mine != its {
                out.push(format!("{id}: {mine:?}\n   not {its:?}"));
            }
        }
        if self.rejected != other.rejected {
            out.push(format!("refused: {:?}\n   not {:?}", self.rejected, other.rejected));
        }
        if self.header != other.header {
            out.push(format!("header: {:?}\n   not {:?}", self.header, other.header));
        }
        out
    }
}

/// Every state that was, and which of them undo and redo lead to.
pub struct Model {
    /// By number; the first is the beginning.
    pub states: Vec<Rc<Plain>>,
    /// What is in force: the state after each change, and the group of the change.
    done: Vec<(usize, Option<Group>)>,
    undone: Vec<(usize, Option<Group>)>,
}

impl Model {
    pub fn new(beginning: Plain) -> Self {
        Self { states: vec![Rc::new(beginning)], done: Vec::new(), undone: Vec::new() }
    }

    /// The number of the present state.
    pub fn now(&self) -> usize {
        self.done.last().map_or(0, |(state, _)| *state)
    }

    pub fn present(&self) -> &Rc<Plain> {
        &self.states[self.now()]
    }

    /// A change was made, which led to this.
    pub fn push(&mut self, state: Plain, group: Option<Group>) {
        self.undone.clear();
        self.done.push((self.states.len(), group));
        self.states.push(Rc::new(state));
    }

    /// Moves the last step of one list to the other; whether there was one.
    fn shift(from: &mut Vec<(usize, Option<Group>)>, to: &mut Vec<(usize, Option<Group>)>) -> bool {
        let Some(first) = from.pop() else { return false };
        to.push(first);
        while first.1.is_some() && from.last().is_some_and(|next| next.1 == first.1) {
            to.extend(from.pop());
        }
        true
    }

    pub fn undo(&mut self) -> bool {
        Self::shift(&mut self.done, &mut self.undone)
    }

    pub fn redo(&mut self) -> bool {
        Self::shift(&mut self.undone, &mut self.done)
    }

    /// The numbers of states that undo leads to, and redo.
    pub fn reachable(&self) -> (Vec<usize>, Vec<usize>) {
        let numbers = |list: &[(usize, Option<Group>)]| list.iter().map(|(state, _)| *state).collect();
        (numbers(&self.done), numbers(&self.undone))
    }
}
