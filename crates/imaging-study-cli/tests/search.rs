//! The command `search`.

use program::{Folder, extension, study, xml_study};

mod program;

/// A study of R4 with a date and a modality; white space and the order of members are unusual.
fn dated(id: &str, started: &str, modality: &str) -> String {
    format!(
        r#"{{"id":"{id}", "resourceType" : "ImagingStudy","status":"available","subject":{{"reference":"Patient/p"}},"started":"{started}","language":"en","series":[{{"uid":"1.2.{started}","modality":{{"code":"{modality}"}}}}]}}"#
    )
    .replace("1.2.2", "1.2")
}

fn stu3(id: &str) -> String {
    format!(
        r#"{{"resourceType":"ImagingStudy","id":"{id}","uid":"urn:oid:1.2.3","patient":{{"reference":"Patient/p"}},"context":{{"reference":"Encounter/e"}},"series":[{{"uid":"urn:oid:1.2.3.4","modality":{{"code":"CT"}}}}]}}"#
    )
}

fn three(folder: &Folder) -> [String; 3] {
    let lines = [
        dated("a", "2024-05-01", "CT"),
        dated("b", "2023-05-01", "MR"),
        dated("c", "2025-05-01", "CT"),
    ];
    folder.write("three.ndjson", lines.join("\n") + "\n");
    lines
}

#[test]
fn matching_lines_stay_as_they_are_and_in_order() {
    let folder = Folder::new();
    let [a, b, c] = three(&folder);
    let ran = folder
        .run(&["search", "modality=CT", "three.ndjson"])
        .expect(0);
    assert_eq!(ran.stdout, format!("{a}\n{c}\n"));
    assert_eq!(
        ran.stderr,
        "read 3, studies 3, matching 2, other resources 0, not readable 0\n"
    );
    for query in ["?modality=CT", "ImagingStudy?modality=CT"] {
        let ran = folder.run(&["search", query, "three.ndjson"]).expect(0);
        assert_eq!(ran.lines().len(), 2);
    }
    let ran = folder
        .run(&["search", "modality=US", "three.ndjson"])
        .expect(1);
    assert_eq!(ran.stdout, "");
    let piped = folder.run_with(
        &["search", "started=lt2024", "-"],
        (b.clone() + "\r\n").as_bytes(),
    );
    assert_eq!(piped.expect(0).stdout, format!("{b}\n"));
    for jobs in ["1", "5"] {
        let files = ["three.ndjson"; 30];
        let arguments = ["search", "--jobs", jobs, "started=ge2024"];
        let arguments: Vec<&str> = arguments.into_iter().chain(files).collect();
        let ran = folder.run(&arguments).expect(0);
        assert_eq!(ran.stdout, format!("{a}\n{c}\n").repeat(30));
    }
}

#[test]
fn unreadable_lines_are_reported_and_the_run_goes_on() {
    let folder = Folder::new();
    let [a, ..] = three(&folder);
    let lines = format!("not json\n{{\"resourceType\":\"Patient\"}}\n\n{a}\n{{}}\n");
    folder.write("mixed.ndjson", lines);
    let ran = folder
        .run(&["search", "modality=CT", "mixed.ndjson"])
        .expect(0);
    assert_eq!(ran.stdout, format!("{a}\n"));
    let outcomes = ran.outcomes();
    let places: Vec<_> = outcomes
        .iter()
        .map(|outcome| extension(outcome, "line"))
        .collect();
    assert_eq!(places, [1, 5]);
    assert!(
        ran.stderr
            .ends_with("read 4, studies 1, matching 1, other resources 1, not readable 2\n")
    );
    folder
        .run(&["search", "modality=CT", "missing.ndjson"])
        .expect(3);
}

