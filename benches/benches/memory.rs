//! Allocations, peak memory, and whether time and memory grow with the input as they should.

use std::alloc::System;
use std::fmt::Debug;
use std::hint::black_box;
use std::io;
use std::num::NonZeroUsize;
use std::process::Command;
use std::str::FromStr;
use std::time::{Duration, Instant};

use imaging_study::json::{Decoder, UnknownElements};
use imaging_study::{FhirVersion, convert, json, r4, r5, xml};
use imaging_study_benches::{
    Bound, Documents, Hostile, HostileXml, Meter, Migration, MixedStudies, Stopwatch, StudyStream,
    Target, Task, interleave, large_study, peak_resident, plain,
};
use imaging_study_migrate::{Input, Outputs, Settings, migrate};
use serde_json::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [_, bytes, threads] = arguments.as_slice()
        && arguments[0] == STREAM
    {
        return stream(parsed(bytes), parsed(threads));
    }
    if let [_, number, version] = arguments.as_slice()
        && let Some(shape) = Shape::of_argument(&arguments[0])
    {
        return hostile(shape, parsed(number), version.parse().expect("a version"));
    }
    let given = |name: &str| arguments.iter().any(|argument| argument == name);
    let effort = match (
        given("--full") || std::env::var_os("FULL").is_some(),
        given("--bench"),
    ) {
        (true, _) => Effort::Full,
        (false, true) => Effort::Usual,
        (false, false) => Effort::Least,
    };
    // Alone: `cargo bench -p imaging-study-benches --bench memory -- --hostile`.
    if given("--hostile") {
        return print_hostile(effort);
    }
    if effort == Effort::Least {
        println!("Small inputs only: they show that everything works, and measure nothing.");
    }
    print_allocations(effort);
    println!();
    print_streams(effort);
    println!();
    print_hostile(effort);
    println!();
    print_growth(effort);
}

/// How much is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Effort {
    /// Once with small inputs, to see that it works.
    Least,
    Usual,
    /// With a stream of 1 GB.
    Full,
}

/// Counts what is asked of the allocator; a block that grows counts again.
#[derive(Default)]
struct AllocationMeter {
    count: usize,
    bytes: usize,
}

impl Meter for AllocationMeter {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let region = Region::new(ALLOCATOR);
        let result = work();
        let change = region.change();
        self.count += change.allocations + change.reallocations;
        self.bytes += change.bytes_allocated;
        result
    }
}

fn print_allocations(effort: Effort) {
    let large = large_study(2_000);
    let large = Documents::new(&large);
    let studies = if effort == Effort::Least { 60 } else { 1_000 };
    let mixed: String = MixedStudies::default()
        .take(studies)
        .map(|study| study + "\n")
        .collect();
    let mixed = Documents::new(&mixed);

    println!("Allocations, and bytes allocated for a byte of JSON");
    let head = [
        "large study",
        "an instance",
        "bytes",
        "mixed study",
        "an instance",
        "bytes",
    ];
    print!("{:<30}", "");
    println!("{}", head.map(|column| format!(" {column:>12}")).concat());
    for task in Task::ALL {
        print!("{task:<30}");
        for documents in [&large, &mixed] {
            let mut meter = AllocationMeter::default();
            documents.perform(task, &mut meter);
            print!(
                " {:>12.1} {:>12.2} {:>12.2}",
                meter.count as f64 / documents.studies() as f64,
                meter.count as f64 / documents.instances() as f64,
                meter.bytes as f64 / documents.bytes() as f64,
            );
        }
        println!();
    }
    for (name, task, most) in [
        ("allocations an instance, large study", Task::Read, 1.5),
        ("the same from XML", Task::ReadXml, 2.0),
    ] {
        let mut meter = AllocationMeter::default();
        large.perform(task, &mut meter);
        let per_instance = meter.count as f64 / large.instances() as f64;
        println!("{}", Target::new(name, per_instance, Bound::AtMost(most)));
    }

    println!(
        "\nBytes held by a value for a byte of JSON {:>22} {:>12}",
        "large study", "mixed"
    );
    let print_held = |name, held: fn(&str) -> usize| {
        let [large, mixed] = [&large, &mixed].map(|documents| {
            let sum: usize = documents.lines().iter().map(|line| held(line)).sum();
            sum as f64 / documents.bytes() as f64
        });
        println!("{name:<40} {large:>22.2} {mixed:>12.2}");
    };
    print_held("serde_json Value", |line| {
        held(|| serde_json::from_str::<Value>(line))
    });
    print_held("plain derives", |line| {
        held(|| serde_json::from_str::<plain::ImagingStudy>(line))
    });
    print_held("R4, read", |line| {
        held(|| json::from_str::<r4::ImagingStudy>(line))
    });
    print_held("R5, converted", |line| {
        held(|| json::from_str(line).map(to_r5))
    });
}

