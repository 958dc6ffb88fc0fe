//! Files whose name says that they hold a secret, wherever they lie and whatever program they belong to.
//!
//! They are read every day (a server reads its key, a build its settings), so reading one is no finding; sending it away is.

/// Endings of files that are a secret as a whole.
const ENDINGS: &[&str] =
    &["jks", "kdb", "kdbx", "key", "keystore", "keytab", "ovpn", "p12", "pfx", "pkcs12", "ppk", "tfstate"];

/// Endings of code, pages and examples: these speak of secrets and hold none.
const TELLING: &[&str] = &[
    "adoc", "c", "cc", "cpp", "cs", "css", "dist", "ex", "example", "go", "h", "hpp", "htm", "html", "java",
    "js", "jsx", "kt", "lua", "md", "mdx", "pdf", "php", "png", "pub", "py", "pyi", "rb", "rs", "rst",
    "sample", "scala", "sh", "sql", "svg", "swift", "template", "tmpl", "ts", "tsx", "vue",
];

/// Words of a name that say it alone, in small letters and without an `s`.
const WORDS: &[&str] = &[
    "apikey",
    "credential",
    "cred",
    "htpasswd",
    "kubeconfig",
    "mnemonic",
    "passphrase",
    "password",
    "passwd",
    "privatekey",
    "privkey",
    "pwd",
    "secret",
    "unseal",
];

/// Pairs of words that say it together.
const PAIRS: &[(&str, &str)] = &[
    ("access", "key"),
    ("access", "token"),
    ("api", "key"),
    ("api", "token"),
    ("auth", "token"),
    ("backup", "code"),
    ("client", "key"),
    ("deploy", "key"),
    ("encryption", "key"),
    ("master", "key"),
    ("private", "key"),
    ("recovery", "code"),
    ("recovery", "key"),
    ("refresh", "token"),
    ("root", "token"),
    ("seed", "phrase"),
    ("service", "account"),
    ("signing", "key"),
    ("ssh", "key"),
    ("vault", "token"),
];

/// True for a path whose last part is named as a secret: `certs/server.key`, `prod.env`, `api_keys.txt`, `/etc/app/db_password`.
pub(super) fn names_a_secret(path: &str) -> bool {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    // A pattern for keys: `id_*`.
    if name.starts_with("id_*") || name.starts_with("id_…") {
        return true;
    }
    if path == "/etc/passwd" || name.len() > 128 {
        return false;
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((&name, ""));
    if TELLING.binary_search(&ending).is_ok() && name != "wp-config.php" {
        return false;
    }
    let parts: Vec<&str> =
        name.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let is_for_all = parts.iter().any(|part| {
        matches!(
            *part,
            "ca" | "cert"
                | "certs"
                | "certificate"
                | "chain"
                | "example"
                | "fullchain"
                | "pub"
                | "public"
                | "sample"
                | "template"
        )
    });
    if ending == "pem" {
        return !is_for_all;
    }
    if is_for_all && !matches!(ending, "key" | "p12" | "pfx") {
        return false;
    }
    let single = |part: &str| part.strip_suffix('s').map_or_else(|| part.to_owned(), str::to_owned);
    let parts: Vec<String> = parts
        .into_iter()
        .map(|part| if WORDS.contains(&part) { part.to_owned() } else { single(part) })
        .collect();
    ENDINGS.contains(&ending) && !stem.is_empty()
        || ending == "env" && !stem.is_empty()
        || name.starts_with(".env.")
        || name == "wp-config.php"
        || parts.iter().any(|part| WORDS.contains(&part.as_str()))
        || parts.windows(2).any(|pair| PAIRS.iter().any(|(a, b)| pair[0] == *a && pair[1] == *b))
        || path.contains("/secrets/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        let mut sorted = TELLING.to_vec();
        sorted.sort_unstable();
        assert_eq!(sorted, TELLING);
    }

    #[test]
    fn names_tell() {
        for path in [
            "server.key",
            "~/keys/deploy.pem",
            "passwords.txt",
            "~/Documents/all.kdbx",
            "/etc/app/db_password",
            "secrets.json",
            ".env.test",
            "prod.env",
            "terraform.tfstate",
            "kubeconfig",
            "api_keys.txt",
            "vault-unseal.json",
            "private_key.txt",
            "/etc/vault.d/unseal-keys.txt",
            "wp-config.php",
            "recovery-codes.txt",
            "cluster/secrets/db.yaml",
            "aws-credentials",
            "service-account-prod.json",
            "id.ppk",
        ] {
            assert!(names_a_secret(path), "{path}");
        }
        for path in [
            "notes.txt",
            "/etc/passwd",
            "cert.pem",
            "fullchain.pem",
            "ca.pem",
            "server.pub",
            "secrets.py",
            "passwords.md",
            ".env.example",
            "tokens.rs",
            "keyboard.json",
            "monkey.txt",
            "keynote.pdf",
            "secretary.txt",
            "config.env.sample",
            ".key",
            "key",
            "keys.txt",
            "tokenizer.json",
            "access.log",
            "code.txt",
            "environment",
        ] {
            assert!(!names_a_secret(path), "{path}");
        }
    }
}
