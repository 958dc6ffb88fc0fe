// Reads the command descriptions of the npm package @withfig/autocomplete and writes their static data, one JSON
// object a line, sorted by name.
//
//   node --experimental-vm-modules convert.mjs FOLDER > OUT
//
// FOLDER is the package's `build` folder. Its files are ES modules that make objects; some of those hold functions
// which would ask the machine for more. Each module is evaluated in a context that has nothing but the language: no
// process, no files, no network, no timers. No function is called, and all functions are dropped.
//
// Keys are one letter, and left out where they say nothing:
//   command  n names, d description, o options, a operands, s subcommands, x flags have one dash,
//            g true where the package asks the machine for more subcommands or options
//   option   n names, d description, a values, p for subcommands too, r dangerous, m may be repeated, q required,
//            e value is joined by =, x excludes (names)
//   value    n name, d description, k kind, c choices [[text, description]], o optional, v several
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join, resolve, dirname } from "node:path";
import { pathToFileURL, fileURLToPath } from "node:url";
import vm from "node:vm";

const root = resolve(process.argv[2] ?? ".");
const context = vm.createContext(Object.create(null), { codeGeneration: { strings: false, wasm: false } });
const modules = new Map();

// One module of the package; others are refused.
function load(path) {
  let found = modules.get(path);
  if (!found) {
    if (!path.startsWith(root)) throw new Error(`${path} lies outside the package`);
    found = new vm.SourceTextModule(readFileSync(path, "utf8"), {
      context,
      identifier: pathToFileURL(path).href,
      importModuleDynamically: () => { throw new Error("nothing is loaded later"); },
    });
    modules.set(path, found);
  }
  return found;
}

function link(name, from) {
  if (!name.startsWith(".")) throw new Error(`${from.identifier} needs ${name}`);
  return load(resolve(dirname(fileURLToPath(from.identifier)), name));
}

// The object that a file of the package offers; nothing where the file is missing or offers none.
async function offered(name) {
  const path = join(root, `${name}.js`);
  if (!existsSync(path)) return undefined;
  const module = load(path);
  if (module.status === "unlinked") await module.link(link);
  if (module.status === "linked") await module.evaluate();
  return module.namespace.default;
}

const versionOf = (name) => name.split(".").map((part) => part.padStart(8, "0")).join(".");

// The description called `name`. Where the package holds one for each version of the tool, the latest.
async function description(name) {
  let found = await offered(name);
  if (found === undefined) found = await offered(`${name}/index`);
  const folder = join(root, name);
  if (typeof found === "function" && existsSync(folder)) {
    const versions = readdirSync(folder).filter((file) => /^\d+(\.\d+)*\.js$/.test(file)).map((file) => file.slice(0, -3));
    versions.sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1));
    if (versions.length > 0) return { spec: await offered(`${name}/${versions.at(-1)}`), folder: `${name}/${versions.at(-1)}` };
  }
  return { spec: typeof found === "function" ? undefined : found, folder: name };
}

const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const named = (value) => list(value).filter((name) => typeof name === "string" && name !== "");
const text = (value) => (typeof value === "string" ? value : undefined);
const some = (items) => (items.length > 0 ? items : undefined);
const yes = (value) => (value === true ? true : undefined);

function choices(arg) {
  const found = [];
  for (const one of list(arg.suggestions)) {
    const names = typeof one === "object" && one !== null ? named(one.name) : named(one);
    for (const name of names) found.push(text(one?.description) ? [name, one.description] : [name]);
  }
  return found;
}

function kind(arg) {
  const templates = list(arg.template);
  if (arg.isCommand) return "command";
  if (arg.isScript) return "script";
  if (templates.includes("filepaths")) return "path";
  if (templates.includes("folders")) return "folder";
  if (templates.includes("history")) return undefined;
  return undefined;
}

function value(arg) {
  const default_ = text(arg.default);
  return {
    n: text(arg.name),
    d: text(arg.description),
    k: kind(arg),
    c: some(choices(arg)),
    f: default_,
    o: yes(arg.isOptional),
    v: yes(arg.isVariadic),
    g: arg.generators === undefined || list(arg.generators).length === 0 ? undefined : true,
  };
}

const values = (args) => some(list(args).filter((arg) => typeof arg === "object").map(value));

function option(one) {
  return {
    n: named(one.name),
    d: text(one.description),
    a: values(one.args),
    p: yes(one.isPersistent),
    r: yes(one.isDangerous),
    m: one.isRepeatable === undefined || one.isRepeatable === false ? undefined : true,
    q: yes(one.isRequired),
    e: one.requiresEquals === true || (one.requiresSeparator !== undefined && one.requiresSeparator !== false) ? true : undefined,
    x: some(named(one.exclusiveOn)),
  };
}

// What a command says, with what it keeps in other files put in its place.
async function command(spec, depth, seen) {
  let asks = typeof spec.generateSpec === "function";
  let names = named(spec.name);
  const from = text(spec.loadSpec);
  if (from !== undefined && depth < 12 && !seen.includes(from)) {
    const { spec: loaded } = await description(from);
    // What the file says comes before what stands here, but the command keeps the name it is called by here.
    if (loaded && typeof loaded === "object") {
      spec = { ...spec, ...loaded, name: spec.name, description: loaded.description ?? spec.description };
      seen = [...seen, from];
      if (typeof loaded.generateSpec === "function") asks = true;
    }
  } else if (typeof spec.loadSpec === "function") {
    asks = true;
  } else if (typeof spec.loadSpec === "object" && spec.loadSpec !== null) {
    spec = { ...spec, ...spec.loadSpec, name: spec.name };
  }
  const subcommands = [];
  for (const sub of list(spec.subcommands)) {
    if (typeof sub === "object" && sub !== null && named(sub.name).length > 0) subcommands.push(await command(sub, depth + 1, seen));
  }
  return {
    n: names,
    d: text(spec.description),
    o: some(list(spec.options).filter((one) => typeof one === "object" && one !== null && named(one.name).length > 0).map(option)),
    a: values(spec.args),
    s: some(subcommands),
    x: yes(spec.parserDirectives?.flagsArePosixNoncompliant),
    g: asks ? true : undefined,
  };
}

const files = readdirSync(root, { withFileTypes: true });
const tops = files.filter((entry) => entry.isFile() && entry.name.endsWith(".js") && entry.name !== "index.js").map((entry) => entry.name.slice(0, -3));
const versioned = files.filter((entry) => entry.isDirectory() && existsSync(join(root, entry.name, "index.js")) && entry.name !== "dynamic").map((entry) => entry.name);
const names = [...new Set([...tops, ...versioned])].sort();

let skipped = 0;
let out = [];
for (const name of names) {
  try {
    const { spec } = await description(name);
    if (typeof spec !== "object" || spec === null) throw new Error("it offers no description");
    const one = await command(spec, 0, [name]);
    if (!one.n.includes(name)) one.n.push(name);
    out.push(JSON.stringify(one));
  } catch (error) {
    skipped += 1;
    process.stderr.write(`${name}: ${error.message}\n`);
  }
}
process.stdout.write(out.map((line) => `${line}\n`).join(""));
process.stderr.write(`${out.length} commands, ${skipped} left out\n`);
