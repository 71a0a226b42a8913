//! From a file to documents.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::packed::{self, File, Group, GroupSpan, Groups};
use super::{CATEGORY, GROUP, INFO, attribute, strings};
use crate::formats::Read;
use crate::formats::build::Builder;
use crate::model::{Id, Problem};
use crate::text::{BytePos, Span, Text};

const HINT: &str = "write the file again with a current spaCy 3";

/// Every document of a file.
pub fn documents(bytes: &[u8]) -> Result<Vec<Read>, Vec<Problem>> {
    let (file, unknown) = packed::open(bytes).map_err(|problem| vec![*problem])?;
    let table = Table::of(&file).map_err(|problem| vec![*problem])?;
    let is_single = table.lengths.len() == 1;
    let (mut found, mut refused) = (Vec::new(), Vec::new());
    for number in 0..table.lengths.len() {
        let told = |mut problem: Problem| {
            if !is_single {
                problem.message = format!("document {}: {}", number + 1, problem.message);
            }
            problem
        };
        match table.document(number) {
            Ok(mut read) => {
                read.problems = read.problems.into_iter().map(told).collect();
                found.push(read);
            }
            Err(problems) => refused.extend(problems.into_iter().map(told)),
        }
    }
    if !refused.is_empty() {
        return Err(refused);
    }
    if let Some(first) = found.first_mut() {
        let mut warn = |message: String| {
            first.problems.push(Problem::warning("not-read", message, "keep the file if you need it"));
        };
        if file.user_data.is_some() {
            warn("the user data of Python is not read".to_owned());
        }
        if !unknown.is_empty() {
            warn(format!("nothing is known of the parts {} of the file", unknown.join(", ")));
        }
        return Ok(found);
    }
    Err(vec![Problem::error("empty", "there is no document in the file", HINT)])
}

/// The table of tokens of a file, whose sizes fit together.
struct Table<'a> {
    file: &'a File,
    lengths: Vec<usize>,
    /// The first token of each document.
    firsts: Vec<usize>,
    texts: HashMap<u64, &'a str>,
}

/// A mention that was found: half-open token numbers; numbers of texts.
#[derive(Clone, Copy, Debug)]
struct Found<'a> {
    first: usize,
    end: usize,
    label: &'a str,
    kb_id: &'a str,
    id: &'a str,
}

impl<'a> Table<'a> {
    fn of(file: &'a File) -> Result<Self, Box<Problem>> {
        let refuse = |message: String| Box::new(Problem::error("syntax", message, HINT));
        if !file.attrs.contains(&attribute::ORTH) {
            return Err(refuse("the file has no words (ORTH)".to_owned()));
        }
        let mut lengths = Vec::new();
        for bytes in file.lengths.0.chunks(4) {
            let length =
                <[u8; 4]>::try_from(bytes).ok().and_then(|four| usize::try_from(i32::from_le_bytes(four)).ok());
            lengths.push(length.ok_or_else(|| refuse("the number of tokens of a document is none".to_owned()))?);
        }
        let mut total = 0_usize;
        let mut firsts = Vec::with_capacity(lengths.len());
        for length in &lengths {
            firsts.push(total);
            total = total.saturating_add(*length);
        }
        let row = file.attrs.len().saturating_mul(8);
        if file.tokens.0.len() != total.saturating_mul(row) || file.spaces.0.len() != total {
            let message = format!(
                "the documents have {total} tokens, but the tables have {} and {}",
                file.tokens.0.len() / row.max(1),
                file.spaces.0.len()
            );
            return Err(refuse(message));
        }
        for (n, what) in
            [(file.cats.len(), "categories"), (file.flags.len(), "flags"), (file.span_groups.len(), "span groups")]
        {
            if n != 0 && n != lengths.len() {
                return Err(refuse(format!("{} documents have {n} sets of {what}", lengths.len())));
            }
        }
        let texts = file.strings.iter().map(|text| (strings::number(text), text.as_str())).collect();
        Ok(Self { file, lengths, firsts, texts })
    }

