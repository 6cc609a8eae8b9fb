#!/usr/bin/env node
// What Node.js lacks before 24 would otherwise be a SyntaxError of an import.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Node.js: must be version 24 or later, got ${process.versions.node}; install it from https://nodejs.org.\n`,
  );
  process.exit(2);
}
// That stripping types is experimental in Node.js 24 tells whoever checks a log nothing; other warnings are shown.
const shown = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name === 'ExperimentalWarning') return;
  for (const show of shown) show.call(process, warning);
});
await import('./register.mjs');
const { runCommand } = await import('./command.ts');
process.exitCode = await runCommand(process.argv.slice(2));
