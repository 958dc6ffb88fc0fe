//! Going over a tree: every command with its surroundings, programs inside words included.

use std::sync::Arc;

use super::ir::{
    AssignedValue, Brace, Command, CommandKind, Expression, ExpressionKind, Operation, Parameter, Part,
    PartKind, Pipeline, Program, Redirection, RedirectionKind, Word,
};

/// Where a command stands.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The pipeline that it is a stage of.
    pub pipeline: &'a Pipeline,
    /// Its place in the pipeline, from 0.
    pub stage: usize,
    /// What the program that holds it is for.
    pub inside: Inside,
    /// The command that the program is a part of; `None` for the line itself.
    pub parent: Option<&'a Surrounded<'a>>,
}

/// A command and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Surrounded<'a> {
    /// The command.
    pub command: &'a Command,
    /// Where it stands.
    pub place: Surroundings<'a>,
}

/// What a nested program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Inside {
    /// The line itself.
    Line,
    /// A part of a compound command that runs in the same shell: a group, branch or body.
    Compound,
    /// `( … )`
    Subshell,
    /// The body of a function: runs when it is called.
    Function,
    /// `$( … )` or backticks in a word.
    Substitution,
    /// `<( … )` or `>( … )`
    Process,
    /// Code as a value: runs where it is called.
    Closure,
}

/// Calls `visit` for every command of the program, outer before inner, in the order written. Commands
/// inside the words of a command come after it.
pub fn commands(program: &Program, visit: &mut dyn FnMut(&Command, &Surroundings<'_>)) {
    visit_program(program, Inside::Line, None, visit);
}

type Visit<'v> = dyn FnMut(&Command, &Surroundings<'_>) + 'v;

fn visit_program(program: &Program, inside: Inside, parent: Option<&Surrounded<'_>>, visit: &mut Visit<'_>) {
    for statement in &program.statements {
        for (_, pipeline) in &statement.chain {
            for (stage, held) in pipeline.stages.iter().enumerate() {
                visit_command(&held.command, Surroundings { pipeline, stage, inside, parent }, visit);
            }
        }
    }
}

fn visit_command(command: &Command, place: Surroundings<'_>, visit: &mut Visit<'_>) {
    visit(command, &place);
    let here = Surrounded { command, place };
    let here = Some(&here);
    nested_of_command(command, &mut |nested| match nested {
        Nested::Program(program, inside) => visit_program(program, inside, here, visit),
        Nested::Command(command, inside) => {
            visit_command(command, Surroundings { inside, parent: here, ..place }, visit);
        }
    });
}

