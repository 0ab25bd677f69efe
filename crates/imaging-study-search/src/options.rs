//! What a query does not say itself.

use crate::date_text::parse_offset;
use crate::moment::Moment;

/// What a query means where it does not say so itself, and how strictly it is taken.
///
/// Index values are made with the same options as the queries that they are to answer: the base
/// decides which references are local, the offset what a day is.
///
/// ```
/// use imaging_study_search::Options;
///
/// let mut options = Options::default();
/// options.set_offset("-05:00").expect("an offset");
/// options.base = Some("https://pacs.example/fhir".to_owned());
/// assert_eq!(options.offset_minutes(), -300);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The base URL of the server on which the studies stand. A reference to a URL below it is the
    /// same as the relative one, with `http` and `https` taken for one another.
    pub base: Option<String>,
    /// The present time, from which `ap` measures.
    pub now: Option<Moment>,
    /// Whether a parameter, sort key or element that is not known is an error in place of being
    /// ignored (`Prefer: handling=strict`).
    pub strict: bool,
    /// Whether UIDs are compared with and without `urn:oid:`, whichever the version demands.
    pub lenient_uids: bool,
    /// Whether all codes are compared without regard to ASCII case. Values of identifiers always
    /// are.
    pub ignore_case: bool,
    /// Whether `modality` also looks at the modalities that the study itself states, which no
    /// version defines.
    pub study_modality: bool,
    /// Whether a parameter may have the name that another version gives it, e.g. `bodysite` in R5.
    pub other_names: bool,
    offset_minutes: i16,
}

impl Options {
    /// The offset from UTC of dates, and of times without one, in minutes, -840 to 840.
    #[must_use]
    pub const fn offset_minutes(&self) -> i16 {
        self.offset_minutes
    }

    /// Sets the offset: `Z`, or `-14:00` to `+14:00`; `None` if the text is none of these, and
    /// nothing has changed then.
    pub fn set_offset(&mut self, text: &str) -> Option<()> {
        self.offset_minutes = parse_offset(text)?;
        Some(())
    }

    /// What stands behind the base in a URL, if the URL is below it.
    pub(crate) fn below_base<'u>(&self, url: &'u str) -> Option<&'u str> {
        let base = without_scheme(self.base.as_deref()?)?.trim_end_matches('/');
        without_scheme(url)?.strip_prefix(base)?.strip_prefix('/')
    }
}

/// A URL of the web without `http:` or `https:`.
pub(crate) fn without_scheme(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("http")?;
    rest.strip_prefix('s').unwrap_or(rest).strip_prefix("://")
}
