//! Real DICOM files, made here, with the oddities that archives hold.

mod support;

use std::io::Cursor;

use dicom_core::{DataElement, Length, PrimitiveValue, Tag, VR};
use dicom_object::{FileMetaTableBuilder, InMemDicomObject};
use imaging_study_core::{FhirVersion, Json};
use imaging_study_from_dicom::{FileError, NoteKind, Options, Studies};

const EXPLICIT: &str = "1.2.840.10008.1.2.1";
const IMPLICIT: &str = "1.2.840.10008.1.2";
const BIG_ENDIAN: &str = "1.2.840.10008.1.2.2";

type Object = InMemDicomObject;

fn text(object: &mut Object, group: u16, element: u16, vr: VR, text: &str) {
    let value = PrimitiveValue::from(text);
    object.put(DataElement::new(Tag(group, element), vr, value));
}

fn sequence(object: &mut Object, group: u16, element: u16, items: Vec<Object>) {
    let value = dicom_core::value::DataSetSequence::new(items, Length::UNDEFINED);
    object.put(DataElement::new(Tag(group, element), VR::SQ, value));
}

fn code(value: &str, scheme: &str, meaning: &str) -> Object {
    let mut item = Object::new_empty();
    text(&mut item, 0x0008, 0x0100, VR::SH, value);
    text(&mut item, 0x0008, 0x0102, VR::SH, scheme);
    text(&mut item, 0x0008, 0x0104, VR::LO, meaning);
    item
}

/// An image with everything that is odd, in a series of two.
fn image(number: u8) -> Object {
    let mut object = Object::new_empty();
    let o = &mut object;
    text(o, 0x0008, 0x0005, VR::CS, "ISO_IR 192");
    text(o, 0x0008, 0x0016, VR::UI, "1.2.840.10008.5.1.4.1.1.2");
    text(o, 0x0008, 0x0018, VR::UI, &format!("1.2.3.1.{number}"));
    text(o, 0x0008, 0x0020, VR::DA, "20260302");
    text(o, 0x0008, 0x0030, VR::TM, "081500.5");
    text(o, 0x0008, 0x0060, VR::CS, "CF");
    text(o, 0x0008, 0x1070, VR::PN, "Tech^Anna\\Tech^Bert");
    let name = "Yamada^Tarou=山田^太郎=やまだ^たろう";
    text(o, 0x0010, 0x0010, VR::PN, name);
    text(o, 0x0010, 0x0020, VR::LO, "4-11");
    text(o, 0x0018, 0x0015, VR::CS, "LEFT THUMB");
    text(o, 0x0020, 0x000D, VR::UI, "1.2.3");
    // Padded to an odd length by hand, the writer adds a NUL.
    text(o, 0x0020, 0x000E, VR::UI, "1.2.3.1 ");
    text(o, 0x0020, 0x0011, VR::IS, "-7");
    text(o, 0x0020, 0x0013, VR::IS, &format!(" +0{number}"));
    sequence(
        o,
        0x0008,
        0x1032,
        vec![
            code("24627-2", "LN", "CT Chest"),
            code("X1", "99LOCAL", "Chest routine"),
        ],
    );
    let request = |accession: &str| {
        let mut item = Object::new_empty();
        text(&mut item, 0x0008, 0x0050, VR::SH, accession);
        let reason = vec![code("T-04000", "SRT", "Breast")];
        sequence(&mut item, 0x0040, 0x100A, reason);
        item
    };
    let requests = vec![request("ACC-1"), request("ACC-2")];
    sequence(o, 0x0040, 0x0275, requests);
    // Nothing below is needed: an icon in a private sequence, the frames' groups, the pixels.
    sequence(o, 0x0009, 0x1010, vec![code("X", "99Y", "hidden")]);
    sequence(o, 0x5200, 0x9230, vec![code("X", "99Y", "hidden")]);
    let pixels = PrimitiveValue::from(vec![0_u8; 4096]);
    object.put(DataElement::new(Tag(0x7FE0, 0x0010), VR::OB, pixels));
    object
}

fn file(object: Object, transfer_syntax: &str) -> Vec<u8> {
    let meta = FileMetaTableBuilder::new()
        .transfer_syntax(transfer_syntax)
        .media_storage_sop_class_uid("1.2.840.10008.5.1.4.1.1.2")
        .media_storage_sop_instance_uid("1.2.3.1.1");
    let file = object.with_meta(meta).expect("a file");
    let mut bytes = Vec::new();
    file.write_all(&mut bytes).expect("a written file");
    bytes
}

fn studies(files: &[Vec<u8>]) -> Studies {
    let mut studies = Studies::default();
    for file in files {
        studies.add_dicom(Cursor::new(file)).expect("a DICOM file");
    }
    studies
}

