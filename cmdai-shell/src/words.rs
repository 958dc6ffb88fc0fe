//! Which words are a subcommand, which are a request, and how words become a command line.
//!
//! `cmdai` takes both `cmdai check 'ls'` and `cmdai find big files`, so the first word decides. That is
//! done here, on the raw arguments, and clap then reads an order that has one meaning: options
//! before a subcommand move behind it, and a request that only looks like a subcommand gets
//! `generate` in front.

use std::ffi::{OsStr, OsString};

use clap::CommandFactory;

use crate::args::{COMPLETIONS, Cli, INITS};
use crate::{pages, surroundings};

/// The arguments in the order in which clap reads them.
pub(crate) fn arrange(mut argv: Vec<OsString>) -> Vec<OsString> {
    let options = Options::new();
    let Some(first) = options.first_word(&argv, 1) else { return argv };
    let Some(name) = argv[first].to_str().filter(|name| options.subcommands.iter().any(|s| s == name)) else {
        return of_question(argv, first, &options);
    };
    if is_request(name, &argv[first + 1..], &options) {
        argv.insert(1, "generate".into());
        return argv;
    }
    argv[1..=first].rotate_right(1);
    if matches!(argv[1].to_str(), Some("check" | "explain" | "complete")) {
        options_around_quoted(&mut argv, &options);
    }
    argv
}

/// `what does tar -xzf do --json` becomes `--json -- what does tar -xzf do`: options inside a question about a command
/// belong to that command.
fn of_question(mut argv: Vec<OsString>, first: usize, options: &Options) -> Vec<OsString> {
    let is = |at: usize, known: &[&str]| {
        argv.get(at).and_then(|word| word.to_str()).is_some_and(|word| known.contains(&word))
    };
    if !is(first, &["what", "What"]) || !is(first + 1, &["do", "does", "is", "will", "would"]) {
        return argv;
    }
    let belongs = |arg: &OsString| options.values_after(arg).is_none() || !options.is_ours(arg);
    let end = argv.iter().rposition(belongs).map_or(argv.len(), |last| last + 1);
    let has_dashes = argv
        .get(first..end)
        .is_some_and(|words| words.iter().any(|word| options.values_after(word).is_some()));
    if has_dashes && !argv.iter().any(|arg| arg == "--") {
        let question: Vec<OsString> = argv.drain(first..end).collect();
        argv.push("--".into());
        argv.extend(question);
    }
    argv
}

/// True where the words after a subcommand's name are none that it takes: `man page for ls`, `help me`.
fn is_request(name: &str, rest: &[OsString], options: &Options) -> bool {
    let words: Vec<&str> =
        rest.iter().filter_map(|word| word.to_str()).filter(|w| !w.starts_with('-')).collect();
    let Some(&first) = words.first() else { return false };
    match name {
        "doctor" => true,
        // `hook up a printer` is a request; a single unknown word is more likely a typing error.
        "policy" | "hook" | "history" | "audit" | "daemon" => {
            words.len() > 1 && !options.actions.iter().any(|(sub, a)| sub == name && a == first)
        }
        "help"
            if words.len() == 2
                && options.actions.iter().any(|(sub, action)| [sub, action] == [words[0], words[1]]) =>
        {
            false
        }
        // A single unknown word is more likely a typing error: `help me` says what there is help on.
        "help" => {
            words.len() > 1
                && !pages::TOPICS.contains(&first)
                && !options.subcommands.iter().any(|s| s == first)
        }
        "man"
            if words.len() == 1
                && options.actions.iter().any(|(sub, action)| first == format!("{sub}-{action}")) =>
        {
            false
        }
        "man" => words.len() > 1,
        // A single unknown word is more likely a shell we do not know.
        "completions" => words.len() > 1 && !COMPLETIONS.accepts(first),
        // `init a git repository`.
        "init" => words.len() > 1 && !INITS.accepts(first),
        _ => false,
    }
}

/// `check 'rm -rf x' --json` becomes `check --json -- 'rm -rf x'`: after one quoted command line, options are ours.
fn options_around_quoted(argv: &mut Vec<OsString>, options: &Options) {
    let Some(at) = options.first_word(argv, 2) else { return };
    // The words behind it are names of files.
    if argv[2..at].iter().any(|arg| arg == "--file") {
        return;
    }
    // What is to be completed is often one word: `complete gi --json`.
    let quoted = argv[1] == "complete" || argv[at].to_string_lossy().contains(char::is_whitespace);
    let only_options =
        argv[at + 1..].iter().all(|word| word != "--") && options.first_word(argv, at + 1).is_none();
    if quoted && only_options && argv[at - 1] != "--" {
        let line = argv.remove(at);
        argv.push("--".into());
        argv.push(line);
    }
}