#[test]
fn documents_and_bundles_become_lines() {
    let folder = Folder::new();
    let (r4, _) = study("a");
    let (xml, _) = xml_study("x");
    let pretty = r4.replace(",\"", ",\n  \"");
    folder.write("a.json", &pretty);
    folder.write("x.xml", &xml);
    let bundle = format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{{\"resource\":{pretty}}},\
         {{\"resource\":{{\"resourceType\":\"Patient\"}}}},{{\"resource\":{}}}]}}",
        stu3("old")
    );
    folder.write("bundle.json", &bundle);
    let element = xml.split_once("?>\n").expect("a declaration").1;
    folder.write(
        "bundle.xml",
        format!(
            "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/><entry><resource>{element}\
             </resource></entry></Bundle>"
        ),
    );
    let run = |file: &str| folder.run(&["search", "patient=p", file]).expect(0).stdout;
    assert_eq!(run("a.json"), format!("{r4}\n"));
    let x = r4.replace("\"a\"", "\"x\"");
    assert_eq!(run("x.xml"), format!("{x}\n"));
    assert_eq!(run("bundle.xml"), format!("{x}\n"));
    assert_eq!(run("bundle.json"), format!("{r4}\n{}\n", stu3("old")));
    let whole = folder.run(&["search", "patient=p", "."]).expect(0);
    assert_eq!(
        whole.stdout,
        format!("{r4}\n{r4}\n{}\n{x}\n{x}\n", stu3("old"))
    );
}

#[test]
fn studies_are_sorted_and_counted() {
    let folder = Folder::new();
    let [a, b, c] = three(&folder);
    let without = a
        .replace("\"started\":\"2024-05-01\",", "")
        .replace("\"a\"", "\"z\"");
    let files = ["three.ndjson", "without.ndjson"];
    folder.write("without.ndjson", &without);
    let run = |query: &str| {
        let arguments = [&["search", query], &files[..]].concat();
        folder.run(&arguments).expect(0).stdout
    };
    assert_eq!(run("_sort=started"), format!("{b}\n{a}\n{c}\n{without}\n"));
    assert_eq!(run("_sort=-started"), format!("{c}\n{a}\n{b}\n{without}\n"));
    assert_eq!(run("_sort=-started&_count=1"), format!("{c}\n"));
    assert_eq!(
        run("modality=CT&_sort=-_id&_count=2"),
        format!("{without}\n{c}\n")
    );
    assert_eq!(run("_count=2"), format!("{a}\n{b}\n"));
    assert_eq!(run("_count=0"), "4\n");
    let count = folder.run(&[
        "search",
        "--summary",
        "count",
        "modality=CT",
        "three.ndjson",
    ]);
    assert_eq!(count.expect(0).stdout, "2\n");
    let none = folder.run(&[
        "search",
        "--summary",
        "count",
        "modality=US",
        "three.ndjson",
    ]);
    assert_eq!(none.expect(1).stdout, "0\n");
}

#[test]
fn a_part_of_each_study_is_printed() {
    let folder = Folder::new();
    three(&folder);
    let tag = r#""meta":{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}"#;
    let ran = folder
        .run(&["search", "--summary", "text", "_id=b", "three.ndjson"])
        .expect(0);
    let text = format!(
        "{{\"resourceType\":\"ImagingStudy\",\"id\":\"b\",{tag},\"status\":\"available\",\
         \"subject\":{{\"reference\":\"Patient/p\"}}}}\n"
    );
    assert_eq!(ran.stdout, text);
    let ran = folder
        .run(&["search", "--elements", "started", "_id=b", "three.ndjson"])
        .expect(0);
    let with_date = text.replace("}}\n", "},\"started\":\"2023-05-01\"}\n");
    assert_eq!(ran.stdout, with_date);
    // The query says the same as the options.
    let ran = folder
        .run(&["search", "_elements=started&_id=b", "three.ndjson"])
        .expect(0);
    assert_eq!(ran.stdout, with_date);
    let twice = [
        "search",
        "--summary",
        "text",
        "_summary=data",
        "three.ndjson",
    ];
    folder.run(&twice).expect(2);
}

#[test]
fn queries_in_error_print_nothing() {
    let folder = Folder::new();
    three(&folder);
    for (arguments, reason) in [
        (&["started=2024-02-30"][..], "started: expected a date"),
        (
            &["started=2024-05-01T10:00:00+01:00"],
            "a plus sign is written %2B",
        ),
        (&["modality:in=x"], "the modifier is not supported"),
        (&["patient.name=x"], "chains and _has are not supported"),
        (
            &["_has:Observation:subject:code=x"],
            "chains and _has are not supported",
        ),
        (
            &["--from", "r4", "patient.name=x"],
            "chains and _has are not supported",
        ),
        (&["--strict", "colour=red"], "colour: no such parameter"),
        (
            &["--strict", "--from", "r4", "uid=urn:oid:1.2"],
            "this version has instance",
        ),
        (
            &["--strict", "_include=ImagingStudy:patient"],
            "does nothing with it",
        ),
        (&["--offset", "25:00", "modality=CT"], "--offset"),
    ] {
        let arguments = [&["search"], arguments, &["three.ndjson"]].concat();
        let ran = folder.run(&arguments).expect(2);
        assert_eq!(ran.stdout, "", "{arguments:?}");
        assert!(ran.stderr.contains(reason), "{arguments:?}: {}", ran.stderr);
    }
    folder.run(&["search", "modality=CT"]).expect(2);
    folder
        .run(&["search", "--translate", "r5", "modality=CT"])
        .expect(2);
}

#[test]
fn what_is_ignored_is_named() {
    let folder = Folder::new();
    let [a, b, c] = three(&folder);
    for from in [&[][..], &["--from", "r4"]] {
        let query = ["colour=red&started=&_include=*", "three.ndjson"];
        let arguments = [&["search"], from, &query].concat();
        let ran = folder.run(&arguments).expect(0);
        assert_eq!(ran.stdout, format!("{a}\n{b}\n{c}\n"));
        for text in [
            "colour: no such parameter",
            "started: no value",
            "_include: ",
        ] {
            assert!(ran.stderr.contains(text), "{from:?} {text}: {}", ran.stderr);
        }
    }
    let lenient = ["search", "--lenient-uids", "study=1.2.3", "-"];
    let ran = folder.run_with(&lenient, stu3("s").as_bytes()).expect(0);
    assert!(
        ran.stderr
            .contains("UIDs are compared with and without urn:oid:"),
        "{ran:?}"
    );
    let ran = folder
        .run_with(&["search", "study=1.2.3", "-"], stu3("s").as_bytes())
        .expect(1);
    assert!(ran.stderr.contains("UIDs begin with urn:oid:"), "{ran:?}");
}

#[test]
fn a_query_is_in_each_studys_version_or_in_one() {
    let folder = Folder::new();
    let [a, ..] = three(&folder);
    let old = stu3("old");
    folder.write("both.ndjson", format!("{a}\n{old}\n"));
    let run = |arguments: &[&str]| folder.run(&[&["search"], arguments, &["both.ndjson"]].concat());
    // Its own version writes UIDs with a prefix.
    let own = run(&["series=urn:oid:1.2.3.4"]).expect(0);
    assert_eq!(own.stdout, format!("{old}\n"));
    assert!(own.stderr.contains("(studies of R4)"), "{own:?}");
    let of_r4 = run(&["--from", "r4", "series=1.2.3.4"]).expect(0);
    assert_eq!(of_r4.stdout, format!("{old}\n"));
    let of_r4 = run(&["--from", "r4", "identifier=urn:dicom:uid|urn:oid:1.2.3"]).expect(0);
    assert_eq!(of_r4.stdout, format!("{old}\n"));
    // What cannot be asked matches none.
    let status = run(&["--from", "r4", "status=available"]).expect(0);
    assert_eq!(status.stdout, format!("{a}\n"));
    assert!(
        status.stderr.contains(
            "warning: status: STU3 has no such parameter; they do not match (studies of STU3)"
        ),
        "{status:?}"
    );
    let strict = run(&["--strict", "--from", "r4", "status=available"]).expect(2);
    assert_eq!(strict.stdout, "");
    // Where no such study is met, those that match are printed.
    let arguments = [
        "search",
        "--strict",
        "--from",
        "r4",
        "status=available",
        "-",
    ];
    let alone = folder.run_with(&arguments, a.as_bytes()).expect(0);
    assert_eq!(alone.stdout, format!("{a}\n"));
    assert!(
        strict
            .stderr
            .contains("query: status: STU3 has no such parameter"),
        "{strict:?}"
    );
    // A modifier that only one of the versions has.
    let of_type = "identifier:of-type=a|b|c,http://terminology.hl7.org/CodeSystem/v2-0203|ACSN|x";
    let ran = run(&[of_type]).expect(1);
    assert!(
        ran.stderr.contains("they do not match (studies of STU3)"),
        "{ran:?}"
    );
}

#[test]
fn undecided_studies_are_of_the_version_of_the_query() {
    let folder = Folder::new();
    let any = r#"{"resourceType":"ImagingStudy","status":"available","subject":{"reference":"Patient/p"}}"#;
    let ran = folder
        .run_with(&["search", "patient=p", "-"], any.as_bytes())
        .expect(1);
    assert_eq!(ran.outcomes().len(), 1);
    for version in ["r4", "r5", "r6"] {
        let arguments = ["search", "--from", version, "patient=p", "-"];
        let ran = folder.run_with(&arguments, any.as_bytes()).expect(0);
        assert_eq!(ran.stdout, format!("{any}\n"));
    }
}

#[test]
fn days_and_references_are_those_of_the_place() {
    let folder = Folder::new();
    let night = dated("n", "2024-05-01T23:30:00-05:00", "CT")
        .replace("1.2.024-05-01T23:30:00-05:00", "1.2");
    let run = |arguments: &[&str]| {
        let arguments = [&["search"], arguments, &["-"]].concat();
        folder.run_with(&arguments, night.as_bytes()).status
    };
    assert_eq!(run(&["started=2024-05-01"]), 1);
    assert_eq!(run(&["--offset", "-05:00", "started=2024-05-01"]), 0);
    assert_eq!(run(&["--offset=-05:00", "started=2024-05-01"]), 0);
    assert_eq!(run(&["started=ap2024-05-02"]), 0);
    let url = "patient=https://pacs.example/fhir/Patient/p";
    assert_eq!(run(&[url]), 1);
    assert_eq!(run(&["--base", "http://pacs.example/fhir", url]), 0);
}

#[test]
fn queries_are_translated() {
    let folder = Folder::new();
    let translate = |from: &str, to: &str, query: &str| {
        folder.run(&["search", "--from", from, "--translate", to, query])
    };
    let ran = translate(
        "stu3",
        "r5",
        "study=urn:oid:1.2.3&context=Encounter/e&basedon=5",
    )
    .expect(0);
    assert_eq!(
        ran.stdout,
        "identifier=urn:dicom:uid|urn:oid:1.2.3&encounter=Encounter/e&based-on=5\n"
    );
    let ran = translate("r5", "dstu2", "modality=CT&status=available").expect(1);
    assert_eq!(ran.stdout, "modality=CT\n");
    assert_eq!(ran.stderr, "warning: status: DSTU2 has no such parameter\n");
    translate("r5", "r4", "started=soon").expect(2);
}
