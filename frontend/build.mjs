// Bundles src into files named by their content, and writes manifest.json: source name -> file name.
import { build } from "esbuild";
import { readFile, rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";

const out = process.argv[2] ?? "../src/poise/web/static";
await rm(out, { recursive: true, force: true });
const result = await build({
  entryPoints: { app: "src/app.ts", theme: "src/theme.ts", style: "src/styles/style.css", icon: "src/icon.svg" },
  loader: { ".svg": "copy" },
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  outdir: out,
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  metafile: true,
  legalComments: "linked",
  logLevel: "warning",
});

const manifest = {};
for (const [path, made] of Object.entries(result.metafile.outputs)) {
  const source = made.entryPoint ?? Object.keys(made.inputs)[0];
  if (!source || path.endsWith(".txt")) continue;
  if (made.entryPoint) manifest[basename(source).replace(/\.ts$/, ".js")] = basename(path);
  if (/\.(js|css)$/.test(path)) await writeFile(`${path}.gz`, gzipSync(await readFile(path), { level: 9 }));
}
await writeFile(`${out}/manifest.json`, JSON.stringify(manifest, null, 1));
