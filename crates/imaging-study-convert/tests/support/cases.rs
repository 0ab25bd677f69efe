//! How many cases a law is tried with.

use proptest::prelude::ProptestConfig;

/// So many cases, or as many as `PROPTEST_CASES` in the environment says.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let default = ProptestConfig::default();
    let told = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if told { default.cases } else { cases },
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..default
    }
}
