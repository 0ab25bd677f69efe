//! What a search takes beside reading the studies: matching, index values, and the engine of the
//! program.

use std::hint::black_box;
use std::io;

use imaging_study::json::Decoder;
use imaging_study::search::{Index, Matcher, Options, Query};
use imaging_study::{AnyImagingStudy, FhirVersion};
use imaging_study_benches::{Bound, Meter, MixedStudies, Target, interleave, large_study};
use imaging_study_migrate::{Format, Input, Outputs, Search, Settings, migrate};

/// Asks nothing of instances; the second looks at every one.
const QUERIES: [&str; 2] = [
    "modality:not=ECG&started=ge1990&patient:missing=false&status=available,unknown",
    "instance=1.2.3",
];

fn main() {
    // `cargo bench` says so; whoever else starts this only wants to know that it works.
    let thorough = std::env::args().any(|argument| argument == "--bench");
    let (rounds, count) = if thorough { (60, 1_000) } else { (1, 30) };
    if !thorough {
        println!("One round only: it shows that everything works, and measures nothing.");
    }
    let mixed: String = MixedStudies::default()
        .take(count)
        .map(|study| study + "\n")
        .collect();
    // Several, so that what the engine needs once does not count.
    let large = (large_study(2_000) + "\n").repeat(if thorough { 10 } else { 1 });
    run("Studies of 2,000 instances", &large, rounds);
    run("Mixed studies", &mixed, rounds);
}

#[derive(Clone, Copy)]
enum Task {
    Read,
    Match(usize),
    Extract,
    ReadAndExtract,
    Engine,
}

fn run(name: &str, text: &str, rounds: usize) {
    let read = |line: &str, decoder: &mut Decoder| {
        let read = AnyImagingStudy::detect_and_read_json(line.as_bytes(), decoder);
        read.expect("JSON").expect("a study of R4").value
    };
    let mut decoder = Decoder::default();
    let studies: Vec<_> = text.lines().map(|line| read(line, &mut decoder)).collect();
    let options = Options::default();
    let matchers = QUERIES.map(|query| {
        let query = Query::parse(query, FhirVersion::R4, &options).expect("a query");
        Matcher::new(&query).expect("nothing to hand over")
    });
    let found = studies
        .iter()
        .filter(|study| matchers[0].matches(study))
        .count();
    assert!(found * 10 > studies.len(), "{found} studies match");
    let entries: usize = studies
        .iter()
        .map(|study| Index::of(study, &options).entries.len())
        .sum();
    let mut settings = Settings::new(FhirVersion::R4);
    settings.input_format = Some(Format::Ndjson);
    settings.output_format = Some(Format::Ndjson);
    settings.search = Some(Search::new(matchers[0].clone()));

    let tasks = [
        Task::Read,
        Task::Match(0),
        Task::Match(1),
        Task::Extract,
        Task::ReadAndExtract,
        Task::Engine,
    ];
    let timings = interleave(&tasks, rounds, |task, stopwatch| match *task {
        Task::Read => stopwatch.measure(|| {
            let mut decoder = Decoder::default();
            for line in text.lines() {
                drop(black_box(read(line, &mut decoder)));
            }
        }),
        Task::Match(query) => stopwatch.measure(|| {
            for study in &studies {
                black_box(matchers[query].matches(black_box(study)));
            }
        }),
        Task::Extract => stopwatch.measure(|| {
            for study in &studies {
                drop(black_box(Index::of(black_box(study), &options)));
            }
        }),
        Task::ReadAndExtract => stopwatch.measure(|| {
            let mut decoder = Decoder::default();
            for line in text.lines() {
                let study = read(line, &mut decoder);
                drop(black_box(Index::of(&study, &options)));
            }
        }),
        Task::Engine => stopwatch.measure(|| {
            let (mut output, mut reports) = (io::sink(), io::sink());
            let mut outputs = Outputs::new(&mut output, &mut reports);
            let input = Input::new("bench", text.as_bytes());
            let summary = migrate([input], &settings, &mut outputs).expect("memory");
            assert_eq!(summary.matched as usize, found);
        }),
    });
    let number = studies.len() as f64;
    println!(
        "\n{name}: {} studies, {} bytes, {entries} index values; {rounds} rounds",
        studies.len(),
        text.len()
    );
    println!("{:<44} {:>12} {:>10}", "", "ns a study", "of reading");
    let names = [
        "read".to_owned(),
        format!("match {}", QUERIES[0].split('&').next().unwrap_or_default()) + "&...",
        format!("match {}", QUERIES[1]),
        "index values".to_owned(),
        "read, and index values".to_owned(),
        "search of the program, one thread".to_owned(),
    ];
    for (name, timing) in names.iter().zip(&timings) {
        println!(
            "{name:<44} {:>12.0} {:>10.3}",
            timing.median().as_secs_f64() * 1e9 / number,
            timing.ratio(&timings[0])
        );
    }
    let [read, matching, _, _, extract, engine] = &timings[..] else {
        unreachable!("there is a timing for each task");
    };
    let nanoseconds = matching.median().as_secs_f64() * 1e9 / number;
    for target in [
        Target::new("match, ns", nanoseconds, Bound::AtMost(5_000.0)),
        Target::new(
            "read and extract / read",
            extract.ratio(read),
            Bound::AtMost(1.3),
        ),
        Target::new(
            "search of the program / read",
            engine.ratio(read),
            Bound::AtMost(1.3),
        ),
    ] {
        println!("{target}");
    }
}
