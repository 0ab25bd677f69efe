//! The `EventTiming` codes.

imaging_study_core::code_enum! {
    /// An event of the day that timings relate to.
    ///
    /// FHIR R6 draft: <https://hl7.org/fhir/6.0.0-ballot2/valueset-event-timing.html>
    pub enum EventTiming: "http://hl7.org/fhir/ValueSet/event-timing" {
        /// In the morning.
        Morning = "MORN",
        /// Early in the morning.
        EarlyMorning = "MORN.early",
        /// Late in the morning.
        LateMorning = "MORN.late",
        /// Around noon.
        Noon = "NOON",
        /// In the afternoon.
        Afternoon = "AFT",
        /// Early in the afternoon.
        EarlyAfternoon = "AFT.early",
        /// Late in the afternoon.
        LateAfternoon = "AFT.late",
        /// In the evening.
        Evening = "EVE",
        /// Early in the evening.
        EarlyEvening = "EVE.early",
        /// Late in the evening.
        LateEvening = "EVE.late",
        /// At night.
        Night = "NIGHT",
        /// After going to sleep.
        AfterSleep = "PHS",
        /// At once.
        Immediate = "IMD",
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
