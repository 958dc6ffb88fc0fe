//! From what a model wrote to one clean command line, or the reason why it is none.

use super::request::visible;
use super::shell_words::{cut, unquoted};
use crate::engine::Finish;

/// One command line out of a model's text: first line, no fences, no prompt sign, nothing unseen.
///
/// # Errors
/// The reason, one short phrase, where no whole command is there.
pub(super) fn command_of(text: &str, finish: Finish) -> Result<String, String> {
    // A continued line is one line.
    let text = visible(text).replace("\\\n", " ");
    let fenced = text.trim_start().starts_with("```");
    let is_content = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("```");
    let mut lines = text.lines().filter(is_content);
    let Some(line) = lines.next() else {
        return Err("it is empty".to_owned());
    };
    let has_more = lines.next().is_some() || fenced;
    // What was cut off is no whole command, except where the cut fell into a later line.
    match finish {
        Finish::Length if !has_more => return Err("it runs on without an end".to_owned()),
        Finish::Deadline if !has_more => return Err("the deadline cut it off".to_owned()),
        Finish::Unlikely if !has_more => return Err("it was given up: what is known is likelier".to_owned()),
        _ => {}
    }
    let mut line = line.trim();
    // `> file` is a command of its own, so that prompt sign stays.
    line = line.strip_prefix("$ ").unwrap_or(line).trim();
    if line == "$" {
        return Err("it is empty".to_owned());
    }
    // A line wholly inside one pair of backticks is a command shown in a text.
    if let Some(inside) = line.strip_prefix('`').and_then(|line| line.strip_suffix('`'))
        && !inside.contains('`')
    {
        line = inside.trim();
    }
    if line.is_empty() || line.starts_with('#') {
        return Err("it is empty".to_owned());
    }
    if is_loop(line) {
        return Err("it repeats itself".to_owned());
    }
    Ok(line.to_owned())
}

/// True where words or characters go round in a circle, as small models do.
fn is_loop(line: &str) -> bool {
    let words: Vec<&str> = cut(line).iter().map(|token| token.text).collect();
    // One word four times in a row, or two or three words three times in a row.
    let in_a_row = |size: usize, times: usize| {
        words.windows(size * times).any(|window| {
            let (first, rest) = window.split_at(size);
            let tells = first.iter().any(|word| word.chars().any(char::is_alphabetic));
            tells && rest.chunks(size).all(|chunk| chunk == first)
        })
    };
    in_a_row(1, 4) || in_a_row(2, 3) || in_a_row(3, 3) || has_repeated_run(line.as_bytes())
}

/// True where a stretch of 2 to 24 bytes follows itself six times or more, over 36 bytes or more. Address
/// patterns such as `[0-9]{1,3}\.` four times stay below that.
fn has_repeated_run(bytes: &[u8]) -> bool {
    (2..=24).any(|period| {
        let least = (period * 5).max(36 - period.min(36));
        let mut run = 0;
        for at in period..bytes.len() {
            run = if bytes[at] == bytes[at - period] { run + 1 } else { 0 };
            if run >= least {
                // A line of dashes is one character over and over, and harmless.
                let stretch = &bytes[at + 1 - period..=at];
                return stretch.iter().any(|byte| byte != &stretch[0]);
            }
        }
        false
    })
}

/// The command with one blank between words: two spellings of one command are equal then.
pub(super) fn normal_form(command: &str) -> String {
    cut(command).iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
}

/// Marks that stand for a value the reader should put in. Lower case, sorted.
const STAND_INS: &[&str] = &[
    "/path/to",
    "[options]",
    "directory_name",
    "dir_name",
    "file_name",
    "foo@bar",
    "path/to/",
    "path_to_",
    "placeholder",
    "user@host",
    "username@",
    "your-",
    "your_",
    "yourname",
    "yourusername",
];

/// A placeholder that the request did not write itself.
pub(super) fn placeholder(command: &str, request: &str) -> Option<String> {
    let (lower, request) = (command.to_lowercase(), request.to_lowercase());
    if let Some(found) = STAND_INS.iter().find(|mark| lower.contains(**mark) && !request.contains(**mark)) {
        return Some((*found).to_owned());
    }
    for (open, close) in [("<", ">"), ("{{", "}}")] {
        let mut rest = lower.as_str();
        while let Some((_, after)) = rest.split_once(open) {
            let Some((inside, tail)) = after.split_once(close) else { break };
            let found = format!("{open}{inside}{close}");
            let is_name = inside.starts_with(|c: char| c.is_alphabetic())
                && inside.chars().all(|c| c.is_alphanumeric() || "_- /".contains(c))
                && inside.len() <= 30
                && !inside.ends_with(' ');
            // In a longer quoted text it may be markup or a template, and what the person asked for.
            let alone = cut(command).iter().any(|token| {
                let text = unquoted(token.text).to_lowercase();
                text == found || (token.text == "<" && !inside.contains(' '))
            });
            let is_template = open == "{{"
                && (inside.starts_with("json") || inside.starts_with("range") || inside == "end");
            if is_name && alone && !is_template && !request.contains(&found) {
                return Some(found);
            }
            rest = tail;
        }
    }
    None
}

