//! From spans with features and slots to the rows of a file. Knows nothing of documents.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::escape;
use crate::formats::align::Tokens;
use crate::text::{BytePos, Span, Text};

/// What fills any slot.
pub const ANY: &str = "uima.tcas.Annotation";

/// An annotation in a layer of spans.
#[derive(Debug)]
pub struct Item {
    pub layer: &'static str,
    pub span: Span,
    pub features: BTreeMap<String, String>,
    /// Roles and numbers of items, by slot.
    pub slots: BTreeMap<&'static str, Vec<(String, usize)>>,
}

/// An annotation in the layer of relations.
#[derive(Debug)]
pub struct Link {
    pub features: BTreeMap<String, String>,
    pub from: usize,
    pub to: usize,
}

/// A token, or a part of it: half-open, the longer one first.
type Unit = (usize, Option<(BytePos, Reverse<BytePos>)>);

struct Token {
    span: Span,
    sentence: usize,
}

/// The tokens of a text. White space that comes first, or in which an item begins or ends, is a token of its own, so that
/// every item is made of tokens and parts of tokens.
fn tokens(text: &Text, items: &[Item]) -> Vec<Token> {
    let base = Tokens::of(text);
    let (mut starts, mut ends, mut empty) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for item in items {
        if item.span.is_empty() {
            empty.insert(item.span.start);
        } else {
            starts.insert(item.span.start);
            ends.insert(item.span.end);
        }
    }
    let is_needed = |gap: Span, is_last: bool| {
        use std::ops::Bound::{Excluded, Included};
        starts.range(gap.start..gap.end).next().is_some()
            || ends.range((Excluded(gap.start), Included(gap.end))).next().is_some()
            || empty.range(gap.start..gap.end).any(|at| *at > gap.start)
            || (is_last && empty.contains(&gap.end))
    };
    let mut out: Vec<Token> = Vec::with_capacity(base.spans.len());
    let mut last = BytePos(0);
    for (index, span) in base.spans.iter().enumerate() {
        let sentence = base.sentence_of(index);
        let gap = Span::new(last, span.start);
        if !gap.is_empty() && (out.is_empty() || is_needed(gap, false)) {
            let sentence = out.last().map_or(sentence, |token| token.sentence);
            out.push(Token { span: gap, sentence });
        }
        out.push(Token { span: *span, sentence });
        last = span.end;
    }
    let gap = Span::new(last, text.end());
    let is_first = out.is_empty();
    if (is_first && (!gap.is_empty() || !items.is_empty())) || (!gap.is_empty() && is_needed(gap, true)) {
        let sentence = out.last().map_or(0, |token| token.sentence);
        out.push(Token { span: gap, sentence });
    }
    out
}

/// The units that a span is made of.
fn units(tokens: &[Token], span: Span) -> Vec<Unit> {
    if span.is_empty() {
        let token = tokens.partition_point(|token| token.span.start <= span.start).saturating_sub(1);
        return vec![(token, Some((span.start, Reverse(span.end))))];
    }
    let first = tokens.partition_point(|token| token.span.end <= span.start);
    let end = tokens.partition_point(|token| token.span.start < span.end);
    let unit = |(index, token): (usize, &Token)| match span.intersect(token.span) {
        Some(part) if part != token.span => (first + index, Some((part.start, Reverse(part.end)))),
        _ => (first + index, None),
    };
    tokens.get(first..end).unwrap_or_default().iter().enumerate().map(unit).collect()
}

/// What is written of a layer: its features and slots by name, a slot with the type of its fillers.
type Columns = BTreeMap<String, Option<String>>;

fn columns(items: &[Item], layer: &str) -> Columns {
    let mut found = Columns::new();
    for item in items.iter().filter(|item| item.layer == layer) {
        found.extend(item.features.keys().map(|name| (name.clone(), None)));
        for (slot, fillers) in &item.slots {
            for target in fillers.iter().filter_map(|(_, number)| items.get(*number)) {
                let known = found.entry((*slot).to_owned()).or_default();
                match known {
                    Some(known) if known != target.layer => *known = ANY.to_owned(),
                    Some(_) => {}
                    none => *none = Some(target.layer.to_owned()),
                }
            }
        }
    }
    found
}

