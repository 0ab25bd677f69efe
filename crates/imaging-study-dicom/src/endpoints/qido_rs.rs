//! URLs of QIDO-RS.

use std::borrow::Cow;

use super::rendering::Parameters;
use super::{Address, AddressError, ConnectionType, Request, UrlError};
use crate::Uid;

/// A service for searching with QIDO-RS (DICOM PS3.18 section 10.6), by its address.
///
/// ```
/// use imaging_study_dicom::{QidoRs, Query};
///
/// let qido = QidoRs::new("https://pacs.example.org/rs")?;
/// let query = Query {
///     matches: &[("StudyInstanceUID", "1.2.3")],
///     include: &["00081030"],
///     limit: Some(1),
///     ..Query::default()
/// };
/// assert_eq!(
///     qido.studies(&query)?.url,
///     "https://pacs.example.org/rs/studies?StudyInstanceUID=1.2.3&includefield=00081030&limit=1"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct QidoRs<'a> {
    address: Address<'a>,
}

/// The query of a search.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Query<'a> {
    /// What to match: attributes, as keyword or as tag of eight hexadecimal digits, those in
    /// sequences joined by dots, and values.
    pub matches: &'a [(&'a str, &'a str)],
    /// `includefield`: further attributes of the results, or `all`.
    pub include: &'a [&'a str],
    /// `fuzzymatching`: whether names may match roughly.
    pub fuzzy_matching: bool,
    /// `limit`: the greatest number of results.
    pub limit: Option<u32>,
    /// `offset`: the number of results to pass over.
    pub offset: Option<u32>,
}

impl<'a> QidoRs<'a> {
    /// The service with this address.
    ///
    /// # Errors
    ///
    /// The rule that the address breaks. [`Address::repair`] may help.
    pub fn new(address: &'a str) -> Result<Self, AddressError> {
        let address = Address::parse(address, ConnectionType::QidoRs)?;
        Ok(Self { address })
    }

    /// The address.
    #[must_use]
    pub const fn address(&self) -> Address<'a> {
        self.address
    }

    /// Searches for studies.
    ///
    /// # Errors
    ///
    /// [`UrlError::BadText`] for what is no keyword or tag.
    pub fn studies(&self, query: &Query<'_>) -> Result<Request, UrlError> {
        self.search("/studies".to_owned(), query)
    }

    /// Searches for the series of a study, or of any.
    ///
    /// # Errors
    ///
    /// [`UrlError::BadText`] for what is no keyword or tag.
    pub fn series(&self, study: Option<&Uid>, query: &Query<'_>) -> Result<Request, UrlError> {
        let path = match study {
            Some(study) => format!("/studies/{study}/series"),
            None => "/series".to_owned(),
        };
        self.search(path, query)
    }

    /// Searches for the instances of a study, or of one series of it.
    ///
    /// # Errors
    ///
    /// [`UrlError::BadText`] for what is no keyword or tag.
    pub fn instances(
        &self,
        study: &Uid,
        series: Option<&Uid>,
        query: &Query<'_>,
    ) -> Result<Request, UrlError> {
        let path = match series {
            Some(series) => format!("/studies/{study}/series/{series}/instances"),
            None => format!("/studies/{study}/instances"),
        };
        self.search(path, query)
    }

    fn search(&self, path: String, query: &Query<'_>) -> Result<Request, UrlError> {
        let mut url = self.address.as_str().to_owned() + &path;
        let mut parameters = Parameters::new(&mut url);
        for (attribute, value) in query.matches {
            if !is_attribute(attribute) {
                return Err(UrlError::BadText {
                    parameter: "matches",
                });
            }
            parameters.add_encoded(attribute, value);
        }
        for attribute in query.include {
            if !is_attribute(attribute) {
                return Err(UrlError::BadText {
                    parameter: "includefield",
                });
            }
            parameters.add("includefield", attribute);
        }
        if query.fuzzy_matching {
            parameters.add("fuzzymatching", "true");
        }
        for (number, name) in [(query.limit, "limit"), (query.offset, "offset")] {
            if let Some(number) = number {
                parameters.add(name, &number.to_string());
            }
        }
        Ok(Request {
            url,
            accept: Cow::Borrowed("application/dicom+json"),
        })
    }
}

/// Whether a text is keywords or tags, joined by dots. The parameters of QIDO-RS itself are in lower
/// case, and keywords are not.
fn is_attribute(text: &str) -> bool {
    let part = |part: &str| {
        let tag = part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        let keyword = part.len() <= 64
            && part.starts_with(|first: char| first.is_ascii_uppercase())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        tag || keyword
    };
    text == "all" || text.split('.').all(part)
}
