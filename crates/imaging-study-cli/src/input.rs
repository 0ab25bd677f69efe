//! What a migration reads.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::format::Format;

/// A source of resources, with the name that reports give it.
pub struct Input<'a> {
    name: String,
    source: Source<'a>,
}

enum Source<'a> {
    Reader(Box<dyn Read + 'a>),
    File(&'a Path),
    Stdin,
}

impl fmt::Debug for Input<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Input")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<'a> Input<'a> {
    /// An input that is read from anything.
    pub fn new(name: impl Into<String>, reader: impl Read + 'a) -> Self {
        Self {
            name: name.into(),
            source: Source::Reader(Box::new(reader)),
        }
    }

    /// A file, opened when its turn comes, or stdin for `-`.
    #[must_use]
    pub fn from_argument(path: &'a Path) -> Self {
        Self {
            name: path.display().to_string(),
            source: if is_stdin(path) {
                Source::Stdin
            } else {
                Source::File(path)
            },
        }
    }

    /// The name that reports give it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format that the name says, where there is nothing in the input that could tell it: an
    /// empty file of lines has no lines, but an empty document is none.
    pub(crate) fn format_of_nothing(&self) -> Format {
        let Source::File(path) = &self.source else {
            return Format::Ndjson;
        };
        let ends = |ending| {
            path.extension()
                .is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        match (ends("json"), ends("xml")) {
            (true, _) => Format::Json,
            (_, true) => Format::Xml,
            _ => Format::Ndjson,
        }
    }

    /// Opens it.
    pub(crate) fn open(self) -> io::Result<Box<dyn Read + 'a>> {
        Ok(match self.source {
            Source::Reader(reader) => reader,
            Source::File(path) => Box::new(File::open(path)?),
            Source::Stdin => Box::new(io::stdin().lock()),
        })
    }
}

/// Whether a name on the command line stands for stdin.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
