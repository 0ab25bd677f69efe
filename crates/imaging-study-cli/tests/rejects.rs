//! What was not converted, as it was, and a row for each line.

use program::{Folder, outcomes, study};
use serde_json::{Value, json};

mod program;

fn good() -> (String, String) {
    study("a")
}

const BAD: &str = r#"{"resourceType":"ImagingStudy","status":7,"modality":[{"code":"CT"}]}"#;
const PATIENT: &str = r#"{"resourceType":"Patient","id":"p"}"#;

#[test]
fn rejects_are_the_lines_as_they_were() {
    let folder = Folder::new();
    let (a, a5) = good();
    let long = format!("{{\"x\":\"{}\"}}", "y".repeat(5_000));
    let input = format!("{BAD}\r\n{a}\n\n no json \n{PATIENT}\n{long}\n{BAD}");
    folder.write("in", input);
    for jobs in ["1", "2"] {
        let ran = folder.run(&[
            "convert",
            "--to",
            "r5",
            "in",
            "-j",
            jobs,
            "-o",
            "out",
            "--rejects",
            "bad",
            "--quarantine",
            "why",
            "--max-bytes",
            "4000",
        ]);
        ran.expect(0);
        assert_eq!(folder.read("out"), format!("{a5}\n{PATIENT}\n"));
        assert_eq!(folder.read("bad"), format!("{BAD}\r\n no json \n{BAD}\n"));
        let why = outcomes(&folder.read("why"));
        assert_eq!(why.len(), 4);
        let begin = BAD.len() + 2 + a.len() + 1 + 1 + 10 + PATIENT.len() + 1;
        let size = long.len();
        let expected = format!("more than 4000 bytes: {size} from byte {begin} of the input on");
        assert_eq!(why[2]["issue"][0]["diagnostics"], expected.as_str());
    }
    // A run on them alone says the same.
    let ran = folder.run(&["convert", "--to", "r5", "bad", "--rejects", "again"]);
    assert_eq!(ran.expect(1).outcomes().len(), 3);
    assert_eq!(folder.read("again"), folder.read("bad"));
}

#[cfg(unix)]
#[test]
fn reports_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Folder::new();
    folder.write("in", format!("{BAD}\n{}\n", good().0));
    let arguments = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "out",
        "--rejects",
        "bad",
        "--quarantine",
        "why",
        "--losses",
        "lost",
        "--validate",
        "--report",
        "issues",
    ];
    for resume in [&[][..], &["--resume"]] {
        folder.run(&[&arguments[..], resume].concat()).expect(0);
        for name in ["bad", "why", "lost", "issues"] {
            let found = std::fs::metadata(folder.path(name)).expect("a file");
            assert_eq!(found.permissions().mode() & 0o777, 0o600, "{name}");
            std::fs::remove_file(folder.path(name)).expect("a file");
        }
        std::fs::remove_file(folder.path("out")).expect("a file");
        assert_eq!(folder.names(), ["in"]);
    }
}

#[test]
fn a_row_for_each_line() {
    let folder = Folder::new();
    let (a, a5) = good();
    let carried = r#"{"resourceType":"ImagingStudy","id":"c","contained":[{"resourceType":"Patient","id":"x"}],"status":"available","subject":{"reference":"Patient/x"},"modality":[{"code":"CT"}]}"#;
    let bundle = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{a}}},{{"resource":{BAD}}},{{"resource":{{"resourceType":"X"}}}}]}}"#
    );
    let input = format!("{a}\n\n{BAD}\n{PATIENT}\r\nnone\n{carried}\n{bundle}\n");
    let arguments = ["convert", "--to", "r5", "--envelope", "--source", "part-7"];
    for jobs in ["1", "2"] {
        let ran = folder.run_with(&[&arguments[..], &["-j", jobs]].concat(), input.as_bytes());
        let ran = ran.expect(0);
        let rows: Vec<Value> = ran
            .lines()
            .iter()
            .map(|line| serde_json::from_str(line).expect("a row"))
            .collect();
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row["line"].as_u64(),
                    row["status"].as_str().expect("a status"),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (Some(1), "converted"),
                (Some(3), "rejected"),
                (Some(4), "passed"),
                (Some(5), "rejected"),
                (Some(6), "converted"),
                (Some(7), "rejected"),
            ]
        );
        let members = [
            "source", "line", "status", "version", "value", "losses", "outcome",
        ];
        for (row, line) in rows.iter().zip(ran.lines()) {
            let mut place = 0;
            for name in members {
                let found = line.find(&format!("\"{name}\":")).expect("a member");
                assert!(found >= place, "{line}");
                place = found;
            }
            assert_eq!(row.as_object().map(|row| row.len()), Some(members.len()));
            assert_eq!(row["source"], "part-7");
            assert_eq!(row["outcome"].is_null(), row["status"] != "rejected");
            assert_eq!(row["value"].is_null(), row["status"] == "rejected");
        }
        assert_eq!(
            rows[0]["value"],
            serde_json::from_str::<Value>(&a5).expect("JSON")
        );
        assert_eq!(rows[0]["version"], "R4");
        assert_eq!(rows[0]["losses"], json!([]));
        assert_eq!(
            rows[2]["value"],
            serde_json::from_str::<Value>(PATIENT).expect("JSON")
        );
        assert_eq!(
            rows[1]["outcome"]["issue"][0]["expression"][0],
            "ImagingStudy.status"
        );
        assert_eq!(rows[4]["losses"][0]["kind"], "contained-not-converted");
        // Both bad entries are named.
        assert_eq!(
            rows[5]["outcome"]["issue"].as_array().map(Vec::len),
            Some(2)
        );
        // The rows say what is wrong.
        assert!(ran.outcomes().is_empty());
        assert!(
            ran.stderr
                .starts_with("read 6, converted 2, passed 1, quarantined 3")
        );
    }
}

