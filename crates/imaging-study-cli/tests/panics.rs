//! A record whose conversion panics does not end a run, and nothing of it gets on stderr.
//!
//! `cargo test --release` tries the same with the optimisations of the program; that its profile
//! unwinds is asserted where it is built, in `main.rs`.

use std::num::NonZeroUsize;
use std::process::Command;

use imaging_study::search::{Matcher, Options};
use imaging_study::{AnyImagingStudy, FhirVersion};
use imaging_study_migrate::{
    Format, Input, Outputs, Search, Settings, Summary, hide_panic_messages, migrate,
};
use program::{extension, outcomes, study};

mod program;

/// Panics as a fault in a conversion would, with what stands in the study.
fn inspect(study: &AnyImagingStudy) {
    let id = study.id().unwrap_or_default();
    assert!(!id.starts_with("secret"), "{id}");
}

struct Migrated {
    summary: Summary,
    output: String,
    reports: Vec<serde_json::Value>,
    losses: String,
}

fn run(input: &str, set: impl FnOnce(&mut Settings)) -> Migrated {
    let mut settings = Settings::new(FhirVersion::R5);
    settings.inspect = Some(inspect);
    set(&mut settings);
    let (mut output, mut quarantine, mut losses) = (Vec::new(), Vec::new(), Vec::new());
    let mut outputs = Outputs {
        output: &mut output,
        quarantine: &mut quarantine,
        losses: Some(&mut losses),
        issues: None,
        rejects: None,
        progress: None,
    };
    let inputs = [Input::new("in", input.as_bytes())];
    let summary = migrate(inputs, &settings, &mut outputs).expect("memory does not fail");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Migrated {
        summary,
        output: text(output),
        reports: outcomes(&text(quarantine)),
        losses: text(losses),
    }
}

#[test]
fn the_others_are_converted() {
    hide_panic_messages();
    let (good, good5) = study("good");
    let (bad, _) = study("secret");
    let carried = good.replace(
        "\"status\"",
        "\"interpreter\":[{\"display\":\"i\"}],\"status\"",
    );
    let input = [&good, &bad, "no json", &carried, &bad, &good].map(|line| format!("{line}\n"));
    for (jobs, batch_size) in [(1, 1 << 20), (1, 1), (2, 1), (4, 300)] {
        let migrated = run(&input.concat(), |settings| {
            settings.jobs = NonZeroUsize::new(jobs).expect("not 0");
            settings.batch_size = batch_size;
        });
        let lines: Vec<&str> = migrated.output.lines().collect();
        assert_eq!(lines.len(), 3);
        assert_eq!((lines[0], lines[2]), (good5.as_str(), good5.as_str()));
        let summary = migrated.summary;
        assert_eq!(
            (summary.read, summary.converted, summary.quarantined),
            (6, 3, 3)
        );
        let of_line = |report: &serde_json::Value| extension(report, "line").as_u64();
        let on: Vec<_> = migrated.reports.iter().map(of_line).collect();
        assert_eq!(on, [Some(2), Some(3), Some(5)]);
        for report in [&migrated.reports[0], &migrated.reports[2]] {
            let issue = &report["issue"][0];
            assert_eq!(issue["code"], "exception");
            let reason = issue["diagnostics"].as_str().expect("a text");
            assert!(
                reason.starts_with("internal error at imaging-study-cli/tests/panics.rs:"),
                "{reason}"
            );
            assert!(!report.to_string().contains("secret"), "{report}");
        }
    }
}

#[test]
fn documents_and_entries_of_bundles_are_caught_too() {
    hide_panic_messages();
    let (good, good5) = study("good");
    let (bad, _) = study("secret");
    let bundle = |format: &str| {
        let patient = r#"{"resourceType":"Patient"}"#;
        let entries = [&good, patient, &bad].map(|text| format!(r#"{{"resource":{text}}}"#));
        let text = format!(
            r#"{{"resourceType":"Bundle","entry":[{}]}}"#,
            entries.join(",")
        );
        match format {
            "json" => text,
            _ => {
                run(&text, |settings| {
                    settings.inspect = None;
                    settings.to = FhirVersion::R4;
                    settings.from = Some(FhirVersion::R4);
                    settings.output_format = Some(Format::Xml);
                })
                .output
            }
        }
    };
    let migrated = run(&bundle("json"), |_| ());
    // What panicked is left out.
    let rest = bundle("json").replace(&good, &good5);
    let rest = rest.replace(&format!(r#",{{"resource":{bad}}}"#), "");
    assert_eq!(migrated.output, rest + "\n");
    let in_xml = run(&bundle("xml"), |_| ());
    assert!(in_xml.output.contains("\"good\""), "{}", in_xml.output);
    assert!(!in_xml.output.contains("secret"));
    for (migrated, converted) in [(migrated, 1), (in_xml, 1)] {
        assert_eq!(migrated.summary.converted, converted);
        let issue = &migrated.reports[0]["issue"][0];
        assert_eq!(issue["code"], "exception");
        assert_eq!(issue["expression"][0], "Bundle.entry[2].resource");
        assert_eq!(migrated.losses, "");
    }
    for format in [Format::Json, Format::Xml] {
        let migrated = run(&bad, |settings| settings.output_format = Some(format));
        assert_eq!(migrated.output, "");
        assert_eq!(migrated.reports[0]["issue"][0]["code"], "exception");
    }
}

/// What the other tests run in a process of its own, to see its stderr.
#[test]
#[ignore = "started by the test below"]
fn in_a_process_of_its_own() {
    hide_panic_messages();
    let migrated = run(&study("secret").0, |_| ());
    assert_eq!(migrated.summary.quarantined, 1);
}

#[test]
fn no_message_gets_on_stderr() {
    let program = std::env::current_exe().expect("a test is a program");
    let arguments = [
        "--exact",
        "in_a_process_of_its_own",
        "--ignored",
        "--nocapture",
    ];
    let output = Command::new(program).args(arguments).output();
    let output = output.expect("a test can be started again");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(stdout.contains("1 passed"), "{stdout}{stderr}");
    assert!(
        !stdout.contains("secret") && !stderr.contains("secret"),
        "{stdout}{stderr}"
    );
    assert!(!stderr.contains("panicked"), "{stderr}");
}

#[test]
fn the_others_are_searched() {
    hide_panic_messages();
    let (good, _) = study("good");
    let (bad, _) = study("secret");
    let bundle = format!(
        "{{\"resourceType\":\"Bundle\",\"entry\":[{{\"resource\":{bad}}},{{\"resource\":{good}}}]}}"
    );
    let input = [&good, &bad, &bundle, &good].map(|line| format!("{line}\n"));
    let migrated = run(&input.concat(), |settings| {
        let matcher = Matcher::in_each_version("patient=p", &Options::default());
        settings.search = Some(Search::new(matcher.expect("a query")));
        settings.output_format = Some(Format::Ndjson);
    });
    assert_eq!(migrated.output, format!("{good}\n").repeat(3));
    assert_eq!(migrated.summary.matched, 3);
    assert_eq!(migrated.reports.len(), 2);
    for report in &migrated.reports {
        assert_eq!(report["issue"][0]["code"], "exception");
    }
}
