//! Terminals that keep shells: what tmux and screen are told to run, now or when something happens.

use super::call::Call;
use super::machine::{Field, Flow, Machine};
use crate::line::Span;

/// Flags of tmux's commands that take a value.
const VALUED: &[&str] = &["-t", "-c", "-e", "-x", "-y", "-w", "-h", "-S", "-T", "-N", "-I", "-p", "-d"];

/// What stands for the place of tmux's buffer among the files of the line.
const BUFFER: &str = "(the buffer of tmux)";
/// The same for what is copied and pasted.
const CLIPBOARD: &str = "(the clipboard)";

impl Machine<'_> {
    /// What the line itself keeps in such a place.
    fn kept(&self, place: &str) -> Option<String> {
        self.files.iter().rev().find(|(known, _)| known == place).map(|(_, text)| text.clone())
    }

    /// Programs of the clipboard: what is copied is what is pasted later.
    pub(super) fn clipboard(&mut self, name: &str, argv: &[Field], input: Option<&str>) -> Option<String> {
        let has = |flags: &[&str]| argv.iter().any(|field| flags.contains(&field.text.as_str()));
        let gives = match name {
            "pbpaste" | "wl-paste" => true,
            "xclip" => has(&["-o", "-out"]),
            "xsel" => has(&["-o", "-bo", "-ob", "-po", "--output"]),
            "pbcopy" | "wl-copy" | "clip.exe" => false,
            _ => return None,
        };
        if gives {
            return self.kept(CLIPBOARD);
        }
        let words: Vec<&str> = argv.iter().skip(1).map(|field| field.text.as_str()).collect();
        let text = match input {
            Some(input) => input.to_owned(),
            None if name == "wl-copy" => words.join(" "),
            None => return None,
        };
        self.write_file(CLIPBOARD.to_owned(), text, false);
        None
    }

    /// The commands of one `tmux` line: several may stand there, split by `;`.
    pub(super) fn tmux(&mut self, call: &Call<'_>) {
        let words = call.argv.get(1..).unwrap_or_default();
        let begins = words.iter().position(|field| {
            !field.text.starts_with('-') && field.text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        });
        let Some(words) = begins.and_then(|at| words.get(at..)) else { return };
        let mut first = true;
        for command in words.split(|field| field.text == ";").take(16) {
            self.tmux_command(command, call, first);
            first = false;
        }
    }

    /// One command; the first of a line has been read by its spec.
    fn tmux_command(&mut self, words: &[Field], call: &Call<'_>, first: bool) {
        let Some((name, rest)) = words.split_first() else { return };
        let span = self.at(name.span);
        let operands = operands(rest);
        match name.text.as_str() {
            "set-hook" => {
                let code: Vec<&Field> = operands.iter().skip(1).copied().collect();
                self.tmux_text(&joined(&code), span, call);
            }
            "bind-key" | "bind" => {
                let code: Vec<&Field> = operands.iter().skip(1).copied().collect();
                self.tmux_text(&joined(&code), span, call);
            }
            "if-shell" | "if" => {
                for (at, field) in operands.iter().enumerate() {
                    if at == 0 && !rest.iter().any(|field| field.text == "-F") {
                        self.code(&field.text, span, Flow::default());
                    } else {
                        self.tmux_text(&field.text, span, call);
                    }
                }
            }
            "confirm-before" | "confirm" | "command-prompt" | "display-menu" | "menu" => {
                if let Some(field) = operands.last() {
                    self.tmux_text(&field.text, span, call);
                }
            }
            "run-shell" | "run" if rest.iter().any(|field| field.text == "-C") => {
                self.tmux_text(&joined(&operands), span, call);
            }
            "pipe-pane" | "pipep" | "display-popup" | "popup" | "respawn-pane" | "respawnp"
            | "respawn-window" | "respawnw" => {
                self.code(&joined(&operands), span, Flow::default());
            }
            "set-buffer" | "setb" => {
                if let Some(field) = operands.last() {
                    self.write_file(BUFFER.to_owned(), field.text.clone(), false);
                }
            }
            "paste-buffer" | "pasteb" => {
                if let Some(text) = self.kept(BUFFER) {
                    self.typed(&text, span);
                }
            }
            "set-option" | "set" | "set-window-option" | "setw" => {
                let value: Vec<&Field> = operands.iter().skip(1).copied().collect();
                let value = joined(&value);
                if operands.first().is_some_and(|field| field.text == "default-command") {
                    self.code(&value, span, Flow::default());
                }
                self.formats(&value, span);
            }
            "display-message" | "display" | "list-sessions" | "list-windows" | "list-panes" => {
                for field in rest {
                    self.formats(&field.text, span);
                }
            }
            _ if !first => {
                let mut line = vec![Field { text: "tmux".to_owned(), span: name.span }];
                line.extend(words.iter().cloned());
                self.run(&line, call.span, Flow::default());
            }
            _ => {}
        }
    }

    /// A command of tmux that stands in a string.
    fn tmux_text(&mut self, text: &str, span: Span, call: &Call<'_>) {
        if text.trim().is_empty() {
            return;
        }
        for words in commands(text).into_iter().take(8) {
            let mut line = vec![Field { text: "tmux".to_owned(), span }];
            line.extend(words.into_iter().map(|text| Field { text, span }));
            self.run(&line, call.span, Flow::default());
        }
    }

    /// `#(code)` in what tmux shows is run again and again.
    fn formats(&mut self, text: &str, span: Span) {
        for (at, _) in text.match_indices("#(").take(8) {
            let code = text.get(at + 2..).unwrap_or_default();
            let end = code.rfind(')').unwrap_or(code.len());
            self.code(code.get(..end).unwrap_or_default(), span, Flow::default());
        }
    }

    /// What a running session of screen is told with `-X`.
    pub(super) fn screen(&mut self, call: &Call<'_>) {
        let at = call.argv.iter().position(|field| field.text == "-X");
        let Some(words) = at.and_then(|at| call.argv.get(at + 1..)) else { return };
        let texts: Vec<String> = words.iter().map(|field| field.text.clone()).collect();
        self.screen_command(&texts, call, 0);
    }

    fn screen_command(&mut self, words: &[String], call: &Call<'_>, depth: u32) {
        let span = self.at(call.span);
        let Some((name, rest)) = words.split_first() else { return };
        match name.as_str() {
            "exec" | "screen" | "backtick" => {
                let skip = if name == "backtick" { 3 } else { 0 };
                let words = rest.iter().skip(skip).skip_while(|word| {
                    word.starts_with('-') || word.chars().all(|c| matches!(c, '.' | '!' | '|' | ':'))
                });
                let line: Vec<Field> =
                    words.map(|text| Field { text: text.clone(), span: call.span }).collect();
                self.run(&line, call.span, Flow::default());
            }
            "stuff" | "paste" => {
                // Typed as it stands: `^M` and `\n` press the key that runs it.
                let typed = rest
                    .join(" ")
                    .replace("^M", "\n")
                    .replace("\\n", "\n")
                    .replace(['\r'], "\n")
                    .replace("\\r", "\n");
                self.code(&typed, span, Flow::default());
            }
            "bind" if depth < 4 => {
                self.screen_command(rest.get(1..).unwrap_or_default(), call, depth + 1);
            }
            "eval" | "at" if depth < 4 => {
                for text in rest {
                    for words in commands(text) {
                        self.screen_command(&words, call, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

/// The words of a command of tmux that are no flags.
fn operands(words: &[Field]) -> Vec<&Field> {
    let mut out = Vec::new();
    let mut words = words.iter();
    while let Some(field) = words.next() {
        if out.is_empty() && field.text.len() > 1 && field.text.starts_with('-') {
            if VALUED.contains(&field.text.as_str()) {
                words.next();
            }
            continue;
        }
        out.push(field);
    }
    out
}

fn joined(words: &[&Field]) -> String {
    words.iter().map(|field| field.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// Cuts text into commands and words, as tmux and screen do: quotes, `\`, `{ … }`, `;`.
fn commands(text: &str) -> Vec<Vec<String>> {
    let mut out = vec![Vec::new()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (Some(open), _) if open == letter => quote = None,
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(letters.next()),
            (None, ' ' | '\t' | '\n' | ';' | '{' | '}') => {
                if let (Some(word), Some(command)) = (word.take(), out.last_mut()) {
                    command.push(word);
                }
                if matches!(letter, ';' | '\n') {
                    out.push(Vec::new());
                }
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    if let (Some(word), Some(command)) = (word, out.last_mut()) {
        command.push(word);
    }
    out.retain(|command| !command.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use crate::safety::{Risk, check};
    use crate::{Context, Dialect};

    #[test]
    fn what_sessions_are_told_to_run() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for line in [
            r#"tmux set-hook -g after-new-window 'run-shell "rm -rf /home"'"#,
            r#"tmux set-hook -ga session-created "run 'rm -rf /home'""#,
            r#"tmux bind-key x run-shell 'rm -rf /home'"#,
            r#"tmux bind C-x "new-window 'rm -rf /home'""#,
            r#"tmux if-shell true 'run-shell "rm -rf /home"'"#,
            r#"tmux if-shell 'rm -rf /home' 'display ok'"#,
            r#"tmux pipe-pane -o 'rm -rf /home'"#,
            r#"tmux new -d \; run-shell 'rm -rf /home'"#,
            r#"tmux respawn-pane -k 'rm -rf /home'"#,
            r#"tmux display-popup -E 'rm -rf /home'"#,
            r#"tmux set -g status-right '#(rm -rf /home)'"#,
            r#"tmux set -g default-command 'rm -rf /home'"#,
            r#"tmux display-message -p '#(rm -rf /home)'"#,
            r#"tmux run-shell -C 'run-shell "rm -rf /home"'"#,
            r#"tmux confirm-before -p 'ok?' "run-shell 'rm -rf /home'""#,
            r#"screen -S work -X exec rm -rf /home"#,
            r#"screen -X stuff 'rm -rf /home^M'"#,
            r#"screen -S w -p 0 -X stuff "rm -rf /home\n""#,
            r#"screen -X screen sh -c 'rm -rf /home'"#,
            r#"screen -X eval 'exec rm -rf /home'"#,
        ] {
            assert_eq!(risk(line), Risk::Critical, "{line}");
        }
        for line in [
            "tmux set-hook -g after-new-window 'display-message \"rm -rf /home\"'",
            "tmux bind-key r source-file ~/.tmux.conf",
            "tmux set -g status-right '%H:%M #(uptime)'",
            "tmux set -g mouse on",
            "tmux pipe-pane -o 'cat >> pane.log'",
            "tmux new -d -s work \\; split-window -h",
            "tmux display-message -p '#S'",
            "tmux if-shell 'test -f x' 'display yes' 'display no'",
            "screen -S work -X title build",
            "screen -S work -X stuff 'ls -l^M'",
        ] {
            assert_eq!(risk(line), Risk::Safe, "{line}");
        }
    }
}
