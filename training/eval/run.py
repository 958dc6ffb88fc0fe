#!/usr/bin/env python3
"""Runs answers to the evaluation tasks in throw-away sandboxes and checks them.

See README.md.  Standard library only; needs root (for the namespaces),
unshare and setpriv from util-linux, git, jq, tar, gzip, zip and unzip.
"""

import argparse
import collections
import concurrent.futures
import datetime
import fnmatch
import gzip
import hashlib
import io
import itertools
import json
import math
import os
import posixpath
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import termios
import time
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
UID = 65534
HOME = "/home/user"
HOSTNAME = "evalbox"
TIME_LIMIT = 10.0
OUTPUT_LIMIT = 1 << 20
MAX_COMMAND = 20000
INSIDE = "CMDAI_EVAL_INSIDE"
# Files that programs leave behind without being asked to.
LITTER = (".lesshst", ".viminfo", ".wget-hsts", ".cache", ".local", ".config")

# Commands that are nearly always wrong; the self-test gives them to every task.
TRIVIAL = [
    "true", "false", "echo ok", "echo", "ls", "ls -la", "ls -R", "ls -1", "pwd",
    "cat *", "find .", "find . -type f", "date", "whoami", "id", "env", "uname -a",
    "du -a", "du -sh", "df -h", "git status", "git log", "git branch -a", "ps aux",
    "grep -r . .", "wc -l *", "head *", "history", "echo 1", "seq 1 100",
    "cat /etc/passwd", "rm -rf *", "touch x", "mkdir -p backup a b c", "cd ..",
    "no-such-command",
]

ETC = {
    "passwd": "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
    "alice:x:1001:1001:Alice Example:/home/alice:/bin/bash\n"
    "bob:x:1002:1002:Bob Example:/home/bob:/bin/sh\n"
    f"nobody:x:{UID}:{UID}:nobody:{HOME}:/bin/bash\n",
    "group": "root:x:0:\ndaemon:x:1:\ntty:x:5:\nwww-data:x:33:\nstaff:x:50:alice,bob\n"
    f"alice:x:1001:\nbob:x:1002:\nnogroup:x:{UID}:\n",
    "hosts": f"127.0.0.1 localhost {HOSTNAME}\n",
    "hostname": HOSTNAME + "\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "os-release": 'NAME="Debian GNU/Linux"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
    "gitconfig": "[user]\n\tname = Sam Example\n\temail = sam@example.com\n"
    "[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n",
}
DEMO_PROCESSES = ("reportd", "mailsync")


def die(message):
    sys.exit("run.py: " + message)


# ---------------------------------------------------------------- sandbox


def sh(*args):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL)


