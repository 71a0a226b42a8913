//! From structures to elements.

use std::collections::{BTreeMap, BTreeSet};

use crate::formats::cas::store::{Cas, Structure, Value};
use crate::formats::cas::types;

/// A value in quotation marks. White space other than blanks would become blanks.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The package of a type, and its own name.
fn split(name: &str) -> (&str, &str) {
    name.rsplit_once('.').unwrap_or(("uima.noNamespace", name))
}

/// Prefixes by package: the last part of its name, with a number if another has it.
fn prefixes(cas: &Cas) -> BTreeMap<&str, String> {
    let packages: BTreeSet<&str> = cas.structures.iter().map(|s| split(&s.r#type).0).collect();
    let mut taken: BTreeSet<String> = ["xmi".to_owned()].into();
    let mut found = BTreeMap::new();
    for package in packages.into_iter().chain(["uima.cas"]) {
        if found.contains_key(package) {
            continue;
        }
        let short = package.rsplit('.').next().unwrap_or(package);
        let free = (0..).map(|n| if n == 0 { short.to_owned() } else { format!("{short}{n}") });
        let prefix = free.into_iter().find(|name| !taken.contains(name)).unwrap_or_default();
        taken.insert(prefix.clone());
        found.insert(package, prefix);
    }
    found
}

fn numbers(ids: &[u64]) -> String {
    ids.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

/// The file.
pub fn file(cas: &Cas) -> String {
    let prefixes = prefixes(cas);
    let mut out =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xmi:XMI xmlns:xmi=\"http://www.omg.org/XMI\"");
    for (package, prefix) in &prefixes {
        out.push_str(&format!(" xmlns:{prefix}=\"http:///{}.ecore\"", package.replace('.', "/")));
    }
    out.push_str(" xmi:version=\"2.0\">\n  <cas:NULL xmi:id=\"0\"/>\n");
    let is_sofa = |s: &&Structure| s.r#type == types::SOFA;
    let others = cas.structures.iter().filter(|s| !is_sofa(s));
    for structure in others.chain(cas.structures.iter().filter(is_sofa)) {
        element(structure, &prefixes, &mut out);
    }
    for sofa in cas.structures.iter().filter(is_sofa) {
        let members: Vec<u64> = cas.structures.iter().filter(|s| s.sofa == Some(sofa.id)).map(|s| s.id).collect();
        out.push_str(&format!("  <cas:View sofa=\"{}\" members=\"{}\"/>\n", sofa.id, numbers(&members)));
    }
    out.push_str("</xmi:XMI>\n");
    out
}

fn element(structure: &Structure, prefixes: &BTreeMap<&str, String>, out: &mut String) {
    let (package, name) = split(&structure.r#type);
    let prefix = prefixes.get(package).map_or("cas", String::as_str);
    out.push_str(&format!("  <{prefix}:{name} xmi:id=\"{}\"", structure.id));
    for (name, value) in [("sofa", structure.sofa), ("begin", structure.begin), ("end", structure.end)] {
        if let Some(value) = value {
            out.push_str(&format!(" {name}=\"{value}\""));
        }
    }
    let mut children = String::new();
    for (name, value) in &structure.features {
        let value = match value {
            Value::Text(text) | Value::Number(text) => quoted(text),
            Value::Flag(flag) => format!("\"{flag}\""),
            Value::Ref(id) => format!("\"{id}\""),
            Value::Refs(ids) => quoted(&numbers(ids)),
            Value::Texts(texts) if texts.is_empty() => quoted(""),
            Value::Texts(texts) => {
                for text in texts {
                    let text = quoted(text);
                    children.push_str(&format!("    <{name}>{}</{name}>\n", text.trim_matches('"')));
                }
                continue;
            }
        };
        out.push_str(&format!(" {name}={value}"));
    }
    if children.is_empty() {
        out.push_str("/>\n");
    } else {
        out.push_str(&format!(">\n{children}  </{prefix}:{name}>\n"));
    }
}
