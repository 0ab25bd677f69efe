//! Evidence in XML.

use std::mem;

use imaging_study_core::{Limits, ReadError};
use imaging_study_xml::{Node, scan};

use super::Detection;
use super::table::Shape;
use super::witness::{Witness, known};

/// [`detect`](super::detect) for bytes that are XML.
///
/// # Errors
///
/// The bytes are no well-formed XML, or exceed the default limits.
pub fn detect_xml(bytes: &[u8]) -> Result<Detection, ReadError> {
    let mut listener = Listener::default();
    scan(bytes, Limits::default(), |node| {
        listener.hear(node.parents, &node);
    })?;
    Ok(listener.witness.conclude())
}

/// Looks at the studies in the entries of a Bundle in XML: the index of the entry, counted from 0,
/// and what was found out about the study in it. Empty for any other document.
///
/// ```
/// use imaging_study_any::detect_xml_bundle;
/// use imaging_study_core::FhirVersion;
///
/// let studies = detect_xml_bundle(
///     br#"<Bundle xmlns="http://hl7.org/fhir">
///           <entry><resource><Patient/></resource></entry>
///           <entry><resource><ImagingStudy><reasonCode/></ImagingStudy></resource></entry>
///         </Bundle>"#,
/// )?;
/// let (entry, detection) = &studies[0];
/// assert_eq!((*entry, detection.version()), (1, Ok(FhirVersion::R4)));
/// # Ok::<(), imaging_study_core::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are no well-formed XML, or exceed the default limits.
pub fn detect_xml_bundle(bytes: &[u8]) -> Result<Vec<(usize, Detection)>, ReadError> {
    const ENTRY: &[&str] = &["Bundle", "entry", "resource"];
    let mut entries: usize = 0;
    let mut studies: Vec<(usize, Listener)> = Vec::new();
    scan(bytes, Limits::default(), |node| {
        if node.parents == &ENTRY[..1] && node.name == ENTRY[1] {
            entries += 1;
        } else if node.parents == ENTRY && node.name == "ImagingStudy" {
            studies.push((entries.saturating_sub(1), Listener::default()));
        } else if node.parents.get(ENTRY.len()) != Some(&"ImagingStudy") {
            return;
        }
        if let (Some(inside), Some((_, study))) =
            (node.parents.strip_prefix(ENTRY), studies.last_mut())
        {
            study.hear(inside, &node);
        }
    })?;
    let conclude = |(entry, study): (usize, Listener)| (entry, study.witness.conclude());
    Ok(studies.into_iter().map(conclude).collect())
}

/// Hears the elements of one study.
#[derive(Default)]
struct Listener {
    witness: Witness,
    /// How many series there were.
    series: usize,
    /// The elements that are lists in some versions, and the number of the series in which they
    /// were heard last; 0 outside.
    heard: Vec<(&'static str, usize)>,
}

impl Listener {
    /// Hears an element; `parents` are the elements around it, the resource first.
    fn hear(&mut self, parents: &[&str], node: &Node<'_>) {
        // What only looks like FHIR is no evidence, and at the root no study.
        if !node.fhir {
            return;
        }
        let Some((_, parents)) = parents.split_first() else {
            self.witness.resource_type(node.name);
            return;
        };
        // A primitive has no children but extensions.
        if let Some((name, outer)) = parents.split_last()
            && node.name != "extension"
        {
            self.witness.element(outer, name, &[Shape::Complex]);
        }
        // An element of JSON alone: in XML, comments are comments.
        if node.name == "fhir_comments" {
            return;
        }
        self.witness
            .element(parents, node.name, &[Shape::Any, Shape::Unclear]);
        if self.is_repeated(parents, node.name) {
            self.witness.element(parents, node.name, &[Shape::List]);
        }
        if let Some(value) = node.value {
            self.witness
                .element(parents, node.name, &[Shape::Primitive]);
            self.witness.value(parents, node.name, value);
        }
    }

    /// Whether the same parent has had an element of this name that may be a list.
    fn is_repeated(&mut self, parents: &[&str], name: &str) -> bool {
        let outside = parents.is_empty();
        self.series += usize::from(outside && name == "series");
        let mut rows = known(parents).iter();
        let Some(row) = rows.find(|row| row.name == name && row.shape == Shape::List) else {
            return false;
        };
        let place = if outside { 0 } else { self.series };
        let path = row.evidence.path;
        match self.heard.iter_mut().find(|(heard, _)| *heard == path) {
            Some((_, last)) => mem::replace(last, place) == place,
            None => {
                self.heard.push((path, place));
                false
            }
        }
    }
}