class Bench:
    """The scratch area: fixtures, the jail and one directory for each run.

    All of it lies on a tmpfs in a mount namespace of this process, so nothing
    of it is visible outside and nothing is left when the process ends.
    """

    def __init__(self, base, names=None):
        """names: the fixtures to build, all of them if None."""
        self.base = base
        self.count = itertools.count()
        self.befores = {}
        self.git_befores = {}
        sh("mount", "-t", "tmpfs", "-o", "size=1500m,mode=755", "tmpfs", base)
        self._make_jail()
        os.mkdir(os.path.join(base, "runs"))
        os.mkdir(os.path.join(base, "fixtures"))
        sys.path.insert(0, HERE)
        sys.dont_write_bytecode = True
        import fixtures

        for name in fixtures.BUILDERS:
            if names is not None and name not in names:
                continue
            dest = os.path.join(base, "fixtures", name)
            os.mkdir(dest)
            owned = fixtures.build(name, dest)
            for top, dirs, files in os.walk(dest):
                for entry in [top] + [os.path.join(top, e) for e in dirs + files]:
                    ids = owned.get(os.path.relpath(entry, dest), (UID, UID))
                    mode = os.lstat(entry).st_mode
                    os.chown(entry, *ids, follow_symlinks=False)
                    if not stat.S_ISLNK(mode):
                        os.chmod(entry, mode & 0o7777)  # chown drops setuid and setgid
            self.befores[name] = snapshot(dest)

    def _make_jail(self):
        jail = os.path.join(self.base, "jail")
        os.mkdir(jail)
        sh("mount", "-t", "tmpfs", "-o", "size=4m,mode=755", "tmpfs", jail)
        root = os.path.join(jail, "root")
        for d in ("old", "root", "root/etc", "root/proc", "root/tmp", "root/dev", "root/run",
                  "root/var", "root/home", "root/home/user", "root/opt", "root/opt/demo", "root/usr"):
            os.mkdir(os.path.join(jail, d))
        self._bind_ro("/usr", os.path.join(root, "usr"))
        os.symlink("root/usr", os.path.join(jail, "usr"))
        for d in ("proc", "dev"):  # what sandbox.sh itself needs once / is the jail
            os.symlink("root/" + d, os.path.join(jail, d))
        for d in ("bin", "sbin", "lib", "lib32", "lib64"):
            host = "/" + d
            if os.path.islink(host):
                os.symlink("usr/" + d, os.path.join(root, d))
            elif os.path.isdir(host):
                os.mkdir(os.path.join(root, d))
                self._bind_ro(host, os.path.join(root, d))
            else:
                continue
            os.symlink("root/" + d, os.path.join(jail, d))
        for name, text in ETC.items():
            with open(os.path.join(root, "etc", name), "w") as f:
                f.write(text)
        for name in ("alternatives", "ld.so.cache", "magic"):
            host = os.path.join("/etc", name)
            target = os.path.join(root, "etc", name)
            if os.path.isdir(host):
                shutil.copytree(host, target, symlinks=True)
            elif os.path.exists(host):
                shutil.copy(host, target)
        for name, minor in (("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9)):
            dev = os.path.join(root, "dev", name)
            os.mknod(dev, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
            os.chmod(dev, 0o666)
        for name, target in (("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"),
                             ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")):
            os.symlink(target, os.path.join(root, "dev", name))
        for name in DEMO_PROCESSES:
            shutil.copy(os.path.realpath("/usr/bin/sleep"), os.path.join(root, "opt", "demo", name))
            os.chmod(os.path.join(root, "opt", "demo", name), 0o755)
        sh("mount", "-o", "remount,ro", jail)
        self.jail = jail

    @staticmethod
    def _bind_ro(source, target):
        sh("mount", "--bind", source, target)
        sh("mount", "-o", "remount,bind,ro,nosuid,nodev", target)

    def run(self, fixture, command, cwd=".", spawn=(), source=None, inspect=None):
        """Runs one command in a fresh sandbox; returns a Run.

        source: copy this tree instead of the fixture (used for probes).
        inspect: called with the directory of the tree before it is thrown away.
        """
        work = os.path.join(self.base, "runs", str(next(self.count)))
        os.mkdir(work)
        sh("mount", "-t", "tmpfs", "-o", "size=96m,mode=755,nosuid,nodev", "tmpfs", work)
        try:
            sh("cp", "-a", (source or os.path.join(self.base, "fixtures", fixture)) + "/.", work)
            result = self._run_in(work, command.encode("utf-8", "replace"), cwd, spawn)
            if inspect:
                inspect(work, result)
            return result
        finally:
            sh("umount", "-l", work)
            os.rmdir(work)

    def _run_in(self, work, command, cwd, spawn):
        out_r, out_w = os.pipe()
        err_r, err_w = os.pipe()
        state_r, state_w = os.pipe()
        command_r, command_w = os.pipe()
        # Standard input is a terminal, as it would be at a prompt (`git shortlog`
        # looks), but one where the person types nothing except end of file.
        tty_master, tty = os.openpty()
        attributes = termios.tcgetattr(tty)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(tty, termios.TCSANOW, attributes)
        os.fchown(tty, UID, UID)
        os.write(tty_master, b"\x04" * 256)
        os.write(command_w, command)  # fits in the pipe: see MAX_COMMAND
        os.close(command_w)
        for fd in (out_w, err_w, state_w):
            os.fchown(fd, UID, UID)  # so that /dev/stdout can be opened
        proc = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "--pid", "--fork",
             "--kill-child=KILL", "--net", "--ipc", "--uts", "--", "/bin/bash",
             os.path.join(HERE, "sandbox.sh"), self.jail, work, cwd, str(state_w), str(command_r)],
            stdin=tty, stdout=out_w, stderr=err_w, pass_fds=(state_w, command_r),
            start_new_session=True, cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "SPAWN": " ".join(spawn)},
        )
        for fd in (out_w, err_w, state_w, command_r, tty):
            os.close(fd)
        data = {out_r: bytearray(), err_r: bytearray(), state_r: bytearray()}
        open_fds = set(data)
        deadline = time.monotonic() + TIME_LIMIT
        timed_out = overflow = False
        while open_fds:
            left = deadline - time.monotonic()
            ready = select.select(list(open_fds), [], [], max(left, 0))[0] if left > 0 else []
            if not ready:
                timed_out = True
                break
            for fd in ready:
                chunk = os.read(fd, 65536)
                if not chunk:
                    open_fds.discard(fd)
                data[fd] += chunk
                if len(data[fd]) > OUTPUT_LIMIT:
                    overflow = True
            if overflow:
                break
        if timed_out or overflow:
            proc.kill()  # --kill-child and the PID namespace take the rest down
        rc = proc.wait()
        for fd in (*data, tty_master):
            os.close(fd)
        result = Run(rc, data[out_r], data[err_r], data[state_r], timed_out, overflow)
        if not result.ready:
            die("the sandbox did not start: " + result.stderr.strip()[-500:])
        return result


class Run:
    def __init__(self, rc, out, err, state, timed_out, overflow):
        self.rc = rc
        self.stdout = out[:OUTPUT_LIMIT].decode("utf-8", "replace")
        self.stderr = err[:OUTPUT_LIMIT].decode("utf-8", "replace")
        self.timed_out = timed_out
        self.overflow = overflow
        self.ready = False
        self.cwd = None
        self.env = {}
        self.procs = {}
        for record in state.decode("utf-8", "replace").split("\0"):
            word, _, rest = record.partition(" ")
            if record == "READY":
                self.ready = True
            elif word == "CWD":
                self.cwd = rest
            elif word in ("ALIVE", "DEAD"):
                self.procs[rest] = word.lower()
            elif "=" in record:
                name, _, value = record.partition("=")
                self.env[name] = value


def snapshot(top):
    """Every path under top (not inside .git) with kind, mode and content."""
    tree = {}
    for where, dirs, files in os.walk(top):
        for name in dirs + files:
            path = os.path.join(where, name)
            rel = os.path.relpath(path, top)
            if rel.split("/")[0] in LITTER:
                continue
            st = os.lstat(path)
            mode = oct(st.st_mode & 0o7777)[2:]
            if stat.S_ISLNK(st.st_mode):
                tree[rel] = ("link", "", os.readlink(path))
            elif stat.S_ISDIR(st.st_mode):
                tree[rel] = ("dir", mode, "")
            elif stat.S_ISREG(st.st_mode):
                with open(path, "rb") as f:
                    tree[rel] = ("file", mode, hashlib.sha256(f.read()).hexdigest())
            else:
                tree[rel] = ("other", mode, "")
        dirs[:] = [d for d in dirs if d != ".git" and not os.path.islink(os.path.join(where, d))]
        if os.path.relpath(where, top) == ".":
            dirs[:] = [d for d in dirs if d not in LITTER]
    return tree


# ---------------------------------------------------------------- checks


class Failed(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failed(message)


def short(text, limit=160):
    text = text if isinstance(text, str) else json.dumps(text, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "..."


def clean_line(line):
    return re.sub(r"\s+", " ", re.sub(r"\x1b\[[0-9;]*[mK]", "", line)).strip()


def lines_of(text):
    return [c for c in map(clean_line, text.splitlines()) if c]


def plain(text):
    """Output without colours, quoting and the like, for finding names."""
    text = re.sub(r"\x1b\[[0-9;]*[mK]", "", text)
    # find -ls and others write bytes that are not ASCII as \303\251
    text = re.sub(r"(?:\\[2-3][0-7]{2})+", lambda m: bytes(
        int(o, 8) for o in m.group().split("\\")[1:]).decode("utf-8", "replace"), text)
    return text.replace("\\ ", " ")


class Context:
    """What the checks of one run may look at."""

    def __init__(self, bench, task, run, top, after, before):
        self.bench, self.task, self.run, self.top = bench, task, run, top
        self.after, self.before = after, before
        self.cwd = task.get("cwd", ".")

    def rel(self, name):
        return posixpath.normpath(posixpath.join(self.cwd, name))

    def spellings(self):
        """All the ways the output may spell a path of the fixture."""
        paths = [p for p in set(self.before) | set(self.after)]
        suffixes = collections.Counter()
        for p in paths:
            parts = p.split("/")
            for i in range(len(parts)):
                suffixes["/".join(parts[i:])] += 1
        table = {}
        for p in paths:
            parts = p.split("/")
            for i in range(1, len(parts)):
                s = "/".join(parts[i:])
                if suffixes[s] == 1:
                    table.setdefault(s, p)
        for p in paths:
            table[p] = p
        for p in paths:
            table[posixpath.relpath(p, self.cwd)] = p
        for p in paths:
            table[HOME + "/" + p] = p
            table["~/" + p] = p
        return table

    def mentions(self, text):
        """([(path, position)], rest): the fixture paths in a text, what remains."""
        table = self.spellings()
        names = sorted(table, key=len, reverse=True)
        pattern = re.compile(
            r"(?:(?<=^)|(?<=[\s'\"`:,(\[=>|]))(?:\./+)?("
            + "|".join(map(re.escape, names))
            + r")(?:/(?=\s|$))?(?=$|[\s'\"`/:*@=|,;)\]])",
            re.M,
        )
        found = []

        def note(m):
            found.append((table[m.group(1)], m.start()))
            return " "

        rest = pattern.sub(note, plain(text)) if names else text
        return found, rest

    def dynamic(self, text):
        values = {
            "kernel": os.uname().release,
            "hostname": HOSTNAME,
        }
        for k, v in values.items():
            text = text.replace("{{" + k + "}}", v)
        return text


BARE = re.compile(
    r"[-+]?[\d.,:/%+\-]*(?:[KMGTkmgt]i?)?[Bb]?|[-dlbcps][-rwxsStT]{9}[.+@]?|total"
    r"|nobody|nogroup|root|daemon|www-data|alice|bob|staff"
    r"|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|UTC"
    rf"|~/?|{HOME}/?"
    r"|->|\.{1,2}/?|[/'\"|*,:]+|bytes?"
)


def check_names(ctx, c):
    """The output names these paths and no others."""
    found, rest = ctx.mentions(ctx.run.stdout)
    want = [ctx.rel(n) for n in c["want"]]
    allow = {ctx.rel(n) for n in c.get("allow", [])}
    names = [p for p, _ in found]
    missing = [w for w in want if w not in names]
    expect(not missing, f"output does not name {short(missing)}")
    ok = set(want) | allow
    for p in list(ok):
        while "/" in p:
            p = posixpath.dirname(p)
            ok.add(p)
    extra = sorted(set(names) - ok)
    expect(not extra, f"output also names {short(extra)}")
    if c.get("order"):
        first = list(dict.fromkeys(p for p, _ in found if p in want))
        expect(first == want, f"names come in the order {short(first)}")
    if c.get("bare", True):
        for word in rest.split():
            expect(BARE.fullmatch(word), f"output has more than names: {short(word)}")


def check_order(ctx, c):
    """The output names these paths in this order; others may lie between."""
    found, _ = ctx.mentions(ctx.run.stdout)
    want = [ctx.rel(n) for n in c["want"]]
    first = list(dict.fromkeys(p for p, _ in found if p in want))
    expect(first == want, f"names come in the order {short(first)}")


def check_lines(ctx, c):
    got = lines_of(ctx.run.stdout)
    want = [clean_line(w) for w in c["want"]]
    if c.get("ignore"):
        got = [g for g in got if not re.fullmatch(c["ignore"], g)]
    variants = [got]
    if c.get("prefix_ok"):
        # file names and line numbers as grep and nl write them
        bare = [re.sub(r"^(?:[\w./-]+\.\w+[:-])?(?:\d+\s*[:.)-]?\s*)?", "", g) for g in got]
        variants.append(bare)
    if c.get("unquote"):
        variants.append([g.strip("\"' ,") for g in got])
        if got and got[0] == "[" and got[-1] == "]":
            variants.append([g.strip("\"' ,") for g in got[1:-1]])
        variants.append(re.sub(r"[\[\]\"',]", " ", " ".join(got)).split())
    if c.get("any_order"):
        variants, want = [sorted(v) for v in variants], sorted(want)
    if c.get("words"):
        variants.append(" ".join(got).replace(",", " ").split())
        if c.get("any_order"):
            variants[-1].sort()
    expect(want in variants, f"output lines are {short(got)}")


def check_number(ctx, c):
    text = ctx.run.stdout
    if c.get("last"):
        text = (lines_of(text) or [""])[-1]
    _, rest = ctx.mentions(text)
    numbers = re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w])", rest)
    expect(numbers, "output has no number")
    values = {float(n) for n in numbers}
    expect(values == {float(c["want"])}, f"numbers in the output: {short(numbers)}")


def check_size(ctx, c):
    """One line, a size near want bytes: in bytes, or KiB, or with a unit."""
    got = lines_of(ctx.run.stdout)
    expect(len(got) == 1, f"{len(got)} lines of output instead of one")
    _, rest = ctx.mentions(got[0])
    m = re.fullmatch(r"([\d.]+) ?([KMG]?)i?B?(?: total)?", rest.strip())
    expect(m, f"not a size: {short(got[0])}")
    value = float(m.group(1)) * {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}[m.group(2)]
    values = [value] if m.group(2) else [value, value * 1024]
    near = any(abs(v - c["want"]) <= c.get("tolerance", 0.1) * c["want"] for v in values)
    expect(near, f"size is {short(got[0])}")


def check_contains(ctx, c):
    text = ctx.run.stdout
    for w in c["want"]:
        expect(ctx.dynamic(w) in text, f"output lacks {short(w)}")


def check_lacks(ctx, c):
    for w in c["want"]:
        expect(w not in ctx.run.stdout, f"output contains {short(w)}")


def check_regex(ctx, c):
    flags = re.M | (re.I if c.get("icase") else 0)
    text = "\n".join(lines_of(ctx.run.stdout))
    want = ctx.dynamic(c["want"])
    if c.get("full", False):
        expect(re.fullmatch(want, text, flags), f"output is {short(text)}")
    else:
        expect(re.search(want, text, flags), f"output is {short(text)}")


def check_text(ctx, c):
    """The output is exactly this text (blanks at the end of lines aside)."""

    def norm(s):
        return "\n".join(line.rstrip() for line in s.strip("\n").splitlines())

    wants = c["want"] if isinstance(c["want"], list) else [c["want"]]
    wants = [norm(ctx.dynamic(w)) for w in wants]
    expect(norm(ctx.run.stdout) in wants, f"output is {short(ctx.run.stdout)}")


def check_silent(ctx, c):
    expect(not ctx.run.stdout.strip(), f"output is {short(ctx.run.stdout)}")


def check_date(ctx, c):
    text = clean_line(ctx.run.stdout)
    today = datetime.datetime.now(datetime.timezone.utc).date()
    for slack in (0, -1):  # the command may have run just before midnight
        d = today + datetime.timedelta(days=c.get("days", 0) + slack)
        month = rf"(?:{d:%B}|{d:%b})"
        forms = [
            rf"{d:%Y}[-/.]{d:%m}[-/.]{d:%d}", rf"{d:%d}[-/.]{d:%m}[-/.](?:{d:%Y}|{d:%y})",
            rf"{d:%m}[-/.]{d:%d}[-/.](?:{d:%Y}|{d:%y})", rf"{d:%Y%m%d}",
            rf"{month}\.? +0?{d.day}\b.*{d:%Y}", rf"\b0?{d.day}\.? +{month}\b.*{d:%Y}",
        ]
        if any(re.search(f, text) for f in forms):
            return
    raise Failed(f"output is {short(text)}")


def check_exit(ctx, c):
    expect(ctx.run.rc == c["want"], f"exit status {ctx.run.rc}")


def check_cwd(ctx, c):
    want = posixpath.normpath(posixpath.join(HOME, c["want"]))
    expect(ctx.run.cwd == want, f"shell ends in {ctx.run.cwd}")


def check_env(ctx, c):
    for k, v in c["want"].items():
        expect(ctx.run.env.get(k) == v, f"{k} is {ctx.run.env.get(k)!r} at the end")


def check_proc(ctx, c):
    for name, want in c["want"].items():
        expect(ctx.run.procs.get(name) == want, f"process {name} is {ctx.run.procs.get(name)}")


def check_any(ctx, c):
    reasons = []
    for option in c["of"]:
        try:
            for sub in option if isinstance(option, list) else [option]:
                run_check(ctx, sub)
            return
        except Failed as e:
            reasons.append(str(e))
    raise Failed(" | ".join(dict.fromkeys(reasons)))


def check_probe(ctx, c):
    """Runs a command of ours in a fresh sandbox on the resulting tree."""
    run = ctx.bench.run(None, c["command"], c.get("cwd", ctx.cwd), source=ctx.top)
    sub = Context(ctx.bench, ctx.task, run, ctx.top, ctx.after, ctx.before)
    try:
        for check in c["checks"]:
            run_check(sub, check)
    except Failed as e:
        raise Failed(f"after it `{c['command']}`: {e}")


def member_names(path, kind):
    try:
        if kind == "zip":
            with zipfile.ZipFile(path) as z:
                names = [i.filename for i in z.infolist() if not i.is_dir()]
        else:
            with tarfile.open(path, "r:gz" if kind == "tar.gz" else "r:") as t:
                names = [m.name for m in t.getmembers() if not m.isdir()]
    except (tarfile.TarError, zipfile.BadZipFile, OSError, EOFError) as e:
        raise Failed(f"not a good {kind} archive: {e}")
    return sorted(re.sub(r"^(?:/?home/user/|\./)", "", n) for n in names)


def check_spec(ctx, path, spec):
    kind, mode, digest = ctx.after[path]
    real = os.path.join(ctx.top, path)
    if "link_to" in spec:
        expect(kind == "link", f"{path} is not a symbolic link")
        target = digest
        if target.startswith(HOME + "/"):
            target = posixpath.relpath(target, HOME)
        else:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        expect(target == spec["link_to"], f"{path} points to {digest}")
        return
    want_kind = spec.get("kind", "file")
    expect(kind == want_kind, f"{path} is a {kind}, not a {want_kind}")
    if "mode" in spec:
        expect(mode == spec["mode"], f"{path} has mode {mode}")
    if spec.get("exec"):
        expect(int(mode, 8) & 0o100 and int(mode, 8) & 0o600 == 0o600, f"{path} has mode {mode}")
    if kind != "file":
        return
    with open(real, "rb") as f:
        content = f.read(OUTPUT_LIMIT * 16)
    if "content" in spec:
        got = content.decode("utf-8", "replace")
        expect(got == spec["content"], f"{path} contains {short(got)}")
    if "sub" in spec:
        old = self_text(ctx, path)
        for a, b in spec["sub"]:
            expect(a in old, f"check is broken: {a!r} not in {path}")
            old = old.replace(a, b)
        got = content.decode("utf-8", "replace")
        expect(got == old, f"{path} contains {short(got)}")
    if "same_as" in spec:
        expect(digest == ctx.before[spec["same_as"]][2], f"{path} differs from {spec['same_as']}")
    if "gzip_of" in spec:
        try:
            got = gzip.GzipFile(fileobj=io.BytesIO(content)).read(OUTPUT_LIMIT * 16)
        except (OSError, EOFError) as e:
            raise Failed(f"{path} is not a good gzip file: {e}")
        expect(hashlib.sha256(got).hexdigest() == ctx.before[spec["gzip_of"]][2],
               f"{path} does not hold {spec['gzip_of']}")
    if "sha256_of_text" in spec:
        want = hashlib.sha256(spec["sha256_of_text"].encode()).hexdigest()
        expect(digest == want, f"{path} has other content")
    for kind in ("zip", "tar.gz", "tar"):
        if kind in spec:
            got = member_names(real, kind)
            want = sorted(spec[kind])
            top = spec.get("top")
            ok = [want]
            if top:
                ok.append(sorted(w[len(top) + 1:] for w in want))
            expect(got in ok, f"{path} holds {short(got)}")


def self_text(ctx, path):
    with open(os.path.join(ctx.bench.base, "fixtures", ctx.task["fixture"], path), "rb") as f:
        return f.read().decode()


def under(tree, top):
    return [p for p in tree if p == top or p.startswith(top + "/")]


def check_tree(ctx, c):
    """The tree changed in this way and in no other."""
    before, after = ctx.before, ctx.after
    added = set(after) - set(before)
    removed = set(before) - set(after)
    changed = {p for p in set(before) & set(after) if before[p] != after[p]}
    add = dict(c.get("add", {}))
    remove = set()
    for p in c.get("remove", []):
        remove |= set(under(before, p))
    for word in ("copy", "move"):
        for dst, src in c.get(word, {}).items():
            for p in under(before, src):
                kind = before[p][0]
                spec = {"kind": kind} if kind != "file" else {"same_as": p}
                add[dst + p[len(src):]] = spec
                if word == "move":
                    remove.add(p)
    may_add = c.get("may_add", [])
    may_remove = set(c.get("may_remove", []))
    missing = sorted(set(add) - set(after))
    expect(not missing, f"did not make {short(missing)}")
    extra = sorted(p for p in added - set(add) if not any(fnmatch.fnmatch(p, g) for g in may_add))
    expect(not extra, f"also made {short(extra)}")
    kept = sorted(remove & set(after) - set(add))
    expect(not kept, f"did not remove {short(kept)}")
    lost = sorted(removed - remove - may_remove)
    expect(not lost, f"also removed {short(lost)}")
    change = c.get("change", {})
    other = sorted(changed - set(change) - set(add))
    expect(not other, f"also changed {short(other)}")
    for path, spec in list(add.items()) + list(change.items()):
        expect(path in after, f"{path} is gone")
        check_spec(ctx, path, spec)
    for path in change:
        expect(path in changed, f"did not change {path}")


GIT_STATE = "git symbolic-ref -q HEAD; git for-each-ref; git status --porcelain; git stash list"


def check_unchanged(ctx):
    check_tree(ctx, {})
    fixture, befores = ctx.task["fixture"], ctx.bench.git_befores
    for repo in (os.path.dirname(p) or "." for p in ctx.before if os.path.basename(p) == ".git"):
        if (fixture, repo) not in befores:
            befores[fixture, repo] = ctx.bench.run(fixture, GIT_STATE, repo).stdout
        now = ctx.bench.run(None, GIT_STATE, repo, source=ctx.top).stdout
        expect(now == befores[fixture, repo], "the repository changed")


CHECKS = {n[6:]: f for n, f in globals().items()
          if n.startswith("check_") and n not in ("check_spec", "check_unchanged")}


def run_check(ctx, c):
    CHECKS[c["type"]](ctx, c)


def mentions_tree(checks):
    return any(c["type"] == "tree" or (c["type"] == "any" and mentions_tree(
        [s for o in c["of"] for s in (o if isinstance(o, list) else [o])])) for c in checks)


def judge(bench, task, command):
    """Runs a command for a task; returns a dict with `pass` and the reason."""
    verdict = {}

    def inspect(top, run):
        verdict.update(rc=run.rc, stdout=run.stdout[:2000], stderr=run.stderr[:500])
        try:
            expect(not run.timed_out, "time limit")
            expect(not run.overflow, "too much output")
            before = bench.befores[task["fixture"]]
            ctx = Context(bench, task, run, top, snapshot(top), before)
            for c in task["checks"]:
                run_check(ctx, c)
            if not mentions_tree(task["checks"]):
                check_unchanged(ctx)
            verdict.update({"pass": True, "reason": ""})
        except Failed as e:
            verdict.update({"pass": False, "reason": str(e)})

    if not isinstance(command, str) or not command.strip():
        return {"pass": False, "reason": "no answer", "rc": None, "stdout": "", "stderr": ""}
    if "\0" in command or len(command.encode("utf-8", "replace")) > MAX_COMMAND:
        return {"pass": False, "reason": "not a command", "rc": None, "stdout": "", "stderr": ""}
    bench.run(task["fixture"], command, task.get("cwd", "."), task.get("spawn", ()), inspect=inspect)
    return verdict


# ---------------------------------------------------------------- figures


def wilson(k, n, z=1.959964):
    if n == 0:
        return 0.0, 1.0
    p = k / n
    mid = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, mid - half), min(1.0, mid + half)


