//! Redis: commands given as words, and the scripts in Lua that its server runs.

use super::acts::Given;
use super::val::Val;
use crate::line::Span;
use crate::safety::call::Call;
use crate::safety::machine::Machine;
use crate::safety::value::{self, STAR};
use crate::safety::{EffectKind, TargetClass};
use crate::specs::Language;

impl Machine<'_> {
    /// What a client is given: a script with its keys, or one command.
    pub(super) fn redis(&mut self, call: &Call<'_>, words: &[String], span: Span) {
        if let [verb, code, rest @ ..] = words
            && matches!(verb.to_ascii_uppercase().as_str(), "EVAL" | "EVAL_RO")
        {
            let keys = rest.first().and_then(|count| count.parse().ok()).unwrap_or(0_usize);
            let given = rest.get(1..).unwrap_or_default();
            let (keys, values) = given.split_at(keys.min(given.len()));
            self.redis_script(call, code, keys, values, span);
            return;
        }
        self.redis_command(words, span);
    }

    /// One line on the input of a client.
    pub(super) fn redis_line(&mut self, call: &Call<'_>, line: &str, span: Span) {
        self.redis(call, &words_of(line), span);
    }

    /// A script of the server, with the keys and values that it finds.
    pub(super) fn redis_script(
        &mut self,
        call: &Call<'_>,
        code: &str,
        keys: &[String],
        values: &[String],
        span: Span,
    ) {
        let list = |name: &str, words: &[String]| {
            let words: Vec<String> = words.iter().take(64).map(|word| format!("[==[{word}]==]")).collect();
            format!("{name} = {{{}}}\n", words.join(", "))
        };
        let text = list("KEYS", keys) + &list("ARGV", values) + code;
        self.script(call.payload(Language::Lua, &text, span, None));
        // A loop over what a listing gave, whichever way it counts.
        let code = code.to_ascii_lowercase();
        let calls =
            |name: &str| ['\'', '"'].iter().any(|quote| code.contains(&format!("{quote}{name}{quote}")));
        if ["keys", "scan"].into_iter().any(calls) && ["del", "unlink"].into_iter().any(calls) {
            let target = self.target(TargetClass::Named, "every key that it lists", span);
            self.emit(EffectKind::DropData, target, true, "redis-cli", span);
        }
    }

    /// One command of Redis.
    pub(super) fn redis_command(&mut self, words: &[String], span: Span) {
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let verb = word(0).to_ascii_uppercase();
        let second = word(1).to_ascii_uppercase();
        let loses = match verb.as_str() {
            "FLUSHALL" | "FLUSHDB" => true,
            // Keys that a listing gave: how many, nobody knows.
            "DEL" | "UNLINK" => words.iter().skip(1).any(|key| value::has_hole(key) || key.contains('*')),
            "XGROUP" => second == "DESTROY",
            "CLUSTER" => matches!(second.as_str(), "RESET" | "FLUSHSLOTS"),
            "XTRIM" => words.last().is_some_and(|last| last == "0"),
            _ => false,
        };
        let shown = self.unknowns.show(&words.iter().take(3).cloned().collect::<Vec<_>>().join(" "));
        if loses {
            let target = self.target(TargetClass::Named, &shown, span);
            self.emit(EffectKind::DropData, target, true, "redis-cli", span);
        }
        match (verb.as_str(), second.as_str()) {
            ("SHUTDOWN", _) => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Kill, target, false, "redis-cli", span);
            }
            // Where the next dump goes: the known way to write a file as the server's user.
            ("CONFIG", "SET") if matches!(word(2).to_ascii_lowercase().as_str(), "dir" | "dbfilename") => {
                let folder = word(3).trim_end_matches('/');
                let file = if folder.ends_with(".ssh") { "authorized_keys" } else { "root" };
                let path = if word(2).eq_ignore_ascii_case("dir") {
                    format!("{folder}/{file}")
                } else if folder == "authorized_keys" {
                    format!("{}/.ssh/{folder}", value::HOME)
                } else {
                    folder.to_owned()
                };
                self.touch(EffectKind::Overwrite, &path, span, false, "redis-cli");
            }
            ("CONFIG", "SET")
                if matches!(
                    (word(2).to_ascii_lowercase().as_str(), word(3).to_ascii_lowercase().as_str()),
                    ("protected-mode", "no") | ("requirepass" | "masterauth", "") | ("bind", "0.0.0.0" | "*")
                ) =>
            {
                let target = self.target(TargetClass::Named, "the password of the database", span);
                self.emit(EffectKind::DisableProtection, target, false, "redis-cli", span);
            }
            ("ACL", "SETUSER")
                if words.iter().any(|word| matches!(word.as_str(), "+@all" | "allcommands" | "nopass")) =>
            {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Grant, target, true, "redis-cli", span);
            }
            ("DEBUG", "SEGFAULT" | "SLEEP") => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Interrupt, target, true, "redis-cli", span);
            }
            // A server that follows another forgets what it has.
            ("SLAVEOF" | "REPLICAOF", host) if !host.is_empty() && host != "NO" => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::DropData, target, true, "redis-cli", span);
            }
            ("CONFIG", "SET") | ("SLAVEOF" | "REPLICAOF", _) => {
                let target = self.target(TargetClass::Named, &shown, span);
                self.emit(EffectKind::Configure, target, false, "redis-cli", span);
            }
            ("MODULE", "LOAD") => self.library(word(2), "redis-cli", span),
            _ => {}
        }
    }
}

