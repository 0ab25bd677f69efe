//! Files of which one that cannot be read does not end the run.

use std::io::{self, Write as _};
use std::path::PathBuf;

use imaging_study_migrate::{Input, MigrateError, Outputs, Settings, Summary, migrate};

use crate::error::RunError;

/// Visits the studies of every file, in the order of the files. One that cannot be read is told on
/// stderr; gives how many these were.
pub(crate) fn visit_each(
    files: &[PathBuf],
    settings: &Settings,
) -> Result<(Summary, u64), RunError> {
    let (mut summary, mut skipped) = (Summary::default(), 0);
    for path in files {
        let visited = migrate(
            [Input::from_argument(path)],
            settings,
            &mut Outputs::new(&mut io::sink(), &mut io::sink()),
        );
        match visited {
            Ok(visited) => summary.add(&visited),
            Err(error @ MigrateError::Input { .. }) => {
                skipped += 1;
                // Who has closed stderr does not want to read it.
                let _ = writeln!(io::stderr(), "{error}");
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok((summary, skipped))
}
