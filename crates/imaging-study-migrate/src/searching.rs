//! Searching studies in place of converting them.

use std::borrow::Cow;

use imaging_study::core::Decoded;
use imaging_study::json::json_to_string;
use imaging_study::search::{Matcher, SortKey, Subset};
use imaging_study::{AnyImagingStudy, FhirVersion};

use crate::format::{Format, Syntax, is_blank};
use crate::other::Other;
use crate::outcome::{Failure, Place};
use crate::work::Done;
use crate::worker::Worker;

/// What studies are asked, and what is written of those that match.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Search {
    /// What studies are asked.
    pub matcher: Matcher,
    /// The version of the query; a study that may be of it is taken for one.
    pub version: Option<FhirVersion>,
    /// Whether a key to sort by stands before each study, in hexadecimal digits and with a tab.
    pub keyed: bool,
    /// Whether the studies are only counted.
    pub counts: bool,
}

impl Search {
    /// A search that writes the studies that match as they are, or the part of them that the query
    /// wants.
    #[must_use]
    pub fn new(matcher: Matcher) -> Self {
        Self {
            matcher,
            version: None,
            keyed: false,
            counts: false,
        }
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Appends a key, in digits that compare as keys do, and a tab.
fn push_key(key: &SortKey, out: &mut Vec<u8>) {
    for byte in key.as_bytes() {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
    out.push(b'\t');
}

impl Worker<'_> {
    /// Searches a line or document.
    pub(crate) fn search(
        &mut self,
        search: &Search,
        bytes: &[u8],
        format: Format,
        place: &Place<'_>,
        done: &mut Done,
    ) {
        let syntax = format.syntax();
        let failure = match self.ask(search, (bytes, format), done) {
            Ok(()) => return,
            Err(failure) => failure,
        };
        let mark = done.mark();
        let inside = self.guarded(|worker| {
            let other = worker.other(bytes, syntax, failure)?;
            worker.ask_inside(search, bytes, syntax, &other, place, done)
        });
        match &inside {
            Err(Failure::Internal(_)) => done.roll_back(mark),
            _ => done.keep(mark),
        }
        if let Err(failure) = inside {
            done.summary.read += 1;
            done.quarantine(&failure.located(bytes, syntax, self.settings), place);
        }
    }

    /// Reads a study and writes it if it matches.
    fn ask(
        &mut self,
        search: &Search,
        (bytes, format): (&[u8], Format),
        done: &mut Done,
    ) -> Result<(), Failure> {
        let syntax = format.syntax();
        let is_line = format == Format::Ndjson;
        let (version, found) = self.guarded(|worker| {
            let mut study = worker.wanted_reading(search, bytes, syntax)?;
            if let Some(inspect) = worker.settings.inspect {
                inspect(&study);
            }
            let version = study.version();
            if !search.matcher.matches(&study) {
                return Ok((version, None));
            }
            if search.counts {
                return Ok((version, Some((Vec::new(), Cow::Borrowed(&[][..])))));
            }
            let mut key = Vec::new();
            if search.keyed {
                push_key(&search.matcher.sort_key(&study), &mut key);
            }
            let result = search.matcher.asked(version).query().result();
            let line = match Subset::of(result) {
                Some(subset) => {
                    subset.apply(&mut study);
                    Cow::Owned(study.to_json()?.into_bytes())
                }
                None if is_line => Cow::Borrowed(bytes),
                None => worker.one_line(&study, bytes, syntax)?,
            };
            Ok((version, Some((key, line))))
        })?;
        done.summary.read += 1;
        done.summary.converted += 1;
        *done.summary.asked.entry(version).or_default() += 1;
        if let Some((key, line)) = found {
            done.summary.matched += 1;
            if !search.counts {
                done.output.extend_from_slice(&key);
                done.document(&line, true, None);
            }
        }
        Ok(())
    }

    /// Reads a study in the version of the query, if it can be of that, or else in the version that
    /// its elements tell.
    fn wanted_reading(
        &mut self,
        search: &Search,
        bytes: &[u8],
        syntax: Syntax,
    ) -> Result<AnyImagingStudy, Failure> {
        if let Some(version) = search.version
            && let Ok(read) = self.read(bytes, syntax, version)
            && read.unknown.is_empty()
        {
            return Ok(read.value);
        }
        let (_, read) = self.detected(bytes, syntax)?;
        let Decoded { value, .. } = read?;
        Ok(value)
    }

    /// A study as it is, in one line of JSON.
    fn one_line<'b>(
        &mut self,
        study: &AnyImagingStudy,
        bytes: &'b [u8],
        syntax: Syntax,
    ) -> Result<Cow<'b, [u8]>, Failure> {
        Ok(match syntax {
            Syntax::Xml => Cow::Owned(study.to_json()?.into_bytes()),
            Syntax::Json if memchr::memchr(b'\n', bytes).is_some() => {
                let end = bytes.iter().rposition(|byte| !is_blank(&[*byte]));
                let text = bytes.get(..end.map_or(0, |end| end + 1)).unwrap_or(bytes);
                if memchr::memchr(b'\n', text).is_none() {
                    return Ok(Cow::Borrowed(text));
                }
                let tree = self.json_tree.decode_json(bytes)?;
                Cow::Owned(json_to_string(&tree).into_bytes())
            }
            Syntax::Json => Cow::Borrowed(bytes),
        })
    }

    /// Searches the studies in the entries of a Bundle; other resources are passed over.
    #[cold]
    fn ask_inside(
        &mut self,
        search: &Search,
        bytes: &[u8],
        syntax: Syntax,
        other: &Other,
        place: &Place<'_>,
        done: &mut Done,
    ) -> Result<(), Failure> {
        if other.resource_type != "Bundle" {
            done.summary.read += 1;
            done.summary.passed += 1;
            return Ok(());
        }
        let inside = self.entries_inside(bytes, other, None, place);
        let inside = match (inside, search.version) {
            // Of a Bundle in XML, the studies may be of the version of the query.
            (Err(_), Some(version)) => self.entries_inside(bytes, other, Some(version), place),
            (inside, _) => inside,
        };
        let (entries, _) = inside?;
        done.summary.bundles += 1;
        self.each_study(
            entries,
            (syntax, place),
            done,
            &mut |worker, text, _, done| worker.ask(search, (text, Format::Json), done),
            &|_, failure, _, place, done| done.quarantine(failure, place),
        );
        Ok(())
    }
}
