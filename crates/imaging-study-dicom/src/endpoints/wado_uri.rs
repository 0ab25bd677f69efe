//! URLs of WADO-URI.

use std::borrow::Cow;

use super::number::{decimal, is_media_type};
use super::rendering::{Parameters, quality_text};
use super::{Address, AddressError, Annotation, ConnectionType, Request, Resource, UrlError};
use crate::Uid;

/// A service for retrieving instances with WADO-URI (DICOM PS3.18 section 9), by its address.
///
/// ```
/// use imaging_study_dicom::{Resource, Uid, WadoUri, WadoUriOptions};
///
/// let wado = WadoUri::new("https://pacs.example.org/wado")?;
/// let instance = Resource::Instance {
///     study: Uid::from_static("1.2.3"),
///     series: Uid::from_static("1.2.4"),
///     instance: Uid::from_static("1.2.5"),
/// };
/// let options = WadoUriOptions { rows: Some(256), ..WadoUriOptions::default() };
/// assert_eq!(
///     wado.retrieve(&instance, &options)?.url,
///     "https://pacs.example.org/wado?requestType=WADO\
///      &studyUID=1.2.3&seriesUID=1.2.4&objectUID=1.2.5&rows=256"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WadoUri<'a> {
    address: Address<'a>,
}

/// The parameters of WADO-URI besides the UIDs (PS3.18 sections 9.1.2, 9.4.1 and 9.5.1). Most are
/// for rendered images; `anonymize` and `transfer_syntax` are for `application/dicom`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WadoUriOptions<'a> {
    /// `contentType`: the media type to accept, without parameters; `image/jpeg` if none is given.
    pub content_type: Option<&'a str>,
    /// `charset`: the character set to accept.
    pub charset: Option<&'a str>,
    /// `anonymize`: whether what identifies the patient is to be taken out.
    pub anonymize: bool,
    /// `transferSyntax`: the transfer syntax to accept.
    pub transfer_syntax: Option<Uid>,
    /// `annotation`: what is written into the image.
    pub annotation: Annotation,
    /// `rows`: the greatest height in pixels, from 1.
    pub rows: Option<u32>,
    /// `columns`: the greatest width in pixels, from 1.
    pub columns: Option<u32>,
    /// `region`: which part of the image is shown.
    pub region: Option<Region>,
    /// `windowCenter` and `windowWidth`, the width above 0.
    pub window: Option<(f64, f64)>,
    /// `imageQuality`: from 1, the worst, to 100.
    pub image_quality: Option<u32>,
    /// `presentationSeriesUID` and `presentationUID`: the series and instance of a presentation
    /// state, which says region and window itself.
    pub presentation: Option<(Uid, Uid)>,
}

/// A part of an image, where width and height of the whole image are 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// The left edge, from 0.
    pub x_min: f64,
    /// The top edge, from 0.
    pub y_min: f64,
    /// The right edge, beyond the left one, at most 1.
    pub x_max: f64,
    /// The bottom edge, beyond the top one, at most 1.
    pub y_max: f64,
}

impl<'a> WadoUri<'a> {
    /// The service with this address.
    ///
    /// # Errors
    ///
    /// The rule that the address breaks. [`Address::repair`] may help.
    pub fn new(address: &'a str) -> Result<Self, AddressError> {
        let address = Address::parse(address, ConnectionType::WadoUri)?;
        Ok(Self { address })
    }

    /// The address.
    #[must_use]
    pub const fn address(&self) -> Address<'a> {
        self.address
    }

    /// Retrieves an instance, or one frame of it, rendered or as DICOM.
    ///
    /// # Errors
    ///
    /// [`UrlError::NeedsInstance`] for a study or series, [`UrlError::BadFrames`] for several
    /// frames, and parameters out of range or not for the content type.
    pub fn retrieve(
        &self,
        resource: &Resource<'_>,
        options: &WadoUriOptions<'_>,
    ) -> Result<Request, UrlError> {
        resource.check_frames()?;
        let (study, series, instance, frame) = match resource {
            Resource::Study { .. } | Resource::Series { .. } => {
                return Err(UrlError::NeedsInstance);
            }
            Resource::Instance {
                study,
                series,
                instance,
            } => (study, series, instance, None),
            Resource::Frames {
                study,
                series,
                instance,
                frames,
                ..
            } => match frames {
                [frame] => (study, series, instance, Some(*frame)),
                _ => return Err(UrlError::BadFrames),
            },
        };
        options.check(frame)?;
        let mut url = self.address.as_str().to_owned();
        let mut query = Parameters::new(&mut url);
        query.add("requestType", "WADO");
        query.add("studyUID", study.as_str());
        query.add("seriesUID", series.as_str());
        query.add("objectUID", instance.as_str());
        options.write(frame, &mut query)?;
        Ok(Request {
            url,
            accept: Cow::Owned(options.content_type.unwrap_or("image/jpeg").to_owned()),
        })
    }
}

