import { main } from '@pulumi/pulumi/provider/index.js';
import { endWithEngine } from '@meridian/provider-local/provider/end-with-engine.ts';
import { connectEngineLog, engineAddressIn } from '@meridian/provider-local/provider/engine-log.ts';
import { ClusterProvider } from './provider/cluster-provider.ts';

const engineAddress = engineAddressIn(process.argv.slice(2));
const engineLog = connectEngineLog(engineAddress);
// Pulumi's server prints the stack of every failed call; the engine reports the error itself, once.
console.error = (...parts: readonly unknown[]) => engineLog.debug(parts.join(' '));

endWithEngine({ engineAddress, onEngineGone: () => undefined });
await main(new ClusterProvider('0.1.0', engineLog), process.argv.slice(2));
