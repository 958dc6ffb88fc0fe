"""More fixtures: a server's logs, texts, tables, configuration, git repositories."""

import gzip
import os
import subprocess

from fixtures import DAY, HOUR, KB

# (address, time on 12 March 2025, method, path, status, bytes, agent)
HITS = [
    ("198.51.100.4", "13:02:11", "GET", "/", 200, 5120, "Mozilla/5.0"),
    ("198.51.100.4", "13:02:12", "GET", "/style.css", 200, 880, "Mozilla/5.0"),
    ("203.0.113.9", "13:10:40", "GET", "/robots.txt", 404, 153, "examplebot/2.1"),
    ("203.0.113.9", "13:10:41", "GET", "/shop", 200, 7300, "examplebot/2.1"),
    ("192.0.2.77", "13:31:05", "POST", "/api/orders", 201, 64, "curl/8.5.0"),
    ("192.0.2.77", "13:31:09", "POST", "/api/orders", 500, 21, "curl/8.5.0"),
    ("198.51.100.4", "13:48:30", "GET", "/shop", 200, 7300, "Mozilla/5.0"),
    ("192.0.2.15", "14:00:02", "GET", "/", 200, 5120, "Mozilla/5.0"),
    ("192.0.2.15", "14:00:03", "GET", "/favicon.ico", 404, 153, "Mozilla/5.0"),
    ("192.0.2.15", "14:01:55", "GET", "/help/error-404.html", 200, 2040, "Mozilla/5.0"),
    ("203.0.113.9", "14:10:42", "GET", "/shop", 200, 7300, "examplebot/2.1"),
    ("192.0.2.77", "14:31:02", "POST", "/api/orders", 503, 21, "curl/8.5.0"),
    ("192.0.2.77", "14:31:30", "GET", "/api/orders", 500, 21, "curl/8.5.0"),
    ("198.51.100.4", "14:44:44", "POST", "/login", 302, 0, "Mozilla/5.0"),
    ("198.51.100.4", "14:44:45", "GET", "/account", 200, 1500, "Mozilla/5.0"),
    ("198.51.100.60", "15:05:00", "GET", "/wp-login.php", 404, 153, "scanner/1.0"),
    ("198.51.100.60", "15:05:01", "GET", "/.env", 403, 153, "scanner/1.0"),
    ("198.51.100.60", "15:05:02", "POST", "/xmlrpc.php", 404, 153, "scanner/1.0"),
    ("203.0.113.9", "15:10:43", "GET", "/shop", 200, 7300, "examplebot/2.1"),
    ("192.0.2.15", "15:20:00", "GET", "/", 200, 5120, "Mozilla/5.0"),
    ("198.51.100.4", "16:01:00", "POST", "/logout", 302, 0, "Mozilla/5.0"),
]

AUTH = """\
Mar 12 02:11:40 web1 sshd[811]: Failed password for root from 203.0.113.50 port 40122 ssh2
Mar 12 02:11:44 web1 sshd[811]: Failed password for root from 203.0.113.50 port 40122 ssh2
Mar 12 02:12:01 web1 sshd[815]: Failed password for invalid user admin from 198.51.100.23 port 52811 ssh2
Mar 12 02:12:03 web1 sshd[815]: Connection closed by 198.51.100.23 port 52811
Mar 12 06:25:01 web1 CRON[902]: pam_unix(cron:session): session opened for user root by (uid=0)
Mar 12 08:00:13 web1 sshd[950]: Accepted publickey for alice from 192.0.2.15 port 50004 ssh2
Mar 12 08:04:20 web1 sudo: alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/apt update
Mar 12 09:15:31 web1 sshd[981]: Failed password for bob from 192.0.2.77 port 50990 ssh2
Mar 12 09:15:40 web1 sshd[981]: Accepted password for bob from 192.0.2.77 port 50990 ssh2
Mar 12 11:40:02 web1 sshd[1022]: Failed password for invalid user test from 203.0.113.50 port 41207 ssh2
Mar 12 11:40:09 web1 sshd[1022]: Failed password for invalid user oracle from 203.0.113.50 port 41207 ssh2
Mar 12 13:00:00 web1 sshd[1101]: Accepted publickey for carol from 192.0.2.88 port 50177 ssh2
Mar 12 13:37:12 web1 sshd[1101]: Disconnected from user carol 192.0.2.88 port 50177
"""

