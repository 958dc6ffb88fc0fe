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
    Some(Alarm::new(
        Risk::High,
        format!("Deletes data for good ({}); only a backup brings it back.", effect.target.text),
    ))
}
