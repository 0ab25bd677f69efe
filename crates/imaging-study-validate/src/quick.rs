//! What is certainly right, told by its Rust type: most codings, identifiers and instances are plain
//! ones, and need no walk through every field that they might have.
//!
//! What is not found right here is walked like everything else, which says what is wrong, if anything
//! is.

use imaging_study_any::for_each_version;
use imaging_study_core::{
    Code, Element, ElementRef, FhirString, FhirVersion, Primitive, Scalar, ScalarType, Uri,
};
use imaging_study_dicom::{RawUid, RawUrnOid, URN_IETF_RFC_3986, Uid};

use crate::walk::LONGEST_TEXT;

/// The beginning of a UID that is an OID.
const OID: &str = "urn:oid:";

/// Tells elements that are certainly right.
pub(crate) type Quick = for<'a> fn(ElementRef<'a>, &mut Known<'a>) -> bool;

/// What was found right, so that it need not be looked at twice.
#[derive(Debug)]
pub(crate) struct Known<'a> {
    version: FhirVersion,
    /// The SOP class that was found right last: most instances have that of the one before.
    sop_class: &'a str,
    /// The UID that was found right last: most differ from the one before in their last component.
    uid: &'a str,
    /// What the reference that is looked at may point at.
    pub(crate) targets: &'static [&'static str],
    /// The UIDs of the instances that were found right, in the order of the document; `None` for
    /// every other instance.
    pub(crate) instances: Vec<Option<&'a str>>,
}

impl<'a> Known<'a> {
    pub(crate) const fn new(version: FhirVersion) -> Self {
        Self {
            version,
            sop_class: "",
            uid: "",
            targets: &[],
            instances: Vec::new(),
        }
    }

    /// A primitive of which nothing can be wrong.
    fn right<T: Scalar, E: Element>(&self, primitive: &Primitive<T, E>) -> bool {
        primitive.element.is_none()
            && primitive.value.as_ref().is_none_or(|value| {
                match (T::TYPE, T::CODES) {
                    (
                        ScalarType::Boolean | ScalarType::PositiveInt | ScalarType::UnsignedInt,
                        _,
                    ) => true,
                    (_, Some(codes)) => value.with_text(|text| codes.codes.contains(&text)),
                    (scalar, None) => value.with_text(|text| {
                        // A reference to a contained resource is to be taken note of.
                        text.len() <= LONGEST_TEXT
                            && !text.starts_with('#')
                            && scalar.allows(text, self.version)
                    }),
                }
            })
    }

    fn coding<E: Element>(
        &self,
        system: &Primitive<Uri, E>,
        version: &Primitive<FhirString, E>,
        code: &Primitive<Code, E>,
        display: &Primitive<FhirString, E>,
    ) -> bool {
        code.value.is_some()
            && self.right(system)
            && self.right(version)
            && self.right(code)
            && self.right(display)
    }

