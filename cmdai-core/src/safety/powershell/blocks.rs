//! Cmdlets that run blocks of code or programs: for each object, in jobs, on other machines.

use std::rc::Rc;

use super::binding::Bound;
use super::commands::Argument;
use super::data::{Data, Kind};
use super::{OBJECTS, ROUNDS, slashes};
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::value::{self, HOME};
use crate::safety::{EffectKind, TargetClass, paths};
use crate::syntax::ir::{Access, Closure, CommandKind, ExpressionKind};

impl Machine<'_> {
    pub(super) fn for_each(&mut self, bound: &Bound<'_>, input: &[Data], piped: bool) -> Vec<Data> {
        let mut output = Vec::new();
        let closure = |data: &Data| match data {
            Data::Closure(closure) => Some(closure.clone()),
            _ => None,
        };
        let named = |name: &str| bound.get(name).and_then(closure);
        if let Some(begin) = named("-Begin") {
            output.extend(self.invoke(&begin, &[], &[]));
        }
        let mut steps: Vec<Rc<Closure>> = ["-Process", "-Parallel"].into_iter().filter_map(named).collect();
        let positional: Vec<Rc<Closure>> =
            bound.positional.iter().filter_map(|(data, _)| closure(data)).collect();
        let blocks = positional.len();
        let mut last = None;
        for (index, block) in positional.into_iter().enumerate() {
            match index {
                0 if blocks > 1 => output.extend(self.invoke(&block, &[], &[])),
                _ if blocks > 2 && index + 1 == blocks => last = Some(block),
                _ => steps.push(block),
            }
        }
        let unknown = [self.unknown("$_", &[])];
        let held = bound.get("-InputObject").cloned().map(Data::unrolled);
        let input = held.as_deref().unwrap_or(input);
        let given = if input.is_empty() && (piped || blocks > 0) { &unknown[..] } else { input };
        // A member or method by its name: `% Delete`.
        if let Some(Data::Text(name)) = bound.at("-MemberName", 0) {
            let name = name.clone();
            let arguments: Vec<Data> =
                bound.positional.iter().skip(1).map(|(data, _)| data.clone()).collect();
            let span = bound.positional.first().map_or(Span::default(), |(_, span)| *span);
            for item in given.iter().take(ROUNDS) {
                let member = self.member(item, &name);
                output.push(member);
                let called = self.call_method(item, &name, &arguments, span);
                if !called.is_unknown() {
                    output.pop();
                    output.push(called);
                }
            }
            return output;
        }
        let (first, long) = (self.effects.len(), self.memory.long_row && given.len() >= OBJECTS);
        for item in given.iter().take(OBJECTS) {
            for step in &steps {
                output.extend(self.invoke(step, &[], std::slice::from_ref(item)));
            }
            if output.len() > OBJECTS || self.fuel == 0 {
                break;
            }
        }
        if long {
            let span = bound.positional.first().map_or(Span::default(), |(_, span)| *span);
            self.row_of_files(first, span);
        }
        for end in named("-End").into_iter().chain(last) {
            output.extend(self.invoke(&end, &[], &[]));
        }
        output
    }

    pub(super) fn filter(&mut self, bound: &Bound<'_>, input: &[Data]) -> Vec<Data> {
        let test = bound.at("-FilterScript", 0).cloned();
        let Some(Data::Closure(closure)) = test else {
            // What is left out is named; all the rest goes on.
            let about = bound.at("-Property", 0).map(Data::to_text).unwrap_or_default();
            let of_state = matches!(about.to_ascii_lowercase().as_str(), "status" | "state" | "enabled")
                && bound.has("-EQ");
            // What runs at all is everything that can be stopped.
            let all = of_state
                || bound.has("-NE")
                || (is_number_of(&about) && (bound.has("-GT") || bound.has("-GE")));
            return if all { input.to_vec() } else { self.some_items(input) };
        };
        let leaves_out = excludes(&closure);
        let mut output = Vec::new();
        for item in input.iter().take(OBJECTS) {
            let held = Data::of(self.invoke(&closure, &[], std::slice::from_ref(item)));
            match held.to_bool() {
                Some(true) if matches!(held, Data::Bool(_) | Data::Number(_)) => output.push(item.clone()),
                Some(false) if leaves_out => output.push(item.clone()),
                Some(false) => {
                    // What is compared may be a mark of ours: only plain values can fail.
                    if value::has_pattern(&item.to_text()) {
                        output.extend(self.some_items(std::slice::from_ref(item)));
                    }
                }
                _ if leaves_out => output.push(item.clone()),
                _ => output.extend(self.some_items(std::slice::from_ref(item))),
            }
        }
        output
    }

    /// Code in blocks, here or on another machine.
    pub(super) fn run_blocks(
        &mut self,
        bound: &Bound<'_>,
        span: Span,
        here: Span,
        input: &[Data],
    ) -> Vec<Data> {
        if bound.spec.name == "Register-ScheduledJob" {
            let target = self.target(TargetClass::Named, "a scheduled job", here);
            self.emit(EffectKind::Persist, target, false, bound.spec.name, here);
        }
        let elsewhere = ["-ComputerName", "-Session", "-HostName", "-VMName", "-ContainerId"]
            .iter()
            .any(|name| bound.has(name));
        let arguments: Vec<Argument> = bound
            .get("-ArgumentList")
            .cloned()
            .map(Data::unrolled)
            .unwrap_or_default()
            .into_iter()
            .map(|data| Argument::positional(data, here))
            .collect();
        let state = elsewhere.then(|| (std::mem::take(&mut self.state), self.memory.clone()));
        if elsewhere {
            self.state.cwd = HOME.to_string();
        }
        let mut output = Vec::new();
        let mut found = false;
        let before = self.effects.len();
        let was_detached = self.detached;
        let job = matches!(bound.spec.name, "Start-Job" | "Start-ThreadJob");
        if job && self.memory.endless {
            let target = self.target(TargetClass::Process, "the loop", here);
            self.emit(EffectKind::Exhaust, target, true, "Start-Job", here);
        }
        self.detached |= job;
        for data in bound.values() {
            match data {
                Data::Closure(closure) => {
                    found = true;
                    output.extend(self.invoke(&closure.clone(), &arguments, input));
                }
                other
                    if other.is_unknown()
                        && bound.get("-ScriptBlock").is_some_and(|block| block.is_unknown())
                        && !found =>
                {
                    found = true;
                    let text = other.to_text();
                    self.report_unknown_code(&text, here);
                }
                _ => {}
            }
        }
        self.detached = was_detached;
        if let Some(path) = bound.get("-FilePath").map(Data::to_text)
            && let Some(text) = self.written_file(&path)
        {
            output.extend(self.run_text(&text, here));
        }
        if let Some((state, memory)) = state {
            self.state = state;
            self.memory = memory;
        }
        self.on_many(bound, before);
        let _ = span;
        output
    }

    pub(super) fn start_process(&mut self, bound: &Bound<'_>, span: Span, here: Span) -> Vec<Data> {
        let program = bound.at("-FilePath", 0).map(Data::to_text).unwrap_or_default();
        if self.memory.endless && !bound.has("-Wait") {
            let target = self.target(TargetClass::Process, &program, here);
            self.emit(EffectKind::Exhaust, target, true, "Start-Process", here);
        }
        let rest = bound.at("-ArgumentList", 1).map(super::methods::words).unwrap_or_default();
        self.record_bound(bound, span, here);
        if bound.get("-Verb").is_some_and(|verb| verb.to_text().eq_ignore_ascii_case("runas")) {
            let target = self.target(TargetClass::Unknown, "", here);
            self.emit_with(EffectKind::Privilege, target, false, "Start-Process", here, "an administrator");
        }
        let before = self.state.cwd.clone();
        if let Some(folder) = bound.get("-WorkingDirectory").map(Data::to_text) {
            self.state.cwd = paths::enter(&slashes(&folder), &self.state.cwd, self.ctx);
        }
        self.start_program(&program, &rest, here);
        self.state.cwd = before;
        vec![Data::object(Kind::Process, program)]
    }
}

/// True for a test that holds for all but a few: `$_.Name -ne 'x'`, `$_.Id -gt 4`.
fn excludes(closure: &Closure) -> bool {
    let [statement] = &closure.body.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    let CommandKind::Expression(expression) = &stage.command.kind else { return false };
    let ExpressionKind::Binary { first, rest } = &expression.kind else { return false };
    let [(operator, _)] = &rest[..] else { return false };
    let numbers = || {
        matches!(&first.kind, ExpressionKind::Access { steps, .. } if matches!(&steps[..],
            [Access::Member { name, .. }] if matches!(&name.kind,
                ExpressionKind::Word(word) if word.literal().is_some_and(|name| is_number_of(&name)))))
    };
    match operator.as_str() {
        "-ne" | "-notlike" | "-notmatch" | "-notin" | "-notcontains" => true,
        "-gt" | "-ge" => numbers(),
        _ => false,
    }
}

/// Numbers that everything has: "more than so much" leaves out next to nothing.
fn is_number_of(property: &str) -> bool {
    matches!(property.to_ascii_lowercase().as_str(), "id" | "si" | "sessionid" | "processid")
}
