//! How many files of a project are best changed at a time: one change of all of them, again and again.

use std::time::Instant;

use manicule::project::Project;

use crate::cost::{AT, operations, rename};
use crate::search;

/// Measures a project of so many documents.
pub fn measure(count: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let root = folder.path().join("p");
    search::make(&root, count);
    println!("\n{count} documents\n\n| files at a time | planned, s | done, s | taken back, s | processor, s |");
    println!("|---:|---:|---:|---:|---:|");
    // One at a time, many take long.
    let several: &[usize] = if count > 2_000 { &[8, 1] } else { &[1, 2, 4, 8, 16, 1, 8] };
    for at_once in several.iter().copied() {
        let project = Project::open(&root).expect("it was made");
        let operations = operations(&project.layout).at_once(at_once);
        let processor = on_processors();
        let began = Instant::now();
        let id = rename(&project, &operations);
        let planned = began.elapsed();
        let began = Instant::now();
        assert!(operations.run(&id, None, &mut |_| true).expect("writable").is_finished);
        let done = began.elapsed();
        let began = Instant::now();
        let undo = operations.begin_undo(&id, AT, None, &mut |_| true).expect("writable");
        assert!(operations.run(&undo, None, &mut |_| true).expect("writable").is_finished);
        let back = began.elapsed();
        let seconds = |time: std::time::Duration| format!("{:.2}", time.as_secs_f64());
        let used = on_processors() - processor;
        println!("| {at_once} | {} | {} | {} | {used:.2} |", seconds(planned), seconds(done), seconds(back));
    }
}

/// Seconds that all threads of this process have been on a processor; 0 where the system does not tell.
#[cfg(unix)]
fn on_processors() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

#[cfg(not(unix))]
fn on_processors() -> f64 {
    0.0
}