/// The bytes that a value keeps.
fn held<T, E: Debug>(read: impl FnOnce() -> Result<T, E>) -> usize {
    let region = Region::new(ALLOCATOR);
    let value = Box::new(read().expect("generated studies are R4"));
    let change = region.change();
    drop(value);
    change.bytes_allocated - change.bytes_deallocated
}

fn to_r5(study: r4::ImagingStudy) -> r5::ImagingStudy {
    convert::convert(study, &convert::Options::default())
        .expect("only a strict conversion refuses")
        .value
}

/// The argument of a process that migrates one stream.
const STREAM: &str = "--stream";

fn print_streams(effort: Effort) {
    let megabytes: &[u64] = match effort {
        Effort::Least => &[1],
        Effort::Usual => &[10, 100],
        Effort::Full => &[10, 100, 1_000],
    };
    println!("Peak memory of a process that generates NDJSON, migrates it and drops the result");
    for threads in [1, 2] {
        let mut peaks = Vec::new();
        for &megabytes in megabytes {
            let process = std::env::current_exe().and_then(|program| {
                Command::new(program)
                    .args([
                        STREAM,
                        &(megabytes * 1_000_000).to_string(),
                        &threads.to_string(),
                    ])
                    .output()
            });
            let output = process.expect("this program can be started again");
            let text = String::from_utf8_lossy(&output.stdout);
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            print!("{megabytes:>5} MB, {threads} thread(s): {text}");
            peaks.extend(
                text.split_whitespace()
                    .next()
                    .and_then(|peak| peak.parse::<f64>().ok()),
            );
        }
        if let [first, .., last] = peaks.as_slice() {
            let name = "largest stream / smallest stream";
            println!("{}", Target::new(name, last / first, Bound::AtMost(1.25)));
        }
    }
}

/// Migrates one stream, and prints the peak memory first.
fn stream(bytes: u64, threads: NonZeroUsize) {
    let start = Instant::now();
    let migration = Migration {
        threads,
        detect: false,
    };
    let summary = migration.migrate(StudyStream::new(bytes), &mut io::sink());
    let elapsed = start.elapsed();
    let peak = peak_resident().map_or("?".to_owned(), |peak| format!("{:.1}", peak as f64 / 1e6));
    println!(
        "{peak} MB resident at most; {} studies, {:.1} s with their generation",
        summary.converted,
        elapsed.as_secs_f64(),
    );
}

/// An input that makes much of little.
#[derive(Clone, Copy)]
enum Shape {
    /// Lines of a letter, each of which becomes a report.
    Lines,
    /// One study with series that have an id and nothing else.
    Series,
}

impl Shape {
    const ALL: [Self; 2] = [Self::Lines, Self::Series];