APP = """\
2025-03-12 14:00:01 [INFO] startup complete in 2310 ms
2025-03-12 14:01:15 [DEBUG] cache warm
2025-03-12 14:02:30 [INFO] order 1001 stored in 35 ms
2025-03-12 14:04:58 [WARN] disk usage at 81 percent
2025-03-12 14:05:10 [INFO] order 1002 stored in 48 ms
2025-03-12 14:06:00 [ERROR] order 1003 failed: Timeout talking to db1
java.net.SocketTimeoutException: read timed out
\tat shop.Db.query(Db.java:88)
\tat shop.Orders.store(Orders.java:41)
2025-03-12 14:07:21 [DEBUG] retry 1 of 3
2025-03-12 14:08:02 [INFO] order 1003 stored in 1790 ms
2025-03-12 14:09:48 [WARN] slow request: timeout set to 30 s
2025-03-12 14:11:02 [INFO] order 1004 stored in 52 ms
2025-03-12 14:12:33 [ERROR] mail to carol@example.com bounced
2025-03-12 14:15:00 [DEBUG] cache size 412
2025-03-12 14:16:40 [INFO] order 1005 stored in 1005 ms
2025-03-12 14:18:09 [ERROR] order 1006 failed: TIMEOUT talking to db2
java.net.SocketTimeoutException: connect timed out
\tat shop.Db.connect(Db.java:30)
2025-03-12 14:20:00 [FATAL] no database left, giving up
2025-03-12 14:20:01 [INFO] shutting down
"""

DEPLOY = """\
fetching release 7
checking disk
BEGIN MIGRATION
create table carts
add column price
copy 412 rows
END MIGRATION
restarting workers
BEGIN SMOKE TEST
ok
END SMOKE TEST
done
"""


def weblogs(t):
    t.file(
        "access.log",
        "".join(
            f'{a} - - [12/Mar/2025:{c} +0000] "{m} {p} HTTP/1.1" {s} {b} "-" "{u}"\n'
            for a, c, m, p, s, b, u in HITS
        ),
        age=1 * DAY,
    )
    t.file("auth.log", AUTH, age=1 * DAY)
    t.file("app.log", APP, age=1 * HOUR)
    t.file("app.log.1", "2025-03-11 23:59:59 [INFO] rotated\n2025-03-11 23:59:59 [ERROR] last one\n", age=2 * DAY)
    old = "2025-03-10 10:00:00 [INFO] hello\n2025-03-10 10:30:00 [WARN] disk nearly full\n" \
          "2025-03-10 10:31:00 [ERROR] disk full\n2025-03-10 11:00:00 [INFO] bye\n"
    t.file("app.log.2.gz", gzip.compress(old.encode(), mtime=0), age=3 * DAY)
    t.file("deploy.log", DEPLOY, age=20 * DAY)
    t.file("logs/web1.log", "start\nupstream: Connection refused\nstop\n", age=5 * DAY)
    t.file("logs/web2.log", "start\nstop\n", age=6 * DAY)
    t.file("logs/db/main.log", "ready\nconnection refused by peer\nCONNECTION REFUSED again\n", age=7 * DAY)
    t.file("logs/db/main.log.old", "connection refused long ago\n", age=90 * DAY)
    t.file("logs/mail queue.log", "queue empty\nrelay: connection refused\n", age=9 * DAY)
    t.file("logs/readme.txt", "connection refused means the server is down\n", age=100 * DAY)


LETTER = """\
Dear Ms Novak,

thank you for your letter of the third of May.
The cat arrived safely, and the other cats like it.
Please concatenate both invoices into one file.
Our Cat has become a friend.

Write to us at office@example.com or call 555-0142.
Copies go to anna.weber@example.org and
to office@example.com.

Kind regards,
Tom Hill
"""

POEM = "Roses are red\nViolets are blue\nSugar is sweet\nAnd so are you\nThe rest of this poem\nis still to be written\n"

