//! Names and sentences for codes.

use crate::Result;

/// What the enums of codes and their variants are called, and what their documentation says.
#[derive(Debug, Default)]
pub struct Words {
    sets: Vec<SetWords>,
}

/// The words of a value set.
#[derive(Debug)]
struct SetWords {
    value_set: String,
    name: String,
    text: String,
    /// Another value set whose words hold for codes that have none here.
    like: Option<String>,
    codes: Vec<CodeWords>,
}

#[derive(Debug)]
struct CodeWords {
    code: String,
    /// The version for which the words hold alone.
    version: Option<String>,
    variant: String,
    text: String,
}

impl Words {
    /// Reads the words. A line `value-set Name Sentence.` begins a value set; the indented lines
    /// below are its codes, `code Variant Sentence.`, with `code@version` for the words of one
    /// version, and `=value-set` for all words of another.
    ///
    /// # Errors
    ///
    /// A line that is none of these.
    pub fn parse(text: &str) -> Result<Self> {
        let mut words = Self::default();
        for line in text.lines() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let wrong = || format!("not understood: {line}");
            if let Some(line) = line.strip_prefix("  ") {
                let set = words.sets.last_mut().ok_or_else(wrong)?;
                if let Some(like) = line.strip_prefix('=') {
                    set.like = Some(like.to_owned());
                    continue;
                }
                let (code, variant, text) = three(line).ok_or_else(wrong)?;
                let (code, version) = match code.split_once('@') {
                    Some((code, version)) => (code, Some(version.to_owned())),
                    None => (code, None),
                };
                set.codes.push(CodeWords {
                    code: code.to_owned(),
                    version,
                    variant: variant.to_owned(),
                    text: text.to_owned(),
                });
            } else {
                let (value_set, name, text) = three(line).ok_or_else(wrong)?;
                words.sets.push(SetWords {
                    value_set: value_set.to_owned(),
                    name: name.to_owned(),
                    text: text.to_owned(),
                    like: None,
                    codes: Vec::new(),
                });
            }
        }
        Ok(words)
    }

    fn set(&self, value_set: &str) -> Option<&SetWords> {
        self.sets.iter().find(|set| set.value_set == value_set)
    }

    /// The name of the enum of a value set, and the sentence about it.
    ///
    /// # Errors
    ///
    /// There are no words for it.
    pub fn of_set(&self, value_set: &str) -> Result<(&str, &str)> {
        self.set(value_set)
            .map(|set| (set.name.as_str(), set.text.as_str()))
            .ok_or_else(|| format!("words/codes.txt has no value set {value_set}"))
    }

    /// The name of the variant of a code, and the sentence about it.
    ///
    /// # Errors
    ///
    /// There are no words for it.
    pub fn of_code(&self, value_set: &str, code: &str, version: &str) -> Result<(&str, &str)> {
        let set = self.set(value_set);
        let like = set.and_then(|set| self.set(set.like.as_deref()?));
        [set, like]
            .into_iter()
            .flatten()
            .find_map(|set| set.code(code, version))
            .map(|words| (words.variant.as_str(), words.text.as_str()))
            .ok_or_else(|| format!("words/codes.txt has no code {code} of {value_set}"))
    }
}

impl SetWords {
    fn code(&self, code: &str, version: &str) -> Option<&CodeWords> {
        let of = |version: Option<&str>| {
            self.codes
                .iter()
                .find(|words| words.code == code && words.version.as_deref() == version)
        };
        of(Some(version)).or_else(|| of(None))
    }
}

/// Two words and the rest of a line.
fn three(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.splitn(3, ' ');
    Some((parts.next()?, parts.next()?, parts.next()?))
}
