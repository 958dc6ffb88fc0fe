//! The words that the interpreter finds are those that the real shell finds.
//!
//! Thousands of generated lines are run by bash, zsh and fish and read by [`safety::check`]; wherever the
//! report claims to know every argument of a call, they must be the shell's, byte for byte. An argument
//! that the report does not claim to know is no mistake, but it is counted: the share of lines known
//! to the last word has a floor, so that nothing is won by not claiming.
//!
//! `CMDAI_ORACLE_LINES=200000 cargo test -p cmdai-core --test oracle` asks more of them, and
//! `CMDAI_ORACLE_SEED` others.

#![allow(missing_docs, reason = "a test")]

mod bash;
mod fish;
mod random;
mod shell;
mod zsh;

use cmdai_core::Context;
use std::path::Path;

use cmdai_core::line::Dialect;
use cmdai_core::safety::{self, Report};

use bash::Line;
use random::Random;
use shell::{Answer, Shell};

const HOME: &str = "/home/u";

#[test]
fn bash_expands_words_as_the_report_says() {
    let setup = "n=7; m=0; ref=y; ";
    agree(&shell::BASH, Dialect::Bash, 3_000, 0.94, |random| {
        let line = bash::line(random);
        Line { text: format!("{setup}{}", line.text), ..line }
    });
}

#[test]
fn zsh_expands_words_as_the_report_says() {
    agree(&shell::ZSH, Dialect::Zsh, 2_000, 0.95, zsh::line);
}

#[test]
fn fish_expands_words_as_the_report_says() {
    agree(&shell::FISH, Dialect::Fish, 2_000, 0.90, fish::line);
}

/// How one line fared.
enum Outcome {
    /// The report knows every word, and is right.
    Known,
    /// The report does not claim to know every word.
    Unknown,
    /// The shell refused the line or ended it early.
    Refused,
    /// The report claims what is not so.
    Wrong(String),
}

/// Asks the shell and the report about lines of a generator, and compares.
fn agree(shell: &Shell, dialect: Dialect, lines: usize, floor: f64, generate: impl Fn(&mut Random) -> Line) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let count = number("CMDAI_ORACLE_LINES").unwrap_or(lines);
    let mut random = Random::new(number("CMDAI_ORACLE_SEED").unwrap_or(20_261_128) as u64);
    let lines: Vec<Line> = (0..count).map(|_| generate(&mut random)).collect();
    let texts: Vec<String> = lines.iter().map(|line| line.text.clone()).collect();
    let Some((cwd, answers)) = shell::ask(shell, HOME, &texts) else { return };
    let ctx = Context::new(dialect).with_home(HOME).with_cwd(cwd);
    let (mut known, mut refused, mut wrong) = (0, 0, Vec::new());
    for (line, answer) in lines.iter().zip(&answers) {
        match compare(dialect, line, answer, &safety::check(&line.text, &ctx)) {
            Outcome::Known => known += 1,
            Outcome::Unknown => {
                if std::env::var_os("CMDAI_ORACLE_SHOW").is_some() {
                    eprintln!("unknown: {}", line.text);
                }
            }
            Outcome::Refused => {
                refused += 1;
                if std::env::var_os("CMDAI_ORACLE_SHOW").is_some() {
                    eprintln!("refused: {}\n    {}", line.text, answer.complaint);
                }
            }
            Outcome::Wrong(how) => wrong.push(how),
        }
    }
    let asked = count - refused;
    let share = known as f64 / asked.max(1) as f64;
    eprintln!(
        "{}: {count} lines, {refused} refused, {known} known to the last word ({:.1} %), {} wrong",
        shell.name,
        100.0 * share,
        wrong.len()
    );
    assert!(wrong.is_empty(), "{} of {asked} lines:\n{}", wrong.len(), wrong.join("\n"));
    assert!(share >= floor, "only {share:.3} of the lines are known to the last word");
    assert!(refused * 10 <= count, "{refused} of {count} lines are none of {}", shell.name);
}

fn compare(dialect: Dialect, line: &Line, answer: &Answer, report: &Report) -> Outcome {
    // A pattern that begins at the root finds what is there.
    // fish 3 shows a character of its own where nested braces stand beside a blank.
    let is_odd = |text: &String| text.contains('\u{fdd6}');
    let is_file = |text: &String| text.len() > 1 && text.starts_with('/') && Path::new(text).exists();
    if !answer.complaint.is_empty() || answer.calls.iter().flatten().any(|text| is_file(text) || is_odd(text))
    {
        return Outcome::Refused;
    }
    let claims: Vec<&[Option<String>]> = report
        .commands
        .iter()
        .filter(|command| command.argv.first().is_some_and(|first| first.as_deref() == Some("args")))
        .map(|command| &command.argv[1..])
        .collect();
    let unsure = report.findings.iter().any(|finding| finding.rule == "not-fully-read");
    let is_known = |claim: &&[Option<String>]| claim.iter().all(Option::is_some);
    // The order in which fish multiplies lists differs between variables, braces and substitutions; only what
    // comes out is compared.
    let sorted = |mut words: Vec<String>| {
        if dialect == Dialect::Fish {
            words.sort();
        }
        words
    };
    let fits = |claim: &[Option<String>], call: &[String]| {
        // Several stars in a row match what one does, and are shown as one.
        let stars = |text: &str| text.replace("**", "*").replace("**", "*");
        sorted(claim.iter().flatten().map(|text| stars(text)).collect())
            == sorted(call.iter().map(|text| stars(text)).collect())
    };
    let all_known = claims.iter().all(is_known) && !unsure;
    if !line.branches && all_known {
        let mut calls: Vec<&Vec<String>> = answer.calls.iter().collect();
        let mut ordered = claims.clone();
        if dialect == Dialect::Fish {
            // A loop runs over a product, too.
            calls.sort();
            ordered.sort();
        }
        let same =
            ordered.len() == calls.len() && ordered.iter().zip(&calls).all(|(claim, call)| fits(claim, call));
        return if same { Outcome::Known } else { wrong(line, answer, &claims) };
    }
    // Of what may not run more may be claimed than runs, and what is not known may be any words; what
    // does run must be among the claims, in order.
    let mut rest = claims.iter();
    for call in &answer.calls {
        match rest.find(|claim| !is_known(claim) || fits(claim, call)) {
            Some(claim) if is_known(claim) => {}
            // A word that is not known may be several, and a loop over it several rounds.
            Some(_) => return Outcome::Unknown,
            None if unsure => return Outcome::Unknown,
            None => return wrong(line, answer, &claims),
        }
    }
    if all_known { Outcome::Known } else { Outcome::Unknown }
}

fn wrong(line: &Line, answer: &Answer, claims: &[&[Option<String>]]) -> Outcome {
    let claimed: Vec<Vec<&str>> = claims
        .iter()
        .map(|claim| claim.iter().map(|text| text.as_deref().unwrap_or("…")).collect())
        .collect();
    Outcome::Wrong(format!("{}\n    shell  {:?}\n    report {claimed:?}", line.text, answer.calls))
}