/// A program or command that is a part of something.
#[derive(Clone, Copy, Debug)]
pub enum Nested<'a> {
    /// A list of statements.
    Program(&'a Program, Inside),
    /// The body of a function or coprocess.
    Command(&'a Command, Inside),
}

/// Calls `visit` for the programs directly inside a command: its parts, then those of its words and redirections.
pub fn nested_of_command<'a>(command: &'a Command, visit: &mut dyn FnMut(Nested<'a>)) {
    use Inside::{Compound, Function, Subshell};
    match &command.kind {
        CommandKind::Simple(simple) => {
            for assignment in &simple.assignments {
                if let Some(index) = &assignment.index {
                    nested_of_word(index, visit);
                }
                match &assignment.value {
                    AssignedValue::Word(word) => nested_of_word(word, visit),
                    AssignedValue::Array(words) => nested_of_words(words, visit),
                }
            }
            nested_of_words(&simple.words, visit);
        }
        CommandKind::Group(body) => visit(Nested::Program(body, Compound)),
        CommandKind::Subshell(body) => visit(Nested::Program(body, Subshell)),
        CommandKind::If { arms, otherwise } => {
            for (condition, body) in arms {
                visit(Nested::Program(condition, Compound));
                visit(Nested::Program(body, Compound));
            }
            if let Some(body) = otherwise {
                visit(Nested::Program(body, Compound));
            }
        }
        CommandKind::While { condition, body, .. } => {
            visit(Nested::Program(condition, Compound));
            visit(Nested::Program(body, Compound));
        }
        CommandKind::For { words, body, .. } => {
            nested_of_words(words.as_deref().unwrap_or_default(), visit);
            visit(Nested::Program(body, Compound));
        }
        CommandKind::ArithmeticFor { header, body } => {
            nested_of_word(header, visit);
            visit(Nested::Program(body, Compound));
        }
        CommandKind::Case { subject, arms } => {
            nested_of_word(subject, visit);
            for arm in arms {
                nested_of_words(&arm.patterns, visit);
                visit(Nested::Program(&arm.body, Compound));
            }
        }
        CommandKind::Function { body, .. } => visit(Nested::Command(body, Function)),
        CommandKind::Coprocess(body) => visit(Nested::Command(body, Subshell)),
        CommandKind::Test(words) => nested_of_words(words, visit),
        CommandKind::Arithmetic(word) => nested_of_word(word, visit),
        CommandKind::Expression(expression) => nested_of_expression(expression, visit),
        CommandKind::Assign { target, value, .. } => {
            nested_of_expression(target, visit);
            visit(Nested::Program(value, Compound));
        }
        CommandKind::Try { body, handlers } => {
            for body in std::iter::once(body).chain(handlers) {
                visit(Nested::Program(body, Compound));
            }
        }
        CommandKind::Opaque => {}
    }
    for redirection in &command.redirections {
        nested_of_word(redirection.word(), visit);
    }
}

fn nested_of_words<'a>(words: &'a [Word], visit: &mut dyn FnMut(Nested<'a>)) {
    for word in words {
        nested_of_word(word, visit);
    }
}

/// Calls `visit` for the programs directly inside a word: substitutions and process substitutions.
pub fn nested_of_word<'a>(word: &'a Word, visit: &mut dyn FnMut(Nested<'a>)) {
    nested_of_parts(&word.parts, visit);
}

fn nested_of_parts<'a>(parts: &'a [Part], visit: &mut dyn FnMut(Nested<'a>)) {
    for part in parts {
        match &part.kind {
            PartKind::Substitution(program) => visit(Nested::Program(program, Inside::Substitution)),
            PartKind::Process { program, .. } => visit(Nested::Program(program, Inside::Process)),
            PartKind::Quoted { parts, .. } | PartKind::Arithmetic(parts) => nested_of_parts(parts, visit),
            PartKind::Parameter(parameter) => {
                for word in parameter.words() {
                    nested_of_word(word, visit);
                }
            }
            PartKind::Brace(Brace::List(words)) | PartKind::Array(words) => nested_of_words(words, visit),
            PartKind::Closure(closure) => {
                for default in closure.parameters.iter().filter_map(|parameter| parameter.default.as_ref()) {
                    nested_of_expression(default, visit);
                }
                visit(Nested::Program(&closure.body, Inside::Closure));
            }
            PartKind::Expression(expression) => nested_of_expression(expression, visit),
            PartKind::Slice { of, index } => {
                nested_of_parts(std::slice::from_ref(of), visit);
                nested_of_word(index, visit);
            }
            PartKind::Text(_)
            | PartKind::Glob(_)
            | PartKind::Brace(Brace::Range { .. })
            | PartKind::Tilde(_)
            | PartKind::Opaque => {}
        }
    }
}

fn nested_of_expression<'a>(expression: &'a Expression, visit: &mut dyn FnMut(Nested<'a>)) {
    match &expression.kind {
        ExpressionKind::Word(word) => nested_of_word(word, visit),
        ExpressionKind::Program { program, .. } => visit(Nested::Program(program, Inside::Substitution)),
        ExpressionKind::Closure(closure) => visit(Nested::Program(&closure.body, Inside::Closure)),
        _ => {}
    }
    for child in expression.children() {
        nested_of_expression(child, visit);
    }
}

impl Parameter {
    /// The words inside the expansion, in the order written.
    pub fn words(&self) -> impl Iterator<Item = &Word> {
        let mut words: Vec<&Word> = self.index.iter().collect();
        if let Some(operation) = &self.operation {
            operation.add_words(&mut words);
        }
        words.into_iter()
    }
}

impl Operation {
    /// The words inside it, in the order written.
    fn add_words<'a>(&'a self, words: &mut Vec<&'a Word>) {
        match self {
            Self::Default { word, .. }
            | Self::Trim { pattern: word, .. }
            | Self::Case { pattern: word, .. }
            | Self::Other(word) => words.push(word),
            Self::Replace { pattern, replacement, .. } => words.extend([pattern, replacement]),
            Self::Substring { offset, length } => words.extend(std::iter::once(offset).chain(length)),
            // Steps are plain operations: none holds steps of its own.
            Self::Zsh(zsh) => {
                words.extend(zsh.inner.iter().chain(&zsh.indices));
                zsh.steps.iter().for_each(|step| step.add_words(words));
            }
            Self::Transform(_) | Self::Modifier(_) => {}
        }
    }

    fn each_word_mut(&mut self, change: &mut dyn FnMut(&mut Word)) {
        match self {
            Self::Default { word, .. }
            | Self::Trim { pattern: word, .. }
            | Self::Case { pattern: word, .. }
            | Self::Other(word) => change(word),
            Self::Replace { pattern, replacement, .. } => {
                change(pattern);
                change(replacement);
            }
            Self::Substring { offset, length } => {
                change(offset);
                length.iter_mut().for_each(change);
            }
            Self::Zsh(zsh) => {
                zsh.inner.iter_mut().chain(&mut zsh.indices).for_each(&mut *change);
                zsh.steps.iter_mut().for_each(|step| step.each_word_mut(change));
            }
            Self::Transform(_) | Self::Modifier(_) => {}
        }
    }
}

