//! Every query of `fixtures/search/translations.tsv` becomes the one beside it.

use fixtures::{field, lines};
use imaging_study_core::FhirVersion;
use imaging_study_search::{Matcher, Options, Query};

mod fixtures;

fn version(line: &str, index: usize) -> FhirVersion {
    field(line, index).parse().expect("a version")
}

fn word(debug: String) -> String {
    debug.split('(').next().unwrap_or_default().to_owned()
}

#[test]
fn queries_become_those_of_the_other_version() {
    let mut wrong = Vec::new();
    for line in lines("translations.tsv") {
        let (from, to) = (version(&line, 0), version(&line, 1));
        let query = Query::parse(field(&line, 2), from, &Options::default());
        let query = query.unwrap_or_else(|error| panic!("{line}: {error}"));
        let translation = query.translate(to);
        assert_eq!(translation.query.version(), to);
        let mut says: Vec<String> = translation
            .untranslatable
            .iter()
            .map(|part| {
                let reason = word(format!("{:?}", part.reason));
                let partly = if part.partly { " partly" } else { "" };
                assert!(part.to_string().contains(to.name()), "{line}");
                format!("{}: {reason}{partly}", part.parameter)
            })
            .collect();
        says.extend(
            translation
                .notes
                .iter()
                .map(|note| format!("note {:?}", note.kind)),
        );
        let says = match says.is_empty() {
            true => "-".to_owned(),
            false => says.join("; "),
        };
        let found = translation.query.to_string();
        if (found.as_str(), says.as_str()) != (field(&line, 3), field(&line, 4)) {
            wrong.push(format!("{line}\n    is {found}\t{says}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_would_be_too_long_finds_nothing_and_not_all() {
    let uids: Vec<String> = (0..900).map(|number| format!("1.2.{number}")).collect();
    let text = format!("series={}", uids.join(","));
    let query = Query::parse(&text, FhirVersion::R4, &Options::default()).expect("8 KiB at most");
    let translation = query.translate(FhirVersion::Stu3);
    assert_eq!(translation.untranslatable.len(), 1);
    assert!(!translation.untranslatable[0].partly);
    let matcher = Matcher::new(&query).expect("nothing to hand over");
    let study = fixtures::read(
        r#"{"resourceType":"ImagingStudy","series":[{"uid":"urn:oid:1.2.899"}]}"#,
        FhirVersion::Stu3,
    );
    assert!(!matcher.matches(&study));
}

#[test]
fn uids_are_translated_whichever_way_they_are_written_where_that_is_wanted() {
    let mut options = Options::default();
    options.lenient_uids = true;
    let translated = |query: &str, from, to| {
        let query = Query::parse(query, from, &options).expect("a query");
        query.translate(to).query.to_string()
    };
    let (old, new) = (FhirVersion::Stu3, FhirVersion::R5);
    let study = translated("study=1.2.3&series=1.2.4&dicom-class=1.2.5", old, new);
    assert_eq!(
        study,
        "identifier=urn:dicom:uid|urn:oid:1.2.3&series=1.2.4&dicom-class=urn:ietf:rfc:3986|urn:oid:1.2.5"
    );
    assert_eq!(
        translated("series=urn:oid:1.2.4", new, old),
        "series=urn:oid:1.2.4"
    );
}

#[test]
fn queries_have_limits() {
    let options = Options::default();
    let parse = |text: &str| Query::parse(text, FhirVersion::R4, &options);
    let kind = |text: &str| format!("{:?}", parse(text).map(|_| ()).map_err(|error| error.kind));
    for (text, limit) in [
        (format!("identifier={}", "x".repeat(8 << 10)), None),
        (
            format!("identifier={}", "x".repeat((8 << 10) + 1)),
            Some(8 << 10),
        ),
        (format!("_id={}", vec!["a"; 1_000].join(",")), None),
        (format!("_id={}", vec!["a"; 1_001].join(",")), Some(1_000)),
        (vec!["_id=a"; 1_001].join("&"), Some(1_000)),
        (vec!["_id:missing=true"; 1_001].join("&"), Some(1_000)),
    ] {
        let expected = match limit {
            Some(limit) => format!("Err(TooLong {{ limit: {limit} }})"),
            None => "Ok(())".to_owned(),
        };
        assert_eq!(kind(&text), expected, "{} bytes", text.len());
    }
    let keys = parse(&format!("_sort={}", vec!["started"; 1_000].join(","))).expect("a query");
    assert_eq!(keys.result().sort.len(), 1);
}
