//! Is the request a command already?
//!
//! `git status` is one, `find files larger than 100 MB` is not, though both begin with a program. A
//! line is taken for a command when its first word is a program, it parses, and the words after it
//! look like arguments more than like English: each kind of word has a weight, and the sum decides.
//! A request taken for a command is the worse mistake (the person gets their own words back), so the
//! sum starts low for programs whose names are English words, and words of English count against it.

use super::entities;
use super::shell_words::{self, Token, TokenKind};
use super::words::{intents_with, is_common_program, is_function_word};
use crate::line::Dialect;
use crate::specs::{Role, lookup, parse_args};
use crate::syntax::{self, NoteKind};
use crate::{Context, Os};

/// The line, where it is a command of the context's shell as it stands.
pub(super) fn as_command<'a>(line: &'a str, ctx: &Context, programs: Option<&[String]>) -> Option<&'a str> {
    let line = line.strip_prefix("$ ").unwrap_or(line).trim();
    let tokens = shell_words::cut(line);
    if weigh(line, &tokens, ctx, programs)? <= LIKE_A_COMMAND {
        return None;
    }
    let broken = |kind| matches!(kind, NoteKind::Unfinished | NoteKind::Unexpected | NoteKind::TooDeep);
    let parsed = syntax::parse(line, ctx.dialect);
    (!parsed.notes.iter().any(|note| broken(note.kind))).then_some(line)
}

/// A sum above this is a command.
const LIKE_A_COMMAND: f32 = 0.45;

/// What each kind of word says for a command (above 0) or for English (below 0).
mod weight {
    /// The program's name means nothing in English.
    pub(super) const PROGRAM: f32 = 1.0;
    /// The name is a word of every day that seldom begins a command without flags.
    pub(super) const WEAK_PROGRAM: f32 = -0.9;
    /// `./run.sh`, `/usr/bin/env`.
    pub(super) const PATH_PROGRAM: f32 = 1.5;
    /// A subcommand that the program has.
    pub(super) const SUBCOMMAND: f32 = 1.5;
    /// A word that is none, where the program wants one.
    pub(super) const NO_SUBCOMMAND: f32 = -1.5;
    /// `-l`, `--all`, `+%s`.
    pub(super) const FLAG: f32 = 2.3;
    /// `|`, `&&` with a program after it.
    pub(super) const JOINED: f32 = 2.0;
    /// `|`, `&&` with anything else after it.
    pub(super) const JOINED_TO_NOTHING: f32 = -6.0;
    /// `>`, `2>&1`.
    pub(super) const REDIRECTION: f32 = 1.5;
    /// The program writes whatever words follow.
    pub(super) const FREE_TEXT: f32 = 0.6;
    /// `$HOME`, `$(…)`, `*.c`, `{1..3}`.
    pub(super) const EXPANSION: f32 = 1.5;
    /// `~/x`, `/etc`, `.`.
    pub(super) const PATH: f32 = 1.0;
    /// `notes.txt`, `user@host`, `key=value`.
    pub(super) const NAME: f32 = 0.9;
    /// Digits.
    pub(super) const NUMBER: f32 = 0.5;
    /// In quotes.
    pub(super) const QUOTED: f32 = 0.8;
    /// `the`, `of`, `with`, or a word with a comma: no command has them bare.
    pub(super) const FUNCTION_WORD: f32 = -4.0;
    /// `on`, `all`, `a`: some commands have them too.
    pub(super) const ODD_WORD: f32 = -2.0;
    /// A lone sign that no shell knows: `->`, `w/`, `=`.
    pub(super) const SIGN: f32 = -2.0;
    /// A word that people use in requests.
    pub(super) const ENGLISH: f32 = -1.3;
    /// A word that nobody uses: a name.
    pub(super) const STRANGE: f32 = -0.2;
    /// Ends as a sentence does, or has an apostrophe.
    pub(super) const SENTENCE: f32 = -3.0;
    /// More words than the program takes: `base64 encode notes.txt`.
    pub(super) const TOO_MANY: f32 = -2.0;
}

