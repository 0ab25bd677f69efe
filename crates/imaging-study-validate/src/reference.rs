//! References and what they point at.

use imaging_study_core::FhirVersion;

use crate::node::Node;
use crate::place::Place;
use crate::walk::Walk;
use crate::{Severity, rule};

/// The canonical URLs by which `Reference.type` may name a type.
const DEFINITIONS: &str = "http://hl7.org/fhir/StructureDefinition/";

impl<'a> Walk<'_, 'a> {
    /// Checks a reference of the study.
    pub(crate) fn reference(&mut self, node: Node<'a>, place: &Place<'_>, targets: &[&str]) {
        let identified = node.has("reference") || node.has("identifier") || node.has("display");
        if !identified && !node.has("extension") {
            let severity = match self.version >= FhirVersion::R5 {
                true => Severity::Error,
                false => Severity::Warning,
            };
            let message = "expected a reference, an identifier or a display, found none";
            self.report.add_as(severity, &rule::REF_2, place, message);
        }
        let reference = node.text("reference").unwrap_or_default();
        let inside = reference.strip_prefix('#');
        if let Some(id) = inside {
            self.refer(&reference);
            if !self.subset && !self.contained.contains_key(id) {
                let message = match id {
                    "" => "only a contained resource can refer to what contains it",
                    _ => "the contained resource that it refers to is not there",
                };
                let place = place.below("reference", 2);
                return self.report.add(&rule::REF_1, &place, message);
            }
        }
        let pointed = match inside {
            // What is wrong with an unknown type is said where the resource stands.
            Some(id) => self
                .contained
                .get(id)
                .copied()
                .filter(|name| self.is_type(name)),
            None => self.type_in(&reference),
        };
        let stated = node.text("type");
        let stated = stated
            .as_deref()
            .map(|stated| stated.strip_prefix(DEFINITIONS).unwrap_or(stated));
        if let (Some(pointed), Some(stated)) = (pointed, stated)
            && pointed != stated
            && self.is_type(stated)
        {
            let message = "its type is another one than that of the resource it refers to";
            return self.report.add(&rule::TARGET, place, message);
        }
        let Some(found) = pointed.or(stated.filter(|stated| self.is_type(stated))) else {
            return;
        };
        let any = targets.is_empty() || targets.contains(&"Resource");
        if !any && !targets.contains(&found) {
            let expected = targets.join(", ");
            let message = format!("expected a reference to {expected}, found one to {found}");
            let severity = rule::TARGET.severity;
            self.report.add_as(severity, &rule::TARGET, place, message);
        }
    }

    fn is_type(&self, name: &str) -> bool {
        let definitions = self.definitions;
        definitions.is_some_and(|definitions| definitions.resource(name).is_some())
    }

    /// The type that a URL names: `Type/id` at its end, with a version behind it or not.
    fn type_in<'r>(&self, reference: &'r str) -> Option<&'r str> {
        if reference.contains(['?', '#']) {
            return None;
        }
        let mut parts = reference.rsplit('/');
        let (mut id, mut name) = (parts.next()?, parts.next()?);
        if name == "_history" {
            (id, name) = (parts.next()?, parts.next()?);
        }
        let relative = parts.next().is_none();
        let absolute = ["http://", "https://"]
            .iter()
            .any(|scheme| reference.starts_with(scheme));
        (!id.is_empty() && (relative || absolute) && self.is_type(name)).then_some(name)
    }
}