PAGE = """\
<html><head><title>Spring offers</title></head>
<body>
<h1>Offers</h1>
<a href="https://example.com/tulips">Tulips</a> and <a href="https://example.com/roses">Roses</a>
<img src="https://example.net/rose.jpg">
<p>see also <a href="/contact">contact</a></p>
</body></html>
"""

SERVICE_CONF = """\
# service settings
# edited by hand

listen = 0.0.0.0
port = 8080
  # indented remark
debug = false

user = "svc demo"
path = "/srv/demo data"
#port = 9090
"""

GUIDE = """\
# Guide

Intro text with a # inside.

## Install

Run it.

### From source

Build it. Then run it.

## Use

Enjoy. #fun
"""


def prose(t):
    t.file("letter.txt", LETTER)
    t.file("poem.txt", POEM)
    t.file("page.html", PAGE)
    t.file("service.conf", SERVICE_CONF)
    t.file("guide.md", GUIDE)
    t.file("tasks.txt", "[x] buy paint\n[ ] paint the fence\n[x] sweep\n[ ] call Jo\n[ ] rest\n")
    t.file("quotes.txt", 'He said "good morning" and left.\nNobody answered.\nThe sign read "closed", the door "open".\n')
    t.file("wide.txt", "short\n" + "x" * 81 + "\n" + "y" * 80 + "\n" + "word " * 30 + "end\n")
    t.file("dates.txt", "met on 2024-03-15 in Bonn\nno date here\ndue 2024-11-02, paid 2024-11-20\nversion 2024.3\n")
    t.file("hosts.txt", "gateway 10.1.1.1 up\nprinter is at 10.1.1.20 (was 10.1.1.19)\nnothing here\nversion 1.2.3\n")
    t.file("src/main.py", "import os\n# TODO: read args\ndef main():\n    print_total(3)\n\ndef helper():\n    pass\n")
    t.file("src/totals.py", "def print_total(n):\n    # FIXME rounding\n    print(n)\n")
    t.file("src/web/view.js", "// TODO: style\nfunction print_total() {}\n")
    t.file("src/web/my view.py", "# todo later\nx = 1  # FIXME\nasync def load():\n    pass\n\ndef render():\n    pass\n")
    t.file("src/notes.txt", "FIXME nothing\nTODO: nothing\n")
    t.file("notizen/größe.txt", "Die Größe ist 4 Meter.\n")
    t.file("notizen/plan.txt", "Erst messen, dann bauen.\n")


EMPLOYEES = [
    (101, "Ada Brook", "it", 61000, "2019-04-01"),
    (102, "Ben Clay", "sales", 42000, "2021-09-15"),
    (103, "Cleo Dorn", "it", 55000, "2023-01-10"),
    (104, "Dan Eck", "hr", 39000, "2018-07-01"),
    (105, "Eva Fox", "sales", 50000, "2020-02-01"),
    (106, "Finn Gray", "sales", 37000, "2024-05-20"),
    (107, "Gil Hart", "it", 72000, "2015-11-30"),
]

ORDERS = [
    (1, "2025-01-03", "Maple Ltd", "CA", "120.50"),
    (2, "2025-01-19", "Oak GmbH", "DE", "80.00"),
    (3, "2025-02-02", "Maple Ltd", "CA", "19.99"),
    (4, "2025-02-11", "Elm SARL", "FR", "240.00"),
    (5, "2025-02-28", "Oak GmbH", "DE", "15.50"),
    (6, "2025-03-05", "Pine AG", "DE", "99.01"),
]

SHELF = """\
code\titem\tqty
a1\tblue pen\t40
b7\teraser\t0
c3\truler 30cm\t12
d9\tink, black\t3
e2\tpaper clip\t250
"""

USERS = """\
root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
lena:x:1000:1000:Lena Hoff:/home/lena:/bin/bash
omar:x:1001:1001:Omar Said:/home/omar:/bin/zsh
guest:x:1002:100:Guest:/home/guest:/bin/bash
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
"""

MARKS = """\
Ann    maths    88
Bob    maths    71
Ann    physics  93
Cid    maths    64
Bob    physics  55
Cid    physics  90
"""

