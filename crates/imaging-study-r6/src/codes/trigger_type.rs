//! The `TriggerType` codes.

imaging_study_core::code_enum! {
    /// The kind of event that triggers something.
    ///
    /// FHIR R6: <https://hl7.org/fhir/6.0.0-ballot5/valueset-trigger-type.html>
    pub enum TriggerType: "http://hl7.org/fhir/ValueSet/trigger-type" {
        /// An event with a name that both sides know.
        NamedEvent = "named-event",
        /// A point in time, or times that repeat.
        Periodic = "periodic",
        /// Data of the kind were added, modified or removed.
        DataChanged = "data-changed",
        /// Data of the kind were added.
        DataAdded = "data-added",
        /// Data of the kind were modified.
        DataModified = "data-modified",
        /// Data of the kind were removed.
        DataRemoved = "data-removed",
        /// Data of the kind were read.
        DataAccessed = "data-accessed",
        /// Reading data of the kind came to an end.
        DataAccessEnded = "data-access-ended",
    }
}
