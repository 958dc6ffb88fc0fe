//! Programs that run another command, and say where it begins in a way of their own.

use super::call::Call;
use super::machine::{Field, Flow, Machine, Value};
use super::value::{self, Origin};

/// Settings of `bwrap` with one value, without their dashes. Sorted.
const ONE: &[&str] = &[
    "args",
    "block-fd",
    "cap-add",
    "cap-drop",
    "chdir",
    "dev",
    "dir",
    "exec-label",
    "file-label",
    "gid",
    "hostname",
    "info-fd",
    "json-status-fd",
    "lock-file",
    "mqueue",
    "overlay-src",
    "perms",
    "pidns",
    "proc",
    "remount-ro",
    "seccomp",
    "size",
    "sync-fd",
    "tmp-overlay",
    "tmpfs",
    "uid",
    "unsetenv",
    "userns",
    "userns2",
    "userns-block-fd",
];
/// Those with two.
const TWO: &[&str] = &[
    "bind",
    "bind-data",
    "bind-fd",
    "bind-try",
    "chmod",
    "dev-bind",
    "dev-bind-try",
    "file",
    "ro-bind",
    "ro-bind-data",
    "ro-bind-fd",
    "ro-bind-try",
    "setenv",
    "symlink",
];
/// How the kinds of machines begin that `setarch` can play.
const KINDS: &[&str] =
    &["x86_64", "i386", "i486", "i586", "i686", "linux", "uname26", "arm", "aarch64", "ppc", "s390", "mips"];

impl Machine<'_> {
    /// Runs what a wrapper is given, from where it begins.
    pub(super) fn command_within(&mut self, call: &Call<'_>, flow: Flow<'_>) {
        let words: Vec<&str> = call.argv.iter().map(|field| field.text.as_str()).collect();
        let after = |names: &[&str]| {
            let at = words.iter().skip(1).position(|word| names.contains(word));
            at.and_then(|at| call.argv.get(at + 2..)).unwrap_or_default().to_vec()
        };
        let command: Vec<Field> = match call.program {
            "gdb" => after(&["--args", "-args"]),
            "nix" => {
                let mut command = after(&["-c", "--command", "--"]);
                // `nix run nixpkgs#bash -- -c CODE`: the program that the package is named for.
                let package = words.iter().skip(1).find_map(|word| word.split_once('#'));
                if words.get(1) == Some(&"run")
                    && let Some((_, name)) = package
                    && let Some(first) = command.first().filter(|first| first.text.starts_with('-'))
                {
                    let name = Field { text: name.to_owned(), span: first.span };
                    command.insert(0, name);
                }
                command
            }
            "fnm" => {
                let at = words.iter().skip(2).position(|word| !is_setting_or_version(word));
                at.and_then(|at| call.argv.get(at + 2..)).unwrap_or_default().to_vec()
            }
            "setarch" => {
                let begins =
                    |word: &&str| !word.starts_with('-') && !KINDS.iter().any(|kind| word.starts_with(kind));
                let at = words.iter().skip(1).position(begins);
                at.and_then(|at| call.argv.get(at + 1..)).unwrap_or_default().to_vec()
            }
            "bwrap" => {
                let mut at = 1;
                while let Some(flag) = words.get(at).and_then(|word| word.strip_prefix("--")) {
                    at += if TWO.contains(&flag) { 3 } else { 1 + usize::from(ONE.contains(&flag)) };
                }
                call.argv.get(at..).unwrap_or_default().to_vec()
            }
            "start-stop-daemon" => {
                let mut command = after(&["--exec", "-x", "--startas", "-a"]);
                command.truncate(1);
                if !command.is_empty() {
                    command.extend(after(&["--"]));
                }
                command
            }
            _ => after(&["--"]),
        };
        if !command.is_empty() {
            self.run(&command, call.span, flow);
        }
    }

    /// `env -S TEXT REST`: the words of the text, then those that follow, as if they had been given to `env`.
    pub(super) fn split_for_env(
        &mut self,
        call: &Call<'_>,
        text: &str,
        rest: &[String],
        flow: Flow<'_>,
    ) -> String {
        let span = call.argv.first().map_or(call.span, |field| field.span);
        let words = self.words_for_env(text);
        let argv: Vec<Field> = std::iter::once("env")
            .chain(words.iter().map(String::as_str))
            .chain(rest.iter().map(String::as_str))
            .map(|text| Field { text: text.to_owned(), span })
            .collect();
        self.run(&argv, span, flow)
    }

    /// What lies in the archive that `tar` unpacks: nobody has seen it, but where it is from may be known.
    pub(super) fn members(&mut self, call: &Call<'_>, flow: Flow<'_>) -> String {
        let archive = match call.args.values("-f").next().map(|item| item.text) {
            None | Some("-") => flow.input.map(str::to_owned),
            Some(path) => self.own_file(path),
        };
        let known = archive.filter(|text| self.unknowns.origin(text).is_some());
        known.unwrap_or_else(|| self.unknowns.hole("$(tar)", Origin::Program).to_string())
    }

    /// Words as `env -S` tells them apart: blanks part them, quotes keep them, and backslashes mean what they mean
    /// nowhere else.
    fn words_for_env(&mut self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quote = None;
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            match (letter, quote) {
                ('\'' | '"', None) => {
                    quote = Some(letter);
                    word.get_or_insert_default();
                }
                (_, Some(open)) if letter == open => quote = None,
                ('\\', _) => match (letters.next(), quote) {
                    (None, _) => {}
                    (Some(next), Some('\'')) => {
                        // Only these two are escaped there.
                        let word = word.get_or_insert_default();
                        if !matches!(next, '\\' | '\'') {
                            word.push('\\');
                        }
                        word.push(next);
                    }
                    (Some('c'), _) => break,
                    (Some('_' | 't' | 'n' | 'r' | 'f' | 'v'), None) => words.extend(word.take()),
                    (Some(next), _) => word.get_or_insert_default().push(match next {
                        '_' => ' ',
                        't' => '\t',
                        'n' => '\n',
                        'r' => '\r',
                        'f' => '\x0C',
                        'v' => '\x0B',
                        next => next,
                    }),
                },
                ('$', None | Some('"')) if letters.as_str().starts_with('{') => {
                    let name: String = letters.by_ref().skip(1).take_while(|letter| *letter != '}').collect();
                    let value = match self.get(&name) {
                        Some(Value::One(value)) => value,
                        _ => self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string(),
                    };
                    word.get_or_insert_default().push_str(&value);
                }
                ('#', None) if word.is_none() => break,
                (' ' | '\t' | '\n' | '\r' | '\x0B' | '\x0C', None) => words.extend(word.take()),
                (letter, _) => word.get_or_insert_default().push(letter),
            }
        }
        words.extend(word);
        words
    }
}

