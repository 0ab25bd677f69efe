//! Twice the data take about twice the time, for every list that data sets have. It measures, and so
//! it is run alone: `cargo test -p imaging-study-from-dicom --all-features --test doubling --
//! --ignored`.

#[path = "support/forms.rs"]
mod forms;

use std::time::{Duration, Instant};

use forms::file;
use imaging_study_from_dicom::{Options, Studies};
use imaging_study_r5::ImagingStudy;
use serde_json::{Value, json};

/// What becomes more.
#[derive(Clone, Copy, Debug)]
enum List {
    Studies,
    Series,
    Instances,
    /// The items of a sequence that is needed.
    Items,
    /// The items of a sequence in an item of one.
    ItemsOfItems,
    /// The items of a sequence that is not needed, such as the images that are referred to.
    Referenced,
    /// The values of an attribute.
    Values,
    /// Private attributes.
    Attributes,
}

const LISTS: [List; 8] = [
    List::Studies,
    List::Series,
    List::Instances,
    List::Items,
    List::ItemsOfItems,
    List::Referenced,
    List::Values,
    List::Attributes,
];

fn instance(study: &str, series: &str, uid: &str) -> Value {
    json!({
        "00080016": { "vr": "UI", "Value": ["1.2.840.10008.5.1.4.1.1.2"] },
        "00080018": { "vr": "UI", "Value": [uid] },
        "00080060": { "vr": "CS", "Value": ["CT"] },
        "0020000D": { "vr": "UI", "Value": [study] },
        "0020000E": { "vr": "UI", "Value": [series] },
    })
}

fn code(number: usize) -> Value {
    json!({
        "00080100": { "vr": "SH", "Value": [format!("C{number}")] },
        "00080102": { "vr": "SH", "Value": ["LN"] },
        "00080104": { "vr": "LO", "Value": [format!("meaning {number}")] },
    })
}

fn data_sets(list: List, count: usize) -> Vec<Value> {
    let numbers = 0..count;
    let with = |tag: &str, vr: &str, value: Vec<Value>| {
        let mut one = instance("1.2", "1.3", "1.4");
        one[tag] = json!({ "vr": vr, "Value": value });
        vec![one]
    };
    let uid = |number: usize| json!({ "vr": "UI", "Value": [format!("1.5.{number}")] });
    match list {
        List::Studies => numbers
            .map(|one| {
                instance(
                    &format!("1.2.{one}"),
                    &format!("1.3.{one}"),
                    &format!("1.4.{one}"),
                )
            })
            .collect(),
        List::Series => numbers
            .map(|one| instance("1.2", &format!("1.3.{one}"), &format!("1.4.{one}")))
            .collect(),
        List::Instances => numbers
            .map(|one| instance("1.2", "1.3", &format!("1.4.{one}")))
            .collect(),
        List::Items => with("00081032", "SQ", numbers.map(code).collect()),
        List::ItemsOfItems => {
            let reasons: Vec<_> = numbers.map(code).collect();
            let item = json!({ "0040100A": { "vr": "SQ", "Value": reasons } });
            with("00400275", "SQ", vec![item])
        }
        List::Referenced => {
            let items = numbers.map(|one| json!({ "00081155": uid(one) }));
            with("00081140", "SQ", items.collect())
        }
        List::Values => {
            let values = numbers.map(|one| json!(format!("V{one}")));
            with("00080008", "CS", values.collect())
        }
        List::Attributes => {
            let mut one = instance("1.2", "1.3", "1.4");
            for number in numbers {
                let tag = format!("{:08X}", 0x0009_0000_u32 + number as u32);
                one[tag.as_str()] = uid(number);
            }
            vec![one]
        }
    }
}

/// Reads, builds, and merges the same again.
fn work(read: &dyn Fn() -> Studies) -> Duration {
    let start = Instant::now();
    let studies = read();
    let options = Options::default();
    for study in studies.iter() {
        let mut built = study.build::<ImagingStudy>(&options).study;
        let changes = study.merge_into(&mut built, &options).expect("the same");
        assert!(changes.is_unchanged());
    }
    start.elapsed()
}

/// The least of several times.
fn least(read: &dyn Fn() -> Studies, rounds: usize) -> Duration {
    let times = (0..rounds).map(|_| work(read));
    times.min().expect("a round")
}

/// The least that is measured: shorter times are noise.
const ENOUGH: Duration = Duration::from_millis(10);

#[test]
#[ignore = "measures time"]
fn twice_the_data_take_at_most_two_and_a_half_times_as_long() {
    for list in LISTS {
        for files in [false, true] {
            let reader = |count: usize| -> Box<dyn Fn() -> Studies> {
                let sets = data_sets(list, count);
                if files {
                    let files: Vec<_> = sets.iter().map(file).collect();
                    Box::new(move || {
                        let mut studies = Studies::default();
                        for file in &files {
                            let file = std::io::Cursor::new(file);
                            studies.add_dicom(file).expect("a DICOM file");
                        }
                        studies
                    })
                } else {
                    let text = Value::from(sets).to_string();
                    Box::new(move || {
                        let mut studies = Studies::default();
                        studies.add_json(text.as_bytes()).expect("a list");
                        studies
                    })
                }
            };
            let what = format!("{list:?}, files {files}");
            // Explicit lengths of values end at 64 KiB, private tags of a group at 65,535.
            let limit = match list {
                List::Values if files => 4_000,
                // No more than 1,024 items are kept.
                List::Items | List::ItemsOfItems => 500,
                List::Attributes => 30_000,
                _ => 64_000,
            };
            let mut count = 500;
            while count < limit && work(&reader(count)) < ENOUGH {
                count *= 2;
            }
            let count = count.min(limit);
            let (once, twice) = (reader(count), reader(2 * count));
            let mut ratio = f64::INFINITY;
            for _ in 0..4 {
                let (one, two) = (least(&*once, 2), least(&*twice, 2));
                ratio = ratio.min(two.as_secs_f64() / one.as_secs_f64());
                if ratio <= 2.5 {
                    break;
                }
            }
            println!("{what}: {count} and twice as many, ratio {ratio:.2}");
            assert!(ratio <= 2.5, "{what}: {ratio:.2}");
        }
    }
}
