//! Which endpoint serves a study, and the URLs of what it serves.

mod address;
mod applicable;
mod connection_type;
mod endpoint_ref;
mod invoke_image_display;
mod number;
mod period;
mod qido_rs;
mod rendering;
mod request;
mod wado_rs;
mod wado_uri;

pub use address::{Address, AddressError, AddressLint, AddressRepair, RepairedAddress};
pub use applicable::{
    Applicable, ApplicableEndpoint, EndpointError, EndpointLevel, EndpointOptions, Unusable,
};
pub use connection_type::{ConnectionLint, ConnectionType, ConnectionTypes};
pub use endpoint_ref::{EndpointLint, EndpointRef, EndpointReference, study_status_lint};
pub use invoke_image_display::{DisplayOptions, InvokeImageDisplay, PatientDisplay};
pub use qido_rs::{QidoRs, Query};
pub use rendering::{
    Annotation, IccProfile, Rendering, SourceRegion, Viewport, Window, WindowFunction,
};
pub use request::{Request, Resource, UrlError};
pub use wado_rs::WadoRs;
pub use wado_uri::{Region, WadoUri, WadoUriOptions};
