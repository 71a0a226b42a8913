//! All occurrences of a name in a megabyte of text: ten thousand hits.
//!
//! `cargo bench --bench occurrences`

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use manicule::model::{Document, Header, Search};
use manicule::suggest::occurrences::find;
use manicule::text::Text;

/// A megabyte with `Anna Berg` and `Berg` five thousand times each.
fn article() -> Document {
    let sentence = "Anna Berg said on Monday that the talks would go on, whatever the council decides about them; \
                    asked about the treaty, Berg's office would only say that a decision is near. In the capital \
                    few believe that.\n";
    Document::new(Text::new(sentence.repeat(5000)).expect("a megabyte fits"), Header::default())
}

fn occurrences(criterion: &mut Criterion) {
    let document = article();
    let texts = vec!["Anna Berg".to_owned(), "Berg".to_owned()];
    for (name, ignore_case) in [("exact", false), ("ignoring case", true)] {
        let search = Search { texts: texts.clone(), ignore_case };
        assert_eq!(find(&document, "Person", &search).len(), 10_000);
        criterion.bench_function(&format!("10 000 hits in 1 MB, {name}"), |bencher| {
            bencher.iter(|| black_box(find(&document, "Person", black_box(&search))));
        });
    }
}

criterion_group!(benches, occurrences);
criterion_main!(benches);