def mcnemar(b, c):
    """Exact two-sided p for b and c discordant pairs."""
    n = b + c
    if n == 0:
        return 1.0
    tail = sum(math.comb(n, k) for k in range(min(b, c) + 1))
    return min(1.0, 2 * tail / 2**n)


def rate(label, results):
    n = len(results)
    k = sum(r["pass"] for r in results)
    low, high = wilson(k, n)
    return f"{label:<12} {k:>3}/{n:<3} {100 * k / max(n, 1):5.1f} %  [{100 * low:.1f}, {100 * high:.1f}]"


def load_jsonl(path):
    rows = []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as e:
                    die(f"{path}:{number}: {e}")
    return rows


def task_files():
    top = os.path.join(HERE, "tasks")
    return [os.path.join(top, n) for n in sorted(os.listdir(top)) if n.endswith(".jsonl")]


def load_tasks(split="all"):
    tasks = [t for path in task_files() for t in load_jsonl(path)]
    twice = [i for i, n in collections.Counter(t["id"] for t in tasks).items() if n > 1]
    if twice:
        die("tasks: an id occurs twice: " + ", ".join(twice))
    return [t for t in tasks if split in ("all", t["split"])]


def chosen_tasks(args):
    tasks = load_tasks(args.split)
    if args.only:
        tasks = [t for t in tasks if t["id"].startswith(tuple(args.only.split(",")))]
    return tasks


