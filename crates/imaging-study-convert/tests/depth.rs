//! Values of extensions that nest more deeply than a decoder reads by default are converted like
//! others.

mod support;

use imaging_study_any as versions;
use imaging_study_convert::{Loss, LossKind, Options, Study, convert};
use imaging_study_core::Limits;
use imaging_study_json::{Decoder, to_string};
use imaging_study_r4 as r4;
use imaging_study_r5 as r5;
use support::pairs::for_each_pair;

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

/// Studies with values inside one another: of types that every version has, of types that only some
/// have, of such that another version cannot hold as they are, and the whole form of one.
fn shapes<A: Study>(levels: usize) -> Vec<String> {
    let wrap = |inner: &str, around: &dyn Fn(&str) -> String| {
        let mut text = inner.to_owned();
        for _ in 0..levels {
            text = around(&text);
        }
        text
    };
    let values: [(&str, &str, &str); 6] = [
        ("HumanName", "", r#""text":"leaf""#),
        ("Signature", "", r#""type":[{"code":"c"}]"#),
        ("SampledData", "", r#""dimensions":1"#),
        ("CodeableReference", "", r#""concept":{"text":"leaf"}"#),
        ("Dosage", r#""asNeededBoolean":true,"#, r#""text":"leaf""#),
        ("Money", r#""value":1,"currency":"EUR","#, r#""value":2"#),
    ];
    let mut extensions: Vec<String> = values
        .iter()
        .map(|(name, beside, leaf)| {
            let leaf = format!(r#"{{"url":"http://e.example/e","value{name}":{{{leaf}}}}}"#);
            wrap(&leaf, &|inner| {
                format!(r#"{{"url":"http://e.example/e","value{name}":{{{beside}"extension":[{inner}]}}}}"#)
            })
        })
        .collect();
    let mark = r#"{"url":"http://hl7.org/fhir/StructureDefinition/_datatype","valueString":"CodeableReference"}"#;
    for beside in ["", r#","#] {
        // The second is none, since it has an element that no such type has.
        let more = match beside {
            "" => String::new(),
            _ => r#",{"url":"nothing","valueString":"x"}"#.to_owned(),
        };
        extensions.push(wrap(mark, &|inner| {
            format!(r#"{{"url":"http://e.example/e","extension":[{mark},{{"url":"concept","valueCodeableConcept":{{"extension":[{inner}]}}}}{more}]}}"#)
        }));
    }
    let readable = extensions
        .into_iter()
        .map(|text| format!(r#"{{"resourceType":"ImagingStudy","extension":[{text}]}}"#));
    readable
        .filter(|text| decode::<A>(text).is_some())
        .collect()
}

fn decode<A: Study>(text: &str) -> Option<A> {
    let mut decoder = Decoder::default();
    decoder.limits.depth = Limits::MAX_DEPTH;
    decoder.decode_str::<A>(text).ok().map(|read| read.value)
}

/// Converts studies as deep as a reader reads by default.
fn deep<A: Study, B: Study>() {
    let mut tried = 0;
    let mut shapes_of: Vec<String> = Vec::new();
    for levels in [3, 31] {
        shapes_of.extend(shapes::<A>(levels));
    }
    for text in shapes_of {
        let study = decode::<A>(&text).expect("a study that was read before");
        let there = convert::<A, B>(study, &Options::default()).expect("not strict");
        let noted = |loss: &Loss| loss.kind.is_loss() || loss.kind == LossKind::Form;
        let lost = there.losses.iter().any(noted);
        let back = convert::<B, A>(there.value, &Options::default()).expect("not strict");
        let lost = lost || back.losses.iter().any(noted);
        let again = to_string(&back.value).expect("nothing is empty");
        // The study has nothing else, and what its version requires is marked as absent.
        let before = to_string(&decode::<A>(&text).expect("as before")).expect("nothing is empty");
        let extensions = before.split_once(',').expect("two members").1;
        let came_back = again.contains(&extensions[..extensions.len() - 1]);
        assert!(
            lost || came_back,
            "{} to {}: {text}\n{again}",
            A::VERSION,
            B::VERSION
        );
        tried += 1;
    }
    assert!(tried > 5, "{tried}");
}

/// What the deepest study takes without optimisation, with room to spare.
const STACK: usize = 512 << 10;

/// Every pair of versions. With two forms to try at each level, the time would be 2^n.
#[test]
fn deep_studies_need_bounded_stack_and_time() {
    macro_rules! pairs {
        ($($from:ident: $($to:ident)+;)+) => {
            $($(
                std::thread::Builder::new()
                    .stack_size(STACK)
                    .spawn(deep::<versions::$from::ImagingStudy, versions::$to::ImagingStudy>)
                    .expect("a thread")
                    .join()
                    .expect("a conversion");
            )+)+
        };
    }
    for_each_pair!(pairs);
}
