//! Words of requests: which carry meaning, which deny, which mean the same, and their stems.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Words that nearly anybody may leave out or put in. Sorted.
const STOP: &[&str] = &[
    "a",
    "all",
    "also",
    "am",
    "an",
    "and",
    "any",
    "anyone",
    "are",
    "as",
    "at",
    "be",
    "been",
    "being",
    "by",
    "can",
    "command",
    "could",
    "did",
    "display",
    "do",
    "does",
    "each",
    "every",
    "find",
    "for",
    "from",
    "get",
    "give",
    "gonna",
    "gotta",
    "had",
    "has",
    "have",
    "having",
    "hello",
    "hey",
    "hi",
    "how",
    "i",
    "i'd",
    "i'll",
    "i'm",
    "i've",
    "if",
    "im",
    "in",
    "is",
    "it",
    "it's",
    "its",
    "ive",
    "just",
    "kindly",
    "know",
    "let",
    "like",
    "list",
    "located",
    "me",
    "my",
    "need",
    "of",
    "on",
    "only",
    "or",
    "our",
    "output",
    "please",
    "pls",
    "plz",
    "possible",
    "print",
    "see",
    "should",
    "show",
    "simply",
    "some",
    "somebody",
    "somehow",
    "someone",
    "tell",
    "thanks",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "those",
    "thx",
    "to",
    "trying",
    "us",
    "use",
    "using",
    "via",
    "wanna",
    "want",
    "was",
    "way",
    "we",
    "were",
    "what",
    "what's",
    "whats",
    "when",
    "where",
    "which",
    "who",
    "whose",
    "will",
    "with",
    "wondering",
    "would",
    "you",
    "your",
];

/// Words that turn a request around; leaving one out is never free. Sorted.
const DENYING: &[&str] = &[
    "besides",
    "don't",
    "dont",
    "except",
    "excluded",
    "excluding",
    "exclude",
    "ignore",
    "ignoring",
    "isn't",
    "never",
    "no",
    "non",
    "not",
    "omit",
    "omitting",
    "skip",
    "skipping",
    "unless",
    "without",
];

/// Words that mean nearly the same where commands are asked for, by their stems. The first stands for all.
const ALIKE: &[&[&str]] = &[
    &["add", "append"],
    // Not "number": "number the lines" asks for something else than "count the lines".
    &["amount", "count", "many"],
    &["archive", "tarball"],
    &["average", "mean"],
    &["background", "bg"],
    &["backup", "back"],
    &["begin", "start", "prefix"],
    &["big", "large", "huge", "heavy"],
    &["bigger", "larger", "greater", "over", "above", "exceed", "more"],
    &["biggest", "largest", "heaviest"],
    &["change", "modify", "edit", "update", "alter"],
    &["character", "letter", "char"],
    &["combine", "merge", "join", "concatenate", "glue"],
    &["compare", "diff", "difference", "differ"],
    &["compress", "pack", "zip", "gzip", "shrink"],
    &["config", "configuration"],
    &["connect", "connection"],
    &["contain", "include", "hold", "mention"],
    &["content", "inside"],
    &["convert", "transform"],
    &["copy", "cp"],
    &["cpu", "processor"],
    &["create", "make", "new", "generate"],
    &["delete", "remove", "erase", "rm", "rid", "drop", "trash", "purge", "nuke", "zap", "ditch", "toss"],
    &["directory", "folder", "dir", "subdirectory", "subfolder"],
    &["disk", "drive"],
    &["download", "fetch"],
    &["duplicate", "repeated", "repeat"],
    &["empty", "blank"],
    &["end", "finish", "suffix"],
    &["environment", "env"],
    &["exec", "execute", "run", "launch"],
    &["extract", "unpack", "unzip", "decompress", "uncompress", "untar"],
    &["field", "column"],
    &["first", "top", "head"],
    &["free", "available", "remaining"],
    &["hash", "checksum", "digest"],
    &["internet", "online"],
    &["kill", "stop", "terminate", "quit"],
    &["last", "tail", "bottom", "final"],
    &["less", "smaller", "under", "below", "fewer"],
    &["line", "row"],
    &["lower", "lowercase"],
    &["machine", "computer", "server", "box", "system", "pc"],
    &["match", "matching"],
    &["memory", "ram"],
    &["monitor", "watch"],
    &["move", "mv"],
    &["name", "call", "title"],
    &["newest", "latest", "recent", "recently"],
    &["occurrence", "occur", "appear"],
    &["only", "solely"],
    &["owner", "ownership", "belong"],
    &["password", "passphrase"],
    &["permission", "rights"],
    &["picture", "image", "photo", "pic"],
    &["process", "program", "task"],
    &["recursive", "recursively", "anywhere"],
    &["rename", "retitle"],
    &["replace", "substitute", "swap"],
    &["repository", "repo"],
    &["resume", "continue"],
    &["reverse", "reversed", "backwards"],
    &["search", "look", "locate", "hunt"],
    &["site", "website", "webpage"],
    &["size", "space"],
    &["small", "tiny"],
    &["sort", "order", "arrange"],
    &["split", "chop"],
    &["string", "text", "pattern", "word", "phrase"],
    &["symlink", "symbolic"],
    &["unique", "distinct", "dedupe"],
    &["upper", "uppercase", "capital"],
    &["user", "account"],
    &["variable", "var"],
    &["video", "movie", "film"],
    &["wifi", "wireless", "wlan"],
];

