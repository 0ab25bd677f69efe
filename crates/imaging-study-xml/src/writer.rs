//! Writing elements: the XML rules for each shape of field.

use imaging_study_core::{
    Definitions, Element, ElementRef, FhirVersion, Name, ObjectElements, ObjectPrimitives,
    Primitive, PrimitiveRef, Resource, Scalar, ScalarRef, ScalarType, Shared, WriteError, Writer,
};

use crate::FHIR;
use crate::characters::first_forbidden;
use crate::escape::write_attribute;
use crate::narrative::{MARK, to_markup};

/// Room for a small study, so that most texts grow only a few times.
const CAPACITY: usize = 2048;

/// Writes elements to a text.
pub(crate) struct XmlWriter {
    pub(crate) out: String,
    /// The current indentation, in levels; `None` writes no white space between elements.
    indent: Option<usize>,
    /// Whether the start tag written last still lacks its `>`.
    open: bool,
    pass: Pass,
    /// Whether each value is searched for characters that XML forbids.
    careful: bool,
    pub(crate) definitions: Option<&'static Definitions>,
    /// The shared value written last.
    shared: Option<Written>,
}

/// Where the element of a shared value stands in the output.
#[derive(Clone, Copy)]
struct Written {
    name: Name,
    /// The address of the value, which lives as long as what is written.
    address: usize,
    start: usize,
    end: usize,
}

/// Which fields of an element are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pass {
    /// All, one after the other.
    All,
    /// Those that are attributes.
    Attributes,
    /// Those that are not.
    Children,
}

/// Whether an attribute of a type stands behind an element in the definition, so that one pass
/// over its fields is not enough.
const fn needs_two_passes(attributes: u64) -> bool {
    // Otherwise the bits that are set are the lowest ones.
    attributes & (attributes + 1) != 0
}

impl XmlWriter {
    pub(crate) fn new(
        pretty: bool,
        careful: bool,
        definitions: Option<&'static Definitions>,
    ) -> Self {
        Self {
            out: String::with_capacity(CAPACITY),
            indent: pretty.then_some(0),
            open: false,
            pass: Pass::All,
            careful,
            definitions,
            shared: None,
        }
    }

    /// Writes the root element.
    pub(crate) fn document<T: Element>(&mut self, element: &T) -> Result<(), WriteError> {
        let name = Name::plain(T::info().name);
        self.comments_of(element)?;
        self.root(name.stem);
        // A resource may have nothing but its type.
        let start = match T::RESOURCE {
            Some(_) => 0,
            None => self.out.len(),
        };
        self.content(name, start, needs_two_passes(T::ATTRIBUTES), |writer| {
            element.write(writer)
        })
    }

    /// Begins the start tag of the root.
    pub(crate) fn root(&mut self, name: &str) {
        self.start_tag(name);
        self.out.push_str(" xmlns=\"");
        self.out.push_str(FHIR);
        self.out.push('"');
    }

    /// Begins a start tag.
    pub(crate) fn start_tag(&mut self, name: &str) {
        self.close_start();
        self.out.push('<');
        self.out.push_str(name);
        self.open = true;
        if let Some(levels) = &mut self.indent {
            *levels += 1;
        }
    }

