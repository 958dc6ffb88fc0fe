use crate::compose::check_family;

#[track_caller]
fn check(request: &str, expect: &str) {
    check_family("find", request, expect);
}

#[test]
fn kinds_of_files_in_a_named_place() {
    check("list the pdfs in Downloads", "find Downloads -type f -name '*.pdf'");
    check("find the mp3s in Music/Nina", "find Music/Nina -type f -name '*.mp3'");
    check("the pdfs of my trips (Trips) older than 60 days", "find Trips -type f -name '*.pdf' -mtime +60");
    check("find pdfs over 1 MB (recursively)", "find . -type f -name '*.pdf' -size +1M");
}

#[test]
fn conditions_are_put_together() {
    check(
        "find log files over 10 MB owned by bob changed in the last week, at most two levels deep",
        "find . -maxdepth 2 -type f -name '*.log' -size +10M -user bob -mtime -7",
    );
    check(
        "delete empty .tmp files in /srv/data older than 3 days",
        "find /srv/data -type f -name '*.tmp' -empty -mtime +3 -delete",
    );
    check(
        "how many .c or .h files are in src",
        "find src -type f \\( -name '*.c' -o -name '*.h' \\) | wc -l",
    );
    check(
        "files in /var/log that were not modified for 2 hours and are larger than 1.5 GB",
        "find /var/log -type f -mmin +120 -size +1536M",
    );
    check(
        "copy all pdf files bigger than 1 MB from ~/Downloads to ~/papers/",
        "find ~/Downloads -type f -name '*.pdf' -size +1M -exec cp -t ~/papers {} +",
    );
    check(
        "directories under /opt named cache older than a month",
        "find /opt -type d -name 'cache' -mtime +30",
    );
    check(
        "files with 'draft' in their name changed today",
        "find . -type f -name '*draft*' -daystart -mtime 0",
    );
    check(
        "find files between 10 and 20 MB in /var modified between 2 and 3 weeks ago",
        "find /var -type f -size +10M -size -20M -mtime +14 -mtime -21",
    );
}

#[test]
fn what_is_shown_of_them() {
    check(
        "every file under src/ ending in .c or .h that contains the word TODO, just the names, sorted",
        "find src -type f \\( -name '*.c' -o -name '*.h' \\) -exec grep -q TODO {} \\; -printf '%f\\n' | sort",
    );
    check(
        "list directories exactly two levels below /home, sorted by name",
        "find /home -mindepth 2 -maxdepth 2 -type d | sort",
    );
    check(
        "list all the .DS_Store files under ~/Projects and delete them",
        "find ~/Projects -type f -name '.DS_Store' -print -delete",
    );
    check(
        "files under /srv/data not owned by www-data and writable by others, print owner, mode and path",
        "find /srv/data -type f ! -user www-data -perm -o+w -printf '%u %m %p\\n'",
    );
    check(
        "files over 5 MB in docs with size and date",
        "find docs -type f -size +5M -printf '%s %TY-%Tm-%Td %p\\n'",
    );
    check(
        "txt files directly in ~/Desktop, hidden ones not included",
        "find ~/Desktop -maxdepth 1 -type f -name '*.txt' ! -name '.*'",
    );
    check(
        "zip all files in reports that are larger than 1 MB into a.zip, without storing folder names",
        "find reports -type f -size +1M -exec zip a.zip {} +",
    );
}

#[test]
fn what_is_left_out_is_left_out() {
    check("delete everything in dumps older than a week", "find dumps -mindepth 1 -mtime +7 -delete");
    check("remove everything in stuff except the csv files", "find stuff -type f ! -name '*.csv' -delete");
    check(
        "delete files in ~/in older than 60 days, but keep iso and zip files",
        "find ~/in -type f -mtime +60 ! -name '*.iso' ! -name '*.zip' -delete",
    );
    check(
        "list all js files excluding node_modules and dist",
        "find . -type f -name '*.js' ! -path '*/node_modules/*' ! -path '*/dist/*'",
    );
    check(
        "txt files in docs but not in the drafts folder",
        "find docs -type f -name '*.txt' ! -path '*/drafts/*'",
    );
    check(
        "files under /srv/www changed in the last 30 minutes, leave out everything in /srv/www/cache",
        "find /srv/www -type f -mmin -30 ! -path '/srv/www/cache/*'",
    );
    check(
        "find all py files under src larger than 1 MB but dont touch anything in src/vendor",
        "find src -type f -name '*.py' -size +1M ! -path 'src/vendor/*'",
    );
    check(
        "delete *.swp files in docs, but keep out of .git",
        "find docs -type f -name '*.swp' ! -path '*/.git/*' -delete",
    );
    check("big files over 1 GB in /srv, hidden ones too", "find /srv -type f -size +1G");
    check("world writable files in /var/www, without symlinks", "find /var/www -type f -perm -o+w");
    check(
        "files in /srv/share not owned by any existing user or group",
        "find /srv/share -type f \\( -nouser -o -nogroup \\)",
    );
    check("files in /tmp not owned by root", "find /tmp -type f ! -user root");
    check("log files in /var/log, not in subdirectories", "find /var/log -maxdepth 1 -type f -name '*.log'");
}

#[test]
fn something_is_done_with_them() {
    check(
        "calculate the md5sum of every .iso file in /srv",
        "find /srv -type f -name '*.iso' -exec md5sum {} +",
    );
    check(
        "how many lines are in all .java files in src together",
        "find src -type f -name '*.java' -exec cat {} + | wc -l",
    );
    check(
        "replace 'a/b' with 'c&d' in all .txt files in docs",
        r"find docs -type f -name '*.txt' -exec sed -i 's/a\/b/c\&d/g' {} +",
    );
    check(
        "search for \"TODO\" in all .py files under src",
        "find src -type f -name '*.py' -exec grep -H TODO {} +",
    );
    check(
        "archive all .conf files in /etc into c.tar.gz",
        "find /etc -type f -name '*.conf' -print0 | tar -czf c.tar.gz --null -T -",
    );
    check(
        "move the mp4s in phone to a new subfolder phone/videos",
        "mkdir -p phone/videos && find phone -type f -name '*.mp4' -exec mv -t phone/videos {} +",
    );
    check(
        "how many files are in each of the folders in src",
        "find src -type f -printf '%h\\n' | sort | uniq -c",
    );
    check(
        "set the permissions of all php files in www to 644",
        "find www -type f -name '*.php' -exec chmod 644 {} +",
    );
    check(
        "find all files named core or core.dump in /var and remove them",
        r"find /var -type f \( -name 'core' -o -name 'core.dump' \) -delete",
    );
    check(
        "copy the flac files from Music to a folder called lossless, keeping their folder structure",
        "find Music -type f -name '*.flac' -exec cp --parents -t lossless {} +",
    );
}

#[test]
fn other_requests_are_left_alone() {
    for request in ["list files", "how big is notes.txt", "kill firefox", "", "files", "count lines in a.txt"]
    {
        check(request, "none");
    }
}
