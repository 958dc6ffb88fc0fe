//! Languages of lists and words: Lisps (emacs, guile, sbcl, clojure) and Tcl (tclsh, expect).

use super::{Payload, decode};
use crate::line::Dialect;
use crate::safety::EffectKind;
use crate::safety::machine::{Field, Flow, Machine, VALUE_BYTES, Value};
use crate::safety::value::{HOME, Origin, STAR};

/// Nesting of lists.
const DEPTH: u32 = 24;

/// A part of a Lisp text.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Symbol(String),
    Text(String),
    List(Vec<Form>),
}

impl Machine<'_> {
    fn nested_shell(&mut self, code: &str, what: Payload<'_>) -> String {
        let state = self.state.clone();
        let flow = Flow { input: None, want: true };
        let printed = self.code_in(code, what.span, flow, Dialect::Bash);
        self.state = state;
        printed
    }

    fn nested_words(&mut self, words: Vec<String>, what: Payload<'_>) -> String {
        if words.is_empty() {
            return String::new();
        }
        let fields: Vec<Field> = words.into_iter().map(|text| Field { text, span: what.span }).collect();
        let state = self.state.clone();
        let printed = self.run(&fields, what.span, Flow { input: None, want: true });
        self.state = state;
        printed
    }

    /// Expressions of a Lisp.
    pub(super) fn lisp(&mut self, what: Payload<'_>) {
        let mut letters = Letters { text: what.text, at: 0 };
        let mut variables = Vec::new();
        while let Some(form) = letters.form(0) {
            self.lisp_form(&form, &mut variables, what, 0);
            if self.fuel == 0 {
                return;
            }
        }
    }

    /// Evaluates a form; its text, where that is known.
    fn lisp_form(
        &mut self,
        form: &Form,
        variables: &mut Vec<(String, String)>,
        what: Payload<'_>,
        depth: u32,
    ) -> Option<String> {
        if depth > DEPTH || !self.spend(1) {
            self.cut = true;
            return None;
        }
        let list = match form {
            Form::Text(text) => return Some(text.clone()),
            Form::Symbol(name) => {
                return variables.iter().rev().find(|(known, _)| known == name).map(|(_, text)| text.clone());
            }
            Form::List(list) => list,
        };
        let (head, rest) = list.split_first()?;
        let Form::Symbol(name) = head else {
            for form in list {
                self.lisp_form(form, variables, what, depth + 1);
            }
            return None;
        };
        if name == "quote" {
            return None;
        }
        if let Some((variable, values, body)) = over_each(name, rest) {
            let value = self.lisp_form(values, variables, what, depth + 1);
            let value = value.unwrap_or_else(|| self.unknowns.hole("…", Origin::Program).to_string());
            let known = variables.len();
            variables.push((variable.to_owned(), value));
            for form in body {
                self.lisp_form(form, variables, what, depth + 1);
            }
            variables.truncate(known);
            return None;
        }
        if matches!(name.as_str(), "let" | "let*")
            && let Some(Form::List(bindings)) = rest.first()
        {
            for binding in bindings {
                if let Form::List(pair) = binding
                    && let [Form::Symbol(name), value] = &pair[..]
                    && let Some(text) = self.lisp_form(value, variables, what, depth + 1)
                {
                    variables.push((name.clone(), text));
                }
            }
        }
        let values: Vec<Option<String>> =
            rest.iter().map(|form| self.lisp_form(form, variables, what, depth + 1)).collect();
        let texts: Vec<String> = values.iter().flatten().cloned().collect();
        let first = texts.first().cloned();
        let unknown = |machine: &mut Self| machine.unknowns.hole("…", Origin::Program).to_string();
        let last = name.rsplit(['/', ':']).next().unwrap_or(name);
        let last = if name.ends_with("delete-directory/files") { "delete-directory-tree" } else { last };
        match last {
            "setq" | "setf" | "set!" | "define" | "def" | "defvar" | "setq-default" => {
                if let (Some(Form::Symbol(name)), Some(text)) =
                    (rest.first(), values.last().cloned().flatten())
                    && variables.len() < 128
                {
                    variables.push((name.clone(), text));
                }
                None
            }
            "shell-command"
            | "shell-command-to-string"
            | "async-shell-command"
            | "system"
            | "system*"
            | "shell"
            | "run-shell-command"
            | "compile"
            | "run-program"
            | "process-file-shell-command"
            | "start-process-shell-command"
            | "call-process-shell-command"
            | "launch-program"
            | "open-pipe"
            | "open-input-pipe"
            | "open-output-pipe"
            | "process*"
            | "shell-out" => {
                let mut texts = texts;
                if matches!(last, "run-program" | "system*" | "process*") {
                    texts =
                        rest.iter().zip(&values).flat_map(|(form, value)| words_of(form, value)).collect();
                }
                let code = match (first, last) {
                    (_, "start-process-shell-command") => texts.last().cloned(),
                    (_, "run-program" | "system*" | "process*") if texts.len() > 1 => {
                        return Some(self.nested_words(texts, what));
                    }
                    (first, _) => first,
                };
                let code = code.unwrap_or_else(|| unknown(self));
                Some(self.nested_shell(&code, what))
            }
            "call-process" | "process-lines" | "process-file" | "sh" | "start-process" | "make-process"
            | "exec-path" => {
                let words = if last == "start-process" { texts.into_iter().skip(1).collect() } else { texts };
                Some(self.nested_words(words, what))
            }
            "delete-directory"
            | "delete-directory-internal"
            | "delete-directory-tree"
            | "delete-file"
            | "delete-directory-and-files"
            | "delete-file-recursively"
            | "delete-tree"
            | "dired-delete-file"
            | "f-delete"
            | "trash" => {
                let deep =
                    matches!(last, "delete-file-recursively" | "delete-tree" | "delete-directory-tree")
                        || last != "delete-file" && rest.len() > 1;
                let path = first.unwrap_or_else(|| unknown(self));
                let path = super::pure::expand_user(&path);
                self.touch(EffectKind::Delete, &path, what.span, deep, what.program);
                None
            }
            "write-region" | "write-file" | "with-temp-file" | "spit" => {
                let path = if last == "write-region" { texts.last().cloned() } else { first };
                if let Some(path) = path {
                    let path = super::pure::expand_user(&path);
                    self.touch(EffectKind::Overwrite, &path, what.span, false, what.program);
                }
                None
            }
            // Every name in a folder, with the folder or without it.
            "scandir" | "directory-list" => Some(STAR.to_string()),
            "directory-files" | "directory-files-recursively" | "directory" | "list-dir" | "f-entries" => {
                let folder = super::pure::expand_user(&first?);
                let full = last != "directory-files" || rest.len() > 1;
                Some(if full { format!("{}/{STAR}", folder.trim_end_matches('/')) } else { STAR.to_string() })
            }
            "file-expand-wildcards" | "glob" => {
                Some(super::pure::expand_user(&first?).replace('*', &STAR.to_string()))
            }
            "user-homedir-pathname" | "find-system-path" | "homedir" => Some(HOME.to_string()),
            "rename-file" => {
                if let Some(path) = first {
                    self.touch(EffectKind::Move, &path, what.span, true, what.program);
                }
                None
            }
            "insert-file-contents" | "slurp" | "find-file" | "read-file" => {
                first.map(|path| self.read_path(&path, what.span, what.program))
            }
            "url-retrieve-synchronously" | "url-retrieve" => {
                let shown = self.unknowns.show(first.as_deref().unwrap_or_default());
                Some(self.unknowns.hole(&format!("$({shown})"), Origin::Network).to_string())
            }
            "eval" | "eval-buffer" | "load-string" | "eval-string" | "read" | "read-from-string" => {
                let text = first?;
                if self.unknowns.origin(&text).is_some() {
                    self.report_unknown_code(&text, what.span);
                } else if last != "eval" {
                    return Some(text);
                } else {
                    self.lisp(Payload { text: &text, ..what });
                }
                None
            }
            "concat"
            | "string-append"
            | "str"
            | "concatenate"
            | "string-join"
            | "mapconcat"
            | "identity"
            | "expand-file-name"
            | "substitute-in-file-name"
            | "file-truename"
            | "progn"
            | "begin"
            | "do" => {
                let text = match last {
                    "progn" | "begin" | "do" => values.last().cloned().flatten()?,
                    "expand-file-name" | "substitute-in-file-name" => super::pure::expand_user(&first?),
                    "concat" | "string-append" | "str" => {
                        values.iter().map(|value| value.clone().unwrap_or_else(|| unknown(self))).collect()
                    }
                    _ => texts.concat(),
                };
                (text.len() <= VALUE_BYTES).then_some(text)
            }
            "format" | "format-message" => {
                let (format, values) = texts.split_first()?;
                let mut out = String::new();
                let mut values = values.iter();
                let mut letters = format.chars();
                while let Some(letter) = letters.next() {
                    match letter {
                        '%' => {
                            letters.next();
                            out.push_str(values.next().map_or("", String::as_str));
                        }
                        other => out.push(other),
                    }
                }
                Some(out)
            }
            "getenv" => match self.get(&first?) {
                Some(Value::One(text)) => Some(text),
                _ => Some(self.unknowns.hole("$x", Origin::Variable).to_string()),
            },
            "base64-decode-string" => decode::base64(&first?),
            "string-reverse" | "reverse" | "nreverse" => Some(first?.chars().rev().collect()),
            "kill-emacs" | "message" | "princ" | "display" | "print" => None,
            _ => values.last().cloned().flatten(),
        }
    }

    /// A script of Tcl.
    pub(super) fn tcl(&mut self, what: Payload<'_>) {
        let mut variables = Vec::new();
        if what.text.contains("socket ") && what.text.contains("exec ") && what.text.contains("gets ") {
            let target = self.target(crate::safety::TargetClass::Host, "the network", what.span);
            self.emit(crate::safety::EffectKind::RemoteShell, target, false, what.program, what.span);
        }
        self.tcl_script(what.text, &mut variables, what, 0);
    }

    fn tcl_script(
        &mut self,
        text: &str,
        variables: &mut Vec<(String, String)>,
        what: Payload<'_>,
        depth: u32,
    ) -> String {
        if depth > DEPTH {
            self.cut = true;
            return String::new();
        }
        let mut last = String::new();
        let mut letters = Letters { text, at: 0 };
        while letters.at < text.len() && self.spend(1) {
            let before = letters.at;
            let words = self.tcl_words(&mut letters, variables, what, depth);
            if !words.is_empty() {
                last = self.tcl_command(&words, variables, what, depth);
            }
            if letters.at == before {
                letters.bump();
            }
        }
        last
    }

    /// The words of one command, with what is put into them.
    fn tcl_words(
        &mut self,
        letters: &mut Letters<'_>,
        variables: &mut Vec<(String, String)>,
        what: Payload<'_>,
        depth: u32,
    ) -> Vec<String> {
        let mut words = Vec::new();
        let mut word: Option<String> = None;
        let mut quoted = false;
        let mut spread = false;
        let close = |words: &mut Vec<String>, word: Option<String>, spread: &mut bool| match word {
            // `{*}` before a word makes words of the list that it is.
            Some(list) if std::mem::take(spread) => {
                words.extend(list.split_whitespace().take(64).map(str::to_owned));
            }
            word => words.extend(word),
        };
        while let Some(letter) = letters.bump() {
            match letter {
                '\n' | ';' if !quoted => break,
                ' ' | '\t' | '\r' if !quoted => close(&mut words, word.take(), &mut spread),
                '#' if words.is_empty() && word.is_none() => {
                    while letters.peek().is_some_and(|c| c != '\n') {
                        letters.bump();
                    }
                }
                '"' if quoted => quoted = false,
                '"' if word.is_none() => {
                    quoted = true;
                    word = Some(String::new());
                }
                '{' if word.is_none() && letters.rest().starts_with("*}") => {
                    letters.at += 2;
                    spread = letters.peek().is_some_and(|next| !next.is_whitespace());
                }
                '{' if word.is_none() => word = Some(letters.balanced('{', '}')),
                '[' => {
                    let code = letters.balanced('[', ']');
                    let value = self.tcl_script(&code, variables, what, depth + 1);
                    word.get_or_insert_default().push_str(&value);
                }
                '$' => {
                    let braced = letters.peek() == Some('{');
                    let name = if braced {
                        letters.bump();
                        letters.balanced('{', '}')
                    } else {
                        let mut name = String::new();
                        while let Some(c) =
                            letters.peek().filter(|c| c.is_alphanumeric() || matches!(c, '_' | ':'))
                        {
                            name.push(c);
                            letters.bump();
                        }
                        if letters.peek() == Some('(') {
                            letters.bump();
                            name = format!("{name}({})", letters.balanced('(', ')'));
                        }
                        name
                    };
                    let known = variables
                        .iter()
                        .rev()
                        .find(|(known, _)| *known == name)
                        .map(|(_, text)| text.clone());
                    let value = match (known, name.as_str()) {
                        (Some(text), _) => text,
                        (None, "env(HOME)") => HOME.to_string(),
                        (None, _) => self.unknowns.hole(&format!("${name}"), Origin::Variable).to_string(),
                    };
                    word.get_or_insert_default().push_str(&value);
                }
                '\\' => match letters.bump() {
                    Some('\n') => {}
                    Some('n') => word.get_or_insert_default().push('\n'),
                    Some('r') => word.get_or_insert_default().push('\n'),
                    Some('t') => word.get_or_insert_default().push('\t'),
                    Some('x') => {
                        let digits: String =
                            letters.rest().chars().take_while(char::is_ascii_hexdigit).take(2).collect();
                        letters.at += digits.len();
                        let number = u32::from_str_radix(&digits, 16).unwrap_or(0);
                        word.get_or_insert_default().push(decode::safe_char(number));
                    }
                    Some(other) => word.get_or_insert_default().push(other),
                    None => {}
                },
                other => word.get_or_insert_default().push(other),
            }
            if words.len() > 256 {
                break;
            }
        }
        close(&mut words, word, &mut spread);
        words
    }

    fn tcl_command(
        &mut self,
        words: &[String],
        variables: &mut Vec<(String, String)>,
        what: Payload<'_>,
        depth: u32,
    ) -> String {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let flags = words.iter().skip(1).take_while(|word| word.starts_with('-')).count();
        match word(0) {
            "set" => {
                if words.len() > 2 && variables.len() < 128 {
                    variables.push((word(1).to_owned(), word(2).to_owned()));
                }
                word(2).to_owned()
            }
            "append" => {
                let mut text = variables
                    .iter()
                    .rev()
                    .find(|(name, _)| name == word(1))
                    .map_or_else(String::new, |(_, text)| text.clone());
                words.iter().skip(2).for_each(|more| text.push_str(more));
                variables.push((word(1).to_owned(), text.clone()));
                text
            }
            "exec" => {
                let line = words[(1 + flags).min(words.len())..].to_vec();
                if line.iter().any(|word| matches!(word.as_str(), "|" | "|&")) {
                    return self.nested_shell(&line.join(" "), what).trim_end().to_owned();
                }
                self.nested_words(line, what).trim_end().to_owned()
            }
            "spawn" => {
                let line = words[(1 + flags).min(words.len())..].to_vec();
                let line = line
                    .into_iter()
                    .flat_map(|word| if word.starts_with("-noecho") { Vec::new() } else { vec![word] })
                    .collect();
                self.nested_words(line, what)
            }
            "system" => self.nested_shell(&words.get(1..).unwrap_or_default().join(" "), what),
            "send" | "exp_send" => {
                // Typed into what was spawned: code where that is a shell.
                let text = words.last().map_or("", String::as_str).to_owned();
                self.nested_shell(&text, what);
                String::new()
            }
            "file" if word(1) == "delete" => {
                let deep = words.iter().any(|word| word == "-force");
                for path in words.iter().skip(2).filter(|word| !word.starts_with('-')) {
                    let path = &super::pure::expand_user(path);
                    self.touch(EffectKind::Delete, path, what.span, deep, what.program);
                }
                String::new()
            }
            "file" if matches!(word(1), "rename" | "copy") => {
                if word(1) == "rename"
                    && let Some(path) = words.iter().skip(2).find(|word| !word.starts_with('-'))
                {
                    self.touch(EffectKind::Move, path, what.span, true, what.program);
                }
                String::new()
            }
            "file" if matches!(word(1), "normalize" | "nativename") => super::pure::expand_user(word(2)),
            "file" if word(1) == "join" => words.get(2..).unwrap_or_default().join("/"),
            "glob" => {
                let star = crate::safety::value::STAR.to_string();
                let pattern = words.last().map_or_else(String::new, |pattern| pattern.replace('*', &star));
                let pattern = super::pure::expand_user(&pattern);
                match words.iter().position(|word| matches!(word.as_str(), "-directory" | "-path")) {
                    Some(at) if at + 2 < words.len() => {
                        format!("{}/{pattern}", super::pure::expand_user(word(at + 1)).trim_end_matches('/'))
                    }
                    _ => pattern,
                }
            }
            "open" => match word(1).strip_prefix('|') {
                Some(code) => self.nested_shell(code, what),
                None => {
                    let kind =
                        if word(2).starts_with('w') { EffectKind::Overwrite } else { EffectKind::Read };
                    if !word(1).is_empty() {
                        self.touch(kind, word(1), what.span, false, what.program);
                    }
                    String::new()
                }
            },
            "eval" | "uplevel" | "subst" => {
                self.tcl_script(&words.get(1..).unwrap_or_default().join(" "), variables, what, depth + 1)
            }
            "string" if word(1) == "reverse" => word(2).chars().rev().collect(),
            "string" if word(1) == "tolower" => word(2).to_lowercase(),
            "string" if word(1) == "map" => word(3).to_owned(),
            "join" => word(1).split_whitespace().collect::<Vec<_>>().join(if words.len() > 2 {
                word(2)
            } else {
                " "
            }),
            "list" | "concat" => words.get(1..).unwrap_or_default().join(" "),
            "format" if !words.iter().any(|word| word.contains('%')) => word(1).to_owned(),
            "binary" if word(1) == "decode" => match word(2) {
                "base64" => decode::base64(word(3)).unwrap_or_default(),
                _ => decode::hex(word(3)).unwrap_or_default(),
            },
            "foreach" => {
                let list: Vec<String> = word(2).split_whitespace().take(32).map(str::to_owned).collect();
                for item in list {
                    variables.push((word(1).to_owned(), item));
                    self.tcl_script(word(3), variables, what, depth + 1);
                }
                String::new()
            }
            "if" | "while" | "for" | "proc" | "catch" | "expect" | "try" | "after" | "namespace"
            | "switch" => {
                // Bodies are in braces: walk those that look like commands.
                for body in words.iter().skip(1).filter(|word| word.contains([' ', '\n'])) {
                    self.tcl_script(body, variables, what, depth + 1);
                }
                String::new()
            }
            _ => String::new(),
        }
    }
}

