// Prefill and decode of llama.cpp per token, for `cargo xtask bench --peer`.
//
//   node llama.mjs MODULES MODEL.gguf [THREADS] [PROMPT_TOKENS] [DECODE_TOKENS] [RUNS]
//
// MODULES is a folder in which `npm install node-llama-cpp` was run: it brings a prebuilt libllama. Prints
// one line of JSON. Times include the wrapper's own work per token, which a C program would not pay. It
// stops after two minutes with the runs it has: see README.md on busy machines.
import path from "node:path";
import {pathToFileURL} from "node:url";

const [modules, model, threads = "2", promptTokens = "16", decodeTokens = "24", runs = "30"] = process.argv.slice(2);
if (model === undefined) {
    console.error("usage: node llama.mjs MODULES MODEL.gguf [THREADS] [PROMPT_TOKENS] [DECODE_TOKENS] [RUNS]");
    process.exit(2);
}
const entry = path.join(path.resolve(modules), "node_modules/node-llama-cpp/dist/index.js");
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(entry).href);

const MOST_MS = 120_000;
const WARM_UP = 2;
const begin = performance.now();
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? null;

const llama = await getLlama({gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: Number(threads)});
let start = performance.now();
const loaded = await llama.loadModel({modelPath: path.resolve(model), gpuLayers: 0});
const loadMs = performance.now() - start;
const context = await loaded.createContext({contextSize: 256, threads: Number(threads), batchSize: 64});
const sequence = context.getSequence();

const text = "find files larger than one hundred megabytes in my downloads folder and sort them by size ";
const prompt = loaded.tokenize(text.repeat(8)).slice(0, Number(promptTokens));
const prefill = [], decode = [];
for (let run = 0; run < Number(runs) + WARM_UP && performance.now() - begin < MOST_MS; run++) {
    await sequence.clearHistory();
    start = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
    const prefillMs = performance.now() - start;
    // The last token of the prompt is the first that yields a next one, so it counts as decoding.
    start = performance.now();
    let decoded = 0;
    for await (const _ of sequence.evaluate(prompt.slice(-1), {temperature: 0, yieldEogToken: true})) {
        if (++decoded >= Number(decodeTokens)) break;
    }
    if (run >= WARM_UP) {
        prefill.push(prefillMs / (prompt.length - 1));
        decode.push((performance.now() - start) / decoded);
    }
}
console.log(JSON.stringify({
    threads: Number(threads), prompt_tokens: prompt.length, decode_tokens: Number(decodeTokens), runs: prefill.length,
    load_ms: loadMs, prefill_ms_per_token: median(prefill), decode_ms_per_token: median(decode)
}));
await llama.dispose();
