use super::*;

#[test]
fn names_find_their_spec() {
    assert_eq!(lookup("/usr/bin/python").map(|spec| spec.name), Some("python3"));
}
