"""Values for slots: what a person says, and what the command holds.

Values are composed (path segments, stems, extensions, numbers with units) rather than drawn from a short list, so that a
model has to copy them instead of remembering them. Every function takes the random generator and returns
`(words, shell spelling)`.
"""

import random

Pair = tuple[str, str]

STEMS = """notes data report app server access config main index users input output file results script todo photo video
backup names list dump log draft invoice budget summary orders sales test setup install utils helper model train eval metrics
events errors debug release changelog contacts schedule plan essay chapter thesis resume letter recipe playlist song album
cover logo icon banner header footer style theme table query schema seed migrate deploy start stop run build clean check sync
fetch parse convert export import report2 a b c x1 foo bar baz demo sample example page about contact login signup cart
product item order client customer employee student teacher course grade score rank stats graph plot chart map route city
country region zone sensor device status health monitor alert event message mail inbox outbox archive history cache session
token key cert secret env settings options prefs profile account wallet payment receipt tax""".split()
EXTENSIONS = """txt log py js sh csv json md pdf jpg png c h cpp java html css xml yml yaml conf ini gz tmp bak mp3 mp4 rs go
php sql rb ts tsx ipynb toml tar zip docx xlsx dat out class o so jpeg gif svg mkv wav flac tex bib r pl lua kt swift""".split()
SEGMENTS = """src lib bin docs test tests build dist logs log data images img assets public static media backup backups archive
old new tmp temp cache config configs scripts tools vendor target out output input uploads downloads reports projects work code
app apps web api server client frontend backend db models photos music videos books papers notes invoices 2023 2024 2025 jan
feb release staging prod dev foo bar dir1 dir2 folder1 sub a b""".split()
SYSTEM_ROOTS = """/var/log /etc /tmp /home /usr /usr/local /usr/local/bin /opt /srv /srv/www /var /var/www /var/www/html /var/lib
/mnt /mnt/disk /media/usb /data /backup /root /usr/bin /usr/share /usr/lib /boot /dev /proc /run""".split()
HOME_ROOTS = """~/Downloads ~/Documents ~/Desktop ~/Pictures ~/Music ~/Videos ~/projects ~/src ~/.config ~/.cache ~/.ssh""".split()
FAMILIAR_FILES = """Makefile Dockerfile README LICENSE .env .bashrc .gitignore ~/.bashrc ~/.zshrc /etc/hosts /etc/passwd /etc/fstab
/var/log/syslog /etc/ssh/sshd_config /etc/nginx/nginx.conf package.json Cargo.toml requirements.txt""".split()
WORDS = """error TODO foo warning main timeout failed user password hello test import bar FIXME class def function return login
admin debug info fatal exception null success secret token apple banana red blue linux 404 500 ERROR WARN localhost root
include struct print hello2 abc xyz needle total count price name email""".split()
USERS = """alice bob root www-data john deploy admin postgres maria dave eve carol mike sarah jenkins ubuntu git nobody guest tom
anna peter luis mei ivan""".split()
PHRASES = ["connection refused", "hello world", "out of memory", "permission denied", "foo bar", "not found", "new york",
           "access denied", "no such file", "file not found", "segmentation fault", "build failed", "user logged in", "disk full",
           "invalid token", "internal server error", "import os", "return 0", "good morning", "the end", "red apple", "lorem ipsum"]
MESSAGES = ["fix the login bug", "initial commit", "update readme", "add tests", "wip", "refactor parser", "bump version",
            "remove dead code", "fix typo", "add dark mode", "improve error message", "handle null user", "first version"]
LISTS = {name: values.split() for name, values in {
    "user": " ".join(USERS),
    "group": "developers staff docker www-data sudo users admins wheel ops video audio dev",
    "proc": "firefox chrome python nginx java node mysqld code slack redis-server postgres vim ssh gunicorn php-fpm sleep top "
            "apache2 docker zoom spotify",
    "service": "nginx docker ssh postgresql cron apache2 redis mysql mongodb bluetooth cups NetworkManager sshd haproxy rabbitmq-server",
    "remote": "origin upstream origin origin fork backup github",
    "ns": "staging production default kube-system monitoring dev prod ingress-nginx team-a payments",
    "deploy": "backend api web frontend worker auth gateway payments nginx checkout search",
    "db": "mydb shop app_production test inventory blog analytics wordpress sales hr",
    "table": "users orders products sessions customers events posts comments invoices items logs",
    "var": "PATH HOME EDITOR DEBUG API_KEY JAVA_HOME LANG NODE_ENV PORT DATABASE_URL LD_LIBRARY_PATH TERM SHELL PYTHONPATH GOPATH PS1",
    "value": "production true 1 debug hello vim 8080 staging nano /usr/bin en_US.UTF-8 false 42 info",
    "container": "web db app redis my-container nginx1 postgres api worker proxy cache blog mysql",
    "mode": "755 644 600 700 777 775 664 640 750 400 444 666",
    "pkg": "curl vim git nginx htop jq python3 nodejs requests tree wget tmux zsh numpy pandas flask react express lodash ripgrep "
           "postgresql redis docker make gcc cmake ffmpeg imagemagick rsync unzip fzf bat neovim pytest black typescript axios serde "
           "tokio clap",
}.items()}
NUMBERS = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
           12: "twelve", 15: "fifteen", 20: "twenty"}
