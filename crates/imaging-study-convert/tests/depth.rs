//! Values of extensions that nest more deeply than a decoder reads by default are converted like
//! others.

use imaging_study_convert::{Options, convert};
use imaging_study_core::Limits;
use imaging_study_json::{Decoder, to_string};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;

/// A study with names inside one another, each the value of an extension of the one around it.
fn nested(names: usize) -> String {
    let mut text = r#"{"text":"leaf"}"#.to_owned();
    for _ in 1..names {
        text = format!(r#"{{"extension":[{{"url":"http://e.org/e","valueHumanName":{text}}}]}}"#);
    }
    format!(
        r#"{{"resourceType":"ImagingStudy","extension":[{{"url":"http://e.org/e","valueHumanName":{text}}}],"status":"available","subject":{{"reference":"Patient/p"}}}}"#
    )
}

#[test]
fn values_beyond_the_default_depth_come_back() {
    for names in [2, 31, 33, 64] {
        let text = nested(names);
        let mut decoder = Decoder::default();
        decoder.limits.depth = Limits::MAX_DEPTH;
        let study = decoder.decode_str::<r5::ImagingStudy>(&text);
        let study = study.expect("less deep than the greatest depth").value;
        let options = Options::default();
        let older = convert::<_, r4::ImagingStudy>(study, &options).expect("not strict");
        assert_eq!(older.losses, []);
        let back = convert::<_, r5::ImagingStudy>(older.value, &options).expect("not strict");
        assert_eq!(back.losses, []);
        assert_eq!(to_string(&back.value).expect("nothing is empty"), text);
    }
}
