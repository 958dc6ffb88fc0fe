//! Secrets in a line of text, taken out before it is written anywhere.
//!
//! Four things give a secret away: its form (a known prefix, a private key, a word of noise), the name
//! it is given to (`TOKEN=`, `--password`, `Authorization:`), its place in an address
//! (`https://user:secret@host`), and the program that takes one (`mysql -p...`). What looks
//! alike and is none stays readable: hashes of git and of files, fingerprints, variables (`$TOKEN`).
//!
//! ```
//! use cmdai_core::redact::redact;
//!
//! assert_eq!(redact("export API_TOKEN=abc123 && ls"), "export API_TOKEN=[redacted] && ls");
//! assert_eq!(redact("git show 9fceb02d0ae598e95dc970b74767f19372d61af8"), "git show 9fceb02d0ae598e95dc970b74767f19372d61af8");
//! ```

mod programs;

use std::ops::Range;

/// What stands in place of a secret.
pub const MARK: &str = "[redacted]";

/// The text with every secret replaced by [`MARK`].
pub fn redact(text: &str) -> String {
    let mut found: Vec<Range<usize>> = Vec::new();
    private_keys(text, &mut found);
    tokens(text, &mut found);
    addresses(text, &mut found);
    named(text, &mut found);
    statements(text, &mut found);
    dialogues(text, &mut found);
    programs::secrets(text, &mut found);
    found.retain(|range| range.start < range.end && text.get(range.clone()).is_some());
    found.sort_by_key(|range| (range.start, range.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let mut ranges = found.into_iter().peekable();
    while let Some(mut range) = ranges.next() {
        while let Some(next) = ranges.next_if(|next| next.start <= range.end) {
            range.end = range.end.max(next.end);
        }
        out.push_str(text.get(at..range.start).unwrap_or_default());
        out.push_str(MARK);
        at = range.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// Everything from the first line of a private key to its last.
fn private_keys(text: &str, found: &mut Vec<Range<usize>>) {
    const BEGIN: &str = "-----BEGIN ";
    let mut from = 0;
    while let Some(at) = text[from..].find(BEGIN).map(|at| at + from) {
        from = at + BEGIN.len();
        // `RSA`, `OPENSSH`, `ENCRYPTED`: what kind of key it is takes few letters.
        let kind = &text[from..text.floor_char_boundary((from + 40).min(text.len()))];
        if kind.contains("PRIVATE KEY") {
            let end = text[at..].find("-----END ").map(|end| end + at);
            let end = end.map_or(text.len(), |end| {
                text[end + 9..].find("-----").map_or(text.len(), |last| end + 9 + last + 5)
            });
            found.push(at..end);
            from = end;
        }
    }
}

/// Beginnings that only secrets have, with the least length of a whole one. Sorted.
const PREFIXES: &[(&str, usize)] = &[
    ("AGE-SECRET-KEY-", 40),
    ("AIza", 35),
    ("AKIA", 20),
    ("ASIA", 20),
    ("SG.", 40),
    ("dckr_pat_", 20),
    ("dop_v1_", 40),
    ("eyJ", 40),
    ("gho_", 30),
    ("ghp_", 30),
    ("ghr_", 30),
    ("ghs_", 30),
    ("ghu_", 30),
    ("github_pat_", 30),
    ("glpat-", 20),
    ("glsa_", 30),
    ("gsk_", 30),
    ("hf_", 20),
    ("hvs.", 24),
    ("lin_api_", 30),
    ("npm_", 30),
    ("pypi-", 40),
    ("rk_live_", 20),
    ("sbp_", 30),
    ("shpat_", 30),
    ("sk-", 20),
    ("sk_live_", 20),
    ("sk_test_", 20),
    ("xapp-", 30),
    ("xoxa-", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xoxr-", 20),
    ("xoxs-", 20),
    ("ya29.", 30),
];

/// Words that are secrets by their form.
fn tokens(text: &str, found: &mut Vec<Range<usize>>) {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-.+/=~".contains(c);
    for range in runs(text, part) {
        let word = &text[range.clone()];
        // `NAME=value` is two words.
        let offset = word
            .rfind('=')
            .filter(|at| at + 1 < word.len() && !word[at + 1..].starts_with('='))
            .map_or(0, |at| at + 1);
        let word = &word[offset..];
        let start = range.start + offset;
        let known = |word: &str| {
            PREFIXES
                .iter()
                .any(|(prefix, least)| word.starts_with(prefix) && word.len() >= *least && has_digit(word))
        };
        let whole_word = word.trim_end_matches(['.', '/', ',']);
        if known(whole_word) && !whole_word.contains('/') {
            found.push(start..start + whole_word.len());
            continue;
        }
        if is_aws_secret(word) {
            found.push(start..start + word.len());
            continue;
        }
        // A path is a word a folder.
        let mut at = start;
        for segment in word.split('/') {
            // A fingerprint of a key: `SHA256:` and base64.
            let digest =
                text[..at].len() >= 7 && text.as_bytes()[at - 7..at].eq_ignore_ascii_case(b"sha256:");
            if !digest && (known(segment) || is_noise(segment)) {
                found.push(at..at + segment.len());
            }
            at += segment.len() + 1;
        }
    }
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|byte| byte.is_ascii_digit())
}

/// Forty characters of base64 with letters of both cases and digits: the secret half of an AWS key.
fn is_aws_secret(word: &str) -> bool {
    word.len() == 40
        // `~`, `-`, `_` and `.` are of paths.
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(&byte))
        && word.contains('/')
        && !word.starts_with('/')
        && mixed(word, 1)
        && longest_word(word) <= 12
        && entropy(word) > 4.2
}

/// True for a long word of letters of both cases and digits without any order.
fn is_noise(word: &str) -> bool {
    let word = word.trim_end_matches(['=', '.', '-', '~']);
    let bare = word.strip_prefix("sha256-").or_else(|| word.strip_prefix("sha512-"));
    word.len() >= 28
        && word.len() <= 512
        && bare.is_none()
        // A disk by its name in `/dev/disk/by-id`.
        && !["ata-", "nvme-", "scsi-", "usb-"].iter().any(|bus| word.starts_with(bus))
        && mixed(word, 2)
        && !word.contains("..")
        // A name with a version (`app-1.2.3-x86_64-unknown-linux-gnu`) has parts that are words.
        && longest_word(word) <= 6
        && entropy(word) >= 4.0
}

/// True where there are letters of both cases and so many digits.
fn mixed(word: &str, digits: usize) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    count(u8::is_ascii_lowercase) >= 3
        && count(u8::is_ascii_uppercase) >= 3
        && count(u8::is_ascii_digit) >= digits
}

/// The longest run of letters of one case.
fn longest_word(word: &str) -> usize {
    let (mut longest, mut now, mut case) = (0, 0, false);
    for byte in word.bytes() {
        if !byte.is_ascii_alphabetic() {
            now = 0;
        } else if now == 0 || byte.is_ascii_lowercase() == case {
            now += 1;
            case = byte.is_ascii_lowercase();
        } else {
            now = 1;
            case = byte.is_ascii_lowercase();
        }
        longest = longest.max(now);
    }
    longest
}

/// Bits a character, by how often each occurs.
fn entropy(word: &str) -> f64 {
    let mut counts = [0u32; 256];
    for byte in word.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let all = word.len() as f64;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| f64::from(*count) / all)
        .map(|p| -p * p.log2())
        .sum()
}

/// The password of `scheme://user:password@host`, and a name without one that is a token.
fn addresses(text: &str, found: &mut Vec<Range<usize>>) {
    for (at, _) in text.match_indices("://") {
        let start = at + 3;
        let rest = &text[start..];
        let end = rest.find(|c: char| c == '/' || c == '?' || c == '#' || is_border(c)).unwrap_or(rest.len());
        let Some(sign) = rest[..end].rfind('@') else { continue };
        let user = &rest[..sign];
        match user.find(':') {
            Some(colon) => secret(text, start + colon + 1..start + sign, found),
            None if user.len() >= 16 && has_digit(user) => secret(text, start..start + sign, found),
            None => {}
        }
    }
    for hook in HOOKS {
        for (at, _) in text.match_indices(hook) {
            let start = at + hook.len();
            let rest = &text[start..];
            secret(text, start..start + rest.find(is_border).unwrap_or(rest.len()), found);
        }
    }
}

/// Addresses whose path is the secret.
const HOOKS: &[&str] = &[
    "api.telegram.org/bot",
    "discord.com/api/webhooks/",
    "discordapp.com/api/webhooks/",
    "hooks.slack.com/services/",
];

/// Ends of a value that is not quoted.
fn is_border(c: char) -> bool {
    c.is_whitespace() || "'\"`<>|;&(){}[],\\".contains(c)
}

/// Adds a range unless it is empty or only names a variable.
fn secret(text: &str, range: Range<usize>, found: &mut Vec<Range<usize>>) {
    let value = text.get(range.clone()).unwrap_or_default();
    let plain = value.trim_matches(['"', '\'']);
    let refers = plain.starts_with(['$', '%', '<', '@', '{']) || plain.starts_with("[redacted");
    let nothing = plain.is_empty()
        || matches!(plain.to_ascii_lowercase().as_str(), "true" | "false" | "null" | "none" | "-");
    if !refers && !nothing {
        found.push(range);
    }
}

/// Parts of names whose values are secrets. Sorted.
const SECRET_NAMES: &[&str] = &[
    "accesskey",
    "apikey",
    "authkey",
    "authtoken",
    "clientsecret",
    "connectionstring",
    "credential",
    "passphrase",
    "passwd",
    "password",
    "privatekey",
    "pwd",
    "secret",
    "signingkey",
    "token",
];

/// Names that hold one of the parts and no secret. Sorted.
const OPEN_NAMES: &[&str] = &[
    "maxtokens",
    "oldpwd",
    "pwd",
    "secretname",
    "secrets",
    "tokencount",
    "tokenizer",
    "tokenizersparallelism",
    "tokens",
    "tokentype",
];

/// True for `API_TOKEN`, `db.password`, `client-secret`, and not for `PWD` or `max_tokens`.
fn is_secret_name(name: &str) -> bool {
    let plain: String =
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    let open = OPEN_NAMES.contains(&plain.as_str())
        // Verbs: `gpg --export-secret-key`, `kubectl config set-credentials`.
        || name.trim_start_matches('-').starts_with("export-")
        || name.starts_with("set-")
        || [
            "file", "path", "dir", "url", "name", "stdin", "id", "type", "length", "count", "policy", "ttl",
            "highpass", "lowpass", "bandpass", "allpass", "bypass", "nopass", "uri",
        ]
        .iter()
        .any(|end| plain.ends_with(end));
    let exact = is_short_name(&plain) || plain == "psk" || name.to_ascii_lowercase().ends_with("_pw");
    !open && (exact || SECRET_NAMES.iter().any(|part| plain.contains(part)) || plain.ends_with("pass"))
}

/// Names that are words of a commit message as well (`auth: ...`).
fn is_short_name(plain: &str) -> bool {
    matches!(plain, "auth" | "cookie" | "pass")
}

/// True for `STRIPE_KEY=` before what may be a key: no path, no plain word.
fn is_key(name: &str, value: &str) -> bool {
    let value = value.trim_start_matches(['"', '\'']);
    let value = &value[..value.find(is_border).unwrap_or(value.len())];
    name.ends_with("_KEY")
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && !value.contains(['/', '.', '~'])
        && (has_digit(value) || value.contains('-') || value.len() >= 12)
}

/// Values of names: `NAME=value`, `--name value`, `"name": "value"`, `Name: value`.
fn named(text: &str, found: &mut Vec<Range<usize>>) {
    let part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    // What stands inside a value that was just found is no name.
    let mut known = 0;
    for range in runs(text, part) {
        if range.start < known {
            continue;
        }
        let name = &text[range.clone()];
        let after = &text[range.end..];
        let quoted = after.strip_prefix(['"', '\'']).unwrap_or(after);
        let skipped = after.len() - quoted.len();
        let bare = name.trim_start_matches('-');
        // `-password`, as Java's tools have it; `-p` is some program's own.
        let flag = name.starts_with("--") || (name.starts_with('-') && bare.len() > 3);
        let lower = bare.to_ascii_lowercase();
        // `Stripe-Signature: x` is signed with a secret of the sender; as a parameter it is asked for below.
        let signed = lower.ends_with("-signature") && quoted.starts_with(':');
        if !flag && (is_header(bare) || signed || (lower.starts_with("x-") && is_secret_name(bare))) {
            // `Authorization: Bearer x`, and nushell's `[Authorization "Bearer x"]`.
            let rest =
                quoted.strip_prefix(':').or_else(|| quoted.strip_prefix(" \"").filter(|_| skipped == 0));
            if let Some(rest) = rest.filter(|rest| quoted.starts_with(':') || starts_with_scheme(rest)) {
                let start = text.len() - rest.trim_start_matches(' ').len();
                header(text, start, found);
                known = found.last().map_or(known, |last| last.end.max(known));
            }
            continue;
        }
        let asked = text[..range.start].ends_with(['?', '&'])
            && matches!(lower.as_str(), "key" | "sig" | "signature" | "x-amz-signature" | "x-goog-signature")
            && quoted.strip_prefix('=').is_some_and(|rest| {
                let end = rest.find(|c| is_border(c) || c == '#').unwrap_or(rest.len());
                end >= 8 && has_digit(&rest[..end])
            });
        let key = quoted.strip_prefix('=').is_some_and(|rest| is_key(bare, rest));
        if !asked && !key && !is_secret_name(bare) {
            continue;
        }
        let of_environment = ["$env:", "$env.", "$"].iter().any(|sign| {
            let whole = format!("{sign}{name}");
            text[..range.end].ends_with(&whole) && (sign.len() > 1 || lower.starts_with("env."))
        });
        let start = if let Some(rest) = quoted.strip_prefix('=') {
            // `==` compares.
            if rest.starts_with('=') { continue } else { range.end + skipped + 1 }
        } else if let Some(rest) = after.strip_prefix(" = ").filter(|rest| {
            // Nushell and PowerShell, and code in quotes; `[ $token = x ]` compares.
            of_environment || (rest.starts_with(['"', '\'']) && sets(&text[..range.start]))
        }) {
            text.len() - rest.len()
        } else if let Some(rest) = quoted
            .strip_prefix(':')
            .filter(|rest| rest.starts_with([' ', '"', '\'']) && (skipped > 0 || !is_short_name(&lower)))
        {
            range.end + skipped + 1 + (rest.len() - rest.trim_start_matches(' ').len())
        } else if flag && after.starts_with(' ') && !after.trim_start_matches(' ').starts_with('-') {
            range.end + (after.len() - after.trim_start_matches(' ').len())
        } else {
            continue;
        };
        value(text, start, found);
        known = found.last().map_or(known, |last| last.end.max(known));
    }
}

/// True where the name after this text is set: `let x`, `$x` of PowerShell at the beginning of a statement; in a test it is compared.
fn sets(before: &str) -> bool {
    match before.strip_suffix('$') {
        Some(before) => {
            let before = before.trim_end_matches([' ', '\t']);
            before.is_empty() || before.ends_with([';', '{', '\n', ']', ')'])
        }
        None => true,
    }
}

/// A value that begins here, quoted or not.
fn value(text: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let rest = text.get(start..).unwrap_or_default();
    let range = match rest.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inner = &rest[1..];
            // The quote of `"Password: " name` closes.
            if inner.is_empty() || inner.starts_with([' ', ';', '\n']) {
                return;
            }
            start + 1..start + 1 + inner.find(quote).unwrap_or(inner.len())
        }
        _ => start..start + rest.find(is_border).unwrap_or(rest.len()),
    };
    secret(text, range, found);
}

