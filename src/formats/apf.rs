//! APF, the XML of Automatic Content Extraction (ACE 2005), beside the text in `NAME.sgm`. Read only.
//!
//! Positions count the characters of the `.sgm` file without its tags, line ends included, and the last character is named
//! itself (inclusive). Whether references such as `&amp;` count as one character or as their letters is told by the words
//! that the file repeats.
//!
//! An entity is an entity; its mentions are their heads or, if that is chosen, their extents. Values and times are mentions.
//! An event mention is an event named `Type.Subtype`, as in the schema `ace2005`; which of them are one event is told and left
//! out. The eight roles of time are one role, `Time`.

use std::collections::BTreeMap;

use quick_xml::escape::unescape;

use super::articles::xml::{self, Element};
use super::build::Builder;
use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, OptionInfo, Options, OutputFile, Read, Unit, WriteError,
    decode,
};
use crate::model::schema::builtin;
use crate::model::{AttributeValue, Document, Filler, Id, Problem, Schema};
use crate::text::{Span, Text};

/// See the module.
pub struct Apf;

const INFO: Info = Info {
    id: "apf",
    name: "ACE 2005 (APF XML)",
    extensions: &["xml"],
    reads: true,
    writes: false,
    joins: Joins::Apart,
    holds: Holds {
        mentions: true,
        overlaps: true,
        same_words: true,
        inside_tokens: true,
        entities: true,
        relations: true,
        events: true,
        attributes: true,
        ..Holds::TEXT
    },
    unit: Unit::Codepoints,
    options: &[OptionInfo {
        name: "span",
        help: "what of a mention is marked: its head, as trainers use it, or its whole extent",
        values: &["head", "extent"],
    }],
};

impl Format for Apf {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        match xml::root_name(bytes).as_deref() {
            Some("source_file") => Likeness::Yes,
            _ => Likeness::No,
        }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        self.read_with(input, &Options::default())
    }

    fn read_with(&self, input: &Input<'_>, options: &Options) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let root = xml::parse(&source).map_err(|problem| vec![problem])?;
        let document = root.first("document").ok_or_else(|| {
            let hint = "choose the .apf.xml file of an article";
            vec![Problem::error("no-document", "there is no document in it", hint)]
        })?;
        let text = text_beside(input, document)?;
        let mut reading = Reading {
            builder: Builder::new(INFO.id, text, None),
            by_extent: options.get(&INFO, "span") == "extent",
            ids: BTreeMap::new(),
        };
        if let Some(id) = document.attribute("DOCID") {
            reading.builder.header.metadata.id = id.to_owned();
        }
        reading.all(document);
        let schema = builtin("ace2005").cloned();
        Ok(vec![finish(reading.builder, schema)?])
    }

    fn write(&self, _documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        Err(WriteError::ReadOnly(INFO.name))
    }

    fn losses(&self, _document: &Document, _options: &Options) -> Vec<Loss> {
        Vec::new()
    }
}

/// The document, with the schema that ships if it knows all labels.
fn finish(builder: Builder, schema: Option<Schema>) -> Result<Read, Vec<Problem>> {
    let mut read = builder.finish(None)?;
    if let Some(schema) = schema.filter(|schema| super::derive::knows(schema, &read.document)) {
        read.document.header.schema = crate::model::SchemaRef { name: schema.name.clone(), version: schema.version };
        read.schema = Some(schema);
    }
    Ok(read)
}

