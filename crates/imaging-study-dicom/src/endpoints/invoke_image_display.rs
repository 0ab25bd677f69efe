//! URLs of IHE Invoke Image Display.

use std::borrow::Cow;

use super::rendering::Parameters;
use super::{Address, AddressError, ConnectionType, Request, UrlError};
use crate::Uid;

/// A viewer that shows studies (IHE Radiology, Invoke Image Display, transaction RAD-106), by its
/// address. The URLs are links that a user follows, and stay at the level of studies and patients.
///
/// The names of the parameters are those that viewers read; the text of the profile itself could not
/// be consulted for all of their values.
///
/// ```
/// use imaging_study_dicom::{DisplayOptions, InvokeImageDisplay, Uid};
///
/// let viewer = InvokeImageDisplay::new("https://viewer.example.org/IHEInvokeImageDisplay")?;
/// let request = viewer.studies(&[Uid::from_static("1.2.3")], &DisplayOptions::default())?;
/// assert_eq!(
///     request.url,
///     "https://viewer.example.org/IHEInvokeImageDisplay?requestType=STUDY&studyUID=1.2.3"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct InvokeImageDisplay<'a> {
    address: Address<'a>,
}

/// How a viewer shows studies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DisplayOptions<'a> {
    /// `viewerType`: `IHE_BIR`, for basic image review, or a name of the vendor's.
    pub viewer_type: Option<&'a str>,
    /// `diagnosticQuality`: whether the images are shown in full quality.
    pub diagnostic_quality: Option<bool>,
    /// `keyImagesOnly`: whether only key images are shown.
    pub key_images_only: Option<bool>,
}

/// Which studies of a patient a viewer shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatientDisplay<'a> {
    /// `patientID`: the patient's identifier as an HL7 v2 CX, `id^^^issuer`.
    pub patient_id: &'a str,
    /// `mostRecentResults`: how many studies, the latest ones, from 1.
    pub most_recent_results: Option<u32>,
    /// `lowerDateTime`: the earliest time of the studies.
    pub lower_date_time: Option<&'a str>,
    /// `upperDateTime`: the latest time of the studies.
    pub upper_date_time: Option<&'a str>,
    /// `modalitiesInStudy`: Modalities in Study (0008,0061).
    pub modalities: &'a [&'a str],
}

impl<'a> InvokeImageDisplay<'a> {
    /// The viewer with this address, which is `https`.
    ///
    /// # Errors
    ///
    /// The rule that the address breaks. [`Address::repair`] may help.
    pub fn new(address: &'a str) -> Result<Self, AddressError> {
        let viewer = Self::allowing_http(address)?;
        if viewer.address.is_https() {
            Ok(viewer)
        } else {
            Err(AddressError::NotHttps)
        }
    }

    /// The viewer with this address, which may also be `http`: whoever is on the way can read the
    /// link and show other images.
    ///
    /// # Errors
    ///
    /// The rule that the address breaks.
    pub fn allowing_http(address: &'a str) -> Result<Self, AddressError> {
        let address = Address::parse(address, ConnectionType::IheIid)?;
        Ok(Self { address })
    }

    /// The address.
    #[must_use]
    pub const fn address(&self) -> Address<'a> {
        self.address
    }

    /// Shows studies by their UIDs.
    ///
    /// # Errors
    ///
    /// [`UrlError::Missing`] without a study.
    pub fn studies(
        &self,
        studies: &[Uid],
        options: &DisplayOptions<'_>,
    ) -> Result<Request, UrlError> {
        let parameter = "studyUID";
        if studies.is_empty() {
            return Err(UrlError::Missing { parameter });
        }
        let studies: Vec<_> = studies.iter().map(Uid::as_str).collect();
        self.request("STUDY", options, |query| {
            query.add(parameter, &studies.join(","));
            Ok(())
        })
    }

    /// Shows studies by their accession numbers.
    ///
    /// # Errors
    ///
    /// [`UrlError::Missing`] without a number, [`UrlError::BadText`] for one that is empty or has a
    /// comma, which separates numbers, or a control character.
    pub fn accessions(
        &self,
        accessions: &[&str],
        options: &DisplayOptions<'_>,
    ) -> Result<Request, UrlError> {
        let parameter = "accessionNumber";
        if accessions.is_empty() {
            return Err(UrlError::Missing { parameter });
        }
        let bad = |accession: &&str| {
            accession.is_empty()
                || accession.contains(|character: char| character == ',' || character.is_control())
        };
        if accessions.iter().any(bad) {
            return Err(UrlError::BadText { parameter });
        }
        self.request("STUDY", options, |query| {
            query.add(parameter, &encoded_list(accessions));
            Ok(())
        })
    }

    /// Shows studies of a patient.
    ///
    /// # Errors
    ///
    /// [`UrlError::Missing`] without an identifier, [`UrlError::OutOfRange`] for no results, and
    /// [`UrlError::BadText`] for what is no code of a modality.
    pub fn patient(
        &self,
        patient: &PatientDisplay<'_>,
        options: &DisplayOptions<'_>,
    ) -> Result<Request, UrlError> {
        self.request("PATIENT", options, |query| {
            if patient.patient_id.is_empty() {
                return Err(UrlError::Missing {
                    parameter: "patientID",
                });
            }
            query.add_encoded("patientID", patient.patient_id);
            if let Some(count) = patient.most_recent_results {
                let parameter = "mostRecentResults";
                if count == 0 {
                    return Err(UrlError::OutOfRange { parameter });
                }
                query.add(parameter, &count.to_string());
            }
            for (time, name) in [
                (patient.lower_date_time, "lowerDateTime"),
                (patient.upper_date_time, "upperDateTime"),
            ] {
                if let Some(time) = time {
                    query.add_encoded(name, time);
                }
            }
            if !patient.modalities.is_empty() {
                let parameter = "modalitiesInStudy";
                let code = |code: &&str| {
                    (1..=16).contains(&code.len())
                        && code.bytes().all(|byte| {
                            byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_'
                        })
                };
                if !patient.modalities.iter().all(code) {
                    return Err(UrlError::BadText { parameter });
                }
                query.add(parameter, &encoded_list(patient.modalities));
            }
            Ok(())
        })
    }

    fn request(
        &self,
        request_type: &str,
        options: &DisplayOptions<'_>,
        subject: impl FnOnce(&mut Parameters<'_>) -> Result<(), UrlError>,
    ) -> Result<Request, UrlError> {
        let mut url = self.address.as_str().to_owned();
        let mut query = Parameters::new(&mut url);
        query.add("requestType", request_type);
        subject(&mut query)?;
        if let Some(viewer_type) = options.viewer_type {
            query.add_encoded("viewerType", viewer_type);
        }
        for (choice, name) in [
            (options.diagnostic_quality, "diagnosticQuality"),
            (options.key_images_only, "keyImagesOnly"),
        ] {
            if let Some(choice) = choice {
                query.add(name, if choice { "true" } else { "false" });
            }
        }
        Ok(Request {
            url,
            accept: Cow::Borrowed("text/html"),
        })
    }
}

/// Values, percent-encoded, with commas between them.
fn encoded_list(values: &[&str]) -> String {
    let mut list = String::new();
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            list.push(',');
        }
        crate::percent::encode(value, &mut list);
    }
    list
}
