//! Input and output that are compressed.

use std::fs;
use std::io::{Read as _, Write as _};

use program::{Folder, study};

mod program;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    encoder.include_checksum(true).expect("an encoder");
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn gunzip(bytes: &[u8]) -> String {
    let mut text = String::new();
    let mut decoder = flate2::read::MultiGzDecoder::new(bytes);
    decoder.read_to_string(&mut text).expect("gzip of a text");
    text
}

fn unzstd(bytes: &[u8]) -> String {
    String::from_utf8(zstd::decode_all(bytes).expect("zstd")).expect("a text")
}

fn bytes(folder: &Folder, name: &str) -> Vec<u8> {
    fs::read(folder.path(name)).expect("a file")
}

#[test]
fn compressed_input_is_read_whatever_its_name() {
    let folder = Folder::new();
    let lines: String = (0..400)
        .map(|id| study(&format!("s{id}")).0 + "\n")
        .collect();
    let expected = folder
        .run_with(&["convert", "--to", "r5"], lines.as_bytes())
        .expect(0)
        .stdout;
    let (start, end) = lines.as_bytes().split_at(1_234);
    for packed in [
        gzip(lines.as_bytes()),
        [gzip(start), gzip(end), vec![0; 700]].concat(),
        zstd(lines.as_bytes()),
        [
            b"\x50\x2A\x4D\x18\x02\0\0\0hi".to_vec(),
            zstd(start),
            zstd(end),
        ]
        .concat(),
    ] {
        folder.write("in.gz", &packed);
        folder.write("in", &packed);
        for name in ["in.gz", "in"] {
            for jobs in ["1", "2"] {
                let arguments = ["convert", "--to", "r5", "--jobs", jobs, name];
                assert!(folder.run(&arguments).expect(0).stdout == expected);
            }
        }
        let ran = folder
            .run_with(&["convert", "--to", "r5"], &packed)
            .expect(0);
        assert!(ran.stdout == expected);
        for command in [&["detect"][..], &["validate"], &["search", "modality=CT"]] {
            let whole = [command, &["plain"]].concat();
            folder.write("plain", &lines);
            let plain = folder.run(&whole);
            let read = folder.run(&[command, &["in"]].concat());
            let named = plain.stdout.replace("plain:", "in:");
            assert!(
                (read.status, read.stdout) == (plain.status, named),
                "{command:?}"
            );
        }
    }
    // A document, and a name that says what is not so.
    let (a, a5) = study("a");
    folder.write("a.json.gz", &a);
    let ran = folder
        .run(&["convert", "--to", "r5", "a.json.gz"])
        .expect(0);
    assert_eq!(ran.lines(), [a5]);
}

#[test]
fn what_is_broken_is_one_error_and_no_output() {
    let folder = Folder::new();
    let lines = (study("a").0 + "\n").repeat(500);
    for packed in [gzip(lines.as_bytes()), zstd(lines.as_bytes())] {
        let mut changed = packed.clone();
        let middle = changed.len() / 2;
        changed[middle] ^= 0x55;
        for broken in [&packed[..middle], &packed[..packed.len() - 1], &changed] {
            folder.write("in", broken);
            for arguments in [
                &["convert", "--to", "r5", "-o", "out", "in"][..],
                &["convert", "--to", "r5", "-j", "2", "-o", "out", "in"],
                &["detect", "in"],
                &["validate", "in"],
            ] {
                let ran = folder.run(arguments).expect(3);
                let errors = ran
                    .stderr
                    .lines()
                    .filter(|line| line.starts_with("error: in: "));
                assert_eq!(errors.count(), 1, "{ran:?}");
            }
            assert_eq!(folder.names(), ["in"]);
        }
    }
    for (foreign, why) in [
        (&b"BZh91AY&SY"[..], "bzip2"),
        (
            &[0x01, 0x02, 0x03, 0x00].repeat(1_000),
            "neither JSON nor XML",
        ),
        (b"PAR1\x15\x04\x15\x10", "neither JSON nor XML"),
    ] {
        folder.write("in", foreign);
        let ran = folder.run(&["convert", "--to", "r5", "in"]).expect(3);
        assert!(ran.stderr.contains(why), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
    folder.write("in.zst", "");
    folder.run(&["convert", "--to", "r5", "in.zst"]).expect(3);
}

#[test]
fn output_is_compressed_by_its_name_or_on_request() {
    let folder = Folder::new();
    let lines: String = (0..2_000)
        .map(|id| study(&format!("s{id}")).0 + "\n")
        .collect();
    folder.write("in", format!("{lines}bad\n"));
    let expected: String = (0..2_000)
        .map(|id| study(&format!("s{id}")).1 + "\n")
        .collect();
    let convert = ["convert", "--to", "r5", "in", "--quarantine", "bad.gz"];
    let run = |more: &[&str]| folder.run(&[&convert[..], more].concat()).expect(0).stdout;
    run(&["-o", "out.ndjson.gz"]);
    assert!(gunzip(&bytes(&folder, "out.ndjson.gz")) == expected);
    assert_eq!(gunzip(&bytes(&folder, "bad.gz")).lines().count(), 1);
    run(&["-o", "out.zst"]);
    assert!(unzstd(&bytes(&folder, "out.zst")) == expected);
    run(&["-o", "named", "--compress", "zstd"]);
    assert!(unzstd(&bytes(&folder, "named")) == expected);
    run(&["-o", "named.gz", "--compress", "zstd"]);
    assert!(unzstd(&bytes(&folder, "named.gz")) == expected);
    // Nothing, compressed, can be read.
    folder.write("in", "");
    run(&["-o", "none.gz"]);
    assert_eq!(gunzip(&bytes(&folder, "none.gz")), "");
    run(&["-o", "none.zst"]);
    assert_eq!(unzstd(&bytes(&folder, "none.zst")), "");
}

/// What unpacks to more than any memory is a line that is too long, or many.
#[test]
fn a_bomb_is_bounded_by_the_limits() {
    let folder = Folder::new();
    let mut encoder = zstd::Encoder::new(Vec::new(), 1).expect("memory");
    for _ in 0..300 {
        encoder.write_all(&vec![b'x'; 1 << 20]).expect("memory");
    }
    encoder.write_all(b"\n").expect("memory");
    encoder.write_all(study("a").0.as_bytes()).expect("memory");
    let bomb = encoder.finish().expect("memory");
    assert!(bomb.len() < 1 << 20);
    folder.write("in.zst", bomb);
    let arguments = ["convert", "--to", "r5", "--max-bytes", "1000000", "in.zst"];
    let ran = folder.run(&arguments).expect(0);
    assert_eq!(ran.lines(), [study("a").1]);
    let report = &ran.outcomes()[0]["issue"][0];
    let size = 300 << 20;
    let expected = format!("more than 1000000 bytes: {size} from byte 0 of the input on");
    assert_eq!(report["diagnostics"], expected.as_str());
}
