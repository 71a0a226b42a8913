//! A draft: a document with changes laid over it, which become operations in the end.
//!
//! Planning one intention may touch the same annotation several times; the draft keeps what it was first and what
//! it is last.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::op::{Change, Conflict, Op};
use crate::model::{
    Annotation, Annotations, Batch, Document, Entity, Event, Header, Id, Kind, Mention, Quote, Rejection, Relation,
};

type Layer<A> = BTreeMap<Id, Option<Arc<A>>>;

/// See the module.
pub struct Draft<'a> {
    /// The document underneath.
    pub base: &'a Document,
    entities: Layer<Entity>,
    mentions: Layer<Mention>,
    events: Layer<Event>,
    quotes: Layer<Quote>,
    relations: Layer<Relation>,
    /// Not annotations, so outside [`Drafted`].
    batches: Layer<Batch>,
    rejected: BTreeMap<Rejection, bool>,
    header: Option<Header>,
}

/// Reads and writes one kind of annotation through the draft.
pub trait Drafted: Annotation + 'static {
    /// The changes of this kind.
    fn layer<'d>(draft: &'d mut Draft<'_>) -> &'d mut Layer<Self>;
    /// The changes of this kind, to read.
    fn layer_ref<'d>(draft: &'d Draft<'_>) -> &'d Layer<Self>;
    /// What lies underneath.
    fn base(document: &Document) -> &Annotations<Self>;
}

macro_rules! drafted {
    ($($kind:ty => $field:ident),*) => { $(
        impl Drafted for $kind {
            fn layer<'d>(draft: &'d mut Draft<'_>) -> &'d mut Layer<Self> { &mut draft.$field }
            fn layer_ref<'d>(draft: &'d Draft<'_>) -> &'d Layer<Self> { &draft.$field }
            fn base(document: &Document) -> &Annotations<Self> { document.$field() }
        }
    )* };
}
drafted!(Entity => entities, Mention => mentions, Event => events, Quote => quotes, Relation => relations);

impl<'a> Draft<'a> {
    /// A draft without changes.
    pub fn new(base: &'a Document) -> Self {
        Self {
            base,
            entities: Layer::new(),
            mentions: Layer::new(),
            events: Layer::new(),
            quotes: Layer::new(),
            relations: Layer::new(),
            batches: Layer::new(),
            rejected: BTreeMap::new(),
            header: None,
        }
    }

    /// As it is now, with the changes so far.
    pub fn get<A: Drafted>(&self, id: &Id) -> Option<&A> {
        match A::layer_ref(self).get(id) {
            Some(changed) => changed.as_deref(),
            None => A::base(self.base).get(id),
        }
    }

    /// Makes or replaces.
    pub fn put<A: Drafted>(&mut self, annotation: A) {
        let id = annotation.id().clone();
        A::layer(self).insert(id, Some(Arc::new(annotation)));
    }

    /// Removes.
    pub fn remove<A: Drafted>(&mut self, id: &Id) {
        A::layer(self).insert(id.clone(), None);
    }

    /// Changes it if it is there.
    pub fn update<A: Drafted>(&mut self, id: &Id, change: impl FnOnce(&mut A)) {
        if let Some(mut annotation) = self.get::<A>(id).cloned() {
            change(&mut annotation);
            self.put(annotation);
        }
    }

    /// Everything of a kind that this draft makes or changes, as it is now.
    pub fn changed<A: Drafted>(&self) -> impl Iterator<Item = &A> {
        A::layer_ref(self).values().flatten().map(Arc::as_ref)
    }

    /// A batch as it is now.
    pub fn batch(&self, id: &Id) -> Option<&Batch> {
        match self.batches.get(id) {
            Some(changed) => changed.as_deref(),
            None => self.base.batches().get(id),
        }
    }

    /// Makes or replaces a batch.
    pub fn put_batch(&mut self, batch: Batch) {
        self.batches.insert(batch.id.clone(), Some(Arc::new(batch)));
    }

    /// Removes a batch.
    pub fn remove_batch(&mut self, id: &Id) {
        self.batches.insert(id.clone(), None);
    }

    /// All batches, with the changes so far.
    pub fn batches(&self) -> impl Iterator<Item = &Batch> {
        let unchanged = self.base.batches().values().filter(|batch| !self.batches.contains_key(&batch.id));
        unchanged.chain(self.batches.values().flatten().map(Arc::as_ref))
    }

    /// The header as it is now.
    pub fn header(&self) -> &Header {
        self.header.as_ref().unwrap_or(self.base.header())
    }

    /// The header, to change.
    pub fn header_mut(&mut self) -> &mut Header {
        self.header.get_or_insert_with(|| self.base.header().clone())
    }

    /// All refused suggestions, with the changes so far.
    pub fn rejections(&self) -> impl Iterator<Item = &Rejection> {
        let unchanged = self.base.rejected().iter().filter(|r| !self.rejected.contains_key(r));
        unchanged.chain(self.rejected.iter().filter(|(_, is_rejected)| **is_rejected).map(|(r, _)| r))
    }

    /// Whether a suggestion is refused, with the changes so far.
    pub fn is_rejected(&self, rejection: &Rejection) -> bool {
        self.rejected.get(rejection).copied().unwrap_or_else(|| self.base.rejected().contains(rejection))
    }

    /// Remembers or forgets that a suggestion was refused. What stands there may say more than the one that is asked for,
    /// and keeps it.
    pub fn set_rejected(&mut self, rejection: Rejection, is_rejected: bool) {
        let known = self.base.rejected().get(&rejection).cloned();
        self.decide_on(known.unwrap_or(rejection), is_rejected);
    }