/// True for a flag, and for a version such as `18` or `v20.1`.
fn is_setting_or_version(word: &str) -> bool {
    word.starts_with('-') || word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
}

impl Machine<'_> {
    /// `rg --pre COMMAND`: it is given each file that is searched.
    pub(super) fn preprocesses(&mut self, call: &Call<'_>) {
        let given: Vec<Field> = call
            .args
            .values("--pre")
            .take(2)
            .filter(|item| !item.text.trim().is_empty() && !item.text.contains([' ', ';', '|']))
            .flat_map(|item| {
                let span = call.span;
                [Field { text: item.text.to_owned(), span }, Field { text: value::STAR.to_string(), span }]
            })
            .collect();
        for command in given.chunks(2) {
            self.run(command, call.span, Flow::default());
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn what_is_wrapped_is_judged() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for wrapper in [
            "numactl -N 0",
            "chrt -i 0",
            "run0",
            "toybox",
            "bwrap --bind / / --dev /dev",
            "proot -r /",
            "/lib64/ld-linux-x86-64.so.2",
            "dbus-run-session",
            "mise exec --",
            "mise x node@20 --",
            "gdb -ex run --args",
            "lldb -o run --",
            "setarch x86_64 -R",
            "setarch -R",
            "linux32",
            "perf stat -r 3",
            "watchexec -e rs --",
            "pyenv exec",
            "asdf exec",
            "nix develop -c",
            "nix shell nixpkgs#hello -c",
            "guix shell hello --",
            "systemd-inhibit --what=sleep",
            "cpulimit -l 50 --",
            "faketime 2020-01-01",
            "torsocks",
            "sshpass -p x",
            "dtach -n /tmp/s",
            "abduco -n s",
            "rlwrap",
            "setpriv --reuid=0",
            "choom -n 100 --",
            "gosu root",
            "chpst -u root",
            "ip vrf exec x",
            "op run --",
            "aws-vault exec prod --",
            "doppler run --",
            "nvm exec 18",
            "distrobox enter x --",
            "tini --",
            "envdir ./env",
            "rr record",
            "schedtool -B -e",
        ] {
            assert_eq!(risk(&format!("{wrapper} rm -rf /")), Risk::Critical, "{wrapper}");
            assert_eq!(risk(&format!("{wrapper} ls -l")), Risk::Safe, "{wrapper}");
        }
        for split in [
            r"env -S'rm\_-rf\_/usr'",
            r"env -S 'rm\t-rf\n/'",
            r"env -S 'rm -rf \c x' /",
            r"env --split-string='-i rm -rf /'",
            r#"env -S '"rm" "-rf" /'"#,
            r"X=/usr env -S 'rm -rf ${X}'",
            r#"env -vS "A=1 sh -c 'rm -rf /'""#,
        ] {
            assert!(risk(split) >= Risk::High, "{split}");
        }
        for split in
            [r"env -S 'printf %s\\n rm\_-rf\_/'", r"env -S 'ls ; rm -rf /'", "env -S 'node --harmony' a.js"]
        {
            assert_eq!(risk(split), Risk::Safe, "{split}");
        }
        assert_eq!(risk("start-stop-daemon --start --exec /bin/rm -- -rf /"), Risk::Critical);
        for harmless in
            ["gdb ./app core", "nix build", "mise ls", "numactl --hardware", "ld.so --list /bin/ls"]
        {
            assert_eq!(risk(harmless), Risk::Safe, "{harmless}");
        }
    }
}
