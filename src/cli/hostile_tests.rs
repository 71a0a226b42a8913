//! Commands on files that mean harm: what they write stays in its folder, and what they print obeys nobody.

use std::fs;
use std::path::Path;

use clap::Parser as _;

use super::visible::Visible;
use super::*;

/// Runs a command line; its outcome, and what it printed and remarked.
fn run_line(arguments: &[&str]) -> (Outcome, String, String) {
    let parsed = Arguments::try_parse_from(std::iter::once(&"manicule").chain(arguments)).expect("understood");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let outcome = {
        let (mut out, mut err) = (Visible::new(&mut out, true), Visible::new(&mut err, true));
        let mut console = Console { out: &mut out, err: &mut err };
        let outcome = match parsed.command.expect("a command") {
            Command::Convert(command) => convert::run(&command, &mut console),
            Command::Export(command) => export::run(&command, &mut console),
            Command::Validate(command) => validate::run(&command, &mut console),
            Command::Stats(command) => stats::run(&command, &mut console),
            Command::Formats(command) => formats_list::run(&command, &mut console),
            Command::Schema(command) => schema::run(&command, &mut console),
        };
        console.out.flush().and(console.err.flush()).expect("memory");
        outcome.expect("memory")
    };
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (outcome, text(out), text(err))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// A native file whose names obey nobody.
fn wicked(id: &str, label: &str) -> String {
    format!(
        "(format: \"manicule/1\", document: (id: {id:?}, title: {id:?}, text: \"Anna met Bob.\"), schema: (name: \"news\", version: 1), \
         mentions: [(id: \"m1\", label: {label:?}, spans: [(start: 0, end: 4, text: \"Anna\")])])"
    )
}

#[test]
fn names_in_documents_are_no_names_of_files() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (input, out) = (folder.path().join("in"), folder.path().join("deep/out"));
    fs::create_dir(&input).expect("writable");
    let long = "x".repeat(10_000);
    for (n, id) in ["../../x", "con", "a/b", "/etc/x", "..", long.as_str(), "a\0b"].iter().enumerate() {
        fs::write(input.join(format!("{n}.ron")), wicked(id, id)).expect("writable");
    }
    for format in crate::formats::FORMATS.iter().map(|f| f.info()).filter(|info| info.writes && info.id != "png") {
        let target = out.join(format.id);
        fs::create_dir_all(&target).expect("writable");
        let (outcome, _, err) = run_line(&["convert", text(&input), "--to", format.id, "-o", text(&target)]);
        assert_eq!(outcome, Outcome::Done, "{}: {err}", format.id);
    }
    let mut names: Vec<String> = fs::read_dir(folder.path())
        .expect("there")
        .chain(fs::read_dir(folder.path().join("deep")).expect("there"))
        .map(|entry| entry.expect("there").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["deep", "in", "out"]);
}

#[cfg(unix)]
#[test]
fn links_in_the_folder_that_lead_out_are_not_followed() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("temporary folder");
    let at = |name: &str| folder.path().join(name);
    for name in ["in/sub", "out", "elsewhere"] {
        fs::create_dir_all(at(name)).expect("writable");
    }
    fs::write(at("elsewhere/a.json"), "theirs").expect("writable");
    fs::write(at("in/a.ron"), wicked("a", "Person")).expect("writable");
    fs::write(at("in/sub/b.ron"), wicked("b", "Person")).expect("writable");
    let convert = |extra: &[&str]| {
        let (input, out) = (at("in"), at("out"));
        let mut line = vec!["convert", text(&input), "--to", "json", "-o", text(&out), "--overwrite"];
        line.extend(extra);
        run_line(&line)
    };
    for (link, to) in [("out/a.json", "../elsewhere/a.json"), ("out/sub", "../elsewhere")] {
        symlink(to, at(link)).expect("links");
        let (outcome, _, err) = convert(&[]);
        assert_eq!(outcome, Outcome::DataProblem, "{err}");
        assert!(err.contains("leads out of the folder") && err.contains("nothing was written"), "{err}");
        fs::remove_file(at(link)).expect("removable");
    }
    assert_eq!(fs::read_to_string(at("elsewhere/a.json")).expect("there"), "theirs");
    assert_eq!(fs::read_dir(at("elsewhere")).expect("there").count(), 1);
    assert_eq!(convert(&[]).0, Outcome::Done);
    assert!(at("out/sub/b.json").is_file());
    // A file that the user names may be a link: it stays one, and what it leads to is written.
    symlink("elsewhere/a.json", at("mine.json")).expect("links");
    let (input, mine) = (at("in/a.ron"), at("mine.json"));
    let (outcome, _, err) = run_line(&["convert", text(&input), "--to", "json", "-o", text(&mine), "--overwrite"]);
    assert_eq!(outcome, Outcome::Done, "{err}");
    assert!(fs::symlink_metadata(&mine).expect("there").is_symlink());
    assert!(fs::read_to_string(at("elsewhere/a.json")).expect("there").contains("Anna"));
}

