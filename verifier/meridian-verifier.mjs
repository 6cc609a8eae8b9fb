#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
import './register.mjs';

const { runCommand } = await import('./command.ts');
process.exitCode = await runCommand(process.argv.slice(2));
