//! Every ordered pair of versions.

/// Calls a macro with each version and all others: `dstu2: stu3 r4 ...;`.
#[allow(unused_macros, reason = "not every test goes through all pairs")]
macro_rules! for_each_pair {
    ($callback:ident) => {
        $callback! {
            dstu2: stu3 r4 r4b r5 r6_draft r6;
            stu3: dstu2 r4 r4b r5 r6_draft r6;
            r4: dstu2 stu3 r4b r5 r6_draft r6;
            r4b: dstu2 stu3 r4 r5 r6_draft r6;
            r5: dstu2 stu3 r4 r4b r6_draft r6;
            r6_draft: dstu2 stu3 r4 r4b r5 r6;
            r6: dstu2 stu3 r4 r4b r5 r6_draft;
        }
    };
}
#[allow(unused_imports, reason = "not every test goes through all pairs")]
pub(crate) use for_each_pair;