CURRENT = ["the current directory", "here", "this folder", "the current folder", "this directory", "the current dir", "the working directory"]
NAMED_PLACES = [("my home directory", "~"), ("my home folder", "~"), ("home", "~"), ("my downloads folder", "~/Downloads"),
                ("my documents", "~/Documents"), ("my desktop", "~/Desktop"), ("Downloads", "~/Downloads"),
                ("the root directory", "/"), ("the whole system", "/")]


def number(rng: random.Random, low: int = 1, high: int = 100) -> Pair:
    n = rng.choice([rng.randint(1, 10), rng.randint(low, high), rng.choice([1, 2, 3, 5, 10, 20, 50, 100])])
    n = min(max(n, low), high)
    return (NUMBERS[n] if n in NUMBERS and rng.random() < 0.25 else str(n)), str(n)


def duration(rng: random.Random, unit: str) -> Pair:
    fixed, singular, plurals = {
        "days": ([("a week", "7"), ("one day", "1"), ("a month", "30"), ("2 weeks", "14"), ("a year", "365"), ("a day", "1"),
                  ("three months", "90")], "day", ["days", "days", "d"]),
        "hours": ([("an hour", "1"), ("one day", "24"), ("two days", "48")], "hour", ["hours", "hours", "hrs", "h"]),
        "mins": ([("an hour", "60"), ("half an hour", "30"), ("two hours", "120"), ("a quarter of an hour", "15")], "minute",
                 ["minutes", "minutes", "min", "mins"]),
    }[unit]
    if rng.random() < 0.17:
        return rng.choice(fixed)
    words, n = number(rng, 1, 90)
    return f"{words} {singular if n == '1' else rng.choice(plurals)}", n


def path(rng: random.Random) -> str:
    k = rng.random()
    if k < 0.45:
        return rng.choice(SYSTEM_ROOTS + HOME_ROOTS)
    if k < 0.65:
        return rng.choice(SYSTEM_ROOTS[:14] + HOME_ROOTS[:7]) + "/" + rng.choice(SEGMENTS)
    if k < 0.85:
        return rng.choice(["", "", "", "./"]) + rng.choice(SEGMENTS)
    if k < 0.93:
        return rng.choice(SEGMENTS) + "/" + rng.choice(SEGMENTS)
    return "/home/" + rng.choice(USERS)


def filename(rng: random.Random, extension: str | None = None) -> str:
    if rng.random() < 0.04:
        return rng.choice(FAMILIAR_FILES)
    stem = rng.choice(STEMS)
    if rng.random() < 0.2:
        stem += rng.choice(["_", "-"]) + rng.choice(STEMS + ["2024", "v2", "old", "new", "final", "01", "1", "2"])
    elif rng.random() < 0.12:
        stem += str(rng.randint(1, 99))
    suffix = extension or rng.choice(EXTENSIONS[:30] if rng.random() < 0.8 else EXTENSIONS)
    if suffix == "gz" and not extension:
        suffix = rng.choice(["tar.gz", "log.gz", "sql.gz"])
    name = f"{stem}.{suffix}"
    return path(rng) + "/" + name if rng.random() < 0.16 else name


def directory(rng: random.Random) -> Pair:
    k = rng.random()
    if k < 0.22:
        return rng.choice(CURRENT), "."
    if k < 0.28:
        return rng.choice(NAMED_PLACES)
    p = path(rng)
    if p.startswith(("/", "~", ".")) or "/" in p:
        return rng.choice([p] * 6 + [f"the {p} directory", f"the directory {p}", f"the folder {p}", p if p.endswith("/") else p + "/"]), p
    return rng.choice([p] * 3 + [f"the {p} folder", f"the {p} directory", f"the folder {p}", f"{p}/"]), p


def size(rng: random.Random) -> Pair:
    n = rng.choice([1, 2, 5, 10, 20, 50, 100, 200, 250, 500, rng.randint(1, 999)])
    unit, letter = rng.choice([("MB", "M")] * 5 + [("GB", "G")] * 3 + [("KB", "k")] * 3)
    if unit == "GB" and n > 50:
        n = rng.choice([1, 2, 5, 10])
    word = rng.choice({"MB": ["MB", " MB", "M", " megabytes", "mb", " megs", "MiB"], "GB": ["GB", " GB", "G", " gigabytes", "gb", " gigs"],
                       "KB": ["KB", " KB", "k", " kilobytes", "kb", " KiB"]}[unit])
    if n == 1:
        word = word.replace("bytes", "byte").replace("megs", "meg").replace("gigs", "gig")
    return f"{n}{word}", f"{n}{letter}"


def quoted(rng: random.Random, value: str, quotes: str) -> Pair:
    """A value that a person may put in quotes and that the command always quotes."""
    return rng.choice([value] + [q + value + q for q in quotes]), f'"{value}"'


