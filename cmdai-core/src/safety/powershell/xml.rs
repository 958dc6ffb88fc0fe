//! `[xml]'<a><b>text</b></a>'`: a document of the line itself, whose elements are members.

use super::data::Data;

/// Elements within elements.
const DEPTH: usize = 16;
/// Elements of one document.
const ELEMENTS: usize = 256;

/// The document as members within members; `None` where it is none, or too large.
pub(super) fn parse(text: &str) -> Option<Data> {
    let mut reader = Reader { rest: text.trim(), elements: 0 };
    let (members, _) = reader.content(0)?;
    (!members.is_empty()).then(|| Data::Map(members.into()))
}

struct Reader<'a> {
    rest: &'a str,
    elements: usize,
}

type Members = Vec<(String, Data)>;

impl Reader<'_> {
    /// Elements and text up to the end of the element around them.
    fn content(&mut self, depth: usize) -> Option<(Members, String)> {
        let (mut members, mut text): (Members, String) = (Vec::new(), String::new());
        if depth > DEPTH {
            return None;
        }
        while !self.rest.is_empty() {
            let Some(at) = self.rest.find('<') else {
                text.push_str(&plain(self.rest));
                self.rest = "";
                break;
            };
            text.push_str(&plain(&self.rest[..at]));
            self.rest = &self.rest[at..];
            if let Some(data) = self.rest.strip_prefix("<![CDATA[") {
                let (data, rest) = data.split_once("]]>")?;
                text.push_str(data);
                self.rest = rest;
            } else if self.rest.starts_with("<!--") {
                self.rest = self.rest.split_once("-->")?.1;
            } else if self.rest.starts_with("<?") || self.rest.starts_with("<!") {
                self.rest = self.rest.split_once('>')?.1;
            } else if self.rest.starts_with("</") {
                self.rest = self.rest.split_once('>')?.1;
                return Some((members, text));
            } else {
                let (name, value) = self.element(depth)?;
                add(&mut members, name, value);
            }
        }
        Some((members, text))
    }

    fn element(&mut self, depth: usize) -> Option<(String, Data)> {
        self.elements += 1;
        let (tag, rest) = self.rest.strip_prefix('<')?.split_once('>')?;
        self.rest = rest;
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
        if name.is_empty() || self.elements > ELEMENTS {
            return None;
        }
        let mut members = Vec::new();
        let mut left = attributes;
        while let Some((key, value)) = left.split_once('=') {
            let quote = value.trim_start().chars().next().filter(|sign| matches!(sign, '"' | '\''))?;
            let (value, after) = value.trim_start()[1..].split_once(quote)?;
            add(&mut members, key.trim().to_owned(), Data::Text(plain(value)));
            left = after;
        }
        let (inner, text) = if is_empty { (Vec::new(), String::new()) } else { self.content(depth + 1)? };
        if members.is_empty() && inner.is_empty() {
            return Some((name.to_owned(), Data::Text(text)));
        }
        for (key, value) in inner {
            add(&mut members, key, value);
        }
        for key in ["#text", "InnerText"] {
            add(&mut members, key.to_owned(), Data::text(text.clone()));
        }
        Some((name.to_owned(), Data::Map(members.into())))
    }
}

/// Elements of one name are a list.
fn add(members: &mut Members, name: String, value: Data) {
    match members.iter_mut().find(|(known, _)| *known == name) {
        Some((_, held)) => {
            let mut list = held.clone().unrolled();
            list.push(value);
            *held = Data::list(list);
        }
        None => members.push((name, value)),
    }
}

/// Text with its entities read.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest.find(';').filter(|end| *end < 10).and_then(|end| rest.get(1..end));
        let letter = entity.and_then(|name| match name {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => {
                let number = name.strip_prefix('#')?;
                let hex = number.strip_prefix(['x', 'X']);
                let code =
                    hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok())?;
                Some(crate::safety::payload::decode::safe_char(code))
            }
        });
        match (letter, entity) {
            (Some(letter), Some(name)) => {
                out.push(letter);
                rest = &rest[name.len() + 2..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_members() {
        let Some(Data::Map(members)) = parse("<?xml version='1.0'?><a k='1'><b>x &lt; &#121;</b><b/></a>")
        else {
            panic!("a document");
        };
        let Data::Map(inner) = &members[0].1 else { panic!("an element") };
        let shown: Vec<String> =
            inner.iter().map(|(name, value)| format!("{name}={}", value.to_text())).collect();
        assert_eq!(shown, ["k=1", "b=x < y ", "#text=", "InnerText="]);
    }

    #[test]
    fn broken_text_is_none() {
        for text in ["", "plain", "<", "<>", "<a", "<a k=1>", "<![CDATA[", &"<a>".repeat(100)] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
