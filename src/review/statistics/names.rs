//! Each name once, with a number: what repeats over a hundred thousand documents costs four bytes each time.

use std::collections::HashMap;
use std::hash::Hash;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Values by number, in the order in which they came.
#[derive(Clone, Debug)]
pub struct Names<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Names<T> {
    /// The number of a value, which gets the next one if it is new.
    pub fn number(&mut self, value: T) -> u32 {
        if let Some(number) = self.numbers.get(&value) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The number of a value, if it has one.
    pub fn find(&self, value: &T) -> Option<u32> {
        self.numbers.get(value).copied()
    }

    /// The value with this number.
    pub fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)
    }

    /// The value with this number, to change in what does not make it another one.
    pub fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        self.all.get_mut(number as usize)
    }

    /// All values, in the order of their numbers.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.all.iter()
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// Takes in the values of another list; gives the number that each of them has here.
    pub fn adopt(&mut self, other: Self) -> Vec<u32> {
        other.all.into_iter().map(|value| self.number(value)).collect()
    }
}

/// A list; the numbers are the places in it.
impl<T: Serialize> Serialize for Names<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.all.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + Clone + Eq + Hash> Deserialize<'de> for Names<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let all = Vec::<T>::deserialize(deserializer)?;
        let numbers = (0..).zip(&all).map(|(number, value)| (value.clone(), number)).collect();
        Ok(Self { all, numbers })
    }
}

/// Lists of numbers, one after the other in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// Where each list ends in `items`.
    ends: Box<[u32]>,
    items: Box<[u32]>,
}

impl Groups {
    /// From lists.
    pub fn new<L: AsRef<[u32]>>(lists: &[L]) -> Self {
        let mut ends = Vec::with_capacity(lists.len());
        let mut items = Vec::new();
        for list in lists {
            items.extend_from_slice(list.as_ref());
            ends.push(items.len() as u32);
        }
        Self { ends: ends.into(), items: items.into() }
    }

    /// The lists in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends.iter()).map(|(start, end)| self.items.get(start as usize..*end as usize).unwrap_or(&[]))
    }

    /// Every number, to give it another.
    pub fn items_mut(&mut self) -> impl Iterator<Item = &mut u32> {
        self.items.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers_through_a_file_and_take_in_others() {
        let mut names = Names::default();
        assert_eq!(["b", "a", "b"].map(|name| names.number(name.to_owned())), [0, 1, 0]);
        let json = serde_json::to_string(&names).expect("plain data");
        let mut again: Names<String> = serde_json::from_str(&json).expect("what was written");
        assert_eq!(again.find(&"a".to_owned()), Some(1));
        let mut other = Names::default();
        other.number("c".to_owned());
        other.number("b".to_owned());
        assert_eq!(again.adopt(other), [2, 0]);
    }

    #[test]
    fn groups_come_back_as_they_were() {
        let lists = [vec![1, 2], vec![], vec![3]];
        let groups = Groups::new(&lists);
        assert_eq!(groups.iter().map(<[u32]>::to_vec).collect::<Vec<_>>(), lists);
        assert_eq!(Groups::default().iter().count(), 0);
    }
}