def same(value: str) -> Pair:
    return value, value


def _octets(rng: random.Random) -> str:
    return rng.choice([f"192.168.{rng.randint(0, 20)}.{rng.randint(1, 250)}", f"10.0.{rng.randint(0, 9)}.{rng.randint(1, 250)}",
                       "8.8.8.8", "127.0.0.1", "1.1.1.1", f"172.16.{rng.randint(0, 9)}.{rng.randint(1, 250)}"])


def _host(rng: random.Random) -> str:
    return rng.choice(["server1.example.com", "web01", "example.com", "db.internal", "github.com", "myserver",
                       f"10.0.{rng.randint(0, 9)}.{rng.randint(1, 250)}", f"web{rng.randint(1, 20)}", "bastion", "nas.local",
                       f"node-{rng.randint(1, 9)}", "google.com", "backup.example.org", "raspberrypi.local"])


def _url(rng: random.Random) -> str:
    leaf = filename(rng).split("/")[-1]
    return rng.choice(["https://example.com", "https://api.example.com/users", "http://localhost:8080/health",
                       f"https://example.com/{leaf}", f"https://example.org/{rng.choice(SEGMENTS)}/{leaf}",
                       f"http://localhost:{rng.choice([3000, 5000, 8000])}/api/{rng.choice(SEGMENTS)}", "https://github.com/user/repo.git"])


def _image(rng: random.Random) -> str:
    name = rng.choice("nginx ubuntu postgres redis alpine python node mysql debian myapp golang busybox".split())
    return name + rng.choice([":latest", "", ":16", ":3.12", ":22.04", ":1.0", ":alpine"])


def _branch(rng: random.Random) -> str:
    return rng.choice(["main", "develop", "master", f"feature/{rng.choice(STEMS)}", f"hotfix/{rng.choice(STEMS)}",
                       f"release-{rng.randint(1, 5)}.{rng.randint(0, 9)}", f"bugfix/{rng.choice(STEMS)}", rng.choice(STEMS), "staging", "experiment"])


def _commit(rng: random.Random) -> str:
    return rng.choice([f"HEAD~{rng.randint(1, 9)}", "HEAD", "HEAD^", f"{rng.getrandbits(28):07x}", f"{rng.getrandbits(28):07x}"])


def _tag(rng: random.Random) -> str:
    return rng.choice([f"v{rng.randint(0, 9)}.{rng.randint(0, 20)}.{rng.randint(0, 9)}", f"release-{rng.randint(1, 9)}",
                       f"{rng.randint(1, 4)}.{rng.randint(0, 9)}"])


def _port(rng: random.Random) -> str:
    common = "8080 80 443 22 3000 5432 9000 8000 6379 5000 3306 8443 27017 9090 4200 53 25".split()
    return rng.choice(common + [str(rng.randint(1024, 65000))])


def _file(rng: random.Random) -> Pair:
    name = filename(rng)
    return rng.choice([name] * 7 + [f"the file {name}"]), name


def _word(rng: random.Random) -> Pair:
    w = rng.choice(WORDS + STEMS if rng.random() < 0.8 else SEGMENTS)
    return rng.choice([w, w, f'"{w}"', f"'{w}'"]), w


FILLERS = {
    "branch": lambda rng: same(_branch(rng)),
    "col": lambda rng: same(str(rng.randint(1, 9))),
    "commit": lambda rng: same(_commit(rng)),
    "date": lambda rng: same(f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"),
    "days": lambda rng: duration(rng, "days"),
    "dir": directory,
    "ext": lambda rng: same(rng.choice(EXTENSIONS[:24] if rng.random() < 0.7 else EXTENSIONS)),
    "file": _file,
    "host": lambda rng: same(_host(rng)),
    "hours": lambda rng: duration(rng, "hours"),
    "image": lambda rng: same(_image(rng)),
    "ip": lambda rng: same(_octets(rng)),
    "line": lambda rng: same(str(rng.choice([rng.randint(1, 20), rng.randint(1, 300)]))),
    "mins": lambda rng: duration(rng, "mins"),
    "msg": lambda rng: quoted(rng, rng.choice(MESSAGES), '"'),
    "n": number,
    "phrase": lambda rng: quoted(rng, rng.choice(PHRASES), "\"'"),
    "pid": lambda rng: same(str(rng.randint(200, 65000))),
    "pod": lambda rng: same(rng.choice(LISTS["deploy"]) + rng.choice(["-0", "-1", "-7d9c", "-6b7f9d", "-pod", "-x2k4z"])),
    "port": lambda rng: same(_port(rng)),
    "size": size,
    "tag": lambda rng: same(_tag(rng)),
    "url": lambda rng: same(_url(rng)),
    "word": _word,
}


def fill(kind: str, rng: random.Random) -> Pair:
    """Returns the words and the shell spelling of a random value of a slot type. Raises KeyError for an unknown type."""
    if kind in FILLERS:
        return FILLERS[kind](rng)
    return same(rng.choice(LISTS[kind]))
