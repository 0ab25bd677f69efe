//! Detection of the version in XML: the same evidence as in JSON, as far as XML tells.
#![cfg(all(feature = "json", feature = "xml", feature = "convert"))]

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study::FhirVersion::{self, Dstu2, R4, R4B, R5, R6, R6Draft, Stu3};
use imaging_study::{
    AnyImagingStudy, Detection, Undecided, detect, detect_json, detect_xml, detect_xml_inside,
    is_xml, json, xml,
};

fn detection(elements: &str) -> Detection {
    let document =
        format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir">{elements}</ImagingStudy>"#);
    detect(document.as_bytes()).unwrap_or_else(|error| panic!("{elements}: {error}"))
}

fn candidates(elements: &str) -> Vec<FhirVersion> {
    detection(elements).candidates
}

#[test]
fn one_element_decides() {
    let cases = [
        ("<order/>", Dstu2),
        ("<url value='http://x.example'/>", Dstu2),
        ("<series><url value='http://x.example'/></series>", Dstu2),
        (
            "<series><instance><type value='image'/></instance></series>",
            Dstu2,
        ),
        ("<context><reference value='Encounter/e'/></context>", Stu3),
        ("<reason><text value='fall'/></reason>", Stu3),
        ("<procedureReference/><procedureReference/>", Stu3),
        (
            "<series><performer><reference value='Practitioner/p'/></performer></series>",
            Stu3,
        ),
        ("<reasonCode><text value='fall'/></reasonCode>", R4),
        ("<modality><code value='CT'/></modality>", R4),
        ("<resourceDefinition value='http://x.example'/>", R6),
    ];
    for (elements, expected) in cases {
        assert_eq!(detection(elements).version(), Ok(expected), "{elements}");
    }
}

#[test]
fn what_may_repeat_is_told_only_by_repeating() {
    let before_r5 = [Dstu2, Stu3, R4, R4B];
    assert_eq!(candidates("<interpreter/>"), before_r5);
    assert_eq!(candidates("<interpreter/><interpreter/>"), [Stu3, R4, R4B]);
    assert_eq!(candidates("<procedureReference/>"), [Stu3, R4, R4B]);
    assert_eq!(candidates("<reason/>"), [Stu3, R5, R6Draft, R6]);
    assert_eq!(candidates("<reason/><reason/>"), [R5, R6Draft, R6]);
    assert_eq!(candidates("<reason><concept/></reason>"), [R5, R6Draft, R6]);

    let twice = detection("<interpreter/><interpreter/><interpreter/>");
    assert_eq!(twice.evidence.len(), 1);

    let body_site = "<bodySite><concept/></bodySite>";
    let one_each = format!("<series>{body_site}</series><series>{body_site}</series>");
    assert_eq!(candidates(&one_each), [R5, R6Draft, R6]);
    let two = detection(&format!("<series/><series>{body_site}{body_site}</series>"));
    assert_eq!(two.version(), Ok(R6));
}

#[test]
fn what_is_primitive_has_a_value() {
    let instance = |inside: &str| {
        candidates(&format!(
            "<subject/><series><instance>{inside}</instance></series>"
        ))
    };
    let open = [R4, R4B, R5, R6Draft, R6];
    assert_eq!(instance("<sopClass value='urn:oid:1.2'/>"), [R6Draft, R6]);
    assert_eq!(
        instance("<sopClass><code value='1.2'/></sopClass>"),
        [R4, R4B, R5]
    );
    assert_eq!(
        instance("<sopClass value='x'><extension url='u'/></sopClass>"),
        [R6Draft, R6]
    );
    // Both may have nothing but extensions or an id.
    assert_eq!(instance("<sopClass><extension url='u'/></sopClass>"), open);
    assert_eq!(instance("<sopClass id='a'/>"), open);

    let patient = "<patient/><procedure><reference value='Procedure/p'/></procedure>";
    assert_eq!(candidates(patient), [Dstu2]);
    let codeable = "<procedure><reference><display value='x'/></reference></procedure>";
    assert_eq!(candidates(codeable), [R5, R6Draft]);
    assert_eq!(candidates("<procedure/>"), [Dstu2, R5, R6Draft, R6]);
}

