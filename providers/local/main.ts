import { main } from '@pulumi/pulumi/provider/index.js';
import packageJson from './package.json' with { type: 'json' };
import { endWithEngine } from './provider/end-with-engine.ts';
import { connectEngineLog, engineAddressIn } from './provider/engine-log.ts';
import { forgetForeignVariables } from './provider/foreign-variables.ts';
import { MeridianLocalProvider } from './provider/meridian-local-provider.ts';

forgetForeignVariables(process.env);
const engineAddress = engineAddressIn(process.argv.slice(2));
const engineLog = connectEngineLog(engineAddress);
// Pulumi's server prints the stack of every failed call; the engine reports the error itself, once.
console.error = (...parts: readonly unknown[]) => engineLog.debug(parts.join(' '));

const provider = new MeridianLocalProvider({
  version: packageJson.version,
  environment: process.env,
  log: engineLog,
});
endWithEngine({ engineAddress, onEngineGone: () => provider.cancel() });
await main(provider, process.argv.slice(2));
