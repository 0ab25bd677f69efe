//! Sharing the memory of texts that repeat.

use smol_str::SmolStr;

use crate::TextStore;

/// The longest text that `SmolStr` stores inline, in bytes.
const INLINE: usize = 23;
/// The longest text that is shared, in bytes: code systems, SOP classes, references, displays.
const LONGEST: usize = 256;
const ENTRIES: usize = 64;

/// A small cache of the texts read last: systems, SOP classes and references repeat from instance
/// to instance, and a shared text costs no allocation.
#[derive(Clone, Debug, Default)]
pub struct TextCache {
    entries: Vec<SmolStr>,
}

impl TextStore for TextCache {
    #[inline]
    fn store(&mut self, text: &str) -> SmolStr {
        if text.len() <= INLINE || text.len() > LONGEST {
            return SmolStr::new(text);
        }
        self.shared(text)
    }
}

impl TextCache {
    fn shared(&mut self, text: &str) -> SmolStr {
        if self.entries.is_empty() {
            self.entries.resize_with(ENTRIES, SmolStr::default);
        }
        let entry = &mut self.entries[place(text.as_bytes())];
        if entry != text {
            *entry = SmolStr::new(text);
        }
        entry.clone()
    }
}

/// A place that depends on the length and on the ends of a text, where UIDs and URLs differ.
fn place(bytes: &[u8]) -> usize {
    let word = |from: usize| {
        bytes[from..]
            .first_chunk::<8>()
            .map_or(0, |word| u64::from_le_bytes(*word))
    };
    let mixed = (word(8) ^ word(bytes.len() - 8).rotate_left(29) ^ bytes.len() as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 58) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_whether_shared_or_not() {
        let mut cache = TextCache::default();
        for length in [0, 23, 24, 31, 256, 257] {
            for _ in 0..2 {
                let text = "x".repeat(length);
                assert_eq!(cache.store(&text), text);
            }
        }
        assert!(place(&[0xFF; 24]) < ENTRIES && place(&[7; 256]) < ENTRIES);
    }
}