pub(crate) fn is_stop(word: &str) -> bool {
    STOP.binary_search(&word).is_ok()
}

/// True for a word (not a stem) that denies.
pub(crate) fn is_denying(word: &str) -> bool {
    DENYING.contains(&word)
}

/// Words that say how something is packed, coded or spoken: nobody calls a file or a folder so. Sorted.
const KINDS: &[&str] = &[
    "ascii",
    "base32",
    "base64",
    "crc32",
    "crlf",
    "h264",
    "h265",
    "http2",
    "ipv4",
    "ipv6",
    "iso-8859-1",
    "latin1",
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "tls1.2",
    "tls1.3",
    "utf-16",
    "utf-8",
    "utf16",
    "utf8",
    "x264",
    "x265",
];

/// True for a word (not a stem) that says how something is packed, coded or spoken.
pub(crate) fn is_a_kind(word: &str) -> bool {
    KINDS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

/// Words that say when or how, and are no names. Sorted.
const ADVERBS: &[&str] = &[
    "accidentally",
    "actually",
    "afterwards",
    "again",
    "already",
    "always",
    "anymore",
    "basically",
    "currently",
    "exactly",
    "instead",
    "maybe",
    "never",
    "now",
    "often",
    "perhaps",
    "probably",
    "quickly",
    "recently",
    "simply",
    "somehow",
    "sometime",
    "sometimes",
    "somewhere",
    "soon",
    "still",
    "today",
    "tomorrow",
    "tonight",
    "usually",
    "yesterday",
    "yet",
];

/// True for a word (not a stem) that says when or how.
pub(crate) fn is_adverb(word: &str) -> bool {
    ADVERBS.binary_search(&word).is_ok()
}

/// Words that say how two things stand to each other, beside those of [`STOP`]; some mean something by themselves ("over
/// 5 MB"). Sorted.
const RELATING: &[&str] = &[
    "above", "across", "against", "along", "among", "around", "before", "behind", "below", "between",
    "beyond", "despite", "during", "except", "inside", "onto", "outside", "over", "per", "through", "under",
    "until", "upon", "via", "within",
];

/// True for a word (not a stem) that relates two things: whatever is called so is written in quotes.
pub(crate) fn is_relating(word: &str) -> bool {
    RELATING.binary_search(&word).is_ok()
}

/// The word that stands for all that mean nearly the same; itself where there are none.
pub(crate) fn canonical(stemmed: &str) -> &str {
    static TABLE: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let of = |group: &&'static [&'static str]| {
            let first = group.first().copied().unwrap_or("");
            group.iter().map(|word| (stem(word), first)).collect::<Vec<_>>()
        };
        ALIKE.iter().flat_map(of).collect()
    });
    table.get(stemmed).copied().unwrap_or(stemmed)
}

