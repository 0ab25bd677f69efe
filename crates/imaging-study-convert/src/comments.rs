//! The comments of an XML document, which DSTU2 keeps in JSON as `fhir_comments`. They are no data
//! and no other version has a place for them: what leaves DSTU2 leaves them behind.

use std::convert::Infallible;

use imaging_study_core::{
    Element, ElementPath, FhirString, Json, Name, Primitive, Resource, Scalar, Segment, Writer,
};

use crate::{Loss, LossKind, Rule};

const MEMBER: &str = "fhir_comments";

/// The comments of an element and of everything in it, each with its place.
pub(crate) fn collect<T: Element>(element: &T) -> Vec<Loss> {
    let mut collector = Collector::default();
    let Ok(()) = element.write(&mut collector);
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

    fn walk<T: Element>(&mut self, element: &T) {
        let Ok(()) = element.write(self);
    }

    fn entries<T>(&mut self, name: Name, values: &[T], walk: impl Fn(&mut Self, &T)) {
        self.within(segment(name), |collector| {
            for (index, value) in values.iter().enumerate() {
                collector.within(Segment::Index(index), |collector| walk(collector, value));
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

    fn attribute<T: Scalar>(&mut self, _name: Name, _value: &T) -> Result<(), Infallible> {
        Ok(())
    }

    fn primitive<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        value: &Primitive<T, E>,
    ) -> Result<(), Infallible> {
        if let Some(element) = &value.element {
            self.within(segment(name), |collector| collector.walk(&**element));
        }
        Ok(())
    }

    fn primitives<T: Scalar, E: Element>(
        &mut self,
        name: Name,
        values: &[Primitive<T, E>],
    ) -> Result<(), Infallible> {
        self.entries(name, values, |collector, value| {
            if let Some(element) = &value.element {
                collector.walk(&**element);
            }
        });
        Ok(())
    }

    fn element<T: Element>(&mut self, name: Name, value: &T) -> Result<(), Infallible> {
        self.within(segment(name), |collector| collector.walk(value));
        Ok(())
    }

    fn elements<T: Element>(&mut self, name: Name, values: &[T]) -> Result<(), Infallible> {
        self.entries(name, values, Self::walk);
        Ok(())
    }

    fn resources(&mut self, name: Name, values: &[Resource]) -> Result<(), Infallible> {
        self.entries(name, values, |collector, value| {
            if let Some(json) = value.clone().into_json() {
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
