//! Which files suit a program, by their names: archives for what unpacks, scripts for what runs them.
//!
//! One table; to teach a program its files is to add a row.

/// Files that suit some programs.
struct Suit {
    programs: &'static [&'static str],
    /// A word that must stand in the command; any where it is empty.
    with: &'static [&'static str],
    /// What the word before the file looks like: a pattern with `*`, or `^` for the program itself. Any where it is empty.
    after: &'static [&'static str],
    /// Patterns of names.
    names: &'static [&'static str],
}

const FIRST: &[&str] = &["^", "-*"];
const YAML: &[&str] = &["*.yaml", "*.yml"];
const MEDIA: &[&str] =
    &["*.mp4", "*.mkv", "*.webm", "*.mov", "*.avi", "*.mp3", "*.flac", "*.ogg", "*.opus", "*.wav", "*.m4a"];

const SUITS: &[Suit] = &[
    Suit {
        programs: &["tar", "bsdtar"],
        with: &[],
        after: &["x*f", "-x*f", "t*f", "-t*f", "-f", "--file"],
        names: &["*.tar", "*.tar.*", "*.tgz", "*.tbz", "*.tbz2", "*.txz", "*.tzst"],
    },
    Suit {
        programs: &["unzip", "zipinfo"],
        with: &[],
        after: FIRST,
        names: &["*.zip", "*.jar", "*.whl", "*.epub", "*.docx", "*.xlsx"],
    },
    Suit { programs: &["gunzip", "zcat", "zless"], with: &[], after: &[], names: &["*.gz", "*.tgz", "*.Z"] },
    Suit { programs: &["bunzip2", "bzcat"], with: &[], after: &[], names: &["*.bz2", "*.tbz2"] },
    Suit { programs: &["unxz", "xzcat"], with: &[], after: &[], names: &["*.xz", "*.txz", "*.lzma"] },
    Suit { programs: &["unzstd", "zstdcat"], with: &[], after: &[], names: &["*.zst", "*.tzst"] },
    Suit { programs: &["unrar"], with: &[], after: &["e", "l", "t", "x"], names: &["*.rar"] },
    Suit {
        programs: &["7z", "7za", "7zz"],
        with: &[],
        after: &["e", "l", "t", "x"],
        names: &["*.7z", "*.zip", "*.rar", "*.iso", "*.tar", "*.tar.*", "*.tgz"],
    },
    Suit {
        programs: &["python", "python2", "python3", "pypy", "pypy3", "ipython"],
        with: &[],
        after: &["^", "-B", "-O", "-i", "-u"],
        names: &["*.py"],
    },
    Suit {
        programs: &["black", "flake8", "mypy", "pylint", "pytest"],
        with: &[],
        after: &[],
        names: &["*.py"],
    },
    Suit {
        programs: &["bash", "dash", "ksh", "sh"],
        with: &[],
        after: &["^", "-e*", "-n", "-u*", "-x"],
        names: &["*.sh", "*.bash"],
    },
    Suit { programs: &["zsh"], with: &[], after: &["^"], names: &["*.zsh", "*.sh"] },
    Suit { programs: &["fish"], with: &[], after: &["^"], names: &["*.fish"] },
    Suit { programs: &["shellcheck", "shfmt"], with: &[], after: &[], names: &["*.sh", "*.bash"] },
    Suit {
        programs: &["source", "."],
        with: &[],
        after: &["^"],
        names: &["*.sh", "*.bash", "*.zsh", "*.fish", "*.env", "activate*"],
    },
    Suit { programs: &["node", "nodemon"], with: &[], after: &["^"], names: &["*.js", "*.mjs", "*.cjs"] },
    Suit { programs: &["ts-node", "tsx"], with: &[], after: FIRST, names: &["*.ts", "*.tsx", "*.js"] },
    Suit { programs: &["ruby"], with: &[], after: &["^"], names: &["*.rb"] },
    Suit { programs: &["perl"], with: &[], after: &["^"], names: &["*.pl", "*.pm"] },
    Suit { programs: &["lua", "luajit"], with: &[], after: &["^"], names: &["*.lua"] },
    Suit { programs: &["php"], with: &[], after: &["^"], names: &["*.php"] },
    Suit { programs: &["Rscript"], with: &[], after: &["^"], names: &["*.R", "*.r"] },
    Suit { programs: &["julia"], with: &[], after: &["^"], names: &["*.jl"] },
    Suit { programs: &["go"], with: &["run", "fmt", "vet"], after: &["run", "fmt", "vet"], names: &["*.go"] },
    Suit { programs: &["gofmt"], with: &[], after: &[], names: &["*.go"] },
    Suit { programs: &["rustc", "rustfmt"], with: &[], after: &[], names: &["*.rs"] },
    Suit { programs: &["cc", "clang", "gcc"], with: &[], after: FIRST, names: &["*.c"] },
    Suit { programs: &["clang++", "g++"], with: &[], after: FIRST, names: &["*.cpp", "*.cc", "*.cxx"] },
    Suit { programs: &["javac"], with: &[], after: &[], names: &["*.java"] },
    Suit { programs: &["java"], with: &[], after: &["-jar"], names: &["*.jar"] },
    Suit { programs: &["dpkg"], with: &[], after: &["-i", "--install", "-c", "-I"], names: &["*.deb"] },
    Suit { programs: &["rpm"], with: &[], after: &["-i*", "-U*", "-q*p*"], names: &["*.rpm"] },
    Suit { programs: &["adb"], with: &["install"], after: &["install", "-r"], names: &["*.apk"] },
    Suit {
        programs: &["docker", "podman", "buildah"],
        with: &["build", "bud", "buildx"],
        after: &["-f", "--file"],
        names: &["Dockerfile*", "*.Dockerfile", "*.dockerfile", "Containerfile*"],
    },
    Suit {
        programs: &["docker", "docker-compose", "podman"],
        with: &["compose", "docker-compose"],
        after: &["-f", "--file"],
        names: YAML,
    },
    Suit {
        programs: &["kubectl", "k", "oc"],
        with: &[],
        after: &["-f", "--filename"],
        names: &["*.yaml", "*.yml", "*.json"],
    },
    Suit { programs: &["helm"], with: &[], after: &["-f", "--values"], names: YAML },
    Suit { programs: &["ansible-playbook", "yamllint"], with: &[], after: FIRST, names: YAML },
    Suit {
        programs: &["pip", "pip3", "uv"],
        with: &["install", "sync"],
        after: &["-r", "sync"],
        names: &["*requirements*.txt", "*.txt"],
    },
    Suit { programs: &["conda", "mamba"], with: &["env"], after: &["-f", "--file"], names: YAML },
    Suit { programs: &["terraform", "tofu"], with: &[], after: &["-var-file"], names: &["*.tfvars"] },
    Suit {
        programs: &["sqlite3"],
        with: &[],
        after: FIRST,
        names: &["*.db", "*.sqlite", "*.sqlite3", "*.db3"],
    },
    Suit { programs: &["psql"], with: &[], after: &["-f", "--file"], names: &["*.sql"] },
    Suit { programs: &["patch"], with: &[], after: &["-i", "<"], names: &["*.patch", "*.diff"] },
    Suit {
        programs: &["git"],
        with: &["am", "apply"],
        after: &["am", "apply", "--check"],
        names: &["*.patch", "*.diff", "*.mbox"],
    },
    Suit { programs: &["make", "gmake"], with: &[], after: &["-f", "--file"], names: &["*akefile*", "*.mk"] },
    Suit { programs: &["cmake"], with: &[], after: &["-P"], names: &["*.cmake"] },
    Suit {
        programs: &["evince", "mupdf", "okular", "pdfinfo", "pdftotext", "qpdf", "zathura"],
        with: &[],
        after: &[],
        names: &["*.pdf"],
    },
    Suit {
        programs: &["latexmk", "lualatex", "pdflatex", "xelatex"],
        with: &[],
        after: &[],
        names: &["*.tex"],
    },
    Suit { programs: &["ffplay", "ffprobe", "mplayer", "mpv", "vlc"], with: &[], after: &[], names: MEDIA },
    Suit { programs: &["ffmpeg"], with: &[], after: &["-i"], names: MEDIA },
    Suit {
        programs: &["feh", "nsxiv", "sxiv"],
        with: &[],
        after: &[],
        names: &["*.png", "*.jpg", "*.jpeg", "*.gif", "*.webp", "*.svg"],
    },
    Suit { programs: &["jupyter"], with: &[], after: &["lab", "notebook", "nbconvert"], names: &["*.ipynb"] },
    Suit { programs: &["dot"], with: &[], after: &[], names: &["*.dot", "*.gv"] },
    Suit { programs: &["xmllint"], with: &[], after: FIRST, names: &["*.xml", "*.xsd", "*.html"] },
];

