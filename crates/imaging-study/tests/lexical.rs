//! What readers take for a primitive beyond the pattern of a version: nothing but what is listed here.
//! The readers are that lenient because archives hold such texts; a conversion carries them, so that
//! they come back.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use imaging_study_core::{FhirVersion, Scalar, ScalarType, Unshared};
use imaging_study_dicom::{RawUid, RawUrnOid};
use jsonschema::Validator;
use serde_json::json;

use FhirVersion::{Dstu2, R4, R4B, R5, R6, Stu3};
use ScalarType::{
    Base64Binary, Boolean, Canonical, Code, Date, DateTime, Decimal, Id, Instant, Integer,
    Integer64, Markdown, Oid, PositiveInt, String as Text, Time, UnsignedInt, Uri, Url, Uuid,
    Xhtml,
};

const VERSIONS: [FhirVersion; 6] = [Dstu2, Stu3, R4, R4B, R5, R6];

/// What the readers of some versions take beyond the pattern of a type.
struct Beyond {
    scalar: ScalarType,
    versions: &'static [FhirVersion],
    what: &'static str,
    /// Whether the text counts as legal all the same.
    legal: bool,
    is: fn(&str) -> bool,
}

const MODERN: &[FhirVersion] = &[R5, R6];

const BEYOND: [Beyond; 15] = [
    // The base type of XML Schema allows white space anywhere.
    beyond(
        Base64Binary,
        &[R4, R4B],
        "white space within four symbols",
        true,
        has_white_space,
    ),
    beyond(Base64Binary, MODERN, "white space", false, has_white_space),
    beyond(Code, MODERN, "a tab or line end", false, has_white_space),
    beyond(DateTime, &[Dstu2], "a leap second", false, has_leap_second),
    beyond(
        DateTime,
        MODERN,
        "more than 9 digits of a second",
        false,
        has_long_fraction,
    ),
    beyond(Decimal, &[Dstu2, Stu3], "an exponent", false, has_exponent),
    beyond(
        Decimal,
        MODERN,
        "more than 18 whole digits",
        false,
        |text| digits(text)[0] > 18,
    ),
    beyond(
        Decimal,
        MODERN,
        "more than 17 digits of a fraction",
        false,
        |text| digits(text)[1] > 17,
    ),
    beyond(
        Decimal,
        MODERN,
        "more than 9 digits of an exponent",
        false,
        |text| digits(text)[2] > 9,
    ),
    beyond(Instant, &[Dstu2], "a leap second", false, has_leap_second),
    beyond(
        Instant,
        MODERN,
        "more than 9 digits of a second",
        false,
        has_long_fraction,
    ),
    // The pages of R4 have a sign in their pattern, the schemas have none.
    beyond(
        Integer,
        &[Dstu2, Stu3, R4, R4B],
        "a plus sign",
        false,
        |text| text.starts_with('+'),
    ),
    beyond(Time, &[Dstu2], "a leap second", false, has_leap_second),
    beyond(Time, &[Stu3], "a leap second", false, has_leap_second),
    beyond(
        Time,
        MODERN,
        "more than 9 digits of a second",
        false,
        has_long_fraction,
    ),
];

const fn beyond(
    scalar: ScalarType,
    versions: &'static [FhirVersion],
    what: &'static str,
    legal: bool,
    is: fn(&str) -> bool,
) -> Beyond {
    Beyond {
        scalar,
        versions,
        what,
        legal,
        is,
    }
}

fn has_white_space(text: &str) -> bool {
    text.contains([' ', '\t', '\r', '\n'])
}

fn has_leap_second(text: &str) -> bool {
    text.contains(":60")
}

fn has_exponent(text: &str) -> bool {
    text.contains(['e', 'E'])
}

fn has_long_fraction(text: &str) -> bool {
    let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
    fraction.bytes().take_while(u8::is_ascii_digit).count() > 9
}

/// The numbers of digits before the point, behind it and in the exponent.
fn digits(text: &str) -> [usize; 3] {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    [whole, fraction, exponent].map(|part| part.bytes().filter(u8::is_ascii_digit).count())
}

