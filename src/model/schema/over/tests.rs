use proptest::prelude::*;

use super::super::{BUILTIN, MentionType, RelationType, builtin};
use super::*;

/// The same file with the change; everything is read back.
fn changed(source: &str, change: impl FnOnce(&mut Schema)) -> String {
    let mut schema = Schema::parse(source, None).expect("consistent");
    change(&mut schema);
    let written = ron(&schema, source).expect("understood");
    assert_eq!(Schema::parse(&written, None).as_ref(), Ok(&schema));
    assert_eq!(schema.to_ron_over(source), written);
    written
}

const SMALL: &str = r##"// Ours.
#![enable(implicit_some)]
/* At the top. */
( // the format
    format: "manicule-schema/1", name: "small", version: 1,
    title: r#"Small"#, // in the title bar
    groups: {
        // Who acts.
        "Who": ["Person"], // may grow
        "All": ["Person", "Place"],
    },
    // What is marked.
    mentions: [
        // People.
        (
            label: "Person", key: 'p', color: None,
            // Short.
            definition: "Somebody", examples: [], // none yet
        ),
        // Places.
        (label: "Place", definition: "Somewhere", examples: []), // no key
        // The last one.
        (label: "Date", definition: "Some day", examples: []) // no comma
        // Nothing follows.
    ],
)
// The end.
"##;

#[test]
fn only_what_changed_is_another() {
    for (name, text) in BUILTIN {
        assert_eq!(changed(text, |_| ()), *text, "{name}");
    }
    assert_eq!(changed(SMALL, |_| ()), SMALL);
    let with = |from: &str, to: &str| {
        assert_eq!(SMALL.matches(from).count(), 1, "{from}");
        SMALL.replace(from, to)
    };
    assert_eq!(changed(SMALL, |s| s.version = 2), with("version: 1", "version: 2"));
    assert_eq!(changed(SMALL, |s| s.title = "Less".into()), with("r#\"Small\"#", "\"Less\""));
    assert_eq!(changed(SMALL, |s| s.mentions[0].color = Some("#336699".into())), with("None", "\"#336699\""));
    assert_eq!(changed(SMALL, |s| s.mentions[0].key = None), with(" key: 'p',", ""));
    // A name changes where it stands; so does a line.
    let written = changed(SMALL, |s| {
        s.mentions[1].label = "Location".into();
        s.groups.insert("All".into(), vec!["Person".into(), "Location".into()]);
    });
    let expected = with("(label: \"Place\"", "(label: \"Location\"")
        .replace("\"Person\", \"Place\"]", "\"Person\", \"Location\"]");
    assert_eq!(written, expected);
}

#[test]
fn a_list_with_a_word_on_each_line_keeps_its_lines() {
    let broken = |names: &[&str]| {
        let lines: Vec<String> = names.iter().map(|name| format!("            \"{name}\",\n")).collect();
        SMALL.replace("[\"Person\", \"Place\"]", &format!("[\n{}        ]", lines.concat()))
    };
    let written = changed(&broken(&["Person", "Place"]), |schema| {
        schema.groups.insert("All".into(), vec!["Date".into(), "Place".into(), "Person".into()]);
    });
    assert_eq!(written, broken(&["Date", "Place", "Person"]));
}

#[test]
fn what_is_new_and_what_goes_takes_its_comments_along() {
    let written = changed(SMALL, |schema| {
        schema.groups.remove("All");
        schema.mentions.remove(1);
        let new = MentionType {
            label: "Animal".into(),
            color: None,
            key: None,
            definition: "Not a person".into(),
            examples: Vec::new(),
            attributes: Vec::new(),
            needs_entity: true,
        };
        schema.mentions.insert(1, new);
        schema.mentions[0].needs_entity = true;
    });
    for stays in
        ["// Ours.", "/* At the top. */", "// the format", "// in the title bar", "// Who acts.", "// may grow"]
    {
        assert!(written.contains(stays), "{stays}: {written}");
    }
    for stays in
        ["// What is", "// People.", "// Short.", "// none yet", "// The last one.", "// Nothing", "// The end."]
    {
        assert!(written.contains(stays), "{stays}: {written}");
    }
    assert!(!written.contains("// Places.") && !written.contains("// no key"), "{written}");
    let lines: Vec<&str> = written.lines().map(str::trim).collect();
    let animal = "(label: \"Animal\", needs_entity: true, definition: \"Not a person\", examples: []),";
    let at = lines.iter().position(|line| *line == animal).unwrap_or_else(|| panic!("{written}"));
    assert_eq!(lines[at - 1], "),");
    assert_eq!(lines[at + 1], "// The last one.");
    // An entry that moves has them with it.
    let written = changed(SMALL, |schema| schema.mentions.rotate_right(1));
    let at = |text: &str| written.find(text).unwrap_or_else(|| panic!("{text}: {written}"));
    assert!(at("// The last one.") < at("\"Date\"") && at("\"Date\"") < at("// People."), "{written}");
    assert!(at("no comma") < at("// People."), "{written}");
}

