"""Fixtures of everyday files: documents, downloads, photos, music, backups."""

import bz2
import gzip
import hashlib
import io
import lzma
import os
import tarfile
import zipfile

from fixtures import DAY, HOUR, KB, MB, noise


def household(t):
    t.blob("Documents/cv.docx", 12 * KB, age=45 * DAY)
    t.blob("Documents/cv_old.docx", 11 * KB, age=400 * DAY)
    t.blob("Documents/cover letter.docx", 9 * KB, age=44 * DAY)
    t.blob("Documents/lease.pdf", 300 * KB, age=700 * DAY)
    t.blob("Documents/passport scan.pdf", 800 * KB, age=500 * DAY)
    t.blob("Documents/Prüfung.pdf", 20 * KB, age=8 * DAY)
    t.file("Documents/empty note.txt", age=60 * DAY)
    t.file("Documents/.draft.txt", "do not lose\n", age=100 * DAY)
    t.file("Documents/recipes/lasagne.txt", "Lasagne\n\n250 g pasta\n50 g Butter\n500 ml milk\n", age=80 * DAY)
    t.file("Documents/recipes/pancakes.txt", "Pancakes\n\n2 eggs\n200 ml milk\n150 g flour\n", age=81 * DAY)
    t.file("Documents/recipes/apple pie.txt", "Apple pie\n\n5 apples\n120 g butter\n200 g flour\n", age=82 * DAY)
    t.blob("Documents/taxes/tax-2021.pdf", 120 * KB, age=900 * DAY)
    t.blob("Documents/taxes/tax-2022.pdf", 90 * KB, age=540 * DAY)
    t.blob("Documents/taxes/tax-2023.pdf", 450 * KB, age=170 * DAY)
    for i in range(1, 6):
        t.blob(f"Documents/taxes/receipts/receipt-0{i}.png", (20 + i) * KB, age=(170 + i) * DAY)
    t.blob("Downloads/setup.exe", 2 * MB, age=95 * DAY)
    t.blob("Downloads/ubuntu.iso", 6 * MB, age=200 * DAY)
    t.file("Downloads/invoice.pdf", "%PDF invoice 17\n", age=20 * DAY)
    t.file("Downloads/invoice (1).pdf", "%PDF invoice 17\n", age=19 * DAY)
    t.file("Downloads/invoice (2).pdf", "%PDF invoice 18\n", age=3 * DAY)
    t.blob("Downloads/menu café.pdf", 15 * KB, age=5 * DAY)
    t.blob("Downloads/movie.mp4.part", 3 * MB, age=DAY)
    t.blob("Downloads/paper.pdf.crdownload", 100 * KB, age=6 * HOUR)
    t.blob("Downloads/song.mp3", 400 * KB, age=65 * DAY)
    t.blob("Downloads/wallpaper.JPG", 700 * KB, age=12 * DAY)
    t.blob("Downloads/cat.jpeg", 90 * KB, age=3 * HOUR)
    t.blob("Downloads/holiday.jpg", 1536 * KB, age=33 * DAY)
    t.blob("Downloads/.DS_Store", 6 * KB, age=9 * DAY)
    t.file("Desktop/todo.txt", "water plants\ncall the dentist\n", age=7 * DAY)
    t.link("Desktop/shortcut", "../Documents/cv.docx")
    t.link("Desktop/broken", "../Documents/gone.docx")
    t.blob("Desktop/.DS_Store", 6 * KB, age=9 * DAY)
    t.blob("Pictures/panorama.jpg", 2 * MB, age=300 * DAY)
    t.blob("Pictures/.DS_Store", 6 * KB, age=9 * DAY)
    t.file("Trash/old.txt", "old\n", age=50 * DAY)
    t.file("Trash/.secret", "hidden\n", age=50 * DAY)
    t.file("Trash/stuff/junk.txt", "junk\n", age=50 * DAY)
    t.file(".bashrc", "alias ll='ls -l'\n", age=600 * DAY)
    t.file(".profile", "umask 022\n", age=600 * DAY)


