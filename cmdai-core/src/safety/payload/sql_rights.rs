//! Rights in a database: who is given what.

use super::sql::{Word, has, shown};
use crate::line::Span;
use crate::safety::machine::Machine;
use crate::safety::{EffectKind, TargetClass};

/// True where `GRANT … ON shop.* TO 'app'@'localhost'` names a database or a table, and somebody.
fn names_what(statement: &[Word], program: &str) -> bool {
    let at = |wanted: &str| {
        statement.iter().position(|word| matches!(word, Word::Name(name, _) if name == wanted))
    };
    let (Some(on), Some(to)) = (at("ON"), at("TO")) else { return false };
    let what = statement.get(on + 1..to).unwrap_or_default();
    let whom = statement.get(to + 1..).unwrap_or_default();
    let named = what.iter().any(|word| match word {
        Word::Name(name, _) => {
            !matches!(name.as_str(), "ALL" | "DATABASE" | "IN" | "SCHEMA" | "TABLE" | "TABLES")
        }
        Word::Named(_) => true,
        _ => false,
    });
    let everybody = |word: &Word| match word {
        Word::Name(name, _) => name == "PUBLIC",
        Word::Quoted(text) | Word::Named(text) => text.contains('%') || text.is_empty(),
        Word::Sign(_) => false,
    };
    // In MySQL a user without a host comes from anywhere.
    let local = |word: &Word| matches!(word, Word::Quoted(text) | Word::Named(text) if matches!(text.as_str(), "localhost" | "127.0.0.1" | "::1"));
    let of_server = |word: &Word| match word {
        Word::Name(name, _) => is_servers(name.trim_end_matches('.')),
        Word::Named(name) | Word::Quoted(name) => name.contains(['%', '*']) || is_servers(name),
        Word::Sign(_) => false,
    };
    let postgres = matches!(program, "psql" | "pgcli");
    named
        && !what.iter().any(of_server)
        && !whom.is_empty()
        && !whom.iter().any(everybody)
        && (postgres || whom.iter().any(local))
}

/// True for a database of the server itself; `_` stands for any letter.
fn is_servers(name: &str) -> bool {
    ["mysql", "sys", "information_schema", "performance_schema", "template1", "postgres"].iter().any(|own| {
        own.len() == name.len()
            && own
                .bytes()
                .zip(name.bytes())
                .all(|(own, letter)| letter == b'_' || own == letter.to_ascii_lowercase())
    })
}

/// True for `GRANT ALL [PRIVILEGES] ON shop.* TO …`: all of one database, and nothing else.
fn is_own_database(statement: &[Word]) -> bool {
    let rest = match statement {
        [Word::Name(grant, _), Word::Name(all, _), Word::Name(rights, _), rest @ ..]
            if grant == "GRANT" && all == "ALL" && rights == "PRIVILEGES" =>
        {
            rest
        }
        [Word::Name(grant, _), Word::Name(all, _), rest @ ..] if grant == "GRANT" && all == "ALL" => rest,
        _ => return false,
    };
    let after = match rest {
        [Word::Name(on, _), Word::Name(database, _), Word::Sign('*'), after @ ..]
            if on == "ON" && database.ends_with('.') =>
        {
            after
        }
        [Word::Name(on, _), Word::Named(_), Word::Sign('.'), Word::Sign('*'), after @ ..] if on == "ON" => {
            after
        }
        _ => return false,
    };
    // `IDENTIFIED BY` would give a user that is there another password.
    let [Word::Name(to, _), user, rest @ ..] = after else { return false };
    let named = matches!(user, Word::Quoted(name) | Word::Named(name) if !matches!(name.as_str(), "root" | "mysql.sys" | "mysql.session"));
    let host = match rest {
        [Word::Quoted(_) | Word::Named(_)] => true,
        [Word::Name(at, _), Word::Quoted(_) | Word::Named(_)] => at == "@",
        _ => false,
    };
    to == "TO" && named && host
}

/// True for `GRANT … ON DATABASE shop TO app`: one database by its name, and one user.
fn is_one_database(statement: &[Word]) -> bool {
    let on = statement.iter().position(|word| matches!(word, Word::Name(name, _) if name == "ON"));
    let rest = on.and_then(|at| statement.get(at + 1..)).unwrap_or_default();
    let named = |word: &Word| matches!(word, Word::Name(..) | Word::Named(_));
    matches!(rest, [Word::Name(kind, _), database, Word::Name(to, _), user]
        if kind == "DATABASE" && to == "TO" && named(database) && named(user))
}

/// Roles whose members run programs on the server, read and write its files, or are asked for no rights. Sorted.
const MIGHTY: &[&str] = &[
    "AZURE_PG_ADMIN",
    "CLOUDSQLSUPERUSER",
    "PG_EXECUTE_SERVER_PROGRAM",
    "PG_READ_ALL_DATA",
    "PG_READ_SERVER_FILES",
    "PG_WRITE_ALL_DATA",
    "PG_WRITE_SERVER_FILES",
    "POSTGRES",
    "RDS_SUPERUSER",
    "SYSADMIN",
];

/// True for `GRANT ROLE[, ROLE] TO …` of one of those.
fn is_membership(statement: &[Word]) -> bool {
    let before = statement
        .iter()
        .skip(1)
        .take(16)
        .take_while(|word| !matches!(word, Word::Name(name, _) if name == "TO"));
    let on = before.clone().any(|word| matches!(word, Word::Name(name, _) if name == "ON"));
    !on && before.clone().any(|word| match word {
        Word::Name(name, _) => MIGHTY.contains(&name.as_str()),
        Word::Named(name) | Word::Quoted(name) => MIGHTY.contains(&name.to_ascii_uppercase().as_str()),
        Word::Sign(_) => false,
    })
}

