//! Every folder of `fixtures/convert` is a case: `before.X.json` becomes `after.Y.json`, and that
//! becomes `before.X.json` again, to the digit and to the order of members.

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_convert::{Carry, LossKind, Options, Study, convert};
use imaging_study_core::{FhirVersion, Json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, from_slice, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6 as r6;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;

/// A document of a case: its version, its text as a tree, and its place.
struct Document {
    version: FhirVersion,
    json: Json,
    bytes: Vec<u8>,
    path: PathBuf,
}

impl Document {
    fn find(folder: &Path, stem: &str) -> Self {
        let found = fs::read_dir(folder)
            .expect("a readable folder")
            .find_map(|entry| {
                let path = entry.expect("a readable entry").path();
                let name = path.file_name()?.to_str()?.to_owned();
                let version = name
                    .strip_prefix(stem)?
                    .strip_suffix(".json")?
                    .parse()
                    .ok()?;
                Some((path, version))
            });
        let (path, version) =
            found.unwrap_or_else(|| panic!("{} has no {stem}*.json", folder.display()));
        let bytes = fs::read(&path).expect("a readable file");
        let json = Decoder::default().decode_json(&bytes).expect("JSON");
        Self {
            version,
            json,
            bytes,
            path,
        }
    }

    /// The document in another version.
    fn converted(&self, version: FhirVersion) -> Json {
        macro_rules! pairs {
            ($($from:ident $types:ident),+; $all:tt) => {
                match self.version {
                    $(FhirVersion::$from => pairs!(one $types $all),)+
                }
            };
            (one $types:ident [$($to:ident $others:ident),+]) => {
                match version {
                    $(FhirVersion::$to => {
                        self.to::<$types::ImagingStudy, $others::ImagingStudy>()
                    })+
                }
            };
        }
        pairs!(
            Dstu2 dstu2, Stu3 stu3, R4 r4, R4B r4b, R5 r5, R6Draft r6_draft, R6 r6;
            [Dstu2 dstu2, Stu3 stu3, R4 r4, R4B r4b, R5 r5, R6Draft r6_draft, R6 r6]
        )
    }

    fn to<A: Study, B: Study>(&self) -> Json {
        let study: A = from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{}: {error}", self.path.display()));
        let converted = convert::<A, B>(study, &Options::default())
            .expect("not strict")
            .value;
        let text = to_string(&converted).expect("nothing is empty");
        from_slice::<B>(text.as_bytes()).unwrap_or_else(|error| {
            panic!(
                "{}: the output cannot be read: {error}\n{text}",
                self.path.display()
            )
        });
        Decoder::default()
            .decode_json(text.as_bytes())
            .expect("JSON")
    }
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/convert")
        .join(folder);
    let mut cases: Vec<_> = fs::read_dir(root)
        .expect("the fixtures of the repository")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.is_dir() && !path.ends_with("one-way"))
        .collect();
    cases.sort();
    cases
}

fn check(failures: &mut Vec<String>, case: &Path, what: &str, found: &Json, expected: &Json) {
    if found != expected {
        failures.push(format!(
            "{} {what}\n  found    {}\n  expected {}",
            case.display(),
            imaging_study_json::json_to_string(found),
            imaging_study_json::json_to_string(expected),
        ));
    }
}