fn weigh(line: &str, tokens: &[Token<'_>], ctx: &Context, programs: Option<&[String]>) -> Option<f32> {
    let mut rest = tokens;
    // Assignments and wrappers stand before the program.
    let mut sum = 0.0;
    while let [first, tail @ ..] = rest
        && is_assignment(first.text)
    {
        sum += weight::NAME;
        rest = tail;
    }
    while let [first, tail @ ..] = rest
        && WRAPPERS.contains(&first.text)
        && !tail.is_empty()
    {
        sum += if first.text == "time" { 0.0 } else { 0.5 };
        rest = tail;
        while let [flag, tail @ ..] = rest
            && flag.text.starts_with('-')
        {
            sum += weight::FLAG;
            rest = tail;
        }
    }
    let [program, arguments @ ..] = rest else {
        return (!tokens.is_empty() && tokens.iter().all(|token| is_assignment(token.text))).then_some(sum);
    };
    let name = program.text;
    let strength = strength(name, ctx, programs)?;
    if strength == Strength::Keyword {
        // The parser knows a loop or a test better than any weight does.
        let opens = matches!(name, "(" | "{" | "!");
        let begins_well = !opens || self::strength(arguments.first()?.text, ctx, programs).is_some();
        let is_structure =
            |token: &Token<'_>| token.kind == TokenKind::Control || token.text.starts_with([']', '-']);
        return (begins_well && arguments.iter().any(is_structure)).then_some(1.0);
    }
    if arguments.is_empty() {
        // A lone program is the shortest command there is; nothing about it is English.
        return Some(1.0);
    }
    sum += match strength {
        Strength::Plain => weight::PROGRAM,
        Strength::English | Strength::Keyword => 0.0,
        Strength::Weak => weight::WEAK_PROGRAM,
        Strength::Path => weight::PATH_PROGRAM,
    };
    let mut before = name;
    let mut free_text = FREE_TEXT.contains(&name);
    if free_text {
        sum += weight::FREE_TEXT;
    }
    let mut wants_program = false;
    let mut after_redirection = false;
    let mut stage = name;
    for (index, token) in arguments.iter().enumerate() {
        let text = token.text;
        let is_sentence_end =
            index + 1 == arguments.len() && text.ends_with(['?', '!', ',']) && text.len() > 2;
        // An arrow, as people draw it.
        let is_arrow = text == "-" && arguments.get(index + 1).is_some_and(|next| next.text == ">");
        if is_sentence_end || is_arrow || is_contraction(text) {
            sum += weight::SENTENCE;
        }
        if is_arrow || (text == "on" && index + 1 < arguments.len()) {
            // "on" ends commands that switch something; before something else it is English.
            sum += weight::FUNCTION_WORD;
        }
        match token.kind {
            TokenKind::Control => {
                wants_program = !matches!(text, ")" | "&");
                free_text = false;
                if text == "(" && name != "(" {
                    wants_program = false;
                }
            }
            TokenKind::Redirection => {
                sum += weight::REDIRECTION;
                after_redirection = true;
            }
            TokenKind::Quoted => {
                sum += weight::QUOTED;
                wants_program = false;
            }
            TokenKind::Bare if wants_program => {
                let known = self::strength(text, ctx, programs).is_some()
                    || is_assignment(text)
                    || text.starts_with(['[', '{', '$', '!']);
                sum += if known { weight::JOINED } else { weight::JOINED_TO_NOTHING };
                free_text = FREE_TEXT.contains(&text);
                stage = text;
                wants_program = matches!(text, "do" | "then" | "else" | "{" | "!");
            }
            TokenKind::Bare => {
                let wants_subcommand = index == 0 || (before.starts_with('-') && index <= 2);
                sum += match subcommands(stage) {
                    Some(list) if wants_subcommand && !text.starts_with('-') => {
                        if list.split(' ').any(|known| known == text) {
                            weight::SUBCOMMAND
                        } else {
                            weight::NO_SUBCOMMAND + word(text, stage)
                        }
                    }
                    _ if after_redirection => 0.0,
                    _ if free_text && text.chars().all(char::is_alphabetic) && !is_function_word(text) => 0.0,
                    _ if is_in(TAKES_PROGRAM, stage) && is_common_program(text) => weight::NAME,
                    // What follows a flag may be its value, whatever it says in English.
                    _ if before.starts_with('-') && word(text, stage) == weight::ENGLISH => {
                        weight::ENGLISH / 2.0
                    }
                    _ if arguments.len() == 1
                        && is_in(ONE_NAME, stage)
                        && !(text.ends_with('s') && text.len() > 3) =>
                    {
                        word(text, stage).max(weight::STRANGE)
                    }
                    _ => word(text, stage),
                };
                after_redirection = false;
            }
        }
        before = text;
    }
    if says_too_much(name, arguments) {
        sum += weight::TOO_MANY;
    }
    // The text as a whole: a capital first letter and a full stop are a sentence.
    if line.starts_with(|c: char| c.is_uppercase())
        && ctx.dialect != Dialect::PowerShell
        && strength != Strength::Path
    {
        sum += weight::SENTENCE;
    }
    Some(sum)
}

