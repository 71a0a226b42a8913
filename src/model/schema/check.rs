//! Reading a schema file and checking that it is consistent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{AttributeKind, RESERVED_LETTERS, RoleType, SCHEMA_FORMAT, Schema};
use crate::model::{Problem, Severity};

/// Reads and checks; see [`Schema::parse`].
pub fn parse(ron: &str, file: Option<&Path>) -> Result<Schema, Vec<Problem>> {
    let in_file = |problem: Problem| match file {
        Some(file) => problem.in_file(file),
        None => problem,
    };
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let schema: Schema = options.from_str(ron).map_err(|error| {
        // A newer one has what this program does not know; that is no mistake of whoever wrote it.
        if let Some(format) = options.from_str::<Mark>(ron).ok().map(|mark| mark.format).filter(|f| is_newer(f)) {
            return vec![in_file(newer(&format))];
        }
        let at = error.span.start;
        let hint = "correct the file; the schemas that ship with the program show the form (manicule schema show news)";
        vec![in_file(Problem::error("schema-syntax", error.code.to_string(), hint).at_line(at.line, at.col))]
    })?;
    // What is only worth a look, a key that is taken, is told where keys are allotted.
    let errors = check(&schema).into_iter().filter(|(problem, _)| problem.severity == Severity::Error);
    let problems: Vec<Problem> = errors.map(|p| in_file(locate(p, ron))).collect();
    if problems.is_empty() { Ok(schema) } else { Err(problems) }
}

/// What every version of a schema file says of itself.
#[derive(serde::Deserialize)]
struct Mark {
    format: String,
}

fn is_newer(format: &str) -> bool {
    let number = |format: &str| format.strip_prefix("manicule-schema/").and_then(|number| number.parse::<u64>().ok());
    number(format) > number(SCHEMA_FORMAT)
}

fn newer(format: &str) -> Problem {
    let message = format!("the format is {format:?}, this program reads {SCHEMA_FORMAT:?}");
    Problem::error("newer-schema", message, "it was written for a newer version of the program: update the program")
}

/// A problem about a name points at the first line that has this name in quotes.
fn locate((problem, name): (Problem, String), ron: &str) -> Problem {
    let quoted = format!("\"{name}\"");
    let found = ron.lines().enumerate().find_map(|(line, text)| Some((line, text.find(&quoted)?, text)));
    match found {
        Some((line, byte, text)) => problem.at_line(line + 1, text[..byte].chars().count() + 1),
        None => problem,
    }
}