#[test]
fn cases_convert_there_and_back() {
    let cases = cases("");
    let mut failures = Vec::new();
    for case in &cases {
        let (before, after) = (
            Document::find(case, "before."),
            Document::find(case, "after."),
        );
        check(
            &mut failures,
            case,
            "there",
            &before.converted(after.version),
            &after.json,
        );
        check(
            &mut failures,
            case,
            "back",
            &after.converted(before.version),
            &before.json,
        );
    }
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn one_way_cases_convert() {
    let cases = cases("one-way");
    let mut failures = Vec::new();
    for case in &cases {
        let (before, after) = (
            Document::find(case, "before."),
            Document::find(case, "after."),
        );
        check(
            &mut failures,
            case,
            "there",
            &before.converted(after.version),
            &after.json,
        );
    }
    assert!(cases.len() >= 5, "only {} cases", cases.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The losses of a conversion from STU3 to R4.
fn losses(case: &str, options: &Options) -> Vec<(LossKind, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/convert")
        .join(case);
    let before = Document::find(&folder, "before.");
    let study: stu3::ImagingStudy = from_slice(&before.bytes).expect("a study");
    let converted = convert::<_, r4::ImagingStudy>(study, options).expect("nothing to refuse");
    let losses = converted.losses.into_iter();
    losses
        .map(|loss| (loss.kind, loss.path.to_string()))
        .collect()
}

#[test]
fn without_carries_no_id_stands_alone() {
    let text = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:2.25.1","extension":[{"url":"https://ward.example.org/oid","valueOid":"urn:oid:7","_valueOid":{"id":"seven"}}],"patient":{"reference":"Patient/p"}}"#;
    let study: stu3::ImagingStudy = from_slice(text.as_bytes()).expect("a study");
    let options = Options {
        carry: Carry::Nothing,
        ..Options::default()
    };
    let converted = convert::<_, r4::ImagingStudy>(study, &options).expect("nothing to refuse");
    assert!(converted.value.extension.is_empty());
    let losses: Vec<_> = converted
        .losses
        .iter()
        .map(|loss| (loss.kind, loss.path.to_string()))
        .collect();
    let whole = (LossKind::NotCarried, "ImagingStudy.extension[0]".to_owned());
    assert_eq!(losses, [whole]);
}

/// A study of STU3 in R4 without carries.
fn without_carries(text: &str) -> String {
    let study: stu3::ImagingStudy = from_slice(text.as_bytes()).expect("a study");
    let options = Options {
        carry: Carry::Nothing,
        ..Options::default()
    };
    let converted = convert::<_, r4::ImagingStudy>(study, &options).expect("nothing to refuse");
    assert!(!converted.losses.is_empty());
    to_string(&converted.value).expect("nothing is empty")
}

#[test]
fn without_carries_a_required_list_says_what_it_lacks() {
    let after = without_carries(
        r#"{"resourceType":"ImagingStudy","extension":[{"url":"https://ward.example.org/signed","valueSignature":{"type":[{"_code":{"extension":[{"url":"https://ward.example.org/day","valueDate":"0000-01-01"}]}}],"when":"2020-01-01T00:00:00Z","whoReference":{"reference":"Practitioner/p"}}}],"uid":"urn:oid:2.25.1","patient":{"reference":"Patient/p"}}"#,
    );
    let marked = r#""type":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unsupported"}]}]"#;
    assert!(after.contains(marked), "{after}");
}

#[test]
fn without_carries_a_modifier_extension_holds_none() {
    let after = without_carries(
        r#"{"resourceType":"ImagingStudy","modifierExtension":[{"url":"https://ward.example.org/not","valueDate":"0000-01-01"}],"uid":"urn:oid:2.25.1","patient":{"reference":"Patient/p"}}"#,
    );
    let marked = r#""modifierExtension":[{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unsupported"}],"url":"https://ward.example.org/not"}]"#;
    assert!(after.contains(marked), "{after}");
}

#[test]
fn what_a_version_requires_and_a_study_lacks_is_reported() {
    let study: r4::ImagingStudy =
        from_slice(br#"{"resourceType":"ImagingStudy","id":"bare"}"#).expect("a study");
    let converted =
        convert::<_, stu3::ImagingStudy>(study, &Options::default()).expect("nothing to refuse");
    let [loss] = converted.losses.as_slice() else {
        panic!("{:?}", converted.losses);
    };
    assert_eq!(loss.kind, LossKind::RequiredMissing);
    assert_eq!(loss.path.to_string(), "ImagingStudy");
    assert_eq!(loss.value, Json::Null);
    let back =
        convert::<_, r4::ImagingStudy>(converted.value, &Options::default()).expect("not strict");
    let status = back.value.status.value.as_ref().map(|code| code.as_str());
    assert_eq!(status, Some("unknown"));
}

#[test]
fn an_offline_study_is_noted_and_not_refused() {
    let strict = Options {
        strict: true,
        ..Options::default()
    };
    let noted = (
        LossKind::ApproximateCode,
        "ImagingStudy.availability".to_owned(),
    );
    assert_eq!(losses("c9-offline", &strict), [noted]);
    assert_eq!(losses("c9-unavailable", &strict), []);
    assert_eq!(losses("c9-nearline", &strict), []);
}