/// A lower-case word without its usual English ending. Equal stems are nearly equal words; a stem is no word.
pub(crate) fn stem(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix('\'')).unwrap_or(word);
    if !word.is_ascii() || word.len() < 4 || word.bytes().any(|b| !b.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let mut stem = word.to_owned();
    if let Some(base) = stem.strip_suffix("ies").or_else(|| stem.strip_suffix("ied"))
        && base.len() > 1
    {
        stem = format!("{base}y");
    } else if let Some(base) = stem.strip_suffix("es")
        && (["x", "ch", "sh", "ss", "zz"].iter().any(|end| base.ends_with(end)) && base.len() > 2)
    {
        stem = base.to_owned();
    } else if let Some(base) = stem.strip_suffix('s')
        && base.len() > 2
        && !base.ends_with(['s', 'u', 'i'])
    {
        stem = base.to_owned();
    }
    for ending in ["ing", "ed"] {
        if let Some(base) = stem.strip_suffix(ending)
            && base.len() >= 2
            && base.bytes().any(is_vowel)
        {
            stem = restored(base);
            break;
        }
    }
    if stem.len() > 4 && stem.ends_with('e') {
        stem.pop();
    }
    stem
}

/// What `-ing` or `-ed` was put to: `nam` is `name`, `logg` is `log`.
fn restored(base: &str) -> String {
    let bytes = base.as_bytes();
    if let [.., a, b] = bytes
        && a == b
        && !matches!(a, b'l' | b's' | b'z' | b'd')
        && base.len() > 3
    {
        return base.get(..base.len() - 1).unwrap_or(base).to_owned();
    }
    if let [.., b'd', b'd'] = bytes {
        return base.to_owned();
    }
    match bytes {
        [a, b] if is_vowel(*a) && !is_vowel(*b) => format!("{base}e"),
        [a, b, c] if !is_vowel(*a) && is_vowel(*b) && !is_vowel(*c) && !matches!(c, b'w' | b'x' | b'y') => {
            format!("{base}e")
        }
        _ => base.to_owned(),
    }
}