def camera(t):
    for i in range(1, 7):
        t.blob(f"DCIM/IMG_000{i}.JPG", (50 + i) * KB, age=(30 + i) * DAY)
    for i in (3, 4, 7):
        t.blob(f"DCIM/IMG_000{i}.CR2", (200 + i) * KB, age=(30 + i) * DAY)
    t.blob("DCIM/MVI_0008.MOV", 2 * MB, age=29 * DAY)
    t.blob("DCIM/Thumbs.db", 5 * KB, age=20 * DAY)
    t.blob("trips/rome/rome1.jpg", 40 * KB, age=300 * DAY)
    t.blob("trips/rome/rome2.jpg", 41 * KB, age=299 * DAY)
    t.blob("trips/rome/colosseum at night.jpg", 42 * KB, age=298 * DAY)
    t.file("trips/oslo/oslo1.jpg", noise("oslo", 30 * KB), age=200 * DAY)
    t.file("trips/oslo/copy of oslo1.jpg", noise("oslo", 30 * KB), age=150 * DAY)
    t.blob("trips/oslo/fjord.png", 60 * KB, age=199 * DAY)
    t.blob("trips/oslo/Thumbs.db", 5 * KB, age=20 * DAY)
    for i in range(1, 11):
        t.blob(f"scans/page{i}.tif", 8 * KB, age=(60 - i) * DAY)
    for name in ("IMG_20230714_101500.jpg", "IMG_20230714_184210.jpg", "IMG_20230802_090000.jpg",
                 "IMG_20240101_000102.jpg", "VID_20230714_102030.mp4", "VID_20240101_000500.mp4",
                 "Screenshot_20230803-101010.png"):
        t.blob("phone/" + name, 25 * KB, age=15 * DAY)
    t.blob("edited/sunset_final.jpg", 70 * KB, age=10 * DAY)
    t.blob("edited/sunset_final_v2.jpg", 71 * KB, age=9 * DAY)
    t.dir("albums", age=DAY)


def tunes(t):
    for name in ("01 - Dawn", "02 - Rain", "03 - Home"):
        t.blob(f"Music/Nina/First Light/{name}.mp3", 40 * KB, age=400 * DAY)
    t.blob("Music/Nina/First Light/cover.jpg", 9 * KB, age=400 * DAY)
    for name in ("01 - Alone", "02 - River"):
        t.blob(f"Music/Nina/Second/{name}.flac", 200 * KB, age=300 * DAY)
    t.blob("Music/Nina/Second/folder.jpg", 8 * KB, age=300 * DAY)
    t.blob("Music/The Pines/Live/01 intro.mp3", 30 * KB, age=100 * DAY)
    t.blob("Music/The Pines/Live/02 a song about the sea.mp3", 50 * KB, age=100 * DAY)
    t.file("Music/The Pines/Live/notes.txt", "recorded in Leeds\n", age=99 * DAY)
    t.blob("Music/singles/summer.MP3", 60 * KB, age=50 * DAY)
    t.blob("Music/singles/winter.ogg", 45 * KB, age=20 * DAY)
    t.blob("Music/singles/autumn.wav", 3 * MB, age=5 * DAY)
    for i in (1, 2, 10, 11):
        t.blob(f"Music/podcasts/ep{i}.mp3", (20 + i) * KB, age=(30 - i) * DAY)
    t.file(
        "Music/playlist.m3u",
        "#EXTM3U\nNina/First Light/01 - Dawn.mp3\nsingles/winter.ogg\nsingles/spring.ogg\n"
        "Nina/Second/02 - River.flac\npodcasts/ep3.mp3\n",
        age=3 * DAY,
    )
    t.dir("Music/incoming", age=DAY)
    t.file("ratings.csv", "title,artist,stars\nDawn,Nina,4\nRain,Nina,5\nintro,The Pines,2\nwinter,Ola,5\n", age=DAY)


def twins(t):
    t.file("Work/same.txt", "nothing new\n", age=40 * DAY)
    t.file("Work/plan.txt", "plan\nstep one\nstep two\nstep three\n", age=2 * DAY)
    t.file("Work/notes.txt", "notes, first try\n", age=30 * DAY)
    t.file("Work/draft.txt", "draft\n", age=DAY)
    t.file("Work/sub/deep.txt", "deep\n", age=40 * DAY)
    t.file("Work/sub/fresh.txt", "fresh\n", age=3 * HOUR)
    t.file("Backup/same.txt", "nothing new\n", age=40 * DAY)
    t.file("Backup/plan.txt", "plan\nstep one\nstep two\n", age=20 * DAY)
    t.file("Backup/notes.txt", "notes, second try\n", age=10 * DAY)
    t.file("Backup/sub/deep.txt", "deep\n", age=40 * DAY)
    t.file("Backup/sub/gone.txt", "gone\n", age=50 * DAY)
    t.file("v1.txt", "Bread\n\n500 g flour\n10 g salt\n1 packet yeast\nbake for 40 minutes\n", age=9 * DAY)
    t.file("v2.txt", "Bread\n\n500 g flour\n12 g salt\n1 packet yeast\nbake for 45 minutes\ncool down\n", age=8 * DAY)
    original = noise("original", 2000)
    t.file("original.bin", original, age=9 * DAY)
    t.file("copy.bin", original, age=8 * DAY)
    t.file("damaged.bin", original[:500] + b"!" + original[501:], age=7 * DAY)
    t.file("pics/one.jpg", noise("one", 3000), age=9 * DAY)
    t.file("pics/two.jpg", noise("two", 3000), age=9 * DAY)
    t.file("pics/three.jpg", noise("three", 3000), age=9 * DAY)
    t.file("pics/copies/uno.jpg", noise("one", 3000), age=8 * DAY)
    t.file("pics/two (1).jpg", noise("two", 3000), age=8 * DAY)
    t.file("lost.jpg", noise("three", 3000), age=DAY)
    t.file("guests_2023.txt", "Paul\nanna\nMia\nTom\nZoe\nBen\n", age=400 * DAY)
    t.file("guests_2024.txt", "Zoe\nLea\nPaul\nJan\nMia\n", age=40 * DAY)
    t.file("vips.txt", "Anna\nZOE\nOtto\n", age=40 * DAY)
    sums = []
    for name, good in (("movie.mkv", True), ("film.mkv", False), ("trailer.mkv", True)):
        content = noise(name, 5000)
        sums.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        t.file("videos/" + name, content if good else content[:-1] + b"?", age=5 * DAY)
    t.file("videos/SHA256SUMS", "".join(sums), age=5 * DAY)
    t.file("umlauts.txt", "Grüße aus Köln\nschöne Tage\n".encode("latin-1"), age=5 * DAY)
    t.file("secret.b64", "bWVldCBhdCBub29uCg==\n", age=5 * DAY)


