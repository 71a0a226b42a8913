//! Where everything of a project lies, and which names its files may have.
//!
//! Knows names and folders; reads nothing.

use std::fmt;
use std::path::{Path, PathBuf};

use ecow::EcoString;

use crate::store::confined;

/// The name of the file that makes a folder a project.
pub const PROJECT_FILE: &str = "project.ron";

/// What git is told to leave alone: the state of this copy of the project, and what can be made again.
pub const IGNORED: &str = "/.manicule/\n/.cache/\n";

/// Bytes of the longest name: an extension and the marks of a second one of the same name still fit 255.
const LONGEST: usize = 120;

/// The name of a document or of an annotator's folder: that of a file without extension, on every system.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(EcoString);

impl Name {
    /// A name that stands in a file or on the disk; `None` if it could lead elsewhere or not exist on some system.
    pub fn new(name: &str) -> Option<Self> {
        let is_plain = |c: char| !c.is_control() && !"/\\:*?\"<>|".contains(c);
        let is_name = !name.is_empty()
            && name.len() <= LONGEST
            && !name.starts_with(['.', ' '])
            && !name.ends_with(['.', ' '])
            && name.chars().all(is_plain)
            && !confined::is_device(name);
        is_name.then(|| Self(name.into()))
    }

    /// A name made of any words: what no name may have becomes a hyphen. Without any usable letter it is `other`, which
    /// must be a name.
    pub fn of_words(words: &str, other: &str) -> Self {
        let mut name = String::new();
        for c in words.trim().chars() {
            let is_usable = c.is_alphanumeric() || "._+@()".contains(c);
            match c {
                _ if is_usable => name.push(c),
                _ if !name.ends_with('-') => name.push('-'),
                _ => {}
            }
            if name.len() > LONGEST - 24 {
                break;
            }
        }
        let name = name.trim_matches(['-', '.']);
        Self::new(name).unwrap_or_else(|| Self(other.into()))
    }

    /// The same with a number behind it.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Self {
        Self(ecow::eco_format!("{}-{number}", self.0))
    }

    /// As it stands on the disk, without extension.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names have in common that are one file on systems that do not tell capitals apart.
    pub fn folded(&self) -> String {
        self.0.as_str().to_lowercase()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a file of a project is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A document's text or what is known of it.
    Document(Name),
    /// An annotator's layer over a document.
    Layer {
        /// The annotator's folder.
        folder: Name,
        /// The document.
        document: Name,
    },
}

/// The folder of a project. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Of the project in this folder.
    pub fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the project says of itself.
    pub fn project_file(&self) -> PathBuf {
        self.root.join(PROJECT_FILE)
    }

    /// The folder of texts.
    pub fn documents(&self) -> PathBuf {
        self.root.join("documents")
    }

    /// The text of a document.
    pub fn text_of(&self, document: &Name) -> PathBuf {
        self.documents().join(format!("{document}.txt"))
    }

    /// What is known of a document.
    pub fn sidecar_of(&self, document: &Name) -> PathBuf {
        self.documents().join(format!("{document}.ron"))
    }

    /// The folder with a folder for each annotator.
    pub fn annotations(&self) -> PathBuf {
        self.root.join("annotations")
    }

    /// The folder of an annotator.
    pub fn layers(&self, folder: &Name) -> PathBuf {
        self.annotations().join(folder.as_str())
    }

    /// An annotator's layer over a document; the file may not exist yet.
    pub fn layer_of(&self, folder: &Name, document: &Name) -> PathBuf {
        self.layers(folder).join(format!("{document}.ron"))
    }

    /// State of this copy of the project that must not be lost.
    pub fn local(&self) -> PathBuf {
        self.root.join(".manicule")
    }

    /// The journals of layers.
    pub fn journals(&self) -> PathBuf {
        self.local().join("journals")
    }

    /// Records of what changed many documents at once.
    pub fn operations(&self) -> PathBuf {
        self.local().join("operations")
    }

    /// What may be deleted at any time.
    pub fn cache(&self) -> PathBuf {
        self.root.join(".cache")
    }

    /// The index of documents.
    pub fn index(&self) -> PathBuf {
        self.cache().join("index.sqlite")
    }

    /// What a file of the project is; `None` for all but documents and layers.
    pub fn place_of(&self, file: &Path) -> Option<Place> {
        let inside = file.strip_prefix(&self.root).ok()?;
        let words: Vec<&str> = inside.iter().map(|part| part.to_str()).collect::<Option<_>>()?;
        let stem = |file: &str, extensions: &[&str]| {
            extensions.iter().find_map(|extension| file.strip_suffix(extension)).and_then(Name::new)
        };
        match words.as_slice() {
            ["documents", file] => stem(file, &[".txt", ".ron"]).map(Place::Document),
            ["annotations", folder, file] => {
                Some(Place::Layer { folder: Name::new(folder)?, document: stem(file, &[".ron"])? })
            }
            _ => None,
        }
    }

    /// The project that a file or folder lies in, looking upwards from it. Asks the disk: not for a frame.
    pub fn around(path: &Path) -> Option<Self> {
        let path = std::path::absolute(path).ok()?;
        let path = path.canonicalize().unwrap_or(path);
        let root = path.ancestors().find(|folder| folder.join(PROJECT_FILE).is_file())?;
        Some(Self::new(root.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_in_the_folder_on_every_system() {
        for good in ["a", "2023-05-04 Talks in Arlington", "Ærø", "a.b", "000_1a5c"] {
            assert_eq!(Name::new(good).expect(good).as_str(), good);
        }
        for bad in ["", ".", "..", ".git", "a/b", "a\\b", "c:x", "nul", "COM1.x", "a ", " a", "a.", "a\nb", "a?"] {
            assert_eq!(Name::new(bad), None, "{bad:?}");
        }
        assert_eq!(Name::new(&"x".repeat(LONGEST + 1)), None);
    }

    #[test]
    fn any_words_make_a_name() {
        for (words, name) in [
            ("Talks: “Armenia” & Azerbaijan?", "Talks-Armenia-Azerbaijan"),
            ("../../etc/passwd", "etc-passwd"),
            ("???", "document"),
            ("con", "document"),
            ("  a  b ", "a-b"),
        ] {
            assert_eq!(Name::of_words(words, "document").as_str(), name);
        }
        let long = Name::of_words(&"ж".repeat(1000), "document").numbered(99_999);
        assert!(Name::new(long.as_str()).is_some(), "{long}");
    }

    #[test]
    fn files_are_known_by_their_place() {
        let layout = Layout::new("/p".into());
        let (ana, one) = (Name::new("ana").expect("a name"), Name::new("one").expect("a name"));
        assert_eq!(layout.place_of(&layout.text_of(&one)), Some(Place::Document(one.clone())));
        assert_eq!(layout.place_of(&layout.sidecar_of(&one)), Some(Place::Document(one.clone())));
        let layer = Place::Layer { folder: ana.clone(), document: one.clone() };
        assert_eq!(layout.place_of(&layout.layer_of(&ana, &one)), Some(layer));
        for other in ["/p/project.ron", "/p/annotations/ana", "/q/documents/one.txt", "/p/documents/x/one.txt"] {
            assert_eq!(layout.place_of(Path::new(other)), None, "{other}");
        }
    }
}