    /// The argument of a process that migrates one.
    const fn argument(self) -> &'static str {
        match self {
            Self::Lines => "--lines",
            Self::Series => "--series",
        }
    }

    fn of_argument(argument: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|shape| shape.argument() == argument)
    }

    fn input(self, number: usize) -> Vec<u8> {
        match self {
            Self::Lines => b"x\n".repeat(number),
            Self::Series => {
                let series = vec![r#"{"id":"1"}"#; number].join(",");
                format!(r#"{{"resourceType":"ImagingStudy","series":[{series}]}}"#).into_bytes()
            }
        }
    }
}

fn print_hostile(effort: Effort) {
    println!("Peak memory of a process that makes much of little, and the input");
    let (lines, series) = match effort {
        Effort::Least => (10_000, 1_000),
        _ => (2_000_000, 700_000),
    };
    const MIB: f64 = 1_048_576.0 / 1e6;
    print_hostile_line(Shape::Lines, lines, FhirVersion::R5, 100.0 * MIB);
    for to in FhirVersion::ALL {
        print_hostile_line(Shape::Series, series, to, 900.0 * MIB);
    }
}

fn print_hostile_line(shape: Shape, number: usize, to: FhirVersion, most: f64) {
    let process = std::env::current_exe().and_then(|program| {
        let arguments = [shape.argument(), &number.to_string(), to.name()];
        Command::new(program).args(arguments).output()
    });
    let output = process.expect("this program can be started again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let name = match shape {
        Shape::Lines => format!("{number} lines `x`, MB"),
        Shape::Series => format!("{number} series with an id, R4 to {to}, MB"),
    };
    match text.trim().parse() {
        Ok(peak) => println!("{}", Target::new(name, peak, Bound::AtMost(most))),
        Err(_) => println!("{name}: the system does not tell"),
    }
}

/// Migrates one input, and prints the peak memory.
fn hostile(shape: Shape, number: usize, to: FhirVersion) {
    let input = shape.input(number);
    let settings = Settings {
        from: Some(FhirVersion::R4),
        jobs: NonZeroUsize::new(2).expect("not 0"),
        ..Settings::new(to)
    };
    let mut outputs = Outputs {
        output: &mut io::sink(),
        quarantine: &mut io::sink(),
        losses: Some(&mut io::sink()),
        issues: None,
        rejects: None,
        progress: None,
    };
    let inputs = [Input::new("bench", input.as_slice())];
    let summary = migrate(inputs, &settings, &mut outputs).expect("memory does not fail");
    let expected = match shape {
        Shape::Lines => (number as u64, 0),
        Shape::Series => (0, 1),
    };
    assert_eq!((summary.quarantined, summary.converted), expected);
    if let Some(peak) = peak_resident() {
        println!("{:.1}", peak as f64 / 1e6);
    }
}

fn parsed<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("this program passes numbers to itself")
}

fn print_growth(effort: Effort) {
    let (steps, rounds) = if effort == Effort::Least {
        (2, 1)
    } else {
        (5, 7)
    };

    println!("Time in ns for a byte of a study of 1,000, 2,000, 4,000, ... instances");
    let texts: Vec<String> = (0..steps).map(|step| large_study(1_000 << step)).collect();
    let documents: Vec<Documents<'_>> = texts.iter().map(|text| Documents::new(text)).collect();
    let sizes: Vec<usize> = documents.iter().map(Documents::bytes).collect();
    for task in [
        Task::Read,
        Task::Write,
        Task::ReadXml,
        Task::WriteXml,
        Task::ToR5,
        Task::ToR4,
    ] {
        print_growth_line(
            &task.to_string(),
            &documents,
            &sizes,
            rounds,
            |documents, stopwatch| {
                documents.perform(task, stopwatch);
            },
        );
    }

    println!("\nThe same for studies that try to make it slow, of 125 KB, 250 KB, 500 KB, ...");
    for hostile in Hostile::ALL {
        print_hostile_growth(hostile, steps, rounds);
    }
    println!("\nThe same for XML");
    for hostile in HostileXml::ALL {
        print_hostile_xml_growth(hostile, steps, rounds);
    }
}

fn print_hostile_xml_growth(hostile: HostileXml, steps: usize, rounds: usize) {
    let texts: Vec<String> = (0..steps)
        .map(|step| hostile.study(125_000 << step))
        .collect();
    let sizes: Vec<usize> = texts.iter().map(String::len).collect();
    let read = |text: &str| {
        let mut decoder = xml::Decoder::default();
        decoder.unknown = UnknownElements::Keep;
        decoder
            .decode_str::<r4::ImagingStudy>(text)
            .expect("hostile studies are legal")
            .value
    };
    print_growth_line(
        &format!("read: {hostile}"),
        &texts,
        &sizes,
        rounds,
        |text, stopwatch| {
            stopwatch.measure(|| drop(black_box(read(text))));
        },
    );
    let studies: Vec<r4::ImagingStudy> = texts.iter().map(|text| read(text)).collect();
    let write = |study: &r4::ImagingStudy| xml::to_string(study).expect("it was read from XML");
    for study in &studies {
        assert!(
            read(&write(study)) == *study,
            "{hostile}: something was lost"
        );
    }
    print_growth_line(
        &format!("write: {hostile}"),
        &studies,
        &sizes,
        rounds,
        |study, stopwatch| {
            stopwatch.measure(|| drop(black_box(write(study))));
        },
    );
}

