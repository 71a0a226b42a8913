//! What was worked out of all layers, kept in the project's `.cache` with the stamps of the files it was made of.
//!
//! The file may be deleted at any time. It is believed as a whole or not at all: it begins with the version of whoever
//! wrote it and the SHA-256 of everything after. What it says of a document counts only while all layers over that
//! document have the stamps that are kept with it. What is kept is none of this module's business.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::index::stamp;
use super::{Layout, Name, ProjectError, documents};
use crate::store::confined;
use crate::store::disk::Disk;

/// What the first line begins with; the version follows.
const MAGIC: &str = "manicule-kept/1 ";
/// Bytes of a SHA-256.
const DIGEST: usize = 32;

/// A layer as its file was when it was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayerFile {
    /// The annotator's folder.
    pub folder: Name,
    /// The file.
    pub path: PathBuf,
    /// Its stamp, taken before it is read.
    stamp: String,
}

/// What is known of a layer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamped {
    folder: String,
    stamp: String,
    /// Whether the file could not be read: that is known of it, too.
    is_broken: bool,
}

/// Which layers something was made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamps(BTreeMap<String, Vec<Stamped>>);

/// All layers that there are, by document, in the order of folders.
///
/// # Errors
/// If a folder cannot be read, or the project is gone.
pub fn layers_now(layout: &Layout) -> Result<BTreeMap<Name, Vec<LayerFile>>, ProjectError> {
    super::look_for(layout)?;
    let mut all: BTreeMap<Name, Vec<LayerFile>> = BTreeMap::new();
    for (folder, name, path) in documents::layers(layout)? {
        let stamp = stamp::of(&path);
        all.entry(name).or_default().push(LayerFile { folder, path, stamp });
    }
    Ok(all)
}

impl Stamps {
    /// Whether a document has the layers that it had, and all of them are as they were.
    pub fn is_same(&self, name: &Name, now: &[LayerFile]) -> bool {
        let Some(then) = self.0.get(name.as_str()) else { return false };
        let is_same = |(then, now): (&Stamped, &LayerFile)| {
            then.folder == now.folder.as_str() && stamp::is_same(&then.stamp, &now.stamp)
        };
        then.len() == now.len() && then.iter().zip(now).all(is_same)
    }

    /// Whether it knows documents that are not among these.
    pub fn has_others_than(&self, now: &BTreeMap<Name, Vec<LayerFile>>) -> bool {
        self.0.keys().any(|name| Name::new(name).is_none_or(|name| !now.contains_key(&name)))
    }

    /// A document was read; `is_broken` tells of each layer whether it could not be.
    pub fn put(&mut self, name: &Name, layers: &[LayerFile], is_broken: &[bool]) {
        let stamped = layers.iter().zip(is_broken).map(|(layer, is_broken)| Stamped {
            folder: layer.folder.as_str().to_owned(),
            stamp: layer.stamp.clone(),
            is_broken: *is_broken,
        });
        self.0.insert(name.as_str().to_owned(), stamped.collect());
    }

    /// Forgets the documents for which `is_kept` says no.
    pub fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.0.retain(|name, _| is_kept(name));
    }

    /// How many documents it knows.
    pub fn documents(&self) -> usize {
        self.0.len()
    }

    /// How many layers could not be read.
    pub fn broken(&self) -> usize {
        self.0.values().flatten().filter(|layer| layer.is_broken).count()
    }
}

/// What is kept under a name, if it was written by the same version.
pub fn read<T: DeserializeOwned>(layout: &Layout, file_name: &str, version: u32) -> Option<(Stamps, T)> {
    let bytes = confined::read(&path_of(layout, file_name)).ok()?;
    let rest = bytes.strip_prefix(head(version).as_bytes())?;
    let (digest, content) = rest.split_at_checked(DIGEST)?;
    if Sha256::digest(content).as_slice() != digest {
        tracing::warn!("{file_name} in the project's .cache is damaged; it is made again");
        return None;
    }
    rmp_serde::from_slice(content).ok()
}