fn r5(studies: &Studies) -> Json {
    let study = studies.get("1.2.3").expect("the study");
    support::built(study, FhirVersion::R5, &Options::default())
}

fn at<'a>(json: &'a Json, path: &[&str]) -> &'a Json {
    path.iter().fold(json, |json, step| {
        let found = match step.parse::<usize>() {
            Ok(index) => json.as_array().and_then(|list| list.get(index)),
            Err(_) => json.get(step),
        };
        found.unwrap_or_else(|| panic!("no {step} of {path:?}"))
    })
}

fn string<'a>(json: &'a Json, path: &[&str]) -> &'a str {
    at(json, path).as_str().expect("a string")
}

#[test]
fn odd_files_give_the_same_study_in_any_order_and_transfer_syntax() {
    let mut first = None;
    for syntax in [EXPLICIT, IMPLICIT, BIG_ENDIAN] {
        let mut files = vec![file(image(1), syntax), file(image(2), syntax)];
        let forth = r5(&studies(&files));
        files.reverse();
        assert_eq!(r5(&studies(&files)), forth);
        assert_eq!(*first.get_or_insert(forth.clone()), forth, "{syntax}");
    }
    let study = first.expect("a study");
    // Without an offset there is no time.
    assert_eq!(string(&study, &["started"]), "2026-03-02");
    assert_eq!(string(&study, &["subject", "display"]), "Tarou Yamada");
    let accession = |index| string(&study, &["basedOn", index, "identifier", "value"]);
    assert_eq!([accession("0"), accession("1")], ["ACC-1", "ACC-2"]);
    let procedure = |index| at(&study, &["procedure", index, "concept"]);
    assert_eq!(string(procedure("0"), &["coding", "0", "code"]), "24627-2");
    assert_eq!(string(procedure("1"), &["text"]), "Chest routine");
    let reason = at(&study, &["reason"]).as_array().expect("a list");
    assert_eq!(reason.len(), 1);
    let code = string(&reason[0], &["concept", "coding", "0", "code"]);
    assert_eq!(code, "76752008");
    let series = at(&study, &["series", "0"]);
    assert_eq!(string(series, &["uid"]), "1.2.3.1");
    assert!(series.get("number").is_none());
    assert_eq!(
        string(series, &["bodySite", "concept", "text"]),
        "LEFT THUMB"
    );
    let modality = string(series, &["modality", "coding", "0", "code"]);
    assert_eq!(modality, "CF");
    let performers = at(series, &["performer"]).as_array().expect("a list");
    assert_eq!(performers.len(), 2);
    assert_eq!(string(series, &["instance", "1", "uid"]), "1.2.3.1.2");
    let number = at(series, &["instance", "1", "number"]);
    assert_eq!(*number, Json::Number(2.into()));
}

#[test]
fn files_and_their_json_give_the_same_study() {
    let files = studies(&[file(image(1), EXPLICIT)]);
    let mut json = Studies::default();
    json.add_json(include_bytes!("data/odd-image.dicom.json"))
        .expect("a data set");
    assert_eq!(r5(&files), r5(&json));
    let kinds = |studies: &Studies| -> Vec<_> {
        let notes = studies.notes();
        notes.map(|note| (note.kind, note.tag)).collect()
    };
    assert_eq!(kinds(&files), kinds(&json));
    assert!(
        kinds(&files)
            .iter()
            .any(|(kind, _)| *kind == NoteKind::InvalidNumber)
    );
}

#[test]
fn a_name_in_an_undecoded_character_set_leaves_its_other_groups() {
    let mut object = image(1);
    text(&mut object, 0x0008, 0x0005, VR::CS, "ISO_IR 100");
    let name = "Yamada^Tarou=\u{1b}$B;3ED\u{1b}(B^\u{1b}$BB@O:\u{1b}(B";
    text(&mut object, 0x0010, 0x0010, VR::PN, name);
    let studies = studies(&[file(object, EXPLICIT)]);
    assert_eq!(
        string(&r5(&studies), &["subject", "display"]),
        "Tarou Yamada"
    );
    assert!(
        studies
            .notes()
            .any(|note| note.kind == NoteKind::CharacterSet)
    );
}

#[test]
fn nothing_behind_the_header_is_read() {
    let whole = file(image(1), EXPLICIT);
    // The file ends within its pixels.
    let cut = whole[..whole.len() - 4000].to_vec();
    assert_eq!(r5(&studies(&[cut])), r5(&studies(&[whole])));
}

#[test]
fn a_compression_of_tomorrow_is_no_obstacle() {
    const JPEG: &str = "1.2.840.10008.1.2.4.50";
    let known = file(image(1), JPEG);
    let mut unknown = known.clone();
    let syntax = known
        .windows(JPEG.len())
        .position(|window| window == JPEG.as_bytes())
        .expect("the transfer syntax");
    unknown[syntax..syntax + JPEG.len()].copy_from_slice(b"1.2.840.10008.1.2.4.00");
    assert_eq!(r5(&studies(&[unknown])), r5(&studies(&[known])));
}

