import type { TextForm } from './text-form.ts';

/** A method of a contract: what is needed of its descriptor to name it. */
export interface NamedMethod {
  readonly name: string;
  readonly parent: { readonly typeName: string };
}

/** Full name of a method as telemetry has it. Source: OpenTelemetry, `rpc.method` for gRPC. */
export function methodName(method: NamedMethod): string {
  return `${method.parent.typeName}/${method.name}`;
}

/**
 * The path of a method on the wire, such as '/meridian.catalog.v1.CatalogService/ListProducts'.
 * Source: gRPC over HTTP/2, `Path → "/" Service-Name "/" {method name}`.
 */
export function methodPath(method: NamedMethod): string {
  return `/${methodName(method)}`;
}

/** The form of such a path; services have short names. */
export const METHOD_PATH: TextForm = {
  fits: /^\/[A-Za-z0-9_.]{1,200}\/[A-Za-z0-9_]{1,100}$/,
  allowed: 'the path of a method',
};

/** Stands for every method in an allow-list, and for every one without a rule of its own in rules. */
export const EVERY_METHOD = '*';
