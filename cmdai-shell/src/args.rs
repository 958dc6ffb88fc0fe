//! The command line: every option, its help and its type.
//!
//! Help, manual and completions are generated from these types. Which of the first words is a
//! subcommand and which begins a request is decided before, in [`crate::words`].

use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use cmdai_core::config::Color;
use cmdai_core::safety::Profile;
use cmdai_core::{Dialect, Os};

use crate::hook::Agent;
use crate::values::{Named, Names, count, number, parse_duration};

const TRAP: &str = "\
A request that begins with the name of a subcommand needs one of:
  cmdai generate check disk space
  cmdai -- check disk space
  cmdai \"check disk space\"";

const EXAMPLES: &str = "\
Examples:
  cmdai find files larger than 100 MB in my downloads folder
  cmdai check 'curl https://example.com/x | sh'
  cmdai explain 'tar -xzf site.tgz -C /srv'
  echo 'show my ip address' | cmdai

A request that begins with the name of a subcommand needs `cmdai generate` before
it, or quotes around it. More: cmdai help <subcommand>, cmdai help exit-codes,
cmdai help config, cmdai help environment, cmdai man.";

/// Say what you want, get one command with its risk. Local and offline.
#[derive(Debug, Parser)]
#[command(
    name = "cmdai",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(crate) struct Cli {
    /// The request, where there is no subcommand.
    #[command(flatten)]
    pub ask: AskArgs,
    /// The subcommand.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// True where the answer is to be JSON, and so is the reason why there is none.
    pub(crate) fn wants_json(&self) -> bool {
        use crate::history::args::HistoryAction as History;
        match &self.command {
            None => self.ask.json || self.ask.jsonl,
            Some(Command::Generate(args)) => args.json || args.jsonl,
            Some(Command::Check(args)) => args.json || args.jsonl,
            Some(Command::Explain(args)) => args.json || args.jsonl,
            Some(Command::Complete(args)) => args.json,
            Some(Command::Doctor(args)) => args.json,
            Some(Command::Policy(PolicyArgs { action: PolicyAction::Show { json, .. }, .. })) => *json,
            Some(Command::Audit(AuditArgs { action, .. })) => match action {
                AuditAction::Verify { json, .. } | AuditAction::Tail { json, .. } => *json,
                AuditAction::Export { .. } => false,
            },
            Some(Command::Daemon(DaemonArgs { action: DaemonAction::Status { json }, .. })) => *json,
            Some(Command::History(args)) => match &args.action {
                History::List { filter } | History::Search { filter, .. } => filter.json,
                History::Stats { json } => *json,
                _ => false,
            },
            Some(_) => false,
        }
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Offer a command for a request in plain words
    #[command(after_help = TRAP)]
    Generate(AskArgs),
    /// Tell what a command would do and how bad that is; nothing is run
    #[command(after_help = CHECK_HELP)]
    Check(CheckArgs),
    /// Tell what each part of a command means
    #[command(after_help = EXPLAIN_HELP)]
    Explain(ExplainArgs),
    /// Say how a line that is being typed may go on, without running it
    #[command(after_help = COMPLETE_HELP)]
    Complete(CompleteArgs),
    /// Show, check and test what is allowed, or let a line through once
    #[command(after_help = POLICY_HELP)]
    Policy(PolicyArgs),
    /// Judge what a coding agent is about to do, and put that into its settings
    #[command(after_help = HOOK_HELP)]
    Hook(HookArgs),
    /// Take over, search and forget what was run
    #[command(after_help = crate::history::args::HELP)]
    History(crate::history::args::HistoryArgs),
    /// Read and prove the log of verdicts
    #[command(after_help = AUDIT_HELP)]
    Audit(AuditArgs),
    /// Start, stop and look at the process that answers all shells
    #[command(after_help = DAEMON_HELP)]
    Daemon(DaemonArgs),
    /// Tell what cmdai found on this machine, and try it
    #[command(after_help = DOCTOR_HELP)]
    Doctor(DoctorArgs),
    /// Print what a shell's startup file evaluates to have cmdai in the line editor
    #[command(after_help = INIT_HELP)]
    Init(InitArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page, in roff
    #[command(after_help = "Read it with: cmdai man | man -l -")]
    Man(ManArgs),
    /// Print help on a subcommand or topic
    Help(HelpArgs),
}

const CHECK_HELP: &str = "\
One quoted argument is the command line as it stands. Several words are what a
shell would hand to a program: each stays one word, and everything after the first
belongs to the command, so options of check come before it. Without either, or with
a single -, a script is read from standard input.

Exit codes: 0 allow, 10 ask, 11 deny; of several files the strictest. Where there is
nothing to check, as when what writes the script broke, it is 2, as for other wrong
usage; a file that holds nothing is a script that does nothing, and is allowed.

  cmdai check 'git reset --hard && git clean -fd'
  cmdai check rm -rf node_modules
  cmdai check --profile agent < deploy.sh
  cmdai check --sarif --file deploy.sh scripts/*.zsh > findings.sarif

To ask for a command that checks something: cmdai generate check disk space";

const COMPLETE_HELP: &str = "\
Examples:
  cmdai complete 'git che'
  cmdai complete --json --cursor 6 'git st && ls'
  cmdai complete git checkout ''

One quoted argument is the line as it stands. Several words are a line of these words
whose last goes on; an empty last word stands for a word that is still to come.

To ask for a command that completes something: cmdai generate complete ...";

const EXPLAIN_HELP: &str = "\
Words are read as by cmdai check: one quoted argument is the line as it stands,
several words are joined, standard input is read where there is neither.

To ask for a command that explains something: cmdai generate explain ...";

const POLICY_HELP: &str = "\
A policy says what is allowed, asked about or denied: cmdai/policy.toml in the
configuration folder, and .cmdai/policy.toml of a project, which can only tighten.
The form is in docs/policy.md of share/doc/cmdai, for editors: cmdai policy schema.

Exit codes: 0 all is well, 1 a test of the policy fails, 6 a policy is wrong.

  cmdai policy check .cmdai/policy.toml
  cmdai policy allow-once 'git reset --hard'";

const HOOK_HELP: &str = "\
cmdai hook AGENT reads what an agent is about to do as JSON on standard input and
answers as that agent expects. What is harmless gets no answer, so that the agent's
own questions stay; what cannot be read is blocked. Agents: claude-code, codex,
gemini, cursor, copilot.

  cmdai hook install claude-code
  cmdai hook test claude-code";

const AUDIT_HELP: &str = "\
The log is off until the key audit of the configuration, or CMDAI_AUDIT, turns it
on. Each record holds the hash of the one before it. Secrets are taken out.

Exit codes: 0 the log proves itself, 1 it was changed or torn.";

const DAEMON_HELP: &str = "\
Shells and editors start it when they need it; it leaves when nobody asks for half
an hour. It listens on a socket that only you can reach: CMDAI_SOCKET, else
cmdai/s in XDG_RUNTIME_DIR, else in a folder of your own below TMPDIR or /tmp.

  echo '{\"op\":\"check\",\"id\":1,\"buffer\":\"rm -rf /\"}' | cmdai daemon connect

Exit codes of status: 0 it serves, 1 it does not.";

const INIT_HELP: &str = "\
In .zshrc, after other plugins:

  eval \"$(cmdai init zsh)\"

Keys and options are in docs/zsh.md of share/doc/cmdai.";

const DOCTOR_HELP: &str = "\
Exit codes: 0 all is well, 1 an installed hook does not do what it must, 4 no usable model,
5 no usable ONNX Runtime, 6 the configuration or a policy is wrong.";

/// Options that every subcommand takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CommonArgs {
    /// When to colour: auto, always, never
    #[arg(long, value_name = "WHEN", value_parser = Named(COLORS), hide_possible_values = true)]
    pub color: Option<Color>,
    /// No notes and no progress on standard error, only failures
    #[arg(short, long)]
    pub quiet: bool,
}

/// Options about where a command would run.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct PlaceArgs {
    /// The shell: bash, sh, zsh, fish, nu, powershell [default: the one you are in]
    #[arg(long, value_name = "SHELL", value_parser = Named(SHELLS), hide_possible_values = true)]
    pub shell: Option<Dialect>,
    /// The system: linux, macos, windows [default: this one]
    #[arg(long, value_name = "SYSTEM", value_parser = Named(SYSTEMS), hide_possible_values = true)]
    pub os: Option<Os>,
}

/// Options of a request.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct AskArgs {
    /// What the command should do, in plain words [default: standard input]
    #[arg(value_name = "REQUEST", value_parser = clap::value_parser!(OsString))]
    pub words: Vec<OsString>,
    /// How many candidates to offer at most, 1 to 10
    #[arg(short = 'n', long, value_name = "N", value_parser = |text: &str| number::<u8>(text, 1..=10))]
    pub candidates: Option<u8>,
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Run the command after you confirmed it, even where output is not a terminal
    #[arg(short = 'x', long)]
    pub execute: bool,
    /// With -x: run without asking, where the verdict is allow
    #[arg(short, long, requires = "execute")]
    pub yes: bool,
    /// Print the answer as one line of JSON
    #[arg(long, conflicts_with_all = ["execute", "jsonl"])]
    pub json: bool,
    /// Read requests as JSON, one a line, and answer each with a line
    #[arg(long, conflicts_with_all = ["execute", "words"])]
    pub jsonl: bool,
    /// How long an answer may take: 5s, 800ms, 1m
    #[arg(long, value_name = "TIME", value_parser = parse_duration)]
    pub timeout: Option<Duration>,
    /// Do not put the request to a running daemon
    #[arg(long)]
    pub no_daemon: bool,
    /// Tell where each command on offer comes from, on standard error
    #[arg(long, conflicts_with = "jsonl")]
    pub why: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Options of `check`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CheckArgs {
    /// The command line, quoted, or its words [default: a script on standard input]
    #[arg(value_name = "COMMAND", trailing_var_arg = true, value_parser = clap::value_parser!(OsString))]
    pub words: Vec<OsString>,
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Whose verdict: person, agent [default: person]
    #[arg(long, value_name = "WHO", value_parser = Named(PROFILES), hide_possible_values = true)]
    pub profile: Option<Profile>,
    /// The policy to judge under, in place of your own
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Scripts to judge, each by itself, as in --file *.sh; - is standard input
    #[arg(long = "file", value_name = "SCRIPT", num_args = 1.., conflicts_with_all = ["words", "jsonl"])]
    pub files: Vec<PathBuf>,
    /// Print the findings as SARIF 2.1.0, for code scanning
    #[arg(long, conflicts_with_all = ["json", "jsonl"])]
    pub sarif: bool,
    /// Print the report as one line of JSON
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Read commands as JSON, one a line, and answer each with a line
    #[arg(long, conflicts_with = "words")]
    pub jsonl: bool,
    /// So many bytes at the beginning say what the shell knows already: its functions, aliases and values
    #[arg(long, value_name = "BYTES", default_value_t = 0, value_parser = count, hide = true)]
    pub known: usize,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Options of `policy`.
#[derive(Args, Clone, Debug)]
pub(crate) struct PolicyArgs {
    /// What to do
    #[command(subcommand)]
    pub action: PolicyAction,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `policy` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum PolicyAction {
    /// Read policy files and report the first fault of each [default: those that hold here]
    Check {
        /// The files
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Print what holds here, with the place each entry comes from
    Show {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
        /// Whose verdict: person, agent
        #[arg(long, value_name = "WHO", value_parser = Named(PROFILES), hide_possible_values = true)]
        profile: Option<Profile>,
    },
    /// Judge the lines that the policies expect a verdict of
    Test {
        /// The policy to test, in place of your own
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Let one line through once, in this directory, for ten minutes; asks on the terminal
    AllowOnce {
        /// The line, quoted, exactly as it will be run
        #[arg(value_name = "LINE")]
        line: String,
        /// The directory it will be run in [default: this one]
        #[arg(long, value_name = "DIR")]
        cwd: Option<PathBuf>,
    },
    /// Print the JSON schema of a policy file, for editors
    Schema,
}

/// Options of `hook`.
#[derive(Args, Clone, Debug)]
pub(crate) struct HookArgs {
    /// What to do
    #[command(subcommand)]
    pub action: HookAction,
}

/// What `hook` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum HookAction {
    /// Judge a tool call of Claude Code
    ClaudeCode(JudgeArgs),
    /// Judge a tool call of Codex
    Codex(JudgeArgs),
    /// Judge a tool call of Gemini CLI
    Gemini(JudgeArgs),
    /// Judge a tool call of Cursor
    Cursor(JudgeArgs),
    /// Judge a tool call of Copilot CLI
    Copilot(JudgeArgs),
    /// Put the hook into an agent's settings
    Install(InstallArgs),
    /// Take the hook out of an agent's settings
    Uninstall(InstallArgs),
    /// Feed samples to the installed hook and see that it blocks what it must
    Test(TestArgs),
}

/// Options of a judging hook.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct JudgeArgs {
    /// Whose verdict: person, agent [default: agent]
    #[arg(long, value_name = "WHO", value_parser = Named(PROFILES), hide_possible_values = true)]
    pub profile: Option<Profile>,
}

/// Options of `hook test`.
#[derive(Args, Clone, Debug)]
pub(crate) struct TestArgs {
    /// The agent: claude-code, codex, gemini, cursor, copilot [default: each that has our hook]
    #[arg(value_name = "AGENT", value_parser = Named(AGENTS))]
    pub agent: Option<Agent>,
    /// Only what is in the settings of this project
    #[arg(long, conflicts_with = "user")]
    pub project: bool,
    /// Only what is in your own settings
    #[arg(long)]
    pub user: bool,
}

/// Options of `hook install` and `uninstall`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InstallArgs {
    /// The agent: claude-code, codex, gemini, cursor, copilot
    #[arg(value_name = "AGENT", value_parser = Named(AGENTS))]
    pub agent: Agent,
    /// In the settings of this project rather than in your own
    #[arg(long, conflicts_with = "user")]
    pub project: bool,
    /// In your own settings (the default)
    #[arg(long)]
    pub user: bool,
    /// Print the settings as they would be, and write nothing
    #[arg(long)]
    pub print: bool,
}

/// Options of `audit`.
#[derive(Args, Clone, Debug)]
pub(crate) struct AuditArgs {
    /// What to do
    #[command(subcommand)]
    pub action: AuditAction,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `audit` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum AuditAction {
    /// Prove that no record was changed, taken out or cut off
    Verify {
        /// The hash of the last record, as you wrote it down elsewhere
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
        /// Print the outcome as one line of JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the last records
    Tail {
        /// How many
        #[arg(short = 'n', long = "lines", value_name = "N", default_value_t = 10, value_parser = count)]
        count: usize,
        /// Print them as JSON, one a line
        #[arg(long)]
        json: bool,
    },
    /// Print every record, after proving the log
    Export {
        /// The form: json, csv
        #[arg(long, value_name = "FORM", value_parser = Named(FORMS), default_value = "json")]
        format: Form,
    },
}

/// A form of exported records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Csv,
}

/// Options of `daemon`.
#[derive(Args, Clone, Debug)]
pub(crate) struct DaemonArgs {
    /// What to do
    #[command(subcommand)]
    pub action: DaemonAction,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What `daemon` does.
#[derive(Clone, Debug, Subcommand)]
pub(crate) enum DaemonAction {
    /// Serve, here and until stopped
    Run {
        /// Leave the terminal and its session first, as start does
        #[arg(long)]
        detached: bool,
    },
    /// Start it, where it does not run
    Start,
    /// Stop it, where it runs
    Stop,
    /// Tell whether it runs, and what it does
    Status {
        /// Print it as JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the end of its log
    Logs {
        /// How many lines
        #[arg(short = 'n', long = "lines", value_name = "N", default_value_t = 50, value_parser = count)]
        count: usize,
    },
    /// Pass requests from standard input to it and answers to standard output
    Connect,
}

/// Options of `explain`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ExplainArgs {
    /// The command line, quoted, or its words [default: a script on standard input]
    #[arg(value_name = "COMMAND", trailing_var_arg = true, value_parser = clap::value_parser!(OsString))]
    pub words: Vec<OsString>,
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Print the explanation as one line of JSON
    #[arg(long, conflicts_with = "jsonl")]
    pub json: bool,
    /// Read commands as JSON, one a line, and answer each with a line
    #[arg(long, conflicts_with = "words")]
    pub jsonl: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Options of `complete`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct CompleteArgs {
    /// The line as far as it is typed, quoted, or its words; the last one goes on
    #[arg(value_name = "LINE", required = true, trailing_var_arg = true, value_parser = clap::value_parser!(OsString))]
    pub words: Vec<OsString>,
    /// Where in the line the cursor stands, in characters [default: at its end]
    #[arg(long, value_name = "N", value_parser = count)]
    pub cursor: Option<usize>,
    /// The directory that the line would run in [default: this one]
    #[arg(long, value_name = "DIR")]
    pub cwd: Option<PathBuf>,
    /// How many continuations to offer at most, 1 to 255
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = |text: &str| number::<u8>(text, 1..=255))]
    pub count: u8,
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Print the continuations as one line of JSON
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Options of `doctor`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct DoctorArgs {
    /// Print what was found as JSON
    #[arg(long)]
    pub json: bool,
    /// Name each place where something was looked for
    #[arg(short, long)]
    pub verbose: bool,
    /// Save the model's weights in the cache in the form that loads fastest: about twice the model's size
    #[arg(long)]
    pub prepare: bool,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// Options of `init`.
#[derive(Args, Clone, Debug)]
pub(crate) struct InitArgs {
    /// The shell: zsh
    #[arg(value_name = "SHELL", value_parser = Named(INITS), hide_possible_values = true)]
    pub shell: InitShell,
    /// Print all of the plugin, in place of what reads it from the cache
    #[arg(long)]
    pub whole: bool,
    /// Print all of it as one quoted word in place of a here-document: slower, and needs no temporary file
    #[arg(long, hide = true)]
    pub quoted: bool,
    /// Take over what zsh compiled of the plugin in the cache
    #[arg(long, hide = true, value_name = "FILE", conflicts_with_all = ["whole", "quoted"])]
    pub compiled: Option<PathBuf>,
}

/// A shell that cmdai has a plugin for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InitShell {
    Zsh,
}

/// Options of `completions`.
#[derive(Args, Clone, Debug)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL", value_parser = Named(COMPLETIONS))]
    pub shell: CompletionShell,
}

/// Options of `man`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ManArgs {
    /// The page of this subcommand, as in policy or policy-test [default: all of cmdai]
    #[arg(value_name = "SUBCOMMAND")]
    pub page: Option<String>,
}

/// Options of `help`.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct HelpArgs {
    /// A subcommand, as in check or policy test, or one of exit-codes, config, environment
    #[arg(value_name = "TOPIC", num_args = 0..=2)]
    pub topic: Vec<String>,
}

/// A shell that completions are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CompletionShell {
    Bash,
    Elvish,
    Fish,
    Nu,
    PowerShell,
    Zsh,
}

const COLORS: &Names<Color> = &Names { list: &["auto", "always", "never"], read: |name| name.parse().ok() };
const SHELLS: &Names<Dialect> = &Names {
    list: &["bash", "sh", "zsh", "fish", "nu", "powershell"],
    read: |name| Dialect::from_str(name).ok(),
};
const SYSTEMS: &Names<Os> =
    &Names { list: &["linux", "macos", "windows"], read: |name| Os::from_str(name).ok() };
const PROFILES: &Names<Profile> =
    &Names { list: &["person", "agent"], read: |name| Profile::from_str(name).ok() };
const AGENTS: &Names<Agent> =
    &Names { list: &["claude-code", "codex", "gemini", "cursor", "copilot"], read: Agent::from_name };
const FORMS: &Names<Form> = &Names {
    list: &["json", "csv"],
    read: |name| match name {
        "json" => Some(Form::Json),
        "csv" => Some(Form::Csv),
        _ => None,
    },
};
/// The shells of [`InitArgs::shell`].
pub(crate) const INITS: &Names<InitShell> =
    &Names { list: &["zsh"], read: |name| (name == "zsh").then_some(InitShell::Zsh) };
/// The shells of [`CompletionsArgs::shell`].
pub(crate) const COMPLETIONS: &Names<CompletionShell> = &Names {
    list: &["bash", "zsh", "fish", "nu", "powershell", "elvish"],
    read: |name| match name {
        "bash" => Some(CompletionShell::Bash),
        "elvish" => Some(CompletionShell::Elvish),
        "fish" => Some(CompletionShell::Fish),
        "nu" | "nushell" => Some(CompletionShell::Nu),
        "powershell" | "pwsh" => Some(CompletionShell::PowerShell),
        "zsh" => Some(CompletionShell::Zsh),
        _ => None,
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_option_and_subcommand_has_help() {
        let root = Cli::command();
        let nested = root.get_subcommands().flat_map(clap::Command::get_subcommands);
        for command in std::iter::once(&root).chain(root.get_subcommands()).chain(nested) {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_empty() && !help.ends_with('.'), "{} {}", command.get_name(), arg.get_id());
            }
        }
    }

    #[test]
    fn every_json_is_documented_and_known() {
        let page = include_str!("../../docs/json.md");
        let root = Cli::command();
        let has_json = |command: &clap::Command| command.get_arguments().any(|arg| arg.get_id() == "json");
        let nested = root
            .get_subcommands()
            .flat_map(|command| command.get_subcommands().map(move |sub| (Some(command), sub)));
        for (parent, command) in root.get_subcommands().map(|command| (None, command)).chain(nested) {
            if !has_json(command) {
                continue;
            }
            let parent = parent.map_or("", clap::Command::get_name);
            let name = format!("{parent} {}", command.get_name());
            assert!(page.contains(&format!("`cmdai {}`", name.trim())), "{name}");
            let word = command.get_positionals().next().map(|_| "x");
            let args =
                ["cmdai", parent, command.get_name(), "--json"].into_iter().filter(|arg| !arg.is_empty());
            let cli = Cli::try_parse_from(args.chain(word)).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(cli.wants_json(), "{name}");
        }
    }

    #[test]
    fn every_listed_name_is_read() {
        assert!(COLORS.list.iter().all(|name| COLORS.accepts(name)));
        assert!(SHELLS.list.iter().all(|name| SHELLS.accepts(name)));
        assert!(SYSTEMS.list.iter().all(|name| SYSTEMS.accepts(name)));
        assert!(PROFILES.list.iter().all(|name| PROFILES.accepts(name)));
        assert!(FORMS.list.iter().all(|name| FORMS.accepts(name)));
        assert!(Agent::ALL.iter().map(|agent| agent.name()).eq(AGENTS.list.iter().copied()));
        assert!(INITS.list.iter().all(|name| INITS.accepts(name)));
        assert!(COMPLETIONS.list.iter().all(|name| COMPLETIONS.accepts(name)));
        assert_eq!(SHELLS.list, Dialect::ALL.iter().map(|shell| shell.name()).collect::<Vec<_>>());
        assert_eq!(SYSTEMS.list, Os::ALL.iter().map(|os| os.name()).collect::<Vec<_>>());
    }
}