/// `(for-each (lambda (f) …) list)`, `(dolist (f list) …)`: the variable, the list and what is done with each.
fn over_each<'f>(name: &str, rest: &'f [Form]) -> Option<(&'f str, &'f Form, &'f [Form])> {
    let (first, rest) = rest.split_first()?;
    let Form::List(inner) = first else { return None };
    match (name, inner.as_slice()) {
        ("dolist" | "doseq", [Form::Symbol(variable), values, ..]) => Some((variable, values, rest)),
        (
            "for-each" | "map" | "mapc" | "mapcar" | "mapcan" | "mapv" | "run!" | "seq-do"
            | "vector-for-each",
            [Form::Symbol(lambda), Form::List(parameters), body @ ..],
        ) if matches!(lambda.as_str(), "lambda" | "fn" | "λ") => {
            match (parameters.first()?, rest.first()?) {
                (Form::Symbol(variable), values) => Some((variable, values, body)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// The words of an argument: the strings of a list, or its own text.
fn words_of(form: &Form, value: &Option<String>) -> Vec<String> {
    match (form, value) {
        (Form::List(list), _) if !matches!(list.first(), Some(Form::Symbol(name)) if name != "list") => list
            .iter()
            .filter_map(|form| match form {
                Form::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        (_, value) => value.iter().cloned().collect(),
    }
}

struct Letters<'a> {
    text: &'a str,
    at: usize,
}

impl Letters<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.at += letter.len_utf8();
        Some(letter)
    }

    /// The text up to the bracket that closes; the opening one was read.
    fn balanced(&mut self, open: char, close: char) -> String {
        let mut out = String::new();
        let mut depth = 0;
        while let Some(letter) = self.bump() {
            match letter {
                '\\' => {
                    out.push(letter);
                    out.extend(self.bump());
                    continue;
                }
                _ if letter == close => {
                    if depth == 0 {
                        break;
                    }
                    depth -= 1;
                }
                _ if letter == open => depth += 1,
                _ => {}
            }
            out.push(letter);
        }
        out
    }

    fn form(&mut self, depth: u32) -> Option<Form> {
        while let Some(letter) = self.peek() {
            match letter {
                ';' => {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.bump();
                    }
                }
                c if c.is_whitespace() || matches!(c, '\'' | '`' | ',' | '#' | '@' | ')' | ']') => {
                    if depth > 0 && matches!(c, ')' | ']') {
                        return None;
                    }
                    self.bump();
                }
                _ => break,
            }
        }
        match self.bump()? {
            '(' | '[' => {
                let mut list = Vec::new();
                if depth > DEPTH {
                    return Some(Form::List(list));
                }
                while let Some(form) = self.form(depth + 1) {
                    if list.len() < 256 {
                        list.push(form);
                    }
                }
                self.bump();
                Some(Form::List(list))
            }
            '"' => {
                let mut text = String::new();
                while let Some(letter) = self.bump() {
                    match letter {
                        '"' => break,
                        '\\' => match self.bump() {
                            Some('n') => text.push('\n'),
                            Some(other) => text.push(other),
                            None => {}
                        },
                        other => text.push(other),
                    }
                }
                Some(Form::Text(text))
            }
            first => {
                let mut name = first.to_string();
                while let Some(c) = self
                    .peek()
                    .filter(|c| !c.is_whitespace() && !matches!(c, '(' | ')' | '[' | ']' | '"' | ';'))
                {
                    name.push(c);
                    self.bump();
                }
                Some(Form::Symbol(name))
            }
        }
    }
}
