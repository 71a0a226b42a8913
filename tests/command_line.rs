//! The command line: the real program in a temporary folder, one subcommand and one kind of bad input at a time.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder and what the program says in it.
struct Folder(tempfile::TempDir);

struct Answer {
    code: i32,
    out: String,
    err: String,
}

impl Answer {
    /// Both outputs, for messages.
    fn all(&self) -> String {
        format!("exit code {}\n{}{}", self.code, self.out, self.err)
    }

    #[track_caller]
    fn says(&self, code: i32, parts: &[&str]) -> &Self {
        let all = self.all();
        assert_eq!(self.code, code, "{all}");
        for part in parts {
            assert!(all.contains(part), "{part:?} is missing:\n{all}");
        }
        self
    }
}

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("temporary folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("in the folder")).expect("writable");
        fs::write(path, content).expect("writable");
        self
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn run(&self, arguments: &[&str]) -> Answer {
        let output = Command::new(env!("CARGO_BIN_EXE_manicule"))
            .args(arguments)
            .current_dir(self.0.path())
            .env("MANICULE_DATA_DIR", self.path(".data"))
            .env_remove("RUST_BACKTRACE")
            .output()
            .expect("the program starts");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Answer { code: output.status.code().expect("not killed"), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Every file with its bytes.
    fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        fn collect(folder: &Path, into: &mut BTreeMap<PathBuf, Vec<u8>>) {
            for entry in fs::read_dir(folder).expect("folder") {
                let path = entry.expect("entry").path();
                if path.is_dir() {
                    collect(&path, into);
                } else {
                    into.insert(path.clone(), fs::read(&path).expect("readable"));
                }
            }
        }
        let mut files = BTreeMap::new();
        collect(self.0.path(), &mut files);
        files
    }
}

const ARTICLE: &str = "Talks resume in the capital\r\n\r\nAnna met Bob 😀 in Paris.\r\n";

/// A native file with this text, and with these fields after the document.
fn native(text: &str, fields: &str) -> String {
    format!(
        "(\n    format: \"manicule/1\",\n    document: (id: \"a\", title: \"Talks\", text: {text:?}),\n    schema: (name: \"news\", version: 1),\n    {fields}\n)\n"
    )
}

/// A native file with one mention.
fn one_mention(mention: &str) -> String {
    native("Anna met Bob.", &format!("mentions: [\n        ({mention}),\n    ],"))
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/000_1a5c9ff20c0ee09c.ron")
}

#[test]
fn usage_errors_have_code_2() {
    let folder = Folder::new().with("a.txt", ARTICLE);
    folder.run(&["convert"]).says(2, &["Usage"]);
    folder.run(&["convert", "a.txt", "--to", "nonsense", "-o", "x"]).says(2, &["nonsense", "ron, json, jsonl"]);
    folder.run(&["convert", "a.txt", "--to", "ron", "-o", "x", "--encoding", "klingon"]).says(2, &["klingon", "UTF-8"]);
    folder.run(&["schema", "show", "nonsense"]).says(2, &["nonsense", "news"]);
    folder.run(&["--help"]).says(0, &["convert", "validate", "stats", "formats", "schema"]);
}

#[test]
fn formats_lists_every_format_with_what_it_cannot_hold() {
    let answer = Folder::new().run(&["formats"]);
    answer.says(0, &["CANNOT HOLD", "ron ", "json ", "jsonl ", "text ", ".ndjson", "mentions; entities"]);
    assert_eq!((answer.out.lines().count(), answer.err.as_str()), (manicule::formats::FORMATS.len() + 1, ""));
}

/// With `MANICULE_BLESS=1` the table is written instead of compared.
#[test]
fn the_table_of_formats_in_the_readme_is_what_they_declare() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(&path).expect("a README");
    let table = Folder::new().run(&["formats", "--markdown"]).says(0, &["| `ron` | ✓ | ✓ |"]).out.clone();
    let (before, rest) = readme.split_once("| format | `--to`").expect("the table");
    let after = rest.split_once("|\n\n").expect("the end of the table").1;
    let wanted = format!("{before}{table}\n{after}");
    if std::env::var_os("MANICULE_BLESS").is_some() {
        fs::write(&path, wanted).expect("writable");
    } else {
        assert!(readme == wanted, "run the tests with MANICULE_BLESS=1 and commit README.md");
    }
}

