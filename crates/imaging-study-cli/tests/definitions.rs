//! The command `definitions`.

use std::io::Read as _;

use program::Folder;
use serde_json::Value;

mod program;

const VERSIONS: [&str; 7] = ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"];

#[test]
fn a_definition_is_a_line() {
    let folder = Folder::new();
    for version in VERSIONS {
        let ran = folder.run(&["definitions", "--version", version]).expect(0);
        assert!(ran.lines().len() > 100, "{version}");
        for line in ran.lines() {
            let definition: Value = serde_json::from_str(line).expect("JSON");
            assert_eq!(definition["resourceType"], "StructureDefinition");
            let old = version == "dstu2";
            let of = if old { "constrainedType" } else { "type" };
            assert_eq!(definition[of], "Extension", "{version}");
            let elements = &definition["differential"]["element"];
            assert_eq!(elements[0]["path"], "Extension");
        }
    }
}

#[test]
fn a_package_has_a_file_for_each_definition() {
    let folder = Folder::new();
    folder
        .run(&["definitions", "--version", "r4", "--format", "package"])
        .expect(2);
    let run = [
        "definitions",
        "--version",
        "r4",
        "--format",
        "package",
        "--output",
        "r4.tgz",
    ];
    assert_eq!(folder.run(&run).expect(0).stdout, "");
    let lines = folder.run(&["definitions", "--version", "r4"]).expect(0);

    let packed = std::fs::read(folder.path("r4.tgz")).expect("the package");
    let mut archive = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice())
        .read_to_end(&mut archive)
        .expect("gzip");
    let mut files: Vec<(String, Value)> = Vec::new();
    let mut rest = archive.as_slice();
    while rest.first().is_some_and(|byte| *byte != 0) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_matches('\0').to_owned();
        let (header, behind) = rest.split_at(512);
        let size = usize::from_str_radix(&text(&header[124..136]), 8).expect("a size");
        let content = serde_json::from_slice(&behind[..size]).expect("JSON");
        files.push((text(&header[..100]), content));
        rest = &behind[size.next_multiple_of(512)..];
    }
    assert_eq!(rest.len(), 1024);

    let of = |name: &str| &files.iter().find(|(own, _)| own == name).expect("a file").1;
    let package = of("package/package.json");
    assert_eq!(package["fhirVersions"][0], "4.0.1");
    assert_eq!(package["dependencies"]["hl7.fhir.r4.core"], "4.0.1");
    let index = of("package/.index.json")["files"]
        .as_array()
        .expect("a list")
        .clone();
    assert_eq!(index.len(), lines.lines().len());
    for (entry, line) in index.iter().zip(lines.lines()) {
        let name = entry["filename"].as_str().expect("a name");
        let definition: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(of(&format!("package/{name}")), &definition);
        assert_eq!(entry["url"], definition["url"]);
    }
    assert_eq!(files.len(), index.len() + 2);
}
