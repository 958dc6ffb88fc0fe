use super::*;
use crate::generate::entities;

fn tree() -> Tree {
    let mut tree = Tree::default();
    for folder in [
        "logs",
        "notes",
        "Photos",
        "Work",
        "tags",
        "config",
        "exports",
        "data",
        "data/Web Gallery",
        "data/run02",
    ] {
        tree.insert(folder, EntryKind::Folder);
        tree.set_whole(folder);
    }
    for file in [
        "people.csv",
        "README.md",
        "SHA256SUMS",
        "a.txt",
        "b.txt",
        "my trip.pdf",
        "data/orders.json",
        "run",
        "logs/import.log",
        "exports/all.zip",
        "data/x_OLD.css",
        "Photos/1.NEF",
        "phone list.ods",
        "ideas.txt",
        "data/scan0002.pdf",
        "notes/ideas for later.txt",
        "logs/notes import.log",
    ] {
        tree.insert(file, EntryKind::File);
    }
    tree.set_whole("");
    tree
}

#[test]
fn tables_are_sorted() {
    for table in [
        PREPOSITIONS,
        DEEDS,
        THINGS,
        NOT_BEFORE,
        DEFINITE,
        NEW,
        LOOKS_FOR,
        EVERYWHERE,
        CALLED,
        NO_TARGETS,
        NEVER,
    ] {
        assert!(table.is_sorted_by(|a, b| a < b), "{table:?}");
    }
}

#[test]
fn what_is_there_is_named() {
    for (request, expect) in [
        ("delete the oldest log in logs", Some("delete the oldest log in logs/")),
        ("how big is the notes folder?", Some("how big is the notes/ folder?")),
        ("files changed below work since monday", Some("files changed below Work/ since monday")),
        ("zip photos", None),
        ("zip Photos", Some("zip Photos/")),
        ("pack up the folder photo", Some("pack up the folder Photos/")),
        ("sort the csv by its second column", Some("sort people.csv by its second column")),
        ("show the csv file.", Some("show people.csv.")),
        ("show me the readme", Some("show me README.md")),
        ("how many pages has the pdf", Some("how many pages has 'my trip.pdf'")),
        ("check SHA256SUMS", Some("check ./SHA256SUMS")),
        ("count the objects of orders.json", Some("count the objects of data/orders.json")),
        ("compare notes/A.txt and Notes/a.txt", None),
        ("errors in the import log", Some("errors in logs/import.log")),
        ("what is in the zip in exports?", Some("what is in exports/all.zip?")),
        ("sizes in web gallery", Some("sizes in 'data/Web Gallery'")),
        ("is my trip.pdf large", Some("is 'my trip.pdf' large")),
        ("lines of x_old.css", Some("lines of data/x_OLD.css")),
        ("sort the import by date", None),
        ("delete the import.log files everywhere", None),
        ("txt files but not the ones called orders.json", None),
        ("is b.txt the same as orders.json", Some("is b.txt the same as data/orders.json")),
        ("rename x_old.css in data to y.css", Some("rename data/x_OLD.css to y.css")),
        ("copy all from notes and data to x", Some("copy all from notes/ and data/ to x")),
        ("pack the gallery folder", None),
        ("pack the web_gallery folder", Some("pack the 'data/Web Gallery' folder")),
        ("sum the notes per month", None),
        (
            "the names in x_OLD.css are relative to the data folder",
            Some("the names in x_OLD.css are relative to the data/ folder"),
        ),
        ("follow the notes import log", Some("follow 'logs/notes import.log'")),
        ("copy notes to backup", Some("copy notes/ to backup/")),
        ("move notes to trash", Some("move notes/ to trash")),
        ("how big is tags", Some("how big is tags/")),
        ("list the exports", Some("list the exports/")),
        ("list tags", None),
        ("sort the phone list by name", Some("sort 'phone list.ods' by name")),
        ("add milk to my ideas", Some("add milk to ideas.txt")),
        ("give me ideas for a name", None),
        ("open scan0002", Some("open data/scan0002.pdf")),
        ("what does run02 hold", Some("what does data/run02/ hold")),
        ("the sorted ideas", None),
        ("add it to my notes", Some("add it to my notes/")),
        ("save it as scan0002", None),
        ("how many NEFs are in work", Some("how many .NEF files are in Work/")),
        ("where is orders.json", None),
        ("save it as orders.json", None),
        ("add it to orders.json", Some("add it to data/orders.json")),
        ("delete tags that are gone", None),
        ("show the txt", None),
        ("list all csv files", None),
        ("look for it in config files", None),
        ("find 'in logs' everywhere", None),
        ("sort the csv output of ps", None),
        ("the csv to new.csv", None),
        ("list in reverse order", None),
    ] {
        let found = grounded(request, &tree());
        assert_eq!(found.as_ref().map(|found| found.words.as_str()), expect, "{request}");
    }
}

