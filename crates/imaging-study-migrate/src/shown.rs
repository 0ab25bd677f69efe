//! Names of files, and other texts of the input, as they are shown on a terminal.

use std::path::Path;

/// A text in which nothing ends a line or a column, changes a terminal, or the order in which
/// characters are shown.
pub fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    push(text, &mut shown);
    shown
}

/// The name of a file, shown in the same way; bytes that are no UTF-8 stand as `\xNN`.
pub fn shown_path(path: &Path) -> String {
    let mut shown = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        push(chunk.valid(), &mut shown);
        for byte in chunk.invalid() {
            shown.push_str(&format!("\\x{byte:02x}"));
        }
    }
    shown
}

fn push(text: &str, shown: &mut String) {
    for character in text.chars() {
        // Where backslashes part the names of folders, no name has control characters.
        if changes_terminals(character) || (character == '\\' && !cfg!(windows)) {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
}

/// Whether a character is not only shown: the control characters, and those that separate lines or
/// change the direction of a text.
pub const fn changes_terminals(character: char) -> bool {
    matches!(
        character,
        '\0'..='\x1F'
            | '\x7F'..='\u{9F}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changes_the_terminal() {
        for (text, expected) in [
            ("a b-ä.json", "a b-ä.json"),
            ("a\nb\tc\r", "a\\nb\\tc\\r"),
            ("\u{1b}[31m\u{7f}", "\\u{1b}[31m\\u{7f}"),
            ("\u{9b}31m \u{202e}x", "\\u{9b}31m \\u{202e}x"),
        ] {
            assert_eq!(shown(text), expected);
            assert_eq!(shown_path(Path::new(text)), expected);
        }
        #[cfg(unix)]
        {
            use std::os::unix::ffi::OsStrExt as _;
            let name = std::ffi::OsStr::from_bytes(b"a\\\xFFb");
            assert_eq!(shown_path(Path::new(name)), "a\\\\\\xffb");
        }
    }
}
