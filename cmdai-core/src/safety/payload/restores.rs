//! Dumps that are read into a database: what is there of the same name is replaced by what was there once.
//!
//! A dump drops each table before it makes it again, and nobody sees that in the line. A file of statements is a dump
//! by its name, or where it was compressed; any other is a migration or a schema and is taken for one.

use crate::line::Span;
use crate::safety::call::Call;
use crate::safety::machine::{Flow, Machine};
use crate::safety::{EffectKind, TargetClass, value};

/// What the effect says of itself.
pub(in crate::safety) const RESTORES: &str = "restores";

/// Parts of names of files in which somebody has kept what was there.
const KEPT: &[&str] = &["archive", "backup", "bak", "dump", "export", "pgdump", "restore", "snapshot"];

/// True for the name of a dump: `shop.sql.gz`, `dump.sql`, `backup-2024.sql`.
fn is_dump(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path).to_ascii_lowercase();
    let packed =
        [".bz2", ".gz", ".lz4", ".lzo", ".xz", ".zip", ".zst"].iter().find_map(|end| name.strip_suffix(end));
    if packed.is_some_and(|plain| plain.ends_with(".sql")) {
        return true;
    }
    name.split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| KEPT.contains(&word) || KEPT.iter().any(|kept| word.strip_suffix('s') == Some(kept)))
        || ["dump.sql", "backup.sql"].iter().any(|end| packed.unwrap_or(&name).ends_with(end))
}

impl Machine<'_> {
    /// Statements that come in unseen, out of a dump.
    pub(super) fn restored_from_input(&mut self, call: &Call<'_>, flow: Flow<'_>, span: Span) {
        if !flow.input.is_some_and(value::has_hole) {
            return;
        }
        // What was read last is what comes in.
        let from = self.effects.iter().rev().take(8).find(|effect| {
            matches!(effect.kind, EffectKind::Read | EffectKind::Fetch) && effect.program != call.program
        });
        if from.is_some_and(|effect| is_dump(&effect.target.text)) {
            self.restores(call.program, span);
        }
    }

    /// A file of statements that the client is told to run.
    pub(super) fn restored_from_file(&mut self, path: &str, program: &str, span: Span) {
        let path = path.split_whitespace().next().unwrap_or_default().trim_matches(['"', '\'', ';']);
        if is_dump(&self.unknowns.show(path)) {
            self.restores(program, span);
        }
    }

    pub(super) fn restores(&mut self, program: &str, span: Span) {
        let target = self.target(TargetClass::Named, "what is in the database", span);
        self.emit_with(EffectKind::Overwrite, target, false, program, span, RESTORES);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_all;
    use crate::safety::Risk::{High, Moderate, Safe};

    #[test]
    fn dumps_replace_what_is_there() {
        check_all(&[
            (Moderate, "gunzip < shop-2022-11.sql.gz | mysql -h 10.1.0.12 -uroot -p shop"),
            (Moderate, "mysql shop < dump.sql"),
            (Moderate, "zstd -dc nightly/shop.sql.zst | pv | psql shop"),
            (Moderate, "psql -f backups/monday.backup.sql shop"),
            (Moderate, "mysql shop -e 'source /var/backups/dump.sql'"),
            (Moderate, "psql shop -c '\\i dump.sql'"),
            (Moderate, "sqlite3 app.db '.restore app-backup.db'"),
            (Moderate, "docker exec -i db psql -U app app < dump.sql"),
            (Moderate, "aws s3 cp s3://b/shop.sql.gz - | gunzip | psql \"$DATABASE_URL\""),
            (High, "gunzip < dump.sql.gz | mysql -h prod shop"),
            (High, "sqlcmd -Q \"RESTORE DATABASE shop FROM DISK='x.bak' WITH REPLACE\""),
            (Moderate, "sqlcmd -Q \"RESTORE DATABASE shop FROM DISK='x.bak'\""),
            (Moderate, "redis-cli --pipe < dump.resp"),
            (High, "pg_restore --clean -d shop dump.pgc"),
            // A schema, a migration, statements that are seen, and a dump that is only made or looked at.
            (Safe, "mysql shop < schema.sql"),
            (Safe, "psql -f migrations/2024-01-02-add-users.sql shop"),
            (Safe, "cat migrations/001.sql | psql app"),
            (Safe, "pg_dump shop | gzip > dump.sql.gz"),
            (Safe, "zcat dump.sql.gz | head; psql shop < schema.sql"),
            (Safe, "echo 'select 1' > dump.sql; psql shop < dump.sql"),
            (Safe, "psql shop -c 'select * from dump'"),
        ]);
    }
}