fn print_hostile_growth(hostile: Hostile, steps: usize, rounds: usize) {
    let texts: Vec<String> = (0..steps)
        .map(|step| hostile.study(125_000 << step))
        .collect();
    let sizes: Vec<usize> = texts.iter().map(String::len).collect();
    let read = |text: &str| {
        let mut decoder = Decoder::default();
        if hostile.has_unknown_elements() {
            decoder.unknown = UnknownElements::Keep;
        }
        decoder
            .decode_str::<r4::ImagingStudy>(text)
            .expect("hostile studies are legal")
            .value
    };
    let write = |study: &r4::ImagingStudy| {
        json::to_string(study).expect("a study that was read can be written")
    };
    print_growth_line(
        &format!("read: {hostile}"),
        &texts,
        &sizes,
        rounds,
        |text, stopwatch| {
            stopwatch.measure(|| drop(black_box(read(text))));
        },
    );
    if hostile.has_unknown_elements() {
        return;
    }
    let studies: Vec<r4::ImagingStudy> = texts.iter().map(|text| read(text)).collect();
    for (study, text) in studies.iter().zip(&texts) {
        let value = |text: &str| serde_json::from_str::<Value>(text).ok();
        assert_eq!(
            value(&write(study)),
            value(text),
            "{hostile}: something was lost"
        );
    }
    print_growth_line(
        &format!("write: {hostile}"),
        &studies,
        &sizes,
        rounds,
        |study, stopwatch| {
            stopwatch.measure(|| drop(black_box(write(study))));
        },
    );
    let name = format!("convert: {hostile}");
    print_growth_line(&name, &studies, &sizes, rounds, |study, stopwatch| {
        let study = study.clone();
        black_box(stopwatch.measure(|| to_r5(study)));
    });
}

/// Times below this are told apart by the clock, the caches and other processes, not by growth.
const SHORTEST: Duration = Duration::from_micros(50);
/// Larger inputs are not tried once one takes longer than this.
const LONGEST: Duration = Duration::from_millis(500);

/// Prints the time for a byte at each size, and by how much the time grows when the size doubles:
/// the steepest average of two doublings, for the caches end somewhere.
fn print_growth_line<T>(
    name: &str,
    inputs: &[T],
    sizes: &[usize],
    rounds: usize,
    perform: impl Fn(&T, &mut Stopwatch),
) {
    let bearable = |input: &&T| {
        let mut stopwatch = Stopwatch::default();
        perform(input, &mut stopwatch);
        stopwatch.elapsed < LONGEST
    };
    let tried = inputs
        .len()
        .min((1 + inputs.iter().take_while(bearable).count()).max(2));
    let timings = interleave(&inputs[..tried], rounds, perform);
    print!("{name:<34}");
    for (timing, size) in timings.iter().zip(sizes) {
        print!(" {:>8.3}", timing.best().as_nanos() as f64 / *size as f64);
    }
    print!("{:width$}  ", "", width = 9 * (inputs.len() - tried));
    let steps = 2.min(tried - 1);
    let growth = timings
        .iter()
        .zip(&timings[steps..])
        .map(|(small, large)| (small.best(), large.best()))
        .filter(|(small, _)| *small >= SHORTEST)
        .map(|(small, large)| (large.as_secs_f64() / small.as_secs_f64()).powf(1.0 / steps as f64))
        .reduce(f64::max);
    match growth {
        Some(growth) => println!(
            "{}",
            Target::new("twice the size", growth, Bound::AtMost(2.5))
        ),
        None => println!("too fast to tell"),
    }
}