    /// Writes the end tag of an element that has children.
    pub(crate) fn end_tag(&mut self, name: &str) {
        if let Some(levels) = &mut self.indent {
            *levels -= 1;
            self.new_line();
        }
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    #[cold]
    fn new_line(&mut self) {
        if let Some(levels) = self.indent
            && !self.out.is_empty()
        {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", levels));
        }
    }

    /// Ends the start tag that is still open, so that a child can follow.
    #[inline(always)]
    pub(crate) fn close_start(&mut self) {
        if self.open {
            self.out.push('>');
            self.open = false;
        }
        if self.indent.is_some() {
            self.new_line();
        }
    }

    /// Begins the start tag of an element that a type has.
    // Inlined, so that the names are constants and each push is a few stores.
    #[inline(always)]
    pub(crate) fn start(&mut self, name: Name) {
        self.out
            .reserve(2 * (name.stem.len() + name.suffix.len()) + 16);
        self.close_start();
        self.out.push('<');
        self.push_name(name);
        self.open = true;
        if let Some(levels) = &mut self.indent {
            *levels += 1;
        }
    }

    #[inline(always)]
    fn push_name(&mut self, name: Name) {
        self.out.push_str(name.stem);
        if !name.suffix.is_empty() {
            self.out.push_str(name.suffix);
        }
    }

    /// Ends the element whose start tag is still open.
    #[inline(always)]
    pub(crate) fn end_empty(&mut self) {
        self.out.push_str("/>");
        self.open = false;
        if let Some(levels) = &mut self.indent {
            *levels -= 1;
        }
    }

    /// Writes the end tag of such an element, if it has children.
    #[inline(always)]
    pub(crate) fn end(&mut self, name: Name) {
        if let Some(levels) = &mut self.indent {
            *levels -= 1;
            self.new_line();
        }
        self.out.push_str("</");
        self.push_name(name);
        self.out.push('>');
    }

    /// Writes the attributes and children of an element, by `write`, and its end; `start` is the length of the
    /// output behind what its start tag has without them.
    #[inline]
    fn content(
        &mut self,
        name: Name,
        start: usize,
        two_passes: bool,
        write: impl Fn(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        if two_passes {
            self.pass = Pass::Attributes;
            write(self)?;
            self.pass = Pass::Children;
            write(self)?;
            self.pass = Pass::All;
        } else {
            write(self)?;
        }
        if !self.open {
            self.end(name);
        } else if self.out.len() > start {
            self.end_empty();
        } else {
            return Err(WriteError::empty());
        }
        Ok(())
    }

    /// Writes a child; the pass of its parent goes on behind it.
    #[inline(always)]
    fn child(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let pass = self.pass;
        if pass == Pass::Attributes {
            return Ok(());
        }
        self.pass = Pass::All;
        write(self)?;
        self.pass = pass;
        Ok(())
    }

    #[inline]
    fn object<T: Element>(&mut self, name: Name, element: &T) -> Result<(), WriteError> {
        self.comments_of(element)?;
        self.start(name);
        let start = self.out.len();
        let two_passes = const { needs_two_passes(T::ATTRIBUTES) };
        self.content(name, start, two_passes, |writer| element.write(writer))
    }

    /// Writes an element whose value others may share.
    fn shared_object<T: Element>(
        &mut self,
        name: Name,
        value: &Shared<T>,
    ) -> Result<(), WriteError> {
        // White space depends on the place.
        if self.indent.is_some() {
            return self.object(name, &**value);
        }
        self.close_start();
        let address = value.address();
        match self.shared {
            Some(last) if last.address == address && last.name == name => {
                self.out.extend_from_within(last.start..last.end);
            }
            _ => {
                let start = self.out.len();
                self.object(name, &**value)?;
                let end = self.out.len();
                self.shared = Some(Written {
                    name,
                    address,
                    start,
                    end,
                });
            }
        }
        Ok(())
    }

    /// Writes an element of any type.
    fn any_object(&mut self, name: Name, element: ElementRef<'_>) -> Result<(), WriteError> {
        for comment in element.comments() {
            self.comment(comment.as_str())?;
        }
        self.start(name);
        let start = self.out.len();
        let fields = element.info().fields;
        let first_child = fields.iter().position(|field| !field.attribute);
        let two_passes = fields
            .iter()
            .skip(first_child.unwrap_or_default())
            .any(|field| field.attribute);
        self.content(name, start, two_passes, |writer| element.write(writer))
    }

    /// Writes the comments of an element before its start tag.
    #[inline(always)]
    fn comments_of<T: Element>(&mut self, element: &T) -> Result<(), WriteError> {
        if T::VERSION == FhirVersion::Dstu2 {
            for comment in element.comments() {
                self.comment(comment.as_str())?;
            }
        }
        Ok(())
    }

    #[cold]
    pub(crate) fn comment(&mut self, text: &str) -> Result<(), WriteError> {
        if text.contains("--") || text.ends_with('-') || text.contains('\r') {
            return Err(WriteError::not_expressible(
                "a comment with two hyphens, a hyphen at its end or a carriage return, which no \
                 comment in XML can hold",
            ));
        }
        if self.careful {
            check_characters(text)?;
        }
        self.close_start();
        self.out.push_str("<!--");
        self.out.push_str(text);
        self.out.push_str("-->");
        Ok(())
    }

    /// Writes an attribute of the start tag that is open.
    #[inline]
    fn push_attribute(&mut self, name: Name, text: &str) -> Result<(), WriteError> {
        if self.pass == Pass::Children {
            return Ok(());
        }
        self.out.push(' ');
        self.push_name(name);
        self.out.push_str("=\"");
        self.value(text)
            .map_err(|error| error.within(name.to_string()))?;
        self.out.push('"');
        Ok(())
    }

    /// Writes the text of an attribute.
    #[inline]
    pub(crate) fn value(&mut self, text: &str) -> Result<(), WriteError> {
        if self.careful {
            check_characters(text)?;
        }
        write_attribute(&mut self.out, text);
        Ok(())
    }

    #[inline(always)]
    fn scalar_element<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), WriteError> {
        if T::TYPE == ScalarType::Xhtml || value.element.is_some() {
            return self.full_primitive(name, PrimitiveRef::new(value));
        }
        let Some(scalar) = &value.value else {
            return Err(WriteError::empty());
        };
        self.out.reserve(name.stem.len() + name.suffix.len() + 16);
        self.close_start();
        self.out.push('<');
        self.push_name(name);
        self.out.push_str(" value=\"");
        scalar.with_text(|text| self.value(text))?;
        self.out.push_str("\"/>");
        Ok(())
    }

    /// Writes a primitive that may have an id and extensions.
    #[cold]
    fn full_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), WriteError> {
        let (scalar, element) = (value.value(), value.element());
        if value.scalar_type() == ScalarType::Xhtml {
            return self.narrative(scalar, element);
        }
        for comment in element.map_or(&[][..], ElementRef::comments) {
            self.comment(comment.as_str())?;
        }
        let pass = std::mem::replace(&mut self.pass, Pass::All);
        self.start(name);
        let start = self.out.len();
        if let Some(id) = element.and_then(|element| element.field("id")) {
            id.write(self)?;
        }
        if let Some(value) = scalar {
            self.out.push_str(" value=\"");
            self.value(&value.text())?;
            self.out.push('"');
        }
        if let Some(extensions) = element.and_then(|element| element.field("extension")) {
            extensions.write(self)?;
        }
        self.pass = pass;
        if !self.open {
            self.end(name);
        } else if self.out.len() > start {
            self.end_empty();
        } else {
            return Err(WriteError::empty());
        }
        Ok(())
    }

