//! What a project costs: `cargo bench --bench project`, or with other numbers of documents: `-- 100 10000`.
//!
//! Each project is made in a temporary folder (50,000 documents take half a gigabyte there) and indexed as the window does it.
//! Prints times of searches: to the first hits, and to all. Beside each search of words stands what a full-text index (FTS5) would
//! take to name the documents, and what that costs when documents are read: why texts are scanned instead.

#[path = "project/search.rs"]
mod search;

/// Documents of about 2 kB.
const SIZES: [usize; 3] = [100, 10_000, 50_000];

fn main() {
    let chosen: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if chosen.is_empty() { SIZES.to_vec() } else { chosen };
    for count in sizes {
        search::measure(count);
    }
}
