//! What sort of program a name is, as far as it matters for what is given to it.

/// The names of each sort; the sort's number is its place in the list, from 1.
const CLASSES: &[&[&str]] = &[
    &["cd", "z", "pushd", "Set-Location", "sl"],
    &[
        "vim", "vi", "nvim", "nano", "hx", "code", "emacs", "micro", "kate", "gedit", "subl", "notepad",
        "idea",
    ],
    &[
        "cat",
        "less",
        "head",
        "tail",
        "bat",
        "more",
        "open",
        "xdg-open",
        "wc",
        "file",
        "stat",
        "Get-Content",
        "start",
        "explorer.exe",
    ],
    &["git", "g", "jj", "hg", "svn"],
    &["mkdir", "touch", "New-Item"],
    &["rm", "mv", "cp", "rmdir", "ln", "trash", "del", "copy", "Copy-Item", "Remove-Item", "Move-Item"],
    &["grep", "rg", "ag", "ack", "egrep", "zgrep", "find", "fd", "Select-String"],
    &[
        "python", "python3", "node", "ruby", "perl", "bash", "sh", "zsh", "deno", "bun", "Rscript", "php",
        "lua", "source", ".",
    ],
    &["docker", "podman", "docker-compose", "kubectl", "k", "helm", "terraform", "tf", "aws", "az", "gcloud"],
    &[
        "cargo",
        "npm",
        "pnpm",
        "yarn",
        "make",
        "just",
        "go",
        "gradle",
        "./gradlew",
        "mvn",
        "./mvnw",
        "cmake",
        "ninja",
        "pip",
        "uv",
        "poetry",
        "dotnet",
        "flutter",
    ],
    &["ssh", "scp", "rsync", "sftp", "ping", "curl", "wget", "dig", "nc", "telnet", "mosh"],
    &["echo", "export", "printf", "set", "unset", "alias", "env"],
    &["ls", "ll", "la", "l", "tree", "eza", "exa", "dir", "du", "df", "Get-ChildItem", "gci"],
    &["systemctl", "journalctl", "service", "launchctl", "brew", "apt", "dnf", "pacman", "winget", "snap"],
    &["gh", "glab", "hub"],
    &["man", "which", "type", "help", "tldr", "whereis"],
];

/// Commands and keywords that nushell has and no other shell, nor any program by that name.
pub(super) const NUSHELL: &[&str] = &[
    "bytes",
    "def",
    "each",
    "export-env",
    "extern",
    "into",
    "math",
    "module",
    "mut",
    "overlay",
    "reject",
    "sort-by",
    "str",
    "to",
    "upsert",
    "use",
    "with-env",
];

/// The number of the sort; 0 for any other program.
pub(super) fn class(program: &str) -> f32 {
    let at = CLASSES.iter().position(|names| names.contains(&program));
    at.map_or(0.0, |at| at as f32 + 1.0)
}

/// True for programs that go to a directory.
pub(super) fn goes(program: &str) -> bool {
    CLASSES.first().is_some_and(|names| names.contains(&program))
}
