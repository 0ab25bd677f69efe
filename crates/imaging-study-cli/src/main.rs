//! The program `imaging-study`.

#[cfg(panic = "abort")]
compile_error!("one record that panics would end the run: build with panic = \"unwind\"");

use std::process::ExitCode;

fn main() -> ExitCode {
    imaging_study_cli::run(imaging_study_cli::command_line())
}
