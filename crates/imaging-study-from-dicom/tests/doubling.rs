//! Twice the data take about twice the time, for every list that data sets have. It measures the time
//! of its thread, so that it holds beside other work, and runs alone because it is long:
//! `cargo test -p imaging-study-from-dicom --all-features --test doubling -- --ignored`.

#[path = "support/forms.rs"]
mod forms;

use std::time::Duration;

use forms::file;
use imaging_study_from_dicom::{Options, Studies};
use imaging_study_r5::ImagingStudy;
use serde_json::{Value, json};

/// What becomes more.
#[derive(Clone, Copy, Debug)]
enum List {
    Studies,
    Series,
    /// Series, each with a modality of its own.
    Modalities,
    Instances,
    /// Instances, each with a value of its own of an attribute.
    OneEach(&'static str, &'static str),
    /// The items of a sequence that is needed.
    Items(&'static str),
    /// The items of a sequence in an item of one.
    ItemsOfItems(&'static str, &'static str),
    /// The items of a sequence that is not needed, such as the images that are referred to.
    Referenced,
    /// The values of an attribute.
    Values(&'static str, &'static str),
    /// Private attributes.
    Attributes,
}

const LISTS: &[List] = &[
    List::Studies,
    List::Series,
    List::Modalities,
    List::Instances,
    // Accession Number, Referring Physician's Name, Operators' Name, Admission ID, Study ID, Body Part
    // Examined.
    List::OneEach("00080050", "SH"),
    List::OneEach("00080090", "PN"),
    List::OneEach("00081070", "PN"),
    List::OneEach("00380010", "LO"),
    List::OneEach("00200010", "SH"),
    List::OneEach("00180015", "CS"),
    // Of codes: Procedure Code, Requested Procedure Code, Reason for Requested Procedure Code, Anatomic
    // Region, Series Description Code, Concept Name Code.
    List::Items("00081032"),
    List::Items("00321064"),
    List::Items("0040100A"),
    List::Items("00082218"),
    List::Items("0008103F"),
    List::Items("0040A043"),
    // Of persons: Referring Physician, Performing Physician, Operator Identification.
    List::Items("00080096"),
    List::Items("00081052"),
    List::Items("00081072"),
    // Of identifiers: Issuer of Accession Number, Referenced Request, Request Attributes, Specimen
    // Description, Group of Patients Identification.
    List::Items("00080051"),
    List::Items("0040A370"),
    List::Items("00400275"),
    List::Items("00400560"),
    List::Items("00100027"),
    List::ItemsOfItems("00400275", "0040100A"),
    List::ItemsOfItems("00400275", "00321064"),
    List::ItemsOfItems("52009229", "00209071"),
    List::ItemsOfItems("00081072", "00401101"),
    List::Referenced,
    // Image Type, Modalities in Study, names of those who performed, read and operated, Reason for the
    // Requested Procedure.
    List::Values("00080008", "CS"),
    List::Values("00080061", "CS"),
    List::Values("00081050", "PN"),
    List::Values("00081060", "PN"),
    List::Values("00081070", "PN"),
    List::Values("00401002", "LO"),
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

/// An attribute of one value.
fn value(vr: &str, text: &str) -> Value {
    match vr {
        "PN" => json!({ "vr": vr, "Value": [{ "Alphabetic": text }] }),
        _ => json!({ "vr": vr, "Value": [text] }),
    }
}

/// An item that says something as a code, as a person, as an identifier and as a request.
fn item(number: usize) -> Value {
    let code = json!({
        "00080100": { "vr": "SH", "Value": [format!("C{number}")] },
        "00080102": { "vr": "SH", "Value": ["LN"] },
        "00080104": { "vr": "LO", "Value": [format!("meaning {number}")] },
    });
    let mut item = code.clone();
    for (tag, vr, value) in [
        ("00080050", "SH", format!("A{number}")),
        ("00100020", "LO", format!("P{number}")),
        ("00400031", "UT", format!("N{number}")),
        ("00400551", "LO", format!("S{number}")),
        ("00402016", "LO", format!("O{number}")),
        ("00402017", "LO", format!("F{number}")),
    ] {
        item[tag] = json!({ "vr": vr, "Value": [value] });
    }
    for tag in ["0040100A", "00321064", "00401101"] {
        item[tag] = json!({ "vr": "SQ", "Value": [code] });
    }
    item
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
        List::Modalities => numbers
            .map(|one| {
                let mut data_set = instance("1.2", &format!("1.3.{one}"), &format!("1.4.{one}"));
                data_set["00080060"] = value("CS", &format!("M{one}"));
                data_set
            })
            .collect(),
        List::OneEach(tag, vr) => numbers
            .map(|one| {
                let mut data_set = instance("1.2", "1.3", &format!("1.4.{one}"));
                data_set[tag] = value(vr, &format!("V{one}"));
                data_set
            })
            .collect(),
        List::Items(tag) => with(tag, "SQ", numbers.map(item).collect()),
        List::ItemsOfItems(outer, inner) => {
            let items: Vec<_> = numbers.map(item).collect();
            let around = json!({ inner: { "vr": "SQ", "Value": items } });
            with(outer, "SQ", vec![around])
        }
        List::Referenced => {
            let items = numbers.map(|one| json!({ "00081155": uid(one) }));
            with("00081140", "SQ", items.collect())
        }
        List::Values(tag, vr) => {
            let values = numbers.map(|one| value(vr, &format!("V{one}"))["Value"][0].take());
            with(tag, vr, values.collect())
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

/// The time that the processor spent on this thread; elsewhere that of the clock on the wall.
fn thread_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        time.try_into().expect("time since the thread began")
    }
    #[cfg(not(unix))]
    {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed()
    }
}

/// Reads, builds, and merges the same again.
fn work(read: &dyn Fn() -> Studies) -> Duration {
    let start = thread_time();
    let studies = read();
    let options = Options::default();
    for study in studies.iter() {
        let mut built = study.build::<ImagingStudy>(&options).study;
        let changes = study.merge_into(&mut built, &options).expect("the same");
        assert!(changes.is_unchanged());
    }
    thread_time().saturating_sub(start)
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
    for &list in LISTS {
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
            // Private tags of a group end at 65,535.
            let limit = match list {
                // No more than 1,024 values are kept.
                List::Items(_) | List::ItemsOfItems(..) => 500,
                List::OneEach(..) => 500,
                // Longer values of files are not kept at all.
                List::Values(..) if files => 250,
                List::Values(..) => 500,
                List::Attributes => 30_000,
                _ => 64_000,
            };
            let mut count = limit.min(500);
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
