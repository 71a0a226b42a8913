//! Tables in the README, between `<!-- NAME -->` and `<!-- end of NAME -->`.

use std::io;
use std::path::Path;

/// Puts a table where the README has the last one of this name.
pub fn put(name: &str, table: &str) -> io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path)?;
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let missing = || io::Error::other(format!("the README has no place for the table {name}"));
    let (before, rest) = readme.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(&end).ok_or_else(missing)?;
    std::fs::write(path, format!("{before}{begin}\n{table}\n{end}{after}"))
}
