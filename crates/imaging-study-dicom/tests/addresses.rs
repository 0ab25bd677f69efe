//! The rules for addresses of endpoints.

mod fixtures;

use fixtures::rows;
use imaging_study_dicom::{
    Address, AddressError, AddressLint, ConnectionType, InvokeImageDisplay, WadoRs,
};

fn connection_type(name: &str) -> ConnectionType {
    ConnectionType::ALL
        .into_iter()
        .find(|known| format!("{known:?}") == name)
        .expect("a connection type")
}

#[test]
fn each_address_of_the_table_is_judged_as_it_says() {
    let rows = rows("addresses.tsv");
    assert!(rows.len() > 100);
    for row in rows {
        let connection_type = connection_type(&row[0]);
        let strict = match Address::parse(&row[1], connection_type) {
            Ok(address) => {
                assert_eq!(address.as_str(), row[1]);
                "ok".to_owned()
            }
            Err(error) => {
                let message = error.to_string();
                assert!(row[1].len() < 7 || !message.contains(&row[1]), "{message}");
                format!("{error:?}")
            }
        };
        assert_eq!(strict, row[2], "{:?}", row[1]);
        let lenient = match Address::repair(&row[1], connection_type) {
            Ok(repaired) => {
                assert!(row[1].starts_with(repaired.address.as_str()));
                assert_eq!(repaired.repairs.is_empty(), strict == "ok");
                let mut words: Vec<_> = repaired
                    .repairs
                    .iter()
                    .map(|repair| format!("{repair:?}"))
                    .collect();
                words.push(repaired.address.to_string());
                words.join(" ")
            }
            Err(error) => format!("{error:?}"),
        };
        assert_eq!(lenient, row[3], "{:?}", row[1]);
    }
}

#[test]
fn a_long_address_is_refused_before_it_is_looked_at() {
    let most = format!("https://h/{}", "a".repeat(Address::MAX_LENGTH - 10));
    assert!(WadoRs::new(&most).is_ok());
    let longer = most + "\n";
    assert_eq!(
        WadoRs::new(&longer),
        Err(AddressError::TooLong { length: 2049 })
    );
    let label = format!("https://{}.org/rs", "a".repeat(64));
    assert_eq!(WadoRs::new(&label), Err(AddressError::BadHost));
}

#[test]
fn what_may_be_meant_is_a_lint() {
    let lints = |text: &str| -> Vec<AddressLint> {
        let address = Address::parse(text, ConnectionType::WadoRs).expect(text);
        address.lints().collect()
    };
    assert_eq!(lints("https://pacs.example.org/rs"), []);
    assert_eq!(lints("http://pacs.example.org/rs"), [AddressLint::Http]);
    assert_eq!(
        lints("https://xn--pcs-7cd.example.org"),
        [AddressLint::Punycode]
    );
    for local in [
        "localhost",
        "LOCALHOST:80",
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "[::ffff:127.0.0.1]",
        "0.0.0.0",
        "[fe80::1]",
    ] {
        assert_eq!(
            lints(&format!("https://{local}/rs")),
            [AddressLint::LocalHost],
            "{local}"
        );
    }
    assert_eq!(lints("https://10.0.0.1/rs"), []);
}

#[test]
fn a_link_for_users_is_https_unless_it_is_asked_for_otherwise() {
    let text = "http://viewer.example.org/iid";
    assert_eq!(InvokeImageDisplay::new(text), Err(AddressError::NotHttps));
    assert!(InvokeImageDisplay::allowing_http(text).is_ok());
}

#[test]
fn whatever_is_let_through_is_a_plain_url() {
    let parts = [
        "https://", "http://", "h", ".", "..", "/", "\\", "@", ":", "8", "?", "#", "%2e", "%2F",
        "%", "[", "]", "::1", "studies", "1.2", " ", "\n", "é", "a", "-", "xn--", "0x", "\u{202e}",
    ];
    let mut state = 0x1234_5678_9abc_def1_u64;
    let mut passed = 0;
    for _ in 0..300_000 {
        let mut text = String::from(if state & 1 == 0 { "https://h" } else { "" });
        for _ in 0..state % 7 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            text.push_str(parts[(state >> 32) as usize % parts.len()]);
        }
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        for connection_type in ConnectionType::ALL {
            let strict = Address::parse(&text, connection_type);
            if let Ok(address) = Address::repair(&text, connection_type) {
                passed += 1;
                let text = address.address.as_str();
                assert_eq!(Address::parse(text, connection_type), Ok(address.address));
                assert_eq!(strict.is_ok(), address.repairs.is_empty());
                let (_, rest) = text.split_once("://").expect("a scheme");
                assert!(rest.bytes().all(|byte| byte.is_ascii_graphic()), "{text}");
                assert!(!text.contains(['?', '#', '\\']), "{text}");
                let path = rest.split_once('/').map_or("", |(_, path)| path);
                assert!(
                    path.split('/')
                        .all(|segment| segment != ".." && segment != ".")
                );
            } else {
                assert!(strict.is_err());
            }
        }
    }
    assert!(passed > 10_000, "only {passed} were let through");
}
