//! What a verdict costs: reads lines from standard input and prints the median, the 99th percentile and the
//! slowest of them; then judges hostile lines of 64 KiB and prints how long each takes.
//!
//! `cargo run --release -p cmdai-core --example cost < lines.txt`

use std::hint::black_box;
use std::io::{self, BufRead};
use std::time::{Duration, Instant};

use cmdai_core::{Context, safety};

const SIZE: usize = 64 * 1024;

fn main() -> io::Result<()> {
    let ctx = Context::default().with_cwd("/home/anna/projects/app").with_home("/home/anna");
    let lines: Vec<String> = io::stdin().lock().lines().collect::<Result<_, _>>()?;
    let mut times: Vec<(Duration, &str)> =
        lines.iter().map(|line| (time(line, &ctx, 3), line.as_str())).collect();
    times.sort();
    for (name, share) in [("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("worst", 1.0)] {
        let at = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
        if let Some((took, line)) = times.get(at) {
            let line: String = line.chars().take(100).collect();
            println!("{name:8} {:>9.1} us  {line}", took.as_secs_f64() * 1e6);
        }
    }
    let mut hostile: Vec<(Duration, &str)> =
        hostile().iter().map(|(name, line)| (time(line, &ctx, 3), *name)).collect();
    hostile.sort();
    for (took, name) in hostile.iter().rev() {
        println!("{:>9.2} ms  {name}", took.as_secs_f64() * 1e3);
    }
    Ok(())
}

/// The quickest of some runs: what else the machine does is not ours.
fn time(line: &str, ctx: &Context, runs: usize) -> Duration {
    let run = || {
        let start = Instant::now();
        black_box(safety::check(black_box(line), ctx));
        start.elapsed()
    };
    (0..runs).map(|_| run()).min().unwrap_or_default()
}

/// A unit again and again up to the limit.
fn fill(unit: &str) -> String {
    unit.repeat(SIZE / unit.len().max(1))
}

/// A unit that is given its number.
fn count(unit: impl Fn(usize) -> String) -> String {
    let mut out = String::new();
    for at in 0.. {
        let next = unit(at);
        if out.len() + next.len() > SIZE {
            break;
        }
        out.push_str(&next);
    }
    out
}

/// `inner` between many openings and closings.
fn nest(open: &str, inner: &str, close: &str) -> String {
    let depth = (SIZE - inner.len()) / (open.len() + close.len());
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

fn hostile() -> Vec<(&'static str, String)> {
    let big = "a".repeat(30_000);
    vec![
        ("((", fill("((")),
        ("$(", fill("$(")),
        ("$( nested", nest("$(", "ls", ")")),
        ("$(echo nested", nest("$(echo ", "ls", ")")),
        ("backticks", fill("`")),
        ("backtick pairs", fill("`ls` ")),
        ("single quotes", fill("'")),
        ("double quotes", fill("\"")),
        ("heredocs", fill("cat <<A\n")),
        ("heredocs in one line", fill("<<E ")),
        ("pipes", fill("a|")),
        ("cat pipes", fill("cat|")),
        ("env -S", fill("env -S 'x ")),
        ("env -S eval", fill("env -S 'eval eval' ")),
        ("braces", fill("{a,b}")),
        ("brace words", fill("{a,b}{a,b}{a,b}{a,b} ")),
        ("open braces", fill("{a,{b,")),
        ("ranges", fill("{1..99} ")),
        ("${x:-", fill("${x:-")),
        ("${x:-a}", fill("${x:-a}")),
        ("${x:-${x:- nested", nest("${x:-", "a", "}")),
        ("${x//a/b}", format!("x={big}; {}", fill("${x//a/b} ").get(..30_000).unwrap_or_default())),
        ("${x%%*a}", format!("x={big}; {}", ": ${x%%*b}; ".repeat(2_500))),
        ("functions", count(|at| format!("f{at}() {{ f{}; f{}; }}; ", at + 1, at + 1))),
        (
            "function calls",
            format!("f() {{ g; g; }}; g() {{ h; h; }}; h() {{ ls; }}; {}", "f;".repeat(30_000)),
        ),
        ("assignments", count(|at| format!("v{at}=1;"))),
        ("assignments of one", fill("v=1;")),
        ("growing", fill("x=$x$x;")),
        ("copies", format!("x={big}; {}", "y=$x;".repeat(6_000))),
        ("arrays", count(|at| format!("a[{at}]=1;"))),
        ("array words", format!("a=({}); {}", "x ".repeat(15_000), "b=(\"${a[@]}\");".repeat(1_500))),
        ("array elements", format!("a=({}); {}", "x ".repeat(500), "${a[1]};".repeat(7_000))),
        ("if", fill("if a; then b=1; else b=2; fi;")),
        ("if nested", nest("if a; then ", "b", "; fi")),
        ("if towers", format!("{} rm $x", count(|at| format!("if a; then x{at}=1; else x{at}=2; fi;")))),
        (
            "choices",
            format!("{} {}", "if a; then x=1$x; else x=2$x; fi;".repeat(900), "rm $x;".repeat(4_000)),
        ),
        ("choices used", format!("if a; then x=1; else x=2; fi; {}", "rm $x;".repeat(9_000))),
        ("case", fill("case $x in a) b=1;; *) b=2;; esac;")),
        (
            "case arms",
            format!(
                "case $x in {} esac",
                count(|at| format!("a{at}) b={at};;")).get(..60_000).unwrap_or_default()
            ),
        ),
        ("and", fill("a&&")),
        ("and or", fill("x=1 && b || ")),
        (
            "aliases",
            format!(
                "{} {}",
                count(|at| format!("alias a{at}='a{}';\n", at + 1)).get(..40_000).unwrap_or_default(),
                "a0;\n".repeat(5_000)
            ),
        ),
        ("globs", fill("*/?[a-z]")),
        ("glob words", fill("* ")),
        ("removals", fill("rm -rf a;")),
        ("removals of many", format!("rm -rf {}", count(|at| format!("a{at} ")))),
        ("system removals", fill("rm -rf /;")),
        ("system words", format!("rm -rf {}", fill("/usr ").get(..60_000).unwrap_or_default())),
        ("redirections", fill(">a ")),
        ("redirections of many", count(|at| format!(":>a{at};"))),
        ("copies of files", count(|at| format!("cp a{at} b;"))),
        ("cd", count(|at| format!("cd a{at};"))),
        ("cd one", fill("cd a;")),
        ("sudo", fill("sudo ")),
        ("eval", fill("eval ")),
        ("eval words", format!("eval {}", fill("eval ").get(..60_000).unwrap_or_default())),
        ("bash -c", fill("bash -c 'ls';")),
        ("bash -c big", format!("bash -c '{}'", fill("ls;").get(..60_000).unwrap_or_default())),
        ("xargs", format!("echo {} | xargs -n1 rm", "a ".repeat(30_000))),
        (
            "xargs -I",
            format!("echo {} | xargs -I% sh -c 'echo % | xargs -I@ sh -c \"ls @\"'", "a ".repeat(20_000)),
        ),
        ("find", format!("find . {}", "-exec ls {} \\; ".repeat(4_000))),
        (
            "base64 of base64",
            format!("echo {} | base64 -d | base64 -d | base64 -d | sh", "QUFB".repeat(15_000)),
        ),
        ("base64 lines", fill("echo cm0gLXJmIC8K|base64 -d|sh;")),
        (
            "for in for",
            format!(
                "for a in {{1..64}}; do for b in {{1..64}}; do for c in {{1..64}}; do {} done; done; done",
                "ls;".repeat(100)
            ),
        ),
        (
            "while counted",
            "i=0; while [ $i -lt 250 ]; do i=$((i+1)); j=0; while [ $j -lt 250 ]; do j=$((j+1)); done; done"
                .to_owned(),
        ),
        ("arithmetic", format!(": $(({}1))", "1+".repeat(30_000))),
        ("arithmetic many", fill("$((1+1))")),
        ("tests", fill("[ -n \"$x\" ]&&")),
        ("double tests", fill("[[ -n $x ]];")),
        ("substitutions", fill("$(ls)")),
        ("substitutions of echo", fill("$(echo a);")),
        ("process substitutions", fill("cat <(ls);")),
        ("subshells", fill("(a);")),
        ("groups", fill("{ a;};")),
        ("flags", format!("ls {}", "-x ".repeat(20_000))),
        ("long word", "x".repeat(SIZE)),
        ("semicolons", fill(":;")),
        ("read", fill("read x <<< a;")),
        ("printf", fill("printf %s a;")),
        ("tr", format!("echo {big} {}", "| tr a-z b-za".repeat(2_000))),
        ("sed", format!("echo {big} {}", "| sed s/a/b/g".repeat(2_000))),
        ("awk", format!("echo {big} | awk 'BEGIN{{for(;;){{x=x \"a\"}}}}'")),
        ("python", format!("python3 -c '{}'", "os.system(\"ls\");".repeat(4_000))),
        ("sql", format!("psql -c '{}'", "select 1;".repeat(7_000))),
        ("fork bomb many", fill("a(){ a|a&};a;")),
        ("unicode", fill("é😀")),
        ("private characters", fill("\u{F0000}\u{100000}")),
        ("nul", fill("\0")),
        ("newlines", fill("\n")),
        ("comments", fill("#a\n")),
        ("backslashes", fill("\\")),
        ("dollars", fill("$")),
        ("tildes", fill("~ ")),
        ("coproc", fill("coproc ls;")),
        ("trap", fill("trap ls EXIT;")),
        ("docker", fill("docker run -v /:/h a rm /h;")),
        ("ssh", fill("ssh h 'ls';")),
        ("git", fill("git -c core.pager=ls log;")),
        ("curl | sh", fill("curl a|sh;")),
    ]
}