def tasks_digest():
    digest = hashlib.sha256()
    for path in task_files():
        with open(path, "rb") as f:
            digest.update(f.read())
    return digest.hexdigest()


def load_answers(path):
    answers = {}
    for row in load_jsonl(path):
        if row.get("id") in answers:
            die(f"{path}: id {row['id']} occurs twice")
        answers[row.get("id")] = row.get("command")
    return answers


def compare(mine, other_path):
    with open(other_path, encoding="utf-8") as f:
        data = json.load(f)
    if data.get("tasks_sha256") != tasks_digest():
        print(f"warning: {other_path} is of another version of the tasks", file=sys.stderr)
    other = {r["id"]: r for r in data["results"]}
    pairs = [(r, other[r["id"]]) for r in mine if r["id"] in other]
    only_mine = [a["id"] for a, b in pairs if a["pass"] and not b["pass"]]
    only_other = [a["id"] for a, b in pairs if b["pass"] and not a["pass"]]
    both = sum(a["pass"] and b["pass"] for a, b in pairs)
    print(f"\ncompared with {other_path} over {len(pairs)} tasks")
    print(f"  both pass {both}, neither {len(pairs) - both - len(only_mine) - len(only_other)}")
    print(f"  only this one {len(only_mine)}: {' '.join(only_mine)}")
    print(f"  only the other {len(only_other)}: {' '.join(only_other)}")
    print(f"  exact McNemar p = {mcnemar(len(only_mine), len(only_other)):.4f}")


