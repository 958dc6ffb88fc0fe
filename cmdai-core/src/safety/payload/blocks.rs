//! Functions, loops and imports, with the blocks that belong to them.

use std::rc::Rc;

use super::lex::Tok;
use super::operand::expression_end;
use super::val::Val;
use super::{Cursor, Function, NAMES, Script};
use crate::specs::Language;

/// Rounds of a loop over known values.
const ROUNDS: usize = 64;

impl Script<'_, '_, '_> {
    pub(super) fn bind(&mut self, c: &mut Cursor, value: Val) {
        if let Some(Tok::Name(name) | Tok::Var(_, name)) = c.peek() {
            let name = name.clone();
            c.at += 1;
            self.set(&name, value);
        }
    }

    pub(super) fn dotted(&self, c: &mut Cursor) -> String {
        let mut name = String::new();
        while let Some(Tok::Name(part)) = c.peek() {
            name.push_str(part);
            c.at += 1;
            if !matches!((c.peek(), c.look(1)), (Some(Tok::Op("." | "::")), Some(Tok::Name(_)))) {
                break;
            }
            c.at += 1;
            name.push('.');
        }
        name
    }

    pub(super) fn python_import(&mut self, c: &mut Cursor) {
        if c.take_name("from") {
            let module = self.dotted(c);
            if !c.take_name("import") {
                return;
            }
            c.take("(");
            loop {
                c.skip_lines();
                if c.take("*") {
                    self.stars.push(module.clone());
                } else if let Some(Tok::Name(name)) = c.peek() {
                    let name = name.clone();
                    c.at += 1;
                    let full = Val::Name(format!("{module}.{name}"));
                    if c.take_name("as") {
                        self.bind(c, full);
                    } else {
                        self.set(&name, full);
                    }
                }
                if !c.take(",") {
                    break;
                }
            }
            c.skip_lines_if_closing();
            return;
        }
        c.at += 1;
        loop {
            let module = self.dotted(c);
            if c.take_name("as") {
                self.bind(c, Val::Name(module));
            } else if let Some(first) = module.split('.').next() {
                let first = first.to_owned();
                self.set(&first, Val::Name(first.clone()));
            }
            if !c.take(",") {
                break;
            }
        }
    }

    pub(super) fn javascript_import(&mut self, c: &mut Cursor) {
        c.at += 1;
        let mut whole = Vec::new();
        let mut members = Vec::new();
        loop {
            match c.peek() {
                Some(Tok::Name(name)) if name == "from" => {
                    c.at += 1;
                    break;
                }
                Some(Tok::Name(name)) => {
                    whole.push(name.clone());
                    c.at += 1;
                }
                Some(Tok::Op("*")) => {
                    c.at += 1;
                    c.take_name("as");
                }
                Some(Tok::Op("{")) => {
                    c.at += 1;
                    while let Some(tok) = c.peek() {
                        match tok {
                            Tok::Name(name) => {
                                let key = name.clone();
                                c.at += 1;
                                let renamed = c.take_name("as") || c.take(":");
                                match c.peek() {
                                    Some(Tok::Name(new)) if renamed => {
                                        members.push((key, new.clone()));
                                        c.at += 1;
                                    }
                                    _ => members.push((key.clone(), key)),
                                }
                            }
                            Tok::Op("}") => break,
                            _ => c.at += 1,
                        }
                    }
                    c.take("}");
                }
                Some(Tok::Op(",")) => c.at += 1,
                _ => break,
            }
        }
        let Some(Tok::Text(pieces)) = c.peek() else { return };
        let pieces = pieces.clone();
        c.at += 1;
        let module = super::pure::module_name(&self.pieces(&pieces));
        for name in whole {
            self.set(&name, Val::Name(module.clone()));
        }
        for (key, name) in members {
            self.set(&name, Val::Name(format!("{module}.{key}")));
        }
    }

    /// A named function; false where this is something else.
    pub(super) fn function(&mut self, c: &mut Cursor, keyword: &str) -> bool {
        let Some(Tok::Name(name)) = c.look(1) else { return false };
        let mut name = name.clone();
        if keyword == "def"
            && self.is_language(&[Language::Groovy])
            && !matches!(c.look(2), Some(Tok::Op("(")))
        {
            return false;
        }
        c.at += 2;
        while matches!(c.peek(), Some(Tok::Op("." | "::" | ":"))) && matches!(c.look(1), Some(Tok::Name(_))) {
            c.at += 1;
            if let Some(Tok::Name(more)) = c.peek() {
                name = more.clone();
            }
            c.at += 1;
        }
        let parameters = self.parameters(c);
        // `def f(x) = …` has no end of its own.
        let body = if keyword == "def" && self.is_language(&[Language::Ruby]) && c.take("=") {
            let start = c.at;
            c.at = expression_end(c, start);
            (start, c.at)
        } else {
            self.body(c)
        };
        let index = self.add_function(c, parameters, body);
        self.set(&name, Val::Function(index));
        true
    }

    pub(super) fn add_function(
        &mut self,
        c: &Cursor,
        parameters: Vec<String>,
        body: (usize, usize),
    ) -> usize {
        if self.functions.len() >= NAMES {
            self.machine.cut = true;
            return self.functions.len().saturating_sub(1);
        }
        self.functions.push(Function {
            tokens: Rc::clone(&c.tokens),
            parameters,
            start: body.0,
            end: body.1,
            called: false,
            active: false,
        });
        self.functions.len() - 1
    }

    /// The names in `( … )`; their defaults are left out.
    pub(super) fn parameters(&mut self, c: &mut Cursor) -> Vec<String> {
        if !c.is("(") {
            return Vec::new();
        }
        let close = c.closing(c.at);
        let names = parameter_names(c, c.at + 1, close);
        c.at = (close + 1).min(c.end);
        names
    }

    /// The body after the head of a function or loop: a block, or one statement. The cursor goes behind it.
    pub(super) fn body(&mut self, c: &mut Cursor) -> (usize, usize) {
        use Language::{Julia, Lua, Python, Ruby};
        if self.is_language(&[Python]) {
            // A return type stands before the colon.
            while c.peek().is_some_and(|tok| !matches!(tok, Tok::Op(":") | Tok::Line(_))) {
                c.at += 1;
            }
            c.take(":");
            let start = c.at;
            let Some(Tok::Line(indent)) = c.peek() else {
                c.at = line_end(c, start);
                return (start, c.at);
            };
            // The block ends where a line stands further left than its first.
            let inside = *indent;
            let mut at = start + 1;
            while at < c.end {
                if let Some(Tok::Line(indent)) = c.tokens.get(at).map(|token| &token.kind)
                    && *indent < inside
                {
                    break;
                }
                at += 1;
            }
            c.at = at;
            return (start, at);
        }
        if self.is_language(&[Ruby, Lua, Julia]) && !c.is("{") {
            let _ = c.take_name("do") || c.take_name("then");
            if c.take("=") {
                let start = c.at;
                c.at = line_end(c, start);
                return (start, c.at);
            }
            let start = c.at;
            let end = block_end(c, start, self.what.language);
            c.at = (end + 1).min(c.end);
            return (start, end);
        }
        // Types and attributes between head and body.
        let mut ahead = 0;
        while ahead < 8
            && c.look(ahead)
                .is_some_and(|tok| matches!(tok, Tok::Op(":" | "?" | "|") | Tok::Name(_) | Tok::Line(_)))
        {
            ahead += 1;
        }
        if matches!(c.look(ahead), Some(Tok::Op("{"))) {
            c.at += ahead;
        }
        if c.is("{") {
            let close = c.closing(c.at);
            let start = c.at + 1;
            c.at = (close + 1).min(c.end);
            return (start, close);
        }
        c.skip_lines();
        let start = c.at;
        c.at = self.statement_end(c, start);
        (start, c.at)
    }

    /// A loop over a list; false where this is something else.
    pub(super) fn each(&mut self, c: &mut Cursor) -> bool {
        use Language::{Perl, Php, Python};
        c.at += 1;
        c.take_name("await");
        let round = c.is("(") && !self.is_language(&[Python]);
        let mut names: Vec<String> = Vec::new();
        let list;
        if round {
            let close = c.closing(c.at);
            let mut head = c.part(c.at + 1, close);
            c.at = (close + 1).min(c.end);
            let semicolons = (head.at..head.end)
                .any(|at| matches!(head.tokens.get(at).map(|token| &token.kind), Some(Tok::Op(";"))));
            if semicolons {
                self.loops += 1;
                self.block(&mut head);
                let (start, end) = self.body(c);
                self.block(&mut c.part(start, end));
                self.loops -= 1;
                return true;
            }
            if self.is_language(&[Php]) {
                list = self.expression(&mut head, 0);
                head.take_name("as");
                while let Some(tok) = head.peek() {
                    if let Tok::Var(_, name) = tok {
                        names = vec![name.clone()];
                    }
                    head.at += 1;
                }
            } else if self.is_language(&[Perl]) {
                list = self.list(&mut head);
                names.push("_".to_owned());
            } else {
                loop {
                    match head.peek() {
                        Some(Tok::Name(word)) if matches!(word.as_str(), "const" | "let" | "var" | "def") => {
                            head.at += 1
                        }
                        Some(Tok::Name(word)) if matches!(word.as_str(), "in" | "of") => {
                            head.at += 1;
                            break;
                        }
                        Some(Tok::Name(name)) => {
                            names.push(name.clone());
                            head.at += 1;
                        }
                        Some(Tok::Op("[" | "]" | "," | "{" | "}" | ":")) => head.at += 1,
                        _ => break,
                    }
                }
                list = self.expression(&mut head, 0);
            }
        } else {
            loop {
                match c.peek() {
                    Some(Tok::Name(word)) if matches!(word.as_str(), "my" | "our" | "local") => c.at += 1,
                    Some(Tok::Name(word)) if word == "in" => {
                        c.at += 1;
                        break;
                    }
                    Some(Tok::Name(name) | Tok::Var(_, name)) => {
                        names.push(name.clone());
                        c.at += 1;
                    }
                    Some(Tok::Op("=")) => {
                        c.at += 1;
                        break;
                    }
                    Some(Tok::Op(",")) => c.at += 1,
                    Some(Tok::Op("(")) if self.is_language(&[Perl]) => break,
                    Some(Tok::Op("(" | ")")) => c.at += 1,
                    _ => break,
                }
            }
            let first = self.expression(c, 0);
            list = if c.is(",") {
                let mut values = vec![first];
                while c.take(",") {
                    values.push(self.expression(c, 0));
                }
                Val::List(values)
            } else {
                first
            };
        }
        let (start, end) = self.body(c);
        let body = c.part(start, end);
        self.rounds(&list, &names, &body);
        true
    }

    /// Walks the body of a loop for each value of the list.
    pub(super) fn rounds(&mut self, list: &Val, names: &[String], body: &Cursor) {
        let values: Vec<Val> = match list {
            Val::List(list) => list.clone(),
            Val::Map(entries) => {
                entries.iter().map(|(key, value)| Val::List(vec![Val::text(key), value.clone()])).collect()
            }
            // Lines of a file or of what a program prints; else the one value stands for any.
            Val::Text(text) if text.contains('\n') => text.lines().map(Val::text).collect(),
            other => vec![other.clone()],
        };
        if values.len() > ROUNDS {
            self.machine.cut = true;
        }
        for value in values.into_iter().take(ROUNDS) {
            match (&value, names) {
                (_, [name]) => self.set(name, value),
                (Val::List(parts), names) if parts.len() >= names.len() => {
                    for (name, part) in names.iter().zip(parts) {
                        self.set(name, part.clone());
                    }
                }
                // `for i, v in ipairs(list)`, `each_with_index`: the value is the last, or the only one known.
                (_, names) => {
                    for name in names {
                        self.set(name, value.clone());
                    }
                }
            }
            self.block(&mut body.clone());
            if self.machine.fuel == 0 {
                break;
            }
        }
    }

    pub(super) fn repeat(&mut self, c: &mut Cursor) {
        self.loops += 1;
        c.at += 1;
        if c.is("(") && !self.is_language(&[Language::Python]) {
            let close = c.closing(c.at);
            let reads = matches!(c.look(1), Some(Tok::Angle(_)));
            let value = self.block(&mut c.part(c.at + 1, close));
            if reads {
                self.set("_", value);
            }
            c.at = (close + 1).min(c.end);
        } else if !matches!(c.peek(), Some(Tok::Op("{" | ":"))) && !c.is_name("do") {
            self.expression(c, 0);
        }
        let (start, end) = self.body(c);
        self.block(&mut c.part(start, end));
        self.loops -= 1;
    }
}

