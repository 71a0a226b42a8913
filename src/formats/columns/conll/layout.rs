//! Which columns of a file are words and which are tags, found from the rows themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::super::tags;

/// What stands between columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One tab. Words may hold blanks.
    Tab,
    /// Blanks or tabs, one or more.
    Blank,
    /// The last `|`: two columns.
    Bar,
}

impl Separator {
    const ALL: [Self; 3] = [Self::Tab, Self::Blank, Self::Bar];

    /// The cells of a line. Blanks and tabs at its end do not count.
    pub fn cells(self, line: &str) -> Vec<&str> {
        let line = line.trim_end_matches([' ', '\t', '\r']);
        match self {
            Self::Tab => line.split('\t').collect(),
            Self::Blank => line.split([' ', '\t']).filter(|cell| !cell.is_empty()).collect(),
            Self::Bar => line.rsplit_once('|').map_or_else(|| vec![line], |(word, tag)| vec![word, tag]),
        }
    }
}

/// The columns of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What stands between them.
    pub separator: Separator,
    /// How many most rows have.
    pub columns: usize,
    /// The column of words, from 0.
    pub word: usize,
    /// The columns of tags, from 0, in their order.
    pub tags: Vec<usize>,
    /// A column of tags of phrases, which are no mentions.
    pub chunks: Option<usize>,
    /// Other columns that say something.
    pub others: Vec<usize>,
    /// Whether any row has a tag other than `O`.
    pub is_tagged: bool,
}

/// So many rows decide.
const ROWS: usize = 20_000;
/// Tags of phrases: of CoNLL-2000 and 2003 in English and German.
const CHUNKS: &[&str] = &[
    "NP", "VP", "PP", "ADVP", "ADJP", "SBAR", "PRT", "CONJP", "INTJ", "LST", "UCP", "NC", "VC", "PC", "CNP", "ADVC",
    "ADJC",
];
/// What stands in columns that are not filled.
const FILLERS: &[&str] = &["-X-", "_", "-", "--", "O", ""];

/// Whether a line opens a document.
pub fn is_mark(line: &str) -> bool {
    line.starts_with("-DOCSTART-")
}

/// Finds the columns. `None` if no column has tags. Lines that begin with `#` count only if there are no others, since
/// most are remarks.
pub fn find<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> Option<Layout> {
    let rows = || lines.clone().filter(|line| !is_mark(line)).take(ROWS);
    let has_others = rows().any(|line| !line.starts_with('#') && !line.trim().is_empty());
    let rows: Vec<&str> =
        rows().filter(|line| !line.trim().is_empty() && (!has_others || !line.starts_with('#'))).collect();
    let rated = Separator::ALL.into_iter().filter_map(|separator| with(separator, &rows));
    rated.rev().max_by_key(|(rows, _)| *rows).map(|(_, layout)| layout)
}

/// The layout with one separator, and how many rows it divides.
fn with(separator: Separator, rows: &[&str]) -> Option<(usize, Layout)> {
    let rows: Vec<Vec<&str>> = rows.iter().map(|line| separator.cells(line)).filter(|cells| cells.len() > 1).collect();
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &rows {
        *widths.entry(row.len()).or_default() += 1;
    }
    // Of equals the narrower.
    let columns = widths.into_iter().rev().max_by_key(|(_, count)| *count)?.0;
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column).copied());
    let is_of_tags = |column: &usize| {
        let valid = cells(*column).filter(|cell| tags::parse(cell.trim()).is_ok()).count();
        valid > 0 && valid * 5 >= cells(*column).count() * 4
    };
    let mut of_tags: Vec<usize> = (1..columns).filter(is_of_tags).collect();
    let mut word = 0;
    if of_tags.is_empty() {
        of_tags = Some(0).filter(is_of_tags).into_iter().collect();
        word = 1;
    }
    let labels = |column: usize| -> BTreeSet<&str> {
        cells(column).filter_map(|cell| tags::parse(cell.trim()).ok().flatten()).map(|tag| tag.label).collect()
    };
    let is_of_chunks = |column: &usize| {
        let labels = labels(*column);
        !labels.is_empty() && labels.iter().all(|label| CHUNKS.contains(label))
    };
    let chunks = of_tags.iter().copied().find(is_of_chunks).filter(|_| of_tags.len() > 1);
    of_tags.retain(|column| chunks != Some(*column));
    let is_tagged = of_tags.iter().any(|column| !labels(*column).is_empty());
    if word == 0 && of_tags.iter().all(|column| *column > 1) && counts_words(&rows) {
        word = 1;
    }
    let says = |column: &usize| cells(*column).any(|cell| !FILLERS.contains(&cell.trim()));
    let others = (word + 1..columns).filter(|c| !of_tags.contains(c) && chunks != Some(*c)).filter(says).collect();
    let layout = Layout { separator, columns, word, tags: of_tags, chunks, others, is_tagged };
    (!layout.tags.is_empty()).then_some((rows.len(), layout))
}

/// Whether the first column numbers the words of each sentence, which are then in the second.
fn counts_words(rows: &[Vec<&str>]) -> bool {
    let (mut before, mut counted) = (None::<u64>, 0);
    for row in rows {
        let number = row.first().and_then(|cell| cell.trim().parse::<u64>().ok());
        let is_next = number.is_some_and(|n| n <= 1 || before.is_some_and(|b| Some(n) == b.checked_add(1)));
        let has_word = row.get(1).is_some_and(|cell| !matches!(*cell, "-X-" | "_" | ""));
        counted += usize::from(is_next && has_word);
        before = number;
    }
    counted * 10 >= rows.len() * 9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(file: &str) -> Layout {
        find(file.lines()).expect("columns")
    }

    #[test]
    fn columns_are_found_by_what_is_in_them() {
        let conll = layout("-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n");
        assert_eq!((conll.word, conll.tags, conll.chunks, conll.others), (0, vec![3], Some(2), vec![1]));
        let numbered = layout("#\thttp://x\t[2010]\n1\tEcce\tB-OTH\tO\n2\thomo\tI-OTH\tB-PER\n");
        assert_eq!((numbered.word, numbered.tags, numbered.columns), (1, vec![2, 3], 4));
        let who = layout("1\t施\tB-LOC\t-\tanna\n2\t力\tO\t-\t-\n");
        assert_eq!((who.word, who.tags, who.others), (1, vec![2], vec![4]));
        let bar = layout("| |O\nA|B_LOC\n");
        assert_eq!((bar.separator, bar.word, bar.tags), (Separator::Bar, 0, vec![1]));
        let blanks = layout("New York\tB-LOC\nis\tO\n");
        assert_eq!((blanks.separator, blanks.columns), (Separator::Tab, 2));
        let first = layout("O\tany\nB-Rating\tfive\nI-Rating\tstar\n");
        assert_eq!((first.word, first.tags), (1, vec![0]));
        let digits = layout("1 -X- -X- O\n2 -X- -X- B-X\n");
        assert_eq!((digits.word, digits.tags), (0, vec![3]));
    }

    #[test]
    fn other_files_have_no_columns_of_tags() {
        for file in [
            "Talks resume in Paris\n\nAnna met Bob.\n",
            "T1\tPerson 0 4\tAnna\n",
            "1\tAnna\tAnna\tPROPN\t_\t_\t0\troot\t_\tNER=B-PER\n",
            "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=Anna\n1-1\t0-4\tAnna\tPER\t\n",
            "",
        ] {
            assert_eq!(find(file.lines()), None, "{file:?}");
        }
    }
}
