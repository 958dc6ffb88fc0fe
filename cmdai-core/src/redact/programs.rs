//! Secrets by the program that takes them: after an option of its own, at a place among its words, or
//! through a pipe.
//!
//! The line is cut roughly as a shell would cut it, without a parse: this must stay cheap and total, and
//! a word too many that is taken out costs little.

use std::ops::Range;

use super::{is_secret_name, secret};

/// How many quotes inside quotes are read (`ssh host 'sh -c "..."'`).
const DEPTH: usize = 3;

/// Programs with a short option that takes a secret: joined to it, or as the next word. Sorted.
const OPTIONS: &[(&str, &str, bool, bool)] = &[
    // program, option, joined, next
    ("7z", "-p", true, false),
    ("7za", "-p", true, false),
    ("PsExec", "-p", false, true),
    ("az", "-p", false, true),
    ("bcp", "-P", true, true),
    ("buildah", "-p", true, true),
    ("certutil", "-p", false, true),
    ("cqlsh", "-p", true, true),
    ("crackmapexec", "-H", false, true),
    ("crackmapexec", "-p", false, true),
    ("crane", "-p", false, true),
    ("curl", "-U", true, true),
    ("curl", "-u", true, true),
    ("docker", "-p", true, true),
    ("doctl", "-t", false, true),
    ("dotnet", "-k", false, true),
    ("evil-winrm", "-H", false, true),
    ("evil-winrm", "-p", false, true),
    ("gem", "--key", false, true),
    ("helm", "-p", false, true),
    ("http", "-a", true, true),
    ("hydra", "-p", true, true),
    ("ipmitool", "-P", true, true),
    ("ldapadd", "-w", true, true),
    ("ldapdelete", "-w", true, true),
    ("ldapmodify", "-w", true, true),
    ("ldapsearch", "-w", true, true),
    ("ldapwhoami", "-w", true, true),
    ("mariadb", "-p", true, false),
    ("mongo", "-p", false, true),
    ("mongodump", "-p", false, true),
    ("mongorestore", "-p", false, true),
    ("mongosh", "-p", false, true),
    ("mosquitto_pub", "-P", false, true),
    ("mosquitto_sub", "-P", false, true),
    ("mysql", "-p", true, false),
    ("mysqladmin", "-p", true, false),
    ("mysqldump", "-p", true, false),
    ("mysqlimport", "-p", true, false),
    ("ncftpget", "-p", false, true),
    ("ncftpput", "-p", false, true),
    ("netexec", "-H", false, true),
    ("netexec", "-p", false, true),
    ("nxc", "-H", false, true),
    ("nxc", "-p", false, true),
    ("oc", "-p", true, true),
    ("oras", "-p", true, true),
    ("podman", "-p", true, true),
    ("psexec", "-p", false, true),
    ("rar", "-p", true, false),
    ("rdesktop", "-p", false, true),
    ("redis-cli", "-a", true, true),
    ("security", "-w", false, true),
    ("signtool", "/p", false, true),
    ("skopeo", "-p", true, true),
    ("snmpget", "-A", false, true),
    ("snmpget", "-X", false, true),
    ("snmpwalk", "-A", false, true),
    ("snmpwalk", "-X", false, true),
    ("sqlcmd", "-P", true, true),
    ("ssh-keygen", "-N", false, true),
    ("ssh-keygen", "-P", false, true),
    ("sshpass", "-p", true, true),
    ("testsaslauthd", "-p", false, true),
    ("unrar", "-p", true, false),
    ("unzip", "-P", true, true),
    ("useradd", "-p", false, true),
    ("usermod", "-p", false, true),
    ("winexe", "-p", false, true),
    ("zip", "-P", true, true),
];

/// Programs that take a secret as so many words behind one of theirs. Sorted.
const BEHIND: &[(&str, &str, usize)] = &[
    ("cargo", "login", 1),
    ("mc", "set", 4),
    ("mysqladmin", "password", 1),
    ("neo4j-admin", "set-initial-password", 1),
    ("ngrok", "add-authtoken", 1),
    ("ngrok", "authtoken", 1),
];

/// Files, by the end of their name, of which every line holds a secret.
const SECRET_FILES: &[&str] = &[".netrc", ".pgpass", ".vault_pass", "_netrc", "pgpass.conf"];

