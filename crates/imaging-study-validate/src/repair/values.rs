//! Values that are spelled otherwise than the version does.

use imaging_study_any::with_types;
use imaging_study_core::{Element, FhirVersion, FieldType, Json, Limits, ScalarType, TypeInfo};
use imaging_study_dicom::{URN_DICOM_UID, URN_IETF_RFC_3986, Uid};
use smol_str::SmolStr;

use super::{Changes, RepairKind, member, member_mut};
use crate::narrative::Narrative;
use crate::study::{DICOM_CODES, OLD_DICOM_CODES};

const OID: &str = "urn:oid:";

/// Repairs the values of a study.
pub(super) fn repair(study: &mut Json, version: FhirVersion, changes: &mut Changes) {
    let info = with_types!(version, types => types::ImagingStudy::info());
    Repair { version }.object(study, info, changes, 0);
}

struct Repair {
    version: FhirVersion,
}

impl Repair {
    fn object(
        &self,
        json: &mut Json,
        info: &'static TypeInfo,
        changes: &mut Changes,
        depth: usize,
    ) {
        if depth > Limits::MAX_DEPTH {
            return;
        }
        self.special(json, info, changes);
        let Json::Object(members) = json else {
            return;
        };
        for (name, value) in members {
            let Some((field, field_type)) = info.resolve(name) else {
                continue;
            };
            let step = format!(".{}", field.stem());
            changes.within(step, |changes| match value {
                Json::Array(entries) => {
                    for (index, entry) in entries.iter_mut().enumerate() {
                        changes.within(format!("[{index}]"), |changes| {
                            self.value(entry, info, field.name, field_type, changes, depth);
                        });
                    }
                }
                value => self.value(value, info, field.name, field_type, changes, depth),
            });
        }
    }

    fn value(
        &self,
        value: &mut Json,
        owner: &'static TypeInfo,
        name: &str,
        field_type: &'static FieldType,
        changes: &mut Changes,
        depth: usize,
    ) {
        match field_type {
            FieldType::Element(info) => self.object(value, info(), changes, depth + 1),
            FieldType::Scalar(scalar_type, codes) => {
                let Json::String(text) = &*value else {
                    return;
                };
                let of_dicom = owner.name.starts_with("ImagingStudy");
                let is_uid = of_dicom && matches!(name, "uid" | "sopClass");
                let repaired = match (codes, scalar_type) {
                    (Some(set), _) => in_its_case(text, set.codes)
                        .map(|code| (RepairKind::CodeCase, SmolStr::new_static(code))),
                    (None, ScalarType::Id | ScalarType::Oid) if is_uid => self
                        .uid(text, *scalar_type)
                        .map(|uid| (RepairKind::UidSpelling, uid)),
                    (None, ScalarType::Xhtml) => self.div(text),
                    _ => None,
                };
                if let Some((kind, after)) = repaired {
                    changes.set(kind, value, Json::String(after));
                }
            }
            FieldType::Resource => {}
        }
    }

    /// A UID in the spelling of the version, if it is another one.
    fn uid(&self, text: &str, scalar_type: ScalarType) -> Option<SmolStr> {
        match scalar_type {
            ScalarType::Oid => Uid::parse(text)
                .is_ok()
                .then(|| format!("{OID}{text}").into()),
            _ => {
                let bare = text.strip_prefix(OID)?;
                Uid::parse(bare).is_ok().then(|| bare.into())
            }
        }
    }

    fn div(&self, text: &str) -> Option<(RepairKind, SmolStr)> {
        let narrative = Narrative::of(text, self.version);
        let bare = narrative.faults.iter().any(|fault| fault.repairable);
        let at = text.find("<div").filter(|_| bare)? + "<div".len();
        let (start, rest) = text.split_at(at);
        let text = format!("{start} xmlns=\"http://www.w3.org/1999/xhtml\"{rest}");
        Some((RepairKind::DivNamespace, text.into()))
    }

    /// Repairs values that depend on those beside them.
    fn special(&self, json: &mut Json, info: &'static TypeInfo, changes: &mut Changes) {
        match info.name {
            "ImagingStudy" => {
                self.entries(json, "identifier", changes, |identifier, changes| {
                    prefix(identifier, URN_DICOM_UID, "value", changes);
                });
                for name in ["modality", "modalityList"] {
                    self.entries(json, name, changes, |one, changes| {
                        self.modality(one, changes);
                    });
                }
            }
            "ImagingStudy.series" => {
                if let Some(modality) = member_mut(json, "modality") {
                    changes.within(".modality".to_owned(), |changes| {
                        self.modality(modality, changes);
                    });
                }
            }
            "ImagingStudy.series.instance" => {
                if let Some(sop_class) = member_mut(json, "sopClass") {
                    changes.within(".sopClass".to_owned(), |changes| {
                        prefix(sop_class, URN_IETF_RFC_3986, "code", changes);
                    });
                }
            }
            _ => {}
        }
    }

    fn entries(
        &self,
        json: &mut Json,
        name: &str,
        changes: &mut Changes,
        mut action: impl FnMut(&mut Json, &mut Changes),
    ) {
        let Some(Json::Array(entries)) = member_mut(json, name) else {
            return;
        };
        for (index, entry) in entries.iter_mut().enumerate() {
            changes.within(format!(".{name}[{index}]"), |changes| {
                action(entry, changes)
            });
        }
    }

    /// Gives a Coding, or those of a concept, the system that DICOM's codes have since STU3.
    fn modality(&self, modality: &mut Json, changes: &mut Changes) {
        if self.version == FhirVersion::Dstu2 {
            return;
        }
        if member(modality, "coding").is_some() {
            self.entries(modality, "coding", changes, |coding, changes| {
                self.modality(coding, changes);
            });
            return;
        }
        if let Some(system) = member_mut(modality, "system")
            && system
                .as_str()
                .is_some_and(|text| OLD_DICOM_CODES.contains(&text))
        {
            changes.within(".system".to_owned(), |changes| {
                let after = Json::String(SmolStr::new_static(DICOM_CODES));
                changes.set(RepairKind::ModalitySystem, system, after);
            });
        }
    }
}

/// Puts `urn:oid:` before a UID that stands beside a system.
fn prefix(json: &mut Json, system: &str, name: &'static str, changes: &mut Changes) {
    if member(json, "system").and_then(Json::as_str) != Some(system) {
        return;
    }
    if let Some(value) = member_mut(json, name)
        && let Json::String(text) = &*value
        && Uid::parse(text).is_ok()
    {
        let after = Json::String(format!("{OID}{text}").into());
        changes.within(format!(".{name}"), |changes| {
            changes.set(RepairKind::UidSpelling, value, after);
        });
    }
}

/// The only code that differs from a text by its case alone.
pub(crate) fn in_its_case(text: &str, codes: &'static [&'static str]) -> Option<&'static str> {
    if codes.contains(&text) {
        return None;
    }
    let mut same = codes.iter().filter(|code| code.eq_ignore_ascii_case(text));
    let first = same.next().copied()?;
    same.next().is_none().then_some(first)
}
