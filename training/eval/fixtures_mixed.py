"""Fixtures with a bit of everything: a small app, tables, names to tidy up, rights, twins, texts."""

import gzip
import hashlib
import os

from fixtures import DAY, KB, MB, noise
from fixtures_everyday import tar_bytes, zip_bytes


def mess(t):
    def f(rel, content="", age=20.0, mode=0o644):
        t.file(rel, content, age=age * DAY, mode=mode)

    f("app/src/index.js", "import api from './api'\nconsole.log('start')\napi()\n", 5 / 24)
    f("app/src/api.js", "export default fetch\n// nothing to log\n", 2)
    f("app/src/api.test.js", "test('api')\nconsole.log('api test')\n", 3)
    f("app/src/ui/Button.jsx", "console.log('clicked')\nconsole.log('again')\n", 9)
    f("app/src/ui/Button.test.jsx", "test('button')\n", 9)
    f("app/src/ui/My Dialog.jsx", "export const d = 1\n", 12)
    f("app/src/vendor/jquery.min.js", "/* jQuery */ console.log(1)\n" + "var x = 1;" * 900 + "\n", 400)
    f("app/node_modules/lodash/index.js", "console.log('lodash')\n" * 3, 500)
    f("app/node_modules/lodash/README.md", "# lodash\n", 501)
    f("app/node_modules/lodash/package.json", '{"name": "lodash"}\n', 502)
    f("app/node_modules/lodash/node_modules/core/index.js", "module.exports = 0\n", 503)
    f("app/dist/bundle.js", "console.log('bundled');\n" * 900, 1 / 24)
    f("app/dist/bundle.js.map", '{"version": 3}\n' * 400, 1 / 24)
    f("app/package.json", '{"name": "app"}\n', 250)
    f("app/README.md", "# app\n", 300)
    f("app/LICENSE", "MIT\n", 100)
    f("app/.eslintrc.json", "{}\n", 30)
    f("app/.env.local", "KEY=1\n", 31)
    f("notes/2024-01-05 kickoff.md", "kickoff with the whole team\n")
    f("notes/2024-02-17 review.md", "review went well\n")
    f("notes/2024-02-29 leap day.md", "nothing\n")
    f("notes/2023-12-31 party.md", "bring sparklers and cake\n")
    f("notes/2024-12-02 budget.md", "money is tight\n")
    f("notes/ideas.md", "write more\n", 2 / 24)
    f("notes/.scratch.md", "x y z\n")
    f("notes/archive/2022-06-01 old.md", "old plans\n")
    f("notes/archive/2024-02-01 moved.txt", "moved here\n")
    f("backups/db/dump-mon.sql", "1\n", 3)
    f("backups/db/dump-tue.sql", "2\n", 2)
    f("backups/db/dump-wed.sql", "3\n", 5)
    f("backups/web/site v1.zip", "v1\n", 10)
    f("backups/web/a site v2.zip", "v2\n", 19)
    f("backups/mail/box.mbox", "From\n", 30)
    t.dir("backups/unused", age=20 * DAY)
    f("pkg/__init__.py")
    f("pkg/empty.py")
    f("pkg/core.py", "x = 1\n")
    f("pkg/.gitkeep")
    f("pkg/sub/__init__.py")
    f("pkg/sub/blank note.txt")
    f("old stuff/report.doc", "doc\n")
    f("old stuff/report.doc~", "doc\n")
    f("old stuff/mail.bak", "mail\n")
    f("old stuff/bakery.txt", "bread\n")
    f("old stuff/keep/list.bak", "list\n")
    f("old stuff/sub/todo.txt~", "todo\n")
    f(".bashrc", "alias ll='ls -l'\n")
    f(".vim/vimrc", "set nu\n")
    f(".ssh/known_hosts", "host\n")
    f(".tox/marker", "1\n")
    f("show.sh", '#!/bin/sh\necho "debug is ${DEBUG:-off}, args: $#"\n', mode=0o755)
    for rel in ("backups/db", "backups/web", "backups/mail", "backups", "notes/archive", "notes", "pkg/sub", "pkg"):
        t.dir(rel, age=20 * DAY)


def films(t):
    t.blob("media/family/family dinner.mp4", 4 * MB, age=9 * DAY)
    t.blob("media/family/notes.txt", KB, age=9 * DAY)
    t.blob("media/talks/talk.mp4", 3 * MB, age=30 * DAY)
    t.blob("media/talks/talk.tmp", 256 * KB, age=30 * DAY)
    t.blob("media/raw/intro.mov", 5 * MB, age=3 * DAY)
    t.blob("media/raw/cut 1.tmp", 512 * KB, age=3 * DAY)
    t.blob("media/audio/song.mp3", 600 * KB, age=3 * DAY)
    t.blob("media/clips/short.mp4", 500 * KB, age=60 * DAY)
    t.blob("media/clips/long.mp4", 2560 * KB, age=50 * DAY)
    t.blob("media/subs/en.srt", 20 * KB, age=50 * DAY)
    t.blob("media/demo.mp4", 2 * MB, age=5 * DAY)


