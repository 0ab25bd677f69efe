//! The trees of `imaging-study-core` say what the texts of this crate say: a tree is written where a
//! text is, a tree is read where the text of the tree is, and the errors are the same but for the
//! position. `PROPTEST_CASES` sets how many studies.

use std::thread;

use imaging_study_core::generate::Profile;
use imaging_study_core::{Element, Json, Limits, ReadError, Resource, from_json, to_json};
use imaging_study_dstu2 as dstu2;
use imaging_study_json::{Decoder, json_to_string, to_string};
use imaging_study_r4 as r4;
use imaging_study_r4b as r4b;
use imaging_study_r5 as r5;
use imaging_study_r6_draft as r6_draft;
use imaging_study_stu3 as stu3;
use proptest::prelude::*;
use smol_str::SmolStr;

fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() {
        ProptestConfig::default().cases
    } else {
        1_000
    };
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// The decoder whose only bounds are those of a tree.
fn decoder() -> Decoder {
    let mut decoder = Decoder::default();
    decoder.limits.depth = Limits::MAX_DEPTH;
    decoder
}

/// What is wrong and where, without the position.
fn wrong(error: &ReadError) -> String {
    format!("{} at {}", error.kind(), error.path())
}

/// Reads a tree as it is and as the text that it is written as, and says whether it is an element.
fn read<T: Element>(tree: &Json) -> Result<bool, TestCaseError> {
    let text = json_to_string(tree);
    match (decoder().decode_str::<T>(&text), from_json::<T>(tree)) {
        (Ok(decoded), Ok(element)) => {
            prop_assert!(decoded.value == element, "{}", text);
            Ok(true)
        }
        (Err(decoded), Err(error)) => {
            prop_assert_eq!(wrong(&decoded), wrong(&error), "{}", text);
            Ok(false)
        }
        (decoded, element) => Err(TestCaseError::fail(format!(
            "as a text: {:?}, as a tree: {:?}\n{text}",
            decoded.err(),
            element.err()
        ))),
    }
}

/// A study is written as the tree of its text, and comes back from it.
fn same<T: Element>(study: &T) -> Result<Json, TestCaseError> {
    let text = to_string(study).expect("nothing is empty");
    let tree = decoder().decode_json(text.as_bytes()).expect("JSON");
    let written = to_json(study).map_err(|error| TestCaseError::fail(error.to_string()))?;
    prop_assert!(written == tree, "{}\n{}", json_to_string(&written), text);
    prop_assert!(read::<T>(&tree)?, "{}", text);
    Ok(tree)
}

/// A change of one value of a tree.
#[derive(Clone, Debug)]
struct Change {
    /// Which of the values.
    value: prop::sample::Index,
    kind: u8,
    /// What is taken from another place of the tree: a value, or a name.
    other: prop::sample::Index,
}

fn change() -> impl Strategy<Value = Change> {
    (
        any::<prop::sample::Index>(),
        0_u8..12,
        any::<prop::sample::Index>(),
    )
        .prop_map(|(value, kind, other)| Change { value, kind, other })
}

/// Visits every value of a tree, parents first.
fn visit(json: &mut Json, receive: &mut dyn FnMut(&mut Json)) {
    receive(json);
    match json {
        Json::Array(entries) => entries.iter_mut().for_each(|entry| visit(entry, receive)),
        Json::Object(members) => members
            .iter_mut()
            .for_each(|(_, value)| visit(value, receive)),
        _ => {}
    }
}

/// The values of a tree, parents first, and the names of its members.
fn parts(json: &Json, values: &mut Vec<Json>, names: &mut Vec<SmolStr>) {
    values.push(json.clone());
    match json {
        Json::Array(entries) => entries.iter().for_each(|entry| parts(entry, values, names)),
        Json::Object(members) => {
            for (name, value) in members {
                names.push(name.clone());
                parts(value, values, names);
            }
        }
        _ => {}
    }
}

/// What `_x` could be beside a value of `x`: in a list, `odd` says which entries are null, and
/// whether there is one too many.
fn sibling(value: &Json, odd: usize) -> Json {
    let id = Json::Object(vec![("id".into(), Json::String("s".into()))]);
    match value {
        Json::Array(entries) => Json::Array(
            (0..entries.len() + odd / 4)
                .map(|index| match (index + odd) % 2 {
                    0 => id.clone(),
                    _ => Json::Null,
                })
                .collect(),
        ),
        _ => id,
    }
}

