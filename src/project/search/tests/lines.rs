use proptest::prelude::*;

use super::super::*;
use crate::model::Status;
use crate::project::default_schema;

fn parsed(line: &str) -> Query {
    parse(line).unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn words(text: &str) -> Words {
    Words { text: text.to_owned(), is_regex: false }
}

fn role(role: &str, filler: &str) -> RoleIs {
    RoleIs { role: role.to_owned(), filler: filler.to_owned() }
}

#[test]
fn a_line_is_understood() {
    let line = "ceasefire \"signed the treaty\" event:Consult Participant:Armenia attr:polarity=negative entity:Armenia \
                status:done annotator:anna /regex/ \"10:30\" \"said \\\"no\\\"\"";
    let query = parsed(line);
    let regex = Words { text: "regex".into(), is_regex: true };
    let all = [words("ceasefire"), words("signed the treaty"), regex, words("10:30"), words("said \"no\"")];
    assert_eq!(query.words, all);
    assert_eq!((query.kind, query.label.as_deref()), (Some(MarkKind::Event), Some("Consult")));
    assert_eq!(query.roles, [role("Participant", "Armenia")]);
    assert_eq!(query.attributes, [AttributeIs { name: "polarity".into(), value: "negative".into() }]);
    assert_eq!(query.entities, ["Armenia"]);
    assert_eq!((query.status, query.annotator.as_deref()), (Some(Status::Done), Some("anna")));
    assert!(query.asks_for_marks());
    let quotes = parsed("label:Person");
    assert_eq!((quotes.kind, quotes.label.as_deref()), (None, Some("Person")));
    let quotes = parsed("SPEAKER:\"Anna Berg\" Addressee:press case:yes whole:yes entity:wikidata:Q42");
    assert_eq!((quotes.speaker.as_deref(), quotes.asked_kind()), (Some("Anna Berg"), Some(MarkKind::Quote)));
    assert_eq!(quotes.roles, [role("Addressee", "press")]);
    assert_eq!(quotes.entities, ["wikidata:Q42"]);
    assert!(quotes.is_case_sensitive && quotes.is_whole_words);
    assert!(parsed("  ").is_empty() && parsed("case:yes").is_empty());
    // Strokes and a role that is called as a key.
    assert_eq!(parsed("/a\\/b \\d/").words, [Words { text: "a/b \\d".into(), is_regex: true }]);
    assert_eq!(parsed("event:* \"label\":x").roles, [role("label", "x")]);
    assert_eq!(parsed("attr:polarity").attributes[0].value, ANY);
}

#[test]
fn errors_say_where_in_the_line() {
    for (line, at, part) in [
        ("ceasefire \"signed", 11, "not closed"),
        ("é /a(b/", 5, "no regular expression"),
        ("x /ab", 3, "does not end"),
        ("Participant:Armenia", 1, "Participant: is none of the words"),
        ("mention:Person Participant:Armenia", 16, "as a role it needs event:"),
        ("status:finished", 8, "new, in_progress, done or flagged"),
        ("label:Person event:Consult", 14, "one label"),
        ("speaker:a speaker:b", 11, "twice"),
        ("speaker:a event:Consult", 1, "only quotes have a speaker"),
        ("label:", 7, "something must stand here"),
        ("\"a\"b", 4, "a blank is missing"),
        ("case:perhaps", 6, "yes or no"),
        ("attr:=x", 6, "the name of an attribute"),
        (":x", 1, "a word must stand before the colon"),
        ("//", 1, "something must stand here"),
    ] {
        let error = parse(line).expect_err(line);
        assert!(error.at == at && error.message.contains(part), "{line}: {error}");
    }
    let long = "x".repeat(5_000);
    assert!(parse(&long).expect_err("long").message.contains("1000 characters"));
}

/// Words with everything in them that means something in a line.
fn value() -> impl Strategy<Value = String> {
    "[a-zé\"\\\\:/= *«,]{1,8}".prop_filter("blank", |value| !value.trim().is_empty())
}

fn query() -> impl Strategy<Value = Query> {
    let regex = "[a-z. ]{1,3}(\\\\d|\\[a/\\]|/)?".prop_filter("blank", |value: &String| !value.trim().is_empty());
    let words = prop_oneof![
        value().prop_map(|text| Words { text, is_regex: false }),
        regex.prop_map(|text| Words { text, is_regex: true }),
    ];
    let kind = proptest::option::of(prop_oneof![
        Just(MarkKind::Mention),
        Just(MarkKind::Event),
        Just(MarkKind::Quote),
        Just(MarkKind::Relation)
    ]);
    let role = (value(), value()).prop_map(|(role, filler)| RoleIs { role, filler });
    let attribute = (value(), value()).prop_map(|(name, value)| AttributeIs { name, value });
    let status = proptest::option::of(prop_oneof![Just(Status::New), Just(Status::InProgress), Just(Status::Flagged)]);
    let list = |of| proptest::collection::vec(of, 0..3);
    (
        (proptest::collection::vec(words, 0..3), any::<bool>(), any::<bool>(), kind, proptest::option::of(value())),
        (proptest::collection::vec(role, 0..3), proptest::option::of(value()), list(value())),
        (proptest::collection::vec(attribute, 0..3), proptest::option::of(value()), status),
    )
        .prop_map(
            |((words, case, whole, kind, label), (roles, speaker, entities), (attributes, annotator, status))| {
                // A kind stands in the line with its label.
                let label = label.or(kind.map(|_| ANY.to_owned()));
                let speaker = speaker.filter(|_| kind.is_none_or(|kind| kind == MarkKind::Quote));
                let asked = kind.or(speaker.is_some().then_some(MarkKind::Quote));
                let has_roles = asked.is_some_and(MarkKind::has_roles) || (kind.is_none() && label.is_some());
                let roles = if has_roles { roles } else { Vec::new() };
                Query {
                    words,
                    is_case_sensitive: case,
                    is_whole_words: whole,
                    kind,
                    label,
                    roles,
                    speaker,
                    entities,
                    attributes,
                    annotator,
                    status,
                }
            },
        )
}

proptest! {
    #[test]
    fn to_text_and_back(query in query()) {
        let line = query.to_string();
        prop_assert_eq!(parse(&line).map_err(|error| format!("{line}: {error}")), Ok(query.clone()));
        let ron = ron::to_string(&query).expect("can be written");
        prop_assert_eq!(ron::from_str::<Query>(&ron).expect("ours"), query);
    }

    #[test]
    fn any_line_is_a_query_or_an_error_within_it(line in "([a-z:\"/\\\\= é*]|label:|event:|attr:){0,12}") {
        match parse(&line) {
            Ok(query) => prop_assert_eq!(parse(&query.to_string()), Ok(query)),
            Err(error) => prop_assert!((1..=line.chars().count() + 1).contains(&error.at), "{}: {}", line, error),
        }
        // Whatever is typed, completing it does no harm.
        for (at, _) in line.char_indices() {
            let known = Known { entities: vec!["Anna Berg".into()], ..Known::default() };
            for offer in complete(&line, at, &default_schema(), &known) {
                prop_assert!(line.get(offer.replaces).is_some());
            }
        }
    }
}

#[test]
fn lines_are_completed_by_what_the_schema_and_the_index_know() {
    let known = Known {
        labels: ["Perso".to_owned()].into(),
        annotators: vec!["anna".into()],
        entities: vec!["Anna Berg".into(), "Annan".into()],
    };
    let offers = |line: &str| -> Vec<String> {
        let offers = complete(line, line.len(), &default_schema(), &known);
        offers.iter().map(|offer| format!("{}{}", &line[..offer.replaces.start], offer.with)).collect()
    };
    assert_eq!(offers("label:per"), ["label:Person", "label:Perso"]);
    assert_eq!(offers("x event:Cons"), ["x event:Consult"]);
    assert_eq!(offers("event:Consult Med"), ["event:Consult Mediator:"]);
    assert_eq!(offers("entity:ann"), ["entity:\"Anna Berg\"", "entity:Annan"]);
    assert_eq!(offers("speaker:\"Anna B"), ["speaker:\"Anna Berg\""]);
    assert_eq!(offers("attr:polarity=neg"), ["attr:polarity=negative"]);
    assert_eq!(offers("status:d"), ["status:done"]);
    assert_eq!(offers("annotator:"), ["annotator:anna"]);
    assert_eq!(offers("stat"), ["status:"]);
    assert_eq!(offers("the ceasefire "), Vec::<String>::new());
}
