//! How much longer twice as much takes.

use std::time::Duration;

use imaging_study_benches::{Meter, ThreadClock};

/// How much longer twice as much may take.
pub(crate) const RATIO: f64 = 2.5;

/// Differences below this are noise.
const NOISE: Duration = Duration::from_micros(100);

/// How often what seems to take longer is measured again at each size: what a machine does beside is no
/// square of the time.
const TRIES: usize = 12;

/// How many entries the shorter list has: first, and where twice as many seem to take longer than they
/// may. From some size on an allocator asks the system for each list, which has a price of its own; what
/// takes the square of the time does so at every size.
pub(crate) const ENTRIES: [usize; 5] = [100, 300, 1_200, 4_800, 19_200];

/// How much longer the second takes than the first, by the shortest of several runs of each, which end
/// once it is not too long. A run measures its work itself.
pub(crate) fn ratio(short: &dyn Fn(&mut ThreadClock), long: &dyn Fn(&mut ThreadClock)) -> f64 {
    let took = |run: &dyn Fn(&mut ThreadClock)| {
        let mut clock = ThreadClock::default();
        run(&mut clock);
        clock.elapsed
    };
    let (mut one, mut two) = (Duration::MAX, Duration::MAX);
    let mut ratio = f64::INFINITY;
    for _ in 0..TRIES {
        one = one.min(took(short));
        two = two.min(took(long));
        ratio = two.saturating_sub(NOISE).as_secs_f64() / one.as_secs_f64().max(1e-9);
        if ratio <= RATIO {
            break;
        }
    }
    ratio
}

/// A run that is measured whole.
pub(crate) fn whole<T>(work: impl Fn() -> T) -> impl Fn(&mut ThreadClock) {
    move |clock| drop(std::hint::black_box(clock.measure(&work)))
}

#[test]
fn the_square_of_the_time_is_found() {
    // The work is counted rather than done, so that this needs no quiet machine.
    let square = |entries: u64| {
        move |clock: &mut ThreadClock| {
            clock.elapsed += Duration::from_micros(entries * entries);
        }
    };
    let linear = |entries: u64| {
        move |clock: &mut ThreadClock| {
            clock.elapsed += Duration::from_micros(entries);
        }
    };
    assert!(ratio(&square(1_000), &square(2_000)) > RATIO);
    assert!(ratio(&linear(1_000), &linear(2_000)) <= RATIO);
}
