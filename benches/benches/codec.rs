//! Each task on the study of 2,000 instances, apart, with its allocations. How the tasks compare is
//! the business of `ratios`, which interleaves them.

use divan::counter::BytesCount;
use divan::{AllocProfiler, Bencher};
use imaging_study::convert::{Options, convert};
use imaging_study::{json, r4, r5};
use imaging_study_benches::{large_study, plain};
use serde::de::IgnoredAny;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const INSTANCES: u64 = 2_000;

fn main() {
    divan::main();
}

fn read_r4(text: &str) -> r4::ImagingStudy {
    json::from_str(text).expect("the study of the bench")
}

fn to_r5(study: r4::ImagingStudy) -> r5::ImagingStudy {
    convert(study, &Options::default())
        .expect("not strict")
        .value
}

fn to_r4(study: r5::ImagingStudy) -> r4::ImagingStudy {
    convert(study, &Options::default())
        .expect("not strict")
        .value
}

#[divan::bench]
fn skip(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| serde_json::from_str::<IgnoredAny>(&text).expect("JSON"));
}

#[divan::bench]
fn value(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| serde_json::from_str::<serde_json::Value>(&text).expect("JSON"));
}

#[divan::bench]
fn plain_read(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| serde_json::from_str::<plain::ImagingStudy>(&text).expect("a study"));
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    assert_eq!(
        json::to_string(&read_r4(&text)).expect("nothing is empty"),
        text
    );
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| read_r4(&text));
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    let study = read_r4(&text);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench_local(|| json::to_string(&study).expect("nothing is empty"));
}

#[divan::bench]
fn r4_to_r5(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    let study = read_r4(&text);
    assert!(to_r4(to_r5(study.clone())) == study);
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| study.clone())
        .bench_local_values(to_r5);
}

#[divan::bench]
fn r5_to_r4(bencher: Bencher<'_, '_>) {
    let text = large_study(INSTANCES);
    let study = to_r5(read_r4(&text));
    bencher
        .counter(BytesCount::of_str(&text))
        .with_inputs(|| study.clone())
        .bench_local_values(to_r4);
}