impl super::Script<'_, '_, '_> {
    /// `redis.call(name, …)` in a script of the server.
    pub(super) fn redis_call(&mut self, given: &Given) -> Val {
        let words: Vec<String> = given.values().iter().map(|value| self.text_of(value)).collect();
        let Some(verb) = words.first() else { return Val::None };
        let span = self.what.span;
        if value::has_hole(verb) {
            if !self.idle {
                let shown = self.machine.unknowns.show(verb);
                let target = self.machine.target(TargetClass::Unknown, &shown, span);
                self.machine.emit(EffectKind::RunCode, target, false, self.what.program, span);
            }
            return Val::None;
        }
        match verb.to_ascii_uppercase().as_str() {
            "KEYS" | "SCAN" | "SMEMBERS" => return Val::List(vec![Val::text(STAR.to_string())]),
            // A key that the script finds out is one key; a listing is many.
            "DEL" | "UNLINK" if !words.iter().any(|key| value::has_pattern(key)) => {}
            "DEL" | "UNLINK" => {
                let target = self.machine.target(TargetClass::Named, "every key that it lists", span);
                self.machine.emit(EffectKind::DropData, target, true, self.what.program, span);
            }
            _ => self.machine.redis_command(&words, span),
        }
        Val::None
    }
}

/// The words of a line as the client reads it: what stands in quotes is one.
fn words_of(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut quote = None;
    let mut within = false;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        // Within quotes a letter behind a backslash stands for itself.
        let letter = match (quote, letter) {
            (Some(_), '\\') => {
                if let (Some(word), Some(next)) = (words.last_mut(), letters.next()) {
                    word.push(next);
                }
                continue;
            }
            (_, letter) => letter,
        };
        match quote {
            Some(open) if letter == open => quote = None,
            None if matches!(letter, '"' | '\'') => {
                quote = Some(letter);
                if !within {
                    words.push(String::new());
                }
                within = true;
            }
            None if letter.is_whitespace() => within = false,
            _ => {
                if !within {
                    words.push(String::new());
                }
                within = true;
                if let Some(word) = words.last_mut() {
                    word.push(letter);
                }
            }
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::super::tests::check_all;
    use crate::safety::Risk::{High, Moderate, Safe};

    #[test]
    fn scripts_of_the_server_call_its_commands() {
        check_all(&[
            (High, r#"redis-cli EVAL "return redis.call(string.char(70,76,85,83,72,65,76,76))" 0"#),
            (High, r#"redis-cli -h cache EVAL "return redis.call('FLUSH'..'ALL')" 0"#),
            (High, r#"redis-cli eval "return redis.pcall(string.reverse('LLAHSULF'))" 0"#),
            (High, r#"redis-cli EVAL "local c = ('flushdb'):upper(); redis.call(c)" 0"#),
            (High, r#"redis-cli EVAL "return redis.call(ARGV[1])" 0 FLUSHALL"#),
            (High, r#"redis-cli EVAL "return redis.call(KEYS[1] .. KEYS[2])" 2 FLUSH DB"#),
            (
                High,
                r#"redis-cli EVAL "for _,k in ipairs(redis.call('keys','*')) do redis.call('del',k) end" 0"#,
            ),
            (
                High,
                r#"redis-cli EVAL "return redis.call('del', unpack(redis.call('keys', ARGV[1])))" 0 'user:*'"#,
            ),
            (High, r#"redis-cli EVAL "redis.call('CONFIG','SET','dir','/root/.ssh')" 0"#),
            (High, r#"echo 'EVAL "return redis.call(\"flushall\")" 0' | redis-cli"#),
            (Moderate, r#"redis-cli EVAL "return redis.call("$CMD")" 0"#),
            // Twins.
            (Safe, r#"redis-cli EVAL "return redis.call('GET', KEYS[1])" 1 session"#),
            (
                Safe,
                r#"redis-cli EVAL "if redis.call('get',KEYS[1]) == ARGV[1] then return redis.call('del',KEYS[1]) else return 0 end" 1 lock abc"#,
            ),
            (Safe, r#"redis-cli EVAL "return 'FLUSHALL'" 0"#),
            (Safe, r#"redis-cli EVAL "return #redis.call('keys','*')" 0"#),
            (Safe, r#"redis-cli SET note 'redis.call(FLUSHALL)'"#),
        ]);
    }
}
