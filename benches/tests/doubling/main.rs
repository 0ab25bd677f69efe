//! Twice the input takes about twice the time, for every list that the schema has: reading, writing,
//! converting and validating. The tests measure the time of their thread, so that they hold beside other work,
//! and run alone because they are long:
//! `cargo test -p imaging-study-benches --test doubling -- --ignored`.

mod convert;
mod ratio;
mod schema;
mod studies;
