//! URLs of WADO-RS and WADO-URI, taken apart.

use crate::percent;
use crate::{Uid, UidError, UidForm, UidLint, UidLints};

/// A URL of WADO-RS (`.../studies/1.2/series/1.3`) or WADO-URI (`...?requestType=WADO&studyUID=1.2`),
/// taken apart. DSTU2 has them in `url` and `series.url`, DICOM in Retrieve URL (0008,1190).
///
/// Nothing is checked of the base: [`Address`](crate::Address) does that.
///
/// ```
/// use imaging_study_dicom::WadoUrl;
///
/// let url = WadoUrl::parse(
///     "https://pacs.example.org/rs/studies/1.2.3/series/1.2.4/instances/1.2.5/frames/1,3",
/// )?;
/// assert_eq!(url.base, "https://pacs.example.org/rs");
/// assert_eq!(url.study, "1.2.3");
/// assert_eq!(url.frames, [1, 3]);
/// # Ok::<(), imaging_study_dicom::UidError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WadoUrl<'a> {
    /// What stands before `/studies`, or before the query of WADO-URI.
    pub base: &'a str,
    /// Study Instance UID (0020,000D).
    pub study: Uid,
    /// Series Instance UID (0020,000E).
    pub series: Option<Uid>,
    /// SOP Instance UID (0008,0018).
    pub instance: Option<Uid>,
    /// Frame numbers, from 1, as they stand in the URL.
    pub frames: Vec<u32>,
    /// What follows in the path, e.g. `rendered`, and is kept as it is.
    pub rest: &'a str,
    /// What is odd about the UIDs: `urn:oid:` before them, percent-encoding.
    pub lints: UidLints,
}

impl<'a> WadoUrl<'a> {
    /// Takes a URL apart.
    ///
    /// # Errors
    ///
    /// [`UidError::Url`] if the URL names no study, or an instance without its series, or frames
    /// that are no numbers from 1 on; otherwise what is wrong with the first UID that is none, with
    /// its position in the URL where it is not percent-encoded.
    pub fn parse(url: &'a str) -> Result<Self, UidError> {
        let end = url.find(['?', '#']).unwrap_or(url.len());
        let (path, query) = url.split_at(end);
        match path.rfind("/studies/") {
            Some(cut) => Self::from_path(&path[..cut], &path[cut + "/studies/".len()..], url),
            None => match path.strip_prefix("studies/") {
                Some(rest) => Self::from_path("", rest, url),
                None => Self::from_query(path, query, url),
            },
        }
    }

    /// Whether a text ought to be read as a URL and not as a UID.
    pub(crate) fn looks_like(text: &str) -> bool {
        let scheme = |scheme: &str| {
            text.get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        scheme("http://") || scheme("https://") || text.contains("/studies/")
    }

    fn from_path(base: &'a str, path: &'a str, url: &str) -> Result<Self, UidError> {
        let mut lints = UidLints::NONE;
        let (study, mut rest) = cut(path);
        let study = segment(study, url, &mut lints)?;
        let mut found = Self {
            base,
            study,
            series: None,
            instance: None,
            frames: Vec::new(),
            rest: "",
            lints,
        };
        // `/series` and `/instances` without a UID are searches, and remain as the rest.
        if let Some(after) = rest
            .strip_prefix("series/")
            .filter(|after| !after.is_empty())
        {
            let (series, after) = cut(after);
            found.series = Some(segment(series, url, &mut found.lints)?);
            rest = after;
        }
        if let Some(after) = rest
            .strip_prefix("instances/")
            .filter(|after| !after.is_empty())
        {
            if found.series.is_none() {
                return Err(UidError::Url);
            }
            let (instance, after) = cut(after);
            found.instance = Some(segment(instance, url, &mut found.lints)?);
            rest = after;
        }
        if let Some(after) = rest.strip_prefix("frames/") {
            if found.instance.is_none() {
                return Err(UidError::Url);
            }
            let (frames, after) = cut(after);
            found.frames = numbers(frames)?;
            rest = after;
        }
        found.rest = rest;
        Ok(found)
    }

    fn from_query(base: &'a str, query: &'a str, url: &str) -> Result<Self, UidError> {
        let query = query.strip_prefix('?').ok_or(UidError::Url)?;
        let query = query.split('#').next().unwrap_or_default();
        let mut lints = UidLints::NONE;
        let mut read = |name: &str| {
            let mut values = query.split('&').filter_map(|parameter| {
                let (key, value) = parameter.split_once('=')?;
                (key == name).then_some(value)
            });
            let first = values.next();
            match (first, values.next()) {
                (Some(value), None) => segment(value, url, &mut lints).map(Some),
                (None, _) => Ok(None),
                // The first of several values may be anybody's.
                (Some(_), Some(_)) => Err(UidError::Url),
            }
        };
        let study = read("studyUID")?.ok_or(UidError::Url)?;
        let (series, instance) = (read("seriesUID")?, read("objectUID")?);
        if instance.is_some() && series.is_none() {
            return Err(UidError::Url);
        }
        Ok(Self {
            base,
            study,
            series,
            instance,
            frames: Vec::new(),
            rest: "",
            lints,
        })
    }
}

/// The first segment of a path, and what follows it.
fn cut(path: &str) -> (&str, &str) {
    path.split_once('/').unwrap_or((path, ""))
}

/// A UID in a URL, bare as it ought to be or in another form.
fn segment(text: &str, url: &str, lints: &mut UidLints) -> Result<Uid, UidError> {
    // `text` is a part of `url`.
    let offset = text.as_ptr() as usize - url.as_ptr() as usize;
    let decoded = text.contains('%').then(|| percent::decode(text)).flatten();
    let parsed = match &decoded {
        Some(text) => {
            *lints = lints.with(UidLint::PercentEncoded);
            Uid::parse_plain(text)?
        }
        None => Uid::parse_plain(text).map_err(|error| error.shifted(offset))?,
    };
    *lints = lints.union(parsed.lints);
    lints.add_if(
        !matches!(
            parsed.form,
            UidForm::Bare | UidForm::NulPadded | UidForm::SpacePadded
        ),
        UidLint::ExtraPrefix,
    );
    Ok(parsed.uid)
}

fn numbers(list: &str) -> Result<Vec<u32>, UidError> {
    let decoded = if list.contains('%') {
        percent::decode(list).ok_or(UidError::Url)?
    } else {
        list.to_owned()
    };
    decoded
        .split(',')
        .map(|number| match number.parse() {
            Ok(number) if number > 0 => Ok(number),
            _ => Err(UidError::Url),
        })
        .collect()
}