/// Patterns of the names of files that suit the word that follows these (the program is the first); none where any may.
pub(super) fn suited(words: &[&str]) -> &'static [&'static str] {
    let [program, rest @ ..] = words else { return &[] };
    let fits = |suit: &&Suit| {
        suit.programs.contains(program)
            && (suit.with.is_empty() || words.iter().any(|word| suit.with.contains(word)))
            && (suit.after.is_empty()
                || suit.after.iter().any(|pattern| match rest.last() {
                    None => *pattern == "^",
                    Some(word) => *pattern != "^" && matches(pattern, word),
                }))
    };
    SUITS.iter().find(fits).map_or(&[], |suit| suit.names)
}

/// True where a pattern with `*` fits a whole name.
pub(super) fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|begin| name.strip_prefix(begin)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((end, between)) = parts.split_last() else { return rest.is_empty() };
    for part in between {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or("");
    }
    rest.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_whole_names() {
        for (pattern, name) in [
            ("*.py", "a.py"),
            ("Dockerfile*", "Dockerfile"),
            ("*.tar.*", "a.tar.gz"),
            ("x*f", "xzf"),
            ("a", "a"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in
            [("*.py", "a.pyc"), ("x*f", "cf"), ("*.tar.*", "a.tgz"), ("a", "ab"), ("*aa", "a")]
        {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn files_suit_the_place_they_are_typed_at() {
        let check = |words: &[&str], name: &str, expect: bool| {
            assert_eq!(
                suited(words).iter().any(|pattern| matches(pattern, name)),
                expect,
                "{words:?} {name}"
            );
        };
        check(&["tar", "xf"], "a.tar.gz", true);
        check(&["tar", "-xvzf"], "a.tgz", true);
        check(&["tar", "cf"], "a.tar", false);
        check(&["tar", "xf", "a.tar"], "b.tar", false);
        check(&["python3"], "a.py", true);
        check(&["python3", "-u"], "a.py", true);
        check(&["python3", "a.py"], "b.py", false);
        check(&["docker", "build", "-f"], "Dockerfile.dev", true);
        check(&["docker", "compose", "-f"], "dev.yml", true);
        check(&["docker", "compose", "-f"], "Dockerfile", false);
        check(&["gunzip", "a.gz"], "b.gz", true);
        check(&["ls"], "a.py", false);
        check(&[], "a.py", false);
    }
}
