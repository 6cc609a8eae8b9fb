#!/usr/bin/env node
// The one entry point: plain JavaScript without dependencies, for any Node.js that npm came with.
// It installs what the lockfile names, then hands over to the project's own Node.js, which runs
// the TypeScript as it is.
import { spawn } from 'node:child_process';
import { constants, homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { adoptCommandEnvironment } from './bootstrap/environment.mjs';
import { misgivenFlags } from './bootstrap/misgiven-flags.mjs';
import { installPackages, projectNode } from './bootstrap/install-packages.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function fail(message) {
  process.stderr.write(`meridian: ${message}\n`);
  // What a review could not look at is a status of its own (docs/review.md).
  process.exit(process.argv[2] === 'review' ? 3 : 1);
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail(
    `this machine is ${process.platform}-${process.arch}; Meridian runs on linux-x64 (design: Linux is what we support).`,
  );
}
const misgiven = misgivenFlags(process.env, process.argv.slice(2));
if (misgiven !== undefined) fail(misgiven);
try {
  adoptCommandEnvironment((line) => process.stderr.write(`meridian: ${line}\n`));
  await installPackages(root);
} catch (error) {
  const code = typeof error?.code === 'string' ? ` [${error.code}]` : '';
  fail(error instanceof Error ? `${error.message}${code}` : String(error));
}

const node = projectNode(root);
const cacheHome = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
const child = spawn(
  node,
  [
    '--disable-warning=ExperimentalWarning',
    path.join(root, 'tools/meridian/main.ts'),
    ...process.argv.slice(2),
  ],
  {
    stdio: 'inherit',
    env: {
      // What Node.js makes of the TypeScript is kept, for this process and those that it starts.
      NODE_COMPILE_CACHE: path.join(cacheHome, 'meridian/compile'),
      ...process.env,
      MERIDIAN_NODE: node,
    },
  },
);
// Ctrl-C reaches the whole foreground group; the child decides what it means.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
}
child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
