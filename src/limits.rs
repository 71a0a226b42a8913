//! What a file may cost at most: every limit of the program in one place, with its reason.
//!
//! Limits keep a file that is broken, or made to do harm, from taking the memory or the time of the machine; each is far
//! above anything that an article needs. Whoever hits one is told which, in which file, and what to do
//! ([`crate::model::Problem::beyond`]). Bounds on what is *shown* shorten only the screen; the document stays whole.
//!
//! Knows numbers; nothing of files, documents or windows.

/// Bytes of a file that is opened, and of each file beside it: all of it is held in memory.
pub const FILE: u64 = 256 << 20;

/// Bytes of the text of a document: positions are 32-bit numbers, and the text is searched and indexed as a whole.
pub const TEXT: usize = 512 << 20;

/// Mentions, entities, events, quotes and relations of one document, all together: each takes about a kilobyte.
pub const ANNOTATIONS: usize = 2_000_000;

/// Spans of all annotations of one document: parts of one annotation cost as much as annotations.
pub const SPANS: usize = 4_000_000;

/// Lists and objects inside one another in JSON, as `serde_json` has it: deeper ones would overflow the stack.
pub const JSON_DEPTH: usize = 128;

/// Structures inside one another in RON, as `ron` has it, for the same reason.
pub const RON_DEPTH: usize = 128;

/// Elements inside one another in XML and HTML: trees are walked by functions that call themselves.
pub const DEPTH: usize = 256;

/// Lists inside one another in cells that hold Python.
pub const PYTHON_DEPTH: usize = 16;

/// Types of a CAS below one another.
pub const TYPE_DEPTH: usize = 64;

/// Elements and pieces of text of an XML file or a page, and structures of a CAS.
pub const NODES: usize = 2_000_000;

/// Columns of a table: each cell is looked up by the name of its column.
pub const COLUMNS: usize = 4_096;

/// Files in an archive.
pub const ARCHIVED_FILES: usize = 20_000;

/// Bytes that the files of an archive may unpack to, all together.
pub const UNPACKED: u64 = 256 << 20;

/// Bytes that one file of an archive may unpack to.
pub const UNPACKED_FILE: u64 = 64 << 20;

/// How many times its packed size a file of an archive may unpack to, if that is more than [`UNPACKED_SMALL`]: text packs
/// to a tenth, what packs to a thousandth is one letter.
pub const UNPACKED_TIMES: u64 = 300;

/// Bytes that a file of an archive may unpack to, however small it was packed.
pub const UNPACKED_SMALL: u64 = 8 << 20;

/// Bytes that any `DocBin` may unpack to.
pub const PACKED: usize = 64 << 20;

/// How many times its size a larger `DocBin` may unpack to. Tables of tokens have been seen to shrink to a fiftieth.
pub const PACKED_TIMES: usize = 200;

/// Bytes that no `DocBin` may unpack to.
pub const PACKED_AT_ALL: usize = 2 << 30;

/// Opening tags of a page.
pub const TAGS: usize = 400_000;

/// Elements that a page makes a browser open again because they were not closed, all together.
pub const REOPENED: usize = 2_000_000;

/// The sum of the squares of the numbers of words in each tag: a parser compares each attribute with all others.
pub const ATTRIBUTES: usize = 1_000_000_000;

/// Bytes of a page, decoded: its tree takes many times as much.
pub const PAGE: usize = 32 << 20;

/// Bytes of a PDF file.
pub const PDF: usize = 64 << 20;

/// Seconds that a PDF file may take: its drawings are programs.
pub const PDF_SECONDS: u64 = 60;

/// Bytes of text of a PDF file.
pub const PDF_TEXT: usize = 64 << 20;

/// Tracks of a `PubAnnotation` document.
pub const TRACKS: usize = 100;

/// Mentions inside quotes of one document that are looked at for the statistics; what lies beyond is not counted.
pub const LOOKS_INTO_QUOTES: usize = 4_000_000;

/// Entities of one sentence that count as occurring together.
pub const ENTITIES_OF_SENTENCE: usize = 64;

/// Entities, those in most documents, whose pairs are counted.
pub const ENTITIES_PAIRED: usize = 1_000;

/// Rows of a table of statistics; the others are counted.
pub const ROWS_OF_STATISTICS: usize = 100_000;

/// Problems of one file that are kept; the others are counted. Nobody reads more.
pub const PROBLEMS: usize = 1_000;

/// Problems of a document that are listed; the others are counted. Each of a million marks may have one.
pub const PROBLEMS_LISTED: usize = 10_000;

/// Marks over one place of the article that are drawn; the others are counted beside the row.
pub const MARKS_OF_PLACE: usize = 32;

/// Marks of one piece of the article (4 kB) that are looked at when it is drawn.
pub const MARKS_OF_CHUNK: usize = 20_000;

/// Annotations on the screen that assistive programs are told of.
pub const NODES_SHOWN: usize = 2_000;

/// Places of the selected annotation on the scroll bar.
pub const TICKS: usize = 500;

