//! Edits of JSON settings that leave everything else as it stands: order, comments, indentation.
//!
//! The text is read into a tree of places; an edit is text put in, or taken out, at such a place. Comments
//! and trailing commas are read, since some agents allow them in their settings.

use std::ops::Range;

use serde_json::Value;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its bytes.
    pub span: Range<usize>,
    /// What it holds.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Object(Vec<(String, Range<usize>, Node)>),
    Array(Vec<Node>),
    Text(String),
    Other,
}

/// Deeper settings are not read.
const DEPTH: usize = 64;

impl Node {
    /// Reads a text; empty text is an empty object.
    ///
    /// # Errors
    /// Where and why it is no JSON.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { text, at: 0 };
        reader.blanks()?;
        let node = reader.value(0)?;
        reader.blanks()?;
        match reader.at == text.len() {
            true => Ok(node),
            false => Err(reader.fault("the text goes on after its end")),
        }
    }

    /// The member of an object.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        let Kind::Object(members) = &self.kind else { return None };
        members.iter().find(|(key, ..)| key == name).map(|(.., node)| node)
    }

    /// The items of an array.
    pub(super) fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// Every text inside.
    pub(super) fn texts(&self) -> Vec<&str> {
        match &self.kind {
            Kind::Text(text) => vec![text],
            Kind::Array(items) => items.iter().flat_map(Self::texts).collect(),
            Kind::Object(members) => members.iter().flat_map(|(.., node)| node.texts()).collect(),
            Kind::Other => Vec::new(),
        }
    }
}

/// The text with an item put at the end of the list at this path of members, which are made where they are missing.
///
/// # Errors
/// The text is no JSON, or something else stands in the way.
pub(super) fn append(text: &str, path: &[&str], item: &Value) -> Result<String, String> {
    let root = Node::read(text)?;
    let unit = indentation(text);
    let mut node = &root;
    for (depth, name) in path.iter().enumerate() {
        if !matches!(node.kind, Kind::Object(_)) {
            return Err(format!("`{}` is no object", path[..depth].join(".")));
        }
        match node.member(name) {
            Some(inner) => node = inner,
            None => {
                // Everything below is new.
                let mut value = Value::Array(vec![item.clone()]);
                for name in path[depth + 1..].iter().rev() {
                    value = Value::Object(serde_json::Map::from_iter([((*name).to_owned(), value)]));
                }
                let member =
                    format!("{}: {}", Value::String((*name).to_owned()), pretty(&value, &unit, depth + 1));
                return Ok(put(text, node, &member, &unit, depth));
            }
        }
    }
    match node.kind {
        Kind::Array(_) => Ok(put(text, node, &pretty(item, &unit, path.len() + 1), &unit, path.len())),
        _ => Err(format!("`{}` is no list", path.join("."))),
    }
}

/// The text without the items of the list at this path that `gone` holds for. What is empty then goes too, but for the first
/// `held` members of the path.
///
/// # Errors
/// The text is no JSON.
pub(super) fn remove(
    text: &str,
    path: &[&str],
    held: usize,
    gone: impl Fn(&Node) -> bool,
) -> Result<String, String> {
    let mut text = text.to_owned();
    loop {
        let root = Node::read(&text)?;
        let Some(list) = path.iter().try_fold(&root, |node, name| node.member(name)) else { return Ok(text) };
        let Some(at) = list.items().iter().position(&gone) else { return Ok(text) };
        if list.items().len() > 1 || held >= path.len() {
            let spans: Vec<_> = list.items().iter().map(|item| item.span.clone()).collect();
            text = without(&text, list, &spans, at);
            continue;
        }
        // The last one: the list goes, and every object that is empty without it.
        let mut depth = path.len();
        while depth > 1 + held {
            let holder = path[..depth - 1].iter().try_fold(&root, |node, name| node.member(name));
            match holder.map(|holder| &holder.kind) {
                Some(Kind::Object(members)) if members.len() == 1 => depth -= 1,
                _ => break,
            }
        }
        let holder = path[..depth - 1].iter().try_fold(&root, |node, name| node.member(name));
        let Some(holder) = holder else { return Ok(text) };
        let Kind::Object(members) = &holder.kind else { return Ok(text) };
        let Some(at) = members.iter().position(|(key, ..)| key == path[depth - 1]) else { return Ok(text) };
        let spans: Vec<_> = members.iter().map(|(_, key, node)| key.start..node.span.end).collect();
        text = without(&text, holder, &spans, at);
    }
}