#[test]
fn articles_of_other_forms_are_converted_with_what_is_left_out_listed() {
    let table = "id;story\n1;Anna met Bob\n2;\"Talks; resume\"\n";
    let page = "<html><body><nav>Home</nav><p>Anna met Bob.</p><script>x</script></body></html>";
    let folder = Folder::new().with("a.csv", table).with("b.html", page).with("c.txt", ARTICLE);
    folder.run(&["convert", "a.csv", "--to", "ron", "-o", "x"]).says(1, &["a.csv:1:1", "id, story", "column=NAME"]);
    folder
        .run(&["convert", "a.csv", "-R", "column=story", "--to", "jsonl", "-o", "a.jsonl"])
        .says(0, &["2 documents converted"]);
    assert!(folder.read("a.jsonl").contains("Talks; resume"));
    folder.run(&["convert", "a.csv", "-R", "nonsense=1", "--to", "ron", "-o", "x"]).says(1, &["nonsense", "column"]);
    folder.run(&["convert", "c.txt", "-R", "column=x", "--to", "ron", "-o", "x"]).says(1, &["no choices for reading"]);
    folder
        .run(&["convert", "b.html", "-R", "part=all", "--to", "ron", "-o", "b.ron"])
        .says(0, &["1 script is left out", "1 menu is left out", "b.html"]);
}

#[test]
fn a_large_file_of_many_articles_is_converted_piece_by_piece_and_told_as_one_file() {
    let row =
        |i: usize| format!("{{\"body\": \"Anna {i} met Bob in Paris. {}\", \"x\": 1}}\n", "Talks went on. ".repeat(60));
    let rows: String = (0..11_000).map(row).collect();
    assert!(rows.len() > 9 << 20);
    let folder = Folder::new().with("a.jsonl", &rows).with("b.jsonl", format!("{rows}{{\"body\": \n"));
    let answer = folder.run(&["convert", "a.jsonl", "--to", "jsonl", "-o", "out.jsonl"]);
    answer.says(0, &["11000 documents converted", "columns that are left out: x"]);
    assert_eq!(answer.err.matches("left out").count(), 1, "{}", answer.err);
    let out = folder.read("out.jsonl");
    let numbers = out.lines().map(|line| line.split("Anna ").nth(1).and_then(|rest| rest.split(' ').next()));
    assert!(numbers.eq((0..11_000).map(|i| i.to_string()).collect::<Vec<_>>().iter().map(|i| Some(i.as_str()))));
    folder.run(&["convert", "b.jsonl", "--to", "jsonl", "-o", "b-out.jsonl"]).says(0, &["b.jsonl:11001:"]);
    let broken = "{\"format\": \"manicule/1\", \"x\": 1}\n".repeat(300_000);
    let folder = folder.with("c.jsonl", broken);
    let answer = folder.run(&["convert", "c.jsonl", "--to", "ron", "-o", "c"]);
    answer.says(1, &["c.jsonl:1:", "more than 1000 errors; nothing was written"]);
    assert!(answer.err.lines().count() < 1100);
}

#[test]
fn schemas_are_listed_shown_and_checked() {
    let folder = Folder::new();
    folder.run(&["schema", "list"]).says(0, &["news", "ace2005", "plover", "conll2003", "ontonotes"]);
    let shown = folder.run(&["schema", "show", "news"]);
    let folder = folder.with("my.ron", &shown.out).with("bad.ron", "(format: \"manicule-schema/1\",\n nam: \"x\")");
    folder.run(&["schema", "check", "my.ron"]).says(0, &["my.ron", "\"news\""]);
    folder.run(&["schema", "check", "bad.ron"]).says(1, &["bad.ron:2:", "nam", "correct the file"]);
    folder.run(&["schema", "check", "absent.ron"]).says(1, &["absent.ron", "name a schema file"]);
}