    fn text_of(&self, number: u64) -> Option<&'a str> {
        self.texts.get(&number).copied().or_else(|| strings::name(number))
    }

    /// The text with a number; refused if the file does not have it.
    fn known(&self, number: u64, what: &str, problems: &mut Vec<Problem>) -> &'a str {
        self.text_of(number).unwrap_or_else(|| {
            let message = format!("the {what} with the number {number} is not among the strings of the file");
            problems.push(Problem::error("unknown-reference", message, HINT));
            ""
        })
    }

    /// A column of the tokens of a document; `None` if the file has no such column.
    fn column(&self, attribute: u64, number: usize) -> Option<Vec<u64>> {
        let column = self.file.attrs.iter().position(|a| *a == attribute)?;
        let (first, length) = (*self.firsts.get(number)?, *self.lengths.get(number)?);
        let rows = self.file.tokens.0.chunks_exact(self.file.attrs.len() * 8).skip(first).take(length);
        let cell = |row: &[u8]| Some(u64::from_le_bytes(row.chunks_exact(8).nth(column)?.try_into().ok()?));
        rows.map(cell).collect()
    }

    fn document(&self, number: usize) -> Result<Read, Vec<Problem>> {
        let mut problems = Vec::new();
        let words = self.column(attribute::ORTH, number).unwrap_or_default();
        let first = self.firsts.get(number).copied().unwrap_or_default();
        let spaces = self.file.spaces.0.iter().skip(first).take(words.len());
        let is_unknown = self.file.flags.get(number).is_some_and(|flags| flags.has_unknown_spaces);
        let mut text = String::new();
        let mut tokens = Vec::with_capacity(words.len());
        for (n, (word, space)) in words.iter().zip(spaces).enumerate() {
            let start = BytePos::from_usize(text.len());
            text.push_str(self.known(*word, "word", &mut problems));
            tokens.push(Span::new(start, BytePos::from_usize(text.len())));
            if (is_unknown && n + 1 < words.len()) || (!is_unknown && *space != 0) {
                text.push(' ');
            }
            if !problems.is_empty() {
                return Err(problems);
            }
        }
        let text = Text::new(text).map_err(|error| {
            vec![Problem::error("text-too-long", error.to_string(), "split the file into several articles")]
        })?;
        let mut builder = Builder::new(INFO.id, text, None);
        if is_unknown {
            let message = "the file does not know where blanks stood; one stands after each token";
            builder.warn("unknown-spaces", message, "read the article from where it came from", None);
        }
        self.other_columns(number, &mut builder);
        let mut found = self.ents(number, &mut problems, &mut builder);
        found.extend(self.grouped(number, &tokens, &mut problems, &mut builder));
        if !problems.is_empty() {
            return Err(problems);
        }
        add(found, &tokens, &mut builder);
        self.categories(number, &mut builder);
        builder.finish(None)
    }

    /// Says which columns are not read.
    fn other_columns(&self, number: usize, builder: &mut Builder) {
        use attribute::{ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE, NORM, ORTH, SENT_START, SPACY};
        let read = [ORTH, NORM, ENT_IOB, ENT_TYPE, SENT_START, SPACY, ENT_KB_ID, ENT_ID];
        let is_used = |a: &u64| self.column(*a, number).is_some_and(|all| all.iter().any(|n| *n != 0));
        let others = self.file.attrs.iter().filter(|a| !read.contains(a) && is_used(a));
        let names: Vec<String> =
            others.map(|a| strings::name(*a).map_or_else(|| a.to_string(), str::to_owned)).collect();
        if !names.is_empty() {
            let message = format!("what the file says of words is not read: {}", names.join(", "));
            builder.warn("not-read", message, "keep the file if you need it", None);
        }
    }

    fn ents(&self, number: usize, problems: &mut Vec<Problem>, builder: &mut Builder) -> Vec<Found<'a>> {
        let column = |a| self.column(a, number).unwrap_or_default();
        let (iob, types) = (column(attribute::ENT_IOB), column(attribute::ENT_TYPE));
        let (kb_ids, ids) = (column(attribute::ENT_KB_ID), column(attribute::ENT_ID));
        let at = |column: &[u64], n: usize| column.get(n).copied().unwrap_or_default();
        let (mut found, mut open) = (Vec::<Found<'a>>::new(), None);
        let (mut blocked, mut stray) = (0, 0);
        for (n, mark) in iob.iter().enumerate() {
            let label = at(&types, n);
            let goes_on = *mark == 1 && open == Some(label);
            if goes_on {
                if let Some(last) = found.last_mut() {
                    last.end = n + 1;
                }
                continue;
            }
            open = None;
            if !matches!(mark, 1 | 3) {
                continue;
            }
            if label == 0 {
                blocked += 1;
                continue;
            }
            stray += usize::from(*mark == 1);
            open = Some(label);
            let label = self.known(label, "label", problems);
            let kb_id = self.known(at(&kb_ids, n), "link", problems);
            let id = self.known(at(&ids, n), "entity", problems);
            found.push(Found { first: n, end: n + 1, label, kb_id, id });
        }
        if blocked > 0 {
            let message = format!("{blocked} tokens that may be in no ent are read as any others");
            builder.warn("not-read", message, "keep the file if you need that", None);
        }
        if stray > 0 {
            let message = format!("{stray} ents go on where none has begun; each is read as one that begins there");
            builder.warn("stray-tag", message, "look at the mentions beside each other", None);
        }
        found
    }

    /// The spans of all groups.
    fn grouped(
        &self,
        number: usize,
        tokens: &[Span],
        problems: &mut Vec<Problem>,
        builder: &mut Builder,
    ) -> Vec<Found<'a>> {
        let Some(bin) = self.file.span_groups.get(number).filter(|bin| !bin.0.is_empty()) else { return Vec::new() };
        let mut found = Vec::new();
        let mut unpacked = |bytes: &[u8]| match packed::unpack::<Groups>(bytes) {
            Ok(groups) => groups.0,
            Err(problem) => {
                problems.push(*problem);
                Vec::new()
            }
        };
        let groups = unpacked(&bin.0);
        for (bin, keys) in groups {
            let group: Group = match packed::unpack(&bin.0) {
                Ok(group) => group,
                Err(problem) => {
                    problems.push(*problem);
                    continue;
                }
            };
            let names = if keys.is_empty() { vec![group.name.clone()] } else { keys };
            let name = names.join(", ");
            if name != GROUP {
                let message = format!("the spans of the group {name:?} are mentions like all others");
                builder.warn("group", message, "its name is not kept", None);
            }
            if !group.attrs.is_empty() {
                let message = format!("attributes of the group {name:?} are not read");
                builder.warn("not-read", message, "keep the file if you need them", None);
            }
            let (mut empty, mut unlabelled) = (0, 0);
            for bin in &group.spans {
                let span = match self.span(bin, tokens, builder) {
                    Ok(span) => span,
                    Err(what) => {
                        let message = format!("a span of the group {name:?} {what}");
                        problems.push(Problem::error("bad-offset", message, HINT));
                        continue;
                    }
                };
                let (first, end) = (span.tokens.0.unsigned_abs() as usize, span.tokens.1.unsigned_abs() as usize);
                if first == end {
                    empty += 1;
                    continue;
                }
                if span.label == 0 {
                    unlabelled += 1;
                    continue;
                }
                let label = self.known(span.label, "label", problems);
                // spaCy itself does not always keep the texts of these two.
                let kb_id = self.text_of(span.kb_id).unwrap_or_default();
                let id = self.text_of(span.id).unwrap_or_default();
                if (kb_id.is_empty() && span.kb_id != 0) || (id.is_empty() && span.id != 0) {
                    let message = format!("a span of the group {name:?} has an identifier that the file does not say");
                    builder.warn("unknown-reference", message, "it is left out", None);
                }
                found.push(Found { first, end, label, kb_id, id });
            }
            for (n, what) in [(empty, "words"), (unlabelled, "label")] {
                if n > 0 {
                    let message = format!("{n} spans of the group {name:?} have no {what} and are left out");
                    builder.warn("left-out", message, "give them some, or leave them out of the file", None);
                }
            }
        }
        found
    }

    /// A span of a group, whose places are in the text.
    fn span(&self, bin: &packed::Bin, tokens: &[Span], builder: &Builder) -> Result<GroupSpan, &'static str> {
        let span = GroupSpan::of_bin(bin).ok_or("is not in the form of spaCy 3")?;
        let (Ok(first), Ok(end)) = (usize::try_from(span.tokens.0), usize::try_from(span.tokens.1)) else {
            return Err("begins or ends before the text");
        };
        if first > end || end > tokens.len() {
            return Err("runs backwards or is not in the text");
        }
        if let (Some(start), Some(last)) = (tokens.get(first), end.checked_sub(1).and_then(|n| tokens.get(n)))
            && first < end
        {
            let character = |at| i64::from(builder.text().codepoint_of(at).0);
            let own = (character(start.start), character(last.end));
            if own != (i64::from(span.characters.0), i64::from(span.characters.1)) {
                return Err("covers other characters than its tokens have");
            }
        }
        Ok(span)
    }

    fn categories(&self, number: usize, builder: &mut Builder) {
        for (name, value) in self.file.cats.get(number).into_iter().flatten() {
            let score = match value {
                serde_json::Value::Bool(yes) => Some(f64::from(u8::from(*yes))),
                other => other.as_f64(),
            };
            let Some(score) = score else {
                builder.warn("not-read", format!("the category {name:?} has no number"), "give it 1 or 0", None);
                continue;
            };
            if score != 0.0 && score != 1.0 {
                let what = if score >= 0.5 { "a label of the document" } else { "no label of the document" };
                let message = format!("the category {name:?} has {score} and is read as {what}");
                builder.warn("category-score", message, "give it 1 or 0", None);
            }
            if score >= 0.5 {
                let (group, label) =
                    name.split_once(':').filter(|(group, _)| !group.is_empty()).unwrap_or((CATEGORY, name));
                builder.header.labels.entry(group.to_owned()).or_default().push(label.to_owned());
            }
        }
    }
}

