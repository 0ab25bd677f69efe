//! Elements that can be read and are not valid.

use super::Profile;
use super::fill::{Generator, MAX_EXTENSIONS};
use super::plan::Plan;
use crate::{CodeSet, FieldType, ScalarType, TypeInfo};

/// Codes that most required bindings lack; some are of one version only.
const STRAY_CODES: &[&str] = &[
    "x-1",
    "inactive",
    "ad",
    "old",
    "NEARBY",
    "ONLINE",
    "available",
    "entered-in-error",
    "on hold",
];

/// What archives and careless programs have for UIDs, with and without a prefix.
const STRAY_UIDS: &[&str] = &[
    "1.2.3",
    "urn:oid:1.2.3",
    "local-17",
    "urn:oid:1.02.3",
    "1.02.3",
    "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
    "urn:oid:7",
    "7",
    "urn:oid:3.4",
    "3.4",
    "2.999.1234567890.1234567890.1234567890.1234567890.1234567890.12345",
    "urn:oid:2.999.1234567890.1234567890.1234567890.1234567890.1234567890.12345",
    "urn:oid:",
    "urn:oid:a",
    "urn:oid:urn:oid:1.2",
    "URN:OID:1.2.3",
    "a\\b",
    "\"",
    "ü 1",
    "1.2.",
    "http://pacs.example.org/1",
];

impl Generator<'_> {
    /// Whether the study need not be valid.
    pub(super) fn partial(&self) -> bool {
        self.profile == Profile::Partial && !self.lean
    }

    /// Now and then decides that an element has one or two of its members and no others.
    pub(super) fn plan_partial(&mut self, info: &TypeInfo) -> Option<Plan> {
        if !self.partial() || info.resource || !self.choices.chance(300) {
            return None;
        }
        let count = info.fields.len();
        let first = self.choices.below(count);
        let second = if self.choices.chance(500) {
            self.choices.below(count)
        } else {
            first
        };
        let mut plan = Plan::default();
        for (index, field) in info.fields.iter().enumerate() {
            let fits = match field.types.first() {
                Some(FieldType::Element(_)) if field.name.ends_with("xtension") => {
                    self.extensions + 1 < MAX_EXTENSIONS
                }
                Some(FieldType::Scalar(..)) => true,
                _ => self.depth < 12,
            };
            plan = if fits && (index == first || index == second) {
                let variant = self.variant(field);
                plan.with_variant(field.name, variant)
            } else {
                plan.without(field.name)
            };
        }
        Some(plan)
    }

    /// Now and then a text that a reader takes and that is not valid where it stands.
    pub(super) fn stray(
        &mut self,
        scalar: ScalarType,
        codes: Option<&CodeSet>,
        field: &str,
    ) -> Option<&'static str> {
        if !self.partial() {
            return None;
        }
        let pool = match (scalar, field) {
            _ if codes.is_some() => STRAY_CODES,
            (ScalarType::Id | ScalarType::Oid, "uid" | "sopClass") => STRAY_UIDS,
            _ => return None,
        };
        self.choices.chance(300).then(|| self.choices.pick(pool))
    }

    /// Now and then a text in the place of a UID that is none.
    pub(super) fn stray_uid(&mut self) -> Option<&'static str> {
        (self.partial() && self.choices.chance(400)).then(|| self.choices.pick(STRAY_UIDS))
    }
}
