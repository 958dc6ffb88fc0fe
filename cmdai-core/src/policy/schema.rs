//! The JSON schema of a policy file, made from the tables that its reader uses.
//!
//! `docs/policy.schema.json` is this text; a test compares them, so that an editor never offers what
//! the reader refuses.

use serde_json::{Map, Value, json};

use super::read::{TABLES, VERDICTS};
use crate::line::Dialect;
use crate::safety::{EffectKind, Profile, Risk};

/// The schema as JSON, indented, with a line end.
pub fn schema() -> String {
    let one_of = |names: Vec<&str>| json!({ "enum": names });
    let reference = |name: &str| json!({ "$ref": format!("#/$defs/{name}") });
    let keyed = |names: &[&str], value: &Value| {
        let properties: Map<String, Value> =
            names.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        json!({ "type": "object", "additionalProperties": false, "properties": properties })
    };
    let verdict = one_of(VERDICTS.to_vec());
    let effects: Vec<_> = EffectKind::ALL.iter().map(|kind| kind.name()).collect();
    let risks: Vec<_> = Risk::ALL.iter().map(|risk| risk.name()).collect();
    let shells: Vec<_> = Dialect::ALL.iter().map(|shell| shell.name()).collect();
    let profiles: Vec<_> = Profile::ALL.iter().map(|profile| profile.name()).collect();
    let entry = |extra: Value| {
        let mut properties = json!({
            "verdict": reference("verdict"),
            "reason": { "type": "string", "description": "Why; shown with the verdict." },
        });
        if let (Some(all), Some(extra)) = (properties.as_object_mut(), extra.as_object()) {
            all.extend(extra.clone());
        }
        let table = json!({ "type": "object", "additionalProperties": false, "required": ["verdict"], "properties": properties });
        json!({ "oneOf": [reference("verdict"), table.clone(), { "type": "array", "minItems": 1, "items": { "oneOf": [reference("verdict"), table] } }] })
    };
    let paths = json!({ "type": "array", "minItems": 1, "items": { "type": "string" }, "description": "Where it holds: *, ? and ** are special, ~/ is the home directory." });
    let kinds = json!({ "type": "array", "minItems": 1, "items": reference("effect"), "description": "The effects it is about; every change without it." });
    // Rules come and go with versions, so their names are not listed: `cmdai policy check` knows them.
    let rules = json!({ "type": "object", "description": "What a rule finds.", "propertyNames": { "pattern": "^[a-z-]+$" }, "additionalProperties": reference("entry") });
    let mut risk = keyed(&risks, &reference("entry"));
    risk["description"] = "A level of risk.".into();
    let mut effect = keyed(&effects, &reference("entry"));
    effect["description"] = "A kind of effect.".into();
    let tables = json!({
        "risk": risk,
        "rules": rules,
        "effects": effect,
        "paths": { "type": "object", "description": "Changes below a path.", "additionalProperties": reference("path_entry") },
        "programs": { "type": "object", "description": "A program, perhaps with subcommands: \"git push\".", "additionalProperties": reference("entry") },
    });
    let mut properties = json!({
        "profile": { "enum": profiles.clone(), "description": "Whose verdicts to give." },
        "agent": reference("tables"),
        "person": reference("tables"),
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["line", "expect"],
                "properties": {
                    "line": { "type": "string" },
                    "expect": reference("verdict"),
                    "shell": { "enum": shells },
                    "profile": { "enum": profiles },
                    "cwd": { "type": "string" },
                },
            },
        },
    });
    for table in TABLES {
        properties[*table] = reference(&format!("tables/properties/{table}"));
    }
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Policy of cmdai",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "$defs": {
            "verdict": verdict,
            "effect": one_of(effects),
            "entry": entry(json!({ "paths": paths })),
            "path_entry": entry(json!({ "effects": kinds })),
            "tables": { "type": "object", "additionalProperties": false, "properties": tables },
        },
    });
    // A value without maps of other keys than strings can always be written.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}