/// The text without one of the parts of an object or list.
fn without(text: &str, holder: &Node, spans: &[Range<usize>], at: usize) -> String {
    let (inner, end) = (holder.span.start + 1, holder.span.end - 1);
    let range = match (at.checked_sub(1).and_then(|before| spans.get(before)), spans.get(at + 1)) {
        // With the comma before it.
        (Some(before), _) => before.end..spans[at].end,
        // With the comma and blanks after it.
        (None, Some(after)) => spans[at].start..after.start,
        (None, None) => alone(text, inner..end, &spans[at]),
    };
    format!("{}{}", &text[..range.start], &text[range.end..])
}

/// What goes with the only part inside a holder: the blanks around it and a comma behind it. Comments stay.
fn alone(text: &str, inside: Range<usize>, part: &Range<usize>) -> Range<usize> {
    let before = text[inside.start..part.start].trim_end();
    let start = inside.start + before.len();
    let end = after_comma(&text[part.end..inside.end]).map_or(part.end, |comma| part.end + comma);
    match before.is_empty() && text[end..inside.end].trim_start().is_empty() {
        true => inside,
        false => start..end,
    }
}

/// The text with one more part at the end of an object or list of this depth.
fn put(text: &str, holder: &Node, part: &str, unit: &str, depth: usize) -> String {
    let last = match &holder.kind {
        Kind::Object(members) => members.last().map(|(.., node)| node.span.end),
        Kind::Array(items) => items.last().map(|item| item.span.end),
        _ => None,
    };
    let end = holder.span.end - 1;
    let (outer, inner) = (unit.repeat(depth), unit.repeat(depth + 1));
    match last {
        None => {
            // Comments inside stay.
            let before = text[..end].trim_end();
            format!("{before}\n{inner}{part}\n{outer}{}", &text[end..])
        }
        Some(last) => {
            let rest = &text[last..end];
            let trailing = after_comma(rest);
            let (head, comma) = match trailing {
                Some(comma) => (last + comma, ""),
                None => (last, ","),
            };
            format!("{}{comma}\n{inner}{part}{}", &text[..head], &text[head..])
        }
    }
}

/// The place after a trailing comma, comments left out.
fn after_comma(rest: &str) -> Option<usize> {
    let mut reader = Reader { text: rest, at: 0 };
    reader.blanks().ok()?;
    (reader.peek() == Some(b',')).then_some(reader.at + 1)
}

/// A value as indented text whose first line stands at this depth.
fn pretty(value: &Value, unit: &str, depth: usize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        let inner = line.len() - line.trim_start_matches(' ').len();
        out.push('\n');
        out.push_str(&unit.repeat(depth + inner / 2));
        out.push_str(line.trim_start_matches(' '));
    }
    out
}