impl Redirection {
    /// The word that the operator is about: file, descriptor, text or body.
    pub fn word(&self) -> &Word {
        match &self.kind {
            RedirectionKind::Read(word)
            | RedirectionKind::Write(word)
            | RedirectionKind::Append(word)
            | RedirectionKind::ReadWrite(word)
            | RedirectionKind::WriteBoth(word)
            | RedirectionKind::AppendBoth(word)
            | RedirectionKind::Duplicate(word)
            | RedirectionKind::HereString(word)
            | RedirectionKind::HereDocument { body: word, .. } => word,
        }
    }

    fn word_mut(&mut self) -> &mut Word {
        match &mut self.kind {
            RedirectionKind::Read(word)
            | RedirectionKind::Write(word)
            | RedirectionKind::Append(word)
            | RedirectionKind::ReadWrite(word)
            | RedirectionKind::WriteBoth(word)
            | RedirectionKind::AppendBoth(word)
            | RedirectionKind::Duplicate(word)
            | RedirectionKind::HereString(word)
            | RedirectionKind::HereDocument { body: word, .. } => word,
        }
    }
}

/// Calls `change` for every redirection anywhere in the program, each before what is inside it.
pub(super) fn each_redirection_mut(program: &mut Program, change: &mut dyn FnMut(&mut Redirection)) {
    for statement in &mut program.statements {
        for (_, pipeline) in &mut statement.chain {
            for stage in &mut pipeline.stages {
                in_command(&mut stage.command, change);
            }
        }
    }
}

type Change<'c> = dyn FnMut(&mut Redirection) + 'c;

fn in_command(command: &mut Command, change: &mut Change<'_>) {
    for redirection in &mut command.redirections {
        change(redirection);
        in_word(redirection.word_mut(), change);
    }
    match &mut command.kind {
        CommandKind::Simple(simple) => {
            for assignment in &mut simple.assignments {
                assignment.index.iter_mut().for_each(|word| in_word(word, change));
                match &mut assignment.value {
                    AssignedValue::Word(word) => in_word(word, change),
                    AssignedValue::Array(words) => in_words(words, change),
                }
            }
            in_words(&mut simple.words, change);
        }
        CommandKind::Group(body) | CommandKind::Subshell(body) => each_redirection_mut(body, change),
        CommandKind::If { arms, otherwise } => {
            for (condition, body) in arms {
                each_redirection_mut(condition, change);
                each_redirection_mut(body, change);
            }
            otherwise.iter_mut().for_each(|body| each_redirection_mut(body, change));
        }
        CommandKind::While { condition, body, .. } => {
            each_redirection_mut(condition, change);
            each_redirection_mut(body, change);
        }
        CommandKind::For { words, body, .. } => {
            words.iter_mut().for_each(|words| in_words(words, change));
            each_redirection_mut(body, change);
        }
        CommandKind::ArithmeticFor { header, body } => {
            in_word(header, change);
            each_redirection_mut(body, change);
        }
        CommandKind::Case { subject, arms } => {
            in_word(subject, change);
            for arm in arms {
                in_words(&mut arm.patterns, change);
                each_redirection_mut(&mut arm.body, change);
            }
        }
        CommandKind::Function { body, .. } => in_command(Arc::make_mut(body), change),
        CommandKind::Coprocess(body) => in_command(body, change),
        CommandKind::Test(words) => in_words(words, change),
        CommandKind::Arithmetic(word) => in_word(word, change),
        CommandKind::Expression(expression) => in_expression(expression, change),
        CommandKind::Assign { target, value, .. } => {
            in_expression(target, change);
            each_redirection_mut(value, change);
        }
        CommandKind::Try { body, handlers } => {
            each_redirection_mut(body, change);
            handlers.iter_mut().for_each(|body| each_redirection_mut(body, change));
        }
        CommandKind::Opaque => {}
    }
}

