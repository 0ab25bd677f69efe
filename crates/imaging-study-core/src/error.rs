//! What goes wrong while reading and writing, in any format.

use std::borrow::Cow;
use std::fmt;

use crate::{ElementPath, ScalarType};

/// Why an input could not be read, and where.
///
/// The input itself is never repeated beyond a short word for its type: it may be patient data.
#[derive(Debug, thiserror::Error)]
#[error("{}{}{}", .0.kind, At(&.0.path), In(.0.position))]
pub struct ReadError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ReadErrorKind,
    path: ElementPath,
    position: Position,
}

/// A place in the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, counted from 1.
    pub line: u64,
    /// Column, counted from 1, in Unicode characters.
    pub column: u64,
    /// Offset from the start of the resource, in bytes.
    pub offset: usize,
}

impl Position {
    /// The place at an offset of an input, in bytes, whose first line has a number.
    #[cold]
    #[must_use]
    pub fn of(input: &[u8], offset: usize, first_line: u64) -> Self {
        let mut place = Self {
            line: first_line,
            column: 1,
            offset: 0,
        };
        place.advance(input, offset);
        place
    }

    /// Goes on to an offset of the input that is not before this one.
    fn advance(&mut self, input: &[u8], offset: usize) {
        let end = offset.min(input.len());
        let passed = &input[self.offset.min(end)..end];
        let mut visible = passed;
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
            self.column = 1;
            visible = &passed[last + 1..];
        }
        // A byte order mark is no character of the text.
        if self.column == 1 {
            visible = visible.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(visible);
        }
        self.column += visible.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as u64;
        self.offset = offset;
    }
}

impl fmt::Display for Position {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "line {}, column {}", self.line, self.column)
    }
}

/// ` at ImagingStudy.status`, or nothing where the path is not known.
struct At<'a>(&'a ElementPath);

impl fmt::Display for At<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(formatter, " at {}", self.0)
    }
}

/// `, line 1, column 2`, or nothing where the input has no lines.
struct In(Position);

impl fmt::Display for In {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.line == 0 {
            return Ok(());
        }
        write!(formatter, ", {}", self.0)
    }
}

