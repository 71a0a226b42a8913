//! The lines that git leaves in a file which two people changed, so that they are called by their name.

use crate::model::Problem;

/// The problem of a file that could not be read because such lines are in it, if there are any. `first_line` is the
/// number of the text's first line in its file, from 1.
pub fn found(text: &str, first_line: usize) -> Option<Problem> {
    let is_marker = |line: &str, sign: char| {
        let rest = line.trim_start_matches(sign);
        line.len() - rest.len() == 7 && (rest.is_empty() || rest.starts_with([' ', '\r']))
    };
    let begins = |line: &&str| is_marker(line, '<') || is_marker(line, '>');
    // A line of equals signs alone could be anything; one of the others is there too unless half of them was removed.
    let at = text.lines().position(|line| begins(&line))?;
    let count = text.lines().filter(|line| is_marker(line, '<')).count();
    let places = if count > 1 { format!(", in {count} places") } else { String::new() };
    let message = format!(
        "there are merge conflict markers of git in the file{places}: two versions of a part follow each other"
    );
    let hint = "take one version whole (git checkout --ours FILE, or --theirs), or keep one version of each part in a text \
                editor and delete the lines that begin with <<<<<<<, =======, >>>>>>>";
    Some(Problem::error("git-conflict", message, hint).at_line(first_line + at, 1))
}
