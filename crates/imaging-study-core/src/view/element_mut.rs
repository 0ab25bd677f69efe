//! An element of any type, to be changed.

use super::{ElementRef, FieldMut, ObjectElement};
use crate::{Element, FieldType, ScalarError};

/// A complex element of any type and version, to be changed by the names of the standard.
///
/// ```
/// use imaging_study_core::{ElementMut, ElementRef};
/// use imaging_study_r4::ImagingStudy;
///
/// let mut study = ImagingStudy::default();
/// let mut element = ElementMut::new(&mut study);
/// if let Some(mut identifiers) = element.field("identifier") {
///     let mut identifier = identifiers.push_element().expect("a list of elements");
///     identifier.set_text("value", "A-17")?;
/// }
/// assert_eq!(study.identifier[0].value.as_ref().map(|value| value.as_str()), Some("A-17"));
/// # Ok::<(), imaging_study_core::ScalarError>(())
/// ```
pub struct ElementMut<'a>(&'a mut dyn ObjectElement);

impl<'a> ElementMut<'a> {
    /// An element to be changed.
    pub fn new<T: Element>(element: &'a mut T) -> Self {
        Self(element)
    }

    /// An element to be changed whose type is not known.
    pub(super) fn of(element: &'a mut dyn ObjectElement) -> Self {
        Self(element)
    }

    /// A view of the element.
    #[must_use]
    pub fn as_ref(&self) -> ElementRef<'_> {
        ElementRef::of(self.0)
    }

    /// A field by its name in JSON and XML, e.g. `status` or `valueString`. A choice that holds
    /// another type is emptied and becomes the one that is asked for.
    pub fn field(&mut self, name: &str) -> Option<FieldMut<'_>> {
        let version = self.0.version();
        let slot = self.0.info().slot(name)?;
        let content = self.0.content_mut(usize::from(slot.field), slot.variant)?;
        Some(FieldMut::new(content, version))
    }

    /// The first complex element of a field, made if there is none; `None` where the type has no
    /// such field.
    pub fn into_element(self, name: &str) -> Option<ElementMut<'a>> {
        let version = self.0.version();
        let slot = self.0.info().slot(name)?;
        let content = self.0.content_mut(usize::from(slot.field), slot.variant)?;
        FieldMut::new(content, version).into_element(0)
    }

    /// Gives the first primitive of a field a value, read from its text; whether the type has such a
    /// field. Its id and extensions stay.
    ///
    /// # Errors
    ///
    /// The text is no value of the field's type; nothing has changed then.
    pub fn set_text(&mut self, name: &str, text: &str) -> Result<bool, ScalarError> {
        if let Some((field, FieldType::Scalar(scalar, _))) = self.0.info().resolve(name)
            && field.types.len() > 1
        {
            // To ask for the field would already empty a choice of another type.
            scalar.check(text, self.0.version())?;
        }
        match self.field(name) {
            Some(mut field) => field.set_text(text),
            None => Ok(false),
        }
    }

    /// Empties a field by its name; a choice by that of any of its types.
    pub fn clear(&mut self, name: &str) {
        if let Some(slot) = self.0.info().slot(name) {
            self.0.clear(usize::from(slot.field));
        }
    }

    /// The element, if it is of the type.
    pub fn downcast<T: Element>(self) -> Option<&'a mut T> {
        self.0.as_any_mut().downcast_mut()
    }
}
