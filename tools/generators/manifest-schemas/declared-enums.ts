import type { Enums } from './built-in-schema.ts';

/**
 * The enumerations of Kubernetes' own kinds. The published OpenAPI documents leave them out; they are
 * in the Go code that a server makes its document from (pkg/generated/openapi).
 *
 * @param source text of zz_generated.openapi.go, as gofmt indents it
 */
export function declaredEnums(source: string): Enums {
  const enums: Record<string, Record<string, readonly string[]>> = {};
  let definition = '';
  let property = '';
  for (const line of source.split('\n')) {
    const started = /^func schema_k8sio_api_(\w+)_(v\w+?)_(\w+)\(/.exec(line);
    if (started) definition = `io.k8s.api.${started.slice(1).join('.')}`;
    else if (line.startsWith('func ')) definition = '';
    property = /^\t{5}"(\w+)": \{$/.exec(line)?.[1] ?? property;
    const values = /^\t+Enum:\s+\[\]interface\{\}\{(.*)\},$/.exec(line)?.[1];
    if (values === undefined || definition === '') continue;
    enums[definition] = { ...enums[definition], [property]: JSON.parse(`[${values}]`) as string[] };
  }
  return enums;
}
