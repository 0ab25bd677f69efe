//! The conversations of `fixtures/rest` over the store in memory.

use imaging_study_rest::MemoryStore;

mod conversation;

#[test]
fn every_case_is_answered_as_it_says() {
    conversation::hold(MemoryStore::default);
}