/// Programs whose option `-p` is a password where they log in, and something else (a port) otherwise.
const ONLY_AT_LOGIN: &[&str] =
    &["az", "buildah", "crane", "docker", "helm", "oc", "oras", "podman", "skopeo"];

/// Programs that run another program, named among their words or in a quoted text. Sorted.
const CARRIERS: &[&str] = &[
    "bash", "dash", "doas", "docker", "eval", "flock", "ionice", "kubectl", "nice", "oc", "podman", "sh",
    "ssh", "stdbuf", "su", "sudo", "timeout", "watch", "xargs", "zsh",
];

/// Programs that only go before another one, with their options that take a value.
const WRAPPERS: &[(&str, &[&str])] = &[
    ("command", &[]),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "-C"]),
    ("exec", &["-a"]),
    ("nohup", &[]),
    ("sudo", &["-u", "-g", "-h", "-p", "-r", "-t", "-C", "-D", "-R", "-T"]),
    ("time", &[]),
];

/// One word of the line, with its quotes.
#[derive(Clone)]
struct Word<'a> {
    at: usize,
    text: &'a str,
}

impl<'a> Word<'a> {
    /// Without the quotes around it.
    fn bare(&self) -> &'a str {
        let quote = |c: &char| matches!(c, '"' | '\'');
        match self.text.chars().next().filter(quote) {
            Some(open) => {
                let inside = self.text.get(1..).unwrap_or_default();
                inside.strip_suffix(open).unwrap_or(inside)
            }
            None => self.text,
        }
    }

    /// Where a part of it stands in the whole text.
    fn place(&self, part: &str) -> Range<usize> {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let start = self.at + offset.min(self.text.len());
        start..start + part.len()
    }

    fn is_option(&self) -> bool {
        self.text.starts_with('-') && self.text.len() > 1
    }
}

/// Secrets of all commands of a text.
pub(super) fn secrets(text: &str, found: &mut Vec<Range<usize>>) {
    read(text, 0..text.len(), DEPTH, found);
}

fn read(text: &str, range: Range<usize>, depth: usize, found: &mut Vec<Range<usize>>) {
    let Some(inside) = text.get(range.clone()) else { return };
    let words: Vec<Word<'_>> = words(inside)
        .into_iter()
        .map(|word| Word { at: range.start + word.start, text: inside.get(word).unwrap_or_default() })
        .collect();
    let is_operator = |word: &Word<'_>| word.text.len() == 1 && "|&;()\n".contains(word.text);
    // Each command with what stands between it and the next.
    let mut commands: Vec<(&[Word<'_>], &str)> = Vec::new();
    let mut from = 0;
    for (nth, word) in words.iter().enumerate() {
        if is_operator(word) {
            commands.push((&words[from..nth], word.text));
            from = nth + 1;
        }
    }
    commands.push((&words[from..], ""));
    for (nth, (command, after)) in commands.iter().enumerate() {
        let Some(start) = program_at(command) else { continue };
        let (name, rest) = (name_of(&command[start]), &command[start + 1..]);
        // `a || b` has an empty command between.
        let next = commands.get(nth + 1).map(|(next, _)| *next).filter(|_| *after == "|").unwrap_or_default();
        if matches!(name, "echo" | "printf" | "print") && reads_secret(next) {
            rest.iter()
                .filter(|word| !word.is_option())
                .for_each(|word| secret(text, word.place(word.bare()), found));
        }
        let is_kept = command.iter().any(|word| SECRET_FILES.iter().any(|end| word.bare().ends_with(end)));
        if is_kept && matches!(name, "echo" | "printf" | "print") {
            rest.iter()
                .take_while(|word| !word.text.starts_with('>'))
                .filter(|word| !word.is_option())
                .for_each(|word| secret(text, word.place(word.bare()), found));
        }
        if is_kept || reads_secret(command) {
            here_string(text, rest, found);
        }
        arguments(text, name, rest, found);
        if command.iter().take(start + 1).any(|word| CARRIERS.contains(&name_of(word))) {
            let known = |word: &Word<'_>| {
                !CARRIERS.contains(&name_of(word))
                    && OPTIONS.iter().any(|(known, ..)| *known == name_of(word))
            };
            if let Some(inner) = rest.iter().position(known) {
                arguments(text, name_of(&rest[inner]), &rest[inner + 1..], found);
            }
            for word in rest.iter().filter(|word| depth > 0 && word.text.starts_with(['"', '\''])) {
                read(text, word.place(word.bare()), depth - 1, found);
            }
        }
    }
}

fn name_of<'a>(word: &Word<'a>) -> &'a str {
    let bare = word.bare();
    let name = bare.rsplit(['/', '\\']).next().unwrap_or(bare);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// Where the program stands: after assignments and what only goes before it.
