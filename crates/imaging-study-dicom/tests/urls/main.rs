//! URLs of the services, and what is no such URL.

#[path = "../fixtures/mod.rs"]
mod fixtures;
mod refusals;

use std::collections::HashMap;

use fixtures::rows;
use imaging_study_dicom::{
    Annotation, DisplayOptions, IccProfile, IdentifierRef, InvokeImageDisplay, PatientDisplay,
    QidoRs, Query, Region, Rendering, Resource, SourceRegion, StudyUid, Uid, UrlError, Viewport,
    WadoRs, WadoUri, WadoUriOptions, WadoUrl, Window, WindowFunction,
};

const STUDY: Uid = Uid::from_static("1.2.250.1.59.40211.12345678.678910");
const SERIES: Uid = Uid::from_static("1.2.250.1.59.40211.789001276.14556172.67789");
const SOP: Uid = Uid::from_static("1.2.250.1.59.40211.2678810.87991027.899772.2");
const INSTANCE: Resource<'_> = Resource::Instance {
    study: STUDY,
    series: SERIES,
    instance: SOP,
};

fn frames(frames: &[u32], number_of_frames: Option<u32>) -> Resource<'_> {
    Resource::Frames {
        study: STUDY,
        series: SERIES,
        instance: SOP,
        frames,
        number_of_frames,
    }
}

fn wado_rs() -> WadoRs<'static> {
    WadoRs::new("https://pacs.hospital.org/wado-rs").expect("an address")
}

fn wado_uri() -> WadoUri<'static> {
    WadoUri::new("https://pacs.hospital.org/wado-uri").expect("an address")
}

fn viewer() -> InvokeImageDisplay<'static> {
    InvokeImageDisplay::new("https://pacs.hospital.org/IHEInvokeImageDisplay").expect("an address")
}

#[test]
fn the_examples_of_the_standards_come_out_to_the_letter() {
    let examples: HashMap<String, String> = rows("urls.tsv")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].clone()))
        .collect();
    let rendering = Rendering {
        viewport: Some(Viewport {
            width: 400,
            height: 400,
            source: Some(SourceRegion {
                x: Some(0.0),
                y: Some(0.0),
                width: Some(1000.0),
                height: Some(3000.0),
            }),
        }),
        ..Rendering::default()
    };
    let region = WadoUriOptions {
        rows: Some(100),
        columns: Some(100),
        region: Some(Region {
            x_min: 0.0,
            y_min: 0.0,
            x_max: 0.5,
            y_max: 1.0,
        }),
        ..WadoUriOptions::default()
    };
    let study_uid = StudyUid::find(
        None,
        [IdentifierRef {
            system: Some("urn:dicom:uid"),
            value: Some("urn:oid:2.16.124.113543.6003.1154777499.30246.19789.3503430046"),
            ..IdentifierRef::default()
        }],
    );
    let series = Resource::Series {
        study: study_uid.require().expect("there is one"),
        series: Uid::from_static("2.16.124.113543.6003.1154777499.30246.19789.3503430045.1"),
    };
    let study = Resource::Study { study: STUDY };
    let plain = Rendering::default();
    let diagnostic = DisplayOptions {
        diagnostic_quality: Some(true),
        ..DisplayOptions::default()
    };
    let dicom = "multipart/related; type=\"application/dicom\"";
    for (name, request, accept) in [
        ("instance", wado_rs().retrieve(&INSTANCE), dicom),
        (
            "rendered",
            wado_rs().rendered(&INSTANCE, &rendering),
            "image/jpeg",
        ),
        (
            "thumbnail",
            wado_rs().thumbnail(&study, &plain),
            "image/jpeg",
        ),
        (
            "metadata",
            wado_rs().metadata(&series),
            "application/dicom+json",
        ),
        (
            "wado-uri",
            wado_uri().retrieve(&INSTANCE, &WadoUriOptions::default()),
            "image/jpeg",
        ),
        (
            "wado-uri-region",
            wado_uri().retrieve(&INSTANCE, &region),
            "image/jpeg",
        ),
        ("iid", viewer().studies(&[STUDY], &diagnostic), "text/html"),
    ] {
        let request = request.expect(name);
        assert_eq!(request.url, examples[name]);
        assert_eq!(request.accept, accept);
        if name != "iid" {
            let url = WadoUrl::parse(&request.url).expect(name);
            assert!(url.lints.is_empty() && request.url.starts_with(url.base));
        }
    }
    assert_eq!(examples.len(), 7);
}