impl WadoUriOptions<'_> {
    /// Which parameters go together.
    fn check(&self, frame: Option<u32>) -> Result<(), UrlError> {
        let dicom = self
            .content_type
            .is_some_and(|media_type| media_type.eq_ignore_ascii_case("application/dicom"));
        let stated = self.presentation.is_some();
        for (not_allowed, parameter) in [
            (!dicom && self.anonymize, "anonymize"),
            (!dicom && self.transfer_syntax.is_some(), "transferSyntax"),
            (dicom && frame.is_some(), "frameNumber"),
            (dicom && self.annotation.text().is_some(), "annotation"),
            (dicom && self.rows.is_some(), "rows"),
            (dicom && self.columns.is_some(), "columns"),
            ((dicom || stated) && self.region.is_some(), "region"),
            ((dicom || stated) && self.window.is_some(), "windowCenter"),
            (dicom && self.image_quality.is_some(), "imageQuality"),
            (dicom && stated, "presentationUID"),
        ] {
            if not_allowed {
                return Err(UrlError::NotAllowed { parameter });
            }
        }
        Ok(())
    }

    fn write(&self, frame: Option<u32>, query: &mut Parameters<'_>) -> Result<(), UrlError> {
        if let Some(content_type) = self.content_type {
            if !is_media_type(content_type) {
                return Err(UrlError::BadText {
                    parameter: "contentType",
                });
            }
            query.add_encoded("contentType", content_type);
        }
        if let Some(charset) = self.charset {
            let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
            if charset.is_empty() || charset.len() > 40 || !charset.bytes().all(plain) {
                return Err(UrlError::BadText {
                    parameter: "charset",
                });
            }
            query.add("charset", charset);
        }
        if self.anonymize {
            query.add("anonymize", "yes");
        }
        if let Some(transfer_syntax) = self.transfer_syntax {
            query.add("transferSyntax", transfer_syntax.as_str());
        }
        if let Some(frame) = frame {
            query.add("frameNumber", &frame.to_string());
        }
        if let Some(annotation) = self.annotation.text() {
            query.add("annotation", annotation);
        }
        for (size, parameter) in [(self.rows, "rows"), (self.columns, "columns")] {
            match size {
                Some(0) => return Err(UrlError::OutOfRange { parameter }),
                Some(size) => query.add(parameter, &size.to_string()),
                None => {}
            }
        }
        if let Some(region) = self.region {
            query.add("region", &region.text()?);
        }
        if let Some((center, width)) = self.window {
            let parameter = "windowWidth";
            if width <= 0.0 {
                return Err(UrlError::OutOfRange { parameter });
            }
            query.add("windowCenter", &decimal(center, "windowCenter")?);
            query.add(parameter, &decimal(width, parameter)?);
        }
        if let Some(quality) = self.image_quality {
            query.add("imageQuality", &quality_text(quality, "imageQuality")?);
        }
        if let Some((series, instance)) = self.presentation {
            query.add("presentationSeriesUID", series.as_str());
            query.add("presentationUID", instance.as_str());
        }
        Ok(())
    }
}

impl Region {
    fn text(self) -> Result<String, UrlError> {
        let parameter = "region";
        let within = |least: f64, most: f64| 0.0 <= least && least < most && most <= 1.0;
        if !within(self.x_min, self.x_max) || !within(self.y_min, self.y_max) {
            return Err(UrlError::OutOfRange { parameter });
        }
        let edges = [self.x_min, self.y_min, self.x_max, self.y_max];
        let edges: Result<Vec<_>, _> = edges
            .into_iter()
            .map(|edge| decimal(edge, parameter))
            .collect();
        Ok(edges?.join(","))
    }
}