/// True where a program that takes so many operands is given more.
fn says_too_much(program: &str, arguments: &[Token<'_>]) -> bool {
    let is_one = arguments.iter().all(|token| token.kind == TokenKind::Bare);
    let spec =
        lookup(program).filter(|spec| is_one && !spec.operands.is_empty() && spec.subcommands.is_empty());
    spec.is_some_and(|spec| {
        let words: Vec<&str> = arguments.iter().map(|token| token.text).collect();
        parse_args(spec, &words).items.iter().any(|item| matches!(item.role, Role::Operand(None)))
    })
}

/// What one argument of program `stage` says.
fn word(text: &str, stage: &str) -> f32 {
    // `cut -d,` and its like apart, a comma is punctuation.
    if text.ends_with(',') && !matches!(text, "-d," | "-t," | "-F,") {
        return weight::FUNCTION_WORD;
    }
    if text.len() > 1 && text.starts_with('-') || text.starts_with("+%") {
        return weight::FLAG;
    }
    let lower = text.to_lowercase();
    if text.contains('$') || (text.contains(['*', '[', '{']) && text.len() > 1) || text.contains('`') {
        return weight::EXPANSION;
    }
    // Two programs have single letters for a language of their own.
    if matches!(stage, "ps" | "tar" | "7z" | "ar")
        && text.len() <= 5
        && (intents_with(&lower) < 3 || matches!(text, "aux" | "ax" | "ef" | "xf" | "cf" | "tf"))
    {
        return weight::NAME;
    }
    if lower.chars().all(|c| c.is_alphabetic() || c == '-') && lower.contains(char::is_alphabetic) {
        return if is_in(NAMES, &lower) {
            weight::STRANGE
        } else if is_in(ODD_WORDS, &lower) {
            weight::ODD_WORD
        } else if is_function_word(&lower) {
            weight::FUNCTION_WORD
        } else if intents_with(&lower) >= 3 {
            weight::ENGLISH
        } else {
            weight::STRANGE
        };
    }
    let trimmed = entities::trim_punctuation(text);
    let is_clause_end = text.ends_with([',', ':', ';']) && !text.contains(['@', '/']);
    if is_clause_end || (trimmed.chars().all(char::is_alphabetic) && !trimmed.is_empty()) {
        // A word with a comma or full stop after it.
        return weight::FUNCTION_WORD;
    }
    if text.starts_with(['/', '~'])
        || text == "."
        || text == ".."
        || text.starts_with("./")
        || text.starts_with("../")
    {
        return if is_weak(stage) { 0.0 } else { weight::PATH };
    }
    if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return weight::NUMBER;
    }
    if matches!(text, "=" | "+" | "=>" | "==") || matches!(text, "w/" | "w/o") {
        return weight::SIGN;
    }
    if text.chars().any(char::is_alphanumeric) {
        return if is_weak(stage) || stage == "find" { 0.0 } else { weight::NAME };
    }
    0.0
}

/// How well a name stands for a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    /// Nothing else.
    Plain,
    /// An English word too, but one that often begins a command.
    English,
    /// An English word that seldom begins a command.
    Weak,
    /// Written as a path.
    Path,
    /// `for`, `if`, `[[`.
    Keyword,
}

fn strength(name: &str, ctx: &Context, programs: Option<&[String]>) -> Option<Strength> {
    if matches!(name, "for" | "if" | "while" | "until" | "case" | "[[" | "((" | "{" | "(" | "!") {
        return Some(Strength::Keyword);
    }
    let looks_run =
        name.starts_with("./") || name.contains("/bin/") || name.ends_with(".sh") || name.ends_with(".py");
    if looks_run && name.contains('/') {
        return Some(Strength::Path);
    }
    if name == "open" && ctx.os != Os::MacOs && ctx.dialect != Dialect::Nu {
        return None;
    }
    let is_cmdlet = ctx.dialect == Dialect::PowerShell && is_cmdlet(name);
    let is_known = is_cmdlet
        || is_common_program(name)
        || is_in(BUILTINS, name)
        || (matches!(ctx.dialect, Dialect::Nu | Dialect::PowerShell) && is_in(OTHER_SHELLS, name))
        || programs.is_some_and(|programs| programs.iter().any(|program| program == name));
    if !is_known {
        return None;
    }
    Some(if is_weak(name) {
        Strength::Weak
    } else if is_in(ENGLISH_PROGRAMS, name) {
        Strength::English
    } else {
        Strength::Plain
    })
}

