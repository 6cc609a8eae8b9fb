import type { ListenAddress } from './configuration.ts';
import { ConfigurationError } from './configuration-error.ts';

/** What is said when an address cannot be listened on; the usual reason is that it is taken. */
export function cannotListen(
  what: string,
  { address, port }: ListenAddress,
  cause: Error,
): ConfigurationError {
  const reason = cause.message.includes('EADDRINUSE')
    ? 'is in use by another process'
    : `cannot be bound (${cause.message})`;
  return new ConfigurationError(
    'KIT_ADDRESS_IN_USE',
    `${what}: ${address}:${port} ${reason}; free it, or give another one in the service's configuration`,
    { cause },
  );
}
