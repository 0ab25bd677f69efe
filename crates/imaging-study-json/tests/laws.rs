//! What the codec keeps to, on generated studies. `PROPTEST_CASES` sets how many.

use imaging_study_core::Element;
use imaging_study_core::generate::Profile;
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{from_str, to_string, to_string_pretty};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default().cases
    } else {
        1_000
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// JSON -> type -> JSON is the identity, and serde's route agrees with ours in both directions.
fn identity<T: Element + Serialize + DeserializeOwned>(study: &T) -> Result<(), TestCaseError> {
    let text = to_string(study).expect("nothing is empty");
    let read: T =
        from_str(&text).map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    prop_assert!(read == *study, "{}", text);
    prop_assert_eq!(&to_string(&read).expect("nothing is empty"), &text);

    let pretty = to_string_pretty(study).expect("nothing is empty");
    let read: T =
        from_str(&pretty).map_err(|error| TestCaseError::fail(format!("{error}\n{pretty}")))?;
    prop_assert!(read == *study, "{}", pretty);

    prop_assert_eq!(
        &serde_json::to_string(study).expect("nothing is empty"),
        &text
    );
    let read: T = serde_json::from_str(&text)
        .map_err(|error| TestCaseError::fail(format!("{error}\n{text}")))?;
    prop_assert!(read == *study, "{}", text);
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_dstu2(study in dstu2::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_stu3(study in stu3::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_r4b(study in r4b::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_r6(study in r6::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_r6_draft(study in r6_draft::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn typical_dstu2(study in dstu2::strategy::imaging_study(Profile::Typical)) {
        identity(&study)?;
    }

    #[test]
    fn typical_stu3(study in stu3::strategy::imaging_study(Profile::Typical)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_r4(study in r4::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn hostile_r5(study in r5::strategy::imaging_study(Profile::Hostile)) {
        identity(&study)?;
    }

    #[test]
    fn typical_r4(study in r4::strategy::imaging_study(Profile::Typical)) {
        identity(&study)?;
    }

    #[test]
    fn minimal_r5(study in r5::strategy::imaging_study(Profile::Minimal)) {
        identity(&study)?;
    }

    /// Whatever the bytes are, reading ends, without a panic.
    #[test]
    fn broken_text(
        study in r4::strategy::imaging_study(Profile::Hostile),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = to_string(&study).expect("nothing is empty").into_bytes();
        let at = cut.index(bytes.len());
        bytes[at] = byte;
        let _ = imaging_study_json::from_slice::<r4::ImagingStudy>(&bytes);
        bytes.truncate(at);
        prop_assert!(imaging_study_json::from_slice::<r4::ImagingStudy>(&bytes).is_err());
    }
}
