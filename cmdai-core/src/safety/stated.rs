//! Effects that a spec states by itself, beside those that the kinds of its operands say.

use super::call::Call;
use super::machine::Machine;
use super::operands::is_remote;
use super::{EffectKind, Target, TargetClass, value};
use crate::line::Span;
use crate::specs::{EffectRule, Item, On, Role, Spec, ValueKind};

/// True for a value that fits a pattern, or with `!` before it one that does not.
fn is_given(pattern: &str, text: &str) -> bool {
    match pattern.strip_prefix('!') {
        Some(pattern) => !fits(pattern, text),
        None => fits(pattern, text),
    }
}

impl Machine<'_> {
    /// An effect that the spec states.
    pub(super) fn rule(&mut self, call: &Call<'_>, rule: &EffectRule) {
        let args = call.args;
        let holds = (rule.when.is_empty() || args.has_any(rule.when))
            && (rule.also.is_empty() || args.has_any(rule.also))
            && !args.has_any(rule.unless)
            && (rule.given.is_empty()
                || rule
                    .given
                    .iter()
                    .any(|(flag, pattern)| args.values(flag).any(|item| is_given(pattern, item.text))));
        if !holds {
            return;
        }
        let operands: Vec<Item<'_>> = args.operands().collect();
        let some = |patterns: &[&str]| {
            operands.iter().any(|item| patterns.iter().any(|pattern| fits(pattern, item.text)))
        };
        if (!rule.with.is_empty() && !some(rule.with)) || some(rule.without) {
            return;
        }
        // Whatever is connected to the network and cannot be told is a shell: nothing else is.
        let is_any =
            |text: &str| rule.kind == EffectKind::RemoteShell && value::has_hole(text) && !text.contains(' ');
        let fits = |text: &str| {
            rule.matching.is_empty() || is_any(text) || rule.matching.iter().any(|p| fits(p, text))
        };
        let chosen: Vec<Item<'_>> = match rule.on {
            On::Nothing => {
                let span = self.words_span(call, rule);
                let target = self.target(TargetClass::Unknown, "", span);
                return self.state_effect(call, rule, target, span);
            }
            On::Text(text) => {
                let span = self.words_span(call, rule);
                // What a program writes below its file system is a device, even if it is not told by name.
                let device = rule.kind == EffectKind::WriteDevice;
                let class = if device { TargetClass::Device } else { TargetClass::Named };
                let target = self.target(class, text, span);
                return self.state_effect(call, rule, target, span);
            }
            On::WorkingDirectory => {
                let span = self.at(call.argv[0].span);
                self.touch(rule.kind, ".", span, rule.recursive, call.program);
                return;
            }
            On::Subject => {
                let span = self.words_span(call, rule);
                let (text, noun) = subject(call);
                let target = self.target(TargetClass::Named, &self.unknowns.show(&text), span);
                self.emit_with(rule.kind, target, rule.recursive, call.program, span, &noun);
                return;
            }
            On::Words => {
                // A policy written into the line is long; a line of nothing but words is not worth more.
                let mut left = 8 * 1024_usize;
                let near = call.argv[1..].iter().take_while(|field| {
                    left = left.saturating_sub(field.text.len());
                    left > 0
                });
                for field in near.filter(|field| fits(&field.text)).take(4) {
                    let span = self.at(field.span);
                    let target = self.target(TargetClass::Named, &self.unknowns.show(&field.text), span);
                    self.state_effect(call, rule, target, span);
                }
                return;
            }
            // `sed -i 's/a/b/' f`: the script is no file.
            On::Operands => {
                let is_script = |item: &Item<'_>| matches!(item.role, Role::Operand(Some(operand)) if matches!(operand.kind, ValueKind::Script(_)));
                // `sed -i '' 's/a/b/' f` of macOS: the ending of a copy that is not kept comes first.
                let ending =
                    call.program == "sed" && operands.first().is_some_and(|item| item.text.is_empty());
                let scripts = if ending { 2 } else { 0 };
                operands.into_iter().skip(scripts).filter(|item| !is_script(item)).collect()
            }
            On::First => operands.into_iter().take(1).collect(),
            On::Last => operands.into_iter().next_back().into_iter().collect(),
            On::Value(flag) => args.values(flag).collect(),
        };
        let recursive = rule.recursive || call.recursive();
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
            // `apt install jq` names a package, `apt install ./jq.deb` a file.
            let named = rule.kind == EffectKind::Install && !item.text.contains('/');
            if is_path && !named && !item.text.contains("://") {
                self.touch_as(rule.kind, item.text, span, recursive, call.program, rule.detail);
                continue;
            }
            let class = match rule.kind {
                EffectKind::Fetch | EffectKind::Send => TargetClass::Host,
                EffectKind::Kill => TargetClass::Process,
                EffectKind::WriteDevice => TargetClass::Device,
                _ => TargetClass::Named,
            };
            let target = self.target(class, &self.unknowns.show(item.text), span);
            self.state_effect(call, rule, target, span);
        }
    }

    pub(super) fn state_effect(&mut self, call: &Call<'_>, rule: &EffectRule, target: Target, span: Span) {
        let usual = matches!(rule.detail, "" | "install" | "upgrade");
        let is_odd = rule.kind == EffectKind::Install
            && usual
            && (!super::known::installs_plainly(call) || self.get("APT_CONFIG").is_some());
        let detail = match rule.kind {
            _ if is_odd => "odd".to_owned(),
            // Whoever has said what edits the list is not asked.
            _ if rule.detail == "asks" && self.edits_unasked(call) => String::new(),
            _ if !rule.detail.is_empty() => rule.detail.to_owned(),
            EffectKind::Kill => call.signal(),
            EffectKind::Privilege => {
                call.args.values("-u").next().map_or("root", |item| item.text).to_owned()
            }
            // Here it would be taken for the sort of thing that is deleted.
            EffectKind::DestroyCloud | EffectKind::Interrupt => String::new(),
            _ if call.args.path.len() > 1 => call.args.spec.name.to_owned(),
            _ => String::new(),
        };
        self.emit_with(rule.kind, target, rule.recursive, call.program, span, &detail);
    }

    /// True where the line itself says what edits the texts that git would show in an editor.
    fn edits_unasked(&mut self, call: &Call<'_>) -> bool {
        ["GIT_SEQUENCE_EDITOR", "GIT_EDITOR", "EDITOR", "VISUAL"].iter().any(|name| self.get(name).is_some())
            || call
                .argv
                .iter()
                .any(|field| field.text.contains("sequence.editor") || field.text.contains("core.editor"))
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

/// True where `text` fits a pattern of a spec: `*` is any text, `?` one byte, `[*]` a star itself, quoted or not.
///
/// Nothing is allocated: a verb may look for dozens of patterns in every word.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let mut star = [0; 4];
    let star: &[u8] = value::STAR.encode_utf8(&mut star).as_bytes();
    let (mut p, mut t, mut open) = (0, 0, None);
    while t < text.len() {
        let (rest, here) = (pattern.get(p..).unwrap_or_default(), &text[t..]);
        if rest.starts_with(b"[*]") && (here[0] == b'*' || here.starts_with(star)) {
            p += 3;
            t += if here[0] == b'*' { 1 } else { star.len() };
        } else if rest.first() == Some(&b'*') {
            p += 1;
            open = Some((p, t));
        } else if rest.first() == Some(&b'?') || (rest.first() == Some(&here[0]) && !rest.starts_with(b"[*]"))
        {
            p += 1;
            t += 1;
        } else if let Some((after, from)) = open {
            p = after;
            t = from + 1;
            open = Some((after, t));
        } else {
            return false;
        }
    }
    pattern.get(p..).unwrap_or_default().iter().all(|&letter| letter == b'*')
}

