//! Tricks with values and with ways through a line, each beside its harmless twin.

use super::tests::{check_all, context};
use super::*;
use Risk::{Critical, High, Moderate, Safe};

#[test]
fn branches_leave_every_value_they_may() {
    check_all(
        &context(),
        &[
            (Critical, "if test -f x; then d=/; else d=build; fi; rm -rf $d"),
            (Critical, "if test -f x; then d=build; else d=/; fi; rm -rf $d"),
            (Moderate, "if test -f x; then d=out; else d=build; fi; rm -rf $d"),
            (Critical, "d=build; test -f x && d=/; rm -rf $d"),
            (Critical, "d=build; test -f x || d=/; rm -rf $d"),
            (Moderate, "d=/; d=build; rm -rf $d"),
            (Critical, "case $x in a) d=/;; *) d=build;; esac; rm -rf $d"),
            (Moderate, "case a in b) d=/;; a) d=build;; esac; rm -rf $d"),
            (Critical, "case abc in a*) rm -rf /;; esac"),
            (Safe, "case xbc in a*) rm -rf /;; esac"),
            (Critical, "case $1 in start) ls;; stop) rm -rf /;; esac"),
            (Critical, "for d in / build; do test -d $d && break; done; rm -rf $d"),
            (Critical, "select d in build /; do rm -rf $d; done"),
            (Critical, "if x; then c='rm -rf'; else c='ls -l'; fi; $c /"),
            (Safe, "if x; then c='ls -a'; else c='ls -l'; fi; $c /"),
            (Critical, "$(if x; then echo rm; else echo ls; fi) -rf /"),
            (Critical, "if x; then p=rm; else p=ls; fi; eval \"$p -rf /\""),
            (Critical, "if x; then p='rm -rf /'; else p=ls; fi; echo \"$p\" | sh"),
            (Critical, "x=; [ -n \"$x\" ] || x=/; rm -rf $x"),
            (Critical, "[ -n \"$x\" ] || x=/; rm -rf $x"),
            (Safe, "false && rm -rf /"),
            (Critical, "false || rm -rf /"),
            (Critical, "true && rm -rf /"),
            (Safe, "true || rm -rf /"),
            (Safe, "if false; then rm -rf /; fi"),
            (Critical, "if false; then :; else rm -rf /; fi"),
            (Critical, "[ 1 = 1 ] && rm -rf /"),
            (Safe, "[ 1 = 2 ] && rm -rf /"),
            (Safe, "[[ -n \"\" ]] && rm -rf /"),
            (Critical, "[[ abc == a* ]] && rm -rf /"),
            (Critical, "! false && rm -rf /"),
            (Critical, "(( 1 < 2 )) && rm -rf /"),
            (Safe, "(( 1 > 2 )) && rm -rf /"),
            (Critical, "until false; do rm -rf /; done"),
            (Critical, "x=; i=0; while [ $i -lt 3 ]; do x=$x/; i=$((i+1)); done; rm -rf $x"),
            (Critical, "for ((i=0;i<1;i++)); do rm -rf /; done"),
            (Critical, "[ \"$x\" = / ] && rm -rf \"$x\""),
            (Critical, "f() { if [ -z \"$1\" ]; then echo /; else echo $1; fi; }; rm -rf $(f)"),
            (Safe, "exit; rm -rf /"),
            (Critical, "(exit); rm -rf /"),
            (Critical, "f() { return; }; f; rm -rf /"),
        ],
    );
}

#[test]
fn guards_are_heard() {
    check_all(
        &context(),
        &[
            (High, "rm -rf \"$X\"/*"),
            (Moderate, "[ -n \"$X\" ] && rm -rf \"$X\"/*"),
            (Moderate, "[[ -n $X ]] && rm -rf \"$X\"/*"),
            (Moderate, "test -d \"$X\" && rm -rf \"$X\"/*"),
            (Moderate, "if [ -n \"$X\" ]; then rm -rf \"$X\"/*; fi"),
            (Critical, "if [ -z \"$X\" ]; then rm -rf \"$X\"/*; fi"),
            (Moderate, "[ -z \"$X\" ] && exit 1; rm -rf \"$X\"/*"),
            (Moderate, "[ -z \"$X\" ] || rm -rf \"$X\"/*"),
            (Moderate, ": \"${X:?}\"; rm -rf \"$X\"/*"),
            (Moderate, "if [ -z \"$X\" ]; then echo no; exit 1; fi; rm -rf \"$X\"/*"),
            (Moderate, "[ \"x$X\" = x ] || rm -rf \"$X\"/*"),
            (Moderate, "set -u; rm -rf \"$X\"/*"),
            (Moderate, "cd build && rm -rf *"),
            (High, "cd build; rm -rf *"),
            (Moderate, "cd build || exit; rm -rf *"),
            (Moderate, "cd build; if [ $? -eq 0 ]; then rm -rf *; fi"),
            (High, "cp -r a /mnt; rm -rf a"),
            (Moderate, "cp -r a /mnt && rm -rf a"),
            (Moderate, "cp -r a /mnt || exit 1; rm -rf a"),
        ],
    );
}
