//! Every folder of `fixtures/dicom` is a case: the one study of `input.dicom.json` is `expected.X.json`
//! in each version X that has such a file.

mod support;

use std::fs;
use std::path::{Path, PathBuf};

use imaging_study_core::{FhirVersion, Json};
use imaging_study_from_dicom::{Options, Studies};
use imaging_study_json::Decoder;

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a readable folder");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .collect();
    paths.sort();
    paths
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/dicom");
    let cases = entries(&folder).into_iter().filter(|path| path.is_dir());
    let cases: Vec<_> = cases.collect();
    assert!(!cases.is_empty());
    cases
}

fn json(path: &Path) -> Json {
    let bytes = fs::read(path).expect("a readable file");
    Decoder::default().decode_json(&bytes).expect("JSON")
}

#[test]
fn every_case_gives_the_expected_study_in_every_version() {
    for case in cases() {
        let input = fs::read(case.join("input.dicom.json")).expect("an input");
        let mut studies = Studies::default();
        studies.add_json(&input).expect("a list of objects");
        let mut streamed = Studies::default();
        streamed
            .add_json_reader(std::io::Cursor::new(&input))
            .expect("a list of objects");
        let list: Vec<_> = studies.iter().collect();
        let [study] = list.as_slice() else {
            panic!("{}: one study", case.display());
        };
        let mut expected = 0;
        for path in entries(&case) {
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(version) = name
                .and_then(|name| name.strip_prefix("expected."))
                .and_then(|name| name.strip_suffix(".json"))
            else {
                continue;
            };
            let version: FhirVersion = version.parse().expect("a version");
            let options = Options::default();
            let built = support::built(study, version, &options);
            assert_eq!(built, json(&path), "{}", path.display());
            let streamed = streamed.get(study.uid()).expect("the same study");
            assert_eq!(support::built(streamed, version, &options), built);
            expected += 1;
        }
        assert!(expected > 0, "{}: nothing expected", case.display());
    }
}
