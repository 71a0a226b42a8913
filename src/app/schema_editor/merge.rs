//! What an edit changed in one label set, changed in another: entries are the same by their names.

use serde_json::{Map, Value};

use crate::model::Schema;

/// The label set `onto` with what differs between `before` and `after`; `None` if what differs is not there as it was.
pub fn merged(before: &Schema, after: &Schema, onto: &Schema) -> Option<Schema> {
    let value = |schema: &Schema| serde_json::to_value(schema).ok();
    serde_json::from_value(value_of(&value(before)?, &value(after)?, &value(onto)?)?).ok()
}

fn value_of(before: &Value, after: &Value, onto: &Value) -> Option<Value> {
    if before == after || after == onto {
        return Some(onto.clone());
    }
    match (before, after, onto) {
        _ if before == onto => Some(after.clone()),
        (Value::Object(before), Value::Object(after), Value::Object(onto)) => fields(before, after, onto),
        (Value::Array(before), Value::Array(after), Value::Array(onto)) => entries(before, after, onto),
        _ => None,
    }
}

type Fields = Map<String, Value>;

/// Groups and meanings of values come and go; the fields of all else are always the same.
fn fields(before: &Fields, after: &Fields, onto: &Fields) -> Option<Value> {
    let mut merged = onto.clone();
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.dedup();
    for name in names {
        match (before.get(name), after.get(name), onto.get(name)) {
            (was, is, _) if was == is => {}
            (_, is, there) if is == there => {}
            (was, None, there) if was == there => drop(merged.remove(name)),
            (was, Some(is), there) if was == there => drop(merged.insert(name.clone(), is.clone())),
            (Some(was), Some(is), Some(there)) => drop(merged.insert(name.clone(), value_of(was, is, there)?)),
            _ => return None,
        }
    }
    Some(Value::Object(merged))
}

/// What a list knows an entry by.
fn name_of(entry: &Value) -> Option<&str> {
    // Event types have a heading, which is their `group`, and attributes a `kind`.
    let fields = ["label", "type", "id", "role", "kind", "group"];
    entry.as_str().or_else(|| fields.iter().find_map(|field| entry.get(field)).and_then(Value::as_str))
}

/// The names of a list, if no two are the same.
fn names_of(list: &[Value]) -> Option<Vec<&str>> {
    let names: Vec<&str> = list.iter().map(name_of).collect::<Option<_>>()?;
    let is_double = names.iter().enumerate().any(|(nth, name)| names.iter().take(nth).any(|other| other == name));
    (!is_double).then_some(names)
}

fn entries(before: &[Value], after: &[Value], onto: &[Value]) -> Option<Value> {
    let (was, is) = (names_of(before)?, names_of(after)?);
    names_of(onto)?;
    let find = |list: &[Value], name: &str| list.iter().position(|entry| name_of(entry) == Some(name));
    let mut merged = onto.to_vec();
    for (name, entry) in was.iter().zip(before) {
        match (find(after, name).and_then(|at| after.get(at)), find(&merged, name)) {
            (Some(now), _) if now == entry => {}
            (Some(now), Some(at)) => {
                let changed = value_of(entry, now, merged.get(at)?)?;
                *merged.get_mut(at)? = changed;
            }
            (None, Some(at)) if merged.get(at) == Some(entry) => drop(merged.remove(at)),
            (None, None) => {}
            _ => return None,
        }
    }
    for (nth, (name, entry)) in is.iter().zip(after).enumerate().filter(|(_, (name, _))| !was.contains(name)) {
        match find(&merged, name) {
            Some(at) if merged.get(at) == Some(entry) => {}
            Some(_) => return None,
            // Below the same one as there.
            None => {
                let above = is.iter().take(nth).rev().find_map(|above| find(&merged, above));
                merged.insert(above.map_or(0, |above| above + 1), entry.clone());
            }
        }
    }
    let common = |list: &[&str]| -> Vec<String> {
        list.iter().filter(|name| was.contains(name) && is.contains(name)).map(|name| (*name).to_owned()).collect()
    };
    let (order_was, order_is) = (common(&was), common(&is));
    if order_was != order_is {
        let places: Vec<usize> = order_was.iter().map(|name| find(&merged, name)).collect::<Option<_>>()?;
        if !places.is_sorted() {
            return None;
        }
        let moved: Vec<Value> =
            order_is.iter().map(|name| merged.get(find(&merged, name)?).cloned()).collect::<Option<_>>()?;
        for (place, entry) in places.into_iter().zip(moved) {
            *merged.get_mut(place)? = entry;
        }
    }
    Some(Value::Array(merged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::builtin;

    fn news() -> Schema {
        builtin("news").expect("ships").clone()
    }

    fn changed(change: impl FnOnce(&mut Schema)) -> Schema {
        let mut schema = news();
        change(&mut schema);
        schema
    }

    #[test]
    fn what_concerns_different_things_comes_together() {
        let described = |schema: &mut Schema| schema.mentions[1].definition = "A body".into();
        let lifted = |schema: &mut Schema| schema.mentions.swap(3, 4);
        let taken = |schema: &mut Schema| drop(schema.groups.remove("Human"));
        let grown = |schema: &mut Schema| schema.events[0].roles[0].fillers.push("Weapon".into());
        let edits: [&dyn Fn(&mut Schema); 4] = [&described, &lifted, &taken, &grown];
        for one in edits {
            for other in edits {
                let onto = changed(other);
                let both = changed(|schema| {
                    other(schema);
                    if *schema == changed(one) {
                        return;
                    }
                    one(schema);
                });
                assert_eq!(merged(&news(), &changed(one), &onto), Some(both));
            }
        }
    }

    #[test]
    fn an_entry_that_is_new_or_goes_does_so_there_too() {
        let new = changed(|schema| {
            let copy = schema.mentions[0].clone();
            schema.mentions.insert(1, crate::model::schema::MentionType { label: "Human".into(), ..copy });
        });
        let without_second = changed(|schema| drop(schema.mentions.remove(1)));
        let merged_labels = |before: &Schema, after: &Schema, onto: &Schema| {
            merged(before, after, onto).map(|s| s.mentions.iter().take(3).map(|m| m.label.clone()).collect::<Vec<_>>())
        };
        let expected = Some(["Person", "Human", "Country"].map(str::to_owned).to_vec());
        assert_eq!(merged_labels(&news(), &new, &without_second), expected);
        assert_eq!(merged_labels(&news(), &without_second, &new), expected);
    }

    #[test]
    fn what_is_not_there_as_it_was_fits_no_more() {
        let described = changed(|schema| schema.mentions[0].definition = "One".into());
        let otherwise = changed(|schema| schema.mentions[0].definition = "Two".into());
        let renamed = changed(|schema| schema.mentions[0].label = "Human".into());
        let gone = changed(|schema| drop(schema.mentions.remove(0)));
        assert_eq!(merged(&news(), &described, &otherwise), None);
        assert_eq!(merged(&news(), &described, &renamed), None);
        assert_eq!(merged(&news(), &described, &gone), None);
        assert_eq!(merged(&news(), &gone, &described), None);
        assert_eq!(merged(&news(), &described, &described), Some(described.clone()));
    }
}
