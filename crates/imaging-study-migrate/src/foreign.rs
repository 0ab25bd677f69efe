//! Inputs that hold no text that could be read: compressed ones, and JSON in UTF-16.

/// The first bytes of files, what they are compressed with, and what unpacks them.
const COMPRESSED: [(&[u8], &str, &str); 6] = [
    // Of these, only what is compressed twice comes here.
    (b"\x1F\x8B", "gzip", "gzip -dc"),
    (b"\x28\xB5\x2F\xFD", "zstd", "zstd -dc"),
    (b"BZh", "bzip2", "bzip2 -dc"),
    (b"\xFD7zXZ\0", "xz", "xz -dc"),
    (b"\x04\x22\x4D\x18", "lz4", "lz4 -dc"),
    (b"PK\x03\x04", "zip", "unzip -p"),
];

/// The endings that compressed files have behind the one that tells what is in them.
pub const ENDINGS: [&str; 6] = ["gz", "zst", "bz2", "xz", "lz4", "zip"];

/// What is wrong with an input that begins so, if that can be told from a few bytes: one error is
/// better than one for each line.
pub fn problem(start: &[u8]) -> Option<String> {
    let mut known = COMPRESSED.iter();
    if let Some((_, name, unpack)) = known.find(|(magic, ..)| start.starts_with(magic)) {
        return Some(format!(
            "the input is compressed with {name}; unpack it first, \
             as in `{unpack} FILE | imaging-study ...`"
        ));
    }
    let text = match start {
        [0xFF, 0xFE, text @ ..] | [0xFE, 0xFF, text @ ..] | text => text,
    };
    let ([b'{' | b'[', 0, ..] | [0, b'{' | b'[', ..]) = text else {
        return is_no_text(start).then(|| {
            "the input is neither JSON nor XML, and not compressed with gzip or zstandard"
                .to_owned()
        });
    };
    Some(
        "the input is JSON in UTF-16, and FHIR's is UTF-8; \
         as in `iconv -f UTF-16 -t UTF-8 FILE | imaging-study ...`"
            .to_owned(),
    )
}

/// How much of an input tells whether it is text.
const HEAD: usize = 4096;

/// Whether there are bytes that no text has, and nothing among them that could be JSON or XML: a bad
/// line among good ones is a matter of that line.
fn is_no_text(start: &[u8]) -> bool {
    let head = start.get(..HEAD).unwrap_or(start);
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F);
    let begins = |line: &[u8]| matches!(line.trim_ascii_start(), [b'{' | b'[' | b'<', ..]);
    // XML may be UTF-16.
    let is_wide = matches!(
        start,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..]
    );
    !is_wide && head.iter().any(is_binary) && !head.split(|byte| *byte == b'\n').any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_has_a_name() {
        let named = |start: &[u8], name: &str| {
            assert!(problem(start).is_some_and(|problem| problem.contains(name)));
        };
        for (start, name, _) in COMPRESSED {
            named(start, name);
        }
        named(b"\xFF\xFE{\0\"\0", "UTF-16");
        named(b"\xFE\xFF\0[\0{", "UTF-16");
        named(b"{\0\"\0", "UTF-16");
        named(b"PAR1\x15\0\x15", "neither");
        named(&[0; 200], "neither");
        // XML may be UTF-16.
        for start in [
            &b"{\"a\""[..],
            b"",
            b"\xFF\xFE<\0",
            b"\xEF\xBB\xBF{",
            b"BZ",
            b"PK",
            b"caf\xE9\n",
            b"\x01\0\n{}\n",
        ] {
            assert_eq!(problem(start), None);
        }
    }
}