fn short(layer: &str) -> &str {
    layer.rsplit('.').next().unwrap_or(layer)
}

fn header(layer: &str, columns: &Columns) -> String {
    let column = |(name, target): (&String, &Option<String>)| match target {
        None => format!("|{name}"),
        Some(target) => {
            let (first, rest) = name.split_at(1.min(name.len()));
            let link = format!("webanno.custom.{}{}{rest}Link", short(layer), first.to_uppercase());
            format!("|ROLE_{layer}:{name}_{link}|{target}")
        }
    };
    let columns: String = columns.iter().map(column).collect();
    format!("#T_SP={layer}{}\n", if columns.is_empty() { "|" } else { &columns })
}

/// The file.
pub fn written(text: &Text, layers: &[&'static str], relation: (&str, &str), items: &[Item], links: &[Link]) -> String {
    let tokens = tokens(text, items);
    let units: Vec<Vec<Unit>> = items.iter().map(|item| units(&tokens, item.span)).collect();
    let mut rows: BTreeMap<Unit, Row> = (0..tokens.len()).map(|token| ((token, None), Row::default())).collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    order.sort_by_key(|n| items.get(*n).map(|item| (item.span.start, Reverse(item.span.end), *n)));
    for number in order {
        let Some(item) = items.get(number) else { continue };
        for unit in units.get(number).into_iter().flatten() {
            rows.entry(*unit).or_default().items.entry(item.layer).or_default().push(number);
        }
    }
    let all_columns: Vec<(&'static str, Columns)> = layers
        .iter()
        .filter(|layer| items.iter().any(|item| item.layer == **layer))
        .map(|layer| (*layer, columns(items, layer)))
        .collect();
    let ids = ids(items, &units, &rows, &all_columns);
    let mut out = String::from("#FORMAT=WebAnno TSV 3.3\n");
    for (layer, columns) in &all_columns {
        out.push_str(&header(layer, columns));
    }
    let relation_features: BTreeSet<&String> = links.iter().flat_map(|link| link.features.keys()).collect();
    if !links.is_empty() {
        let features: String = relation_features.iter().flat_map(|name| ["|", name.as_str()]).collect();
        out.push_str(&format!("#T_RL={}{features}|BT_{}\n", relation.0, relation.1));
    }
    for (number, link) in links.iter().enumerate() {
        if let Some(unit) = units.get(link.to).and_then(|units| units.first()) {
            rows.entry(*unit).or_default().links.push(number);
        }
    }
    out.push('\n');
    let names = names(&tokens, rows.keys());
    let place =
        |number: usize| units.get(number).and_then(|units| names.get(units.first()?)).cloned().unwrap_or_default();
    let reference = |number: usize| match ids.get(&number) {
        Some(id) => format!("{}[{id}]", place(number)),
        None => place(number),
    };
    let mut sentence = None;
    for ((token, part), row) in &rows {
        let Some(own) = tokens.get(*token) else { continue };
        if sentence != Some(own.sentence) {
            sentence = Some(own.sentence);
            let next = tokens.get(*token..).unwrap_or_default().iter().find(|other| other.sentence != own.sentence);
            let end = next.map_or(text.end(), |next| next.span.start);
            out.push('\n');
            for line in text.slice(Span::new(own.span.start, end)).split('\n') {
                out.push_str(&format!("#Text={}\n", escape::text(line)));
            }
        }
        let span = part.map_or(own.span, |(start, Reverse(end))| Span::new(start, end));
        let (begin, end) = (text.utf16_of(span.start).0, text.utf16_of(span.end).0);
        let name = names.get(&(*token, *part)).cloned().unwrap_or_default();
        out.push_str(&format!("{name}\t{begin}-{end}\t{}\t", escape::text(text.slice(span))));
        for (layer, columns) in &all_columns {
            let here = row.items.get(layer).map(Vec::as_slice).unwrap_or_default();
            cells(&mut out, columns, here, items, &ids, &reference);
        }
        if !links.is_empty() {
            let here: Vec<&Link> = row.links.iter().filter_map(|number| links.get(*number)).collect();
            for feature in &relation_features {
                cell(
                    &mut out,
                    here.iter().map(|link| link.features.get(*feature).map_or("*".into(), |v| escape::value(v))),
                );
            }
            let id = |number: usize| ids.get(&number).copied().unwrap_or_default();
            cell(
                &mut out,
                here.iter().map(|link| match (id(link.from), id(link.to)) {
                    (0, 0) => place(link.from),
                    (from, to) => format!("{}[{from}_{to}]", place(link.from)),
                }),
            );
        }
        out.push('\n');
    }
    out
}

#[derive(Default)]
struct Row {
    items: BTreeMap<&'static str, Vec<usize>>,
    links: Vec<usize>,
}

/// Numbers for items that the unit and the layer do not tell from others, in the order of the rows.
fn ids(
    items: &[Item],
    units: &[Vec<Unit>],
    rows: &BTreeMap<Unit, Row>,
    columns: &[(&'static str, Columns)],
) -> BTreeMap<usize, usize> {
    let mut needed: BTreeSet<usize> = (0..items.len()).filter(|n| units.get(*n).is_some_and(|u| u.len() > 1)).collect();
    for row in rows.values() {
        needed.extend(row.items.values().filter(|stack| stack.len() > 1).flatten());
    }
    for item in items {
        let Some((_, columns)) = columns.iter().find(|(layer, _)| *layer == item.layer) else { continue };
        for (slot, fillers) in &item.slots {
            if columns.get(*slot).and_then(Option::as_deref) == Some(ANY) {
                needed.extend(fillers.iter().map(|(_, number)| *number));
            }
        }
    }
    let mut ids = BTreeMap::new();
    for row in rows.values() {
        for (layer, _) in columns {
            for number in row.items.get(layer).into_iter().flatten().filter(|number| needed.contains(number)) {
                let next = ids.len() + 1;
                ids.entry(*number).or_insert(next);
            }
        }
    }
    ids
}

/// `1-2` and `1-2.1`, from 1.
fn names<'a>(tokens: &[Token], units: impl Iterator<Item = &'a Unit>) -> BTreeMap<Unit, String> {
    let (mut sentence, mut number, mut part) = (None, 0, 0);
    let mut names = BTreeMap::new();
    for unit in units {
        let own = tokens.get(unit.0).map_or(0, |token| token.sentence);
        if unit.1.is_some() {
            part += 1;
            names.insert(*unit, format!("{}-{number}.{part}", own + 1));
        } else {
            number = if sentence == Some(own) { number + 1 } else { 1 };
            (sentence, part) = (Some(own), 0);
            names.insert(*unit, format!("{}-{number}", own + 1));
        }
    }
    names
}

fn cell(out: &mut String, values: impl Iterator<Item = String>) {
    let values: Vec<String> = values.collect();
    if values.is_empty() {
        out.push('_');
    } else {
        out.push_str(&values.join("|"));
    }
    out.push('\t');
}

fn cells(
    out: &mut String,
    columns: &Columns,
    here: &[usize],
    items: &[Item],
    ids: &BTreeMap<usize, usize>,
    reference: &impl Fn(usize) -> String,
) {
    let id = |number: &usize| ids.get(number).map(|id| format!("[{id}]")).unwrap_or_default();
    if columns.is_empty() {
        cell(out, here.iter().map(|number| format!("*{}", id(number))));
    }
    for (name, target) in columns {
        let own = |number: &usize| items.get(*number);
        if target.is_none() {
            let value =
                |n: &usize| own(n).and_then(|item| item.features.get(name)).map_or("*".into(), |v| escape::value(v));
            cell(out, here.iter().map(|number| format!("{}{}", value(number), id(number))));
            continue;
        }
        let fillers = |n: &usize| own(n).and_then(|item| item.slots.get(name.as_str())).cloned().unwrap_or_default();
        let role = |role: &String| if role.is_empty() { "*".into() } else { escape::value(role) };
        cell(
            out,
            here.iter().map(|number| {
                let roles: Vec<String> = fillers(number).iter().map(|(name, _)| role(name)).collect();
                format!("{}{}", if roles.is_empty() { "_".into() } else { roles.join(";") }, id(number))
            }),
        );
        cell(
            out,
            here.iter().map(|number| {
                let targets: Vec<String> = fillers(number).iter().map(|(_, target)| reference(*target)).collect();
                if targets.is_empty() { "*".into() } else { targets.join(";") }
            }),
        );
    }
}
