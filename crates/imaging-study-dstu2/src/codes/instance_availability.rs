//! The `InstanceAvailability` codes.

imaging_study_core::code_enum! {
    /// How soon instances can be fetched; DICOM's Instance Availability `(0008,0056)`.
    ///
    /// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/valueset-instance-availability.html>
    pub enum InstanceAvailability: "http://hl7.org/fhir/ValueSet/instance-availability" {
        /// The instances can be fetched at once.
        Online = "ONLINE",
        /// Somebody must act before the instances can be fetched.
        Offline = "OFFLINE",
        /// The instances come from slower media, without anybody's help.
        Nearline = "NEARLINE",
        /// The instances cannot be fetched.
        Unavailable = "UNAVAILABLE",
    }
}
