//! How images are rendered (DICOM PS3.18 section 8.3.5).

use super::UrlError;
use super::number::{decimal, is_media_type};

/// How images are rendered: the query parameters of `/rendered` (DICOM PS3.18 section 8.3.5). A
/// thumbnail has only the size of the viewport.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rendering<'a> {
    /// `viewport`: the size of the result, and which part of the image it shows.
    pub viewport: Option<Viewport>,
    /// `window`: which values are shown.
    pub window: Option<Window>,
    /// `quality`: from 1, the worst, to 100.
    pub quality: Option<u32>,
    /// `annotation`: what is written into the image.
    pub annotation: Annotation,
    /// `iccprofile`: the color profile of the result.
    pub icc_profile: Option<IccProfile>,
    /// The media type to accept, without parameters; `image/jpeg` if none is given.
    pub media_type: Option<&'a str>,
}

/// The size of a rendered image, and which part of the original it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Width in pixels, from 1.
    pub width: u32,
    /// Height in pixels, from 1.
    pub height: u32,
    /// The part of the original; all of it, if none is given.
    pub source: Option<SourceRegion>,
}

/// A part of an image, in pixels of the image.
///
/// A negative width or height flips the image: so does Orthanc read it; the text of the standard
/// could not be consulted for it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SourceRegion {
    /// The left column, from 0; the first, if none is given.
    pub x: Option<f64>,
    /// The top row, from 0; the first, if none is given.
    pub y: Option<f64>,
    /// The width, not 0; to the right edge, if none is given.
    pub width: Option<f64>,
    /// The height, not 0; to the bottom, if none is given.
    pub height: Option<f64>,
}

/// Which values are shown between black and white (DICOM PS3.3 section C.11.2).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Window Center (0028,1050).
    pub center: f64,
    /// Window Width (0028,1051), above 0.
    pub width: f64,
    /// VOI LUT Function (0028,1056).
    pub function: WindowFunction,
}

/// How values in a window become brightness (VOI LUT Function, (0028,1056)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WindowFunction {
    /// `linear`.
    Linear,
    /// `linear-exact`.
    LinearExact,
    /// `sigmoid`.
    Sigmoid,
}

/// What is written into a rendered image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Annotation {
    /// `patient`: who it is, which makes the image one that names the patient.
    pub patient: bool,
    /// `technique`: how it was made.
    pub technique: bool,
}

/// The color profile of a rendered image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IccProfile {
    /// `no`: none.
    No,
    /// `yes`: the one of the image.
    Yes,
    /// `srgb`.
    Srgb,
    /// `adobergb`.
    AdobeRgb,
    /// `rommrgb`.
    RommRgb,
}

impl Rendering<'_> {
    pub(super) fn accept(&self) -> Result<String, UrlError> {
        let media_type = self.media_type.unwrap_or("image/jpeg");
        if is_media_type(media_type) {
            Ok(media_type.to_owned())
        } else {
            Err(UrlError::BadText {
                parameter: "accept",
            })
        }
    }

    /// Appends the parameters of a rendered resource.
    pub(super) fn write(&self, query: &mut Parameters<'_>) -> Result<(), UrlError> {
        if let Some(viewport) = self.viewport {
            query.add("viewport", &viewport.text()?);
        }
        if let Some(window) = self.window {
            query.add("window", &window.text()?);
        }
        if let Some(quality) = self.quality {
            query.add("quality", &quality_text(quality, "quality")?);
        }
        if let Some(annotation) = self.annotation.text() {
            query.add("annotation", annotation);
        }
        if let Some(profile) = self.icc_profile {
            query.add("iccprofile", profile.keyword());
        }
        Ok(())
    }

    /// Appends the parameters of a thumbnail.
    pub(super) fn write_thumbnail(&self, query: &mut Parameters<'_>) -> Result<(), UrlError> {
        for (is_there, parameter) in [
            (self.window.is_some(), "window"),
            (self.quality.is_some(), "quality"),
            (self.annotation.text().is_some(), "annotation"),
            (self.icc_profile.is_some(), "iccprofile"),
        ] {
            if is_there {
                return Err(UrlError::NotAllowed { parameter });
            }
        }
        if let Some(viewport) = self.viewport {
            if viewport.source.is_some() {
                return Err(UrlError::NotAllowed {
                    parameter: "viewport",
                });
            }
            query.add("viewport", &viewport.text()?);
        }
        Ok(())
    }
}

impl Viewport {
    fn text(self) -> Result<String, UrlError> {
        let parameter = "viewport";
        if self.width == 0 || self.height == 0 {
            return Err(UrlError::OutOfRange { parameter });
        }
        let mut text = format!("{},{}", self.width, self.height);
        if let Some(source) = self.source {
            for (value, is_size) in [
                (source.x, false),
                (source.y, false),
                (source.width, true),
                (source.height, true),
            ] {
                text.push(',');
                let Some(value) = value else { continue };
                if is_size && value == 0.0 || !is_size && value < 0.0 {
                    return Err(UrlError::OutOfRange { parameter });
                }
                text.push_str(&decimal(value, parameter)?);
            }
        }
        Ok(text)
    }
}

impl Window {
    fn text(self) -> Result<String, UrlError> {
        let parameter = "window";
        let function = match self.function {
            WindowFunction::Linear => "linear",
            WindowFunction::LinearExact => "linear-exact",
            WindowFunction::Sigmoid => "sigmoid",
        };
        if self.width <= 0.0 {
            return Err(UrlError::OutOfRange { parameter });
        }
        let (center, width) = (
            decimal(self.center, parameter)?,
            decimal(self.width, parameter)?,
        );
        Ok(format!("{center},{width},{function}"))
    }
}

impl Annotation {
    pub(super) const fn text(self) -> Option<&'static str> {
        match (self.patient, self.technique) {
            (true, true) => Some("patient,technique"),
            (true, false) => Some("patient"),
            (false, true) => Some("technique"),
            (false, false) => None,
        }
    }
}

impl IccProfile {
    const fn keyword(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Yes => "yes",
            Self::Srgb => "srgb",
            Self::AdobeRgb => "adobergb",
            Self::RommRgb => "rommrgb",
        }
    }
}

pub(super) fn quality_text(quality: u32, parameter: &'static str) -> Result<String, UrlError> {
    match quality {
        1..=100 => Ok(quality.to_string()),
        _ => Err(UrlError::OutOfRange { parameter }),
    }
}

/// The query of a URL. Values are appended as they are.
pub(super) struct Parameters<'a> {
    url: &'a mut String,
    any: bool,
}

impl<'a> Parameters<'a> {
    pub(super) const fn new(url: &'a mut String) -> Self {
        Self { url, any: false }
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.url.push(if self.any { '&' } else { '?' });
        self.any = true;
        self.url.push_str(name);
        self.url.push('=');
        self.url.push_str(value);
    }

    pub(super) fn add_encoded(&mut self, name: &str, value: &str) {
        self.add(name, "");
        crate::percent::encode(value, self.url);
    }
}
