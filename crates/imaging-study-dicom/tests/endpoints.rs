//! Which endpoint serves a series.

use imaging_study_dicom::{
    Applicable, ConnectionLint, ConnectionType, ConnectionTypes, EndpointError, EndpointLevel,
    EndpointLint, EndpointOptions, EndpointRef, EndpointReference, Unusable, study_status_lint,
};

const SYSTEM: Option<&str> = Some("http://terminology.hl7.org/CodeSystem/endpoint-connection-type");
const OLD_SYSTEM: Option<&str> = Some("http://hl7.org/fhir/endpoint-connection-type");

fn endpoint<'a>(code: &'a str, address: &'a str) -> EndpointRef<'a> {
    EndpointRef {
        connection_types: ConnectionTypes::from_codings([(SYSTEM, Some(code))]),
        status: Some("active"),
        address: Some(address),
        ..EndpointRef::default()
    }
}

fn found(applicable: &Applicable<'_>) -> Result<(EndpointLevel, usize), EndpointError> {
    applicable.first_usable().map(|one| (one.level, one.index))
}

use EndpointLevel::{Series, Study};
use EndpointReference::{Resolved, Unresolved};

#[test]
fn a_series_overrides_each_connection_type_alone() {
    let study = [
        Resolved(endpoint("dicom-wado-uri", "https://h/uri")),
        Resolved(endpoint("dicom-wado-rs", "https://h/rs")),
        Resolved(endpoint("ihe-iid", "https://h/iid")),
        Resolved(endpoint("dicom-wado-rs", "https://h/rs2")),
    ];
    let series = [Resolved(endpoint("dicom-wado-rs", "https://other/rs"))];
    let options = EndpointOptions::default();
    let find =
        |connection_type, series| Applicable::find(connection_type, &study, series, &options);
    assert_eq!(
        found(&find(ConnectionType::WadoRs, Some(&series))),
        Ok((Series, 0))
    );
    assert_eq!(
        found(&find(ConnectionType::WadoUri, Some(&series))),
        Ok((Study, 0))
    );
    assert_eq!(
        found(&find(ConnectionType::WadoRs, Some(&[]))),
        Ok((Study, 1))
    );
    assert_eq!(found(&find(ConnectionType::IheIid, None)), Ok((Study, 2)));
    assert_eq!(
        found(&find(ConnectionType::QidoRs, Some(&series))),
        Err(EndpointError::NoEndpoint)
    );
    let all = find(ConnectionType::WadoRs, None);
    let indices: Vec<_> = all.endpoints.iter().map(|one| one.index).collect();
    assert_eq!(indices, [1, 3]);
}

#[test]
fn an_endpoint_of_a_series_that_cannot_be_used_is_not_passed_over() {
    let study = [Resolved(endpoint("dicom-wado-rs", "https://h/rs"))];
    let options = EndpointOptions::default();
    let off = EndpointRef {
        status: Some("off"),
        ..endpoint("dicom-wado-rs", "https://other/rs")
    };
    for (series, why) in [
        (Resolved(off), Unusable::Status),
        (Unresolved, Unusable::Unresolved),
    ] {
        let find =
            |options| Applicable::find(ConnectionType::WadoRs, &study, Some(&[series]), options);
        let level = Series;
        let error = EndpointError::Unusable {
            level,
            index: 0,
            why,
        };
        assert_eq!(found(&find(&options)), Err(error));
        let applicable = find(&options.with_fallback(true));
        assert_eq!(found(&applicable), Ok((Study, 0)));
        assert_eq!(applicable.lints, [EndpointLint::Fallback]);
    }
    // Another endpoint of the series will do.
    let series = [
        Resolved(off),
        Resolved(endpoint("dicom-wado-rs", "https://other/rs2")),
    ];
    let applicable = Applicable::find(ConnectionType::WadoRs, &study, Some(&series), &options);
    assert_eq!(found(&applicable), Ok((Series, 1)));
}

#[test]
fn a_status_says_whether_an_endpoint_is_usable() {
    let options = EndpointOptions::default();
    for (status, unusable, lints) in [
        (Some("active"), None, vec![]),
        (Some("limited"), None, vec![EndpointLint::Limited]),
        (Some("test"), None, vec![EndpointLint::Test]),
        (Some("suspended"), Some(Unusable::Status), vec![]),
        (Some("error"), Some(Unusable::Status), vec![]),
        (Some("off"), Some(Unusable::Status), vec![]),
        (Some("entered-in-error"), Some(Unusable::Status), vec![]),
        (Some("ACTIVE"), Some(Unusable::Status), vec![]),
        (None, Some(Unusable::Status), vec![]),
    ] {
        let one = EndpointRef {
            status,
            ..endpoint("dicom-wado-rs", "https://h/rs")
        };
        let applicable = Applicable::find(ConnectionType::WadoRs, &[Resolved(one)], None, &options);
        assert_eq!(applicable.endpoints[0].unusable, unusable, "{status:?}");
        assert_eq!(applicable.endpoints[0].lints, lints);
    }
    let test = EndpointRef {
        status: Some("test"),
        ..endpoint("dicom-wado-rs", "https://h/rs")
    };
    let strict = options.with_test_is_usable(false);
    let applicable = Applicable::find(ConnectionType::WadoRs, &[Resolved(test)], None, &strict);
    assert_eq!(applicable.endpoints[0].unusable, Some(Unusable::Status));
    let without = EndpointRef {
        address: None,
        ..endpoint("dicom-wado-rs", "")
    };
    let applicable = Applicable::find(ConnectionType::WadoRs, &[Resolved(without)], None, &options);
    assert_eq!(applicable.endpoints[0].unusable, Some(Unusable::NoAddress));
}