/// What the raw arguments can hold beside words.
struct Options {
    long: Vec<String>,
    short: Vec<char>,
    long_with_value: Vec<String>,
    short_with_value: Vec<char>,
    subcommands: Vec<String>,
    /// What the subcommands with subcommands of their own do.
    actions: Vec<(String, String)>,
}

impl Options {
    fn new() -> Self {
        let root = Cli::command();
        let mut options = Self {
            long: vec!["help".to_owned(), "version".to_owned()],
            short: vec!['h', 'V'],
            long_with_value: Vec::new(),
            short_with_value: Vec::new(),
            subcommands: Vec::new(),
            actions: Vec::new(),
        };
        for command in std::iter::once(&root).chain(root.get_subcommands()) {
            for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
                options.long_with_value.extend(arg.get_long().map(str::to_owned));
                options.short_with_value.extend(arg.get_short());
            }
        }
        for arg in root.get_arguments() {
            options.long.extend(arg.get_long().map(str::to_owned));
            options.short.extend(arg.get_short());
        }
        for command in root.get_subcommands() {
            let name = command.get_name();
            options.actions.extend(
                command.get_subcommands().map(|action| (name.to_owned(), action.get_name().to_owned())),
            );
        }
        options.subcommands.extend(root.get_subcommands().map(|command| command.get_name().to_owned()));
        options
    }

    /// Where the first word that is no option stands; `None` where there is none or `--` comes before it.
    fn first_word(&self, argv: &[OsString], from: usize) -> Option<usize> {
        let mut at = from;
        while let Some(arg) = argv.get(at) {
            match self.values_after(arg) {
                Some(values) => at += 1 + values,
                None if arg == "--" => return None,
                None => return Some(at),
            }
        }
        None
    }

    /// True for an option that a request can have.
    fn is_ours(&self, arg: &OsStr) -> bool {
        let arg = arg.to_string_lossy();
        match arg.strip_prefix("--") {
            Some(long) => self.long.iter().any(|known| Some(known.as_str()) == long.split('=').next()),
            None => arg
                .strip_prefix('-')
                .and_then(|rest| rest.chars().next())
                .is_some_and(|c| self.short.contains(&c)),
        }
    }

    /// How many of the next arguments belong to this option; `None` where it is no option.
    fn values_after(&self, arg: &OsStr) -> Option<usize> {
        let arg = arg.to_string_lossy();
        if let Some(long) = arg.strip_prefix("--") {
            return match long {
                "" => None,
                long => Some(usize::from(self.long_with_value.iter().any(|name| name == long))),
            };
        }
        let shorts = arg.strip_prefix('-').filter(|shorts| !shorts.is_empty())?;
        let takes = shorts.find(|c| self.short_with_value.contains(&c));
        // `-n3` holds its value; `-n` at the end takes the next argument.
        Some(usize::from(takes.is_some_and(|at| shorts[at..].chars().count() == 1)))
    }
}

/// How far a word may be from the name that was meant: 1 letter of a short one, 2 of a longer.
pub(crate) fn is_near(name: &str, word: &str) -> bool {
    let most = if name.len() < 5 { 1 } else { 2 };
    name != word && strsim::damerau_levenshtein(name, word) <= most
}

/// The subcommand that a single word was meant to be: `doctro` is a typing error and no request. So is the first of two that
/// is a letter from one which takes a line: where `chek 'rm -rf build'` were a request, a script would take that line
/// for judged and allowed.
pub(crate) fn near_subcommand(words: &[OsString]) -> Option<String> {
    let word = words.first()?.to_str()?;
    if let [_, _] = words {
        let is_meant =
            |name: &&&str| strsim::damerau_levenshtein(name, word) == 1 && word != format!("{name}s");
        return ["check", "explain"].iter().find(is_meant).map(|name| (*name).to_owned());
    }
    let [_] = words else { return None };
    let root = Cli::command();
    let name = root.get_subcommands().map(clap::Command::get_name).find(|name| is_near(name, word))?;
    surroundings::find_program(word).is_none().then(|| name.to_owned())
}

