//! Where in a resource something stands.

use std::borrow::Cow;
use std::fmt;

/// The path of an element, e.g. `ImagingStudy.series[2].instance[14].uid`: a FHIRPath with
/// zero-based indexes (<https://hl7.org/fhir/R5/fhirpath.html#simple>).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ElementPath {
    // From the leaf to the root: a path grows while an error travels up from where it was found.
    reversed: Vec<Segment>,
}

/// A step of an [`ElementPath`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Into an element, or the type at the root.
    Name(Cow<'static, str>),
    /// To an entry of a list, counted from 0.
    Index(usize),
}

impl ElementPath {
    /// Puts a name before the path.
    pub fn prepend_name(&mut self, name: impl Into<Cow<'static, str>>) {
        self.reversed.push(Segment::Name(name.into()));
    }

    /// Puts an index before the path.
    pub fn prepend_index(&mut self, index: usize) {
        self.reversed.push(Segment::Index(index));
    }

    /// The steps from the root on.
    pub fn segments(&self) -> impl Iterator<Item = &Segment> {
        self.reversed.iter().rev()
    }

    /// Whether the path has no step.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.reversed.is_empty()
    }
}

impl FromIterator<Segment> for ElementPath {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        let mut reversed: Vec<Segment> = segments.into_iter().collect();
        reversed.reverse();
        Self { reversed }
    }
}

impl fmt::Display for ElementPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.segments().enumerate() {
            match segment {
                Segment::Name(name) if position == 0 => formatter.write_str(name)?,
                Segment::Name(name) => write!(formatter, ".{name}")?,
                Segment::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// A name from the input for a path: kept when it looks like an element name; anything else might
/// be data.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let element = name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && name
            .bytes()
            .next()
            .is_some_and(|first| !first.is_ascii_digit());
    if element {
        name.to_owned()
    } else {
        "?".to_owned()
    }
}
