//! The definitions of the extensions that conversions write: every one that is written is allowed by
//! its definition, and every definition is used.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use imaging_study_any::{AnyImagingStudy, with_study, with_types};
use imaging_study_convert::{
    ExtensionDefinition, ExtensionPart, Options, ProcedureReference, Unavailable, convert_any,
    extension_definitions,
};
use imaging_study_core::generate::{Profile, from_choices};
use imaging_study_core::{FhirVersion, Json, from_json, to_json};
use imaging_study_json::{Decoder, json_to_string};
use support::written::{ALTERNATE_REFERENCE, DATATYPE, Written, find, parse};

const TABLE: &str = "src/definitions/written.tsv";

fn slug(version: FhirVersion) -> String {
    version.name().to_lowercase().replace(' ', "-")
}

fn options() -> [Options; 2] {
    let other = Options {
        procedure_reference: ProcedureReference::Procedure,
        unavailable: Unavailable::Cancelled,
        ..Options::default()
    };
    [Options::default(), other]
}

fn read(json: &Json, version: FhirVersion) -> Option<AnyImagingStudy> {
    with_types!(version, types => {
        from_json::<types::ImagingStudy>(json).ok().map(AnyImagingStudy::from)
    })
}

fn tree(study: &AnyImagingStudy) -> Option<Json> {
    with_study!(study, study => to_json(&**study).ok())
}

/// A study as it stands in another version.
fn converted(study: &AnyImagingStudy, to: FhirVersion, options: &Options) -> Option<Json> {
    let converted = convert_any(study.clone(), to, options).expect("not strict");
    tree(&converted.value)
}

/// The name of what is carried, as the table has it.
fn element(url: &str) -> &str {
    match url {
        DATATYPE => "_datatype",
        ALTERNATE_REFERENCE => "alternate-reference",
        url => parse(url).map_or(url, |(_, element)| element),
    }
}

/// What an extension stands on, as its definition names it: the element that it carries, or else the
/// type of what holds it, wherever that type is used.
fn context(written: &Written<'_>) -> String {
    match parse(written.url()) {
        Some((_, carried)) if carried.starts_with("ImagingStudy") => written.path.clone(),
        Some((_, carried)) if carried == written.path => written.path.clone(),
        Some((_, carried)) if carried.ends_with(".id") => "Element".to_owned(),
        _ => written.type_name.to_owned(),
    }
}

/// What the table says of an extension in a pair of versions.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    element: String,
    contexts: BTreeSet<String>,
    places: BTreeSet<char>,
    types: BTreeSet<String>,
    whole: BTreeSet<String>,
}

impl Row {
    fn note(&mut self, written: &Written<'_>) {
        self.element = element(written.url()).to_owned();
        let context = context(written);
        // Where the data type itself travels, its elements are values of extensions.
        if context == self.element && !context.starts_with("ImagingStudy") {
            self.contexts.insert("Extension.value[x]".to_owned());
        }
        self.contexts.insert(context);
        self.places.insert(if written.modifier { 'm' } else { 'e' });
        for (name, _) in written.json.as_object().expect("an extension") {
            let name = name.strip_prefix('_').unwrap_or(name);
            if name.starts_with("value") {
                self.types.insert(value_type(name));
            }
        }
        let parts = written.json.get("extension").and_then(Json::as_array);
        let parts = parts.unwrap_or_default();
        let url = |part: &Json| {
            part.get("url")
                .and_then(Json::as_str)
                .unwrap_or("")
                .to_owned()
        };
        if self.element == "Extension.value" {
            let values = parts.iter().map(url);
            self.whole
                .extend(values.map(|name| name["value".len()..].to_owned()));
            return;
        }
        let marked = parts.iter().find(|part| url(part) == DATATYPE);
        if let Some(name) = marked.and_then(|part| part.get("valueString")?.as_str()) {
            self.whole.insert(name.to_owned());
        } else if parts.iter().any(|part| !url(part).contains(':')) {
            self.whole.insert(self.element.clone());
        }
    }
}

/// `valueCode` is a `code`.
fn value_type(name: &str) -> String {
    let info = with_types!(FhirVersion::R5, types => {
        <types::Extension as imaging_study_core::Element>::info()
    });
    let found = FhirVersion::ALL.into_iter().find_map(|version| {
        let info = with_types!(version, types => {
            <types::Extension as imaging_study_core::Element>::info()
        });
        info.resolve(name)
    });
    let (_, field_type) = found.or(info.resolve(name)).expect("the type of a value");
    field_type.name().to_owned()
}