def shared(t):
    t.file("public/index.html", "<h1>hi</h1>\n")
    t.file("public/upload.sh", "#!/bin/sh\n", mode=0o777)
    t.file("public/style.css", "h1 { color: red }\n", mode=0o664)
    t.blob("public/img/logo.png", KB, mode=0o600)
    t.file("private/keys/id_rsa", "KEY\n")
    t.file("private/keys/id_rsa.pub", "PUB\n")
    t.file("private/diary.txt", "Dear diary\n", mode=0o600)
    t.file("bin/backup.sh", "#!/bin/sh\n", mode=0o755)
    t.file("bin/sync.sh", "#!/bin/sh\n")
    t.file("bin/old.sh", "#!/bin/sh\n")
    t.file("bin/tool.py", "print(1)\n", mode=0o755)
    t.file("bin/README", "tools\n", mode=0o755)
    t.file("bin/list.txt", "backup\nsync\n")
    t.file("team/plan.txt", "plan\n", mode=0o664)
    t.file("team/budget.xls", "budget\n", mode=0o640)
    t.file("team/minutes.txt", "minutes\n")
    t.file("team/mine.txt", "mine\n")
    t.dir("team/dropbox")
    t.file("root.cfg", "top secret\n", mode=0o600)
    t.file("special/ping", "elf\n", mode=0o4755)
    t.file("special/wall", "elf\n", mode=0o2755)
    t.file("readonly.txt", "look, don't touch\n", mode=0o444)
    t.file("noaccess.txt", "nobody reads this\n", mode=0o000)
    os.chmod(t.path("public/img"), 0o700)
    os.chmod(t.path("team/dropbox"), 0o1777)
    t.owner("team/plan.txt", 1001, 50)
    t.owner("team/minutes.txt", 1001, 1001)
    t.owner("team/budget.xls", 1002, 50)
    t.owner("root.cfg", 0, 0)