/// Names of parameters between two brackets.
pub(super) fn parameter_names(c: &Cursor, start: usize, end: usize) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0usize;
    let mut fresh = true;
    for at in start..end.min(c.end) {
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Op("(" | "[" | "{")) => depth += 1,
            Some(Tok::Op(")" | "]" | "}")) => depth = depth.saturating_sub(1),
            Some(Tok::Op(",")) => fresh = true,
            Some(Tok::Op("=" | ":" | "=>")) => fresh = false,
            Some(Tok::Name(name) | Tok::Var(_, name)) if fresh && depth <= 1 && names.len() < 32 => {
                // `Type name`: the last word counts.
                match c.tokens.get(at + 1).map(|token| &token.kind) {
                    Some(Tok::Name(_) | Tok::Var(..)) => {}
                    _ => {
                        // `*rest`, `...rest`: a list of all that is left.
                        let before =
                            at.checked_sub(1).and_then(|at| c.tokens.get(at)).map(|token| &token.kind);
                        let rest = at > start && matches!(before, Some(Tok::Op("*" | "...")));
                        names.push(if rest { format!("*{name}") } else { name.clone() });
                    }
                }
            }
            _ => {}
        }
    }
    names
}

fn line_end(c: &Cursor, from: usize) -> usize {
    (from..c.end)
        .find(|&at| !c.scan() || matches!(c.tokens.get(at).map(|t| &t.kind), Some(Tok::Line(_))))
        .unwrap_or(c.end)
}

