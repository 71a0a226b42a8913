//! The documents as lists show them: all in memory, so that filtering and sorting ask nobody.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use ecow::EcoString;
use smallvec::SmallVec;

use super::{Index, IndexError, Same};
use crate::model::Status;
use crate::project::Name;

/// An annotator's work on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// The annotator's folder.
    pub folder: EcoString,
    /// How far the work is.
    pub status: Status,
    /// Mentions, events, quotes and relations.
    pub marks: u32,
    /// Problems under the project's schema.
    pub problems: u32,
    /// When it was changed last, as an RFC 3339 time; empty if not known.
    pub changed: EcoString,
    /// Why the file cannot be used; empty if it can.
    pub broken: EcoString,
}

/// A document in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name in the project.
    pub name: Name,
    /// What identifies the article elsewhere.
    pub article: EcoString,
    /// The first half of the SHA-256 of its text; 0 if that cannot be read.
    pub text: u128,
    /// The headline.
    pub title: EcoString,
    /// Where it was published; empty if not known.
    pub source: EcoString,
    /// When; empty if not known.
    pub published: EcoString,
    /// The language tag; empty if not known.
    pub language: EcoString,
    /// Code points of its text.
    pub length: u32,
    /// What is wrong with its files; empty if nothing is.
    pub broken: EcoString,
    /// Everybody's work on it.
    pub layers: SmallVec<[Layer; 1]>,
}

impl Entry {
    /// One of which nothing is known but its name.
    pub fn named(name: Name) -> Self {
        Self {
            name,
            article: EcoString::new(),
            text: 0,
            title: EcoString::new(),
            source: EcoString::new(),
            published: EcoString::new(),
            language: EcoString::new(),
            length: 0,
            broken: EcoString::new(),
            layers: SmallVec::new(),
        }
    }

    /// The work of the annotator with this folder.
    pub fn layer(&self, folder: Option<&str>) -> Option<&Layer> {
        self.layers.iter().find(|layer| Some(layer.folder.as_str()) == folder)
    }

    /// How far that annotator is.
    pub fn status(&self, folder: Option<&str>) -> Status {
        self.layer(folder).map_or(Status::New, |layer| layer.status)
    }
}

/// All documents of a project in the order of their names. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// The documents.
    pub entries: Arc<Vec<Entry>>,
    /// Labels that are in use, with the number of documents of each, by the folder of the annotator.
    pub labels: Arc<BTreeMap<EcoString, BTreeMap<EcoString, u32>>>,
    /// Which of them are the same article.
    pub same: Arc<Same>,
}

impl Catalogue {
    /// Of documents in the order of their names, and the labels in use.
    pub fn new(entries: Vec<Entry>, labels: Arc<BTreeMap<EcoString, BTreeMap<EcoString, u32>>>) -> Self {
        let same = Arc::new(Same::of(&entries));
        Self { entries: Arc::new(entries), labels, same }
    }

    /// Whether this is that one or a copy of it.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.entries, &other.entries)
    }

    /// Where the document of this name stands.
    pub fn position(&self, name: &Name) -> Option<usize> {
        self.entries.binary_search_by(|entry| entry.name.cmp(name)).ok()
    }

    /// The document of this name.
    pub fn entry(&self, name: &Name) -> Option<&Entry> {
        self.entries.get(self.position(name)?)
    }
}

