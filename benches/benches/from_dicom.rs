//! What building studies from DICOM takes beside the same input parsed by others.

use std::fs;
use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use dicom_core::{DataElement, PrimitiveValue, Tag, VR};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use imaging_study_benches::{Bound, Metadata, Meter, Target, Timing, interleave, peak_resident};
use imaging_study_from_dicom::{Options, Studies};
use imaging_study_r5::ImagingStudy;
use serde::de::IgnoredAny;
use serde_json::Value;

const STREAM: &str = "stream";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [_, instances, binary] = arguments.as_slice()
        && arguments[0] == STREAM
    {
        return stream(
            instances.parse().expect("a number"),
            binary.parse().expect("a number"),
        );
    }
    let thorough = arguments.iter().any(|argument| argument == "--bench");
    if !thorough {
        println!("Small inputs only: they show that everything works, and measure nothing.");
    }
    print_json(if thorough { (2_000, 60) } else { (20, 1) });
    println!();
    print_memory(thorough);
    println!();
    print_files(if thorough { (10_000, 7) } else { (20, 1) });
}

/// The study of DICOM JSON.
fn built(text: &[u8]) -> ImagingStudy {
    let mut studies = Studies::default();
    studies.add_json(text).expect("a list of objects");
    study(&studies)
}

fn study(studies: &Studies) -> ImagingStudy {
    let study = studies.iter().next().expect("a study");
    study.build(&Options::default()).study
}

fn print_json((instances, rounds): (u32, usize)) {
    let text = Metadata::new(instances, 0).text();
    let study = built(&text);
    let listed: usize = study.series.iter().map(|one| one.instance.len()).sum();
    assert_eq!(listed, instances as usize);
    println!(
        "DICOM JSON of {instances} instances in {} series, {} bytes; {rounds} rounds",
        study.series.len(),
        text.len()
    );
    let tasks = ["skip", "Value", "build", "build, streamed", "write"];
    let mut gathered = Studies::default();
    gathered.add_json(&text).expect("a list of objects");
    let timings = interleave(&tasks, rounds, |task, stopwatch| match *task {
        "skip" => stopwatch.measure(|| {
            serde_json::from_slice::<IgnoredAny>(&text).expect("JSON");
        }),
        "Value" => stopwatch.measure(|| {
            drop(black_box(
                serde_json::from_slice::<Value>(&text).expect("JSON"),
            ));
        }),
        "build" => stopwatch.measure(|| drop(black_box(built(&text)))),
        "build, streamed" => stopwatch.measure(|| {
            let mut studies = Studies::default();
            studies
                .add_json_reader(Cursor::new(&text))
                .expect("a list of objects");
            drop(black_box(self::study(&studies)));
        }),
        _ => stopwatch.measure(|| drop(black_box(self::study(&gathered)))),
    });
    let names = [
        "skip: serde_json IgnoredAny",
        "parse: serde_json Value",
        "build: add_json and build",
        "build: add_json_reader",
        "of that, build alone",
    ];
    print_table(&names, &timings, text.len());
    let ratio = timings[2].ratio(&timings[1]);
    println!(
        "{}",
        Target::new("build / Value", ratio, Bound::AtMost(3.0))
    );
    println!(
        "{}",
        Target::new("build / Value", ratio, Bound::AtMost(1.0))
    );
}

fn print_table(names: &[&str], timings: &[Timing], bytes: usize) {
    println!(
        "{:<30} {:>10} {:>10} {:>8}",
        "", "median µs", "best µs", "MB/s"
    );
    for (name, timing) in names.iter().zip(timings) {
        println!(
            "{name:<30} {:>10.1} {:>10.1} {:>8.0}",
            timing.median().as_secs_f64() * 1e6,
            timing.best().as_secs_f64() * 1e6,
            timing.megabytes_per_second(bytes),
        );
    }
}

/// Builds a study from a stream that is generated, and tells the peak of memory.
fn stream(instances: u32, binary: usize) {
    let mut studies = Studies::default();
    studies
        .add_json_reader(Metadata::new(instances, binary))
        .expect("a list of objects");
    let study = studies.iter().next().expect("a study");
    assert_eq!(study.number_of_instances(), instances as usize);
    println!("{}", peak_resident().unwrap_or_default());
}

