//! The user's keymap file: a list of `(command: "Save", keys: ["Ctrl+S", "F2"])`.

use std::path::Path;

use egui::KeyboardShortcut;
use serde::Deserialize;
use strum::IntoEnumIterator as _;

use super::{Keymap, same_key};
use crate::app::command::{Command, Section, key_name, parse_key};
use crate::model::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    command: String,
    keys: Vec<String>,
}

/// Reads a keymap file over the keys of the table. What is wrong is told, with file, line, column and a hint; the
/// rest counts.
pub fn read(source: &str, path: &Path) -> (Keymap, Vec<Problem>) {
    let mut keymap = Keymap::default();
    let entries: Vec<Entry> = match ron::from_str(source) {
        Ok(entries) => entries,
        Err(error) => {
            let at = error.span.start;
            let hint = "each line is (command: \"Save\", keys: [\"Ctrl+S\"]), all of them inside [ and ]";
            let message = format!("the keymap cannot be read: {}", error.code);
            let problem = Problem::error("keymap-syntax", message, hint).at_line(at.line, at.col).in_file(path);
            return (keymap, vec![problem]);
        }
    };
    let mut literals = literals(source);
    let mut problems = Vec::new();
    let mut wrong = |code, message: String, hint: String, place: Option<(usize, usize)>| {
        let problem = Problem::error(code, message, hint).in_file(path);
        problems.push(match place {
            Some((line, column)) => problem.at_line(line, column),
            None => problem,
        });
    };
    let mut given: Vec<(Command, Vec<KeyboardShortcut>)> = Vec::new();
    for entry in entries {
        let place = take(&mut literals, &entry.command);
        let command: Option<Command> = entry.command.parse().ok();
        if command.is_none() {
            let message = format!("there is no command {:?}", entry.command);
            wrong("keymap-command", message, similar(&entry.command), place);
        } else if given.iter().any(|(known, _)| Some(*known) == command) {
            let hint = "keep one line for it, with all its keys".to_owned();
            wrong("keymap-twice", format!("{} stands here a second time", entry.command), hint, place);
        }
        let mut keys = Vec::new();
        for text in &entry.keys {
            let place = take(&mut literals, text);
            let key = match parse_key(text) {
                Ok(key) => key,
                Err(hint) => {
                    wrong("keymap-key", format!("{text:?} is no key"), hint, place);
                    continue;
                }
            };
            let holds = |keys: &[KeyboardShortcut]| keys.iter().any(|other| same_key(*other, key));
            let other = given.iter().find(|(other, keys)| Some(*other) != command && holds(keys));
            match (command, other) {
                (Some(command), Some((other, _))) => {
                    let message = format!(
                        "{} is given to {} and to {}",
                        key_name(&key),
                        other.plain_name(),
                        command.plain_name()
                    );
                    wrong("keymap-conflict", message, format!("{} keeps it", other.plain_name()), place);
                }
                _ if holds(&keys) => {}
                _ => keys.push(key),
            }
        }
        if let Some(command) = command {
            given.push((command, keys));
        }
    }
    // What a line takes from a command that has a line of its own is meant.
    for (command, _) in &given {
        keymap.keys.insert(*command, Vec::new());
    }
    for (command, keys) in given {
        keymap.give(command, keys);
    }
    (keymap, problems)
}

/// A keymap file with every command and its present keys, all of it in comments.
pub fn template(keymap: &Keymap) -> String {
    let mut out = String::from(
        "// Keys of Manicule. Remove the // before a line and change its keys; lines that stay as they are change\n\
         // nothing. keys: [] takes all keys from a command. Modifiers are Ctrl (Command on a Mac), Alt and Shift.\n\
         // A plain letter or digit takes that key from the labels. \"Reload keymap\" reads this file again.\n[\n",
    );
    for section in Section::iter() {
        out.push_str(&format!("    // {}\n", section.text()));
        for command in Command::of(section) {
            let keys: Vec<String> = keymap.of(command).iter().map(|key| format!("{:?}", key_name(key))).collect();
            let name: &'static str = command.into();
            out.push_str(&format!(
                "    // (command: \"{name}\", keys: [{}]), // {}\n",
                keys.join(", "),
                command.info().help
            ));
        }
    }
    out.push_str("]\n");
    out
}

