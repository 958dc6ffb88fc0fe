//! A tree on one line, for the expectations of tests.
//!
//! `(ls -l)` is a simple command, its words as the parser took them: `‹*›` is a glob, `~‹›` a tilde,
//! `{a¦b}` a brace expansion, `'…'`, `"…"` and `$'…'` are quotes with the text inside already
//! unescaped, `[2> f]` is a redirection. What is not marked is text.

use std::fmt::Write;

use super::ir::*;

/// The program as one line.
pub(super) fn dump(program: &Program) -> String {
    let mut out = String::new();
    for (index, statement) in program.statements.iter().enumerate() {
        if index > 0 {
            out.push(' ');
        }
        for (join, pipeline) in &statement.chain {
            out += match join {
                Join::First => "",
                Join::And => " && ",
                Join::Or => " || ",
            };
            out += if pipeline.negated { "! " } else { "" };
            out += if pipeline.timed { "time " } else { "" };
            for (stage, held) in pipeline.stages.iter().enumerate() {
                if stage > 0 {
                    out += if pipeline.stages[stage - 1].pipes_stderr { " |& " } else { " | " };
                }
                command(&mut out, &held.command);
            }
        }
        out += if statement.background { " &" } else { "" };
    }
    out
}

fn command(out: &mut String, held: &Command) {
    let body = |program: &Program| dump(program);
    out.push('(');
    match &held.kind {
        CommandKind::Simple(simple) => {
            let mut first = true;
            for assignment in &simple.assignments {
                space(out, &mut first);
                let _ = write!(out, "set:{}", assignment.name);
                if let Some(index) = &assignment.index {
                    let _ = write!(out, "[{}]", word(index));
                }
                *out += if assignment.append { "+=" } else { "=" };
                match &assignment.value {
                    AssignedValue::Word(value) => *out += &word(value),
                    AssignedValue::Array(values) => {
                        let _ = write!(out, "({})", words(values));
                    }
                }
            }
            for value in &simple.words {
                space(out, &mut first);
                *out += &word(value);
            }
        }
        CommandKind::Group(program) => *out += &format!("group {}", body(program)),
        CommandKind::Subshell(program) => *out += &format!("sub {}", body(program)),
        CommandKind::If { arms, otherwise } => {
            *out += "if";
            for (condition, then) in arms {
                *out += &format!(" [{} then {}]", body(condition), body(then));
            }
            if let Some(program) = otherwise {
                *out += &format!(" [else {}]", body(program));
            }
        }
        CommandKind::While { until, condition, body: rounds } => {
            let name = if *until { "until" } else { "while" };
            *out += &format!("{name} {} do {}", body(condition), body(rounds));
        }
        CommandKind::For { name, words: over, select, body: rounds } => {
            let kind = if *select { "select" } else { "for" };
            let over = over.as_ref().map_or(String::new(), |over| format!(" in [{}]", words(over)));
            *out += &format!("{kind} {name}{over} do {}", body(rounds));
        }
        CommandKind::ArithmeticFor { header, body: rounds } => {
            *out += &format!("for (({})) do {}", word(header), body(rounds));
        }
        CommandKind::Case { subject, arms } => {
            *out += &format!("case {}", word(subject));
            for arm in arms {
                let patterns: Vec<String> = arm.patterns.iter().map(word).collect();
                let end = match arm.end {
                    CaseEnd::Stop => "",
                    CaseEnd::RunNext => " ;&",
                    CaseEnd::TestNext => " ;;&",
                };
                *out += &format!(" [{}: {}{end}]", patterns.join("|"), body(&arm.body));
            }
        }
        CommandKind::Function { name, body: held, .. } => {
            *out += &format!("fn {name} ");
            command(out, held);
        }
        CommandKind::Test(held) => *out += &format!("test {}", words(held)),
        CommandKind::Arithmetic(held) => *out += &format!("math {}", word(held)),
        CommandKind::Coprocess(held) => {
            *out += "coproc ";
            command(out, held);
        }
        CommandKind::Expression(held) => *out += &format!("= {}", expression(held)),
        CommandKind::Assign { target, operator, value } => {
            *out += &format!("{} {operator} {}", expression(target), body(value));
        }
        CommandKind::Try { body: first, handlers } => {
            *out += &format!("try {}", body(first));
            for handler in handlers {
                *out += &format!(" [{}]", body(handler));
            }
        }
        CommandKind::Opaque => *out += "opaque",
    }
    for redirection in &held.redirections {
        if !out.ends_with('(') {
            out.push(' ');
        }
        out.push('[');
        if let Some(fd) = redirection.fd {
            let _ = write!(out, "{fd}");
        }
        if let Some(name) = &redirection.variable {
            let _ = write!(out, "{{{name}}}");
        }
        let operator = match &redirection.kind {
            RedirectionKind::Read(_) => "<",
            RedirectionKind::Write(_) => ">",
            RedirectionKind::Append(_) => ">>",
            RedirectionKind::ReadWrite(_) => "<>",
            RedirectionKind::WriteBoth(_) => "&>",
            RedirectionKind::AppendBoth(_) => "&>>",
            RedirectionKind::Duplicate(_) => ">&",
            RedirectionKind::HereString(_) => "<<<",
            RedirectionKind::HereDocument { delimiter, strip_tabs, quoted, .. } => {
                let dash = if *strip_tabs { "-" } else { "" };
                let mark = if *quoted { "'" } else { "" };
                let _ = write!(out, "<<{dash}{mark}{delimiter}{mark}");
                ""
            }
        };
        let _ = write!(out, "{operator} {}]", word(redirection.word()));
    }
    out.push(')');
}

