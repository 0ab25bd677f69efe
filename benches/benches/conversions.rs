//! What each of the 30 conversions takes beside reading the same study from JSON.

use imaging_study::FhirVersion;
use imaging_study_benches::{Bound, MixedStudies, Target, Versioned, interleave, large_study};

fn main() {
    // `cargo bench` says so; whoever else starts this only wants to know that it works.
    let thorough = std::env::args().any(|argument| argument == "--bench");
    let (large_rounds, mixed_rounds, studies) = if thorough {
        (60, 10, 1_000)
    } else {
        (1, 1, 30)
    };
    if !thorough {
        println!("One round only: it shows that everything works, and measures nothing.");
    }
    print_run("One large study", &large_study(2_000), large_rounds);
    let mixed: String = MixedStudies::default()
        .take(studies)
        .map(|study| study + "\n")
        .collect();
    println!();
    print_run("Mixed studies", &mixed, mixed_rounds);
}

fn print_run(name: &str, lines: &str, rounds: usize) {
    let versions = Versioned::all(lines);
    let mut subjects = Vec::new();
    for from in &versions {
        subjects.push((from, None));
        let targets = FhirVersion::ALL
            .into_iter()
            .filter(|to| *to != from.version);
        subjects.extend(targets.map(|to| (from, Some(to))));
    }
    let timings = interleave(&subjects, rounds, |(from, to), stopwatch| match to {
        Some(to) => from.convert(*to, stopwatch),
        None => from.read(stopwatch),
    });

    println!("{name}; {rounds} rounds. Time of a conversion / time of reading its input from JSON");
    print!("{:<8}", "from");
    for to in FhirVersion::ALL {
        print!(" {:>7}", to.name());
    }
    println!(" {:>14}", "read, median µs");
    let mut most: (f64, String) = (0.0, String::new());
    for (reading, from) in subjects
        .iter()
        .enumerate()
        .filter(|(_, (_, to))| to.is_none())
    {
        print!("{:<8}", from.0.version.name());
        for to in FhirVersion::ALL {
            let conversion = subjects
                .iter()
                .position(|(other, target)| other.version == from.0.version && *target == Some(to));
            let Some(conversion) = conversion else {
                print!(" {:>7}", "");
                continue;
            };
            let ratio = timings[conversion].ratio(&timings[reading]);
            print!(" {ratio:>7.2}");
            if ratio > most.0 {
                most = (ratio, format!("{} to {to}", from.0.version));
            }
        }
        println!(" {:>14.1}", timings[reading].median().as_secs_f64() * 1e6);
    }
    let (ratio, pair) = most;
    let target = Target::new(format!("{pair} / read"), ratio, Bound::AtMost(0.4));
    println!("the slowest: {target}");
}