fn in_expression(expression: &mut Expression, change: &mut Change<'_>) {
    match &mut expression.kind {
        ExpressionKind::Word(word) => in_word(word, change),
        ExpressionKind::Program { program, .. } => each_redirection_mut(program, change),
        ExpressionKind::Closure(closure) => each_redirection_mut(&mut closure.body, change),
        _ => {}
    }
    for child in expression.children_mut() {
        in_expression(child, change);
    }
}

fn in_words(words: &mut [Word], change: &mut Change<'_>) {
    words.iter_mut().for_each(|word| in_word(word, change));
}

fn in_word(word: &mut Word, change: &mut Change<'_>) {
    in_parts(&mut word.parts, change);
}

fn in_parts(parts: &mut [Part], change: &mut Change<'_>) {
    for part in parts {
        match &mut part.kind {
            PartKind::Substitution(program) | PartKind::Process { program, .. } => {
                each_redirection_mut(program, change);
            }
            PartKind::Quoted { parts, .. } | PartKind::Arithmetic(parts) => in_parts(parts, change),
            PartKind::Parameter(parameter) => {
                parameter.index.iter_mut().for_each(|word| in_word(word, change));
                if let Some(operation) = &mut parameter.operation {
                    operation.each_word_mut(&mut |word| in_word(word, change));
                }
            }
            PartKind::Brace(Brace::List(words)) | PartKind::Array(words) => in_words(words, change),
            PartKind::Closure(closure) => each_redirection_mut(&mut closure.body, change),
            PartKind::Expression(expression) => in_expression(expression, change),
            PartKind::Slice { of, index } => {
                in_parts(std::slice::from_mut(of), change);
                in_word(index, change);
            }
            PartKind::Text(_)
            | PartKind::Glob(_)
            | PartKind::Brace(Brace::Range { .. })
            | PartKind::Tilde(_)
            | PartKind::Opaque => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Inside, commands};
    use crate::Dialect;
    use crate::syntax::parse;

    /// Every command of the line, each with what it is inside of, its stage and how many are around it.
    #[track_caller]
    fn check(line: &str, want: &[(&str, Inside, usize, usize)]) {
        let parsed = parse(line, Dialect::Bash);
        let mut found = Vec::new();
        commands(&parsed.program, &mut |command, place| {
            let around = std::iter::successors(place.parent, |parent| parent.place.parent).count();
            found.push((command.span.of(line), place.inside, place.stage, around));
        });
        assert_eq!(found, want, "{line}");
    }

    #[test]
    fn every_command_is_visited_with_its_surroundings() {
        use Inside::{Compound, Function, Line, Process, Substitution};
        check("a | b; c", &[("a", Line, 0, 0), ("b", Line, 1, 0), ("c", Line, 0, 0)]);
        check("a $(b) <(c)", &[("a $(b) <(c)", Line, 0, 0), ("b", Substitution, 0, 1), ("c", Process, 0, 1)]);
        check("a > \"$(b)\"", &[("a > \"$(b)\"", Line, 0, 0), ("b", Substitution, 0, 1)]);
        check("{ a; }", &[("{ a; }", Line, 0, 0), ("a", Compound, 0, 1)]);
        check("f() { a; }", &[("f() { a; }", Line, 0, 0), ("{ a; }", Function, 0, 1), ("a", Compound, 0, 2)]);
        check(
            "x=${y:-`a`} b[$(c)]=1",
            &[("x=${y:-`a`} b[$(c)]=1", Line, 0, 0), ("a", Substitution, 0, 1), ("c", Substitution, 0, 1)],
        );
        check("cat <<E\n$(a)\nE", &[("cat <<E", Line, 0, 0), ("a", Substitution, 0, 1)]);
        check(
            "e {a,$(b)} $((1+$(c)))",
            &[("e {a,$(b)} $((1+$(c)))", Line, 0, 0), ("b", Substitution, 0, 1), ("c", Substitution, 0, 1)],
        );
    }
}