/// Headers whose value is a secret.
fn is_header(name: &str) -> bool {
    [
        "authorization",
        "proxy-authorization",
        "x-api-key",
        "x-auth-token",
        "api-key",
        "private-token",
        "cookie",
        "set-cookie",
        "x-amz-security-token",
    ]
    .iter()
    .any(|known| name.eq_ignore_ascii_case(known))
}

const SCHEMES: &[&str] = &["bearer ", "basic ", "token ", "digest ", "apikey "];

fn starts_with_scheme(text: &str) -> bool {
    let text = text.trim_start_matches([' ', '"', '\'']);
    SCHEMES
        .iter()
        .any(|scheme| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
}

/// Phrases before a secret in quotes: SQL, and `Bearer` wherever it stands.
fn statements(text: &str, found: &mut Vec<Range<usize>>) {
    let lower = text.to_ascii_lowercase();
    for (at, phrase) in lower.match_indices("bearer ") {
        let start = at + phrase.len();
        let rest = &text[start..];
        let word = &rest[..rest.find(is_border).unwrap_or(rest.len())];
        if has_digit(word) && word.len() >= 6 || word.len() >= 20 {
            secret(text, start..start + word.len(), found);
        }
    }
    let makes_user = ["alter ", "create "].iter().any(|verb| {
        [" user ", "user ", "role ", "login "]
            .iter()
            .any(|what| lower.contains(&format!("{verb}{}", what.trim_start())))
    });
    for phrase in ["identified by", "password"] {
        for (at, _) in lower.match_indices(phrase) {
            let start = at + phrase.len();
            let rest = text[start..].trim_start_matches([' ', '=']);
            let sql = phrase != "password" || makes_user;
            if sql && rest.starts_with(['"', '\'']) && rest.len() < text.len() - start {
                value(text, text.len() - rest.len(), found);
            }
        }
    }
}

/// What a script types where it is asked for a password: `expect "assword:"; send "…\r"`, `sendline('…')`.
fn dialogues(text: &str, found: &mut Vec<Range<usize>>) {
    let lower = text.to_ascii_lowercase();
    if !lower.contains("expect") {
        return;
    }
    // What was asked for, before the next thing is said.
    let mut from = 0;
    for (at, verb) in lower.match_indices("send") {
        let asked = &lower[from..at];
        from = at + verb.len();
        let is_word = !lower[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_');
        if !is_word
            || !["assword", "assphrase", "pin:", "passcode", "secret"].iter().any(|word| asked.contains(word))
        {
            continue;
        }
        let rest = &text[from..];
        let rest = rest.strip_prefix("line").unwrap_or(rest).trim_start_matches([' ', '(']);
        let rest = rest.strip_prefix("-- ").unwrap_or(rest).trim_start_matches("\\");
        value(text, text.len() - rest.len(), found);
    }
}

/// What follows a header's name, up to the end of its line or quotes; the scheme (`Bearer`) stays.
fn header(text: &str, start: usize, found: &mut Vec<Range<usize>>) {
    let rest = text.get(start..).unwrap_or_default();
    let lead = rest.len() - rest.trim_start_matches(['"', '\'']).len();
    let rest = &rest[lead..];
    let end = rest.find(['"', '\'', '\n', '\r']).unwrap_or(rest.len());
    let line = &rest[..end];
    let scheme = SCHEMES
        .iter()
        .find(|scheme| line.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)))
        .map_or(0, |scheme| scheme.len());
    secret(text, start + lead + scheme..start + lead + end, found);
}