def tar_bytes(members):
    buf = io.BytesIO()
    with tarfile.open(fileobj=buf, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mtime = 1714550400
            tar.addfile(info, io.BytesIO(content))
    return buf.getvalue()


def zip_bytes(members):
    buf = io.BytesIO()
    with zipfile.ZipFile(buf, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in members:
            info = zipfile.ZipInfo(name, (2024, 5, 1, 8, 0, 0))
            info.external_attr = 0o644 << 16
            z.writestr(info, content)
    return buf.getvalue()


OLD_ACCESS = (
    "GET / 200\nGET /a 404\nGET /b 200\nGET /c 404\n",
    "GET /x 404\nGET /y 500\nGET / 200\nGET /z 404\nGET /404.html 200\n",
)


def packed(t):
    t.file("backup.tar", tar_bytes([("docs/a.txt", b"alpha\n"), ("docs/b.txt", b"beta\n"), ("pics/c.jpg", noise("c", 500))]))
    t.file("site.tar.gz", gzip.compress(tar_bytes([
        ("site/index.html", b"<p>hello</p>\n"), ("site/css/main.css", b"p { margin: 0 }\n"),
        ("site/img/logo.png", noise("logo", 400))]), mtime=0))
    t.file("logs.tar.bz2", bz2.compress(tar_bytes([("monday.log", b"ok\n"), ("tuesday.log", b"failed\n")])))
    t.file("data.csv.xz", lzma.compress(b"id,value\n1,10\n2,20\n3,30\n"))
    t.file("old.zip", zip_bytes([("todo.txt", b"buy milk\n"), ("letters/mum.txt", b"Dear mum\n")]))
    good = zip_bytes([("p.txt", b"page\n" * 300), ("q.bin", noise("q", 3000))])
    t.file("pages.zip", good)
    t.file("damaged.zip", good[: len(good) // 2])
    for i, text in enumerate(OLD_ACCESS, 1):
        t.file(f"access.log.{i}.gz", gzip.compress(text.encode(), mtime=0))
    big = "".join(f"{i:06d} of the long file\n" for i in range(3000))
    for n, start in enumerate(range(0, len(big), 30000)):
        t.file(f"parts/big.part.{'abc'[n]}", big[start:start + 30000])
    t.blob("disk.img", 250 * KB)
    for name in ("bank", "landlord", "aunt mary"):
        t.file(f"letters/{name}.txt", f"To {name}\n")
    t.file("thesis/chapter1.tex", "\\section{One}\n")
    t.file("thesis/chapter2.tex", "\\section{Two}\n")
    t.file("thesis/thesis.aux", "aux\n")
    t.file("thesis/thesis.log", "log\n")
    t.blob("thesis/figures/plot.png", 2 * KB)
    t.file("thesis/figures/plot.log", "plotted\n")


def space(t):
    t.blob("projects/alpha/data.bin", 3 * MB, age=250 * DAY)
    t.blob("projects/alpha/build/out.o", 1536 * KB, age=5 * DAY)
    t.blob("projects/beta/video.mp4", 5 * MB, age=20 * DAY)
    t.file("projects/gamma/tiny.txt", "tiny\n", age=20 * DAY)
    t.blob(".thumbs/blob1", 2560 * KB, age=200 * DAY)
    t.blob(".thumbs/blob2", 1200 * KB, age=2 * DAY)
    t.blob("logs/app.log", 900 * KB, age=DAY)
    t.blob("logs/app.log.1", 700 * KB, age=8 * DAY)
    t.blob("logs/old/app.log.2.gz", 300 * KB, age=15 * DAY)
    t.blob("mail/inbox.mbox", 2 * MB, age=DAY)
    t.blob("mail/sent.mbox", 500 * KB, age=2 * DAY)
    t.blob("mail/inbox.idx", 300 * KB, age=DAY)
    t.blob("mail/sent.idx", 40 * KB, age=2 * DAY)
    t.blob("tmp/a.tmp", 100 * KB, age=3 * DAY)
    t.blob("tmp/b.tmp", 20 * KB, age=4 * DAY)
    t.blob("tmp/c d.tmp", 64 * KB, age=5 * DAY)
    t.blob("ten.bin", 10 * KB, age=6 * DAY)
    t.blob("about ten.bin", 10 * KB - 200, age=6 * DAY)
    for name, days in (("db-01", 4), ("db-02", 12), ("db-03", 1), ("db-04", 30), ("db-05", 7), ("db-06", 21)):
        t.file(f"dumps/{name}.sql", f"-- {name}\n", age=days * DAY)


def desk(t):
    t.file("journal/2024-01-03.md", "Rain all day. I like the rain.\nNo colour in the sky.\n", age=300 * DAY)
    t.file("journal/2024-01-09.md", "Snow, then sun.\n", age=290 * DAY)
    t.file("journal/2024-02-14.md", "Went to the sea.\nA train to the coast, no rain.\nThe colour of the colour chart.\n", age=250 * DAY)
    t.file("journal/2024-03-01.md", "Spring. Painted the wall.\n", age=230 * DAY)
    t.file("shopping.txt", "milk\nwholemeal bread\neggs\norganic strawberry jam\ntea\n", age=2 * DAY)
    t.file("packing list.txt", "socks\npassport\ncharger\nbook\nsun cream\ntowel\n", age=2 * DAY)
    t.file(
        "letter.txt",
        "Hello,\nplease write to anna.k@example.com or to bob@mail.example.org.\n"
        "If it is urgent call 030-1234567, at night 0171-7654321.\n"
        "Order 4711-12 is on its way.\nRegards, anna.k@example.com\n",
        age=5 * DAY,
    )
    t.file(
        "expenses.csv",
        "date,category,amount\n2024-01-05,food,45\n2024-01-20,travel,120\n2024-02-03,food,60\n"
        "2024-02-11,rent,900\n2024-03-03,food,38\n2024-03-15,travel,75\n2024-03-30,fun,20\n",
        age=3 * DAY,
    )
    t.file("contacts.csv", "first,last,phone\nMia,Vogel,111\nTom,Adams,222\nLea,Zander,333\nJan,Bauer,444\n", age=3 * DAY)
    t.file("draft.md", "# Draft  \n\nfirst line \nsecond line\t\nthird line\n", age=3 * DAY)


BUILDERS = {f.__name__: f for f in (household, camera, tunes, twins, shared, packed, space, desk)}