/// True for an `echo` or `printf` of fixed words that the request did not ask to be written: the way in
/// which a model answers when it has no command.
pub(super) fn is_invented_echo(command: &str, request: &str) -> bool {
    let tokens = cut(command);
    let [program, words @ ..] = &tokens[..] else { return false };
    if !matches!(program.text, "echo" | "printf" | "say" | "Write-Output" | "Write-Host" | "print") {
        return false;
    }
    // What is computed, formatted or sent on is more than an echo.
    if words
        .iter()
        .any(|word| word.text.contains(['|', '>', '<', ';', '&', '$', '`', '*', '{', '(', '%', '=']))
    {
        return false;
    }
    if matches!(program.text, "print" | "say") && words.iter().any(|word| word.text.starts_with('-')) {
        return false;
    }
    let request = request.to_lowercase();
    let asked = ["echo", "print", "say", "write", "output", "display", "show", "type", "repeat", "speak"];
    let asks = request.split(|c: char| !c.is_alphanumeric()).any(|word| asked.contains(&word));
    // Every word that is written must come from the request.
    let spoken: Vec<String> = words
        .iter()
        .map(|word| unquoted(word.text).to_lowercase())
        .filter(|word| !word.starts_with('-'))
        .flat_map(|text| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| word.len() > 1)
        .collect();
    !asks || !spoken.iter().all(|word| request.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(command_of(text, Finish::Stop).as_deref(), Ok(expect), "{text:?}");
    }

    fn turned_down(text: &str, reason: &str) {
        assert_eq!(command_of(text, Finish::Stop).unwrap_err(), reason, "{text:?}");
    }

    #[test]
    fn one_line_is_left() {
        check("ls -la", "ls -la");
        check("  ls -la \n", "ls -la");
        check("ls\nrm -rf /", "ls");
        check("```bash\nls -la\n```", "ls -la");
        check("```\n\n$ ls\n```", "ls");
        check("$ ls -la", "ls -la");
        check("> a.txt", "> a.txt");
        check("`ls -la`", "ls -la");
        check("echo `date`", "echo `date`");
        check("`a` `b`", "`a` `b`");
        check("find . \\\n  -name x", "find .    -name x");
        check("\u{1b}[31mls\u{1b}[0m \u{202e}-l\u{0}", "ls -l");
        check(
            "grep -E '[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}' a",
            "grep -E '[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}' a",
        );
        check(
            "echo ------------------------------------------------",
            "echo ------------------------------------------------",
        );
        check("cp ../../../../a b", "cp ../../../../a b");
        check("echo 0 0 0 0 0", "echo 0 0 0 0 0");
    }

    #[test]
    fn what_is_no_command_is_turned_down() {
        for text in ["", "  \n ", "```\n```", "$ ", "# list files", "\u{1b}[0m"] {
            turned_down(text, "it is empty");
        }
        for text in [
            "ls -a -a -a -a",
            "sed -e s/a/b/ -e s/a/b/ -e s/a/b/ x",
            "sed 's/a/bc/;s/a/bc/;s/a/bc/;s/a/bc/;s/a/bc/;s/a/bc/;s/a/bc/' x",
            "find . -name x -o -name x -o -name x -o",
        ] {
            turned_down(text, "it repeats itself");
        }
        assert_eq!(command_of("find . -na", Finish::Deadline).unwrap_err(), "the deadline cut it off");
        assert_eq!(command_of("find . -na", Finish::Length).unwrap_err(), "it runs on without an end");
        assert_eq!(command_of("ls\nthis lis", Finish::Deadline).as_deref(), Ok("ls"));
    }

    #[test]
    fn placeholders_are_found() {
        let found = |command: &str, request: &str| placeholder(command, request).is_some();
        for command in [
            "cat <file>",
            "cat < file>",
            "ls /path/to/dir",
            "tar xf path/to/a.tar",
            "ssh user@host",
            "cp {{source}} b",
            "git clone '<url>'",
            "mail your_name@example.com",
            "cat \"<your file>\"",
            "rm '{{path}}'",
        ] {
            assert!(found(command, "show it") || command == "cat < file>", "{command}");
        }
        for command in [
            "sort <in.txt >out.txt",
            "grep '<title>Home' a.html",
            "sed 's/<b>//' a.html",
            "docker ps --format '{{.Names}}'",
            "docker inspect --format '{{json .Config}}' web",
            "diff <(ls a) <(ls b)",
            "a < b | c > d",
            "ls",
            "git log --format='%an <%ae>'",
        ] {
            assert!(!found(command, "show it"), "{command}");
        }
        assert!(!found("ls /path/to/dir", "list /path/to/dir"));
        assert!(!found("ssh user@host", "log in as user@host"));
    }

    #[test]
    fn an_echo_needs_a_reason() {
        let invented = is_invented_echo;
        assert!(invented("echo 'Please clarify your request'", "what is love"));
        assert!(invented("echo 'Why did the chicken'", "print a joke"));
        assert!(invented("echo", "lorem ipsum"));
        assert!(invented("printf 'hello\\n'", "greet"));
        assert!(!invented("echo 'hello world'", "print hello world"));
        assert!(!invented("echo -n hello", "say hello"));
        assert!(!invented("echo $PATH", "what is the path"));
        assert!(!invented("echo hello | base64", "encode hello"));
        assert!(!invented("echo hello > a.txt", "put hello into a.txt"));
        assert!(!invented("ls", "what is love"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_one_line_or_a_reason(text in ".{0,80}|[\\x00-\\x7f]{0,80}", request in ".{0,20}") {
            if let Ok(command) = command_of(&text, Finish::Stop) {
                proptest::prop_assert!(!command.is_empty() && !command.chars().any(char::is_control));
                placeholder(&command, &request);
                is_invented_echo(&command, &request);
                normal_form(&command);
            }
        }
    }
}
