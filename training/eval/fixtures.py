"""Builds the fixtures of the evaluation, the same ones every time.

A fixture is the home directory of the person who asks: build(name, dest)
fills the empty directory dest.  Ages are relative to the moment of building.
More builders lie in fixtures_*.py beside this file: each has a BUILDERS of its
own and may import from here.
"""

import glob
import gzip
import importlib
import io
import os
import subprocess
import tarfile
import time
import zipfile

KB = 1024
MB = 1024 * 1024
HOUR = 3600
DAY = 24 * HOUR


def noise(name, size):
    """Bytes that look random, fixed by the name, no newline and no NUL."""
    state = sum((i + 1) * ord(c) for i, c in enumerate(name)) or 1
    block = bytearray()
    for _ in range(min(size, 4096)):
        state = (1103515245 * state + 12345) & 0x7FFFFFFF
        block.append(0x80 | (state >> 16) & 0x7F)
    return (bytes(block) * (size // len(block) + 1))[:size] if size else b""


class Tree:
    def __init__(self, dest):
        self.dest = dest
        self.now = time.time()
        self.ages = {}
        self.owned = {}

    def path(self, rel):
        return os.path.join(self.dest, rel)

    def file(self, rel, content=b"", mode=0o644, age=None):
        p = self.path(rel)
        os.makedirs(os.path.dirname(p), exist_ok=True)
        if isinstance(content, str):
            content = content.encode()
        with open(p, "wb") as f:
            f.write(content)
        os.chmod(p, mode)
        if age is not None:
            self.ages[rel] = age

    def blob(self, rel, size, **kw):
        self.file(rel, noise(rel, size), **kw)

    def dir(self, rel, age=None):
        os.makedirs(self.path(rel), exist_ok=True)
        if age is not None:
            self.ages[rel] = age

    def link(self, rel, target):
        os.makedirs(os.path.dirname(self.path(rel)), exist_ok=True)
        os.symlink(target, self.path(rel))

    def owner(self, rel, uid, gid):
        """Gives a path to somebody else than the person who asks."""
        self.owned[rel] = (uid, gid)

    def finish(self):
        # Deepest first, so that setting a file's time leaves its directory's.
        for rel in sorted(self.ages, key=lambda r: -r.count("/")):
            t = self.now - self.ages[rel]
            os.utime(self.path(rel), (t, t))


NOTES = """\
Meeting notes
Monday: call the bank
TODO buy milk
Tuesday: dentist at 10
todo: fix the bike
Wednesday: lunch with Anna
Email anna@example.com about the trip
Thursday: pay rent
TODO renew passport
Friday: pizza night
Remember the milk
The end
"""


def docs(t):
    t.file("notes.txt", NOTES)
    t.file("todo.txt", "buy milk\ncall mum\nbook flights\npay rent\nclean desk\n")
    t.file("readme.md", "# Home\n\nPrivate files, please keep tidy.\n")
    t.file("report.txt", "Report for May\nSales went up by 4 percent.\n")
    t.file("report_old.txt", "Report for April\nSales were flat.\n")
    t.file("empty.txt")
    t.file("budget.csv", "item,cost\nrent,900\nfood,350\n")
    t.file("script.sh", "#!/bin/sh\necho running\n")
    t.blob("logo.png", 2 * KB)
    t.file(".env", "MODE=test\n")
    t.file(".settings", "theme=dark\n")
    for name in ("beach.jpg", "city.jpg", "cat.png"):
        t.blob("photos/" + name, 100 * KB)
    t.blob("music/song1.mp3", 30 * KB)
    t.blob("music/song2.mp3", 40 * KB)
    t.file("drafts/letter.txt", "Dear Sam,\n\nsee you soon.\n")
    t.file("drafts/my plan.txt", "1. rest\n2. work\n")
    t.file("drafts/blank.txt")
    t.blob("drafts/sketch.png", 3 * KB)
    t.dir("old")


def sizes(t):
    t.blob("song.mp3", 400 * KB)
    t.blob("holiday.zip", 3 * MB)
    t.blob("page.html", 20 * KB)
    t.blob("movie.mkv", 5 * MB)
    t.blob("note.txt", 100)
    t.blob("videos/clip1.mp4", 4 * MB)
    t.blob("videos/clip2.mp4", MB + MB // 2)
    t.blob("cache/first.cache", 600 * KB)
    t.blob("cache/second.cache", 700 * KB)
    t.blob("docs/manual.pdf", 900 * KB)
    t.blob("docs/cover.txt", KB)


def project(t):
    t.file("README.md", "# Demo\n\nRun `make`.\n")
    t.file("Makefile", "all:\n\tpython3 src/main.py\n")
    t.file("setup.py", "from setuptools import setup\nsetup(name='demo')\n")
    t.file("config.ini", "[server]\nhost = localhost\nport = 8080\n\n[log]\nlevel = info\n")
    t.file("src/main.py", "import utils\n\n# TODO parse arguments\nutils.run()\n")
    t.file("src/utils.py", "def run():\n    print('running')\n")
    t.file("src/models/__init__.py")
    t.file("src/models/user.py", "class User:\n    pass  # TODO fields\n")
    t.file("tests/test_main.py", "def test_nothing():\n    assert True\n")
    t.file("docs/guide.md", "Guide\n\nTODO write this\n")
    t.file("deploy/conf/settings.ini", "[app]\nname = demo\n")
    t.file("venv/lib/site.py", "# site\n")
    t.file("venv/bin/activate.py", "# activate\n")
    t.file("scripts/build.sh", "#!/bin/sh\nmake\n")
    t.file("scripts/deploy.sh", "#!/bin/sh\nmake deploy\n")
    t.file("scripts/HELP", "build.sh builds, deploy.sh deploys.\n")
    t.file("node_modules/left-pad/index.js", "module.exports = 1;\n")
    t.file("node_modules/left-pad/package.json", '{"name": "left-pad"}\n')
    t.file("build.tmp", "x\n")
    t.file("src/cache.tmp", "y\n")
    t.file("tests/out.tmp", "z\n")
    t.file("debug.log", "start\nstop\n")


APP_LOG = """\
2024-05-01 08:00:01 INFO service started
2024-05-01 08:00:02 INFO listening on port 8080
2024-05-01 08:03:10 WARN slow query took 3 s
2024-05-01 08:05:44 ERROR database connection lost
2024-05-01 08:05:45 INFO retrying connection
2024-05-01 08:05:50 INFO connection restored
2024-05-01 09:12:00 ERROR cannot open upload directory
2024-05-01 09:12:01 WARN upload skipped
2024-05-01 10:30:30 INFO 120 jobs done
2024-05-01 11:45:12 ERROR payment gateway timed out
2024-05-01 11:45:13 INFO payment queued
2024-05-01 12:00:00 INFO service stopped
"""

# (address, path, status) of each request, in order
REQUESTS = [
    ("10.0.0.7", "/", 200),
    ("10.0.0.9", "/login", 302),
    ("10.0.0.7", "/style.css", 200),
    ("10.0.0.3", "/", 200),
    ("10.0.0.7", "/missing", 404),
    ("10.0.0.9", "/home", 200),
    ("10.0.0.7", "/about", 200),
    ("10.0.0.3", "/admin", 403),
    ("10.0.0.7", "/contact", 200),
    ("10.0.0.9", "/logout", 302),
    ("10.0.0.7", "/report", 500),
    ("10.0.0.5", "/old", 404),
]


def logs(t):
    t.file("app.log", APP_LOG, age=3 * DAY)
    t.file(
        "access.log",
        "".join(
            f'{a} - - [01/May/2024:08:{i:02d}:00 +0000] "GET {p} HTTP/1.1" {s} {700 + 11 * i}\n'
            for i, (a, p, s) in enumerate(REQUESTS)
        ),
        age=4 * DAY,
    )
    t.file("fresh.log", "just now\n", age=2 * HOUR)
    t.file("stale.log", "a while ago\n", age=5 * DAY)
    t.file("weekly.txt", "week 18\n", age=10 * DAY)
    t.file("archive/app-01.log", "january\n", age=45 * DAY)
    t.file("archive/app-02.log", "february\n", age=38 * DAY)
    t.file("archive/app-03.log", "march\n", age=12 * DAY)
    t.file("archive/app-04.log", "april\n", age=2 * DAY)
    t.file("conf/local.conf", "debug=1\n", age=3 * HOUR)
    t.file("conf/base.conf", "debug=0\n", age=200 * DAY)
    t.dir("archive", age=2 * DAY)
    t.dir("conf", age=2 * DAY)
    t.dir("", age=2 * DAY)


def data(t):
    t.file(
        "sales.csv",
        "region,product,amount\nnorth,apples,120\nsouth,pears,80\nnorth,plums,45\n"
        "east,apples,200\nwest,grapes,15\nsouth,apples,60\neast,pears,30\nwest,plums,57\n",
    )
    t.file(
        "people.csv",
        "name,age,city\nAnna Weber,34,Berlin\nTom Hill,41,London\nBerlinda Novak,29,Paris\n"
        "Jonas Krause,52,Berlin\nLea Frei,23,Bern\nMia Vogel,38,Berlin\n",
    )
    t.file("numbers.txt", "4\n8\n15\n16\n23\n42\n7\n10\n5\n25\n")
    t.file(
        "words.txt",
        "pear\napple\nkiwi\napple\nplum\npear\napple\nfig\nkiwi\napple\npear\napple\n",
    )
    t.file("fruits.txt", "banana\ncherry\nbanana\napple\ncherry\nbanana\nmango\n")
    t.file("names.txt", "Paula\nDavid\nZoe\nAdam\nMartin\nClara\n")
    t.file("list1.txt", "bread\nbutter\neggs\nmilk\n")
    t.file("list2.txt", "bread\ncheese\nmilk\ntomatoes\n")
    t.file(
        "essay.txt",
        "The colour of the sky is blue.\nMy favourite colour is green.\n"
        "No colour beats a colour you chose.\n",
    )
    t.file("dos.txt", "first line\r\nsecond line\r\nthird line\r\n")
    t.file("draft.txt", "Chapter one\n\nIt was late.\n\n\nNobody spoke.\n")
    t.file("token.txt", "open sesame\n")
    t.file("config.json", '{"name":"demo","port":8080,"tags":["a","b"]}')
    t.file(
        "users.json",
        '[{"name": "alice", "admin": true, "age": 31}, '
        '{"name": "bob", "admin": false, "age": 45}, '
        '{"name": "carol", "admin": true, "age": 27}]\n',
    )


def web(t):
    t.file("site/index.html", '<a href="http://example.com/">Home</a> <img src="http://example.com/a.png">\n')
    t.file("site/about.html", '<a href="http://example.org/about">About</a>\n')
    t.file("site/blog/post1.html", "<p>no links here</p>\n<p>see http://example.net</p>\n")
    t.file("site/style.css", "/* from http://example.com/css */ body { margin: 0 }\n")
    t.file("big.log", "".join(f"line {i} of the log\n" for i in range(2000)))
    buf = io.BytesIO()
    with tarfile.open(fileobj=buf, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in (
            ("etc/app.conf", b"mode=prod\n"),
            ("etc/db.conf", b"host=db1\n"),
            ("readme.txt", b"backup of may\n"),
        ):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1714550400
            tar.addfile(info, io.BytesIO(content))
    t.file("backup.tar.gz", gzip.compress(buf.getvalue(), mtime=0))
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
        for name in ("sea.jpg", "hills.jpg", "city.jpg"):
            info = zipfile.ZipInfo(name, (2024, 5, 1, 8, 0, 0))
            info.external_attr = 0o644 << 16
            z.writestr(info, noise(name, 900))
    t.file("photos.zip", buf.getvalue())
    t.file("notes.txt.gz", gzip.compress(NOTES.encode(), mtime=0))


def downloads(t):
    t.file("my file.doc", "doc\n")
    t.file("invoice march.pdf", "pdf\n")
    t.file("summer photo 1.jpg", "jpg a\n")
    t.file("pic1.jpg", "jpg b\n")
    t.file("pic2.jpg", "jpg c\n")
    t.file("song.mp3", "mp3\n")
    t.file("Report-2024.pdf", "report\n")
    t.file("old/annual_report.doc", "annual\n")
    t.file("old/REPORT.txt", "caps\n")
    t.file("old/summary.txt", "summary\n")


def links(t):
    t.file("releases/v1/app", "one\n", mode=0o755)
    t.file("releases/v2/app", "two\n", mode=0o755)
    t.link("latest", "releases/v2")
    t.link("dead", "missing.txt")
    t.link("shared/lost", "../nowhere/file")
    t.file("secret.txt", "pin 1234\n")
    t.file("plain.txt", "plain\n")
    t.file("open.txt", "open\n", mode=0o666)
    t.file("shared/drop.txt", "drop\n", mode=0o666)
    t.file("shared/keep.txt", "keep\n")
    t.dir("unused")
    t.dir("stuff/hollow")
    t.file("stuff/thing.txt", "thing\n")


def chapters(t):
    t.file("intro.txt", "Intro\n")
    t.file("chapter1.txt", "One\n")
    t.file("chapter2.txt", "Two\n")
    t.blob("cover.png", KB)


def repo(t):
    top = t.path("repo")
    os.makedirs(top)
    env = {
        "PATH": os.environ["PATH"],
        "HOME": t.dest,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "TZ": "UTC",
    }
    clock = [1714550400]

    def git(*args, who="Alice"):
        clock[0] += HOUR
        stamp = f"{clock[0]} +0000"
        mail = who.lower() + "@example.com"
        subprocess.run(
            ["git", *args],
            cwd=top,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(
                env,
                GIT_AUTHOR_NAME=who,
                GIT_AUTHOR_EMAIL=mail,
                GIT_AUTHOR_DATE=stamp,
                GIT_COMMITTER_NAME=who,
                GIT_COMMITTER_EMAIL=mail,
                GIT_COMMITTER_DATE=stamp,
            ),
        )

    def commit(message, who="Alice"):
        git("add", "-A")
        git("commit", "-m", message, who=who)

    git("init", "-b", "main")
    t.file("repo/README.md", "# Shop\n")
    commit("first version")
    t.file("repo/app.py", "print('shop')\n")
    commit("add the app")
    git("branch", "develop")
    t.file("repo/cart.py", "items = []\n")
    commit("add a cart", who="Bob")
    t.file("repo/README.md", "# Shop\n\nA small shop.\n")
    commit("describe the shop")
    git("checkout", "-b", "feature/login")
    t.file("repo/login.py", "def login():\n    pass\n")
    commit("start the login page", who="Carol")
    t.file("repo/login.py", "def login(user):\n    return user\n")
    t.file("repo/cart.py", "items = []\ntotal = 0\n")
    commit("take the user name", who="Bob")
    # not committed yet
    t.file("repo/app.py", "print('shop is open')\n")
    t.file("repo/README.md", "# Shop\n\nA small and friendly shop.\n")
    for name in os.listdir(os.path.join(top, ".git", "hooks")):
        os.unlink(os.path.join(top, ".git", "hooks", name))


BUILDERS = {
    f.__name__: f
    for f in (docs, sizes, project, logs, data, web, downloads, links, chapters, repo)
}


for found in sorted(glob.glob(os.path.join(glob.escape(os.path.dirname(__file__)), "fixtures_*.py"))):
    module = importlib.import_module(os.path.basename(found)[:-3])
    for builder in module.BUILDERS:
        assert builder not in BUILDERS, f"two fixtures are called {builder}"
    BUILDERS.update(module.BUILDERS)


def build(name, dest):
    """Fills dest; returns {path: (uid, gid)} of what belongs to somebody else."""
    t = Tree(dest)
    BUILDERS[name](t)
    t.finish()
    return t.owned
