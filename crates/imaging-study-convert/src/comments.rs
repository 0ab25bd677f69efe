//! The comments of an XML document, which DSTU2 keeps in JSON as `fhir_comments`. They are no data
//! and no other version has a place for them: what leaves DSTU2 leaves them behind.

use std::convert::Infallible;

use imaging_study_core::{
    Element, ElementPath, ElementRef, FhirString, Json, Name, ObjectElements, ObjectPrimitives,
    PrimitiveRef, Resource, ScalarRef, Segment, Writer,
};

use crate::{Loss, LossKind, Rule};

const MEMBER: &str = "fhir_comments";

/// The comments of an element and of everything in it, each with its place.
pub(crate) fn collect<T: Element>(element: &T) -> Vec<Loss> {
    let mut collector = Collector::default();
    collector.walk(ElementRef::new(element));
    collector.losses
}

#[derive(Default)]
struct Collector {
    path: Vec<Segment>,
    losses: Vec<Loss>,
}

impl Collector {
    fn report(&mut self, value: Json) {
        self.losses.push(Loss {
            path: self.path.iter().cloned().collect::<ElementPath>(),
            kind: LossKind::Comment,
            rule: Rule::Comments,
            value,
        });
    }

    fn within(&mut self, segment: Segment, walk: impl FnOnce(&mut Self)) {
        self.path.push(segment);
        walk(self);
        self.path.pop();
    }

    fn walk(&mut self, element: ElementRef<'_>) {
        let Ok(()) = element.write(self);
    }

    fn entries(&mut self, name: Name, count: usize, walk: impl Fn(&mut Self, usize)) {
        self.within(segment(name), |collector| {
            for index in 0..count {
                collector.within(Segment::Index(index), |collector| walk(collector, index));
            }
        });
    }

    /// The comments in a contained resource.
    fn tree(&mut self, json: &Json) {
        match json {
            Json::Object(members) => {
                for (name, value) in members {
                    if name == MEMBER {
                        self.report(value.clone());
                        continue;
                    }
                    let name = name.strip_prefix('_').unwrap_or(name).to_owned();
                    self.within(Segment::Name(name.into()), |collector| {
                        collector.tree(value)
                    });
                }
            }
            Json::Array(entries) => {
                for (index, entry) in entries.iter().enumerate() {
                    self.within(Segment::Index(index), |collector| collector.tree(entry));
                }
            }
            _ => {}
        }
    }
}

fn segment(name: Name) -> Segment {
    Segment::Name(if name.suffix.is_empty() {
        name.stem.into()
    } else {
        name.to_string().into()
    })
}

impl Writer for Collector {
    type Error = Infallible;

    fn any_attribute(&mut self, _name: Name, _value: ScalarRef<'_>) -> Result<(), Infallible> {
        Ok(())
    }

    fn any_primitive(&mut self, name: Name, value: PrimitiveRef<'_>) -> Result<(), Infallible> {
        if let Some(element) = value.element() {
            self.within(segment(name), |collector| collector.walk(element));
        }
        Ok(())
    }

    fn any_primitives(
        &mut self,
        name: Name,
        values: &dyn ObjectPrimitives,
    ) -> Result<(), Infallible> {
        self.entries(name, values.count(), |collector, index| {
            let value = values.get(index).map(PrimitiveRef::of);
            if let Some(element) = value.and_then(PrimitiveRef::element) {
                collector.walk(element);
            }
        });
        Ok(())
    }

    fn any_element(&mut self, name: Name, value: ElementRef<'_>) -> Result<(), Infallible> {
        self.within(segment(name), |collector| collector.walk(value));
        Ok(())
    }

    fn any_elements(&mut self, name: Name, values: &dyn ObjectElements) -> Result<(), Infallible> {
        self.entries(name, values.count(), |collector, index| {
            if let Some(element) = values.get(index) {
                collector.walk(ElementRef::of(element));
            }
        });
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), Infallible> {
        self.entries(name, values.len(), |collector, index| {
            if let Some(json) = values[index].clone().into_json() {
                collector.tree(&json);
            }
        });
        Ok(())
    }

    fn comments(&mut self, comments: &[FhirString]) -> Result<(), Infallible> {
        if !comments.is_empty() {
            let texts = comments.iter();
            let texts = texts.map(|text| Json::String(text.as_str().into()));
            self.report(Json::Array(texts.collect()));
        }
        Ok(())
    }
}

/// Takes the comments out of a value, and siblings of primitives that hold nothing else.
pub(crate) fn strip(json: &mut Json) {
    match json {
        Json::Object(members) => {
            members.retain(|(name, _)| name != MEMBER);
            for (_, value) in members.iter_mut() {
                strip(value);
            }
            members.retain(|(name, value)| !(name.starts_with('_') && is_empty(value)));
        }
        Json::Array(entries) => {
            for entry in entries {
                let was_empty = is_empty(entry);
                strip(entry);
                if !was_empty && is_empty(entry) {
                    *entry = Json::Null;
                }
            }
        }
        _ => {}
    }
}

fn is_empty(json: &Json) -> bool {
    match json {
        Json::Object(members) => members.is_empty(),
        Json::Array(entries) => entries.iter().all(|entry| *entry == Json::Null),
        _ => false,
    }
}

/// A contained resource without comments.
pub(crate) fn without(resource: Resource) -> Resource {
    let Some(mut json) = resource.clone().into_json() else {
        return resource;
    };
    strip(&mut json);
    Resource::try_from(json).unwrap_or(resource)
}