/// The text of the `.sgm` file: without tags, with references as they are or unfolded, whichever fits more of the words
/// that the annotations repeat.
fn text_beside(input: &Input<'_>, document: &Element) -> Result<Text, Vec<Problem>> {
    let path = input.path.unwrap_or(std::path::Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let stem = name.strip_suffix(".apf.xml").or(name.strip_suffix(".xml")).unwrap_or(&name);
    let path = path.with_file_name(format!("{stem}.sgm"));
    let problem = |code, message: String, hint: &str| vec![Problem::error(code, message, hint).in_file(&path)];
    let bytes = input.companions.read(&path).map_err(|error| {
        let message = format!("the text that belongs to the annotations cannot be read: {error}");
        problem("no-text", message, "put the .sgm file of the same name beside it")
    })?;
    let decoded = decode::decode_strict(&bytes).map_err(|refused| vec![refused.in_file(&path)])?;
    let raw = without_tags(&decoded);
    let unfolded = unescape(&raw).map_or_else(|_| raw.clone(), std::borrow::Cow::into_owned);
    let chosen = if unfolded != raw && fits(&unfolded, document) > fits(&raw, document) { unfolded } else { raw };
    Text::new(chosen).map_err(|error| problem("text-too-long", error.to_string(), "split it into several articles"))
}

/// Everything that is not between `<` and `>`.
fn without_tags(sgm: &str) -> String {
    let mut out = String::with_capacity(sgm.len());
    let mut rest = sgm;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        match after.split_once('>') {
            Some((_, behind)) => rest = behind,
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// How many of the repeated words stand where the annotations say.
fn fits(text: &str, document: &Element) -> usize {
    let chars: Vec<char> = text.chars().collect();
    let is_there = |element: &&Element| {
        let place = element.attribute("START").zip(element.attribute("END"));
        let Some((Ok(start), Ok(end))) = place.map(|(a, b)| (a.parse::<usize>(), b.parse::<usize>())) else {
            return false;
        };
        let words = end.checked_add(1).and_then(|end| chars.get(start..end));
        words.is_some_and(|words| is_same(&words.iter().collect::<String>(), &element.line()))
    };
    document.all("charseq").iter().filter(|element| is_there(element)).count()
}

/// Whether words of the text, which may have references in them, are those of the annotations.
fn is_same(own: &str, repeated: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let own = unescape(own).unwrap_or(own.into());
    squeezed(&own) == squeezed(repeated)
}

struct Reading {
    builder: Builder,
    by_extent: bool,
    /// Mentions of entities, values and times, by their identifiers.
    ids: BTreeMap<String, Id>,
}

impl Reading {
    /// The span of the first `charseq` in an element, whose words must be those of the text.
    fn span(&mut self, element: &Element) -> Option<Span> {
        let Some(place) = element.first("charseq") else {
            self.builder.refuse("no-place", "an annotation has no charseq", "get the file again", None);
            return None;
        };
        let number = |name: &str| place.attribute(name).and_then(|number| number.trim().parse::<u64>().ok());
        let (Some(start), Some(end)) = (number("START"), number("END")) else {
            self.builder.refuse("bad-offset", "a charseq has no START or END", "get the file again", None);
            return None;
        };
        let span = self.builder.span(Unit::Codepoints, start, end.saturating_add(1), None)?;
        if !is_same(self.builder.text().slice(span), &place.line()) {
            self.builder.expect_words(&[span], &place.line(), None);
        }
        Some(span)
    }

    fn remember(&mut self, element: &Element, id: Id) {
        let Some(name) = element.attribute("ID") else { return };
        if self.ids.insert(name.to_owned(), id).is_some() {
            let message = format!("two mentions are called {name}");
            self.builder.refuse("duplicate-id", message, "get the file again", None);
        }
    }

    fn attribute(&mut self, id: &Id, name: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.builder.attribute(id, name, AttributeValue::Text(value.to_owned()));
        }
    }

    fn all(&mut self, document: &Element) {
        let kinds = ["entity", "value", "timex2", "relation", "event"];
        for element in document.elements().filter(|element| !kinds.contains(&element.name.as_str())) {
            let message = format!("<{}> is left out", element.name);
            self.builder.warn("left-out", message, "entities, values, times, relations and events are read", None);
        }
        let of = |name: &'static str| document.elements().filter(move |element| element.name == name);
        of("entity").for_each(|element| self.entity(element));
        of("value").for_each(|element| self.value(element));
        of("timex2").for_each(|element| self.time(element));
        of("relation").for_each(|element| self.relation(element));
        let mut several = 0;
        for event in of("event") {
            several += usize::from(event.all("event_mention").len() > 1);
            self.event(event);
        }
        if several > 0 {
            let message =
                format!("{several} events are mentioned several times; each mention is read as an event of its own");
            self.builder.warn("event-coreference", message, "events are not joined to one another", None);
        }
    }

    fn entity(&mut self, element: &Element) {
        let label = element.attribute("TYPE").unwrap_or("Entity");
        let names = element.all("name");
        let of_mention = element.first("charseq").map(Element::line);
        let name = names.first().and_then(|name| name.attribute("NAME")).map(str::to_owned).or(of_mention);
        let entity = self.builder.entity(label, &name.unwrap_or_default());
        let mut aliases: Vec<String> =
            names.iter().skip(1).filter_map(|name| name.attribute("NAME")).map(str::to_owned).collect();
        aliases.dedup();
        if let Some(entity) = self.builder.entity_mut(&entity) {
            aliases.retain(|alias| *alias != entity.name);
            entity.aliases = aliases;
        }
        for mention in element.all("entity_mention") {
            let head = mention.child("head").filter(|_| !self.by_extent);
            let Some(span) = head.or(mention.child("extent")).and_then(|part| self.span(part)) else { continue };
            let id = self.builder.mention(label, [span]);
            if let Some(found) = self.builder.mention_mut(&id) {
                found.entity = Some(entity.clone());
            }
            self.attribute(&id, "mention_type", mention.attribute("TYPE"));
            self.attribute(&id, "subtype", element.attribute("SUBTYPE"));
            self.attribute(&id, "class", element.attribute("CLASS"));
            if let (Some(_), Some(extent)) = (head, mention.child("extent"))
                && let Some(whole) = self.span(extent).filter(|whole| *whole != span)
            {
                let words = self.builder.text().slice(whole).to_owned();
                self.builder.note(&id, &format!("extent: {words}"));
            }
            self.remember(mention, id);
        }
    }

    fn value(&mut self, element: &Element) {
        let (kind, subtype) = (element.attribute("TYPE").unwrap_or("Value"), element.attribute("SUBTYPE"));
        let label = match (kind, subtype) {
            ("Numeric", Some(subtype)) => subtype.to_uppercase(),
            ("Job-Title", _) => "JOB".to_owned(),
            _ => kind.to_uppercase(),
        };
        for mention in element.all("value_mention") {
            let Some(span) = mention.child("extent").and_then(|extent| self.span(extent)) else { continue };
            let id = self.builder.mention(&label, [span]);
            if label == "CONTACT-INFO" {
                self.attribute(&id, "subtype", subtype);
            }
            self.remember(mention, id);
        }
    }

    fn time(&mut self, element: &Element) {
        for mention in element.all("timex2_mention") {
            let Some(span) = mention.child("extent").and_then(|extent| self.span(extent)) else { continue };
            let id = self.builder.mention("TIME", [span]);
            if let Some(value) = element.attribute("VAL").filter(|value| !value.is_empty()) {
                self.builder.note(&id, &format!("VAL: {value}"));
            }
            self.remember(mention, id);
        }
    }

    /// Role and mention of each argument; those that lead nowhere refuse the file.
    fn arguments<'e>(&mut self, mention: &'e Element, name: &str) -> Vec<(&'e str, Id)> {
        let mut found = Vec::new();
        for argument in mention.all(name) {
            let (role, target) = (argument.attribute("ROLE").unwrap_or("Argument"), argument.attribute("REFID"));
            match target.and_then(|target| self.ids.get(target)) {
                Some(id) => found.push((role, id.clone())),
                None => {
                    let message = format!("an argument names {}, which is no mention", target.unwrap_or("nothing"));
                    self.builder.refuse("dangling-reference", message, "get the file again", None);
                }
            }
        }
        found
    }

    fn relation(&mut self, element: &Element) {
        for mention in element.all("relation_mention") {
            let arguments = self.arguments(mention, "relation_mention_argument");
            let end = |role: &str| arguments.iter().find(|(known, _)| *known == role).map(|(_, id)| id.clone());
            let (Some(from), Some(to)) = (end("Arg-1"), end("Arg-2")) else {
                self.builder.refuse(
                    "dangling-reference",
                    "a relation has no Arg-1 or Arg-2",
                    "get the file again",
                    None,
                );
                continue;
            };
            let id = self.builder.relation(element.attribute("TYPE").unwrap_or("Relation"), &from, &to);
            self.attribute(&id, "subtype", element.attribute("SUBTYPE"));
            for (role, _) in arguments.iter().filter(|(role, _)| !matches!(*role, "Arg-1" | "Arg-2")) {
                let message = format!("the argument {role} of a relation is left out");
                self.builder.warn("left-out", message, "relations have two ends", None);
            }
        }
    }

    fn event(&mut self, element: &Element) {
        let (kind, subtype) = (element.attribute("TYPE").unwrap_or("Event"), element.attribute("SUBTYPE"));
        let label = subtype.map_or(kind.to_owned(), |subtype| format!("{kind}.{subtype}"));
        for mention in element.all("event_mention") {
            let Some(span) = mention.child("anchor").and_then(|anchor| self.span(anchor)) else { continue };
            let id = self.builder.event(&label, [span]);
            for name in ["MODALITY", "POLARITY", "GENERICITY", "TENSE"] {
                self.attribute(&id, &name.to_lowercase(), element.attribute(name));
            }
            for (role, target) in self.arguments(mention, "event_mention_argument") {
                let role = if role.starts_with("Time-") { "Time" } else { role };
                self.builder.argument(&id, role, Filler::Mention(target));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::formats::{Companions, order};

    const SGM: &str = "<DOC>\n<BODY>\nAnna Berg, of Smith &amp; Co,\nwas fired on Monday.\n</BODY>\n</DOC>\n";

    struct Sgm;

    impl Companions for Sgm {
        fn read(&self, path: &Path) -> std::io::Result<Vec<u8>> {
            if path == Path::new("f/a.sgm") { Ok(SGM.into()) } else { Err(std::io::ErrorKind::NotFound.into()) }
        }
    }

    fn charseq(start: usize, end: usize, words: &str) -> String {
        format!("<charseq START=\"{start}\" END=\"{end}\">{words}</charseq>")
    }

    /// With positions that count `&amp;` as one character or as five.
    fn file(amp: usize) -> String {
        let extent = |start, end, words| format!("<extent>{}</extent>", charseq(start, end, words));
        let head = |start, end, words| format!("<head>{}</head>", charseq(start, end, words));
        let shift = amp - 1;
        format!(
            "<?xml version=\"1.0\"?>\n<!DOCTYPE source_file SYSTEM \"apf.dtd\">\n<source_file><document DOCID=\"d1\">
<entity ID=\"E1\" TYPE=\"PER\" SUBTYPE=\"Individual\" CLASS=\"SPC\"><entity_mention ID=\"E1-1\" TYPE=\"NAM\">{}{}</entity_mention>
<entity_attributes><name NAME=\"Anna Berg\"/></entity_attributes></entity>
<entity ID=\"E2\" TYPE=\"ORG\" SUBTYPE=\"Commercial\" CLASS=\"SPC\"><entity_mention ID=\"E2-1\" TYPE=\"NAM\">{}{}</entity_mention></entity>
<timex2 ID=\"T1\" VAL=\"2024-05-06\"><timex2_mention ID=\"T1-1\">{}</timex2_mention></timex2>
<relation ID=\"R1\" TYPE=\"ORG-AFF\" SUBTYPE=\"Employment\"><relation_mention ID=\"R1-1\"><relation_mention_argument REFID=\"E1-1\" ROLE=\"Arg-1\"/>
<relation_mention_argument REFID=\"E2-1\" ROLE=\"Arg-2\"/></relation_mention></relation>
<event ID=\"V1\" TYPE=\"Personnel\" SUBTYPE=\"End-Position\" MODALITY=\"Asserted\" POLARITY=\"Positive\" GENERICITY=\"Specific\" TENSE=\"Past\">
<event_mention ID=\"V1-1\"><anchor>{}</anchor><event_mention_argument REFID=\"E1-1\" ROLE=\"Person\"/>
<event_mention_argument REFID=\"T1-1\" ROLE=\"Time-Within\"/></event_mention></event></document></source_file>",
            extent(2, 24 + amp, "Anna Berg, of Smith &amp; Co"), head(2, 10, "Anna Berg"),
            extent(16, 24 + amp, "Smith &amp; Co"), head(16, 24 + amp, "Smith &amp; Co"),
            extent(41 + shift, 46 + shift, "Monday"), charseq(32 + shift, 36 + shift, "fired")
        )
    }

    fn read(source: &str, options: &Options) -> Result<Read, Vec<Problem>> {
        let path = Some(Path::new("f/a.apf.xml"));
        let input = Input { path, companions: &Sgm, ..Input::of_bytes(source.as_bytes()) };
        Apf.read_with(&input, options).map(|mut all| all.remove(0))
    }

    #[test]
    fn entities_relations_and_events_are_read_whichever_way_references_count() {
        for amp in [1, 5] {
            let read = read(&file(amp), &Options::default()).expect("reads");
            let d = &read.document;
            assert_eq!(Apf.sniff(file(amp).as_bytes()), Likeness::Yes);
            let words: Vec<String> = order::mentions(d).iter().map(|m| d.excerpt_of(&m.id)).collect();
            let company = if amp == 1 { "Smith & Co" } else { "Smith &amp; Co" };
            assert_eq!(words, ["Anna Berg", company, "Monday"]);
            let event = d.events().values().next().expect("an event");
            assert_eq!((event.r#type.as_str(), d.excerpt_of(&event.id).as_str()), ("Personnel.End-Position", "fired"));
            let roles: Vec<&str> = event.arguments.iter().map(|a| a.role.as_str()).collect();
            assert_eq!(roles, ["Person", "Time"]);
            assert_eq!(d.header().schema.name, "ace2005", "every label, role and attribute is of the schema");
            assert_eq!(d.relations().values().next().expect("a relation").label, "ORG-AFF");
            assert_eq!(d.entities().len(), 2);
            let anna = order::mentions(d)[0];
            assert!(
                anna.note.as_deref().is_some_and(|note| note.starts_with("extent: Anna Berg, of Smith")),
                "{anna:?}"
            );
        }
        let mut options = Options::default();
        options.set(&INFO, "span", "extent").expect("an option");
        let read = read(&file(1), &options).expect("reads");
        assert_eq!(read.document.excerpt_of(&order::mentions(&read.document)[0].id), "Anna Berg, of Smith & Co");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let code = |source: &str| read(source, &Options::default()).expect_err("refused")[0].code;
        assert_eq!(code(&file(1).replace("REFID=\"E2-1\"", "REFID=\"E9-1\"")), "dangling-reference");
        assert_eq!(code(&file(1).replace("END=\"10\"", "END=\"9999\"")), "bad-offset");
        assert_eq!(code(&file(1).replace(">fired<", ">hired<")), "words-differ");
        assert_eq!(code(&file(1).replace("ID=\"T1-1\">", "ID=\"E1-1\">")), "duplicate-id");
        assert_eq!(code("<source_file/>"), "no-document");
        let bomb = "<!DOCTYPE a [<!ENTITY b \"c\">]><source_file><document>&b;</document></source_file>";
        assert_eq!(code(bomb), "xml-syntax");
        let source = file(5);
        for at in (0..source.len()).filter(|at| source.is_char_boundary(*at)).step_by(7) {
            let _ = read(&source[..at], &Options::default());
        }
    }
}
