//! Where in its input an element stands that could not be written.

use imaging_study::core::{ElementPath, Segment};
use imaging_study::json::position_of;

use crate::format::Syntax;
use crate::migrate::Settings;
use crate::outcome::Failure;

impl Failure {
    /// The failure, with the place in the JSON that was read, if it is about an element that stands at
    /// the same path there.
    #[cold]
    pub(crate) fn located(self, bytes: &[u8], syntax: Syntax, settings: &Settings) -> Self {
        let Self::Write(error) = self else {
            return self;
        };
        let same = |path: &ElementPath| keeps_place(path) || settings.from == Some(settings.to);
        let path = error
            .path()
            .filter(|path| syntax == Syntax::Json && same(path));
        match path.and_then(|path| position_of(bytes, path)) {
            Some(position) => Self::WriteAt(error, position),
            None => Self::Write(error),
        }
    }
}

/// Whether no conversion moves an element: the narrative of a study, or of a resource in it, and
/// whatever stands in a resource that is no study.
fn keeps_place(path: &ElementPath) -> bool {
    let root = path.segments().next();
    let last = path.segments().last();
    let is = |segment: Option<&Segment>, expected: &str| matches!(segment, Some(Segment::Name(name)) if name == expected);
    is(last, "div") || !is(root, "ImagingStudy")
}
