//! The program as a function.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::convert::convert;
use crate::detect::detect;
use crate::error::RunError;
use crate::from_dicom::from_dicom;
use crate::guard::hide_panic_messages;
use crate::uid::uid;
use crate::urls::urls;

/// Runs the program; returns its exit status.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    hide_panic_messages();
    let result = match arguments.command {
        Command::Convert(arguments) => convert(&arguments),
        Command::Detect(arguments) => detect(&arguments),
        Command::FromDicom(arguments) => from_dicom(&arguments),
        Command::Uid(arguments) => uid(&arguments),
        Command::Urls(arguments) => urls(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "imaging-study",
                &mut script,
            );
            // A reader that left has no use for the rest.
            let _ = io::stdout().write_all(&script);
            Ok(false)
        }
    };
    match result {
        Ok(failed) => ExitCode::from(u8::from(failed)),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::from(error.exit_status())
        }
    }
}

fn report(error: &RunError) {
    // Who has closed stderr does not want to read it.
    let _ = writeln!(io::stderr(), "error: {error}");
}
