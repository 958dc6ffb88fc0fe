//! Statements: loops, functions, imports and assignments; all else is an expression.
//!
//! Both branches of a condition are walked, in order; a loop over a known list is walked for each
//! value, any other loop once.

use super::lex::Tok;
use super::val::Val;
use super::{Cursor, NESTING, Script};
use crate::specs::Language;

/// Rounds of a loop over known values.
const ROUNDS: usize = 64;

impl Script<'_, '_, '_> {
    /// Walks statements to the end of the cursor; the value of the last expression.
    pub(super) fn block(&mut self, c: &mut Cursor) -> Val {
        if self.nesting >= NESTING {
            self.machine.cut = true;
            return Val::None;
        }
        self.nesting += 1;
        let mut last = Val::None;
        while c.at < c.end && self.step() {
            let before = c.at;
            if let Some(value) = self.statement(c) {
                last = value;
            }
            if c.at == before {
                c.at += 1;
            }
        }
        self.nesting -= 1;
        last
    }

    pub(super) fn is_language(&self, languages: &[Language]) -> bool {
        languages.contains(&self.what.language)
    }

    pub(super) fn statement(&mut self, c: &mut Cursor) -> Option<Val> {
        use Language::{Julia, Lua, Perl, Php, Python, R, Ruby};
        let Some(Tok::Name(name)) = c.peek() else {
            return match c.peek()? {
                Tok::Line(_) | Tok::Op(";" | "{" | "}" | ")" | "]" | ":" | ",") => {
                    c.at += 1;
                    None
                }
                Tok::Op("@") if self.is_language(&[Python]) => {
                    c.at += 1;
                    None
                }
                Tok::Var(..) | Tok::Op("(" | "[") => Some(self.simple(c)),
                _ => Some(self.simple(c)),
            };
        };
        let name = name.clone();
        // A word before `=`, `:` or `=>` is a name, whatever it says.
        if matches!(c.look(1), Some(Tok::Op("=" | "=>" | "." | "->"))) && name != "import" {
            return Some(self.simple(c));
        }
        match name.as_str() {
            "import" | "from" if self.is_language(&[Python]) => self.python_import(c),
            "import"
                if self.is_language(&[Language::JavaScript]) && !matches!(c.look(1), Some(Tok::Op("("))) =>
            {
                self.javascript_import(c);
            }
            "import" | "using" if self.is_language(&[Language::Groovy, Julia]) => self.skip_line(c),
            "use" if self.is_language(&[Php]) => {
                // `use Aws\S3\S3Client;` is called by its last name.
                let end = self.statement_end(c, c.at);
                let names: Vec<String> = (c.at + 1..end.min(c.at + 17))
                    .filter_map(|at| match c.tokens.get(at).map(|token| &token.kind) {
                        Some(Tok::Name(name)) => Some(name.clone()),
                        _ => None,
                    })
                    .collect();
                let parts = names.iter().position(|name| name == "as").unwrap_or(names.len());
                let full = names.get(..parts).unwrap_or_default().join(".");
                if let Some(last) = names.last().filter(|_| !full.is_empty()) {
                    self.set(last, Val::Name(full));
                }
                c.at = end;
            }
            "use" if self.is_language(&[Perl]) => self.skip_statement(c),
            "include" | "extend" if self.is_language(&[Ruby]) => {
                c.at += 1;
                if let Some(Tok::Name(module)) = c.peek() {
                    self.stars.push(module.clone());
                    c.at += 1;
                }
            }
            "def" | "function" | "sub" | "fn" | "func" if self.function(c, &name) => {}
            "async" | "public" | "private" | "static" | "export" | "default" | "abstract" | "final"
            | "unsafe" | "protected" => c.at += 1,
            "class" | "module" | "package" | "namespace" | "struct" | "interface" => {
                // The body is walked as if it stood outside.
                while c.peek().is_some_and(|tok| !matches!(tok, Tok::Line(_) | Tok::Op("{" | ";" | ":"))) {
                    c.at += 1;
                }
            }
            "for" | "foreach" if self.each(c) => {}
            "while" | "until" => self.repeat(c),
            "loop" if self.is_language(&[Ruby]) => self.repeat(c),
            "global" if !self.is_language(&[Php, Python]) => return Some(self.simple(c)),
            "const" | "let" | "var" | "my" | "our" | "local" | "global" | "nonlocal" | "def" => {
                c.at += 1;
                return Some(self.simple(c));
            }
            "if" | "elif" | "elsif" | "elseif" | "unless" | "switch" | "catch" | "except" | "with"
            | "when" | "rescue" | "case" | "match" | "throw" | "raise" | "del" | "yield" | "await" => {
                c.at += 1;
                let value = self.simple(c);
                if self.is_language(&[Python]) && c.take_name("as") {
                    self.bind(c, value);
                    // `with open(a) as f, open(b) as g`
                    while c.take(",") {
                        let value = self.expression(c, 2);
                        if c.take_name("as") {
                            self.bind(c, value);
                        }
                    }
                }
            }
            "return" => {
                c.at += 1;
                let value = self.simple(c);
                if self.returned.is_none() {
                    self.returned = Some(value.clone());
                }
                return Some(value);
            }
            "else" | "try" | "finally" | "do" | "begin" | "then" | "end" | "ensure" | "repeat" | "pass"
            | "break" | "continue" | "next" | "last" | "redo" | "goto" | "BEGIN" | "END" | "fi" | "done"
            | "retry" => {
                c.at += 1;
            }
            _ => {
                let _ = (Lua, R);
                return Some(self.simple(c));
            }
        }
        None
    }

    /// An expression, an assignment to several names, and what follows it: `… for list`, `… if x`.
    pub(super) fn simple(&mut self, c: &mut Cursor) -> Val {
        if let Some(value) = self.several(c) {
            return value;
        }
        let start = c.at;
        if let Some(at) = self.trailing_loop(c) {
            // `unlink $_ for glob("/*")`: the list first, then the rest for each of it.
            let word = c.tokens.get(at).map(|token| token.kind.clone());
            let end = self.statement_end(c, at);
            let mut list = c.part(at + 1, end);
            let repeats =
                matches!(&word, Some(Tok::Name(name)) if matches!(name.as_str(), "while" | "until"));
            self.loops += u32::from(repeats);
            let value = self.expression(&mut list, 0);
            if repeats {
                if matches!(c.tokens.get(at + 1).map(|token| &token.kind), Some(Tok::Angle(_))) {
                    self.set("_", value);
                }
                self.block(&mut c.part(start, at));
                self.loops -= 1;
            } else {
                let mut values = Vec::new();
                value.flatten(&mut values);
                for value in values.into_iter().take(ROUNDS) {
                    self.set("_", value);
                    self.block(&mut c.part(start, at));
                }
            }
            c.at = end;
            return Val::None;
        }
        let mut value = self.expression(c, 0);
        while c.take(",") {
            c.skip_lines();
            let next = self.expression(c, 0);
            value = match value {
                Val::List(mut list) => {
                    list.push(next);
                    Val::List(list)
                }
                first => Val::List(vec![first, next]),
            };
        }
        value
    }

    /// `… for LIST`, `… foreach LIST`, `… while X` after a statement of Perl or Ruby.
    pub(super) fn trailing_loop(&self, c: &Cursor) -> Option<usize> {
        if !self.is_language(&[Language::Perl, Language::Ruby]) {
            return None;
        }
        let mut depth = 0usize;
        for at in c.at..c.end {
            if !c.scan() {
                break;
            }
            match c.tokens.get(at).map(|token| &token.kind) {
                Some(Tok::Op("(" | "[" | "{")) => depth += 1,
                Some(Tok::Op(")" | "]" | "}")) => depth = depth.checked_sub(1)?,
                Some(Tok::Op(";") | Tok::Line(_)) if depth == 0 => return None,
                Some(Tok::Name(name)) if depth == 0 && at > c.at => match name.as_str() {
                    "for" | "foreach" | "while" | "until" => return Some(at),
                    "do" => return None,
                    _ => {}
                },
                _ => {}
            }
        }
        None
    }

    pub(super) fn statement_end(&self, c: &Cursor, from: usize) -> usize {
        let mut depth = 0usize;
        for at in from..c.end {
            if !c.scan() {
                break;
            }
            match c.tokens.get(at).map(|token| &token.kind) {
                Some(Tok::Op("(" | "[" | "{")) => depth += 1,
                Some(Tok::Op(")" | "]" | "}")) => match depth.checked_sub(1) {
                    Some(less) => depth = less,
                    None => return at,
                },
                Some(Tok::Op(";") | Tok::Line(_)) if depth == 0 => return at,
                _ => {}
            }
        }
        c.end
    }

    pub(super) fn skip_line(&self, c: &mut Cursor) {
        while c.peek().is_some_and(|tok| !matches!(tok, Tok::Line(_) | Tok::Op(";"))) {
            c.at += 1;
        }
    }

    pub(super) fn skip_statement(&self, c: &mut Cursor) {
        c.at = self.statement_end(c, c.at);
    }

    /// `a, b = …`, `{a, b: c} = …`, `[a, b] = …`, `my ($a, $b) = …`; `None` where it is none of these.
    pub(super) fn several(&mut self, c: &mut Cursor) -> Option<Val> {
        let start = c.at;
        let mut names: Vec<(String, String)> = Vec::new();
        let mut by_key = false;
        let bracketed = matches!(c.peek(), Some(Tok::Op("{" | "[" | "(")));
        let mut at = c.at;
        if bracketed {
            by_key = c.is("{");
            let close = c.closing(at);
            if !matches!(c.tokens.get(close + 1).map(|token| &token.kind), Some(Tok::Op("=")))
                || close >= c.end
            {
                return None;
            }
            at += 1;
            while at < close {
                match c.tokens.get(at).map(|token| &token.kind) {
                    Some(Tok::Name(name) | Tok::Var(_, name)) => {
                        let key = name.clone();
                        let renamed =
                            by_key && matches!(c.tokens.get(at + 1).map(|t| &t.kind), Some(Tok::Op(":")));
                        match c.tokens.get(at + 2).map(|token| &token.kind) {
                            Some(Tok::Name(new)) if renamed => {
                                names.push((key, new.clone()));
                                at += 3;
                            }
                            _ => {
                                names.push((key.clone(), key));
                                at += 1;
                            }
                        }
                    }
                    Some(Tok::Op(",") | Tok::Line(_)) => at += 1,
                    _ => return None,
                }
            }
            at = close + 1;
        } else {
            loop {
                let Some(Tok::Name(name) | Tok::Var(_, name)) = c.tokens.get(at).map(|t| &t.kind) else {
                    return None;
                };
                names.push((name.clone(), name.clone()));
                at += 1;
                match c.tokens.get(at).map(|token| &token.kind) {
                    Some(Tok::Op(",")) => at += 1,
                    Some(Tok::Op("=")) if names.len() > 1 => break,
                    _ => return None,
                }
            }
        }
        if at >= c.end || names.is_empty() {
            c.at = start;
            return None;
        }
        c.at = at + 1;
        c.skip_lines();
        let mut value = self.expression(c, 0);
        if !by_key && c.is(",") {
            let mut list = vec![value];
            while c.take(",") {
                list.push(self.expression(c, 0));
            }
            value = Val::List(list);
        }
        let flat = match &value {
            Val::List(list) => list.clone(),
            _ => Vec::new(),
        };
        for (index, (key, name)) in names.into_iter().enumerate() {
            let part = if by_key {
                self.attribute(&value, &key)
            } else {
                flat.get(index)
                    .cloned()
                    .unwrap_or_else(|| if index == 0 && flat.is_empty() { value.clone() } else { Val::None })
            };
            self.set(&name, part);
        }
        Some(value)
    }
}

impl Cursor {
    pub(super) fn skip_lines_if_closing(&mut self) {
        let before = self.at;
        self.skip_lines();
        if !self.take(")") {
            self.at = before;
        }
    }
}
