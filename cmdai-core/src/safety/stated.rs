//! Effects that a spec states by itself, beside those that the kinds of its operands say.

use super::lower::Call;
use super::machine::Machine;
use super::operands::is_remote;
use super::{EffectKind, Target, TargetClass, value};
use crate::line::Span;
use crate::specs::{EffectRule, Item, On, Role, ValueKind};

impl Machine<'_> {
    /// An effect that the spec states.
    pub(super) fn rule(&mut self, call: &Call<'_>, rule: &EffectRule) {
        let args = call.args;
        let holds = (rule.when.is_empty() || args.has_any(rule.when))
            && (rule.also.is_empty() || args.has_any(rule.also))
            && !args.has_any(rule.unless);
        if !holds {
            return;
        }
        let fits =
            |text: &str| rule.matching.is_empty() || rule.matching.iter().any(|p| value::fits(p, text));
        let operands: Vec<Item<'_>> = args.operands().collect();
        let chosen: Vec<Item<'_>> = match rule.on {
            On::Nothing => {
                let span = self.words_span(call, rule);
                let target = self.target(TargetClass::Unknown, "", span);
                return self.state_effect(call, rule, target, span);
            }
            On::Text(text) => {
                let span = self.words_span(call, rule);
                let target = self.target(TargetClass::Named, text, span);
                return self.state_effect(call, rule, target, span);
            }
            On::WorkingDirectory => {
                let span = self.at(call.argv[0].span);
                self.touch(rule.kind, ".", span, rule.recursive, call.program);
                return;
            }
            On::Operands => operands,
            On::First => operands.into_iter().take(1).collect(),
            On::Last => operands.into_iter().next_back().into_iter().collect(),
            On::Value(flag) => args.values(flag).collect(),
        };
        for item in chosen.into_iter().filter(|item| fits(item.text)) {
            let span = self.at(call.argv[item.word + 1].span);
            let kind = match item.role {
                Role::Operand(Some(operand)) => Some(operand.kind),
                Role::Value(flag) => flag.value.map(|value| value.kind),
                _ => None,
            };
            let is_path = match kind {
                Some(ValueKind::Path(_)) => true,
                Some(ValueKind::Place) => !is_remote(item.text),
                _ => false,
            };
            if is_path && !item.text.contains("://") {
                self.touch(rule.kind, item.text, span, rule.recursive || call.recursive(), call.program);
                continue;
            }
            let class = match rule.kind {
                EffectKind::Fetch | EffectKind::Send => TargetClass::Host,
                EffectKind::Kill => TargetClass::Process,
                _ => TargetClass::Named,
            };
            let target = self.target(class, &self.unknowns.show(item.text), span);
            self.state_effect(call, rule, target, span);
        }
    }

    pub(super) fn state_effect(&mut self, call: &Call<'_>, rule: &EffectRule, target: Target, span: Span) {
        let detail = match rule.kind {
            EffectKind::Kill => call.signal(),
            EffectKind::Privilege => {
                call.args.values("-u").next().map_or("root", |item| item.text).to_owned()
            }
            _ if call.args.path.len() > 1 => call.args.spec.name.to_owned(),
            _ => String::new(),
        };
        self.emit_with(rule.kind, target, rule.recursive, call.program, span, &detail);
    }

    /// The program, its subcommands and the flag that a rule hangs on.
    pub(super) fn words_span(&self, call: &Call<'_>, rule: &EffectRule) -> Span {
        let mut span = call.argv[0].span;
        for item in &call.args.items {
            let counts = match item.role {
                Role::Subcommand(_) => true,
                Role::Flag(flag) => rule.when.contains(&flag.names[0]) || rule.also.contains(&flag.names[0]),
                _ => false,
            };
            if counts {
                span = span.to(call.argv[item.word + 1].span);
            }
        }
        self.at(span)
    }
}
