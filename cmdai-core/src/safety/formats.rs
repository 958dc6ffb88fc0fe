//! Programs that print what an option says: a format without places to fill is the text that comes out, whatever is looked
//! at. `git log --format='rm -rf x' | sh` runs it.

/// The text that a program prints by its format; `None` where there is none, or where something is filled in.
pub(super) fn printed(name: &str, words: &[&str]) -> Option<String> {
    let (flags, marks): (&[&str], &[&str]) = match name {
        "curl" => (&["-w", "--write-out"], &["%{"]),
        "docker" | "gh" | "helm" | "nerdctl" | "podman" => (&["--format", "--template", "-f", "-t"], &["{{"]),
        "git" => (&["--format", "--pretty"], &["%"]),
        "dpkg-query" => (&["-f", "--showformat"], &["${"]),
        "rpm" => (&["--qf", "--queryformat"], &["%"]),
        "stat" => (&["-c", "--format", "--printf"], &["%"]),
        "hg" => (&["--template", "-T"], &["{"]),
        "kubectl" | "oc" => (&["-o", "--output", "--template"], &["{{", "{."]),
        "shuf" => (&[], &[]),
        "xmlstarlet" => (&["-o", "--output"], &[]),
        "yq" => (&["-n", "--null-input"], &[".", "|", "("]),
        _ => return None,
    };
    if name == "shuf" {
        // Any of them may come out.
        let given = words.iter().any(|word| matches!(*word, "-e" | "--echo"));
        let texts = words.iter().filter(|word| !word.starts_with('-')).map(|word| format!("{word}\n"));
        return given.then(|| texts.collect());
    }
    let mut found = None;
    for (at, word) in words.iter().enumerate().take(32) {
        let joined =
            flags.iter().find_map(|flag| word.strip_prefix(flag).and_then(|rest| rest.strip_prefix('=')));
        if let Some(text) = joined {
            found = Some(text);
        } else if flags.contains(word)
            && let Some(next) = words.get(at + 1)
        {
            found = Some(next);
        }
    }
    let text = found?;
    let text = text.trim_start_matches("format:").trim_start_matches("tformat:");
    let text = match text.split_once('=') {
        Some(("go-template", rest)) => rest,
        Some(("jsonpath", rest)) => rest.trim_start_matches("{\"").trim_end_matches("\"}"),
        _ if matches!(name, "kubectl" | "oc") && !words.iter().any(|word| word.starts_with("--template")) => {
            return None;
        }
        _ => text,
    };
    let text = text.trim_matches('"');
    let spelled = if name == "git" { spelled_out(text) } else { text.to_owned() };
    let text = spelled.as_str();
    let filled = marks.iter().any(|mark| text.contains(mark));
    // Names of forms: `--format json`, `--pretty=oneline`.
    (!filled && text.contains(' ')).then(|| format!("{text}\n"))
}

/// The text of a format of git whose places are letters by their numbers, ends of lines or colours: `rm%x20-rf`.
fn spelled_out(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let number = after.strip_prefix('x').and_then(|digits| u8::from_str_radix(digits.get(..2)?, 16).ok());
        rest = if let Some(number) = number {
            out.push(char::from(number));
            after.get(3..).unwrap_or_default()
        } else if let Some(after) = after.strip_prefix('n') {
            out.push('\n');
            after
        } else if let Some((_, after)) = after.strip_prefix("C(").and_then(|colour| colour.split_once(')')) {
            after
        } else {
            out.push('%');
            after
        };
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use crate::safety::Risk::{Critical, Moderate, Safe};
    use crate::safety::tests::{check_all, context};

    #[test]
    fn formats_without_places_are_text() {
        check_all(
            &context(),
            &[
                (Critical, "git log -1 --format='rm -rf /home' | sh"),
                (Critical, "git for-each-ref --count=1 --format 'rm -rf /home' | bash"),
                (Critical, "docker ps --format 'rm -rf /home' | sh"),
                (Critical, "kubectl get po -o go-template='rm -rf /home' | sh"),
                (Critical, "kubectl get po -o jsonpath='{\"rm -rf /home\"}' | sh"),
                (Critical, "shuf -n1 -e 'rm -rf /home' | sh"),
                (Critical, "shuf -e -n 1 'ls -l' 'rm -rf /home' | sh"),
                (Critical, "yq -n '\"rm -rf /home\"' | sh"),
                (Critical, "eval \"$(git log -1 --pretty='format:rm -rf /home')\""),
                (Critical, "git log -1 --format='rm%x20-rf%x20/home' | sh"),
                (Critical, "git log -1 --format='%C(red)rm -rf /home' | sh"),
                (Critical, "docker inspect -f 'rm -rf /home' x | sh"),
                (Critical, "stat --printf='rm -rf /home' x | sh"),
                (Critical, "rpm -q --qf 'rm -rf /home' bash | sh"),
                (Moderate, "git log -1 --format=%B | sh"),
                (Safe, "git log -1 --format='%h %s'"),
                (Safe, "git log --format='rm -rf /home'"),
                (Safe, "git log -1 --format='ls -l' | sh"),
                (Safe, "docker ps --format json | jq .ID"),
            ],
        );
    }
}
