//! Laws: of dates, of index values, of whatever can be held and whatever can be asked.

use imaging_study_any::{AnyImagingStudy, with_types};
use imaging_study_convert::{Options as ConvertOptions, convert_any};
use imaging_study_core::FhirVersion;
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_search::{
    Index, IndexValue, Interval, Matcher, Modifier, Moment, Options, Parameter, ParameterKind,
    Prefix, Query, Subset, SummaryMode,
};
use proptest::prelude::*;

fn study(version: FhirVersion, profile: Profile, choices: &[u32]) -> AnyImagingStudy {
    with_types!(version, types => {
        from_choices::<types::ImagingStudy>(profile, choices).into()
    })
}

/// A text in which nothing means anything to a query.
fn quoted(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if matches!(letter, ',' | '|' | '$' | '\\') {
            out.push_str("%5C");
        }
        let mut bytes = [0; 4];
        for byte in letter.encode_utf8(&mut bytes).bytes() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A query that asks for a value of an index, as far as one can.
fn asking(parameter: &Parameter, value: &IndexValue<'_>) -> Option<String> {
    let name = parameter.name;
    Some(match value {
        IndexValue::Token(token) => match (token.system, token.code) {
            (Some(system), Some(code)) => format!("{name}={}|{}", quoted(system), quoted(code)),
            (Some(system), None) => format!("{name}={}|", quoted(system)),
            (None, Some(code)) => format!("{name}=|{}", quoted(code)),
            (None, None) => return None,
        },
        IndexValue::OfType(typed) => format!(
            "{name}:of-type={}|{}|{}",
            quoted(typed.system),
            quoted(typed.code),
            quoted(typed.value)
        ),
        IndexValue::Text(text) => format!("{name}:text={}", quoted(text)),
        IndexValue::Uri(uri) if name == "_profile" => {
            let (url, version) = uri.split_once('|').unwrap_or((uri, ""));
            if url.is_empty() || !url.contains(['/', ':']) {
                return None;
            }
            format!("{name}={}|{}", quoted(url), quoted(version))
        }
        IndexValue::Uri(uri) => format!("{name}={}", quoted(uri)),
        IndexValue::Local(found) => {
            format!("{name}={}/{}", found.resource_type, quoted(found.id))
        }
        IndexValue::ReferenceIdentifier(token) => {
            let code = token.code?;
            match token.system {
                Some(system) => format!("{name}:identifier={}|{}", quoted(system), quoted(code)),
                None => format!("{name}:identifier=|{}", quoted(code)),
            }
        }
        _ => format!("{name}:missing=false"),
    })
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok();
    ProptestConfig::with_cases(cases.and_then(|cases| cases.parse().ok()).unwrap_or(30))
}

/// A span that starts and ends at one of a few seconds, so that many touch.
fn interval() -> impl Strategy<Value = Interval> {
    (0_i64..12, 0_i64..6).prop_map(|(start, length)| {
        let moment = Moment::new(start, 0);
        match length {
            0 => Interval::point(moment),
            length => Interval {
                start: moment,
                end: Moment::new(start + length, 0),
            },
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn prefixes_hang_together(value in interval(), query in interval(), now in 0_i64..30) {
        let holds = |prefix: Prefix| prefix.holds(&value, &query, Some(Moment::new(now, 0)));
        let [eq, ne, gt, lt, ge, le, sa, eb, ap] = Prefix::ALL.map(holds);
        prop_assert!(!eq || (ge && le));
        prop_assert!(eq != ne);
        prop_assert!(!gt || ge);
        prop_assert!(!sa || gt);
        prop_assert!(!lt || le);
        prop_assert!(!eb || lt);
        prop_assert_eq!(!sa && !eb, value.overlaps(&query));
        prop_assert!(ap || !value.overlaps(&query));
    }

    #[test]
    fn texts_that_are_no_query_are_errors_and_nothing_worse(text in ".{0,60}", version in 0_usize..7) {
        let version = FhirVersion::ALL[version];
        for query in [text.clone(), format!("started={text}"), format!("identifier={text}"),
            format!("patient={text}"), format!("_sort={text}&_elements={text}"), format!("modality:{text}=x")]
        {
            if let Err(error) = Query::parse(&query, version, &Options::default()) {
                prop_assert!(error.position <= query.len());
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}

proptest! {
    #![proptest_config(cases())]

    /// Whatever a study holds can be taken out; it is found by every value that was taken out, by
    /// the study and by its index alike.
    #[test]
    fn a_study_is_found_by_its_values(choices in prop::collection::vec(any::<u32>(), 0..200)) {
        let options = Options::default();
        for version in FhirVersion::ALL {
            for profile in [Profile::Hostile, Profile::Partial, Profile::Typical] {
                let study = study(version, profile, &choices);
                let index = Index::of(&study, &options);
                // Those of instances stand behind the rest, and else all of a parameter together.
                let of_study = index.entries.iter().map(|entry| entry.parameter);
                let mut of_study: Vec<_> = of_study
                    .filter(|parameter| !parameter.expression.starts_with("ImagingStudy.series.instance."))
                    .map(|parameter| parameter.name)
                    .collect();
                of_study.dedup();
                let mut names: Vec<_> = Parameter::of(version).map(|parameter| parameter.name).collect();
                names.retain(|name| of_study.contains(name));
                prop_assert_eq!(of_study, names);
                for entry in index.entries.iter().take(60) {
                    let Some(query) = asking(entry.parameter, &entry.value) else { continue };
                    let Ok(parsed) = Query::parse(&query, version, &options) else {
                        // Only what is longer than a query may be, or what the version cannot ask.
                        let old = version <= FhirVersion::Stu3;
                        let foreign = entry.parameter.kind == ParameterKind::Reference
                            || (old && query.contains(":of-type="));
                        prop_assert!(query.len() > 8_000 || foreign, "{} {}", version, query);
                        continue;
                    };
                    if parsed.criteria().is_empty() {
                        continue;
                    }
                    let matcher = Matcher::new(&parsed).expect("nothing to hand over");
                    prop_assert!(matcher.matches(&study), "{} {}", version, query);
                    prop_assert!(matcher.matches_index(&index), "{} {}", version, query);
                }
                for parameter in Parameter::of(version).filter(|one| one.is_answered()) {
                    for value in ["missing=true", "missing=false"] {
                        let query = format!("{}:{value}", parameter.name);
                        let query = Query::parse(&query, version, &options).expect("every type has it");
                        let matcher = Matcher::new(&query).expect("nothing to hand over");
                        prop_assert_eq!(matcher.matches(&study), matcher.matches_index(&index));
                        let present = index.entries.iter().any(|entry| entry.parameter == parameter);
                        prop_assert_eq!(matcher.matches(&study), present == (value == "missing=false"));
                    }
                }
            }
        }
    }

    /// What is left of a study can be written, is marked, and has what is required.
    #[test]
    fn parts_of_whatever_can_be_held_can_be_written(choices in prop::collection::vec(any::<u32>(), 0..200)) {
        for version in FhirVersion::ALL {
            for profile in [Profile::Hostile, Profile::Partial, Profile::Typical] {
                let whole = study(version, profile, &choices);
                let writable = whole.to_json().is_ok();
                for subset in ["_summary=true", "_summary=text", "_summary=data", "_elements=series,note"] {
                    let query = Query::parse(subset, version, &Options::default()).expect("a query");
                    let subset = Subset::of(query.result()).expect("a part");
                    let mut part = whole.clone();
                    subset.apply(&mut part);
                    prop_assert!(imaging_study_search::is_subset(&part));
                    let text = part.to_json();
                    prop_assert!(text.is_ok() || !writable, "{} {:?}: {:?}", version, subset, text);
                    for field in whole.element().fields() {
                        let stays = field.info().min > 0 || field.info().is_modifier;
                        let name = field.info().name;
                        prop_assert!(!stays || part.element().field(name).is_some(), "{} {}", version, name);
                    }
                    let mut again = part.clone();
                    subset.apply(&mut again);
                    prop_assert_eq!(&again, &part);
                }
            }
        }
    }

    /// The translated query finds a converted study where the query finds the study, unless the
    /// translation says otherwise.
    #[test]
    fn converted_studies_match_translated_queries(
        choices in prop::collection::vec(any::<u32>(), 0..300),
        others in prop::collection::vec(any::<u32>(), 0..300),
    ) {
        let options = Options::default();
        for from in FhirVersion::ALL {
            let other = study(from, Profile::Typical, &others);
            let study = study(from, Profile::Typical, &choices);
            let queries: Vec<String> = [&study, &other].into_iter().flat_map(|study| {
                let entries = Index::of(study, &options).entries;
                let queries = entries.iter().take(30);
                queries.filter_map(|entry| asking(entry.parameter, &entry.value)).collect::<Vec<_>>()
            }).collect();
            for to in FhirVersion::ALL {
                let converted = convert_any(study.clone(), to, &ConvertOptions::default()).expect("a study").value;
                for query in &queries {
                    let Ok(query) = Query::parse(query, from, &options) else { continue };
                    let [criterion] = query.criteria() else { continue };
                    let translated = query.translate(to);
                    let name = criterion.parameter().name;
                    // Orders, encounters and performers change their places too, and of several codes or
                    // entries an older version may have room for one.
                    let moves = ["order", "basedon", "based-on", "context", "encounter", "performer"];
                    let stays = ["series", "uid", "instance", "study", "dicom-class", "started", "patient"];
                    let differs = moves.contains(&name)
                        || (from > to && matches!(criterion.modifier, Modifier::Missing(_)))
                        || (from > to && !stays.contains(&name) && !name.starts_with('_'));
                    if differs || !translated.untranslatable.is_empty() || !translated.notes.is_empty() {
                        continue;
                    }
                    let matcher = Matcher::new(&query).expect("nothing to hand over");
                    prop_assert_eq!(matcher.matches(&converted), matcher.matches(&study),
                        "{} to {}: {} becomes {}\n{:?}", from, to, query, translated.query, converted);
                }
            }
        }
    }

    /// A query that is translated there and back is the same.
    #[test]
    fn translated_there_and_back(uid in "1\\.2(\\.[1-9][0-9]{0,5}){1,4}", id in "[a-z0-9]{1,8}", from in 0_usize..7, to in 0_usize..7) {
        let (from, to) = (FhirVersion::ALL[from], FhirVersion::ALL[to]);
        let options = Options::default();
        let old = from <= FhirVersion::Stu3;
        let prefix = if old { "urn:oid:" } else { "" };
        let instance = if old { "uid" } else { "instance" };
        let study = if old { format!("study=urn:oid:{uid}") } else { format!("identifier=urn:dicom:uid|urn:oid:{uid}") };
        let queries = [
            format!("series={prefix}{uid}"),
            format!("{instance}={prefix}{uid},{prefix}{uid}.1"),
            format!("{instance}:missing=true"),
            study,
            format!("patient=Patient/{id}&patient={id}&started=ge2024-02&modality:not={id}"),
            format!("endpoint={id}&performer=Practitioner/{id}&_count=3&_summary=data&_sort=-started"),
            format!("bodysite=x|{id}&body-site:text={id}"),
            format!("encounter=Encounter/{id}&context=Encounter/{id}&context={id}&encounter:missing=false"),
            format!("reason={id}&reason-concept={id}"),
            format!("_tag=a|{id}&_lastUpdated=2024&_id={id}&_profile=http://x.example/{id}"),
        ];
        for text in queries {
            let query = Query::parse(&text, from, &options).expect("a query");
            let there = query.translate(to);
            if there.untranslatable.is_empty() {
                let back = there.query.translate(from);
                prop_assert_eq!(back.query.to_string(), query.to_string(), "by {}", there.query);
                prop_assert!(back.untranslatable.is_empty());
            }
            // What the translation says twice is the same.
            prop_assert_eq!(there.query.translate(to).query.to_string(), there.query.to_string());
        }
    }
}

#[test]
fn summaries_are_named_as_the_standard_does() {
    let modes = ["true", "text", "data", "count", "false"].map(SummaryMode::from_code);
    assert!(modes.iter().all(Option::is_some));
    assert_eq!(SummaryMode::from_code("True"), None);
}