#[test]
fn every_parameter_stands_as_the_standard_spells_it() {
    let all = Rendering {
        viewport: Some(Viewport {
            width: 1,
            height: 2,
            source: Some(SourceRegion {
                x: None,
                y: Some(0.25),
                width: Some(-100.0),
                height: None,
            }),
        }),
        window: Some(Window {
            center: -600.5,
            width: 1500.0,
            function: WindowFunction::LinearExact,
        }),
        quality: Some(100),
        annotation: Annotation {
            patient: true,
            technique: true,
        },
        icc_profile: Some(IccProfile::Srgb),
        media_type: Some("image/png"),
    };
    let request = wado_rs()
        .rendered(&frames(&[1, 3, 10], Some(10)), &all)
        .expect("it is allowed");
    assert!(
        request.url.ends_with(
            "/frames/1,3,10/rendered?viewport=1,2,,0.25,-100,&window=-600.5,1500,linear-exact\
             &quality=100&annotation=patient,technique&iccprofile=srgb"
        ),
        "{}",
        request.url
    );
    assert_eq!(request.accept, "image/png");

    let options = WadoUriOptions {
        charset: Some("UTF-8"),
        annotation: Annotation {
            technique: true,
            ..Annotation::default()
        },
        window: Some((40.0, 0.1)),
        image_quality: Some(1),
        ..WadoUriOptions::default()
    };
    let request = wado_uri()
        .retrieve(&frames(&[7], None), &options)
        .expect("it is allowed");
    assert!(request.url.ends_with(
        "&charset=UTF-8&frameNumber=7&annotation=technique\
         &windowCenter=40&windowWidth=0.1&imageQuality=1"
    ));
    let options = WadoUriOptions {
        content_type: Some("application/dicom"),
        anonymize: true,
        transfer_syntax: Some(Uid::from_static("1.2.840.10008.1.2.1")),
        ..WadoUriOptions::default()
    };
    let request = wado_uri()
        .retrieve(&INSTANCE, &options)
        .expect("it is allowed");
    assert!(request.url.ends_with(
        "&contentType=application%2Fdicom&anonymize=yes&transferSyntax=1.2.840.10008.1.2.1"
    ));
    assert_eq!(request.accept, "application/dicom");
    let options = WadoUriOptions {
        presentation: Some((SERIES, SOP)),
        ..WadoUriOptions::default()
    };
    let request = wado_uri()
        .retrieve(&INSTANCE, &options)
        .expect("it is allowed");
    assert!(request.url.ends_with(&format!(
        "&presentationSeriesUID={SERIES}&presentationUID={SOP}"
    )));

    let request = wado_rs()
        .retrieve(&frames(&[1], None))
        .expect("it is allowed");
    assert_eq!(
        request.accept,
        "multipart/related; type=\"application/octet-stream\""
    );
}