    #[cold]
    fn narrative(
        &mut self,
        value: Option<ScalarRef<'_>>,
        element: Option<ElementRef<'_>>,
    ) -> Result<(), WriteError> {
        if let Some(element) = element {
            if !element.is_empty() {
                return Err(WriteError::not_expressible(
                    "an id or extensions of XHTML, which XML has no place for",
                ));
            }
            let comments = element.comments();
            if let Some(last) = comments.last()
                && last.as_str().starts_with(MARK)
            {
                return Err(like_a_note());
            }
            for comment in comments {
                self.comment(comment.as_str())?;
            }
        }
        match value {
            Some(scalar) => self.div(&scalar.text()),
            None => Err(WriteError::empty()),
        }
    }

    /// Writes the `div` of a narrative.
    pub(crate) fn div(&mut self, text: &str) -> Result<(), WriteError> {
        let markup = to_markup(text).map_err(WriteError::not_expressible)?;
        if let Some(note) = markup.note {
            self.close_start();
            self.out.push_str("<!--");
            self.out.push_str(&note);
            self.out.push_str("-->");
        }
        self.close_start();
        self.out.push_str(&markup.text);
        Ok(())
    }
}

/// The error for a comment before a `div` that looks like a note about it.
#[cold]
pub(crate) fn like_a_note() -> WriteError {
    WriteError::not_expressible(
        "a comment before XHTML that would be read as a note of this writer",
    )
}

/// Checks that XML allows every character of a text.
fn check_characters(text: &str) -> Result<(), WriteError> {
    if first_forbidden(text) == text.len() {
        return Ok(());
    }
    Err(forbidden_character())
}

/// The error for a character that no XML document may hold.
#[cold]
pub(crate) fn forbidden_character() -> WriteError {
    WriteError::not_expressible("a character that XML does not allow")
}

impl Writer for XmlWriter {
    type Error = WriteError;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), WriteError> {
        self.push_attribute(name, &value.text())
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), WriteError> {
        if self.pass == Pass::Attributes {
            return Ok(());
        }
        self.full_primitive(name, value)
            .map_err(|error| error.within(name.to_string()))
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), WriteError> {
        if self.pass == Pass::Attributes {
            return Ok(());
        }
        for (index, value) in values.entries().enumerate() {
            self.full_primitive(name, value)
                .map_err(|error| error.at(index).within(name.to_string()))?;
        }
        Ok(())
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), WriteError> {
        self.child(|writer| writer.any_object(name, value))
            .map_err(|error| error.within(name.to_string()))
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), WriteError> {
        for (index, value) in values.entries().enumerate() {
            self.child(|writer| writer.any_object(name, value))
                .map_err(|error| error.at(index).within(name.to_string()))?;
        }
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), WriteError> {
        for (index, value) in values.iter().enumerate() {
            self.child(|writer| writer.resource(name, value))
                .map_err(|error| error.at(index).within(name.to_string()))?;
        }
        Ok(())
    }

    #[inline]
    fn attribute<T: Scalar>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        value.with_text(|text| self.push_attribute(name, text))
    }

    #[inline(always)]
    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), WriteError> {
        if self.pass == Pass::Attributes {
            return Ok(());
        }
        self.scalar_element(name, value)
            .map_err(|error| error.within(name.to_string()))
    }

    #[inline]
    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), WriteError> {
        self.child(|writer| writer.object(name, value))
            .map_err(|error| error.within(name.to_string()))
    }

    fn shared<T: Element>(&mut self, name: Name, value: &Shared<T>) -> Result<(), WriteError> {
        self.child(|writer| writer.shared_object(name, value))
            .map_err(|error| error.within(name.to_string()))
    }

    fn elements<T: Element>(&mut self, name: Name, values: &Vec<T>) -> Result<(), WriteError> {
        for (index, value) in values.iter().enumerate() {
            self.child(|writer| writer.object(name, value))
                .map_err(|error| error.at(index).within(name.to_string()))?;
        }
        Ok(())
    }
}
