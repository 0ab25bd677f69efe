//! The program `imaging-study`.

use std::process::ExitCode;

use clap::Parser;
use imaging_study_cli::arguments::Arguments;

fn main() -> ExitCode {
    imaging_study_cli::run(Arguments::parse())
}
