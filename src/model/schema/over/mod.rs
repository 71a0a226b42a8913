//! Writing a schema over the file that it was read from: what is still so stays as it stands, with its comments and its
//! layout, and what changed is written as [`super::write`] would.
//!
//! The file (`source`) is compared with nothing but itself: the schema as it was read and as it is now are both written out,
//! and where the two differ the file is changed. What comes of it is read again, so that a mistake here cannot change what a
//! schema says.

mod scan;

#[cfg(test)]
mod tests;

use super::{Schema, write};
use scan::{Body, Kind, Node, Part, scan};

/// The schema over this file; `None` if the file is none, or is laid in a way that is not understood.
pub fn ron(schema: &Schema, source: &str) -> Option<String> {
    let read = Schema::parse(source, None).ok()?;
    let (was, is) = (write::ron(&read), write::ron(schema));
    let over = Over { source, was: &was, is: &is };
    let (file, before, after) = (scan(source)?, scan(&was)?, scan(&is)?);
    let mut out = source.get(..file.range.start)?.to_owned();
    out.push_str(&over.value(&file, &before, &after)?);
    out.push_str(source.get(file.range.end..)?);
    (Schema::parse(&out, None).as_ref() == Ok(schema)).then_some(out)
}

/// What stands before the schema in a file: the comments at its top.
pub fn head(source: &str) -> &str {
    let end = scan(source).map_or(0, |file| file.range.start);
    source.get(..end).unwrap_or_default()
}

struct Over<'a> {
    /// The file.
    source: &'a str,
    /// The schema as it was read.
    was: &'a str,
    /// The schema as it is now.
    is: &'a str,
}

/// A part as it will stand.
struct Piece {
    /// Its name or key.
    key: String,
    /// Space and comments before it.
    before: String,
    /// Its name and its value.
    text: String,
    has_comma: bool,
    /// The comma, and a comment on the same line.
    after: String,
}