def evaluate(bench, args):
    tasks = chosen_tasks(args)
    answers = load_answers(args.answers)
    unknown = set(answers) - {t["id"] for t in load_tasks()}
    if unknown:
        print(f"warning: {len(unknown)} answers for ids that do not exist", file=sys.stderr)
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        verdicts = list(pool.map(lambda t: judge(bench, t, answers.get(t["id"])), tasks))
    results = [
        {"id": t["id"], "topic": t["topic"], "split": t["split"], "command": answers.get(t["id"]), **v}
        for t, v in zip(tasks, verdicts)
    ]
    print("pass rate with 95 % Wilson interval")
    print(rate("all", results))
    for key in ("split", "topic"):
        groups = list(dict.fromkeys(r[key] for r in results))
        if len(groups) > 1:
            print()
            for g in groups:
                print(rate(g, [r for r in results if r[key] == g]))
    failures = [(t, r) for t, r in zip(tasks, results) if not r["pass"]]
    if failures:
        print("\nfailures")
        for t, r in failures:
            print(f"  {t['id']} {t['request']}")
            print(f"       $ {short(str(r['command']), 300)}")
            print(f"       {short(r['reason'], 300)}")
            if r["stderr"]:
                print(f"       stderr: {short(clean_line(r['stderr']), 200)}")
    if args.out:
        with open(args.out, "w", encoding="utf-8") as f:
            json.dump({"tasks_sha256": tasks_digest(), "split": args.split, "results": results}, f,
                      indent=1, ensure_ascii=False)
            f.write("\n")
    if args.compare:
        compare(results, args.compare)


