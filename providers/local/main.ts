import { main } from '@pulumi/pulumi/provider/index.js';
import packageJson from './package.json' with { type: 'json' };
import { endWithEngine } from './provider/end-with-engine.ts';
import { connectEngineLog } from './provider/engine-log.ts';
import { MeridianLocalProvider } from './provider/meridian-local-provider.ts';

const engineLog = connectEngineLog(process.argv.slice(2));
// Pulumi's server prints the stack of every failed call; the engine reports the error itself, once.
console.error = (...parts: readonly unknown[]) => engineLog.debug(parts.join(' '));

const provider = new MeridianLocalProvider({
  version: packageJson.version,
  environment: process.env,
  log: engineLog,
});
endWithEngine(provider);
await main(provider, process.argv.slice(2));