#[test]
fn only_elements_of_the_study_itself_count() {
    let inside = "<id value='x'/><text><div xmlns='http://www.w3.org/1999/xhtml'><order/></div></text>\
        <contained><ImagingStudy><uid value='1'/><order/><modality><code/></modality></ImagingStudy></contained>\
        <extension url='order'><extension url='context'/><valueReference><reference value='x'/></valueReference></extension>\
        <meta><extension url='partOf'/></meta><identifier><type><coding/></type></identifier>\
        <series><contained><url/></contained><extension url='specimen'/></series>\
        <fhir_comments value='a'/><_order/><!-- <order/> -->";
    assert_eq!(candidates(inside), FhirVersion::ALL);
}

#[test]
fn values_decide_as_in_json() {
    let profile = "<meta><profile value='x'/>\
        <profile value='http://hl7.org/fhir/StructureDefinition/ImagingStudy|4.3.0'/></meta>";
    assert_eq!(
        detection(&format!("{profile}<reasonCode/>")).version(),
        Ok(R4B)
    );
    assert_eq!(candidates(&format!("{profile}<partOf/>")), [R5, R6Draft]);
    let inactive = detection("<status value='inactive'/>");
    assert_eq!(inactive.version(), Ok(R6));
}

#[test]
fn what_is_no_study_has_no_version() {
    for document in [
        "<Patient xmlns='http://hl7.org/fhir'><order/></Patient>",
        "<Bundle><entry><resource><ImagingStudy/></resource></entry></Bundle>",
        "<imagingstudy/>",
    ] {
        let detection = detect(document.as_bytes()).expect("well-formed");
        assert_eq!(detection.version(), Err(Undecided::NotAStudy), "{document}");
    }
    for document in [
        "<ImagingStudy>",
        "<ImagingStudy/><ImagingStudy/>",
        "<!DOCTYPE ImagingStudy><ImagingStudy/>",
        "<",
    ] {
        assert!(detect(document.as_bytes()).is_err(), "{document}");
    }
    assert!(detect_json(b"<ImagingStudy/>").is_err());
    assert!(detect_xml(br#"{"resourceType":"ImagingStudy"}"#).is_err());
}

#[test]
fn the_first_character_tells_xml() {
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
        units.flat_map(u16::to_be_bytes).collect()
    };
    let document = "<ImagingStudy xmlns='http://hl7.org/fhir'><order/></ImagingStudy>";
    for bytes in [
        format!(" \r\n\t{document}").into_bytes(),
        format!("\u{FEFF}{document}").into_bytes(),
        format!("<?xml version='1.0'?>\n<!-- a -->\n{document}").into_bytes(),
        utf16(document),
    ] {
        assert!(is_xml(&bytes));
        let detection = detect(&bytes).expect("well-formed");
        assert_eq!(detection.version(), Ok(Dstu2));
    }
    for text in ["", "\u{FEFF}", " ", "\u{FEFF} {}", "[<]", "x<"] {
        assert!(!is_xml(text.as_bytes()), "{text}");
    }
}

#[test]
fn studies_in_a_bundle_are_told_apart() {
    let bundle = b"<Bundle xmlns='http://hl7.org/fhir'><type value='collection'/>\
        <entry><resource><Patient><ImagingStudy><order/></ImagingStudy></Patient></resource></entry>\
        <entry><resource><ImagingStudy><contained><ImagingStudy><order/></ImagingStudy></contained>\
        <reasonCode/></ImagingStudy></resource></entry><entry/>\
        <entry><resource><ImagingStudy><id value='a'/></ImagingStudy></resource></entry>\
        <entry><resource><DiagnosticReport><contained><Patient/></contained>\
        <contained><ImagingStudy><order/></ImagingStudy></contained></DiagnosticReport></resource></entry>\
        <entry><resource><Bundle><entry/><entry><resource><ImagingStudy><reasonCode/></ImagingStudy>\
        </resource></entry></Bundle></resource></entry>\
        <entry><response><outcome><ImagingStudy/></outcome></response></entry></Bundle>";
    let found = detect_xml_inside(bundle).expect("well-formed");
    let places: Vec<_> = found
        .iter()
        .map(|study| (study.path.to_string(), study.entries.clone()))
        .collect();
    let place = |path: &str, entries| (path.to_owned(), entries);
    assert_eq!(
        places,
        [
            place("Bundle.entry[0].resource", None),
            place("Bundle.entry[1].resource", Some(vec![1])),
            place("Bundle.entry[3].resource", Some(vec![3])),
            place("Bundle.entry[4].resource.contained[1]", None),
            place(
                "Bundle.entry[5].resource.entry[1].resource",
                Some(vec![5, 1])
            ),
            place("Bundle.entry[6].response.outcome", None),
        ]
    );
    assert_eq!(found[1].detection.version(), Ok(R4));
    assert_eq!(found[2].detection.candidates, FhirVersion::ALL);
    assert_eq!(found[3].detection.version(), Ok(Dstu2));
    assert_eq!(found[4].detection.version(), Ok(R4));
    let study = b"<ImagingStudy xmlns='http://hl7.org/fhir'><contained><ImagingStudy/></contained></ImagingStudy>";
    assert!(detect_xml_inside(study).expect("well-formed").is_empty());
    assert!(
        detect_xml_inside(b"<Patient/>")
            .expect("well-formed")
            .is_empty()
    );
}

/// The files of a folder with an ending.
fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("cannot list {}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == end))
        .collect();
    files.sort();
    files
}

/// HL7's examples lie beside the checkout, or where `IMAGING_STUDY_SHARED` says.
fn examples(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("IMAGING_STUDY_SHARED").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"),
        PathBuf::from,
    );
    let path = root.join("examples").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "no folder {folder}: set IMAGING_STUDY_SHARED"
    );
    eprintln!("SKIPPED: no folder {folder} beside the checkout; set IMAGING_STUDY_SHARED");
    None
}