    /// Remembers that a suggestion was refused, with all that is said of it here.
    pub fn put_rejected(&mut self, rejection: Rejection) {
        self.decide_on(rejection, true);
    }

    fn decide_on(&mut self, rejection: Rejection, is_rejected: bool) {
        // A key that is there already would stay as it is.
        self.rejected.remove(&rejection);
        self.rejected.insert(rejection, is_rejected);
    }

    /// What kind of thing has this identifier, with the changes so far.
    pub fn kind_of(&self, id: &Id) -> Option<Kind> {
        if self.get::<Mention>(id).is_some() {
            Some(Kind::Mention)
        } else if self.get::<Event>(id).is_some() {
            Some(Kind::Event)
        } else if self.get::<Quote>(id).is_some() {
            Some(Kind::Quote)
        } else if self.get::<Entity>(id).is_some() {
            Some(Kind::Entity)
        } else {
            self.get::<Relation>(id).map(|_| Kind::Relation)
        }
    }

    /// Lays a known operation over what is there.
    ///
    /// # Errors
    /// [`Conflict`] if it is not as the operation expects it; the draft is then as it was.
    pub fn lay(&mut self, op: Op) -> Result<(), Conflict> {
        match op {
            Op::Entity(change) => self.lay_one(change),
            Op::Mention(change) => self.lay_one(change),
            Op::Event(change) => self.lay_one(change),
            Op::Quote(change) => self.lay_one(change),
            Op::Relation(change) => self.lay_one(change),
            Op::Batch(change) => {
                let Some(id) = change.shown().map(|batch| batch.id.clone()) else {
                    return Ok(());
                };
                if self.batch(&id) != change.before.as_deref() {
                    return Err(Conflict(format!("batch {id}")));
                }
                self.batches.insert(id, change.after);
                Ok(())
            }
            Op::Rejection(change) => {
                let is_rejected = |r: &Rejection| match self.rejected.get(r) {
                    Some(is_rejected) => *is_rejected,
                    None => self.base.rejected().contains(r),
                };
                let is_new = |r: &Rejection| change.before.as_deref() == Some(r) || !is_rejected(r);
                let fits =
                    change.before.as_deref().is_none_or(is_rejected) && change.after.as_deref().is_none_or(is_new);
                if !fits {
                    return Err(Conflict("a refused suggestion".into()));
                }
                let decisions = [(change.before, false), (change.after, true)];
                for (rejection, is_rejected) in decisions {
                    if let Some(rejection) = rejection {
                        self.decide_on(Arc::unwrap_or_clone(rejection), is_rejected);
                    }
                }
                Ok(())
            }
            Op::Header(change) => {
                if change.before.as_deref() != Some(self.header.as_ref().unwrap_or(self.base.header())) {
                    return Err(Conflict("the document's header".into()));
                }
                self.header = change.after.map(Arc::unwrap_or_clone).or(self.header.take());
                Ok(())
            }
        }
    }

    fn lay_one<A: Drafted>(&mut self, change: Change<A>) -> Result<(), Conflict> {
        let Some(id) = change.shown().map(|a| a.id().clone()) else {
            return Ok(());
        };
        if self.get::<A>(&id) != change.before.as_deref() {
            return Err(Conflict(format!("{} {id}", A::KIND.word())));
        }
        A::layer(self).insert(id, change.after);
        Ok(())
    }

    /// The changes as operations; what ended as it began is left out. Unknown fields go with the parts that they belong
    /// to.
    pub fn into_ops(mut self) -> Vec<Op> {
        fn follow<A: Drafted>(base: &Document, layer: &mut Layer<A>) {
            for (id, after) in layer {
                if let (Some(before), Some(after)) = (A::base(base).get(id), after)
                    && !after.provenance().unknown.is_empty()
                {
                    Arc::make_mut(after).follow_unknown(before);
                }
            }
        }
        follow(self.base, &mut self.entities);
        follow(self.base, &mut self.mentions);
        follow(self.base, &mut self.events);
        follow(self.base, &mut self.quotes);
        follow(self.base, &mut self.relations);
        if let Some(header) = &mut self.header {
            header.follow_unknown(self.base.header());
        }
        self.into_exact_ops()
    }

    /// As [`Self::into_ops`], of a draft whose unknown fields are with their parts already.
    pub fn into_exact_ops(self) -> Vec<Op> {
        fn ops<A: Drafted>(base: &Document, layer: Layer<A>, op: impl Fn(Change<A>) -> Op, out: &mut Vec<Op>) {
            for (id, after) in layer {
                let before = A::base(base).get_shared(&id).cloned();
                if before != after {
                    out.push(op(Change { before, after }));
                }
            }
        }
        let mut out = Vec::new();
        ops(self.base, self.entities, Op::Entity, &mut out);
        ops(self.base, self.mentions, Op::Mention, &mut out);
        ops(self.base, self.events, Op::Event, &mut out);
        ops(self.base, self.quotes, Op::Quote, &mut out);
        ops(self.base, self.relations, Op::Relation, &mut out);
        for (id, after) in self.batches {
            let before = self.base.batches().get_shared(&id).cloned();
            if before != after {
                out.push(Op::Batch(Change { before, after }));
            }
        }
        for (rejection, is_rejected) in self.rejected {
            let before = self.base.rejected().get(&rejection).cloned().map(Arc::new);
            let after = is_rejected.then(|| Arc::new(rejection));
            if before.as_ref().map(|r| &r.unknown) != after.as_ref().map(|r| &r.unknown) {
                out.push(Op::Rejection(Change { before, after }));
            }
        }
        if let Some(after) = self.header
            && &after != self.base.header()
        {
            let before = Some(Arc::new(self.base.header().clone()));
            out.push(Op::Header(Change { before, after: Some(Arc::new(after)) }));
        }
        out
    }
}
