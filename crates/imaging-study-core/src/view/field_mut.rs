//! A field of an element of any type, to be changed.

use super::{ContentMut, ElementMut, ObjectPrimitive, PrimitiveRef, ScalarSlot};
use crate::{FhirVersion, Resource, ScalarError, Unshared};

/// A field to be changed: one element, or all of those that repeat.
pub struct FieldMut<'a> {
    content: ContentMut<'a>,
    version: FhirVersion,
}

impl<'a> FieldMut<'a> {
    pub(super) fn new(content: ContentMut<'a>, version: FhirVersion) -> Self {
        Self { content, version }
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.content {
            ContentMut::Attribute(slot) => usize::from(slot.get().is_some()),
            ContentMut::Primitive(primitive) => {
                usize::from(!PrimitiveRef::of(&**primitive).is_absent())
            }
            ContentMut::Primitives(list) => list.count(),
            ContentMut::Element(slot) => usize::from(slot.get().is_some()),
            ContentMut::Elements(list) => list.count(),
            ContentMut::Resources(list) => list.len(),
        }
    }

    /// Whether it has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A complex element: that at an index of a list, or the only one, made if there is none.
    pub fn element(&mut self, index: usize) -> Option<ElementMut<'_>> {
        match &mut self.content {
            ContentMut::Element(slot) if index == 0 => Some(ElementMut::of(slot.get_or_insert())),
            ContentMut::Elements(list) => list.get_mut(index).map(ElementMut::of),
            _ => None,
        }
    }

    /// The same as [`element`](Self::element), for as long as the element lives; the first of a list
    /// is made if there is none.
    pub(super) fn into_element(self, index: usize) -> Option<ElementMut<'a>> {
        match self.content {
            ContentMut::Element(slot) if index == 0 => Some(ElementMut::of(slot.get_or_insert())),
            ContentMut::Elements(list) => {
                if list.count() == 0 && index == 0 {
                    list.push();
                }
                list.get_mut(index).map(ElementMut::of)
            }
            _ => None,
        }
    }

    /// Adds an empty element to a list; `None` if the field is no list of complex elements.
    pub fn push_element(&mut self) -> Option<ElementMut<'_>> {
        match &mut self.content {
            ContentMut::Elements(list) => Some(ElementMut::of(list.push())),
            _ => None,
        }
    }

    /// A primitive element: that at an index of a list, or the only one.
    pub fn primitive(&mut self, index: usize) -> Option<PrimitiveMut<'_>> {
        let version = self.version;
        let primitive = match &mut self.content {
            ContentMut::Primitive(primitive) if index == 0 => &mut **primitive,
            ContentMut::Primitives(list) => list.get_mut(index)?,
            _ => return None,
        };
        Some(PrimitiveMut { primitive, version })
    }

    /// Adds an empty primitive element to a list; `None` if the field is no list of primitives.
    pub fn push_primitive(&mut self) -> Option<PrimitiveMut<'_>> {
        let version = self.version;
        match &mut self.content {
            ContentMut::Primitives(list) => {
                let primitive = list.push();
                Some(PrimitiveMut { primitive, version })
            }
            _ => None,
        }
    }

    /// The resources of the field, if it holds resources.
    pub fn resources(&mut self) -> Option<&mut Vec<Resource>> {
        match &mut self.content {
            ContentMut::Resources(list) => Some(list),
            _ => None,
        }
    }

    /// Drops the entry of a list; nothing where there is none.
    pub fn remove(&mut self, index: usize) {
        match &mut self.content {
            ContentMut::Primitives(list) => list.remove(index),
            ContentMut::Elements(list) => list.remove(index),
            ContentMut::Resources(list) if index < list.len() => {
                list.remove(index);
            }
            _ => {}
        }
    }

    /// Keeps the entries of a list of which `keep` says so by their index, and drops the others;
    /// nothing happens where the field is no list of elements.
    ///
    /// ```
    /// use imaging_study_core::ElementMut;
    /// use imaging_study_r4::{Coding, ImagingStudy};
    ///
    /// let coding = |code: &str| Coding { code: code.parse().expect("a code"), ..Default::default() };
    /// let modality = ["CT", "PT", "SR"].map(coding).to_vec();
    /// let mut study = ImagingStudy { modality, ..Default::default() };
    /// ElementMut::new(&mut study).field("modality").expect("a list").retain(|index| index != 1);
    /// let left: Vec<_> = study.modality.iter().filter_map(|one| one.code.as_ref()).collect();
    /// assert_eq!(left, ["CT", "SR"]);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        match &mut self.content {
            ContentMut::Primitives(list) => list.retain(&mut keep),
            ContentMut::Elements(list) => list.retain(&mut keep),
            _ => {}
        }
    }

    /// Gives the first primitive a value, read from its text, and makes it in an empty list; whether
    /// the field holds primitives. Its id and extensions stay.
    ///
    /// # Errors
    ///
    /// The text is no value of the field's type; nothing has changed then.
    pub fn set_text(&mut self, text: &str) -> Result<bool, ScalarError> {
        let version = self.version;
        match &mut self.content {
            ContentMut::Attribute(slot) => slot.read(text, version, &mut Unshared)?,
            ContentMut::Primitive(primitive) => {
                primitive.value_mut().read(text, version, &mut Unshared)?
            }
            ContentMut::Primitives(list) => {
                let made = list.count() == 0;
                if made {
                    list.push();
                }
                let Some(first) = list.get_mut(0) else {
                    return Ok(false);
                };
                if let Err(error) = first.value_mut().read(text, version, &mut Unshared) {
                    if made {
                        list.remove(0);
                    }
                    return Err(error);
                }
            }
            ContentMut::Element(_) | ContentMut::Elements(_) | ContentMut::Resources(_) => {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// A primitive element of any type, to be changed.
pub struct PrimitiveMut<'a> {
    primitive: &'a mut dyn ObjectPrimitive,
    version: FhirVersion,
}

impl PrimitiveMut<'_> {
    /// A view of the primitive.
    #[must_use]
    pub fn as_ref(&self) -> PrimitiveRef<'_> {
        PrimitiveRef::of(self.primitive)
    }

    /// Gives it a value, read from its text; its id and extensions stay.
    ///
    /// # Errors
    ///
    /// The text is no value of the type; nothing has changed then.
    pub fn set_text(&mut self, text: &str) -> Result<(), ScalarError> {
        self.primitive
            .value_mut()
            .read(text, self.version, &mut Unshared)
    }

    /// Drops the value; its id and extensions stay.
    pub fn clear_value(&mut self) {
        self.primitive.value_mut().clear();
    }

    /// Room for the value.
    pub fn value(&mut self) -> &mut dyn ScalarSlot {
        self.primitive.value_mut()
    }

    /// Its id and extensions, made if there are none.
    pub fn element(&mut self) -> ElementMut<'_> {
        ElementMut::of(self.primitive.sibling_mut())
    }

    /// Drops id and extensions.
    pub fn clear_element(&mut self) {
        self.primitive.clear_sibling();
    }
}
