//! The reading of `brush-parser`.

use std::io::Cursor;

use brush_parser::ast::{
    AndOr, Command, CommandPrefixOrSuffixItem, CompoundCommand, CompoundList, Pipeline, Program,
    SimpleCommand,
};
use brush_parser::{Parser, ParserOptions};

use crate::Reading;

/// `None` where the parser reports an error.
pub(crate) fn read(line: &str) -> Option<Reading> {
    let program = Parser::new(Cursor::new(line), &ParserOptions::default()).parse_program().ok()?;
    let mut reading = Reading::new();
    add_program(&program, &mut reading);
    Some(reading)
}

fn add_program(program: &Program, out: &mut Reading) {
    for list in &program.complete_commands {
        add_list(list, out);
    }
}

fn add_list(list: &CompoundList, out: &mut Reading) {
    for item in &list.0 {
        add_pipeline(&item.0.first, out);
        for next in &item.0.additional {
            let (AndOr::And(pipeline) | AndOr::Or(pipeline)) = next;
            add_pipeline(pipeline, out);
        }
    }
}

fn add_pipeline(pipeline: &Pipeline, out: &mut Reading) {
    for command in &pipeline.seq {
        add_command(command, out);
    }
}

fn add_command(command: &Command, out: &mut Reading) {
    match command {
        Command::Simple(simple) => add_simple(simple, out),
        Command::Compound(compound, _) => add_compound(compound, out),
        Command::Function(function) => add_compound(&function.body.0, out),
        Command::ExtendedTest(..) => {}
    }
}

fn add_compound(compound: &CompoundCommand, out: &mut Reading) {
    match compound {
        CompoundCommand::Arithmetic(_) => {}
        CompoundCommand::ArithmeticForClause(clause) => add_list(&clause.body.list, out),
        CompoundCommand::BraceGroup(group) => add_list(&group.list, out),
        CompoundCommand::Subshell(subshell) => add_list(&subshell.list, out),
        CompoundCommand::ForClause(clause) => add_list(&clause.body.list, out),
        CompoundCommand::CaseClause(clause) => {
            clause.cases.iter().filter_map(|case| case.cmd.as_ref()).for_each(|list| add_list(list, out));
        }
        CompoundCommand::IfClause(clause) => {
            add_list(&clause.condition, out);
            add_list(&clause.then, out);
            for otherwise in clause.elses.iter().flatten() {
                otherwise.condition.iter().for_each(|list| add_list(list, out));
                add_list(&otherwise.body, out);
            }
        }
        CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
            add_list(&clause.0, out);
            add_list(&clause.1.list, out);
        }
        CompoundCommand::Coprocess(coprocess) => add_command(&coprocess.body, out),
    }
}

fn add_simple(simple: &SimpleCommand, out: &mut Reading) {
    let Some(program) = &simple.word_or_name else { return };
    if crate::is_apart(&program.value) {
        return;
    }
    let mut words = vec![program.value.clone()];
    for item in simple.suffix.iter().flat_map(|suffix| &suffix.0) {
        match item {
            CommandPrefixOrSuffixItem::Word(word) | CommandPrefixOrSuffixItem::AssignmentWord(_, word) => {
                words.push(word.value.clone());
            }
            CommandPrefixOrSuffixItem::IoRedirect(_) => {}
            CommandPrefixOrSuffixItem::ProcessSubstitution(..) => words.push(crate::PROCESS.to_owned()),
        }
    }
    out.insert(words);
}
