//! Layouts of chunks that were set lately.

use std::collections::HashMap;
use std::sync::Arc;

use super::layout::ChunkLayout;
use super::page::LayoutKey;

/// Most graphemes kept. A grapheme costs about 200 bytes with its glyph, so this is some 50 MB.
const CAPACITY: usize = 250_000;

/// The least recently used layouts give way. All belong to one [`LayoutKey`]; another one empties the cache.
#[derive(Debug, Default)]
pub struct LayoutCache {
    key: Option<LayoutKey>,
    layouts: HashMap<usize, (Arc<ChunkLayout>, u64)>,
    weight: usize,
    clock: u64,
}

impl LayoutCache {
    /// Empties the cache if the layouts in it are of another kind. Returns whether it did.
    pub fn set_key(&mut self, key: &LayoutKey) -> bool {
        let is_other = self.key.as_ref() != Some(key);
        if is_other {
            self.clear();
            self.key = Some(key.clone());
        }
        is_other
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.key = None;
        self.layouts.clear();
        self.weight = 0;
    }

    /// The layout of a chunk, if it is there.
    pub fn get(&mut self, chunk: usize) -> Option<Arc<ChunkLayout>> {
        self.clock += 1;
        let (layout, used) = self.layouts.get_mut(&chunk)?;
        *used = self.clock;
        Some(layout.clone())
    }

    /// Whether the layout of a chunk is there.
    pub fn contains(&self, chunk: usize) -> bool {
        self.layouts.contains_key(&chunk)
    }

    /// Keeps a layout.
    pub fn insert(&mut self, chunk: usize, layout: Arc<ChunkLayout>) {
        self.clock += 1;
        self.weight += layout.weight();
        if let Some((old, _)) = self.layouts.insert(chunk, (layout, self.clock)) {
            self.weight -= old.weight();
        }
        if self.weight > CAPACITY {
            self.evict();
        }
    }

    /// Drops the older half, so that evicting is rare.
    fn evict(&mut self) {
        let mut ages: Vec<u64> = self.layouts.values().map(|(_, used)| *used).collect();
        ages.sort_unstable();
        let middle = ages.get(ages.len() / 2).copied().unwrap_or(0);
        self.layouts.retain(|_, (_, used)| *used > middle);
        self.weight = self.layouts.values().map(|(layout, _)| layout.weight()).sum();
    }
}