impl Change {
    fn apply(&self, tree: &mut Json) {
        let (mut values, mut names) = (Vec::new(), Vec::new());
        parts(tree, &mut values, &mut names);
        // A change of what is named or listed is made where the object or array is.
        let wanted = |json: &Json| match self.kind {
            0..6 => true,
            6..10 => json.as_object().is_some_and(|members| !members.is_empty()),
            _ => json.as_array().is_some_and(|entries| !entries.is_empty()),
        };
        let count = values.iter().filter(|json| wanted(json)).count();
        if count == 0 || names.is_empty() {
            return;
        }
        let at = self.value.index(count);
        let mut passed = 0;
        visit(tree, &mut |json| {
            if !wanted(json) {
                return;
            }
            passed += 1;
            if passed == at + 1 {
                self.change(json, &values, &names);
            }
        });
    }

    fn change(&self, json: &mut Json, values: &[Json], names: &[SmolStr]) {
        let other = &values[self.other.index(values.len())];
        let name = names[self.other.index(names.len())].clone();
        match (self.kind, json) {
            (0, json) => *json = Json::Null,
            (1, json) => *json = Json::Array(vec![json.clone()]),
            (2, json) => *json = Json::Boolean(true),
            (3, json) => {
                *json = Json::String(["", "x", "1.2", "2011-01-01"][self.other.index(4)].into())
            }
            (4, json) => {
                let texts = ["0", "-1", "1e5", "1.10", "2147483648"];
                let number = texts[self.other.index(texts.len())].parse();
                *json = Json::Number(number.expect("a number"));
            }
            (5, json) => *json = other.clone(),
            (6, Json::Object(members)) => drop(members.remove(self.other.index(members.len()))),
            (7, Json::Object(members)) => {
                let at = self.other.index(members.len());
                members[at].0 = if members.iter().any(|(own, _)| *own == name) {
                    format!("_{name}").into()
                } else {
                    name
                };
            }
            (8, Json::Object(members)) => {
                // Also a name that is there already.
                members.insert(self.other.index(members.len()), (name, other.clone()));
            }
            (9, Json::Object(members)) => {
                let at = self.other.index(members.len());
                let (name, value) = &members[at];
                let sibling = sibling(value, self.other.index(8));
                members.push((format!("_{name}").into(), sibling));
            }
            (10, Json::Array(entries)) => {
                entries.insert(self.other.index(entries.len() + 1), Json::Null)
            }
            (_, Json::Array(entries)) => drop(entries.remove(self.other.index(entries.len()))),
            _ => {}
        }
    }
}

