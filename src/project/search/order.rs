//! The order of hits: where they stand, or what stands there and beside it, which brings the same uses together.

use serde::{Deserialize, Serialize};

use super::context::{left_of, right_of, with_texts};
use super::run::{Hit, SearchError};
use crate::project::index::{Index, IndexPlace};

/// Characters that hits are compared by.
const COMPARED: usize = 60;

/// What hits are sorted by.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter, strum::IntoStaticStr,
)]
pub enum Order {
    /// The name of the document, then the place in it.
    #[default]
    Document,
    /// The words before the hit, from the nearest one outwards.
    Left,
    /// The hit itself.
    Hit,
    /// The words behind it.
    Right,
    /// The label of the mark.
    Label,
}

impl Order {
    /// As shown on the screen.
    pub fn text(self) -> &'static str {
        match self {
            Self::Document => "Document",
            Self::Left => "Left",
            Self::Hit => "Hit",
            Self::Right => "Right",
            Self::Label => "Label",
        }
    }
}

/// Sorts hits. Those that are equal stay in the order of documents, also when `descending` turns the order around. All but
/// the order of documents and labels read the texts.
///
/// # Errors
/// [`SearchError`] if the index cannot be used.
pub fn sort(place: &IndexPlace, hits: &mut Vec<Hit>, order: Order, descending: bool) -> Result<(), SearchError> {
    hits.sort_unstable();
    match order {
        Order::Document => {
            if descending {
                hits.reverse();
            }
            return Ok(());
        }
        Order::Label => {
            let compare = |a: &Hit, b: &Hit| a.label.cmp(&b.label);
            hits.sort_by(|a, b| if descending { compare(b, a) } else { compare(a, b) });
            return Ok(());
        }
        Order::Left | Order::Hit | Order::Right => {}
    }
    let index = Index::open(place)?;
    let mut keys = vec![String::new(); hits.len()];
    with_texts(&index, hits, |at, text| {
        let (Some(key), Some(hit), Some((text, _))) = (keys.get_mut(at), hits.get(at), text) else { return };
        *key = key_of(text, hit, order);
    })?;
    let mut sorted: Vec<(String, Hit)> = keys.into_iter().zip(std::mem::take(hits)).collect();
    sorted.sort_by(|(a, _), (b, _)| if descending { b.cmp(a) } else { a.cmp(b) });
    *hits = sorted.into_iter().map(|(_, hit)| hit).collect();
    Ok(())
}

/// What a hit is compared by: letters and digits in lower case; of the words at its left, the last one first.
fn key_of(text: &str, hit: &Hit, order: Order) -> String {
    let (start, end) = (hit.span.start.to_usize(), hit.span.end.to_usize());
    let words = match order {
        Order::Left => {
            let left = left_of(text.get(..start).unwrap_or_default());
            left.split_whitespace().rev().collect::<Vec<_>>().join(" ")
        }
        Order::Hit => {
            // A hit can be as long as the text; only its beginning is compared.
            text.get(start..end).unwrap_or_default().chars().take(COMPARED * 2).collect()
        }
        _ => right_of(text.get(end..).unwrap_or_default()),
    };
    let mut key = String::new();
    for word in words.split_whitespace() {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if !word.is_empty() {
            key.push_str(&word.to_lowercase());
            key.push(' ');
        }
        if key.len() > COMPARED {
            break;
        }
    }
    key
}
