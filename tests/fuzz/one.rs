//! One target under libFuzzer: `MANICULE_FUZZ` says which. See the head of `main.rs`.

#![no_main]

// What only the tests in main.rs need is there, too.
#[allow(dead_code, unused_imports)]
mod targets;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use targets::Target;

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    // Whoever catches a panic, as the reader of PDFs does, keeps the program running: only what is caught nowhere counts.
    // libFuzzer's own hook would end the program at any.
    std::panic::set_hook(Box::new(|panic| {
        if std::thread::current().name() != Some("pdf") {
            eprintln!("{panic}");
        }
    }));
    let name = std::env::var("MANICULE_FUZZ").unwrap_or_default();
    Target::named(&name).unwrap_or_else(|| {
        let names: Vec<String> = Target::all().into_iter().map(Target::name).collect();
        eprintln!("MANICULE_FUZZ is to be one of {}", names.join(" "));
        std::process::exit(2);
    })
});

fuzz_target!(|bytes: &[u8]| {
    TARGET.run(bytes);
});
