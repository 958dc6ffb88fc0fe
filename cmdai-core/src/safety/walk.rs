//! Walking a program: statements, chains, pipelines and simple commands.
//!
//! Where it is known how a command ends, `&&` and `||` decide as in the shell. Where it is not, both
//! ways are followed from copies of the state, each with what its outcome tells (`[ -n "$x" ] && …`),
//! and they meet at the end of the chain.

use super::machine::{By, DEPTH, Deferred, End, Field, Flow, Machine, State, Status, VALUE_BYTES, Value};
use crate::line::{Dialect, Span};
use crate::syntax::ir::{
    AssignedValue, Assignment, Command, CommandKind, Expression, ExpressionKind, Join, Part, PartKind,
    Pipeline, Program, Simple, Stage, Statement, Word,
};

/// Functions of one line.
pub(super) const FUNCTIONS: usize = 256;
/// Stands for the path of what a coprocess reads.
pub(super) const COPROCESS: &str = "(coprocess)";

/// A way that a line may go: the state in which it ends and what was written on it.
pub(super) struct Way {
    pub(super) state: State,
    pub(super) output: String,
}

/// How a condition may end: the way on which it succeeded and the one on which it failed.
#[derive(Default)]
pub(super) struct Outcome {
    pub(super) yes: Option<Way>,
    pub(super) no: Option<Way>,
}