#[test]
fn other_files_are_refused_with_the_reason() {
    let add = |bytes: &[u8]| Studies::default().add_dicom(Cursor::new(bytes));
    assert!(matches!(add(b""), Err(FileError::NotDicom)));
    assert!(matches!(add(&[b'x'; 5000]), Err(FileError::NotDicom)));
    let whole = file(image(1), EXPLICIT);
    assert!(matches!(add(&whole[..140]), Err(FileError::Truncated)));
    let syntax = whole
        .windows(EXPLICIT.len())
        .position(|window| window == EXPLICIT.as_bytes())
        .expect("the transfer syntax");
    let mut deflated = whole.clone();
    let header = syntax - 8;
    deflated.splice(
        header..syntax + EXPLICIT.len() + 1,
        *b"\x02\x00\x10\x00UI\x16\x001.2.840.10008.1.2.1.99",
    );
    assert!(matches!(add(&deflated), Err(FileError::Deflated)));
    let path = std::env::temp_dir().join("no such file of imaging-study.dcm");
    let missing = Studies::default().add_file(path);
    assert!(matches!(missing, Err(FileError::Io(_))));
}

/// The kinds of the notes on a file.
fn noted(studies: &Studies) -> Vec<NoteKind> {
    studies.notes().map(|note| note.kind).collect()
}

#[test]
fn what_stands_before_a_fault_is_used_and_the_fault_noted() {
    let whole = file(image(1), EXPLICIT);
    for (bytes, broken) in [
        ([&whole[..], &[0; 16]].concat(), false),
        (whole[..whole.len() - 4300].to_vec(), true),
    ] {
        let studies = studies(&[bytes]);
        assert!(studies.get("1.2.3").is_some());
        let noted = noted(&studies).contains(&NoteKind::BrokenOff);
        assert_eq!(noted, broken);
    }
    // Cut anywhere, a file gives its study, or it is said that there is none.
    for cut in 0..whole.len() {
        let mut studies = Studies::default();
        let added = studies.add_dicom(Cursor::new(&whole[..cut]));
        let said = added.is_err() || studies.rejected() > 0;
        assert_eq!(studies.get("1.2.3").is_none(), said, "{cut}");
    }
}

#[test]
fn a_file_without_header_or_with_a_wrong_one_is_read_with_a_note() {
    let syntax_of = |syntax: &str| file(image(1), syntax);
    let complete = r5(&studies(&[syntax_of(EXPLICIT)]));
    for syntax in [EXPLICIT, IMPLICIT, BIG_ENDIAN] {
        let whole = syntax_of(syntax);
        let first: &[u8] = if syntax == BIG_ENDIAN {
            &[0, 8, 0, 5]
        } else {
            &[8, 0, 5, 0]
        };
        let start = whole.windows(4).position(|window| window == first);
        let data_set = &whole[start.expect("the data set")..];
        let studies = studies(&[data_set.to_vec()]);
        assert_eq!(r5(&studies), complete, "{syntax}");
        assert!(noted(&studies).contains(&NoteKind::TransferSyntax));
    }
}

#[test]
fn sequences_have_a_limit_on_a_small_stack() {
    let deep = |depth: usize| {
        let mut bytes = file(Object::new_empty(), EXPLICIT);
        bytes.extend(b"\x08\0\x18\0UI\x06\x001.2.3\0\x20\0\x0D\0UI\x06\x001.2.3\0\x20\0\x0E\0UI\x04\x001.2\0");
        for _ in 0..depth {
            bytes.extend(b"\x40\0\x75\x02SQ\0\0\xFF\xFF\xFF\xFF");
            bytes.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        }
        for _ in 0..depth {
            bytes.extend([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0]);
            bytes.extend([0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]);
        }
        bytes
    };
    let small = std::thread::Builder::new().stack_size(256 * 1024);
    let run = small.spawn(move || {
        let add = |bytes: Vec<u8>| Studies::default().add_dicom(Cursor::new(bytes));
        assert!(add(deep(64)).is_ok());
        for depth in [65, 5000, 200_000] {
            assert!(matches!(add(deep(depth)), Err(FileError::TooDeep { .. })));
        }
    });
    run.expect("a thread").join().expect("no overflow");
}

/// The bytes of a data set that ends with an attribute that is needed, the last one.
fn ends_with_what_is_needed() -> Vec<u8> {
    let mut object = Object::new_empty();
    let o = &mut object;
    text(o, 0x0008, 0x0018, VR::UI, "1.2.3.1.1");
    text(o, 0x0008, 0x0060, VR::CS, "CT");
    text(o, 0x0020, 0x000D, VR::UI, "1.2.3");
    text(o, 0x0020, 0x000E, VR::UI, "1.2.3.1");
    text(o, 0x0020, 0x0013, VR::IS, "42");
    file(object, EXPLICIT)
}