/// The study of a file as our codecs write it in JSON and in XML, if both can.
fn twins(bytes: &[u8], version: FhirVersion) -> Option<(String, String)> {
    let decoder = &mut json::Decoder::default();
    let study = AnyImagingStudy::from_json(bytes, version, decoder)
        .ok()?
        .value;
    let in_xml = study.to_xml(xml::Encoder::default()).ok()?;
    Some((study.to_json().ok()?, in_xml))
}

/// Whether there is an element that XML tells less about than JSON.
fn is_unclear(detection: &Detection) -> bool {
    const UNCLEAR: &[&str] = &[
        "ImagingStudy.interpreter",
        "ImagingStudy.procedureReference",
        "ImagingStudy.reason",
        "ImagingStudy.series.instance.sopClass",
    ];
    let mut evidence = detection.evidence.iter();
    evidence.any(|evidence| UNCLEAR.contains(&evidence.path))
}

#[test]
fn xml_twins_have_the_same_evidence() {
    let (mut same, mut less) = (0, 0);
    for (version, folder) in [(R4, "r4"), (R5, "r5")] {
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
        let mut all = files(&fixtures.join(folder), "json");
        if let Some(examples) = examples(&format!("{folder}/json")) {
            all.extend(files(&examples, "json"));
        }
        for path in all {
            let bytes = fs::read(&path).expect("a readable file");
            let Some((in_json, in_xml)) = twins(&bytes, version) else {
                continue;
            };
            let in_json = detect(in_json.as_bytes()).expect("JSON");
            let in_xml = detect(in_xml.as_bytes()).expect("XML");
            if in_xml == in_json {
                same += 1;
                continue;
            }
            // XML may leave more open, and never says another thing.
            assert!(is_unclear(&in_json), "{}", path.display());
            let has = |version: &FhirVersion| in_xml.candidates.contains(version);
            assert!(in_json.candidates.iter().all(has), "{}", path.display());
            less += usize::from(in_xml.candidates != in_json.candidates);
        }
    }
    println!("{same} with the same evidence, {less} where XML tells less");
    assert!(same >= 60, "only {same} fixtures");
    assert!(less <= 4, "{less} fixtures");
}

#[test]
fn official_examples_in_xml() {
    for (folder, version) in [
        ("dstu2", Dstu2),
        ("stu3", Stu3),
        ("r4", R4),
        ("r5", R5),
        ("r6", R6Draft),
    ] {
        let Some(in_xml) = examples(&format!("{folder}/xml")) else {
            continue;
        };
        let found = files(&in_xml, "xml");
        assert!(!found.is_empty(), "no examples in {}", in_xml.display());
        for path in found {
            let detection = detect(&fs::read(&path).expect("a readable file"))
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let version_fits = detection.candidates.contains(&version);
            assert!(version_fits, "{}: {detection:?}", path.display());
            // The draft of R6 has been published in XML alone.
            let name = path.file_stem().expect("a name").to_string_lossy();
            let twin = in_xml.with_file_name("json").join(format!("{name}.json"));
            if let Ok(twin) = fs::read(twin) {
                let twin = detect(&twin).expect("JSON");
                assert_eq!(detection.candidates, twin.candidates, "{}", path.display());
            }
        }
    }
}