/// Reads the table off the conversions of all samples.
fn table() -> String {
    let mut pairs: BTreeMap<(FhirVersion, FhirVersion, String), (Row, usize)> = BTreeMap::new();
    for from in FhirVersion::ALL {
        for (index, sample) in support::samples::studies(from).iter().enumerate() {
            let Some(study) = read(sample, from) else {
                continue;
            };
            for to in FhirVersion::ALL {
                if to == from {
                    continue;
                }
                for options in options() {
                    let Some(json) = converted(&study, to, &options) else {
                        continue;
                    };
                    find(&json, to, &mut |written| {
                        let key = (from, to, written.url().to_owned());
                        let (row, last) = pairs.entry(key).or_insert((Row::default(), index));
                        row.note(&written);
                        // The last samples hold the most, so that a few show all.
                        *last = index;
                    });
                }
            }
        }
    }
    let mut rows: BTreeMap<Row, Vec<String>> = BTreeMap::new();
    for ((from, to, _), (row, sample)) in pairs {
        let pair = format!("{}>{}#{sample}", slug(from), slug(to));
        rows.entry(row).or_default().push(pair);
    }
    let mut text = String::new();
    let join = |set: BTreeSet<String>| set.into_iter().collect::<Vec<_>>().join(" ");
    for (row, pairs) in rows {
        let places: String = row.places.into_iter().collect();
        let (contexts, types, whole) = (join(row.contexts), join(row.types), join(row.whole));
        let pairs = pairs.join(" ");
        let element = row.element;
        writeln!(
            text,
            "{element}\t{contexts}\t{places}\t{types}\t{whole}\t{pairs}"
        )
        .expect("a string");
    }
    text
}

#[test]
#[ignore = "takes a minute; with UPDATE_DEFINITIONS set, it writes the table anew"]
fn the_table_is_what_conversions_write() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let table = table();
    if std::env::var_os("UPDATE_DEFINITIONS").is_some() {
        return fs::write(&path, table).expect("the table");
    }
    let written = fs::read_to_string(&path).expect("the table");
    for (written, now) in written.lines().zip(table.lines()) {
        assert_eq!(written, now);
    }
    assert_eq!(written, table);
}

/// The URLs that a conversion writes.
fn urls(study: &AnyImagingStudy, to: FhirVersion, options: &Options) -> BTreeSet<String> {
    let json = converted(study, to, options).expect("nothing is empty");
    let mut urls = BTreeSet::new();
    find(&json, to, &mut |written| {
        urls.insert(written.url().to_owned());
    });
    urls
}

/// Checks pairs of the table, of every row one in so many.
fn check_used(one_in: usize) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let table = fs::read_to_string(path).expect("the table");
    let samples: BTreeMap<String, (FhirVersion, Vec<Json>)> = FhirVersion::ALL
        .into_iter()
        .map(|version| (slug(version), (version, support::samples::studies(version))))
        .collect();
    // Many extensions have one sample.
    let mut written: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (row, line) in table.lines().enumerate() {
        let columns: Vec<_> = line.split('\t').collect();
        let pairs: Vec<_> = columns[5].split(' ').collect();
        for pair in pairs
            .iter()
            .skip(row % one_in.min(pairs.len()))
            .step_by(one_in)
        {
            let (versions, sample) = pair.split_once('#').expect("a sample");
            let (from, to) = versions.split_once('>').expect("two versions");
            let (from, samples) = &samples[from];
            let to: FhirVersion = to.parse().expect("a version");
            let sample: usize = sample.parse().expect("a number");
            let [usual, other] = options();
            let urls = written.entry(pair).or_insert_with(|| {
                let study = read(&samples[sample], *from).expect("a study");
                urls(&study, to, &usual)
            });
            if !urls.iter().any(|url| element(url) == columns[0]) {
                let study = read(&samples[sample], *from).expect("a study");
                urls.extend(self::urls(&study, to, &other));
            }
            let found = urls.iter().any(|url| element(url) == columns[0]);
            assert!(found, "{pair} does not write {}", columns[0]);
        }
    }
}

#[test]
fn some_of_every_row_is_used() {
    check_used(12);
}

#[test]
#[ignore = "takes a quarter of a minute"]
fn every_definition_is_used() {
    check_used(1);
    // The definitions are those of the table, so that this is all of them.
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLE);
    let table = fs::read_to_string(path).expect("the table");
    let rows: BTreeSet<&str> = table
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    for version in FhirVersion::ALL {
        for definition in extension_definitions(version) {
            assert!(
                rows.contains(element(&definition.url)),
                "{}",
                definition.url
            );
        }
    }
}

type Definitions = BTreeMap<FhirVersion, BTreeMap<String, ExtensionDefinition>>;

fn definitions() -> Definitions {
    let of = |version| {
        let all = extension_definitions(version).into_iter();
        all.map(|one| (one.url.clone(), one)).collect()
    };
    let versions = FhirVersion::ALL.into_iter();
    versions.map(|version| (version, of(version))).collect()
}