/// Keeps something under a name.
///
/// # Errors
/// Those of the disk; what was kept before is then as it was. [`io::ErrorKind::NotFound`] if the project is gone.
pub fn write<T: Serialize>(
    layout: &Layout,
    file_name: &str,
    version: u32,
    stamps: &Stamps,
    kept: &T,
) -> io::Result<()> {
    super::look_for(layout).map_err(io::Error::other)?;
    let content = rmp_serde::to_vec(&(stamps, kept)).map_err(io::Error::other)?;
    let mut bytes = head(version).into_bytes();
    bytes.extend_from_slice(&Sha256::digest(&content));
    bytes.extend_from_slice(&content);
    drop(content);
    let (disk, path) = (Disk::default(), path_of(layout, file_name));
    disk.create_folder(&layout.cache())?;
    disk.replace(&path, &bytes)
}

fn head(version: u32) -> String {
    format!("{MAGIC}{version}\n")
}

fn path_of(layout: &Layout, file_name: &str) -> PathBuf {
    layout.cache().join(Path::new(file_name))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, SystemTime};

    use super::*;
    use crate::project::{Project, default_schema};

    fn name(name: &str) -> Name {
        Name::new(name).expect("a name")
    }

    /// A project with layers of these contents; Anna's over one and two, Bob's over one.
    fn layered(folder: &Path) -> Project {
        let project = Project::create(&folder.join("p"), "P", &default_schema()).expect("writable");
        for (folder, document) in [("anna", "one"), ("anna", "two"), ("bob", "one")] {
            write_old(&project.layout.layer_of(&name(folder), &name(document)), "first");
        }
        project
    }

    /// A file that was not written just now.
    fn write_old(path: &Path, content: &str) {
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, content).expect("writable");
        let file = fs::File::options().write(true).open(path).expect("there");
        file.set_modified(SystemTime::now() - Duration::from_secs(60)).expect("ours");
    }

    fn stamps_of(now: &BTreeMap<Name, Vec<LayerFile>>) -> Stamps {
        let mut stamps = Stamps::default();
        for (name, layers) in now {
            stamps.put(name, layers, &vec![false; layers.len()]);
        }
        stamps
    }

    #[test]
    fn a_document_is_the_same_only_with_all_of_its_layers() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let layout = layered(folder.path()).layout;
        let then = layers_now(&layout).expect("readable");
        let stamps = stamps_of(&then);
        let same = |layout: &Layout| {
            let now = layers_now(layout).expect("readable");
            ["one", "two"].map(|one| now.get(&name(one)).is_some_and(|layers| stamps.is_same(&name(one), layers)))
        };
        assert_eq!(same(&layout), [true, true]);
        let (two, bobs) = (layout.layer_of(&name("anna"), &name("two")), layout.layer_of(&name("bob"), &name("one")));
        write_old(&two, "other words");
        assert_eq!(same(&layout), [true, false]);
        fs::remove_file(&bobs).expect("there");
        assert_eq!(same(&layout), [false, false]);
        let now = layers_now(&layout).expect("readable");
        assert!(!stamps.has_others_than(&now));
        fs::remove_file(&two).expect("there");
        assert!(stamps.has_others_than(&layers_now(&layout).expect("readable")));
    }

    #[test]
    fn what_was_written_just_now_is_read_again() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let layout = layered(folder.path()).layout;
        fs::write(layout.layer_of(&name("anna"), &name("two")), "first").expect("writable");
        let now = layers_now(&layout).expect("readable");
        assert!(!stamps_of(&now).is_same(&name("two"), &now[&name("two")]));
    }

    #[test]
    fn it_is_believed_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let layout = layered(folder.path()).layout;
        let stamps = stamps_of(&layers_now(&layout).expect("readable"));
        let value = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(read::<Vec<String>>(&layout, "x", 3), None);
        write(&layout, "x", 3, &stamps, &value).expect("writable");
        assert_eq!(read(&layout, "x", 3), Some((stamps, value)));
        assert_eq!(read::<Vec<String>>(&layout, "x", 4), None, "of another version");
        assert_eq!(read::<Vec<u32>>(&layout, "x", 3), None, "something else");
        let path = layout.cache().join("x");
        let whole = fs::read(&path).expect("there");
        for at in [0, MAGIC.len() + 4, whole.len() - 1] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(&path, bytes).expect("writable");
            assert_eq!(read::<Vec<String>>(&layout, "x", 3), None, "byte {at}");
        }
        for end in [0, 5, MAGIC.len() + 10, whole.len() - 1] {
            fs::write(&path, &whole[..end]).expect("writable");
            assert_eq!(read::<Vec<String>>(&layout, "x", 3), None, "{end} bytes");
        }
    }
}
