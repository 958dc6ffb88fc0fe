// Reads the npm package @withfig/autocomplete and writes the static data in it, one JSON object a line:
//
//   node --experimental-vm-modules convert.mjs PACKAGE.tgz > OUT
//
// The first line is {"version", "licence"}, every other line one tool, sorted by the name of its file. The package
// is an archive of ES modules that make objects; some of these hold functions that would ask the machine for more.
// It is read into memory, and its modules are evaluated in a context that has the language and nothing else: no
// process, no files, no network, no timers. No function of the package is called, and all functions are dropped.
//
// Keys are letters, and left out where they say nothing:
//   tool    n names, d description, f flags, a operands, s subcommands, x long flags have one dash,
//           g the package asks the machine for more subcommands or flags, r to think about first
//   flag    n names, d description, a values, p subcommands have it too, r to think about first, m may be given
//           again, q the tool does not run without it, e its value is joined, x flags that do not go with it
//   value   n name, d description, k kind, c choices as [word, description], o may be left out, v there may be several
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import vm from "node:vm";
import { gunzipSync } from "node:zlib";

// Descriptions are cut after their first sentence, or before the word that passes this length.
const LONGEST = 120;
// A file that describes a subcommand may name another, and so on; no tool goes this deep.
const DEEPEST = 12;

