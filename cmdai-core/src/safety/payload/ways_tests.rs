//! Ways to code that is not where it is looked for, beside harmless twins.

use super::tests::check_all;
use crate::safety::Risk::{Critical, High, Safe};

#[test]
fn constructors_sandboxes_and_modules_in_the_line() {
    check_all(&[
        (
            Critical,
            "node -e \"[]['constructor']['constructor']('return process')().mainModule.require('child_process').execSync('rm -rf /home')\"",
        ),
        (
            Critical,
            "node -e \"(()=>0).constructor('require(\\\"child_process\\\").execSync(\\\"rm -rf /home\\\")')()\"",
        ),
        (Critical, "node -e \"global['req'+'uire']('child_process').execSync('rm -rf /home')\""),
        (
            Critical,
            "node -e \"require('vm').runInNewContext('x(\\\"rm -rf /home\\\")',{x:require('child_process').execSync})\"",
        ),
        (
            Critical,
            "node --import 'data:text/javascript,import fs from \"fs\";fs.rmSync(\"/home\",{recursive:true})' -e 1",
        ),
        (Safe, "node -e \"class A{constructor(){this.x=1}}; console.log(new A().constructor.name)\""),
        (Safe, "node --import tsx src/index.ts"),
    ]);
}

#[test]
fn code_in_patterns_timers_and_options() {
    check_all(&[
        (Critical, "perl -e '\"x\" =~ /(?{ system \"rm -rf /home\" })/'"),
        (Safe, "perl -ne 'print if /(?{ 1 })x/' f"),
        (Critical, "python3 -m timeit -n1 -s 'import shutil' 'shutil.rmtree(\"/home\")'"),
        (Safe, "python3 -m timeit '\"-\".join(str(n) for n in range(100))'"),
        (Critical, "php -B 'system(\"rm -rf /home\");' -R '' < /dev/null"),
        (Safe, "php -R 'echo $argn;' < f"),
        (Safe, "ruby -c -e 'system \"rm -rf /home\"'"),
        (Critical, "MAKEFLAGS='--eval=$(shell\\ rm\\ -rf\\ /home)' make"),
        (Safe, "MAKEFLAGS=-j8 make"),
        (Critical, "mosh --ssh='sh -c \"rm -rf /home\"' h"),
        (Critical, "mosh h -- rm -rf /home"),
        (Safe, "mosh h -- tmux attach"),
    ]);
}

#[test]
fn clients_that_pass_on_what_they_read() {
    check_all(&[
        (Critical, "psql <<< '\\set x `rm -rf /home`'"),
        (Critical, "psql <<< 'select 1 \\g |rm -rf /home'"),
        (High, "psql <<< 'drop table users \\g |less'"),
        (Safe, "psql <<< '\\set x 1'"),
        (Safe, "psql <<< 'select 1 \\g |less'"),
    ]);
}