PACKAGE = """\
{
  "name": "shop",
  "version": "1.4.2",
  "scripts": {
    "start": "node index.js",
    "test": "node test.js"
  },
  "dependencies": {
    "left-pad": "^1.3.0",
    "express": "^4.18.2",
    "chalk": "~5.3.0"
  }
}
"""

BOOKS = """\
[
  {"title": "Dust", "author": {"name": "R. Vale", "born": 1951}, "price": 12.5, "stock": 0, "tags": ["novel", "sea"]},
  {"title": "Amber Road", "author": {"name": "K. Lund", "born": 1968}, "price": 30, "stock": 4, "tags": ["travel"]},
  {"title": "Knots", "author": {"name": "R. Vale", "born": 1951}, "price": 8, "stock": 11, "tags": ["craft", "sea"]},
  {"title": "Moss", "author": {"name": "T. Iyer", "born": 1980}, "price": 22, "stock": 1, "tags": []}
]
"""

EVENTS = """\
{"time": "2025-03-12T08:00:00Z", "level": "info", "user": "lena", "ms": 12}
{"time": "2025-03-12T08:00:05Z", "level": "error", "user": "omar", "ms": 950}
{"time": "2025-03-12T08:01:00Z", "level": "info", "user": "omar", "ms": 31}
{"time": "2025-03-12T08:02:10Z", "level": "error", "user": "lena", "ms": 88}
{"time": "2025-03-12T08:03:00Z", "level": "warn", "user": "omar", "ms": 407}
"""


def tables(t):
    t.file("employees.csv", "id,name,dept,salary,start\n" + "".join(",".join(map(str, e)) + "\n" for e in EMPLOYEES))
    t.file("orders.csv", "order;date;customer;country;total\n" + "".join(";".join(map(str, o)) + "\n" for o in ORDERS))
    t.file("badges.csv", "101,green\n103,red\n106,blue\n107,red\n")
    t.file("broken.csv", "a,b,c\n1,2,3\n4,5\n6,7,8\n9,10,11,12\n")
    t.file("shelf.tsv", SHELF)
    t.file("users.txt", USERS)
    t.file("marks.txt", MARKS)
    t.file("months/jan.csv", "day,visits\n1,30\n2,41\n")
    t.file("months/feb.csv", "day,visits\n1,28\n2,35\n")
    t.file("months/mar.csv", "day,visits\n1,50\n2,12\n")
    t.file("package.json", PACKAGE)
    t.file("books.json", BOOKS)
    t.file("events.jsonl", EVENTS)
    t.file("defaults.json", '{"color": "blue", "size": 10, "verbose": false}\n')
    t.file("local.json", '{"size": 14, "verbose": true}\n')


def listings(t):
    t.file("versions.txt", "1.10.0\n1.2.0\n1.9.3\n2.0.0\n1.2.10\n")
    t.file("sizes.txt", "512K backup\n3G video\n40M photos\n900 note\n1M song\n")
    t.file("guests.txt", "Mia\nmia\nOle\nTim\nole\nUte\nMia\nTim\n")
    t.file("colors.txt", "red\nblue\nred\ngreen\nblue\nred\nwhite\nyellow\nwhite\nred\n")
    t.file("scores.txt", "kim 70\nlee 9\nmax 105\nnia 88\n")
    t.file("cities.txt", "Paris\nReykjavik\nOslo\nAntwerp\nUlm\nLondon\n")
    t.file("readings.txt", "21.5\n19.0\n-3.5\n40\n22.5\n7.5\n18\n")
    t.file("hours.txt", "mon 7.5\ntue 8\nwed 6.25\nthu 8\nfri 5\n")
    t.file("a.txt", "ant\nbee\ncow\ndog\n")
    t.file("b.txt", "bee\ncat\ndog\nemu\n")
    t.file("first.txt", "Ada\nBen\nCleo\n")
    t.file("last.txt", "Brook\nClay\nDorn\n")
    t.file("tags.txt", "home,garden,tools,paint\n")
    t.file("blocks.txt", "alpha 1\n---\nbeta 1\nbeta 2\n---\ngamma 1\n")
    t.file("pairs.txt", "key1\nvalue1\nkey2\nvalue2\nkey3\nvalue3\n")
    t.file("long.txt", "".join(f"entry {i}\n" for i in range(1, 251)))
    t.file("parts/part1.txt", "one\n")
    t.file("parts/part2.txt", "two\n")
    t.file("parts/part10.txt", "ten\n")
    t.file("parts/readme", "not a part\n")