/// Characters of a label that a tag in the article shows.
pub const TAG_SHOWN: usize = 40;

/// Characters of a label that chips, cards and menus show.
pub const LABEL_SHOWN: usize = 60;

/// Characters of the title of a step that can be undone.
pub const TITLE_SHOWN: usize = 120;

/// Characters of a name, title or citation that a line of a list shows.
pub const LINE_SHOWN: usize = 400;

/// Characters of a message that the window shows.
pub const MESSAGE_SHOWN: usize = 1_000;

/// Hits of a search in a document that are kept, to be outlined and numbered; the others are counted.
pub const FIND_HITS: usize = 100_000;

/// Hits of a search in a project that are listed; the others are counted.
pub const SEARCH_HITS: usize = 100_000;

/// Characters that can be looked for.
pub const FIND_TEXT: usize = 1_000;

/// Bytes of the automaton of a regular expression that is searched with: a larger one is slower at every character.
pub const FIND_STATES: usize = 1 << 20;

/// Bytes that searching may keep of the ways through an automaton.
pub const FIND_CACHE: usize = 4 << 20;

/// Groups inside one another in a regular expression.
pub const FIND_DEPTH: u32 = 100;

/// Seconds that one search may take; then it ends with what it has found.
pub const FIND_SECONDS: u64 = 20;

/// One line of the table of limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What is limited.
    pub what: &'static str,
    /// The limit, for people.
    pub most: String,
    /// What happens beyond it.
    pub beyond: &'static str,
}

/// What users may meet, in the order of the README.
pub fn table() -> Vec<Line> {
    const REFUSED: &str = "the file is refused";
    const LEFT_OUT: &str = "what is deeper is not read, and told";
    const SHORTENED: &str = "shown shortened, kept whole";
    let mib = |bytes: u64| format!("{} MiB", bytes >> 20);
    let number = |n: usize| {
        let digits = n.to_string();
        let groups = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group).into_owned());
        groups.collect::<Vec<_>>().join(",")
    };
    let line = |what, most, beyond| Line { what, most, beyond };
    vec![
        line("a file, and each file beside it", mib(FILE), REFUSED),
        line("the text of a document", mib(TEXT as u64), REFUSED),
        line("annotations of a document", number(ANNOTATIONS), REFUSED),
        line("spans of all annotations", number(SPANS), REFUSED),
        line("nesting of JSON", number(JSON_DEPTH), REFUSED),
        line("nesting of RON", number(RON_DEPTH), REFUSED),
        line("nesting of XML and HTML", number(DEPTH), REFUSED),
        line("nesting of lists in cells", number(PYTHON_DEPTH), LEFT_OUT),
        line("elements of an XML file", number(NODES), REFUSED),
        line("tags of a page", number(TAGS), REFUSED),
        line("a page", mib(PAGE as u64), REFUSED),
        line("columns of a table", number(COLUMNS), REFUSED),
        line("files in an archive", number(ARCHIVED_FILES), REFUSED),
        line("an archive, unpacked", mib(UNPACKED), REFUSED),
        line("a file of an archive, unpacked", mib(UNPACKED_FILE), REFUSED),
        line("a file of an archive over 8 MiB", format!("{UNPACKED_TIMES} times its packed size"), REFUSED),
        line("a PDF file, and its text", mib(PDF as u64), REFUSED),
        line("reading a PDF file", format!("{PDF_SECONDS} seconds"), REFUSED),
        line("problems of a file", number(PROBLEMS), "the others are counted"),
        line("problems in the list", number(PROBLEMS_LISTED), "the others are counted"),
        line("mentions looked at in quotes, for statistics", number(LOOKS_INTO_QUOTES), "it is said so"),
        line("entities of a sentence, for statistics", number(ENTITIES_OF_SENTENCE), "it is said so"),
        line("entities whose pairs are counted", number(ENTITIES_PAIRED), "those in most documents are taken"),
        line("rows of a table of statistics", number(ROWS_OF_STATISTICS), "the others are counted"),
        line("hits of a search outlined", number(FIND_HITS), "the others are counted"),
        line("hits of a search in a project listed", number(SEARCH_HITS), "the others are counted"),
        line("text looked for", format!("{} characters", number(FIND_TEXT)), "it is said so"),
        line("a search in a document", format!("{FIND_SECONDS} seconds"), "it ends with what it has found"),
        line("marks over one place", number(MARKS_OF_PLACE), "the others are counted as “+n”"),
        line("a label in the article", format!("{TAG_SHOWN} characters"), SHORTENED),
        line("a label elsewhere", format!("{LABEL_SHOWN} characters"), SHORTENED),
        line("a name or title in a list", format!("{LINE_SHOWN} characters"), SHORTENED),
    ]
}

/// The table as it stands in the README.
pub fn markdown() -> String {
    let mut out = String::from("| what | at most | beyond it |\n|---|---|---|\n");
    for line in table() {
        out.push_str(&format!("| {} | {} | {} |\n", line.what, line.most, line.beyond));
    }
    out
}
