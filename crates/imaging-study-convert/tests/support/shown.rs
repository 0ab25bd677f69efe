//! Studies as a failing property shows them.

use imaging_study_convert::Study;
use imaging_study_json::to_string;

/// A study that a failing test shows as JSON.
#[derive(Clone)]
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Study> std::fmt::Debug for Shown<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match to_string(&self.0) {
            Ok(json) => formatter.write_str(&json),
            Err(error) => write!(formatter, "{error}: {:?}", self.0),
        }
    }
}
