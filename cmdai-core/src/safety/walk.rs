//! Walking a program: statements, pipelines, compound commands and simple ones.

use std::rc::Rc;

use super::machine::{DEPTH, Field, Flow, Machine, VALUE_BYTES, Value};
use super::value::Origin;
use crate::line::{Dialect, Span};
use crate::syntax::ir::{
    Command, CommandKind, Expression, ExpressionKind, Pipeline, Program, Simple, Statement, Word,
};

/// Rounds of a loop over known values.
const ROUNDS: usize = 256;

impl Machine<'_> {
    /// Walks statements and returns what they write.
    pub(super) fn program(&mut self, program: &Program, flow: Flow<'_>) -> String {
        if self.depth >= DEPTH {
            self.cut = true;
            return String::new();
        }
        self.depth += 1;
        let mut output = String::new();
        for statement in &program.statements {
            self.statement(statement, flow, &mut output);
        }
        self.depth -= 1;
        output
    }

    pub(super) fn statement(&mut self, statement: &Statement, flow: Flow<'_>, output: &mut String) {
        let was_detached = self.detached;
        self.detached |= statement.background;
        for (_, pipeline) in &statement.chain {
            let written = self.pipeline(pipeline, flow);
            if flow.want && output.len() + written.len() <= VALUE_BYTES {
                output.push_str(&written);
            }
        }
        self.detached = was_detached;
    }

    fn pipeline(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let [only] = &pipeline.stages[..] else { return self.stages(pipeline, flow) };
        self.command(&only.command, flow)
    }

    fn stages(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let was_detached = std::mem::replace(&mut self.detached, true);
        let mut carried: Option<String> = None;
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let last = index + 1 == pipeline.stages.len();
            let input = if index == 0 { flow.input } else { carried.as_deref() };
            // Each command of a pipeline has a shell of its own: what it sets is lost. In fish builtins and
            // blocks run in the shell itself, in zsh the last command does.
            let stays = match self.dialect {
                Dialect::Fish | Dialect::Nu | Dialect::PowerShell => true,
                Dialect::Zsh => last,
                Dialect::Bash | Dialect::Posix => false,
            };
            let state = (!stays).then(|| self.state.clone());
            let written = self.command(&stage.command, Flow { input, want: flow.want || !last });
            if let Some(state) = state {
                self.state = state;
            }
            carried = Some(written);
        }
        self.detached = was_detached;
        carried.unwrap_or_default()
    }

    pub(super) fn kind(&mut self, kind: &CommandKind, span: Span, flow: Flow<'_>) -> String {
        match kind {
            CommandKind::Simple(simple) => self.simple(simple, span, flow),
            CommandKind::Group(program) => self.program(program, flow),
            CommandKind::Subshell(program) => {
                let state = self.state.clone();
                let output = self.program(program, flow);
                self.state = state;
                output
            }
            CommandKind::If { arms, otherwise } => {
                let mut output = String::new();
                for (condition, body) in arms {
                    self.program(condition, Flow { want: false, ..flow });
                    output.push_str(&self.program(body, flow));
                }
                if let Some(body) = otherwise {
                    output.push_str(&self.program(body, flow));
                }
                output
            }
            CommandKind::While { condition, body, .. } => self.repeat(condition, body, flow),
            CommandKind::For { name, words, body, .. } => self.each(name, words.as_deref(), body, flow),
            CommandKind::ArithmeticFor { body, .. } => self.program(body, flow),
            CommandKind::Case { subject, arms } => {
                self.single(subject);
                let mut output = String::new();
                for arm in arms {
                    output.push_str(&self.program(&arm.body, flow));
                }
                output
            }
            CommandKind::Function { name, body } => {
                self.state.functions.retain(|(known, _)| known != name);
                self.state.functions.push((name.clone(), Rc::new((**body).clone())));
                String::new()
            }
            CommandKind::Test(words) => {
                let mut unused = Vec::new();
                for word in words {
                    self.expand(word, &mut unused);
                }
                String::new()
            }
            CommandKind::Arithmetic(word) => {
                self.single(word);
                String::new()
            }
            CommandKind::Coprocess(command) => {
                let was_detached = std::mem::replace(&mut self.detached, true);
                self.nested_command(command, flow);
                self.detached = was_detached;
                String::new()
            }
            // Without a reader of its dialect's values, what stands inside is walked for what it does.
            CommandKind::Expression(expression) => {
                self.expression(expression, flow);
                String::new()
            }
            CommandKind::Assign { value, .. } => {
                self.program(value, Flow { input: None, want: true });
                String::new()
            }
            CommandKind::Try { body, handlers } => {
                let mut output = self.program(body, flow);
                for handler in handlers {
                    output.push_str(&self.program(handler, flow));
                }
                output
            }
            CommandKind::Opaque => {
                self.unresolved += 1;
                String::new()
            }
        }
    }

    /// Walks the programs inside an expression and returns what they write.
    pub(super) fn expression(&mut self, expression: &Expression, flow: Flow<'_>) -> String {
        if self.depth >= DEPTH || !self.spend(1) {
            self.cut = true;
            return String::new();
        }
        self.depth += 1;
        let mut output = match &expression.kind {
            ExpressionKind::Word(word) => self.single(word),
            ExpressionKind::Number(text) => text.clone(),
            ExpressionKind::Program { program, .. } => self.program(program, flow),
            ExpressionKind::Closure(closure) => self.program(&closure.body, flow),
            _ => String::new(),
        };
        for child in expression.children() {
            let text = self.expression(child, flow);
            if output.len() + text.len() < VALUE_BYTES {
                output.push_str(&text);
            }
        }
        self.depth -= 1;
        output
    }

    pub(super) fn nested_command(&mut self, command: &Command, flow: Flow<'_>) -> String {
        if self.depth >= DEPTH {
            self.cut = true;
            return String::new();
        }
        self.depth += 1;
        let output = self.command(command, flow);
        self.depth -= 1;
        output
    }

    pub(super) fn repeat(&mut self, condition: &Program, body: &Program, flow: Flow<'_>) -> String {
        let outer_input = std::mem::replace(&mut self.pending_input, flow.input.map(str::to_owned));
        let mut output = String::new();
        for _ in 0..ROUNDS {
            let before = self.pending_input.as_ref().map(String::len);
            self.program(condition, Flow { want: false, input: None });
            output.push_str(&self.program(body, Flow { input: None, ..flow }));
            let after = self.pending_input.as_ref().map(String::len);
            // Another round only where `read` took a line and there is one more.
            if after.is_none_or(|left| left == 0) || before == after {
                break;
            }
            if output.len() > VALUE_BYTES || self.fuel == 0 {
                break;
            }
        }
        if self.pending_input.as_ref().is_some_and(|left| !left.is_empty())
            && flow.input != self.pending_input.as_deref()
        {
            self.cut = true;
        }
        self.pending_input = outer_input;
        output
    }

    pub(super) fn each(
        &mut self,
        name: &str,
        words: Option<&[Word]>,
        body: &Program,
        flow: Flow<'_>,
    ) -> String {
        let mut fields = Vec::new();
        match words {
            Some(words) => words.iter().for_each(|word| self.expand(word, &mut fields)),
            None => {
                let positional = self.state.positional.clone();
                let hole = || vec![self.unknowns.hole("$@", Origin::Variable).to_string()];
                let texts = positional.unwrap_or_else(hole);
                fields.extend(texts.into_iter().map(|text| Field { text, span: Span::default() }));
            }
        }
        let mut output = String::new();
        if fields.len() > ROUNDS {
            self.cut = true;
            fields.truncate(ROUNDS);
        }
        for field in fields {
            self.set(name, Value::One(field.text));
            output.push_str(&self.program(body, flow));
            if output.len() > VALUE_BYTES || self.fuel == 0 {
                break;
            }
        }
        output
    }

    pub(super) fn simple(&mut self, simple: &Simple, span: Span, flow: Flow<'_>) -> String {
        let mut argv = Vec::with_capacity(simple.words.len());
        for word in &simple.words {
            self.expand(word, &mut argv);
        }
        if argv.is_empty() {
            for assignment in &simple.assignments {
                self.assign(assignment);
                if matches!(assignment.name.as_str(), "PROMPT_COMMAND" | "PS1" | "PS4") {
                    self.code_variable(&assignment.name, self.at(assignment.span));
                }
            }
            return String::new();
        }
        if simple.assignments.is_empty() {
            return self.run(&argv, span, flow);
        }
        // `NAME=value program`: seen by the program and by code that it runs, then forgotten.
        let names: Vec<&str> = simple.assignments.iter().map(|assignment| assignment.name.as_str()).collect();
        let (held, _): (Vec<_>, Vec<_>) =
            self.state.variables.iter().cloned().partition(|(name, _)| names.contains(&name.as_str()));
        for assignment in &simple.assignments {
            self.assign(assignment);
            self.code_variable(&assignment.name, self.at(assignment.span));
        }
        let output = self.run(&argv, span, flow);
        self.state.variables.retain(|(name, _)| !names.contains(&name.as_str()));
        self.state.variables.extend(held);
        output
    }
}
