//! What checking a UID takes, beside the `oid` crate and a regular expression.

use std::hint::black_box;

use imaging_study::dicom::{RawUid, Uid};
use imaging_study_benches::{Bound, Meter, Random, Target, interleave};
use oid::ObjectIdentifier;
use regex::bytes::Regex;

/// The grammar of a UID, but for its length.
const GRAMMAR: &str = r"^(?-u)([01]\.[1-3]?[0-9]|2\.(0|[1-9][0-9]*))(\.(0|[1-9][0-9]*))*$";

fn main() {
    // `cargo bench` says so; whoever else starts this only wants to know that it works.
    let thorough = std::env::args().any(|argument| argument == "--bench");
    let (rounds, count) = if thorough { (200, 10_000) } else { (1, 100) };
    if !thorough {
        println!("One round only: it shows that everything works, and measures nothing.");
    }
    let uids = uids(count);
    let longest = uids.iter().map(String::len).max().unwrap_or_default();
    let bytes: usize = uids.iter().map(String::len).sum();
    println!("{count} UIDs, {bytes} bytes, {longest} at most; {rounds} rounds");

    let regex = Regex::new(GRAMMAR).expect("the grammar is a regular expression");
    for uid in &uids {
        assert!(Uid::parse(uid).is_ok_and(|parsed| parsed.as_str() == uid));
        assert!(regex.is_match(uid.as_bytes()));
        let oid = ObjectIdentifier::try_from(uid.as_str()).expect("the components are small");
        assert_eq!(String::from(&oid), *uid);
    }

    let timings = interleave(&Task::ALL, rounds, |task, stopwatch| {
        stopwatch.measure(|| task.perform(&uids, &regex));
    });
    println!("{:<36} {:>10} {:>10}", "", "ns a UID", "MB/s");
    for (task, timing) in Task::ALL.iter().zip(&timings) {
        println!(
            "{:<36} {:>10.1} {:>10.0}",
            task.name(),
            timing.median().as_secs_f64() * 1e9 / f64::from(count),
            timing.megabytes_per_second(bytes),
        );
    }
    let [parse, any, _, oid, regex, regex_copy] = &timings[..] else {
        unreachable!("there is a timing for each task");
    };
    for target in [
        Target::new("oid / parse", oid.ratio(parse), Bound::AtLeast(5.0)),
        Target::new("regex / parse", regex.ratio(parse), Bound::AtLeast(5.0)),
        Target::new(
            "regex and a copy / parse",
            regex_copy.ratio(parse),
            Bound::AtLeast(5.0),
        ),
        Target::new("parse_any / parse", any.ratio(parse), Bound::AtMost(1.5)),
    ] {
        println!("{target}");
    }
}

/// UIDs as archives have them, with components that the `oid` crate can hold.
fn uids(count: u32) -> Vec<String> {
    let roots = [
        "1.2.840.113619.2.55.3",
        "1.3.12.2.1107.5.1.4.54023",
        "1.2.826.0.1.3680043.8.498",
        "1.2.392.200036.9116.2.6.1.48",
        "2.16.840.1.114362.1",
        "1.2.840.10008.5.1.4.1.1.2",
    ];
    let mut random = Random::new(7);
    (0..count)
        .map(|index| {
            let mut uid = roots[index as usize % roots.len()].to_owned();
            for _ in 0..random.between(0, 4) {
                let component = format!(".{}", random.between(0, 3_999_999_999));
                if uid.len() + component.len() <= Uid::MAX_LENGTH {
                    uid.push_str(&component);
                }
            }
            uid
        })
        .collect()
}

#[derive(Clone, Copy)]
enum Task {
    Parse,
    ParseAny,
    Raw,
    Oid,
    Regex,
    RegexCopy,
}

impl Task {
    const ALL: [Self; 6] = [
        Self::Parse,
        Self::ParseAny,
        Self::Raw,
        Self::Oid,
        Self::Regex,
        Self::RegexCopy,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::Parse => "Uid::parse",
            Self::ParseAny => "Uid::parse_any",
            Self::Raw => "RawUid::from",
            Self::Oid => "oid: ObjectIdentifier::try_from",
            Self::Regex => "regex: is_match",
            Self::RegexCopy => "regex: is_match, and a String",
        }
    }

    fn perform(self, uids: &[String], regex: &Regex) {
        match self {
            Self::Parse => each(uids, Uid::parse),
            Self::ParseAny => each(uids, Uid::parse_any),
            Self::Raw => each(uids, |uid| RawUid::from(uid)),
            Self::Oid => each(uids, |uid| ObjectIdentifier::try_from(uid)),
            Self::Regex => each(uids, |uid| {
                uid.len() <= Uid::MAX_LENGTH && regex.is_match(uid.as_bytes())
            }),
            Self::RegexCopy => each(uids, |uid| {
                (uid.len() <= Uid::MAX_LENGTH && regex.is_match(uid.as_bytes()))
                    .then(|| uid.to_owned())
            }),
        }
    }
}

fn each<T>(uids: &[String], mut work: impl FnMut(&str) -> T) {
    for uid in uids {
        black_box(work(black_box(uid)));
    }
}
