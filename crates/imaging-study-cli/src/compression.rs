//! Compressed inputs, which are not unpacked.

/// The first bytes of files, and what they are compressed with.
const KNOWN: [(&[u8], &str, &str); 6] = [
    (b"\x1F\x8B", "gzip", "gzip -dc"),
    (b"\x28\xB5\x2F\xFD", "zstd", "zstd -dc"),
    (b"BZh", "bzip2", "bzip2 -dc"),
    (b"\xFD7zXZ\0", "xz", "xz -dc"),
    (b"\x04\x22\x4D\x18", "lz4", "lz4 -dc"),
    (b"PK\x03\x04", "zip", "unzip -p"),
];

/// What is wrong with an input that begins so, if it is compressed.
pub(crate) fn problem(start: &[u8]) -> Option<String> {
    let mut known = KNOWN.iter();
    let (_, name, unpack) = known.find(|(magic, ..)| start.starts_with(magic))?;
    Some(format!(
        "the input is compressed with {name}; unpack it first, as in `{unpack} FILE | imaging-study ...`"
    ))
}

/// The endings that such files have behind the one that tells what is in them.
pub(crate) const ENDINGS: [&str; 6] = ["gz", "zst", "bz2", "xz", "lz4", "zip"];
