//! Writing an element to text or a stream.

use std::io::Write;

use imaging_study_core::{Definitions, Element, Resource, WriteError};

use crate::characters::first_forbidden;
use crate::writer::{XmlWriter, forbidden_character};

/// The declaration at the start of a document.
const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// Writes elements with options.
///
/// ```
/// use imaging_study_r4::ImagingStudy;
/// use imaging_study_xml::Encoder;
///
/// let study = ImagingStudy { description: "CT & MR".parse()?, ..Default::default() };
/// let encoder = Encoder { pretty: true, declaration: true };
/// assert_eq!(
///     encoder.encode(&study)?,
///     "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
///      <ImagingStudy xmlns=\"http://hl7.org/fhir\">\n  \
///        <description value=\"CT &amp; MR\"/>\n\
///      </ImagingStudy>"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoder {
    /// Each element begins on a line of its own, indented by two spaces a level. Narrative stays as
    /// it is.
    pub pretty: bool,
    /// The XML declaration goes before the element.
    pub declaration: bool,
}

impl Encoder {
    /// Writes an element: elements in the order of the definition, the namespace of FHIR once.
    ///
    /// # Errors
    ///
    /// An element in it is empty, or XML cannot express it: narrative that is no XHTML, characters
    /// that XML forbids, a contained resource that does not fit the definition of its type.
    pub fn encode<T: Element>(&self, element: &T) -> Result<String, WriteError> {
        self.write(T::definitions(), |writer| {
            writer
                .document(element)
                .map_err(|error| error.within(T::info().name))
        })
    }

    /// Writes a resource of any type by the definitions of its version.
    ///
    /// # Errors
    ///
    /// The resource does not fit the definition of its type, or those of [`Encoder::encode`].
    pub fn encode_resource(
        &self,
        resource: &Resource,
        definitions: &'static Definitions,
    ) -> Result<String, WriteError> {
        self.write(Some(definitions), |writer| {
            writer
                .root_resource(resource)
                .map_err(|error| error.within(resource.resource_type().to_owned()))
        })
    }

    fn write(
        &self,
        definitions: Option<&'static Definitions>,
        write: impl Fn(&mut XmlWriter) -> Result<(), WriteError>,
    ) -> Result<String, WriteError> {
        let run = |careful| {
            let mut writer = XmlWriter::new(self.pretty, careful, definitions);
            if self.declaration {
                writer.out.push_str(DECLARATION);
            }
            write(&mut writer).map(|()| writer.out)
        };
        let text = run(false)?;
        // Searching the whole text once is faster than searching each value, but does not say
        // where; that is left to a second run.
        if first_forbidden(&text) < text.len() {
            let place = run(true).map(|_| ());
            return Err(place.err().unwrap_or_else(forbidden_character));
        }
        Ok(text)
    }
}

/// Writes an element as XML without declaration and without white space between elements.
///
/// # Errors
///
/// Those of [`Encoder::encode`].
pub fn to_string<T: Element>(element: &T) -> Result<String, WriteError> {
    Encoder::default().encode(element)
}

/// Writes an element as XML without declaration, each element on a line of its own, indented by two
/// spaces a level.
///
/// # Errors
///
/// Those of [`Encoder::encode`].
pub fn to_string_pretty<T: Element>(element: &T) -> Result<String, WriteError> {
    let encoder = Encoder {
        pretty: true,
        declaration: false,
    };
    encoder.encode(element)
}

/// Writes an element to a stream, as XML with its declaration and without white space between
/// elements. Nothing is written if the element cannot be.
///
/// # Errors
///
/// Those of [`Encoder::encode`], or the stream fails.
pub fn to_writer<T: Element>(mut writer: impl Write, element: &T) -> Result<(), WriteError> {
    let encoder = Encoder {
        pretty: false,
        declaration: true,
    };
    writer.write_all(encoder.encode(element)?.as_bytes())?;
    Ok(())
}
