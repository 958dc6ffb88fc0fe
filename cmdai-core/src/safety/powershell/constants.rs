//! Conditions that stand there as they are: `if ($false)`, `while (0)`. Only what cannot mean anything else is one: a name may be
//! given another value, a call may do something.

use crate::syntax::ir::{CommandKind, Expression, ExpressionKind, Part, PartKind, Program, Word};

/// What a condition is worth, where it is written there.
pub(super) fn constant(condition: &Program) -> Option<bool> {
    let [statement] = &condition.statements[..] else { return None };
    let [(_, pipeline)] = &statement.chain[..] else { return None };
    let [stage] = &pipeline.stages[..] else { return None };
    match &stage.command.kind {
        CommandKind::Expression(expression) if stage.command.redirections.is_empty() => {
            Some(literal(expression, 0)? != 0)
        }
        _ => None,
    }
}

/// A number, or a truth as 0 and 1.
fn literal(expression: &Expression, depth: usize) -> Option<i64> {
    if depth > 8 {
        return None;
    }
    match &expression.kind {
        ExpressionKind::Number(text) => text.parse().ok(),
        ExpressionKind::Word(Word { parts, .. }) => match &parts[..] {
            [Part { kind: PartKind::Parameter(parameter), .. }] => {
                match parameter.name.to_ascii_lowercase().as_str() {
                    "true" => Some(1),
                    "false" | "null" => Some(0),
                    _ => None,
                }
            }
            _ => None,
        },
        ExpressionKind::Unary { operator, operand } if matches!(operator.as_str(), "!" | "-not") => {
            Some(i64::from(literal(operand, depth + 1)? == 0))
        }
        ExpressionKind::Binary { first, rest } => {
            let [(operator, second)] = &rest[..] else { return None };
            let number = |expression: &Expression| match &expression.kind {
                ExpressionKind::Number(text) => text.parse::<i64>().ok(),
                _ => None,
            };
            let (one, other) = (number(first)?, number(second)?);
            Some(i64::from(match operator.to_ascii_lowercase().as_str() {
                "-eq" => one == other,
                "-ne" => one != other,
                "-lt" => one < other,
                "-gt" => one > other,
                "-le" => one <= other,
                "-ge" => one >= other,
                _ => return None,
            }))
        }
        ExpressionKind::Program { program, .. } => constant(program).map(i64::from),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, Safe};
    use crate::safety::tests::check_all;
    use crate::{Context, Dialect, Os};

    #[test]
    fn what_never_runs() {
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (Safe, "if ($false) { Remove-Item C:\\ -Recurse -Force }"),
                (Safe, "if (0) { Remove-Item C:\\ -Recurse -Force }"),
                (Safe, "if (-not $true) { Remove-Item C:\\ -Recurse -Force }"),
                (Safe, "if (1 -eq 2) { Remove-Item C:\\ -Recurse -Force }"),
                (Safe, "while ($false) { Remove-Item C:\\ -Recurse -Force }"),
                (Safe, "for (; $false; ) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "for (; $true; ) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "for ($false; ; ) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "for (; ; $false) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "if ($false) { 1 } else { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "do { Remove-Item C:\\ -Recurse -Force } while ($false)"),
                (Critical, "do { Remove-Item C:\\ -Recurse -Force } until ($true)"),
                (Critical, "if ($fals) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "if (!$false) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "if (1 -eq 1) { Remove-Item C:\\ -Recurse -Force }"),
                (Critical, "if ((Remove-Item C:\\ -Recurse -Force) -and $false) { 1 }"),
            ],
        );
    }
}
