//! The command `report`.

use program::Folder;

mod program;

const FULL: &str = r##"{"resourceType":"ImagingStudy","id":"a","status":"available","subject":{"display":"<script>alert(1)</script>"},
    "started":"2024-05-01","description":"a & \"b\" \u202e","modality":[{"code":"CT"}],
    "identifier":[{"system":"urn:dicom:uid","value":"urn:oid:1.2.3"}],
    "contained":[{"resourceType":"Endpoint","id":"e","status":"active","connectionType":{"code":"dicom-wado-rs"},
      "payloadType":[{"text":"any"}],"address":"https://pacs.example.org/rs"},
      {"resourceType":"Endpoint","id":"j","status":"active","connectionType":{"code":"dicom-wado-rs"},
      "payloadType":[{"text":"any"}],"address":"javascript:alert(1)"}],
    "series":[{"uid":"1.2.3.4","number":1,"modality":{"code":"CT"},"numberOfInstances":3,"endpoint":[{"reference":"#e"}]},
      {"uid":"1.2.3.5","number":2,"modality":{"code":"CT"},"endpoint":[{"reference":"#j"}]}]}"##;

/// Everything between two texts, wherever they stand.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Vec<&'t str> {
    let parts = text.split(start).skip(1);
    parts.filter_map(|part| part.split(end).next()).collect()
}

#[test]
fn a_page_has_everything_and_needs_nothing() {
    let folder = Folder::new();
    folder.write("in.ndjson", FULL.replace('\n', "") + "\n{bad\n");
    let run = ["report", "--to", "r5", "--output", "out.html", "in.ndjson"];
    folder.run(&run).expect(0);
    let page = folder.read("out.html");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"));
    assert!(page.contains("name=\"viewport\"") && page.ends_with("</body></html>\n"));
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("@media print"));
    for nothing in [
        "<img",
        "<link",
        "<iframe",
        "src=",
        "@import",
        "url(",
        "javascript:",
        "data:",
        "fetch(",
    ] {
        assert!(!page.contains(nothing), "{nothing}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "{page}"
    );
    assert!(
        page.contains("a &amp; \\&quot;b") || page.contains("a &amp; &quot;b&quot; \\u{202e}"),
        "{page}"
    );
    assert!(!page.contains('\u{202e}'));
    let links = between(&page, "href=\"", "\"");
    assert_eq!(links[0], "#s1");
    assert_eq!(page.matches("id=\"s1\"").count(), 1);
    assert!(!links[1..].is_empty());
    for link in &links[1..] {
        assert!(
            link.starts_with("https://pacs.example.org/rs/studies/1.2.3"),
            "{link}"
        );
    }
    assert!(page.contains("<b>1</b><span>studies</span>"), "{page}");
    assert!(page.contains("<b>1</b><span>not readable</span>"), "{page}");
    assert!(page.contains("Converted to R5") && page.matches("<svg").count() >= 3);
    // The same input gives the same page.
    folder
        .run(&[
            "report",
            "--to",
            "r5",
            "--output",
            "again.html",
            "in.ndjson",
        ])
        .expect(0);
    assert_eq!(folder.read("again.html"), page);
    folder
        .run(&["report", "--output", "in.ndjson", "in.ndjson"])
        .expect(2);
    folder.run(&["report", "in.ndjson"]).expect(2);
}

#[test]
fn many_studies_have_the_table_alone() {
    let folder = Folder::new();
    let one = FULL.replace('\n', "") + "\n";
    folder.write("many.ndjson", one.repeat(1_001));
    folder
        .run(&["report", "--output", "out.html", "many.ndjson"])
        .expect(0);
    let page = folder.read("out.html");
    assert_eq!(page.matches("<section").count(), 0);
    assert!(page.contains("With more than 1,000 studies"));
    assert!(between(&page, "href=\"", "\"").is_empty());
    assert_eq!(page.matches("<tr>").count(), 1_002);
    folder.write("some.ndjson", one.repeat(1_000));
    folder
        .run(&["report", "--output", "out.html", "some.ndjson"])
        .expect(0);
    let page = folder.read("out.html");
    assert_eq!(page.matches("<section").count(), 1_000);
    assert!(page.contains("href=\"#s1000\"") && page.contains("id=\"s1000\""));
    folder.write("other", r#"{"resourceType":"Patient"}"#);
    folder
        .run(&["report", "--output", "out.html", "other"])
        .expect(1);
}
