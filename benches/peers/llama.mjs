// Prefill and decode of llama.cpp per token, for `cargo xtask bench --peer`.
//
//   node llama.mjs MODULES MODEL.gguf [THREADS] [PROMPT_TOKENS] [DECODE_TOKENS] [RUNS]
//
// MODULES is a folder in which `npm i node-llama-cpp` was run: it brings a prebuilt libllama. Prints one
// line of JSON. Times include the wrapper's own work per token, which a C program would not pay.
import path from "node:path";
import {pathToFileURL} from "node:url";

const [modules, model, threads = "2", promptTokens = "16", decodeTokens = "24", runs = "30"] = process.argv.slice(2);
if (model === undefined) {
    console.error("usage: node llama.mjs MODULES MODEL.gguf [THREADS] [PROMPT_TOKENS] [DECODE_TOKENS] [RUNS]");
    process.exit(2);
}
const entry = path.join(path.resolve(modules), "node_modules/node-llama-cpp/dist/index.js");
const {getLlama, LlamaLogLevel} = await import(pathToFileURL(entry).href);

const median = (values) => values.toSorted?.((a, b) => a - b)[values.length >> 1] ?? [...values].sort((a, b) => a - b)[values.length >> 1];
const now = () => performance.now();

const llama = await getLlama({gpu: false, build: "never", logLevel: LlamaLogLevel.error, maxThreads: Number(threads)});
let start = now();
const loaded = await llama.loadModel({modelPath: path.resolve(model), gpuLayers: 0});
const loadMs = now() - start;
const context = await loaded.createContext({contextSize: 256, threads: Number(threads), batchSize: 64});
const sequence = context.getSequence();

const text = "find files larger than one hundred megabytes in my downloads folder and sort them by size ";
const prompt = loaded.tokenize(text.repeat(8)).slice(0, Number(promptTokens));
const prefill = [], decode = [];
for (let run = 0; run < Number(runs) + 2; run++) {
    await sequence.clearHistory();
    start = now();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
    const prefillMs = now() - start;
    // The token that begins the answer belongs to decoding: it is the first that yields a next one.
    start = now();
    let decoded = 0;
    for await (const _ of sequence.evaluate([prompt[prompt.length - 1]], {temperature: 0, yieldEogToken: true})) {
        if (++decoded >= Number(decodeTokens)) break;
    }
    const decodeMs = now() - start;
    if (run >= 2) {
        prefill.push(prefillMs / (prompt.length - 1));
        decode.push(decodeMs / decoded);
    }
}
console.log(JSON.stringify({
    threads: Number(threads), prompt_tokens: prompt.length, decode_tokens: Number(decodeTokens), runs: prefill.length,
    load_ms: loadMs, prefill_ms_per_token: median(prefill), decode_ms_per_token: median(decode)
}));
await llama.dispose();
