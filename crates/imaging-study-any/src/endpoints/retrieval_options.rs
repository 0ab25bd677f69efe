//! What is to be retrieved, and how.

use imaging_study_dicom::{
    ConnectionType, ConnectionTypes, DisplayOptions, EndpointOptions, Rendering, ResourceLevel,
    UrlError, WadoUriOptions, WindowFunction,
};

/// What is to be retrieved, and how.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RetrievalOptions<'a> {
    /// The connection types for which requests are made, and reported where there is no endpoint.
    /// Without it, those that the endpoints of the study have and that offer what is to be
    /// retrieved; WADO-RS if there is none. STOW-RS stores, and is passed over.
    pub connection_types: Option<ConnectionTypes>,
    /// For what requests are made: the study as a whole, each series, which is the default, or each
    /// instance. WADO-URI always retrieves instances, and a viewer shows the study.
    pub level: ResourceLevel,
    /// What is retrieved.
    pub retrieve: Retrieve<'a>,
    /// The parameters of WADO-URI for [`Retrieve::Instances`]; by default the content type is
    /// `application/dicom`.
    pub wado_uri: WadoUriOptions<'a>,
    /// How a viewer shows the study.
    pub display: DisplayOptions<'a>,
    /// How to choose among endpoints.
    pub endpoint: EndpointOptions,
    /// Whether what often stands at the end of addresses by mistake is taken off, with a lint, and
    /// not an error.
    pub repair: bool,
}

/// What is retrieved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Retrieve<'a> {
    /// The instances themselves, or with QIDO-RS and in viewers what these give.
    #[default]
    Instances,
    /// All attributes without bulk data, as DICOM JSON; with WADO-RS.
    Metadata,
    /// Images for display; with WADO-RS and WADO-URI.
    Rendered(Rendering<'a>),
    /// A small image that stands for the whole; with WADO-RS.
    Thumbnail(Rendering<'a>),
}

impl Default for RetrievalOptions<'_> {
    fn default() -> Self {
        Self {
            connection_types: None,
            level: ResourceLevel::Series,
            retrieve: Retrieve::Instances,
            wado_uri: WadoUriOptions {
                content_type: Some("application/dicom"),
                ..WadoUriOptions::default()
            },
            display: DisplayOptions {
                diagnostic_quality: Some(true),
                ..DisplayOptions::default()
            },
            endpoint: EndpointOptions::default(),
            repair: false,
        }
    }
}

impl RetrievalOptions<'_> {
    /// The level at which requests of a type are made.
    pub(super) const fn level_of(&self, connection_type: ConnectionType) -> ResourceLevel {
        match connection_type {
            ConnectionType::IheIid => ResourceLevel::Study,
            ConnectionType::WadoUri => ResourceLevel::Instance,
            _ => self.level,
        }
    }
}

impl<'a> Retrieve<'a> {
    /// The error for what a type does not offer.
    pub(super) const fn check(self, connection_type: ConnectionType) -> Result<(), UrlError> {
        let parameter = match (self, connection_type) {
            (Self::Instances, _) | (_, ConnectionType::WadoRs) => return Ok(()),
            (Self::Rendered(_), ConnectionType::WadoUri) => return Ok(()),
            (Self::Metadata, _) => "metadata",
            (Self::Rendered(_), _) => "rendered",
            (Self::Thumbnail(_), _) => "thumbnail",
        };
        Err(UrlError::NotAllowed { parameter })
    }
}

/// The parameters of WADO-URI for the same images.
pub(super) fn rendered_by_uri<'a>(
    rendering: &Rendering<'a>,
) -> Result<WadoUriOptions<'a>, UrlError> {
    let not_allowed = |parameter| Err(UrlError::NotAllowed { parameter });
    if rendering.icc_profile.is_some() {
        return not_allowed("iccprofile");
    }
    if rendering
        .viewport
        .is_some_and(|viewport| viewport.source.is_some())
    {
        return not_allowed("viewport");
    }
    let window = match rendering.window {
        Some(window) if window.function != WindowFunction::Linear => return not_allowed("window"),
        window => window.map(|window| (window.center, window.width)),
    };
    Ok(WadoUriOptions {
        content_type: rendering.media_type,
        rows: rendering.viewport.map(|viewport| viewport.height),
        columns: rendering.viewport.map(|viewport| viewport.width),
        window,
        image_quality: rendering.quality,
        annotation: rendering.annotation,
        ..WadoUriOptions::default()
    })
}