/// A study and changed trees of it.
fn law<T: Element>(study: &T, changes: &[Change]) -> Result<(), TestCaseError> {
    let tree = same(study)?;
    let mut all = tree.clone();
    for change in changes {
        let mut one = tree.clone();
        change.apply(&mut one);
        read::<T>(&one)?;
        change.apply(&mut all);
        read::<T>(&all)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn hostile_dstu2(
        study in dstu2::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }

    #[test]
    fn hostile_stu3(
        study in stu3::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }

    #[test]
    fn hostile_r4(
        study in r4::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }

    #[test]
    fn hostile_r4b(
        study in r4b::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }

    #[test]
    fn hostile_r5(
        study in r5::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }

    #[test]
    fn hostile_r6_draft(
        study in r6_draft::strategy::imaging_study(Profile::Hostile),
        changes in prop::collection::vec(change(), 4),
    ) {
        law(&study, &changes)?;
    }
}

fn tree(text: &str) -> Json {
    decoder().decode_json(text.as_bytes()).expect("JSON")
}

/// What is wrong with a tree that is no study of R4, which its text agrees on.
fn refused(tree: &Json) -> String {
    match read::<r4::ImagingStudy>(tree) {
        Ok(false) => wrong(&from_json::<r4::ImagingStudy>(tree).expect_err("no study")),
        Ok(true) => panic!("a study: {}", json_to_string(tree)),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn what_is_wrong_is_said_with_its_path() {
    for (members, expected) in [
        (
            r#""series":[{"uid":"1.2"},{"colour":"red"}]"#,
            "unknown element at ImagingStudy.series[1].colour",
        ),
        (
            r#""note":[{"text":"t","authorString":"a","authorReference":{"id":"r"}}]"#,
            "a second value for an element that allows one at ImagingStudy.note[0].author",
        ),
        (r#""series":[]"#, "empty array at ImagingStudy.series"),
        (
            r#""extension":[{"url":"e","valueHumanName":{"given":["a","b"],"_given":[{"id":"a"}]}}]"#,
            "2 values, but 1 entries for their ids and extensions at ImagingStudy.extension[0].value.given",
        ),
        (
            r#""extension":[{"url":"e","valueHumanName":{"_given":[{"id":"a"}],"given":["a","b"]}}]"#,
            "2 values, but 1 entries for their ids and extensions at ImagingStudy.extension[0].value.given",
        ),
        (
            r#""extension":[{"url":"e","valueHumanName":{"given":["a",null],"_given":[{"id":"a"},null]}}]"#,
            "an entry without value and extensions at ImagingStudy.extension[0].value.given[1]",
        ),
        (
            r#""extension":[{"url":"e","valueHumanName":{"given":["a",null]}}]"#,
            "an entry without value and extensions at ImagingStudy.extension[0].value.given",
        ),
        (
            r#""extension":[{"url":"e","valueHumanName":{"given":["a",1]}}]"#,
            "expected text without control characters, found a number at ImagingStudy.extension[0].value.given[1]",
        ),
        (
            r#""extension":[{"url":"e","valueString":"a","_valueCode":{"id":"a"}}]"#,
            "a second value for an element that allows one at ImagingStudy.extension[0].value",
        ),
        (
            r#""numberOfSeries":1.0"#,
            "expected an integer between 0 and 2147483647, found another number at \
             ImagingStudy.numberOfSeries",
        ),
        (
            r#""description":"""#,
            "empty string at ImagingStudy.description",
        ),
        (r#""subject":{}"#, "empty object at ImagingStudy.subject"),
        (
            r#""_subject":{"id":"s"}"#,
            "a name with an underscore, but the element is not primitive at ImagingStudy.subject",
        ),
        (
            r#""contained":[{"id":"p"}]"#,
            "missing resourceType at ImagingStudy.contained[0]",
        ),
    ] {
        let text = format!(r#"{{"resourceType":"ImagingStudy",{members}}}"#);
        assert_eq!(refused(&tree(&text)), expected);
    }
    let error = from_json::<r4::ImagingStudy>(&Json::Null).expect_err("no object");
    assert_eq!(
        error.to_string(),
        "expected an object (ImagingStudy), found null at ImagingStudy"
    );
}

#[test]
fn members_that_stand_twice_are_refused() {
    let mut contained = vec![("resourceType".into(), Json::String("Basic".into()))];
    for count in [1, 40] {
        let members = (0..count).map(|index| (SmolStr::from(format!("x{index}")), Json::Null));
        contained.extend(members);
        contained.push(("x0".into(), Json::Null));
        let study = Json::Object(vec![
            ("resourceType".into(), Json::String("ImagingStudy".into())),
            (
                "contained".into(),
                Json::Array(vec![Json::Object(contained.clone())]),
            ),
        ]);
        assert_eq!(
            refused(&study),
            "duplicate member at ImagingStudy.contained[0].x0"
        );
        contained.truncate(1);
    }
    for (text, expected) in [
        (r#"{"resourceType":"ImagingStudy"}"#, "resourceType"),
        (r#"{"started":"2011"}"#, "started"),
        (r#"{"fhir_comments":["seen"]}"#, "fhir_comments"),
    ] {
        let mut study = tree(text);
        if let Json::Object(members) = &mut study {
            members.extend_from_within(..);
        }
        assert!(!read::<dstu2::ImagingStudy>(&study).expect("both agree"));
        let error = from_json::<dstu2::ImagingStudy>(&study).expect_err("a member twice");
        assert_eq!(
            wrong(&error),
            format!("duplicate member at ImagingStudy.{expected}")
        );
    }
}

#[test]
fn numbers_keep_their_digits_and_lose_their_plus() {
    let text = r#"{"resourceType":"ImagingStudy","extension":[{"url":"e","valueDecimal":1.10e0}]}"#;
    let study = tree(text);
    let read: r4::ImagingStudy = from_json(&study).expect("a study");
    assert_eq!(to_json(&read).expect("nothing is empty"), study);

    let extension = |value| r5::Extension {
        url: Some("e".parse().expect("a URL")),
        value: Some(value),
        ..Default::default()
    };
    let written = |value| json_to_string(&to_json(&extension(value)).expect("nothing is empty"));
    let plus = "+5"
        .parse::<imaging_study_core::Integer>()
        .expect("legal in R5");
    assert_eq!(
        written(r5::ExtensionValue::Integer(plus.into())),
        r#"{"url":"e","valueInteger":5}"#
    );
    let large = "5".parse::<imaging_study_core::Integer64>().expect("legal");
    assert_eq!(
        written(r5::ExtensionValue::Integer64(large.into())),
        r#"{"url":"e","valueInteger64":"5"}"#
    );
}

#[test]
fn what_cannot_be_written_is_said_as_for_a_text() {
    let empty = r4::ImagingStudy {
        series: vec![r4::ImagingStudySeries::default()],
        ..Default::default()
    };
    let hole = r4::ImagingStudy {
        subject: Some(r4::Reference {
            extension: vec![r4::Extension {
                value: Some(r4::ExtensionValue::HumanName(Box::new(r4::HumanName {
                    given: vec![r4::Primitive::default()],
                    ..Default::default()
                }))),
                ..Default::default()
            }],
            ..Default::default()
        }),
        ..Default::default()
    };
    let xml = r4::ImagingStudy {
        contained: vec![Resource::from_xml("Other", None, "<Other/>".to_owned())],
        ..Default::default()
    };
    let errors = [empty, hole, xml].map(|study| {
        let error = to_json(&study).expect_err("not to be written").to_string();
        assert_eq!(
            error,
            to_string(&study).expect_err("nor as a text").to_string()
        );
        error
    });
    assert_eq!(errors[0], "empty element at ImagingStudy.series[0]");
    assert_eq!(
        errors[1],
        "empty element at ImagingStudy.subject.extension[0].valueHumanName.given[0]"
    );
    let comments = dstu2::ImagingStudy {
        fhir_comments: vec!["seen".parse().expect("a text")],
        ..Default::default()
    };
    assert_eq!(
        json_to_string(&to_json(&comments).expect("not empty")),
        r#"{"resourceType":"ImagingStudy","fhir_comments":["seen"]}"#
    );
}

/// Enough for the greatest depth that can be read, also without optimisation, in bytes.
const STACK: usize = 384 << 10;

/// A study with something inside itself `depth` times, built without a text: `wrap` makes the next.
fn nested(depth: usize, name: &str, leaf: Json, wrap: impl Fn(Json) -> Json) -> Json {
    let mut inner = leaf;
    for _ in 1..depth {
        inner = wrap(inner);
    }
    Json::Object(vec![
        ("resourceType".into(), Json::String("ImagingStudy".into())),
        (name.into(), Json::Array(vec![inner])),
    ])
}

fn extensions(depth: usize) -> Json {
    let url = || ("url".into(), Json::String("e".into()));
    nested(depth, "extension", Json::Object(vec![url()]), |inner| {
        Json::Object(vec![("extension".into(), Json::Array(vec![inner])), url()])
    })
}

fn contained(depth: usize) -> Json {
    let basic = || ("resourceType".into(), Json::String("Basic".into()));
    nested(depth, "contained", Json::Object(vec![basic()]), |inner| {
        Json::Object(vec![basic(), ("x".into(), Json::Array(vec![inner]))])
    })
}

fn lists(depth: usize) -> Json {
    let basic = || ("resourceType".into(), Json::String("Basic".into()));
    let mut inner = Json::Array(vec![Json::Null]);
    for _ in 2..depth {
        inner = Json::Array(vec![inner]);
    }
    let resource = Json::Object(vec![basic(), ("x".into(), inner)]);
    nested(1, "contained", resource, |inner| inner)
}

#[test]
fn depth_at_the_limit_and_one_beyond_in_a_small_stack() {
    let limit = Limits::MAX_DEPTH;
    let test = move || {
        for make in [extensions, contained, lists] {
            assert!(read::<r5::ImagingStudy>(&make(limit)).expect("both agree"));
            let study: r5::ImagingStudy = from_json(&make(limit)).expect("at the limit");
            assert_eq!(to_json(&study).expect("nothing is empty"), make(limit));
            assert!(!read::<r5::ImagingStudy>(&make(limit + 1)).expect("both agree"));
            // Dropping this one would take more stack than reading it may.
            let deep = make(100_000);
            from_json::<r5::ImagingStudy>(&deep).expect_err("beyond");
            std::mem::forget(deep);
        }
    };
    let thread = thread::Builder::new().stack_size(STACK).spawn(test);
    if let Err(panic) = thread.expect("a thread").join() {
        std::panic::resume_unwind(panic);
    }
}
