//! Strategies that generate UIDs.

use proptest::prelude::*;

use super::{RawUid, Uid};

/// Valid UIDs: all roots, up to all 64 characters, components from zero to far beyond what a
/// machine's integers hold. They shrink towards few and short components.
pub fn uids() -> impl Strategy<Value = Uid> {
    let component = prop_oneof![
        4 => "0|[1-9][0-9]{0,4}",
        1 => "[1-9][0-9]{5,45}",
    ];
    let start = prop_oneof![
        "[01]\\.([0-9]|[1-3][0-9])",
        "2\\.(0|[1-9][0-9]{0,2})",
        Just("2.25".to_owned()),
        Just("1.2.840".to_owned()),
        Just("1.2.826.0.1".to_owned()),
    ];
    (start, prop::collection::vec(component, 0..24)).prop_map(|(mut text, components)| {
        for component in components {
            if text.len() + 1 + component.len() <= Uid::MAX_LENGTH {
                text.push('.');
                text.push_str(&component);
            }
        }
        Uid::parse(&text).unwrap_or(Uid::DICOM)
    })
}

/// Texts in the place of a UID: valid UIDs for the most part, and some with prefixes, padding,
/// leading zeros or nothing of a UID at all.
pub fn raw_uids() -> impl Strategy<Value = RawUid> {
    prop_oneof![
        6 => uids().prop_map(RawUid::from),
        1 => uids().prop_map(|uid| RawUid::from(format!("urn:oid:{uid}"))),
        1 => uids().prop_map(|uid| RawUid::from(format!("{uid}\0"))),
        1 => uids().prop_map(|uid| RawUid::from(format!("{uid}.007"))),
        1 => "[ -~]{1,80}".prop_map(RawUid::from),
    ]
}

impl Arbitrary for Uid {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        uids().boxed()
    }
}

impl Arbitrary for RawUid {
    type Parameters = ();
    type Strategy = BoxedStrategy<Self>;

    fn arbitrary_with((): ()) -> Self::Strategy {
        raw_uids().boxed()
    }
}
