//! Reads the corpora into documents with gold quotes. Nothing of them is in the repository.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use manicule::model::{Document, Filler, Header, Id, Mention, Metadata};
use manicule::text::{CodepointPos, Span, Spans, Text};
use serde::Deserialize;

/// Part of a corpus: rules are made on one and measured on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Files whose number is even.
    Development,
    /// Files whose number is odd.
    Report,
}

impl Part {
    fn of(number: u64) -> Self {
        if number.is_multiple_of(2) { Self::Development } else { Self::Report }
    }
}

/// A quote as the corpus has it.
pub struct Gold {
    pub kind: String,
    pub content: Spans,
    pub cue: Spans,
    /// The mentions that would be right as speaker; empty if the corpus names none.
    pub speakers: Vec<Id>,
}

/// An article with its gold quotes.
pub struct Article {
    pub name: String,
    pub part: Part,
    pub document: Document,
    pub gold: Vec<Gold>,
}

fn mention(id: String, spans: Spans) -> Mention {
    Mention {
        id: Id::new(id),
        label: "Person".into(),
        spans,
        entity: None,
        attributes: Default::default(),
        note: Default::default(),
        provenance: Default::default(),
    }
}

fn document(text: Text, language: &str, mentions: Vec<Mention>) -> Document {
    let metadata = Metadata { language: Some(language.to_owned()), ..Default::default() };
    let header = Header { metadata, ..Default::default() };
    Document::with_annotations(text, header, [], mentions, [], [], [])
}

/// The sample articles that ship, with their own mentions.
pub fn seeds() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let mut out = Vec::new();
    for path in files(&folder, "ron") {
        let Ok(opened) = manicule::store::open_path(&path, &Default::default()) else {
            continue;
        };
        let document = opened.document;
        let gold = document.quotes().values().map(|quote| {
            let named: Vec<&Id> = quote.speaker.iter().filter_map(Filler::target).collect();
            let entities: Vec<&Id> =
                named.iter().filter_map(|id| document.mentions().get(id)?.entity.as_ref()).collect();
            // Another mention of the same entity is the same speaker.
            let same =
                |m: &&Mention| named.contains(&&m.id) || m.entity.as_ref().is_some_and(|e| entities.contains(&e));
            Gold {
                kind: quote.kind.to_string(),
                content: quote.content.clone(),
                cue: quote.cue.clone().unwrap_or_default(),
                speakers: document.mentions().values().filter(same).map(|m| m.id.clone()).collect(),
            }
        });
        let gold = gold.collect();
        out.push(Article { name: name(&path), part: Part::Report, document, gold });
    }
    out
}

fn name(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut out: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == extension)).collect();
    out.sort();
    out
}