impl Index {
    /// Reads all documents.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn catalogue(&self) -> Result<Catalogue, IndexError> {
        let entries = self.entries("", [])?;
        Ok(Catalogue::new(entries, Arc::new(self.labels()?)))
    }

    /// A catalogue with one document as the index knows it now, or without it if it is gone. The labels are those of before.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn with_entry(&self, catalogue: &Catalogue, name: &Name) -> Result<Catalogue, IndexError> {
        let entry = self.entries("WHERE name = ?1", [name.as_str()])?.pop();
        let mut entries = catalogue.entries.as_ref().clone();
        match (entries.binary_search_by(|known| known.name.cmp(name)), entry) {
            (Ok(at), Some(entry)) => {
                if let Some(known) = entries.get_mut(at) {
                    *known = entry;
                }
            }
            (Ok(at), None) => drop(entries.remove(at)),
            (Err(at), Some(entry)) => entries.insert(at, entry),
            (Err(_), None) => {}
        }
        Ok(Catalogue::new(entries, Arc::clone(&catalogue.labels)))
    }

    fn entries(&self, which: &str, params: impl rusqlite::Params) -> Result<Vec<Entry>, IndexError> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut by_id: HashMap<i64, usize> = HashMap::new();
        let mut statement = self.connection.prepare(&format!(
            "SELECT id, name, article, title, source, published, language, length, problem, sha256 FROM documents {which}"
        ))?;
        let mut rows = statement.query(params)?;
        while let Some(row) = rows.next()? {
            // Only names that may be one get in.
            let Some(name) = Name::new(row.get_ref(1)?.as_str().unwrap_or_default()) else { continue };
            let words = |column| -> rusqlite::Result<EcoString> {
                Ok(row.get_ref(column)?.as_str().unwrap_or_default().into())
            };
            by_id.insert(row.get(0)?, entries.len());
            entries.push(Entry {
                name,
                article: words(2)?,
                text: first_half(row.get_ref(9)?.as_str().unwrap_or_default()),
                title: words(3)?,
                source: words(4)?,
                published: words(5)?,
                language: words(6)?,
                length: row.get(7)?,
                broken: words(8)?,
                layers: SmallVec::new(),
            });
        }
        let of_one = by_id.keys().next().filter(|_| by_id.len() == 1 && !which.is_empty());
        let which = of_one.map(|id| format!("WHERE document = {id}")).unwrap_or_default();
        let mut statement = self.connection.prepare(&format!(
            "SELECT document, folder, status, marks, problems, changed, problem FROM layers {which} ORDER BY folder"
        ))?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let words = |column| -> rusqlite::Result<EcoString> {
                Ok(row.get_ref(column)?.as_str().unwrap_or_default().into())
            };
            let Some(entry) = by_id.get(&row.get(0)?).and_then(|at| entries.get_mut(*at)) else { continue };
            entry.layers.push(Layer {
                folder: words(1)?,
                status: status_of(row.get(2)?),
                marks: row.get(3)?,
                problems: row.get(4)?,
                changed: words(5)?,
                broken: words(6)?,
            });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn labels(&self) -> Result<BTreeMap<EcoString, BTreeMap<EcoString, u32>>, IndexError> {
        let mut folders: Vec<EcoString> = Vec::new();
        let mut of_layers: HashMap<i64, usize> = HashMap::new();
        let mut statement = self.connection.prepare("SELECT id, folder FROM layers")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let folder = row.get_ref(1)?.as_str().unwrap_or_default();
            // Few people have many layers.
            let at = folders.iter().position(|known| known == folder).unwrap_or_else(|| {
                folders.push(folder.into());
                folders.len() - 1
            });
            of_layers.insert(row.get(0)?, at);
        }
        let mut labels: BTreeMap<EcoString, BTreeMap<EcoString, u32>> = BTreeMap::new();
        // A layer has a label once, and a document has a layer of an annotator once.
        let mut statement = self.connection.prepare("SELECT label, layer FROM labels ORDER BY label, layer")?;
        let mut rows = statement.query([])?;
        let (mut label, mut counts) = (EcoString::new(), vec![0_u32; folders.len()]);
        let mut end = |label: &EcoString, counts: &mut Vec<u32>| {
            for (folder, count) in folders.iter().zip(counts).filter(|(_, count)| **count > 0) {
                labels.entry(folder.clone()).or_default().insert(label.clone(), std::mem::take(count));
            }
        };
        while let Some(row) = rows.next()? {
            let next = row.get_ref(0)?.as_str().unwrap_or_default();
            if next != label {
                end(&label, &mut counts);
                label = next.into();
            }
            if let Some(count) = of_layers.get(&row.get(1)?).and_then(|at| counts.get_mut(*at)) {
                *count += 1;
            }
        }
        end(&label, &mut counts);
        Ok(labels)
    }

    /// The names of the documents in which an annotator has used a label, in their order.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn with_label(&self, folder: &str, label: &str) -> Result<Vec<Name>, IndexError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT d.name FROM labels u JOIN layers l ON l.id = u.layer JOIN documents d ON d.id = l.document
             WHERE u.label = ?1 AND l.folder = ?2 ORDER BY d.name",
        )?;
        let names = statement.query_map([label, folder], |row| row.get::<_, String>(0))?;
        let names = names.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(names.iter().filter_map(|name| Name::new(name)).collect())
    }

    /// Names and SHA-256 of all texts, for [`crate::project::adding::Known`].
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn texts_known(&self) -> Result<Vec<(Name, String)>, IndexError> {
        let mut statement = self.connection.prepare("SELECT name, sha256 FROM documents")?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(rows.into_iter().filter_map(|(name, sha256)| Some((Name::new(&name)?, sha256))).collect())
    }
}

/// Of a SHA-256 in hexadecimal digits; 0 if it is none.
fn first_half(sha256: &str) -> u128 {
    sha256.get(..32).and_then(|digits| u128::from_str_radix(digits, 16).ok()).unwrap_or_default()
}

fn status_of(number: i64) -> Status {
    use strum::IntoEnumIterator as _;
    Status::iter().find(|status| *status as i64 == number).unwrap_or_default()
}
