//! Programs in languages that we have no reader for: what their calls with literal arguments do.
//!
//! Languages differ in grammar and agree in one thing: what reaches out of a program is a call by a telling name with
//! strings beside it, `exec.Command("rm", "-rf", "/")`, `callCommand "rm -rf /"`, `(system "rm -rf /")`. Strings that
//! nothing of the kind is called with are data. A compiled program is kept as what its calls would do, for when it is run.

use crate::safety::expand::quoted_for_shell;
use crate::safety::machine::{Field, Flow, Machine};
use crate::safety::paths;

use super::runners::{DELETES, DELETES_ALL, NAMES, RUNNERS, RUNS, Runner, WRITES};

/// Bytes of a program that are read.
const SOURCE: usize = 16 * 1024;
/// Calls of one program.
const CALLS: usize = 32;

impl Machine<'_> {
    /// Runs, or keeps, a program in a language that we have no reader for.
    pub(in crate::safety) fn foreign(&mut self, name: &str, argv: &[Field], flow: Flow<'_>) {
        if !NAMES.contains(name) {
            return;
        }
        let words: Vec<&str> = argv.iter().skip(1).take(64).map(|field| field.text.as_str()).collect();
        for runner in RUNNERS.iter().filter(|runner| runner.names.contains(&name)) {
            let started =
                runner.subs.is_empty() || words.first().is_some_and(|word| runner.subs.contains(word));
            if started {
                self.foreign_runner(runner, argv, &words, flow);
            }
        }
    }

    fn foreign_runner(&mut self, runner: &Runner, argv: &[Field], words: &[&str], flow: Flow<'_>) {
        let Some(first) = argv.first() else { return };
        let span = self.at(first.span);
        let mut texts: Vec<String> = Vec::new();
        let mut named: Option<String> = None;
        let mut told = false;
        for (at, word) in words.iter().enumerate() {
            let before = at.checked_sub(1).and_then(|at| words.get(at)).copied().unwrap_or_default();
            let joined = word.split_once('=').filter(|(flag, _)| runner.code.contains(flag));
            if runner.code.contains(&before) || (at == 1 && words.first() == Some(&"eval")) {
                texts.push((*word).to_owned());
                told = true;
            } else if let Some((_, code)) = joined {
                texts.push(code.to_owned());
                told = true;
            } else if before == "-o" {
            } else if matches!(*word, "-" | "/dev/stdin") {
                texts.extend(flow.input.map(str::to_owned));
                told = true;
            } else if word.rsplit_once('.').is_some_and(|(_, ending)| runner.endings.contains(&ending))
                || word.starts_with("/dev/fd/")
            {
                texts.extend(self.own_file(word));
                named.get_or_insert_with(|| (*word).to_owned());
                told = true;
            } else if !word.starts_with('-') && (runner.names.contains(&"java") || at > 0 && *word == ".") {
                // `java A` runs what `javac A.java` made; `go run .` what lies here.
                texts.extend(self.own_file(&format!("{word}.class")));
                if *word == "." {
                    let here: Vec<String> = self
                        .files
                        .iter()
                        .filter(|(path, _)| {
                            path.rsplit_once('.').is_some_and(|(_, ending)| runner.endings.contains(&ending))
                        })
                        .map(|(_, text)| text.clone())
                        .collect();
                    texts.extend(here.into_iter().take(4));
                }
                told = true;
            }
        }
        if !told && !runner.compiles {
            texts.extend(flow.input.map(str::to_owned));
        }
        if texts.is_empty() || !self.spend(1 + texts.iter().map(String::len).sum::<usize>().min(SOURCE) / 32)
        {
            return;
        }
        for text in &texts {
            self.report_unknown_code(text, span);
        }
        let code: String = texts.iter().map(|text| as_shell(text)).collect();
        if code.is_empty() {
            return;
        }
        if !runner.compiles {
            let home = "HOME=~\n".to_owned();
            self.code(&(home + &code), span, Flow::default());
            return;
        }
        let output = words.windows(2).find(|pair| pair[0] == "-o").map(|pair| pair[1].to_owned());
        let stem = named.as_deref().unwrap_or("a").rsplit('/').next().unwrap_or("a");
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let output = match output {
            Some(output) => output,
            None if runner.names.contains(&"javac") => format!("{stem}.class"),
            None => stem.to_owned(),
        };
        let text = if output.ends_with(".class") { texts.concat() } else { code };
        let place = paths::locate(&output, &self.state.cwd, self.ctx);
        self.write_file(place.path, text, false);
    }
}

