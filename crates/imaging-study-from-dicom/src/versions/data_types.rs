//! The data types that all versions share by name.

/// Defines the functions that make data types of a version. References differ: `identified` and
/// `typed` list the elements that those of the version have beside `reference` and `display`.
macro_rules! data_types {
    ($types:ident, reference [$($element:ident),*]) => {
        fn text<T: Scalar>(text: &SmolStr) -> $types::Primitive<T> {
            scalar(text, $types::VERSION).into()
        }

        fn optional<T: Scalar>(value: Option<&SmolStr>) -> $types::Primitive<T> {
            value.map(text).unwrap_or_default()
        }

        /// The extension that says why an element that the version requires is not there.
        fn absent(reason: &'static str) -> $types::Extension {
            let url = SmolStr::new_static(ABSENT);
            $types::Extension {
                url: scalar(&url, $types::VERSION),
                value: Some($types::ExtensionValue::Code(text(&SmolStr::new_static(reason)))),
                ..Default::default()
            }
        }

        fn coding(concept: &Concept) -> $types::Coding {
            let (system, code) = match &concept.code {
                Some((system, code)) => (text(system), text(code)),
                None => Default::default(),
            };
            $types::Coding {
                system,
                version: optional(concept.version.as_ref()),
                code,
                display: optional(concept.display.as_ref().or(concept.text.as_ref())),
                ..Default::default()
            }
        }

        fn identifier(identifier: &Identifier) -> $types::Identifier {
            $types::Identifier {
                use_: identifier
                    .secondary
                    .then_some($types::IdentifierUse::Secondary)
                    .into(),
                type_: identifier.kind.as_ref().map(|kind| $types::CodeableConcept {
                    coding: vec![coding(kind)],
                    ..Default::default()
                }),
                system: optional(identifier.system.as_ref()),
                value: text(&identifier.value),
                assigner: identifier.assigner.as_ref().map(|name| {
                    Box::new($types::Reference {
                        display: text(name),
                        ..Default::default()
                    })
                }),
                ..Default::default()
            }
        }

        fn reference(party: &Party) -> $types::Reference {
            $types::Reference {
                extension: party.absent.map(absent).into_iter().collect(),
                reference: party.reference.clone().into(),
                $($element: data_types!(@$element party),)*
                display: optional(party.display.as_ref()),
                ..Default::default()
            }
        }
    };
    (@type_ $party:ident) => {
        $party
            .kind
            .map(|kind| text(&SmolStr::new_static(kind)))
            .unwrap_or_default()
    };
    (@identifier $party:ident) => {
        $party
            .identifier
            .as_ref()
            .map(|one| Box::new(identifier(one)))
    };
}

/// Defines the function that makes a CodeableConcept of a version.
macro_rules! codeable_concept {
    ($types:ident) => {
        fn codeable(concept: &Concept) -> $types::CodeableConcept {
            $types::CodeableConcept {
                coding: concept
                    .code
                    .is_some()
                    .then(|| coding(concept))
                    .into_iter()
                    .collect(),
                text: optional(concept.text.as_ref()),
                ..Default::default()
            }
        }
    };
}

/// Defines the functions for UIDs that are OIDs: the SOP class of DSTU2, STU3 and R6, and `elements`,
/// all UIDs of DSTU2 and STU3. A UID that is no legal OID of the version is carried where converting
/// from R4 carries it.
macro_rules! oids {
    ($types:ident) => {
        /// A UID with its prefix, if the version allows that as an OID.
        fn oid(uid: &SmolStr) -> $types::Primitive<imaging_study_dicom::RawUrnOid> {
            let mut oid: $types::Primitive<_> = text(&urn(uid));
            if oid.value.is_none() {
                oid.extension_mut().push(absent("unsupported"));
            }
            oid
        }

        /// The extension that carries an element of R4.
        fn carry(path: &str, value: $types::ExtensionValue) -> $types::Extension {
            $types::Extension {
                url: scalar(&carry_url(path), $types::VERSION),
                value: Some(value),
                ..Default::default()
            }
        }

        fn class(uid: Option<&SmolStr>) -> $types::Primitive<imaging_study_dicom::RawUrnOid> {
            let Some(uid) = uid else {
                let mut class = $types::Primitive::default();
                class.extension_mut().push(absent("unknown"));
                return class;
            };
            let mut class = oid(uid);
            if class.value.is_none() {
                let coding = $types::Coding {
                    system: text(&SmolStr::new_static("urn:ietf:rfc:3986")),
                    code: text(&urn(uid)),
                    ..Default::default()
                };
                let value = $types::ExtensionValue::Coding(Box::new(coding));
                class.extension_mut().push(carry(SOP_CLASS, value));
            }
            class
        }
    };
    ($types:ident, elements) => {
        oids!($types);

        /// The UID of a series or an instance.
        fn uid(uid: &SmolStr, path: &str) -> $types::Primitive<imaging_study_dicom::RawUrnOid> {
            let mut oid = oid(uid);
            if oid.value.is_none() {
                let value = $types::ExtensionValue::Id(text(uid));
                oid.extension_mut().push(carry(path, value));
            }
            oid
        }

        /// What carries the UID of a study that is no legal OID.
        fn study_carry(uid: &SmolStr) -> Option<$types::Extension> {
            if oid(uid).value.is_some() {
                return None;
            }
            let identifier = $types::Identifier {
                system: text(&SmolStr::new_static(UID_SYSTEM)),
                value: text(&urn(uid)),
                ..Default::default()
            };
            let value = $types::ExtensionValue::Identifier(Box::new(identifier));
            Some(carry(STUDY_IDENTIFIER, value))
        }
    };
}

