//! A narrative that XML cannot hold is reported at its place in the JSON that was read.

use program::{Folder, extension};

mod program;

const TEXT: &str = r#"{
  "resourceType": "ImagingStudy",
  "contained": [{"resourceType": "Basic", "text": {"status": "generated", "div": "CONTAINED"}}],
  "text": {
    "status": "generated",
    "div": "OWN"
  },
  "description": "ü"
}"#;

/// The line and column of what begins with a text; columns are characters.
fn place(document: &str, text: &str) -> (usize, usize) {
    let at = document.find(text).expect("the text");
    let before = &document[..at];
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    (line, before[start..].chars().count() + 1)
}

#[test]
fn a_narrative_that_is_no_markup_is_reported_where_it_stands() {
    let folder = Folder::new();
    let good = r#"<div xmlns=\"http://www.w3.org/1999/xhtml\">a</div>"#;
    let bad = r#"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>Müller</div>"#;
    for (own, contained, wrong) in [(bad, good, "OWN"), (good, bad, "CONTAINED")] {
        let (line, column) = place(TEXT, &format!("\"{wrong}\""));
        let document = TEXT.replace("OWN", own).replace("CONTAINED", contained);
        for to in ["r4", "r5"] {
            let arguments = [
                "convert",
                "--from",
                "r4",
                "--to",
                to,
                "--output-format",
                "xml",
            ];
            let ran = folder.run_with(&arguments, document.as_bytes()).expect(1);
            assert!(!ran.stdout.contains("<p>"), "{}", ran.stdout);
            // What stands there may be of a patient.
            assert!(!ran.stderr.contains("Müller"), "{}", ran.stderr);
            let outcomes = ran.outcomes();
            assert_eq!(outcomes.len(), 1, "{}", ran.stderr);
            let found = ["line", "col"].map(|name| extension(&outcomes[0], name));
            assert_eq!(found, [line, column], "{wrong} to {to}: {}", ran.stderr);
            let path = &outcomes[0]["issue"][0]["expression"][0];
            assert!(
                path.as_str().is_some_and(|path| path.ends_with("text.div")),
                "{path}"
            );
        }
    }
}