/// The calls of a program that reach out, as lines of a shell.
pub(in crate::safety) fn as_shell(source: &str) -> String {
    let end = (0..=SOURCE.min(source.len())).rev().find(|&at| source.is_char_boundary(at)).unwrap_or(0);
    let source = source.get(..end).unwrap_or_default();
    let tokens = tokens(source);
    let mut out = String::new();
    let mut calls = 0;
    let mut at = 0;
    while at < tokens.len() && calls < CALLS {
        let Some(Token::Name(name)) = tokens.get(at) else {
            at += 1;
            continue;
        };
        let kind = kind_of(name);
        let Some(kind) = kind.filter(|_| is_called(&tokens, at)) else {
            at += 1;
            continue;
        };
        let (texts, end) = arguments(&tokens, at + 1);
        at = end.max(at + 1);
        if texts.is_empty() {
            // `"rm -rf /".execute()`, `"rm -rf /".!`
            continue;
        }
        calls += 1;
        out.push_str(&line_of(kind, &texts));
        out.push('\n');
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Runs,
    Deletes,
    DeletesAll,
    Writes,
}

fn kind_of(name: &str) -> Option<Kind> {
    let full = name.to_ascii_lowercase();
    let full = full.trim_end_matches(".new").trim_end_matches("::new").to_owned();
    let last = full.rsplit(['.', ':', '/']).next().unwrap_or(&full);
    let has = |table: &[&str]| table.contains(&last) || table.contains(&full.as_str());
    if has(DELETES_ALL) {
        Some(Kind::DeletesAll)
    } else if has(DELETES) {
        Some(Kind::Deletes)
    } else if has(WRITES) {
        Some(Kind::Writes)
    } else if has(RUNS) {
        Some(Kind::Runs)
    } else {
        None
    }
}

/// True where strings follow the name as its arguments: in brackets, in a list, or at once.
fn is_called(tokens: &[Token], at: usize) -> bool {
    match tokens.get(at + 1) {
        Some(Token::Open | Token::Text(_)) => true,
        // `(run-program "/bin/rm" …)` of Lisp, `delete-tree (System/getenv "HOME")`.
        Some(Token::Name(name)) => is_home(name),
        Some(Token::Dollar) => true,
        _ => false,
    }
}

/// The strings that a call is given, with those of calls that hang on it, and where these end.
fn arguments(tokens: &[Token], from: usize) -> (Vec<String>, usize) {
    let mut texts: Vec<String> = Vec::new();
    let mut depth = 0i32;
    let mut at = from;
    let mut opened = false;
    let mut home = false;
    let mut glue = false;
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Open => {
                depth += 1;
                opened = true;
            }
            Token::Close => {
                depth -= 1;
                if depth < 0 {
                    return (texts, at);
                }
                if depth == 0 && opened {
                    // `.arg("…")`, `.args(["…"])`, `.args(&["…"])` hang on.
                    match (tokens.get(at + 1), tokens.get(at + 2)) {
                        (Some(Token::Name(name)), Some(Token::Open))
                            if matches!(name.as_str(), ".arg" | ".args" | ".addArgument" | ".command") =>
                        {
                            at += 1;
                        }
                        _ => return (texts, at + 1),
                    }
                }
            }
            Token::Text(text) => {
                if home {
                    home = false;
                    if text == "HOME" || text == "user.home" || text == "USERPROFILE" {
                        push(&mut texts, "$HOME", glue);
                        glue = false;
                        at += 1;
                        continue;
                    }
                }
                push(&mut texts, text, glue);
                glue = false;
            }
            Token::Name(name) => {
                if is_environment(name) {
                    home = true;
                } else if is_home(name) {
                    push(&mut texts, "$HOME", glue);
                    glue = false;
                } else if depth == 0 && !opened && kind_of(name).is_some() {
                    return (texts, at);
                }
            }
            Token::Glue => glue = !texts.is_empty(),
            Token::End if depth == 0 => return (texts, at + 1),
            Token::Comma => glue = false,
            Token::End | Token::Dollar => {}
        }
        at += 1;
        if texts.len() > 64 {
            break;
        }
    }
    (texts, at)
}