def sheets(t):
    t.file(
        "orders.csv",
        "id,customer,item,qty,price,date\n1,Anna,pen,10,1.50,2024-01-15\n2,Bob,ink,2,8.00,2024-01-20\n"
        "3,Anna,paper,5,4.00,2024-02-03\n4,Cem,pen,1,1.50,2024-02-10\n5,Bob,paper,1,4.00,2024-03-01\n"
        "6,Dora,ink,3,8.00,2024-03-05\n7,Anna,ink,1,8.00,2024-03-02\n",
    )
    t.file("customers.csv", "name,city\nEli,Graz\nAnna,Rome\nCem,Bern\nBob,Oslo\n")
    t.file("quarters/q1.csv", "month,sales\njan,10\nfeb,20\n")
    t.file("quarters/q2.csv", "month,sales\napr,30\nmay,40\n")
    t.file("quarters/q3.csv", "month,sales\njul,50\n")
    t.file("prices.tsv", "item\tprice\npen\t1.50\nred ink\t8.00\n")
    t.file(
        "settings.json",
        '{\n  "theme": "dark",\n  "editor": {"fontSize": 12, "tabSize": 4},\n'
        '  "plugins": ["git", "lint"],\n  "debug": true\n}\n',
    )
    t.file(
        "staff.json",
        '[{"name": "Mia", "team": "red"}, {"name": "Tom", "team": "blue"}, '
        '{"name": "Zoe", "team": "red"}, {"name": "Ben", "team": "green"}, {"name": "Ida", "team": "red"}]\n',
    )
    t.file("app.ini", "[web]\nhost = www1\nport = 80\ndebug = yes\n\n[db]\nhost = db1\nport = 5432\n")
    t.file("names.txt", "Ben\nMia Maria\nO'Neil\nZoe\n")


def naming(t):
    for name in ("2024-03-01 at 10.15.00", "2024-03-02 at 09.00.10", "2024-04-11 at 23.59.59"):
        t.blob(f"shots/Screen Shot {name}.png", KB)
    for name in ("01-02-2024", "15-02-2024", "03-11-2023"):
        t.file(f"invoices/{name}.pdf", name + "\n")
    for name in ("S01E01.mkv", "S01E02.mkv", "S02E01.mkv", "S01E01.srt"):
        t.file("series/Show." + name, name + "\n")
    t.file("series/readme.nfo", "S01 and S02\n")
    for name in ("a.JPG", "b.jpeg", "c.jpg", "d.PNG", "my cat.JPEG"):
        t.file("photos/" + name, name + "\n")
    for name in ("report.txt", "data.csv", "pic.png", "my notes.txt"):
        t.file("mixed/" + name, name + "\n")
    for name in ("README", "Notes.TXT", "ALL CAPS.doc", "fine.txt"):
        t.file("Upper/" + name, name + "\n")
    t.file("conf/a.txt", "new a\n")
    t.file("conf/a.txt.orig", "old a\n")
    t.file("conf/b c.txt", "new b\n")
    t.file("conf/b c.txt.orig", "old b\n")
    t.file("conf/c.txt", "only c\n")
    for name in ("one.csv", "two.csv", "junk.txt", "big log.log", "pic.png"):
        t.file("stuff/" + name, name + "\n")
    for name, age in (("zebra", 9), ("apple", 5), ("mango", 7), ("my scan", 3)):
        t.file(f"pages/{name}.png", name + "\n", age=age * DAY)
    t.file("projects/alpha/src/main.c", "1\n")
    t.file("projects/alpha/notes.txt", "2\n")
    t.file("projects/beta/my docs/plan.txt", "3\n")
    t.file("inbox/anna/cv.pdf", "anna\n")
    t.file("inbox/bob/cv.pdf", "bob\n")
    t.file("inbox/bob/photo.jpg", "bob\n")
    t.file("inbox/carla/letter 1.pdf", "carla\n")
    t.file("tools/backup.sh", "#!/bin/sh\n", mode=0o755)
    t.file("tools/sync.sh", "#!/bin/sh\n", mode=0o755)
    t.file("tools/README", "tools\n")
    t.dir("bin")
    t.file("to delete/a/b.txt", "b\n")
    t.file("to delete/.c", "c\n")
    t.file("to", "keep\n")
    t.file("delete", "keep\n")