#[cfg(unix)]
#[test]
fn what_stands_beside_a_file_is_not_taken_from_elsewhere() {
    use std::os::unix::fs::symlink;
    let folder = tempfile::tempdir().expect("temporary folder");
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("in")).expect("writable");
    fs::write(at("secret"), "Anna met Bob.").expect("writable");
    fs::write(at("in/a.ann"), "T1\tPerson 0 4\tAnna\n").expect("writable");
    let validate = || {
        let input = at("in/a.ann");
        run_line(&["validate", text(&input)]).1
    };
    for (target, part) in [("../secret", "link"), ("/dev/zero", "link")] {
        symlink(target, at("in/a.txt")).expect("links");
        let said = validate();
        assert!(said.contains("no-text") && said.contains(part), "{said}");
        fs::remove_file(at("in/a.txt")).expect("removable");
    }
    let made = std::process::Command::new("mkfifo").arg(at("in/a.txt")).status();
    if made.is_ok_and(|status| status.success()) {
        let said = validate();
        assert!(said.contains("no-text") && said.contains("not a regular file"), "{said}");
        // Nor is it opened to see whether it belongs to something.
        let input = at("in");
        let _ = run_line(&["stats", text(&input)]);
        fs::remove_file(at("in/a.txt")).expect("removable");
    }
    fs::write(at("in/a.txt"), "Anna met Bob.").expect("writable");
    symlink("../secret", at("in/annotation.conf")).expect("links");
    assert!(validate().contains("no-conf"), "{}", validate());
    // The name that the user gives may be a link.
    symlink("in/a.ann", at("link.ann")).expect("links");
    fs::write(at("link.txt"), "Anna met Bob.").expect("writable");
    let link = at("link.ann");
    let said = run_line(&["stats", text(&link)]);
    assert!(said.1.contains("Person"), "{said:?}");
}

#[test]
fn no_sequence_of_a_document_reaches_a_terminal() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let name = if cfg!(unix) { "a\u{1b}]0;x\u{7}.ron" } else { "a.ron" };
    let path = folder.path().join(name);
    let long = format!("\u{1b}[2J\u{9b}31m\u{202e}{}", "y".repeat(10_000));
    fs::write(&path, wicked("\u{1b}[31m", &long)).expect("writable");
    let out = folder.path().join("out.conll");
    for line in [
        vec!["validate", text(&path)],
        vec!["stats", text(&path)],
        vec!["stats", "--json", text(&path)],
        vec!["convert", text(&path), "--to", "conll", "-o", text(&out)],
        vec!["convert", text(&path), "--to", "conll", "-o", "-"],
    ] {
        let (_, printed, remarked) = run_line(&line);
        for said in [&printed, &remarked] {
            let obeyed =
                |c: char| (c.is_control() && !matches!(c, '\t' | '\n')) || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!said.contains(obeyed), "{line:?}: {said:?}");
        }
        if line[0] == "stats" && line.len() == 2 {
            assert!(printed.lines().all(|line| line.chars().count() < 200), "{printed}");
            assert!(printed.contains("‹ESC›[2J‹CSI›31m‹RLO›yyy"), "{printed}");
        }
    }
}
