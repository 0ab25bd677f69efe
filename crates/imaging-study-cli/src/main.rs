//! The program `imaging-study`.

#[cfg(panic = "abort")]
compile_error!("one record that panics would end the run: build with panic = \"unwind\"");

use std::process::ExitCode;

use clap::Parser;
use imaging_study_cli::arguments::Arguments;

fn main() -> ExitCode {
    imaging_study_cli::run(Arguments::parse())
}
