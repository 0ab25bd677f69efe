//! What an element without anything takes: a document can hold hundreds of thousands of them in a few
//! bytes each.

use imaging_study::{dstu2, r4, r4b, r5, r6, r6_draft, stu3};

#[test]
fn empty_series_and_instances_are_small() {
    macro_rules! each {
        ($($version:ident)+) => {$(
            let series = size_of::<$version::ImagingStudySeries>();
            assert!(series <= 936, "{}: {series}", stringify!($version));
            let instance = size_of::<$version::ImagingStudySeriesInstance>();
            assert!(instance <= 376, "{}: {instance}", stringify!($version));
        )+};
    }
    each!(stu3 r4 r4b r5 r6_draft r6);
    // DSTU2 requires a count, and where there is none the mark of it takes memory too.
    assert!(size_of::<dstu2::ImagingStudySeries>() <= 600);
    assert!(size_of::<dstu2::ImagingStudySeriesInstance>() <= 376);
}