#[test]
fn searches_and_displays_encode_what_they_are_given() {
    let qido = QidoRs::new("https://h/rs").expect("an address");
    let query = Query {
        matches: &[
            ("PatientName", "Müller^A&B=#?"),
            ("00400275.0040A168", "x y"),
        ],
        include: &["all"],
        fuzzy_matching: true,
        limit: Some(10),
        offset: Some(0),
    };
    let request = qido.series(Some(&STUDY), &query).expect("it is allowed");
    assert_eq!(
        request.url,
        format!(
            "https://h/rs/studies/{STUDY}/series?PatientName=M%C3%BCller%5EA%26B%3D%23%3F\
             &00400275.0040A168=x%20y&includefield=all&fuzzymatching=true&limit=10&offset=0"
        )
    );
    assert_eq!(request.accept, "application/dicom+json");
    let none = Query::default();
    let url = |request: Result<imaging_study_dicom::Request, UrlError>| {
        request.map(|request| request.url)
    };
    assert_eq!(
        url(qido.series(None, &none)).as_deref(),
        Ok("https://h/rs/series")
    );
    assert_eq!(
        url(qido.instances(&STUDY, None, &none)),
        Ok(format!("https://h/rs/studies/{STUDY}/instances"))
    );
    assert_eq!(
        url(qido.instances(&STUDY, Some(&SERIES), &none)),
        Ok(format!(
            "https://h/rs/studies/{STUDY}/series/{SERIES}/instances"
        ))
    );
    for bad in [
        "",
        "limit",
        "a&b",
        "PatientName=x",
        "PatientName.",
        "0020000",
        "Patient Name",
        "all.x",
    ] {
        let matches = [(bad, "x")];
        let query = Query {
            matches: &matches,
            ..none
        };
        assert_eq!(
            qido.studies(&query),
            Err(UrlError::BadText {
                parameter: "matches"
            }),
            "{bad}"
        );
        let include = [bad];
        let query = Query {
            include: &include,
            ..none
        };
        assert_eq!(
            qido.studies(&query),
            Err(UrlError::BadText {
                parameter: "includefield"
            })
        );
    }

    let options = DisplayOptions {
        viewer_type: Some("IHE_BIR"),
        diagnostic_quality: Some(true),
        key_images_only: Some(false),
    };
    let base = "https://pacs.hospital.org/IHEInvokeImageDisplay";
    assert_eq!(
        url(viewer().studies(&[STUDY, SERIES], &options)),
        Ok(format!(
            "{base}?requestType=STUDY&studyUID={STUDY},{SERIES}\
             &viewerType=IHE_BIR&diagnosticQuality=true&keyImagesOnly=false"
        ))
    );
    let plain = DisplayOptions::default();
    assert_eq!(
        url(viewer().accessions(&["A 1", "B&2"], &plain)),
        Ok(format!(
            "{base}?requestType=STUDY&accessionNumber=A%201,B%262"
        ))
    );
    let patient = PatientDisplay {
        patient_id: "99998410^^^&1.2.3&ISO",
        most_recent_results: Some(1),
        lower_date_time: Some("2024-01-01T00:00:00+01:00"),
        upper_date_time: None,
        modalities: &["CT", "MR"],
    };
    assert_eq!(
        url(viewer().patient(&patient, &plain)),
        Ok(format!(
            "{base}?requestType=PATIENT&patientID=99998410%5E%5E%5E%261.2.3%26ISO\
             &mostRecentResults=1&lowerDateTime=2024-01-01T00%3A00%3A00%2B01%3A00\
             &modalitiesInStudy=CT,MR"
        ))
    );
    for (request, error) in [
        (
            viewer().studies(&[], &plain),
            UrlError::Missing {
                parameter: "studyUID",
            },
        ),
        (
            viewer().accessions(&[], &plain),
            UrlError::Missing {
                parameter: "accessionNumber",
            },
        ),
        (
            viewer().accessions(&["A,1"], &plain),
            UrlError::BadText {
                parameter: "accessionNumber",
            },
        ),
        (
            viewer().accessions(&["A", ""], &plain),
            UrlError::BadText {
                parameter: "accessionNumber",
            },
        ),
        (
            viewer().accessions(&["A\n"], &plain),
            UrlError::BadText {
                parameter: "accessionNumber",
            },
        ),
        (
            viewer().patient(&PatientDisplay::default(), &plain),
            UrlError::Missing {
                parameter: "patientID",
            },
        ),
        (
            viewer().patient(
                &PatientDisplay {
                    most_recent_results: Some(0),
                    ..patient
                },
                &plain,
            ),
            UrlError::OutOfRange {
                parameter: "mostRecentResults",
            },
        ),
        (
            viewer().patient(
                &PatientDisplay {
                    modalities: &["CT&x"],
                    ..patient
                },
                &plain,
            ),
            UrlError::BadText {
                parameter: "modalitiesInStudy",
            },
        ),
    ] {
        assert_eq!(request, Err(error));
    }
}
