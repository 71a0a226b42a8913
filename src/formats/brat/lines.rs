//! The lines of an `.ann` file, taken apart. Knows the syntax, not what refers to what.

use std::collections::BTreeMap;

use crate::formats::build::Builder;

/// A line of any kind: its number from 1, its identifier (`T1`; `*` has none), and what it says.
#[derive(Clone, Debug)]
pub struct Line<'a> {
    pub number: usize,
    pub id: &'a str,
    pub says: Says<'a>,
}

/// What a line says; names are as in the file.
#[derive(Clone, Debug)]
pub enum Says<'a> {
    /// `T`: words with a type; positions are half-open code points.
    Words { r#type: &'a str, spans: Vec<(u64, u64)>, words: &'a str },
    /// `E`: an event, or what is one on top of its trigger.
    Event { r#type: &'a str, trigger: &'a str, arguments: Vec<(&'a str, &'a str)> },
    /// `R`: two ends with their roles.
    Relation { r#type: &'a str, from: (&'a str, &'a str), to: (&'a str, &'a str) },
    /// `A`, `M`: without a value it is a flag.
    Attribute { name: &'a str, target: &'a str, value: Option<&'a str> },
    /// `N`: an identifier in a knowledge base.
    Reference { r#type: &'a str, target: &'a str, link: &'a str, words: &'a str },
    /// `#`
    Note { r#type: &'a str, target: &'a str, text: &'a str },
    /// `*`
    Same { r#type: &'a str, members: Vec<&'a str> },
}

const HINT: &str = "compare the line with others of its kind, or correct it by hand";

/// All lines that could be understood; the others refuse the file.
pub fn parse<'a>(file: &'a str, builder: &mut Builder) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, line) in file.split('\n').enumerate() {
        let number = index + 1;
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.trim().is_empty() {
            continue;
        }
        let Some((id, rest)) = line.split_once('\t') else {
            builder.refuse("syntax", format!("{line:?} has no tab after its identifier"), HINT, Some(number));
            continue;
        };
        if id != "*"
            && let Some(first) = seen.insert(id, number)
        {
            let message = format!("the identifier {id} is used twice, first on line {first}");
            builder.refuse("duplicate-id", message, "give one of them another number", Some(number));
            continue;
        }
        match says(id, rest) {
            Ok(says) => lines.push(Line { number, id, says }),
            Err(what) => builder.refuse("syntax", format!("{id}: {what}"), HINT, Some(number)),
        }
    }
    lines
}

/// Whether a line has the marks of one: an identifier, a tab, and what follows it in lines of that kind.
pub fn looks_like_one(line: &str) -> bool {
    let Some((id, rest)) = line.split_once('\t') else { return false };
    !id.contains(' ') && says(id, rest).is_ok()
}

fn says<'a>(id: &str, rest: &'a str) -> Result<Says<'a>, &'static str> {
    let (data, tail) = rest.split_once('\t').unwrap_or((rest, ""));
    let mut words = data.split(' ').filter(|word| !word.is_empty());
    let mut next = |what: &'static str| words.next().ok_or(what);
    let (kind, number) = id.split_at(id.chars().next().map_or(0, char::len_utf8));
    let is_numbered = number.starts_with(|c: char| c.is_ascii_digit());
    match kind {
        "*" => Ok(Says::Same { r#type: next("it has no type")?, members: words.collect() }),
        _ if !is_numbered => Err("an identifier is a letter and a number"),
        "T" => bound(rest),
        "E" => {
            let both = next("it has no type and trigger")?;
            let (r#type, trigger) = both.split_once(':').ok_or("it has no trigger (Type:T1)")?;
            let arguments: Option<Vec<_>> = words.map(|word| word.split_once(':')).collect();
            Ok(Says::Event { r#type, trigger, arguments: arguments.ok_or("a role has no filler (Role:T1)")? })
        }
        "R" => {
            let r#type = next("it has no type")?;
            let mut end = || next("it has no two ends")?.split_once(':').ok_or("an end is no Role:T1");
            let (from, to) = (end()?, end()?);
            if words.next().is_some() {
                return Err("it has more than two ends");
            }
            Ok(Says::Relation { r#type, from, to })
        }
        "A" | "M" => {
            let mut parts = data.splitn(3, ' ');
            let name = parts.next().filter(|name| !name.is_empty()).ok_or("it has no name")?;
            let target = parts.next().filter(|target| !target.is_empty()).ok_or("it says not of what")?;
            Ok(Says::Attribute { name, target, value: parts.next().filter(|value| !value.is_empty()) })
        }
        "N" => {
            let (r#type, target) = (next("it has no type")?, next("it says not of what")?);
            let link =
                data.splitn(3, ' ').nth(2).filter(|link| link.contains(':')).ok_or("it has no Base:identifier")?;
            Ok(Says::Reference { r#type, target, link, words: tail })
        }
        "#" => Ok(Says::Note { r#type: next("it has no type")?, target: next("it says not of what")?, text: tail }),
        _ => Err("there is no such kind of line"),
    }
}

/// A `T` line. Some programs write tabs where brat writes blanks.
fn bound(rest: &str) -> Result<Says<'_>, &'static str> {
    let end_of_name = rest.find([' ', '\t']).ok_or("it has no positions")?;
    let (r#type, rest) = rest.split_at(end_of_name);
    // Positions are everything up to the first character that cannot be in one; the tab before the words belongs to both.
    let positions_end =
        rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, ' ' | ';' | '\t'))).unwrap_or(rest.len());
    let after_two = |text: &str| text.match_indices(['\t']).map(|(at, _)| at).collect::<Vec<_>>();
    let tabs = after_two(rest.get(..positions_end).unwrap_or_default());
    // With blanks between type and positions the first tab ends them; with tabs instead, the third does.
    let end = if rest.starts_with(' ') { tabs.first() } else { tabs.get(2) }.copied().unwrap_or(rest.len());
    let (positions, words) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
    let number = |text: &str| text.parse::<u64>().map_err(|_| "a position is no number");
    let mut spans = Vec::new();
    for part in positions.split(';') {
        let mut ends = part.split([' ', '\t']).filter(|word| !word.is_empty());
        match (ends.next(), ends.next(), ends.next()) {
            (Some(start), Some(end), None) => spans.push((number(start)?, number(end)?)),
            _ => return Err("a span is not a start and an end"),
        }
    }
    Ok(Says::Words { r#type, spans, words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Text;

    fn parsed(file: &str) -> (Vec<Line<'_>>, Vec<crate::model::Problem>) {
        let mut builder = Builder::new("brat", Text::new("").expect("short"), None);
        let lines = parse(file, &mut builder);
        (lines, builder.finish(None).map_or_else(|problems| problems, |read| read.problems))
    }

    #[test]
    fn words_are_read_with_blanks_and_with_tabs() {
        for line in ["T1\tPER 0 4;6 9\t12 a", "T1\tPER\t0\t4;6 9\t12 a"] {
            let (lines, problems) = parsed(line);
            assert_eq!(problems, []);
            let Says::Words { r#type, spans, words } = &lines[0].says else { panic!("{lines:?}") };
            assert_eq!((*r#type, spans.as_slice(), *words), ("PER", &[(0, 4), (6, 9)][..], "12 a"));
        }
        assert!(parsed("T1\tPER 0 4").1.is_empty());
    }

    #[test]
    fn what_is_broken_is_said_with_its_line() {
        for line in [
            "T1",
            "T1\tPER",
            "T1\tPER 0",
            "T1\tPER 0 4 5\tx",
            "T1\tPER a 4\tx",
            "E1\tMeet",
            "E1\tMeet:T1 Who",
            "R1\tNear Arg1:T1",
            "R1\tNear Arg1:T1 Arg2:T2 Arg3:T3",
            "A1\tSure",
            "N1\tReference T1 Q5\tx",
            "X1\tWhat T1",
            "Tx\tPER 0 4\tx",
            "#1\tNote",
            "\tx",
        ] {
            let file = format!("\r\n{line}\r\n");
            let (_, problems) = parsed(&file);
            assert_eq!(problems.len(), 1, "{line}");
            assert_eq!((problems[0].code, problems[0].place.line), ("syntax", Some(2)), "{line}");
        }
        assert_eq!(parsed("T1\tPER 0 4\tx\nT1\tPER 0 4\tx").1[0].code, "duplicate-id");
    }
}
