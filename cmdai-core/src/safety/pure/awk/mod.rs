//! A small `awk` on known text: patterns, `print`, `printf`, strings, fields, arrays, loops, and the commands
//! that a script hands to a shell.
//!
//! What it does not know makes the whole output unknown; steps are counted.

mod expression;
mod statement;
mod token;

use std::collections::HashMap;

use self::token::{Token, Val, tokens};
use super::print;
use crate::safety::machine::VALUE_BYTES;
use crate::safety::{regex, value};

const STEPS: u32 = 4_000;
const DEPTH: u32 = 24;
const LINES: usize = 256;

/// What a script does with known input.
#[derive(Debug, Default)]
pub(in crate::safety) struct Done {
    /// What it prints; `None` where that cannot be told.
    pub(in crate::safety) output: Option<String>,
    /// Commands it runs in a shell, each with what is written to it.
    pub(in crate::safety) runs: Vec<(String, String)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Leave {
    Next,
    Exit,
    Break,
    Continue,
}

/// Runs the script on the input.
pub(in crate::safety) fn run(arguments: &[&str], input: Option<&str>) -> Done {
    let mut done = Done::default();
    let mut assigned: Vec<(String, String)> = Vec::new();
    let mut separator = " ".to_owned();
    let mut script = None;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if let Some(rest) = word.strip_prefix("-F") {
            let text = if rest.is_empty() { words.next().copied().unwrap_or_default() } else { rest };
            separator = print::unescape(text);
        } else if let Some(rest) = word.strip_prefix("-v") {
            let text = if rest.is_empty() { words.next().copied().unwrap_or_default() } else { rest };
            if let Some((name, value)) = text.split_once('=') {
                assigned.push((name.to_owned(), print::unescape(value)));
            }
        } else if matches!(*word, "--" | "-e") {
        } else if word.starts_with('-') && word.len() > 1 {
            return done;
        } else if script.is_none() {
            script = Some(*word);
        } else {
            // Files that nobody has read.
            return done;
        }
    }
    let Some(tokens) = script.and_then(tokens) else { return done };
    let mut awk = Awk {
        tokens,
        at: 0,
        variables: HashMap::new(),
        arrays: HashMap::new(),
        fields: Vec::new(),
        line: String::new(),
        separator,
        output: String::new(),
        runs: Vec::new(),
        steps: STEPS,
        matching: regex::budget(input.map_or(0, str::len)),
        depth: 0,
        leave: None,
    };
    for (name, value) in assigned {
        awk.variables.insert(name, Val::Text(value));
    }
    let finished = awk.whole(input);
    done.runs = awk.runs;
    done.output = finished.map(|()| awk.output);
    done
}

struct Awk {
    tokens: Vec<Token>,
    at: usize,
    variables: HashMap<String, Val>,
    arrays: HashMap<String, Vec<(String, Val)>>,
    fields: Vec<String>,
    line: String,
    separator: String,
    output: String,
    runs: Vec<(String, String)>,
    steps: u32,
    matching: u32,
    depth: u32,
    leave: Option<Leave>,
}

impl Awk {
    pub(super) fn whole(&mut self, input: Option<&str>) -> Option<()> {
        self.pass(Some("BEGIN"))?;
        let only_begin =
            matches!(self.tokens.first(), Some(Token::Name(name)) if name == "BEGIN") && self.items() == 1;
        if only_begin || self.leave == Some(Leave::Exit) {
            return Some(());
        }
        let input = input?;
        if value::has_hole(input) || value::has_pattern(input) {
            return None;
        }
        for (index, line) in input.lines().take(LINES + 1).enumerate() {
            if index == LINES {
                return None;
            }
            self.set_line(line)?;
            self.variables.insert("NR".to_owned(), Val::Number((index + 1) as f64));
            self.leave = None;
            self.pass(None)?;
            if self.leave == Some(Leave::Exit) {
                break;
            }
        }
        self.leave = None;
        self.pass(Some("END"))
    }

