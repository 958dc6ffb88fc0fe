//! Pages: completions, the manual, and help on topics. All are made from the tables they describe.

use std::fmt::Write as _;
use std::io;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::{Man, roff::Roff, roff::roman};
use cmdai_core::config::KEYS;

use crate::args::{Cli, CompletionShell, HelpArgs, ManArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::{env, input, words};

/// The topics of `cmdai help` beside the subcommands.
pub(crate) const TOPICS: &[&str] = &["config", "environment", "exit-codes"];

/// Prints completions.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn completions(shell: CompletionShell) -> Result<Exit, Failure> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    let name = "cmdai";
    match shell {
        CompletionShell::Bash => clap_complete::generate(Shell::Bash, &mut command, name, &mut script),
        CompletionShell::Elvish => clap_complete::generate(Shell::Elvish, &mut command, name, &mut script),
        CompletionShell::Fish => clap_complete::generate(Shell::Fish, &mut command, name, &mut script),
        CompletionShell::PowerShell => {
            clap_complete::generate(Shell::PowerShell, &mut command, name, &mut script)
        }
        CompletionShell::Zsh => clap_complete::generate(Shell::Zsh, &mut command, name, &mut script),
        CompletionShell::Nu => {
            clap_complete::generate(clap_complete_nushell::Nushell, &mut command, name, &mut script);
        }
    }
    input::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}

/// Prints the manual page.
///
/// # Errors
/// There is no such page, or standard output cannot be written.
pub(crate) fn man(args: &ManArgs) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    let rendered = match &args.page {
        Some(name) => match subcommand(name) {
            Some(command) => Man::new(command).render(&mut page),
            None => return Err(no_such("page", name)),
        },
        None => render_root(&mut page),
    };
    rendered.map_err(|error| Failure::write(&error))?;
    input::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Ok)
}

fn render_root(page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(Cli::command());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    man.render_subcommands_section(page)?;
    let mut roff = Roff::new();
    let mut section = |title: &str, entries: &[(String, String)]| {
        roff.control("SH", [title]);
        for (term, text) in entries {
            roff.control("TP", []);
            roff.text([clap_mangen::roff::bold(term)]);
            roff.text([roman(text)]);
        }
    };
    section("EXIT STATUS", &exit_codes());
    section("ENVIRONMENT", &environment());
    section("CONFIGURATION", &config());
    roff.to_writer(page)?;
    man.render_extra_section(page)?;
    man.render_version_section(page)
}

/// Prints help on a subcommand or topic.
///
/// # Errors
/// There is no such topic, or standard output cannot be written.
pub(crate) fn help(args: &HelpArgs) -> Result<Exit, Failure> {
    let topic = (!args.topic.is_empty()).then(|| args.topic.join(" "));
    let text = match topic.as_deref() {
        None => Cli::command().render_help().to_string(),
        Some("exit-codes") => list("How a run of cmdai ends:", &exit_codes()),
        Some("environment") => list("Environment variables that cmdai reads:", &environment()),
        Some("config") => {
            list("Keys of the configuration file, in TOML; a.b is the key b of the table [a]:", &config())
        }
        Some(name) => match subcommand(name) {
            Some(mut command) => command.render_help().to_string(),
            None => return Err(no_such("topic", name)),
        },
    };
    input::print(&text)?;
    Ok(Exit::Ok)
}

/// A subcommand by its name, or one of its own by both names: `policy test`, `policy-test`.
fn subcommand(name: &str) -> Option<clap::Command> {
    let mut root = Cli::command();
    root.build();
    if let Some(found) = root.find_subcommand(name) {
        return Some(found.clone());
    }
    let (first, second) = name.split_once([' ', '-'])?;
    root.find_subcommand(first)?.find_subcommand(second).cloned()
}

fn no_such(what: &str, name: &str) -> Failure {
    let root = Cli::command();
    let mut names: Vec<_> = root.get_subcommands().map(clap::Command::get_name).collect();
    if what == "topic" {
        names.extend(TOPICS);
    }
    let near = names.iter().find(|known| words::is_near(known, name));
    let meant = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    Failure::new(Exit::Usage, format!("find the {what} {name}"), "there is none of that name")
        .hint(format!("{meant}there are {}", names.join(", ")))
}

fn exit_codes() -> Vec<(String, String)> {
    let mut codes: Vec<_> =
        Exit::ALL.iter().map(|(exit, doc)| (exit.number().to_string(), (*doc).to_owned())).collect();
    codes.push(("other".to_owned(), "a command that cmdai ran: its own exit status".to_owned()));
    codes
}

fn environment() -> Vec<(String, String)> {
    env::ALL.iter().map(|(name, doc)| ((*name).to_owned(), (*doc).to_owned())).collect()
}

fn config() -> Vec<(String, String)> {
    let text =
        |key: &cmdai_core::config::Key| format!("{} {} [default: {}]", key.doc, key.value, key.default);
    KEYS.iter().map(|key| (key.name.to_owned(), text(key))).collect()
}

fn list(title: &str, entries: &[(String, String)]) -> String {
    let column = entries.iter().map(|(term, _)| term.len()).max().unwrap_or(0);
    let mut text = format!("{title}\n\n");
    for (term, meaning) in entries {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {term:column$}  {meaning}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_sorted_and_no_subcommands() {
        assert!(TOPICS.is_sorted());
        assert!(TOPICS.iter().all(|topic| subcommand(topic).is_none()));
    }

    #[test]
    fn the_manual_holds_every_table() {
        let mut page = Vec::new();
        render_root(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        assert!(KEYS.iter().all(|key| page.contains(key.name)), "{page}");
        assert!(env::ALL.iter().all(|(name, _)| page.contains(name)), "{page}");
        assert!(page.contains("130"), "{page}");
    }
}
