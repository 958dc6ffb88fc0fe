use super::*;

fn risk(line: &str) -> Risk {
    check(line, &Context::default()).risk
}

#[test]
fn nothing_is_safe() {
    assert_eq!(risk(""), Risk::Safe);
}
