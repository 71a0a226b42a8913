//! Records of political events in the form of PLOVER (manual of 2024): JSON Lines, one record for each event whose type is one of
//! its sixteen categories, in small or capital letters.
//!
//! Actors and recipients are words with what is known of them: entity, identifier in Wikidata, country, sector. The date is that
//! of the event if its words are a date (`2024-05-01`), else that of the article. Quad and scale follow from the category.

use serde_json::{Map, Value, json};

use super::{
    Format, Holds, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Treatment, Unit, WriteError,
    losses, order,
};
use crate::edit::arguments_of;
use crate::model::{AttributeValue, Attributes, Document, Event, Filler, Id, Problem};
use crate::text::Span;

/// See the module.
pub struct Plover;

const HOLDS: Holds = Holds { text: false, events: true, other_fillers: true, notes: true, ..Holds::TEXT };

const INFO: Info = Info {
    id: "plover",
    name: "PLOVER event records (JSON Lines)",
    extensions: &["jsonl"],
    reads: false,
    writes: true,
    joins: Joins::Appended,
    holds: HOLDS,
    unit: Unit::None,
    options: &[],
};

/// Categories with quad (1 and 2: verbal and material cooperation, 3 and 4: verbal and material conflict) and base score.
/// The manual prints the score of ACCUSE without a sign; its modes have -2 to -3.5.
const CATEGORIES: [(&str, u8, f64); 16] = [
    ("AGREE", 1, 2.5),
    ("CONSULT", 1, 2.5),
    ("SUPPORT", 1, 5.0),
    ("CONCEDE", 1, 4.5),
    ("COOPERATE", 2, 9.5),
    ("AID", 2, 10.0),
    ("RETREAT", 2, 6.5),
    ("REQUEST", 3, 0.0),
    ("ACCUSE", 3, -3.0),
    ("REJECT", 3, -2.0),
    ("THREATEN", 3, -3.5),
    ("PROTEST", 4, -5.0),
    ("SANCTION", 4, -6.0),
    ("MOBILIZE", 4, -5.5),
    ("COERCE", 4, -7.0),
    ("ASSAULT", 4, -9.0),
];

/// Attributes of events that have a place; the last four are magnitudes.
const OF_EVENTS: [&str; 7] = ["mode", "context", "auxiliary", "dead", "injured", "arrested", "size"];

/// Attributes of actors that have a place.
const OF_ACTORS: [&str; 3] = ["sector", "nonstate", "country"];

impl Format for Plover {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, _bytes: &[u8]) -> Likeness {
        Likeness::No
    }

    fn read(&self, _input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        Err(vec![Problem::error("unknown-format", "records of PLOVER are only written", "choose another format")])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut out = String::new();
        for named in documents {
            for event in order::events(named.document) {
                if let Some(category) = category(&event.r#type) {
                    out.push_str(&record(named.document, event, category).to_string());
                    out.push('\n');
                }
            }
        }
        let name = match documents {
            [only] => only.name,
            _ => "documents",
        };
        Ok(vec![OutputFile { name: format!("{name}.jsonl").into(), bytes: out.into_bytes() }])
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        // Mentions that fill a role are held as words; of the others each is told below, as are attributes.
        let holds = Holds { mentions: true, attributes: true, entities: true, entity_fields: true, ..HOLDS };
        let mut found = losses::that_follow(document, &holds);
        for event in order::events(document) {
            if category(&event.r#type).is_none() {
                let what = "is lost, its type is no category of PLOVER";
                found.push(Loss::of(document, &event.id, Treatment::Dropped, what));
            } else {
                of_event(document, event, &mut found);
            }
        }
        let actors = actors(document);
        for mention in order::mentions(document) {
            if !actors.contains(&&mention.id) {
                let what = "is lost, it is no actor, recipient, place or date of a record";
                found.push(Loss::of(document, &mention.id, Treatment::Dropped, what));
            } else if mention.attributes.keys().any(|name| !OF_ACTORS.contains(&name.as_str()))
                || mention.note.is_some()
            {
                let what = "loses what PLOVER does not say of actors";
                found.push(Loss::of(document, &mention.id, Treatment::Cut, what));
            }
        }
        found
    }
}