    /// A UID with or without its prefix, as the version has it.
    fn uid<T: Scalar, E: Element>(
        &mut self,
        primitive: &'a Primitive<T, E>,
        text: fn(&T) -> &str,
    ) -> Option<&'a str> {
        if primitive.element.is_some() {
            return None;
        }
        let text = text(primitive.value.as_ref()?);
        let bare = match T::TYPE {
            ScalarType::Oid => text.strip_prefix(OID)?,
            _ => text,
        };
        if !is_neighbour(bare, self.uid) {
            Uid::parse(bare).ok()?;
        }
        self.uid = bare;
        Some(text)
    }

    fn bare<E: Element>(&mut self, primitive: &'a Primitive<RawUid, E>) -> Option<&'a str> {
        self.uid(primitive, RawUid::as_str)
    }

    fn prefixed<E: Element>(&mut self, primitive: &'a Primitive<RawUrnOid, E>) -> Option<&'a str> {
        self.uid(primitive, RawUrnOid::as_str)
    }

    /// A reference `Type/id` to what the element may refer to.
    fn is_reference<E: Element>(&self, reference: &Primitive<FhirString, E>) -> bool {
        self.right(reference)
            && reference.value.as_ref().is_some_and(|text| {
                let parts = text.as_str().split_once('/');
                parts.is_some_and(|(name, id)| {
                    self.targets.contains(&name) && !id.is_empty() && !id.contains(['/', '?', '#'])
                })
            })
    }

    /// A SOP class that is a UID.
    fn is_sop_class<E: Element>(&mut self, primitive: &'a Primitive<RawUrnOid, E>) -> bool {
        let same = primitive.element.is_none()
            && primitive
                .value
                .as_ref()
                .is_some_and(|class| class.as_str() == self.sop_class);
        if same {
            return true;
        }
        let Some(class) = self.prefixed(primitive) else {
            return false;
        };
        self.sop_class = class;
        true
    }

    /// A SOP class that is a Coding.
    fn is_class_code<E: Element>(
        &mut self,
        system: &Primitive<Uri, E>,
        code: &'a Primitive<Code, E>,
    ) -> bool {
        let is_urn = |system: &Uri| system.as_str() == URN_IETF_RFC_3986;
        if system.element.is_some()
            || code.element.is_some()
            || !system.value.as_ref().is_some_and(is_urn)
        {
            return false;
        }
        let Some(code) = code.value.as_ref().map(Code::as_str) else {
            return false;
        };
        if code == self.sop_class {
            return true;
        }
        let is_uid = code
            .strip_prefix(OID)
            .is_some_and(|bare| Uid::parse(bare).is_ok());
        if is_uid {
            self.sop_class = code;
        }
        is_uid
    }
}

/// Whether a UID is like one that is right but for its last component, and is right itself.
fn is_neighbour(uid: &str, right: &str) -> bool {
    let Some(at) = right.rfind('.') else {
        return false;
    };
    let Some(last) = uid.strip_prefix(&right[..=at]) else {
        return false;
    };
    // The first two components have rules of their own.
    right[..at].contains('.')
        && uid.len() <= Uid::MAX_LENGTH
        && (last == "0" || (!last.starts_with('0') && !last.is_empty()))
        && last.bytes().all(|byte| byte.is_ascii_digit())
}

macro_rules! types {
    ($($variant:ident $types:ident,)+) => {
        /// How the elements of a type are told, if they are.
        pub(crate) fn quick_of(name: &str, version: FhirVersion) -> Option<Quick> {
            let of_version: fn(&str) -> Option<Quick> = match version {
                $(FhirVersion::$variant => $types::quick_of,)+
            };
            of_version(name)
        }

        $(mod $types {
            use imaging_study_any::$types as types;
            use imaging_study_core::ElementRef;

            use super::{Known, Quick};

            pub(super) fn quick_of(name: &str) -> Option<Quick> {
                match name {
                    "Coding" => Some(coding_at),
                    "CodeableConcept" => Some(concept_at),
                    "Identifier" => Some(identifier_at),
                    "Reference" => Some(reference_at),
                    "ImagingStudy.series.instance" => Some(instance_at),
                    _ => None,
                }
            }

            fn coding(coding: &types::Coding, known: &Known<'_>) -> bool {
                coding.id.is_none()
                    && coding.extension.is_empty()
                    && coding.user_selected.element.is_none()
                    && known.coding(&coding.system, &coding.version, &coding.code, &coding.display)
            }

            fn concept(concept: &types::CodeableConcept, known: &Known<'_>) -> bool {
                concept.id.is_none()
                    && concept.extension.is_empty()
                    && (!concept.coding.is_empty() || concept.text.value.is_some())
                    && concept.coding.iter().all(|one| coding(one, known))
                    && known.right(&concept.text)
            }

            fn coding_at<'a>(element: ElementRef<'a>, known: &mut Known<'a>) -> bool {
                element.downcast::<types::Coding>().is_some_and(|one| coding(one, known))
            }

            fn concept_at<'a>(element: ElementRef<'a>, known: &mut Known<'a>) -> bool {
                element.downcast::<types::CodeableConcept>().is_some_and(|one| concept(one, known))
            }

            fn identifier_at<'a>(element: ElementRef<'a>, known: &mut Known<'a>) -> bool {
                element.downcast::<types::Identifier>().is_some_and(|one| {
                    one.id.is_none()
                        && one.extension.is_empty()
                        && one.period.is_none()
                        && one.assigner.is_none()
                        && one.value.value.is_some()
                        && known.right(&one.use_)
                        && known.right(&one.system)
                        && known.right(&one.value)
                        && one.type_.as_ref().is_none_or(|kind| concept(kind, known))
                })
            }

            fn reference_at<'a>(element: ElementRef<'a>, known: &mut Known<'a>) -> bool {
                element.downcast::<types::Reference>().is_some_and(|one| {
                    one.id.is_none()
                        && one.extension.is_empty()
                        && is_alone(one)
                        && known.right(&one.display)
                        && known.is_reference(&one.reference)
                })
            }

            reference!($variant);

            fn instance_at<'a>(element: ElementRef<'a>, known: &mut Known<'a>) -> bool {
                let uid = element.downcast().and_then(|one| instance(one, known));
                known.instances.push(uid);
                uid.is_some()
            }

            instance!($variant);
        })+
    };
}

