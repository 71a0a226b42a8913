//! Type systems in XML, as UIMA describes them.

use crate::formats::articles::xml::{self, Element};
use crate::formats::cas::types::{Feature, Type, Types};
use crate::model::Problem;

/// The types of a file, and what of it is left out.
///
/// # Errors
/// If it is no type system.
pub fn read(source: &str) -> Result<(Types, Vec<Problem>), Problem> {
    let root = xml::parse(source)?;
    if root.name != "typeSystemDescription" {
        let message = format!("the root element is {:?}, not typeSystemDescription", root.name);
        return Err(Problem::error("no-type-system", message, "export the type system again").at_line(1, 1));
    }
    let mut problems = Vec::new();
    let imports: Vec<&Element> = root.child("imports").map(|i| i.elements().collect()).unwrap_or_default();
    if !imports.is_empty() {
        let from =
            |e: &&Element| e.attribute("name").or_else(|| e.attribute("location")).unwrap_or_default().to_owned();
        let names: Vec<String> = imports.iter().map(from).collect();
        let message = format!("type systems that it imports are not read: {}", names.join(", "));
        problems.push(Problem::warning("left-out", message, "export it with all its types in one file"));
    }
    let said = |element: &Element, name: &str| element.child(name).map(Element::line).filter(|said| !said.is_empty());
    let mut types = Types::default();
    for described in root.child("types").map(|types| types.all("typeDescription")).unwrap_or_default() {
        let Some(name) = said(described, "name") else { continue };
        let own: &mut Type = types.0.entry(name).or_default();
        if let Some(supertype) = said(described, "supertypeName") {
            own.supertype = supertype;
        }
        for feature in described.child("features").map(|f| f.all("featureDescription")).unwrap_or_default() {
            if let (Some(name), Some(range)) = (said(feature, "name"), said(feature, "rangeTypeName")) {
                let shared = said(feature, "multipleReferencesAllowed").as_deref() == Some("true");
                own.features.insert(name, Feature { range, element: said(feature, "elementType"), shared });
            }
        }
    }
    Ok((types, problems))
}

/// The file. Names of types and features are plain words.
pub fn written(types: &Types) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<typeSystemDescription xmlns=\"http://uima.apache.org/resourceSpecifier\">\n  <types>\n",
    );
    for (name, known) in &types.0 {
        out.push_str(&format!(
            "    <typeDescription>\n      <name>{name}</name>\n      <description/>\n      <supertypeName>{}</supertypeName>\n",
            known.supertype
        ));
        if !known.features.is_empty() {
            out.push_str("      <features>\n");
        }
        for (name, feature) in &known.features {
            out.push_str(&format!(
                "        <featureDescription>\n          <name>{name}</name>\n          <description/>\n          <rangeTypeName>{}</rangeTypeName>\n",
                feature.range
            ));
            if let Some(element) = &feature.element {
                out.push_str(&format!("          <elementType>{element}</elementType>\n"));
            }
            if feature.shared {
                out.push_str("          <multipleReferencesAllowed>true</multipleReferencesAllowed>\n");
            }
            out.push_str("        </featureDescription>\n");
        }
        if !known.features.is_empty() {
            out.push_str("      </features>\n");
        }
        out.push_str("    </typeDescription>\n");
    }
    out.push_str("  </types>\n</typeSystemDescription>\n");
    out
}
