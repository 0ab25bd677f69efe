//! The command `detect`.

use program::{Folder, study, xml_study};

mod program;

#[test]
fn every_study_gets_a_line() {
    let folder = Folder::new();
    let (r4, _) = study("a");
    folder.write(
        "good",
        format!("{r4}\n\n{{\"resourceType\":\"Patient\"}}\n"),
    );
    folder.write(
        "document",
        "{\n\"resourceType\": \"ImagingStudy\",\n\"context\": {\"reference\": \"Encounter/e\"}\n}",
    );
    folder.write(
        "bundle",
        format!(r#"{{"resourceType":"Bundle","entry":[{{}},{{"resource":{r4}}}]}}"#),
    );
    let ran = folder
        .run(&["detect", "good", "document", "bundle"])
        .expect(0);
    let r4 = "ImagingStudy.modality.code (R4 or R4B)";
    assert_eq!(
        ran.lines(),
        [
            &format!("good:1\tR4\t{r4}"),
            "good:3\tother\tno ImagingStudy",
            "document:1\tSTU3\tImagingStudy.context (STU3)",
            &format!("bundle:1\tR4\tBundle.entry[1].resource: {r4}"),
        ]
    );
}

#[test]
fn what_is_undecided_says_why() {
    let folder = Folder::new();
    let lines = [
        r#"{"resourceType":"ImagingStudy","partOf":[]}"#,
        r#"{"resourceType":"ImagingStudy","partOf":[],"context":{}}"#,
        r#"{"resourceType":"ImagingStudy","partOf":[{}"#,
    ];
    folder.write("in", lines.join("\n"));
    let ran = folder.run(&["detect", "in"]).expect(1);
    assert_eq!(
        ran.lines(),
        [
            "in:1\tundecided\tthe study fits R5 and R6 draft, and nothing in it tells them apart",
            "in:2\tundecided\tthe study mixes elements of different versions: \
             ImagingStudy.context (STU3); ImagingStudy.partOf (R5 or R6 draft)",
            "in:3\tunreadable\tpartOf: expected a comma or the end of the array, found the end of the \
             input at line 3, column 44",
        ]
    );
    assert_eq!(folder.run_with(&["detect", "-"], b"").expect(0).stdout, "");
}

#[test]
fn xml_gets_a_line_too() {
    let folder = Folder::new();
    folder.write("a.xml", xml_study("a").0);
    let r4 = "<ImagingStudy><modality><code value='CT'/></modality></ImagingStudy>";
    let entry = |resource: &str| format!("<entry><resource>{resource}</resource></entry>");
    let entries = entry("<Patient/>") + &entry(r4) + &entry("<ImagingStudy/>");
    let fhir = "xmlns='http://hl7.org/fhir'";
    folder.write("bundle", format!("<Bundle {fhir}>{entries}</Bundle>"));
    let entries = entry("<Patient><active value='true'/></Patient>") + &entry(r4);
    folder.write("bundle5", format!("<Bundle {fhir}>{entries}</Bundle>"));
    folder.write("other", format!("<Patient {fhir}/>"));
    folder.write("bad", format!("<!DOCTYPE x>\n<ImagingStudy {fhir}/>"));
    let ran = folder.run(&["detect", "a.xml", "bundle", "bundle5", "other", "bad"]);
    let r4 = "ImagingStudy.modality.code (R4 or R4B)";
    assert_eq!(
        ran.expect(1).lines(),
        [
            &format!("a.xml:1\tR4\t{r4}"),
            "bundle:1\tundecided\tBundle.entry[2].resource: the study fits DSTU2, STU3, R4, R4B, R5, \
             R6 draft and R6, and nothing in it tells them apart",
            "bundle:1\tunreadable\tonly the definitions of its version say how the resource is written \
             in another format; --from says which version it is",
            "bundle5:1\tother\tBundle.entry[0].resource: no ImagingStudy",
            &format!("bundle5:1\tR4\tBundle.entry[1].resource: {r4}"),
            "other:1\tother\tno ImagingStudy",
            "bad:1\tunreadable\ta DOCTYPE, which FHIR does not allow at line 1, column 1",
        ]
    );
}
