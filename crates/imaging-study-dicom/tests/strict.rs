//! The grammar of a UID: a table of cases, and an independent statement of the same rules.

mod fixtures;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use fixtures::rows;
use imaging_study_dicom::{RawUid, Uid, UidError};

fn verdict(result: Result<Uid, UidError>) -> String {
    match result {
        Ok(_) => "valid".to_owned(),
        Err(UidError::Empty) => "empty".to_owned(),
        Err(UidError::TooLong { length }) => format!("too-long {length}"),
        Err(UidError::Character { position }) => format!("character {position}"),
        Err(UidError::EmptyComponent { position }) => format!("empty-component {position}"),
        Err(UidError::LeadingZero { position }) => format!("leading-zero {position}"),
        Err(UidError::SingleComponent) => "single-component".to_owned(),
        Err(UidError::BadRoot) => "bad-root".to_owned(),
        Err(UidError::BadSecondArc { position }) => format!("bad-second-arc {position}"),
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn each_text_of_the_table_gets_its_verdict() {
    let rows = rows("strict.tsv");
    assert!(rows.len() > 100);
    for row in rows {
        let text = row[1].clone();
        assert_eq!(verdict(Uid::parse(&text)), row[0], "{:?}", row[1]);
        assert_eq!(verdict(text.parse()), row[0], "{:?}", row[1]);
        assert_eq!(verdict(Uid::parse_bytes(text.as_bytes())), row[0]);
        assert_eq!(verdict(RawUid::from(text.as_str()).check()), row[0]);
        if let Ok(uid) = Uid::parse(&text) {
            assert_eq!(uid.as_str(), text);
            assert_eq!(uid.to_string(), text);
        }
    }
}

/// The rules again, as one would read them out, with none of the code of the crate.
fn is_uid(text: &[u8]) -> bool {
    if text.is_empty() || text.len() > 64 {
        return false;
    }
    let components: Vec<&[u8]> = text.split(|byte| *byte == b'.').collect();
    let number = |component: &&[u8]| {
        !component.is_empty()
            && component.iter().all(u8::is_ascii_digit)
            && (component.len() == 1 || component[0] != b'0')
    };
    if components.len() < 2 || !components.iter().all(number) {
        return false;
    }
    let small = |component: &[u8]| {
        let text = String::from_utf8(component.to_vec()).unwrap_or_default();
        text.parse::<u128>().unwrap_or(u128::MAX)
    };
    match small(components[0]) {
        0 | 1 => small(components[1]) <= 39,
        2 => true,
        _ => false,
    }
}

/// A small generator, so that the run is the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

#[test]
fn a_million_random_texts_are_judged_as_the_rules_say() {
    let mut random = Random(0x5eed_1234_abcd_0001);
    let mut valid = 0_u32;
    for round in 0..1_000_000_u32 {
        let length = random.below(70) as usize;
        let bytes: Vec<u8> = (0..length)
            .map(|position| match (round % 4, random.below(40)) {
                // Any bytes; then bytes that are ever more like a UID.
                (0, _) => random.next() as u8,
                (_, 0) => b'.' + random.below(4) as u8,
                (1, 1..=20) => b'.',
                (_, 1..=9) if position > 0 => b'.',
                (_, 10..=12) => b'0',
                _ if position == 0 => b'0' + random.below(4) as u8,
                _ => b'1' + random.below(9) as u8,
            })
            .collect();
        let result = Uid::parse_bytes(&bytes);
        assert_eq!(result.is_ok(), is_uid(&bytes), "{bytes:?}");
        valid += u32::from(result.is_ok());
    }
    assert!(valid > 5_000, "only {valid} of the texts were UIDs");
}

#[test]
fn every_text_of_up_to_five_characters_is_judged_as_the_rules_say() {
    let alphabet = b"01249.x";
    for length in 0..=5_u32 {
        for number in 0..7_usize.pow(length) {
            let mut rest = number;
            let text: Vec<u8> = (0..length)
                .map(|_| {
                    let byte = alphabet[rest % 7];
                    rest /= 7;
                    byte
                })
                .collect();
            assert_eq!(Uid::parse_bytes(&text).is_ok(), is_uid(&text), "{text:?}");
        }
    }
}

#[test]
fn a_map_of_uids_can_be_asked_with_text() {
    let uid = Uid::from_static("1.2.840.10008.1.1");
    let hash = |value: &dyn Fn(&mut DefaultHasher)| {
        let mut hasher = DefaultHasher::new();
        value(&mut hasher);
        hasher.finish()
    };
    assert_eq!(
        hash(&|hasher| uid.hash(hasher)),
        hash(&|hasher| uid.as_str().hash(hasher))
    );
    assert_eq!(HashMap::from([(uid, 1)]).get("1.2.840.10008.1.1"), Some(&1));
    assert_eq!(
        BTreeMap::from([(uid, 1), (Uid::DICOM, 2)]).get("1.2.840.10008"),
        Some(&2)
    );
    assert_eq!(
        HashMap::from([(RawUid::from("local 17"), 3)]).get("local 17"),
        Some(&3)
    );
}

#[test]
fn a_value_of_a_data_set_loses_its_padding_and_nothing_else() {
    let uid = Uid::from_static("1.2.3");
    for padded in ["1.2.3", "1.2.3\0", "1.2.3 ", " 1.2.3\0\0", "\0 1.2.3 \0 "] {
        assert_eq!(Uid::from_dicom(padded.as_bytes()), Ok(uid));
    }
    for (value, error) in [
        ("1.2.3\\1.2.4", UidError::MultiValue { position: 5 }),
        (" 1.2.3\\", UidError::MultiValue { position: 6 }),
        ("\0\0", UidError::Empty),
        ("  1.2.x", UidError::Character { position: 6 }),
        ("1.2\0.3", UidError::Character { position: 3 }),
        ("1.2.3\t", UidError::Character { position: 5 }),
    ] {
        assert_eq!(Uid::from_dicom(value.as_bytes()), Err(error), "{value:?}");
    }
    let longest = format!("2.{}", "2".repeat(62));
    assert_eq!(
        Uid::from_dicom(longest.as_bytes()).map(|uid| uid.to_string()),
        Ok(longest)
    );
}

#[test]
fn a_child_is_one_component_longer_or_refused() {
    let root = Uid::from_static("2.25");
    for number in [0, 1, 9, 10, 4_294_967_296, u128::MAX] {
        let child = root.child(number).expect("it is short enough");
        assert_eq!(child.as_str(), format!("2.25.{number}"));
        assert_eq!(Uid::parse(child.as_str()), Ok(child));
    }
    let long = Uid::parse(&format!("2.{}", "2".repeat(60))).expect("62 characters");
    assert_eq!(long.child(9).map(|uid| uid.as_str().len()), Ok(64));
    assert_eq!(long.child(10), Err(UidError::TooLong { length: 65 }));
}

#[test]
fn no_error_repeats_the_text() {
    for row in rows("strict.tsv") {
        let text = row[1].clone();
        if let Err(error) = Uid::parse(&text) {
            let message = error.to_string();
            assert!(text.len() < 4 || !message.contains(&text), "{message}");
            assert!(message.starts_with(char::is_lowercase) && !message.ends_with('.'));
        }
    }
}

#[test]
fn a_constant_is_checked_when_it_is_compiled() {
    const CT: Uid = Uid::from_static("1.2.840.10008.5.1.4.1.1.2");
    const BAD: Result<Uid, UidError> = Uid::parse("1.2.840.010008");
    assert_eq!(CT, "1.2.840.10008.5.1.4.1.1.2");
    assert_eq!(BAD, Err(UidError::LeadingZero { position: 8 }));
}

#[test]
fn json_holds_the_text() {
    let uid: Uid = serde_json::from_str("\"1.2.3\"").expect("a UID");
    assert_eq!(serde_json::to_string(&uid).expect("text"), "\"1.2.3\"");
    assert!(serde_json::from_str::<Uid>("\"1.2.03\"").is_err());
    let raw: RawUid = serde_json::from_str("\"1.2.03\"").expect("any text");
    assert_eq!(raw.as_str(), "1.2.03");
}