def audit(t):
    t.file("config/prod.ini", "x\n")
    t.file("config/dev.ini", "y\n")
    t.link("l1", "config/prod.ini")
    t.link("sub/l2", "../config/prod.ini")
    t.link("sub/l3", "../config/dev.ini")
    t.link("cfg", "config")
    t.link("sub/up", "..")
    t.link("sub/gone", "../config/missing.ini")
    t.link("old link", "nowhere")
    t.file("releases/42/app", "42\n", mode=0o755)
    t.link("releases/stable", "42")
    t.link("current", "releases/stable")
    t.file("certs/site.key", "k\n")
    t.file("certs/site.pem", "p\n", mode=0o600)
    t.file("certs/old/ca.pem", "p\n", mode=0o640)
    t.file("certs/old/ca.key", "k\n", mode=0o604)
    t.file("certs/old/web.key", "k\n", mode=0o600)
    t.file("certs/notes.txt", "n\n")
    t.file("text/a.txt", "a\n", mode=0o755)
    t.file("text/b c.txt", "b\n", mode=0o711)
    t.file("text/deep/d.txt", "d\n", mode=0o644)
    t.file("text/run.sh", "#!/bin/sh\n", mode=0o755)
    t.file("run.sh", "#!/bin/sh\n")
    t.file("www/index.html", "i\n")
    t.file("www/form.php", "f\n", mode=0o666)
    t.file("www/img/logo.png", "l\n", mode=0o600)
    t.file("www/img/bg.png", "b\n")
    t.file("www/up load/x.bin", "x\n")
    t.dir("www/tmp")
    os.chmod(t.path("www/up load"), 0o777)
    os.chmod(t.path("www/tmp"), 0o1777)
    os.chmod(t.path("www/img"), 0o750)
    t.file(".ssh/id_ed25519", "KEY\n")
    t.file(".ssh/id_ed25519.pub", "PUB\n", mode=0o666)
    t.file(".ssh/config", "Host *\n", mode=0o640)
    os.chmod(t.path(".ssh"), 0o755)
    t.owner("www/form.php", 33, 33)
    t.owner("certs/old/ca.pem", 1001, 1001)
    t.owner("config/dev.ini", 1002, 50)


def twofold(t):
    for top in ("orig", "copy"):
        t.file(top + "/a.txt", "a\n")
        t.file(top + "/sub/b.bin", noise("b", 900))
    t.file("copy/sub/extra.txt", "more\n")
    t.file("all.txt", "ann@x.org\nBob@x.org\ncem@x.org\ndora@x.org\n")
    t.file("unsubscribed.txt", "bob@x.org\nDORA@x.org\nzed@x.org\nann@x.org.uk\n")
    t.file("old.conf", "a=1\nb=2\nc=3\nd=4\n")
    t.file("new.conf", "a=1\nb=20\nc=3\nd=4\ne=5\n")
    t.file("v1.txt", "same text\n")
    t.file("v2.txt", "same test\n")
    t.file("v3.txt", "same text\n")
    t.file("left.txt", "pear\napple\nfig\napple\n")
    t.file("right.txt", "apple\nfig\napple\npear\n")
    t.file("a.json", '{"x": 1, "y": {"p": [1, 2], "q": null}}\n')
    t.file("b.json", '{\n  "y": {"q": null, "p": [1, 2]},\n  "x": 1\n}\n')
    img = noise("img", 4000)
    t.file("iso.img", img)
    t.file("iso.img.md5", hashlib.md5(img).hexdigest() + "  iso.img\n")
    t.file("logo.bin", b"logo data\n")
    for rel in ("src/a.c", "src/b.c", "src/a.o", "build/x.bin", "build/deep/y.bin", "notes.txt",
                "node_modules/m/index.js", ".hidden", "my lib/c.c", "my lib/c.o"):
        t.file("proj/" + rel, rel + "\n")
    t.file("mixed.tar.gz", gzip.compress(tar_bytes([("m/a.txt", b"a\n"), ("m/n/b.txt", b"b\n"), ("m/c.png", noise("c", 50)), ("m/txt.md", b"t\n")]), mtime=0))
    t.file("big.zip", zip_bytes([("s.txt", b"s\n"), ("img/huge photo.raw", b"\0" * 90000), ("m.bin", noise("m", 5000))]))
    t.file("zips/cats.zip", zip_bytes([("1.txt", b"cat\n"), ("2.txt", b"kitten\n")]))
    t.file("zips/big dogs.zip", zip_bytes([("1.txt", b"dog\n")]))


PARAGRAPH = (
    "The old harbour lay quiet in the morning fog and nobody had yet opened the shutters of the little shop "
    "at the corner where the fishermen used to buy their tobacco before they went out to sea\n"
)


def writing(t):
    t.file("para.txt", PARAGRAPH)
    t.file("titles.txt", "the sea\nan old man\nZebra crossing\ngone home\n")
    t.file("story.txt", "It rained. Nobody came! Why would they? We went home.\n")
    t.file("numbered.txt", "1. wash\n2. rinse 2 times\n3. repeat\n10. dry\n")
    t.file("steps.txt", "".join(f"step {w}\n" for w in "one two three four five six seven eight nine ten".split()))
    t.file(
        "island.txt",
        "We reached the island\nat dawn.\n\nThe lighthouse was dark.\nIts door stood open.\n\n"
        "Later we swam.\n\nNobody had lit the\nlighthouse for years.\n",
    )
    t.file("receipt.txt", "2 rolls 1.20 EUR\ncheese 3.50 EUR (was 4.10)\nbag 0.30 EUR\nTable 7, thank you 2024\n")


BUILDERS = {f.__name__: f for f in (mess, films, sheets, naming, audit, twofold, writing)}