def self_test(bench, args):
    tasks = chosen_tasks(args)
    probe = bench.run("docs", "id -u; pwd; ls -A /root /work /var 2>&1; touch /usr/x /etc/x 2>&1; "
                              "for t in git jq tar gzip bzip2 xz patch zip unzip find awk sed perl bc file ps pgrep pkill killall pidof hostname openssl shasum python3; do command -v $t >/dev/null || echo MISSING $t; done; "
                              "ls /home; cat /proc/net/dev | grep -v lo:; ls -d /proc/[0-9]* | wc -l")
    bad = []
    for word in (r"^65534$", r"^/home/user$"):
        if not re.search(word, probe.stdout, re.M):
            bad.append(f"sandbox: no {word} in {probe.stdout!r}")
    for word in ("MISSING", "eth0"):
        if word in probe.stdout:
            bad.append(f"sandbox: {word} in {probe.stdout!r}")
    if probe.stdout.count("Read-only file system") + probe.stdout.count("Permission denied") < 2:
        bad.append(f"sandbox: wrote outside: {probe.stdout!r}")
    jobs = []
    for t in tasks:
        jobs.append((t, t["reference"], True, "reference"))
        for command in t.get("accept", []):
            jobs.append((t, command, True, "accept"))
        for command in t.get("reject", []):
            jobs.append((t, command, False, "reject"))
        for command in () if args.quick else TRIVIAL:
            if command not in t.get("trivial_ok", []):
                jobs.append((t, command, False, "trivial"))
    def one(job):
        return judge(bench, job[0], job[1])
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        verdicts = list(pool.map(one, jobs))
    counts = collections.Counter(kind for _, _, _, kind in jobs)
    for (t, command, want, kind), v in zip(jobs, verdicts):
        if v["pass"] != want:
            what = "fails: " + v["reason"] if want else "passes but must not"
            bad.append(f"{t['id']} {kind} `{command}` {what}\n     stdout {short(v['stdout'], 300)!r} stderr {short(v['stderr'], 200)!r}")
    topics = collections.Counter((t["topic"], t["split"]) for t in tasks)
    for topic in dict.fromkeys(t["topic"] for t in tasks):
        print(f"{topic:<10} dev {topics[topic, 'dev']:>2}  test {topics[topic, 'test']:>2}")
    print(f"{len(tasks)} tasks; ran " + ", ".join(f"{n} {k}" for k, n in counts.items()))
    excused = {t["id"]: t["trivial_ok"] for t in tasks if t.get("trivial_ok")}
    print("trivial commands that are right answers: "
          + "; ".join(f"{i} {', '.join(cs)}" for i, cs in excused.items()))
    for b in bad:
        print("BAD " + b)
    print("self-test " + ("FAILED" if bad else "passed"))
    return 1 if bad else 0