/// Defines what R4 and later share: identifiers of the study, its orders, its status, and people.
macro_rules! since_r4 {
    ($types:ident) => {
        fn study_uid(plan: &Plan<'_>) -> $types::Identifier {
            $types::Identifier {
                system: text(&SmolStr::new_static(UID_SYSTEM)),
                value: text(&urn(plan.uid)),
                ..Default::default()
            }
        }

        fn order(one: &Identifier) -> $types::Reference {
            $types::Reference {
                type_: text(&SmolStr::new_static("ServiceRequest")),
                identifier: Some(Box::new(identifier(one))),
                ..Default::default()
            }
        }

        /// The identifiers of the study and the orders that it fulfils, one of which has the
        /// accession numbers.
        fn identity(
            plan: &Plan<'_>,
            accession_is_order: bool,
        ) -> (Vec<$types::Identifier>, Vec<$types::Reference>) {
            let mut identifiers = vec![study_uid(plan)];
            let mut orders = Vec::new();
            if accession_is_order {
                orders.extend(plan.accession.iter().map(order));
            } else {
                identifiers.extend(plan.accession.iter().map(identifier));
            }
            identifiers.extend(plan.identifier.iter().map(identifier));
            orders.extend(plan.order.iter().map(order));
            (identifiers, orders)
        }

        fn status(plan: &Plan<'_>) -> $types::ImagingStudyStatus {
            if plan.available {
                $types::ImagingStudyStatus::Available
            } else {
                $types::ImagingStudyStatus::Registered
            }
        }

        fn performers(series: &PlanSeries<'_>) -> Vec<$types::ImagingStudySeriesPerformer> {
            let performers = series.performer.iter();
            performers
                .map(|(function, party)| $types::ImagingStudySeriesPerformer {
                    function: Some(codeable(function)),
                    actor: Some(reference(party)),
                    ..Default::default()
                })
                .collect()
        }
    };
}

/// Defines the SOP class as a Coding: R4, R4B and R5.
macro_rules! sop_class_coding {
    ($types:ident) => {
        fn class(uid: Option<&SmolStr>) -> Option<Shared<$types::Coding>> {
            Some(Shared::new(match uid {
                Some(uid) => $types::Coding {
                    system: text(&SmolStr::new_static("urn:ietf:rfc:3986")),
                    code: text(&urn(uid)),
                    ..Default::default()
                },
                None => $types::Coding {
                    extension: vec![absent("unknown")],
                    ..Default::default()
                },
            }))
        }
    };
}

/// Defines the list of instances of a series. `uid` makes the UID of an instance.
macro_rules! instances {
    ($types:ident, $uid:expr) => {
        fn instances(series: &PlanSeries<'_>) -> Vec<$types::ImagingStudySeriesInstance> {
            // Nearly all instances of a series have the same class.
            let mut last = None;
            let mut sop_class = |uid: Option<&SmolStr>| match &last {
                Some((held, written)) if *held == uid.cloned() => Clone::clone(written),
                _ => {
                    let written = class(uid);
                    last = Some((uid.cloned(), written.clone()));
                    written
                }
            };
            let instances = series.instance.iter();
            instances
                .map(|instance| $types::ImagingStudySeriesInstance {
                    uid: $uid(instance.uid),
                    sop_class: sop_class(instance.class),
                    number: instance.number.map(number).unwrap_or_default(),
                    title: optional(instance.title),
                    ..Default::default()
                })
                .collect()
        }
    };
}
