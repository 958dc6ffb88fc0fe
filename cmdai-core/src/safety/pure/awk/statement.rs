//! The statements of `awk`: conditions, loops, `print`.

use super::expression::format_values;
use super::token::{Token, Val};
use super::{Awk, DEPTH, Leave};

impl Awk {
    pub(super) fn block(&mut self) -> Option<()> {
        self.at += 1;
        while !self.is("}") {
            if self.is_end() {
                return None;
            }
            self.statement()?;
            while self.take(";") {}
        }
        self.at += 1;
        Some(())
    }

    /// Leaves a statement out.
    pub(super) fn skip(&mut self) -> Option<()> {
        if self.is("{") {
            return self.skip_block();
        }
        let mut depth = 0usize;
        loop {
            match self.tokens.get(self.at)? {
                Token::Op("(" | "[") => depth += 1,
                Token::Op(")" | "]") => depth = depth.saturating_sub(1),
                Token::Op(";") if depth == 0 => {
                    self.at += 1;
                    return Some(());
                }
                Token::Op("}") if depth == 0 => return Some(()),
                Token::Op("{") => return self.skip_block(),
                Token::End => return Some(()),
                _ => {}
            }
            self.at += 1;
        }
    }

    pub(super) fn statement(&mut self) -> Option<()> {
        self.pay()?;
        if self.depth >= DEPTH {
            return None;
        }
        self.depth += 1;
        let result = self.one();
        self.depth -= 1;
        result
    }

    pub(super) fn one(&mut self) -> Option<()> {
        if self.leave.is_some() {
            return self.skip();
        }
        if self.is("{") {
            return self.block();
        }
        let name = match self.tokens.get(self.at)? {
            Token::Name(name) => name.clone(),
            _ => String::new(),
        };
        match name.as_str() {
            "print" | "printf" => {
                self.at += 1;
                return self.print(name == "printf");
            }
            "if" => {
                self.at += 1;
                let holds = self.parenthesised()?.holds();
                if holds {
                    self.statement()?
                } else {
                    self.skip()?
                }
                while self.take(";") {}
                if self.is_name("else") {
                    self.at += 1;
                    if holds { self.skip()? } else { self.statement()? }
                }
                return Some(());
            }
            "while" => {
                self.at += 1;
                let start = self.at;
                loop {
                    self.at = start;
                    let holds = self.parenthesised()?.holds();
                    if !holds || self.leave.is_some() {
                        return self.skip();
                    }
                    self.statement()?;
                    self.round();
                    if self.leave.is_some() {
                        self.stop_round();
                        return Some(());
                    }
                }
            }
            "for" => {
                self.at += 1;
                return self.loop_for();
            }
            "next" | "exit" | "break" | "continue" => {
                self.at += 1;
                if name == "exit" && !self.is(";") && !self.is("}") {
                    self.expression()?;
                }
                self.leave = Some(match name.as_str() {
                    "next" => Leave::Next,
                    "exit" => Leave::Exit,
                    "break" => Leave::Break,
                    _ => Leave::Continue,
                });
                return Some(());
            }
            "getline" | "delete" | "do" | "return" => return None,
            _ => {}
        }
        let value = self.expression()?;
        // `"cmd" | getline`
        if self.take("|") {
            self.runs.push((value.text(), String::new()));
            return None;
        }
        Some(())
    }

    pub(super) fn round(&mut self) {
        if self.leave == Some(Leave::Continue) {
            self.leave = None;
        }
    }

    pub(super) fn stop_round(&mut self) {
        if self.leave == Some(Leave::Break) {
            self.leave = None;
        }
    }

    pub(super) fn loop_for(&mut self) -> Option<()> {
        if !self.take("(") {
            return None;
        }
        if let (Some(Token::Name(key)), Some(Token::Name(word)), Some(Token::Name(array))) =
            (self.tokens.get(self.at), self.tokens.get(self.at + 1), self.tokens.get(self.at + 2))
            && word == "in"
        {
            let (key, array) = (key.clone(), array.clone());
            self.at += 3;
            if !self.take(")") {
                return None;
            }
            let start = self.at;
            let keys: Vec<String> = self
                .arrays
                .get(&array)
                .map(|list| list.iter().map(|(key, _)| key.clone()).collect())
                .unwrap_or_default();
            if keys.is_empty() {
                return self.skip();
            }
            for value in keys {
                self.at = start;
                self.variables.insert(key.clone(), Val::Text(value));
                self.statement()?;
                self.round();
            }
            self.stop_round();
            return Some(());
        }
        if !self.is(";") {
            self.expression()?;
        }
        self.take(";");
        let condition = self.at;
        let mut step = None;
        loop {
            self.pay()?;
            self.at = condition;
            let holds = if self.is(";") { true } else { self.expression()?.holds() };
            self.take(";");
            if step.is_none() {
                step = Some(self.at);
            }
            // The step is read over now and run behind the body.
            let mut depth = 0usize;
            while !(depth == 0 && self.is(")")) {
                match self.tokens.get(self.at)? {
                    Token::Op("(") => depth += 1,
                    Token::Op(")") => depth = depth.saturating_sub(1),
                    Token::End => return None,
                    _ => {}
                }
                self.at += 1;
            }
            self.at += 1;
            if !holds {
                return self.skip();
            }
            self.statement()?;
            let end = self.at;
            self.round();
            if self.leave.is_some() {
                self.stop_round();
                return Some(());
            }
            self.at = step?;
            if !self.is(")") {
                self.expression()?;
            }
            let _ = end;
        }
    }

    pub(super) fn print(&mut self, formatted: bool) -> Option<()> {
        let mut values = Vec::new();
        let grouped = self.is("(") && self.group_ends_statement();
        if grouped {
            self.at += 1;
        }
        while !self.is(";")
            && !self.is("}")
            && !self.is_end()
            && !self.is(">")
            && !self.is(">>")
            && !self.is("|")
        {
            if grouped && self.is(")") {
                break;
            }
            values.push(self.ternary(true)?);
            if !self.take(",") {
                break;
            }
        }
        if grouped {
            self.take(")");
        }
        let text = if formatted {
            let texts: Vec<String> = values.iter().map(|value| value.text()).collect();
            format_values(&texts, &values)?
        } else if values.is_empty() {
            self.line.clone() + &self.variable("ORS", "\n")
        } else {
            let separator = self.variable("OFS", " ");
            let texts: Vec<String> = values.iter().map(Val::text).collect();
            texts.join(&separator) + &self.variable("ORS", "\n")
        };
        if self.take("|") {
            let command = self.ternary(true)?.text();
            self.runs.push((command, text));
            return Some(());
        }
        if self.is(">") || self.is(">>") {
            self.at += 1;
            let path = self.ternary(true)?.text();
            return matches!(path.as_str(), "/dev/stdout" | "/dev/stderr").then_some(());
        }
        self.write(&text, "");
        Some(())
    }

    /// True where the parenthesis closes right before the statement ends.
    pub(super) fn group_ends_statement(&self) -> bool {
        let mut depth = 0usize;
        for at in self.at..self.tokens.len() {
            match self.tokens.get(at) {
                Some(Token::Op("(")) => depth += 1,
                Some(Token::Op(")")) => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return matches!(
                            self.tokens.get(at + 1),
                            Some(Token::Op(";" | "}" | "|" | ">" | ">>") | Token::End)
                        );
                    }
                }
                _ => {}
            }
        }
        false
    }
}
