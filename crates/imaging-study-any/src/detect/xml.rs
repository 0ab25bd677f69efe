//! Evidence in XML.

use std::mem;

use imaging_study_core::{ElementPath, Limits, ReadError, Segment};
use imaging_study_xml::{Node, scan};

use super::table::Shape;
use super::witness::{Witness, known};
use super::{Detection, StudyInside};

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

/// Looks at the studies inside a document in XML that is none itself: in the entries of a Bundle, in
/// those of a Bundle inside it, and wherever else a resource holds one. Empty for a study, whose
/// contained studies belong to it.
///
/// ```
/// use imaging_study_any::detect_xml_inside;
/// use imaging_study_core::FhirVersion;
///
/// let studies = detect_xml_inside(
///     br#"<Bundle xmlns="http://hl7.org/fhir">
///           <entry><resource><Patient/></resource></entry>
///           <entry><resource><ImagingStudy><reasonCode/></ImagingStudy></resource></entry>
///         </Bundle>"#,
/// )?;
/// assert_eq!(studies[0].path.to_string(), "Bundle.entry[1].resource");
/// assert_eq!(studies[0].entries.as_deref(), Some(&[1][..]));
/// assert_eq!(studies[0].detection.version(), Ok(FhirVersion::R4));
/// # Ok::<(), imaging_study_core::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are no well-formed XML, or exceed the default limits.
pub fn detect_xml_inside(bytes: &[u8]) -> Result<Vec<StudyInside>, ReadError> {
    let mut place = Indexes::default();
    let mut studies: Vec<(ElementPath, Option<Vec<usize>>, Listener)> = Vec::new();
    // How many elements there are around the study that is being heard.
    let mut around: Option<usize> = None;
    scan(bytes, Limits::default(), |node| {
        let depth = node.parents.len();
        place.enter(depth, node.name);
        around = around.filter(|&around| depth > around);
        if around.is_none() && node.fhir && node.name == "ImagingStudy" {
            around = Some(depth);
            if depth > 0 {
                let path = place.path(node.parents);
                studies.push((path, place.entries(node.parents), Listener::default()));
            }
        }
        if let (Some(inside), Some((_, _, study))) = (
            around.and_then(|around| node.parents.get(around..)),
            studies.last_mut(),
        ) {
            study.hear(inside, &node);
        }
    })?;
    let conclude = |(path, entries, study): (_, _, Listener)| StudyInside {
        path,
        entries,
        detection: study.witness.conclude(),
    };
    Ok(studies.into_iter().map(conclude).collect())
}

/// The elements around resources that may repeat.
const REPEATING: [&str; 4] = ["contained", "entry", "parameter", "part"];

/// Counts the elements around a place that may repeat.
#[derive(Default)]
struct Indexes(Vec<Option<(&'static str, usize)>>);

impl Indexes {
    fn enter(&mut self, depth: usize, name: &str) {
        self.0.truncate(depth + 1);
        self.0.resize(depth + 1, None);
        let Some(last) = self.0.last_mut() else {
            return;
        };
        let known = REPEATING.into_iter().find(|repeating| *repeating == name);
        *last = match (known, *last) {
            (Some(name), Some((before, index))) if before == name => Some((name, index + 1)),
            (known, _) => known.map(|name| (name, 0)),
        };
    }

    fn index(&self, depth: usize) -> Option<usize> {
        let (_, index) = self.0.get(depth).copied().flatten()?;
        Some(index)
    }

    fn path(&self, parents: &[&str]) -> ElementPath {
        let segments = parents.iter().enumerate();
        // In XML a resource inside another one has an element of its own, which is no step.
        let segments = segments.filter(|(depth, name)| {
            *depth == 0 || !name.starts_with(|first: char| first.is_ascii_uppercase())
        });
        ElementPath::from_iter(segments.flat_map(|(depth, name)| {
            let index = self.index(depth).map(Segment::Index);
            [Some(Segment::Name((*name).to_owned().into())), index]
                .into_iter()
                .flatten()
        }))
    }

    /// The indexes of the entries, outermost first, where nothing but Bundles lies around.
    fn entries(&self, parents: &[&str]) -> Option<Vec<usize>> {
        let mut levels = parents.chunks(3);
        if !levels.all(|level| *level == ["Bundle", "entry", "resource"]) {
            return None;
        }
        let depths = (0..parents.len()).skip(1).step_by(3);
        depths.map(|depth| self.index(depth)).collect()
    }
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
