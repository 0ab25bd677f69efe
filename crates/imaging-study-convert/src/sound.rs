//! Whether a study keeps to the descriptions of its version.
//!
//! A reader takes more than a version allows: elements without what they must have, codes outside
//! their binding, UIDs that are none. What such a study becomes is not told by the rules, and its
//! conversion is tried both ways.

use std::convert::Infallible;

use imaging_study_core::{
    Element, ElementRef, FieldRef, Name, ObjectElements, ObjectPrimitives, PrimitiveRef, Resource,
    ScalarRef, ScalarType, TypeInfo, Writer, from_json,
};

use crate::context::Context;
use crate::element_id;

/// Whether an element and everything in it is as its description says.
pub(crate) fn is_sound<S: Element, T: Element>(element: &T, context: &Context<'_>) -> bool {
    let mut checker = Checker {
        sound: true,
        place: Place::new(T::info()),
        targets: &[],
        context,
        read: |resource, context| {
            let study = resource.clone().into_json();
            let study = study.and_then(|json| from_json::<S>(&json).ok());
            // What cannot be read is copied.
            study.is_none_or(|study| is_sound::<S, S>(&study, context))
        },
    };
    checker.walk(ElementRef::new(element));
    checker.sound
}

struct Checker<'c> {
    sound: bool,
    place: Place,
    /// What the reference here may point at.
    targets: &'static [&'static str],
    context: &'c Context<'c>,
    read: fn(&Resource, &Context<'_>) -> bool,
}

/// What is known of the element that is written.
struct Place {
    info: &'static TypeInfo,
    /// How many of the required elements were not met yet.
    required: usize,
    /// Whether the element around it is an extension, whose parts have names in the place of URLs.
    part: bool,
    /// Whether there is more than an id.
    content: bool,
    value: bool,
    extension: bool,
}

impl Place {
    fn new(info: &'static TypeInfo) -> Self {
        Self {
            info,
            required: info.fields.iter().filter(|field| field.min > 0).count(),
            part: false,
            content: info.resource,
            value: false,
            extension: false,
        }
    }

    fn is_complete(&self) -> bool {
        let is_extension = self.info.name == "Extension";
        self.required == 0 && self.content && (!is_extension || self.value != self.extension)
    }
}

impl Checker<'_> {
    fn walk(&mut self, element: ElementRef<'_>) {
        if !self.sound {
            return;
        }
        let place = Place {
            part: self.place.info.name == "Extension",
            ..Place::new(element.info())
        };
        let outer = std::mem::replace(&mut self.place, place);
        let Ok(()) = element.write(self);
        self.sound &= self.place.is_complete();
        self.place = outer;
    }

    /// Notes that an element is there.
    fn present(&mut self, name: Name) {
        let place = &mut self.place;
        place.content |= name.stem != "id";
        place.value |= name.stem == "value";
        place.extension |= name.stem == "extension";
        let mut required = place.info.fields.iter().filter(|field| field.min > 0);
        if required.any(|field| field.stem() == name.stem) {
            place.required = place.required.saturating_sub(1);
        }
    }

    /// What an element may point at. The reference in a CodeableReference points at what that may.
    fn enter(&mut self, name: Name) -> &'static [&'static str] {
        let outer = self.targets;
        if self.place.info.name != "CodeableReference" {
            let mut fields = self.place.info.fields.iter();
            let field = fields.find(|field| field.stem() == name.stem);
            self.targets = field.map_or(&[], |field| field.targets);
        }
        outer
    }

    fn scalar(&mut self, name: Name, value: ScalarRef<'_>) {
        let text = &*value.text();
        self.sound &= match (value.codes(), value.scalar_type()) {
            (Some(codes), _) => codes.codes.contains(&text),
            (None, scalar @ (ScalarType::Id | ScalarType::Oid)) => {
                scalar.allows(text, self.context.from())
            }
            (None, ScalarType::String | ScalarType::Uri) if self.place.info.name == "Reference" => {
                let named = match name.stem {
                    "reference" => self.context.type_of_text(text),
                    "type" => Some(text),
                    _ => None,
                };
                named.is_none_or(|named| self.targets.is_empty() || self.allows(named))
            }
            (None, scalar) => scalar.keeps_to_limits(text, self.context.from()),
        };
    }

    fn allows(&self, named: &str) -> bool {
        self.targets.contains(&named) || self.targets.contains(&"Resource")
    }
}

impl Writer for Checker<'_> {
    type Error = Infallible;

    fn any_attribute(&mut self, name: Name, value: ScalarRef<'_>) -> Result<(), Infallible> {
        self.present(name);
        match name.stem {
            "url" if !self.place.part => self.sound &= value.text().contains(':'),
            "id" => {
                let type_name = self.place.info.name;
                self.sound &= element_id::is_allowed(&value.text(), type_name, self.context);
            }
            _ => {}
        }
        Ok(())
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), Infallible> {
        self.present(name);
        let scalar = value.value();
        if let Some(scalar) = scalar {
            self.scalar(name, scalar);
        }
        if let Some(element) = value.element() {
            let extensions = element.field("extension");
            // An id alone is no element.
            self.sound &= scalar.is_some() || extensions.is_some();
            for extension in extensions.iter().flat_map(FieldRef::elements) {
                self.walk(extension);
            }
        }
        Ok(())
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), Infallible> {
        values
            .entries()
            .try_for_each(|value| self.any_primitive(name, value))
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), Infallible> {
        self.present(name);
        let outer = self.enter(name);
        self.walk(value);
        self.targets = outer;
        Ok(())
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), Infallible> {
        self.present(name);
        let outer = self.enter(name);
        for value in values.entries() {
            self.walk(value);
        }
        self.targets = outer;
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), Infallible> {
        self.present(name);
        for value in values {
            if value.resource_type() == "ImagingStudy" {
                self.sound &= (self.read)(value, self.context);
            }
        }
        Ok(())
    }
}
