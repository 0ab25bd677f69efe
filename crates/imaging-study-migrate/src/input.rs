//! What a migration reads.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::compressed::{Compression, Opened, open_apart, open_here, without_ending};
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
    /// An input that is read from anything; what is compressed is unpacked on the thread that reads.
    pub fn new(name: impl Into<String>, reader: impl Read + 'a) -> Self {
        Self {
            name: name.into(),
            source: Source::Reader(Box::new(reader)),
        }
    }

    /// A file, opened when its turn comes, or stdin for `-`; what is compressed is unpacked on a thread
    /// of its own.
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

    /// The same under another name, as reports give it.
    #[must_use]
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// The name that reports give it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The format that the name says, where there is nothing in the input that could tell it: an
    /// empty file of lines has no lines, but an empty document is none.
    pub fn format_of_nothing(&self) -> Format {
        let Source::File(path) = &self.source else {
            return Format::Ndjson;
        };
        let ends = |ending| {
            Path::new(without_ending(path))
                .extension()
                .is_some_and(|end| end.eq_ignore_ascii_case(ending))
        };
        match (ends("json"), ends("xml")) {
            (true, _) => Format::Json,
            (_, true) => Format::Xml,
            _ => Format::Ndjson,
        }
    }

    /// Opens it; what is compressed is unpacked.
    pub fn open(self) -> io::Result<Opened<'a>> {
        match self.source {
            Source::Reader(reader) => open_here(reader),
            Source::File(path) => open_apart(File::open(path)?, Compression::of_name(path)),
            Source::Stdin => open_apart(io::stdin(), None),
        }
    }
}

/// Whether a name on the command line stands for stdin.
pub fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}