/// Every inconsistency, with the name it is about; see [`Schema::check_by_name`].
pub fn check(schema: &Schema) -> Vec<(Problem, String)> {
    let mut found = Vec::new();
    let mut error = |name: &str, message: String, hint: &str| {
        found.push((Problem::error("schema", message, hint), name.to_owned()));
    };
    if is_newer(&schema.format) {
        return vec![(newer(&schema.format), schema.format.clone())];
    }
    if schema.format != SCHEMA_FORMAT {
        error(
            &schema.format,
            format!("the format is {:?}, this program reads {SCHEMA_FORMAT:?}", schema.format),
            "write format: \"manicule-schema/1\"",
        );
    }
    if schema.name.trim().is_empty() {
        error("", "the schema has no name".into(), "give it a short name");
    }

    let labels: Vec<&str> = schema.mentions.iter().map(|m| m.label.as_str()).collect();
    let types: Vec<&str> = schema.events.iter().map(|e| e.r#type.as_str()).collect();
    let relations: Vec<&str> = schema.relations.iter().map(|r| r.label.as_str()).collect();
    let attribute_ids: Vec<&str> = schema.attributes.iter().map(|a| a.id.as_str()).collect();
    for (what, names) in
        [("mention", labels.clone()), ("event", types.clone()), ("relation", relations), ("attribute", attribute_ids)]
    {
        let mut seen = BTreeSet::new();
        for name in names {
            if name.trim().is_empty() {
                error(name, format!("the name of a {what} is empty"), "give it a name");
            } else if !seen.insert(name) {
                error(name, format!("the {what} {name:?} is defined twice"), "rename or remove one of them");
            }
        }
    }

    let is_known = |filler: &str| match filler {
        "*mention" | "*event" | "*span" => true,
        _ => match filler.strip_prefix('@') {
            Some(group) => schema.groups.contains_key(group),
            None => labels.contains(&filler) || types.contains(&filler),
        },
    };
    for (group, members) in &schema.groups {
        for member in members.iter().filter(|m| m.starts_with('@') || !is_known(m)) {
            error(
                member,
                format!("the group {group:?} names {member:?}, which is not defined"),
                "define it or remove it",
            );
        }
    }
    // Other programs' files have mentions and events of one name. That is as well, as long as nothing has to be meant by it.
    let fillers = (schema.events.iter().flat_map(|event| &event.roles))
        .chain(schema.quotes.iter().flat_map(|quotes| &quotes.roles))
        .flat_map(|role| &role.fillers);
    let ends = schema.relations.iter().flat_map(|relation| relation.from.iter().chain(&relation.to));
    let named: BTreeSet<&str> =
        schema.groups.values().flatten().chain(fillers).chain(ends).map(String::as_str).collect();
    for name in labels.iter().filter(|label| types.contains(label) && named.contains(*label)) {
        error(
            name,
            format!("{name:?} is a mention and an event, and where fillers name it nobody knows which is meant"),
            "rename one of them, or write *mention or *event",
        );
    }
    let mut check_roles = |owner: &str, roles: &[RoleType]| {
        let mut seen = BTreeSet::new();
        for role in roles {
            if !seen.insert(role.role.as_str()) {
                error(&role.role, format!("{owner} has the role {:?} twice", role.role), "keep one and raise its max");
            }
            if role.max.is_some_and(|max| max < role.min.max(1)) {
                error(
                    &role.role,
                    format!("the role {:?} of {owner} has a max below its min or 1", role.role),
                    "correct min or max",
                );
            }
            for filler in role.fillers.iter().filter(|f| !is_known(f)) {
                error(
                    filler,
                    format!("the role {:?} of {owner} names {filler:?}, which is not defined", role.role),
                    "define it, or use @Group, *mention, *event or *span",
                );
            }
        }
    };
    for event in &schema.events {
        check_roles(&event.r#type, &event.roles);
    }
    if let Some(quotes) = &schema.quotes {
        check_roles("quotes", &quotes.roles);
        if quotes.kinds.is_empty() {
            error("quotes", "quotes have no kinds".into(), "list at least one kind, such as \"direct\"");
        }
    }
    for relation in &schema.relations {
        for end in relation.from.iter().chain(&relation.to).filter(|f| !is_known(f)) {
            error(
                end,
                format!("the relation {:?} names {end:?}, which is not defined", relation.label),
                "define it or remove it",
            );
        }
    }

    let uses = (schema.mentions.iter().map(|m| (&m.label, &m.attributes)))
        .chain(schema.events.iter().map(|e| (&e.r#type, &e.attributes)))
        .chain(schema.relations.iter().map(|r| (&r.label, &r.attributes)));
    let quotes = "quotes".to_owned();
    let uses = uses.chain(schema.quotes.iter().map(|q| (&quotes, &q.attributes)));
    for (owner, ids) in uses {
        for id in ids.iter().filter(|id| schema.attribute(id).is_none()) {
            error(
                id,
                format!("{owner} names the attribute {id:?}, which is not defined"),
                "define it under attributes",
            );
        }
    }
    for attribute in &schema.attributes {
        if attribute.kind == AttributeKind::Choice && attribute.values.is_empty() {
            error(
                &attribute.id,
                format!("the attribute {:?} has no values", attribute.id),
                "list its values, or make it Text or Flag",
            );
        }
        if attribute
            .default
            .as_ref()
            .is_some_and(|d| attribute.kind == AttributeKind::Choice && !attribute.values.contains(d))
        {
            error(
                &attribute.id,
                format!("the default of {:?} is not among its values", attribute.id),
                "add it to the values",
            );
        }
    }

    let colors = (schema.mentions.iter().map(|m| &m.color)).chain(schema.events.iter().map(|e| &e.color));
    for color in colors.chain(schema.quotes.iter().map(|q| &q.color)).flatten() {
        if !is_color(color) {
            error(color, format!("{color:?} is not a colour"), "write it as \"#rrggbb\"");
        }
    }
    found.extend(check_names(schema));
    found.extend(check_keys(schema));
    found
}

/// Names that work, and not as whoever gave them expects.
fn check_names(schema: &Schema) -> Vec<(Problem, String)> {
    let mut found = Vec::new();
    let mut warn = |name: &str, message: String, hint: &str| {
        found.push((Problem::warning("schema", message, hint), name.to_owned()));
    };
    let labels = schema.mentions.iter().map(|m| &m.label).chain(schema.events.iter().map(|e| &e.r#type));
    for label in labels.filter(|label| label.starts_with(['@', '*'])) {
        let message = format!("no list of fillers can name {label:?}, because \"@\" and \"*\" have a meaning there");
        warn(label, message, "let the name begin with a letter");
    }
    // Files that were imported may have kinds and roles without a name.
    let kinds: Vec<&String> = schema.quotes.iter().flat_map(|quotes| &quotes.kinds).map(|kind| &kind.kind).collect();
    let groups: Vec<&String> = schema.document_labels.iter().map(|label| &label.group).collect();
    let roles =
        (schema.events.iter().map(|event| &event.roles)).chain(schema.quotes.iter().map(|quotes| &quotes.roles));
    let roles = roles.map(|roles| ("role", roles.iter().map(|role| &role.role).collect()));
    let lists = [("kind of quote", kinds), ("group of document labels", groups)];
    for (what, names) in lists.into_iter().chain(roles) {
        let mut seen = BTreeSet::new();
        for name in names {
            if name.trim().is_empty() {
                warn(name, format!("the name of a {what} is empty"), "give it a name");
            } else if !seen.insert(name) && what != "role" {
                warn(name, format!("the {what} {name:?} is defined twice"), "rename or remove one of them");
            }
        }
    }
    let values = (schema.attributes.iter().map(|a| (&a.id, &a.values)))
        .chain(schema.document_labels.iter().map(|d| (&d.group, &d.values)));
    for (owner, values) in values {
        let mut seen = BTreeSet::new();
        for value in values.iter().filter(|value| !seen.insert(*value)) {
            warn(value, format!("{owner:?} has the value {value:?} twice"), "remove one of them");
        }
    }
    let uses = (schema.mentions.iter().map(|m| (&m.label, &m.attributes)))
        .chain(schema.events.iter().map(|e| (&e.r#type, &e.attributes)))
        .chain(schema.relations.iter().map(|r| (&r.label, &r.attributes)));
    for (owner, ids) in uses {
        let mut names = BTreeSet::new();
        for attribute in schema.attributes_of(ids).filter(|attribute| !names.insert(&attribute.name)) {
            let message = format!("{owner} has two attributes that files call {:?}", attribute.name);
            warn(&attribute.id, message, "only the first one counts; rename or remove one");
        }
    }
    found
}

/// Keys that a type asks for and does not get.
fn check_keys(schema: &Schema) -> Vec<(Problem, String)> {
    let wishes = (schema.mentions.iter().map(|m| (&m.label, m.key)))
        .chain(schema.events.iter().map(|e| (&e.r#type, e.key)))
        .filter_map(|(label, key)| Some((label, key?)));
    let mut owners: BTreeMap<char, &String> = BTreeMap::new();
    let refused = wishes.filter_map(|(label, key)| {
        let why = if !key.is_ascii_alphanumeric() {
            "no letter or digit of a plain keyboard".to_owned()
        } else if RESERVED_LETTERS.contains(&key) {
            "that of a command".to_owned()
        } else {
            let owner = *owners.entry(key).or_insert(label);
            if owner == label {
                return None;
            }
            format!("that of {owner}")
        };
        let message = format!("{label} asks for the key {key:?}, which is {why}");
        Some((Problem::warning("schema-key", message, "it gets another one; choose one that is free"), label.clone()))
    });
    refused.collect()
}

fn is_color(color: &str) -> bool {
    color.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.chars().all(|c| c.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(ron: &str) -> Vec<String> {
        parse(ron, Some(Path::new("my.ron"))).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_small_schema_is_enough() {
        let ron = r#"(format: "manicule-schema/1", name: "tiny", version: 1, title: "Tiny",
            mentions: [(label: "Person", definition: "A human", examples: ["[Anna]"])])"#;
        assert_eq!(problems(ron), Vec::<String>::new());
    }

    #[test]
    fn broken_ron_is_refused_with_file_and_place() {
        for rest in ["nam: \"x\"", "name: \"x\", version: 1, title: \"X\""] {
            let newer = problems(&format!("(format: \"manicule-schema/2\", {rest})"));
            assert_eq!(newer.len(), 1);
            assert!(newer[0].contains("manicule-schema/2") && newer[0].contains("update the program"), "{newer:?}");
        }
        let found = problems("(\n  format: \"manicule-schema/1\",\n  nam: \"x\")");
        assert!(found[0].starts_with("my.ron:3:"), "{found:?}");
    }

    #[test]
    fn unknown_names_are_refused_with_the_line() {
        let ron = "(format: \"manicule-schema/1\", name: \"x\", version: 1, title: \"X\",\n events: [(type: \"Meet\", definition: \"d\",\n examples: [], roles: [(role: \"Who\", fillers: [\"Persn\"])])])";
        let found = problems(ron);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("my.ron:3:") && found[0].contains("Persn"), "{found:?}");
    }

    #[test]
    fn doubles_are_refused() {
        let ron = r#"(format: "manicule-schema/1", name: "x", version: 1, title: "X", mentions: [
            (label: "A", definition: "d", examples: []), (label: "A", definition: "d", examples: [], color: "red")])"#;
        assert_eq!(problems(ron).len(), 2);
    }

    #[test]
    fn kinds_and_roles_of_imported_files_without_a_name_are_no_reason_to_refuse_a_schema() {
        let mut schema = crate::model::schema::builtin("news").expect("ships").clone();
        schema.events[0].roles[0].role = String::new();
        schema.quotes.as_mut().expect("has quotes").kinds[0].kind = String::new();
        assert_eq!(Schema::parse(&schema.to_ron(), None), Ok(schema.clone()));
        assert_eq!(schema.check().len(), 2);
    }

    #[test]
    fn a_schema_that_is_being_made_tells_its_conflicts_by_name() {
        let mut schema = crate::model::schema::builtin("news").expect("ships").clone();
        assert_eq!(schema.check(), []);
        schema.mentions[0].key = schema.mentions[1].key;
        schema.mentions[2].key = Some('q');
        schema.mentions[3].label = "@x".into();
        schema.document_labels[0].values.push("sport".into());
        schema.events[0].roles[0].fillers = vec!["Nobody".into()];
        let kind = schema.quotes.as_ref().expect("has quotes").kinds[0].clone();
        schema.quotes.as_mut().expect("has quotes").kinds.push(kind);
        let found = schema.check_by_name();
        let about = |name: &str| found.iter().filter(|(_, about)| about == name).count();
        for name in ["@x", "sport", "Nobody", "direct"] {
            assert!(about(name) >= 1, "{name}: {found:?}");
        }
        let second = schema.mentions[1].label.clone();
        let keys: Vec<&str> =
            found.iter().filter(|(p, _)| p.code == "schema-key").map(|(_, name)| name.as_str()).collect();
        assert_eq!(keys, [second.as_str(), schema.mentions[2].label.as_str()]);
        assert_eq!(schema.check().len(), found.len());
    }

    #[test]
    fn a_mention_and_an_event_may_have_one_name_that_no_filler_has() {
        let ron = |fillers: &str| {
            format!(
                r#"(format: "manicule-schema/1", name: "x", version: 1, title: "X",
                mentions: [(label: "A", definition: "d", examples: [])],
                events: [(type: "A", definition: "d", examples: [], roles: [(role: "R", fillers: [{fillers}])])])"#
            )
        };
        assert_eq!(problems(&ron("")), Vec::<String>::new());
        assert_eq!(problems(&ron("\"*event\"")), Vec::<String>::new());
        assert!(problems(&ron("\"A\""))[0].contains("a mention and an event"));
    }
}