/// Adds mentions with their entities, in the order of the text. What is an ent and in a group is one mention.
fn add(mut found: Vec<Found<'_>>, tokens: &[Span], builder: &mut Builder) {
    let has_none = |f: &Found<'_>| f.id.is_empty() && f.kb_id.is_empty();
    found.sort_by_key(|f| {
        (f.first, Reverse(f.end), f.label.to_owned(), has_none(f), f.id.to_owned(), f.kb_id.to_owned())
    });
    let mut entities: BTreeMap<(bool, &str), Id> = BTreeMap::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut last: Option<Found<'_>> = None;
    for f in found {
        let is_known = last.is_some_and(|l| {
            (l.first, l.end, l.label) == (f.first, f.end, f.label)
                && (has_none(&f) || (l.id, l.kb_id) == (f.id, f.kb_id))
        });
        let ends = (tokens.get(f.first), f.end.checked_sub(1).and_then(|n| tokens.get(n)));
        let (false, (Some(start), Some(end))) = (is_known, ends) else { continue };
        last = Some(f);
        let span = Span::new(start.start, end.end);
        let mention = builder.mention(f.label, [span]);
        if has_none(&f) {
            continue;
        }
        // What has an identifier in the document is told apart by that, all else by its link.
        let key = if f.id.is_empty() { (false, f.kb_id) } else { (true, f.id) };
        let entity = match entities.get(&key) {
            Some(entity) => entity.clone(),
            None => {
                let name = builder.text().slice(span).to_owned();
                let entity = builder.entity(f.label, &name);
                entities.insert(key, entity.clone());
                entity
            }
        };
        if let Some(of_entity) = builder.entity_mut(&entity).filter(|_| !f.kb_id.is_empty()) {
            match &of_entity.link {
                None => of_entity.link = Some(f.kb_id.to_owned()),
                Some(link) if link == f.kb_id => {}
                Some(link) => {
                    let message =
                        format!("the entity {:?} is linked to {link} and to {}; the first is kept", f.id, f.kb_id);
                    if told.insert(f.kb_id) {
                        builder.warn("second-reference", message, "keep one of them", None);
                    }
                }
            }
        }
        if let Some(mention) = builder.mention_mut(&mention) {
            mention.entity = Some(entity);
        }
    }
}