impl Over<'_> {
    fn value(&self, file: &Node, before: &Node, after: &Node) -> Option<String> {
        if self.was.get(before.range.clone())? == self.is.get(after.range.clone())? {
            return self.source.get(file.range.clone()).map(str::to_owned);
        }
        let pieces = match (&file.kind, &before.kind, &after.kind) {
            _ if !self.is_laid_out(file) => None,
            (Kind::Struct(file), Kind::Struct(before), Kind::Struct(after))
            | (Kind::Map(file), Kind::Map(before), Kind::Map(after)) => self.fields(file, before, after),
            (Kind::List(file), Kind::List(before), Kind::List(after)) => self.entries(file, before, after),
            _ => None,
        };
        let Some((pieces, body)) = pieces.filter(|pieces| !pieces.is_empty()).zip(file.body()) else {
            return self.fresh(after, indent_at(self.source, file.range.start));
        };
        let first = body.parts.first().map_or(body.end, |part| part.start);
        let mut out = self.source.get(file.range.start..first)?.to_owned();
        let last = pieces.len().saturating_sub(1);
        for (nth, piece) in pieces.iter().enumerate() {
            let comma = if piece.has_comma || nth == last { "" } else { "," };
            out.extend([&piece.before, &piece.text, comma, &piece.after]);
        }
        out.push_str(self.source.get(body.end..file.range.end)?);
        Some(out)
    }

    /// Whether somebody laid it out on lines of their own, so that it is worth keeping.
    fn is_laid_out(&self, file: &Node) -> bool {
        let is_broken = self.source.get(file.range.clone()).is_some_and(|text| text.contains('\n'));
        let has_fields = |body: &Body| body.parts.iter().any(|part| matches!(part.value.kind, Kind::Struct(_)));
        // We would put as many words on a line as there is room for.
        let has_own_line =
            |part: &Part| self.source.get(part.start..part.value.range.start).is_some_and(|space| space.contains('\n'));
        is_broken
            && match &file.kind {
                Kind::Atom => false,
                Kind::List(body) => has_fields(body) || file.has_comments || body.parts.iter().all(has_own_line),
                Kind::Map(_) | Kind::Struct(_) => true,
            }
    }

    /// What a value is now, on lines that begin this far from the margin.
    fn fresh(&self, after: &Node, indent: usize) -> Option<String> {
        let text = self.is.get(after.range.clone())?;
        let own = indent_at(self.is, after.range.start);
        let shifted = |line: &str| {
            let (space, words) = line.split_at(line.len() - line.trim_start().len());
            format!("{:1$}{words}", "", (space.len() + indent).saturating_sub(own))
        };
        let mut lines = text.split('\n');
        let first = lines.next()?.to_owned();
        Some(lines.fold(first, |out, line| out + "\n" + &shifted(line)))
    }

    /// A part of the file with this value.
    fn part(&self, key: String, part: &Part, value: &str) -> Option<Piece> {
        let text = |range: std::ops::Range<usize>| self.source.get(range);
        let begins = if part.name.is_empty() { part.value.range.start } else { part.name.start };
        Some(Piece {
            key,
            before: text(part.start..begins)?.to_owned(),
            text: format!("{}{value}", text(begins..part.value.range.start)?),
            has_comma: part.has_comma,
            after: text(part.value.range.end..part.end)?.to_owned(),
        })
    }

    /// A part that is new, on a line of its own.
    fn new_part(&self, key: String, after: &Part, indent: usize) -> Option<Piece> {
        let name = self.is.get(after.name.clone()).filter(|name| !name.is_empty());
        let name = name.map_or_else(String::new, |name| format!("{name}: "));
        Some(Piece {
            key,
            before: format!("\n{:indent$}", ""),
            text: format!("{name}{}", self.fresh(&after.value, indent)?),
            has_comma: true,
            after: ",".to_owned(),
        })
    }

    /// How far the parts of a body stand from the margin.
    fn indent(&self, body: &Body) -> usize {
        let of_part = |part: &Part| indent_at(self.source, part.value.range.start);
        body.parts.first().map_or(0, of_part)
    }

    /// The fields of a struct or the entries of a map, which are found by their names. The file may say of a field what holds
    /// anyway, and have entries in another order.
    fn fields(&self, file: &Body, before: &Body, after: &Body) -> Option<Vec<Piece>> {
        let find = |body: &Body, text: &str, name: &str| {
            body.parts.iter().position(|part| name_in(text, part).as_deref() == Some(name))
        };
        let mut pieces = Vec::new();
        let mut lost_break = None;
        for part in &file.parts {
            let name = name_in(self.source, part)?;
            let (was, is) = (find(before, self.was, &name), find(after, self.is, &name));
            let (was, is) = (was.and_then(|at| before.parts.get(at)), is.and_then(|at| after.parts.get(at)));
            let value = match (was, is) {
                (Some(was), Some(is)) => self.value(&part.value, &was.value, &is.value)?,
                (None, Some(is)) => self.fresh(&is.value, indent_at(self.source, part.value.range.start))?,
                (None, None) => self.source.get(part.value.range.clone())?.to_owned(),
                // It says what holds anyway. What stood behind it on its line begins one now.
                (Some(_), None) => {
                    let space = self.source.get(part.start..part.name.start)?;
                    lost_break = lost_break.or_else(|| space.rfind('\n').and_then(|at| space.get(at..)));
                    continue;
                }
            };
            let mut piece = self.part(name, part, &value)?;
            if let Some(lost) = lost_break.take().filter(|_| !piece.before.contains('\n')) {
                lost.clone_into(&mut piece.before);
            }
            pieces.push(piece);
        }
        let indent = self.indent(file);
        for (nth, part) in after.parts.iter().enumerate() {
            let name = name_in(self.is, part)?;
            if pieces.iter().any(|known| known.key == name) {
                continue;
            }
            let above = after.parts.get(..nth)?.iter().rev();
            let place = above
                .filter_map(|above| name_in(self.is, above))
                .find_map(|above| pieces.iter().position(|known| known.key == above));
            let place = place.map_or(0, |place| place + 1);
            let mut piece = self.new_part(name, part, indent)?;
            // Where the next one goes on on the line, so does this one.
            if pieces.get(place).is_some_and(|next| !next.before.contains('\n')) {
                " ".clone_into(&mut piece.before);
            }
            pieces.insert(place, piece);
        }
        Some(pieces)
    }

    /// The entries of a list, which are the same by their names, or by their place where much else is the same.
    fn entries(&self, file: &Body, before: &Body, after: &Body) -> Option<Vec<Piece>> {
        if file.parts.len() != before.parts.len() {
            return None;
        }
        let keys =
            |body: &Body, text: &str| body.parts.iter().map(|part| key_in(text, part)).collect::<Option<Vec<_>>>();
        let (was, is) = (keys(before, self.was)?, keys(after, self.is)?);
        let is_double =
            |keys: &[String]| keys.iter().enumerate().any(|(nth, key)| keys.iter().take(nth).any(|k| k == key));
        if is_double(&was) || is_double(&is) {
            return None;
        }
        let indent = self.indent(file);
        let mut pieces = Vec::new();
        let mut next = 0;
        for (key, part) in is.iter().zip(&after.parts) {
            let is_renamed = |at: &usize| {
                let old = before.parts.get(*at).zip(was.get(*at)).filter(|(_, key)| !is.contains(key));
                old.is_some_and(|(old, _)| self.is_alike(&old.value, &part.value))
            };
            let place = was.iter().position(|known| known == key).or_else(|| Some(next).filter(is_renamed));
            pieces.push(match place {
                Some(at) => {
                    next = at + 1;
                    let (file, before) = (file.parts.get(at)?, before.parts.get(at)?);
                    self.part(key.clone(), file, &self.value(&file.value, &before.value, &part.value)?)?
                }
                None => self.new_part(key.clone(), part, indent)?,
            });
        }
        Some(pieces)
    }

    /// Whether two structs say the same in at least half of their fields, so that one may be the other under another name.
    fn is_alike(&self, before: &Node, after: &Node) -> bool {
        let (Kind::Struct(before), Kind::Struct(after)) = (&before.kind, &after.kind) else { return false };
        let text = |body: &Body, text: &str| -> Vec<String> {
            let parts = body.parts.iter().skip(1);
            parts.filter_map(|part| text.get(part.name.start..part.value.range.end)).map(str::to_owned).collect()
        };
        let (was, is) = (text(before, self.was), text(after, self.is));
        let same = is.iter().filter(|field| was.contains(field)).count();
        same > 0 && 2 * same >= was.len().max(is.len())
    }
}

/// How many spaces the line of a place begins with.
fn indent_at(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    text.get(line..).unwrap_or_default().chars().take_while(|c| *c == ' ').count()
}

/// The name of a field, or what the key of a map says.
fn name_in(text: &str, part: &Part) -> Option<String> {
    let name = text.get(part.name.clone())?;
    let is_text = name.ends_with(['"', '#']);
    if is_text { ron::from_str(name).ok() } else { Some(name.trim_start_matches("r#").to_owned()) }
}

/// What a list knows an entry by: its first field, or all of it. Of values as we write them.
fn key_in(text: &str, part: &Part) -> Option<String> {
    let named = match &part.value.kind {
        Kind::Struct(body) => &body.parts.first()?.value,
        _ => &part.value,
    };
    text.get(named.range.clone()).map(str::to_owned)
}
