//! The `FhirTypes` codes.

imaging_study_core::code_enum! {
    /// A type of FHIR: a data type, a resource, or an abstract type.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-fhir-types.html>
    pub enum FhirTypes: "http://hl7.org/fhir/ValueSet/fhir-types" {
        /// The abstract `Base`.
        Base = "Base",
        /// The abstract `Element`.
        Element = "Element",
        /// The abstract `BackboneElement`.
        BackboneElement = "BackboneElement",
        /// The abstract `DataType`.
        DataType = "DataType",
        /// The `Address` data type.
        Address = "Address",
        /// The `Annotation` data type.
        Annotation = "Annotation",
        /// The `Attachment` data type.
        Attachment = "Attachment",
        /// The `Availability` data type.
        Availability = "Availability",
        /// The abstract `BackboneType`.
        BackboneType = "BackboneType",
        /// The `Dosage` data type.
        Dosage = "Dosage",
        /// The `ElementDefinition` data type.
        ElementDefinition = "ElementDefinition",
        /// The `MarketingStatus` data type.
        MarketingStatus = "MarketingStatus",
        /// The `ProductShelfLife` data type.
        ProductShelfLife = "ProductShelfLife",
        /// The `RelativeTime` data type.
        RelativeTime = "RelativeTime",
        /// The `Timing` data type.
        Timing = "Timing",
        /// The `CodeableConcept` data type.
        CodeableConcept = "CodeableConcept",
        /// The `CodeableReference` data type.
        CodeableReference = "CodeableReference",
        /// The `Coding` data type.
        Coding = "Coding",
        /// The `ContactDetail` data type.
        ContactDetail = "ContactDetail",
        /// The `ContactPoint` data type.
        ContactPoint = "ContactPoint",
        /// The `Contributor` data type.
        Contributor = "Contributor",
        /// The `DataRequirement` data type.
        DataRequirement = "DataRequirement",
        /// The `Expression` data type.
        Expression = "Expression",
        /// The `ExtendedContactDetail` data type.
        ExtendedContactDetail = "ExtendedContactDetail",
        /// The `Extension` data type.
        Extension = "Extension",
        /// The `HumanName` data type.
        HumanName = "HumanName",
        /// The `Identifier` data type.
        Identifier = "Identifier",
        /// The `Meta` data type.
        Meta = "Meta",
        /// The `MonetaryComponent` data type.
        MonetaryComponent = "MonetaryComponent",
        /// The `Money` data type.
        Money = "Money",
        /// The `Narrative` data type.
        Narrative = "Narrative",
        /// The `ParameterDefinition` data type.
        ParameterDefinition = "ParameterDefinition",
        /// The `Period` data type.
        Period = "Period",
        /// The abstract `PrimitiveType`.
        PrimitiveType = "PrimitiveType",
        /// The `base64Binary` primitive.
        Base64Binary = "base64Binary",
        /// The `boolean` primitive.
        Boolean = "boolean",
        /// The `date` primitive.
        Date = "date",
        /// The `dateTime` primitive.
        DateTime = "dateTime",
        /// The `decimal` primitive.
        Decimal = "decimal",
        /// The `instant` primitive.
        Instant = "instant",
        /// The `integer` primitive.
        Integer = "integer",
        /// The `positiveInt` primitive.
        PositiveInt = "positiveInt",
        /// The `unsignedInt` primitive.
        UnsignedInt = "unsignedInt",
        /// The `integer64` primitive.
        Integer64 = "integer64",
        /// The `string` primitive.
        String = "string",
        /// The `code` primitive.
        Code = "code",
        /// The `id` primitive.
        Id = "id",
        /// The `markdown` primitive.
        Markdown = "markdown",
        /// The `time` primitive.
        Time = "time",
        /// The `uri` primitive.
        Uri = "uri",
        /// The `canonical` primitive.
        Canonical = "canonical",
        /// The `oid` primitive.
        Oid = "oid",
        /// The `url` primitive.
        Url = "url",
        /// The `uuid` primitive.
        Uuid = "uuid",
        /// The `Quantity` data type.
        Quantity = "Quantity",
        /// The `Age` data type.
        Age = "Age",
        /// The `Count` data type.
        Count = "Count",
        /// The `Distance` data type.
        Distance = "Distance",
        /// The `Duration` data type.
        Duration = "Duration",
        /// The `Range` data type.
        Range = "Range",
        /// The `Ratio` data type.
        Ratio = "Ratio",
        /// The `RatioRange` data type.
        RatioRange = "RatioRange",
        /// The `Reference` data type.
        Reference = "Reference",
        /// The `RelatedArtifact` data type.
        RelatedArtifact = "RelatedArtifact",
        /// The `SampledData` data type.
        SampledData = "SampledData",
        /// The `Signature` data type.
        Signature = "Signature",
        /// The `TriggerDefinition` data type.
        TriggerDefinition = "TriggerDefinition",
        /// The `UsageContext` data type.
        UsageContext = "UsageContext",
        /// The `VirtualServiceDetail` data type.
        VirtualServiceDetail = "VirtualServiceDetail",
        /// The `xhtml` primitive.
        Xhtml = "xhtml",
        /// The abstract `Resource`.
        Resource = "Resource",
        /// The `Binary` resource.
        Binary = "Binary",
        /// The `Bundle` resource.
        Bundle = "Bundle",
        /// The abstract `DomainResource`.
        DomainResource = "DomainResource",
        /// The `Account` resource.
        Account = "Account",
        /// The `ActivityDefinition` resource.
        ActivityDefinition = "ActivityDefinition",
        /// The `ActorDefinition` resource.
        ActorDefinition = "ActorDefinition",
        /// The `AdministrableProductDefinition` resource.
        AdministrableProductDefinition = "AdministrableProductDefinition",
        /// The `AdverseEvent` resource.
        AdverseEvent = "AdverseEvent",
        /// The `AllergyIntolerance` resource.
        AllergyIntolerance = "AllergyIntolerance",
        /// The `Appointment` resource.
        Appointment = "Appointment",
        /// The `AppointmentResponse` resource.
        AppointmentResponse = "AppointmentResponse",
        /// The `ArtifactAssessment` resource.
        ArtifactAssessment = "ArtifactAssessment",
        /// The `AuditEvent` resource.
        AuditEvent = "AuditEvent",
        /// The `Basic` resource.
        Basic = "Basic",
        /// The `BiologicallyDerivedProduct` resource.
        BiologicallyDerivedProduct = "BiologicallyDerivedProduct",
        /// The `BiologicallyDerivedProductDispense` resource.
        BiologicallyDerivedProductDispense = "BiologicallyDerivedProductDispense",
        /// The `BodyStructure` resource.
        BodyStructure = "BodyStructure",
        /// The abstract `CanonicalResource`.
        CanonicalResource = "CanonicalResource",
        /// The `CapabilityStatement` resource.
        CapabilityStatement = "CapabilityStatement",
        /// The `CarePlan` resource.
        CarePlan = "CarePlan",
        /// The `CareTeam` resource.
        CareTeam = "CareTeam",
        /// The `ChargeItem` resource.
        ChargeItem = "ChargeItem",
        /// The `ChargeItemDefinition` resource.
        ChargeItemDefinition = "ChargeItemDefinition",
        /// The `Citation` resource.
        Citation = "Citation",
        /// The `Claim` resource.
        Claim = "Claim",
        /// The `ClaimResponse` resource.
        ClaimResponse = "ClaimResponse",
        /// The `ClinicalAssessment` resource.
        ClinicalAssessment = "ClinicalAssessment",
        /// The `ClinicalUseDefinition` resource.
        ClinicalUseDefinition = "ClinicalUseDefinition",
        /// The `CodeSystem` resource.
        CodeSystem = "CodeSystem",
        /// The `Communication` resource.
        Communication = "Communication",
        /// The `CommunicationRequest` resource.
        CommunicationRequest = "CommunicationRequest",
        /// The `CompartmentDefinition` resource.
        CompartmentDefinition = "CompartmentDefinition",
        /// The `Composition` resource.
        Composition = "Composition",
        /// The `ConceptMap` resource.
        ConceptMap = "ConceptMap",
        /// The `Condition` resource.
        Condition = "Condition",
        /// The `ConditionDefinition` resource.
        ConditionDefinition = "ConditionDefinition",
        /// The `Consent` resource.
        Consent = "Consent",
        /// The `Contract` resource.
        Contract = "Contract",
        /// The `Coverage` resource.
        Coverage = "Coverage",
        /// The `CoverageEligibilityRequest` resource.
        CoverageEligibilityRequest = "CoverageEligibilityRequest",
        /// The `CoverageEligibilityResponse` resource.
        CoverageEligibilityResponse = "CoverageEligibilityResponse",
        /// The `DetectedIssue` resource.
        DetectedIssue = "DetectedIssue",
        /// The `Device` resource.
        Device = "Device",
        /// The `DeviceAlert` resource.
        DeviceAlert = "DeviceAlert",
        /// The `DeviceAssociation` resource.
        DeviceAssociation = "DeviceAssociation",
        /// The `DeviceDefinition` resource.
        DeviceDefinition = "DeviceDefinition",
        /// The `DeviceDispense` resource.
        DeviceDispense = "DeviceDispense",
        /// The `DeviceMetric` resource.
        DeviceMetric = "DeviceMetric",
        /// The `DeviceRequest` resource.
        DeviceRequest = "DeviceRequest",
        /// The `DeviceUsage` resource.
        DeviceUsage = "DeviceUsage",
        /// The `DiagnosticReport` resource.
        DiagnosticReport = "DiagnosticReport",
        /// The `DocumentReference` resource.
        DocumentReference = "DocumentReference",
        /// The `Encounter` resource.
        Encounter = "Encounter",
        /// The `EncounterHistory` resource.
        EncounterHistory = "EncounterHistory",
        /// The `Endpoint` resource.
        Endpoint = "Endpoint",
        /// The `EnrollmentRequest` resource.
        EnrollmentRequest = "EnrollmentRequest",
        /// The `EnrollmentResponse` resource.
        EnrollmentResponse = "EnrollmentResponse",
        /// The `EpisodeOfCare` resource.
        EpisodeOfCare = "EpisodeOfCare",
        /// The `EventDefinition` resource.
        EventDefinition = "EventDefinition",
        /// The `Evidence` resource.
        Evidence = "Evidence",
        /// The `EvidenceVariable` resource.
        EvidenceVariable = "EvidenceVariable",
        /// The `ExampleScenario` resource.
        ExampleScenario = "ExampleScenario",
        /// The `ExplanationOfBenefit` resource.
        ExplanationOfBenefit = "ExplanationOfBenefit",
        /// The `FamilyMemberHistory` resource.
        FamilyMemberHistory = "FamilyMemberHistory",
        /// The `Flag` resource.
        Flag = "Flag",
        /// The `FormularyItem` resource.
        FormularyItem = "FormularyItem",
        /// The `GenomicStudy` resource.
        GenomicStudy = "GenomicStudy",
        /// The `Goal` resource.
        Goal = "Goal",
        /// The `GraphDefinition` resource.
        GraphDefinition = "GraphDefinition",
        /// The `Group` resource.
        Group = "Group",
        /// The `GuidanceResponse` resource.
        GuidanceResponse = "GuidanceResponse",
        /// The `HealthcareService` resource.
        HealthcareService = "HealthcareService",
        /// The `ImagingSelection` resource.
        ImagingSelection = "ImagingSelection",
        /// The `ImagingStudy` resource.
        ImagingStudy = "ImagingStudy",
        /// The `Immunization` resource.
        Immunization = "Immunization",
        /// The `ImmunizationEvaluation` resource.
        ImmunizationEvaluation = "ImmunizationEvaluation",
        /// The `ImmunizationRecommendation` resource.
        ImmunizationRecommendation = "ImmunizationRecommendation",
        /// The `ImplementationGuide` resource.
        ImplementationGuide = "ImplementationGuide",
        /// The `Ingredient` resource.
        Ingredient = "Ingredient",
        /// The `InsurancePlan` resource.
        InsurancePlan = "InsurancePlan",
        /// The `InsuranceProduct` resource.
        InsuranceProduct = "InsuranceProduct",
        /// The `InventoryItem` resource.
        InventoryItem = "InventoryItem",
        /// The `InventoryReport` resource.
        InventoryReport = "InventoryReport",
        /// The `Invoice` resource.
        Invoice = "Invoice",
        /// The `Library` resource.
        Library = "Library",
        /// The `Linkage` resource.
        Linkage = "Linkage",
        /// The `List` resource.
        List = "List",
        /// The `Location` resource.
        Location = "Location",
        /// The `ManufacturedItemDefinition` resource.
        ManufacturedItemDefinition = "ManufacturedItemDefinition",
        /// The `Measure` resource.
        Measure = "Measure",
        /// The `MeasureReport` resource.
        MeasureReport = "MeasureReport",
        /// The `Medication` resource.
        Medication = "Medication",
        /// The `MedicationAdministration` resource.
        MedicationAdministration = "MedicationAdministration",
        /// The `MedicationDispense` resource.
        MedicationDispense = "MedicationDispense",
        /// The `MedicationKnowledge` resource.
        MedicationKnowledge = "MedicationKnowledge",
        /// The `MedicationRequest` resource.
        MedicationRequest = "MedicationRequest",
        /// The `MedicationStatement` resource.
        MedicationStatement = "MedicationStatement",
        /// The `MedicinalProductDefinition` resource.
        MedicinalProductDefinition = "MedicinalProductDefinition",
        /// The `MessageDefinition` resource.
        MessageDefinition = "MessageDefinition",
        /// The `MessageHeader` resource.
        MessageHeader = "MessageHeader",
        /// The abstract `MetadataResource`.
        MetadataResource = "MetadataResource",
        /// The `MolecularDefinition` resource.
        MolecularDefinition = "MolecularDefinition",
        /// The `MolecularSequence` resource.
        MolecularSequence = "MolecularSequence",
        /// The `NamingSystem` resource.
        NamingSystem = "NamingSystem",
        /// The `NutritionIntake` resource.
        NutritionIntake = "NutritionIntake",
        /// The `NutritionOrder` resource.
        NutritionOrder = "NutritionOrder",
        /// The `NutritionProduct` resource.
        NutritionProduct = "NutritionProduct",
        /// The `Observation` resource.
        Observation = "Observation",
        /// The `ObservationDefinition` resource.
        ObservationDefinition = "ObservationDefinition",
        /// The `OperationDefinition` resource.
        OperationDefinition = "OperationDefinition",
        /// The `OperationOutcome` resource.
        OperationOutcome = "OperationOutcome",
        /// The `Organization` resource.
        Organization = "Organization",
        /// The `OrganizationAffiliation` resource.
        OrganizationAffiliation = "OrganizationAffiliation",
        /// The `PackagedProductDefinition` resource.
        PackagedProductDefinition = "PackagedProductDefinition",
        /// The `Patient` resource.
        Patient = "Patient",
        /// The `PaymentNotice` resource.
        PaymentNotice = "PaymentNotice",
        /// The `PaymentReconciliation` resource.
        PaymentReconciliation = "PaymentReconciliation",
        /// The `Permission` resource.
        Permission = "Permission",
        /// The `Person` resource.
        Person = "Person",
        /// The `PersonalRelationship` resource.
        PersonalRelationship = "PersonalRelationship",
        /// The `PlanDefinition` resource.
        PlanDefinition = "PlanDefinition",
        /// The `Practitioner` resource.
        Practitioner = "Practitioner",
        /// The `PractitionerRole` resource.
        PractitionerRole = "PractitionerRole",
        /// The `Procedure` resource.
        Procedure = "Procedure",
        /// The `Provenance` resource.
        Provenance = "Provenance",
        /// The `Questionnaire` resource.
        Questionnaire = "Questionnaire",
        /// The `QuestionnaireResponse` resource.
        QuestionnaireResponse = "QuestionnaireResponse",
        /// The `RegulatedAuthorization` resource.
        RegulatedAuthorization = "RegulatedAuthorization",
        /// The `RelatedPerson` resource.
        RelatedPerson = "RelatedPerson",
        /// The `RequestOrchestration` resource.
        RequestOrchestration = "RequestOrchestration",
        /// The `Requirements` resource.
        Requirements = "Requirements",
        /// The `ResearchStudy` resource.
        ResearchStudy = "ResearchStudy",
        /// The `ResearchSubject` resource.
        ResearchSubject = "ResearchSubject",
        /// The `RiskAssessment` resource.
        RiskAssessment = "RiskAssessment",
        /// The `Schedule` resource.
        Schedule = "Schedule",
        /// The `SearchParameter` resource.
        SearchParameter = "SearchParameter",
        /// The `ServiceRequest` resource.
        ServiceRequest = "ServiceRequest",
        /// The `Slot` resource.
        Slot = "Slot",
        /// The `Specimen` resource.
        Specimen = "Specimen",
        /// The `SpecimenDefinition` resource.
        SpecimenDefinition = "SpecimenDefinition",
        /// The `StructureDefinition` resource.
        StructureDefinition = "StructureDefinition",
        /// The `StructureMap` resource.
        StructureMap = "StructureMap",
        /// The `Subscription` resource.
        Subscription = "Subscription",
        /// The `SubscriptionStatus` resource.
        SubscriptionStatus = "SubscriptionStatus",
        /// The `SubscriptionTopic` resource.
        SubscriptionTopic = "SubscriptionTopic",
        /// The `Substance` resource.
        Substance = "Substance",
        /// The `SubstanceDefinition` resource.
        SubstanceDefinition = "SubstanceDefinition",
        /// The `SubstanceNucleicAcid` resource.
        SubstanceNucleicAcid = "SubstanceNucleicAcid",
        /// The `SubstancePolymer` resource.
        SubstancePolymer = "SubstancePolymer",
        /// The `SubstanceProtein` resource.
        SubstanceProtein = "SubstanceProtein",
        /// The `SubstanceReferenceInformation` resource.
        SubstanceReferenceInformation = "SubstanceReferenceInformation",
        /// The `SubstanceSourceMaterial` resource.
        SubstanceSourceMaterial = "SubstanceSourceMaterial",
        /// The `SupplyDelivery` resource.
        SupplyDelivery = "SupplyDelivery",
        /// The `SupplyRequest` resource.
        SupplyRequest = "SupplyRequest",
        /// The `Task` resource.
        Task = "Task",
        /// The `TerminologyCapabilities` resource.
        TerminologyCapabilities = "TerminologyCapabilities",
        /// The `TestPlan` resource.
        TestPlan = "TestPlan",
        /// The `TestReport` resource.
        TestReport = "TestReport",
        /// The `TestScript` resource.
        TestScript = "TestScript",
        /// The `Transport` resource.
        Transport = "Transport",
        /// The `ValueSet` resource.
        ValueSet = "ValueSet",
        /// The `VerificationResult` resource.
        VerificationResult = "VerificationResult",
        /// The `VisionPrescription` resource.
        VisionPrescription = "VisionPrescription",
        /// The `Parameters` resource.
        Parameters = "Parameters",
    }
}