#[test]
fn a_file_that_is_not_understood_keeps_what_stands_at_its_top() {
    let schema = builtin("news").expect("ships");
    assert_eq!(schema.to_ron_over("// Broken.\n(a: )"), schema.to_ron());
    assert_eq!(schema.to_ron_over(""), schema.to_ron());
    // It is no schema, but one can see where its comments end.
    assert_eq!(schema.to_ron_over("// Another.\n(a: 1)"), format!("// Another.\n{}", schema.to_ron()));
}

/// An edit that leaves the schema consistent.
fn edit(schema: &mut Schema, kind: u8, at: usize, words: &str) {
    let nth = |length: usize| at % length.max(1);
    let (mentions, events) = (schema.mentions.len(), schema.events.len());
    match kind {
        0 => schema.version += 1,
        1 => words.clone_into(&mut schema.description),
        2 => words.clone_into(&mut schema.mentions[nth(mentions)].definition),
        3 => schema.events[nth(events)].examples.push(words.to_owned()),
        4 => schema.mentions.swap(nth(mentions), 0),
        5 => schema.events.rotate_left(nth(events)),
        6 => {
            let role = &mut schema.events[nth(events)].roles;
            if role.len() > 1 {
                role.remove(nth(role.len()));
            }
        }
        7 => drop(schema.relations.pop()),
        8 => {
            let relation = RelationType {
                label: format!("New{at}"),
                from: Vec::new(),
                to: vec!["*mention".into()],
                symmetric: at.is_multiple_of(2),
                definition: words.to_owned(),
                examples: vec![words.to_owned(), words.to_owned()],
                attributes: Vec::new(),
            };
            if schema.relation(&relation.label).is_none() {
                schema.relations.insert(nth(schema.relations.len()), relation);
            }
        }
        9 => schema.mentions[nth(mentions)].needs_entity ^= true,
        10 => schema.one_label_per_span ^= true,
        11 => drop(schema.groups.insert(format!("G{at}"), vec![schema.mentions[0].label.clone()])),
        12 => {
            for attribute in schema.attributes.iter_mut().skip(nth(6)).take(1) {
                attribute.definition = words.to_owned();
                attribute.value_definitions.clear();
            }
        }
        13 => {
            let label = &mut schema.mentions[nth(mentions)];
            label.color = if at.is_multiple_of(2) { None } else { Some("#336699".into()) };
        }
        _ => schema.quotes.iter_mut().for_each(|quotes| quotes.roles[0].definition = words.to_owned()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_edited_the_file_says_it_and_comments_of_what_is_left_stay(
        edits in prop::collection::vec((0_u8..15, 0_usize..40, "\\PC{0,12}|[\n\"\\\\/*]{0,4}"), 0..8),
        comments in prop::collection::vec(any::<bool>(), 60),
        is_hand_made in any::<bool>(),
    ) {
        let news = builtin("news").expect("ships");
        let text = BUILTIN.iter().find(|(name, _)| *name == "news").map(|(_, text)| *text).unwrap_or_default();
        let mut source = if is_hand_made { text.to_owned() } else { news.to_ron() };
        // A comment before each label that comes up heads.
        let labels = news.mentions.iter().map(|m| format!("label: \"{}\"", m.label));
        let labels = labels.chain(news.events.iter().map(|e| format!("type: \"{}\"", e.r#type)));
        let mut noted = Vec::new();
        for (label, _) in labels.zip(comments).filter(|(_, is_noted)| *is_noted) {
            let found = source.find(&label).unwrap_or_default();
            let Some(open) = source[..found].rfind('(') else { continue };
            let comment = format!("/* of {label} */ // and more\n");
            source.insert_str(open, &comment);
            noted.push((label, comment));
        }
        let mut schema = news.clone();
        for (kind, at, words) in &edits {
            edit(&mut schema, *kind, *at, words);
        }
        let written = ron(&schema, &source);
        prop_assert!(written.is_some(), "not understood");
        let written = written.unwrap_or_default();
        let read = Schema::parse(&written, None);
        prop_assert_eq!(read.as_ref(), Ok(&schema));
        // None of these edits takes a label away or gives it another name.
        for (label, comment) in noted {
            let at = written.find(comment.trim_end());
            let after = at.map(|at| written[at + comment.len()..].trim_start()).unwrap_or_default();
            prop_assert!(after.starts_with('(') && after[1..].trim_start().starts_with(&label), "{}: {}", label, written);
        }
        prop_assert!(written.starts_with(head(&source)));
    }

    #[test]
    fn no_file_makes_it_panic(text in r#"[\[\](){}:,"'\\#a-zr1/* \n.é-]{0,60}"#) {
        let _ = builtin("news").expect("ships").to_ron_over(&text);
        let _ = scan(&text);
    }
}
