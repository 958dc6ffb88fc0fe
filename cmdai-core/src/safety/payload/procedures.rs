//! Procedures of database servers that run a command of the system, or a statement in every database.

use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::{EffectKind, TargetClass};

impl Machine<'_> {
    /// Procedures of SQL Server that run a command, or a statement in every database.
    pub(super) fn sql_of_servers(&mut self, text: &str, program: &str, span: Span) {
        let lower = text.to_ascii_lowercase();
        for (name, is_code) in [
            ("xp_cmdshell", true),
            ("sp_msforeachdb", false),
            ("sp_msforeachtable", false),
            ("sp_executesql", false),
        ] {
            let Some(at) = lower.find(name) else { continue };
            let rest = text.get(at + name.len()..).unwrap_or_default();
            // It is switched on before it is used.
            let on = || rest.get(..16).unwrap_or(rest).replace(' ', "").contains(",1");
            if is_code && rest.trim_start().starts_with(['\'', '"']) && on() {
                let target = self.target(TargetClass::Named, "xp_cmdshell", span);
                self.emit(EffectKind::DisableProtection, target, false, program, span);
            }
            let Some(start) = rest.find('\'') else { continue };
            let inner = rest.get(start + 1..).unwrap_or_default().replace("\'\'", "\u{1}");
            let inner = inner.split('\'').next().unwrap_or_default().replace('\u{1}', "'");
            if inner.len() > 2048 || inner.eq_ignore_ascii_case(text) {
                continue;
            }
            if is_code && inner.contains(' ') {
                self.cmd_lines(&inner, span);
            } else if !is_code {
                let every = name.starts_with("sp_msforeach");
                let before = self.effects.len();
                // A condition before it and names in brackets change nothing of what it does.
                let upper = inner.to_ascii_uppercase();
                let at = ["DROP ", "TRUNCATE ", "DELETE ", "ALTER ", "EXEC"]
                    .iter()
                    .filter_map(|verb| upper.find(verb))
                    .min();
                let code = at.and_then(|at| inner.get(at..)).unwrap_or(&inner).replace('?', "x");
                self.sql(&code, program, span);
                if every {
                    for effect in self.effects.iter_mut().skip(before) {
                        effect.recursive = true;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Safe};
    use crate::safety::check;
    use crate::{Context, Dialect};

    #[test]
    fn procedures_run_what_they_are_given() {
        let risk = |line: &str| check(line, &Context::new(Dialect::Bash)).risk;
        for line in [
            r#"sqlcmd -Q "EXEC sp_MSforeachtable 'TRUNCATE TABLE ?'""#,
            r#"sqlcmd -Q "EXEC sp_configure 'xp_cmdshell',1; RECONFIGURE""#,
            r#"sqlcmd -Q "EXEC sp_configure 'xp_cmdshell', 1; RECONFIGURE""#,
        ] {
            assert!(risk(line) >= High, "{line}");
        }
        assert_eq!(risk(r#"sqlcmd -Q "EXEC sp_MSforeachdb 'SELECT DB_NAME()'""#), Safe);
    }
}