type Category = (&'static str, u8, f64);

fn category(r#type: &str) -> Option<Category> {
    CATEGORIES.into_iter().find(|(name, _, _)| name.eq_ignore_ascii_case(r#type))
}

/// What a role is in a record.
fn is_role(role: &str, names: &[&str]) -> bool {
    names.iter().any(|name| role.eq_ignore_ascii_case(name))
}

const ACTOR: &[&str] = &["Actor"];
const RECIPIENT: &[&str] = &["Recipient"];
const PLACE: &[&str] = &["Place", "Location"];
const DATE: &[&str] = &["Date", "Time"];

/// The mentions that stand in a record.
fn actors(document: &Document) -> Vec<&Id> {
    let events = document.events().values().filter(|event| category(&event.r#type).is_some());
    let fillers = events
        .flat_map(|event| &event.arguments)
        .filter(|a| [ACTOR, RECIPIENT, PLACE, DATE].iter().any(|names| is_role(&a.role, names)));
    fillers.filter_map(|a| a.filler.target()).collect()
}

fn of_event(document: &Document, event: &Event, found: &mut Vec<Loss>) {
    let mut cut = |what: String| found.push(Loss::of(document, &event.id, Treatment::Cut, &what));
    let arguments = arguments_of(document, &event.id);
    let places = arguments.iter().filter(|a| is_role(&a.role, PLACE)).count();
    if places > 1 {
        cut(format!("loses {} of its places, a record has one", places - 1));
    }
    let known = [ACTOR, RECIPIENT, PLACE, DATE];
    for argument in arguments.iter().filter(|a| !known.iter().any(|names| is_role(&a.role, names))) {
        cut(format!("loses a filler of its role {}, which PLOVER does not have", argument.role));
    }
    for name in event.attributes.keys().filter(|name| !OF_EVENTS.contains(&name.as_str())) {
        cut(format!("loses its attribute {name}"));
    }
    if !arguments.iter().any(|a| is_role(&a.role, ACTOR)) {
        found.push(Loss::of(document, &event.id, Treatment::Altered, "has no actor, which a record must have"));
    }
    match date(document, event) {
        (Some(_), true) => {}
        (Some(_), false) => {
            let what = "gets the date of the article";
            found.push(Loss::of(document, &event.id, Treatment::Altered, what));
        }
        (None, _) => {
            let what = "has no date, which a record must have (say when the article was published)";
            found.push(Loss::of(document, &event.id, Treatment::Altered, what));
        }
    }
}

fn words(document: &Document, filler: &Filler) -> String {
    let at = |spans: &[Span]| spans.iter().map(|span| document.text().slice(*span)).collect::<Vec<_>>().join(" ");
    match filler {
        Filler::Mention(id) | Filler::Event(id) => at(&document.spans_of(id)),
        Filler::Span(spans) => at(spans),
        Filler::Implicit(words) => words.clone(),
    }
}

/// The date of a record, and whether it is the event's own.
fn date(document: &Document, event: &Event) -> (Option<String>, bool) {
    let is_date = |text: &str| {
        let parts: Vec<&str> = text.split('-').collect();
        parts.len() == 3
            && parts.iter().zip([4, 2, 2]).all(|(part, n)| part.len() == n && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let own = event.arguments.iter().filter(|a| is_role(&a.role, DATE)).map(|a| words(document, &a.filler));
    if let Some(own) = own.into_iter().find(|words| is_date(words.trim())) {
        return (Some(own.trim().to_owned()), true);
    }
    let published = document.header().metadata.published.as_deref();
    (published.and_then(|date| date.get(..10)).filter(|date| is_date(date)).map(str::to_owned), false)
}

fn texts(attributes: &Attributes, name: &str) -> Vec<String> {
    attributes.get(name).map(AttributeValue::texts).unwrap_or_default().into_iter().map(str::to_owned).collect()
}

/// An actor or recipient.
fn actor(document: &Document, filler: &Filler) -> Value {
    let mut fields = Map::new();
    let words = words(document, filler);
    if let Filler::Implicit(_) = filler {
        fields.insert("raw_text".to_owned(), Value::Null);
        fields.insert("entity_name".to_owned(), json!(words));
        return Value::Object(fields);
    }
    fields.insert("raw_text".to_owned(), json!(words));
    let mention = filler.target().and_then(|id| document.mentions().get(id));
    let entity = mention.and_then(|m| m.entity.as_ref()).and_then(|id| document.entities().get(id));
    if let Some(entity) = entity {
        fields.insert("entity_name".to_owned(), json!(entity.name));
        let wikidata = entity.link.as_deref().and_then(|link| link.strip_prefix("wikidata:"));
        if let Some(id) = wikidata {
            fields.insert("wikidata_id".to_owned(), json!(id));
        }
    }
    if let Some(mention) = mention {
        let countries = texts(&mention.attributes, "country");
        if !countries.is_empty() {
            fields.insert("country_name".to_owned(), json!(countries.join("; ")));
        }
        let mut sectors = texts(&mention.attributes, "sector");
        sectors.extend(texts(&mention.attributes, "nonstate"));
        if let Some((first, others)) = sectors.split_first() {
            fields.insert("sector_code".to_owned(), json!(first));
            fields.insert("other_sector_codes".to_owned(), json!(others));
        }
    }
    Value::Object(fields)
}

fn record(document: &Document, event: &Event, (category, quad, scale): Category) -> Value {
    let header = document.header();
    let arguments = arguments_of(document, &event.id);
    let of = |names: &[&str]| arguments.iter().filter(|a| is_role(&a.role, names)).collect::<Vec<_>>();
    let actors = |names: &[&str]| of(names).into_iter().map(|a| actor(document, &a.filler)).collect::<Vec<_>>();
    let mut modes = texts(&event.attributes, "mode");
    modes.extend(texts(&event.attributes, "auxiliary"));
    let mut fields = Map::new();
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    put("id", json!(format!("{}-{}", header.metadata.id, event.id)));
    put("date", json!(date(document, event).0));
    put("actor", json!(actors(ACTOR)));
    put("recipient", json!(actors(RECIPIENT)));
    put("event", json!([category]));
    put("mode", json!(modes));
    put("context", json!(texts(&event.attributes, "context")));
    if let Some(place) = of(PLACE).first() {
        put("event_loc", json!({"extracted_place": words(document, &place.filler)}));
    }
    put("event_text", json!(event.trigger.iter().map(|span| document.text().slice(*span)).collect::<Vec<_>>()));
    for name in OF_EVENTS.into_iter().skip(3) {
        let values = texts(&event.attributes, name);
        if !values.is_empty() {
            put(name, json!(values.join("; ")));
        }
    }
    put("quad_code", json!(quad));
    put("event_scale", json!(scale));
    put("text", json!(sentences(document, event)));
    put(
        "text_info",
        json!({"document": header.metadata.id, "title": header.metadata.title, "source": header.metadata.source,
               "published": header.metadata.published}),
    );
    put("coder", json!(header.annotator));
    if let Some(note) = event.note.as_ref() {
        put("comment", json!(note));
    }
    Value::Object(fields)
}

/// The sentences that the trigger touches.
fn sentences(document: &Document, event: &Event) -> String {
    let text = document.text();
    let touched = text.sentences().iter().filter(|s| event.trigger.iter().any(|t| t.overlaps(**s)));
    touched.map(|s| text.slice(*s).trim()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::test_support::{document, native};

    fn written(document: &Document) -> Vec<Value> {
        let files = Plover.write(&[Named { name: "a", document, schema: None }], &Options::default()).expect("written");
        let lines = String::from_utf8(files[0].bytes.clone()).expect("UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    }

    #[test]
    fn records_say_who_did_what_to_whom() {
        let document = native(
            "Kenya met Chad on 2024-05-01 in Bonn. It rained.",
            "entities: [(id: \"n1\", type: \"Country\", name: \"Republic of Kenya\", link: Some(\"wikidata:Q114\"))],
             mentions: [(id: \"m1\", label: \"Country\", spans: [(start: 0, end: 5)], entity: Some(\"n1\"),
                         attributes: {\"sector\": [\"GOV\", \"MIL\"]}),
                        (id: \"m2\", label: \"Country\", spans: [(start: 10, end: 14)]),
                        (id: \"m3\", label: \"Weather\", spans: [(start: 41, end: 47)])],
             events: [(id: \"e1\", type: \"Consult\", trigger: [(start: 6, end: 9)],
                       arguments: [(role: \"Actor\", filler: Mention(\"m1\")), (role: \"Actor\", filler: Mention(\"m2\")),
                                   (role: \"Date\", filler: Span([(start: 18, end: 28)])),
                                   (role: \"Place\", filler: Span([(start: 32, end: 36)])),
                                   (role: \"Topic\", filler: Implicit(\"dam\"))],
                       attributes: {\"mode\": [\"visit\"], \"tense\": \"past\"}),
                      (id: \"e2\", type: \"Rain\", trigger: [(start: 41, end: 47)])]",
        );
        let records = written(&document);
        assert_eq!(records.len(), 1);
        let record = &records[0];
        assert_eq!(
            record["actor"],
            json!([{"raw_text": "Kenya", "entity_name": "Republic of Kenya", "wikidata_id": "Q114",
                    "sector_code": "GOV", "other_sector_codes": ["MIL"]}, {"raw_text": "Chad"}])
        );
        assert_eq!((&record["date"], &record["event"]), (&json!("2024-05-01"), &json!(["CONSULT"])));
        assert_eq!((&record["quad_code"], &record["event_scale"]), (&json!(1), &json!(2.5)));
        assert_eq!((&record["mode"], &record["event_loc"]["extracted_place"]), (&json!(["visit"]), &json!("Bonn")));
        assert_eq!(record["text"], json!("Kenya met Chad on 2024-05-01 in Bonn."));
        let told: Vec<_> =
            Plover.losses(&document, &Options::default()).into_iter().filter(|l| l.id.is_some()).collect();
        let told: Vec<_> = told.iter().map(|l| (l.id.as_ref().map_or("", |id| id.as_str()), l.treatment)).collect();
        assert_eq!(
            told,
            [("e1", Treatment::Cut), ("e1", Treatment::Cut), ("e2", Treatment::Dropped), ("m3", Treatment::Dropped)]
        );
    }

    proptest! {
        #[test]
        fn any_document_is_written_and_its_losses_told(document in document()) {
            let known = document.events().values().filter(|event| category(&event.r#type).is_some()).count();
            prop_assert_eq!(written(&document).len(), known);
            let _ = Plover.losses(&document, &Options::default());
        }
    }
}
