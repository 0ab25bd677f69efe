//! Every query of `fixtures/search` has the answer that stands beside it, of a study and of its
//! index values.

use std::collections::BTreeSet;

use fixtures::{field, lines, studies};
use imaging_study_core::FhirVersion;
use imaging_study_search::{Index, Matcher, Moment, Options, Query};

mod fixtures;

fn options(words: &str) -> Options {
    let mut options = Options::default();
    for word in words.split(' ').filter(|word| *word != "-") {
        match word.split_once('=').unwrap_or((word, "")) {
            ("strict", _) => options.strict = true,
            ("lenient-uids", _) => options.lenient_uids = true,
            ("ignore-case", _) => options.ignore_case = true,
            ("study-modality", _) => options.study_modality = true,
            ("other-names", _) => options.other_names = true,
            ("base", url) => options.base = Some(url.to_owned()),
            ("offset", offset) => options.set_offset(offset).expect("an offset"),
            ("now", seconds) => {
                options.now = Some(Moment::new(seconds.parse().expect("seconds"), 0));
            }
            _ => panic!("no option {word}"),
        }
    }
    options
}

/// The name of a variant, without what it holds.
fn name(debug: String) -> String {
    let end = debug.find([' ', '{', '(']).unwrap_or(debug.len());
    debug[..end].to_owned()
}

#[test]
fn queries_have_the_answers_of_the_table() {
    let studies = studies();
    let mut asked = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in lines("cases.tsv") {
        count += 1;
        let version: FhirVersion = field(&line, 0).parse().expect("a version");
        let (study_name, query) = (field(&line, 1), field(&line, 3));
        let options = options(field(&line, 2));
        let study = studies
            .iter()
            .find(|(name, study)| name == study_name && study.version() == version);
        assert_eq!(study.is_none(), study_name == "-", "{line}");
        asked.insert(study_name.to_owned());
        let (answer, says) = match Query::parse(query, version, &options) {
            Err(error) => ("error", vec![name(format!("{:?}", error.kind))]),
            Ok(query) => {
                let report = query.report();
                let mut says: Vec<String> = report
                    .hints
                    .iter()
                    .map(|hint| format!("{:?}", hint.kind))
                    .collect();
                says.extend(report.ignored.iter().map(|_| "ignored".to_owned()));
                let answer = match (Matcher::new(&query), study) {
                    (Err(_), _) => "handed-over",
                    (Ok(_), None) => "no study",
                    (Ok(matcher), Some((_, study))) => {
                        let found = matcher.matches(study);
                        let index = Index::of(study, &options);
                        assert_eq!(matcher.matches_index(&index), found, "{line}");
                        if found { "yes" } else { "no" }
                    }
                };
                (answer, says)
            }
        };
        let says = match says.is_empty() {
            true => "-".to_owned(),
            false => says.join(" "),
        };
        if (answer, says.as_str()) != (field(&line, 4), field(&line, 5)) {
            wrong.push(format!("{line}\n    is {answer}, {says}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 250, "{count} queries");
    for (name, _) in &studies {
        assert!(asked.contains(name), "no query asks {name}");
    }
}

#[test]
fn messages_repeat_no_values() {
    for line in lines("cases.tsv") {
        let version: FhirVersion = field(&line, 0).parse().expect("a version");
        let query = field(&line, 3);
        if let Err(error) = Query::parse(query, version, &options(field(&line, 2))) {
            let (_, value) = query.rsplit_once('=').expect("a value");
            let text = error.to_string();
            assert!(value.len() < 5 || !text.contains(value), "{line}: {text}");
            assert!(!error.kind.issue_code().is_empty());
            assert!(error.position < query.len(), "{line}: {text}");
        }
    }
}