/// `Get-ChildItem`: a capital verb, a dash, a capital noun.
fn is_cmdlet(name: &str) -> bool {
    let capital = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_uppercase()) && part.chars().all(char::is_alphanumeric)
    };
    name.split_once('-').is_some_and(|(verb, noun)| capital(verb) && capital(noun))
}

/// `NAME=value`.
fn is_assignment(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// `what's`, `don't`, `users'`: an apostrophe of English.
fn is_contraction(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower.split_once('\'').is_some_and(|(head, tail)| {
        head.len() > 1
            && head.chars().all(char::is_alphabetic)
            && ["s", "t", "re", "ll", "ve", "d", "m"].iter().any(|ending| {
                tail.strip_prefix(ending).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
            })
    })
}

fn is_weak(name: &str) -> bool {
    is_in(WEAK_PROGRAMS, name)
}

/// True where `name` is one of the words of a table.
fn is_in(table: &str, name: &str) -> bool {
    table.split(' ').any(|known| known == name)
}

/// Programs that run the program after them.
const WRAPPERS: &[&str] =
    &["sudo", "doas", "nohup", "time", "exec", "command", "builtin", "env", "nice", "ionice", "setsid"];

/// Builtins of the POSIX family and fish.
const BUILTINS: &str = ". : [ alias bg bind break builtin cd command continue declare dirs disown echo eval exec exit export \
    false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read \
    readonly return set setopt shift shopt source test times trap true type typeset ulimit umask unalias \
    unset unsetopt wait abbr functions math string contains funcsave fish_config fish_add_path";

/// Commands of nushell and aliases of PowerShell.
const OTHER_SHELLS: &str = "dir each first from get glob gci iwr last ls open par-each ps rm save select sort-by sys update where \
    which str into group-by http seq range reduce transpose";

/// Programs that take one name of any kind.
const ONE_NAME: &str = "cat cd killall less man mkdir nano rmdir ssh su touch vim";

/// Programs that take the name of another.
const TAKES_PROGRAM: &str = "hyperfine man strace timeout tldr watch whatis whereis xargs";

/// Names that are English too, or occur in many requests.
const NAMES: &str = "head localhost main master now origin root upstream";

/// Function words that commands use as arguments.
const ODD_WORDS: &str = "a all any by can i in just me no off on one only up";

/// Programs whose text after the name is free.
const FREE_TEXT: &[&str] = &["echo", "printf", "say", "figlet", "cowsay"];

/// Programs named by an English word that people often run with a bare argument.
const ENGLISH_PROGRAMS: &str = "cat clear cut date diff dig echo exit export find go head history id kill make man nice node ping reboot \
    say shutdown sleep sort source tail touch uptime users watch zip unzip truncate shred rename hostname \
    groups cal free jobs unset alias seq";

/// Programs named by an English word with which a request is more likely to begin.
const WEAK_PROGRAMS: &str = "airport at bind black borg column command contains convert defaults dig each eject expand expect factor \
    file first fish fold functions glob hash help host import info install into join just kind last let link \
    locate look mix more mount open parallel paste patch range read reduce rename reset return route save \
    screen script select sensors serve service set shift split stack string strings strip switch sync test \
    time times top trap trash tree true type update wait wall watch where which who write yes";

/// The subcommands of programs that want one, as far as they are in daily use.
fn subcommands(program: &str) -> Option<&'static str> {
    const GIT: &str = "add am apply archive bisect blame branch bundle cat-file check-ignore checkout cherry-pick clean clone \
        commit config count-objects describe diff difftool fetch filter-branch format-patch fsck gc grep help \
        init log ls-files ls-remote ls-tree maintenance merge merge-base mergetool mv name-rev notes prune pull \
        push range-diff rebase reflog remote repack replace request-pull reset restore rev-list rev-parse revert \
        rm shortlog show show-branch show-ref sparse-checkout stash status submodule subtree switch symbolic-ref \
        tag update-index update-ref verify-commit whatchanged worktree lfs";
    const CONTAINERS: &str = "attach build builder buildx commit compose container context cp create diff events exec export history \
        image images import info inspect kill load login logout logs manifest network node pause plugin port ps \
        pull push rename restart rm rmi run save scout search secret service stack start stats stop swarm system \
        tag top unpause update version volume wait up down config";
    const KUBECTL: &str = "annotate api-resources api-versions apply attach auth autoscale certificate cluster-info completion \
        config cordon cp create debug delete describe diff drain edit events exec explain expose get kustomize \
        label logs patch plugin port-forward proxy replace rollout run scale set taint top uncordon version wait";
    const PACKAGES: &str = "add audit autoremove bundle cache check ci clean cleanup config create dedupe doctor download exec fund \
        full-upgrade help info init install freeze link list login ls outdated pack pin policy prune publish \
        purge rebuild reinstall remove repo rm run search services show start stop tap test uninstall untap \
        update upgrade version view whoami why wheel build dev i sync venv pip tool lock edit provides repolist \
        group history autoclean dist-upgrade source deps leaves env shell refresh hold dlx lint hash inspect \
        makecache ll explain query prefix root";
    const SYSTEMD: &str = "cat daemon-reload disable edit enable get-default halt hibernate is-active is-enabled is-failed isolate \
        kill list-dependencies list-jobs list-sockets list-timers list-unit-files list-units mask poweroff \
        reboot reload reset-failed restart set-default show start status stop suspend try-restart unmask";
    const TOOLCHAIN: &str = "add bench build check clean clippy create deploy dist doc docs env fetch fix fmt format generate get \
        help init install lint list metadata mod new pack package publish release restore run search serve sync \
        test tree update vendor version vet watch work all check-all up down dev start stop run-tests uninstall \
        bootRun compile tasks dependencies assemble verify nextest login logout remove rm defconfig menuconfig \
        prod coverage migrate shell logs ps pub doctor devices tool";
    const TERRAFORM: &str = "apply console destroy fmt force-unlock get graph import init login logout output plan providers refresh \
        show state taint test untaint validate version workspace";
    const HELM: &str = "create dependency env get history install lint list ls package plugin pull push registry repo rollback \
        search show status template test uninstall upgrade verify version";
    const GITHUB: &str = "alias api attestation auth browse cache codespace config extension gist gpg-key issue label org pr \
        project release repo ruleset run search secret ssh-key status variable workflow";
    const IP: &str = "a addr address l link maddr monitor n neigh netns r route rule tunnel";
    const TMUX: &str = "a attach attach-session detach kill-server kill-session kill-window list-sessions ls new new-session \
        new-window rename-session send-keys source-file split-window switch";
    Some(match program {
        "git" => GIT,
        "docker" | "podman" | "docker-compose" | "nerdctl" => CONTAINERS,
        "kubectl" | "oc" => KUBECTL,
        "apt" | "apt-get" | "apt-cache" | "brew" | "dnf" | "npm" | "pip" | "pip3" | "pipx" | "pnpm"
        | "snap" | "uv" | "yarn" | "yum" | "zypper" | "poetry" | "conda" | "flatpak" | "apk" | "gem"
        | "bun" => PACKAGES,
        "systemctl" => SYSTEMD,
        "cargo" | "go" | "make" | "just" | "dotnet" | "flutter" | "gradle" | "mvn" | "ninja" | "mix" => {
            TOOLCHAIN
        }
        "terraform" | "tofu" => TERRAFORM,
        "helm" => HELM,
        "gh" => GITHUB,
        "ip" => IP,
        "tmux" => TMUX,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of a file for which the answer is not `expect`.
    fn wrong(lines: &'static str, expect: bool) -> Vec<&'static str> {
        let is_command = |line: &str| as_command(line, &Context::default(), None).is_some();
        lines.lines().filter(|line| is_command(line) != expect).collect()
    }

    #[test]
    fn commands_are_commands() {
        assert_eq!(wrong(include_str!("already_commands.txt"), true), Vec::<&str>::new());
    }

    #[test]
    fn requests_are_requests() {
        assert_eq!(wrong(include_str!("already_requests.txt"), false), Vec::<&str>::new());
    }

    #[test]
    fn the_shell_and_the_system_count() {
        let in_shell = |dialect, line: &str| as_command(line, &Context::new(dialect), None).is_some();
        assert!(in_shell(Dialect::PowerShell, "Get-ChildItem -Recurse"));
        assert!(!in_shell(Dialect::Bash, "Get-ChildItem of this"));
        assert!(in_shell(Dialect::Nu, "ls | where size > 10mb"));
        let mac = Context::default().with_os(Os::MacOs);
        assert!(as_command("open -a Safari", &mac, None).is_some());
        assert!(as_command("frobnicate --all", &Context::default(), None).is_none());
        assert!(
            as_command("frobnicate --all", &Context::default(), Some(&["frobnicate".to_owned()])).is_some()
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(line in ".{0,60}") {
            as_command(&line, &Context::default(), None);
        }
    }
}
