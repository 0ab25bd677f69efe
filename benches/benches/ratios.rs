//! What reading, writing, converting and migrating take beside the same work done by others.

use std::io;
use std::num::NonZeroUsize;

use imaging_study_benches::{
    Bound, Documents, Meter, Migration, MixedStudies, Target, Task, Timing, interleave, large_study,
};

fn main() {
    // `cargo bench` says so; whoever else starts this only wants to know that it works.
    let thorough = std::env::args().any(|argument| argument == "--bench");
    let (large_rounds, mixed_rounds, studies) = if thorough {
        (200, 25, 3_000)
    } else {
        (1, 1, 60)
    };

    if !thorough {
        println!("One round only: it shows that everything works, and measures nothing.");
    }

    let large = large_study(2_000);
    print_run("One large study", &large, large_rounds);
    println!();
    let mixed: String = MixedStudies::default()
        .take(studies)
        .map(|study| study + "\n")
        .collect();
    print_run("Mixed studies as NDJSON", &mixed, mixed_rounds);
}

/// What is timed: a task on each study, or the migration of all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Task(Task),
    Migration(Migration),
}

const ONE_THREAD: Migration = Migration {
    threads: NonZeroUsize::MIN,
    detect: false,
};
const DETECTING: Migration = Migration {
    detect: true,
    ..ONE_THREAD
};
const TWO_THREADS: Migration = Migration {
    threads: NonZeroUsize::MIN.saturating_add(1),
    ..ONE_THREAD
};

impl Subject {
    fn name(self) -> String {
        match self {
            Self::Task(task) => task.to_string(),
            Self::Migration(ONE_THREAD) => "migrate: 1 thread".to_owned(),
            Self::Migration(DETECTING) => "migrate: 1 thread, detecting".to_owned(),
            Self::Migration(migration) => format!("migrate: {} threads", migration.threads),
        }
    }
}

fn print_run(name: &str, text: &str, rounds: usize) {
    let documents = Documents::new(text);
    let (studies, instances, bytes) = (
        documents.studies(),
        documents.instances(),
        documents.bytes(),
    );
    let xml_bytes = documents.xml_bytes();
    println!(
        "{name}: {studies} studies, {instances} instances, \
         {bytes} bytes of JSON, {xml_bytes} of XML; {rounds} rounds"
    );

    let mut subjects = Task::ALL.map(Subject::Task).to_vec();
    if studies > 1 {
        let expected = documents.r5_ndjson();
        for migration in [ONE_THREAD, DETECTING, TWO_THREADS] {
            let mut output = Vec::new();
            migration.migrate(text.as_bytes(), &mut output);
            assert!(
                output == expected.as_bytes(),
                "migrating is not reading and converting"
            );
            subjects.push(Subject::Migration(migration));
        }
    }
    let timings = interleave(&subjects, rounds, |subject, stopwatch| match subject {
        Subject::Task(task) => documents.perform(*task, stopwatch),
        Subject::Migration(migration) => {
            stopwatch.measure(|| migration.migrate(text.as_bytes(), &mut io::sink()));
        }
    });
    let of = |wanted| {
        let index = subjects.iter().position(|subject| *subject == wanted);
        &timings[index.expect("only what is timed is asked for")]
    };

    let skip = of(Subject::Task(Task::Skip));
    println!(
        "{:<30} {:>10} {:>10} {:>8} {:>8}",
        "", "median µs", "best µs", "MB/s", "/ skip"
    );
    for (subject, timing) in subjects.iter().zip(&timings) {
        println!(
            "{:<30} {:>10.1} {:>10.1} {:>8.0} {:>8.2}",
            subject.name(),
            timing.median().as_secs_f64() * 1e6,
            timing.best().as_secs_f64() * 1e6,
            timing.megabytes_per_second(match subject {
                Subject::Task(Task::SkipXml | Task::ReadXml | Task::WriteXml) => xml_bytes,
                _ => bytes,
            }),
            timing.ratio(skip),
        );
    }
    for target in codec_targets(|task| of(Subject::Task(task))) {
        println!("{target}");
    }
    if studies > 1 {
        for target in migration_targets(of) {
            println!("{target}");
        }
    }
}

fn codec_targets<'a>(of: impl Fn(Task) -> &'a Timing) -> [Target; 9] {
    let target =
        |name, one: Task, other: Task, bound| Target::new(name, of(one).ratio(of(other)), bound);
    [
        target("read / skip", Task::Read, Task::Skip, Bound::AtMost(4.0)),
        target(
            "plain read / read",
            Task::ReadPlain,
            Task::Read,
            Bound::AtLeast(1.2),
        ),
        target(
            "Value / read",
            Task::ParseValue,
            Task::Read,
            Bound::AtLeast(2.0),
        ),
        target(
            "plain write / write",
            Task::WritePlain,
            Task::Write,
            Bound::AtLeast(1.2),
        ),
        target(
            "XML read / XML skip",
            Task::ReadXml,
            Task::SkipXml,
            Bound::AtMost(2.5),
        ),
        target(
            "XML write / JSON write",
            Task::WriteXml,
            Task::Write,
            Bound::AtMost(1.3),
        ),
        target(
            "validate / read",
            Task::Validate,
            Task::Read,
            Bound::AtMost(0.3),
        ),
        target(
            "R4 to R5 / read",
            Task::ToR5,
            Task::Read,
            Bound::AtMost(0.3),
        ),
        target(
            "R5 to R4 / read",
            Task::ToR4,
            Task::Read,
            Bound::AtMost(0.3),
        ),
    ]
}

fn migration_targets<'a>(of: impl Fn(Subject) -> &'a Timing) -> [Target; 2] {
    let [one, two] = [ONE_THREAD, TWO_THREADS].map(|migration| of(Subject::Migration(migration)));
    let [read, convert, write] =
        [Task::Read, Task::ToR5, Task::Write].map(|task| of(Subject::Task(task)));
    let apart = read.plus(convert).plus(write);
    [
        Target::new(
            "read + convert + write / migrate",
            apart.ratio(one),
            Bound::AtLeast(0.7),
        ),
        Target::new("1 thread / 2 threads", one.ratio(two), Bound::AtLeast(1.7)),
    ]
}