// The files of a tar archive by their names.
function unpack(bytes) {
  const files = new Map();
  const field = (block, from, length) => block.toString("utf8", from, from + length).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= bytes.length; ) {
    const block = bytes.subarray(at, at + 512);
    const size = parseInt(field(block, 124, 12).trim() || "0", 8);
    const prefix = field(block, 345, 155);
    const name = field(block, 0, 100);
    if (name === "") break;
    // "0" and "\0" are files; the archive has no links that matter.
    if (block[156] === 0x30 || block[156] === 0) {
      files.set(prefix === "" ? name : `${prefix}/${name}`, bytes.subarray(at + 512, at + 512 + size));
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}

const files = unpack(gunzipSync(readFileSync(process.argv[2])));
const folder = "package/build/";
const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
const modules = new Map();

function load(path) {
  let found = modules.get(path);
  if (found === undefined) {
    const source = files.get(path);
    if (source === undefined) throw new Error(`${path} is not in the package`);
    const importModuleDynamically = () => {
      throw new Error("nothing is loaded later");
    };
    found = new vm.SourceTextModule(source.toString("utf8"), { context, identifier: path, importModuleDynamically });
    modules.set(path, found);
  }
  return found;
}

function link(name, from) {
  if (!name.startsWith(".")) throw new Error(`${from.identifier} needs ${name}`);
  return load(posix.join(posix.dirname(from.identifier), name));
}

// What a file of the package offers; nothing where there is no such file.
async function offered(name) {
  const path = `${folder}${name}.js`;
  if (!files.has(path)) return undefined;
  const module = load(path);
  if (module.status === "unlinked") await module.link(link);
  if (module.status === "linked") await module.evaluate();
  return module.namespace.default;
}

// The files that describe the versions of a tool, the latest first.
function versions(name) {
  const start = `${folder}${name}/`;
  const found = [...files.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
  const order = (version) => version.split(".").map((part) => part.padStart(8, "0")).join(".");
  const names = found.filter((file) => /^\d+(\.\d+)*\.js$/.test(file)).map((file) => file.slice(0, -3));
  return names.sort((a, b) => (order(a) < order(b) ? 1 : -1));
}

// The object that describes `name`, whole or by the latest of its versions.
async function described(name) {
  const found = (await offered(name)) ?? (await offered(`${name}/index`));
  if (typeof found !== "function") return found;
  const [latest] = versions(name);
  return latest === undefined ? undefined : offered(`${name}/${latest}`);
}

const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const objects = (value) => list(value).filter((one) => typeof one === "object" && one !== null);
const some = (items) => (items.length > 0 ? items : undefined);
const yes = (value) => (value ? true : undefined);

// One word: what a shell would take for one, as it is typed.
const words = (value) => list(value).filter((word) => typeof word === "string" && /^[^\s\p{C}"'`\\$;&|<>()]+$/u.test(word));
const flags = (value) => words(value).filter((word) => /^[-+]+[^=-]/.test(word) && !word.includes("="));

// A description: its first sentence, on one line.
function text(value) {
  if (typeof value !== "string") return undefined;
  const line = value.replace(/<\/?[a-z]+\/?>/g, "").replace(/[\s\p{C}]+/gu, " ").trim();
  const sentence = /^.*?[a-z0-9)\]`'"][.!?](?= [A-Z])/.exec(line);
  const short = sentence === null ? line : sentence[0];
  if (short.length <= LONGEST) return short === "" ? undefined : short;
  return `${short.slice(0, LONGEST).replace(/ [^ ]*$/, "")}…`;
}

function kind(value) {
  const templates = list(value.template);
  if (value.isCommand) return "command";
  if (value.isScript) return "script";
  if (templates.includes("filepaths")) return "path";
  return templates.includes("folders") ? "folder" : undefined;
}

function choices(value) {
  const found = [];
  for (const one of list(value.suggestions)) {
    const about = text(one?.description);
    for (const word of words(typeof one === "object" && one !== null ? one.name : one)) {
      found.push(about === undefined ? [word] : [word, about]);
    }
  }
  return some(found);
}

function valuesOf(args) {
  const made = objects(args).map((value) => ({
    n: text(value.name),
    d: text(value.description),
    k: kind(value),
    c: choices(value),
    o: yes(value.isOptional),
    v: yes(value.isVariadic),
  }));
  return some(made);
}

function flagsOf(options) {
  const made = objects(options).map((option) => ({
    n: flags(option.name),
    d: text(option.description),
    a: valuesOf(option.args),
    p: yes(option.isPersistent),
    r: yes(option.isDangerous),
    m: yes(option.isRepeatable),
    q: yes(option.isRequired),
    e: yes(option.requiresEquals || option.requiresSeparator),
    x: some(flags(option.exclusiveOn)),
  }));
  return some(made.filter((flag) => flag.n.length > 0));
}

// What a tool or subcommand says, with what lies in other files put in its place.
async function tool(spec, names, within) {
  let asks = typeof spec.generateSpec === "function" || typeof spec.loadSpec === "function";
  let more = typeof spec.loadSpec === "object" ? spec.loadSpec : undefined;
  if (typeof spec.loadSpec === "string" && within.length < DEEPEST && !within.includes(spec.loadSpec)) {
    more = await described(spec.loadSpec);
    within = [...within, spec.loadSpec];
  }
  if (typeof more === "object" && more !== null) {
    asks ||= typeof more.generateSpec === "function";
    spec = { ...spec, ...more, description: more.description ?? spec.description };
  }
  const subcommands = [];
  for (const sub of objects(spec.subcommands)) {
    const called = words(sub.name);
    if (called.length > 0) subcommands.push(await tool(sub, called, within));
  }
  return {
    n: names,
    d: text(spec.description),
    f: flagsOf(spec.options),
    a: valuesOf(spec.args),
    s: some(subcommands),
    x: yes(spec.parserDirectives?.flagsArePosixNoncompliant),
    g: yes(asks),
    r: yes(spec.isDangerous),
  };
}

// Every tool: a file in the folder, or a folder of files for its versions. What has a `/` is run through another tool.
const tops = [...files.keys()].map((path) => /^package\/build\/([^/]+?)(?:\.js|\/index\.js)$/.exec(path)?.[1]);
const names = [...new Set(tops)].filter((name) => name !== undefined && name !== "index" && name !== "dynamic").sort();

const { version } = JSON.parse(files.get("package/package.json").toString("utf8"));
const licence = files.get("package/LICENSE").toString("utf8");
const lines = [JSON.stringify({ version, licence })];
const missing = [];
for (const name of names) {
  try {
    const spec = await described(name);
    if (typeof spec !== "object" || spec === null) throw new Error("it describes nothing");
    // A tool is found by the name of its file; other names follow, but not those that say nothing.
    const called = words(spec.name).filter((other) => !other.includes("/") && other !== "index" && other !== "main");
    const known = [...new Set([...words(name), ...called])];
    if (known.length > 0) lines.push(JSON.stringify(await tool(spec, known, [name])));
  } catch (error) {
    missing.push(`${name}: ${error.message}`);
  }
}
process.stdout.write(`${lines.join("\n")}\n`);
if (missing.length > 0) process.stderr.write(`left out: ${missing.join("; ")}\n`);
