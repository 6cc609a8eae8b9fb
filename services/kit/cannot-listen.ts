import type { ListenAddress } from '@meridian/language/service-configuration.ts';
import { CodedError } from '@meridian/language/coded-error.ts';

/** What is said when an address cannot be listened on; the usual reason is that it is taken. */
export function cannotListen(
  what: string,
  { address, port }: ListenAddress,
  cause: Error,
): CodedError {
  const reason = cause.message.includes('EADDRINUSE')
    ? 'is in use by another process'
    : `cannot be bound (${cause.message})`;
  return new CodedError(
    'KIT_ADDRESS_IN_USE',
    `${what}: ${address}:${port} ${reason}; free it, or give another one in the service's configuration`,
    { cause },
  );
}
