//! Parses the command line; runs the window or a subcommand without one.

use std::process::ExitCode;

use clap::Parser as _;
use manicule::{app, cli};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = cli::Arguments::parse();
    match arguments.command {
        Some(command) => cli::run(&command),
        None => match app::run(arguments.file) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("manicule: {}", manicule::text::visible::visible(&message));
                ExitCode::FAILURE
            }
        },
    }
}