#[test]
fn a_period_covers_the_present_or_not() {
    // 2024-06-15T12:00:00Z
    let now = 1_718_452_800;
    let options = EndpointOptions::default().at(now);
    for (start, end, unusable) in [
        (None, None, None),
        (
            Some("2024-06-15T12:00:00Z"),
            Some("2024-06-15T14:00:00+02:00"),
            None,
        ),
        (Some("2024-06-15T12:00:01Z"), None, Some(Unusable::Period)),
        (
            None,
            Some("2024-06-15T13:59:59+02:00"),
            Some(Unusable::Period),
        ),
        (Some("2024"), Some("2024"), None),
        (Some("2024-06"), Some("2024-06-15"), None),
        (None, Some("2024-06-14"), Some(Unusable::Period)),
        (Some("2024-06-16"), None, None),
        (None, Some("2024-06-13"), Some(Unusable::Period)),
        (Some("2024-06-17"), None, Some(Unusable::Period)),
        (None, Some("2023"), Some(Unusable::Period)),
        (Some("soon"), None, Some(Unusable::BadPeriod)),
    ] {
        let one = EndpointRef {
            period_start: start,
            period_end: end,
            ..endpoint("dicom-wado-rs", "https://h/rs")
        };
        let find =
            |options| Applicable::find(ConnectionType::WadoRs, &[Resolved(one)], None, options);
        assert_eq!(
            find(&options).endpoints[0].unusable,
            unusable,
            "{start:?} {end:?}"
        );
        assert_eq!(
            find(&EndpointOptions::default()).endpoints[0].unusable,
            None
        );
    }
}

#[test]
fn a_viewer_is_for_the_study() {
    let study = [Resolved(endpoint("ihe-iid", "https://h/iid"))];
    let series = [Resolved(endpoint("ihe-iid", "https://other/iid"))];
    let options = EndpointOptions::default();
    let applicable = Applicable::find(ConnectionType::IheIid, &study, Some(&series), &options);
    assert_eq!(found(&applicable), Ok((Study, 0)));
    assert_eq!(applicable.lints, [EndpointLint::DisplayOfSeries]);
}

#[test]
fn connection_types_are_known_by_system_and_code() {
    for connection_type in ConnectionType::ALL {
        let code = connection_type.code();
        for (system, lint) in [
            (SYSTEM, None),
            (OLD_SYSTEM, None),
            (None, Some(ConnectionLint::MissingSystem)),
        ] {
            assert_eq!(
                ConnectionType::from_coding(system, code),
                Some((connection_type, lint))
            );
        }
        assert_eq!(ConnectionType::from_coding(Some("http://h"), code), None);
    }
    assert_eq!(
        ConnectionType::from_coding(SYSTEM, "wado-rs"),
        Some((ConnectionType::WadoRs, Some(ConnectionLint::Alias)))
    );
    assert_eq!(ConnectionType::from_coding(SYSTEM, "hl7-fhir-rest"), None);
    assert_eq!(ConnectionType::from_coding(SYSTEM, "iid"), None);
    let several = ConnectionTypes::from_codings([
        (SYSTEM, Some("hl7-fhir-rest")),
        (SYSTEM, Some("dicom-wado-rs")),
        (None, Some("dicom-qido-rs")),
        (SYSTEM, None),
    ]);
    for connection_type in ConnectionType::ALL {
        let among = matches!(
            connection_type,
            ConnectionType::WadoRs | ConnectionType::QidoRs
        );
        assert_eq!(several.contains(connection_type), among);
    }
    assert_eq!(several.lint(), Some(ConnectionLint::MissingSystem));
}

#[test]
fn a_study_says_whether_its_images_should_be_loaded() {
    assert_eq!(
        study_status_lint("registered"),
        Some(EndpointLint::StudyRegistered)
    );
    for status in ["cancelled", "entered-in-error", "inactive"] {
        assert_eq!(study_status_lint(status), Some(EndpointLint::StudyNotValid));
    }
    assert_eq!(study_status_lint("available"), None);
}