def export(path, tasks, trees):
    """Writes the requests, and the trees that they are asked in where a place for them is given."""
    if trees:
        try:
            os.mkdir(trees)
        except OSError as e:
            die(f"cannot make the directory {trees} for --trees: {e.strerror}")
        sys.path.insert(0, HERE)
        import fixtures

        for name in sorted({t["fixture"] for t in tasks}):
            os.mkdir(os.path.join(trees, name))
            fixtures.build(name, os.path.join(trees, name))
    with open(path, "w", encoding="utf-8") as f:
        for t in tasks:
            row = {"id": t["id"], "request": t["request"]}
            if trees:
                row["cwd"] = os.path.normpath(os.path.join(os.path.abspath(trees), t["fixture"], t.get("cwd", ".")))
            f.write(json.dumps(row, ensure_ascii=False) + "\n")


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--answers", metavar="FILE", help="JSON lines {id, command}")
    p.add_argument("--split", choices=("dev", "test", "all"), default="all")
    p.add_argument("--out", metavar="FILE", help="write the results as JSON")
    p.add_argument("--compare", metavar="FILE", help="results of another run, for a paired comparison")
    p.add_argument("--export-requests", metavar="FILE", help="write {id, request} lines and stop")
    p.add_argument("--trees", metavar="DIR", help="with --export-requests: build the fixtures below DIR, which must not exist,"
                   " and tell each request its cwd")
    p.add_argument("--self-test", action="store_true")
    p.add_argument("--only", metavar="IDS", help="only tasks whose id begins with one of these, comma separated")
    p.add_argument("--quick", action="store_true", help="with --self-test: leave out the trivial commands")
    p.add_argument("--jobs", type=int, default=2)
    args = p.parse_args()
    if args.trees and not args.export_requests:
        p.error("--trees goes with --export-requests")
    if args.export_requests:
        export(args.export_requests, load_tasks(args.split), args.trees)
        return 0
    if not args.answers and not args.self_test:
        p.error("give --answers, --self-test or --export-requests")
    if os.geteuid() != 0:
        die("needs root to set up the sandboxes (commands run as nobody inside them)")
    if os.environ.get(INSIDE) != str(os.getppid()):
        # Once more in a mount namespace of our own: the scratch area vanishes with it.
        base = tempfile.mkdtemp(prefix="cmdai-eval-")
        try:
            env = dict(os.environ, **{INSIDE: str(os.getpid()), "CMDAI_EVAL_BASE": base})
            argv = ["unshare", "--mount", "--propagation", "private", "--", sys.executable,
                    os.path.abspath(__file__), *sys.argv[1:]]
            child = subprocess.Popen(argv, env=env)
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return child.wait()
        finally:
            os.rmdir(base)
    sys.stdout.reconfigure(errors="backslashreplace")
    # the self-test's first command needs docs
    bench = Bench(os.environ["CMDAI_EVAL_BASE"], {"docs"} | {t["fixture"] for t in chosen_tasks(args)})
    return self_test(bench, args) if args.self_test else evaluate(bench, args)


if __name__ == "__main__":
    sys.exit(main())
