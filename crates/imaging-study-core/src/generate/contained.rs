//! Contained resources.

use smol_str::SmolStr;

use super::fill::Generator;
use super::{Profile, pools};
use crate::tree::Members;
use crate::{Decimal, FhirVersion, Json, Resource, Scalar, Unshared};

fn string(text: impl Into<SmolStr>) -> Json {
    Json::String(text.into())
}

fn number(text: &str) -> Json {
    Decimal::read(text, FhirVersion::R4, &mut Unshared).map_or(Json::Null, Json::Number)
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(
        members
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect(),
    )
}

impl Generator<'_> {
    /// A resource to be contained in the study.
    pub(super) fn contained_resource(&mut self) -> Option<Resource> {
        let (outer, lean) = (self.inside, self.lean);
        self.inside = true;
        self.depth += 1;
        let id: SmolStr = format!("contained-{}", self.contained.len() + 1).into();
        let mut members = self.contained_members();
        let place = members.iter().position(|(name, _)| name == "resourceType");
        members.retain(|(name, _)| name != "id");
        members.insert(
            place.map_or(0, |place| place + 1).min(members.len()),
            ("id".into(), string(id.clone())),
        );
        self.inside = outer;
        self.lean = lean;
        self.depth -= 1;
        let resource = Resource::try_from(Json::Object(members)).ok()?;
        self.contained.push((resource.resource_type().into(), id));
        Some(resource)
    }

    fn contained_members(&mut self) -> Members {
        let any_order = self.profile == Profile::Hostile;
        match (self.hostile(), self.choices.below(10)) {
            (true, drawn @ 5..) => match (drawn, self.same, self.definitions) {
                (5, Some(same), _) => same(self),
                (6, Some(same), _) if any_order => same(self),
                (7, ..) if any_order => self.odd_resource(),
                (_, _, Some(all)) => self.defined_resource(all),
                _ if any_order => self.odd_resource(),
                _ => self.observation(),
            },
            (_, 0 | 1) => self.patient(),
            (_, 2 | 3) => self.practitioner(),
            // DSTU2 has no endpoints.
            (_, 4 | 5) if self.since(FhirVersion::Stu3) => self.endpoint(),
            _ => self.observation(),
        }
    }

    fn members<const N: usize>(members: [(&str, Json); N]) -> Members {
        members
            .into_iter()
            .map(|(name, value)| (name.into(), value))
            .collect()
    }

    fn human_name(&mut self) -> Json {
        let family = self.choices.pick(pools::words("family"));
        let given = self.choices.pick(pools::words("given"));
        let family = if self.since(FhirVersion::Stu3) {
            string(family)
        } else {
            Json::Array(vec![string(family)])
        };
        object([
            ("family", family),
            ("given", Json::Array(vec![string(given)])),
        ])
    }

    fn patient(&mut self) -> Members {
        let name = self.human_name();
        let gender = self.choices.pick(&["female", "male", "other", "unknown"]);
        let birth_date = self.date();
        Self::members([
            ("resourceType", string("Patient")),
            ("name", Json::Array(vec![name])),
            ("gender", string(gender)),
            ("birthDate", string(birth_date)),
        ])
    }

    fn practitioner(&mut self) -> Members {
        let name = self.human_name();
        let name = if self.since(FhirVersion::Stu3) {
            Json::Array(vec![name])
        } else {
            name
        };
        Self::members([
            ("resourceType", string("Practitioner")),
            ("active", Json::Boolean(true)),
            ("name", name),
        ])
    }

    fn endpoint(&mut self) -> Members {
        let coding = object([
            (
                "system",
                string("http://terminology.hl7.org/CodeSystem/endpoint-connection-type"),
            ),
            ("code", string("dicom-wado-rs")),
        ]);
        let connection = if self.since(FhirVersion::R5) {
            Json::Array(vec![object([("coding", Json::Array(vec![coding]))])])
        } else {
            coding
        };
        let mut members = Self::members([
            ("resourceType", string("Endpoint")),
            ("status", string("active")),
            ("connectionType", connection),
        ]);
        let payload = Json::Array(vec![object([("text", string("DICOM"))])]);
        if self.since(FhirVersion::R5) {
            let payload = Json::Array(vec![object([("type", payload)])]);
            members.push(("payload".into(), payload));
        } else {
            members.push(("payloadType".into(), payload));
        }
        members.push(("address".into(), string("https://pacs.example.org/wado-rs")));
        members
    }

    fn observation(&mut self) -> Members {
        let value = number(&self.decimal());
        Self::members([
            ("resourceType", string("Observation")),
            ("status", string("final")),
            ("code", object([("text", string("Creatinine"))])),
            (
                "valueQuantity",
                object([("value", value), ("unit", string("mg/dL"))]),
            ),
        ])
    }

    /// A resource with members of all kinds, in any order.
    fn odd_resource(&mut self) -> Members {
        let resource_type =
            self.choices
                .pick(&["Basic", "Patient", "Observation", "Media", "Device"]);
        let mut members = self.odd_members(3);
        let place = self.choices.below(members.len() + 1);
        members.insert(place, ("resourceType".into(), string(resource_type)));
        members
    }

    fn odd_members(&mut self, levels: usize) -> Members {
        let mut members: Members = Vec::new();
        for _ in 0..self.choices.between(1, 5) {
            let name = self.choices.pick(pools::MEMBER_NAMES);
            let sibling = format!("_{name}");
            if members
                .iter()
                .any(|(other, _)| other == name || *other == sibling)
            {
                continue;
            }
            match self.choices.below(if levels == 0 { 4 } else { 7 }) {
                0 => {
                    let text = self.choices.pick(pools::ODD_FRAGMENTS).trim().to_owned();
                    members.push((
                        name.into(),
                        string(if text.is_empty() { "a" } else { &text }),
                    ));
                }
                1 => members.push((name.into(), number(self.choices.pick(pools::ODD_NUMBERS)))),
                2 => {
                    members.push((name.into(), Json::Boolean(true)));
                    members.push((sibling.into(), object([("id", string("b"))])));
                }
                3 => {
                    // Values and extensions, where each lacks what the other has.
                    let extension = object([
                        ("url", string("http://example.org/fhir/hole")),
                        ("valueDecimal", number("1.10")),
                    ]);
                    let extended = object([("extension", Json::Array(vec![extension]))]);
                    members.push((sibling.into(), Json::Array(vec![extended, Json::Null])));
                    members.push((name.into(), Json::Array(vec![Json::Null, string("second")])));
                }
                4 => members.push((name.into(), Json::Object(self.odd_members(levels - 1)))),
                5 => {
                    let first = Json::Object(self.odd_members(levels - 1));
                    let second = Json::Object(self.odd_members(levels - 1));
                    members.push((name.into(), Json::Array(vec![first, second])));
                }
                _ => {
                    let entries = [self.choices.pick(pools::ODD_NUMBERS), "1.10"].map(number);
                    members.push((name.into(), Json::Array(entries.into())));
                }
            }
        }
        members
    }
}
