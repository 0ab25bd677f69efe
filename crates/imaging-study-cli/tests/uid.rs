//! The command `uid`.

use std::collections::HashSet;

use program::Folder;

mod program;

#[test]
fn each_uid_gets_a_line() {
    let folder = Folder::new();
    let texts = [
        "1.2.3",
        "urn:oid:1.2.3",
        "URN:OID:1.2.3 ",
        "https://h.example.org/rs/studies/1.2.3/series/1.2.4",
    ];
    let arguments = [&["uid", "check"][..], &texts].concat();
    let ran = folder.run(&arguments).expect(0);
    assert_eq!(
        ran.lines(),
        [
            "1.2.3\t1.2.3\tbare\t",
            "urn:oid:1.2.3\t1.2.3\turn-oid\t",
            "URN:OID:1.2.3 \t1.2.3\turn-oid-mixed-case\tthe UID is padded with spaces; \
             the prefix of the UID is not in lower case",
            "https://h.example.org/rs/studies/1.2.3/series/1.2.4\t1.2.4\twado-url-of-series\t\
             the UID stands in a URL",
        ]
    );
    assert_eq!(ran.stderr, "");
}

#[test]
fn what_is_no_uid_says_why_and_where() {
    let folder = Folder::new();
    let ran = folder
        .run(&["uid", "check", "1.2.x", "1.2.08", "1.2.3"])
        .expect(1);
    let lines = ran.lines();
    assert!(lines[0].starts_with("1.2.x\tinvalid\t"), "{lines:?}");
    assert!(lines[0].contains('4'), "{lines:?}");
    assert!(lines[1].starts_with("1.2.08\tinvalid\t"), "{lines:?}");
    assert_eq!(lines[2], "1.2.3\t1.2.3\tbare\t");
    // A prefix is no part of a UID in DICOM, and zeros can be taken out.
    folder
        .run(&["uid", "check", "--strict", "urn:oid:1.2.3"])
        .expect(1);
    folder.run(&["uid", "check", "--strict", "1.2.3"]).expect(0);
    let repaired = folder
        .run(&["uid", "check", "--repair", "1.2.08"])
        .expect(0);
    assert_eq!(
        repaired.stdout,
        "1.2.08\t1.2.8\tbare\t1 leading zeros taken out of component 2\n"
    );
    folder
        .run(&["uid", "check", "--repair", "--strict", "1.2"])
        .expect(2);
    folder.run(&["uid", "check"]).expect(2);
}

#[test]
fn lines_of_stdin_are_looked_at_one_by_one() {
    let folder = Folder::new();
    let mut input = b"1.2.3\r\n\n1.2.4\n\x1b[31m\t1.2\n\xff\n".to_vec();
    input.extend(vec![b'1'; 200_000]);
    input.extend(b"\n1.2.5");
    let ran = folder.run_with(&["uid", "check", "-"], &input).expect(1);
    let lines = ran.lines();
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert_eq!(lines[0], "1.2.3\t1.2.3\tbare\t");
    // Nothing in a text ends a column or reaches the terminal.
    assert!(
        lines[2].starts_with("\\u{1b}[31m\\t1.2\tinvalid\t"),
        "{lines:?}"
    );
    assert!(lines[3].starts_with("\u{fffd}\tinvalid\t"), "{lines:?}");
    assert!(lines[4].contains("\tinvalid\t"), "{lines:?}");
    assert_eq!(lines[5], "1.2.5\t1.2.5\tbare\t");
}

#[test]
fn new_uids_differ() {
    let folder = Folder::new();
    let ran = folder.run(&["uid", "new", "-n", "50"]).expect(0);
    let uids: HashSet<_> = ran.stdout.lines().collect();
    assert_eq!(uids.len(), 50);
    assert!(uids.iter().all(|uid| uid.starts_with("2.25.")));
    let arguments = [vec!["uid", "check", "--strict"], ran.lines()].concat();
    folder.run(&arguments).expect(0);

    assert_eq!(folder.run(&["uid", "new"]).expect(0).lines().len(), 1);
    let own = folder
        .run(&["uid", "new", "--root", "1.2.826.0.1.3680043.8.498"])
        .expect(2);
    assert!(own.stderr.starts_with("error: "), "{}", own.stderr);
    let own = folder
        .run(&["uid", "new", "--root", "1.2.826.0.1.3680043.8"])
        .expect(0);
    assert!(own.stdout.starts_with("1.2.826.0.1.3680043.8."));
    folder.run(&["uid", "new", "--root", "1.x"]).expect(2);
}

#[test]
fn uuids_and_uids_stand_for_each_other() {
    let folder = Folder::new();
    let (uuid, uid) = (
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "2.25.329800735698586629295641978511506172918",
    );
    let there = folder.run(&[
        "uid",
        "from-uuid",
        uuid,
        "urn:uuid:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    ]);
    assert_eq!(there.expect(0).lines(), [uid, uid]);
    let back = folder.run_with(
        &["uid", "to-uuid", "-"],
        format!("{uid}\nurn:oid:{uid}\n").as_bytes(),
    );
    assert_eq!(back.expect(0).lines(), [uuid, uuid]);
    let ran = folder.run(&["uid", "to-uuid", uid, "1.2.3", "x"]).expect(1);
    assert_eq!(ran.lines()[0], uuid);
    assert!(
        ran.lines()[1..]
            .iter()
            .all(|line| line.starts_with("invalid\t"))
    );
    let ran = folder.run(&["uid", "from-uuid", "f81d4fae"]).expect(1);
    assert!(ran.stdout.starts_with("invalid\t"));
}