/// Texts of a type and near it; more are made of each by changing a character.
fn seeds(scalar: ScalarType) -> &'static [&'static str] {
    match scalar {
        Base64Binary => &[
            "YWJj",
            "YWJjYQ==",
            "YW Jj\nYWE=",
            "YWJj\tYWJj",
            "AAA",
            "====",
        ],
        Boolean => &["true", "false", "TRUE", "1"],
        Canonical | Uri | Url => &["http://e.example/a|1", "urn:oid:1.2", "a\u{a0}b", "\u{7f}"],
        Code => &["a", "a b", "a\tb", "a\r\nb", "a\u{a0}b", "a  b"],
        Date => &[
            "2020",
            "2020-02",
            "2020-02-29",
            "-0044-03-15",
            "0000",
            "2021-02-29",
            "02020",
        ],
        DateTime => &[
            "2020",
            "2020-02",
            "2020-02-29",
            "-0044",
            "0000-01-01T00:00:00Z",
            "2016-12-31T23:59:60Z",
            "2020-02-29T10:00:00.123456789+14:00",
            "2020-02-29T10:00:00",
            "2020-02-29T10:00:00-13:59",
            "2020-02-29T24:00:00Z",
            "2020-02-29T10:00Z",
            "2020-02-29T10:00:00.12345678901234567890Z",
        ],
        Decimal => &[
            "0",
            "-0.00",
            "1.10",
            "1e3",
            "1.5E-22",
            "123456789012345678.5",
            "0.12345678901234567",
            "1e123456789",
            "1234567890123456789",
            ".5",
            "5.",
            "01",
            "NaN",
            "INF",
            "+1",
        ],
        Id => &[
            "a",
            "a-b.1",
            "a_b",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ],
        Instant => &[
            "2016-12-31T23:59:60Z",
            "2020-02-29T10:00:00.123456789+14:00",
            "-0044-03-15T12:00:00Z",
            "2020-02-29T10:00:00.5-00:00",
            "2020-02-29",
        ],
        Integer | Integer64 | PositiveInt | UnsignedInt => &[
            "0",
            "7",
            "-7",
            "+7",
            "-0",
            "+0",
            "2147483647",
            "2147483648",
            "-9223372036854775808",
            "007",
            "1.0",
            "1e1",
        ],
        Markdown | Text | Xhtml => &["a", " a\tb\r\nc ", "\u{85}", "\u{1}", "<div>a</div>"],
        Oid => &[
            "urn:oid:1.2.3",
            "urn:oid:7",
            "urn:oid:3.4",
            "urn:oid:1.02",
            "1.2.3",
            "URN:OID:1.2",
        ],
        Time => &[
            "10:00:00",
            "23:59:60",
            "10:00:00.123456789",
            "24:00:00",
            "10:00",
            "10:00:00Z",
        ],
        Uuid => &[
            "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
            "urn:uuid:C757873D-EC9A-4326-A141-556F43239520",
        ],
    }
}

/// The seeds, and each with a character more, less or another at every place.
fn texts(scalar: ScalarType) -> BTreeSet<String> {
    let other = "0169-+.eE:TZ \t\n=aAf\u{1}\u{a0}";
    let mut texts = BTreeSet::from([String::new()]);
    for seed in seeds(scalar) {
        let letters: Vec<char> = seed.chars().collect();
        texts.insert((*seed).to_owned());
        for at in 0..=letters.len() {
            let (before, after) = letters.split_at(at);
            let mut add = |middle: Option<char>, skipped: usize| {
                let after = after.iter().skip(skipped);
                texts.insert(
                    before
                        .iter()
                        .copied()
                        .chain(middle)
                        .chain(after.copied())
                        .collect(),
                );
            };
            add(None, 1);
            for letter in other.chars() {
                add(Some(letter), 0);
                add(Some(letter), 1);
            }
        }
    }
    texts
}