fn program_at(command: &[Word<'_>]) -> Option<usize> {
    let mut at = 0;
    let mut options: &[&str] = &[];
    loop {
        let word = command.get(at)?;
        if let Some((_, own)) = WRAPPERS.iter().find(|(known, _)| *known == name_of(word)) {
            options = own;
        } else if word.is_option() {
            at += usize::from(options.contains(&word.text));
        } else if !word.text.contains('=') {
            return Some(at);
        }
        at += 1;
    }
}

/// True for a command that reads a secret from its input.
fn reads_secret(command: &[Word<'_>]) -> bool {
    let Some(start) = program_at(command) else { return false };
    let rest = &command[start + 1..];
    let has = |name: &str| rest.iter().any(|word| word.text == name);
    let sudo = command[..start].iter().any(|word| name_of(word) == "sudo");
    let asks = command[..start].iter().any(|word| {
        word.text == "--stdin"
            || (word.text.starts_with('-') && !word.text.starts_with("--") && word.text.contains('S'))
    });
    (sudo && asks)
        || rest.iter().any(|word| word.text.ends_with("password-stdin") || word.text == "--with-token")
        || match name_of(&command[start]) {
            "chpasswd" | "cryptsetup" | "kinit" | "kwallet-query" | "passwd" | "secret-tool"
            | "smbpasswd" | "su" | "vncpasswd" => true,
            "lpass" => has("login"),
            "hcloud" => has("context"),
            "gpg" => has("--passphrase-fd"),
            // Into a variable whose name says what it is, or without being shown.
            "read" => {
                let hides = |word: &Word<'_>| {
                    word.is_option() && !word.text.starts_with("--") && word.text.contains('s')
                };
                rest.iter().any(|word| hides(word) || !word.is_option() && is_secret_name(word.bare()))
            }
            "pass" => has("insert"),
            "docker" | "podman" => has("secret") && has("create"),
            "gh" | "wrangler" => has("secret") && (has("set") || has("put")),
            "vault" => has("login"),
            _ => false,
        }
}

/// `<<< text`
fn here_string(text: &str, rest: &[Word<'_>], found: &mut Vec<Range<usize>>) {
    for (nth, word) in rest.iter().enumerate() {
        let Some(joined) = word.text.strip_prefix("<<<") else { continue };
        let taken = if joined.is_empty() { rest.get(nth + 1).cloned() } else { None };
        let taken = taken.unwrap_or(Word { at: word.at + 3, text: joined });
        secret(text, taken.place(taken.bare()), found);
    }
}

/// What follows `:` in a pair of user and password; all of a text without one is a user.
fn password_of(pair: &str, border: char) -> &str {
    pair.split_once(border).map_or("", |(_, password)| password)
}

fn arguments(text: &str, program: &str, rest: &[Word<'_>], found: &mut Vec<Range<usize>>) {
    options(text, program, rest, found);
    places(text, program, rest, found);
    for word in rest {
        if let Some(pass) = word.text.strip_prefix("pass:") {
            secret(text, word.place(pass), found);
        }
        secret(text, word.place(slash_option(program, word.bare())), found);
        secret(text, word.place(of_account(program, word.bare())), found);
    }
}

/// The value of `/p:VALUE` and `/password:VALUE`, as programs of Windows and their like have them.
fn slash_option<'a>(program: &str, word: &'a str) -> &'a str {
    let Some((name, value)) = word.strip_prefix('/').and_then(|word| word.split_once(':')) else { return "" };
    let remote_desktop = program.contains("freerdp") || program == "mstsc";
    let names = name.to_ascii_lowercase();
    let is_secret = matches!(names.as_str(), "pass" | "password" | "pwd" | "pw" | "rp")
        || (remote_desktop && matches!(names.as_str(), "p" | "gp" | "pth"));
    if is_secret { value } else { "" }
}

/// The password of `DOMAIN/user:password@host`, an account without a scheme before it.
fn of_account<'a>(program: &str, word: &'a str) -> &'a str {
    let takes_accounts = program.ends_with(".py") || program.starts_with("impacket-") || program == "mysqlsh";
    let Some((account, host)) = word.rsplit_once('@') else { return "" };
    let Some((user, password)) = account.split_once(':') else { return "" };
    let is_path = user.starts_with(['/', '.', '~', '-']) || password.starts_with('/');
    let is_image = ["sha256:", "sha512:"].iter().any(|digest| host.starts_with(digest));
    let in_domain = user.contains(['/', '\\']);
    if user.is_empty() || is_path || is_image || !(in_domain || takes_accounts) { "" } else { password }
}