/// What is wrong with an input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The input breaks the grammar of the format.
    #[error("expected {expected}, found {found}")]
    Syntax {
        /// What the grammar allows here.
        expected: &'static str,
        /// What stands there.
        found: &'static str,
    },
    /// A value has the wrong type in the format.
    #[error("expected {expected}, found {found}")]
    WrongType {
        /// What the element needs.
        expected: Cow<'static, str>,
        /// What stands there.
        found: &'static str,
    },
    /// The text of a primitive value breaks the rules of its type.
    #[error("expected {}, found {found}", .expected.grammar())]
    InvalidValue {
        /// The type of the element.
        expected: ScalarType,
        /// What stands there.
        found: &'static str,
    },
    /// The version does not define an element of this name here.
    #[error("unknown element")]
    UnknownElement,
    /// The version does not define an XML attribute of this name here.
    #[error("unknown attribute")]
    UnknownAttribute,
    /// A resource inside another one is of a type that the version does not define.
    #[error("unknown resource type")]
    UnknownResourceType,
    /// An element of XML stands behind one that the definition puts after it.
    #[error("{element} stands behind {after}, but the definition puts it before")]
    OutOfOrder {
        /// The element.
        element: &'static str,
        /// The element before it in the input.
        after: &'static str,
    },
    /// An element of XML is in the wrong namespace.
    #[error("expected an element in the namespace {expected}, found {found}")]
    Namespace {
        /// The namespace that the element must be in.
        expected: &'static str,
        /// The namespace that it is in.
        found: &'static str,
    },
    /// The input has something that XML allows and FHIR does not.
    #[error("{what}, which FHIR does not allow")]
    NotAllowed {
        /// What it is.
        what: &'static str,
    },
    /// The input is in an encoding that is not read.
    #[error("unsupported encoding: only UTF-8, and UTF-16 with a byte order mark, are read")]
    UnsupportedEncoding,
    /// A member of this name has been read before.
    #[error("duplicate member")]
    DuplicateMember,
    /// An element that does not repeat has been read before.
    #[error("duplicate element")]
    DuplicateElement,
    /// A choice such as `value[x]` has values of two types.
    #[error("a second value for an element that allows one")]
    SecondValue,
    /// An object, array, element or string is empty, which FHIR forbids.
    #[error("empty {what}")]
    Empty {
        /// What is empty.
        what: &'static str,
    },
    /// The arrays `x` and `_x` have different lengths.
    #[error("{values} values, but {elements} entries for their ids and extensions")]
    LengthsDiffer {
        /// Length of `x`.
        values: usize,
        /// Length of `_x`.
        elements: usize,
    },
    /// An entry of a list has neither a value nor an id nor an extension.
    #[error("an entry without value and extensions")]
    EmptyEntry,
    /// A name with an underscore stands for an element that is not primitive.
    #[error("a name with an underscore, but the element is not primitive")]
    NotPrimitive,
    /// A string is spelled in a way that JSON or Unicode forbids.
    #[error("{what} in a string")]
    InvalidString {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The input is not UTF-8.
    #[error("invalid UTF-8")]
    InvalidUtf8,
    /// The input is not UTF-16.
    #[error("invalid UTF-16")]
    InvalidUtf16,
    /// More stands behind the resource.
    #[error("trailing data")]
    TrailingData,
    /// Elements nest more deeply than the limit allows.
    #[error("more than {limit} elements inside one another")]
    TooDeep {
        /// The limit.
        limit: usize,
    },
    /// A tag has more attributes than the limit allows.
    #[error("more than {limit} attributes")]
    TooManyAttributes {
        /// The limit.
        limit: usize,
    },
    /// A tag declares more namespaces than the limit allows.
    #[error("more than {limit} namespace declarations")]
    TooManyNamespaces {
        /// The limit.
        limit: usize,
    },
    /// The resource is larger than the limit allows.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The resource does not say of which type it is.
    #[error("missing resourceType")]
    MissingResourceType,
    /// The resource has another type.
    #[error("expected a resource of type {expected}, found another type")]
    OtherResourceType {
        /// The type that was to be read.
        expected: &'static str,
    },
    /// The input could not be fetched.
    #[error("input failed: {0}")]
    Io(#[from] std::io::Error),
}

impl ReadError {
    /// An error at an offset, in bytes from the start of the resource; its path grows on the way up.
    #[cold]
    #[must_use]
    pub fn new(kind: ReadErrorKind, offset: usize) -> Self {
        Self(Box::new(Inner {
            kind,
            path: ElementPath::default(),
            position: Position {
                offset,
                ..Position::default()
            },
        }))
    }

    /// Puts the name of the element that holds the error before its path.
    #[cold]
    #[must_use]
    pub fn within(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.0.path.prepend_name(name);
        self
    }

    /// Puts the index of the entry that holds the error before its path.
    #[cold]
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        self.0.path.prepend_index(index);
        self
    }

    /// Its path, which grows on the way up.
    pub fn path_mut(&mut self) -> &mut ElementPath {
        &mut self.0.path
    }

    /// Whether a reader can go on behind the element that the error is about: the input keeps to the
    /// grammar of the format and to the limits.
    #[must_use]
    pub fn is_about_an_element(&self) -> bool {
        use ReadErrorKind as Kind;
        match self.kind() {
            Kind::WrongType { .. }
            | Kind::InvalidValue { .. }
            | Kind::UnknownElement
            | Kind::UnknownAttribute
            | Kind::UnknownResourceType
            | Kind::OutOfOrder { .. }
            | Kind::Namespace { .. }
            | Kind::NotAllowed { .. }
            | Kind::DuplicateMember
            | Kind::DuplicateElement
            | Kind::SecondValue
            | Kind::Empty { .. }
            | Kind::LengthsDiffer { .. }
            | Kind::EmptyEntry
            | Kind::NotPrimitive
            | Kind::MissingResourceType
            | Kind::OtherResourceType { .. } => true,
            Kind::Syntax { .. }
            | Kind::UnsupportedEncoding
            | Kind::InvalidString { .. }
            | Kind::InvalidUtf8
            | Kind::InvalidUtf16
            | Kind::TrailingData
            | Kind::TooDeep { .. }
            | Kind::TooManyAttributes { .. }
            | Kind::TooManyNamespaces { .. }
            | Kind::TooLarge { .. }
            | Kind::Io(_) => false,
        }
    }

    /// Counts lines and columns up to the offset of each of several errors, in one pass.
    pub fn locate_all(errors: &mut [Self], input: &[u8], first_line: u64) {
        errors.sort_by_key(|error| error.0.position.offset);
        let mut at = Position {
            line: first_line,
            column: 1,
            offset: 0,
        };
        for error in errors {
            at.advance(input, error.0.position.offset);
            error.0.position = at;
        }
    }

    /// Moves the error behind a number of bytes that stand before what was read.
    #[cold]
    #[must_use]
    pub fn behind(mut self, bytes: usize) -> Self {
        self.0.position.offset += bytes;
        self
    }

    /// Counts lines and columns in the input up to the offset of the error.
    #[cold]
    #[must_use]
    pub fn locate(mut self, input: &[u8], first_line: u64) -> Self {
        self.0.position = Position::of(input, self.0.position.offset, first_line);
        self
    }

    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> &ReadErrorKind {
        &self.0.kind
    }

    /// Which element it concerns; empty where the input breaks off before one is reached.
    #[must_use]
    pub fn path(&self) -> &ElementPath {
        &self.0.path
    }

    /// Where in the input it stands; line 0 where the input is a tree of values.
    #[must_use]
    pub fn position(&self) -> Position {
        self.0.position
    }

    /// The error without its place, for messages that name the place themselves.
    #[must_use]
    pub fn message(&self) -> String {
        self.0.kind.to_string()
    }
}