impl Machine<'_> {
    /// Walks statements and returns what they write.
    pub(super) fn program(&mut self, program: &Program, flow: Flow<'_>) -> String {
        if self.dialect == Dialect::Nu {
            return self.nu_code(program, flow);
        }
        if self.dialect == Dialect::PowerShell {
            return self.powershell(program, flow);
        }
        let Some((last, before)) = program.statements.split_last() else { return String::new() };
        if self.depth >= DEPTH {
            self.spend(program.span.len() / 64);
            return self.defer(Deferred::Program(program.clone()), program.span, flow);
        }
        self.depth += 1;
        let mut output = String::new();
        for statement in before.iter().chain([last]) {
            if self.ended.is_some() {
                break;
            }
            self.statement(statement, flow, &mut output);
        }
        self.depth -= 1;
        output
    }

    pub(super) fn statement(&mut self, statement: &Statement, flow: Flow<'_>, output: &mut String) {
        let was_detached = self.detached;
        self.detached |= statement.background;
        let before = statement.background.then(|| self.state.clone());
        let stops = self.state.shell().errexit;
        match &statement.chain[..] {
            [(_, only)] if !stops => {
                let written = self.pipeline(only, flow);
                add(output, &written, flow);
            }
            chain => {
                let mut outcome = self.chain(chain, flow, std::mem::take(output));
                // Under `set -e` nobody comes here whose command has failed.
                if let ([(_, only)], true) = (chain, stops)
                    && !only.negated
                {
                    outcome.no = None;
                }
                *output = self.after(outcome);
            }
        }
        if let Some(state) = before {
            self.state = state;
            self.ended = None;
            self.status = Status::True;
            self.facts.clear();
        }
        self.detached = was_detached;
    }

    /// Walks a program for how it ends.
    pub(super) fn condition(&mut self, program: &Program, flow: Flow<'_>) -> Outcome {
        let Some((last, before)) = program.statements.split_last() else {
            return Outcome { yes: Some(self.way(String::new())), no: None };
        };
        if self.depth >= DEPTH {
            self.program(program, flow);
            return self.settle(String::new());
        }
        self.depth += 1;
        let mut output = String::new();
        for statement in before {
            if self.ended.is_none() {
                self.statement(statement, flow, &mut output);
            }
        }
        let outcome =
            if self.ended.is_some() { Outcome::default() } else { self.chain(&last.chain, flow, output) };
        self.depth -= 1;
        outcome
    }

    fn chain(&mut self, chain: &[(Join, Pipeline)], flow: Flow<'_>, output: String) -> Outcome {
        let mut outcome = Outcome::default();
        for (join, pipeline) in chain {
            let is_and = *join == Join::And;
            let from = match join {
                Join::First => None,
                Join::And => outcome.yes.take(),
                Join::Or => outcome.no.take(),
            };
            let mut written = match from {
                Some(way) => {
                    self.state = way.state;
                    self.status = Status::known(is_and);
                    way.output
                }
                None if *join == Join::First => output.clone(),
                // It never gets that far.
                None => continue,
            };
            let more = self.pipeline(pipeline, flow);
            add(&mut written, &more, flow);
            let new = self.settle(written);
            match join {
                Join::First => outcome = new,
                Join::And => {
                    outcome.yes = new.yes;
                    outcome.no = self.either(outcome.no.take(), new.no);
                }
                Join::Or => {
                    outcome.no = new.no;
                    outcome.yes = self.either(outcome.yes.take(), new.yes);
                }
            }
        }
        outcome
    }

    fn way(&mut self, output: String) -> Way {
        Way { state: std::mem::take(&mut self.state), output }
    }

    /// The ways on from the command that was walked last.
    pub(super) fn settle(&mut self, output: String) -> Outcome {
        let facts = std::mem::take(&mut self.facts);
        if self.ended.is_some() {
            // Where it went on is written down where it ended; other ways go on from here.
            return Outcome::default();
        }
        match self.status {
            Status::True => {
                self.assume(&facts, true);
                Outcome { yes: Some(self.way(output)), no: None }
            }
            Status::False => {
                self.assume(&facts, false);
                Outcome { yes: None, no: Some(self.way(output)) }
            }
            Status::Unknown => {
                let failed = self.state.clone();
                self.assume(&facts, true);
                let yes =
                    Some(Way { state: std::mem::replace(&mut self.state, failed), output: output.clone() });
                self.assume(&facts, false);
                Outcome { yes, no: Some(self.way(output)) }
            }
        }
    }

    fn either(&mut self, one: Option<Way>, other: Option<Way>) -> Option<Way> {
        match (one, other) {
            (Some(one), Some(other)) => {
                self.ended = None;
                Some(self.meeting(vec![one, other]))
            }
            (one, other) => {
                let way = one.or(other);
                if way.is_some() {
                    self.ended = None;
                }
                way
            }
        }
    }

    /// One way where several meet.
    pub(super) fn meeting(&mut self, ways: Vec<Way>) -> Way {
        let group = self.unknowns.group();
        let mut states = Vec::with_capacity(ways.len());
        let mut outputs = Vec::with_capacity(ways.len());
        for way in ways.into_iter().take(super::value::ARMS) {
            states.push(way.state);
            outputs.push(way.output);
        }
        let state = self.meet(states, group);
        Way { state, output: self.unknowns.choice(group, outputs) }
    }

    /// Goes on from all ways at once and returns what was written.
    pub(super) fn after(&mut self, outcome: Outcome) -> String {
        self.facts.clear();
        let status = match (&outcome.yes, &outcome.no) {
            (Some(_), None) => Status::True,
            (None, Some(_)) => Status::False,
            _ => Status::Unknown,
        };
        let way = match (outcome.yes, outcome.no) {
            (None, None) => {
                self.ended.get_or_insert(End::Shell);
                return String::new();
            }
            (Some(way), None) | (None, Some(way)) => way,
            (Some(yes), Some(no)) => self.meeting(vec![yes, no]),
        };
        self.ended = None;
        self.status = status;
        self.state = way.state;
        way.output
    }

    fn pipeline(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let outer = self.begins_to_write();
        let output = match &pipeline.stages[..] {
            [only] => self.command(&only.command, flow),
            _ => self.stages(pipeline, flow),
        };
        self.reads_what_it_wrote(outer);
        if pipeline.negated {
            self.status = self.status.negated();
            self.facts.iter_mut().for_each(|fact| fact.on = !fact.on);
        }
        output
    }

    fn stages(&mut self, pipeline: &Pipeline, flow: Flow<'_>) -> String {
        let was_detached = std::mem::replace(&mut self.detached, true);
        let mut carried: Option<String> = None;
        let mut sure = true;
        for (index, stage) in pipeline.stages.iter().enumerate() {
            let last = index + 1 == pipeline.stages.len();
            let input = if index == 0 { flow.input } else { carried.as_deref() };
            let flow = Flow { input, want: flow.want || !last };
            // Each command of a pipeline has a shell of its own: what it sets is lost. In fish builtins and
            // blocks run in the shell itself, in zsh the last command does.
            let stays = match self.dialect {
                Dialect::Fish | Dialect::Nu | Dialect::PowerShell => true,
                Dialect::Zsh => last,
                Dialect::Bash | Dialect::Posix => false,
            };
            let before = self.effects.len();
            // With `pipefail` the failure of an earlier command is that of all.
            sure &= index == 0 || self.status == Status::True;
            let written = if stays {
                self.command(&stage.command, flow)
            } else {
                self.apart(|machine| machine.command(&stage.command, flow))
            };
            if index > 0
                && input == Some("")
                && super::redirect::writes_nothing(&pipeline.stages[index - 1].command.kind)
            {
                self.copies_nothing(before);
            }
            carried = Some(written);
        }
        self.facts.clear();
        if !sure && self.status == Status::True {
            self.status = Status::Unknown;
        }
        self.detached = was_detached;
        carried.unwrap_or_default()
    }

    /// Walks something in a shell of its own: what it sets is lost, and where it ends the line goes on.
    pub(super) fn apart(&mut self, walk: impl FnOnce(&mut Self) -> String) -> String {
        let state = self.state.clone();
        let rounds = std::mem::take(&mut self.rounds);
        let returns = std::mem::take(&mut self.returns);
        let output = walk(self);
        self.state = state;
        self.rounds = rounds;
        self.returns = returns;
        if self.ended.take().is_some() {
            self.status = Status::Unknown;
        }
        self.facts.clear();
        output
    }

    pub(super) fn kind(&mut self, kind: &CommandKind, span: Span, flow: Flow<'_>) -> String {
        match kind {
            CommandKind::Simple(simple) => self.simple(simple, span, flow),
            CommandKind::Group(program) => self.program(program, flow),
            CommandKind::Subshell(program) => {
                let output = self.apart(|machine| machine.program(program, flow));
                if self.dialect == Dialect::Zsh {
                    // A pattern that fits no file ends it, and so does a parameter that must be set.
                    self.status = Status::Unknown;
                }
                output
            }
            CommandKind::If { arms, otherwise } => self.branches(arms, otherwise.as_ref(), flow),
            CommandKind::While { until, condition, body } => self.repeat(*until, condition, body, span, flow),
            CommandKind::For { name, words, select, body } => {
                self.each(name, words.as_deref(), *select, body, flow)
            }
            CommandKind::ArithmeticFor { header, body } => self.counted(header, body, span, flow),
            CommandKind::Case { subject, arms } => self.case(subject, arms, flow),
            CommandKind::Function { name, body, .. } => {
                if let Some(outer) = self.outer
                    && self.foreign.len() < FUNCTIONS
                {
                    self.foreign.push((body.clone(), outer));
                }
                if self.at(span).end <= self.ctx.known {
                    // Of the shell itself: what it does counts where it is called.
                } else if self.defined.len() < FUNCTIONS {
                    self.defined.push((name.clone(), body.clone()));
                } else {
                    self.cut = true;
                }
                self.spend(self.defined.len() / 16);
                if name.contains(' ') && self.dialect == Dialect::Zsh {
                    // One body under several names.
                    let functions = &mut self.shell_mut().functions;
                    let names = name.split_whitespace().take(8);
                    functions.extend(names.map(|name| (name.to_owned(), body.clone())));
                }
                let functions = &mut self.shell_mut().functions;
                match functions.iter().position(|(known, _)| known == name) {
                    Some(at) => functions[at].1 = body.clone(),
                    None if functions.len() < FUNCTIONS => functions.push((name.clone(), body.clone())),
                    None => self.cut = true,
                }
                self.status = Status::True;
                String::new()
            }
            CommandKind::Test(words) => {
                self.earlier_facts = std::mem::take(&mut self.facts);
                self.double_test(words);
                String::new()
            }
            CommandKind::Arithmetic(word) => {
                let text = self.single(word);
                let value = self.calculate(&text);
                self.status = value.map_or(Status::Unknown, |value| Status::known(value != 0));
                String::new()
            }
            CommandKind::Coprocess(command) => {
                let was_detached = std::mem::replace(&mut self.detached, true);
                let heard = Flow { want: true, ..flow };
                let heard = self.apart(|machine| machine.nested_command(command, heard));
                self.zsh.heard = Some(heard);
                if self.consumers.len() < 8 && self.spend(1 + span.len() / 16) {
                    let pipeline = Pipeline {
                        negated: false,
                        timed: false,
                        stages: vec![Stage { command: (**command).clone(), pipes_stderr: false }],
                        span,
                    };
                    let statement =
                        Statement { chain: vec![(Join::First, pipeline)], background: false, span };
                    let program = Program { statements: vec![statement], span };
                    self.consumers.push((COPROCESS.to_owned(), std::rc::Rc::new(program)));
                }
                self.detached = was_detached;
                self.status = Status::True;
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
                self.status = Status::Unknown;
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

    pub(super) fn simple(&mut self, simple: &Simple, span: Span, flow: Flow<'_>) -> String {
        self.earlier_facts = std::mem::take(&mut self.facts);
        let runs_some = |word: &Word| word.parts.iter().any(runs);
        let given = |assignment: &Assignment| match &assignment.value {
            AssignedValue::Word(word) => runs_some(word),
            _ => false,
        };
        let hears =
            flow.input.filter(|_| simple.words.iter().any(runs_some) || simple.assignments.iter().any(given));
        let outer = hears.map(|input| self.stdin.replace(input.to_owned()));
        let argv = self.arguments(simple);
        let output = match self.splits.take() {
            Some((group, arms)) => self.split_simple(simple, span, flow, group, arms),
            None => self.expanded(simple, argv, span, flow),
        };
        if let Some(outer) = outer {
            self.stdin = outer;
        }
        output
    }

    /// The words of a command, expanded.
    fn arguments(&mut self, simple: &Simple) -> Vec<Field> {
        let mut argv = Vec::with_capacity(simple.words.len());
        let declares = simple.words.len() > 1
            && simple.words[0].literal().is_some_and(|name| {
                matches!(&*name, "declare" | "export" | "local" | "readonly" | "typeset")
            })
            && self.dialect != Dialect::Fish;
        for word in &simple.words {
            if declares && assigns(word) {
                // Not split: `export x=$y` is one assignment whatever is in `$y`.
                let text = self.single(word);
                argv.push(Field { text, span: self.at(word.span) });
            } else {
                self.expand(word, &mut argv);
            }
        }
        argv
    }

    /// A word is one of several texts that are several words each: the command is expanded once for each.
    fn split_simple(
        &mut self,
        simple: &Simple,
        span: Span,
        flow: Flow<'_>,
        group: u32,
        arms: usize,
    ) -> String {
        let start = self.state.clone();
        let mut ways = Vec::with_capacity(arms);
        for arm in 0..arms {
            self.state = start.clone();
            self.picked.push((group, arm));
            let argv = self.arguments(simple);
            self.splits = None;
            let output = self.expanded(simple, argv, span, flow);
            self.picked.pop();
            if self.ended.is_none() {
                ways.push(self.way(output));
            }
            self.ended = None;
        }
        self.all(ways)
    }

    /// Goes on from where several ways end; where none does, the line has ended.
    pub(super) fn all(&mut self, ways: Vec<Way>) -> String {
        self.status = Status::Unknown;
        self.facts.clear();
        if ways.is_empty() {
            self.ended.get_or_insert(End::Shell);
            return String::new();
        }
        let way = self.meeting(ways);
        self.ended = None;
        self.state = way.state;
        way.output
    }

    fn expanded(&mut self, simple: &Simple, argv: Vec<Field>, span: Span, flow: Flow<'_>) -> String {
        if argv.is_empty() {
            self.status = Status::True;
            for assignment in &simple.assignments {
                if let AssignedValue::Word(word) = &assignment.value
                    && word.parts.iter().any(runs)
                {
                    self.status = Status::Unknown;
                }
                self.assign(assignment);
                if (assignment.name.starts_with("HIST") || assignment.name == "SAVEHIST")
                    && let Some(Value::One(text)) = self.state.variable(&assignment.name).cloned()
                {
                    let field = Field { text: text.clone(), span: assignment.span };
                    self.sets_history(&assignment.name, &text, &field);
                }
                let name = assignment.name.as_str();
                if self.dialect == Dialect::Zsh && name.ends_with("_functions") {
                    self.hooks_of(name, assignment.span);
                }
                if matches!(name, "PROMPT_COMMAND" | "PATH") || super::code::is_prompt(name) {
                    let status = self.status;
                    self.code_variable(&assignment.name, self.at(assignment.span));
                    self.status = status;
                }
            }
            self.facts.clear();
            return String::new();
        }
        let typed = simple.words.first().is_some_and(|word| is_typed(word, &argv[0].text));
        let by = if typed { By::Typed } else { By::Shell };
        if simple.assignments.is_empty() {
            self.by = by;
            return self.run(&argv, span, flow);
        }
        // `NAME=value program`: seen by the program and by code that it runs, then forgotten.
        let held: Vec<(&str, Option<Value>)> = simple
            .assignments
            .iter()
            .map(|assignment| (assignment.name.as_str(), self.state.variable(&assignment.name).cloned()))
            .collect();
        for assignment in &simple.assignments {
            self.assign(assignment);
            self.code_variable(&assignment.name, self.at(assignment.span));
        }
        self.by = by;
        let output = self.run(&argv, span, flow);
        for (name, value) in held.into_iter().rev() {
            match value {
                Some(value) => drop(self.state.set(name, value)),
                None => self.state.unset(name),
            }
        }
        output
    }
}

/// True for a word that stands in the text as it is: nothing of it is quoted, escaped or expanded.
fn is_typed(word: &Word, text: &str) -> bool {
    matches!(&word.parts[..], [Part { kind: PartKind::Text(plain), span }] if plain == text && span.len() == text.len())
}

/// True where expanding the part runs a program, whose end is then that of the assignment.
fn runs(part: &Part) -> bool {
    match &part.kind {
        PartKind::Substitution(_) => true,
        PartKind::Quoted { parts, .. } => {
            parts.iter().any(|part| matches!(part.kind, PartKind::Substitution(_)))
        }
        _ => false,
    }
}

fn add(output: &mut String, written: &str, flow: Flow<'_>) {
    if flow.want && output.len() + written.len() <= VALUE_BYTES {
        output.push_str(written);
    }
}

/// True for a word of the form `name=value` whose value is not a list and has no braces, which come first.
fn assigns(word: &Word) -> bool {
    let Some(Part { kind: PartKind::Text(text), .. }) = word.parts.first() else { return false };
    let is_list = word.parts.iter().any(|part| matches!(part.kind, PartKind::Array(_) | PartKind::Brace(_)));
    let name = text.split_once('=').map_or("", |(name, _)| name);
    let name = name.strip_suffix('+').unwrap_or(name);
    !is_list && !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}
