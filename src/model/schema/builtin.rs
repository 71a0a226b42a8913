//! The schemas that ship with the program. To add one: a file in `assets/schemas/` and a line here.

use std::sync::LazyLock;

use super::Schema;

/// Name and RON text of every schema that ships; the first is the default.
pub const BUILTIN: &[(&str, &str)] = &[
    ("news", include_str!("../../../assets/schemas/news.ron")),
    ("ace2005", include_str!("../../../assets/schemas/ace2005.ron")),
    ("plover", include_str!("../../../assets/schemas/plover.ron")),
    ("conll2003", include_str!("../../../assets/schemas/conll2003.ron")),
    ("ontonotes", include_str!("../../../assets/schemas/ontonotes.ron")),
];

static PARSED: LazyLock<Vec<Schema>> =
    // A schema that ships and does not parse is caught by a test; here it is left out.
    LazyLock::new(|| BUILTIN.iter().filter_map(|(_, ron)| Schema::parse(ron, None).ok()).collect());

/// The schema that ships under this name.
pub fn builtin(name: &str) -> Option<&'static Schema> {
    PARSED.iter().find(|schema| schema.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_that_ships_is_valid_and_found_by_its_name() {
        for (name, ron) in BUILTIN {
            if let Err(problems) = Schema::parse(ron, None) {
                let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
                panic!("{name}:\n{}", lines.join("\n"));
            }
            assert_eq!(builtin(name).map(|s| s.name.as_str()), Some(*name));
        }
    }

    #[test]
    fn every_label_that_ships_has_a_definition_and_two_examples() {
        for (name, _) in BUILTIN {
            let schema = builtin(name).expect("parses");
            let mentions = schema.mentions.iter().map(|m| (&m.label, &m.definition, &m.examples));
            let events = schema.events.iter().map(|e| (&e.r#type, &e.definition, &e.examples));
            let relations = schema.relations.iter().map(|r| (&r.label, &r.definition, &r.examples));
            let kinds = schema.quotes.iter().flat_map(|q| &q.kinds).map(|k| (&k.kind, &k.definition, &k.examples));
            for (label, definition, examples) in mentions.chain(events).chain(relations).chain(kinds) {
                assert!(definition.len() > 10, "{name}: {label} has no definition");
                assert!(examples.len() >= 2, "{name}: {label} has fewer than two examples");
                assert!(examples.iter().all(|e| e.contains('[') && e.contains(']')), "{name}: {label}: no brackets");
            }
        }
    }
}
