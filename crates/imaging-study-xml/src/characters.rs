//! Which characters XML allows, and where (XML 1.0, fifth edition, sections 2.2 and 2.3).

/// The offset of the first character that no XML document may hold; the length of the text if
/// there is none.
pub(crate) fn first_forbidden(text: &str) -> usize {
    let bytes = text.as_bytes();
    let control = first_control(bytes);
    // U+FFFE and U+FFFF, the only others that UTF-8 can spell.
    let mut others = memchr::memmem::find_iter(&bytes[..control], b"\xEF\xBF");
    others
        .find(|&at| matches!(bytes.get(at + 2), Some(0xBE | 0xBF)))
        .unwrap_or(control)
}

fn first_control(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let forbidden = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    // A whole block without branches, so that it is done many bytes at once.
    let clean = |block: &[u8; BLOCK]| {
        let found = block.iter().fold(0, |found, &byte| {
            let white = (byte == b'\t') | (byte == b'\n') | (byte == b'\r');
            found | (u8::from(byte < b' ') & u8::from(!white))
        });
        found == 0
    };
    for (index, block) in blocks.iter().enumerate() {
        if !clean(block)
            && let Some(at) = block.iter().position(|&byte| forbidden(byte))
        {
            return index * BLOCK + at;
        }
    }
    let at = rest.iter().position(|&byte| forbidden(byte));
    at.map_or(bytes.len(), |at| blocks.len() * BLOCK + at)
}

/// Whether XML allows a character.
pub(crate) const fn is_character(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..)
}

/// Whether a byte is XML's white space.
pub(crate) const fn is_white_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a text is nothing but XML's white space.
pub(crate) fn is_blank(text: &str) -> bool {
    text.bytes().all(is_white_space)
}

/// Whether a text is a name without a colon (Namespaces in XML 1.0, NCName).
pub(crate) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(starts_name) && characters.all(continues_name)
}

/// A name of a tag or attribute for the path of an error: as it is, prefix and all, if it is short and
/// made of letters, digits and the marks of names; anything else could be data, or hide in a terminal.
pub(crate) fn path_name(name: &str) -> String {
    let shown = |character: char| character.is_alphanumeric() || "_-.:".contains(character);
    match name.len() <= 64 && name.chars().all(shown) {
        true => name.to_owned(),
        false => "?".to_owned(),
    }
}

const fn starts_name(character: char) -> bool {
    matches!(
        character,
        'A'..='Z'
            | '_'
            | 'a'..='z'
            | '\u{C0}'..='\u{D6}'
            | '\u{D8}'..='\u{F6}'
            | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}'
            | '\u{200C}'..='\u{200D}'
            | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}'
            | '\u{3001}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FDCF}'
            | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}'
    )
}

const fn continues_name(character: char) -> bool {
    starts_name(character)
        || matches!(
            character,
            '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_found_at_every_place() {
        for forbidden in ['\0', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            assert!(!is_character(forbidden));
            for before in [0, 1, 63, 64, 65, 200] {
                let text = format!("{}{forbidden}\n{forbidden}", "\u{FFFD}".repeat(before));
                assert_eq!(first_forbidden(&text), 3 * before);
            }
        }
        let allowed = "\t\n\r \u{7F}\u{80}\u{D7FF}\u{E000}\u{FFFD}\u{10FFFF}".repeat(20);
        assert!(allowed.chars().all(is_character));
        assert_eq!(first_forbidden(&allowed), allowed.len());
    }
}
