//! Bounds on depth, size, attributes and namespaces: what is at the limit is read, what is one
//! beyond it is refused, and neither costs much time or stack.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use imaging_study_core::{Element, Limits};
use imaging_study_json as json;
use imaging_study_r5::ImagingStudy;
use imaging_study_xml::{
    Decoder, ReadError, ReadErrorKind, UnknownElements, from_reader, from_slice, from_str, scan,
    to_string, to_string_pretty,
};

/// Enough for the default depth, also without optimisation, in bytes.
const STACK: usize = 256 << 10;
/// Enough for the greatest depth that can be asked for, also without optimisation, in bytes.
const STACK_OF_GREATEST_DEPTH: usize = 512 << 10;

/// No input of these tests may take longer, all its readings together; without optimisation they
/// take some tenths of a second.
const SLOW: Duration = Duration::from_secs(2);

fn in_stack(size: usize, test: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new()
        .stack_size(size)
        .spawn(test)
        .expect("a thread");
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}

fn study(content: &str) -> String {
    format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir">{content}</ImagingStudy>"#)
}

fn contained(content: &str) -> String {
    study(&format!("<contained>{content}</contained>"))
}

fn narrative(content: &str) -> String {
    study(&format!(
        r#"<text><status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">{content}</div></text>"#
    ))
}

/// A leaf inside elements inside one another.
fn inside(start: &str, end: &str, times: usize, leaf: &str) -> String {
    [&start.repeat(times), leaf, &end.repeat(times)].concat()
}

/// A study with extensions inside one another.
fn nested(depth: usize) -> String {
    let leaf = r#"<extension url="leaf"/>"#;
    study(&inside(
        r#"<extension url="e">"#,
        "</extension>",
        depth - 1,
        leaf,
    ))
}

/// Extensions of a primitive, inside one another.
fn nested_in_primitive(depth: usize) -> String {
    let extensions = inside(
        r#"<extension url="e">"#,
        "</extension>",
        depth - 2,
        r#"<extension url="leaf"/>"#,
    );
    study(&format!("<status>{extensions}</status>"))
}

/// Items inside one another in a contained resource, which counts as one of them.
fn nested_in_contained(depth: usize) -> String {
    let items = inside("<item>", "</item>", depth - 2, r#"<item id="leaf"/>"#);
    contained(&format!("<Questionnaire>{items}</Questionnaire>"))
}

/// Extensions of a primitive in a contained resource, inside one another.
fn nested_in_contained_primitive(depth: usize) -> String {
    let extensions = inside(
        r#"<extension url="e">"#,
        "</extension>",
        depth - 3,
        r#"<extension url="leaf"/>"#,
    );
    contained(&format!("<Patient><active>{extensions}</active></Patient>"))
}

/// Resources inside one another, each in an entry of the one around it.
fn nested_resources(depth: usize) -> String {
    let leaf = match depth % 2 {
        1 => "<Basic/>",
        _ => r#"<Bundle><entry id="leaf"/></Bundle>"#,
    };
    let start = "<Bundle><entry><resource>";
    let end = "</resource></entry></Bundle>";
    contained(&inside(start, end, (depth - 1) / 2, leaf))
}

const NESTED: [fn(usize) -> String; 5] = [
    nested,
    nested_in_primitive,
    nested_in_contained,
    nested_in_contained_primitive,
    nested_resources,
];

fn decoder(depth: usize) -> Decoder {
    let mut decoder = Decoder::default();
    decoder.limits.depth = depth;
    decoder
}

fn keeping() -> Decoder {
    let mut decoder = Decoder::default();
    decoder.unknown = UnknownElements::Keep;
    decoder
}

fn limit_of(error: &ReadError) -> Option<usize> {
    match error.kind() {
        ReadErrorKind::TooDeep { limit }
        | ReadErrorKind::TooLarge { limit }
        | ReadErrorKind::TooManyAttributes { limit }
        | ReadErrorKind::TooManyNamespaces { limit } => Some(*limit),
        _ => None,
    }
}

#[test]
fn depth_at_the_default_limit_and_one_beyond() {
    in_stack(STACK, || {
        for make in NESTED {
            let study: ImagingStudy = from_str(&make(64)).expect("64 elements");
            assert_eq!(to_string(&study).expect("no empty elements"), make(64));
            to_string_pretty(&study).expect("no empty elements");
            let error = from_str::<ImagingStudy>(&make(65)).expect_err("65 elements");
            assert_eq!(limit_of(&error), Some(64), "{error}");
        }
    });
}

#[test]
fn depth_at_other_limits_and_one_beyond() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        for depth in [3, 4, 17, 127, 128] {
            for make in NESTED {
                let text = make(depth);
                decoder(depth)
                    .decode_str::<ImagingStudy>(&text)
                    .unwrap_or_else(|error| panic!("at the limit of {depth}: {error}\n{text}"));
                let error = decoder(depth)
                    .decode_str::<ImagingStudy>(&make(depth + 1))
                    .expect_err("beyond");
                assert_eq!(limit_of(&error), Some(depth), "{error}");
            }
        }
    });
}

