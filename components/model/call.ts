import type { MethodName } from './contract.ts';
import type { AnyService } from './service.ts';

/** A permission and an address in one: the caller may call these methods and gets a client. */
export interface Call<Service extends AnyService = AnyService, Method extends string = string> {
  readonly kind: 'call';
  readonly service: Service;
  /** Method names as in TypeScript, such as 'listProducts'. */
  readonly methods: readonly Method[];
}

/**
 * Declares that the service it is given to calls these methods of another one; a method that the
 * contract lacks does not compile.
 */
export function call<
  Service extends AnyService,
  const Methods extends readonly [
    MethodName<Service['contract']>,
    ...MethodName<Service['contract']>[],
  ],
>(service: Service, ...methods: Methods): Call<Service, Methods[number]> {
  return { kind: 'call', service, methods };
}
