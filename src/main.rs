//! Parses the command line; runs the window or a subcommand without one.

use std::process::ExitCode;

use clap::Parser as _;
use manicule::app::data::DataDir;
use manicule::{app, cli, panics};

fn main() -> ExitCode {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let arguments = cli::Arguments::parse();
    panics::install(DataDir::of_user().reports());
    match arguments.command {
        // What went wrong was said where it did.
        Some(command) => panics::catch(|| cli::run(&command)).unwrap_or(ExitCode::from(cli::FAILED)),
        None => match app::run(arguments.file) {
            Ok(()) => ExitCode::SUCCESS,
            Err(message) => {
                eprintln!("manicule: {}", manicule::text::visible::visible(&message));
                ExitCode::FAILURE
            }
        },
    }
}