/// Maximal runs of characters.
fn runs(text: &str, part: impl Fn(char) -> bool) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (part(c), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each `«...»` is what should be taken out.
    #[track_caller]
    pub(super) fn check(marked: &str) {
        let text: String = marked.replace(['«', '»'], "");
        let mut expect = String::new();
        let mut rest = marked;
        while let Some((before, after)) = rest.split_once('«') {
            let (_, after) = after.split_once('»').unwrap();
            expect.push_str(before);
            expect.push_str(MARK);
            rest = after;
        }
        expect.push_str(rest);
        assert_eq!(redact(&text), expect);
    }

    #[test]
    fn known_forms() {
        check("git clone https://x:«ghp_0123456789abcdefghijABCDEFGHIJ012345»@github.com/a/b");
        check("echo «ghp_0123456789abcdefghijABCDEFGHIJ012345»");
        check("curl -H 'X: «xoxb-123456789012-abcdefghijkl»'");
        check("aws configure set aws_access_key_id «AKIAIOSFODNN7EXAMPLE»");
        check("echo «eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N»");
        check("OPENAI=«sk-proj-abcdefghij0123456789» run");
        check("hf download «hf_abcdefghijklmnop0123456789»");
        check("echo '«-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----»' > k");
        check("echo «-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blb»");
    }

    #[test]
    fn names_with_values() {
        check("export API_TOKEN=«abc» && ls");
        check("DB_PASSWORD='«a b c»' ./run");
        check("PGPASSWORD=«hunter2» psql -h db");
        check("AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY» aws s3 ls");
        check("mysql --password=«hunter2» -u root");
        check("tool --api-key «k1» --verbose");
        check("tool --client-secret=«k1»");
        check("curl -d '{\"password\": \"«hunter2»\", \"user\": \"me\"}' https://x");
        check("curl 'https://x/?user=me&access_token=«abc»&x=1'");
        check("curl -H 'Authorization: Bearer «abc.def»' https://x");
        check("curl -H \"Authorization: Basic «dXNlcjpwYXNz»\" https://x");
        check("curl -H 'X-Api-Key: «k»' https://x");
        check("curl -H \"Cookie: «session=1; other=2»\" https://x");
    }

    #[test]
    fn addresses_and_options() {
        check("psql postgres://me:«hunter2»@db/x");
        check("curl -u me:«hunter2» https://x");
        check("curl --user me:«hunter2» https://x");
        check("mysql -u root -p«hunter2» shop");
        check("sshpass -p «hunter2» ssh me@host");
        check("sudo sshpass -p '«a b»' ssh me@host");
        check("docker login -u me -p «hunter2» reg");
        check("redis-cli -a «hunter2» ping");
        check("openssl rsa -passin pass:«hunter2» -in k");
        check("zip -P «hunter2» a.zip b");
    }

    #[test]
    fn other_ways_to_name_one() {
        check("$env.WEATHER_TOKEN = '«fake-123»'");
        check("$env:API_KEY = \"«fake-123»\"");
        check("$password = '«hunter2»'; connect $password");
        check("[string]$token = \"«hunter2»\"");
        check("expect -c 'spawn ssh h; expect \"assword:\"; send \"«hunter2\\r»\"; interact'");
        check("expect <<E\nspawn su\nexpect \"Password: \"\nsend -- \"«hunter2\\r»\"\nE");
        check("python -c \"c.expect('assword'); c.sendline('«hunter2»'); c.expect('x'); c.sendline('ls')\"");
        check("python -c \"password = '«hunter2»'\"");
        check("keytool -storepass «changeit» -keystore k.jks");
        check("export STRIPE_KEY=«fake-4242»");
        check("export BUTLER_API_KEY=«fake-butler-key»");
        check("DB_PW=«hunter2» ./run");
        check("http get --headers [Authorization \"Bearer «fake-123»\"] https://x");
        check("grpcurl -H 'x-api-token:«fake-123»' host:443 list");
        check("curl 'https://x/maps?key=«fake-key-123»&size=4'");
        check("curl 'https://s/o?X-Amz-Date=1&X-Amz-Signature=«0a1b2c3d4e5f»'");
        check("curl -d '{}' https://hooks.slack.com/services/«T000/B000/fakefakefake»");
        check("curl https://api.telegram.org/bot«123456:fake»");
        check("psql -c \"ALTER USER app WITH PASSWORD '«hunter2»'\"");
        check("mysql -e \"CREATE USER 'a'@'%' IDENTIFIED BY '«hunter2»'\"");
        check("echo 'Bearer «abcdef123456»' > header");
        check("http POST :8000/hook page=2 Stripe-Signature:«fake-sig»");
    }

    #[test]
    fn noise() {
        check("echo «q7Rz2XkP9vLmT4wYbN8cJd5HgF3sAeU6»");
        check("s3 «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»");
    }

    /// What looks like a secret and is none.
    #[test]
    fn twins_stay() {
        for line in [
            "git show 9fceb02d0ae598e95dc970b74767f19372d61af8",
            "echo e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  file | sha256sum -c",
            "kill 123e4567-e89b-12d3-a456-426614174000",
            "npm i # sha512-PlhdFcillOINfeV7Ni6oF1TAEayyZBoZ8bcshTHqOYJYlrqzRK5hagpagky5o4HfCzzd1TRkXPMFq6cKk9rGmA==",
            "ssh-keygen -lf k # SHA256:uNiVztksCsDhcc0u9e8BrqXVUDPmV7p8wtC2yXg5yBo",
            "mkdir -p build && ssh -p 2222 host && docker run -p 8080:80 nginx",
            "tool --password-stdin < file",
            "docker login -u me --password-stdin",
            "PASSWORD=$1 TOKEN=\"$TOKEN\" run",
            "curl -H \"Authorization: Bearer $TOKEN\" https://x",
            "cd $PWD && PWD=/tmp ls",
            "TOKENIZERS_PARALLELISM=false python train.py --max_tokens=5",
            "curl https://user@example.com/x",
            "wget https://example.com/app-1.2.3-x86_64-unknown-linux-gnu.tar.gz",
            "ls /nix/store/0c5f2jp4i3ydxbfa7l8vh0v0s1v3zlc6-glibc-2.38",
            "java -Dcom.example.MyVeryLongClassNameForTheTestRunner2=true",
            "[ \"$token\" == x ]",
            "kubectl get secret db --token-ttl 5m",
            "git commit -m \"auth: cookies are sent once\"",
            "git commit -m 'Bearer tokens are read'",
            "mv ~/Downloads/FOIA_2024-0877_response.xlsx raw/",
            "git log --format='%h %s' -S 'password ' -- src",
            "if [ \"$PASSWORD\" = \"$OTHER\" ]; then ls; fi",
            "[ $token = 'x' ] && ls",
            "expect -c 'spawn ssh h; expect \"login:\"; send \"anna\\r\"; interact'",
            "expect -c 'expect \"assword:\"; send \"$pw\\r\"'",
            "curl -H 'Idempotency-Key: k1' https://x",
            "curl 'https://x/?sort=key&key=name'",
            "export SSH_KEY=~/.ssh/id_ed25519 SORT_KEY=name",
            "psql -c 'select key, status from idempotency_keys where password is null'",
            "http get --headers [Authorization $'Bearer ($env.WEATHER_TOKEN)'] https://x",
            "grep -r password src",
            "cat ~/.config/tokens.txt",
            "ssh-add ~/.ssh/id_ed25519",
            "vault read --secret-name x",
            "ffmpeg -i a.wav -af 'highpass=f=80,lowpass=f=3000' b.wav",
            "zpool replace tank ata-WDC_WD40EFRX-68N32N0_WD-FAKE0417 sdb",
            "read -s -p \"Password: \" pw",
            "gpg --export-secret-key me | paperkey",
            "kubectl config set-credentials admin --client-key=k.pem",
            "Xy12",
        ] {
            assert_eq!(redact(line), line);
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(PREFIXES.is_sorted() && SECRET_NAMES.is_sorted() && OPEN_NAMES.is_sorted());
        assert!(HOOKS.is_sorted());
    }

    /// Long texts take time in proportion to their length.
    #[test]
    fn long_texts_are_read_in_time() {
        for part in [
            "token=",
            "password='",
            "-----BEGIN ",
            "://",
            "Authorization: ",
            "a@b://",
            "sk-",
            "--password ",
            "curl -u ",
        ] {
            let text = part.repeat((64 << 10) / part.len());
            let started = std::time::Instant::now();
            redact(&text);
            assert!(started.elapsed().as_millis() < 1000, "{part}: {:?}", started.elapsed());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in ".{0,120}|[a-zA-Z=:\"'/@ -]{0,120}") {
            let once = redact(&text);
            proptest::prop_assert!(once.len() <= text.len() + MARK.len() * (text.len() + 1));
        }

        #[test]
        fn a_secret_does_not_come_through(value in "[a-zA-Z0-9]{6,30}x") {
            for text in [
                format!("export MY_TOKEN={value}"),
                format!("curl -H 'Authorization: Bearer {value}' x"),
                format!("curl https://me:{value}@host/"),
                format!("mysql -p{value} db"),
                format!("x --password '{value}'"),
            ] {
                proptest::prop_assert!(!redact(&text).contains(&value), "{}", text);
            }
        }
    }
}