/// The words of a request as one text.
///
/// # Errors
/// The number of the word that is not UTF-8, from 1.
pub(crate) fn request(words: &[OsString]) -> Result<String, usize> {
    Ok(as_text(words)?.join(" "))
}

/// The words of a command as one line: a single one as it stands, several each quoted where a shell would split or expand it.
///
/// # Errors
/// The number of the word that is not UTF-8, from 1.
pub(crate) fn command_line(words: &[OsString]) -> Result<String, usize> {
    let words = as_text(words)?;
    match words.as_slice() {
        [line] => Ok((*line).to_owned()),
        words => Ok(words.iter().map(|word| quote(word)).collect::<Vec<_>>().join(" ")),
    }
}

/// Words as a line whose last word goes on: a single one as it stands, of several the last without quotes around it, so
/// that it is open for more; an empty last word is one that is still to come.
///
/// # Errors
/// The number of the word that is not UTF-8, from 1.
pub(crate) fn unfinished_line(words: &[OsString]) -> Result<String, usize> {
    let words = as_text(words)?;
    match words.as_slice() {
        [line] => Ok((*line).to_owned()),
        [whole @ .., last] => {
            let mut line: String = whole.iter().map(|word| quote(word) + " ").collect();
            for c in last.chars() {
                if c.is_whitespace() || r#"'"\$`&|;<>(){}[]*?!#"#.contains(c) {
                    line.push('\\');
                }
                line.push(c);
            }
            Ok(line)
        }
        [] => Ok(String::new()),
    }
}

fn as_text(words: &[OsString]) -> Result<Vec<&str>, usize> {
    words.iter().enumerate().map(|(at, word)| word.to_str().ok_or(at + 1)).collect()
}

