//! URLs of WADO-RS.

use std::borrow::Cow;

use super::rendering::Parameters;
use super::{Address, AddressError, ConnectionType, Rendering, Request, Resource, UrlError};

/// A service for retrieving with WADO-RS (DICOM PS3.18 section 10.4), by its address.
///
/// ```
/// use imaging_study_dicom::{Rendering, Resource, Uid, Viewport, WadoRs};
///
/// let wado = WadoRs::new("https://pacs.example.org/wado-rs")?;
/// let study = Resource::Study { study: Uid::from_static("1.2.3") };
/// assert_eq!(wado.metadata(&study)?.url, "https://pacs.example.org/wado-rs/studies/1.2.3/metadata");
/// assert_eq!(wado.metadata(&study)?.accept, "application/dicom+json");
///
/// let small = Rendering {
///     viewport: Some(Viewport { width: 128, height: 128, source: None }),
///     ..Rendering::default()
/// };
/// assert_eq!(
///     wado.thumbnail(&study, &small)?.url,
///     "https://pacs.example.org/wado-rs/studies/1.2.3/thumbnail?viewport=128,128"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WadoRs<'a> {
    address: Address<'a>,
}

impl<'a> WadoRs<'a> {
    /// The service with this address.
    ///
    /// # Errors
    ///
    /// The rule that the address breaks. [`Address::repair`] may help.
    pub fn new(address: &'a str) -> Result<Self, AddressError> {
        let address = Address::parse(address, ConnectionType::WadoRs)?;
        Ok(Self { address })
    }

    /// The address.
    #[must_use]
    pub const fn address(&self) -> Address<'a> {
        self.address
    }

    /// Retrieves the instances, or the frames.
    ///
    /// # Errors
    ///
    /// [`UrlError::BadFrames`].
    pub fn retrieve(&self, resource: &Resource<'_>) -> Result<Request, UrlError> {
        let accept = match resource {
            Resource::Frames { .. } => "multipart/related; type=\"application/octet-stream\"",
            _ => "multipart/related; type=\"application/dicom\"",
        };
        Ok(Request {
            url: self.path(resource, "")?,
            accept: Cow::Borrowed(accept),
        })
    }

    /// Retrieves all attributes of the instances without their bulk data, as DICOM JSON.
    ///
    /// # Errors
    ///
    /// [`UrlError::NotAllowed`]: frames have no metadata of their own.
    pub fn metadata(&self, resource: &Resource<'_>) -> Result<Request, UrlError> {
        if matches!(resource, Resource::Frames { .. }) {
            return Err(UrlError::NotAllowed {
                parameter: "frames",
            });
        }
        Ok(Request {
            url: self.path(resource, "/metadata")?,
            accept: Cow::Borrowed("application/dicom+json"),
        })
    }

    /// Retrieves images for display.
    ///
    /// # Errors
    ///
    /// [`UrlError::BadFrames`] and [`UrlError::OutOfRange`].
    pub fn rendered(
        &self,
        resource: &Resource<'_>,
        rendering: &Rendering<'_>,
    ) -> Result<Request, UrlError> {
        let mut url = self.path(resource, "/rendered")?;
        rendering.write(&mut Parameters::new(&mut url))?;
        Ok(Request {
            url,
            accept: Cow::Owned(rendering.accept()?),
        })
    }

    /// Retrieves a small image that stands for the whole.
    ///
    /// # Errors
    ///
    /// [`UrlError::NotAllowed`] for all parameters but a viewport without a source region,
    /// [`UrlError::BadFrames`] and [`UrlError::OutOfRange`].
    pub fn thumbnail(
        &self,
        resource: &Resource<'_>,
        rendering: &Rendering<'_>,
    ) -> Result<Request, UrlError> {
        let mut url = self.path(resource, "/thumbnail")?;
        rendering.write_thumbnail(&mut Parameters::new(&mut url))?;
        Ok(Request {
            url,
            accept: Cow::Owned(rendering.accept()?),
        })
    }

    fn path(&self, resource: &Resource<'_>, rest: &str) -> Result<String, UrlError> {
        resource.check_frames()?;
        let mut url = self.address.as_str().to_owned();
        let mut add = |name: &str, value: &str| {
            url.push_str(name);
            url.push_str(value);
        };
        match resource {
            Resource::Study { study } => add("/studies/", study.as_str()),
            Resource::Series { study, series } => {
                add("/studies/", study.as_str());
                add("/series/", series.as_str());
            }
            Resource::Instance {
                study,
                series,
                instance,
            }
            | Resource::Frames {
                study,
                series,
                instance,
                ..
            } => {
                add("/studies/", study.as_str());
                add("/series/", series.as_str());
                add("/instances/", instance.as_str());
            }
        }
        if let Resource::Frames { frames, .. } = resource {
            let frames: Vec<_> = frames.iter().map(u32::to_string).collect();
            add("/frames/", &frames.join(","));
        }
        url.push_str(rest);
        Ok(url)
    }
}
