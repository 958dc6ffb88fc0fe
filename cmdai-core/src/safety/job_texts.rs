//! Commands in files of settings, manifests and recipes: what stands behind keys that say it is run.

/// Keys whose value is a command, in lower case.
const KEYS: &[&str] = &[
    "args",
    "before_script",
    "after_script",
    "build",
    "cmd",
    "cmds",
    "command",
    "commands",
    "entry",
    "entrypoint",
    "exec",
    "execstart",
    "install",
    "postinstall",
    "postbuild",
    "program",
    "posttest",
    "preinstall",
    "prebuild",
    "prepare",
    "pretest",
    "run",
    "script",
    "scripts",
    "shell",
    "actions",
    "credential_process",
    "start",
    "start program",
    "stop program",
    "test",
    "web",
    "worker",
    "post-install-cmd",
    "post-update-cmd",
];

/// Every script of a `package.json`, whatever its name.
pub(super) fn scripts_of(text: &str) -> Vec<String> {
    let Some((_, rest)) = text.split_once("\"scripts\"") else { return Vec::new() };
    let Some((_, rest)) = rest.split_once('{') else { return Vec::new() };
    let mut out = Vec::new();
    let mut rest = rest;
    while let Some(at) = rest.find(['"', '}']).filter(|_| out.len() < 64) {
        if rest[at..].starts_with('}') {
            break;
        }
        let Some((_, after)) = json_string(&rest[at..]) else { break };
        let Some(value) = after.trim_start().strip_prefix(':').map(str::trim_start) else {
            rest = after;
            continue;
        };
        match json_string(value) {
            Some((code, after)) => {
                out.push(code);
                rest = after;
            }
            None => rest = after,
        }
    }
    out
}

/// A string of JSON at the beginning of the text, and what follows it.
pub(super) fn json_string(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((out, &inner[at + 1..])),
            '\\' => match letters.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    None
}

/// The scripts of logrotate.
pub(super) fn scripts(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut inside: Option<String> = None;
    for line in text.lines().take(256) {
        let word = line.trim();
        match (&mut inside, word) {
            (Some(code), "endscript") => {
                out.push(std::mem::take(code));
                inside = None;
            }
            (Some(code), _) => {
                code.push_str(line);
                code.push('\n');
            }
            (None, "postrotate" | "prerotate" | "firstaction" | "lastaction" | "preremove") => {
                inside = Some(String::new())
            }
            _ => {}
        }
    }
    out
}

/// Values of keys that are commands, in any of the usual notations.
pub(super) fn settings(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut listed: Option<usize> = None;
    let mut program: Option<String> = None;
    for line in text
        .replace("\\\n", " ")
        .lines()
        .flat_map(|line| if line.contains('{') { line.split([',', '{', '}']).collect() } else { vec![line] })
        .take(512)
    {
        let indent = line.len() - line.trim_start().len();
        let trimmed = line.trim();
        if let Some(item) = trimmed.strip_prefix("- ")
            && listed.is_some_and(|least| indent >= least)
        {
            let item = item.strip_prefix("cmd:").or_else(|| item.strip_prefix("run:")).unwrap_or(item);
            out.push(unquoted(item));
            continue;
        }
        let trimmed = trimmed.strip_prefix("- ").unwrap_or(trimmed);
        let Some((key, value)) = split_setting(trimmed) else { continue };
        let key = key.trim().trim_matches(['"', '\'']).to_ascii_lowercase();
        let known = KEYS.contains(&key.as_str())
            || key.starts_with("pre")
            || key.starts_with("post")
            || key.ends_with("command")
            || key.ends_with("script");
        if !known {
            continue;
        }
        let list = value.trim().strip_prefix('[').filter(|_| key == "args");
        if let (Some(list), Some(program)) = (list, program.as_deref()) {
            let words = list.trim_end_matches([']', ',']).split(',');
            let words =
                words.map(|word| super::expand::quoted_for_shell(word.trim().trim_matches(['"', '\''])));
            out.push(format!("{program} {}", words.collect::<Vec<_>>().join(" ")));
            continue;
        }
        let value = unquoted(value);
        if key == "command" {
            program = Some(value.clone());
        }
        if value.is_empty() || matches!(value.as_str(), "|" | ">" | "|-" | ">-") {
            listed = Some(indent);
        } else {
            listed = None;
            out.push(value);
        }
    }
    out
}

/// `key = value`, `key: value`.
fn split_setting(line: &str) -> Option<(&str, &str)> {
    let at = line.find(['=', ':'])?;
    let (key, value) = (line.get(..at)?, line.get(at + 1..)?);
    (key.len() < 64).then_some((key, value))
}

fn unquoted(value: &str) -> String {
    let value = value.trim().trim_end_matches(',').trim();
    let list = value.strip_prefix('[').and_then(|value| value.strip_suffix(']'));
    if let Some(list) = list {
        let words: Vec<&str> = list.split(',').map(|word| word.trim().trim_matches(['"', '\''])).collect();
        // Several commands, or the words of one.
        if words.first().is_some_and(|first| first.contains(' ')) {
            return words.join("; ");
        }
        let quoted = words.iter().map(|word| super::expand::quoted_for_shell(word));
        return quoted.collect::<Vec<_>>().join(" ");
    }
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value).replace("\\\"", "\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_taken_out_of_settings() {
        assert_eq!(settings("rule r\n  command = rm -rf /x\n"), ["rm -rf /x"]);
        assert_eq!(settings("{\"scripts\": {\"postinstall\": \"rm -rf /x\"}}"), ["rm -rf /x"]);
        assert_eq!(settings("script:\n  - rm -rf /x\n"), ["rm -rf /x"]);
        assert_eq!(scripts("/l {\npostrotate\nrm -rf /x\nendscript\n}"), ["rm -rf /x\n"]);
    }
}