fn push(texts: &mut Vec<String>, text: &str, glue: bool) {
    match texts.last_mut().filter(|_| glue) {
        Some(last) => last.push_str(text),
        None => texts.push(text.to_owned()),
    }
}

fn is_environment(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(['.', ':', '/']).next().unwrap_or(&lower);
    matches!(
        last,
        "getenv"
            | "env"
            | "var"
            | "var_os"
            | "lookupenv"
            | "getproperty"
            | "getenvironmentvariable"
            | "get"
            | "environment"
    )
}

fn is_home(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit(['.', ':', '/']).next().unwrap_or(&lower);
    matches!(
        last,
        "userhomedir"
            | "home_dir"
            | "gethomedir"
            | "gethomedirectory"
            | "homedirectory"
            | "nshomedirectory"
            | "homedir"
            | "user_home"
            | "user_home!"
            | "homedirectoryforcurrentuser"
            | "home"
    )
}

/// A call as a line of a shell.
fn line_of(kind: Kind, texts: &[String]) -> String {
    let quoted = |text: &String| match text.strip_prefix("$HOME") {
        Some(rest) => {
            format!("\"$HOME\"{}", if rest.is_empty() { String::new() } else { quoted_for_shell(rest) })
        }
        None => quoted_for_shell(text),
    };
    match kind {
        Kind::Runs => {
            let (program, rest) =
                texts.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
            // `sh`, `-c`, code; or a program with its arguments; or all of it in one string.
            if rest.is_empty() || program.contains(' ') {
                return program.to_owned();
            }
            let base = program.rsplit('/').next().unwrap_or(program);
            let mut words: Vec<String> = vec![quoted(&program.to_owned())];
            // Some calls name the program twice.
            let rest = if rest.first().is_some_and(|word| word == base) {
                rest.get(1..).unwrap_or_default()
            } else {
                rest
            };
            words.extend(rest.iter().map(quoted));
            words.join(" ")
        }
        Kind::Deletes => {
            format!("rm -f -- {}", texts.iter().take(8).map(quoted).collect::<Vec<_>>().join(" "))
        }
        Kind::DeletesAll => {
            format!("rm -rf -- {}", texts.iter().take(1).map(quoted).collect::<Vec<_>>().join(" "))
        }
        Kind::Writes => match texts {
            [path, rest @ ..] if path.contains('/') || path.contains('.') => {
                let text = rest.first().map_or("x", String::as_str);
                format!("printf %s {} > {}", quoted_for_shell(text), quoted(path))
            }
            _ => String::new(),
        },
    }
}

enum Token {
    Name(String),
    Text(String),
    Open,
    Close,
    Comma,
    Glue,
    Dollar,
    End,
}