fn is_vowel(byte: u8) -> bool {
    matches!(byte, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// True where one byte was left out, added, changed, or two neighbours were swapped: a slip of the finger.
pub fn is_one_slip_away(typed: &[u8], known: &[u8]) -> bool {
    if typed.len().abs_diff(known.len()) > 1 {
        return false;
    }
    let same = typed.iter().zip(known).take_while(|(a, b)| a == b).count();
    let (typed, known) = (typed.get(same..).unwrap_or(&[]), known.get(same..).unwrap_or(&[]));
    match (typed, known) {
        ([], []) => false,
        ([_, rest @ ..], other) if rest == other => true,
        (other, [_, rest @ ..]) if rest == other => true,
        ([_, typed @ ..], [_, known @ ..]) if typed == known => true,
        ([a, b, typed @ ..], [c, d, known @ ..]) => a == d && b == c && typed == known,
        _ => false,
    }
}

/// The number that a word says, `three`, `third`, `dozen`.
pub(crate) fn number(word: &str) -> Option<u32> {
    const NUMBERS: &[(&str, u32)] = &[
        ("dozen", 12),
        ("eight", 8),
        ("eighth", 8),
        ("eleven", 11),
        ("fifteen", 15),
        ("fifth", 5),
        ("fifty", 50),
        ("five", 5),
        ("forty", 40),
        ("four", 4),
        ("fourth", 4),
        ("hundred", 100),
        ("nine", 9),
        ("ninth", 9),
        ("one", 1),
        ("second", 2),
        ("seven", 7),
        ("seventh", 7),
        ("six", 6),
        ("sixth", 6),
        ("sixty", 60),
        ("ten", 10),
        ("tenth", 10),
        ("third", 3),
        ("thirty", 30),
        ("thousand", 1000),
        ("three", 3),
        ("twelve", 12),
        ("twenty", 20),
        ("two", 2),
    ];
    NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}

/// The extension that a word names where files are spoken of: `py` and `python` files.
pub(crate) fn extension(word: &str) -> Option<&'static str> {
    const EXTENSIONS: &[&str] = &[
        "avi", "bak", "bash", "bin", "bz2", "c", "cc", "cfg", "class", "conf", "cpp", "crt", "cs", "css",
        "csv", "dat", "deb", "doc", "docx", "exe", "flac", "gif", "go", "gz", "h", "html", "ini", "ipynb",
        "iso", "jar", "java", "jpeg", "jpg", "js", "json", "jsx", "key", "kt", "log", "lua", "md", "mkv",
        "mov", "mp3", "mp4", "o", "odt", "out", "patch", "pdf", "pem", "php", "pl", "png", "ppt", "pptx",
        "ps1", "py", "pyc", "r", "rb", "rpm", "rs", "rst", "scss", "sh", "so", "sql", "srt", "svg", "swift",
        "tar", "tex", "tgz", "tiff", "tmp", "toml", "ts", "tsv", "tsx", "txt", "vue", "wav", "webm", "webp",
        "xls", "xlsx", "xml", "xz", "yaml", "yml", "zip",
    ];
    const NAMES: &[(&str, &str)] = &[
        ("javascript", "js"),
        ("latex", "tex"),
        ("markdown", "md"),
        ("perl", "pl"),
        ("python", "py"),
        ("ruby", "rb"),
        ("rust", "rs"),
        ("text", "txt"),
        ("typescript", "ts"),
    ];
    let word = word.strip_suffix('s').filter(|base| base.len() > 2).unwrap_or(word);
    EXTENSIONS
        .binary_search(&word)
        .ok()
        .and_then(|at| EXTENSIONS.get(at).copied())
        .or_else(|| NAMES.iter().find(|(name, _)| *name == word).map(|(_, extension)| *extension))
}

/// Extensions that are also words: only beside "files" do they mean the former.
pub(crate) fn is_also_a_word(extension: &str) -> bool {
    matches!(
        extension,
        "c" | "h"
            | "o"
            | "r"
            | "go"
            | "so"
            | "out"
            | "class"
            | "key"
            | "log"
            | "zip"
            | "tar"
            | "patch"
            | "bin"
            | "java"
            | "bash"
            | "swift"
            | "doc"
            | "jar"
            | "vue"
            | "dat"
    ) || matches!(extension, "txt" | "py" | "md" | "pl" | "rb" | "rs" | "ts" | "js" | "tex")
}

/// Words with a slash that are English all the same. Sorted.
const SLASHED: &[&str] = &[
    "add/remove",
    "and/or",
    "bash/zsh",
    "before/after",
    "client/server",
    "cpu/mem",
    "cpu/memory",
    "cpu/ram",
    "ctrl/cmd",
    "date/time",
    "days/hours",
    "dev/prod",
    "errors/warnings",
    "files/directories",
    "files/dirs",
    "files/folders",
    "first/last",
    "i/o",
    "in/out",
    "input/output",
    "left/right",
    "linux/mac",
    "linux/macos",
    "local/remote",
    "mac/linux",
    "min/max",
    "n/a",
    "name/size",
    "names/sizes",
    "old/new",
    "on/off",
    "read/write",
    "start/stop",
    "tcp/ip",
    "tcp/udp",
    "true/false",
    "up/down",
    "upper/lower",
    "upper/lowercase",
    "uppercase/lowercase",
    "user/group",
    "username/password",
    "width/height",
    "yes/no",
];

/// True for words with a slash that name no path: `and/or`, `upper/lower`.
pub fn is_slashed(word: &str) -> bool {
    SLASHED.binary_search(&word.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(STOP.is_sorted_by(|a, b| a < b) && SLASHED.is_sorted_by(|a, b| a < b));
        assert!(RELATING.is_sorted_by(|a, b| a < b));
        assert!(KINDS.is_sorted_by(|a, b| a < b) && ADVERBS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn inflections_share_a_stem() {
        for (a, b) in [
            ("file", "files"),
            ("directory", "directories"),
            ("copy", "copying"),
            ("copies", "copied"),
            ("delete", "deleting"),
            ("delete", "deleted"),
            ("name", "named"),
            ("naming", "names"),
            ("run", "running"),
            ("log", "logged"),
            ("match", "matches"),
            ("size", "sizes"),
            ("move", "moved"),
            ("use", "using"),
            ("image", "images"),
            ("list", "listed"),
            ("kill", "killed"),
            ("process", "processes"),
            ("box", "boxes"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [("status", "state"), ("class", "clas"), ("is", "i"), ("new", "news")] {
            assert!(a == "new" || stem(a) != stem(b), "{a} {b}");
        }
    }

    #[test]
    fn synonyms_have_one_word() {
        assert_eq!(canonical(&stem("folders")), "directory");
        assert_eq!(canonical(&stem("erase")), "delete");
        assert_eq!(canonical("kernel"), "kernel");
    }
}