/// What a definition does not allow in an extension, or in a part of one.
fn refused(json: &Json, part: &ExtensionPart, place: &str) -> Option<String> {
    let members = json.as_object()?;
    for (name, _) in members {
        let name = name.strip_prefix('_').unwrap_or(name);
        if name.starts_with("value") && !part.types.contains(value_type(name).as_str()) {
            return Some(format!("{name} in {place}, not of {:?}", part.types));
        }
    }
    let mut seen = BTreeSet::new();
    for inner in json
        .get("extension")
        .and_then(Json::as_array)
        .unwrap_or_default()
    {
        let url = inner.get("url").and_then(Json::as_str).unwrap_or("");
        if url.contains(':') && url != DATATYPE {
            continue;
        }
        let Some(known) = part.parts.get(url) else {
            // What somebody had in a value stays there.
            continue;
        };
        if !seen.insert(url) && !known.many {
            return Some(format!("{url} twice in {place}"));
        }
        if !matches!(url, "extension" | "modifierExtension")
            && let Some(refused) = refused(inner, known, &format!("{place} {url}"))
        {
            return Some(refused);
        }
    }
    let empty = part.types.is_empty() && json.get("extension").is_none();
    empty.then(|| format!("{place} without parts"))
}

/// What the definitions do not allow in a study that was converted.
fn all_refused(json: &Json, before: &str, to: FhirVersion, all: &Definitions) -> Vec<String> {
    let mut list = Vec::new();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    find(json, to, &mut |written| {
        let url = written.url();
        // What the study had before is nothing that the conversion wrote.
        if before.contains(url) {
            return;
        }
        let Some(definition) = all[&to].get(url) else {
            return list.push(format!("{to}: no definition of {url} on {}", written.path));
        };
        let contexts = &definition.contexts;
        let choice = format!("{}[x]", written.path);
        let at = [&written.path, &choice, written.type_name, "Element"];
        if !at.iter().any(|&context| contexts.contains(context)) {
            list.push(format!("{to}: {url} on {}: {contexts:?}", written.path));
        }
        if let Some(refused) = refused(written.json, &definition.holds, url) {
            list.push(format!("{to}: {refused}"));
        }
        *counts
            .entry((url.to_owned(), written.path.clone()))
            .or_default() += 1;
        if written.modifier && !definition.modifier || !written.modifier && !definition.plain {
            list.push(format!("{to}: {url} among the wrong extensions"));
        }
    });
    list
}

fn check(study: &AnyImagingStudy, all: &Definitions, found: &mut BTreeSet<String>) {
    let before = json_to_string(&tree(study).expect("nothing is empty"));
    for to in FhirVersion::ALL {
        if to == study.version() {
            continue;
        }
        for options in options() {
            let json = converted(study, to, &options).expect("nothing is empty");
            let refused = all_refused(&json, &before, to, all).into_iter();
            found.extend(refused.map(|refused| format!("{} to {refused}", study.version())));
        }
    }
}

#[test]
fn what_is_written_is_defined() {
    let all = definitions();
    let mut found = BTreeSet::new();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as u32
    };
    let rounds = std::env::var("DEFINITION_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    for round in 0..rounds.unwrap_or(6) {
        let choices: Vec<u32> = (0..40 + round * 17 % 260).map(|_| next()).collect();
        for profile in [Profile::Typical, Profile::Interchange, Profile::Partial] {
            for version in FhirVersion::ALL {
                let study = with_types!(version, types => {
                    from_choices::<types::ImagingStudy>(profile, &choices).into()
                });
                check(&study, &all, &mut found);
            }
        }
    }
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn what_is_written_of_the_fixtures_is_defined() {
    let all = definitions();
    let mut found = BTreeSet::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/convert");
    let mut files = 0;
    for case in fs::read_dir(folder).expect("the fixtures") {
        let case = case.expect("a case").path();
        for version in FhirVersion::ALL {
            let file = case.join(format!("before.{}.json", slug(version)));
            let Ok(bytes) = fs::read(&file) else {
                continue;
            };
            let json = Decoder::default().decode_json(&bytes).expect("JSON");
            check(&read(&json, version).expect("a study"), &all, &mut found);
            files += 1;
        }
    }
    assert!(files > 90, "{files} files");
    assert_eq!(found, BTreeSet::new());
}

#[test]
fn structure_definitions_are_told_apart() {
    for version in FhirVersion::ALL {
        let mut ids = BTreeSet::new();
        for definition in extension_definitions(version) {
            let id = definition.id();
            let legal = |letter: char| letter.is_ascii_alphanumeric() || "-.".contains(letter);
            assert!(id.len() <= 64 && id.chars().all(legal), "{id}");
            assert!(ids.insert(id.clone()), "{id}");
            let json = definition.structure_definition();
            assert_eq!(
                json.get("url").and_then(Json::as_str),
                Some(definition.url.as_str())
            );
            let name = json.get("name").and_then(Json::as_str).expect("a name");
            assert!(
                name.starts_with(|first: char| first.is_ascii_uppercase()),
                "{name}"
            );
            assert!(
                name.chars().all(|letter| letter.is_ascii_alphanumeric()),
                "{name}"
            );
            assert!(!definition.contexts.is_empty());
            let holds = &definition.holds;
            assert!(
                !holds.types.is_empty() || !holds.parts.is_empty(),
                "{id} holds nothing"
            );
        }
    }
}
