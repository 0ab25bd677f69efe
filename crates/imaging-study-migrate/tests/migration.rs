//! The library, as a program of somebody else uses it.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use imaging_study::FhirVersion;
use imaging_study_migrate::{
    Compression, Input, IssueFormat, Migration, Outputs, Settings, Summary, Watch, migrate,
};

const GOOD: &str = r#"{"resourceType":"ImagingStudy","status":"available","modality":[{"code":"CT"}],"subject":{"display":"x"}}"#;
const BAD: &str = r#"{"resourceType":"ImagingStudy","status":7,"modality":[{"code":"CT"}]}"#;

fn reports(input: &str, settings: &Settings) -> (String, Summary) {
    let mut quarantine = Vec::new();
    let summary = migrate(
        [Input::new("a\u{1b}.ndjson", input.as_bytes())],
        settings,
        &mut Outputs::new(&mut io::sink(), &mut quarantine),
    );
    let text = String::from_utf8(quarantine).expect("a text");
    (text, summary.expect("memory does not fail"))
}

#[test]
fn people_get_a_line_for_each_report() {
    let mut settings = Settings::new(FhirVersion::R5);
    settings.report_format = IssueFormat::Text;
    let (text, summary) = reports(&format!("{GOOD}\n{BAD}\nnone\n{BAD}\n"), &settings);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let status = "a\\u{1b}.ndjson:2:41: ImagingStudy.status: expected a code";
    assert!(lines[0].starts_with(status), "{text}");
    assert!(lines[1].starts_with("a\\u{1b}.ndjson:3:1: "), "{text}");
    let kinds: Vec<u64> = summary.rejections.values().copied().collect();
    assert_eq!(kinds.iter().sum::<u64>(), 3);
    assert_eq!(summary.rejections.len(), 2, "{:?}", summary.rejections);
}

/// Whatever is wrong, there are not more kinds than can be read.
#[test]
fn kinds_of_rejections_are_bounded() {
    let lines: String = (0..5_000)
        .map(|number| format!("{{\"resourceType\":\"ImagingStudy\",\"x{number}\":1,\"status\":\"available\",\"modality\":[{{\"code\":\"CT\"}}]}}\n"))
        .collect();
    let mut settings = Settings::new(FhirVersion::R5);
    settings.from = Some(FhirVersion::R4);
    let (_, one) = reports(&lines, &settings);
    assert_eq!(one.quarantined, 5_000);
    assert!(one.rejections.len() <= 101, "{}", one.rejections.len());
    assert_eq!(one.rejections.values().sum::<u64>(), 5_000);
    settings.jobs = NonZeroUsize::new(3).expect("not zero");
    let (_, three) = reports(&lines, &settings);
    assert_eq!(one, three);
}

#[test]
fn a_migration_is_a_value() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = |name: &str| folder.path().join(name);
    fs::write(path("in"), format!("{GOOD}\n{BAD}\n").repeat(100))?;
    let mut migration = Migration::new(Settings::new(FhirVersion::R5));
    migration.inputs = vec![path("in")];
    migration.output = Some(path("out"));
    migration.compression = Some(Compression::Zstd);
    migration.rejects = Some(path("rejects"));
    migration.resume = true;
    let mut seen = 0;
    let mut reports = Vec::new();
    let mut watch = Watch {
        reports: &mut reports,
        issues: &mut io::sink(),
        progress: &mut |bytes, _| seen += bytes,
    };
    let run = migration.run(&mut watch)?;
    assert_eq!((run.summary.converted, run.summary.quarantined), (100, 100));
    assert!(!path("out").exists());
    run.commit()?;
    assert_eq!(seen, fs::metadata(path("in"))?.len());
    let out = zstd::decode_all(fs::read(path("out"))?.as_slice())?;
    assert_eq!(out.split(|byte| *byte == b'\n').count(), 101);
    assert_eq!(
        fs::read_to_string(path("rejects"))?,
        format!("{BAD}\n").repeat(100)
    );
    let mut names: Vec<PathBuf> = fs::read_dir(folder.path())?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    names.sort();
    assert_eq!(names, [path("in"), path("out"), path("rejects")]);
    Ok(())
}