fn options(text: &str, program: &str, rest: &[Word<'_>], found: &mut Vec<Range<usize>>) {
    if ONLY_AT_LOGIN.contains(&program) && !rest.iter().take(3).any(|word| word.text == "login") {
        return;
    }
    let known: Vec<_> = OPTIONS.iter().filter(|(known, ..)| *known == program).collect();
    let mut words = rest.iter().peekable();
    while let Some(word) = words.next() {
        let pair = matches!(program, "curl" | "http");
        let long = program == "curl" && matches!(word.text, "--user" | "--proxy-user");
        let part = |value: &Word<'_>| -> Range<usize> {
            let bare = value.bare();
            value.place(if pair { password_of(bare, ':') } else { bare })
        };
        let separate = known.iter().any(|(_, option, _, next)| *next && word.text == *option);
        if separate || long {
            if let Some(next) = words.next_if(|next| !next.is_option()) {
                secret(text, part(next), found);
            }
            continue;
        }
        let joined = known.iter().find(|(_, option, joined, _)| {
            *joined && word.text.len() > option.len() && word.text.starts_with(option)
        });
        if let Some((_, option, ..)) = joined {
            let value = Word { at: word.at + option.len(), text: &word.text[option.len()..] };
            secret(text, part(&value), found);
        }
    }
}