/// Names, strings and brackets of any language; comments are left out.
fn tokens(source: &str) -> Vec<Token> {
    let letters: Vec<char> = source.chars().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if out.len() > 4096 {
            break;
        }
        match letter {
            '/' if letters.get(at + 1) == Some(&'/') => {
                at = letters.iter().skip(at).position(|&c| c == '\n').map_or(letters.len(), |end| at + end);
                continue;
            }
            '/' if letters.get(at + 1) == Some(&'*') => {
                let close = letters.windows(2).skip(at + 2).position(|pair| pair == ['*', '/']);
                at = close.map_or(letters.len(), |end| at + 2 + end + 2);
                continue;
            }
            '"' => {
                let (text, end) = string(&letters, at, '"');
                out.push(Token::Text(text));
                at = end;
                continue;
            }
            '\'' | '`' => {
                let (text, end) = string(&letters, at, letter);
                // One letter is a character, and a quote alone is Lisp's.
                if text.chars().count() > 1 && end <= letters.len() && !text.contains('\n') {
                    out.push(Token::Text(text));
                    at = end;
                    continue;
                }
            }
            '(' | '[' | '{' => out.push(Token::Open),
            ')' | ']' | '}' => out.push(Token::Close),
            ',' => out.push(Token::Comma),
            '+' | '&' | '^' => out.push(Token::Glue),
            '$' => out.push(Token::Dollar),
            ';' | '\n' => out.push(Token::End),
            _ if letter.is_alphabetic() || letter == '_' || letter == '.' => {
                let mut name = String::new();
                let names = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':' | '/' | '-' | '!');
                while let Some(&next) = letters.get(at).filter(|c| names(**c)) {
                    name.push(next);
                    at += 1;
                }
                match name.as_str() {
                    "concat" | "str" | "format" | "." | ".." | "string-append" | "concatenate" => {
                        out.push(Token::Glue)
                    }
                    _ => out.push(Token::Name(name.trim_end_matches(['!', ':', '-', '/']).to_owned())),
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    out
}

/// The string that begins at `open`, and where it ends.
fn string(letters: &[char], open: usize, quote: char) -> (String, usize) {
    let mut out = String::new();
    let mut at = open + 1;
    while let Some(&letter) = letters.get(at) {
        at += 1;
        match letter {
            _ if letter == quote => return (out, at),
            '\\' => {
                match letters.get(at) {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some(other) => out.push(*other),
                    None => {}
                }
                at += 1;
            }
            other => out.push(other),
        }
    }
    (out, letters.len() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{Critical, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn calls_become_lines() {
        for (source, line) in [
            (r#"exec.Command("rm", "-rf", "/srv").Run()"#, "'rm' '-rf' '/srv'\n"),
            (r#"Command::new("rm").args(["-rf", "/srv"]).status()"#, "'rm' '-rf' '/srv'\n"),
            (r#"Command::new("rm").arg("-rf").arg("/srv")"#, "'rm' '-rf' '/srv'\n"),
            (r#"main = callCommand "rm -rf /srv""#, "rm -rf /srv\n"),
            (r#"os.RemoveAll(os.Getenv("HOME"))"#, "rm -rf -- \"$HOME\"\n"),
            (r#"(sh "rm" "-rf" "/srv")"#, "'rm' '-rf' '/srv'\n"),
            (r#"println("rm -rf /srv")"#, ""),
            (r#"// os.RemoveAll("/srv")"#, ""),
        ] {
            assert_eq!(as_shell(source), line, "{source}");
        }
    }

    #[test]
    fn programs_of_other_languages() {
        check_all(
            &context(),
            &[
                (
                    Critical,
                    r#"printf 'package main\nimport "os"\nfunc main(){os.RemoveAll("/home")}' > m.go; go run m.go"#,
                ),
                (
                    Critical,
                    r#"echo 'fn main(){std::fs::remove_dir_all("/home").unwrap();}' > a.rs; rustc a.rs && ./a"#,
                ),
                (
                    Critical,
                    r#"echo 'class A{public static void main(String[] a){Runtime.getRuntime().exec("rm -rf /home");}}' > A.java; javac A.java; java A"#,
                ),
                (Critical, r#"swipl -g "shell('rm -rf /home')" -t halt"#),
                (Critical, r#"runghc <<< 'import System.Process; main = callCommand "rm -rf /home"'"#),
                (Critical, r#"bb -e '(babashka.fs/delete-tree (System/getenv "HOME"))'"#),
                (Critical, r#"echo 'system("rm -rf /home")' | gp -q"#),
                (Safe, r#"echo 'println("rm -rf /home")' > a.kts; kotlinc -script a.kts"#),
                (Safe, "go run ./cmd/server --port 8080"),
                (Safe, "java -jar app.jar --command start"),
                (Safe, "go build ./... && go vet ./..."),
            ],
        );
    }
}
