//! The program as a function.

use std::env;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;
use std::process::{self, ExitCode};

use clap::{CommandFactory, Parser as _};
use imaging_study_migrate::hide_panic_messages;

use crate::arguments::{Arguments, Command};
use crate::convert::convert;
use crate::definitions::definitions;
use crate::detect::detect;
use crate::diff::diff;
use crate::error::{MigrateError, RunError};
use crate::from_dicom::from_dicom;
use crate::generate::generate;
use crate::interrupt;
use crate::repair::repair;
use crate::report::report as write_report;
use crate::schema::schema;
use crate::search::search;
use crate::show::show;
use crate::shown::shown_path;
use crate::stats::stats;
use crate::uid::uid;
use crate::urls::urls;
use crate::validate::validate;

/// The command line of this process; ends the process if it cannot be understood, or asks for help.
#[must_use]
pub fn command_line() -> Arguments {
    let error = match Arguments::try_parse() {
        Ok(arguments) => return arguments,
        Err(error) => error,
    };
    // A message repeats arguments, and names of files come from others than who sits at the terminal.
    let given = || env::args_os().map(|argument| shown_path(Path::new(&argument)));
    if env::args_os().eq(given().map(OsString::from)) {
        exit(&error);
    }
    match Arguments::try_parse_from(given()) {
        Ok(_) => exit(&error),
        Err(escaped) => exit(&escaped),
    }
}

/// Prints help or what is wrong with the arguments, and ends the process.
fn exit(message: &clap::Error) -> ! {
    let printed = message.print().and_then(|()| io::stdout().flush());
    let status = match printed {
        // Who asks for help wants to have it; of a mistake the status tells enough.
        Err(error) if !message.use_stderr() => {
            let error = RunError::from(MigrateError::Output(error));
            match error.is_closed_pipe() {
                true => 0,
                false => {
                    report(&error);
                    error.exit_status().into()
                }
            }
        }
        _ => message.exit_code(),
    };
    process::exit(status)
}

/// Runs the program; returns its exit status.
#[must_use]
pub fn run(arguments: Arguments) -> ExitCode {
    hide_panic_messages();
    if matches!(
        arguments.command,
        Command::Convert(_) | Command::FromDicom(_) | Command::Repair(_) | Command::Report(_)
    ) {
        interrupt::watch();
    }
    let result = match arguments.command {
        Command::Convert(arguments) => convert(&arguments),
        Command::Definitions(arguments) => definitions(&arguments).map(|()| false),
        Command::Detect(arguments) => detect(&arguments),
        Command::Diff(arguments) => diff(&arguments),
        Command::FromDicom(arguments) => from_dicom(&arguments),
        Command::Generate(arguments) => generate(&arguments).map(|()| false),
        Command::Repair(arguments) => repair(&arguments),
        Command::Report(arguments) => write_report(&arguments),
        Command::Schema(arguments) => schema(&arguments).map(|()| false),
        Command::Search(arguments) => search(&arguments),
        Command::Show(arguments) => show(&arguments),
        Command::Stats(arguments) => stats(&arguments),
        Command::Uid(arguments) => uid(&arguments),
        Command::Urls(arguments) => urls(&arguments),
        Command::Validate(arguments) => validate(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(
                shell,
                &mut Arguments::command(),
                "imaging-study",
                &mut script,
            );
            let mut stdout = io::stdout();
            let written = stdout.write_all(&script).and_then(|()| stdout.flush());
            written
                .map(|()| false)
                .map_err(|error| MigrateError::Output(error).into())
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