/// Secrets that stand at a place among a program's words.
fn places(text: &str, program: &str, rest: &[Word<'_>], found: &mut Vec<Range<usize>>) {
    let mut hide = |word: Option<&Word<'_>>| {
        if let Some(word) = word {
            secret(text, word.place(word.bare()), found);
        }
    };
    let at = |name: &str| rest.iter().position(|word| word.bare() == name);
    let after = |name: &str, by: usize| at(name).and_then(|at| rest.get(at + by));
    let plain: Vec<&Word<'_>> = rest.iter().filter(|word| !word.is_option()).collect();
    for (_, verb, by) in BEHIND.iter().filter(|(known, ..)| *known == program) {
        hide(after(verb, *by).filter(|word| !word.is_option()));
    }
    match program {
        "oathtool" => hide(plain.last().copied()),
        "composer" => {
            let at = rest.iter().position(|word| word.bare().starts_with("http-basic."));
            hide(at.and_then(|at| rest.get(at + 2)));
        }
        "nmcli" => {
            for pair in rest.windows(2) {
                let name = pair[0].bare();
                if matches!(name, "password" | "psk") || name.ends_with(".psk") || name.contains("wep-key") {
                    hide(Some(&pair[1]));
                }
            }
        }
        "wpa_passphrase" => hide(plain.get(1).copied()),
        "iwconfig" => hide(after("key", 1)),
        "networksetup" => hide(after("-setairportnetwork", 3)),
        "raspi-config" => hide(after("do_wifi_ssid_passphrase", 2)),
        "htpasswd" if rest.iter().any(|word| word.is_option() && word.text.contains('b')) => {
            hide(plain.last().copied());
        }
        "net" => {
            hide(after("user", 2).filter(|word| !word.text.starts_with('/')));
            // `net use Z: \\host\share PASSWORD`, with or without a drive.
            let is_share = |word: &&Word<'_>| word.bare().starts_with(['/', '\\']);
            hide(after("use", 2).filter(|word| !is_share(word)));
            hide(after("use", 3).filter(|word| !is_share(word)));
        }
        "schtasks" => {
            hide(after("/rp", 1));
            hide(after("/RP", 1));
        }
        // Of Oracle's tools: `user/password@database`.
        "sqlplus" | "expdp" | "impdp" | "exp" | "imp" | "sqlldr" => {
            let account = plain.iter().find(|word| !word.text.starts_with('/') && word.text.contains('/'));
            if let Some(word) = account {
                let (_, password) = word.bare().split_once('/').unwrap_or_default();
                let password = password.split('@').next().unwrap_or_default();
                secret(text, word.place(password), found);
            }
            return;
        }
        "ConvertTo-SecureString" => hide(plain.first().copied()),
        "printf" if after("-v", 1).is_some_and(|name| is_secret_name(name.bare())) => {
            hide(plain.last().copied());
        }
        "rabbitmqctl" => {
            ["add_user", "authenticate_user", "change_password"].iter().for_each(|verb| hide(after(verb, 2)))
        }
        "bw" => {
            hide(after("login", 2));
            hide(after("unlock", 1).filter(|word| !word.is_option()));
        }
        "ansible-vault" if at("encrypt_string").is_some() => hide(plain.get(1).copied()),
        "redis-cli" => {
            hide(after("AUTH", 1));
            hide(after("auth", 1));
        }
        "openssl" if at("passwd").is_some() => hide(plain.get(1).copied()),
        "openssl" => hide(after("-k", 1)),
        "mkpasswd" => hide(plain.first().copied()),
        "pulumi" if at("--secret").is_some() => hide(plain.get(3).copied()),
        "gh" if at("secret").is_some() => {
            hide(after("--body", 1));
            hide(after("-b", 1));
        }
        "vault" => {
            hide(
                after("login", 1)
                    .filter(|word| !word.text.contains('=') && !word.is_option() && word.text.len() > 7),
            );
            hide(after("unseal", 1).filter(|word| !word.is_option()));
        }
        _ => {}
    }
    // `set NAME VALUE`, with whatever verb the program has for it.
    let verb = |word: &Word<'_>| matches!(word.text, "set" | "config" | "configure" | "CONFIG" | "SET");
    let from =
        if matches!(program, "set" | "setenv" | "setx") { Some(0) } else { rest.iter().position(verb) };
    if let Some(pairs) = from.and_then(|from| rest.get(from..)) {
        for pair in pairs.windows(2) {
            let name = pair[0].bare();
            let tail = name.rsplit(['.', ':', '/']).next().unwrap_or(name);
            let store = tail.to_ascii_lowercase();
            let token_of = name.starts_with("pypi-token.")
                || (is_secret_name(tail) && !store.ends_with("store") && !store.ends_with("helper"));
            if token_of && !pair[0].is_option() && !pair[1].is_option() {
                hide(Some(&pair[1]));
            }
        }
    }
    // Values of `secrets set NAME=VALUE`, `vault kv put path NAME=VALUE` and the like.
    let keeps = |word: &Word<'_>| {
        matches!(word.text, "secret" | "secrets")
            || (program == "vault" && matches!(word.text, "kv" | "write"))
    };
    let puts = |word: &Word<'_>| {
        matches!(word.text, "set" | "put" | "patch" | "add" | "create" | "write" | "import")
    };
    let all = rest.iter().any(keeps) && rest.iter().any(puts);
    for word in rest {
        let bare = word.bare();
        let value = match bare.strip_prefix("--from-literal=") {
            Some(pair) => password_of(pair, '='),
            None if all && !word.is_option() => password_of(bare, '='),
            None => "",
        };
        secret(text, word.place(value), found);
    }
    if program.ends_with(".py") || program.starts_with("impacket-") {
        // The two halves of a hash, with which one logs in as with the password.
        if let Some(word) = after("-hashes", 1) {
            secret(text, word.place(word.bare()), found);
        }
    }
    let pairs: &[(&str, &str, char)] = &[
        ("etcdctl", "--user", ':'),
        ("lftp", "-u", ','),
        ("rpcclient", "-U", '%'),
        ("net", "-U", '%'),
        ("smbclient", "-U", '%'),
        ("winexe", "-U", '%'),
        ("curl", "-b", '='),
        ("curl", "--cookie", '='),
    ];
    for (_, option, border) in pairs.iter().filter(|(known, ..)| *known == program) {
        if let Some(word) = after(option, 1) {
            secret(text, word.place(password_of(word.bare(), *border)), found);
        }
    }
}

