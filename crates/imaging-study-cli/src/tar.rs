//! Archives of files, as `tar` reads them.

use std::io::{self, Write};

/// What files are padded to, in bytes.
const BLOCK: usize = 512;

/// The longest name that fits the header of a file.
const LONGEST_NAME: usize = 100;

/// Writes a file into an archive, in the form of POSIX (ustar): readable by everyone, of no user and
/// no time.
///
/// # Errors
///
/// Those of the output, and names that are too long.
pub(crate) fn add(output: &mut impl Write, name: &str, content: &[u8]) -> io::Result<()> {
    if name.len() > LONGEST_NAME {
        let error = "the name of a file in an archive is too long";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, error));
    }
    let mut header = [0; BLOCK];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, format!("{:011o}\0", content.len()).as_bytes());
    put(136, b"00000000000\0");
    // The sum is made with blanks in its own place.
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    output.write_all(&header)?;
    output.write_all(content)?;
    let rest = content.len() % BLOCK;
    if rest > 0 {
        output.write_all(&[0; BLOCK][rest..])?;
    }
    Ok(())
}

/// Writes the end of an archive.
pub(crate) fn finish(output: &mut impl Write) -> io::Result<()> {
    output.write_all(&[0; 2 * BLOCK])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_begin_at_blocks() {
        let mut archive = Vec::new();
        for length in [0, 1, 511, 512, 513] {
            add(&mut archive, "a/b", &vec![b'x'; length]).expect("memory");
            assert_eq!(archive.len() % BLOCK, 0);
        }
        finish(&mut archive).expect("memory");
        assert_eq!(archive.len(), (5 + 1 + 1 + 1 + 2 + 2) * BLOCK);
        // The size of the last file stands behind those of the first four.
        let header = &archive[(4 + 3) * BLOCK..][..BLOCK];
        assert_eq!(&header[124..135], b"00000001001");
        let mut sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        sum -= header[148..156]
            .iter()
            .map(|byte| u32::from(*byte))
            .sum::<u32>();
        sum += 8 * u32::from(b' ');
        assert_eq!(&header[148..156], format!("{sum:06o}\0 ").as_bytes());
        assert!(add(&mut archive, &"x".repeat(101), b"").is_err());
    }
}
