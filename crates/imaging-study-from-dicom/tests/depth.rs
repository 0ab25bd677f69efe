//! What is nested without bounds needs no stack without bounds.

use imaging_study_from_dicom::{Attributes, NoteKind, Options, Studies, Value, tags};
use imaging_study_r5::ImagingStudy;

/// Runs on a stack of 256 KiB.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let thread = small.spawn(run).expect("a thread");
    thread.join().expect("no overflow");
}

/// An instance with a sequence in the same sequence, so many times, and an attribute behind it.
fn nested(depth: usize) -> String {
    let uids = r#""0020000D":{"vr":"UI","Value":["1.2"]},"0020000E":{"vr":"UI","Value":["1.3"]},"00080018":{"vr":"UI","Value":["1.4"]}"#;
    format!(
        r#"[{{"00400275":{}{}{},{uids}}},{{"0020000D":{{"vr":"UI","Value":["1.9"]}}}}]"#,
        r#"{"vr":"SQ","Value":[{"00400275":"#.repeat(depth),
        r#"{"vr":"SQ"}"#,
        "}]}".repeat(depth),
    )
}

#[test]
fn json_that_is_nested_too_deep_loses_only_the_attribute() {
    on_a_small_stack(|| {
        for (depth, fits) in [
            (1, true),
            (40, true),
            (50, false),
            (5_000, false),
            (200_000, false),
        ] {
            let text = nested(depth);
            let mut whole = Studies::default();
            whole.add_json(text.as_bytes()).expect("a list");
            let mut streamed = Studies::default();
            streamed.add_json_reader(text.as_bytes()).expect("a list");
            for studies in [whole, streamed] {
                let study = studies.get("1.2").expect("the study");
                let built = study.build::<ImagingStudy>(&Options::default()).study;
                assert_eq!(built.series[0].instance.len(), 1);
                assert!(studies.get("1.9").is_some());
                let mut notes = studies.notes();
                let tag = tags::REQUEST_ATTRIBUTES_SEQUENCE;
                let said = notes.any(|note| (note.kind, note.tag) == (NoteKind::Malformed, tag));
                assert_eq!(said, !fits, "{depth}");
            }
        }
    });
}

#[test]
fn json_of_any_brackets_is_read_or_refused() {
    on_a_small_stack(|| {
        for text in [
            "[".repeat(1_000_000),
            r#"{"a":"#.repeat(1_000_000),
            format!("[{}1{}]", r#"{"a":["#.repeat(100_000), "]}".repeat(100_000)),
            format!(
                r#"{{"0020000D":{{"vr":{}1{},"Value":["1.2"]}}}}"#,
                "[".repeat(100_000),
                "]".repeat(100_000)
            ),
        ] {
            let mut studies = Studies::default();
            let read = studies.add_json(text.as_bytes());
            // A value representation that is none is passed over.
            let used = studies.get("1.2").is_some();
            assert!(read.is_err() || studies.rejected() > 0 || used);
        }
    });
}

#[test]
fn items_that_are_nested_by_hand_have_a_limit() {
    on_a_small_stack(|| {
        let tag = tags::REQUEST_ATTRIBUTES_SEQUENCE;
        let depth = |attributes: &Attributes| {
            let mut depth = 0;
            let mut inner = attributes;
            while let Some(Value::Items(items)) = inner.get(tag) {
                inner = &items[0];
                depth += 1;
            }
            depth
        };
        let mut nested = Attributes::default();
        for level in 1..=64 {
            let mut outer = Attributes::default();
            outer.set_items(tag, vec![nested]);
            nested = outer;
            assert_eq!(depth(&nested), level);
        }
        // Neither comparing nor copying nor dropping goes deeper.
        assert_eq!(nested.clone(), nested);
        let mut outer = Attributes::default();
        outer.set_text(tags::STUDY_INSTANCE_UID, "1.2");
        outer.set_items(tag, vec![nested.clone()]);
        assert_eq!(outer.get(tag), None);
        assert_eq!(outer.set(tag, Value::Items(vec![nested])), None);
        assert_eq!(outer.get(tag), None);
        let mut studies = Studies::default();
        studies.add(&outer);
        assert!(studies.get("1.2").is_some());
        // However often somebody tries.
        let mut deep = Attributes::default();
        for _ in 0..100_000 {
            let mut outer = Attributes::default();
            outer.set_items(tag, vec![deep]);
            deep = outer;
        }
        assert!(depth(&deep) <= 64);
    });
}
