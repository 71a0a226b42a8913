//! Where each chunk of the article begins, in points from the top.
//!
//! A Fenwick tree over the heights of the chunks, in `f64`: a long article is taller than `f32` can address to
//! the point. Heights are estimates until a chunk is laid out; correcting one costs a logarithm.

/// Heights of chunks, with prefix sums.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    /// The heights themselves.
    values: Vec<f64>,
    /// Fenwick tree, one-based: `tree[i - 1]` holds the sum of the `i & -i` values that end at `i - 1`.
    tree: Vec<f64>,
}

impl Heights {
    /// From all heights, in linear time.
    pub fn new(values: Vec<f64>) -> Self {
        let mut tree = values.clone();
        for i in 1..=tree.len() {
            let parent = i + (i & i.wrapping_neg());
            if parent <= tree.len() {
                tree[parent - 1] += tree[i - 1];
            }
        }
        Self { values, tree }
    }

    /// Number of chunks.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// The height of one chunk; zero past the end.
    pub fn get(&self, index: usize) -> f64 {
        self.values.get(index).copied().unwrap_or(0.0)
    }

    /// Corrects the height of one chunk.
    pub fn set(&mut self, index: usize, height: f64) {
        let Some(value) = self.values.get_mut(index) else {
            return;
        };
        let delta = height - *value;
        *value = height;
        let mut i = index + 1;
        while let Some(sum) = self.tree.get_mut(i - 1) {
            *sum += delta;
            i += i & i.wrapping_neg();
        }
    }

    /// Where chunk `index` begins: the sum of all heights before it.
    pub fn top(&self, index: usize) -> f64 {
        let mut i = index.min(self.len());
        let mut sum = 0.0;
        while i > 0 {
            sum += self.tree[i - 1];
            i &= i - 1;
        }
        sum
    }

    /// The sum of all heights.
    pub fn total(&self) -> f64 {
        self.top(self.len())
    }

    /// The chunk at distance `y` from the top, and how far below its top that is. Clamped to the article.
    pub fn find(&self, y: f64) -> (usize, f64) {
        let mut index = 0;
        let mut rest = y.max(0.0);
        let mut step = self.len().next_power_of_two();
        while step > 0 {
            let next = index + step;
            if let Some(sum) = next.checked_sub(1).and_then(|i| self.tree.get(i)).copied()
                && sum <= rest
            {
                index = next;
                rest -= sum;
            }
            step /= 2;
        }
        if index >= self.len() {
            let last = self.len().saturating_sub(1);
            return (last, self.get(last));
        }
        (index, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Sums and searches agree with adding up a plain list, also after corrections.
        #[test]
        fn agrees_with_a_plain_list(
            mut plain in prop::collection::vec(0u32..5000, 1..200),
            corrections in prop::collection::vec((0usize..200, 0u32..5000), 0..50),
            at in 0.0f64..1.0,
        ) {
            let mut heights = Heights::new(plain.iter().map(|v| f64::from(*v)).collect());
            for (index, value) in corrections {
                let index = index % plain.len();
                plain[index] = value;
                heights.set(index, f64::from(value));
            }
            for i in 0..=plain.len() {
                let expected: u32 = plain[..i].iter().sum();
                prop_assert_eq!(heights.top(i), f64::from(expected));
            }
            let total = heights.total();
            let y = (total * at).floor();
            let (found, offset) = heights.find(y);
            prop_assert!(heights.top(found) <= y);
            prop_assert_eq!(heights.top(found) + offset, y);
            prop_assert!(y >= total || offset < heights.get(found));
        }
    }

    #[test]
    fn searching_is_clamped() {
        let heights = Heights::new(vec![10.0, 0.0, 5.0]);
        assert_eq!(heights.find(-3.0), (0, 0.0));
        assert_eq!(heights.find(10.0), (2, 0.0), "chunks without height are passed over");
        assert_eq!(heights.find(99.0), (2, 5.0));
        assert_eq!(Heights::default().find(3.0), (0, 0.0));
    }
}
