#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// What Node.js lacks before 24 would otherwise be a SyntaxError of an import.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Node.js: must be version 24 or later, got ${process.versions.node}; install it from https://nodejs.org.\n`,
  );
  process.exit(2);
}
await import('./register.mjs');
const { runCommand } = await import('./command.ts');
process.exitCode = await runCommand(process.argv.slice(2));
