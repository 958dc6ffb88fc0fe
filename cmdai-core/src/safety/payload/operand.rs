//! Operands: literals, brackets, variables, names and the words of a language.

use super::after::{block_parameters, word_at_depth};
use super::blocks::parameter_names;
use super::lex::Tok;
use super::val::Val;
use super::{Cursor, NESTING, Script};
use crate::safety::value::Origin;
use crate::specs::Language;

impl Script<'_, '_, '_> {
    /// An operand with what stands before and after it.
    pub(super) fn operand(&mut self, c: &mut Cursor) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        let Some(tok) = c.peek() else { return Val::None };
        let tok = tok.clone();
        match tok {
            Tok::Text(pieces) => {
                c.at += 1;
                let mut text = self.pieces(&pieces);
                // Literals side by side are one.
                while self.in_language(&[Python, Ruby]) {
                    let Some(Tok::Text(more)) = c.peek() else { break };
                    let more = more.clone();
                    c.at += 1;
                    let more = self.pieces(&more);
                    text.push_str(&more);
                }
                self.after(c, Val::Text(text), None)
            }
            // `$` of bun, zx and execa runs the text that stands behind it.
            Tok::Name(name)
                if name == "$"
                    && self.in_language(&[JavaScript])
                    && matches!(c.look(1), Some(Tok::Text(_))) =>
            {
                c.at += 1;
                let Some(Tok::Text(pieces)) = c.peek().cloned() else { return Val::None };
                c.at += 1;
                let code = self.pieces(&pieces);
                let printed = self.run_code(&code);
                self.after(c, Val::Text(printed), None)
            }
            Tok::Number(number) => {
                c.at += 1;
                self.after(c, Val::Number(number), None)
            }
            Tok::Hole(letter) => {
                c.at += 1;
                let text = letter.to_string();
                if !self.idle {
                    self.machine.report_unknown_code(&text, self.what.span);
                }
                self.after(c, Val::Text(text), None)
            }
            Tok::Command(pieces) => {
                c.at += 1;
                let code = self.pieces(&pieces);
                if self.in_language(&[Julia]) {
                    return self.after(c, Val::Text(code), None);
                }
                let printed = self.run_code(&code);
                self.after(c, Val::Text(printed), None)
            }
            Tok::Words(words) => {
                c.at += 1;
                self.after(c, Val::List(words.into_iter().map(Val::Text).collect()), None)
            }
            Tok::Angle(pieces) => {
                c.at += 1;
                let text = self.pieces(&pieces);
                let is_handle = text.is_empty()
                    || matches!(text.as_str(), "STDIN" | "ARGV")
                    || text.chars().all(|c| c.is_ascii_uppercase());
                let named =
                    is_handle && !matches!(text.as_str(), "" | "STDIN" | "ARGV") || text.starts_with('$');
                let own =
                    self.reading.clone().filter(|_| named).and_then(|path| self.machine.own_file(&path));
                let value = match own {
                    Some(text) => Val::Text(text),
                    None if is_handle => self.standard_input(),
                    None => self.glob(&text),
                };
                self.after(c, value, None)
            }
            Tok::Pattern(text) => {
                c.at += 1;
                self.after(c, Val::Text(text), None)
            }
            Tok::Change { .. } => {
                let left = self.get("_").unwrap_or(Val::None);
                let value = self.change(c, &left);
                self.set("_", value.clone());
                value
            }
            Tok::Var(sigil, name) => {
                c.at += 1;
                self.variable(c, sigil, &name)
            }
            Tok::Name(name) => self.name(c, &name),
            Tok::Op(op) => match op {
                "(" => {
                    let close = c.closing(c.at);
                    if matches!(c.tokens.get(close + 1).map(|token| &token.kind), Some(Tok::Op("=>" | "->")))
                        && self.in_language(&[JavaScript, Julia, Groovy])
                        && close < c.end
                    {
                        let parameters = self.parameters(c);
                        c.at += 1;
                        return self.arrow(c, parameters);
                    }
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    let list = self.list(&mut inner);
                    // `(…)[0]` of Perl is one of a list, be it of one.
                    let picks = self.in_language(&[Perl]) && c.is("[");
                    let value = match list {
                        Val::List(mut values) if values.len() == 1 && !picks => values.remove(0),
                        other => other,
                    };
                    self.after(c, value, None)
                }
                "[" => {
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    let list = self.list(&mut inner);
                    self.after(c, list, None)
                }
                "{" => {
                    let value = self.braces(c);
                    self.after(c, value, None)
                }
                "..." | "*" | "**" | "&" | "\\" | "+" | "!" | "~" | "@" | "$" | "%" | "++" | "--" | "::" => {
                    c.at += 1;
                    if op == "$" && self.in_language(&[Php]) && c.is("{") {
                        let value = self.braces(c);
                        let name = self.text_of(&value);
                        return self.get(&name).unwrap_or(Val::None);
                    }
                    // `&$f(…)`, `@{…}`, `@$x`: what is behind it.
                    if matches!(op, "@" | "$" | "%" | "&") && c.is("{") {
                        let close = c.closing(c.at);
                        let mut inner = c.part(c.at + 1, close);
                        c.at = (close + 1).min(c.end);
                        let value = self.block(&mut inner);
                        return self.after(c, value, None);
                    }
                    let value = self.expression(c, 10);
                    if matches!(op, "!" | "~") { Val::None } else { value }
                }
                "-" => {
                    c.at += 1;
                    match self.expression(c, 10) {
                        Val::Number(number) => Val::Number(number.saturating_neg()),
                        _ => Val::None,
                    }
                }
                "->" if self.in_language(&[Ruby]) => {
                    c.at += 1;
                    let parameters = self.parameters(c);
                    let body = self.body(c);
                    let index = self.add_function(c, parameters, body);
                    self.after(c, Val::Function(index), None)
                }
                "=>" | "," | ";" | ")" | "]" | "}" => Val::None,
                _ => {
                    let _ = (Lua, Perl, Php, R);
                    c.at += 1;
                    Val::None
                }
            },
            Tok::Line(_) => Val::None,
        }
    }

    /// The body of an arrow function.
    pub(super) fn arrow(&mut self, c: &mut Cursor, parameters: Vec<String>) -> Val {
        c.skip_lines();
        let body = if c.is("{") {
            let close = c.closing(c.at);
            let start = c.at + 1;
            c.at = (close + 1).min(c.end);
            (start, close)
        } else {
            let start = c.at;
            c.at = expression_end(c, start);
            (start, c.at)
        };
        let index = self.add_function(c, parameters, body);
        self.after(c, Val::Function(index), None)
    }

    /// `{ … }` as a value: a map, a block, or a closure.
    pub(super) fn braces(&mut self, c: &mut Cursor) -> Val {
        let close = c.closing(c.at);
        let mut inner = c.part(c.at + 1, close);
        c.at = (close + 1).min(c.end);
        if self.in_language(&[Language::Groovy, Language::Ruby]) {
            let (parameters, start) = block_parameters(&inner);
            if start > inner.at || !looks_like_map(&inner) {
                let index = self.add_function(&inner, parameters, (start, close));
                return Val::Function(index);
            }
        }
        let is_list =
            self.in_language(&[Language::Lua]) && matches!(inner.peek(), Some(Tok::Text(_) | Tok::Number(_)));
        if is_list || !looks_like_map(&inner) {
            return self.list(&mut inner);
        }
        let mut entries = Vec::new();
        while inner.at < inner.end && entries.len() < 64 {
            inner.skip_lines();
            let key = match (inner.peek(), inner.look(1)) {
                (Some(Tok::Name(name)), Some(Tok::Op(":" | "=>" | "=" | "," | "}"))) => {
                    let name = name.clone();
                    inner.at += 1;
                    name
                }
                (Some(Tok::Name(name)), None) => {
                    let name = name.clone();
                    inner.at += 1;
                    name
                }
                _ => {
                    let value = self.expression(&mut inner, 2);
                    value.as_text().unwrap_or_default()
                }
            };
            let value = if inner.take(":") || inner.take("=>") || inner.take("=") {
                inner.skip_lines();
                self.expression(&mut inner, 1)
            } else if inner.is("(") {
                // A method of an object literal.
                let parameters = self.parameters(&mut inner);
                let body = self.body(&mut inner);
                Val::Function(self.add_function(&inner, parameters, body))
            } else {
                self.get(&key).unwrap_or(Val::None)
            };
            entries.push((key, value));
            inner.skip_lines();
            if !inner.take(",") {
                inner.at += usize::from(inner.at < inner.end && !inner.is("}"));
            }
        }
        Val::Map(entries)
    }

    /// Values between commas up to the end of the cursor, with comprehensions.
    pub(super) fn list(&mut self, c: &mut Cursor) -> Val {
        if self.in_language(&[Language::Python, Language::Julia])
            && let Some(at) = word_at_depth(c, "for")
        {
            return self.comprehension(c, at);
        }
        let given = self.given(c);
        if given.list.is_empty() && !given.named.is_empty() {
            return Val::Map(given.named);
        }
        let mut list = given.list;
        list.extend(given.named.into_iter().map(|(_, value)| value));
        Val::List(list)
    }

    /// `x for x in list if y`.
    pub(super) fn comprehension(&mut self, c: &mut Cursor, at: usize) -> Val {
        let element = c.part(c.at, at);
        let mut head = c.part(at + 1, c.end);
        c.at = c.end;
        let mut names = Vec::new();
        while let Some(tok) = head.peek() {
            match tok {
                Tok::Name(word) if word == "in" => {
                    head.at += 1;
                    break;
                }
                Tok::Name(name) => names.push(name.clone()),
                Tok::Op("=") => {
                    head.at += 1;
                    break;
                }
                _ => {}
            }
            head.at += 1;
        }
        let list = self.expression(&mut head, 3);
        // `iter(int, 1)`, `itertools.count()`: how often, nobody says.
        let repeats = u32::from(!matches!(list, Val::List(_) | Val::Text(_)));
        self.loops += repeats;
        let values: Vec<Val> = match list {
            Val::List(values) => values,
            Val::Text(text) if !crate::safety::value::has_hole(&text) => {
                text.chars().map(|c| Val::text(c.to_string())).collect()
            }
            other => vec![other],
        };
        let mut out = Vec::new();
        for value in values.into_iter().take(128) {
            match (&value, &names[..]) {
                (_, [name]) => self.set(name, value),
                (Val::List(parts), names) => {
                    for (name, part) in names.iter().zip(parts) {
                        self.set(name, part.clone());
                    }
                }
                _ => {}
            }
            if head.at < head.end {
                // A condition, or another loop inside.
                let mut rest = head.clone();
                if rest.take_name("for") {
                    let mut nested = element.clone();
                    nested.end = element.end;
                    let again = head.clone();
                    let mut whole = again;
                    whole.at = head.at;
                    let inner = self.inner_comprehension(&element, &mut whole);
                    inner.flatten(&mut out);
                    continue;
                }
                rest.at += 1;
                self.expression(&mut rest, 2);
            }
            out.push(self.expression(&mut element.clone(), 1));
            if self.machine.fuel == 0 {
                break;
            }
        }
        self.loops -= repeats;
        Val::List(out)
    }

    pub(super) fn inner_comprehension(&mut self, element: &Cursor, head: &mut Cursor) -> Val {
        if self.nesting >= NESTING {
            return Val::None;
        }
        self.nesting += 1;
        head.take_name("for");
        let mut names = Vec::new();
        while let Some(tok) = head.peek() {
            match tok {
                Tok::Name(word) if word == "in" => {
                    head.at += 1;
                    break;
                }
                Tok::Name(name) => names.push(name.clone()),
                _ => {}
            }
            head.at += 1;
        }
        let list = self.expression(head, 3);
        let mut values = Vec::new();
        list.flatten(&mut values);
        let mut out = Vec::new();
        for value in values.into_iter().take(32) {
            if let [name] = &names[..] {
                self.set(name, value);
            }
            out.push(self.expression(&mut element.clone(), 1));
        }
        self.nesting -= 1;
        Val::List(out)
    }

    /// A variable of Perl, PHP or Ruby.
    pub(super) fn variable(&mut self, c: &mut Cursor, sigil: char, name: &str) -> Val {
        use Language::{Perl, Php, Ruby};
        if self.assigns(c) {
            return self.assign(c, name);
        }
        // `@h{qw(a b)}`, `@l[0, 2]` of Perl: some of them, as a list.
        if sigil == '@' && self.in_language(&[Perl]) && !c.spaced() && (c.is("{") || c.is("[")) {
            let close = c.closing(c.at);
            let mut inner = c.part(c.at + 1, close);
            c.at = (close + 1).min(c.end);
            let mut keys = Vec::new();
            self.list(&mut inner).flatten(&mut keys);
            let value = self.get(name).unwrap_or(Val::None);
            let some = keys.iter().take(64).map(|key| self.element(&value, key)).collect();
            return self.after(c, Val::List(some), None);
        }
        let value = match (name, self.what.language) {
            ("ENV" | "_ENV" | "_SERVER", _) => Val::Name("ENV".to_owned()),
            ("ARGV" | "argv", Perl | Php) => self.arguments(),
            ("0" | "PROGRAM_NAME", _) => Val::text("script"),
            ("PATH_SEPARATOR", _) => Val::text("/"),
            ("stdin", Ruby) => Val::Name("STDIN".to_owned()),
            ("stdout", Ruby) => Val::Name("STDOUT".to_owned()),
            ("_GET" | "_POST" | "_REQUEST", Php) => Val::Text(self.hole(&format!("${name}"), Origin::Socket)),
            _ => match self.get(name) {
                Some(value) => value,
                None if sigil == '$' => Val::Text(self.hole(&format!("${name}"), Origin::Variable)),
                None => Val::None,
            },
        };
        self.after(c, value, Some(name.to_owned()))
    }

    /// True where `=` or its like follows.
    pub(super) fn assigns(&self, c: &Cursor) -> bool {
        matches!(
            c.peek(),
            Some(Tok::Op("=" | ":=" | "<-" | "+=" | ".=" | "*=" | "||=" | "??=" | "//=" | "<<=" | "|="))
        )
    }

    /// The rest of `name = …`.
    pub(super) fn assign(&mut self, c: &mut Cursor, name: &str) -> Val {
        let Some(Tok::Op(op)) = c.peek() else { return Val::None };
        let op = *op;
        c.at += 1;
        c.skip_lines();
        let right = self.expression(c, 1);
        let value = match op {
            "+=" | ".=" | "*=" | "<<=" => {
                let left = self.get(name).unwrap_or_else(|| {
                    if op == ".=" || matches!(right, Val::Text(_)) { Val::text("") } else { Val::None }
                });
                self.arithmetic(&left, &op[..op.len() - 1], &right)
            }
            "||=" | "??=" | "//=" | "|=" => self.get(name).unwrap_or(right),
            _ => right,
        };
        self.set(name, value.clone());
        value
    }

    /// A name: a word of the language, a variable, a function, a library.
    pub(super) fn name(&mut self, c: &mut Cursor, name: &str) -> Val {
        use Language::{Groovy, JavaScript, Julia, Lua, Perl, Php, Python, R, Ruby};
        c.at += 1;
        match name {
            "True" | "true" | "TRUE" => return self.after(c, Val::Number(1), None),
            "False" | "false" | "FALSE" | "None" | "null" | "nil" | "undefined" | "undef" | "nothing"
            | "NULL" => {
                return self.after(c, Val::None, None);
            }
            "lambda" if self.in_language(&[Python]) => {
                let colon = (c.at..c.end)
                    .find(|&at| {
                        !c.scan() || matches!(c.tokens.get(at).map(|token| &token.kind), Some(Tok::Op(":")))
                    })
                    .unwrap_or(c.end);
                let parameters = parameter_names(c, c.at, colon);
                let start = (colon + 1).min(c.end);
                c.at = expression_end(c, start);
                let index = self.add_function(c, parameters, (start, c.at));
                return Val::Function(index);
            }
            "function" | "fn" | "sub" | "func" if matches!(c.peek(), Some(Tok::Op("(" | "{"))) => {
                let mut parameters = self.parameters(c);
                if c.take_name("use") {
                    self.parameters(c);
                }
                if c.take("=>") {
                    return self.arrow(c, parameters);
                }
                // What is given to a function of Perl is a list.
                if parameters.is_empty() && !self.in_language(&[Perl]) {
                    parameters.push("_".to_owned());
                }
                let body = self.body(c);
                let index = self.add_function(c, parameters, body);
                return self.after(c, Val::Function(index), None);
            }
            "function" if self.in_language(&[JavaScript]) => {
                // A name of its own.
                c.at += 1;
                let parameters = self.parameters(c);
                let body = self.body(c);
                let index = self.add_function(c, parameters, body);
                return self.after(c, Val::Function(index), None);
            }
            "async" | "await" | "new" | "typeof" | "void" | "not" | "delete" | "yield" | "local" | "my"
            | "our" | "return" | "throw" | "die" | "do" | "else" | "begin" | "then" | "static" | "const"
            | "let" | "var" | "defined" | "scalar" | "elif" | "if" | "unless" | "while"
                if !c.is(".") && (name != "delete" || !c.is("(")) =>
            {
                if matches!(name, "do" | "begin" | "else" | "then") && c.is("{") {
                    let close = c.closing(c.at);
                    let mut inner = c.part(c.at + 1, close);
                    c.at = (close + 1).min(c.end);
                    return self.block(&mut inner);
                }
                if matches!(name, "my" | "our" | "local") && c.is("(") {
                    let close = c.closing(c.at);
                    c.at = (close + 1).min(c.end);
                    return Val::None;
                }
                if matches!(name, "not" | "typeof" | "defined" | "void") {
                    self.expression(c, 3);
                    return Val::None;
                }
                if c.peek().is_none_or(|tok| matches!(tok, Tok::Line(_))) {
                    return Val::None;
                }
                return self.expression(c, if name == "new" { 10 } else { 1 });
            }
            "qw" | "__FILE__" | "__filename" | "__dir__" => {
                return self.after(c, Val::text("./script"), None);
            }
            "__DIR__" | "__dirname" => return self.after(c, Val::text("."), None),
            _ => {}
        }
        // `a => …` of JavaScript; `x -> …` of Julia and Groovy.
        if (c.is("=>") && self.in_language(&[JavaScript])) || (c.is("->") && self.in_language(&[Julia])) {
            c.at += 1;
            return self.arrow(c, vec![name.to_owned()]);
        }
        if c.is("=>") && self.in_language(&[Perl, Ruby, Php]) {
            return Val::text(name);
        }
        if self.assigns(c) && !self.in_language(&[Perl, Php]) {
            return self.assign(c, name);
        }
        if let Some(value) = self.get(name) {
            return self.after(c, value, Some(name.to_owned()));
        }
        let special = match (name, self.what.language) {
            ("ARGV", Ruby) | ("arg", Lua) | ("ARGS", Julia) | ("args", Groovy) => Some(self.arguments()),
            ("STDIN" | "ARGF" | "stdin", _) => Some(Val::Name("STDIN".to_owned())),
            ("PHP_EOL", Php) => Some(Val::text("\n")),
            ("DIRECTORY_SEPARATOR", Php) => Some(Val::text("/")),
            _ => None,
        };
        if let Some(value) = special {
            return self.after(c, value, None);
        }
        let _ = R;
        // What is set on the object at hand is found there again.
        let own = matches!(name, "cls" | "self" | "this").then(|| name.to_owned());
        self.after(c, Val::Name(name.to_owned()), own)
    }
}

/// True where braces hold `key: value` or `key => value`.
pub(super) fn looks_like_map(inner: &Cursor) -> bool {
    let mut c = inner.clone();
    c.skip_lines();
    match c.peek() {
        None => true,
        Some(Tok::Name(_)) => matches!(c.look(1), Some(Tok::Op(":" | "=>" | "," | "=" | "(")) | None),
        Some(Tok::Text(_) | Tok::Number(_)) => matches!(c.look(1), Some(Tok::Op(":" | "=>" | ","))),
        Some(Tok::Op("..." | "**" | "[")) => true,
        _ => false,
    }
}

/// Where an expression without a block ends: at a comma, a closing bracket, `;` or a line end.
pub(super) fn expression_end(c: &Cursor, from: usize) -> usize {
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
            Some(Tok::Op("," | ";") | Tok::Line(_)) if depth == 0 => return at,
            _ => {}
        }
    }
    c.end
}