#[test]
fn two_schemas_are_compared_in_words_and_as_data() {
    let folder = Folder::new();
    let shown = folder.run(&["schema", "show", "news"]);
    let folder = folder.with("my.ron", shown.out.replace("\"Vehicle\"", "\"Craft\""));
    let answer = folder.run(&["schema", "diff", "news", "my.ron"]);
    answer.says(0, &["perhaps renamed: the mention type Vehicle to Craft (", "\n  Rename Vehicle to Craft\n"]);
    let answer = folder.run(&["schema", "diff", "news", "my.ron", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    assert_eq!(found["differences"][0]["to"], "Craft", "{found}");
    assert_eq!(found["proposal"][0]["Rename"]["from"], "Vehicle", "{found}");
    folder.run(&["schema", "diff", "my.ron", "my.ron"]).says(0, &["no difference"]);
    folder.run(&["schema", "diff", "my.ron", "none.ron"]).says(1, &["none.ron", "name a schema file"]);
}

#[test]
fn a_text_goes_through_every_format_and_comes_back_verbatim() {
    let folder = Folder::new().with("a.txt", ARTICLE);
    folder
        .run(&["convert", "a.txt", "--to", "ron", "-o", "b.ron"])
        .says(0, &["1 document converted", "1 file written"]);
    folder.run(&["convert", "b.ron", "--to", "json", "-o", "c.json", "--strict"]).says(0, &[]);
    folder.run(&["convert", "c.json", "--to", "jsonl", "-o", "d.jsonl", "--strict"]).says(0, &[]);
    folder.run(&["convert", "d.jsonl", "--to", "ron", "-o", "e.ron", "--strict"]).says(0, &[]);
    folder.run(&["convert", "e.ron", "--to", "text", "-o", "f.txt", "--strict"]).says(0, &[]);
    assert_eq!(folder.read("f.txt"), ARTICLE);
    assert_eq!(folder.read("b.ron"), folder.read("e.ron"));
    let answer = folder.run(&["convert", "e.ron", "--to", "text", "-o", "-"]);
    assert_eq!((answer.code, answer.out.as_str()), (0, ARTICLE));
}

#[test]
fn the_sample_survives_json_byte_for_byte() {
    let folder = Folder::new();
    let sample = sample();
    let path = sample.to_str().expect("UTF-8");
    folder.run(&["convert", path, "--to", "jsonl", "-o", "all.jsonl", "--strict"]).says(0, &[]);
    folder.run(&["convert", "all.jsonl", "--to", "ron", "-o", "back.ron", "--strict"]).says(0, &[]);
    assert_eq!(folder.read("back.ron"), fs::read_to_string(sample).expect("ships"));
}

#[test]
fn what_a_format_cannot_hold_is_told_and_strict_refuses_it() {
    let mention = "id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]";
    let folder = Folder::new().with("a.ron", one_mention(mention));
    let strict = ["convert", "a.ron", "--to", "text", "-o", "b.txt", "--strict", "--loss-report", "lost.txt"];
    folder.run(&strict).says(1, &["m1: the mention Person \"Anna\" is lost", "nothing was written"]);
    assert!(!folder.path("b.txt").exists());
    assert!(
        folder
            .read("lost.txt")
            .lines()
            .any(|line| { line.contains(r#""file":"a.ron","id":"m1","treatment":"dropped""#) })
    );
    folder.run(&strict[..6]).says(0, &["m1: the mention Person \"Anna\" is lost"]);
    assert_eq!(folder.read("b.txt"), "Anna met Bob.");
}

#[test]
fn folders_are_searched_and_keep_their_shape() {
    let folder = Folder::new()
        .with("in/a.txt", ARTICLE)
        .with("in/deep/b.txt", "A second article about Anna.")
        .with(
            "in/deep/c.ron",
            one_mention("id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]"),
        )
        .with("in/deep/c.txt", "Anna met Bob.")
        .with("in/package.json", "{}")
        .with("in/picture.png", "\0")
        .with("in/.hidden/d.txt", "hidden");
    folder
        .run(&["convert", "in", "--to", "json", "-o", "out"])
        .says(0, &["3 documents", "package.json: passed over", "c.txt: passed over"]);
    for name in ["out/a.json", "out/deep/b.json", "out/deep/c.json"] {
        assert!(folder.read(name).starts_with("{\n  \"format\": \"manicule/1\""), "{name}");
    }
    folder.run(&["convert", "in", "--to", "jsonl", "-o", "all.jsonl"]).says(0, &["3 documents", "1 file written"]);
    assert_eq!(folder.read("all.jsonl").lines().count(), 3);
    folder.run(&["convert", "all.jsonl", "--to", "ron", "-o", "split"]).says(0, &["3 files written"]);
    assert!(folder.path("split/all-2.ron").exists());
    folder
        .run(&["convert", "in/picture.png", "in/.hidden", "--to", "ron", "-o", "x"])
        .says(1, &["picture.png", "not text"]);
}

#[test]
fn convert_replaces_nothing_without_being_told() {
    let folder = Folder::new().with("a.txt", ARTICLE).with("b.ron", "precious");
    folder.run(&["convert", "a.txt", "--to", "ron", "-o", "b.ron"]).says(1, &["b.ron", "exists", "--overwrite"]);
    folder.run(&["convert", "a.txt", "--to", "ron", "-o", "a.txt"]).says(1, &["a.txt", "is the input"]);
    assert_eq!((folder.read("b.ron").as_str(), folder.read("a.txt").as_str()), ("precious", ARTICLE));
    folder.run(&["convert", "a.txt", "--to", "ron", "-o", "b.ron", "--overwrite"]).says(0, &[]);
    folder.run(&["convert", "a.txt", "--to", "ron", "-o", "b.ron"]).says(0, &["0 files written"]);
    folder.run(&["convert", "a.txt", "b.ron", "--to", "ron", "-o", "b.ron"]).says(1, &["b.ron", "name a folder"]);
}

#[test]
fn nothing_is_written_unless_everything_can_be_read() {
    let folder = Folder::new().with("in/a.txt", ARTICLE).with("in/b.txt", "");
    folder
        .run(&["convert", "in", "--to", "ron", "-o", "out"])
        .says(1, &["b.txt", "empty", "1 of 2 files", "nothing was written"]);
    assert!(!folder.path("out").exists());
}

#[test]
fn losses_are_counted_and_what_was_not_understood_is_reported() {
    let mentions = "(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]), \
        (id: \"m2\", label: \"Place\", spans: [(start: 9, end: 12, text: \"Bob\")])";
    let folder = Folder::new()
        .with("a.ron", native("Anna met Bob.", &format!("mentions: [{mentions}],")))
        .with("b.txt", b"The caf\xe9 in Orl\xe9ans was closed, said the mayor, Ren\xe9 of the old town.");
    let answer =
        folder.run(&["convert", "a.ron", "b.txt", "--to", "text", "-o", "out/", "--import-report", "in.jsonl"]);
    answer.says(0, &["4 losses: 2 things said of documents and 2 mentions dropped", "2 files written"]);
    let line: serde_json::Value = serde_json::from_str(folder.read("in.jsonl").trim_end()).expect("one line");
    assert_eq!((line["file"].as_str(), line["code"].as_str()), (Some("b.txt"), Some("encoding-guess")));
    assert!(line["hint"].as_str().is_some_and(|hint| !hint.is_empty()));
    // The report is written although nothing else is.
    folder
        .run(&["convert", "absent.ron", "--to", "json", "-o", "x.json", "--import-report", "in2.jsonl"])
        .says(1, &["nothing was written"]);
    assert!(folder.read("in2.jsonl").contains("no-such-file"));
}

#[test]
fn labels_kinds_annotators_and_statuses_are_chosen() {
    let folder = Folder::new();
    let sample = sample();
    let path = sample.to_str().expect("UTF-8");
    folder
        .run(&["convert", path, "--to", "ron", "-o", "p.ron", "--label", "Person", "--kind", "mention"])
        .says(0, &["not chosen: 0 documents"]);
    let counts = folder.run(&["stats", "p.ron", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&counts.out).expect("JSON");
    let total = &json["total"];
    let names: Vec<&String> = total["mentions"].as_object().expect("counts").keys().collect();
    assert_eq!(names, ["Person"]);
    assert!(total["events"].as_object().is_some_and(serde_json::Map::is_empty));
    folder.run(&["validate", "p.ron"]).says(0, &[]);
    folder
        .run(&["convert", "p.ron", "--to", "json", "-o", "x.json", "--annotator", "nobody"])
        .says(1, &["no document was chosen"]);
    folder.run(&["convert", "p.ron", "--to", "json", "-o", "x.json", "--status", "fresh"]).says(2, &["in-progress"]);
    folder.run(&["convert", "p.ron", "--to", "json", "-o", "x.json", "--kind", "verb"]).says(2, &["mention, entity"]);
}

#[test]
fn two_documents_are_not_written_to_one_place() {
    let folder = Folder::new().with("a/x.txt", ARTICLE).with("b/x.txt", ARTICLE);
    folder
        .run(&["convert", "a/x.txt", "b/x.txt", "--to", "ron", "-o", "out/"])
        .says(1, &["x.ron", "two documents would be written there"]);
    assert!(!folder.path("out").exists());
}

/// A folder `in` with so many small documents, each with a mention.
fn many(count: usize) -> Folder {
    let mut folder = Folder::new();
    for i in 0..count {
        let label = if i.is_multiple_of(10) { "Place" } else { "Person" };
        let text = format!("Anna met Bob number {i}.");
        let mention =
            format!("mentions: [(id: \"m1\", label: {label:?}, spans: [(start: 0, end: 4, text: \"Anna\")])],");
        folder = folder.with(&format!("in/{i:03}.ron"), native(&text, &mention));
    }
    folder
}

#[test]
fn a_dataset_is_split_by_seed_with_a_manifest_and_a_card() {
    let folder = many(50);
    let split = ["convert", "in", "--to", "jsonl", "--split", "80/10/10", "--seed", "7", "-o"];
    folder.run(&[&split[..], &["data"]].concat()).says(0, &["50 documents converted", "5 files written"]);
    let count = |name: &str| folder.read(name).lines().count();
    assert_eq!(["data/train.jsonl", "data/dev.jsonl", "data/test.jsonl"].map(count).iter().sum::<usize>(), 50);
    let manifest: serde_json::Value = serde_json::from_str(&folder.read("data/manifest.json")).expect("JSON");
    assert_eq!((manifest["seed"].as_u64(), manifest["format"].as_str()), (Some(7), Some("jsonl")));
    assert_eq!(manifest["schemas"][0]["name"].as_str(), Some("news"));
    for (part, places) in [(0, 4), (1, 1), (2, 0)] {
        let labels = &manifest["splits"][part]["labels"];
        let found = labels["mention:Place"].as_u64().unwrap_or_default();
        assert!(found.abs_diff(places) <= 1, "{labels}");
    }
    let sum = manifest["splits"][0]["files"][0]["sha256"].as_str().expect("a sum").to_owned();
    assert_eq!(sum, manicule::store::sha256_of(folder.read("data/train.jsonl").as_bytes()));
    let card = folder.read("data/README.md");
    assert!(card.starts_with("---\nconfigs:") && card.contains("| mention:Person |"), "{card}");

    // The same seed makes the same bytes, another does not; a format of one file a document makes folders.
    folder.run(&[&split[..], &["again"]].concat()).says(0, &[]);
    for name in ["train.jsonl", "dev.jsonl", "test.jsonl", "manifest.json", "README.md"] {
        assert_eq!(folder.read(&format!("data/{name}")), folder.read(&format!("again/{name}")), "{name}");
    }
    folder.run(&["convert", "in", "--to", "jsonl", "--split", "80/10/10", "--seed", "8", "-o", "other"]).says(0, &[]);
    assert_ne!(folder.read("data/train.jsonl"), folder.read("other/train.jsonl"));
    folder
        .run(&["convert", "in", "--to", "ron", "--split", "a=1/b=1", "--stratify", "none", "-o", "apart"])
        .says(0, &["52 files written"]);
    assert_eq!(fs::read_dir(folder.path("apart/a")).expect("a folder").count(), 25);
    folder.run(&["convert", "in", "--to", "ron", "--split", "100", "-o", "x"]).says(2, &["80/10/10"]);
    folder.run(&["convert", "in", "--to", "ron", "--seed", "1", "-o", "x"]).says(2, &["--split"]);
    // And what is there is not replaced.
    let again = ["convert", "in", "--to", "jsonl", "--split", "50/50", "-o", "data"];
    folder.run(&again).says(1, &["this file exists", "--overwrite"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_leaves_nothing_behind() {
    let folder = many(400);
    let child = Command::new(env!("CARGO_BIN_EXE_manicule"))
        .args(["convert", "in", "--to", "json", "-o", "out"])
        .current_dir(folder.0.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    // Once it has begun, and long before it is done.
    let is_begun = || fs::read_dir(folder.0.path()).expect("a folder").count() > 1;
    let begun = std::time::Instant::now();
    while !is_begun() {
        assert!(begun.elapsed().as_secs() < 60, "it does not begin");
        std::thread::yield_now();
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill is there");
    let output = child.wait_with_output().expect("it ends");
    let err = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        // It was faster than the signal.
        return;
    }
    assert!(asked.success() && output.status.code() == Some(130), "{:?}: {err}", output.status);
    assert!(err.contains("stopped; nothing was written"), "{err}");
    let names: Vec<_> = fs::read_dir(folder.0.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
    assert_eq!(names, ["in"]);
}

#[test]
fn validate_names_file_place_and_what_to_do() {
    let good = "id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]";
    let folder = Folder::new().with("good.ron", one_mention(good)).with("a.txt", ARTICLE);
    folder.run(&["validate", "good.ron", "a.txt"]).says(0, &["no problems in 2 files"]);
    let bad =
        "mentions: [(id: \"m1\", label: \"Persona\", spans: [(start: 9, end: 12, text: \"Bob\")], entity: \"n7\")]";
    let folder = folder.with("bad.ron", native("Anna met Bob.", bad));
    let answer = folder.run(&["validate", "good.ron", "bad.ron"]);
    answer.says(
        1,
        &["bad.ron: error: m1: the label \"Persona\"", "at characters 9–12", "choose another label", "[unknown-label]"],
    );
    answer.says(1, &["points to n7, which does not exist", "[dangling-reference]", "2 problems in 2 files"]);
    let tiny = "(format: \"manicule-schema/1\", name: \"tiny\", version: 1, title: \"T\", mentions: [(label: \"Persona\", definition: \"d\", examples: [])])";
    let folder = folder.with("tiny.ron", tiny);
    let answer = folder.run(&["validate", "bad.ron", "--schema", "tiny.ron"]);
    answer.says(1, &["[dangling-reference]"]);
    assert!(!answer.out.contains("unknown-label"), "{}", answer.all());
    folder.run(&["validate", "bad.ron", "--schema", "none.ron"]).says(1, &["none.ron"]);
    let named = one_mention(good).replace("\"news\"", "\"ours\"");
    folder.with("ours.ron", named).run(&["validate", "ours.ron"]).says(1, &["\"ours\"", "--schema FILE"]);
}

#[test]
fn the_sample_has_no_error() {
    let answer = Folder::new().run(&["validate", sample().to_str().expect("UTF-8")]);
    assert!(!answer.out.contains("error:"), "{}", answer.all());
}

#[test]
fn stats_count_in_a_table_and_in_json() {
    let folder = Folder::new().with("a.txt", ARTICLE);
    let sample = sample();
    let answer = folder.run(&["stats", "a.txt", sample.to_str().expect("UTF-8")]);
    answer.says(0, &["documents", "Person", "Consult", "(with speaker)", "tokens", "Actor"]);
    let answer = folder.run(&["stats", "a.txt", sample.to_str().expect("UTF-8"), "--json"]);
    let json: serde_json::Value = serde_json::from_str(&answer.out).expect("JSON");
    let first = &json["documents"][0]["characters"];
    assert_eq!((json["total"]["documents"].as_u64(), first.as_u64()), (Some(2), Some(ARTICLE.chars().count() as u64)));
    assert!(json["total"]["quotes_with_speaker"].as_u64() > Some(0));
    folder.run(&["stats", "absent.txt"]).says(1, &["absent.txt", "no such file"]);
}

#[test]
fn figures_of_stats_agree_with_its_counts_and_with_an_export() {
    let sample = std::fs::read_to_string(sample()).expect("readable");
    let mention = "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")])]";
    let folder = (0..7).fold(Folder::new().with("in/7.ron", &sample), |folder, nth| {
        folder.with(&format!("in/{nth}.ron"), native(&format!("Anna met Bob {nth}."), mention))
    });
    let json: serde_json::Value =
        serde_json::from_str(&folder.run(&["stats", "in", "--json", "--split", "50/50", "--seed", "3"]).out)
            .expect("JSON");
    let figures = &json["figures"];
    assert_eq!((figures["documents"].as_u64(), json["documents"].as_array().map(Vec::len)), (Some(8), Some(8)));
    for row in figures["labels"].as_array().expect("a list") {
        let of_kind = format!("{}s", row["mark"].as_str().expect("a kind"));
        let label = row["label"].as_str().expect("a label");
        assert_eq!(row["marks"], json["total"][of_kind.as_str()][label], "{label}");
    }
    let of_speakers = figures["speech"]["speakers"].as_array().expect("a list").iter();
    let quotes: u64 = of_speakers.filter_map(|row| row["quotes"].as_u64()).sum();
    // What two people said together is said by each of them.
    assert!(figures["marks"]["quotes"].as_u64().is_some_and(|all| all > 0 && quotes >= all), "{quotes}");
    assert!(figures["together"]["pairs"].as_array().is_some_and(|pairs| !pairs.is_empty()));
    assert!(figures["events"][0]["roles"].as_array().is_some_and(|roles| !roles.is_empty()));

    folder.run(&["convert", "in", "--to", "jsonl", "-o", "out", "--split", "50/50", "--seed", "3"]).says(0, &[]);
    let manifest: serde_json::Value = serde_json::from_str(&folder.read("out/manifest.json")).expect("JSON");
    for (nth, exported) in manifest["splits"].as_array().expect("parts").iter().enumerate() {
        let part = &figures["split"]["parts"][nth];
        assert_eq!((&part["name"], &part["documents"]), (&exported["name"], &exported["documents"]));
        for row in figures["split"]["labels"].as_array().expect("a list") {
            let label =
                format!("{}:{}", row["mark"].as_str().expect("a kind"), row["label"].as_str().expect("a label"));
            let marks = row["marks"][nth].as_u64().unwrap_or_default();
            assert_eq!(marks, exported["labels"][label.as_str()].as_u64().unwrap_or_default(), "{label}");
        }
    }
    let other = folder.run(&["stats", "in", "--json", "--annotator", "Nobody"]);
    let json: serde_json::Value = serde_json::from_str(&other.out).expect("JSON");
    assert_eq!(json["figures"]["documents"].as_u64(), Some(0));
    folder.run(&["stats", "in", "--seed", "3"]).says(2, &["--json"]);
}

#[test]
fn layers_of_one_document_of_a_project_are_one_document_of_its_statistics() {
    use manicule::project::adding::{self, Adding, Known};
    use manicule::project::{Project, default_schema};
    let text = "Anna met Bob.";
    let folder = Folder::new().with("from/talks.txt", text);
    let project = Project::create(&folder.path("work"), "Work", &default_schema()).expect("writable");
    let project = ["Anna", "Lee"].iter().fold(project, |p, name| p.with_annotator(name).expect("writable"));
    let adding = Adding { sources: vec![folder.path("from")], ..Adding::default() };
    adding::add(&manicule::store::disk::Disk::default(), &project, Known::default(), &adding, |_| true)
        .expect("writable");
    let layer = |name: &str| {
        let mention = "mentions: [(id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")])]";
        native(text, &format!("annotator: Some({name:?}),\n    {mention}"))
    };
    let folder = folder
        .with("work/annotations/anna/talks.ron", layer("Anna"))
        .with("work/annotations/lee/talks.ron", layer("Lee"));
    let json = |more: &[&str]| -> serde_json::Value {
        let answer = folder.run(&[&["stats", "work", "--json"], more].concat());
        serde_json::from_str(&answer.says(0, &[]).out).expect("JSON")
    };
    let all = json(&[]);
    assert_eq!((all["documents"].as_array().map(Vec::len), all["articles"][0].as_str()), (Some(2), Some("talks")));
    let figures = &all["figures"];
    assert_eq!((figures["documents"].as_u64(), figures["layers"].as_u64()), (Some(1), Some(2)));
    assert_eq!(figures["marks"]["mentions"].as_u64(), Some(2));
    assert_eq!(json(&["--annotator", "Lee"])["figures"]["marks"]["mentions"].as_u64(), Some(1));
}

/// Refused by every command that reads: code 1, a message with these parts, and every file as it was.
#[track_caller]
fn refused(name: &str, content: impl AsRef<[u8]>, parts: &[&str]) {
    let folder = Folder::new().with(name, content);
    let before = folder.files();
    for command in [&["validate", name][..], &["stats", name], &["convert", name, "--to", "json", "-o", "out.json"]] {
        folder.run(command).says(1, &[name]).says(1, parts);
    }
    assert_eq!(folder.files(), before, "nothing is changed and nothing written");
}

/// Opens with these remarks; the input stays as it was.
#[track_caller]
fn opened(name: &str, content: impl AsRef<[u8]>, parts: &[&str]) {
    let folder = Folder::new().with(name, content);
    let before = folder.files();
    folder.run(&["validate", name]).says(1, &[name]).says(1, parts);
    folder.run(&["stats", name]).says(0, &[]);
    assert_eq!(folder.files(), before);
}

#[test]
fn what_is_not_text_is_refused() {
    refused("a.txt", b"\x89PNG\r\n\x1a\n\0\0", &["not text", "PNG picture", "save it as plain text"]);
    refused("a.txt", b"%PDF-1.7\n%....", &["PDF document"]);
    refused("a.txt", b"abc\0def, and so on", &["not text", "byte 3 is zero"]);
    refused("a.txt", "", &["empty", "choose a file with an article"]);
    refused("a.ron", "", &["empty"]);
    refused("a.ron", b"(format: \"manicule/1\",\n x: \"\xff\")", &["a.ron:2:", "not UTF-8", "save the file as UTF-8"]);
}

#[test]
fn folders_and_absent_and_unreadable_files_are_named() {
    let folder = Folder::new().with("empty/.keep", "");
    folder.run(&["validate", "empty"]).says(1, &["empty", "no document in this folder"]);
    folder.run(&["validate", "absent.ron"]).says(1, &["absent.ron", "there is no such file", "check the name"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = folder.with("secret.txt", ARTICLE);
        let path = folder.path("secret.txt");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("ours");
        // The administrator reads everything.
        if fs::read(&path).is_err() {
            folder.run(&["validate", "secret.txt"]).says(1, &["secret.txt", "may not be read", "permissions"]);
        }
    }
}

#[test]
fn encodings_are_guessed_shown_and_may_be_chosen() {
    let latin1 = b"The caf\xe9 in Orl\xe9ans was closed, said the mayor, Ren\xe9 of the old town.";
    opened("a.txt", latin1, &["windows-1252", "is a guess", "choose another encoding"]);
    let folder = Folder::new().with("a.txt", latin1);
    folder.run(&["validate", "a.txt", "--encoding", "windows-1252"]).says(0, &[]);
    folder.run(&["validate", "a.txt", "--encoding", "utf-8"]).says(1, &["mean nothing in UTF-8", "another encoding"]);
    let utf16: Vec<u8> = b"\xff\xfe".iter().copied().chain(ARTICLE.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let folder = folder.with("u.txt", utf16);
    folder.run(&["convert", "u.txt", "--to", "ron", "-o", "u.ron"]).says(0, &[]);
    assert!(folder.read("u.ron").contains("encoding: Some(\"UTF-16LE\"),\n        bom: true,"));
    folder.run(&["convert", "u.ron", "--to", "text", "-o", "v.txt"]).says(0, &["written as UTF-8"]);
    assert_eq!(folder.read("v.txt"), ARTICLE);
}

#[test]
fn native_files_that_are_wrong_are_refused_with_their_place() {
    refused(
        "a.ron",
        "(\n  format: \"manicule/1\",\n  document (text: \"\"))",
        &["a.ron:3:", "ron-syntax", "text editor"],
    );
    refused("a.json", "{\"format\": \"manicule/1\",\n\"document\": {", &["a.json:2:", "json-syntax", "text editor"]);
    refused("a.ron", native("x", "mentons: [").replace("mentons", "colour: 1, mentons"), &["a.ron:5:", "ron-syntax"]);
    let misspelt = "id: \"m1\", lable: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]";
    refused("a.ron", one_mention(misspelt), &["a.ron:6:", "did you mean \"label\"?"]);
    refused("a.ron", "(format: \"manicule/7\", anything: 1)", &["manicule/7", "update the program"]);
    refused("a.ron", native("x", "").replace("format:", "offsets: \"utf16\", format:"), &["utf16", "codepoint"]);
    let out_of_range = "id: \"m1\", label: \"Person\", spans: [(start: 9, end: 99, text: \"Bob\")]";
    refused("a.ron", one_mention(out_of_range), &["a.ron:6:", "m1", "only 13 characters", "9–99"]);
    let inverted = "id: \"m1\", label: \"Person\", spans: [(start: 4, end: 0, text: \"Anna\")]";
    refused("a.ron", one_mention(inverted), &["a.ron:6:", "m1", "exchange start and end"]);
    let mismatch = "id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Bob\")]";
    refused("a.ron", one_mention(mismatch), &["a.ron:6:", "m1", "\"Bob\"", "\"Anna\"", "stand at 9–12"]);
    let with_sum = one_mention(mismatch).replace("title:", "sha256: \"0123\", title:");
    refused("a.ron", with_sum, &["wrong-sha256", "restore the text"]);
    refused("a.jsonl", "{\"format\": \"manicule/1\", \"document\": {\"text\": \"a\"}}\n{\"format\"", &["a.jsonl:2:"]);
}

#[test]
fn fields_of_a_newer_program_are_told_and_kept() {
    let content = native("Anna met Bob.", "mentons: [], era: Some(Old(since: 1e400)),");
    opened(
        "a.ron",
        &content,
        &["a.ron:5:5: warning", "did you mean \"mentions\"?", "\"era\" of the file", "unknown-field"],
    );
    let folder = Folder::new().with("a.ron", &content);
    folder.run(&["convert", "a.ron", "--to", "json", "-o", "a.json"]).says(0, &["a.ron:5:5: warning", "it is kept"]);
    folder.run(&["convert", "a.json", "--to", "ron", "-o", "b.ron"]).says(0, &["it is kept"]);
    assert!(folder.read("b.ron").ends_with("    mentons: [],\n    era: Some(Old(since: 1e400)),\n)\n"));
    let lost = folder.run(&["convert", "a.ron", "--to", "conll", "-o", "a.conll", "--strict"]);
    lost.says(1, &["2 fields are lost"]);
}

#[test]
fn files_of_a_newer_program_are_read_with_a_warning_and_never_written_over() {
    let content = native("Anna met Bob.", "era: 2,").replace("manicule/1", "manicule/2");
    opened("a.ron", &content, &["a.ron: warning: the format is \"manicule/2\"", "newer-format", "\"era\""]);
    let folder = Folder::new().with("a.ron", &content).with("o.ron", "(format: \"manicule/0\")");
    let over = folder.run(&["convert", "a.ron", "--to", "ron", "-o", "a.ron", "--overwrite"]);
    over.says(1, &["a newer version of the program wrote it (manicule/2)"]);
    assert_eq!(folder.read("a.ron"), content);
    folder
        .run(&["convert", "a.ron", "--to", "ron", "-o", "o.ron", "--overwrite"])
        .says(0, &["kept in", "o.ron.manicule-0.bak"]);
    assert_eq!(folder.read("o.ron.manicule-0.bak"), "(format: \"manicule/0\")");
    assert!(folder.read("o.ron").contains("format: \"manicule/1\"") && folder.read("o.ron").contains("    era: 2,\n"));
}

#[test]
fn native_files_that_lose_nothing_are_opened_with_their_problems_listed() {
    let good = "id: \"m1\", label: \"Person\", spans: [(start: 0, end: 4, text: \"Anna\")]";
    let sum = one_mention(good).replace("title:", "sha256: \"0123\", title:");
    opened("a.ron", sum, &["wrong-sha256", "every span still matches"]);
    let twice =
        format!("{good}),\n        (id: \"m1\", label: \"Person\", spans: [(start: 9, end: 12, text: \"Bob\")]");
    opened("a.ron", one_mention(&twice), &["a.ron:7:", "\"m1\" stands twice", "m2", "save the file"]);
    opened(
        "a.ron",
        one_mention(&good.replace("Person", "Persona")),
        &["unknown-label", "Persona", "choose another label"],
    );
    let dangling = format!("{good}, entity: Some(\"n5\")");
    opened("a.ron", one_mention(&dangling), &["m1", "n5", "dangling-reference", "remove the reference"]);
}

#[test]
fn a_mistake_in_the_program_is_one_sentence_with_a_report_and_other_files_are_read() {
    let article = "Talks resume in Samarkand\n\nAnna met Bob.\n";
    let folder = Folder::new()
        .with("in/bad.txt", article)
        .with("in/good.txt", ARTICLE)
        .with(".data/traps/reading bad.txt", article);
    let answer = folder.run(&["stats", "in", "--json"]);
    answer.says(1, &["bad.txt", "the program made a mistake while it read this file", "good.txt"]);
    says_one_sentence(&folder, &answer);
    let answer = folder.run(&["convert", "in", "--to", "json", "-o", "out"]);
    answer.says(1, &["the program made a mistake while it read this file"]);

    let folder = Folder::new().with("good.txt", ARTICLE).with(".data/traps/command", article);
    let answer = folder.run(&["validate", "good.txt"]);
    answer.says(101, &[]);
    says_one_sentence(&folder, &answer);
}

/// A mistake is told once, with the place of its report, and nothing of the article is in either.
fn says_one_sentence(folder: &Folder, answer: &Answer) {
    let told: Vec<&str> = answer.err.lines().filter(|line| line.contains("something went wrong")).collect();
    assert_eq!(told.len(), 1, "{}", answer.err);
    let reports: Vec<PathBuf> =
        folder.files().into_keys().filter(|path| path.starts_with(folder.path(".data/reports"))).collect();
    let [report] = reports.as_slice() else { panic!("{reports:?}") };
    assert!(told[0].ends_with(&report.display().to_string()), "{told:?}");
    let text = fs::read_to_string(report).expect("it is there");
    assert!(text.contains("place: src/panics.rs:") && !text.contains("Samarkand"), "{text}");
    assert!(!answer.err.contains("panicked at") && !answer.err.contains("Samarkand"), "{}", answer.err);
}
