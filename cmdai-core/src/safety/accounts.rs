//! The list of a machine's accounts, as `/etc/passwd` and `getent passwd` have it: whoever takes the sixth field of its rows has homes.

use super::machine::Machine;
use super::value::Origin;

/// The field of a row that names a home.
pub(super) const HOME_FIELD: &str = "$6";

impl Machine<'_> {
    /// A row of the list, of which only the form is known.
    pub(super) fn accounts(&mut self) -> String {
        let mut hole = |name: &str| self.unknowns.hole(name, Origin::Program);
        let (user, id, full, shell) = (hole("$user"), hole("$uid"), hole("$gecos"), hole("$shell"));
        format!("{user}:x:{id}:{id}:{full}:/home/{user}:{shell}\n")
    }

    /// The homes that a script of awk prints which is given the list.
    pub(super) fn homes(&mut self) -> String {
        let user = self.unknowns.hole("$user", Origin::Program);
        format!("/home/{user}\n")
    }
}

/// True for rows of the list.
pub(super) fn are_accounts(text: &str) -> bool {
    text.split_once(":x:").is_some_and(|(_, rest)| rest.contains(":/home/"))
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};
    use crate::{Context, Dialect};

    #[test]
    fn the_sixth_field_is_a_home() {
        check_all(
            &context(),
            &[
                (High, "getent passwd | while IFS=: read -r u _ _ _ _ h _; do rm -rf \"$h\"; done"),
                (High, "while IFS=: read -r u _ id _ _ home _; do rm -rf \"$home\"; done < /etc/passwd"),
                (High, "cut -d: -f6 /etc/passwd | xargs rm -rf"),
                (High, "for h in $(getent passwd | cut -d: -f6); do rm -rf \"$h\"; done"),
                (High, "getent passwd | awk -F: '$3 >= 1000 && $1 != \"nobody\" {print $6}' | xargs rm -rf"),
                (High, "awk -F: '/bash$/{print $6}' < /etc/passwd | xargs -I{} rm -rf {}"),
                (High, "grep -v nologin /etc/passwd | cut -d: -f6 | xargs chmod -R 777"),
                (Safe, "getent passwd | while IFS=: read -r u _ _ _ _ h _; do echo \"$u $h\"; done"),
                (Safe, "cut -d: -f1 /etc/passwd | sort"),
                (Safe, "getent passwd | awk -F: '{print $6}' | xargs ls -ld"),
                (
                    Safe,
                    "while IFS=: read -r u _ id _; do [ \"$id\" -ge 1000 ] && echo $u; done < /etc/passwd",
                ),
            ],
        );
    }

    #[test]
    fn the_fields_of_a_row_that_nobody_knows_are_not_empty() {
        check_all(
            &context(),
            &[
                (High, "while IFS=, read -r a b; do rm -rf \"$b\"; done < list.csv"),
                (Moderate, "some-tool | while read -r _ _ d; do sudo rm -rf \"$d\"; done"),
                (
                    Critical,
                    "lsblk -rno NAME,TYPE | while read -r n t; do [ \"$t\" = disk ] && wipefs -a \"/dev/$n\"; done",
                ),
                (Critical, "readarray -d '' f < <(find ~ -print0); rm -f \"${f[@]}\""),
                (Moderate, "some-tool | while read -r a b; do rm \"$b\"; done"),
                (Safe, "some-tool | while read -r a b; do echo \"$b\"; done"),
                (Safe, "echo a | while read -r a b; do rm -rf \"$b\"; done"),
                (Critical, "echo a / | while read -r a b; do rm -rf \"$b\"; done"),
            ],
        );
        check_all(
            &Context::new(Dialect::Fish),
            &[
                (High, "getent passwd | while read -d : u a b c d h s; rm -rf $h; end"),
                (Moderate, "some-tool | while read a b; rm $b; end"),
                (Safe, "some-tool | while read a b; echo $b; end"),
            ],
        );
        check_all(
            &Context::new(Dialect::Nu),
            &[
                (High, "open /etc/passwd | lines | each {|l| rm -rf ($l | split row ':' | get 5) }"),
                (Moderate, "some-tool | lines | each {|l| rm ($l | split row ' ' | get 2) }"),
                (Moderate, "some-tool | lines | split column ':' | get column6 | each {|h| rm $h }"),
                (Safe, "some-tool | lines | each {|l| $l | split row ' ' | get 2 }"),
            ],
        );
    }
}