NGINX = """\
server {
    listen 80;
    server_name old.example.com www.old.example.com;
    root /var/www/old;
    access_log off;
    # gzip on;
}
"""

COMPOSE = """\
services:
  web:
    image: shop/web:1.4
    ports:
      - "8080:80"
  db:
    image: postgres:15
    environment:
      POSTGRES_PASSWORD: changeme
"""


def confs(t):
    t.file("nginx.conf", NGINX)
    t.file("compose.yml", COMPOSE)
    t.file(".env", "# settings of the shop\nAPP_PORT=8080\nAPP_NAME=shop\nDEBUG=true\n")
    t.file("sshd_config", "Port 22\n#PermitRootLogin yes\nPasswordAuthentication yes\n# PasswordAuthentication no is safer\n")
    t.file("hosts", "127.0.0.1 localhost\n10.0.0.5 db1\n10.0.0.50 db2\n10.0.0.6 cache\n")
    t.file("crontab.txt", "0 1 * * * backup\n30 2 * * * cleanup\n*/20 * * * * ping\n0 6 * * 1 report\n")
    t.file("indent.py", "def f():\n\tif True:\n\t\treturn 1\n")
    t.file("messy.txt", "clean\ntrailing  \n  leading\ntabs\t\t\nboth  \n")
    t.file("greeting.txt", "hello world, hello moon\nsay hello\nHello there\n")
    t.file("names.txt", "Brook, Ada\nClay, Ben\nDorn, Cleo\n")
    t.file("conf.d/a.conf", "host=db1\nuser=app\nbackup_host=db1\n")
    t.file("conf.d/b site.conf", "host=db1\nport=1\n")
    t.file("conf.d/notes.md", "host=db1 is the old machine\n")
    t.file("conf.d/sub/c.conf", "host=db10\nname=host=db1\n")


def loops(t):
    """For loops over files."""
    t.file("poems/spring.txt", "green fields\nbuds\n")
    t.file("poems/late autumn.txt", "leaves\nfall\nslowly\n")
    t.file("poems/winter.txt", "snow\n")
    t.file("poems/index.md", "spring\nwinter\n")
    t.file("photos/DSC_001.JPG", "1\n")
    t.file("photos/DSC_002.JPG", "2\n")
    t.file("photos/my cat.JPG", "3\n")
    t.file("photos/list.txt", "DSC_001 lake\nDSC_002 hill\n")
    for name, n in (("alpha", 3), ("beta", 1), ("gamma ray", 2)):
        for i in range(n):
            t.file(f"boxes/{name}/item{i + 1}", f"{name} {i}\n")
    t.file("boxes/loose", "x\n")
    t.file("urls.txt", "https://example.com/a/one.pdf\nhttps://example.com/b/two.pdf\nhttps://example.org/three.pdf\n")
    t.file("scripts/01_setup.sh", "#!/bin/sh\necho setup done\n", mode=0o755)
    t.file("scripts/02_build.sh", "#!/bin/sh\necho build done\n", mode=0o755)
    t.file("scripts/10_check.sh", "#!/bin/sh\necho check done\n", mode=0o755)
    t.file("scripts/notes.txt", "echo never run me\n")
    t.blob("raw.bin", KB)


