#![doc = include_str!("../README.md")]

mod endpoints;
mod identifiers;
mod modality;
mod percent;
mod uid;
mod wado_url;

pub use endpoints::{
    Address, AddressError, AddressLint, AddressRepair, Annotation, Applicable, ApplicableEndpoint,
    ConnectionLint, ConnectionType, ConnectionTypes, DisplayOptions, EndpointError, EndpointLevel,
    EndpointLint, EndpointOptions, EndpointRef, EndpointReference, IccProfile, InvokeImageDisplay,
    PatientDisplay, QidoRs, Query, Region, Rendering, RepairedAddress, Request, Resource,
    SourceRegion, Unusable, UrlError, Viewport, WadoRs, WadoUri, WadoUriOptions, Window,
    WindowFunction, study_status_lint,
};
pub use identifiers::{
    AccessionLint, Confidence, Found, FoundAccession, FoundUid, IdentifierRef, IdentifierType,
    Place, RejectedUid, SearchParameter, Slot, SpelledUid, Spelling, StudyUid, StudyUidError,
    UrnOid, find_accession,
};
pub use modality::Modality;
#[cfg(feature = "proptest")]
pub use uid::strategy;
#[cfg(feature = "names")]
pub use uid::{KnownUid, UidKind};
pub use uid::{
    LeadingZeros, ParsedUid, RawUid, RawUrnOid, RepairError, RepairedUid, ResourceLevel,
    URN_DICOM_UID, URN_IETF_RFC_3986, Uid, UidError, UidForm, UidLint, UidLints, UuidError,
};
#[cfg(feature = "keyed")]
pub use uid::{UidKey, UidKeyError};
pub use wado_url::WadoUrl;