impl Machine<'_> {
    /// `GRANT …`
    pub(super) fn granted(&mut self, statement: &[Word], program: &str, span: Span) {
        let all = statement.iter().take(4).any(|word| {
            matches!(word, Word::Name(word, _) if matches!(
                word.as_str(),
                "ALL" | "SUPERUSER" | "SUPER" | "DBA" | "SYSADMIN" | "ACCOUNTADMIN" | "RDS_SUPERUSER"
            ))
        });
        // All rights in a database of one's own, for one user, are what an application needs.
        let bounded = names_what(statement, program) && !has(statement, "OPTION");
        let own = match program {
            "mysql" | "mariadb" => is_own_database(statement),
            _ => is_one_database(statement),
        };
        if bounded && own {
            return;
        }
        self.rights(statement, program, span, all && !bounded || is_membership(statement));
    }

    /// `CREATE USER …`: somebody new may do nothing yet but what the statement itself gives.
    pub(super) fn added(&mut self, statement: &[Word], program: &str, span: Span) {
        const GIVES: &[&str] = &[
            "ADMIN",
            "BYPASSRLS",
            "CREATEROLE",
            "DEFAULT",
            "GROUP",
            "REPLACE",
            "REPLICATION",
            "ROLE",
            "SUPERUSER",
            "SYSADMIN",
        ];
        // `CREATE ROLE app`: the word for what is made is none for what it gets.
        let gives = statement
            .iter()
            .skip(2)
            .any(|word| matches!(word, Word::Name(name, _) if GIVES.contains(&name.as_str())));
        let nobody = statement
            .windows(2)
            .any(|pair| matches!(pair, [Word::Name(_, _), Word::Quoted(text)] if text.is_empty()));
        if gives || nobody || has(statement, "OR") {
            self.rights(statement, program, span, has(statement, "SUPERUSER"));
        }
    }

    pub(super) fn rights(&mut self, statement: &[Word], program: &str, span: Span, all: bool) {
        let what = shown(statement);
        let target = self.target(TargetClass::Named, &self.unknowns.show(&what), span);
        // `IDENTIFIED BY ''`, `WITH PASSWORD ''`.
        let mut pairs = statement.windows(2);
        let open = pairs.any(|pair| {
            matches!(pair, [Word::Name(before, _), Word::Quoted(text)] if text.is_empty() && matches!(before.as_str(), "BY" | "PASSWORD"))
        });
        if open {
            return self.emit(EffectKind::DisableProtection, target, false, program, span);
        }
        let detail = if all { "all-rights" } else { "" };
        self.emit_with(EffectKind::Configure, target, false, program, span, detail);
    }
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{High, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn rights_in_a_database() {
        check_all(
            &context(),
            &[
                (Safe, "mysql -e \"CREATE DATABASE wiki; GRANT ALL ON wiki.* TO 'wiki'@'localhost';\""),
                (Safe, "mysql -e 'GRANT ALL PRIVILEGES ON `wiki`.* TO \"wiki\"@\"localhost\"'"),
                (High, "mysql -e \"GRANT ALL ON *.* TO 'wiki'@'localhost'\""),
                (High, "mysql -e \"GRANT ALL ON wiki.* TO 'wiki'@'%'\""),
                (High, "mysql -e \"GRANT ALL ON mysql.* TO 'wiki'@'localhost'\""),
                (High, "mysql -e 'GRANT ALL ON `mysq_`.* TO \"wiki\"@\"localhost\"'"),
                (Moderate, "mysql -e \"GRANT ALL ON wiki.* TO 'root'@'localhost' IDENTIFIED BY 'x'\""),
                (Moderate, "mysql -e \"GRANT FILE ON wiki.* TO 'wiki'@'localhost'\""),
                (High, "psql -c 'GRANT pg_execute_server_program TO app'"),
                (High, "psql -c 'GRANT \"rds_superuser\" TO app'"),
                (Safe, "psql -c 'GRANT ALL PRIVILEGES ON DATABASE shop TO shop'"),
                (Safe, "psql -c 'GRANT CONNECT ON DATABASE shop TO \"app user\"'"),
                (High, "psql -c 'GRANT ALL ON DATABASE postgres TO app'"),
                (High, "psql -c 'GRANT ALL ON DATABASE shop TO PUBLIC'"),
                (High, "psql -c 'GRANT ALL ON DATABASE shop TO app WITH GRANT OPTION'"),
                (Safe, "sudo -u postgres psql -c \"CREATE USER app WITH PASSWORD 'x'\""),
                (Safe, "psql -c 'CREATE ROLE app LOGIN CREATEDB'"),
                (Safe, "mysql -e \"CREATE USER 'app'@'localhost' IDENTIFIED BY 'x'\""),
                (
                    High,
                    "sqlcmd -Q \"CREATE LOGIN x WITH PASSWORD='p'; ALTER SERVER ROLE sysadmin ADD MEMBER x\"",
                ),
                (High, "psql -c 'CREATE ROLE app SUPERUSER'"),
                (Moderate, "psql -c 'CREATE ROLE app CREATEROLE'"),
                (Moderate, "psql -c 'CREATE USER app IN ROLE pg_monitor'"),
                (High, "mysql -e \"CREATE USER 'app'@'%' IDENTIFIED BY ''\""),
                (
                    Safe,
                    "sudo -u postgres createuser --createdb app && sudo -u postgres createdb -O app app_dev",
                ),
                (Safe, "createuser -P app"),
                (Moderate, "createuser -s app"),
                (Safe, "createuser --interactive"),
                (Moderate, "psql -c 'GRANT readers TO app'"),
                (Moderate, "psql -c 'GRANT SELECT ON orders TO app'"),
            ],
        );
    }
}
