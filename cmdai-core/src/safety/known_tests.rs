//! What the shell knows already counts where the line calls or names it; and what may happen although it seems not to.

use super::*;
use crate::line::Dialect;
use Risk::{High, Safe};

/// The risk of a line in a zsh that knows `known`.
fn risk(known: &str, line: &str) -> Risk {
    let context = Context::new(Dialect::Zsh).with_cwd("/home/me/app").with_home("/home/me");
    check(&format!("{known}{line}"), &context.with_known(known.len())).risk
}

#[track_caller]
fn all(known: &str, expect: Risk, lines: &[&str]) {
    let wrong: Vec<_> = lines.iter().filter(|line| (risk(known, line) >= High) != (expect >= High)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

const FUNCTIONS: &str = "f () {\n\tgit push --force origin main\n}\nretry () {\n\t\"$@\" || \"$@\"\n}
run () {\n\techo \"+ $*\"\n\teval \"$*\"\n}\nlog () {\n\techo \"$@\"\n}\nalias gpf='git push --force origin main'\nx='f'\na=( 'f' 'arg' )\n";

#[test]
fn functions_of_the_shell_count_where_they_are_called() {
    all(
        FUNCTIONS,
        High,
        &[
            "f",
            "retry f",
            "run f",
            "$x",
            "\"$x\" arg",
            "$a",
            "y=f; $y",
            "for c in f; do $c; done",
            "read c <<< f; $c",
            "emulate zsh -c f",
            "ls *(e:f:)",
            "ls *(+f)",
            "functions -c f ls; ls",
            "precmd_functions+=(f)",
            "chpwd_functions=($x)",
            "add-zsh-hook precmd f",
            "zle -N w f",
            "sched +0 f",
            "trap f EXIT",
            "eval -- f",
            "exec -c f",
            "gpf",
            "retry git push --force origin main",
        ],
    );
    all(
        FUNCTIONS,
        Safe,
        &["echo f", "log f", "ls f", "echo $x $a", "git commit -m f", "cat f > x", "which f", "echo gpf"],
    );
    // In the line itself a definition is judged: somebody will call it.
    assert!(risk("", "g() { git push --force origin main }") >= High);
}

#[test]
fn names_of_the_shell_stand_for_nothing_in_other_programs() {
    all(
        "alias -- rm='trash'\n",
        High,
        &[
            "find ~/x -exec rm -rf {} +",
            "xargs -I{} rm -rf {} <<< ~/x",
            "a=(rm -rf ~/x); $a",
            "x=(rm); $x -rf ~/x",
            "() { \"$@\" } rm -rf ~/x",
            "- rm -rf ~/x",
            "\\rm -rf ~/x",
            "echo $(\\rm -rf ~/x)",
        ],
    );
    all("alias -- rm='trash'\n", Safe, &["rm -rf ~/x", "rm notes.txt && ls"]);
    let function = "rm () {\n\techo no\n}\n";
    all(function, High, &["find ~/x -exec rm -rf {} +", "unfunction rm; rm -rf ~/x", "command rm -rf ~/x"]);
    all(function, Safe, &["rm -rf ~/x"]);
}

#[test]
fn values_of_the_shell_hold_until_other_code_has_run() {
    let known = "dir='build'\n";
    assert_eq!(risk(known, "rm -rf $dir"), Safe);
    for line in ["source ~/env; rm -rf $dir", ". ./env && rm -rf $dir", "eval \"$(cat ~/env)\"; rm -rf $dir"]
    {
        assert!(risk(known, line) > Safe, "{line}");
    }
    assert!(risk("dir='/etc'\n", "rm -rf $dir") >= High);
    for line in [
        "sd() { typeset -g dir=/etc }; sd; rm -rf $dir",
        ": ${dir::=/etc}; rm -rf $dir",
        "ux() { local dir; rm -rf $dir/etc }; ux",
    ] {
        assert!(risk(known, line) >= High, "{line}");
    }
}

#[test]
fn what_may_fail_is_not_taken_for_sure() {
    const D: &str = "git push --force origin main";
    for line in [
        "echo hi > /nonexist/x || D",
        ": < nofile || D",
        "! true > /nonexist/x && D",
        "if true > /nonexist/x; then ls; else D; fi",
        "echo x > /nonexist/x; [ $? -ne 0 ] && D",
        "echo hi >&5 || D",
        "set -o noclobber; echo $$ > lock || D",
        "false | true || D",
        "{ false } always { : } || D",
        "coproc false && D",
        "unalias nosuch || D",
        "wait 999 || D",
        "(echo *.nomatch) || D",
        "(( 010 == 10 )) && D",
        "(( 010 == 8 )) || D",
        "x='a*'; [[ ab == $x ]] || D",
        "[[ $0 == zsh ]] && D",
    ] {
        assert!(risk("", &line.replace('D', D)) >= High, "{line}");
    }
    for line in [
        "true || D",
        "false && D",
        "echo hi || D",
        "true > /dev/null || D",
        "true 2>&1 || D",
        "[[ a == b ]] && D",
    ] {
        assert!(risk("", &line.replace('D', D)) < High, "{line}");
    }
}

#[test]
fn names_that_git_is_given_on_its_line() {
    all(
        "",
        High,
        &[
            "git -c alias.p='push --force' p",
            "git -C . -c alias.x='reset --hard' x HEAD~3",
            "git -c alias.p='!rm -rf ~' p",
        ],
    );
    all("", Safe, &["git -c alias.s='status -sb' s", "git -c alias.p='push --force' status"]);
}
