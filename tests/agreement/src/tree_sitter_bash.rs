//! The reading of `tree-sitter-bash`.

use tree_sitter::{Node, Parser};

use crate::Reading;

/// `None` where the tree holds an error, or a form whose words the grammar does not keep apart.
pub(crate) fn read(line: &str) -> Option<Reading> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_bash::LANGUAGE.into()).ok()?;
    let tree = parser.parse(line, None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut reading = Reading::new();
    let mut open = vec![tree.root_node()];
    while let Some(node) = open.pop() {
        if node.kind() == "command" {
            let words = words(node, line)?;
            if words.first().is_some_and(|program| !crate::is_apart(program)) {
                reading.insert(words);
            }
        }
        let mut cursor = node.walk();
        open.extend(node.children(&mut cursor));
    }
    Some(reading)
}

fn words(command: Node<'_>, line: &str) -> Option<Vec<String>> {
    let mut cursor = command.walk();
    let mut words: Vec<Node<'_>> = command.children_by_field_name("name", &mut cursor).collect();
    words.extend(command.children_by_field_name("argument", &mut cursor));
    // The grammar takes what follows a redirection for more of its target: `> out -n` has two targets.
    if let Some(statement) = command.parent().filter(|parent| parent.kind() == "redirected_statement") {
        for redirection in statement.children_by_field_name("redirect", &mut cursor) {
            let mut inner = redirection.walk();
            words.extend(redirection.children_by_field_name("destination", &mut inner).skip(1));
        }
    }
    words.sort_by_key(Node::start_byte);
    words.iter().map(|word| word.utf8_text(line.as_bytes()).ok().map(str::to_owned)).collect()
}