/// Words as a shell would roughly cut them: quotes hold together, operators and newlines stand alone.
fn words(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = None;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        let operator = "|&;()\n".contains(c);
        match quote {
            Some(open) => {
                if c == open {
                    quote = None;
                }
            }
            None if c.is_whitespace() || operator => {
                found.extend(start.take().map(|from| from..at));
                if operator {
                    found.push(at..at + 1);
                }
            }
            None => {
                start.get_or_insert(at);
                if matches!(c, '"' | '\'') {
                    quote = Some(c);
                }
            }
        }
    }
    found.extend(start.map(|from| from..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::redact;
    use crate::redact::tests::check;

    #[test]
    fn after_an_option() {
        check("docker login -u me -p «hunter2» reg");
        check("docker login -p«hunter2» reg");
        check("az login -u me -p «hunter2»");
        check("helm registry login -u me -p '«hunter2»' reg");
        check("ldapsearch -D cn=me -w «hunter2» -b dc=x");
        check("sqlcmd -S db -U sa -P «hunter2» -Q 'select 1'");
        check("mosquitto_pub -h x -u me -P «hunter2» -t a -m b");
        check("ssh-keygen -t ed25519 -N '«hunter2»' -f k");
        check("http -a me:«hunter2» GET https://x");
        check("curl -u 'me:«hunter2»' https://x");
        check("curl -u dev:«dev» https://x");
        check("sudo -u postgres mysql -p«hunter2»");
        check("smbclient //h/s -U me%«hunter2»");
        check("lftp -u me,«hunter2» sftp://h");
        check("curl -b 'session=«fake-123»' https://x");
        check("doctl auth init -t «fake-123»");
        check("gem push --key «fake-123» a.gem");
        check("dotnet nuget push a.nupkg -k «fake-123»");
        check("etcdctl --user root:«hunter2» get /a");
    }

    #[test]
    fn at_a_place() {
        check("nmcli d wifi connect pop3-guest password «lab-guest-1»");
        check("sudo nmcli con modify home wifi-sec.psk '«a b c»'");
        check("wpa_passphrase home «hunter2» | sudo tee /etc/wpa.conf");
        check("networksetup -setairportnetwork en0 home «hunter2»");
        check("aws configure set aws_secret_access_key «fake-123» --profile x");
        check("npm config set //registry.npmjs.org/:_authToken «fake-123»");
        check("poetry config pypi-token.pypi «fake-123»");
        check("cargo login «fake-123»");
        check("ngrok authtoken «fake-123»");
        check("mysqladmin -u root password «hunter2»");
        check("mc alias set m http://h me «hunter2»");
        check("composer config http-basic.h me «hunter2»");
        check("oathtool --totp -b «JBSWY3DPEHPK3PXP»");
        check("echo '«machine h login b password hunter2»' >> ~/.netrc");
        check("cat > ~/.pgpass <<< '«h:5432:db:u:hunter2»'");
        check("lpass login me <<< «hunter2»");
        check("set -x RESTIC_PASSWORD «fake-pass-123»");
        check("set -gx GITHUB_TOKEN \"«fake-pass-123»\"");
        check("setenv API_TOKEN «fake»");
        check("htpasswd -bc .htpasswd me «hunter2»");
        check("rabbitmqctl add_user me «hunter2»");
        check("redis-cli CONFIG SET requirepass «hunter2»");
        check("vault login «hvs.fake-123»");
        check("vault kv put secret/app user=«me» pin=«1234»");
        check("kubectl create secret generic db --from-literal=pin=«1234»");
        check("fly secrets set SENTRY_DSN=«fake-123»");
        check("gh secret set DEPLOY --body «fake-123»");
        check("ansible-vault encrypt_string '«hunter2»' --name x");
        check("openssl enc -aes-256-cbc -k «hunter2» -in a");
    }

    #[test]
    fn through_a_pipe() {
        check("echo «fake-123» | gh auth login --with-token");
        check("gh auth login --with-token <<< «fake-123»");
        check("gh auth login --with-token <<<\"«fake-123»\"");
        check("echo '«hunter2»' | docker login -u me --password-stdin");
        check("echo «hunter2» | sudo -S apt update");
        check("echo \"«me:hunter2»\" | sudo chpasswd");
        check("printf '«hunter2»' | cryptsetup open /dev/sdb x");
        check("echo -n «hunter2» | docker secret create db -");
    }

    #[test]
    fn inside_another_command() {
        check("docker exec -it db mysql -uroot -p«hunter2» shop");
        check("ssh host 'mysql -uroot -p«hunter2» shop'");
        check("ssh host 'bash -c \"sshpass -p «hunter2» ssh other\"'");
        check("kubectl exec -it pod -- redis-cli -a «hunter2» ping");
        check("cd /srv\nsshpass -p «hunter2» ssh me@host");
    }

    #[test]
    fn accounts_and_options_of_other_systems() {
        check("xfreerdp /v:10.0.0.4 /u:anna /p:«hunter2» /cert:ignore");
        check("xfreerdp3 /v:h /u:anna '/p:«hunter 2»'");
        check("cmdkey /add:server /user:anna /pass:«hunter2»");
        check("net use Z: \\\\nas\\share «hunter2» /user:anna");
        check("schtasks /create /tn x /ru anna /rp «hunter2»");
        check("secretsdump.py acme/anna:«hunter2»@10.0.0.4");
        check("impacket-psexec 'anna:«hunter2»@10.0.0.4'");
        check("psexec.py -hashes «aad3b435:31d6cfe0» anna@10.0.0.4");
        check("evil-winrm -i h -u anna -H «31d6cfe0»");
        check("psexec.exe \\\\h -u anna -p «hunter2» cmd");
        check("sqlplus scott/«tiger»@db");
        check("ConvertTo-SecureString '«hunter2»' -AsPlainText -Force");
        check("read -r PASSWORD <<< «hunter2»");
        check("read -rs x <<< '«hunter2»'");
        check("printf -v TOKEN '%s' «hunter2»");
        for line in [
            "docker pull registry.example.com/app:1.2@sha256:0a1b",
            "npm i lodash@npm:other@1",
            "mail mailto:anna@example.com",
            "cp /srv/a:b@c x",
            "cmd /c dir /s /o:n",
            "xfreerdp /v:host /u:anna /size:80%",
            "sqlplus / as sysdba",
            "net use Z: /delete",
            "net user anna /active:no",
            "read -r name <<< anna",
            "read -s",
            "secretsdump.py -just-dc acme/anna@10.0.0.4",
            "printf -v stamp '%s' today",
        ] {
            assert_eq!(redact(line), line);
        }
    }

    /// What looks alike and is none.
    #[test]
    fn twins_stay() {
        for line in [
            "nmcli d wifi connect home password $WIFI",
            "nmcli device wifi list",
            "docker run -p 8080:80 nginx",
            "cargo login",
            "cat ~/.netrc",
            "chmod 600 ~/.pgpass",
            "git config credential.helper store",
            "git config --global user.name 'A B'",
            "aws configure set region eu-west-1",
            "set -x EDITOR nvim",
            "set -euo pipefail",
            "az aks create -p x",
            "echo hello | tee x",
            "echo $TOKEN | gh auth login --with-token",
            "gh auth login --with-token < token.txt",
            "gh auth login --with-token <<< \"$TOKEN\"",
            "cat pw | docker login -u me --password-stdin",
            "kubectl create secret generic db --from-file=a.txt",
            "kubectl get secrets -n prod",
            "vault login -method=oidc",
            "vault kv get secret/app",
            "ssh-keygen -t ed25519 -N '' -f k",
            "ssh -p 2222 host 'mysqldump shop' > x.sql",
            "squeue -u mh",
            "curl -b cookies.txt https://x",
            "curl -u me https://x",
            "openssl rsa -in k -noout -modulus | md5sum",
            "journalctl -u sshd -p err",
            "mysql -u root -p shop",
            "bw unlock --raw",
        ] {
            assert_eq!(redact(line), line);
        }
    }

    #[test]
    fn the_lists_are_sorted() {
        assert!(OPTIONS.is_sorted() && CARRIERS.is_sorted() && WRAPPERS.is_sorted() && BEHIND.is_sorted());
    }

    proptest::proptest! {
        #[test]
        fn any_line_is_read(text in "((sudo|ssh|echo|mysql|-p|'|\"|<<<|[|]|é|vault|kv|put|a=b| ){0,20})") {
            let _ = redact(&text);
        }
    }
}