/// The table of patterns.
fn patterns() -> Vec<(ScalarType, Vec<FhirVersion>, Validator)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/spec/patterns.tsv");
    let table = fs::read_to_string(path).expect("the table");
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || {
                cells
                    .next()
                    .unwrap_or_else(|| panic!("a cell more: {line}"))
            };
            let (name, versions, pattern) = (cell(), cell(), cell());
            let scalar = ScalarType::from_name(name).unwrap_or_else(|| panic!("{name}"));
            let named = |version: &FhirVersion| {
                let name = version.to_string().to_lowercase();
                versions == "all" || versions.split(' ').any(|one| one == name)
            };
            let schema = json!({ "pattern": format!("^(?:{pattern})$") });
            let validator = jsonschema::validator_for(&schema).expect("a pattern");
            (
                scalar,
                VERSIONS.into_iter().filter(named).collect(),
                validator,
            )
        })
        .collect()
}

#[test]
fn readers_take_nothing_beyond_the_patterns_but_what_is_listed() {
    let patterns = patterns();
    let mut met = BTreeSet::new();
    let mut faults = Vec::new();
    for scalar in ScalarType::ALL {
        let texts = texts(scalar);
        for version in VERSIONS {
            let mut of_version = patterns
                .iter()
                .filter(|(of, versions, _)| *of == scalar && versions.contains(&version));
            let (_, _, pattern) = of_version.next().expect("a pattern for every type");
            assert!(of_version.next().is_none(), "{scalar} of {version} twice");
            let mut accepted = 0;
            for text in &texts {
                if scalar.check(text, version).is_err() {
                    assert!(!scalar.allows(text, version), "{scalar} {text:?}");
                    continue;
                }
                accepted += 1;
                let reasons: Vec<usize> = (0..BEYOND.len())
                    .filter(|&index| {
                        let beyond = &BEYOND[index];
                        beyond.scalar == scalar
                            && beyond.versions.contains(&version)
                            && (beyond.is)(text)
                    })
                    .collect();
                let matches = pattern.is_valid(&json!(text));
                let legal = match reasons.first() {
                    _ if matches => true,
                    Some(&reason) => BEYOND[reason].legal,
                    None => {
                        faults.push(format!("{version} takes {scalar} {text:?}"));
                        continue;
                    }
                };
                if !matches {
                    met.extend(reasons.into_iter().map(|reason| (reason, version)));
                }
                if scalar.allows(text, version) != legal {
                    faults.push(format!("{version}: {scalar} {text:?} is legal: {legal}"));
                }
            }
            assert!(accepted > 0, "no {scalar} for {version}");
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    for (index, beyond) in BEYOND.iter().enumerate() {
        for version in beyond.versions {
            let listed = format!("{} with {} in {version}", beyond.scalar, beyond.what);
            assert!(met.contains(&(index, *version)), "never met: {listed}");
        }
    }
}

/// The UIDs of a study are texts that no pattern holds.
#[test]
fn uids_are_whatever_a_string_may_be() {
    for version in VERSIONS {
        for text in texts(Text).iter().chain(&texts(Oid)) {
            let string = Text.check(text, version).is_ok();
            assert_eq!(RawUid::read(text, version, &mut Unshared).is_ok(), string);
            assert_eq!(
                RawUrnOid::read(text, version, &mut Unshared).is_ok(),
                string
            );
        }
    }
}

/// What the README says of decimals where serde holds them as floating point numbers.
#[test]
fn decimals_in_trees_of_serde() {
    let text = r#"{"url":"http://e.example/x","valueDecimal":1.10}"#;
    let held: imaging_study::r4::Extension = serde_json::from_str(text).expect("an extension");
    assert_eq!(serde_json::to_string(&held).expect("JSON"), text);
    let tree = serde_json::to_value(&held).expect("a tree");
    assert_eq!(tree["valueDecimal"].to_string(), "1.1");
    let tree = imaging_study::core::to_json(&held).expect("a tree");
    assert_eq!(imaging_study::json::json_to_string(&tree), text);

    #[derive(Debug, serde::Deserialize)]
    struct Around {
        #[serde(flatten)]
        extension: imaging_study::r4::Extension,
    }
    assert!(serde_json::from_str::<Around>(text).is_err());
    let whole = text.replace("1.10", "110");
    let around: Around = serde_json::from_str(&whole).expect("an extension");
    assert_eq!(
        serde_json::to_string(&around.extension).expect("JSON"),
        whole
    );
}
