//! Looking at a document without keeping it.

use imaging_study_core::{Limits, ReadError};

use crate::decoder::check_size;
use crate::encoding::{Encoding, Input};
use crate::events::{Event, Events};
use crate::namespaces::Namespace;

/// An element as [`scan`] meets it.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The names of the elements around it, without prefixes, outermost first.
    pub parents: &'a [&'a str],
    /// Its name, without its prefix.
    pub name: &'a str,
    /// Whether it is in the namespace of FHIR.
    pub fhir: bool,
    /// Its attribute `value`.
    pub value: Option<&'a str>,
    /// Whether it ends with its first tag.
    pub empty: bool,
}

/// Walks over the elements of a document in the order of the input, without keeping anything: of
/// any document that is well-formed XML, in whatever namespaces.
///
/// ```
/// use imaging_study_core::Limits;
///
/// let mut names = Vec::new();
/// imaging_study_xml::scan(b"<a><b value='c'/></a>", Limits::default(), |node| {
///     names.push((node.name.to_owned(), node.value.map(str::to_owned)));
/// })?;
/// assert_eq!(names, [("a".to_owned(), None), ("b".to_owned(), Some("c".to_owned()))]);
/// # Ok::<(), imaging_study_xml::ReadError>(())
/// ```
///
/// # Errors
///
/// The bytes are not well-formed XML with namespaces, have a DOCTYPE or processing instructions, or
/// exceed a limit.
pub fn scan(bytes: &[u8], limits: Limits, visit: impl FnMut(Node<'_>)) -> Result<(), ReadError> {
    check_size(bytes.len(), limits)?;
    let input = Input::of_bytes(bytes)?;
    walk(&input.text, input.encoding, limits, visit).map_err(|error| input.locate(error))
}

fn walk(
    text: &str,
    encoding: Encoding,
    limits: Limits,
    mut visit: impl FnMut(Node<'_>),
) -> Result<(), ReadError> {
    let mut events = Events::new(text, encoding, limits);
    let mut parents: Vec<&str> = Vec::new();
    events.root(&mut Vec::new())?;
    let mut start = true;
    loop {
        if start {
            let tag = events.tag;
            let mut value = None;
            events.check_attributes(&tag, |attribute| {
                let text = attribute.value()?;
                if attribute.name == "value" {
                    value = Some(text);
                }
                Ok(())
            })?;
            visit(Node {
                parents: &parents,
                name: tag.name,
                fhir: tag.namespace == Namespace::Fhir,
                value: value.as_deref(),
                empty: tag.empty,
            });
            if !tag.empty {
                parents.push(tag.name);
            }
        }
        if parents.is_empty() {
            return events.finish();
        }
        let event = events.next()?;
        start = event == Event::Start;
        match event {
            Event::Start => {}
            Event::End => {
                parents.pop();
            }
            Event::Text => events.check_text()?,
            Event::EndOfInput => {
                return Err(events.syntax("an end tag", "the end of the input"));
            }
            Event::Reference | Event::CData | Event::Comment => {}
        }
    }
}
