//! Characters that XML cannot have: in the text they are U+FFFD with a structure that says what they were, so that all
//! positions stay; in other texts they are written by their numbers, and the feature `escaped` says where.

use std::collections::BTreeMap;

use super::store::{Cas, Structure, Value};
use super::{CHARACTER, names, types};
use crate::model::Problem;

const INSTEAD: char = '\u{fffd}';
const ESCAPED: &str = "escaped";

/// Whether XML 1.0 can have a character. All that it cannot are one UTF-16 unit.
pub fn is_legal(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Writes them in another way.
pub fn hide(cas: &mut Cas) {
    let mut next = cas.structures.iter().map(|s| s.id).max().unwrap_or_default() + 1;
    let mut found = Vec::new();
    for structure in &mut cas.structures {
        let is_sofa = structure.r#type == types::SOFA;
        let mut changed = Vec::new();
        for (name, value) in &mut structure.features {
            let Value::Text(text) = value else { continue };
            if text.chars().all(is_legal) {
                continue;
            }
            if is_sofa && name == "sofaString" {
                let mut at = 0;
                for c in text.chars() {
                    if !is_legal(c) {
                        let code = Value::Text(format!("{:X}", u32::from(c)));
                        found.push(Structure {
                            id: next,
                            r#type: CHARACTER.to_owned(),
                            sofa: Some(structure.id),
                            begin: Some(at),
                            end: Some(at + 1),
                            features: [("code".to_owned(), code)].into(),
                            line: None,
                        });
                        next += 1;
                    }
                    at += c.len_utf16() as u64;
                }
                *text = text.chars().map(|c| if is_legal(c) { c } else { INSTEAD }).collect();
            } else {
                *text = names::escaped(text, |_, c| is_legal(c));
                changed.push(name.clone());
            }
        }
        if !changed.is_empty() {
            structure.features.insert(ESCAPED.to_owned(), Value::Text(changed.join(" ")));
        }
    }
    cas.structures.append(&mut found);
}

/// Puts them back.
pub fn show(cas: &mut Cas) {
    let mut by_sofa: BTreeMap<u64, BTreeMap<u64, char>> = BTreeMap::new();
    let mut kept = Vec::with_capacity(cas.structures.len());
    for mut structure in std::mem::take(&mut cas.structures) {
        if structure.r#type == CHARACTER {
            let code = structure.text("code").and_then(|code| u32::from_str_radix(code, 16).ok());
            let code = code.and_then(char::from_u32).filter(|c| !is_legal(*c));
            if let (Some(sofa), Some(at), Some(code)) = (structure.sofa, structure.begin, code) {
                by_sofa.entry(sofa).or_default().insert(at, code);
                continue;
            }
        }
        if let Some(Value::Text(names)) = structure.features.get(ESCAPED).cloned() {
            let all: Vec<&str> = names.split(' ').collect();
            if all.iter().all(|name| structure.text(name).is_some()) {
                structure.features.remove(ESCAPED);
                for name in all {
                    if let Some(Value::Text(text)) = structure.features.get_mut(name) {
                        *text = names::unescaped(text);
                    }
                }
            }
        }
        kept.push(structure);
    }
    for structure in &mut kept {
        let Some(mut hidden) = by_sofa.remove(&structure.id) else { continue };
        if let Some(Value::Text(text)) = structure.features.get_mut("sofaString") {
            let mut at = 0;
            *text = (text.chars())
                .map(|c| {
                    let here = at;
                    at += c.len_utf16() as u64;
                    if c == INSTEAD { hidden.remove(&here).unwrap_or(c) } else { c }
                })
                .collect();
        }
        if !hidden.is_empty() {
            let message = format!("{} characters are said to be hidden where there is no U+FFFD", hidden.len());
            cas.problems.push(Problem::warning("left-out", message, "the text may have been changed"));
        }
    }
    cas.structures = kept;
}