/// Whether a reference has nothing but its text and a display.
macro_rules! reference {
    (Dstu2) => {
        fn is_alone(_reference: &types::Reference) -> bool {
            true
        }
    };
    (Stu3) => {
        fn is_alone(reference: &types::Reference) -> bool {
            reference.identifier.is_none()
        }
    };
    ($since_r4:ident) => {
        fn is_alone(reference: &types::Reference) -> bool {
            reference.identifier.is_none() && reference.type_.is_absent()
        }
    };
}

/// What an instance is in each version; gives its UID if it is right.
macro_rules! instance {
    (Dstu2) => {
        instance!(prefixed, instance known
            known.is_sop_class(&instance.sop_class)
            && instance.type_.is_absent() && instance.content.is_empty());
    };
    (Stu3) => {
        instance!(prefixed, instance known known.is_sop_class(&instance.sop_class));
    };
    (R6Draft) => {
        instance!(bare, instance known known.is_sop_class(&instance.sop_class));
    };
    (R6) => {
        instance!(bare, instance known known.is_sop_class(&instance.sop_class)
            && instance.number_of_frames.is_absent());
    };
    ($since_r4:ident) => {
        instance!(bare, instance known instance.sop_class.as_ref().is_some_and(|class| {
            class.id.is_none()
                && class.extension.is_empty()
                && class.version.is_absent()
                && class.display.is_absent()
                && class.user_selected.is_absent()
                && known.is_class_code(&class.system, &class.code)
        }));
    };
    ($uid:ident, $instance:ident $known:ident $rest:expr) => {
        fn instance<'a>(
            $instance: &'a types::ImagingStudySeriesInstance,
            $known: &mut Known<'a>,
        ) -> Option<&'a str> {
            let right = $instance.id.is_none()
                && $instance.extension.is_empty()
                && $instance.modifier_extension.is_empty()
                && $instance.number.element.is_none()
                && $known.right(&$instance.title)
                && $rest;
            if right { $known.$uid(&$instance.uid) } else { None }
        }
    };
}

for_each_version!(types);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_of_a_uid_are_uids() {
        let texts = [
            "1.2.3", "1.2.4", "1.2.0", "1.2.00", "1.2.04", "1.2.", "1.2", "1.2.x", "1.20.3",
            "1.2.3.4", "1.2.-1", "1.99", "1.1", "3.2.1", "",
        ];
        for right in ["1.2.3", "1.1", "2.25.17", "0"] {
            for text in texts {
                assert!(
                    !is_neighbour(text, right) || Uid::parse(text).is_ok(),
                    "{text} {right}"
                );
            }
        }
        assert!(is_neighbour("1.2.4", "1.2.3"));
        let long = format!("1.2.{}", "1".repeat(61));
        assert!(!is_neighbour(&long, "1.2.3"));
    }
}
