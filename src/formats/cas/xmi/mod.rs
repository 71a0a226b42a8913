//! UIMA CAS XMI: `NAME.xmi`, and its type system in `TypeSystem.xml` beside it, in a folder or a zip.
//!
//! Which features refer to others stands in the type system alone. A file without one is read by its form, and that is told.
//! All files of a folder share one type system.

mod read;
mod type_system;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use super::types::Types;
use super::{HOLDS, characters, layers, losses, read as document};
use crate::formats::articles::xml;
use crate::formats::{
    Format, Info, Input, Joins, Likeness, Loss, Named, Options, OutputFile, Read, Treatment, Unit, WriteError, decode,
};
use crate::model::{Document, Problem};

/// See the module.
pub struct Xmi;

const INFO: Info = Info {
    id: "xmi",
    name: "UIMA CAS XMI",
    extensions: &["xmi", "xml"],
    reads: true,
    writes: true,
    joins: Joins::Whole,
    holds: HOLDS,
    unit: Unit::Utf16,
    options: &[],
};

const TYPE_SYSTEM: &str = "TypeSystem.xml";

impl Format for Xmi {
    fn info(&self) -> Info {
        INFO
    }

    fn sniff(&self, bytes: &[u8]) -> Likeness {
        if xml::root_name(bytes).as_deref() == Some("XMI") { Likeness::Yes } else { Likeness::No }
    }

    fn read(&self, input: &Input<'_>) -> Result<Vec<Read>, Vec<Problem>> {
        let source = decode::decode_strict(input.bytes).map_err(|problem| vec![*problem])?;
        let raw = read::elements(&source).map_err(|problem| vec![problem])?;
        let (types, mut problems) = types_beside(input)?;
        let mut cas = read::typed(raw, types);
        characters::show(&mut cas);
        problems.append(&mut cas.problems);
        cas.problems = problems;
        Ok(vec![document::document(cas, INFO.id)?])
    }

    fn write(&self, documents: &[Named<'_>], _options: &Options) -> Result<Vec<OutputFile>, WriteError> {
        let mut all: Vec<_> = documents.iter().map(|named| layers::of(named.document, named.name)).collect();
        layers::settle(&mut all);
        let mut types = Types::default();
        let mut files = Vec::new();
        for (named, cas) in documents.iter().zip(&mut all) {
            characters::hide(cas);
            types.add(cas);
            files.push(OutputFile { name: format!("{}.xmi", named.name).into(), bytes: write::file(cas).into_bytes() });
        }
        if !files.is_empty() {
            files.push(OutputFile { name: TYPE_SYSTEM.into(), bytes: type_system::written(&types).into_bytes() });
        }
        Ok(files)
    }

    fn losses(&self, document: &Document, _options: &Options) -> Vec<Loss> {
        let mut found = losses(document);
        if !document.text().as_str().chars().all(characters::is_legal) {
            let what =
                "characters of the text that XML cannot have are written as U+FFFD, and what they were in a layer";
            found.insert(0, Loss::whole(Treatment::Altered, what));
        }
        found
    }
}

/// Where the type system of a file may be, the most particular first.
fn places(path: &Path) -> Vec<PathBuf> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let own = ["-typesystem.xml", "_typesystem.xml", ".typesystem.xml"].map(|ending| format!("{stem}{ending}"));
    let shared = [TYPE_SYSTEM, "typesystem.xml"].map(str::to_owned);
    own.into_iter().chain(shared).map(|name| path.with_file_name(name)).collect()
}

/// The type system beside a file, or that there is none.
fn types_beside(input: &Input<'_>) -> Result<(Types, Vec<Problem>), Vec<Problem>> {
    for path in places(input.path.unwrap_or(Path::new(""))) {
        let in_file = |problem: Problem| problem.in_file(&path);
        match input.companions.read(&path) {
            Ok(bytes) => {
                let source = decode::decode_strict(&bytes).map_err(|problem| vec![in_file(*problem)])?;
                let (types, problems) = type_system::read(&source).map_err(|problem| vec![in_file(problem)])?;
                return Ok((types, problems.into_iter().map(in_file).collect()));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("the type system cannot be read: {error}");
                return Err(vec![in_file(Problem::error("no-type-system", message, "change its permissions"))]);
            }
        }
    }
    let message = "there is no type system beside the file; which features refer to others is seen by their form";
    let hint = "put its TypeSystem.xml beside it, so that nothing is taken for something else";
    Ok((Types::default(), vec![Problem::warning("no-type-system", message, hint)]))
}

#[cfg(test)]
mod tests;
