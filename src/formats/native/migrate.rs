//! Versions of the native file, and how a file of an older one becomes one of this.
//!
//! Every change of the format that older programs could misread gets a number and a [`Step`] here. A step works on the
//! tree of the file, so it needs no types of former times. Reading changes nothing on disk; saving keeps the old file
//! beside the new one (`store::backup`).

use super::shape;
use super::tree::{Field, Tree};
use crate::model::Problem;

/// From one version to the next.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The version that it takes; what it gives has the next number.
    pub from: u32,
    /// What it does, as the user is told: “names of roles are those of PLOVER”.
    pub title: &'static str,
    /// Does it, except for the number of the version; says why it cannot.
    pub run: fn(&mut Tree) -> Result<(), String>,
}

/// All steps, in order. There is one version so far.
pub const STEPS: &[Step] = &[];

/// The number of [`shape::FORMAT`].
pub const CURRENT: u32 = 1;

/// Which version of the native file a document was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Version {
    /// This program's, or it is no native file.
    #[default]
    Current,
    /// An older one.
    Older {
        /// As the file calls it.
        format: String,
        /// The titles of the steps that were done.
        steps: Vec<&'static str>,
    },
    /// One that this program does not know: what it understands of it is shown, and the file is not written.
    Newer {
        /// As the file calls it.
        format: String,
    },
}

/// The number in `manicule/7`.
pub fn number_of(format: &str) -> Option<u32> {
    let digits = format.strip_prefix("manicule/")?;
    let is_plain = digits.bytes().all(|b| b.is_ascii_digit()) && !(digits.len() > 1 && digits.starts_with('0'));
    // A number too large to be one is that of a newer version all the same.
    if is_plain && !digits.is_empty() { Some(digits.parse().unwrap_or(u32::MAX)) } else { None }
}

/// Does the steps from version `from` to `to`. Gives their titles.
///
/// # Errors
/// A [`Problem`] that names the step that failed; the tree is then good for nothing, the file as it was.
pub fn run(tree: &mut Tree, from: u32, to: u32, steps: &[Step]) -> Result<Vec<&'static str>, Box<Problem>> {
    const HINT: &str = "the file is left as it is; open it with the version of the program that wrote it";
    let mut titles = Vec::new();
    for version in from..to {
        let Some(step) = steps.iter().find(|step| step.from == version) else {
            let message =
                format!("the format is \"manicule/{version}\", and this program cannot make it {:?}", shape::FORMAT);
            return Err(Problem::error("migration-failed", message, HINT).into());
        };
        (step.run)(tree).map_err(|why| {
            let message = format!(
                "the step from \"manicule/{version}\" to \"manicule/{}\" ({}) failed: {why}",
                version + 1,
                step.title
            );
            Problem::error("migration-failed", message, HINT)
        })?;
        set_format(tree, version + 1);
        titles.push(step.title);
    }
    Ok(titles)
}

fn set_format(tree: &mut Tree, version: u32) {
    let value = Tree::Text(format!("manicule/{version}"));
    if let Tree::Struct(_, fields) = tree {
        match fields.iter_mut().find(|field| field.name == "format") {
            Some(field) => field.value = value,
            None => fields.insert(0, Field::new("format", value)),
        }
    }
}

/// The format that a native file names near its beginning, without reading it.
pub fn format_in(head: &str) -> Option<&str> {
    head.match_indices("\"manicule/").find_map(|(at, _)| {
        let before = head.get(..at)?.trim_end().strip_suffix(':')?.trim_end();
        let is_format = before.strip_suffix("\"format\"").is_some_and(|rest| !rest.ends_with('\\'))
            || before
                .strip_suffix("format")
                .is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        let format = head.get(at + 1..)?.split('"').next()?;
        (is_format && number_of(format).is_some()).then_some(format)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::native::tree::Language;

    fn rename(tree: &mut Tree, old: &str, new: &str) -> Result<(), String> {
        let Tree::Struct(_, fields) = tree else { return Err("it is no struct".into()) };
        let field = fields.iter_mut().find(|field| field.name == old).ok_or(format!("there is no {old}"))?;
        field.name = new.to_owned();
        Ok(())
    }

    const CHAIN: &[Step] = &[
        Step { from: 1, title: "b is called c", run: |tree| rename(tree, "b", "c") },
        Step { from: 0, title: "a is called b", run: |tree| rename(tree, "a", "b") },
    ];

    #[test]
    fn steps_are_done_in_the_order_of_versions_and_named() {
        let mut tree = Tree::parse("(format: \"manicule/0\", a: Some(1))", Language::Ron).expect("RON");
        assert_eq!(run(&mut tree, 0, 2, CHAIN).expect("runs"), ["a is called b", "b is called c"]);
        assert_eq!(tree.text(Language::Ron), "(format: \"manicule/2\", c: Some(1))");
    }

    #[test]
    fn a_step_that_fails_or_is_missing_is_named() {
        let mut tree = Tree::parse("{\"format\": \"manicule/0\"}", Language::Json).expect("JSON");
        let failed = run(&mut tree.clone(), 0, 2, CHAIN).expect_err("has no a");
        assert!(failed.message.contains("(a is called b) failed: there is no a"), "{failed}");
        let missing = run(&mut tree, 2, 3, CHAIN).expect_err("no step");
        assert!(missing.message.contains("\"manicule/2\""), "{missing}");
    }

    #[test]
    fn every_version_has_its_step() {
        assert_eq!(shape::FORMAT, format!("manicule/{CURRENT}"));
        assert_eq!(STEPS.iter().map(|step| step.from).collect::<Vec<_>>(), (1..CURRENT).collect::<Vec<_>>());
    }

    #[test]
    fn the_format_is_told_from_the_beginning_of_a_file() {
        for (head, format) in [
            ("(\n  format: \"manicule/2\", document", Some("manicule/2")),
            ("{ \"format\" : \"manicule/10\"", Some("manicule/10")),
            ("(text: \"format: \\\"manicule/9\\\"\", format: \"manicule/1\"", Some("manicule/1")),
            ("(no_format: \"manicule/2\"", None),
            ("(format: \"manicule-schema/2\"", None),
            ("(format: \"manicule/x\"", None),
        ] {
            assert_eq!(format_in(head), format, "{head}");
        }
        assert_eq!(number_of("manicule/99999999999"), Some(u32::MAX));
        assert_eq!((number_of("manicule/01"), number_of("manicule/")), (None, None));
    }
}
