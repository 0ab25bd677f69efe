//! The commands `generate` and `schema`.

use program::Folder;
use serde_json::Value;

mod program;

const VERSIONS: [&str; 7] = ["dstu2", "stu3", "r4", "r4b", "r5", "r6-draft", "r6"];

#[test]
fn generated_studies_are_valid() {
    for version in VERSIONS {
        let folder = Folder::new();
        for (profile, count) in [("minimal", "30"), ("typical", "30"), ("hostile", "12")] {
            let arguments = [
                "generate",
                "--version",
                version,
                "--count",
                count,
                "--seed",
                "1",
            ];
            let ran = folder
                .run(&[&arguments[..], &["--profile", profile]].concat())
                .expect(0);
            assert_eq!(ran.lines().len().to_string(), count, "{version} {profile}");
            folder.write(profile, &ran.stdout);
            let checked = folder.run(&[
                "validate",
                "--version",
                version,
                "--level",
                "error",
                profile,
            ]);
            assert_eq!(checked.status, 0, "{version} {profile} {checked:?}");
            let mut different: Vec<&str> = ran.lines();
            different.sort_unstable();
            different.dedup();
            assert!(
                different.len() > 5,
                "{version} {profile}: {}",
                different.len()
            );
        }
        let (minimal, typical) = (folder.read("minimal"), folder.read("typical"));
        assert!(typical.len() > 3 * minimal.len(), "{version}");
    }
}

#[test]
fn a_seed_gives_the_same_and_a_smaller_count_the_beginning() {
    let folder = Folder::new();
    let run = |seed: &str, count: &str| {
        let arguments = [
            "generate",
            "--version",
            "r5",
            "--seed",
            seed,
            "--count",
            count,
        ];
        folder.run(&arguments).expect(0).stdout
    };
    let many = run("3", "40");
    assert_eq!(run("3", "40"), many);
    assert!(many.starts_with(&run("3", "7")));
    assert_ne!(run("4", "40"), many);
    assert_eq!(run("3", "0"), "");
    folder
        .run(&["generate", "--version", "r5", "--count", "1"])
        .expect(2);
}

#[test]
fn every_version_has_a_schema() {
    let folder = Folder::new();
    for version in VERSIONS {
        let ran = folder
            .run(&["schema", "--version", version, "--as", "json-schema"])
            .expect(0);
        let schema: Value = serde_json::from_str(&ran.stdout).expect("JSON");
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        assert_eq!(schema["title"], "ImagingStudy");
        assert!(schema["properties"]["series"].is_object(), "{version}");
        assert!(
            schema["$defs"]
                .as_object()
                .is_some_and(|types| types.len() > 20),
            "{version}"
        );
    }
}
