//! The generated enum and its conversions, over every code.

use memfault_status::{Status, retry_behavior};
use retrospec_test_support::Facts;

#[test]
fn a_code_has_a_status_where_the_page_has_a_row() {
    let rows = Facts::memfault().exact_rows();
    let all = Status::ALL.map(|status| (status.code(), status.name()));
    assert_eq!(all[..], rows);
    for code in 0..=u16::MAX {
        let name = rows.iter().find(|row| row.0 == code).map(|row| row.1);
        assert_eq!(Status::from_code(code).map(Status::name), name, "{code}");
        match Status::try_from(code) {
            Ok(status) => {
                assert_eq!((u16::from(status), Some(status.name())), (code, name));
                assert_eq!(status.retry_behavior(), retry_behavior(code));
            }
            Err(undocumented) => {
                assert_eq!((undocumented.code(), None), (code, name));
                let message = format!("HTTP {code} is not in Memfault's table");
                assert_eq!(undocumented.to_string(), message);
            }
        }
    }
}

#[test]
fn status_codes_of_the_crate_http_convert() {
    for code in 100..=999 {
        let theirs = http::StatusCode::from_u16(code).unwrap();
        match Status::from_code(code) {
            Some(status) => {
                assert_eq!(http::StatusCode::from(status), theirs);
                assert_eq!(Status::try_from(theirs), Ok(status));
            }
            None => assert_eq!(Status::try_from(theirs).unwrap_err().code(), code),
        }
    }
}

#[test]
fn a_status_reads_well() {
    assert_eq!(Status::TooManyRequests.to_string(), "429 Too Many Requests");
}