/// What a verb is about, for a person to read, and what sort of thing that is: of
/// `aws ec2 terminate-instances --instance-ids i-1` they are `ec2 instances i-1` and `instances`.
fn subject(call: &Call<'_>) -> (String, String) {
    let mut words: Vec<&str> = Vec::new();
    let mut noun = "";
    let mut verb = None;
    for item in &call.args.items {
        match item.role {
            Role::Group => {
                words.extend(verb.take().map(|(text, _)| text));
                words.push(item.text);
            }
            Role::Subcommand(spec) => {
                words.extend(verb.take().map(|(text, _)| text));
                verb = Some((item.text, spec));
            }
            _ => {}
        }
    }
    if let Some((text, spec)) = verb {
        noun = Spec::noun(spec, text);
        if !noun.is_empty() {
            words.push(noun);
        }
    }
    if noun.is_empty() {
        noun = words.last().copied().unwrap_or_default();
    }
    let mut names = 0;
    for item in &call.args.items {
        let named = match item.role {
            Role::Operand(_) => true,
            Role::Value(flag) => flag.names.iter().any(|name| name.ends_with("name") || name.ends_with("id")),
            _ => false,
        };
        if named && names < 3 && !item.text.is_empty() {
            if noun.is_empty() {
                noun = item.text.split('/').next().unwrap_or_default();
            }
            words.push(item.text);
            names += 1;
        }
    }
    (words.join(" "), noun.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{fits, value};

    #[test]
    fn patterns_of_specs() {
        for (pattern, text) in [
            ("a*c", "abbc"),
            ("*0.0.0.0/0*", "CidrIp=0.0.0.0/0]"),
            ("[*]", "*"),
            ("gs://*[*]*", "gs://data/*"),
            ("*\"[*]\"*", "{\"Principal\":\"*\"}"),
            ("*", ""),
        ] {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        assert!(fits("x/[*]", &format!("x/{}", value::STAR)));
        for (pattern, text) in [("[*]", "a"), ("a", "ab"), ("ab", "a"), ("*x", "xy"), ("[*]a", "[*]a")] {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }
}
