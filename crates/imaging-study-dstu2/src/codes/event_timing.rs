//! The `EventTiming` codes.

imaging_study_core::code_enum! {
    /// An event of the day that timings relate to.
    ///
    /// FHIR DSTU2: <https://hl7.org/fhir/DSTU2/valueset-event-timing.html>
    pub enum EventTiming: "http://hl7.org/fhir/ValueSet/event-timing" {
        /// Before going to sleep.
        BeforeSleep = "HS",
        /// On waking.
        Waking = "WAKE",
        /// With a meal.
        Meal = "C",
        /// With breakfast.
        Breakfast = "CM",
        /// With lunch.
        Lunch = "CD",
        /// With dinner.
        Dinner = "CV",
        /// Before a meal.
        BeforeMeal = "AC",
        /// Before breakfast.
        BeforeBreakfast = "ACM",
        /// Before lunch.
        BeforeLunch = "ACD",
        /// Before dinner.
        BeforeDinner = "ACV",
        /// After a meal.
        AfterMeal = "PC",
        /// After breakfast.
        AfterBreakfast = "PCM",
        /// After lunch.
        AfterLunch = "PCD",
        /// After dinner.
        AfterDinner = "PCV",
    }
}