/// The `end` that closes a block which was opened before `start`.
pub(super) fn block_end(c: &Cursor, start: usize, language: Language) -> usize {
    let mut depth = 0usize;
    let mut loop_head = false;
    for at in start..c.end {
        if !c.scan() {
            break;
        }
        let before = at.checked_sub(1).and_then(|at| c.tokens.get(at)).map(|token| &token.kind);
        let first = match before {
            None | Some(Tok::Line(_) | Tok::Op(";" | "=" | "(" | "{" | "," | "|")) => true,
            Some(Tok::Name(name)) => matches!(name.as_str(), "do" | "then" | "else" | "return" | "begin"),
            _ => at == start,
        };
        match c.tokens.get(at).map(|token| &token.kind) {
            Some(Tok::Line(_) | Tok::Op(";")) => loop_head = false,
            Some(Tok::Name(name)) => match name.as_str() {
                "end" => {
                    if depth == 0 {
                        return at;
                    }
                    depth -= 1;
                }
                "while" | "until" | "for" if language == Language::Lua => {}
                "while" | "until" | "for" if first => {
                    depth += 1;
                    loop_head = true;
                }
                "do" if loop_head => loop_head = false,
                "do" | "def" | "class" | "module" | "begin" | "case" | "function" | "let" | "try" => {
                    let known = match language {
                        Language::Lua => matches!(name.as_str(), "do" | "function"),
                        Language::Ruby => {
                            matches!(name.as_str(), "do" | "def" | "class" | "module" | "begin" | "case")
                        }
                        _ => matches!(name.as_str(), "do" | "begin" | "function" | "let" | "try" | "module"),
                    };
                    depth += usize::from(known);
                }
                "if" | "unless" if first => depth += 1,
                _ => {}
            },
            _ => {}
        }
    }
    c.end
}
