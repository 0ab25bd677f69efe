//! The `EventTiming` codes.

imaging_study_core::code_enum! {
    /// An event of the day that timings relate to.
    ///
    /// FHIR STU3: <https://hl7.org/fhir/STU3/valueset-event-timing.html>
    pub enum EventTiming: "http://hl7.org/fhir/ValueSet/event-timing" {
        /// In the morning.
        Morning = "MORN",
        /// In the afternoon.
        Afternoon = "AFT",
        /// In the evening.
        Evening = "EVE",
        /// At night.
        Night = "NIGHT",
        /// After going to sleep.
        AfterSleep = "PHS",
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