#[test]
fn the_summary_is_data() {
    let folder = Folder::new();
    let (a, _) = good();
    let old = r#"{"resourceType":"ImagingStudy","uid":"urn:oid:1.2","numberOfSeries":0,"numberOfInstances":0,"patient":{"reference":"Patient/p"},"order":[{"display":"x"}]}"#;
    folder.write("in", format!("{a}\n{BAD}\n{BAD}\n{PATIENT}\n{old}\nx\n"));
    let arguments = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "out",
        "--summary",
        "sum",
        "-q",
    ];
    let ran = folder.run(&arguments).expect(0);
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    let summary: Value = serde_json::from_str(&folder.read("sum")).expect("JSON");
    for (name, value) in [
        ("read", json!(6)),
        ("converted", json!(2)),
        ("passed", json!(1)),
        ("quarantined", json!(3)),
        ("types", json!({"ImagingStudy": 2, "Patient": 1})),
        ("losses", json!({})),
    ] {
        assert_eq!(summary[name], value, "{name}");
    }
    assert_eq!(summary["versions"]["R4"], 1);
    assert_eq!(
        summary["versions"].as_object().map(|all| all.len()),
        Some(2)
    );
    let kinds = summary["rejections"].as_object().expect("kinds");
    assert_eq!(kinds.len(), 2);
    assert!(
        kinds
            .iter()
            .any(|(kind, count)| kind.starts_with("ImagingStudy.status: ") && count == 2)
    );
    assert!(summary["seconds"].is_number());
}

#[test]
fn too_many_rejects_end_the_run() {
    let folder = Folder::new();
    folder.write("in", format!("{}\n{BAD}\n{BAD}\n", good().0));
    let arguments = [
        "convert",
        "--to",
        "r5",
        "in",
        "-o",
        "out",
        "--rejects",
        "bad",
        "--max-rejects",
    ];
    folder.run(&[&arguments[..], &["2"]].concat()).expect(0);
    assert_eq!(folder.names(), ["bad", "in", "out"]);
    for name in ["bad", "out"] {
        std::fs::remove_file(folder.path(name)).expect("a file");
    }
    let ran = folder.run(&[&arguments[..], &["1"]].concat()).expect(1);
    assert!(ran.stderr.contains("more than 1 "), "{ran:?}");
    assert_eq!(folder.names(), ["bad", "in"]);
}

/// Only a document that fails is a failure: a part of an archive may be bad.
#[test]
fn a_document_that_failed_is_status_1_and_a_line_is_not() {
    let folder = Folder::new();
    let pretty = BAD.replace(",\"status", ",\n\"status");
    let xml = r#"<ImagingStudy xmlns="http://hl7.org/fhir"><status/></ImagingStudy>"#;
    for (input, status) in [(BAD, 0), (&pretty, 1), (xml, 1)] {
        folder.write("in", input);
        let ran = folder.run(&["convert", "--to", "r5", "in"]).expect(status);
        assert_eq!(ran.stdout, "");
        let quiet = folder
            .run(&["convert", "--to", "r5", "in", "-q"])
            .expect(status);
        assert_eq!(quiet.stderr, "");
    }
    folder
        .run(&["convert", "--to", "r5", "missing", "-q"])
        .expect(3);
}

#[test]
fn limits_can_be_set() {
    let folder = Folder::new();
    let many = format!(
        r#"{{"resourceType":"ImagingStudy","status":"available","modality":[{{"code":"CT"}}],"series":[{}]}}"#,
        vec![r#"{"id":"1"}"#; 200].join(",")
    );
    let deep = format!(
        r#"{{"resourceType":"ImagingStudy","status":"available","subject":{}{}}}"#,
        r#"{"identifier":{"assigner":"#.repeat(6),
        "{}".to_owned() + &"}}".repeat(6),
    );
    folder.write("many", &many);
    folder.write("deep", &deep);
    let run = |arguments: &[&str]| {
        let all = [&["convert", "--from", "r4", "--to", "r5"][..], arguments].concat();
        folder.run(&all).expect(0).outcomes()
    };
    assert!(run(&["many"]).is_empty());
    assert!(run(&["many", "--max-elements", "205"]).is_empty());
    let over = run(&["many", "--max-elements", "204"]);
    assert_eq!(over[0]["issue"][0]["code"], "too-long");
    assert_eq!(run(&["many", "--max-bytes", "1000"]).len(), 1);
    assert!(run(&["many", "--max-bytes", &many.len().to_string()]).is_empty());
    assert_eq!(
        run(&["many", "--max-bytes", &(many.len() - 1).to_string()]).len(),
        1
    );
    let shallow = run(&["deep", "--max-depth", "5"]);
    assert_eq!(shallow[0]["issue"][0]["code"], "too-long");
}
