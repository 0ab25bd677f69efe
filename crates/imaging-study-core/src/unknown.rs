//! What a version does not define.

use crate::{ElementPath, Json, ReadError};

/// What a reader does with an element that the version does not define.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownElements {
    /// It is an error.
    #[default]
    Refuse,
    /// It is kept and reported beside the value.
    Keep,
}

/// An element or attribute that the version does not define, kept as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownElement {
    /// Where it stood; the last step is its name.
    pub path: ElementPath,
    /// Its name; in JSON, any text.
    pub name: String,
    /// What it holds.
    pub value: Unread,
}

/// Something kept in the form in which it was read, since no definition says what it means.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unread {
    /// A JSON value.
    Json(Json),
    /// An XML element with its tags, which stands for itself: it declares every prefix that it
    /// uses, and its unprefixed names are in the namespace of FHIR unless it says otherwise.
    Xml(String),
    /// The value of an XML attribute.
    XmlAttribute(String),
}

impl Unread {
    /// The JSON value, if it is one.
    #[must_use]
    pub const fn as_json(&self) -> Option<&Json> {
        match self {
            Self::Json(value) => Some(value),
            Self::Xml(_) | Self::XmlAttribute(_) => None,
        }
    }
}

impl UnknownElement {
    /// An unknown element; its path grows on the way up.
    #[must_use]
    pub fn new(name: &str, value: Unread) -> Self {
        let mut path = ElementPath::default();
        path.prepend_name(name.to_owned());
        Self {
            path,
            name: name.to_owned(),
            value,
        }
    }
}

/// What a reader comes upon and goes on from.
#[derive(Debug)]
pub enum Finding {
    /// An element or attribute that the version does not define.
    Unknown(UnknownElement),
    /// An error.
    Error(ReadError),
}

impl Finding {
    /// Where it stands; the path grows on the way up.
    pub fn path_mut(&mut self) -> &mut ElementPath {
        match self {
            Self::Unknown(unknown) => &mut unknown.path,
            Self::Error(error) => error.path_mut(),
        }
    }
}

impl From<UnknownElement> for Finding {
    fn from(unknown: UnknownElement) -> Self {
        Self::Unknown(unknown)
    }
}

/// The unknown elements among the findings of a reader, and the errors.
#[must_use]
pub fn separate(findings: Vec<Finding>) -> (Vec<UnknownElement>, Vec<ReadError>) {
    let (mut unknown, mut errors) = (Vec::new(), Vec::new());
    for finding in findings {
        match finding {
            Finding::Unknown(element) => unknown.push(element),
            Finding::Error(error) => errors.push(error),
        }
    }
    (unknown, errors)
}

/// What could be read of an input, and everything that is wrong with it.
#[derive(Debug)]
pub struct Collected<T> {
    /// What could be read. Where something is wrong, the element is absent or incomplete.
    pub value: T,
    /// The unknown elements, in the order of the input; empty unless they are kept.
    pub unknown: Vec<UnknownElement>,
    /// The errors, in the order of the input, [`Collected::MOST`] at most. Behind the last one
    /// nothing may have been read.
    pub errors: Vec<ReadError>,
}

impl<T> Collected<T> {
    /// How many errors are collected before a reader stops.
    pub const MOST: usize = 10_000;
}

/// A value that was read, and what the version does not define.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// The unknown elements, in the order of the input; empty unless they are kept.
    pub unknown: Vec<UnknownElement>,
}