#[test]
fn a_word_that_is_no_folder_here_names_none() {
    let request = "count the files per folder in notes/, the fullest folder first, and copy it to backup";
    let named = entities::named(request);
    for (word, expect) in [("fullest", true), ("backup", false), ("logs", false)] {
        assert_eq!(is_none(word, &named, request, &tree()), expect, "{word}");
    }
    assert!(!is_none("fullest", &entities::named("the fullest folder"), "the fullest folder", &tree()));
}

#[test]
fn names_that_would_do_harm_are_quoted_or_left() {
    let mut tree = tree();
    for file in ["-rf.txt", "a & rm b.txt", "it's new.txt", "x$(id) y.txt", "bell\u{7} z.txt"] {
        tree.insert(file, EntryKind::File);
    }
    for (request, expect) in [
        ("show the rf.txt", Some("show ./-rf.txt")),
        ("show a & rm b.txt", Some("show 'a & rm b.txt'")),
        ("show it's new.txt", None),
        ("show x$(id) y.txt", None),
        ("show bell\u{7} z.txt", None),
    ] {
        let found = grounded(request, &tree);
        assert_eq!(found.map(|found| found.words).as_deref(), expect, "{request}");
    }
}

#[test]
fn commands_are_spelled_as_asked() {
    let check = |request: &str, command: &str, expect: Option<&str>| {
        let found = grounded(request, &tree()).unwrap();
        assert_eq!(found.given_back(command).as_deref(), expect, "{command}");
    };
    check("move notes to Work", "mv notes/ Work", Some("mv notes Work"));
    check("move all in notes to work", "mv notes/* Work/", Some("mv notes/* Work"));
    check("files in work", "find Work/ -path 'Work/old' -prune", None);
    check("check SHA256SUMS", "sha256sum -c ./SHA256SUMS", Some("sha256sum -c SHA256SUMS"));
    check("run the script run", "./run", None);
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(request in "(in |the |csv|logs|\\.\\. |\\PC|'|\"|É|, |of |file |\\./|/){0,16}") {
        if let Some(found) = grounded(&request, &tree()) {
            found.given_back(&request);
        }
    }
}

#[test]
fn words_of_other_things_stay_words() {
    let mut tree = tree();
    for folder in [
        "10",
        "2024",
        "container",
        "docker",
        "everything",
        "today",
        "this",
        "old",
        "old files",
        "my folder",
        "user",
        "root",
        "home",
    ] {
        tree.insert(folder, EntryKind::Folder);
    }
    for file in ["data/base64.toml", "data/db.toml"] {
        tree.insert(file, EntryKind::File);
    }
    for (request, expect) in [
        ("show the 10 largest files", None),
        ("move the 2024 folder to work", Some("move the 2024/ folder to Work/")),
        ("kill process 10", None),
        ("remove container web", None),
        ("remove me from the user", None),
        ("decode secret.b64, its base64", None),
        ("no folders inside the db", None),
        ("delete user test", None),
        ("remove docker", None),
        ("delete everything older than 3 days", None),
        ("find files from today", None),
        ("which files in old are binaries", Some("which files in old/ are binaries")),
        ("size of this directory", None),
        ("delete old files", None),
        ("delete my folder", None),
        ("empty the root folder", None),
        ("go to the home folder", None),
        ("zip the old files", None),
    ] {
        let found = grounded(request, &tree);
        assert_eq!(found.map(|found| found.words).as_deref(), expect, "{request}");
    }
}
