//! What holds of all UIDs. `PROPTEST_CASES` sets how many are tried.

use std::cmp::Ordering;

use imaging_study_dicom::strategy::{raw_uids, uids};
use imaging_study_dicom::{RawUid, SearchParameter, Slot, Spelling, Uid, UidForm};
use proptest::prelude::*;

fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    ProptestConfig {
        cases: if std::env::var_os("PROPTEST_CASES").is_some() {
            default.cases
        } else {
            1_000
        },
        ..default
    }
}

/// Compares numbers of any length digit by digit, aligned at their last digits.
fn compare_numbers(one: &str, other: &str) -> Ordering {
    let width = one.len().max(other.len());
    format!("{one:0>width$}").cmp(&format!("{other:0>width$}"))
}

fn compare_trees(one: &Uid, other: &Uid) -> Ordering {
    let (one, other): (Vec<_>, Vec<_>) = (one.components().collect(), other.components().collect());
    for (one, other) in one.iter().zip(&other) {
        match compare_numbers(one, other) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    one.len().cmp(&other.len())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_text_of_a_uid_is_the_same_uid(uid in uids()) {
        prop_assert_eq!(Uid::parse(uid.as_str()), Ok(uid));
        prop_assert_eq!(Uid::from_dicom(uid.as_str().as_bytes()), Ok(uid));
        prop_assert_eq!(RawUid::from(uid).uid(), Some(uid));
        prop_assert!(uid.as_str().len() <= Uid::MAX_LENGTH);
        prop_assert_eq!(uid.components().collect::<Vec<_>>().join("."), uid.as_str());
    }

    #[test]
    fn both_orders_are_as_an_oracle_says(one in uids(), other in uids(), number: u128) {
        prop_assert_eq!(one.cmp(&other), one.as_str().cmp(other.as_str()));
        prop_assert_eq!(one.cmp_components(&other), compare_trees(&one, &other));
        prop_assert_eq!(other.cmp_components(&one), compare_trees(&one, &other).reverse());
        prop_assert_eq!(one.cmp_components(&one), Ordering::Equal);
        if let Ok(child) = one.child(number) {
            prop_assert!(child.starts_with(&one) && !one.starts_with(&child));
            prop_assert_eq!(child.cmp_components(&one), Ordering::Greater);
            if let Ok(next) = one.child(number.saturating_add(1)) {
                prop_assert!(child.cmp_components(&next).is_le());
            }
        }
    }

    #[test]
    fn a_root_is_a_prefix_of_components(one in uids(), other in uids(), cut in 2_usize..8) {
        let is_root = {
            let components: Vec<_> = other.components().collect();
            let mut texts = one.components();
            components.iter().all(|component| texts.next() == Some(component))
        };
        prop_assert_eq!(one.starts_with(&other), is_root);
        let root: Vec<_> = one.components().take(cut).collect();
        let root = Uid::parse(&root.join("."));
        prop_assert!(root.is_ok_and(|root| one.starts_with(&root)));
    }

    #[test]
    fn a_uuid_comes_back_from_its_uid(uuid: u128, uid in uids()) {
        let made = Uid::from_uuid_u128(uuid);
        prop_assert_eq!(made.as_str(), format!("2.25.{uuid}"));
        prop_assert_eq!(Uid::parse(made.as_str()), Ok(made));
        prop_assert_eq!(made.as_uuid_u128(), Some(uuid));
        prop_assert_eq!(made.as_uuid_bytes(), Some(uuid.to_be_bytes()));
        prop_assert_eq!(Uid::from_uuid_bytes(uuid.to_be_bytes()), made);
        let text = made.as_uuid_text().unwrap_or_default();
        prop_assert_eq!(Uid::from_uuid_text(&text), Ok(made));
        prop_assert_eq!(Uid::from_uuid_text(&text.to_uppercase()), Ok(made));
        prop_assert_eq!(text.replace('-', ""), format!("{uuid:032x}"));
        if let Some(uuid) = uid.as_uuid_u128() {
            prop_assert_eq!(Uid::from_uuid_u128(uuid), uid);
        }
    }

    #[test]
    fn what_is_spelled_is_read_back_without_a_lint(uid in uids()) {
        for spelling in Spelling::ALL {
            let spelled = spelling.write(uid);
            let parsed = spelling.read(spelled.system(), spelled.as_str());
            prop_assert!(
                parsed.is_ok_and(|parsed| parsed.uid == uid && parsed.lints.is_empty())
            );
            for slot in Slot::ALL {
                let Some(search) = SearchParameter::new(slot, spelling, &uid) else {
                    continue;
                };
                let parsed = Uid::parse_any(&search.value);
                prop_assert!(
                    parsed.is_ok_and(|parsed| parsed.uid == uid && parsed.lints.is_empty())
                );
            }
        }
    }

    #[test]
    fn every_form_leads_to_the_uid(uid in uids()) {
        for (text, form) in [
            (format!("{uid}\0"), UidForm::NulPadded),
            (format!(" {uid} "), UidForm::SpacePadded),
            (format!("urn:oid:{uid}"), UidForm::UrnOid),
            (format!("Urn:OID:{uid}"), UidForm::UrnOidMixedCase),
            (format!("oid:{uid}"), UidForm::OidPrefix),
            (format!("urn:dicom:uid:{uid}"), UidForm::UrnDicomUid),
            (format!("urn:oid:urn:oid:{uid}"), UidForm::DoublePrefix),
            (format!("urn%3Aoid%3a{uid}"), UidForm::PercentEncoded),
            (format!("urn:dicom:uid|{uid}"), UidForm::Token),
        ] {
            let parsed = Uid::parse_any(&text);
            prop_assert!(parsed.is_ok_and(|parsed| (parsed.uid, parsed.form) == (uid, form)));
            prop_assert!(Uid::repair(&text).is_ok_and(|repaired| repaired.uid == uid));
            prop_assert!(Uid::parse(&text).is_err());
        }
    }

    #[test]
    fn leading_zeros_go_and_nothing_else(uid in uids(), zeros in prop::collection::vec(0_usize..3, 24)) {
        let padded: Vec<String> = uid
            .components()
            .zip(zeros.iter().chain(std::iter::repeat(&0)))
            .map(|(component, zeros)| "0".repeat(*zeros) + component)
            .collect();
        let repaired = Uid::repair(&padded.join("."));
        prop_assert!(repaired.is_ok());
        if let Ok(repaired) = repaired {
            let removed: usize = repaired.leading_zeros.iter().map(|zeros| zeros.count).sum();
            prop_assert_eq!(repaired.uid, uid);
            prop_assert_eq!(removed, padded.join(".").len() - uid.as_str().len());
        }
    }

    #[test]
    fn whatever_stands_for_a_uid_keeps_its_text(raw in raw_uids(), text in ".*") {
        prop_assert_eq!(RawUid::from(raw.as_str()), raw.clone());
        prop_assert_eq!(raw.uid(), raw.check().ok());
        let kept = RawUid::from(text.as_str());
        prop_assert_eq!(kept.as_str(), text);
    }
}