class Git:
    def __init__(self, t, top):
        self.t, self.top, self.clock = t, t.path(top), 1736150400
        os.makedirs(self.top, exist_ok=True)

    def __call__(self, *args, who="Alice"):
        self.clock += 6 * HOUR
        stamp, mail = f"{self.clock} +0000", who.lower() + "@example.com"
        env = {
            "PATH": os.environ["PATH"], "HOME": self.t.dest, "TZ": "UTC",
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": who, "GIT_AUTHOR_EMAIL": mail, "GIT_AUTHOR_DATE": stamp,
            "GIT_COMMITTER_NAME": who, "GIT_COMMITTER_EMAIL": mail, "GIT_COMMITTER_DATE": stamp,
        }
        subprocess.run(["git", *args], cwd=self.top, check=True, env=env,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def commit(self, message, who="Alice"):
        self("add", "-A", who=who)
        self("commit", "-m", message, who=who)

    def finish(self):
        hooks = os.path.join(self.top, ".git", "hooks")
        for name in os.listdir(hooks):
            os.unlink(os.path.join(hooks, name))


APP_JS = "const port = 3000;\nfunction start() {\n  listen(port);\n}\nstart();\n"


def webapp(t):
    """A repository with tags, a merge, a deleted file, and uncommitted work."""
    git = Git(t, "webapp")
    git("init", "-b", "main")
    t.file("webapp/README.md", "# Webapp\n\nA smal app.\n")
    t.file("webapp/app.js", APP_JS)
    t.file("webapp/helper.js", "function pad(s) { return ' ' + s; }\n")
    t.file("webapp/.gitignore", "*.log\n")
    git.commit("initial import")
    t.file("webapp/style.css", "body { color: black; }\n")
    git.commit("add styles", who="Bob")
    git("tag", "v1.0")
    t.file("webapp/README.md", "# Webapp\n\nA small app.\n")
    git.commit("fix typo in readme")
    t.file("webapp/login.js", "function login() {}\n")
    git.commit("add login form", who="Carol")
    git("checkout", "-b", "feature/search")
    t.file("webapp/search.js", "function search() {}\n")
    git.commit("add search box", who="Bob")
    t.file("webapp/app.js", APP_JS + "search();\n")
    git.commit("call the search", who="Bob")
    git("checkout", "main")
    git("checkout", "-b", "bugfix/header")
    t.file("webapp/style.css", "body { color: black; }\nh1 { margin: 0; }\n")
    git.commit("fix header margin", who="Carol")
    git("checkout", "main")
    os.unlink(t.path("webapp/helper.js"))
    git.commit("remove old helper", who="Bob")
    git("merge", "--no-ff", "-m", "merge bugfix/header", "bugfix/header")
    git("tag", "v1.1")
    t.file("webapp/login.js", "function login(user) {\n  validate(user);\n}\n")
    git.commit("validate user at login")
    t.file("webapp/login.js", "// login page\nfunction login(user) {\n  validate(user);\n}\n")
    t.file("webapp/app.js", APP_JS.replace("3000", "4000"))
    git.commit("move to port 4000", who="Carol")
    # work in progress: one staged, one not, some untracked, one ignored
    t.file("webapp/style.css", "body { color: navy; }\nh1 { margin: 0; }\n")
    git("add", "style.css")
    t.file("webapp/login.js", "// login page\nfunction login(user) {\n  validate(user);\n  welcome(user);\n}\n")
    t.file("webapp/ideas.txt", "dark mode\n")
    t.file("webapp/scratch/try me.js", "1;\n")
    t.file("webapp/server.log", "ignored\n")
    git.finish()


def pushed(t):
    """A clean clone, two commits ahead of its remote."""
    git = Git(t, "site")
    git("init", "-b", "main")
    t.file("site/index.html", "<h1>Hello</h1>\n")
    t.file("site/secrets.ini", "password=hunter2\n")
    git.commit("first page")
    t.file("site/about.html", "<h1>About</h1>\n")
    git.commit("about page", who="Bob")
    git("clone", "--bare", ".", "../origin.git")
    git("remote", "add", "origin", "../origin.git")
    git("fetch", "origin")
    git("branch", "--set-upstream-to=origin/main", "main")
    t.file("site/contact.html", "<h1>Contact</h1>\n")
    git.commit("contact page")
    t.file("site/about.html", "<h1>About us</h1>\n")
    git.commit("abuot us title")
    git.finish()
    hooks = t.path("origin.git/hooks")
    for name in os.listdir(hooks):
        os.unlink(os.path.join(hooks, name))


BUILDERS = {
    f.__name__: f
    for f in (weblogs, prose, tables, listings, confs, loops, webapp, pushed)
}