/// A hint to the command whose name is most like this.
fn similar(name: &str) -> String {
    let distance = |command: &Command| {
        let known: &'static str = (*command).into();
        edits(&known.to_lowercase(), &name.to_lowercase())
    };
    let best = Command::iter().min_by_key(distance);
    match best.filter(|best| distance(best) <= 3) {
        Some(best) => format!("did you mean {:?}?", <&'static str>::from(best)),
        None => "“Edit keymap…” writes a file with the names of all commands".into(),
    }
}

/// How many letters must be changed, put in or left out to come from one word to the other.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for ((b, up), diagonal) in b.iter().zip(row.iter().skip(1)).zip(&row) {
            let left = next.last().copied().unwrap_or(0);
            next.push((diagonal + usize::from(a != *b)).min(left + 1).min(up + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

/// A string of the source, and its line and column from 1.
type Literal = (String, (usize, usize));

/// All strings of the source in order. Good enough for places: the file has been parsed already.
fn literals(source: &str) -> Vec<Literal> {
    let mut out = Vec::new();
    let mut chars = source.chars().peekable();
    let (mut line, mut column) = (1, 0);
    let mut open: Option<Literal> = None;
    while let Some(c) = chars.next() {
        (line, column) = if c == '\n' { (line + 1, 0) } else { (line, column + 1) };
        match (&mut open, c) {
            (Some(_), '"') => out.extend(open.take()),
            (Some((text, _)), '\\') => {
                column += 1;
                text.extend(chars.next());
            }
            (Some((text, _)), c) => text.push(c),
            (None, '"') => open = Some((String::new(), (line, column))),
            (None, '/') if chars.peek() == Some(&'/') => while chars.next_if(|c| *c != '\n').is_some() {},
            (None, '/') if chars.next_if_eq(&'*').is_some() => {
                column += 1;
                let mut last = ' ';
                for c in chars.by_ref() {
                    (line, column) = if c == '\n' { (line + 1, 0) } else { (line, column + 1) };
                    if (last, c) == ('*', '/') {
                        break;
                    }
                    last = c;
                }
            }
            (None, _) => {}
        }
    }
    out
}

/// Where this string stands first; the next one is found after it.
fn take(literals: &mut Vec<Literal>, text: &str) -> Option<(usize, usize)> {
    let at = literals.iter().position(|(literal, _)| literal == text)?;
    Some(literals.remove(at).1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(source: &str) -> (Keymap, Vec<String>) {
        let (keymap, problems) = read(source, Path::new("keymap.ron"));
        (keymap, problems.iter().map(ToString::to_string).collect())
    }

    fn keys(keymap: &Keymap, command: Command) -> Vec<String> {
        keymap.of(command).iter().map(key_name).collect()
    }

    #[test]
    fn lines_replace_the_keys_of_a_command_or_take_them() {
        let (keymap, problems) =
            told("[(command: \"Save\", keys: [\"Ctrl+S\", \"F12\"]), (command: \"Relation\", keys: [])]");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(keys(&keymap, Command::Save), ["Ctrl+S", "F12"]);
        assert_eq!(keys(&keymap, Command::Relation), Vec::<String>::new());
        assert_eq!(keys(&keymap, Command::Undo), ["Ctrl+Z"]);
        assert_eq!(keymap.notices, Vec::<String>::new());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_the_rest_counts() {
        let (keymap, problems) = told(
            "// mine\n[\n  (command: \"Sve\", keys: [\"F12\"]),\n  (command: \"Undo\", keys: [\"Ctrl+Foo\", \"F3\"]),\n  \
             (command: \"Redo\", keys: [\"F3\", \"F4\"]),\n]",
        );
        assert_eq!(
            problems,
            [
                "keymap.ron:3:13: error: there is no command \"Sve\" (did you mean \"Save\"?) [keymap-command]",
                "keymap.ron:4:28: error: \"Ctrl+Foo\" is no key (Foo is no key; write one such as S, 7, F2, Down, \
                 Enter, PageUp, Plus or [) [keymap-key]",
                "keymap.ron:5:28: error: F3 is given to Undo and to Redo (Undo keeps it) [keymap-conflict]",
            ]
        );
        assert_eq!(keys(&keymap, Command::Undo), ["F3"]);
        assert_eq!(keys(&keymap, Command::Redo), ["F4"]);
    }

    #[test]
    fn a_file_that_is_no_list_leaves_the_keys_of_the_table() {
        let (keymap, problems) = told("[\n  (command: \"Save\" keys: [])\n]");
        assert_eq!(keymap, Keymap::default());
        assert!(problems[0].starts_with("keymap.ron:2:20: error: the keymap cannot be read"), "{problems:?}");
    }

    #[test]
    fn a_key_that_is_taken_from_another_command_is_told_with_both_names() {
        let (keymap, _) = told("[(command: \"Save\", keys: [\"Ctrl+D\"])]");
        assert_eq!(keymap.notices, ["Ctrl+D is now Save, no longer Keep words, add more"]);
        assert_eq!(keys(&keymap, Command::KeepPart), Vec::<String>::new());
    }

    #[test]
    fn a_key_that_is_taken_from_a_command_with_a_line_of_its_own_is_no_news() {
        for lines in [
            "(command: \"Save\", keys: [\"Ctrl+D\"]), (command: \"KeepPart\", keys: [])",
            "(command: \"KeepPart\", keys: [\"F12\"]), (command: \"Save\", keys: [\"Ctrl+D\"])",
        ] {
            assert_eq!(told(&format!("[{lines}]")).0.notices, Vec::<String>::new(), "{lines}");
        }
    }

    #[test]
    fn the_template_changes_nothing_until_its_comments_are_removed() {
        let template = template(&Keymap::default());
        assert_eq!(told(&template), (Keymap::default(), Vec::new()));
        let opened: String = template.lines().map(|line| line.replacen("// (command", "(command", 1) + "\n").collect();
        assert_eq!(told(&opened), (Keymap::default(), Vec::new()));
    }

    #[test]
    fn the_example_of_the_readme_is_right() {
        let readme = include_str!("../../../README.md");
        let mut blocks = readme.split("```ron\n").skip(1).filter_map(|rest| rest.split("```").next());
        let example = blocks.find(|block| block.contains("command:")).expect("has an example");
        assert_eq!(told(example).1, Vec::<String>::new());
    }
}