fn number(path: &Path) -> u64 {
    let digits: String = name(path).chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GermanFile {
    original_text: String,
    annotations: Vec<GermanQuote>,
}

#[derive(Deserialize)]
struct GermanQuote {
    r#type: String,
    quote: Parts,
    cue: Parts,
    speaker: Parts,
}

/// A list of spans, or an empty list in place of the record.
#[derive(Deserialize)]
#[serde(untagged)]
enum Parts {
    Some { spans: Vec<GermanSpan> },
    None(#[expect(dead_code, reason = "always empty")] Vec<serde_json::Value>),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GermanSpan {
    char_begin: u32,
    char_end: u32,
}

impl Parts {
    fn spans(&self, text: &Text) -> Spans {
        let list = match self {
            Self::Some { spans } => spans.as_slice(),
            Self::None(_) => &[],
        };
        let pos = |at: u32| text.byte_of_codepoint(CodepointPos(at));
        list.iter().filter_map(|span| Some(Span::new(pos(span.char_begin)?, pos(span.char_end)?))).collect()
    }
}

/// German news: `german-news-quotes`. The gold speakers are the only mentions. The conjunction „dass“, which the corpus
/// counts to the content and the schema *news* does not, is left out of the content.
pub fn german(corpora: &Path) -> Option<Vec<Article>> {
    let folder = corpora.join("german-news-quotes/data/dev");
    if !folder.is_dir() {
        return None;
    }
    let mut out = Vec::new();
    for path in files(&folder, "json") {
        let source = fs::read_to_string(&path).expect("readable");
        let file: GermanFile = serde_json::from_str(&source).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let text = Text::new(file.original_text).expect("short");
        let mut mentions: BTreeMap<Spans, String> = BTreeMap::new();
        let mut gold = Vec::new();
        for quote in &file.annotations {
            let speaker = quote.speaker.spans(&text);
            let next = format!("m{}", mentions.len() + 1);
            let speakers = if speaker.is_empty() {
                Vec::new()
            } else {
                vec![Id::new(mentions.entry(speaker).or_insert(next).clone())]
            };
            let mut content = quote.quote.spans(&text);
            if let Some(first) = content.first_mut()
                && text.slice(*first).starts_with("dass ")
            {
                first.start = first.start.plus(5);
            }
            gold.push(Gold { kind: quote.r#type.to_lowercase(), content, cue: quote.cue.spans(&text), speakers });
        }
        let mentions = mentions.into_iter().map(|(spans, id)| mention(id, spans)).collect();
        let part = Part::of(number(&path));
        out.push(Article { name: name(&path), part, document: document(text, "de", mentions), gold });
    }
    Some(out)
}

/// English novels: `litbank`, quotations with speakers, and as mentions the people of its coreference layer. The corpus
/// has no paragraphs; a line that begins with an opening mark where none is open begins one. Blanks that its tokens
/// put before punctuation are left out.
pub fn litbank(corpora: &Path) -> Option<Vec<Article>> {
    let folder = corpora.join("litbank/quotations/tsv");
    folder.is_dir().then(|| files(&folder, "txt").iter().map(|path| book(corpora, path)).collect())
}

/// The text of a book, and where each token of each line begins and ends.
#[derive(Default)]
struct Detokenised {
    text: String,
    /// Byte spans by line and token.
    tokens: Vec<Vec<Span>>,
    /// Byte of the tokenised file, line and token; sorted.
    places: Vec<(usize, usize, usize)>,
}

fn detokenise(source: &str) -> Detokenised {
    let mut out = Detokenised::default();
    let (mut open, mut at) = (false, 0);
    for (line_number, line) in source.split('\n').enumerate() {
        if !out.text.is_empty() {
            let begins = line.starts_with(['"', '“', '‘']) && !open;
            out.text.push_str(if begins { "\n\n" } else { " " });
        }
        let mut glue = true;
        let mut spans = Vec::new();
        let mut in_line = at;
        for (i, token) in line.split(' ').enumerate() {
            let closing = matches!(token, "”" | "’") || token == "\"" && open;
            let opening = matches!(token, "“" | "‘") || token == "\"" && !open;
            let no_blank = closing
                || matches!(token, "," | "." | ";" | ":" | "!" | "?" | "n't" | "n’t")
                || token.starts_with(['\'', '’']) && token.chars().count() > 1;
            if !(glue || no_blank) {
                out.text.push(' ');
            }
            let start = out.text.len() as u32;
            out.text.push_str(token);
            spans.push(Span::of(start, out.text.len() as u32));
            out.places.push((in_line, line_number, i));
            in_line += token.len() + 1;
            glue = opening || token == "(";
            open = (open || opening) && !closing;
        }
        out.tokens.push(spans);
        at += line.len() + 1;
    }
    out
}

fn book(corpora: &Path, path: &Path) -> Article {
    let source = fs::read_to_string(path).expect("readable");
    let words = detokenise(&source);
    let text = Text::new(words.text.as_str()).expect("short");
    let span = |from: (usize, usize), to: (usize, usize)| {
        let start = words.tokens.get(from.0)?.get(from.1)?.start;
        Some(Span::new(start, words.tokens.get(to.0)?.get(to.1)?.end))
    };
    let (mentions, entity_of) = people(corpora, path, &source, &words);
    let table = fs::read_to_string(path.with_extension("ann")).expect("readable");
    let mut quotes: BTreeMap<&str, (Span, Option<&str>)> = BTreeMap::new();
    for line in table.lines() {
        match line.split('\t').collect::<Vec<_>>().as_slice() {
            ["QUOTE", id, a, b, c, d, ..] => {
                let n = |cell: &str| cell.parse::<usize>().unwrap_or(0);
                let place = span((n(a), n(b)), (n(c), n(d))).expect("the token is there");
                quotes.insert(id, (place, None));
            }
            ["ATTRIB", id, speaker, ..] => {
                if let Some(quote) = quotes.get_mut(id) {
                    quote.1 = Some(speaker);
                }
            }
            _ => {}
        }
    }
    let gold = quotes.into_values().map(|(place, speaker)| {
        let right =
            mentions.iter().filter(|m| speaker.is_some() && entity_of.get(&m.id).map(String::as_str) == speaker);
        Gold {
            kind: "direct".to_owned(),
            content: std::iter::once(place).collect(),
            cue: Spans::new(),
            speakers: right.map(|m| m.id.clone()).collect(),
        }
    });
    let gold = gold.collect();
    Article { name: name(path), part: Part::of(number(path)), document: document(text, "en", mentions), gold }
}

/// The mentions of people and the entity of each: `T1<tab>PROP_PER 0 4<tab>Anna` gives the kind of a span,
/// `T2<tab>Anna-3 0 4<tab>Anna` its entity.
fn people(corpora: &Path, path: &Path, source: &str, words: &Detokenised) -> (Vec<Mention>, BTreeMap<Id, String>) {
    let file = corpora.join("litbank/coref/brat").join(path.with_extension("ann").file_name().expect("a file"));
    let table = fs::read_to_string(file).unwrap_or_default();
    let bytes: Vec<usize> = source.char_indices().map(|(at, _)| at).chain([source.len()]).collect();
    let mut spans: BTreeMap<(usize, usize), (bool, Option<String>)> = BTreeMap::new();
    for line in table.lines() {
        let cell = line.split('\t').nth(1).unwrap_or_default();
        let [label, start, end] = cell.split(' ').collect::<Vec<_>>()[..] else {
            continue;
        };
        let (Ok(start), Ok(end)) = (start.parse::<usize>(), end.parse::<usize>()) else {
            continue;
        };
        let entry = spans.entry((start, end)).or_default();
        if label.starts_with("PROP_") || label.starts_with("NOM_") || label.starts_with("PRON_") {
            entry.0 = label.ends_with("_PER");
        } else {
            entry.1 = Some(label.to_owned());
        }
    }
    let place = |codepoint: usize| {
        let byte = *bytes.get(codepoint)?;
        let at = words.places.partition_point(|(start, ..)| *start <= byte).checked_sub(1)?;
        let (_, line, token) = words.places.get(at)?;
        words.tokens.get(*line)?.get(*token).copied()
    };
    let (mut mentions, mut entity_of) = (Vec::new(), BTreeMap::new());
    for ((start, end), (is_person, entity)) in spans {
        let (true, Some(entity), Some(first), Some(last)) = (is_person, entity, place(start), place(end - 1)) else {
            continue;
        };
        let id = format!("m{}", mentions.len() + 1);
        let spans = std::iter::once(Span::new(first.start, last.end)).collect();
        mentions.push(Mention { entity: Some(Id::new(entity.clone())), ..mention(id.clone(), spans) });
        entity_of.insert(Id::new(id), entity);
    }
    (mentions, entity_of)
}