/// Why a value could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// An element has no content, which FHIR cannot express.
    #[error("empty element at {path}")]
    EmptyElement {
        /// The element.
        path: Box<ElementPath>,
    },
    /// The format cannot express a value.
    #[error("{reason} at {path}")]
    NotExpressible {
        /// The element.
        path: Box<ElementPath>,
        /// Why it cannot.
        reason: Box<str>,
    },
    /// The output could not take it.
    #[error("output failed: {0}")]
    Io(#[from] std::io::Error),
}

impl WriteError {
    /// An empty element.
    #[cold]
    #[must_use]
    pub fn empty() -> Self {
        Self::EmptyElement {
            path: Box::default(),
        }
    }

    /// A value that the format cannot express.
    #[cold]
    #[must_use]
    pub fn not_expressible(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::NotExpressible {
            path: Box::default(),
            reason: reason.into().into_owned().into_boxed_str(),
        }
    }

    /// Which element it concerns; `None` where the output failed.
    #[must_use]
    pub const fn path(&self) -> Option<&ElementPath> {
        match self {
            Self::EmptyElement { path } | Self::NotExpressible { path, .. } => Some(path),
            Self::Io(_) => None,
        }
    }

    /// Puts the name of the element that holds the error before its path.
    #[cold]
    #[must_use]
    pub fn within(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        if let Some(path) = self.path_mut() {
            path.prepend_name(name);
        }
        self
    }

    /// Puts the index of the entry that holds the error before its path.
    #[cold]
    #[must_use]
    pub fn at(mut self, index: usize) -> Self {
        if let Some(path) = self.path_mut() {
            path.prepend_index(index);
        }
        self
    }

    fn path_mut(&mut self) -> Option<&mut ElementPath> {
        match self {
            Self::EmptyElement { path } | Self::NotExpressible { path, .. } => Some(path),
            Self::Io(_) => None,
        }
    }
}
