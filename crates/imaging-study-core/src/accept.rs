//! What a reader of answers accepts.

/// A media range of an `Accept` header with how much it is wanted
/// (<https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1>).
///
/// ```
/// use imaging_study_core::MediaRange;
///
/// let ranges = MediaRange::list("text/html;q=0.4, application/fhir+json; fhirVersion=5.0, */*;q=0");
/// assert_eq!(ranges[0].text, "application/fhir+json; fhirVersion=5.0");
/// assert_eq!((ranges[1].text.as_str(), ranges[1].quality), ("text/html", 400));
/// assert_eq!(ranges[2].quality, 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaRange {
    /// The range with its parameters and without its quality, as it was given.
    pub text: String,
    /// How much it is wanted, in thousandths: 0 (not at all) to 1000.
    pub quality: u16,
}

impl MediaRange {
    /// The ranges of a header, the most wanted first, those that are wanted alike in the order of the
    /// header. A range whose quality is no number of the standard is left out.
    #[must_use]
    pub fn list(header: &str) -> Vec<Self> {
        let entries = split_outside_quotes(header, ',');
        let mut ranges: Vec<Self> = entries
            .into_iter()
            .filter(|entry| !entry.trim().is_empty())
            .filter_map(Self::entry)
            .collect();
        ranges.sort_by_key(|range| std::cmp::Reverse(range.quality));
        ranges
    }

    /// The range alone, without parameters, in lower case, e.g. `application/*`.
    #[must_use]
    pub fn essence(&self) -> String {
        let essence = self.text.split(';').next().unwrap_or_default();
        essence.trim().to_ascii_lowercase()
    }

    fn entry(entry: &str) -> Option<Self> {
        let mut text = String::new();
        let mut quality = 1000;
        for (index, part) in split_outside_quotes(entry, ';').into_iter().enumerate() {
            let part = part.trim();
            match part.split_once('=') {
                Some((name, value)) if index > 0 && name.trim().eq_ignore_ascii_case("q") => {
                    quality = thousandths(value.trim())?;
                }
                _ if part.is_empty() => {}
                _ => {
                    if !text.is_empty() {
                        text.push_str("; ");
                    }
                    text.push_str(part);
                }
            }
        }
        (!text.is_empty()).then_some(Self { text, quality })
    }
}

/// `0.75` as 750; digits behind the third are none of the standard.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() != 1 || fraction.len() > 3 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let thousandths: u16 = format!("{whole}{fraction:0<3}").parse().ok()?;
    (thousandths <= 1000).then_some(thousandths)
}

/// Splits a header at a separator that does not stand in a quoted string.
fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start) = (Vec::new(), 0);
    let (mut quoted, mut escaped) = (false, false);
    for (index, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if letter == separator && !quoted => {
                parts.push(&text[start..index]);
                start = index + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities() {
        for (text, expected) in [
            ("1", Some(1000)),
            ("1.000", Some(1000)),
            ("0", Some(0)),
            ("0.", Some(0)),
            ("0.05", Some(50)),
            ("1.001", None),
            ("0.0001", None),
            ("-1", None),
            (".5", None),
            ("high", None),
            ("", None),
        ] {
            assert_eq!(thousandths(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_quoted_does_not_separate() {
        let ranges = MediaRange::list(r#"a/b; x="1,2;q=0\"" ;Q=0.5,, c/d ; q = 1"#);
        let texts: Vec<_> = ranges.iter().map(|range| range.text.as_str()).collect();
        assert_eq!(texts, ["c/d", r#"a/b; x="1,2;q=0\"""#]);
        assert_eq!(ranges[1].essence(), "a/b");
        assert!(MediaRange::list(" , ;q=1").is_empty());
    }
}
