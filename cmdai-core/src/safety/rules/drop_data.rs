//! The rule `drop-data`.

use crate::safety::rule::{Alarm, Scene, Subject, declare_rule};
use crate::safety::{Effect, EffectKind, Risk};
declare_rule! {
    /// Deletes data of a database or a store.
    ///
    /// ## Why
    /// Rows and tables do not come back without a backup, and the program may be connected to production.
    ///
    /// ## Instead
    /// Look with `SELECT count(*)` what it is about; work in a transaction.
    ///
    /// ```sh,flagged
    /// psql -c 'DROP TABLE users'
    /// echo 'drop database app;' | mysql
    /// sqlite3 app.db 'DELETE FROM users'
    /// mysql -e 'TRUNCATE TABLE log'
    /// psql app <<< 'delete from users;'
    /// redis-cli flushall
    /// docker volume rm data
    /// docker compose down -v
    /// crontab -r
    /// dropdb app
    /// ```
    /// ```sh,clean
    /// psql -c 'SELECT * FROM users'
    /// sqlite3 app.db "delete from users where id = 1"
    /// mysql -e 'show tables'
    /// echo 'DROP TABLE users'
    /// grep -r 'DROP TABLE' migrations
    /// ```
    /// ```nu,flagged
    /// ^psql -c 'drop table users'
    /// ```
    /// ```nu,clean
    /// ^psql -c 'select 1'
    /// ```
    /// ```powershell,flagged
    /// Invoke-Sqlcmd -Query 'TRUNCATE TABLE dbo.Orders'
    /// Get-VBRBackup | Remove-VBRBackup -Confirm:$false
    /// Search-Mailbox anna -SearchQuery x -DeleteContent -Force
    /// ```
    /// ```powershell,clean
    /// Invoke-Sqlcmd -Query 'SELECT 1'
    /// Get-VBRBackup
    /// ```
    DROP_DATA { name: "drop-data", subject: Subject::Effects(&[EffectKind::DropData], judge) }
}

fn judge(effect: &Effect, _scene: &Scene<'_>) -> Option<Alarm> {
    if is_test_database(effect) {
        return Some(Alarm::new(
            Risk::Moderate,
            format!("Deletes a database that is there for tests ({}).", effect.target.text),
        ));
    }
    Some(Alarm::new(
        Risk::High,
        format!("Deletes data for good ({}); only a backup brings it back.", effect.target.text),
    ))
}

/// True for a whole database that says that tests fill it: `app_test`. A table may be about tests.
fn is_test_database(effect: &Effect) -> bool {
    let text = effect.target.text.to_ascii_lowercase();
    let name = match effect.program.as_str() {
        "dropdb" => text.as_str(),
        _ => match text.strip_prefix("drop database ") {
            Some(name) => name.trim_start_matches("if exists ").trim_end_matches(';'),
            None => return false,
        },
    };
    let is_one = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    is_one && name.split(['_', '-']).any(|part| matches!(part, "test" | "tests" | "testing"))
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::check_all;

    #[test]
    fn databases_for_tests_and_others() {
        check_all(
            &crate::safety::tests::context(),
            &[
                (Moderate, "dropdb --if-exists app_test && createdb app_test"),
                (Moderate, "psql -c 'DROP DATABASE IF EXISTS app_test'"),
                (Moderate, "mysql -e 'drop database test'"),
                (High, "dropdb app"),
                (High, "dropdb contest"),
                (High, "psql -c 'DROP DATABASE app'"),
                (High, "psql -Atc 'SELECT lo_unlink(oid) FROM pg_largeobject_metadata'"),
                (Safe, "psql -Atc 'SELECT lo_get(oid) FROM pg_largeobject_metadata'"),
                (High, "psql -c 'DROP TABLE test_results'"),
                (High, "psql -c 'DROP DATABASE app_test; DROP DATABASE app'"),
            ],
        );
    }
}
