//! The program `imaging-study-server`.

use std::io;
use std::process::ExitCode;

use clap::Parser;
use imaging_study_server::{Arguments, run};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(false)
        .with_target(false)
        .init();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("imaging-study-server: {error}");
            ExitCode::from(3)
        }
    }
}