/// A study that one format reads, the other reads too.
#[test]
fn depth_is_the_same_in_json() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        for depth in [3, 4, 64] {
            for make in NESTED {
                let mut generous = decoder(128);
                let text = make(depth);
                let study = generous.decode_str::<ImagingStudy>(&text).expect("XML");
                let text = json::to_string(&study.value).expect("no empty elements");
                let mut decoder = json::Decoder::default();
                decoder.limits.depth = depth;
                decoder
                    .decode_str::<ImagingStudy>(&text)
                    .unwrap_or_else(|error| panic!("{depth}: {error}"));
                decoder.limits.depth = depth - 1;
                decoder
                    .decode_str::<ImagingStudy>(&text)
                    .expect_err("a lower limit");
            }
        }
    });
}

#[test]
fn a_greater_depth_than_128_is_128() {
    in_stack(STACK_OF_GREATEST_DEPTH, || {
        for make in NESTED {
            let mut decoder = decoder(usize::MAX);
            decoder
                .decode_str::<ImagingStudy>(&make(128))
                .expect("at the limit");
            let error = decoder
                .decode_str::<ImagingStudy>(&make(129))
                .expect_err("beyond");
            assert_eq!(limit_of(&error), Some(128));
        }
    });
}

#[test]
fn depth_zero_allows_a_resource_alone() {
    let mut decoder = decoder(0);
    let flat = study(r#"<status value="available"></status>"#);
    decoder
        .decode_str::<ImagingStudy>(&flat)
        .expect("no nested element");
    for deeper in [
        nested(1),
        study(r#"<status value="available"><extension url="e"/></status>"#),
        contained("<Basic/>"),
    ] {
        let error = decoder
            .decode_str::<ImagingStudy>(&deeper)
            .expect_err("a nested element");
        assert_eq!(limit_of(&error), Some(0), "{error}");
    }
}

#[test]
fn far_too_deep_elements_are_refused_in_a_small_stack() {
    in_stack(STACK, || {
        for make in NESTED {
            for depth in [10_001, 20_001] {
                let text = make(depth);
                let start = Instant::now();
                let error = from_str::<ImagingStudy>(&text).expect_err("too deep");
                assert_eq!(limit_of(&error), Some(64));
                keeping()
                    .decode_str::<ImagingStudy>(&text)
                    .expect_err("too deep");
                scan(text.as_bytes(), Limits::default(), |_| ()).expect("well-formed");
                assert!(start.elapsed() < SLOW, "{:?}", start.elapsed());
            }
        }
    });
}

#[test]
fn deep_narrative_and_unknown_elements_need_no_stack() {
    in_stack(STACK, || {
        for depth in [65, 129, 20_000] {
            let start = Instant::now();
            let markup = inside("<b>", "</b>", depth, "text");
            let text = narrative(&markup);
            let read: ImagingStudy = from_str(&text).expect("narrative of any depth");
            assert_eq!(to_string(&read).expect("writable"), text);

            let prefixed = inside("<h:b>", "</h:b>", depth, "text");
            let prefixed = format!(
                r#"<text xmlns:h="http://www.w3.org/1999/xhtml"><status value="generated"/><h:div>{prefixed}</h:div></text>"#
            );
            let same: ImagingStudy = from_str(&study(&prefixed)).expect("with a prefix");
            assert_eq!(same, read);

            let unknown = study(&inside("<x>", "</x>", depth, "text"));
            let decoded = keeping()
                .decode_str::<ImagingStudy>(&unknown)
                .expect("an unknown element");
            assert_eq!(decoded.unknown.len(), 1);
            let resource = contained(&inside("<X>", "</X>", depth, ""));
            let read: ImagingStudy = from_str(&resource).expect("an unknown resource");
            assert_eq!(to_string(&read).expect("writable"), resource);
            assert!(start.elapsed() < SLOW, "{:?}", start.elapsed());
        }
    });
}

#[test]
fn garbage_is_refused_quickly_in_a_small_stack() {
    in_stack(STACK, || {
        for garbage in [
            "<",
            ">",
            "&",
            "<a>",
            "</a>",
            "<a ",
            "<a b='",
            "<!--",
            "<!",
            "<?",
            "<![CDATA[",
            "<!DOCTYPE",
            "]]>",
            "&amp;",
            "&#1;",
            "<extension url='e'>",
            "<contained><Bundle>",
            "<a:",
            "'",
            "\"",
            "a='1' ",
            "xmlns:a='a' ",
            "\u{FEFF}",
            "é",
            "\r",
            "\0",
        ] {
            let deep = garbage.repeat(20_000);
            let start = Instant::now();
            for text in [
                deep.clone(),
                format!("<a {deep}/>"),
                format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir">{deep}"#),
                format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir"><description value="{deep}"#),
                format!(
                    r#"<ImagingStudy xmlns="http://hl7.org/fhir"><text><div xmlns="http://www.w3.org/1999/xhtml">{deep}"#
                ),
                format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir"><contained><X>{deep}"#),
                format!(r#"<ImagingStudy xmlns="http://hl7.org/fhir"><!--{deep}"#),
            ] {
                from_str::<ImagingStudy>(&text).expect_err("garbage");
                keeping()
                    .decode_str::<ImagingStudy>(&text)
                    .expect_err("garbage");
                let _ = scan(text.as_bytes(), Limits::default(), |_| ());
            }
            assert!(start.elapsed() < SLOW, "{garbage:?}: {:?}", start.elapsed());
        }
    });
}

fn attributes(count: usize) -> String {
    (0..count).map(|index| format!(" a{index}='1'")).collect()
}

fn declarations(count: usize) -> String {
    (0..count)
        .map(|index| format!(" xmlns:a{index}='urn:a:{index}'"))
        .collect()
}

/// Checks that all of these are read at a limit and refused one beyond it.
fn check(limit: usize, set: impl Fn(&mut Limits), make: impl Fn(usize) -> String) {
    let mut decoder = keeping();
    set(&mut decoder.limits);
    let text = make(limit);
    decoder
        .decode_str::<ImagingStudy>(&text)
        .unwrap_or_else(|error| panic!("at the limit of {limit}: {error}\n{text}"));
    scan(text.as_bytes(), decoder.limits, |_| ()).expect("at the limit");

    let text = make(limit + 1);
    let error = decoder
        .decode_str::<ImagingStudy>(&text)
        .expect_err("beyond the limit");
    assert_eq!(limit_of(&error), Some(limit), "{error}\n{text}");
    let error = scan(text.as_bytes(), decoder.limits, |_| ()).expect_err("beyond the limit");
    assert_eq!(limit_of(&error), Some(limit), "{error}\n{text}");
}

#[test]
fn attributes_at_the_limit_and_one_beyond() {
    assert_eq!(Limits::default().attributes, 256);
    for limit in [2, 3, 256, 1_000] {
        let set = |limits: &mut Limits| limits.attributes = limit;
        check(limit, set, |count| {
            narrative(&format!("<p{}/>", attributes(count)))
        });
        check(limit, set, |count| {
            study(&format!(
                "<status value='available'{}/>",
                attributes(count - 1)
            ))
        });
        check(limit, set, |count| {
            study(&format!("<x{}/>", attributes(count)))
        });
        check(limit, set, |count| {
            contained(&format!("<Patient{}/>", attributes(count)))
        });
        check(limit, set, |count| {
            contained(&format!("<X{}/>", attributes(count)))
        });
        check(limit, set, |count| {
            let root = r#"<ImagingStudy xmlns="http://hl7.org/fhir""#;
            format!("{root}{}/>", attributes(count - 1))
        });
    }
}

/// The default namespace of the study counts as one.
#[test]
fn namespaces_at_the_limit_and_one_beyond() {
    assert_eq!(Limits::default().namespaces, 16);
    for limit in [3, 4, 16, 100] {
        let set = |limits: &mut Limits| limits.namespaces = limit;
        check(limit, set, |count| {
            let root = r#"<ImagingStudy xmlns="http://hl7.org/fhir""#;
            format!("{root}{}/>", declarations(count - 1))
        });
        check(limit, set, |count| {
            study(&format!(
                "<status value='available'{}/>",
                declarations(count - 1)
            ))
        });
        check(limit, set, |count| {
            study(&format!(
                "<subject{}><reference value='r'{}/></subject>",
                " xmlns:b='urn:b'",
                declarations(count - 2)
            ))
        });
        // The narrative declares one more.
        check(limit, set, |count| {
            narrative(&format!("<p{}/>", declarations(count - 2)))
        });
        check(limit, set, |count| {
            study(&format!("<x{}/>", declarations(count - 1)))
        });
    }
}

#[test]
fn namespaces_of_other_elements_do_not_count() {
    let siblings: String = (0..1_000)
        .map(|index| format!("<p xmlns:a{index}='urn:a:{index}'><a{index}:b/></p>"))
        .collect();
    from_str::<ImagingStudy>(&narrative(&siblings)).expect("one at a time");
    let repeated = inside(
        r#"<b xmlns="http://www.w3.org/1999/xhtml">"#,
        "</b>",
        1_000,
        "",
    );
    from_str::<ImagingStudy>(&narrative(&repeated)).expect("the same again and again");
}

#[test]
fn bytes_at_the_limit_and_one_beyond() {
    let text = study(r#"<description value="é"/>"#);
    let utf16: Vec<_> = [0xFE, 0xFF]
        .into_iter()
        .chain(text.encode_utf16().flat_map(u16::to_be_bytes))
        .collect();
    let definitions = ImagingStudy::definitions().expect("the table of the version");
    for bytes in [text.as_bytes(), &utf16] {
        let mut decoder = Decoder::default();
        decoder.limits.bytes = bytes.len();
        decoder
            .decode_slice::<ImagingStudy>(bytes)
            .expect("at the limit");
        decoder
            .decode_resource(bytes, definitions)
            .expect("at the limit");
        scan(bytes, decoder.limits, |_| ()).expect("at the limit");

        decoder.limits.bytes -= 1;
        let limit = Some(bytes.len() - 1);
        let errors = [
            decoder.decode_slice::<ImagingStudy>(bytes).map(drop),
            decoder.decode_resource(bytes, definitions).map(drop),
            scan(bytes, decoder.limits, |_| ()),
        ];
        for error in errors {
            assert_eq!(limit_of(&error.expect_err("beyond")), limit);
        }
    }
    let mut decoder = Decoder::default();
    decoder.limits.bytes = text.len();
    decoder
        .decode_str::<ImagingStudy>(&text)
        .expect("at the limit");
    decoder.limits.bytes -= 1;
    let error = decoder
        .decode_str::<ImagingStudy>(&text)
        .expect_err("beyond");
    assert_eq!(limit_of(&error), Some(text.len() - 1));
}

#[test]
fn an_input_beyond_the_limit_is_too_large_whatever_it_holds() {
    let mut decoder = Decoder::default();
    decoder.limits.bytes = 5;
    let error = decoder
        .decode_slice::<ImagingStudy>(b"\xFF\xFF\xFF\xFF\xFF\xFF")
        .expect_err("6 bytes");
    assert_eq!(limit_of(&error), Some(5));
}

/// A stream that never ends.
struct Endless(&'static [u8], usize);

impl io::Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in buffer.iter_mut() {
            *byte = self.0[self.1 % self.0.len()];
            self.1 += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_stream_is_too_large() {
    // The limit falls into the middle of a character.
    let error = from_reader::<ImagingStudy>(Endless("é".as_bytes(), 0)).expect_err("endless");
    assert_eq!(limit_of(&error), Some(64 << 20));
}

/// A stream that breaks off.
struct Broken;

impl io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("the cable"))
    }
}

#[test]
fn a_stream_that_fails_is_reported() {
    let error = from_reader::<ImagingStudy>(Broken).expect_err("broken");
    assert!(matches!(error.kind(), ReadErrorKind::Io(_)), "{error}");
    assert!(from_slice::<ImagingStudy>(&[]).is_err());
}