fn space(out: &mut String, first: &mut bool) {
    if !std::mem::take(first) {
        out.push(' ');
    }
}

fn words(list: &[Word]) -> String {
    list.iter().map(word).collect::<Vec<_>>().join(" ")
}

fn word(held: &Word) -> String {
    parts(&held.parts)
}

fn parts(list: &[Part]) -> String {
    let mut out = String::new();
    for part in list {
        match &part.kind {
            PartKind::Text(text) => out += &text.replace('\n', "⏎"),
            PartKind::Quoted { style, parts: inside } => {
                let (open, close) = match style {
                    Quote::Single => ("'", "'"),
                    Quote::Double => ("\"", "\""),
                    Quote::AnsiC => ("$'", "'"),
                    Quote::Locale => ("$\"", "\""),
                };
                out += &format!("{open}{}{close}", parts(inside));
            }
            PartKind::Parameter(parameter) => out += &expansion(parameter),
            PartKind::Substitution(program) => out += &format!("$[{}]", dump(program)),
            PartKind::Process { reads, program } => {
                out += &format!("{}[{}]", if *reads { "<" } else { ">" }, dump(program));
            }
            PartKind::Arithmetic(inside) => out += &format!("$(({}))", parts(inside)),
            PartKind::Glob(text) => out += &format!("‹{text}›"),
            PartKind::Brace(Brace::List(list)) => {
                let list: Vec<String> = list.iter().map(word).collect();
                out += &format!("{{{}}}", list.join("¦"));
            }
            PartKind::Brace(Brace::Range { from, to, step }) => {
                let step = step.as_ref().map_or(String::new(), |step| format!("¦{step}"));
                out += &format!("{{{from}..{to}{step}}}");
            }
            PartKind::Array(list) => out += &format!("({})", words(list)),
            PartKind::Slice { of, index } => {
                out += &format!("{}[{}]", parts(std::slice::from_ref(of)), word(index));
            }
            PartKind::Tilde(name) => out += &format!("~‹{name}›"),
            PartKind::Closure(held) => out += &closure(held),
            PartKind::Expression(held) => out += &expression(held),
            PartKind::Opaque => out += "¿",
        }
    }
    out
}