/// A word as a shell would have to be given it.
pub(crate) fn quote(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    // `~` at the start was expanded by the shell already, or was quoted on purpose.
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(argv: &str, expect: &str) {
        let argv: Vec<OsString> = argv.split('|').map(OsString::from).collect();
        let got: Vec<_> = arrange(argv).iter().map(|arg| arg.to_string_lossy().into_owned()).collect();
        assert_eq!(got.join("|"), expect);
    }

    #[test]
    fn requests_stay_as_they_are() {
        check("cmdai|find|big|files", "cmdai|find|big|files");
        check("cmdai|check disk space", "cmdai|check disk space");
        check("cmdai|find|then|check|it", "cmdai|find|then|check|it");
        check("cmdai|--|check|disk", "cmdai|--|check|disk");
        check("cmdai|--shell|check|it", "cmdai|--shell|check|it");
        check("cmdai", "cmdai");
        check("cmdai|--json", "cmdai|--json");
    }

    #[test]
    fn options_before_a_subcommand_move_behind_it() {
        check("cmdai|--json|check|ls", "cmdai|check|--json|ls");
        check("cmdai|--shell|fish|explain|ls", "cmdai|explain|--shell|fish|ls");
        check("cmdai|--shell=fish|-q|explain|ls", "cmdai|explain|--shell=fish|-q|ls");
        check("cmdai|-n|2|generate|check|disk", "cmdai|generate|-n|2|check|disk");
        check("cmdai|-n2|generate|x", "cmdai|generate|-n2|x");
        check("cmdai|-qn|2|generate|x", "cmdai|generate|-qn|2|x");
    }

    #[test]
    fn a_request_that_begins_like_a_subcommand_is_a_request_where_nothing_else_fits() {
        check("cmdai|help|me|find|a|file", "cmdai|generate|help|me|find|a|file");
        check("cmdai|man|page|for|ls", "cmdai|generate|man|page|for|ls");
        check("cmdai|doctor|my|disk|-n|2", "cmdai|generate|doctor|my|disk|-n|2");
        check("cmdai|completions|for|git", "cmdai|generate|completions|for|git");
        check("cmdai|hook|up|a|printer", "cmdai|generate|hook|up|a|printer");
        check("cmdai|history|of|this|file", "cmdai|generate|history|of|this|file");
        check("cmdai|history|search|of rome", "cmdai|history|search|of rome");
        check("cmdai|policy|show|--json", "cmdai|policy|show|--json");
        check("cmdai|policy|shwo", "cmdai|policy|shwo");
        check("cmdai|help|policy|test", "cmdai|help|policy|test");
        check("cmdai|man|hook-install", "cmdai|man|hook-install");
        check("cmdai|help|check", "cmdai|help|check");
        check("cmdai|help|exit-codes", "cmdai|help|exit-codes");
        check("cmdai|man|check", "cmdai|man|check");
        check("cmdai|completions|tcsh", "cmdai|completions|tcsh");
        check("cmdai|doctor|--json", "cmdai|doctor|--json");
    }

    #[test]
    fn options_may_follow_one_quoted_command_line() {
        check("cmdai|check|rm -rf x|--json", "cmdai|check|--json|--|rm -rf x");
        check("cmdai|check|ls -l|--shell|fish|-q", "cmdai|check|--shell|fish|-q|--|ls -l");
        check("cmdai|check|rm|-rf|--json", "cmdai|check|rm|-rf|--json");
        check("cmdai|check|a b|c|--json", "cmdai|check|a b|c|--json");
        check("cmdai|check|--|a b|--json", "cmdai|check|--|a b|--json");
        check("cmdai|check|--file|a|my b.sh|--json", "cmdai|check|--file|a|my b.sh|--json");
    }

    #[test]
    fn several_words_stay_the_words_they_are() {
        let line = |words: &[&str]| command_line(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line(&["rm -rf 'a b' | cat"]).as_deref(), Ok("rm -rf 'a b' | cat"));
        assert_eq!(line(&["rm", "-rf", "a b", "*.o"]).as_deref(), Ok("rm -rf 'a b' '*.o'"));
        assert_eq!(line(&["echo", "it's", ""]).as_deref(), Ok(r"echo 'it'\''s' ''"));
        assert_eq!(line(&["find", ".", "-exec", "rm", "{}", ";"]).as_deref(), Ok("find . -exec rm '{}' ';'"));
    }

    #[test]
    fn options_in_a_question_belong_to_its_command() {
        check("cmdai|what|does|tar|-xzf|do", "cmdai|--|what|does|tar|-xzf|do");
        check("cmdai|what|does|rm|-rf", "cmdai|--|what|does|rm|-rf");
        check("cmdai|-q|what|does|ls|-x|mean|--json", "cmdai|-q|--json|--|what|does|ls|-x|mean");
        check("cmdai|what|is|eating|my|disk|--json", "cmdai|what|is|eating|my|disk|--json");
        check("cmdai|what|files|are|new|-n|3", "cmdai|what|files|are|new|-n|3");
    }

    #[test]
    fn the_last_word_of_several_goes_on() {
        let line = |words: &[&str]| unfinished_line(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(line(&["git che"]).as_deref(), Ok("git che"));
        assert_eq!(line(&["git", "checkout"]).as_deref(), Ok("git checkout"));
        assert_eq!(line(&["git", "checkout", ""]).as_deref(), Ok("git checkout "));
        assert_eq!(line(&["cat", "a b", "My F"]).as_deref(), Ok(r"cat 'a b' My\ F"));
        check("cmdai|complete|git|checkout", "cmdai|complete|git|checkout");
        check("cmdai|complete|git che|--json", "cmdai|complete|--json|--|git che");
        check("cmdai|complete|gi|--json", "cmdai|complete|--json|--|gi");
        check("cmdai|complete|git|-C|x", "cmdai|complete|git|-C|x");
    }

    #[test]
    fn a_subcommand_with_a_typing_error_is_recognised() {
        let near = |words: &[&str]| near_subcommand(&words.iter().map(OsString::from).collect::<Vec<_>>());
        assert_eq!(near(&["doctro"]).as_deref(), Some("doctor"));
        assert_eq!(near(&["hlep"]).as_deref(), Some("help"));
        assert_eq!(near(&["check"]), None);
        assert_eq!(near(&["chek", "disk", "space"]), None);
        assert_eq!(near(&["chek", "rm -rf build"]).as_deref(), Some("check"));
        assert_eq!(near(&["explian", "tar -xzf a.tgz"]).as_deref(), Some("explain"));
        assert_eq!(near(&["checks", "disk"]), None);
        assert_eq!(near(&["mac", "address"]), None);
        assert_eq!(near(&["uptime"]), None);
        assert_eq!(near(&["cat"]), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_word_that_is_not_utf8_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let words = [OsString::from("rm"), OsString::from_vec(vec![b'x', 0xff])];
        assert_eq!(command_line(&words), Err(2));
        assert_eq!(arrange(vec!["cmdai".into(), OsString::from_vec(vec![0xff])]).len(), 2);
    }
}
