//! Writing a schema as a file for people: what fits on a line stands on one, defaults are left out.

use std::fmt::Write as _;

use super::{
    AttributeKind, AttributeType, DocumentLabel, EventType, MentionType, QuoteKind, QuoteType, RelationType, RoleType,
    Schema,
};

/// In characters.
const WIDTH: usize = 120;
const INDENT: usize = 4;

/// The schema as RON, with a line end after the last line.
pub fn ron(schema: &Schema) -> String {
    let mut out = String::new();
    // The outermost ones are broken whatever they hold: a file is read from top to bottom.
    out.push_str("(\n");
    for (name, value) in schema_fields(schema) {
        let _ = write!(out, "{:INDENT$}{name}: ", "");
        let taken = INDENT + name.len() + 2;
        value.write(&mut out, INDENT, taken, value.is_list_of_structs());
        out.push_str(",\n");
    }
    out.push_str(")\n");
    out
}

/// A value of RON.
enum Value {
    /// A number, a word, a string: as it is written.
    Atom(String),
    List(Vec<Value>),
    Map(Vec<(String, Value)>),
    Struct(Vec<(&'static str, Value)>),
}

impl Value {
    fn is_list_of_structs(&self) -> bool {
        matches!(self, Self::List(items) if items.iter().any(|item| matches!(item, Self::Struct(_))))
    }

    /// On one line.
    fn inline(&self) -> String {
        let joined = |parts: Vec<String>| parts.join(", ");
        match self {
            Self::Atom(atom) => atom.clone(),
            Self::List(items) => format!("[{}]", joined(items.iter().map(Self::inline).collect())),
            Self::Map(entries) => {
                let entry = |(key, value): &(String, Self)| format!("{}: {}", string(key), value.inline());
                format!("{{{}}}", joined(entries.iter().map(entry).collect()))
            }
            Self::Struct(fields) => {
                let field = |(name, value): &(&'static str, Self)| format!("{name}: {}", value.inline());
                format!("({})", joined(fields.iter().map(field).collect()))
            }
        }
    }

    /// `indent`: of the line it is on; `taken`: how many characters stand on that line before it. One is left for the comma
    /// after it.
    fn write(&self, out: &mut String, indent: usize, taken: usize, is_broken: bool) {
        let inline = self.inline();
        let is_empty = matches!(self, Self::List(list) if list.is_empty());
        if matches!(self, Self::Atom(_)) || is_empty || (!is_broken && taken + inline.chars().count() < WIDTH) {
            out.push_str(&inline);
            return;
        }
        let inner = indent + INDENT;
        match self {
            Self::Atom(_) => {}
            // Words fill their lines; what has fields of its own has its lines to itself.
            Self::List(items) if !self.is_list_of_structs() => {
                out.push('[');
                let mut column = WIDTH;
                for item in items {
                    let words = item.inline();
                    let length = words.chars().count() + 1;
                    if column + 1 + length > WIDTH {
                        let _ = write!(out, "\n{:inner$}", "");
                        column = inner;
                    } else {
                        out.push(' ');
                        column += 1;
                    }
                    out.push_str(&words);
                    out.push(',');
                    column += length;
                }
                let _ = write!(out, "\n{:indent$}]", "");
            }
            Self::List(items) => {
                out.push('[');
                for item in items {
                    let _ = write!(out, "\n{:inner$}", "");
                    item.write(out, inner, inner, false);
                    out.push(',');
                }
                let _ = write!(out, "\n{:indent$}]", "");
            }
            Self::Map(entries) => {
                out.push('{');
                for (key, value) in entries {
                    let key = string(key);
                    let _ = write!(out, "\n{:inner$}{key}: ", "");
                    value.write(out, inner, inner + key.chars().count() + 2, false);
                    out.push(',');
                }
                let _ = write!(out, "\n{:indent$}}}", "");
            }
            Self::Struct(fields) => {
                out.push('(');
                for (name, value) in fields {
                    let _ = write!(out, "\n{:inner$}{name}: ", "");
                    value.write(out, inner, inner + name.len() + 2, false);
                    out.push(',');
                }
                let _ = write!(out, "\n{:indent$})", "");
            }
        }
    }
}

/// A string of RON: everything visible as it is.
fn string(value: &str) -> String {
    let is_hidden = |c: char| {
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
    };
    let mut out = String::from('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn character(value: char) -> Value {
    Value::Atom(match value {
        '\'' | '\\' => format!("'\\{value}'"),
        c if c.is_control() => format!("'\\u{{{:x}}}'", u32::from(c)),
        c => format!("'{c}'"),
    })
}

fn text(value: &str) -> Value {
    Value::Atom(string(value))
}

fn texts(values: &[String]) -> Value {
    Value::List(values.iter().map(|value| text(value)).collect())
}

/// The fields of a struct that say something.
#[derive(Default)]
struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn put(mut self, name: &'static str, value: Value) -> Self {
        self.0.push((name, value));
        self
    }

    fn text(self, name: &'static str, value: &str) -> Self {
        self.put(name, text(value))
    }

    fn text_if_any(self, name: &'static str, value: &str) -> Self {
        if value.is_empty() { self } else { self.text(name, value) }
    }

    fn option(self, name: &'static str, value: Option<&String>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    fn texts_if_any(self, name: &'static str, values: &[String]) -> Self {
        if values.is_empty() { self } else { self.put(name, texts(values)) }
    }

    fn flag(self, name: &'static str, is_set: bool) -> Self {
        if is_set { self.put(name, Value::Atom("true".into())) } else { self }
    }

    fn key(self, key: Option<char>) -> Self {
        match key {
            Some(key) => self.put("key", character(key)),
            None => self,
        }
    }

    fn structs_if_any<T>(self, name: &'static str, list: &[T], value: impl Fn(&T) -> Value) -> Self {
        if list.is_empty() { self } else { self.put(name, Value::List(list.iter().map(value).collect())) }
    }

    fn done(self) -> Value {
        Value::Struct(self.0)
    }
}

fn schema_fields(schema: &Schema) -> Vec<(&'static str, Value)> {
    let fields = Fields::default()
        .text("format", &schema.format)
        .text("name", &schema.name)
        .put("version", Value::Atom(schema.version.to_string()))
        .text("title", &schema.title)
        .text_if_any("description", &schema.description);
    let fields = if schema.groups.is_empty() {
        fields
    } else {
        let groups = schema.groups.iter().map(|(name, members)| (name.clone(), texts(members))).collect();
        fields.put("groups", Value::Map(groups))
    };
    let fields = fields
        .structs_if_any("attributes", &schema.attributes, attribute)
        .structs_if_any("mentions", &schema.mentions, mention)
        .structs_if_any("events", &schema.events, event);
    let fields = match &schema.quotes {
        Some(quotes) => fields.put("quotes", quote_type(quotes)),
        None => fields,
    };
    fields
        .structs_if_any("relations", &schema.relations, relation)
        .structs_if_any("document_labels", &schema.document_labels, document_label)
        .flag("one_label_per_span", schema.one_label_per_span)
        .0
}

fn attribute(attribute: &AttributeType) -> Value {
    let fields = Fields::default().text("id", &attribute.id).text("name", &attribute.name);
    let fields = match attribute.kind {
        AttributeKind::Choice => fields,
        AttributeKind::Flag => fields.put("kind", Value::Atom("Flag".into())),
        AttributeKind::Text => fields.put("kind", Value::Atom("Text".into())),
    };
    let fields = fields
        .flag("multiple", attribute.multiple)
        .option("default", attribute.default.as_ref())
        .text_if_any("definition", &attribute.definition)
        .texts_if_any("values", &attribute.values);
    let meanings: Vec<(String, Value)> =
        attribute.value_definitions.iter().map(|(value, meaning)| (value.clone(), text(meaning))).collect();
    if meanings.is_empty() { fields.done() } else { fields.put("value_definitions", Value::Map(meanings)).done() }
}

fn mention(mention: &MentionType) -> Value {
    Fields::default()
        .text("label", &mention.label)
        .option("color", mention.color.as_ref())
        .key(mention.key)
        .flag("needs_entity", mention.needs_entity)
        .text("definition", &mention.definition)
        .put("examples", texts(&mention.examples))
        .texts_if_any("attributes", &mention.attributes)
        .done()
}

fn event(event: &EventType) -> Value {
    Fields::default()
        .text("type", &event.r#type)
        .option("group", event.group.as_ref())
        .option("color", event.color.as_ref())
        .key(event.key)
        .text("definition", &event.definition)
        .put("examples", texts(&event.examples))
        .put("roles", Value::List(event.roles.iter().map(role).collect()))
        .texts_if_any("attributes", &event.attributes)
        .done()
}

fn role(role: &RoleType) -> Value {
    let number = |fields: Fields, name, value: Option<u32>| match value {
        Some(value) => fields.put(name, Value::Atom(value.to_string())),
        None => fields,
    };
    let fields = Fields::default().text("role", &role.role).texts_if_any("fillers", &role.fillers);
    let fields = number(fields, "min", Some(role.min).filter(|min| *min > 0));
    number(fields, "max", role.max).text_if_any("definition", &role.definition).done()
}

fn quote_type(quotes: &QuoteType) -> Value {
    Fields::default()
        .option("color", quotes.color.as_ref())
        .text("definition", &quotes.definition)
        .put("examples", texts(&quotes.examples))
        .put("kinds", Value::List(quotes.kinds.iter().map(quote_kind).collect()))
        .put("roles", Value::List(quotes.roles.iter().map(role).collect()))
        .texts_if_any("attributes", &quotes.attributes)
        .done()
}

fn quote_kind(kind: &QuoteKind) -> Value {
    Fields::default()
        .text("kind", &kind.kind)
        .flag("needs_cue", kind.needs_cue)
        .text("definition", &kind.definition)
        .put("examples", texts(&kind.examples))
        .done()
}

fn relation(relation: &RelationType) -> Value {
    Fields::default()
        .text("label", &relation.label)
        .texts_if_any("from", &relation.from)
        .texts_if_any("to", &relation.to)
        .flag("symmetric", relation.symmetric)
        .text("definition", &relation.definition)
        .put("examples", texts(&relation.examples))
        .texts_if_any("attributes", &relation.attributes)
        .done()
}

fn document_label(label: &DocumentLabel) -> Value {
    Fields::default()
        .text("group", &label.group)
        .flag("multiple", label.multiple)
        .text_if_any("definition", &label.definition)
        .put("values", texts(&label.values))
        .done()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{BUILTIN, builtin};
    use super::*;

    #[test]
    fn every_schema_that_ships_reads_the_same_after_writing_and_is_written_the_same() {
        for (name, _) in BUILTIN {
            let schema = builtin(name).expect("ships");
            let written = schema.to_ron();
            let read = Schema::parse(&written, None).expect("what was written is read");
            assert_eq!(&read, schema, "{name}");
            assert_eq!(read.to_ron(), written);
            let long = written.lines().filter(|line| line.chars().count() > WIDTH);
            // Only a text that is too long for a line by itself.
            let is_text = |line: &str| line.trim().split_once(": \"").is_some_and(|(name, _)| !name.contains(' '));
            assert_eq!(long.filter(|line| !is_text(line)).collect::<Vec<_>>(), Vec::<&str>::new());
            assert!(!written.contains("Some(") && !written.contains(": None,"), "{name}");
        }
    }

    #[test]
    fn what_fits_stands_on_one_line_and_defaults_are_left_out() {
        let mut schema = Schema::empty("tiny", 2);
        schema.mentions.push(MentionType {
            label: "Person".into(),
            color: Some("#336699".into()),
            key: Some('p'),
            definition: "A \"human\"".into(),
            examples: vec!["[Anna]".into()],
            attributes: Vec::new(),
            needs_entity: false,
        });
        let expected = r##"(
    format: "manicule-schema/1",
    name: "tiny",
    version: 2,
    title: "tiny",
    mentions: [
        (label: "Person", color: "#336699", key: 'p', definition: "A \"human\"", examples: ["[Anna]"]),
    ],
)
"##;
        assert_eq!(schema.to_ron(), expected);
    }

    proptest! {
        #[test]
        fn any_words_are_read_as_they_were(words in "\\PC{0,40}|[\\x00-\\x20\u{202e}\u{feff}\"\\\\']{0,8}", key in any::<char>()) {
            let mut schema = Schema::empty("x", 1);
            schema.description = words.clone();
            schema.groups.insert(words.clone(), vec![]);
            schema.document_labels.push(DocumentLabel {
                group: "g".into(), values: vec![words.clone(); 9], multiple: true, definition: words.clone() });
            schema.mentions.push(MentionType {
                label: "A".into(), color: None, key: Some(key), definition: words.clone(), examples: vec![words],
                attributes: Vec::new(), needs_entity: true });
            let written = schema.to_ron();
            prop_assert_eq!(Schema::parse(&written, None), Ok(schema), "{}", written);
        }
    }
}