fn expansion(parameter: &Parameter) -> String {
    let mut out = String::from("${");
    out += if parameter.indirect { "!" } else { "" };
    out += if parameter.length { "#" } else { "" };
    out += &parameter.name;
    if let Some(index) = &parameter.index {
        out += &format!("[{}]", word(index));
    }
    match &parameter.operation {
        None => {}
        Some(Operation::Default { operator, or_empty, word: held }) => {
            out += &format!(" {}{operator} {}", if *or_empty { ":" } else { "" }, word(held));
        }
        Some(Operation::Trim { suffix, longest, pattern }) => {
            let sign = if *suffix { "%" } else { "#" };
            out += &format!(" {} {}", sign.repeat(1 + usize::from(*longest)), word(pattern));
        }
        Some(Operation::Replace { all, anchor, pattern, replacement }) => {
            let sign = if *all { "//" } else { "/" };
            let anchor = anchor.map_or(String::new(), String::from);
            out += &format!(" {sign}{anchor} {} / {}", word(pattern), word(replacement));
        }
        Some(Operation::Substring { offset, length }) => {
            out += &format!(" : {}", word(offset));
            if let Some(length) = length {
                out += &format!(" : {}", word(length));
            }
        }
        Some(Operation::Case { operator, all, pattern }) => {
            out += &format!(" {} {}", operator.to_string().repeat(1 + usize::from(*all)), word(pattern));
        }
        Some(Operation::Transform(letter)) => out += &format!(" @{letter}"),
        Some(Operation::Modifier(text)) => out += &format!(" :{text}"),
        Some(Operation::Zsh(zsh)) => {
            out += &format!(" ({}) {} ", zsh.flags, zsh.marks);
            out += &zsh.inner.as_ref().map_or(String::new(), word);
            zsh.indices.iter().for_each(|index| out += &format!("[{}]", word(index)));
            out += &zsh
                .steps
                .iter()
                .map(|step| format!(" {step:?}"))
                .map(|step| step.chars().take(12).collect::<String>())
                .collect::<String>();
        }
        Some(Operation::Other(held)) => out += &format!(" ? {}", word(held)),
    }
    out.push('}');
    out
}

fn closure(held: &Closure) -> String {
    let mut out = String::from("λ");
    for parameter in &held.parameters {
        out += &format!(" {}", parameter.name);
        if let Some(default) = &parameter.default {
            out += &format!("={}", expression(default));
        }
    }
    format!("{out}{{{}}}", dump(&held.body))
}

/// Every compound in parentheses: `(+ 1 2)`, `(.Length $x)`, `(::Max() [math] 1 2)`.
fn expression(held: &Expression) -> String {
    let list = |list: &[Expression]| list.iter().map(expression).collect::<Vec<_>>().join(" ");
    match &held.kind {
        ExpressionKind::Word(held) => word(held),
        ExpressionKind::Number(text) => text.clone(),
        ExpressionKind::List(held) => format!("[{}]", list(held)),
        ExpressionKind::Record(entries) => {
            let entry = |(key, value): &(Expression, Expression)| {
                format!("{}: {}", expression(key), expression(value))
            };
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        ExpressionKind::Access { value, steps } => {
            let mut out = expression(value);
            for step in steps {
                let dot = |is_static: &bool| if *is_static { "::" } else { "." };
                out = match step {
                    Access::Index(index) => format!("(at {out} {})", expression(index)),
                    Access::Member { name, is_static } => {
                        format!("({}{} {out})", dot(is_static), expression(name))
                    }
                    Access::Call { name, is_static, arguments } => {
                        let space = if arguments.is_empty() { "" } else { " " };
                        format!("({}{}() {out}{space}{})", dot(is_static), expression(name), list(arguments))
                    }
                };
            }
            out
        }
        ExpressionKind::Unary { operator, operand } => format!("({operator} {})", expression(operand)),
        ExpressionKind::Binary { first, rest } => {
            rest.iter().fold(expression(first), |out, (operator, operand)| {
                format!("({operator} {out} {})", expression(operand))
            })
        }
        ExpressionKind::Cast { to, value } => format!("(to {to} {})", expression(value)),
        ExpressionKind::Type(name) => format!("<{name}>"),
        ExpressionKind::Program { program, list } => {
            format!("{}[{}]", if *list { "@" } else { "$" }, dump(program))
        }
        ExpressionKind::Closure(held) => closure(held),
        ExpressionKind::Opaque => "¿".to_owned(),
    }
}