/// How the text indents: by the first indented line.
fn indentation(text: &str) -> String {
    let blanks = |line: &str| line[..line.len() - line.trim_start_matches([' ', '\t']).len()].to_owned();
    let unit = text.lines().skip(1).map(blanks).find(|blanks| !blanks.is_empty());
    unit.filter(|unit| unit.len() <= 8).unwrap_or_else(|| "  ".to_owned())
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn fault(&self, what: &str) -> String {
        let before = &self.text[..self.text.floor_char_boundary(self.at)];
        let line = before.matches('\n').count() + 1;
        let column = before[before.rfind('\n').map_or(0, |at| at + 1)..].chars().count() + 1;
        format!("{what} at line {line}, column {column}")
    }

    /// Blanks and comments.
    fn blanks(&mut self) -> Result<(), String> {
        loop {
            let rest = &self.text[self.at..];
            let plain = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']);
            self.at += rest.len() - plain.len();
            if plain.starts_with("//") {
                self.at += plain.find('\n').unwrap_or(plain.len());
            } else if plain.starts_with("/*") {
                let end = plain.find("*/").ok_or_else(|| self.fault("a comment does not end"))?;
                self.at += end + 2;
            } else {
                return Ok(());
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Node, String> {
        if depth > DEPTH {
            return Err(self.fault("nested too deep"));
        }
        let start = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(_) => {
                let rest = &self.text[start..];
                let end = rest.find(|c: char| c.is_whitespace() || ",]}/".contains(c)).unwrap_or(rest.len());
                // Numbers, true, false, null: as the JSON reader has them.
                if serde_json::from_str::<Value>(&rest[..end]).is_err() {
                    return Err(self.fault("this is no JSON"));
                }
                self.at += end;
                Kind::Other
            }
            None => return Err(self.fault("the text ends early")),
        };
        Ok(Node { span: start..self.at, kind })
    }

    fn object(&mut self, depth: usize) -> Result<Kind, String> {
        let mut members: Vec<(String, Range<usize>, Node)> = Vec::new();
        self.at += 1;
        loop {
            self.blanks()?;
            match self.peek() {
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Kind::Object(members));
                }
                Some(b'"') => {}
                _ => return Err(self.fault("a key in quotes was expected")),
            }
            let start = self.at;
            let key = self.string()?;
            let span = start..self.at;
            if members.iter().any(|(known, ..)| *known == key) {
                return Err(self.fault(&format!("the key {key:?} stands here twice")));
            }
            self.blanks()?;
            if self.peek() != Some(b':') {
                return Err(self.fault("a colon was expected"));
            }
            self.at += 1;
            self.blanks()?;
            let node = self.value(depth + 1)?;
            members.push((key, span, node));
            self.comma(b'}')?;
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind, String> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.blanks()?;
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Kind::Array(items));
            }
            items.push(self.value(depth + 1)?);
            self.comma(b']')?;
        }
    }

    fn comma(&mut self, close: u8) -> Result<(), String> {
        self.blanks()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(found) if found == close => Ok(()),
            _ => Err(self.fault("a comma was expected")),
        }
    }

    fn string(&mut self) -> Result<String, String> {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = start + 1;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'\\' => at += 2,
                b'"' => {
                    let text = self.text.get(start..=at).unwrap_or_default();
                    let read = serde_json::from_str(text).map_err(|_| self.fault("this text is no JSON"))?;
                    self.at = at + 1;
                    return Ok(read);
                }
                b'\n' => break,
                _ => at += 1,
            }
        }
        Err(self.fault("a text does not end"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const PATH: &[&str] = &["hooks", "PreToolUse"];

    #[track_caller]
    fn check(before: &str, after: &str) {
        let item = json!({ "x": "mine" });
        assert_eq!(append(before, PATH, &item).as_deref(), Ok(after));
        let mine = |node: &Node| node.texts().contains(&"mine");
        assert_eq!(remove(after, PATH, 0, mine).as_deref(), Ok(before), "taken out again");
    }

    #[test]
    fn an_item_goes_in_and_out_without_a_trace() {
        check(
            "{\n  \"model\": \"x\"\n}\n",
            "{\n  \"model\": \"x\",\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"x\": \"mine\"\n      }\n    ]\n  }\n}\n",
        );
        check(
            "{\n\t// note\n\t\"hooks\": {\n\t\t\"Stop\": []\n\t}\n}",
            "{\n\t// note\n\t\"hooks\": {\n\t\t\"Stop\": [],\n\t\t\"PreToolUse\": [\n\t\t\t{\n\t\t\t\t\"x\": \"mine\"\n\t\t\t}\n\t\t]\n\t}\n}",
        );
        check(
            "{\"hooks\": {\"PreToolUse\": [{\"a\": 1}], \"z\": [1, 2.5e3, null]}}",
            "{\"hooks\": {\"PreToolUse\": [{\"a\": 1},\n      {\n        \"x\": \"mine\"\n      }], \"z\": [1, 2.5e3, null]}}",
        );
    }

    #[test]
    fn comments_and_commas_stay() {
        let before =
            "{\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\"a\": \"b\"}, // mine\n    ],\n  },\n}\n";
        let after = append(before, PATH, &json!(1)).unwrap();
        assert!(after.contains("// mine") && Node::read(&after).is_ok(), "{after}");
        assert_eq!(
            Node::read(&after).unwrap().member("hooks").unwrap().member("PreToolUse").unwrap().items().len(),
            2
        );
        assert_eq!(append("{}", &["a"], &json!(1)).unwrap(), "{\n  \"a\": [\n    1\n  ]\n}");
        assert_eq!(append("{\n}", &["a"], &json!(1)).unwrap(), "{\n  \"a\": [\n    1\n  ]\n}");
    }

    #[test]
    fn the_first_of_several_goes_alone() {
        let gone = |node: &Node| node.texts().contains(&"mine");
        assert_eq!(remove(r#"{"a": ["mine", "b", "mine"]}"#, &["a"], 0, gone).unwrap(), r#"{"a": ["b"]}"#);
        assert_eq!(remove(r#"{"a": ["mine"], "b": 1}"#, &["a"], 0, gone).unwrap(), r#"{"b": 1}"#);
        assert_eq!(remove(r#"{"b": 1}"#, &["a"], 0, gone).unwrap(), r#"{"b": 1}"#);
    }

    #[test]
    fn what_was_there_before_stays_and_so_do_comments() {
        let gone = |node: &Node| node.texts().contains(&"mine");
        let taken = |text: &str, held| remove(text, PATH, held, gone).unwrap();
        let text = r#"{"a": 1, "hooks": {"PreToolUse": ["mine"]}}"#;
        assert_eq!(taken(text, 0), r#"{"a": 1}"#);
        assert_eq!(taken(text, 1), r#"{"a": 1, "hooks": {}}"#);
        assert_eq!(taken(text, 2), r#"{"a": 1, "hooks": {"PreToolUse": []}}"#);
        for before in ["{\n  // note\n}\n", "{ // note\n}", "{ /* note */}"] {
            let after = append(before, PATH, &json!("mine")).unwrap();
            let taken = taken(&after, 0);
            assert_eq!(
                taken.split_whitespace().collect::<String>(),
                before.split_whitespace().collect::<String>()
            );
            assert!(Node::read(&taken).is_ok(), "{taken}");
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            "{",
            "[1",
            "{\"a\" 1}",
            "{a: 1}",
            "{\"a\": 1} x",
            "{\"a\": tru}",
            "{\"a\": \"x}",
            "/* x",
            "{\"a\":1,\"a\":2}",
        ] {
            assert!(append(text, PATH, &json!(1)).is_err(), "{text}");
        }
        assert!(append("{\"hooks\": 1}", PATH, &json!(1)).unwrap_err().contains("`hooks` is no object"));
        assert!(
            append("{\"hooks\": {\"PreToolUse\": {}}}", PATH, &json!(1)).unwrap_err().contains("is no list")
        );
        assert!(append("[]", PATH, &json!(1)).is_err());
        assert!(Node::read(&"[".repeat(10_000)).is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,60}|[{}\\[\\]\":,/*a1 \n]{0,60}") {
            let _ = append(&text, PATH, &json!({ "x": "mine" }));
            let _ = remove(&text, PATH, 0, |_| true);
        }

        /// What goes in and out again leaves the text as it was, and in between it means what it should.
        #[test]
        fn edits_are_exact(keys in proptest::collection::vec("[a-z]{1,4}", 0..4), deep in 0u8..4, wide in proptest::bool::ANY) {
            let mut value = serde_json::Map::new();
            for key in &keys {
                value.insert(key.clone(), json!([1, { "a": "b // {" }, null]));
            }
            match deep {
                1 => drop(value.insert("hooks".to_owned(), json!({ "Stop": [1] }))),
                2 => drop(value.insert("hooks".to_owned(), json!({ "PreToolUse": [{ "a": 1 }] }))),
                3 => drop(value.insert("hooks".to_owned(), json!({ "Stop": [], "PreToolUse": [1, 2], "z": {} }))),
                _ => {}
            }
            let value = Value::Object(value);
            let before = if wide { serde_json::to_string_pretty(&value).unwrap() } else { value.to_string() };
            let item = json!({ "x": "mine" });
            let after = append(&before, PATH, &item).unwrap();
            let mut expect = value;
            match expect.pointer_mut("/hooks/PreToolUse").and_then(Value::as_array_mut) {
                Some(list) => list.push(item),
                None => expect["hooks"]["PreToolUse"] = json!([item]),
            }
            proptest::prop_assert_eq!(&serde_json::from_str::<Value>(&after).unwrap(), &expect);
            let again = remove(&after, PATH, 0, |node| node.texts().contains(&"mine")).unwrap();
            // An empty object may be written without its line end.
            let same = again == before || serde_json::from_str::<Value>(&again).ok() == serde_json::from_str::<Value>(&before).ok();
            proptest::prop_assert!(same, "{} {}", before, again);
        }
    }
}