fn print_memory(thorough: bool) {
    let program = std::env::current_exe().expect("this program");
    let measure = |instances: u32, binary: usize| {
        let output = Command::new(&program)
            .args([STREAM, &instances.to_string(), &binary.to_string()])
            .output()
            .expect("a child process");
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).expect("a number");
        text.trim().parse::<f64>().expect("a number") / 1e6
    };
    println!("Peak memory of a process that gathers a stream of metadata");
    let (few, many) = if thorough { (2_000, 20_000) } else { (20, 200) };
    let show = |instances, binary| {
        let peak = measure(instances, binary);
        println!(
            "{instances:>8} instances with {binary:>7} bytes more each: {peak:.1} MB resident"
        );
        peak
    };
    let small = show(few, 0);
    let large = show(few, 100_000);
    let long = show(many, 0);
    // A data set is in memory while it is read, and the buffer it stands in may double.
    let target = Target::new(
        "MB for 100 KB more in each",
        large - small,
        Bound::AtMost(1.0),
    );
    println!("{target}");
    let each = (long - small) * 1e6 / f64::from(many - few);
    let target = Target::new("bytes an instance", each, Bound::AtMost(500.0));
    println!("{target}");
}

/// A small CT image.
fn image(number: u32) -> Vec<u8> {
    let mut object = InMemDicomObject::new_empty();
    let uid = "1.3.6.1.4.1.5962.99.1.2280943358.716200484.1363785608958";
    let mut put = |group, element, vr, text: &str| {
        let value = PrimitiveValue::from(text);
        object.put(DataElement::new(Tag(group, element), vr, value));
    };
    put(0x0008, 0x0016, VR::UI, "1.2.840.10008.5.1.4.1.1.2");
    put(
        0x0008,
        0x0018,
        VR::UI,
        &format!("{uid}.{}.{number}", number % 10),
    );
    put(0x0008, 0x0020, VR::DA, "20260302");
    put(0x0008, 0x0030, VR::TM, "081500");
    put(0x0008, 0x0050, VR::SH, "A-4711");
    put(0x0008, 0x0060, VR::CS, "CT");
    put(0x0008, 0x103E, VR::LO, "Lung 1.0");
    put(0x0010, 0x0010, VR::PN, "Yamada^Tarou");
    put(0x0010, 0x0020, VR::LO, "4-11");
    put(0x0018, 0x0015, VR::CS, "CHEST");
    put(0x0018, 0x0060, VR::DS, "120");
    put(0x0020, 0x000D, VR::UI, uid);
    put(0x0020, 0x000E, VR::UI, &format!("{uid}.{}", number % 10));
    put(0x0020, 0x0011, VR::IS, &(number % 10).to_string());
    put(0x0020, 0x0013, VR::IS, &number.to_string());
    put(
        0x0020,
        0x0032,
        VR::DS,
        "-158.135803\\-179.035797\\-75.699997",
    );
    put(0x0028, 0x1050, VR::DS, "-600");
    let pixels = PrimitiveValue::from(vec![0_u8; 32 * 1024]);
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, pixels));
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax("1.2.840.10008.1.2.1")
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.2")
        .media_storage_sop_instance_uid("1.2.3");
    let mut bytes = Vec::new();
    let file = object.with_meta(meta).expect("a file");
    file.write_all(&mut bytes).expect("a written file");
    bytes
}

fn print_files((count, rounds): (u32, usize)) {
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> = (0..count)
        .map(|number| {
            let path = folder.path().join(format!("{number}.dcm"));
            fs::write(&path, image(number)).expect("a written file");
            path
        })
        .collect();
    println!("{count} files of 33 KB; {rounds} rounds, in the cache of the system");
    let gather = || {
        let mut studies = Studies::default();
        for path in &paths {
            studies.add_file(path).expect("a DICOM file");
        }
        studies
    };
    let study = study(&gather());
    assert_eq!(study.number_of_instances.value.map(u32::from), Some(count));
    let tasks = ["open", "gather"];
    let timings = interleave(&tasks, rounds, |task, stopwatch| match *task {
        "open" => stopwatch.measure(|| {
            for path in &paths {
                black_box(first_bytes(path));
            }
        }),
        _ => stopwatch.measure(|| drop(black_box(gather()))),
    });
    for (name, timing) in ["open, and read 8 KB", "add_file"].iter().zip(&timings) {
        let each = timing.median().as_secs_f64() * 1e6 / f64::from(count);
        println!("{name:<30} {each:>10.1} µs a file");
    }
    let ratio = timings[1].ratio(&timings[0]);
    println!("add_file / open: {ratio:.2}");
    let rate = f64::from(count) / timings[1].median().as_secs_f64();
    // No disk opens so many different files in a second.
    println!(
        "{}",
        Target::new("files a second", rate, Bound::AtLeast(20_000.0))
    );
}

fn first_bytes(path: &Path) -> [u8; 8192] {
    let mut bytes = [0; 8192];
    let mut file = fs::File::open(path).expect("a file");
    file.read_exact(&mut bytes).expect("8 KB");
    bytes
}
