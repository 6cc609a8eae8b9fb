// Node.js runs TypeScript by stripping types, but not below node_modules. Where this package is installed there,
// `node --import @meridian/verifier/register.mjs` lets it run its own files, and no others.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';

const folder = new URL('.', import.meta.url).href;

registerHooks({
  load(url, context, next) {
    if (!url.startsWith(folder) || !url.endsWith('.ts')) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module', source, shortCircuit: true };
  },
});