#[test]
fn zeros_behind_the_last_element_are_padding_or_noted() {
    let whole = ends_with_what_is_needed();
    let complete = r5(&studies(std::slice::from_ref(&whole)));
    let number = at(&complete, &["series", "0", "instance", "0", "number"]);
    assert_eq!(*number, Json::Number(42.into()));
    for zeros in [0, 1, 2, 7, 8, 16, 511, 512, 100_000] {
        let bytes = [&whole[..], &vec![0; zeros]].concat();
        let studies = studies(&[bytes]);
        // What stands before them is complete, and whatever is said is no more than their end.
        assert_eq!(r5(&studies), complete, "{zeros}");
        let said = noted(&studies);
        let expected: &[NoteKind] = if zeros == 0 {
            &[]
        } else {
            &[NoteKind::BrokenOff]
        };
        assert_eq!(said, expected, "{zeros}");
    }
}

/// The file with another transfer syntax in its header, of the same length.
fn says(mut file: Vec<u8>, old: &str, new: &str) -> Vec<u8> {
    let place = file
        .windows(old.len())
        .position(|window| window == old.as_bytes());
    let place = place.expect("the transfer syntax");
    file[place..place + old.len()].fill(0);
    file[place..place + new.len()].copy_from_slice(new.as_bytes());
    file
}

#[test]
fn a_transfer_syntax_that_is_not_true_or_missing_is_told() {
    let complete = r5(&studies(&[file(image(1), EXPLICIT)]));
    for bytes in [
        // It says explicit and is implicit, and the other way round.
        says(file(image(1), "1.2.840.10008.1.2.1"), EXPLICIT, IMPLICIT),
        says(file(image(1), BIG_ENDIAN), BIG_ENDIAN, EXPLICIT),
        says(file(image(1), BIG_ENDIAN), BIG_ENDIAN, IMPLICIT),
        // It says nothing, or nothing that is known.
        says(file(image(1), EXPLICIT), EXPLICIT, ""),
        says(file(image(1), BIG_ENDIAN), BIG_ENDIAN, ""),
        says(file(image(1), EXPLICIT), EXPLICIT, "1.9.9"),
    ] {
        let studies = studies(&[bytes]);
        assert_eq!(r5(&studies), complete);
        assert!(noted(&studies).contains(&NoteKind::TransferSyntax));
    }
    // The implicit one is too short to hold the name of the explicit one; the header is made longer.
    let implicit = file(image(1), IMPLICIT);
    let value = implicit
        .windows(8)
        .position(|window| window == b"\x02\0\x10\0UI\x12\0")
        .expect("the transfer syntax");
    let end = value + 8 + 0x12;
    for header in [&b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"[..], b""] {
        let bytes = [&implicit[..value], header, &implicit[end..]].concat();
        let studies = studies(&[bytes]);
        assert_eq!(r5(&studies), complete);
        assert!(noted(&studies).contains(&NoteKind::TransferSyntax));
    }
}

#[test]
fn files_are_read_from_disk() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("image.dcm");
    std::fs::write(&path, file(image(1), EXPLICIT)).expect("a written file");
    let mut studies = Studies::default();
    studies.add_file(&path).expect("a DICOM file");
    assert_eq!(studies.data_sets(), 1);
    assert_eq!(studies.rejected(), 0);
}

#[test]
fn broken_and_hostile_files_neither_panic_nor_take_memory() {
    let whole = file(image(1), EXPLICIT);
    for cut in 0..whole.len().min(2000) {
        let _ = Studies::default().add_dicom(Cursor::new(&whole[..cut]));
    }
    // Every byte becomes another one: lengths, tags, and delimiters among them.
    for position in 132..whole.len().min(1500) {
        for byte in [0x00, 0x7F, 0xFF] {
            let mut broken = whole.clone();
            broken[position] = byte;
            let _ = Studies::default().add_dicom(Cursor::new(&broken));
        }
    }
    // Sequences in sequences, 100,000 deep, in a needed one and in one that is not.
    for tag in [[0x40, 0, 0x75, 0x02], [0x09, 0, 0x10, 0x10]] {
        let mut deep = file(Object::new_empty(), EXPLICIT);
        for _ in 0..100_000 {
            deep.extend(tag);
            deep.extend(b"SQ\0\0\xFF\xFF\xFF\xFF");
            deep.extend([0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF]);
        }
        let mut studies = Studies::default();
        let _ = studies.add_dicom(Cursor::new(&deep));
        assert_eq!(studies.iter().count(), 0);
    }
}