    /// How many pattern-action pairs there are.
    pub(super) fn items(&self) -> usize {
        let mut depth = 0usize;
        let mut count = 0;
        for token in &self.tokens {
            match token {
                Token::Op("{") => {
                    count += usize::from(depth == 0);
                    depth += 1;
                }
                Token::Op("}") => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        count
    }

    /// Goes through the script once: the `BEGIN` or `END` parts, or those for a line.
    pub(super) fn pass(&mut self, part: Option<&str>) -> Option<()> {
        self.at = 0;
        while !self.is_end() {
            while self.take(";") {}
            if self.is_end() {
                break;
            }
            let named = match &self.tokens[self.at] {
                Token::Name(name) if matches!(name.as_str(), "BEGIN" | "END") => Some(name.clone()),
                Token::Name(name) if matches!(name.as_str(), "function" | "func") => return None,
                _ => None,
            };
            let hit = match &named {
                Some(name) => {
                    self.at += 1;
                    part == Some(name.as_str())
                }
                None if part.is_some() => {
                    self.skip_pattern()?;
                    false
                }
                None if self.is("{") => true,
                None => {
                    let hit = self.expression()?.holds();
                    if self.take(",") {
                        return None;
                    }
                    hit
                }
            };
            if self.is("{") {
                if hit && self.leave.is_none() {
                    self.block()?;
                } else {
                    self.skip_block()?;
                }
            } else if hit && part.is_none() && named.is_none() {
                let line = self.line.clone();
                self.write(&line, "\n");
            }
        }
        Some(())
    }

    pub(super) fn skip_pattern(&mut self) -> Option<()> {
        while !self.is("{") && !self.is(";") && !self.is_end() {
            self.at += 1;
        }
        Some(())
    }

    pub(super) fn skip_block(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.tokens.get(self.at)? {
                Token::Op("{") => depth += 1,
                Token::Op("}") => depth = depth.saturating_sub(1),
                Token::End => return None,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    pub(super) fn is(&self, operator: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Op(known)) if *known == operator)
    }

    pub(super) fn is_name(&self, name: &str) -> bool {
        matches!(self.tokens.get(self.at), Some(Token::Name(known)) if known == name)
    }

    pub(super) fn is_end(&self) -> bool {
        matches!(self.tokens.get(self.at), None | Some(Token::End))
    }

    pub(super) fn take(&mut self, operator: &str) -> bool {
        let found = self.is(operator);
        self.at += usize::from(found);
        found
    }

    pub(super) fn pay(&mut self) -> Option<()> {
        self.steps = self.steps.checked_sub(1)?;
        (self.output.len() <= VALUE_BYTES).then_some(())
    }

    pub(super) fn set_line(&mut self, line: &str) -> Option<()> {
        self.line = line.to_owned();
        let separator = match self.variables.get("FS") {
            Some(value) => value.text(),
            None => self.separator.clone(),
        };
        self.fields = if separator == " " {
            line.split_whitespace().map(str::to_owned).collect()
        } else if line.is_empty() {
            Vec::new()
        } else if separator.chars().count() == 1 && separator != "." {
            line.split(separator.as_str()).map(str::to_owned).collect()
        } else if separator.is_empty() {
            line.chars().map(String::from).collect()
        } else if separator.chars().all(char::is_alphanumeric) {
            line.split(separator.as_str()).map(str::to_owned).collect()
        } else {
            return None;
        };
        Some(())
    }

    pub(super) fn write(&mut self, text: &str, end: &str) {
        self.output.push_str(text);
        self.output.push_str(end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(arguments: &[&str], input: &str, expected: Option<&str>) {
        assert_eq!(run(arguments, Some(input)).output.as_deref(), expected, "{arguments:?}");
    }

    #[test]
    fn scripts_print_what_awk_prints() {
        check(&["{print $2}"], "a rm b\n", Some("rm\n"));
        check(&["-F:", "{print $1 \" \" $3}"], "rm:x:/\n", Some("rm /\n"));
        check(&["BEGIN{print \"r\" \"m\"}"], "", Some("rm\n"));
        check(&["BEGIN{printf \"%c%c\", 114, 109}"], "", Some("rm"));
        check(&["{for(i=1;i<=NF;i++)printf \"%c\",$i}"], "114 109\n", Some("rm"));
        check(&["{for(i=NF;i>0;i--)printf \"%s \",$i}"], "/ -rf rm\n", Some("rm -rf / "));
        check(&["/x/{print $1}"], "a x\nb y\n", Some("a\n"));
        check(&["NR==2"], "a\nb\n", Some("b\n"));
        check(&["{print toupper(substr($0,2,2))}"], "xrmx\n", Some("RM\n"));
        check(&["{gsub(/z/,\"\");print}"], "rzmz\n", Some("rm\n"));
        check(&["BEGIN{n=split(\"a b\",x,\" \");print x[2] n}"], "", Some("b2\n"));
        check(&["BEGIN{while(1){x=x \"a\"}}"], "", None);
        check(&["{print $9999999}"], "a\n", Some("\n"));
        check(&["BEGIN{if(1>2)print 1;else print 2}"], "", Some("2\n"));
    }

    #[test]
    fn commands_are_handed_over() {
        let done = run(&["-v", "c=rm -rf /", "BEGIN{system(c)}"], None);
        assert_eq!(done.runs, [("rm -rf /".to_owned(), String::new())]);
        let done = run(&["BEGIN{print \"rm -rf /\" | \"sh\"}"], None);
        assert_eq!(done.runs, [("sh".to_owned(), "rm -rf /\n".to_owned())]);
    }
}
